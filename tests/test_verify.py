"""A report is held against its data: every verb comes out again, every edit is found, and no command of a stranger's
report does more than an analysis."""

from __future__ import annotations

import copy
import json
import os
import re
import shlex
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st_

import sigmatool as st
from conftest import ROOT
from sigmatool.cli import main
from sigmatool.cli.again import ANALYSES, parted, recorded
from sigmatool.cli.verifying import verify
from sigmatool.errors import DataError, SettingsError
from sigmatool.plans.register import register_plan
from sigmatool.render.html import html
from sigmatool.result import VERSION
from sigmatool.verification.differences import compared
from sigmatool.verification.result import Verification
from test_page_numbers import missing, rated
from waste_cases import losses, shifts

SEMMELWEIS = "datasets/semmelweis.csv -y deaths -n births -x month"
NILE = "datasets/nile.csv -y flow -x year"
FILLS = "datasets/filling.csv -y fill_ml -g sample"
TICKETS = "datasets/tickets.csv --start opened --end closed"
CLINICS = "datasets/clinics.csv -y wait_days -x month"
OPS = "ops.csv -y wait -x month --rollout 2023-01"

COMMANDS = {
    "inspect": "inspect datasets/semmelweis.csv",
    "inspect, a column": f"inspect {SEMMELWEIS}",
    "inspect, a sheet": "inspect book.xlsx --sheet 'line 2' -y fill_ml -g sample",
    "chart": f"chart {SEMMELWEIS} --rollout '1847-06=washed hands'",
    "chart, a kind chosen": f"chart {NILE}",
    "chart, two rollouts": f"chart {NILE} --rollout 1899=Aswan --rollout 1920",
    "chart, stages": f"chart {OPS.partition(' --')[0]} --stage phase",
    "chart, settings of a kind": f"chart {NILE} --kind 'ewma(weight=0.1)' --center 900 --sigma 120",
    "chart, every choice": f"chart {NILE} --sigma median-moving-range --nsigma 2.5 --rules 1,2,5 --baseline 5..40",
    "chart, exclusions": f"chart {NILE} --exclude 1875,3,10-12 --title \"The Nile's flow\"",
    "chart, reasons": f"chart {NILE} --exclude out.csv",
    "chart, events": f"chart {SEMMELWEIS} --events events.csv --kind p",
    "chart, frozen limits": f"chart {FILLS} --limits frozen.toml",
    "chart, a rule file": f"chart {NILE} --rules own.toml",
    "chart, short runs": "chart ops.csv -y wait --kind z-mr --part phase",
    "chart, rare": "chart ops.csv -y rare --kind g",
    "chart, several": "chart ops.csv -y wait -y other --kind t2",
    "chart, run": f"chart {NILE} --kind run",
    "chart, numbers in words": f"chart {NILE} --limits '{{\"center\": 900, \"sigma\": 120}}'",
    "chart of a workbook": "chart book.xlsx --sheet 'line 2' -y fill_ml -g 5 --kind xbar-s",
    "chart of a database": "chart sqlite:///ops.db --query \"SELECT month, wait FROM ops WHERE wait > 0;\" -y wait",
    "capability": f"capability {FILLS} --lsl 495 --usl 505 --target 500",
    "capability, a boundary": "capability datasets/filling.csv -y fill_ml --lsl 0 --usl 505 --boundary lsl "
    "--confidence 0.9",
    "capability, frozen": f"capability {FILLS} --lsl 495 --usl 505 --limits frozen.toml --sigma rbar --exclude out.csv",
    "capability, a law": f"capability {OPS.partition(' --')[0]} --usl 70 --distribution lognormal --sigma 2.9",
    "capability of defectives": "capability datasets/semmelweis.csv -y deaths -n births --target 0.05 --shift 1.5",
    "capability of defects": "capability ops.csv -y ev -n n --attribute poisson --opportunities 3 --exclude out.csv",
    "capability-each": "capability-each datasets/filling.csv --specification spec.csv -x sample --rollout 41",
    "capability-each, wanted": "capability-each datasets/filling.csv --specification spec.csv --wanted 1.5 "
    "--exclude 3,4",
    "compare, frozen": f"compare {FILLS} --rollout 41 --limits frozen.toml",
    "review, a plan": f"review {NILE} --plan plan.toml",
    "review, a control plan": f"review {FILLS} --rollout 41 --better higher --control-plan control.toml",
    "review, frozen": f"review {FILLS} --rollout 41 --better higher --limits frozen.toml",
    "compare": f"compare {NILE} --rollout 1899=Aswan --better lower --worthwhile 10%",
    "compare, limits": f"compare {FILLS} --rollout 41 --lsl 495 --usl 505 --confidence 0.9",
    "compare, groups": "compare datasets/clinics.csv -y wait_days --group clinic",
    "compare, pairs": "compare pairs.csv -y wait --group side --paired pair --worthwhile 2",
    "compare, exclusions": f"compare {SEMMELWEIS} --rollout 1847-06 --exclude out.csv",
    "review": f"review {SEMMELWEIS} --rollout 1847-06 --better lower",
    "review, an amount": f"review {OPS} --better lower --worthwhile 2 --season month --control other --usl 60",
    "review, wash-out": f"review {NILE} --rollout 1899=Aswan --better lower --washout 3 --worthwhile 5% "
    "--exclude out.csv",
    "review, a target": f"review {FILLS} --rollout 41 --better target --target 500 --lsl 495 --usl 505",
    "review, two rollouts": f"review {NILE} --rollout 1899 --rollout 1920=x --better lower --scale duration",
    "review, guards": "review ops.csv -y ev -n n -x month --rollout 2023-01 --better lower --guard wait:lower:2 "
    "--metric other:lower:3% --control c2 --control-size n",
    "review, a trigger": "review ops.csv -y ev -x month --scale rate --rollout 2023-01 --better lower --merge 3 "
    "--triggered-by-bad-results --worthwhile 10%",
    "review, a gauge": f"review {OPS} --better lower --gauge gauge.toml --gauge-changed --money 12.5 --per item "
    "--volume 40 --currency kr --project-cost 9000 --usl 60",
    "review, a gauge in words": f"review {OPS} --better lower --gauge '{{\"sd\": 0.4, \"linearity\": 0.1}}'",
    "review, adoption": "review ops.csv -y ev -n n -x month --rollout 2023-01 --better lower --adoption done "
    "--adoption-size n --adoption-by phase2 --money 30",
    "review, looks": f"review {OPS} --better lower --looks any",
    "review-each": f"review-each {CLINICS} --by clinic --rollout 2025-07 --better lower",
    "review-each, own rollouts": f"review-each {CLINICS} --by clinic --rollout live_from --better lower --washout 1",
    "review-waves": f"review-waves {CLINICS} --site clinic --rollout live_from --better lower --worthwhile 2",
    "screen": f"screen {CLINICS} --stream clinic --rollout live_from --better lower --worthwhile 2 --washout 1",
    "screen, every choice": "screen ops.csv -y wait -x month --stream phase --lsl 30 --usl 70 --target 50 --wanted 1 "
    "--rules 1,2 --nsigma 2.5 --kind i-mr --streams own.csv",
    "screen, subgroups": "screen ops.csv -y wait --stream phase -g 5 --kind xbar-r",
    "screen, counts": "screen ops.csv -y ev -n n -x month --stream phase --kind u --rollout 2023-01 --better lower "
    "--scale rate --season month",
    "screen, one stream": f"screen {CLINICS} --stream clinic --drill Ashby",
    "lean pareto": "lean pareto lost.csv --category cause --count n --cost money --time month --rollout 2023-01=sealer "
    "--top 3 --least-share 0.01 --confidence 0.9",
    "lean pareto, a table of costs": "lean pareto lost.csv --category cause --count n --cost cost.toml --stage phase "
    "--exposure hours",
    "lean pareto, costs in words": "lean pareto lost.csv --category cause --cost '{\"seal\": 2, "
    "\"cap\": 1, \"label\": 5, \"dirt\": 0}'",
    "lean yield": "lean yield lost.csv --step cause --units in --defects n --rework redone --scrap "
    "gone --opportunities 9 --time month --rollout 2023-01 --shift 1.5 --confidence 0.9",
    "lean yield, stages": "lean yield lost.csv --step cause --units in --rework redone --stage phase",
    "lean oee": "lean oee shifts.csv --planned planned --downtime setup --downtime failure "
    "--ideal-cycle 1.2 --units made --bad bad --demand wanted --time day --rollout 2026-01-20 --confidence 0.9",
    "lean oee, stages": "lean oee shifts.csv --planned planned --downtime setup --ideal-cycle cycle "
    "--units made --good good --stage phase",
    "lean flow": f"lean flow {TICKETS} --item ticket --touch touch_h --touch-unit hours --as-of 2026-06-30 --rollout "
    "2026-04-01=triage --by exposure --demand 25 --available 37.5h",
    "lean flow, a window": f"lean flow {TICKETS} --since 2026-02-01 --per day --confidence 0.9",
    "lean capacity": "lean capacity datasets/service_desk.csv --arrivals tickets --handling handling_min --handling-sd "
    "handling_sd_min --staff people --unit minutes --hours 40 -x week --project project_h --goal '80% in 5min' "
    "--arrivals-scv 0.9 --confidence 0.9 --exclude out.csv --allocation datasets/service_desk_hours.csv",
    "lean capacity, of teams": "lean capacity datasets/service_desk.csv --arrivals tickets --handling handling_min "
    "--staff people --unit minutes --hours 40 --project 10% --allocation teams.csv --allocation-unit team",
    "msa gage-rr": "msa gage-rr datasets/gage.csv -y y --part part --operator operator --tolerance 8 --alpha 0.25 "
    "--multiplier 5.15 --confidence 0.9 --method anova",
    "msa gage-rr, limits": "msa gage-rr datasets/gage.csv -y y --part part --operator operator --lsl -4 --usl 4 "
    "--design nested",
    "msa gage-rr, factors": "msa gage-rr datasets/gage.csv -y y --part part --operator operator --fixed trial",
    "msa gage-rr, machines": "msa gage-rr datasets/gage.csv -y y --part part --operator operator --factors trial",
    "msa type1": "msa type1 datasets/filling.csv -y fill_ml --reference 500 --lsl 470 --usl 530 --convention vda "
    "--resolution 0.1 --confidence 0.9",
    "msa type1, a width": "msa type1 datasets/filling.csv -y fill_ml --reference 500 --tolerance 60",
    "msa bias": "msa bias rated.csv -y y --reference ref --part step --process 20 --confidence 0.9",
    "msa linearity": "msa linearity rated.csv -y y --reference ref --part step --process 20 --confidence 0.9",
    "msa stability": f"msa stability {FILLS} --reference 500 --kind xbar-s --rules 1,2 --exclude out.csv "
    "--confidence 0.9",
    "msa stability, over time": "msa stability ops.csv -y wait -x month",
    "msa agreement": "msa agreement rated.csv -y grade --part part --operator who --standard truth --order 1,2,3 "
    "--good 1 --confidence 0.9",
    "msa icc": "msa icc rated.csv -y y --part part --operator who --confidence 0.9",
    "tolerance": "tolerance datasets/filling.csv -y fill_ml --sides lower --coverage 0.9 --exclude out.csv",
    "tolerance of counts": "tolerance datasets/semmelweis.csv -y deaths -n births --method binomial --next-size 500",
}  # fmt: skip
"""One command or more of every verb that only states, with every option that it has (asserted below)."""


