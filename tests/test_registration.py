"""Registered plans: sealed, read with care, followed by a review, and every departure told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as some

import sigmatool as st
from sigmatool.axis import in_order
from sigmatool.cli import main
from sigmatool.documents import read_toml
from sigmatool.registration import MOST_BLOCKS, baseline_fingerprint, read_registration
from sigmatool.render.html import html
from sigmatool.render.text import text

CENTRE = st.datasets.load("contact_centre")
ASKED: dict[str, Any] = {
    "value": "aht_s", "time": "day", "rollout": "2026-09-01", "better": "lower", "washout": 7, "worthwhile": 10,
    "control": "aht_other_team", "guards": ["quality:higher:1"], "rules": "1", "review_points": 20, "exclude": "5",
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return registered(tmp_path)


def registered(folder: Path, data: Any = None, **options: Any) -> Path:
    path = folder / "plan.toml"
    made = st.plan(CENTRE.head(60) if data is None else data, **(ASKED | options))
    st.register_plan(made, path, by="A. Okoro", at=dt.datetime(2026, 8, 31, 9, 30, tzinfo=dt.UTC))
    return path


def due(data: Any = None) -> Any:
    """The table when the planned review is due."""
    return (CENTRE if data is None else data).head(60 + 7 + 20)


def codes(r: Any) -> list[str]:
    return [d.code for d in r.plan.departures]


def test_a_plan_is_enough_for_a_review_and_none_is_said(file: Path) -> None:
    r = st.review(due(), plan=file)
    assert r.plan.departures == ()
    assert r.verdict.startswith("IMPROVED")
    assert (r.settings["washout"], r.settings["guard"], r.settings["exclude"]) == (7, ["quality:higher:1"], "5")
    same = {k: v for k, v in ASKED.items() if k not in ("rules", "review_points")}
    plain = st.review(due(), **same)
    assert (plain.verdict, plain.effect) == (r.verdict, r.effect)
    held = r.to_dict()["plan"]
    assert held == {
        "file": str(file), "sha256": read_registration(file).sha256, "by": "A. Okoro",
        "at": "2026-08-31T09:30:00+00:00", "departures": [],
    }  # fmt: skip
    assert "with no departure" in r.report_card[0].result
    told = text(r.document())
    assert "departures: none" in " ".join(told.split())
    assert "plan-departures" not in {c.code for c in r.caveats}
    assert plain.to_dict()["plan"] is None


DEPARTURES: dict[str, tuple[dict[str, Any], str, str]] = {
    "worthwhile": ({"worthwhile": 12}, "option", "worthwhile is 12, registered was 10"),
    "washout of none": ({"washout": 0}, "option", "washout is 0, registered was 7"),
    "season": ({"season": 7}, "option", "season is 7, registered was left out"),
    "direction": ({"better": "higher"}, "option", "better is higher, registered was lower"),
    "scale": ({"scale": "duration"}, "option", "scale is duration"),
    "specification": ({"usl": 400.0}, "option", "usl is 400.0, registered was left out"),
    "secondary metric": ({"metrics": ["quality:higher"]}, "option", "metric is quality:higher"),
    "looks": ({"looks": "10,20"}, "option", "looks is 10,20"),
    "rollout": ({"rollout": "2026-09-03"}, "rollout", "2026-09-03, planned for 2026-09-01"),
    "guards": ({"guards": ["quality:higher:2"]}, "guards", "left out: quality:higher:1; added: quality:higher:2"),
    "exclusions": ({"exclude": "5,80,81"}, "exclusions", "2 points excluded after the plan was registered: 2026-09-20"),
    "exclusions undone": ({"exclude": "6"}, "exclusions", "1 point judged that the plan excludes: 2026-07-07"),
}


@pytest.mark.parametrize("name", DEPARTURES)
def test_every_departure_is_told(file: Path, name: str) -> None:
    options, code, words = DEPARTURES[name]
    r = st.review(due(), plan=file, **options)
    assert any(d.code == code and words in d.text for d in r.plan.departures), r.plan
    (caveat,) = [c for c in r.caveats if c.code == "plan-departures"]
    assert words in caveat.text
    assert words in r.report_card[0].result
    assert r.report_card[0].tone == "open"
    page = html(r.document()).replace("&#39;", "'")
    assert page.count(words) >= 3
    assert [d["code"] for d in json.loads(r.to_json())["plan"]["departures"]] == codes(r)


def test_the_same_moment_in_other_words_is_no_departure(file: Path) -> None:
    r = st.review(due(), plan=file, rollout="2026-09-01=Knowledge base", worthwhile="10.0", control=["aht_other_team"])
    assert r.plan.departures == ()


def test_points_and_looks_nobody_planned(tmp_path: Path, file: Path) -> None:
    early, late = st.review(CENTRE.head(80), plan=file), st.review(CENTRE, plan=file)
    assert early.plan.departures[0].text == "judged with 13 points after the rollout, 7 fewer than the 20 planned"
    assert late.plan.departures[0].text == "judged with 53 points after the rollout, 33 more than the 20 planned"
    (tmp_path / "looks").mkdir()
    looks = registered(tmp_path / "looks", looks="10,20,40", review_points=None)
    assert st.review(due(), plan=looks).plan.departures == ()
    assert codes(st.review(CENTRE.head(82), plan=looks)) == ["look"]
    assert codes(st.review(due(), plan=looks, looks="any")) == ["option"]


def test_a_changed_baseline_is_found_and_named(file: Path) -> None:
    data = due().copy()
    data.loc[12, "aht_s"] += 0.1
    r = st.review(data, plan=file)
    assert codes(r) == ["baseline"]
    assert "changed at 2026-07-15 (of 60" in r.plan.departures[0].text
    other = due().copy()
    other.loc[3, "aht_other_team"] += 1
    assert codes(st.review(other, plan=file)) == ["baseline"]
    fewer = due().drop(index=[0, 1]).reset_index(drop=True)
    assert "baseline" in codes(st.review(fewer, plan=file))
    shuffled = due().sample(frac=1, random_state=1)
    assert st.review(shuffled, plan=file).plan.departures == ()
    later = due().copy()
    later.loc[70, "aht_s"] += 1
    assert st.review(later, plan=file).plan.departures == ()


def test_a_plan_made_late_or_by_another_version_is_told(tmp_path: Path) -> None:
    late = registered(tmp_path, CENTRE.head(75))
    assert codes(st.review(due(), plan=late)) == ["late"]
    assert "15 points after the rollout were there already" in st.review(due(), plan=late).plan.departures[0].text
    held = read_registration(late)
    rewrite(late, version="0.0.9")
    assert codes(st.review(due(), plan=late)) == ["late", "version"]
    assert held.seen_after == 15


def rewrite(path: Path, reseal: bool = True, **changes: Any) -> None:
    """Change a plan as someone would who knows how the seal is made; or who does not."""
    from sigmatool.sealed import digest

    held = read_toml(path)
    held["plan"] |= changes
    if reseal:
        held["plan"]["sha256"] = digest(held["plan"])
    path.write_text(tomli_w.dumps(held))


@pytest.mark.parametrize(
    "change", [{"worthwhile": "5"}, {"by": "Somebody"}, {"review_points": 21}, {"guards": []}, {"seen_after": 1}]
)
def test_a_changed_plan_is_refused(file: Path, change: dict[str, Any]) -> None:
    rewrite(file, reseal=False, **change)
    with pytest.raises(st.DataError, match="changed after it was registered"):
        st.review(due(), plan=file)


HOSTILE = {
    "no plan": ('schema = "sigmatool.registration/1"\n', "not a registered plan"),
    "a ledger": ('schema = "sigmatool.limits/1"\n[plan]\n', "not a registered plan"),
    "empty": ("", "not a registered plan"),
    "no toml": ("plan = [", "not valid TOML"),
    "a list": ('schema = "sigmatool.registration/1"\nplan = [1]\n', "not a registered plan"),
    "nothing in it": ('schema = "sigmatool.registration/1"\n[plan]\n', "is missing"),
    "unknown field": ('schema = "sigmatool.registration/1"\n[plan]\ncolour = "red"\n', "colour"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(HOSTILE[name][0])
    with pytest.raises(st.SettingsError, match=HOSTILE[name][1]):
        st.review(due(), plan=path)


@pytest.mark.parametrize(
    "change",
    [
        {"power": float("nan")}, {"power": True}, {"washout": "7"}, {"washout": 7.5}, {"guards": [1]}, {"guards": "a"},
        {"control": {"a": 1}}, {"by": 3}, {"rollout": dt.date(2026, 9, 1)}, {"triggered_by_bad_results": 1},
    ],
)  # fmt: skip
def test_a_field_of_the_wrong_kind_is_refused(file: Path, change: dict[str, Any]) -> None:
    rewrite(file, reseal=False, **change)
    with pytest.raises(st.SettingsError, match=next(iter(change))):
        st.review(due(), plan=file)


def test_a_sealed_plan_with_nonsense_inside_is_refused_by_its_setting(file: Path) -> None:
    rewrite(file, better="sideways")
    with pytest.raises(st.SettingsError, match="sideways"):
        st.review(due(), plan=file)
    rewrite(file, better="lower", guards=["quality"])
    with pytest.raises(st.SettingsError, match="quality"):
        st.review(due(), plan=file)


def test_a_registered_plan_is_never_written_over(file: Path) -> None:
    before = file.read_bytes()
    made = st.plan(CENTRE.head(60), **ASKED)
    with pytest.raises(st.SettingsError, match="never written over"):
        st.register_plan(made, file, by="B")
    assert file.read_bytes() == before
    with pytest.raises(st.SettingsError, match="by a named person"):
        st.register_plan(made, file.with_name("new.toml"), by=" ")
    with pytest.raises(st.SettingsError, match=r"\.toml file"):
        st.register_plan(made, file.with_name("new.json"), by="B")
    with pytest.raises(st.SettingsError, match="name its planned moment"):
        st.register_plan(st.plan(CENTRE.head(60), **(ASKED | {"rollout": None})), file.with_name("new.toml"), by="B")
    assert [p.name for p in file.parent.iterdir()] == [file.name]


def test_what_strangers_wrote_is_made_safe(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    st.register_plan(st.plan(CENTRE.head(60), **ASKED), path, by="\x1b[31mMallory <script>")
    r = st.review(CENTRE.head(80), plan=path)
    assert "\x1b" not in text(r.document())
    assert "<script>Mall" not in html(r.document())
    assert "Mallory <script>" not in html(r.document())


@settings(max_examples=30, deadline=None)
@given(values=some.lists(some.floats(-1e6, 1e6), min_size=2, max_size=200), at=some.integers(0, 10**6))
def test_the_fingerprint_sees_every_value_and_nothing_later(values: list[float], at: int) -> None:
    axis = in_order("point", [str(i + 1) for i in range(len(values) + 3)])
    y = np.array([*values, 1.0, 2.0, 3.0])
    stop = len(values)
    one = baseline_fingerprint(axis, [y], stop)
    other = y.copy()
    other[stop:] += 1
    assert baseline_fingerprint(axis, [other], stop) == one
    assert len(one.parts) <= MOST_BLOCKS
    place = at % stop
    other[place] += 1.0
    found = baseline_fingerprint(axis, [other], stop)
    assert found.sha256 != one.sha256
    changed = [i for i, (a, b) in enumerate(zip(found.parts, one.parts, strict=True)) if a != b]
    assert changed == [place // one.size]


def test_subgroups_and_counts_are_registered_too(tmp_path: Path) -> None:
    fills = st.datasets.load("filling")
    p = st.plan(fills.head(200), value="fill_ml", subgroup="sample", better="target", target=500, worthwhile=0.5,
                rollout="41", rules="1")  # fmt: skip
    path = tmp_path / "fills.toml"
    st.register_plan(p, path, by="A")
    assert {d.code for d in st.review(fills, plan=path).plan.departures} <= {"points"}
    births = st.datasets.load("semmelweis")
    q = st.plan(births.head(60), value="deaths", size="births", time="month", better="lower", worthwhile="30%",
                rollout="1847-06", rules="1", looks="8,16,22")  # fmt: skip
    st.register_plan(q, tmp_path / "births.toml", by="A")
    r = st.review(births, plan=tmp_path / "births.toml")
    assert r.plan.departures == ()
    assert r.looks.text == "8,16,22"


def run(*args: str) -> Any:
    return CliRunner().invoke(main, list(args))


def test_from_the_command_line(tmp_path: Path) -> None:
    baseline, whole = tmp_path / "baseline.csv", tmp_path / "whole.csv"
    CENTRE.head(60).to_csv(baseline, index=False)
    due().to_csv(whole, index=False)
    plan = str(tmp_path / "plan.toml")
    words = ["plan", str(baseline), "-y", "aht_s", "-x", "day", "--rollout", "2026-09-01", "--better", "lower",
             "--washout", "7", "--worthwhile", "10", "--control", "aht_other_team", "--rules", "1",
             "--review-points", "20"]  # fmt: skip
    refused = run(*words, "--register", plan, "--quiet")
    assert refused.exit_code == 2
    assert not Path(plan).exists()
    done = run(*words, "--register", plan, "--by", "A. Okoro")
    assert done.exit_code == 0, done.output
    assert "registered" in done.stderr
    found = json.loads(run("review", str(whole), "--plan", plan, "--json").stdout)
    assert found["plan"]["departures"] == []
    assert f"--plan {plan}" in found["provenance"]["command"]
    other = json.loads(run("review", str(whole), "--plan", plan, "--washout", "0", "--json").stdout)
    assert "option" in [d["code"] for d in other["plan"]["departures"]]
    assert run("review", str(whole), "-y", "aht_s").exit_code == 2
    Path(plan).write_text(Path(plan).read_text().replace("power = 0.8", "power = 0.7"))
    spoilt = run("review", str(whole), "--plan", plan)
    assert spoilt.exit_code == 3
    assert len(spoilt.stderr.strip().splitlines()) == 1


def test_a_table_of_excluded_points_with_reasons(file: Path) -> None:
    r = st.review(due(), plan=file, exclude={"5": "strike", "2026-09-20": "outage"})
    assert codes(r) == ["points", "exclusions"]
