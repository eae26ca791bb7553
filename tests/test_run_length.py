"""Run lengths: the whole distribution against simulation, and limits for a wanted ARL."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmatool.numbers.run_length import RunLength
from sigmatool.numbers.run_length_cusum import cusum, cusum_arl, cusum_steady
from sigmatool.numbers.run_length_design import cusum_decision, ewma_limit, shewhart_limit, variance_ewma_limit
from sigmatool.numbers.run_length_ewma import ewma, ewma_arl, ewma_steady
from sigmatool.numbers.run_length_shewhart import shewhart
from sigmatool.numbers.run_length_variance import variance_ewma, variance_ewma_arl, variance_ewma_steady


def runs_of(
    step: Any, start: np.ndarray, seed: int, shift: float, count: int = 40_000, quiet: int = 0, df: int = 0
) -> np.ndarray:
    """Simulated run lengths; ``step(state, x, t)`` gives the next state and whether it is silent.

    ``start`` (d,) is the state before the first point. With ``quiet`` points before the change, only the runs that
    are silent through them count.
    """
    rng = np.random.default_rng(seed)
    state = np.repeat(start[:, None].astype(float), count, axis=1)
    out, t = [], 0
    while state.shape[1]:
        t += 1
        x = rng.standard_normal(state.shape[1]) + (shift if t > quiet else 0.0)
        state, silent = step(state, x, t)
        if t > quiet:
            out.append(np.full(int((~silent).sum()), t - quiet))
        state = state[:, silent]
    return np.concatenate(out)


def arms(k: float, h: float) -> Any:
    def step(state: np.ndarray, x: np.ndarray, t: int) -> tuple[np.ndarray, np.ndarray]:
        after = np.maximum(0, state + np.stack([x, -x]) - k)
        return after, (after <= h).all(axis=0)

    return step


def average(weight: float, nsigma: float, exact: bool) -> Any:
    def step(state: np.ndarray, x: np.ndarray, t: int) -> tuple[np.ndarray, np.ndarray]:
        after = (1 - weight) * state + weight * x
        settled = 1 - (1 - weight) ** (2 * t) if exact else 1.0
        return after, np.abs(after[0]) <= nsigma * np.sqrt(weight / (2 - weight) * settled)

    return step


def check_simulated(run: RunLength, simulated: np.ndarray) -> None:
    """Mean and the chance of silence within five standard errors."""
    assert abs(simulated.mean() - run.mean) <= 5 * simulated.std() / np.sqrt(simulated.size)
    for n in (1, 2, 3, 5, 10, 40, 200):
        chance = float(run.survival(n))
        error = np.sqrt(max(chance * (1 - chance), 1e-4) / simulated.size)
        assert abs((simulated > n).mean() - chance) <= 5 * error, n


@pytest.mark.parametrize(
    ("k", "h", "shift", "head"),
    [
        (0.5, 3, 0.0, 0.0), (0.5, 3, 0.5, 1.5), (0.5, 4, 0.0, 3.5), (0.25, 3, 0.5, 2.8), (0.1, 3, 0.0, 2.9),
        (0, 2, 0.3, 1.5),
    ],
)  # fmt: skip
def test_two_arms_are_what_a_simulation_gives(k: float, h: float, shift: float, head: float) -> None:
    """Also from head starts so high that both arms could signal at once. Seed 31."""
    check_simulated(cusum(k, h, shift, head), runs_of(arms(k, h), np.full(2, head), 31, shift))


@pytest.mark.parametrize("limits", ["asymptotic", "exact"])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_an_ewma_is_what_a_simulation_gives(limits: Any, shift: float) -> None:
    """Seed 32."""
    simulated = runs_of(average(0.3, 2.2, limits == "exact"), np.zeros(1), 32, shift)
    check_simulated(ewma(0.3, 2.2, shift, limits), simulated)


def test_the_steady_state_is_what_a_long_silence_leaves() -> None:
    """Both arms of a CUSUM, and an EWMA; the change comes after 30 silent points. Seed 33."""
    for step, start, exact in (
        (arms(0.25, 3.0), np.zeros(2), cusum_steady(0.25, 3.0, 0.5)),
        (average(0.3, 2.2, False), np.zeros(1), ewma_steady(0.3, 2.2, 0.5)),
    ):
        simulated = runs_of(step, start, 33, 0.5, count=200_000, quiet=30)
        assert abs(simulated.mean() - exact) <= 4 * simulated.std() / np.sqrt(simulated.size)


def test_a_variance_ewma_is_what_a_simulation_gives() -> None:
    """One degree of freedom, where the density has a pole. Seed 34."""

    def step(state: np.ndarray, x: np.ndarray, t: int) -> tuple[np.ndarray, np.ndarray]:
        after = 0.8 * state + 0.2 * x**2
        return after, after[0] <= 2.5

    check_simulated(variance_ewma(0.2, 2.5, df=1), runs_of(step, np.ones(1), 34, 0.0))
    # with all the weight on the newest variance it is a Shewhart chart of the variance
    plain = variance_ewma(1.0, 4.0, df=1)
    assert plain.mean == pytest.approx(shewhart(2.0).mean, rel=1e-9)
    assert variance_ewma_steady(1.0, 4.0, 1.5, df=1) == pytest.approx(shewhart(2.0 / 1.5).mean, rel=1e-9)


def test_an_ewma_of_weight_one_is_a_shewhart_chart() -> None:
    for shift in (0.0, 0.7, 2.0):
        assert ewma(1.0, 3.0, shift).mean == pytest.approx(shewhart(3.0, shift).mean, rel=1e-10)
        assert ewma_steady(1.0, 3.0, shift) == pytest.approx(shewhart(3.0, shift).mean, rel=1e-10)


def test_one_over_arl_adds_up_from_zero_only() -> None:
    def harmonic(head: float) -> float:
        return 1 / sum(1 / cusum_arl(0.5, 4.0, 0.3, head, side) for side in ("upper", "lower"))

    assert cusum_arl(0.5, 4.0, 0.3) == pytest.approx(harmonic(0.0), rel=1e-12)
    assert abs(cusum_arl(0.5, 4.0, 0.3, 2.0) / harmonic(2.0) - 1) > 0.01


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 1.0), st.floats(1.5, 3.5), st.floats(-2.0, 2.0))
def test_a_distribution_agrees_with_itself(weight: float, nsigma: float, shift: float) -> None:
    for run in (ewma(weight, nsigma, shift), cusum(weight / 2, nsigma, shift, nsigma / 2)):
        points = np.arange(1, 200_000)
        chance = run.pmf(points)
        assert (chance >= -1e-12).all()
        whole = run.head.sum() - run.head[-1] + run.head[-1] / (1 - run.ratio)
        assert whole == pytest.approx(run.mean, rel=1e-6)
        for q in (0.05, 0.5, 0.95):
            n = run.quantile(q)
            assert 1 - run.survival(n) >= q - 1e-9
            assert n <= 1 or 1 - run.survival(n - 1) < q + 1e-9


@settings(max_examples=20, deadline=None)
@given(st.floats(8.0, 5_000.0))
def test_a_designed_limit_gives_its_run_length(wanted: float) -> None:
    assert shewhart(shewhart_limit(wanted)).mean == pytest.approx(wanted, rel=1e-9)
    assert shewhart(shewhart_limit(wanted, "upper"), sides="upper").mean == pytest.approx(wanted, rel=1e-9)
    assert ewma_arl(0.2, ewma_limit(0.2, wanted, "exact"), 0.0, "exact") == pytest.approx(wanted, rel=1e-6)
    assert cusum_arl(0.5, cusum_decision(0.5, wanted)) == pytest.approx(wanted, rel=1e-6)
    assert variance_ewma_arl(0.1, variance_ewma_limit(0.1, wanted)) == pytest.approx(wanted, rel=1e-6)


def test_a_mirrored_shift_mirrors_the_arms() -> None:
    for shift in (0.5, 1.5):
        assert cusum_arl(0.5, 4.0, shift, 1.0) == pytest.approx(cusum_arl(0.5, 4.0, -shift, 1.0), rel=1e-10)
        assert cusum_arl(0.5, 4.0, shift, 1.0, "upper") == pytest.approx(cusum_arl(0.5, 4.0, -shift, 1.0, "lower"))
        assert ewma_arl(0.2, 3.0, shift) == pytest.approx(ewma_arl(0.2, 3.0, -shift), rel=1e-10)


def test_a_huge_shift_leaves_one_arm() -> None:
    for shift, points in ((50.0, 1.0), (-50.0, 1.0), (4.0, cusum_arl(0.5, 5.0, 4.0, 0.0, "upper"))):
        assert cusum(0.5, 5.0, shift).mean == pytest.approx(points, rel=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ewma(0.0, 3.0), lambda: ewma(0.2, 3.0, limits="exact", sides="upper"), lambda: ewma(1e-6, 3.0),
        lambda: cusum(0.5, 4.0, head_start=5.0), lambda: cusum(-1.0, 4.0), lambda: cusum(0.5, 5.0, -50.0, 0.0, "upper"),
        lambda: cusum(0.5, 60.0),
        lambda: variance_ewma(0.1, 0.5), lambda: shewhart(0.0), lambda: shewhart(50.0),
        lambda: shewhart().quantile(1.0),
        lambda: cusum_decision(0.5, 0.5), lambda: cusum_decision(0.5, 2.0, 3.0), lambda: shewhart_limit(1.5, "upper"),
    ],
)  # fmt: skip
def test_nonsense_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*"):
        call()
