"""How many events will the next units bring? Tolerance limits of counts.

The rate is known from a sample only. The limits hold at least a given share of all further samples of a given size,
with a stated confidence: quantiles of the count at the ends of the interval of the rate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy.special import bdtr, bdtrik, pdtr, pdtrik

from .exact_counts import clopper_pearson, garwood, mid_p_proportion, mid_p_rate, wilson

Method = Literal["exact", "wilson", "mid-p"]
Sides = Literal[1, 2]


def binomial_tolerance(
    count: float, n: float, m: int, coverage: float = 0.95, confidence: float = 0.95, sides: Sides = 2,
    method: Method = "exact",
) -> tuple[int, int]:  # fmt: skip
    """Fewest and most events among the next ``m`` inspected.

    Parameters
    ----------
    count, n : float
        Events and inspected, so far.
    m : int
        Inspected in each sample to come.
    coverage, confidence : float
    sides : {1, 2}
        2: both limits hold together, with half of what is left on each side. 1: each holds alone.
    method : {"exact", "wilson", "mid-p"}
        Interval of the proportion: Clopper-Pearson keeps the confidence whatever the proportion.

    References
    ----------
    Hahn & Chandra (1981), Journal of Quality Technology 13, 100-110; Krishnamoorthy & Mathew (2009), Statistical
    Tolerance Regions, ch. 13.

    Examples
    --------
    >>> binomial_tolerance(4, 50, 50, coverage=0.90)
    (0, 14)
    """
    interval = {"exact": clopper_pearson, "wilson": wilson, "mid-p": mid_p_proportion}[method]
    level, share = _split(coverage, confidence, sides)
    low, high = (float(end) for end in interval(count, n, level))
    return (
        _quantile(1 - share, low * m, lambda q: float(bdtrik(q, m, low)), lambda k: float(bdtr(k, m, low)), m),
        _quantile(share, high * m, lambda q: float(bdtrik(q, m, high)), lambda k: float(bdtr(k, m, high)), m),
    )


def poisson_tolerance(
    count: float, exposure: float, m: float, coverage: float = 0.95, confidence: float = 0.95, sides: Sides = 2,
    method: Literal["exact", "mid-p"] = "exact",
) -> tuple[int, int]:  # fmt: skip
    """Fewest and most events in the next ``m`` units of exposure; parameters as in :func:`binomial_tolerance`.

    References
    ----------
    Hahn & Chandra (1981), Journal of Quality Technology 13, 100-110; Garwood (1936), Biometrika 28, 437-442.

    Examples
    --------
    >>> poisson_tolerance(4, 50, 50, coverage=0.90)
    (0, 16)
    """
    interval = {"exact": garwood, "mid-p": mid_p_rate}[method]
    level, share = _split(coverage, confidence, sides)
    low, high = (float(end) * m for end in interval(count, exposure, level))
    return (
        _quantile(1 - share, low, lambda q: float(pdtrik(q, low)), lambda k: float(pdtr(k, low))),
        _quantile(share, high, lambda q: float(pdtrik(q, high)), lambda k: float(pdtr(k, high))),
    )


def _split(coverage: float, confidence: float, sides: Sides) -> tuple[float, float]:
    """Confidence of the two-sided interval whose ends are used, and the share that one limit has to hold."""
    for name, level in (("coverage", coverage), ("confidence", confidence)):
        if not 0 < level < 1:
            raise ValueError(f"{name} must lie between 0 and 1, not {level!r}")
    return (confidence, (1 + coverage) / 2) if sides == 2 else (2 * confidence - 1, coverage)


def _quantile(
    share: float, mean: float, near: Callable[[float], float], cdf: Callable[[int], float], most: float = np.inf
) -> int:
    """The smallest count with at least the share at or below it; ``near`` is within rounding of it."""
    if mean <= 0:
        return 0
    if mean >= most:
        return int(most)
    k = int(min(max(np.ceil(near(share)), 0.0), most))
    while k > 0 and cdf(k - 1) >= share:
        k -= 1
    while k < most and cdf(k) < share:
        k += 1
    return k
