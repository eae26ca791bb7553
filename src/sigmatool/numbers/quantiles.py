"""Limits with a stated tail chance, for statistics that are far from normal.

Each limit is crossed by a steady process with at most the chance that a normal statistic has beyond ``k`` sigma on
that side (0.00135 at three).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]


def tail(k: float) -> float:
    """Chance of a normal value beyond ``k`` sigma on one side.

    Examples
    --------
    >>> round(tail(3.0), 5)
    0.00135
    """
    return float(ndtr(-k))


def binomial_limits(p: float, n: Floats, k: float) -> tuple[Floats, Floats]:
    """Lowest and highest share that chance makes of ``n`` inspected: binomial quantiles over n.

    Examples
    --------
    >>> [v.tolist() for v in binomial_limits(0.1, np.array([50.0]), 3.0)]
    [[0.0], [0.24]]
    """
    from scipy.stats import binom

    area = tail(k)
    return (
        np.asarray(binom.ppf(area, n, p) / n, dtype=np.float64),
        np.asarray(binom.ppf(1 - area, n, p) / n, dtype=np.float64),
    )


def poisson_limits(rate: float, n: Floats, k: float) -> tuple[Floats, Floats]:
    """The same for a rate of events over the exposure ``n``.

    Examples
    --------
    >>> [v.tolist() for v in poisson_limits(4.0, np.array([1.0]), 3.0)]
    [[0.0], [11.0]]
    """
    from scipy.stats import poisson

    area = tail(k)
    return (
        np.asarray(poisson.ppf(area, rate * n) / n, dtype=np.float64),
        np.asarray(poisson.ppf(1 - area, rate * n) / n, dtype=np.float64),
    )


def geometric_quantile(mean: float, area: float) -> float:
    """Smallest number of failures before a success whose chance up to it reaches ``area``.

    ``mean``: failures on average.

    Examples
    --------
    >>> geometric_quantile(20.0, 0.5)
    14.0
    """
    p = 1 / (1 + mean)
    if p == 1:
        return 0.0
    return max(float(np.ceil(np.log1p(-area) / np.log1p(-p) - 1 - 1e-12)), 0.0)


def exponential_quantile(mean: float, area: float) -> float:
    """Time within which the next event comes with the chance ``area``."""
    return float(-mean * np.log1p(-area))
