"""Run lengths by the public name: shapes, settings, the way back, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import sigmatool
from sigmatool.designs import CUSUM, EWMA, MA
from sigmatool.errors import SettingsError
from sigmatool.numbers.run_length_cusum import cusum_steady
from sigmatool.numbers.runs import NELSON, Pattern, fired
from sigmatool.planning import arl, design

WESTERN_ELECTRIC = (
    Pattern("limits"), Pattern("beyond", 3, 2.0, 2), Pattern("beyond", 5, 1.0, 4), Pattern("beyond", 8),
)  # fmt: skip


def test_a_number_gives_numbers_and_an_array_arrays() -> None:
    one, many = arl("i-mr", 1.0), arl("i-mr", [[0.0, 1.0], [2.0, 3.0]])
    assert isinstance(one.arl, float)
    for name in ("arl", "median", "steady_state"):
        got = getattr(many, name)
        assert got.shape == (2, 2)
        assert got[0, 1] == getattr(one, name)
    assert many.within(10).shape == many.quantile(0.9).shape == (2, 2)
    assert many.to_frame()["shift"].tolist() == [0.0, 1.0, 2.0, 3.0]
    assert "370.4 points" in many.headline
    assert "a shift of 1 sigma" in one.headline


def test_known_numbers() -> None:
    assert arl("i-mr").arl == pytest.approx(370.398347, rel=1e-8)
    assert arl("i-mr").median == 257
    assert arl("xbar-s", 1.0, n=4).arl == pytest.approx(6.302963, rel=1e-6)
    assert arl(EWMA(0.1, "asymptotic"), 0.5, nsigma=2.814, n=4).arl == pytest.approx(10.33067, rel=1e-6)
    assert arl("ewma(weight=0.1)", nsigma=2.814).arl == pytest.approx(486.42933, rel=1e-6)
    assert arl("cusum(decision=4, head_start=2)", 1.0).arl == pytest.approx(5.2868862, rel=1e-6)
    assert arl("i-mr", rules=WESTERN_ELECTRIC).arl == pytest.approx(91.7528, abs=1e-3)
    assert arl("cusum", 1.0).within(10) == pytest.approx(1 - float(arl("cusum", 1.0).distributions[0].survival(10)))


def test_one_side_looks_one_way() -> None:
    for chart in ("i-mr", EWMA(0.2, "asymptotic"), "cusum"):
        up, down = arl(chart, [-1.0, 1.0], sides="upper"), arl(chart, [1.0, -1.0], sides="lower")
        np.testing.assert_allclose(up.arl, down.arl, rtol=1e-10)
        np.testing.assert_allclose(up.steady_state, down.steady_state, rtol=1e-10)
        assert up.arl[0] > 100 * up.arl[1]
    assert arl("cusum", 1.0).steady_state == cusum_steady(0.5, 5.0, 1.0)


@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_rules_that_compare_points_are_simulated(shift: float) -> None:
    """Against 20,000 series of 800 points; seed 51."""
    found = arl("i-mr", shift, rules=NELSON)
    x = np.random.default_rng(51).standard_normal((20_000, 800)) + shift
    any_of = np.logical_or.reduce(fired(NELSON, x, 0.0, 1.0))
    run = np.where(any_of.any(axis=1), any_of.argmax(axis=1) + 1, 800)
    assert abs(run.mean() / found.arl - 1) < 5 * np.sqrt(1 / 20_000 + 1 / 4_000)
    assert abs((run <= 25).mean() - found.within(25)) < 0.03
    assert abs(np.quantile(run, 0.5) / found.median - 1) < 0.08
    assert np.isnan(found.steady_state)


@pytest.mark.parametrize("chart", ["i-mr", "xbar-r", EWMA(0.3), EWMA(0.3, "asymptotic"), CUSUM(0.4), CUSUM(0.5, 6, 2)])
def test_the_way_back(chart: Any) -> None:
    for wanted in (100.0, 500.0):
        found = design(chart, wanted)
        assert arl(found.chart, nsigma=found.nsigma).arl == pytest.approx(wanted, rel=1e-6)
    one = design(CUSUM(), 200.0, sides="upper")
    assert arl(one.chart, sides="upper").arl == pytest.approx(200.0, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: arl("p"), "chart 'p' has no run length here"),
        (lambda: arl(MA()), "chart 'ma' has no run length here"),
        (lambda: design("t2", 100.0), "chart 't2' has no run length here"),
        (lambda: arl("ewma", rules=WESTERN_ELECTRIC), "rules are for i-mr"),
        (lambda: arl("i-mr", np.nan), "shift must be a finite number"),
        (lambda: arl("i-mr", n=0), "n must be a whole number"),
        (lambda: arl("i-mr", nsigma=-1.0), "nsigma must be above 0"),
        (lambda: arl("i-mr", sides="left"), "sides must be one of"),
        (lambda: arl("ewma", sides="upper"), "a one-sided EWMA has asymptotic limits"),
        (lambda: arl("cusum(decision=90)"), "signals are too rare"),
        (lambda: arl("i-mr").quantile(1.0), "q must be a chance"),
        (lambda: arl("i-mr").within(-1), "points must be 0 or more"),
        (lambda: design("cusum", 0.5), "a run length of 0.5 cannot be designed for"),
    ],
)
def test_nonsense_is_refused(call: Any, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        call()


def test_it_loads_no_more_than_it_needs() -> None:
    script = (
        "import sys, sigmatool.planning as p; p.arl('cusum'); "
        "print([m for m in ('pandas', 'scipy.integrate', 'scipy.optimize', 'scipy.stats') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_rules_come_from_a_drawn_chart() -> None:
    chart = sigmatool.control_chart([1.0, 2.0, 1.0, 3.0, 2.0], rules="western-electric")
    assert arl("i-mr", rules=chart.rules).arl == pytest.approx(91.75, abs=0.01)
