"""Data and settings as strangers bring them: right numbers or one sentence, alike in every kind."""

from __future__ import annotations

import decimal
import itertools
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kinds import ALL, fed, lines, name_of, rows_of, table
from sigmatool import control_chart
from sigmatool.cli.options import subgroup_of
from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers.run_tests import anhoej_false_alarm, crossings_limit, longest_run_limit
from sigmatool.render.text import text

VALUE = ["i-mr", "run", "ewma", "cusum", "ma"]


@pytest.fixture(autouse=True)
def no_warning() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def value_of(options: dict[str, Any]) -> str:
    return options["value"] if isinstance(options["value"], str) else options["value"][0]


def with_cell(kind: str, cell: Any) -> tuple[pd.DataFrame, dict[str, Any]]:
    frame, options = table(kind, 24, 3)
    name = value_of(options)
    frame[name] = frame[name].astype(object)
    frame.loc[4, name] = cell
    return frame, options


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (np.inf, "infinite in row 5"),
        (1e300, r"1e\+300 in row 5"),
        (True, "row 5 .* holds 'True'"),
        (2**60 + 1, "1152921504606846977 in row 5"),
        (decimal.Decimal("Infinity"), "infinite in row 5"),
        ("abc", "row 5 .* holds 'abc'"),
        (3 + 4j, "row 5 .* holds"),
    ],
)
def test_a_cell_that_cannot_be_charted_is_named_in_every_kind(kind: str, cell: Any, said: str) -> None:
    frame, options = with_cell(kind, cell)
    with pytest.raises(DataError, match=said):
        control_chart(frame, kind, **options)


@pytest.mark.parametrize("kind", ALL)
def test_whole_columns_of_no_use_are_refused(kind: str) -> None:
    frame, options = table(kind, 24, 3)
    name = value_of(options)
    with pytest.raises(DataError, match="complex"):
        control_chart(frame.assign(**{name: frame[name] + 0j}), kind, **options)
    with pytest.raises(DataError, match="2 columns named"):
        control_chart(pd.concat([frame, frame[[name]] + 1], axis=1), kind, **options)
    with pytest.raises(DataError, match="too small"):
        control_chart(frame.assign(**{name: frame[name] * 1e-300}), kind, **options)


@pytest.mark.parametrize("kind", VALUE)
@pytest.mark.parametrize("level", [0.1, 1 / 3, 123456.789])
@pytest.mark.parametrize("sigma", [None, "overall", "median-moving-range"])
def test_equal_values_have_no_spread_whatever_their_rounding(kind: str, level: float, sigma: str | None) -> None:
    chart = control_chart(np.full(20, level), kind, sigma=None if kind == "run" else sigma)
    assert len(chart.signals) == 0
    assert kind == "run" or chart.sigma == 0
    assert kind == "run" or "no-spread" in {c.code for c in chart.caveats}


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s", "i-mr-rs(within=sd)", "ewma"])
@pytest.mark.parametrize("sigma", [None, "overall", "pooled", "sbar", "rbar-weighted"])
def test_equal_subgroups_have_no_spread_whatever_their_rounding(kind: str, sigma: str | None) -> None:
    if name_of(kind) == "i-mr-rs" and sigma not in (None, "overall"):
        pytest.skip("an estimator of individuals is wanted")
    chart = control_chart(np.full((20, 7), 0.1), kind, sigma=sigma)
    assert (len(chart.signals), chart.sigma) == (0, 0)


def test_equal_deviations_have_no_spread() -> None:
    nominal = np.tile([50.0, 90.0], 12)
    frame = pd.DataFrame({"y": nominal + 0.1, "nominal": nominal})
    chart = control_chart(frame, "dnom", value="y", nominal="nominal")
    assert (len(chart.signals), chart.sigma) == (0, 0)


