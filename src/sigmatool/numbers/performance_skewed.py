"""How well does a stretch meet its specification when its values are skewed or heavy-tailed?

The values and the limits are brought to a scale on which the values are near normal; performance is read there. Its
doubt, and that of a difference between two stretches, comes from resampling blocks of neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from .spread import heavy_tails
from .transforms import yeo_johnson

Floats = NDArray[np.float64]

RESAMPLES = 1_000
"""Resamples of each stretch."""

SEED = 19_900_326
"""Of the resampling: equal input gives equal output."""

POWERS = np.linspace(-2.0, 4.0, 49)
"""Powers tried in the transformation; 1 leaves the values as they are."""


@dataclass(frozen=True, slots=True)
class SkewedPerformance:
    """Ppk on the near-normal scale with its 95 % interval, and the power that led there."""

    ppk: float
    low: float
    high: float
    power: float


@dataclass(frozen=True, slots=True)
class SkewedChange:
    """Both stretches, each with its own transformation, and the difference of their Ppk with its 95 % interval.

    ``fits``: the transformed values are near normal; where not (both tails heavy) the numbers mean little.
    """

    before: SkewedPerformance
    after: SkewedPerformance
    difference: float
    low: float
    high: float
    fits: bool


def _likelihood(x: Floats, powers: Floats) -> Floats:
    """Profile log likelihood of every power (P,), per value."""
    y = yeo_johnson(x, powers[:, None])
    jacobian = float((np.sign(x) * np.log1p(np.abs(x))).mean())
    return np.asarray(-0.5 * np.log(y.var(axis=1)) + (powers - 1) * jacobian, dtype=np.float64)


def block_length(n: int, autocorrelation: float) -> int:
    """Neighbours that stay together in a resample.

    Notes
    -----
    ``(2 r^2 / (1 - r^2)^2)^(1/3) n^(1/3)``, the order that is best for a variance under AR(1) (Carlstein 1986);
    at least 1, at most a quarter of the stretch.
    """
    r = min(max(autocorrelation, 0.0), 0.9)
    best = (2 * r / (1 - r**2)) ** (2 / 3) * n ** (1 / 3)
    return int(np.clip(round(best), 1, max(n // 4, 1)))


def capability_skewed(
    before: Floats, after: Floats, lsl: float | None, usl: float | None, autocorrelation: float = 0.0
) -> SkewedChange:
    """Ppk before and after from transformed values, and the difference, by block bootstrap.

    Parameters
    ----------
    before, after : (n,) arrays
        Single values without NaN, in time order.
    lsl, usl : float or None
    autocorrelation : float
        Of neighbours; sets the length of the blocks.

    Notes
    -----
    Each stretch is centred on its median, scaled by its interquartile range and transformed with the power of greatest
    likelihood; Ppk is that of the transformed values and limits. The power is estimated anew in every resample, by a
    parabola through the likelihood of three powers about the first. Intervals are the estimate and its bootstrap
    standard errors.

    References
    ----------
    Yeo & Johnson (2000), Biometrika 87; Kuensch (1989), Annals of Statistics 17 (moving blocks).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> wide, narrow = np.exp(rng.normal(0, 0.8, 60)), np.exp(rng.normal(0, 0.4, 60))
    >>> change = capability_skewed(wide, narrow, None, 6.0)
    >>> change.difference > 0, change.low < change.difference < change.high, change.before.power < 1
    (True, True, True)
    """
    rng = np.random.default_rng(SEED)
    parts, draws, fits = [], [], True
    for x in (before, after):
        spread = float(np.subtract(*np.quantile(x, [0.75, 0.25]))) or float(x.std()) or 1.0
        middle = float(np.median(x))
        scaled = (x - middle) / spread
        bounds = [None if v is None else (v - middle) / spread for v in (lsl, usl)]
        likelihood = _likelihood(scaled, POWERS)
        power = float(POWERS[int(np.argmax(likelihood))])
        estimate = float(_ppk(scaled[None], np.array([power]), bounds)[0])
        fits &= not heavy_tails(yeo_johnson(scaled, power))
        resampled = _resample(scaled, block_length(x.size, autocorrelation), rng)
        drawn = _ppk(resampled, _powers(resampled, power), bounds)
        low, high = _interval(estimate, drawn, autocorrelation)
        parts.append(SkewedPerformance(estimate, low, high, power))
        draws.append(drawn)
    difference = parts[1].ppk - parts[0].ppk
    low, high = _interval(difference, draws[1] - draws[0], autocorrelation)
    return SkewedChange(parts[0], parts[1], difference, low, high, fits)


def _resample(x: Floats, length: int, rng: np.random.Generator) -> Floats:
    """Rows of blocks laid end to end, (RESAMPLES, n)."""
    blocks = -(-x.size // length)
    start = rng.integers(0, x.size - length + 1, (RESAMPLES, blocks))
    place = (start[:, :, None] + np.arange(length)).reshape(RESAMPLES, -1)[:, : x.size]
    return np.asarray(x[place], dtype=np.float64)


def _powers(rows: Floats, about: float, step: float = 0.5) -> Floats:
    """The likeliest power of every row, by a parabola about a first one."""
    jacobian = (np.sign(rows) * np.log1p(np.abs(rows))).mean(axis=1)
    tried = about + step * np.array([-1.0, 0.0, 1.0])
    value = np.array(
        [-0.5 * np.log(np.maximum(yeo_johnson(rows, p).var(axis=1), 1e-300)) + (p - 1) * jacobian for p in tried]
    )
    slope, bend = (value[2] - value[0]) / 2, value[0] - 2 * value[1] + value[2]
    shift = np.where(bend < 0, -slope / np.where(bend < 0, bend, -1.0), np.sign(slope))
    return np.asarray(about + step * np.clip(shift, -2.0, 2.0), dtype=np.float64)


def _ppk(rows: Floats, powers: Floats, bounds: list[float | None]) -> Floats:
    y = yeo_johnson(rows, powers[:, None])
    mean, sd = y.mean(axis=1), np.maximum(y.std(axis=1, ddof=1), 1e-12)
    sides = []
    if bounds[1] is not None:
        sides.append(yeo_johnson(np.full(powers.size, bounds[1]), powers) - mean)
    if bounds[0] is not None:
        sides.append(mean - yeo_johnson(np.full(powers.size, bounds[0]), powers))
    return np.asarray(np.min(sides, axis=0) / (3 * sd), dtype=np.float64)


def _interval(estimate: float, drawn: Floats, autocorrelation: float, level: float = 0.95) -> tuple[float, float]:
    """The estimate and its bootstrap standard errors, widened for short blocks (by simulation)."""
    # the spread of the middle of the resamples, which one wild power cannot stretch
    sd = float(np.subtract(*np.quantile(drawn, [0.95, 0.05]))) / (2 * float(ndtri(0.95)))
    half = float(ndtri(0.5 + level / 2)) * sd * (1.05 + min(max(autocorrelation, 0.0), 0.9) / 6)
    return estimate - half, estimate + half
