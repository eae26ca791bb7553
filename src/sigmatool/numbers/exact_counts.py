"""How sure are we of a proportion or a rate? Exact, mid-p and score intervals of counts, and their tests.

Everything is vectorised over counts; every interval is two-sided and holds a chance of ``(1 - confidence) / 2`` on each
side, so that one end alone is a bound of confidence ``(1 + confidence) / 2``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import (
    betainc,
    betaincc,
    betainccinv,
    betaincinv,
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
    ndtri,
)

from . import estimate

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]

STEPS = 120
"""Halvings of a bracket: ends then agree to the last digits, whatever their scale."""


def clopper_pearson(count: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Exact interval of a proportion: it covers the truth with at least its confidence, whatever the truth is.

    Parameters
    ----------
    count, n : array
        Events and number inspected, broadcast against each other. They need not be whole: an effective number of
        inspected units may stand in (:mod:`sigmatool.numbers.clustered_counts`).
    confidence : float

    Returns
    -------
    low, high : array
        0 where nothing was found, 1 where all were.

    Raises
    ------
    ValueError
        More events than inspected, a negative count, nothing inspected.

    Notes
    -----
    Quantiles of beta distributions: ``low = B(a/2; x, n - x + 1)``, ``high = B(1 - a/2; x + 1, n - x)``.

    References
    ----------
    Clopper & Pearson (1934), Biometrika 26, 404-413.

    Examples
    --------
    >>> [end.round(4).tolist() for end in clopper_pearson([4, 0], 50)]
    [[0.0222, 0.0], [0.1923, 0.0711]]
    """
    x, n, side = _proportion(count, n, confidence)
    with np.errstate(invalid="ignore"):
        low = np.where(x > 0, betaincinv(np.maximum(x, 1e-300), n - x + 1, side), 0.0)
        high = np.where(x < n, betainccinv(x + 1, np.maximum(n - x, 1e-300), side), 1.0)
    return low, high


