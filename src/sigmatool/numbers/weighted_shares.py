"""Where does the money go? Totals of what events cost, by category, with intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtri

Floats = NDArray[np.float64]


def weighted_shares(total: ArrayLike, squares: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """Shares of all that was spent, with intervals that hold together.

    Parameters
    ----------
    total : (k,) array
        Sum of the costs of the events of each category.
    squares : (k,) array
        Sum of their squares.
    confidence : float
        That every interval holds its share at once (Bonferroni).

    Returns
    -------
    share, low, high : (k,) array
        NaN ends where nothing, or everything, was spent in a category.

    Notes
    -----
    Numbers of events are taken as Poisson and costs as independent, so that a total has the variance
    ``sum x^2`` (a compound Poisson law). The share ``w = S_j / S`` has, linearised,
    ``((1 - w)^2 Q_j + w^2 (Q - Q_j)) / S^2``; the interval is symmetric on the scale of its logit.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., sec. 6.4 (ratios); Ross (2014), Introduction to Probability Models,
    11th ed., sec. 5.4.2.

    Examples
    --------
    >>> [ends.round(2).tolist() for ends in weighted_shares([900.0, 100.0], [90_000.0, 1_000.0])]
    [[0.9, 0.1], [0.76, 0.04], [0.96, 0.24]]
    """
    s, q = np.asarray(total, dtype=np.float64), np.asarray(squares, dtype=np.float64)
    spent = float(s.sum())
    share = s / spent
    z = _z(1 - (1 - confidence) / s.size)
    # in units of all that was spent, so that no scale of money overflows
    part, whole = q / spent / spent, float((q / spent / spent).sum())
    deviation = np.sqrt((1 - share) ** 2 * part + share**2 * (whole - part))
    inside = (share > 0) & (share < 1)
    w = np.where(inside, share, 0.5)
    half = z * deviation / (w * (1 - w))
    low, high = expit(logit(w) - half), expit(logit(w) + half)
    return share, np.where(inside, low, np.nan), np.where(inside, high, np.nan)


def total_ratio(
    first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike], exposure: tuple[float, float],
    confidence: float = 0.95, families: int = 1,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """What is spent per exposure, second over first.

    Parameters
    ----------
    first, second : (total, squares)
        As in :func:`weighted_shares`, (k,) each.
    exposure : (float, float)
    confidence : float
    families : int
        Questions that share the confidence (Bonferroni).

    Returns
    -------
    ratio, low, high : (k,) array
        Symmetric in logarithms; NaN where one of both spent nothing.

    Examples
    --------
    >>> ends = total_ratio(([1000.0], [20_000.0]), ([500.0], [10_000.0]), (1.0, 1.0))
    >>> [float(end[0].round(2)) for end in ends]
    [0.5, 0.31, 0.81]
    """
    (s1, q1), (s2, q2) = ((np.asarray(s, float), np.asarray(q, float)) for s, q in (first, second))
    known = (s1 > 0) & (s2 > 0)
    a, b = np.where(known, s1, 1.0), np.where(known, s2, 1.0)
    ratio = b / a * (exposure[0] / exposure[1])
    half = _z(1 - (1 - confidence) / families) * np.sqrt(q1 / a / a + q2 / b / b)
    ends = (ratio, ratio * np.exp(-half), ratio * np.exp(half))
    found = tuple(np.where(known, end, np.nan) for end in ends)
    return found[0], found[1], found[2]


def _z(confidence: float) -> float:
    return float(ndtri(0.5 + confidence / 2))
