"""What follows from the components of a gage study: classes told apart, Wheeler's monitor, wrong verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from .constants import d2, d2_star, factors

Floats = NDArray[np.float64]

PROBABLE: Final = 0.6744897501960817
"""Half of all errors are within so many standard deviations (Wheeler rounds to 0.675)."""

MONITORS: Final = (("first", 0.8), ("second", 0.5), ("third", 0.2), ("fourth", 0.0))
"""Class of a process monitor, from the least intraclass correlation."""


def categories(share: float) -> float:
    """Number of distinct categories, not rounded: ``sqrt(2) sd(part) / sd(gage)``, from the gage's share of the total.

    AIAG MSA, 4th ed. (2010), p. 47: truncated to a whole number, at least 1.

    Examples
    --------
    >>> round(categories(0.0776), 2)
    4.88
    """
    with np.errstate(divide="ignore"):
        return float(np.sqrt(2) * np.sqrt(1.0 / np.float64(share) - 1.0))


def monitor(icc: float) -> Literal["first", "second", "third", "fourth"]:
    """Wheeler's class (EMP III, 2006, ch. 4).

    Examples
    --------
    >>> monitor(0.85), monitor(0.19)
    ('first', 'fourth')
    """
    for name, least in MONITORS:
        if icc >= least:
            return name  # type: ignore[return-value]
    return "fourth"


def increment(values: Floats) -> float:
    """The smallest step between different values: what the gage or its record resolves; NaN for one value."""
    steps = np.diff(np.unique(values))
    # steps far below the typical are rounding of the file, not resolution
    real = steps[steps > 1e-9 * max(float(np.ptp(values)), 1e-300)]
    return float(real.min()) if real.size else float("nan")


@dataclass(frozen=True)
class AverageRange:
    """The X-bar and range method: standard deviations, not variances.

    Attributes
    ----------
    equipment, appraiser, part : float
        EV, AV, PV.
    range_mean : float
    """

    equipment: float
    appraiser: float
    part: float
    range_mean: float


def average_range(table: Floats) -> AverageRange:
    """Ranges in place of squares.

    Parameters
    ----------
    table : (parts, operators, replicates) array

    Notes
    -----
    ``EV = R-bar / d2*(r, p o)`` as AIAG's ``K1 = 1 / d2(r)``; ``AV = sqrt((X-diff / d2*(o, 1))^2 - EV^2 / (p r))``,
    ``PV = R_p / d2*(p, 1)`` (AIAG MSA, 4th ed. 2010, p. 118-120), with the exact constants.

    Examples
    --------
    >>> y = np.array([[[9.0, 9.2], [9.6, 9.5]], [[8.1, 8.0], [8.4, 8.6]], [[7.2, 7.1], [7.5, 7.8]]])
    >>> round(average_range(y).equipment, 4)
    0.1477
    """
    p, o, r = table.shape
    mean = float(np.ptp(table, axis=2).mean())
    equipment = mean / d2(r)
    moved = table - table.flat[0]
    operators, parts = moved.mean(axis=(0, 2)), moved.mean(axis=(1, 2))
    apart = float(np.ptp(operators)) / d2_star(o, 1)
    appraiser = float(np.sqrt(max(apart**2 - equipment**2 / (p * r), 0.0)))
    return AverageRange(equipment, appraiser, float(np.ptp(parts)) / d2_star(p, 1), mean)


def range_limits(range_mean: float, replicates: int) -> tuple[float, float, float]:
    """Lower and upper limit of ranges of a cell, and the half-width of the limits of its mean.

    Examples
    --------
    >>> low, high, half = range_limits(1.0, 3)
    >>> round(low, 3), round(high, 3), round(half, 3)
    (0.0, 2.575, 1.023)
    """
    f = factors(replicates)
    return f["D3"] * range_mean, f["D4"] * range_mean, f["A2"] * range_mean


def misclassified(mean: float, part: float, gage: float, lsl: float | None, usl: float | None) -> tuple[float, float]:
    """Chance that a part made is good and rejected, and that it is bad and accepted; parts and errors normal.

    Parameters
    ----------
    mean : float
    part, gage : float
        Standard deviations.
    lsl, usl : float or None

    References
    ----------
    Burdick, Borror & Montgomery (2005), section 2.2.

    Examples
    --------
    >>> good_rejected, bad_accepted = misclassified(0.0, 1.0, 0.3, -2.0, 2.0)
    >>> round(good_rejected, 4), round(bad_accepted, 4)
    (0.019, 0.0091)
    """
    low = -np.inf if lsl is None else lsl - mean
    high = np.inf if usl is None else usl - mean
    if gage <= 0 or part <= 0:
        return 0.0, 0.0
    nodes, weight = np.polynomial.legendre.leggauss(200)
    edges = np.unique(np.clip([-9.0, low / part, high / part, 9.0], -9.0, 9.0))
    wrong = [0.0, 0.0]
    for left, right in pairwise(edges):
        # the accepted share turns within a few gage sd of a limit: pieces about each keep the quadrature exact
        pieces = np.linspace(left, right, 1 + int(min(40, max(1, (right - left) * part / (4 * gage)))))
        good = low < part * (left + right) / 2 < high
        for a, b in pairwise(pieces):
            z = (a + b) / 2 + (b - a) / 2 * nodes
            accepted = ndtr((high - part * z) / gage) - ndtr((low - part * z) / gage)
            density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * weight * (b - a) / 2
            wrong[0 if good else 1] += float(np.sum(density * (1 - accepted if good else accepted)))
    return wrong[0], wrong[1]