def operations() -> pd.DataFrame:
    """Sixty months of made-up operations."""
    rng, n = np.random.default_rng(3), 60
    return pd.DataFrame(
        {
            "month": pd.date_range("2020-01-01", periods=n, freq="MS").strftime("%Y-%m"),
            "phase": np.repeat(["a", "b", "c"], 20), "wait": rng.normal(50, 3, n) - 5 * (np.arange(n) >= 36),
            "other": rng.normal(40, 3, n), "ev": rng.poisson(5, n), "n": 100, "c2": rng.poisson(6, n),
            "rare": rng.geometric(0.01, n), "done": np.where(np.arange(n) >= 36, 40 + np.arange(n) % 7, 0),
            "phase2": np.tile(["x", "y", "z"], 20), "n2": np.tile([40, 50, 60], n // 3),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the commands name."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "datasets").mkdir()
    for name in ("clinics", "filling", "gage", "nile", "semmelweis", "service_desk", "service_desk_hours", "tickets"):
        (folder / "datasets" / f"{name}.csv").write_bytes((ROOT / "datasets" / f"{name}.csv").read_bytes())
    operations().to_csv(folder / "ops.csv", index=False)
    both = np.random.default_rng(5).normal(50, 3, 40)
    pairs = pd.DataFrame({"pair": np.tile(range(20), 2), "side": np.repeat(["l", "r"], 20), "wait": both})
    pairs.to_csv(folder / "pairs.csv", index=False)
    st.datasets.load("filling").to_excel(folder / "book.xlsx", sheet_name="line 2", index=False)
    rated().assign(step=lambda t: "s" + t["truth"].astype(str)).to_csv(folder / "rated.csv", index=False)
    (folder / "out.csv").write_text("point,reason\n3,power cut\n17-18,audit\n")
    (folder / "events.csv").write_text("when,what\n1845-01,new ward\n")
    (folder / "own.csv").write_text("phase,lsl,rollout\na,25,\nb,,2021-12\n")
    losses().to_csv(folder / "lost.csv", index=False)
    shifts().to_csv(folder / "shifts.csv", index=False)
    (folder / "cost.toml").write_text("seal = 2.5\ncap = 1\nlabel = 5\ndirt = 0\n")
    (folder / "spec.csv").write_text("characteristic,lsl,usl\nfill_ml,495,505\n")
    (folder / "frozen.toml").write_text("center = 500.0\nsigma = 1.5\n")
    past = st.datasets.load("nile").head(28)
    (folder / "gauge.toml").write_text("sd = 0.8\nsd_high = 1.2\nreproducibility = 0.5\nbias_sd = 0.1\n")
    planned = st.plan(past, value="flow", time="year", better="lower", worthwhile="100", rollout=1899)
    register_plan(planned, folder / "plan.toml", by="A. Okoro")
    (folder / "control.toml").write_text(
        'schema = "sigmatool.control-plan/1"\n[[characteristic]]\nname = "fill_ml"\nlimits = "w.toml"\n'
        '[characteristic.data]\nsource = "w.csv"\n'
    )
    (folder / "own.toml").write_text('name = "own"\ninclude = ["nelson-1", "nelson-2"]\n')
    (folder / "teams.csv").write_text("team,period,available,operations,crm\nA,1,100,80,30\nB,1,100,80,10\n")
    with sqlite3.connect(folder / "ops.db") as base:
        operations()[["month", "wait"]].to_sql("ops", base, index=False)
    base.close()
    return folder


@pytest.fixture(autouse=True)
def at_the_desk(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)


def made(command: str, *names: str, folder: Path) -> list[Path]:
    """Reports that a command writes."""
    files = [folder / name for name in names]
    outs = [word for file in files for word in ("-o", str(file))]
    done = CliRunner().invoke(main, [*shlex.split(command), *outs, "--quiet"])
    assert done.exit_code == 0, done.output
    return files


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_made_follows_from_its_data(name: str, tmp_path: Path) -> None:
    file, page = made(COMMANDS[name], "r.json", "r.html", folder=tmp_path)
    for saved in (file, page):
        found = verify(saved)
        assert found.agrees, [(d.path, d.was, d.now) for d in found.differences[:3]]
        assert [h.state for h in found.hashes] == ["same", "same"]
        assert found.compared > 20


def test_the_commands_above_use_every_verb_and_option() -> None:
    used: dict[str, set[str]] = {verb: set() for verb in ANALYSES}
    for command in COMMANDS.values():
        verb, words = parted(shlex.split(command))
        with ANALYSES[verb].make_context(verb, list(words), resilient_parsing=True) as context:
            source = context.get_parameter_source
            given = {p.name for p in ANALYSES[verb].params if source(str(p.name)) == source("data")}
        used[verb] |= {str(name) for name in given}
    delivery = {
        "out",
        "as_json",
        "title",
        "quiet",
        "fail_on",
        "settings",
        "sheet",
        "query",
        "paper",
        "locale",
        "workers",
    }
    for verb, names in used.items():
        every = {str(p.name) for p in ANALYSES[verb].params} - delivery
        assert every - names <= LEFT.get(verb, set()), verb


LEFT = {
    "inspect": set(),
    "chart": {"nominal", "size"},
    "capability-each": {"limits", "value", "stage", "subgroup", "sigma", "distribution", "confidence"},
    "compare": {"stage", "target", "scale"},
    "review": {"subgroup", "pack", "by"},
    "review-each": {
        "size",
        "subgroup",
        "scale",
        "worthwhile",
        "season",
        "control",
        "control_size",
        "target",
        "exclude",
    },
    "review-waves": {"size", "adoption", "scale", "washout"},
    "screen": {"engine", "master", "memory_limit", "resume", "tables"},
    "tolerance": {"time", "confidence"},
}
"""Options that are handed on as those of another verb are."""


@pytest.mark.parametrize("suffix", [".md", ".xlsx", ".html"])
@pytest.mark.parametrize("locale", ["", "de"])
def test_pages_of_other_kinds_and_places_follow_too(suffix: str, locale: str, tmp_path: Path) -> None:
    place = f" --locale {locale}" if locale else ""
    (page,) = made(COMMANDS["review, a target"] + place, f"r{suffix}", folder=tmp_path)
    found = verify(page)
    assert found.agrees, [(d.path, d.was, d.now) for d in found.differences[:3]]
    assert ("--locale de" in found.command) == bool(locale)


IN_MEMORY: dict[str, tuple[Callable[[pd.DataFrame], Any], tuple[str, ...]]] = {
    "review": (
        lambda t: st.review(
            t, value="wait", time="month", rollout="2023-01", better="lower", worthwhile=2, season="month", usl=60,
            exclude={3: "power cut", "17-18": "audit; it's \"odd\""},
        ),
        (),
    ),
    "several rollouts": (
        lambda t: st.review(
            t, value="ev", size="n", time="month", rollout=["2022-01", "2023-01=two"], better="lower", merge=2,
            guards=[st.Guard("wait", "lower", 2)],
        ),
        (),
    ),
    "chart": (
        lambda t: st.control_chart(
            t, st.EWMA(weight=0.2), value="wait", time="month", rollout="2023-01", center=50, sigma=3,
            events=[("2021-02", "audit")],
        ),
        (),
    ),
    "reasons": (lambda t: st.control_chart(t, value="wait", baseline=(1, 36), rules=[1, 2], exclude={3: "why"}), ()),
    "limits": (lambda t: st.control_chart(t, value="wait", limits={"center": 50, "sigma": 3, "kind": "i-mr"}), ()),
    "array": (lambda t: st.control_chart(t["wait"].to_numpy()), ("wait",)),
    "capability": (
        lambda t: st.capability(t, value="wait", lsl=40, usl=60, subgroup=5, limits={"center": 50, "sigma": 3}), (),
    ),
    "each": (
        lambda t: st.capability_each(t, specification={"wait": {"lsl": 40, "usl": 60}, "other": {"usl": 50.5}}), (),
    ),
    "compare": (lambda t: st.compare(t, value="wait", rollout=37, worthwhile=3, lsl=35), ()),
    "tolerance": (lambda t: st.tolerance_interval(t, value="wait", sides=1), ()),
    "capacity": (
        lambda t: st.capacity_check(
            t, arrivals="rare", handling="wait", staff="n", unit="seconds", hours=0.5, project=4, goal="9 s"
        ),
        (),
    ),
    "inspect": (lambda t: st.inspect(t), ()),
    "pareto": (lambda t: st.pareto(t, category="phase", cost={"a": 1, "b": 2, "c": 0.5}), ()),
    "yield": (lambda t: st.rolled_yield(t, step="phase", units="n", defects="ev", opportunities=5), ()),
    "oee": (
        lambda t: st.oee(t, planned="n", downtime="c2", ideal_cycle=1.1, units="wait", bad="ev", time="month"), (),
    ),
    "type 1": (lambda t: st.type1_gage(t, value="wait", reference=50, tolerance=40), ()),
    "type 1 of an array": (lambda t: st.type1_gage(t["wait"].to_numpy(), reference=50, tolerance=40), ("wait",)),
    "bias": (lambda t: st.gage_bias(t, value="wait", reference=50), ()),
    "linearity": (lambda t: st.gage_linearity(t, value="wait", reference="n2"), ()),
    "stability": (lambda t: st.gage_stability(t, value="wait", time="month", exclude={3: "why"}), ()),
    "agreement": (
        lambda t: st.attribute_agreement(t, value="phase", part="ev", operator="c2", order=["a", "b", "c"]), (),
    ),
    "gage": (lambda t: st.gage_rr(t, value="wait", part="ev", operator="phase"), ()),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_MEMORY)
def test_what_was_made_in_python_follows_from_the_same_frame(name: str, tmp_path: Path) -> None:
    function, columns = IN_MEMORY[name]
    table = operations()
    result = function(table)
    data: Any = table[columns[0]].to_numpy() if columns else table
    for suffix in (".json", ".html", ".xlsx"):
        found = verify(result.save(tmp_path / f"r{suffix}"), data)
        assert found.agrees, [(d.path, d.was, d.now) for d in found.differences[:3]]
        assert found.hashes[1].state == "not recorded"
    with pytest.raises(DataError, match="from data in memory; say where the data are: --data"):
        verify(tmp_path / "r.json")


def test_a_file_in_place_of_a_frame(tmp_path: Path) -> None:
    table = operations()
    table.to_csv(tmp_path / "t.csv", index=False)
    saved = st.control_chart(table, value="other", time="month").save(tmp_path / "r.json")
    assert verify(saved, tmp_path / "t.csv").agrees


# --- tampering


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values of a document."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    elif isinstance(tree, list):
        for i, value in enumerate(tree):
            yield from leaves(value, (*path, i))
    else:
        yield path


def put(tree: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> None:
    for key in path[:-1]:
        tree = tree[key]
    tree[path[-1]] = change(tree[path[-1]])


def edited(value: Any) -> Any:
    """Another value of the same look."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value * (1 + 1e-6) if value else 1e-12
    return f"{value}." if isinstance(value, str) else 0


@pytest.fixture(scope="module")
def document(desk: Path) -> dict[str, Any]:
    """A review as JSON."""
    here = Path.cwd()
    os.chdir(desk)
    try:
        done = CliRunner().invoke(main, [*shlex.split(COMMANDS["review, a target"]), "--json"])
    finally:
        os.chdir(here)
    held: dict[str, Any] = json.loads(done.stdout)
    return held


def test_every_value_of_the_json_is_compared(document: dict[str, Any]) -> None:
    places = list(leaves(document))
    assert len(places) > 3000
    whole = copy.deepcopy(document)
    for place in places:
        here = whole
        for key in place[:-1]:
            here = here[key]
        held, here[place[-1]] = here[place[-1]], edited(here[place[-1]])
        # one branch of the tree at a time, or this would take minutes
        found = compared({place[0]: whole[place[0]]}, {place[0]: document[place[0]]}, other_version=False).differences
        here[place[-1]] = held
        assert len(found) == 1, place


@pytest.mark.parametrize("seed", range(12))
def test_one_edit_anywhere_ends_with_five(document: dict[str, Any], seed: int, tmp_path: Path) -> None:
    places = [p for p in leaves(document) if p[-1] not in ("command", "version", "schema")]
    place = places[int(np.random.default_rng(seed).integers(len(places)))]
    tree = copy.deepcopy(document)
    put(tree, place, edited)
    (tmp_path / "r.json").write_text(json.dumps(tree))
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "r.json"), "--json"])
    assert done.exit_code == 5, place
    told = json.loads(done.stdout)
    assert [d["path"].split("[")[0].split(".")[0] for d in told["differences"]] == [place[0]]
    assert told["agrees"] is False


@pytest.mark.parametrize("change", ["dropped", "added", "shorter", "longer", "list to number"])
def test_keys_and_lengths_count(document: dict[str, Any], change: str, tmp_path: Path) -> None:
    tree = copy.deepcopy(document)
    if change == "dropped":
        del tree["caveats"]
    elif change == "added":
        tree["verdict_by_me"] = "IMPROVED"
    elif change == "shorter":
        tree["charts"][0]["panels"][0]["value"].pop()
    elif change == "longer":
        tree["evidence"].append(tree["evidence"][0])
    else:
        tree["stages"] = 3
    (tmp_path / "r.json").write_text(json.dumps(tree))
    assert len(verify(tmp_path / "r.json").differences) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"schema": "sigmatool.chart/1", "schema": "sigmatool.chart/1"}', "twice"),
        ('{"schema": "sigmatool.chart/1", "n": NaN}', "NaN"),
        ('{"schema": "sigmatool.chart/1", "n": Infinity}', "Infinity"),
        ("[" * 100_000, "not JSON"), ("[1]", "no report"), ('{"schema": 3}', "schema"), ("", "not JSON"),
        ('{"schema": "sigmatool.chart/1", "provenance": {}}', "does not hold the command"),
        ('{"schema": "sigmatool.ledger/1"}', "limits verify"), ('{"schema": "sigmatool.selftest/1"}', "selftest"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(text)
    with pytest.raises(DataError, match=words):
        verify(tmp_path / "r.json")


@pytest.fixture(scope="module")
def page(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A review as a page."""
    here = Path.cwd()
    os.chdir(desk)
    try:
        (file,) = made(COMMANDS["review, a target"], "r.html", folder=tmp_path_factory.mktemp("page"))
    finally:
        os.chdir(here)
    return file.read_text(encoding="utf-8")


def visible_numbers(page: str) -> list[re.Match[str]]:
    """Numbers that a reader sees, in texts and drawings."""
    body = page.index("<body>")
    return [m for m in re.finditer(r"(?<=[> (])\d+\.\d+(?=[< )])", page) if m.start() > body]


@pytest.mark.parametrize("seed", range(10))
def test_a_number_that_was_edited_on_a_page_is_found(page: str, seed: int, tmp_path: Path) -> None:
    numbers = visible_numbers(page)
    assert len(numbers) > 1000
    at = numbers[int(np.random.default_rng(seed).integers(len(numbers)))]
    digit = "7" if at[0][-1] != "7" else "3"
    (tmp_path / "r.html").write_text(page[: at.end() - 1] + digit + page[at.end() :], encoding="utf-8")
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "r.html"), "--json"])
    assert done.exit_code == 5
    told = json.loads(done.stdout)["differences"]
    assert any(at[0][:-1] + digit in d["was"] for d in told)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("</main>", "<p>Signed off by quality.</p></main>"), ("</main>", "<!-- nothing --></main>"),
        ("<style>", "<style>.sentence { visibility: hidden } .code::after { content: '1.67' } "),
        ("<script>", "<script>document.title = 'x';"), ('http-equiv="Content-Security-Policy"', 'name="x"'),
        ('class="answer answer-', 'class="hidden answer-'), ("<path d=\"M", '<path d="M1 '), ("<h1>", "<h1> "),
        ("<td", "<td hidden"), ("</section>", "</section>\n\n"), ("utf-8", "UTF-8"), ("<p class=", "<p\n class="),
    ],
)  # fmt: skip
def test_an_edit_of_a_page_anywhere_is_found(page: str, was: str, now: str, tmp_path: Path) -> None:
    assert was in page
    (tmp_path / "r.html").write_text(page.replace(was, now, 1), encoding="utf-8")
    assert not verify(tmp_path / "r.html").agrees


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st_.data())
def test_no_edit_of_a_byte_passes(page: str, tmp_path: Path, data: st_.DataObject) -> None:
    code = page.rindex("sigmatool review")
    at = data.draw(st_.integers(0, len(page) - 2).filter(lambda i: not code - 5 <= i <= code + 400))
    sign = data.draw(st_.sampled_from("x0 <&\u00e4"))
    if page[at] == sign:
        return
    (tmp_path / "r.html").write_text(page[:at] + sign + page[at + 1 :], encoding="utf-8")
    try:
        found = verify(tmp_path / "r.html")
    except DataError:
        return
    assert not found.agrees


