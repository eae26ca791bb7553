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


EDGE = 1e-9
"""Share of a count by which a limit may miss it through rounding: a point at a limit is not beyond it."""


def binomial_beyond(p: Floats, n: Floats, low: Floats, high: Floats) -> Floats:
    """Chance that a count of ``n`` trials lies below ``low`` or above ``high`` (both counts)."""
    from scipy.stats import binom

    return np.asarray(binom.cdf(np.ceil(low - EDGE) - 1, n, p) + binom.sf(np.floor(high + EDGE), n, p))


def poisson_beyond(mean: Floats, low: Floats, high: Floats) -> Floats:
    """Chance that a Poisson count lies below ``low`` or above ``high``.

    Examples
    --------
    >>> np.round(poisson_beyond(np.array([4.0]), np.array([0.0]), np.array([10.0])), 4).tolist()
    [0.0028]
    """
    from scipy.stats import poisson

    return np.asarray(poisson.cdf(np.ceil(low - EDGE) - 1, mean) + poisson.sf(np.floor(high + EDGE), mean))


def geometric_beyond(mean: Floats, low: Floats, high: Floats) -> Floats:
    """Chance that a number of failures before a success, ``mean`` on average, lies below ``low`` or above ``high``.

    Examples
    --------
    >>> np.round(geometric_beyond(np.array([19.0]), np.array([0.0]), np.array([77.5])), 4).tolist()
    [0.0183]
    """
    failing = mean / (mean + 1)
    few = np.maximum(np.ceil(low - EDGE), 0.0)
    return np.asarray(1 - failing**few + failing ** (np.floor(high + EDGE) + 1))
