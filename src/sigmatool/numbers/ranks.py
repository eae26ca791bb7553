"""Ranks, the exact laws of rank sums, and order statistics of pairwise differences without listing the pairs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EXACT_BELOW = 50
"""Samples shorter than this, without ties, are judged by the exact law (as R does)."""


MOST_LISTED = 1_000_000
"""Pairs that are listed at once."""

THINNER = 32
"""Of so many values one stands in a thinned sample."""


def mid_ranks(x: Floats) -> Floats:
    """Ranks from 1; ties share the mean of theirs.

    Examples
    --------
    >>> mid_ranks(np.array([5.0, 1.0, 5.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[inverse], dtype=np.float64)


def tie_sum(x: Floats) -> float:
    """Sum of ``t**3 - t`` over the tied groups.

    Examples
    --------
    >>> tie_sum(np.array([1.0, 2.0, 2.0]))
    6.0
    """
    held = np.unique(x, return_counts=True)[1].astype(np.float64)
    return float((held**3 - held).sum())


@lru_cache(maxsize=64)
def rank_sum_law(n1: int, n2: int) -> Floats:
    """P(U <= u) for u = 0 .. n1 n2 when neither sample tends to be above the other.

    Notes
    -----
    The counts are the coefficients of the Gaussian binomial; in whole numbers, so that far tails keep their digits.

    References
    ----------
    Mann, H. B. and Whitney, D. R. (1947), Annals of Mathematical Statistics 18, 50-60.

    Examples
    --------
    >>> rank_sum_law(2, 2).round(4).tolist()
    [0.1667, 0.3333, 0.6667, 0.8333, 1.0]
    """
    width = n1 * n2 + 1
    counts = [1] + [0] * (width - 1)
    for i in range(1, n1 + 1):
        for u in range(width - 1, n2 + i - 1, -1):
            counts[u] -= counts[u - n2 - i]
        for u in range(i, width):
            counts[u] += counts[u - i]
    return _shares(counts)


@lru_cache(maxsize=64)
def signed_rank_law(n: int) -> Floats:
    """P(V <= v) for v = 0 .. n (n + 1) / 2 when the values lie symmetrically about zero.

    References
    ----------
    Wilcoxon, F. (1945), Biometrics Bulletin 1, 80-83.

    Examples
    --------
    >>> signed_rank_law(2).tolist()
    [0.25, 0.5, 0.75, 1.0]
    """
    counts = [1] + [0] * (n * (n + 1) // 2)
    for i in range(1, n + 1):
        for v in range(len(counts) - 1, i - 1, -1):
            counts[v] += counts[v - i]
    return _shares(counts)


def _shares(counts: list[int]) -> Floats:
    total = sum(counts)
    return np.array([c / total for c in accumulate(counts)])


def two_sided(law: Floats, statistic: float) -> float:
    """Twice the smaller tail of a symmetric law, at most 1.

    Examples
    --------
    >>> two_sided(signed_rank_law(5), 0.0)
    0.0625
    """
    lower = min(int(statistic), law.size - 1 - int(statistic))
    return min(2 * float(law[lower]), 1.0)


def cut(law: Floats, tail: float) -> int:
    """How many order statistics lie outside each end of the interval that the law's test leaves standing.

    The smallest k with ``P(U <= k) >= tail``; the interval runs from the k-th pair to the k-th from above, k at
    least 1 (in very short samples it covers less than asked).

    Examples
    --------
    >>> cut(rank_sum_law(5, 5), 0.025)
    3
    """
    return max(int(np.searchsorted(law, tail)), 1)


def ordered_difference(a: Floats, b: Floats, k: int) -> float:
    """The k-th smallest (from 1) of all ``b[j] - a[i]``; ``a`` and ``b`` sorted.

    Notes
    -----
    Pairs are counted, not listed, until so few lie between two bounds that these can be. Every s-th value of both
    samples tells where to begin: a difference of the whole stands within one row and one column of theirs.

    Examples
    --------
    >>> ordered_difference(np.array([0.0, 1.0]), np.array([5.0, 9.0]), 2)
    5.0
    """
    low, high = _start(a, b, k)
    a, a_upto = _distinct(a)
    b, b_upto = _distinct(b)
    of_b = np.diff(b_upto, prepend=0.0)
    beyond = np.concatenate([[0.0], a_upto])
    many = beyond[-1] * b_upto[-1]

    def count(d: float) -> float:
        return float(many - of_b @ beyond[np.searchsorted(a, b - d)])

    few = min(4 * (a.size + b.size), MOST_LISTED)
    low, below, high = _narrowed(count, k, low, high, few)
    first, last = np.searchsorted(a, b - high), np.searchsorted(a, b - low)
    held = last - first
    if held.sum() > 10 * MOST_LISTED:
        # a tie of so many pairs that every one of them is the answer
        return _nearest(a, b, high)
    column = np.repeat(np.arange(b.size), held)
    row = np.arange(column.size) - np.repeat(np.cumsum(held) - held - first, held)
    found, weight = b[column] - a[row], np.diff(beyond)[row] * of_b[column]
    order = np.argsort(found)
    return float(found[order[np.searchsorted(np.cumsum(weight[order]), k - below)]])


def _distinct(x: Floats) -> tuple[Floats, Floats]:
    """The values of a sorted sample, each once, and how many are no larger."""
    last = np.flatnonzero(np.concatenate([x[1:] != x[:-1], [True]]))
    return x[last], (last + 1).astype(np.float64)


def _start(a: Floats, b: Floats, k: int) -> tuple[float, float]:
    """Bounds of the k-th difference: the extremes, or those of a thinner sample of a large one."""
    low, high = float(b[0] - a[-1]), float(b[-1] - a[0])
    if min(a.size, b.size) < 1000:
        return low, high
    thin_a, thin_b = a[::THINNER], b[::THINNER]
    pairs = thin_a.size * thin_b.size
    place, off = int(k / (a.size * b.size) * pairs), 2 * (thin_a.size + thin_b.size)
    if place - off >= 1:
        low = ordered_difference(thin_a, thin_b, place - off)
    if place + off <= pairs:
        high = ordered_difference(thin_a, thin_b, place + off)
    return low, high


def _narrowed(count: Callable[[float], float], k: int, low: float, high: float, few: int) -> tuple[float, float, float]:
    """Bounds with fewer than k up to the lower (how many is told too), at least k up to the higher, few between.

    Two probes close around where a straight line through the counts meets k; half way where they do not close in.
    """
    below, above = count(low), count(high)
    step = max(high - low, abs(low) * 1e-15, abs(high) * 1e-15, np.finfo(np.float64).tiny)
    while below >= k:
        low, step = low - step, 2 * step
        below = count(low)
    while above < k:
        high, step = high + step, 2 * step
        above = count(high)
    while above - below > few:
        width, middle = high - low, low + 0.5 * (high - low)
        if not low < middle < high:
            break
        share, margin = (k - below) / (above - below), max(0.25 * few / (above - below), 0.003)
        for probe in (low + (share - margin) * width, low + (share + margin) * width, middle):
            if low < probe < high and high - low > 0.5 * width:
                seen = count(probe)
                low, below, high, above = (low, below, probe, seen) if seen >= k else (probe, seen, high, above)
    return low, below, high


def ordered_average(d: Floats, k: int) -> float:
    """The k-th smallest (from 1) of the Walsh averages ``(d[i] + d[j]) / 2``, i <= j; ``d`` sorted.

    Examples
    --------
    >>> ordered_average(np.array([0.0, 1.0, 4.0]), 3)
    1.0
    """

    def count(t: float) -> float:
        pairs = float(np.searchsorted(d, t - d, side="right").sum())
        return 0.5 * (pairs + float(np.searchsorted(d, t / 2, side="right")))

    found = _crossing(count, k, float(2 * d[0]), float(2 * d[-1]))
    return _nearest(-d[::-1], d, found) / 2


def _crossing(count: Callable[[float], float], k: int, low: float, high: float) -> float:
    """Where a count that rises with its argument reaches k, to rounding."""
    for _ in range(1100):
        middle = low + 0.5 * (high - low)
        if not low < middle < high:
            break
        if count(middle) >= k:
            high = middle
        else:
            low = middle
    return low if count(low) >= k else high


def _nearest(a: Floats, b: Floats, d: float) -> float:
    """The difference of a pair next to ``d``: bisection ends beside it, off by rounding."""
    at = np.searchsorted(a, b - d)
    pairs = np.concatenate([b - a[np.clip(at + step, 0, a.size - 1)] for step in (-1, 0, 1)])
    return float(pairs[np.argmin(np.abs(pairs - d))])