def test_line_ends_of_another_system_are_no_edit(page: str, tmp_path: Path) -> None:
    (tmp_path / "r.html").write_bytes(page.replace("\n", "\r\n").encode())
    assert verify(tmp_path / "r.html").agrees


def test_a_line_of_markdown_and_a_cell_of_a_workbook(tmp_path: Path) -> None:
    text, book = made(COMMANDS["capability"], "r.md", "r.xlsx", folder=tmp_path)
    told = text.read_text().replace("0.", "1.", 1)
    (tmp_path / "t.md").write_text(told)
    assert len(verify(tmp_path / "t.md").differences) == 1
    import openpyxl

    held = openpyxl.load_workbook(book)
    sheet = held.worksheets[-1]
    sheet.cell(5, 2).value = 12345.678
    held.save(tmp_path / "t.xlsx")
    found = verify(tmp_path / "t.xlsx")
    assert any(d.was == "12345.678" and d.path.endswith("!B5") for d in found.differences)


def test_a_chart_of_a_workbook_that_was_edited(tmp_path: Path) -> None:
    (book,) = made(COMMANDS["chart"], "r.xlsx", folder=tmp_path)
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as target:
        for part in source.namelist():
            text = source.read(part)
            target.writestr(part, text.replace(b"<c:v>", b"<c:v>1", 1) if part.startswith("xl/charts/") else text)
    found = verify(tmp_path / "t.xlsx")
    assert found.differences
    assert all(d.path.startswith("parts of the file") for d in found.differences)


