"""The verb: limits of values to come, by the method that the data allow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sigmatool.capability.tolerance import tolerance_interval
from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers.tolerance import tolerance_factor
from sigmatool.selftest.cases import shipped

NILE = next(case for case in shipped("tolerance") if case.id == "normtol-nile").data["x"]


def test_normal_limits_of_the_reference() -> None:
    found = tolerance_interval(NILE)
    assert (found.lower, found.upper) == pytest.approx((541.315728536143, 1297.38427146386), rel=2e-4)
    assert found.method == "normal"
    body = found.to_dict()
    assert body["schema"] == "sigmatool.tolerance/1"
    assert body["factor"] == pytest.approx(tolerance_factor(100))
    assert body["attained_confidence"] == pytest.approx(0.95)
    assert body["needed"]["nonparametric"] == 93
    assert body["nonparametric"]["lower"] == 456
    assert "95 % of the values lie between 541.3" in found.headline


def test_nonparametric_limits_of_the_reference() -> None:
    found = tolerance_interval(NILE, coverage=0.9, method="nonparametric")
    assert (found.lower, found.upper) == (649, 1260)
    both = tolerance_interval(NILE, coverage=0.9, sides=1, method="nonparametric")
    assert (both.lower, both.upper) == (694, 1220)


@pytest.mark.parametrize(("sides", "key"), [("lower", "lower_one_sided"), ("upper", "upper_one_sided")])
def test_one_limit(sides: str, key: str) -> None:
    case = next(case for case in shipped("tolerance") if case.id == "normtol-nile")
    found = tolerance_interval(NILE, sides=sides)
    limit, other = (found.lower, found.upper) if sides == "lower" else (found.upper, found.lower)
    assert limit == pytest.approx(case.expected[key], rel=1e-6)
    assert np.isnan(other)
    assert found.to_dict()["upper" if sides == "lower" else "lower"] is None
    assert ("at least" if sides == "lower" else "at most") in found.headline
    assert found.document().sections


def test_values_that_are_not_normal_get_both() -> None:
    x = np.random.default_rng(1).lognormal(0, 0.8, 300)
    found = tolerance_interval(x, sides="upper")
    assert "not-normal" in [c.code for c in found.caveats]
    assert found.study.beside is not None
    assert found.study.beside.upper > found.upper
    assert "not normal" in found.headline
    few = tolerance_interval(x[:40], sides="upper")
    assert few.study.beside is None
    text = next(c.text for c in few.caveats if c.code == "not-normal")
    assert "59 values" in text


def test_few_values_say_nothing_of_normality() -> None:
    assert [c.code for c in tolerance_interval([1.0, 2.0, 4.0]).caveats] == ["normality-unknown"]


def test_howe_is_near_the_exact_factor() -> None:
    exact, howe = tolerance_interval(NILE), tolerance_interval(NILE, method="howe")
    assert howe.method == "howe"
    assert howe.upper == pytest.approx(exact.upper, rel=2e-3)
    assert howe.study.limits.attained == pytest.approx(0.95, abs=0.005)


def test_neighbours_that_hang_together_are_told() -> None:
    x = np.cumsum(np.random.default_rng(3).normal(size=80))
    assert "autocorrelated" in [c.code for c in tolerance_interval(x).caveats]


def test_limits_hold_what_they_promise() -> None:
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(300):
        found = tolerance_interval(rng.exponential(size=100), coverage=0.9, sides="upper", method="nonparametric")
        held += 1 - np.exp(-found.upper) >= 0.9
    assert held / 300 >= 0.93


def test_counts_of_the_next_sample() -> None:
    table = pd.DataFrame({"late": [2, 1, 0, 1], "sent": [12, 13, 12, 13]})
    found = tolerance_interval(table, value="late", size="sent", coverage=0.9, next_size=50)
    assert (found.lower, found.upper) == (0, 14)
    assert found.method == "binomial"
    assert [c.code for c in found.caveats] == ["method-chosen"]
    assert "90 % of samples of 50 sent will have 0 to 14 late" in found.headline
    rate = tolerance_interval(table, value="late", size="sent", coverage=0.9, method="poisson", next_size=50)
    assert (rate.lower, rate.upper) == (0, 16)
    assert rate.to_dict()["needed"] is None
    assert rate.document().sections


def test_counts_that_differ_by_more_than_chance_are_told() -> None:
    table = pd.DataFrame({"late": [2, 30, 1, 25, 3, 28], "sent": [100] * 6})
    codes = [c.code for c in tolerance_interval(table, value="late", size="sent", method="binomial").caveats]
    assert codes == ["overdispersed"]


def test_rows_gaps_and_exclusions() -> None:
    found = tolerance_interval([*NILE, None, 99999.0], exclude=[102])
    assert found.n == 100
    assert (found.rows.missing, found.rows.excluded) == (1, 1)
    frame = found.to_frame()
    assert len(frame) == 100
    assert int((~frame["inside"]).sum()) == sum(x < found.lower or x > found.upper for x in NILE)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_scale_moves_the_limits_along(scale: float) -> None:
    plain, scaled = tolerance_interval(NILE), tolerance_interval(np.array(NILE) * scale)
    assert (scaled.lower / scale, scaled.upper / scale) == pytest.approx((plain.lower, plain.upper), rel=1e-12)


@pytest.mark.parametrize(
    ("data", "settings", "words"),
    [
        ([3.0, 3.0, 3.0], {}, "no spread"),
        ([0.1] * 20, {}, "no spread"),
        ([1.0], {}, "at least 2"),
        (NILE[:50], {"method": "nonparametric"}, "need 93 values"),
        ([1.0, 2.0, 3.0], {"exclude": [1, 2]}, "1 value left"),
    ],
)
def test_data_that_allow_no_limits(data: Any, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        tolerance_interval(data, **settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sides": 3}, "sides"),
        ({"coverage": 95}, "coverage"),
        ({"confidence": 1.0}, "confidence"),
        ({"method": "binomial"}, "measurements"),
        ({"next_size": 5}, "size"),
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        tolerance_interval(NILE, **settings)


def test_the_picture_shows_both_limits_twice() -> None:
    figures = tolerance_interval(NILE).figure().figures
    assert len(figures) == 2
    for figure in figures:
        assert sum(mark.role == "limit" for mark in figure.panels[0].marks) == 2


def test_the_command_makes_it_again() -> None:
    found = tolerance_interval(NILE, coverage=0.99, sides="upper", title="Flow")
    assert found.provenance.command.endswith("--coverage 0.99 --sides upper --title Flow")
