"""How busy are people over periods that differ, and how likely is a period with more work than hours?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrik, ndtr, stdtr, stdtrit

from .estimate import Estimate

Floats = NDArray[np.float64]


def lag_one(x: Floats) -> float:
    """Autocorrelation of neighbours; 0 where nothing varies or fewer than 8 values are there.

    Examples
    --------
    >>> round(lag_one(np.array([1.0, 2, 3, 4, 5, 6, 7, 8])), 3)
    0.625
    """
    y = x - x.mean()
    whole = float(y @ y)
    return float(y[1:] @ y[:-1]) / whole if x.size >= 8 and whole > 0 else 0.0


def ratio_of_totals(over: Floats, under: Floats, confidence: float = 0.95, *, positive: bool = True) -> Estimate:
    """A ratio of two totals over periods, with an interval for what such periods have in the long run.

    Parameters
    ----------
    over, under : (n,) arrays
        Of each period, such as hours worked and hours there; ``under`` above zero in total.
    confidence : float
    positive : bool
        Take the interval on the scale of logarithms, for what cannot be negative and is skewed.

    Notes
    -----
    ``R = sum(over) / sum(under)`` with the linearised standard error ``sqrt(n / (n - 1) sum(e^2)) / sum(under)``,
    ``e = over - R under``, and Student's t with n - 1 degrees of freedom. Where residuals resemble their neighbours
    (autocorrelation r above 0, from 8 periods on) the variance is taken (1 + r) / (1 - r) times as large.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., section 6.4 (ratio of totals); Bayley & Hammersley (1946), The
    "effective" number of independent observations, JRSS Supplement 8, 184-197.

    Examples
    --------
    >>> found = ratio_of_totals(np.array([80.0, 90.0, 85.0]), np.array([100.0, 100.0, 100.0]), positive=False)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.85, 0.726, 0.974)
    """
    n, total = over.size, float(under.sum())
    value = float(over.sum()) / total
    if n < 2:
        return Estimate(value, math.nan, math.nan)
    left = over - value * under
    r = min(max(lag_one(left), 0.0), 0.9)
    error = math.sqrt(n / (n - 1) * float(left @ left) * (1 + r) / (1 - r)) / total
    reach = float(stdtrit(n - 1, 0.5 + confidence / 2)) * error
    method = "ratio of totals (Cochran 1977), t over periods"
    if not positive:
        return Estimate(value, value - reach, value + reach, method)
    if value <= 0:
        return Estimate(value, math.nan, math.nan, method)
    # a ratio may stand far beyond the largest number
    high = value * math.exp(reach / value) if reach / value < 100 else math.inf
    return Estimate(value, value * math.exp(-reach / value), high, method)


@dataclass(frozen=True)
class Overload:
    """The chance that a period brings more work than there are hours.

    Attributes
    ----------
    chance : (k, n) array
        For k capacities of n periods.
    relative_sd : float
        Of the work between periods, chance included.
    beyond_chance : float
        What of it is more than the chance of arrivals and handling times makes.
    mean : float
        Of the work.
    """

    chance: Floats
    relative_sd: float
    beyond_chance: float
    mean: float


def overload(rate: Floats, expected: Floats, scv_handling: float, capacity: Floats, weight: Floats) -> Overload:
    """The chance that work like that of the periods seen exceeds each capacity.

    Parameters
    ----------
    rate : (n,) array
        Work of each period seen, in the unit of ``capacity``.
    expected : (n,) array
        Arrivals that each period expects, on which the part of chance rests.
    scv_handling : float
    capacity : (k, n) array
    weight : (n,) array
        Of each period in the mean, such as its hours.

    Notes
    -----
    Work is taken as lognormal about a common mean. Its relative variance in a period is ``k + (1 + cs2) / N``: the
    second part is chance (N Poisson arrivals, each with a handling time), the first what the periods show beyond it, by
    moments, not below zero. So arrivals that scatter more than Poisson are met by what the data show of it. The chance
    is that of a further period, whose mean is itself uncertain: Student's t, with the degrees of freedom of the part
    that is estimated (Satterthwaite), n - 1 where nearly all of it is.

    References
    ----------
    Jongbloed & Koole (2001), Managing uncertainty in call centres using Poisson mixtures, Applied Stochastic Models in
    Business and Industry 17, 307-318.

    Examples
    --------
    >>> rate = np.array([8.0, 9.0, 10.0, 9.0, 8.5, 9.5])
    >>> found = overload(rate, np.full(6, 400.0), 1.0, np.full((1, 6), 10.0), np.ones(6))
    >>> round(float(found.chance[0, 0]), 3)
    0.101
    """
    n = rate.size
    mean = float((weight * rate).sum() / weight.sum())
    if mean <= 0:
        return Overload(np.zeros(capacity.shape), 0.0, 0.0, mean)
    seen = float(((rate / mean - 1.0) ** 2).sum() / (n - 1))
    noise = (1.0 + scv_handling) / np.maximum(expected, 1.0)
    beyond = max(seen - float(noise.mean()), 0.0)
    variance = np.log1p(beyond + noise)
    z = (np.log(np.maximum(capacity, 1e-300) / mean) + 0.5 * variance) / np.sqrt(variance * (1.0 + 1.0 / n))
    dof = (n - 1) * ((beyond + noise) / beyond) ** 2 if beyond > 0 else np.full(n, np.inf)
    chance = np.where(dof < 1e6, 1.0 - stdtr(np.minimum(dof, 1e6), z), ndtr(-z))
    return Overload(chance, math.sqrt(beyond + float(noise.mean())), math.sqrt(beyond), mean)


def median_interval(x: Floats, confidence: float = 0.95) -> Estimate:
    """The median with the order statistics about it; NaN ends where there are too few values for the confidence.

    References
    ----------
    Conover (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2.

    Examples
    --------
    >>> found = median_interval(np.arange(1.0, 21.0))
    >>> found.value, found.low, found.high
    (10.5, 6.0, 15.0)
    """
    n, ordered = x.size, np.sort(x)
    rank = int(bdtrik(0.5 * (1 - confidence), n, 0.5)) + 1 if 0.5**n <= 0.5 * (1 - confidence) else 0
    value = float(np.median(ordered))
    method = "order statistics (sign test)"
    if rank < 1 or n - rank < rank:
        return Estimate(value, math.nan, math.nan, method)
    return Estimate(value, float(ordered[rank - 1]), float(ordered[n - rank]), method)