@pytest.mark.parametrize("suffix", [".pdf", ".png", ".svg"])
def test_print_and_pictures_are_refused_with_the_way_out(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"r{suffix}").write_bytes(b"x")
    with pytest.raises(DataError, match=r"save the \.json or the \.html beside it"):
        verify(tmp_path / f"r{suffix}")


# --- the data


def test_other_data_are_told_by_their_hash(tmp_path: Path) -> None:
    (file,) = made(COMMANDS["chart, a kind chosen"], "r.json", folder=tmp_path)
    table = pd.read_csv("datasets/nile.csv")
    table.loc[40, "flow"] += 1
    table.to_csv(tmp_path / "nile.csv", index=False)
    done = CliRunner().invoke(main, ["verify", str(file), "--data", str(tmp_path / "nile.csv"), "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 5
    assert [h["state"] for h in told["hashes"]] == ["other", "other"]
    assert "data are not those of r.json" in told["headline"]
    assert "data-changed" in [c["code"] for c in told["caveats"]]


def test_a_column_more_changes_the_file_and_not_the_values(tmp_path: Path) -> None:
    (file,) = made(COMMANDS["chart, a kind chosen"], "r.json", folder=tmp_path)
    pd.read_csv("datasets/nile.csv").assign(note="x").to_csv(tmp_path / "nile.csv", index=False)
    found = verify(file, tmp_path / "nile.csv")
    assert [h.state for h in found.hashes] == ["same", "other"]
    assert [d.path for d in found.differences] == ["provenance.file_sha256"]
    assert [c.code for c in found.caveats] == ["file-changed"]


def test_missing_data_end_with_three_and_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(COMMANDS["chart, a kind chosen"], "r.json", folder=tmp_path)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["verify", "r.json"])
    assert done.exit_code == 3
    assert "--data FILE" in done.stderr
    assert "datasets export nile" in done.stderr
    assert CliRunner().invoke(main, ["verify", "r.json", "--data", str(ROOT / "datasets/nile.csv")]).exit_code == 0
    assert CliRunner().invoke(main, ["verify", "nope.json"]).exit_code == 3


def test_data_that_the_analysis_refuses_do_not_carry_the_report(tmp_path: Path) -> None:
    (file,) = made(COMMANDS["review"], "r.json", folder=tmp_path)
    pd.read_csv("datasets/semmelweis.csv").head(20).to_csv(tmp_path / "short.csv", index=False)
    done = CliRunner().invoke(main, ["verify", str(file), "--data", str(tmp_path / "short.csv"), "--json"])
    assert done.exit_code == 5
    assert "cannot be made again" in json.loads(done.stdout)["headline"]


def test_another_version_is_said_and_its_new_keys_are_not_held_against_it(
    document: dict[str, Any], tmp_path: Path
) -> None:
    tree = copy.deepcopy(document)
    for part in (tree, *tree["charts"]):
        part["provenance"]["version"] = "0.0.9"
    del tree["always_valid"]
    (tmp_path / "r.json").write_text(json.dumps(tree))
    found = verify(tmp_path / "r.json")
    assert found.agrees
    assert found.made_by == "0.0.9"
    assert found.new == ("always_valid",)
    assert [c.code for c in found.caveats] == ["other-version", "new-keys"]
    assert VERSION in found.caveats[0].text
    tree["effect"]["value"] *= 1.001
    (tmp_path / "r.json").write_text(json.dumps(tree))
    assert [d.path for d in verify(tmp_path / "r.json").differences] == ["effect.value"]


def test_numbers_within_the_tolerance_are_equal_and_that_is_said(document: dict[str, Any], tmp_path: Path) -> None:
    tree = copy.deepcopy(document)
    tree["effect"]["value"] *= 1 + 1e-11
    (tmp_path / "r.json").write_text(json.dumps(tree))
    found = verify(tmp_path / "r.json")
    assert found.agrees
    assert 0 < found.farthest < 1e-9
    assert [c.code for c in found.caveats] == ["rounding"]


@given(st_.floats(allow_nan=False, allow_infinity=False), st_.floats(-1e-6, 1e-6))
def test_the_tolerance_is_relative(value: float, apart: float) -> None:
    other = value * (1 + apart)
    found = compared({"x": value}, {"x": other}, other_version=False).differences
    away = abs(other - value) > 1e-9 * max(abs(value), abs(other))
    assert bool(found) == away or abs(abs(apart) - 1e-9) < 1e-12 or abs(value) < 1e-290


@pytest.mark.parametrize(("was", "now"), [(1, True), (0, False), ("1", 1), (None, 0), ([], {}), ([], None), ("", None)])
def test_values_of_different_kinds_differ(was: Any, now: Any) -> None:
    assert len(compared({"x": was}, {"x": now}, other_version=False).differences) == 1
    assert not compared({"x": 1}, {"x": 1.0}, other_version=False).differences


# --- a stranger's command


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("sigmatool chart d.csv --out evil.html", "--out"), ("sigmatool chart d.csv -o evil.html", "--out"),
        ("sigmatool chart d.csv -oevil.html", "--out"), ("sigmatool chart d.csv --out=evil.html", "--out"),
        ("sigmatool review d.csv --rollout 2 --better lower --pack ../evil --by me", "--pack"),
        ("sigmatool chart d.csv --settings evil.toml", "--settings"), ("sigmatool chart d.csv --help", "--help"),
        ("sigmatool chart d.csv --json", "--json"), ("sigmatool chart d.csv --fail-on signals", "--fail-on"),
        ("sigmatool review-each d.csv --workers 9999", "--workers"), ("sigmatool chart d.csv --quiet", "--quiet"),
        ("sigmatool limits freeze d.csv --ledger x.toml --by me --reason none", "only an analysis"),
        ("sigmatool datasets export nile .", "only an analysis"), ("sigmatool selftest --folder x", "an analysis"),
        ("sigmatool verify r.json", "only an analysis"), ("rm -rf .", "only an analysis"), ("", "only an analysis"),
        ("sigmatool chart d.csv; rm -rf .", "data|option"), ("sigmatool chart d.csv && touch evil", "source of data"),
        ("sigmatool chart $(touch evil) d.csv", "source of data"), ("sigmatool chart d.csv o.csv", "source of data"),
        ("sigmatool chart 'd.csv", "quotes"), ("sigmatool chart d.csv --nope 3", "nope"),
        ("sigmatool chart d.csv --value", "value"), ("/usr/bin/sigmatool chart d.csv", "only an analysis"),
        ("sigmatool chart d.csv " + "--title x " * 20_000, "longer"), ("sigmatool --version chart d.csv", "analysis"),
        ("sigmatool chart", "only an analysis"), ("sigmatool chart --value x", "source of data"),
    ],
)  # fmt: skip
def test_a_command_that_does_more_than_an_analysis_is_refused(command: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=words) as refused:
        recorded(command)
    assert "\n" not in str(refused.value)
    tree = {"schema": "sigmatool.chart/1", "provenance": {"command": command}}
    (tmp_path / "r.json").write_text(json.dumps(tree))
    before = sorted(Path.cwd().rglob("*"))
    assert CliRunner().invoke(main, ["verify", str(tmp_path / "r.json")]).exit_code == 3
    assert sorted(Path.cwd().rglob("*")) == before


