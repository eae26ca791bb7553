"""Which category is the largest, and how surely? Shares of one sample of events, and the order among them.

Events are taken as independent, each falling into one of k categories (a multinomial law). Given the sum of two counts,
the first is binomial, with a half where both categories are equally frequent: every comparison here is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaincinv

from .exact_counts import wilson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def simultaneous_shares(counts: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """Shares of all categories, with intervals that hold together.

    Parameters
    ----------
    counts : (k,) array
        Events in each category; at least one event in all. They need not be whole.
    confidence : float
        That every interval holds its share at once.

    Returns
    -------
    share, low, high : (k,) array

    Notes
    -----
    Score intervals (Wilson's) at the level ``1 - (1 - confidence) / k``, the Bonferroni form of Goodman's. Of a single
    category nothing is to be asked: its share is 1.

    References
    ----------
    Goodman (1965), Technometrics 7, 247-254; Wilson (1927), Journal of the American Statistical Association 22.

    Examples
    --------
    >>> [ends.round(3).tolist() for ends in simultaneous_shares([94, 80, 66, 33, 27])]
    [[0.313, 0.267, 0.22, 0.11, 0.09], [0.249, 0.206, 0.165, 0.072, 0.056], [0.386, 0.337, 0.287, 0.165, 0.142]]
    """
    x = _counts(counts)
    total = float(x.sum())
    if x.size == 1:
        return np.ones(1), np.ones(1), np.ones(1)
    low, high = wilson(x, total, 1 - (1 - confidence) / x.size)
    return x / total, low, high


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Each category against the next smaller one, (k - 1,) each: how many times as frequent, interval, adjusted p."""

    ratio: Floats
    low: Floats
    high: Floats
    p: Floats


def neighbours(counts: ArrayLike, confidence: float = 0.95) -> Neighbours:
    """Is each category truly more frequent than the one after it?

    Parameters
    ----------
    counts : (k,) array
        In falling order.
    confidence : float
        That all intervals hold their ratio at once.

    Returns
    -------
    Neighbours
        ``ratio`` and ``high`` are infinite where the next one has no event.

    Notes
    -----
    Exact and conditional on the sum of the two counts; two-sided, for the order itself was read from the counts.
    Adjusted for the k - 1 pairs (Bonferroni), p and intervals alike, so that they agree.

    References
    ----------
    Przyborowski & Wilenski (1940), Biometrika 31, 313-323; Clopper & Pearson (1934), Biometrika 26.

    Examples
    --------
    >>> found = neighbours([94, 80, 66, 33, 27])
    >>> found.ratio.round(2).tolist(), found.p.round(3).tolist()
    ([1.18, 1.21, 2.0, 1.22], [1.0, 1.0, 0.005, 1.0])
    """
    x = _counts(counts)
    if x.size < 2:
        return Neighbours(*(np.empty(0) for _ in range(4)))
    first, second = x[:-1], x[1:]
    pairs = first.size
    low, high = ratio_ends(second, first, 1 - (1 - confidence) / pairs)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(second > 0, first / second, np.inf)
    p = np.minimum(pairs * np.minimum(2 * at_least(first, first + second), 1.0), 1.0)
    return Neighbours(np.where(first + second > 0, ratio, np.nan), low, high, np.where(first + second > 0, p, np.nan))


def could_be_largest(counts: ArrayLike, confidence: float = 0.95) -> Bools:
    """Which categories could be the most frequent one: a set that holds it with this confidence.

    Parameters
    ----------
    counts : (k,) array
        In any order.
    confidence : float

    Returns
    -------
    (k,) array of bool

    Notes
    -----
    A category is left out where some other one is significantly more frequent: exact one-sided tests against the
    largest count, each at ``(1 - confidence) / (k - 1)``. The truly largest one is then left out with at most the
    chance ``1 - confidence``, whatever the shares are.

    References
    ----------
    Gupta (1965), Technometrics 7, 225-245 (subset selection).

    Examples
    --------
    >>> could_be_largest([94, 80, 66, 33, 27]).tolist()
    [True, True, True, False, False]
    """
    x = _counts(counts)
    if x.size < 2:
        return np.ones(x.size, dtype=bool)
    top = x.max()
    kept: Bools = (at_least(np.full(x.size, top), top + x) > (1 - confidence) / (x.size - 1)) | (x == top)
    return kept


def rank_intervals(counts: ArrayLike, confidence: float = 0.95) -> tuple[Ints, Ints]:
    """Between which places could each category truly stand?

    Parameters
    ----------
    counts : (k,) array
        In any order.
    confidence : float
        That every interval holds its rank at once.

    Returns
    -------
    low, high : (k,) array of int
        Best and worst place; 1 is the most frequent.

    Notes
    -----
    Every pair is compared exactly, at ``(1 - confidence) / (k (k - 1))`` on each side. As many as are significantly
    more frequent stand ahead for certain, as many as are significantly less frequent stand behind. Against a given
    count the p value falls as the other one grows, so that k searches replace k (k - 1) / 2 tests.

    References
    ----------
    Mogstad, Romano, Shaikh & Wilhelm (2024), Inference for ranks, Review of Economic Studies 91, 476-518.

    Examples
    --------
    >>> [ends.tolist() for ends in rank_intervals([94, 80, 66, 33, 27])]
    [[1, 1, 1, 4, 4], [3, 3, 3, 5, 5]]
    """
    x = _counts(counts)
    k = x.size
    if k < 2:
        return np.ones(k, dtype=np.int64), np.ones(k, dtype=np.int64)
    level = (1 - confidence) / (k * (k - 1))
    rising = np.sort(x)
    ahead = k - _first(rising, x, level, larger=True)
    behind = _first(rising, x, level, larger=False)
    return 1 + ahead, k - behind


def _first(rising: Floats, x: Floats, level: float, larger: bool) -> Ints:
    """Place of the first sorted count that is significantly larger than x, or no longer significantly smaller."""
    low, high = np.zeros(x.size, dtype=np.int64), np.full(x.size, rising.size, dtype=np.int64)
    while np.any(low < high):
        middle = (low + high) // 2
        other = rising[np.minimum(middle, rising.size - 1)]
        above, below = (other, x) if larger else (x, other)
        proven = (at_least(above, above + below) <= level) & (above > below)
        past = proven if larger else ~proven
        open_ = low < high
        high = np.where(open_ & past, middle, high)
        low = np.where(open_ & ~past, middle + 1, low)
    return low


def at_least(count: ArrayLike, n: ArrayLike, share: ArrayLike = 0.5) -> Floats:
    """Chance that a binomial count of n is at least as large as seen; counts need not be whole.

    Examples
    --------
    >>> float(at_least(8, 10).round(4))
    0.0547
    """
    x, size = np.asarray(count, dtype=np.float64), np.asarray(n, dtype=np.float64)
    return np.where(x > 0, betainc(np.maximum(x, 1e-300), size - x + 1, np.asarray(share, dtype=np.float64)), 1.0)


def ratio_ends(first: ArrayLike, second: ArrayLike, confidence: float) -> tuple[Floats, Floats]:
    """Exact interval of the ratio of two rates, second over first, of equal exposures; NaN where neither has an event.

    Examples
    --------
    >>> [round(float(end), 3) for end in ratio_ends(3, 11, 0.95)]
    [0.969, 20.469]
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    tail = (1 - confidence) / 2
    some_a, some_b = np.maximum(a, 1e-300), np.maximum(b, 1e-300)
    # a share over its complement, each from its own beta law: near one a difference would lose its digits
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(b > 0, betaincinv(some_b, a + 1, tail) / betaincinv(a + 1, some_b, 1 - tail), 0.0)
        high = np.where(a > 0, betaincinv(b + 1, some_a, 1 - tail) / betaincinv(some_a, b + 1, tail), np.inf)
    known = a + b > 0
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _counts(counts: ArrayLike) -> Floats:
    x = np.asarray(counts, dtype=np.float64)
    if x.ndim != 1 or x.size == 0 or not np.isfinite(x).all() or np.any(x < 0) or not x.sum() > 0:
        raise ValueError("counts of categories are numbers from 0, with at least one event among them")
    return x
