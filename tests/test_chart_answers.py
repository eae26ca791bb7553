"""Charts moved, scaled and multiplied; warnings where the chart is the wrong one; reasons; the price of the rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinds import lines, name_of, table
from sigmatool.charts.control_chart import control_chart
from sigmatool.numbers.shewhart import individuals

SEEDS = st.integers(0, 10_000)
MEASURED = (
    "i-mr", "i-mr(window=3)", "xbar-r", "xbar-s", "i-mr-rs", "ewma", "cusum", "ma", "run", "z-mr", "t2", "mewma",
)  # fmt: skip


@pytest.mark.parametrize("kind", MEASURED)
@given(seed=SEEDS, shift=st.floats(-50, 50), scale=st.floats(0.1, 20))
@settings(max_examples=10, deadline=None)
def test_shift_and_scale_carry_through(kind: str, seed: int, shift: float, scale: float) -> None:
    frame, options = table(kind, 40, seed)
    columns = options["value"] if isinstance(options["value"], list) else [options["value"]]
    moved = frame.copy()
    moved[columns] = shift + scale * frame[columns]
    a, b = control_chart(frame, kind, **options), control_chart(moved, kind, **options)
    free = name_of(kind) in ("cusum", "z-mr", "t2", "mewma")  # statistics without a unit
    for part in ("value", "center", "lower", "upper"):
        before = np.asarray(getattr(a.panels[0], part))
        wanted = before if free else shift + scale * before
        np.testing.assert_allclose(getattr(b.panels[0], part), wanted, rtol=1e-6, atol=1e-7)
    assert [(s.rule, s.panel, s.point) for s in a.signals] == [(s.rule, s.panel, s.point) for s in b.signals]


@given(seed=SEEDS, gaps=st.integers(0, 8))
@settings(max_examples=15, deadline=None)
def test_many_streams_in_one_call_are_single_charts(seed: int, gaps: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(10, 2, (5, 60))
    x.ravel()[rng.choice(x.size, gaps, replace=False)] = np.nan
    x[4] = 7.0
    found = individuals(x)
    for i, row in enumerate(x):
        chart = control_chart(row)
        assert found.center[i] == pytest.approx(chart.stages[0].center, rel=1e-12)
        assert found.sigma[i] == pytest.approx(chart.sigma, rel=1e-12)
        np.testing.assert_allclose(found.range_upper[i], chart.panels[1].upper[0], rtol=1e-12)
        at = {(s.rule, s.panel, s.point - 1) for s in chart.signals}
        for number, marks in enumerate(found.fired, start=1):
            wanted = sorted(p for rule, panel, p in at if (rule, panel) == (f"nelson-{number}", "individual value"))
            assert np.flatnonzero(marks[i]).tolist() == wanted
        assert np.flatnonzero(found.range_fired[i]).tolist() == sorted(
            p for _, panel, p in at if panel != "individual value"
        )


def test_an_array_is_a_table_of_one_column() -> None:
    x = np.random.default_rng(3).normal(0, 1, 25)
    x[7] = np.nan
    a, b = control_chart(x), control_chart(pd.DataFrame({"value": x}))
    assert a.to_dict() == b.to_dict()
    m = x[:24].reshape(8, 3)
    by_rows, by_size = control_chart(m, "xbar-r"), control_chart(x[:24], "xbar-r", subgroup=3)
    for p, q in zip(lines(by_rows), lines(by_size), strict=True):
        np.testing.assert_array_equal(p, q)


def codes(chart: Any) -> set[str]:
    return {c.code for c in chart.caveats}


def test_the_wrong_chart_is_told() -> None:
    rng = np.random.default_rng(4)
    batches = rng.normal(0, 3, (30, 1)) + rng.normal(0, 0.5, (30, 4))
    assert "batches" in codes(control_chart(batches, "xbar-r"))
    assert "batches" not in codes(control_chart(rng.normal(0, 1, (30, 4)), "xbar-r"))
    assert "batches" not in codes(control_chart(batches, "i-mr-rs"))
    assert "chunky" in codes(control_chart(np.round(rng.normal(0, 0.4, 60))))
    assert "chunky" not in codes(control_chart(np.round(rng.normal(0, 4, 60))))
    rare = pd.DataFrame({"x": rng.poisson(0.3, 60), "n": 100})
    assert "counts-small" in codes(control_chart(rare, "u", value="x", size="n"))
    wild = pd.DataFrame({"x": rng.poisson(rng.gamma(4, 5, 60)), "n": 100})
    assert "overdispersed" in codes(control_chart(wild, "u", value="x", size="n"))


def test_screened_ranges_are_said() -> None:
    rng = np.random.default_rng(4)
    x = np.r_[rng.normal(0, 1, 20), 30, 31, rng.normal(0, 1, 20)]
    screened = control_chart(x, "i-mr(screened=true)")
    assert "screened-ranges" in codes(screened)
    assert screened.sigma < control_chart(x).sigma


def test_exclusions_carry_their_reasons() -> None:
    x = np.r_[np.random.default_rng(1).normal(0, 1, 30), 40.0]
    chart = control_chart(x, exclude={31: "power cut", "3-4": "test run"})
    assert chart.reasons == {31: "power cut", 3: "test run", 4: "test run"}
    assert chart.to_frame()["reason"].iloc[30] == "power cut"
    assert chart.to_dict()["excluded"][-1] == {"point": 31, "reason": "power cut"}
    assert not [s for s in chart.signals if s.point == 31]


PRICED = (("i-mr", "1"), ("i-mr", "nelson"), ("ewma", "1"), ("cusum", "1"), ("ma", "1"), ("xbar-s", "1"))


@pytest.mark.parametrize(("kind", "rules"), PRICED)
def test_a_steady_process_signals_as_often_as_told(kind: str, rules: str) -> None:
    """400 charts of 25 normal points about known limits, seed 5."""
    rng = np.random.default_rng(5)
    shape = (400, 25, 4) if kind == "xbar-s" else (400, 25)
    charts = [control_chart(x, kind, center=0.0, sigma=1.0, rules=rules) for x in rng.standard_normal(shape)]
    foretold = charts[0].false_alarm.this_chart
    assert foretold is not None
    share = float(np.mean([not c.in_control for c in charts]))
    assert abs(share - foretold) < 3.5 * np.sqrt(foretold * (1 - foretold) / 400)
    assert f"{100 * foretold:.2g} %" in charts[0].false_alarm.text


def test_a_cusum_tells_when_the_movement_began() -> None:
    x = np.r_[np.zeros(20), np.full(10, 1.5)]
    chart = control_chart(x, "cusum", center=0.0, sigma=1.0)
    first = chart.signals[0]
    assert first.panel == "upper sum"
    assert first.run[0] == 21
    assert "began after point 20" in first.text


def test_t2_names_the_variables_that_drive_a_signal() -> None:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.multivariate_normal([0, 0, 0], np.eye(3), 40), columns=["heat", "flow", "feed"])
    frame.loc[39, "flow"] = 9.0
    chart = control_chart(frame, "t2")
    last = [s for s in chart.signals if s.point == 40]
    assert last
    assert "driven by flow (+" in last[0].text


def test_several_columns_are_charted_together() -> None:
    frame = pd.DataFrame(np.random.default_rng(9).normal(0, 1, (30, 3)), columns=["heat", "flow", "feed"])
    chart = control_chart(frame, value=["heat", "flow"])
    assert chart.kind == "t2"
    assert "several variables" in next(c.text for c in chart.caveats if c.code == "kind-chosen")