@pytest.mark.parametrize(
    "command",
    [
        "sigmatool chart /etc/passwd", "sigmatool chart ../secret.csv -y a", "sigmatool chart x/../../secret.csv -y a",
        "sigmatool chart link.csv -y a", "sigmatool chart /dev/zero", "sigmatool chart //evil/share/x.csv",
        "sigmatool chart sqlite:////etc/passwd --query 'SELECT 1'",
        "sigmatool chart sqlite:///../x.db --query 'SELECT 1'",
        "sigmatool chart postgresql://evil.example/x --query 'SELECT 1'",
        "sigmatool chart http://evil.example/x.csv", "sigmatool chart file:///etc/passwd",
        "sigmatool chart - -y a", "sigmatool chart pipe.csv -y a", "sigmatool chart 'a\x00b.csv'",
        "sigmatool chart sqlite:///ops.db --query @/etc/passwd", "sigmatool chart sqlite:///ops.db --query secret.sql",
        "sigmatool chart sqlite:///ops.db --query \"SELECT load_extension('x')\"",
        "sigmatool chart sqlite:///ops.db --query 'DELETE FROM ops'",
        "sigmatool chart ops.csv -y wait --limits /etc/passwd",
        "sigmatool chart ops.csv -y wait --events ../secret.csv",
        "sigmatool chart ops.csv -y wait --exclude ../secret.csv",
        "sigmatool chart ops.csv -y wait --rules ../own.toml",
        "sigmatool chart ops.csv -y wait --events postgresql://evil.example/x",
        "sigmatool capability-each ops.csv --specification /etc/passwd",
        "sigmatool review ops.csv -y wait --rollout 37 --better lower --gauge ../secret.csv",
    ],
)  # fmt: skip
def test_a_report_reads_no_file_outside_and_reaches_no_server(
    command: str, tmp_path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "secret.csv").write_text("a,b\n1,hush\n")
    (work / "link.csv").symlink_to(tmp_path / "secret.csv")
    os.mkfifo(work / "pipe.csv")
    (work / "ops.csv").write_bytes((desk / "ops.csv").read_bytes())
    (work / "ops.db").write_bytes((desk / "ops.db").read_bytes())
    (work / "secret.sql").write_text("SELECT 1")
    monkeypatch.chdir(work)
    tree = {"schema": "sigmatool.chart/1", "provenance": {"command": command}}
    (work / "r.json").write_text(json.dumps(tree))
    with pytest.raises((DataError, SettingsError)) as refused:
        verify("r.json")
    assert "hush" not in str(refused.value)
    assert "root" not in str(refused.value)


