"""Planning a review: points until it can answer, the baseline, the monitor, the page and the command line."""

from __future__ import annotations

import inspect
import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as some

import sigmatool as st
from conftest import ROOT
from sigmatool.axis import in_order
from sigmatool.cli import main
from sigmatool.cli.review_plan_commands import plan as plan_command
from sigmatool.plans.go_live import go_live
from sigmatool.plans.power import COUNTED, MOST, Design, kept_of
from sigmatool.render.html import html
from sigmatool.review.error_rates import study
from sigmatool.review.looks import Looks


def weeks(n: int, seed: int = 4, sd: float = 2.0, **more: Any) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2026-01-05", periods=n, freq="W-MON").strftime("%Y-%m-%d")
    return pd.DataFrame({"week": dates, "days": np.round(20 + sd * rng.normal(size=n), 2), **more})


def planned(data: Any = None, **options: Any) -> Any:
    asked = {"value": "days", "time": "week", "better": "lower", "worthwhile": 3, "rules": "1"}
    return st.plan(weeks(40) if data is None else data, **(asked | options))


def test_the_arithmetic_meets_the_regular_cells_of_the_study() -> None:
    apart = []
    for answer in ("better", "credited"):
        for controlled in (False, True):
            for phi in (0.0, 0.3, 0.6):
                for n in study().sizes:
                    design = Design(np.arange(n), 0, phi, None, controlled, None)
                    for step in (0.5, 1.0, 2.0):
                        cell = study().grid(n, phi, step, controlled)
                        share = sum(cell.get(k, 0) for k in COUNTED[answer]) / cell["replications"]  # type: ignore[index]
                        apart.append(design.chance(answer, n, step) - share)  # type: ignore[arg-type]
    assert np.abs(apart).max() < 0.06
    assert np.sqrt(np.mean(np.square(apart))) < 0.022


@pytest.mark.parametrize(("before", "after"), [(24, 12), (12, 50), (50, 12), (24, 100)])
def test_the_arithmetic_meets_unequal_stages_it_was_not_fitted_to(before: int, after: int) -> None:
    cells = [
        c for c in study().cells
        if c["truth"] == "step" and c["kind"] == "continuous" and (c["before"], c["after"]) == (before, after)
        and c["family"].startswith(("step 1 sd, unequal", "step 1 sd")) and c["trend"] == 0
    ]  # fmt: skip
    assert cells
    for cell in cells:
        design = Design(np.arange(before), 0, cell["phi"], None, False, None)
        for answer in ("better", "credited"):
            share = sum(cell.get(k, 0) for k in COUNTED[answer]) / cell["replications"]  # type: ignore[index]
            assert design.chance(answer, after, 1.0) == pytest.approx(share, abs=0.09)  # type: ignore[arg-type]


def test_series_with_the_planned_points_are_called_better_as_often_as_promised() -> None:
    """The real review on seeded series; docs/plan.md holds the same with 400 a row (benchmarks/plan_check.py)."""
    rng = np.random.default_rng(20261126)
    p = planned(weeks(48, sd=1.0), worthwhile=1.0)
    design = Design(np.arange(48), 0, 0.0, None, False, None)
    after = next(n for n in range(8, 200) if design.chance("better", n, 1.0) >= 0.8)
    assert p.needed[0].better == pytest.approx(after, rel=0.6)
    said = []
    for _ in range(150):
        y = rng.normal(size=48 + after) - (np.arange(48 + after) >= 48)
        r = st.review(pd.DataFrame({"y": y}), value="y", rollout=49, better="lower", worthwhile=1.0)
        said.append(r.verdict.startswith("IMPROVED") or r.verdict == "BETTER_CAUSE_OPEN")
    assert np.mean(said) == pytest.approx(design.chance("better", after, 1.0), abs=0.1)


@settings(max_examples=40, deadline=None)
@given(
    before=some.integers(8, 150), phi=some.floats(0, 0.85), change=some.floats(0.1, 3), controlled=some.booleans(),
    more=some.integers(1, 60),
)  # fmt: skip
def test_chances_are_shares_and_grow_with_the_change(
    before: int, phi: float, change: float, controlled: bool, more: int
) -> None:
    design = Design(np.arange(before), 0, phi, None, controlled, None)
    for answer in ("better", "credited"):
        now = design.chance(answer, 7 + more, change)  # type: ignore[arg-type]
        assert 0 <= now <= MOST[answer]  # type: ignore[index]
        assert now <= design.chance(answer, 7 + more, change * 1.5) + 1e-12  # type: ignore[arg-type]
    assert design.chance("credited", 30, change) <= design.chance("better", 30, change)
    assert design.chance("better", 7, change) == 0.0


