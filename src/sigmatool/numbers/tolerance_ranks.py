"""Between which of the values seen does at least a given share of any population lie, and how many values tell it?

Only order counts: the limits are values of the sample, whatever the distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranks:
    """Which values of the ordered sample are limits.

    Attributes
    ----------
    lower, upper : int
        Places from 1 in the ordered sample; 0 where the sample is too small.
    confidence : float
        With which they hold the share; of the extremes, where the sample is too small.
    """

    lower: int
    upper: int
    confidence: float


def rank_confidence(n: int, coverage: float, left_out: int) -> float:
    """How surely limits that leave ``left_out`` of n + 1 gaps outside hold the share: a beta distribution.

    ``P(content >= coverage) = 1 - I_coverage(n + 1 - left_out, left_out)``.

    Examples
    --------
    >>> round(rank_confidence(93, 0.95, 2), 4), round(rank_confidence(59, 0.95, 1), 4)
    (0.95, 0.9515)
    """
    if not 0 < left_out <= n:
        return 0.0
    return float(betaincc(n + 1 - left_out, left_out, coverage))


def tolerance_ranks(n: int, coverage: float = 0.95, confidence: float = 0.95, sides: int = 2) -> Ranks:
    """The innermost order statistics that hold the share with at least the confidence.

    Parameters
    ----------
    n : int
        Values.
    coverage, confidence : float
    sides : {1, 2}
        2: as many values outside on each side. 1: ``lower`` and ``upper`` are limits for one side each.

    References
    ----------
    Wilks (1941), Annals of Mathematical Statistics 12, 91-96; David & Nagaraja (2003), Order Statistics, ch. 7.2.

    Examples
    --------
    >>> tolerance_ranks(100, 0.90).lower, tolerance_ranks(100, 0.90).upper, tolerance_ranks(100, 0.90, sides=1).upper
    (2, 99, 96)
    >>> tolerance_ranks(40, 0.95).upper, round(tolerance_ranks(40, 0.95).confidence, 2)
    (0, 0.6)
    """
    _check(coverage, confidence)
    step = 1 if sides == 1 else 2
    if rank_confidence(n, coverage, step) < confidence:
        return Ranks(0, 0, rank_confidence(n, coverage, step))
    low, high = 1, n // step + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if rank_confidence(n, coverage, step * middle) >= confidence else (low, middle)
    return Ranks(low, n + 1 - low, rank_confidence(n, coverage, step * low))


def rank_sample_size(coverage: float = 0.95, confidence: float = 0.95, sides: int = 2) -> int:
    """Fewest values whose extremes (``sides=1``: whose largest) hold the share with the confidence.

    One side: ``coverage^n <= 1 - confidence``; two: ``n coverage^(n-1) - (n-1) coverage^n <= 1 - confidence``.

    References
    ----------
    Wilks (1941), Annals of Mathematical Statistics 12, 91-96.

    Examples
    --------
    >>> rank_sample_size(0.95, 0.95, sides=1), rank_sample_size(0.95, 0.95), rank_sample_size(0.99, 0.90)
    (59, 93, 388)
    """
    _check(coverage, confidence)
    step = 1 if sides == 1 else 2
    high = step
    while rank_confidence(high, coverage, step) < confidence:
        high *= 2
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if rank_confidence(middle, coverage, step) >= confidence else (middle, high)
    return high


def _check(coverage: float, confidence: float) -> None:
    for name, level in (("coverage", coverage), ("confidence", confidence)):
        if not 0 < level < 1:
            raise ValueError(f"{name} must lie between 0 and 1, not {level!r}")