def test_nothing_is_written_and_nothing_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = made(COMMANDS["review-each"], "r.json", "r.html", "r.xlsx", "r.md", folder=tmp_path)
    before = {p: p.stat().st_mtime_ns for folder in (Path.cwd(), tmp_path) for p in folder.rglob("*")}
    capfd.readouterr()
    for file in files:
        assert verify(file).agrees
    assert {p: p.stat().st_mtime_ns for folder in (Path.cwd(), tmp_path) for p in folder.rglob("*")} == before
    assert capfd.readouterr() == ("", "")


def test_strange_texts_of_a_report_are_harmless_on_a_terminal(document: dict[str, Any], tmp_path: Path) -> None:
    tree = copy.deepcopy(document)
    tree["sentence"] = "\x1b[2J\x1b]0;owned\x07<script>alert(1)</script>"
    (tmp_path / "r.json").write_text(json.dumps(tree))
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "r.json"), "-o", str(tmp_path / "v.html")])
    assert done.exit_code == 5
    assert "\x1b" not in done.output
    assert "<script>alert" not in (tmp_path / "v.html").read_text()
    tree["provenance"]["command"] = "sigmatool chart '\x1b[2Jx.csv'"
    (tmp_path / "r.json").write_text(json.dumps(tree))
    assert "\x1b" not in CliRunner().invoke(main, ["verify", str(tmp_path / "r.json")]).output


