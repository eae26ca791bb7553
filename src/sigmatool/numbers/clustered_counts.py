"""How sure are we of a proportion or a rate whose points differ by more than chance?

An exact interval takes every inspected unit for independent of its neighbours. Where days or batches have a good or a
bad character of their own, that interval is too narrow: what counts is how far the points lie apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from .exact_counts import clopper_pearson, garwood

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Widened:
    """An interval from the differences between points.

    Attributes
    ----------
    value, low, high : float
    design_effect : float
        How many times larger the variance is than that of independent units; at least 1.
    effective : float
        Independent units that would tell as much.
    """

    value: float
    low: float
    high: float
    design_effect: float
    effective: float


def widened(count: Floats, size: Floats, proportion: bool, confidence: float = 0.95) -> Widened:
    """Interval of a proportion or a rate that allows for differences between points.

    Parameters
    ----------
    count, size : (k,) array
        Events and number inspected of each point, without gaps; at least two points.
    proportion : bool
        A share of the inspected; else a rate of events.
    confidence : float

    Raises
    ------
    ValueError
        Fewer than two points.

    Notes
    -----
    The variance of the ratio ``p = sum x / sum n`` over points, ``k/(k-1) sum (x - n p)^2 / (sum n)^2``, over that of
    independent units is the design effect. With points of equal size it is Pearson's chi-square over its degrees of
    freedom (the scale of a quasi-binomial or quasi-Poisson regression); with unequal ones it weights points as the
    ratio does. The exact interval of ``n / effect`` units then also allows for the error of the effect itself, by the
    ratio of Student quantiles of ``n - 1`` and ``k - 1`` degrees of freedom.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24, 193-201; Cochran (1977), Sampling Techniques, 3rd ed., ch. 6.

    Examples
    --------
    >>> found = widened(np.array([2.0, 14.0, 3.0, 13.0, 1.0, 15.0]), np.full(6, 100.0), proportion=True)
    >>> round(found.design_effect, 2), round(found.low, 3), round(found.high, 3)
    (5.98, 0.025, 0.181)
    """
    k = int(count.size)
    if k < 2:
        raise ValueError("differences between points need at least two points")
    events, total = float(count.sum()), float(size.sum())
    p = events / total
    independent = p * (1 - p) / total if proportion else p / total
    between = k / (k - 1) * float(((count - size * p) ** 2).sum()) / total**2
    effect = max(between / independent, 1.0) if independent > 0 else 1.0
    side = (1 + confidence) / 2
    student = float(stdtrit(max(total - 1, k - 1), side) / stdtrit(k - 1, side))
    share = student**2 / effect
    of = clopper_pearson if proportion else garwood
    low, high = of(events * share, total * share, confidence)
    return Widened(p, float(low), float(high), effect, total * share)