def test_equal_proportions_have_no_spread() -> None:
    size = np.tile([70, 30, 110], 8)
    chart = control_chart(pd.DataFrame({"x": size // 10, "n": size}), "laney-p", value="x", size="n")
    assert (len(chart.signals), chart.sigma) == (0, 0)


def test_real_spread_beside_a_high_level_stays() -> None:
    x = 1e9 + np.random.default_rng(1).normal(0, 1e-3, 30)
    assert control_chart(x).sigma == pytest.approx(np.abs(np.diff(x)).mean() / 1.1283791670955126)


def test_masked_values_are_missing() -> None:
    x = np.random.default_rng(1).normal(10, 1, 24)
    mask = np.arange(24) == 4
    gap = np.where(mask, np.nan, x)
    masked, plain = control_chart(np.ma.masked_array(x, mask)), control_chart(gap)
    assert masked.rows == plain.rows
    assert masked.provenance == plain.provenance
    wide = control_chart(np.ma.masked_array(x, mask).reshape(8, 3), "t2")
    assert wide.provenance == control_chart(gap.reshape(8, 3), "t2").provenance


def test_lists_of_rows_take_none_and_refuse_ragged_ones() -> None:
    rows = [[1.0, 2.0, None], [3.0, 4.0, 5.0], [2.0, 3.0, 4.0]]
    held = np.array(rows, dtype=float)
    assert control_chart(rows, "xbar-r").provenance == control_chart(held, "xbar-r").provenance
    with pytest.raises(DataError, match="unequal length"):
        control_chart([[1, 2], [3, 4, 5]], "xbar-r")


@pytest.mark.parametrize("data", [3.0, None, "abc", {"a": 1}, (v for v in (1, 2)), {1.0, 2.0}])
def test_what_is_no_table_is_told_by_its_type(data: Any) -> None:
    with pytest.raises(DataError, match=f"of type {type(data).__name__}"):
        control_chart(data)


def test_counts_alone_need_no_name() -> None:
    counts = [3, 4, 2, 5, 3, 4]
    named = control_chart(pd.Series(counts, name="faults"), "c")
    assert named.metric == "faults"
    assert lines(named)[0].tolist() == lines(control_chart(pd.DataFrame({"faults": counts}), "c"))[0].tolist()


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    "asked",
    [
        {"nsigma": "3"}, {"nsigma": 20}, {"nsigma": True}, {"sigma": np.array([1.0])}, {"sigma": decimal.Decimal(1)},
        {"center": "5"}, {"center": 1e300}, {"baseline": "²"}, {"baseline": 20.0}, {"baseline": (1, 2, 3)},
        {"exclude": "³"}, {"exclude": 3.5}, {"exclude": "3-"}, {"time": 5}, {"stage": 5}, {"value": 5},
        {"subgroup": 2.5}, {"subgroup": True}, {"events": 3}, {"events": "file.csv"}, {"rules": np.array([1, 2])},
    ],
    ids=repr,
)  # fmt: skip
def test_a_setting_of_the_wrong_sort_is_refused_in_one_sentence(kind: str, asked: dict[str, Any]) -> None:
    frame, options = table(kind, 24, 3)
    with pytest.raises((SettingsError, DataError)):
        control_chart(frame, kind, **{**options, **asked})


@pytest.mark.parametrize("kind", ["i-mr", "p", "laney-u"])
def test_numbers_of_numpy_are_settings_like_any(kind: str) -> None:
    frame, options = table(kind, 24, 3)
    plain = control_chart(frame, kind, **options, nsigma=2.0, center=0.25, baseline=10, rollout=["13"], exclude=[3])
    odd = control_chart(
        frame, kind, **options, nsigma=np.float32(2), center=np.float64(0.25), baseline=np.int64(10),
        rollout=np.array([13]), exclude=3,
    )  # fmt: skip
    assert odd.to_json() == plain.to_json()
    assert text(odd.document()) == text(plain.document())


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("p", {"center": 1.5}, "between 0 and 1"), ("np", {"center": 0}, "between 0 and 1"),
        ("laney-p", {"center": -1}, "between 0 and 1"), ("c", {"center": -1}, "above 0"),
        ("t", {"center": -2}, "above 0"),
        ("u", {"sigma": 2.0}, "poisson"), ("g", {"sigma": 2.0}, "geometric"),
        ("run", {"sigma": 2.0}, "no limits"),
        ("z-mr", {"center": 2.0}, "centre of each part"), ("g(center=median)", {"center": 9.0}, "median"),
        ("t2", {"center": 2.0}, "several variables"), ("t(method=exponential)", {"sigma": 2.0}, "one parameter"),
    ],
)  # fmt: skip
def test_a_known_center_or_sigma_without_meaning_is_refused(kind: str, asked: dict[str, Any], said: str) -> None:
    frame, options = table(kind, 24, 3)
    with pytest.raises(SettingsError, match=said):
        control_chart(frame, kind, **options, **asked)


