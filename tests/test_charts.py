"""Control charts: frozen limits, stages, gaps, rules and refusals, for every kind."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sigmatool
from sigmatool.charts.control_chart import COUNT_KINDS, KINDS, control_chart

SEEDS = st.integers(0, 10_000)


def table(kind: str, points: int, seed: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A table that suits a kind, with varying sizes where they may vary."""
    rng = np.random.default_rng(seed)
    if kind == "i-mr":
        return pd.DataFrame({"y": rng.normal(10, 2, points)}), {"value": "y"}
    if kind.startswith("xbar"):
        sizes = rng.integers(2, 7, points)
        group = np.repeat(np.arange(points), sizes)
        return pd.DataFrame({"g": group, "y": rng.normal(10, 2, group.size)}), {"value": "y", "subgroup": "g"}
    size = rng.integers(40, 120, points)
    frame = pd.DataFrame({"x": rng.binomial(size, 0.2), "n": size})
    return frame, {"value": "x"} if kind == "c" else {"value": "x", "size": "n"}


def first_points(frame: pd.DataFrame, options: dict[str, Any], k: int) -> pd.DataFrame:
    return frame[frame["g"] < k] if "subgroup" in options else frame.iloc[:k]


def lines(chart: Any, stop: int | None = None) -> list[np.ndarray]:
    return [getattr(p, part)[:stop] for p in chart.panels for part in ("center", "lower", "upper")]


@pytest.mark.parametrize("kind", KINDS)
@given(seed=SEEDS, k=st.integers(5, 30))
@settings(max_examples=15, deadline=None)
def test_frozen_limits_are_those_of_the_first_points_alone(kind: str, seed: int, k: int) -> None:
    frame, options = table(kind, 40, seed)
    frozen = control_chart(frame, kind, baseline=k, **options)
    alone = control_chart(first_points(frame, options, k), kind, **options)
    for a, b in zip(lines(frozen, k), lines(alone), strict=True):
        np.testing.assert_array_equal(a, b)
    assert frozen.sigma == alone.sigma
    assert frozen.stages[0].center == alone.stages[0].center


