"""How surely is a series no row of independent values from one law? Quick enough for millions of series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc, betainc, pdtr, pdtrc, stdtr

Floats = NDArray[np.float64]


def order_p(n: Floats, pairs: Floats, steps: Floats, spread: Floats) -> Floats:
    """Chance that independent values differ from their neighbours as much less, or as much more.

    Parameters
    ----------
    n : array
        Values of a series.
    pairs : array
        Neighbours among them; fewer than ``n - 1`` where there are gaps.
    steps : array
        Sum of their squared differences.
    spread : array
        Sum of the squared distances from the mean.

    Returns
    -------
    array
        Two-sided; 1 below five values, or without spread.

    Notes
    -----
    Von Neumann's ratio ``(steps / pairs) / (spread / (n - 1))`` has mean 2 and, for ``n`` normal values without gaps,
    variance ``4 (n - 2) / ((n - 1) (n + 1))``; its tail is taken from the symmetric beta law on 0 to 4 of that
    variance. With gaps ``pairs + 1`` stands for ``n``. The law of the values matters little: over permutations of
    any values the mean is the same.

    References
    ----------
    Von Neumann (1941), Annals of Mathematical Statistics 12, 367-395; Young (1941), ibid., 293-300.

    Examples
    --------
    >>> x = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    >>> steps, spread = (np.diff(x) ** 2).sum(), ((x - x.mean()) ** 2).sum()
    >>> p = order_p(np.array([8.0]), np.array([7.0]), np.array([steps]), np.array([spread]))
    >>> bool(p[0] < 0.001)
    True
    """
    m = np.asarray(pairs, dtype=np.float64) + 1
    usable = (m >= 5) & (spread > 0)
    m = np.where(usable, m, 5.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = np.where(usable, steps / pairs / (spread / (n - 1)) / 4, 0.5)
    shape = ((m**2 - 1) / (m - 2) - 1) / 2
    low = betainc(shape, shape, np.clip(at, 0.0, 1.0))
    return np.asarray(np.where(usable, np.minimum(2 * np.minimum(low, 1 - low), 1.0), 1.0))


def slope_p(n: Floats, explained: Floats) -> Floats:
    """Two-sided p value of a straight line over time; 1 below five values.

    Parameters
    ----------
    n : array
        Values.
    explained : array
        Share of the squared distances from the mean that the line explains.

    Notes
    -----
    Student's t of a regression, exact for normal values. A step half-way raises a line through it nearly as high (the
    two share three quarters of their variance), so that lasting shifts are found as well.

    Examples
    --------
    >>> slope_p(np.array([20.0]), np.array([0.5])).round(4)
    array([0.0005])
    """
    usable = (n >= 5) & np.isfinite(explained)
    share = np.clip(np.where(usable, explained, 0.0), 0.0, 1 - 1e-15)
    freedom = np.where(usable, n - 2, 3.0)
    return np.asarray(np.where(usable, 2 * stdtr(freedom, -np.sqrt(freedom * share / (1 - share))), 1.0))


def extreme_p(n: Floats, largest: Floats, spread: Floats) -> Floats:
    """Chance that the farthest of ``n`` normal values lies at least so far from their mean; an upper bound.

    Parameters
    ----------
    n, largest, spread : array
        Values, largest distance from the mean, sum of squared distances.

    Notes
    -----
    Grubbs' test, two-sided: the distance over the standard deviation is brought to Student's t with ``n - 2`` degrees
    of freedom, and its chance taken ``n`` times (Bonferroni).

    References
    ----------
    Grubbs (1969), Technometrics 11, 1-21.

    Examples
    --------
    >>> x = np.array([0.1, -0.2, 0.3, 0.0, -0.1, 0.2, 9.0])
    >>> c = x - x.mean()
    >>> bool(extreme_p(np.array([7.0]), np.abs(c).max(keepdims=True), (c**2).sum(keepdims=True))[0] < 0.001)
    True
    """
    usable = (n >= 5) & (spread > 0)
    n = np.where(usable, n, 5.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        square = np.where(usable, largest**2 * (n - 1) / np.where(usable, spread, 1.0), 0.0)
        t = np.sqrt(n * (n - 2) * square / np.maximum((n - 1) ** 2 - n * square, 1e-300))
    return np.asarray(np.where(usable, np.minimum(2 * n * stdtr(n - 2, -t), 1.0), 1.0))


def count_tail(count: Floats, size: Floats, center: Floats, proportion: NDArray[np.bool_]) -> Floats:
    """The smaller of the chances of at most, and of at least, so many events.

    Parameters
    ----------
    count, size, center : array
        Events, items (or exposure), and the share or rate that is expected.
    proportion : array of bool
        Binomial; otherwise Poisson.

    Examples
    --------
    >>> count_tail(np.array([0.0]), np.array([10.0]), np.array([0.5]), np.array([True])).round(6)
    array([0.000977])
    """
    k, n = np.floor(count), np.maximum(np.floor(size), 1.0).astype(np.int64)
    share = np.clip(center, 1e-12, 1 - 1e-12)
    low = np.where(proportion, bdtr(np.minimum(k, n), n, share), pdtr(k, size * center))
    less = np.maximum(k - 1, 0)
    above = np.where(proportion, bdtrc(less, n, share), pdtrc(less, size * center))
    high = np.where(k <= 0, 1.0, above)
    return np.asarray(np.minimum(low, high))
