"""Is the process stable enough to speak of its capability, or only of its performance so far?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..charts.limits_file import FrozenLimits
from ..numbers.autoregression import WITH_WANDER, NoiseGrid, Series
from ..numbers.spread import heavy_tails, normal_scores
from ..numbers.stability import SMALLEST, Stability, stability
from .gate_words import ALONE, INSIDE, PATTERNS, QUIET, TOO_FEW, against_frozen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WHITE = NoiseGrid(np.zeros(1), np.zeros(1), np.zeros(1))
"""Spreads inside the subgroups of a stable process do not depend on each other: else it would not be stable."""

LONGEST = 2_000
"""Points beyond which stability is judged on means of neighbours: patterns of that length need no finer look."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the points are one stable process.

    Attributes
    ----------
    stable : bool or None
        None where too few points are there to say.
    reason : str
        What speaks against it, or what was looked at.
    p, alpha : float
        Chance that a stable process looks at least this patterned, and what it is held against; NaN against frozen
        limits.
    autocorrelation : float
        Of neighbouring points; 0 where they are too few.
    points : int
        That were looked at: means of neighbours where they are many.
    beyond : tuple of int
        Points (from 1) that stand alone, or lie beyond the frozen limits.
    judged_by : {"stability test", "frozen limits", "too few points"}
    """

    stable: bool | None
    reason: str
    p: float
    alpha: float
    autocorrelation: float
    points: int
    beyond: tuple[int, ...]
    judged_by: str


def gate(points: Floats, sizes: Ints, frozen: FrozenLimits | None = None, spreads: Floats | None = None) -> Gate:
    """Judge a series of points.

    Parameters
    ----------
    points : (k,) array
        Values, or means of subgroups, in order; NaN is a gap.
    sizes : (k,) array
        Values in each point.
    frozen : FrozenLimits, optional
        Then only these limits decide: the study is not judged by limits made from itself.
    spreads : (k,) array, optional
        Standard deviations inside the subgroups, which are judged beside their means.

    Notes
    -----
    The stability test of :mod:`sigmatool.numbers.stability`, which has one known false-alarm probability (5 %) for the
    whole series and allows for autocorrelation; on ranks where the points have heavy tails or are skewed. With
    subgroups the means and the spread inside (taken as independent, its variance as a cube root: Wilson & Hilferty
    1931, so that it is near normal) are judged at half of it each.

    Examples
    --------
    >>> steps = np.repeat([0.0, 5.0], 15) + np.tile([0.1, -0.2, 0.3], 10)
    >>> gate(steps, np.ones(30, dtype=np.int64)).stable
    False
    """
    if frozen is not None:
        return _against(points, sizes, frozen)
    seen = np.flatnonzero(np.isfinite(points))
    if seen.size < SMALLEST or np.ptp(points[seen]) == 0:
        reason = TOO_FEW.format(points=seen.size, needed=SMALLEST)
        return Gate(None, reason, np.nan, np.nan, 0.0, int(seen.size), (), "too few points")
    level, autocorrelation, places = _tested(points, sizes, seen)
    parts = [(level, PATTERNS)]
    if spreads is not None:
        known = np.flatnonzero(np.isfinite(spreads) & (spreads > 0))
        if known.size >= SMALLEST and np.ptp(spreads[known]) > 0:
            parts.append((_tested(spreads ** (2 / 3), np.ones_like(sizes), known, WHITE)[0], INSIDE))
    worst, patterns = min(parts, key=lambda part: part[0].p / part[0].alpha)
    alpha = worst.alpha / len(parts)
    alone = tuple(int(places[i]) + 1 for i in level.spikes)
    lonely = len(alone) >= 2 and not level.heavy
    if worst.p <= alpha:
        reason = patterns[int(np.argmin(worst.patterns))]
    elif lonely:
        reason = ALONE.format(points=len(alone))
    else:
        reason = QUIET
    stable = worst.p > alpha and not lonely
    return Gate(stable, reason, worst.p, alpha, max(autocorrelation, 0.0), places.size, alone, "stability test")


def _tested(points: Floats, sizes: Ints, seen: Ints, grid: NoiseGrid = WITH_WANDER) -> tuple[Stability, float, Ints]:
    """The test of the points that are there, their autocorrelation, and where they stand."""
    y, positions, places = _condensed(points, seen)
    relative = np.sqrt(sizes[seen].mean() / sizes[seen]) if y.size == seen.size else np.ones(y.size)
    noise = Series(y, {"one": np.ones(y.size)}, positions, relative, grid).fit(["one"])
    residual = (y - np.average(y, weights=relative**-2)) / relative
    heavy = heavy_tails(residual)
    found = stability(normal_scores(residual) if heavy else residual / residual.std(ddof=1), noise, heavy)
    return found, noise.autocorrelation, places


def _condensed(points: Floats, seen: Ints) -> tuple[Floats, Ints, Ints]:
    """Points with their positions (and places in the series), as means of equal numbers of neighbours where many."""
    if seen.size <= LONGEST:
        return points[seen], seen, seen
    width = -(-seen.size // (LONGEST // 2))
    blocks = seen.size // width
    kept = seen[: blocks * width].reshape(blocks, width)
    return points[kept].mean(axis=1), np.arange(blocks), kept[:, 0]


def _against(points: Floats, sizes: Ints, frozen: FrozenLimits) -> Gate:
    half = frozen.nsigma * frozen.sigma / np.sqrt(sizes)
    with np.errstate(invalid="ignore"):
        beyond = np.flatnonzero(np.abs(points - frozen.center) > half)
    seen = int(np.isfinite(points).sum())
    told = tuple(int(i) + 1 for i in beyond)
    return Gate(not told, against_frozen(len(told), seen), np.nan, np.nan, 0.0, seen, told, "frozen limits")
