"""How much of the spread of measurements is of the things measured? Intraclass correlations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, fdtri

from .estimate import Estimate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Intraclass:
    """Six intraclass correlations of items by raters, with what they rest on.

    Attributes
    ----------
    single, average : tuple of Estimate
        ICC(1), ICC(2) (absolute agreement) and ICC(3) (consistency): of one rating, and of the mean of m.
    between, within, raters, residual : float
        Mean squares: items; within items; raters; what is left.
    f, p : float
        Whether the items differ at all, against the residual.
    """

    single: tuple[Estimate, Estimate, Estimate]
    average: tuple[Estimate, Estimate, Estimate]
    between: float
    within: float
    raters: float
    residual: float
    f: float
    p: float


METHODS = (
    "one-way random: each item has raters of its own",
    "two-way random, absolute agreement: the same raters, a sample of all",
    "two-way mixed, consistency: these raters alone, their level left aside",
)


def intraclass(values: ArrayLike, confidence: float = 0.95) -> Intraclass:
    """Intraclass correlations of a complete table, (n items, m raters).

    Parameters
    ----------
    values : (n, m) array
        No gaps; at least 2 items and 2 raters.
    confidence : float

    Returns
    -------
    Intraclass
        NaN where nothing varies.

    Notes
    -----
    Shrout and Fleiss: ``ICC(1) = (B - W) / (B + (m-1) W)``, ``ICC(2) = (B - E) / (B + (m-1) E + m (J - E) / n)``,
    ``ICC(3) = (B - E) / (B + (m-1) E)``; of the mean of m ratings by Spearman-Brown. Intervals are exact F intervals
    for ICC(1) and ICC(3); that of ICC(2) is Satterthwaite's.

    References
    ----------
    Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw & Wong (1996), Psychological Methods 1, 30-46.

    Examples
    --------
    >>> found = intraclass([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
    >>> [round(e.value, 2) for e in (*found.single, *found.average)]
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    x = np.asarray(values, dtype=np.float64)
    n, m = x.shape
    x = x - x.flat[0]
    grand, item, rater = x.mean(), x.mean(axis=1), x.mean(axis=0)
    between = m * float(((item - grand) ** 2).sum()) / (n - 1)
    within = float(((x - item[:, None]) ** 2).sum()) / (n * (m - 1))
    raters = n * float(((rater - grand) ** 2).sum()) / (m - 1)
    residual = float(((x - item[:, None] - rater[None, :] + grand) ** 2).sum()) / ((n - 1) * (m - 1))
    side = (1 - confidence) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        one = _plain(between, within, n - 1, n * (m - 1), m, side, METHODS[0])
        three = _plain(between, residual, n - 1, (n - 1) * (m - 1), m, side, METHODS[2])
        two = _agreement(between, raters, residual, n, m, side)
        f = float(np.divide(between, residual)) if residual > 0 else float("nan")
    p = float(fdtrc(n - 1, (n - 1) * (m - 1), f)) if np.isfinite(f) else float("nan")
    single = (one, two, three)
    average = tuple(_of_mean(e, m) for e in single)
    return Intraclass(single, (average[0], average[1], average[2]), between, within, raters, residual, f, p)


def _plain(top: float, below: float, dof1: float, dof2: float, m: int, side: float, method: str) -> Estimate:
    """(F - 1) / (F + m - 1), of which F's own interval gives the ends."""
    if top + below <= 0:
        return Estimate(np.nan, np.nan, np.nan, method)
    value = (top - below) / (top + (m - 1) * below)
    if below == 0:
        return Estimate(value, 1.0, 1.0, method)
    f = top / below
    low, high = f / fdtri(dof1, dof2, 1 - side), f * fdtri(dof2, dof1, 1 - side)
    return Estimate(value, float((low - 1) / (low + m - 1)), float((high - 1) / (high + m - 1)), method)


def _agreement(between: float, raters: float, residual: float, n: int, m: int, side: float) -> Estimate:
    below = between + (m - 1) * residual + m * (raters - residual) / n
    if below <= 0:
        return Estimate(np.nan, np.nan, np.nan, METHODS[1])
    icc = (between - residual) / below
    if residual == 0 and raters == 0:
        return Estimate(icc, 1.0, 1.0, METHODS[1])
    if icc >= 1:
        return Estimate(icc, np.nan, np.nan, METHODS[1])
    a = m * icc / (n * (1 - icc))
    b = 1 + m * icc * (n - 1) / (n * (1 - icc))
    parts = (a * raters) ** 2 / (m - 1) + (b * residual) ** 2 / ((n - 1) * (m - 1))
    if parts == 0:
        return Estimate(icc, np.nan, np.nan, METHODS[1])
    dof = (a * raters + b * residual) ** 2 / parts
    upper, lower = fdtri(n - 1, dof, 1 - side), fdtri(dof, n - 1, 1 - side)
    spread = m * raters + (m * n - m - n) * residual
    low = n * (between - upper * residual) / (upper * spread + n * between)
    high = n * (lower * between - residual) / (spread + n * lower * between)
    return Estimate(icc, float(low), float(high), METHODS[1])


def _of_mean(e: Estimate, m: int) -> Estimate:
    """The mean of m ratings (Spearman-Brown)."""

    def stepped(r: float) -> float:
        below = 1 + (m - 1) * r
        return m * r / below if below > 0 else float("nan")

    return Estimate(stepped(e.value), stepped(e.low), stepped(e.high), e.method)
