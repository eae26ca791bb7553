"""The control plan: what is written is read back, every fault is told with its line, and a pack is one piece."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as some

import sigmatool as st
from sigmatool.cli import main
from sigmatool.control_plan.control_plan import checked, read_control_plan
from sigmatool.control_plan.criteria import read_criteria
from sigmatool.control_plan.declared import duration
from sigmatool.control_plan.fields import Approval, Characteristic, DataSource, Plan, Reaction, Target
from sigmatool.control_plan.lines import line_of
from sigmatool.control_plan.writer import control_plan_toml
from sigmatool.errors import SettingsError
from sigmatool.ledger import faults, read_ledger
from sigmatool.review.pack import write_pack
from sigmatool.review.result import Review

OPTIONS = ("-y", "deaths", "-n", "births", "-x", "month", "--rollout", "1847-06", "--better", "lower")
HEAD = 'schema = "sigmatool.control-plan/1"\n'
SOUND = HEAD + '[[characteristic]]\nname = "wait"\nlimits = "w.toml"\n[characteristic.data]\nsource = "w.csv"\n'


def births() -> Review:
    return st.review(
        st.datasets.load("semmelweis"), value="deaths", size="births", time="month", rollout="1847-06", better="lower"
    )


texts = some.text(max_size=20)
plans = some.builds(
    Plan,
    plan=texts, owner=texts, team=some.lists(texts, max_size=2).map(tuple), revision=some.integers(1, 99),
    date=some.none() | some.dates(), review_again=some.none() | some.dates(),
    approval=some.lists(some.builds(Approval, name=texts, date=some.none() | some.dates()), max_size=2).map(tuple),
    characteristic=some.lists(
        some.builds(
            Characteristic,
            name=texts, sop=texts, data=some.builds(DataSource, source=texts, value=texts),
            specification=some.builds(Target, lsl=some.none() | some.floats(-1e9, 1e9)),
            reaction=some.lists(
                some.builds(Reaction, rules=some.lists(texts, max_size=3).map(tuple), do=texts), max_size=2
            ).map(tuple),
        ),
        min_size=1, max_size=2, unique_by=lambda c: c.name,
    ).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(plan=plans)
def test_a_plan_that_is_written_is_read_back(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(control_plan_toml(plan), encoding="utf-8")
    assert read_control_plan(path) == plan


# fmt: off
BROKEN = [
    ('schema = "x"\n[[characteristic]]\nname = "a"\n', 1, "schema must be"),
    (HEAD, 1, "characteristic is missing"),
    (HEAD + 'owner = 3\n[[characteristic]]\nname = "a"\n', 2, "owner must be text in quotes, not 3"),
    (HEAD + '\n\n[[characteristic]]\n# a note\nnmae = "a"\n', 6, "characteristic 1, nmae is not a field"),
    (
        HEAD + '[[characteristic]]\nname = "a"\n[[characteristic]]\nname = "a"\n',
        5,
        "characteristic 2, name 'a' is given",
    ),
    (HEAD + 'characteristic = "a"\n', 2, r"must be a table, written \[\[name\]\]"),
    (HEAD + 'stage = "later"\n[[characteristic]]\n', 2, "stage must be one of prototype, pre-launch"),
    (HEAD + 'date = "2026-11-26"\n[[characteristic]]\n', 2, "date must be a date without quotes"),
    (HEAD + "revision = true\n[[characteristic]]\n", 2, "revision must be a whole number"),
    (
        HEAD + "[[characteristic]]\n[characteristic.specification]\nusl = inf\n",
        4,
        "specification, usl must be a number",
    ),
    (
        HEAD
        + '[[characteristic]]\n[[characteristic.reaction]]\n[[characteristic.reaction]]\nrules = [\n  "a",\n  3,\n]\n',
        5,
        "characteristic 1, reaction 2, rules must be a list of texts",
    ),
    (
        HEAD + '[[characteristic]]\n[[characteristic.reaction]]\ndeadline = "soon"\n',
        4,
        "deadline must be a number with minutes, hours, days or weeks",
    ),
]
# fmt: on


@pytest.mark.parametrize(("text", "line", "told"), BROKEN)
def test_every_fault_names_file_line_and_field(text: str, line: int, told: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=rf"plan\.toml, line {line}: .*{told}"):
        read_control_plan(path)


def test_what_a_program_cannot_do_without_is_asked_for_only_when_it_runs(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(SOUND)
    assert not checked(path, to_run=True)[1]
    path.write_text(HEAD + '[[characteristic]]\nname = "wait"\nlimits = ""\n')
    assert not checked(path)[1]
    assert checked(path, to_run=True)[1] == (
        "plan.toml, line 2: characteristic 1, data, source is empty, and the plan cannot run without it: fill it in.",
        "plan.toml, line 4: characteristic 1, limits is empty, and the plan cannot run without it: fill it in.",
    )


def test_a_line_is_found_behind_values_of_many_lines_and_odd_keys() -> None:
    text = 'a = """\nb = 1\n"""\nb = 2\n"c d" = 3\n[t]\ne = [\n 1,\n 2,\n]\nf = 1\n'
    places = ([["a"], 1], [["b"], 4], [["c d"], 5], [["t", "e"], 7], [["t", "f"], 11], [["t", "missing"], 6])
    assert [line_of(text, place) for place, _ in places] == [line for _, line in places]


def test_a_duration_is_a_number_and_a_unit() -> None:
    assert duration("1 week") == dt.timedelta(days=7)
    assert [duration(t) for t in ("", "4", "four hours", "-1 days", "0 days", "4 fortnights", "9" * 30 + " days")] == [
        None
    ] * 7


def test_the_command_tells_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(SOUND)
    done = CliRunner().invoke(main, ["control-plan", "check", str(path)])
    assert done.exit_code == 0
    assert "Still to be filled in: plan, owner, wait.measurement" in done.output
    path.write_text(SOUND + "size = 3\ntime = 4\n")
    done = CliRunner().invoke(main, ["control-plan", "check", str(path)])
    assert done.exit_code == 2
    assert [line.split(",")[1].split(":")[0].strip() for line in done.output.splitlines()] == ["line 7", "line 8"]


def test_a_pack_holds_the_report_the_plan_the_limits_and_the_criteria(tmp_path: Path) -> None:
    made = write_pack(births(), tmp_path / "pack", by="A. Okoro", at=dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    assert all(path.is_file() for path in made)
    plan, faults_ = checked(tmp_path / "pack/control-plan.toml")
    assert not faults_
    (watched,) = plan.characteristic
    stage = births().charts[0].stages[-1]
    (entry,) = read_ledger(tmp_path / "pack" / watched.limits)
    assert (entry.center, entry.sigma, entry.by) == (stage.center, stage.sigma, "A. Okoro")
    assert entry.reason == "after the rollout 1847-06: IMPROVED_STABLE"
    assert not faults([entry])
    assert (watched.data.value, watched.data.size, watched.data.time) == ("deaths", "births", "month")
    assert {rule for reaction in watched.reaction for rule in reaction.rules} == set(entry.rules)
    assert plan.review_again == dt.date(1850, 11, 1)
    assert read_criteria(tmp_path / "pack/exit-criteria.toml").review == "review.json"
    with pytest.raises(SettingsError, match="may hold people's work"):
        write_pack(births(), tmp_path / "pack", by="B")


def test_a_pack_of_a_verdict_without_a_gain_or_of_an_unstable_stage_says_so(tmp_path: Path) -> None:
    calm = st.review([5.0, 5.2, 4.9, 5.1, 5.0, 4.8] * 6, rollout="19", better="lower", worthwhile=1)
    assert [p.name for p in write_pack(calm, tmp_path / "a", by="A")] == ["README.md", "review.html", "review.json"]
    rng = np.random.default_rng(4)
    steps = np.r_[rng.normal(20, 1, 40), rng.normal(14, 1, 15), rng.normal(10, 1, 15)]
    uneven = st.review(steps, rollout="41", better="lower", worthwhile=1)
    assert uneven.verdict == "IMPROVED_NOT_STABLE"
    made = [path.name for path in write_pack(uneven, tmp_path / "b", by="A")]
    assert made == ["README.md", "review.html", "review.json", "control-plan.toml", "exit-criteria.toml"]
    assert "No limits were frozen" in (tmp_path / "b/README.md").read_text()
    assert read_control_plan(tmp_path / "b/control-plan.toml").characteristic[0].limits == ""


def test_the_way_to_the_data_is_from_the_folder_of_the_plan(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main,
        ["review", "datasets/semmelweis.csv", *OPTIONS, "--quiet", "--pack", str(tmp_path / "x/y"), "--by", "A"],
    )
    assert done.exit_code == 0
    held = tomllib.loads((tmp_path / "x/y/control-plan.toml").read_text())
    source = held["characteristic"][0]["data"]["source"]
    assert (tmp_path / "x/y" / source).resolve() == Path("datasets/semmelweis.csv").resolve()


def test_the_report_prints_the_file_that_the_monitor_runs(tmp_path: Path) -> None:
    write_pack(births(), tmp_path, by="A. Okoro")
    plan = tmp_path / "control-plan.toml"
    plan.write_text(
        plan.read_text().replace('owner = ""', 'owner = "Sister <b>Klara</b>"', 1).replace('do = ""', 'do = "Wash"')
    )
    told = st.review(
        st.datasets.load("semmelweis"), value="deaths", size="births", time="month", rollout="1847-06", better="lower",
        control_plan=plan,
    )  # fmt: skip
    page = told.save(tmp_path / "signed.html").read_text()
    assert "the file that the monitor runs" in page
    assert "Sister &lt;b&gt;Klara&lt;/b&gt;" in page
    assert told.to_dict()["control_plan"]["characteristic"][0]["reaction"][0]["do"] == "Wash"
    assert told.verdict == births().verdict
    plan.write_text(plan.read_text().replace("revision = 1", "revision = 0"))
    with pytest.raises(SettingsError, match=r"control-plan.toml, line \d+: revision"):
        st.review(st.datasets.load("nile"), value="flow", rollout="29", better="lower", control_plan=plan)