@pytest.mark.parametrize("kind", KINDS)
def test_more_data_never_moves_a_frozen_limit(kind: str) -> None:
    frame, options = table(kind, 60, 5)
    short = control_chart(first_points(frame, options, 45), kind, baseline=30, **options)
    long = control_chart(frame, kind, baseline=30, **options)
    for a, b in zip(lines(short), lines(long, 45), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", KINDS)
def test_stages_are_separate_charts(kind: str) -> None:
    frame, options = table(kind, 50, 6)
    staged = control_chart(frame, kind, rollout=31, **options)
    before = control_chart(first_points(frame, options, 30), kind, **options)
    for a, b in zip(lines(staged, 30), lines(before), strict=True):
        np.testing.assert_array_equal(a, b)
    assert [s for s in staged.signals if s.point <= 30] == list(before.signals)


@given(seed=SEEDS, shift=st.floats(-50, 50), scale=st.floats(0.1, 20))
@settings(max_examples=25, deadline=None)
def test_shift_and_scale_carry_through(seed: int, shift: float, scale: float) -> None:
    x = np.random.default_rng(seed).normal(0, 1, 40)
    a, b = control_chart(x), control_chart(shift + scale * x)
    np.testing.assert_allclose(b.panels[0].upper, shift + scale * a.panels[0].upper, rtol=1e-9, atol=1e-9)
    assert [s.point for s in a.signals] == [s.point for s in b.signals]


def test_a_gap_breaks_moving_ranges_and_runs() -> None:
    x = np.array([1.0, 1, 1, 1, 1, np.nan, 1, 1, 1, 1, -9, -9])
    chart = control_chart(x, center=0.0, sigma=10.0)
    assert np.isnan(chart.panels[1].value[5:7]).all()
    assert not [s for s in chart.signals if s.rule == "nelson-2"]
    assert chart.rows.missing == 1
    whole = control_chart(np.r_[np.ones(9), -9.0, -9.0], center=0.0, sigma=10.0)
    assert [s.point for s in whole.signals if s.rule == "nelson-2"] == [9]


def test_excluded_points_stay_drawn_and_do_not_count() -> None:
    x = np.r_[np.random.default_rng(1).normal(0, 1, 30), 40.0]
    chart = control_chart(x, exclude="31")
    assert chart.panels[0].value[30] == 40.0
    assert chart.panels[0].upper[0] == control_chart(x[:30]).panels[0].upper[0]
    assert not [s for s in chart.signals if s.point == 31]
    assert chart.rows.excluded == 1


def test_dispersion_panels_run_rule_one_only() -> None:
    x = np.cumsum(np.ones(40)) ** 2.0
    chart = control_chart(x)
    assert {s.rule for s in chart.signals if s.panel == "moving range"} <= {"nelson-1"}


def test_constant_data_signal_nothing() -> None:
    chart = control_chart(np.full(20, 3.0))
    assert chart.in_control
    assert "no-spread" in {c.code for c in chart.caveats}
    zeros = control_chart(pd.DataFrame({"x": [0] * 20, "n": [50] * 20}), "p", value="x", size="n")
    assert zeros.in_control


def test_points_at_a_limit_do_not_signal() -> None:
    assert control_chart([0.0, 3.0, 0.0], center=0.0, sigma=1.0, rules="1").in_control
    assert not control_chart([0.0, 3.01, 0.0], center=0.0, sigma=1.0, rules="1").in_control


def test_auto_says_what_it_chose() -> None:
    births = sigmatool.datasets.load("semmelweis")
    chart = control_chart(births, value="deaths", size="births", time="month")
    assert chart.kind == "laney-p"
    chosen = next(c for c in chart.caveats if c.code == "kind-chosen")
    assert "laney-p" in chosen.text
    filling = sigmatool.datasets.load("filling")
    assert control_chart(filling, value="fill_ml", subgroup="sample").kind == "xbar-r"
    assert control_chart([1.0, 2, 3]).kind == "i-mr"


def test_json_follows_the_contract() -> None:
    held = json.loads(control_chart([1.0, 2, 4, 3, 9], rollout=4).to_json())
    assert held["schema"] == "sigmatool.chart/1"
    assert {"kind", "sigma", "in_control", "panels", "stages", "signals", "false_alarm"} <= set(held)
    assert held["stages"][1]["from"] == 4
    assert held["panels"][0]["label"] == ["1", "2", "3", "4", "5"]


def test_np_chart_is_a_p_chart_times_n() -> None:
    frame = pd.DataFrame({"x": [3, 5, 2, 6, 4, 9], "n": [50, 60, 55, 50, 70, 65]})
    p = control_chart(frame, "p", value="x", size="n").panels[0]
    np_ = control_chart(frame, "np", value="x", size="n").panels[0]
    np.testing.assert_allclose(np_.upper, p.upper * frame["n"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "zig"}, "unknown"),
        ({"kind": "p"}, "needs size"),
        ({"kind": "xbar-r"}, "needs subgroups"),
        ({"sigma": "laney"}, "does not go with"),
        ({"sigma": -1.0}, "above zero"),
        ({"nsigma": 0.0}, "above zero"),
        ({"rules": "9"}, "unknown"),
        ({"baseline": 1}, "between 2"),
        ({"baseline": "5..2"}, "range"),
        ({"exclude": "99"}, "outside"),
        ({"rollout": 1}, "leaves no point before"),
    ],
)
def test_settings_are_refused_in_words(options: dict[str, Any], words: str) -> None:
    with pytest.raises(sigmatool.SigmatoolError, match=words):
        control_chart(pd.DataFrame({"y": [1.0, 2, 3, 2, 1, 2]}), **{"value": "y", **options})


def test_count_kinds_need_counts() -> None:
    assert set(COUNT_KINDS) == {"p", "np", "c", "u", "laney-p", "laney-u"}
    with pytest.raises(sigmatool.DataError, match="whole number"):
        control_chart(pd.DataFrame({"x": [1.5, 2, 3], "n": [5, 5, 5]}), "u", value="x", size="n")
