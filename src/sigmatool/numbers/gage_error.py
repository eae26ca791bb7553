"""How far does a gage read from the truth? Bias, its course over the range, and the indices of a type 1 study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri, fdtrc, stdtr, stdtrit
from scipy.stats import nct

from . import estimate
from .estimate import Estimate

Floats = NDArray[np.float64]


def bias_test(readings: ArrayLike, reference: float, confidence: float = 0.95) -> estimate.Tested:
    """Mean reading less the reference, with its t interval and test.

    Parameters
    ----------
    readings : (n,) array
        At least two, without gaps.
    reference : float
    confidence : float

    Notes
    -----
    Standard error ``s / sqrt(n)`` with the sample standard deviation, on n - 1 degrees of freedom. The worked
    example of AIAG takes sigma from the range of all readings, ``R / d2*``, and fewer degrees of freedom.

    References
    ----------
    AIAG, Measurement Systems Analysis, 4th ed., ch. III sect. B.

    Examples
    --------
    >>> found = bias_test([10.1, 10.3, 9.9, 10.2], 10.0)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.125, -0.147, 0.397)
    """
    off = np.asarray(readings, dtype=np.float64) - reference
    n = off.size
    mean, sd = float(off.mean()), float(off.std(ddof=1))
    error = sd / float(np.sqrt(n))
    half = float(stdtrit(n - 1, (1 + confidence) / 2)) * error
    t = mean / error if error > 0 else float("nan")
    p = 2 * float(stdtr(n - 1, -abs(t))) if error > 0 else float("nan")
    return estimate.Tested(mean, mean - half, mean + half, p, "one-sample t", t, n - 1.0)


@dataclass(frozen=True, slots=True)
class TypeOne:
    """Indices of a type 1 study; NaN where the readings do not scatter or the tolerance has one side.

    Attributes
    ----------
    cg, cgk : Estimate
        Potential and with the bias.
    repeatability, with_bias : float
        The tolerance share that the study's spread takes at the same allowance: ``share / cg`` and ``share / cgk``.
    """

    cg: Estimate
    cgk: Estimate
    repeatability: float
    with_bias: float


def type_one(
    readings: ArrayLike,
    reference: float,
    tolerance: float,
    share: float = 0.2,
    spread: float = 6.0,
    sides: tuple[bool, bool] = (True, True),
    confidence: float = 0.95,
) -> TypeOne:
    """Cg and Cgk.

    Parameters
    ----------
    readings : (n,) array
    reference : float
    tolerance : float
        Width; of a tolerance with one side the distance from the reference to its limit, twice.
    share : float
        Of the tolerance that the gage may take.
    spread : float
        Standard deviations that make the study's width.
    sides : (bool, bool)
        Whether there is a lower and an upper limit: with one, only a bias towards it counts.
    confidence : float

    Notes
    -----
    ``Cg = share T / (spread s)``; ``Cgk = (share T / 2 - |bias|) / (spread s / 2)``. The interval of Cg is that of s
    (chi-square). That of Cgk is exact for each sign of the bias alone: ``share T / 2 -+ bias`` over s is a noncentral
    t; the lesser of both sides is taken with half of the doubt each, so that it covers at least its confidence.

    References
    ----------
    Dietrich & Schulze, Measurement Process Qualification, ch. 5; VDA 5; Owen (1985) for the noncentral t.

    Examples
    --------
    >>> found = type_one([10.0, 10.1, 9.9, 10.0, 10.2, 9.8], 10.0, 4.0)
    >>> round(found.cg.value, 3), round(found.cgk.value, 3)
    (0.943, 0.943)
    """
    off = np.asarray(readings, dtype=np.float64) - reference
    n, mean, sd = off.size, float(off.mean()), float(off.std(ddof=1))
    nothing = float("nan")
    if sd <= 0:
        empty = Estimate(nothing, nothing, nothing)
        return TypeOne(empty, empty, nothing, nothing)
    cg = share * tolerance / (spread * sd)
    side = (1 - confidence) / 2
    scale = [float(np.sqrt(chdtri(n - 1, q) / (n - 1))) for q in (1 - side, side)]
    shown = Estimate(cg, cg * scale[0], cg * scale[1], "chi-square of s")
    margins = [share * tolerance / 2 + sign * mean for sign, there in ((1, sides[0]), (-1, sides[1])) if there]
    cgk = min(margins) / (spread * sd / 2)
    ends = [_margin_interval(m / sd, n, side) for m in margins]
    low, high = min(e[0] for e in ends) / (spread / 2), min(e[1] for e in ends) / (spread / 2)
    with_bias = share / cgk if cgk > 0 else nothing
    return TypeOne(shown, Estimate(cgk, low, high, "noncentral t of the nearer side"), share / cg, with_bias)


def _margin_interval(ratio: float, n: int, side: float) -> tuple[float, float]:
    """Interval of margin / sigma, given margin / s: t = sqrt(n) ratio is noncentral t."""
    from scipy.optimize import brentq

    root = float(np.sqrt(n))
    t = root * ratio
    wide = 10 + 10 * abs(ratio) + abs(t)

    def solved(q: float) -> float:
        return float(brentq(lambda d: float(nct.cdf(t, n - 1, d)) - q, t - wide, t + wide)) / root

    return solved(1 - side), solved(side)


@dataclass(frozen=True, slots=True)
class Linearity:
    """A straight line of bias on reference.

    Attributes
    ----------
    slope, intercept : estimate.Tested
    s : float
        Residual standard deviation, on ``dof``.
    r_squared : float
    dof : int
    lack_of_fit : estimate.Tested
        Whether the means of the parts leave the line by more than repeatability: ``statistic`` is F.
    middle, spread : float
        Mean of the references, and their sum of squares about it: what a band needs.
    """

    slope: estimate.Tested
    intercept: estimate.Tested
    s: float
    r_squared: float
    dof: int
    lack_of_fit: estimate.Tested
    middle: float
    spread: float
    level: float
    n: int

    def band(self, at: ArrayLike, confidence: float) -> tuple[Floats, Floats]:
        """Interval of the mean bias at each reference."""
        x = np.asarray(at, dtype=np.float64)
        fit = self.level + self.slope.value * (x - self.middle)
        half = (
            stdtrit(self.dof, (1 + confidence) / 2)
            * self.s
            * np.sqrt(1 / self.n + (x - self.middle) ** 2 / self.spread)
        )
        return fit - half, fit + half


def linearity(reference: ArrayLike, bias: ArrayLike, confidence: float = 0.95) -> Linearity:
    """Fit bias on reference, (n,) each; at least three readings on two references.

    Examples
    --------
    >>> found = linearity([1, 1, 2, 2, 3, 3], [0.1, 0.2, 0.3, 0.2, 0.4, 0.3])
    >>> round(found.slope.value, 3), round(found.intercept.value, 3)
    (0.1, 0.05)
    """
    x, y = np.asarray(reference, dtype=np.float64), np.asarray(bias, dtype=np.float64)
    n, dof = x.size, x.size - 2
    middle, level = float(x.mean()), float(y.mean())
    spread = float(((x - middle) ** 2).sum())
    slope = float(((x - middle) * (y - level)).sum()) / spread
    intercept = level - slope * middle
    left = y - level - slope * (x - middle)
    sse, total = float((left**2).sum()), float(((y - level) ** 2).sum())
    s = float(np.sqrt(sse / dof))
    errors = s / np.sqrt(spread), s * float(np.sqrt(1 / n + middle**2 / spread))
    tested = [_tested(v, e, dof, confidence) for v, e in zip((slope, intercept), errors, strict=True)]
    r_squared = 1 - sse / total if total > 0 else float("nan")
    fit = _lack_of_fit(x, y, sse)
    return Linearity(tested[0], tested[1], s, r_squared, dof, fit, middle, spread, level, n)


def _tested(value: float, error: float, dof: int, confidence: float) -> estimate.Tested:
    half = float(stdtrit(dof, (1 + confidence) / 2)) * error
    t = value / error if error > 0 else float("nan")
    p = 2 * float(stdtr(dof, -abs(t))) if error > 0 else float("nan")
    return estimate.Tested(value, value - half, value + half, p, "least squares", t, float(dof))


def _lack_of_fit(x: Floats, y: Floats, sse: float) -> estimate.Tested:
    """F of what the parts' means leave beside the line, against repeats."""
    nothing = float("nan")
    levels, at = np.unique(x, return_inverse=True)
    count = np.bincount(at)
    mean = np.bincount(at, y) / count
    pure = float(((y - mean[at]) ** 2).sum())
    dof, dof2 = levels.size - 2, x.size - levels.size
    if dof < 1 or dof2 < 1 or pure <= 0:
        return estimate.Tested(nothing, nothing, nothing, nothing, "lack of fit", nothing, float(dof), float(dof2))
    f = max(sse - pure, 0.0) / dof / (pure / dof2)
    return estimate.Tested(
        nothing, nothing, nothing, float(fdtrc(dof, dof2, f)), "lack of fit", f, float(dof), float(dof2)
    )


def equal_scatter(groups: list[Floats]) -> tuple[float, float]:
    """Largest over smallest standard deviation of groups, and p of Levene's test about medians.

    References
    ----------
    Brown & Forsythe (1974), Journal of the American Statistical Association 69, 364-367.

    Examples
    --------
    >>> ratio, p = equal_scatter([np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 6.0, 10.0, 14.0])])
    >>> round(ratio, 3), round(p, 3)
    (4.0, 0.045)
    """
    sds = [float(g.std(ddof=1)) for g in groups]
    apart = [np.abs(g - np.median(g)) for g in groups]
    n, k = sum(a.size for a in apart), len(apart)
    grand = float(np.concatenate(apart).mean())
    between = sum(a.size * (float(a.mean()) - grand) ** 2 for a in apart) / (k - 1)
    within = sum(float(((a - a.mean()) ** 2).sum()) for a in apart) / (n - k)
    ratio = max(sds) / min(sds) if min(sds) > 0 else float("nan")
    return ratio, float(fdtrc(k - 1, n - k, between / within)) if within > 0 else float("nan")
