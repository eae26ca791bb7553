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
from kinds import ALL, fed, lines, name_of, rows_of, table
from sigmatool.charts.catalogue import COUNT_KINDS
from sigmatool.charts.control_chart import control_chart

SEEDS = st.integers(0, 10_000)


@pytest.mark.parametrize("kind", ALL)
@given(seed=SEEDS, k=st.integers(8, 30))
@settings(max_examples=8, deadline=None)
def test_frozen_limits_are_those_of_the_first_points_alone(kind: str, seed: int, k: int) -> None:
    """Phase II fed with Phase I is Phase I."""
    frame, options = table(kind, 40, seed)
    frozen = control_chart(frame, kind, baseline=k, **options)
    alone = control_chart(rows_of(frame, options, 0, k), kind, **options)
    for a, b in zip(lines(frozen, 0, k), lines(alone), strict=True):
        np.testing.assert_array_equal(a, b)
    assert frozen.sigma == alone.sigma or np.isnan(alone.sigma)
    assert str(frozen.stages[0].center) == str(alone.stages[0].center)


@pytest.mark.parametrize("kind", ALL)
def test_more_data_never_moves_a_frozen_limit(kind: str) -> None:
    frame, options = table(kind, 60, 5)
    short = control_chart(rows_of(frame, options, 0, 45), kind, baseline=30, **options)
    long = control_chart(frame, kind, baseline=30, **options)
    for a, b in zip(lines(short), lines(long, 0, 45), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", ALL)
def test_stages_are_separate_charts(kind: str) -> None:
    frame, options = table(kind, 60, 6)
    staged = control_chart(frame, kind, rollout=31, **options)
    for first, last in ((0, 30), (30, 60)):
        alone = control_chart(rows_of(frame, options, first, last), kind, **options)
        for a, b in zip(lines(staged, first, last), lines(alone), strict=True):
            np.testing.assert_array_equal(a, b)
        points = [(s.rule, s.panel, s.point - first) for s in staged.signals if first < s.point <= last]
        assert points == [(s.rule, s.panel, s.point) for s in alone.signals]


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind != "run"])
@given(seed=SEEDS, cuts=st.lists(st.integers(1, 11), min_size=1, max_size=30))
@settings(max_examples=8, deadline=None)
def test_points_fed_in_pieces_give_the_batch_answer(kind: str, seed: int, cuts: list[int]) -> None:
    frame, options = table(kind, 70, seed)
    rng = np.random.default_rng(seed)
    if name_of(kind) not in COUNT_KINDS and "subgroup" not in options:
        columns = options["value"] if isinstance(options["value"], list) else [options["value"]]
        frame[columns] = frame[columns].astype(float)
        frame.loc[rng.choice(np.arange(30, 70), 5, replace=False), columns] = np.nan
    whole = control_chart(frame, kind, baseline=(1, 30), rules="nelson,western-electric-4", **options)
    stream = control_chart(rows_of(frame, options, 0, 30), kind, rules="nelson,western-electric-4", **options).stream()
    at, pieces = 30, []
    for width in (*cuts, 70):
        if at < 70:
            pieces.append(stream.feed(**fed(frame, options, at, min(at + width, 70))))
            at = min(at + width, 70)
    for number, panel in enumerate(whole.panels):
        for part in ("value", "center", "lower", "upper"):
            together = np.concatenate([getattr(p.panels[number], part) for p in pieces])
            np.testing.assert_array_equal(together, np.asarray(getattr(panel, part))[30:], err_msg=part)
    assert [s for p in pieces for s in p.signals] == [s for s in whole.signals if s.point > 30]


@pytest.mark.parametrize("kind", ["i-mr", "xbar-r", "xbar-s", "i-mr-rs", "ewma", "cusum", "ma(span=4)"])
@given(seed=SEEDS)
@settings(max_examples=6, deadline=None)
def test_a_mirrored_series_gives_the_mirrored_chart(kind: str, seed: int) -> None:
    frame, options = table(kind, 40, seed)
    chart = control_chart(frame, kind, **options)
    mirrored = control_chart(frame.assign(y=-frame["y"]), kind, **options)
    upper, lower = (1, 0) if name_of(kind) == "cusum" else (0, 0)
    np.testing.assert_allclose(mirrored.panels[upper].value, -chart.panels[lower].value, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(mirrored.panels[upper].lower, -chart.panels[lower].upper, rtol=1e-9, atol=1e-9)
    assert sorted((s.rule, s.point) for s in chart.signals) == sorted((s.rule, s.point) for s in mirrored.signals)


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s", "i-mr-rs", "ewma", "cusum", "ma"])
@given(seed=SEEDS)
@settings(max_examples=6, deadline=None)
def test_order_inside_subgroups_does_not_matter(kind: str, seed: int) -> None:
    frame, options = table("xbar-r", 30, seed)
    rng = np.random.default_rng(seed)
    shuffled = frame.assign(k=rng.random(len(frame))).sort_values(["g", "k"]).drop(columns="k")
    first, second = (lines(control_chart(data, kind, **options)) for data in (frame, shuffled))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


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


def test_signals_are_tallied_by_rule_and_panel() -> None:
    chart = sigmatool.control_chart(sigmatool.datasets.load("contact_centre"), value="aht_s", time="day")
    tallied = [(t.rule, t.panel, p) for t in chart.signals.tally() for p in t.points.tolist()]
    assert sorted(tallied) == sorted((s.rule, s.panel, s.point) for s in chart.signals)
    assert len({(t.rule, t.panel) for t in chart.signals.tally()}) == len(chart.signals.tally())


def test_the_tally_counts_signals_of_whole_stages() -> None:
    chart = sigmatool.control_chart([3.0, 4.0] * 3 + list(range(20)), kind="run")
    assert len(chart.signals) == sum(len(t.points) for t in chart.signals.tally()) > 0