def wilson(count: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Score interval of a proportion: narrower than the exact one, right on average over truths.

    Parameters
    ----------
    count, n : array
    confidence : float

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212; Brown, Cai & DasGupta (2001),
    Statistical Science 16, 101-133.

    Examples
    --------
    >>> [end.round(4).tolist() for end in wilson([25, 0], 1000)]
    [[0.017, 0.0], [0.0366, 0.0038]]
    """
    x, n, side = _proportion(count, n, confidence)
    z2 = ndtri(side) ** 2
    middle = (x + z2 / 2) / (n + z2)
    half = np.sqrt(z2 * (x * (1 - x / n) + z2 / 4)) / (n + z2)
    return np.where(x > 0, np.maximum(middle - half, 0.0), 0.0), np.where(x < n, np.minimum(middle + half, 1.0), 1.0)


def mid_p_proportion(count: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Exact interval that counts half of the chance of what was seen: narrower, and right on average.

    Parameters
    ----------
    count, n : array
    confidence : float

    References
    ----------
    Lancaster (1961), Journal of the American Statistical Association 56, 223-234; Berry & Armitage (1995), The
    Statistician 44, 417-423.

    Examples
    --------
    >>> [round(float(end), 4) for end in mid_p_proportion(4, 50)]
    [0.0259, 0.1818]
    """
    x, n, side = _proportion(count, n, confidence)
    low, high = clopper_pearson(x, n, confidence)

    def more(p: Floats) -> Floats:
        at_least = np.where(x > 0, betainc(np.maximum(x, 1e-300), n - x + 1, p), 1.0)
        beyond = np.where(x < n, betainc(x + 1, np.maximum(n - x, 1e-300), p), 0.0)
        return np.asarray((at_least + beyond) / 2)

    return (
        np.where(x > 0, _rising(more, low, x / n, side), 0.0),
        np.where(x < n, _rising(more, x / n, high, 1 - side), 1.0),
    )


def garwood(count: ArrayLike, exposure: ArrayLike = 1.0, confidence: float = 0.95) -> Interval:
    """Exact interval of a Poisson rate.

    Parameters
    ----------
    count, exposure : array
        Events, and the units or the time in which they were counted.
    confidence : float

    Notes
    -----
    Quantiles of gamma distributions: ``low = G(a/2; x) / t``, ``high = G(1 - a/2; x + 1) / t``.

    References
    ----------
    Garwood (1936), Biometrika 28, 437-442.

    Examples
    --------
    >>> [end.round(3).tolist() for end in garwood([10, 0])]
    [[4.795, 0.0], [18.39, 3.689]]
    """
    x, exposure, side = _rate(count, exposure, confidence)
    low = np.where(x > 0, gammaincinv(np.maximum(x, 1e-300), side), 0.0)
    return low / exposure, gammainccinv(x + 1, side) / exposure


def mid_p_rate(count: ArrayLike, exposure: ArrayLike = 1.0, confidence: float = 0.95) -> Interval:
    """Interval of a Poisson rate that counts half of the chance of what was seen.

    Parameters
    ----------
    count, exposure : array
    confidence : float

    References
    ----------
    Lancaster (1961), Journal of the American Statistical Association 56, 223-234; Cohen & Yang (1994), Statistics in
    Medicine 13, 2189-2203.

    Examples
    --------
    >>> [round(float(end), 3) for end in mid_p_rate(10)]
    [5.08, 17.825]
    """
    x, exposure, side = _rate(count, exposure, confidence)
    low, high = garwood(x, 1.0, confidence)

    def more(mean: Floats) -> Floats:
        at_least = np.where(x > 0, gammainc(np.maximum(x, 1e-300), mean), 1.0)
        return np.asarray((at_least + gammainc(x + 1, mean)) / 2)

    return np.where(x > 0, _rising(more, low, x, side), 0.0) / exposure, _rising(more, x, high, 1 - side) / exposure


def proportion_test(count: float, n: float, expected: float, confidence: float = 0.95) -> estimate.Tested:
    """Does a proportion differ from a given one?

    Parameters
    ----------
    count, n : float
    expected : float
        Between 0 and 1.
    confidence : float

    Returns
    -------
    estimate.Tested
        The difference from ``expected`` with its exact interval; p is twice the smaller tail, so that it and the
        interval never contradict each other.

    References
    ----------
    Clopper & Pearson (1934), Biometrika 26, 404-413.

    Examples
    --------
    >>> round(proportion_test(4, 50, 0.2).p, 4)
    0.037
    """
    if not 0 < expected < 1:
        raise ValueError(f"the expected proportion must lie between 0 and 1, not {expected!r}")
    low, high = clopper_pearson(count, n, confidence)
    fewer = float(betaincc(count + 1, n - count, expected)) if count < n else 1.0
    more = float(betainc(count, n - count + 1, expected)) if count > 0 else 1.0
    return estimate.Tested(
        count / n - expected, float(low) - expected, float(high) - expected, min(1.0, 2 * min(fewer, more)),
        "exact binomial, twice the smaller tail; Clopper-Pearson (1934)",
    )  # fmt: skip


def rate_test(count: float, exposure: float, expected: float, confidence: float = 0.95) -> estimate.Tested:
    """Does a Poisson rate differ from a given one?

    Parameters
    ----------
    count, exposure : float
    expected : float
        Above 0, per unit of exposure.
    confidence : float

    References
    ----------
    Garwood (1936), Biometrika 28, 437-442.

    Examples
    --------
    >>> round(rate_test(10, 1.0, 20.0).p, 4)
    0.0216
    """
    if not 0 < expected < np.inf:
        raise ValueError(f"the expected rate must be a number above 0, not {expected!r}")
    low, high = garwood(count, exposure, confidence)
    mean = expected * exposure
    fewer = float(gammaincc(count + 1, mean))
    more = float(gammainc(count, mean)) if count > 0 else 1.0
    return estimate.Tested(
        count / exposure - expected, float(low) - expected, float(high) - expected, min(1.0, 2 * min(fewer, more)),
        "exact Poisson, twice the smaller tail; Garwood (1936)",
    )  # fmt: skip


def _proportion(count: ArrayLike, n: ArrayLike, confidence: float) -> tuple[Floats, Floats, float]:
    x, size, side = _rate(count, n, confidence)
    if np.any(x > size):
        raise ValueError("more events than inspected: a proportion cannot exceed 1")
    return x, size, side


def _rate(count: ArrayLike, exposure: ArrayLike, confidence: float) -> tuple[Floats, Floats, float]:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    x, size = np.broadcast_arrays(np.asarray(count, dtype=np.float64), np.asarray(exposure, dtype=np.float64))
    if not (np.isfinite(x).all() and np.isfinite(size).all()):
        raise ValueError("counts and numbers inspected must be finite; leave gaps out")
    if np.any(x < 0):
        raise ValueError("a count cannot be negative")
    if np.any(size <= 0):
        raise ValueError("nothing was inspected: the number inspected must be above 0")
    return x, size, (1 - confidence) / 2


def _rising(of: Callable[[Floats], Floats], low: Floats, high: Floats, wanted: float) -> Floats:
    """Where a rising function reaches ``wanted``, by halving a bracket."""
    low, high = np.asarray(low + np.zeros(np.shape(high))), np.asarray(high + np.zeros(np.shape(low)))
    for _ in range(STEPS):
        middle = (low + high) / 2
        above = of(middle) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2)