def test_more_dependence_more_points_and_a_control_spares_most_of_them() -> None:
    def points(phi: float, controlled: bool, looks: Looks | None = None) -> int:
        design = Design(np.arange(96), 0, phi, None, controlled, looks)
        return next(n for n in range(8, 3000) if design.chance("credited", n, 1.0) >= 0.8)

    assert points(0.0, False) < points(0.3, False)
    assert points(0.3, True) < points(0.3, False) / 2
    assert points(0.0, True, Looks(())) > points(0.0, True)
    assert kept_of("better", False, 8, 0.0) < kept_of("better", False, 100, 0.0)


def test_a_plan_reads_its_baseline_and_its_dates() -> None:
    p = planned(rollout="2026-11-30")
    assert (p.baseline.n, p.baseline.live.to_come, p.baseline.n_at_rollout) == (40, 7, 47)
    first = p.needed[0]
    assert first.effect.share == pytest.approx(3 / p.baseline.level)
    assert first.better_date == str(np.datetime64("2026-11-30") + 7 * (first.better - 1))
    assert p.meeting.points >= 20
    assert {c.check for c in p.report_card} >= {
        "Enough points", "Baseline stable", "Gaps and ties", "Points depend on each other", "Trend already running",
    }  # fmt: skip
    assert [n.effect.size for n in p.needed] == [3, 4.5, 6]
    assert [n.credited for n in p.needed] == sorted((n.credited for n in p.needed), reverse=True)
    assert planned(rollout="2026-11-30", washout=4).needed[0].better_date > first.better_date


def test_points_after_the_rollout_are_not_looked_at() -> None:
    data = weeks(60)
    later = data.copy()
    later.loc[40:, "days"] += 50
    when = data["week"][40]
    one, other = planned(data, rollout=when), planned(later, rollout=when)
    assert one.needed == other.needed == planned(data.head(40), rollout=when).needed
    assert "rollout-past" in {c.code for c in one.caveats}
    assert one.baseline.live.seen_after == 20
    assert one.rows.excluded == 20


def test_a_baseline_that_will_not_do_is_told() -> None:
    rng = np.random.default_rng(1)
    wild = weeks(40)
    wild["days"] = np.round(20 + np.r_[rng.normal(size=20), 8 + rng.normal(size=20)], 2)
    p = planned(wild, worthwhile="5%")
    rows = {c.check: c for c in p.report_card}
    assert rows["Baseline stable"].tone == "bad"
    assert p.readiness == "bad"
    rising = weeks(40)
    rising["days"] = np.round(20 + 0.2 * np.arange(40) + rng.normal(size=40), 2)
    row = {c.check: c for c in planned(rising).report_card}["Trend already running"]
    assert "for the worse" in row.result
    holes = weeks(60).drop(index=range(20, 32)).reset_index(drop=True)
    assert "hold no usable point" in {c.check: c for c in planned(holes).report_card}["Gaps and ties"].result


def test_a_short_baseline_never_answers_and_says_what_would() -> None:
    p = planned(weeks(10), worthwhile=1)
    assert p.needed[0].better is None
    assert p.code == "CANNOT_ANSWER"
    assert p.needed[0].each > 20
    assert "never" in p.headline
    assert p.silence.after is None


def test_planned_looks_are_the_only_moments() -> None:
    p = planned(looks="10,20,40", worthwhile=4)
    assert {n.better for n in p.needed} <= {10, 20, 40, None}
    assert p.meeting.points == 40
    assert [c.points for c in p.curves] == [(10, 20, 40)] * 3
    with pytest.raises(st.SettingsError, match="last of the looks"):
        planned(looks="10,20", review_points=30)


def test_a_control_is_planned_with_and_its_noise_shown() -> None:
    rng = np.random.default_rng(2)
    shared = np.cumsum(rng.normal(size=40))
    data = weeks(40, sd=0.5)
    data["days"] += shared
    data["other"] = 30 + shared + 0.3 * rng.normal(size=40)
    alone, both = (planned(data, worthwhile=1, control=name) for name in (None, "other"))
    assert both.needed[0].credited < (alone.needed[0].credited or 10_000)
    assert both.baseline.own_sd > both.baseline.sd
    assert both.controlled


@pytest.mark.parametrize("size", [None, "calls"])
def test_counts_are_planned_on_their_scale(size: str | None) -> None:
    rng = np.random.default_rng(3)
    calls = rng.integers(300, 500, 40)
    data = pd.DataFrame({"month": np.arange(1, 41), "errors": rng.binomial(calls, 0.1), "calls": calls})
    scale = "rate" if size is None else "proportion"
    p = st.plan(data, value="errors", size=size, time="month", scale=scale, better="lower", worthwhile="30%")
    assert p.needed[0].effect.noise > 1
    assert p.watch.approximate
    assert p.watch.kind.startswith("laney")
    assert "2e" not in p.headline