def test_a_known_center_of_rare_events_moves_the_limits() -> None:
    x = np.array([3.0, 8.0, 20.0, 5.0, 11.0, 30.0, 2.0, 9.0])
    g = control_chart(x, "g", center=10).panels[0]
    assert (g.center[0], g.upper[0]) == (10, pytest.approx(10 + 3 * np.sqrt(10 * 11)))
    times = control_chart(x, "t", center=10).panels[0]
    assert times.center[0] == pytest.approx(10)
    exponential = control_chart(x, "t(method=exponential)", center=10 * np.log(2)).panels[0]
    assert exponential.upper[0] == pytest.approx(-10 * np.log(0.0013498980316301035))


def test_an_unknown_kind_offers_a_near_one() -> None:
    with pytest.raises(SettingsError, match="did you mean xbar-r"):
        control_chart([1.0, 2.0], "xbar_R")


def test_a_point_is_left_out_by_its_label() -> None:
    frame = pd.DataFrame({"lot": np.repeat(["L1", "L2", "L3", "L4"], 3), "y": np.arange(12.0) % 5})
    by_label = control_chart(frame, value="y", subgroup="lot", exclude=["L3"])
    assert by_label.excluded.tolist() == [False, False, True, False]


def test_no_rollout_in_a_list_is_no_rollout() -> None:
    x = np.arange(12.0) % 5
    assert [s.name for s in control_chart(x, rollout=[]).stages] == ["all"]


def test_an_empty_subgroup_has_no_center_of_its_range() -> None:
    frame = pd.DataFrame({"g": np.repeat(np.arange(6), [2, 3, 2, 2, 4, 3]), "y": np.arange(16.0) % 5})
    frame.loc[frame["g"] == 3, "y"] = np.nan
    panel = control_chart(frame, "xbar-r", value="y", subgroup="g").panels[1]
    assert np.isnan([panel.center[3], panel.upper[3], panel.lower[3]]).all()


STREAMED = [kind for kind in ALL if name_of(kind) != "run"]


def state_of(stream: Any) -> str:
    held = [(t.value.tolist(), t.sigma.tolist()) for t in stream._tail]
    return repr((stream._state, stream._points, held))


@pytest.mark.parametrize("kind", STREAMED)
@pytest.mark.parametrize("piece", ["abc", np.ones((2, 2, 2, 2)), [[1, 2], [3]], [1e300], [np.inf], [True]], ids=repr)
def test_a_refused_piece_leaves_the_stream_as_it_was(kind: str, piece: Any) -> None:
    frame, options = table(kind, 40, 5)
    stream = control_chart(rows_of(frame, options, 0, 30), kind, **options).stream()
    more = fed(frame, options, 30, 35)
    stream.feed(**more)
    before = state_of(stream)
    with pytest.raises((DataError, SettingsError)):
        stream.feed(**{**more, "value": piece})
    assert state_of(stream) == before