def test_a_database_is_asked_again(tmp_path: Path, desk: Path) -> None:
    (file,) = made(COMMANDS["chart of a database"], "r.json", folder=tmp_path)
    assert verify(file).agrees
    assert verify(file, "sqlite:///ops.db").agrees
    copied = tmp_path / "ops.db"
    copied.write_bytes((desk / "ops.db").read_bytes())
    with sqlite3.connect(copied) as base:
        base.execute("UPDATE ops SET wait = wait + 1 WHERE month = '2020-05'")
    base.close()
    found = verify(file, f"sqlite:///{copied}")
    assert [h.state for h in found.hashes] == ["other", "other"]
    # a query of the report's own goes to no server
    with pytest.raises(SettingsError, match="not sent to a server"):
        verify(file, "postgresql://ana:hush@nohost.invalid/x")


def test_the_page_of_a_verification(document: dict[str, Any], tmp_path: Path) -> None:
    tree = copy.deepcopy(document)
    tree["effect"]["value"] *= 2
    (tmp_path / "r.json").write_text(json.dumps(tree))
    found = verify(tmp_path / "r.json")
    assert isinstance(found, Verification)
    assert list(found.to_frame().columns) == ["part", "path", "was", "now"]
    for suffix in (".html", ".md", ".xlsx", ".json", ".png", ".svg"):
        assert found.save(tmp_path / f"v{suffix}").stat().st_size > 500
    assert missing(html(found.document()), found.to_json()) == []
    told = json.loads(found.to_json())
    assert told["compared"]["total"] == found.compared
    assert sum(part["differing"] for part in told["parts"]) == 1
    with pytest.raises(DataError, match="verify that one"):
        verify(tmp_path / "v.json")


@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "reports").glob("*.html")))
def test_the_worked_examples_follow_from_their_data(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert verify(f"reports/{name}").agrees


@pytest.mark.parametrize("name", ["verify", "history"])
def test_options_are_parameters(name: str) -> None:
    import inspect

    delivery = {"out", "as_json", "quiet", "fail_on", "settings", "paper", "locale"}
    options = {str(p.name) for p in main.commands[name].params} - delivery
    assert options == set(inspect.signature(getattr(st, name)).parameters)


def test_every_option_that_names_a_file_is_watched() -> None:
    """An option that is new to an analysis, and names a file, is either guarded or refused in a stranger's command."""
    from sigmatool.cli.again import _FILES, _NEVER

    for verb, command in ANALYSES.items():
        for option in command.params:
            told = set(re.split(r"\W+", str(getattr(option, "metavar", None) or "")))
            # a query that names a file is refused where the table is read
            if told & {"FILE", "DIR", "FOLDER", "PATH", "URL"} and option.name != "query":
                assert option.name in {*_FILES, *_NEVER}, (verb, option.name)