def test_few_events_are_planned_in_blocks() -> None:
    rng = np.random.default_rng(5)
    data = pd.DataFrame({"falls": rng.poisson(1.0, 120)})
    p = st.plan(data, value="falls", scale="rate", better="lower", worthwhile="60%", rules="1")
    least = 2 / (0.4 * data["falls"].mean())
    assert p.baseline.block == int(np.ceil(least))
    assert p.needed[0].better % p.baseline.block == 0
    assert "low-counts-merged" in {c.code for c in p.caveats}
    with pytest.raises(st.DataError, match="blocks"):
        st.plan(data.head(20), value="falls", scale="rate", better="lower", worthwhile="60%", rules="1")


def test_what_the_monitor_sees_is_its_run_length() -> None:
    p = planned(rules="western-electric")
    found = st.arl("i-mr", 1.0, rules=st.control_chart(weeks(40)["days"], rules="western-electric").rules)
    slip = next(s for s in p.watch.slips if s.sigma == 1.0)
    assert (slip.mean, slip.median) == (pytest.approx(found.arl), int(found.median))
    lost = [s for s in p.watch.slips if s.of is not None]
    assert [s.sigma for s in lost] == [n.effect.noise for n in p.needed]
    assert planned(chart="ewma(weight=0.2)", rules="1").watch.slips[0].mean < planned().watch.slips[0].mean
    assert planned(chart="run", rules="anhoej").watch.slips == ()
    assert "No run length is known" in html(planned(chart="run", rules="anhoej").document())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"power": 0.95}, "power must lie"),
        ({"power": "much"}, "power must be a number"),
        ({"worthwhile": None}, "worth having"),
        ({"worthwhile": "x"}, "worthwhile 'x'"),
        ({"effect": "0"}, "effect must come"),
        ({"effect": "nan"}, "effect must come"),
        ({"better": "target", "target": 20, "worthwhile": 9}, "there is to improve"),
        ({"scale": "duration", "effect": "100%"}, "there is to improve"),
        ({"better": None}, "better"),
        ({"review_points": 3}, "8 or more"),
        ({"rollout": "soon"}, "not a date"),
        ({"rollout": "2020-01-01"}, "leaves 0 points before"),
        ({"rollout": "2140-01-01"}, "too far"),
        ({"rollout": "2999-01-01"}, "too far"),
        ({"rollout": ["2026-12-01", "2027-12-01"]}, "one rollout"),
        ({"guards": ["nothing:lower"]}, "nothing"),
        ({"value": "day"}, "'day'"),
    ],
)  # fmt: skip
def test_mistakes_are_one_sentence(options: dict[str, Any], words: str) -> None:
    with pytest.raises((st.DataError, st.SettingsError), match=re.escape(words)):
        planned(**options)


def test_too_few_points_are_refused() -> None:
    with pytest.raises(st.DataError, match="collect 2 more"):
        planned(weeks(6))
    with pytest.raises(st.DataError, match="different values"):
        planned(weeks(30).assign(days=3))


def test_a_rollout_beyond_the_last_point_is_placed_at_the_pace() -> None:
    assert go_live(in_order("point", [str(i) for i in range(1, 25)]), "31").to_come == 6
    months = pd.DataFrame({"m": pd.date_range("2025-01-01", periods=20, freq="MS").strftime("%Y-%m"), "y": range(20)})
    found = st.plan(months.assign(y=np.random.default_rng(1).normal(9, 1, 20)), value="y", time="m", better="lower",
                    worthwhile=2, rollout="2026-12", rules="1").baseline.live  # fmt: skip
    assert (found.to_come, found.date(1), found.date(3)) == (3, "2026-12", "2027-02")


def run(*args: str) -> Any:
    return CliRunner().invoke(main, list(args))


def test_options_are_parameters() -> None:
    options = {p.name for p in plan_command.params}
    delivery = {"out", "as_json", "quiet", "fail_on", "settings", "sheet", "query", "paper", "locale", "register", "by"}
    assert options - delivery == set(inspect.signature(st.plan).parameters)


def test_the_command_line_makes_the_same_plan(tmp_path: Path) -> None:
    data = str(ROOT / "datasets" / "semmelweis.csv")
    words = ["plan", data, "-y", "deaths", "-n", "births", "-x", "month", "--rollout", "1847-06", "--better", "lower",
             "--worthwhile", "50%", "--rules", "1", "--effect", "60%"]  # fmt: skip
    done = run(*words, "--json", "-o", str(tmp_path / "p.html"))
    assert done.exit_code == 0, done.output
    held = json.loads(done.stdout)
    assert held["schema"] == "sigmatool.plan/1"
    again = json.loads(run(*shlex.split(held["provenance"]["command"])[1:], "--json").stdout)
    assert again == held
    assert (tmp_path / "p.html").stat().st_size > 5000
    assert "Will the baseline do?" in run(*words).stdout
    assert run(*words, "--quiet", "--fail-on", held["code"].lower()).exit_code == 1
    assert run("plan", data, "-y", "deaths", "--better", "lower").exit_code == 2


def test_the_page_holds_no_script_of_strangers() -> None:
    name = "<b>days</b>"
    page = html(planned(weeks(40).rename(columns={"days": name}), value=name).document())
    assert name not in page