@pytest.mark.parametrize("kind", STREAMED)
def test_empty_pieces_change_nothing(kind: str) -> None:
    frame, options = table(kind, 40, 5)
    first = control_chart(rows_of(frame, options, 0, 30), kind, **options)
    plain, broken = first.stream(), first.stream()
    points = fed(frame, options, 30, 40)
    nothing = {name: values[:0] for name, values in points.items()}
    assert len(broken.feed(**nothing).signals) == 0
    for name, parts in (("early", (0, 4)), ("late", (4, 10))):
        piece = {key: values[slice(*parts)] for key, values in points.items()}
        broken.feed(**nothing)
        a, b = plain.feed(**piece), broken.feed(**piece)
        assert (a.first, list(a.signals)) == (b.first, list(b.signals)), name


@pytest.mark.parametrize(
    ("kind", "piece", "said"),
    [
        ("i-mr", {"value": np.ones((3, 2))}, "one value a point"), ("xbar-r", {"value": [1.0, 2.0]}, "subgroups"),
        ("t2", {"value": np.ones((3, 3))}, "2 variables"), ("p", {"value": [3], "size": [5, 6]}, "size has the shape"),
        ("np", {"value": [30], "size": [20]}, "more events than inspected"), ("c", {"value": [2.5]}, "whole number"),
        ("z-mr", {"value": [50.0]}, "needs part"),
        ("z-mr", {"value": [50.0], "part": ["x"]}, "no point in the baseline"),
        ("dnom", {"value": [50.0]}, "needs nominal"), ("t", {"value": [-1.0]}, "times from 0"),
        ("i-mr", {"value": [1.0], "size": 3}, "takes no size"),
    ],
)  # fmt: skip
def test_a_piece_of_another_shape_is_refused(kind: str, piece: dict[str, Any], said: str) -> None:
    frame, options = table(kind, 30, 5)
    stream = control_chart(frame, kind, **options).stream()
    with pytest.raises((DataError, SettingsError), match=said):
        stream.feed(**piece)


def test_a_column_of_subgroups_is_not_told_as_the_time() -> None:
    # replayed with it as the time, point 3 would be the subgroup labelled 3
    frame, options = table("xbar-r", 20, 3)
    chart = control_chart(frame, "xbar-r", **options, exclude="3")
    assert "--time" not in chart.provenance.command


@pytest.mark.parametrize(
    ("kind", "draw", "center"),
    [
        ("g", lambda rng: rng.geometric(0.05, 25) - 1, 19.0),
        ("g(count=including)", lambda rng: rng.geometric(0.05, 25), 20.0),
        ("c(limits=probability)", lambda rng: rng.poisson(9, 25), 9.0),
        ("run", lambda rng: rng.normal(size=24), None),
    ],
)
def test_the_price_of_a_law_is_what_a_steady_process_pays(kind: str, draw: Any, center: float | None) -> None:
    rng = np.random.default_rng(20240601)
    rules = "nelson" if kind == "run" else "1"
    charts = [control_chart(draw(rng), kind, rules=rules, center=center) for _ in range(2000)]
    told = charts[0].false_alarm
    seen = np.mean([len(chart.signals) > 0 for chart in charts])
    assert told.method == "exact"
    assert abs(seen - told.this_chart) < 3 * np.sqrt(told.this_chart * (1 - told.this_chart) / len(charts))


@pytest.mark.parametrize("n", [10, 12, 16])
def test_orders_about_a_median_are_counted_as_they_are(n: int) -> None:
    longest, least = longest_run_limit(n), crossings_limit(n)
    broken = []
    for above in itertools.combinations(range(n), n // 2):
        runs = [len(list(run)) for _, run in itertools.groupby(i in above for i in range(n))]
        broken.append(max(runs) > longest or len(runs) - 1 < least)
    assert anhoej_false_alarm(n, halved=True) == pytest.approx(np.mean(broken), rel=1e-9)


def test_a_raised_digit_is_a_column_and_no_size() -> None:
    assert [subgroup_of(text) for text in ("²", "5", None)] == ["²", 5, None]
