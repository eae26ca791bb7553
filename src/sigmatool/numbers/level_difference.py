"""By how much do two samples of independent values differ in level, and how surely?

Differences are second minus first, in the unit of the values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from .estimate import Tested
from .plain_tests import mann_whitney
from .ranks import (
    EXACT_BELOW,
    cut,
    mid_ranks,
    ordered_average,
    ordered_difference,
    rank_sum_law,
    signed_rank_law,
    tie_sum,
    two_sided,
)
from .samples import level_inside, near_zero, sample

Floats = NDArray[np.float64]


def welch_difference(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Tested:
    """Difference of two means whose spreads may differ.

    Parameters
    ----------
    a, b : (n,) arrays
        First and second sample, at least two values each.
    level : float
        Of the interval; 0.95 is the custom of the trade.

    Returns
    -------
    Tested
        ``mean(b) - mean(a)``; the statistic is t.

    Raises
    ------
    ValueError
        When neither sample varies.

    References
    ----------
    Welch, B. L. (1947), Biometrika 34, 28-35; Satterthwaite, F. E. (1946), Biometrics Bulletin 2, 110-114.

    Examples
    --------
    >>> d = welch_difference([1.0, 2.0, 3.0], [4.0, 5.0, 7.0])
    >>> round(d.value, 3), round(d.p, 4)
    (3.333, 0.0419)
    """
    x, y = _pair(a, b)
    v1, v2 = x.var(ddof=1) / x.size, y.var(ddof=1) / y.size
    # shares of one, so that neither tiny nor huge values under- or overflow when squared
    share1, share2 = v1 / (v1 + v2), v2 / (v1 + v2)
    dof = 1.0 / float(share1**2 / (x.size - 1) + share2**2 / (y.size - 1))
    return by_t(float(y.mean() - x.mean()), float(np.sqrt(v1 + v2)), dof, level, "Welch t (Welch 1947)")


def student_difference(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Tested:
    """Difference of two means whose spreads are taken for equal.

    With unequal sizes and spreads it misleads either way: :func:`welch_difference` is the default everywhere.

    References
    ----------
    Student (1908), Biometrika 6, 1-25.

    Examples
    --------
    >>> round(student_difference([1.0, 2.0, 3.0], [4.0, 5.0, 7.0]).p, 4)
    0.0341
    """
    x, y = _pair(a, b)
    dof = x.size + y.size - 2
    pooled = ((x.size - 1) * x.var(ddof=1) + (y.size - 1) * y.var(ddof=1)) / dof
    error = float(np.sqrt(pooled * (1 / x.size + 1 / y.size)))
    return by_t(float(y.mean() - x.mean()), error, float(dof), level, "pooled t (Student 1908)")


def mann_whitney_shift(a: ArrayLike, b: ArrayLike, level: float = 0.95, exact: bool | None = None) -> Tested:
    """How far the second sample is shifted: median of all pairwise differences (Hodges-Lehmann).

    Parameters
    ----------
    a, b : (n,) arrays
        First and second sample; one value each is enough for an estimate.
    level : float
    exact : bool, optional
        The exact law, which knows no ties; by default where both samples are shorter than 50 and no value is tied.

    Returns
    -------
    Tested
        The statistic is U, the pairs with the second above the first, ties counting half.

    Raises
    ------
    ValueError
        When no value differs from another, or ``exact`` is asked of samples with ties.

    Notes
    -----
    The interval holds the shifts that the test does not reject. Without the exact law: the normal approximation with
    the corrections for ties and continuity, at a shift that ties no pair across the samples. No list of the n1 n2
    differences is made: their order statistics come from bisection, counting pairs.

    References
    ----------
    Hodges, J. L. and Lehmann, E. L. (1963), Annals of Mathematical Statistics 34, 598-611; Hollander, M. and Wolfe,
    D. A. (1999), Nonparametric Statistical Methods, section 4.3.

    Examples
    --------
    >>> d = mann_whitney_shift(np.arange(8.0), np.arange(8.0) + 5.25)
    >>> d.value, d.low, d.high, round(d.p, 4)
    (5.25, 2.25, 8.25, 0.0011)
    """
    x, y = np.sort(sample(a, 1)), np.sort(sample(b, 1))
    _, (x, y) = near_zero(x, y)
    both = np.concatenate([x, y])
    if (both == both[0]).all():
        raise ValueError("every value of both samples is the same: a shift has no interval")
    ties = tie_sum(both)
    if exact is None:
        exact = ties == 0 and max(x.size, y.size) < EXACT_BELOW
    elif exact and ties:
        raise ValueError("samples with ties have no exact rank law here: use the normal approximation")
    pairs, tail = x.size * y.size, (1 - level_inside(level)) / 2
    share, p = mann_whitney(x, y)
    u = round(2 * share * pairs) / 2
    if exact:
        law = rank_sum_law(min(x.size, y.size), max(x.size, y.size))
        p, k = two_sided(law, u), cut(law, tail)
    else:
        n = x.size + y.size
        # a shift moves every tie between the samples apart; those inside them stay
        held = (tie_sum(x) + tie_sum(y)) / (n * (n - 1))
        k = _normal_cut(pairs / 2, float(np.sqrt(pairs / 12 * (n + 1 - held))), tail)
    return Tested(
        value=0.5 * (ordered_difference(x, y, (pairs + 1) // 2) + ordered_difference(x, y, pairs // 2 + 1)),
        low=ordered_difference(x, y, k),
        high=ordered_difference(x, y, pairs + 1 - k),
        p=p,
        method=f"Mann-Whitney, {'exact' if exact else 'normal approximation'} (Hodges and Lehmann 1963)",
        statistic=u,
    )


def one_sample(x: ArrayLike, mu: float = 0.0, level: float = 0.95) -> Tested:
    """The mean with its interval, and whether it is ``mu``.

    Returns
    -------
    Tested
        The value is the mean itself; t and p are about its distance from ``mu``.

    Raises
    ------
    ValueError
        When the values do not vary.

    References
    ----------
    Student (1908), Biometrika 6, 1-25.

    Examples
    --------
    >>> d = one_sample([4.0, 5.0, 7.0], 5.0)
    >>> round(d.value, 3), round(d.p, 3)
    (5.333, 0.742)
    """
    values = sample(x)
    origin, (near,) = near_zero(values)
    error = float(near.std(ddof=1) / np.sqrt(near.size))
    if error == 0.0:
        raise ValueError(f"all {near.size} values are {values[0]:g}: their mean has no interval")
    told = by_t(float(near.mean()) - (mu - origin), error, float(near.size - 1), level, "t (Student 1908)")
    return Tested(told.value + mu, told.low + mu, told.high + mu, told.p, told.method, told.statistic, told.dof)


def paired_difference(d: ArrayLike, level: float = 0.95) -> Tested:
    """Mean of paired differences (second minus first), and whether it is zero.

    References
    ----------
    Student (1908), Biometrika 6, 1-25.

    Examples
    --------
    >>> round(paired_difference([1.0, 2.0, 4.0]).p, 3)
    0.118
    """
    return one_sample(d, 0.0, level)


def signed_rank_difference(d: ArrayLike, level: float = 0.95, exact: bool | None = None) -> Tested:
    """Pseudo-median of paired differences: median of the averages of all pairs of them (Hodges-Lehmann).

    Parameters
    ----------
    d : (n,) array
        Second minus first.
    level : float
    exact : bool, optional
        By default for fewer than 50 differences, none of them zero or tied in size.

    Returns
    -------
    Tested
        The statistic is V, the rank sum of the positive differences.

    Raises
    ------
    ValueError
        When every difference is the same.

    Notes
    -----
    Zeros are left out of the test, as Wilcoxon did, and stay in the estimate and its interval.

    References
    ----------
    Wilcoxon, F. (1945), Biometrics Bulletin 1, 80-83; Hodges, J. L. and Lehmann, E. L. (1963), Annals of Mathematical
    Statistics 34, 598-611.

    Examples
    --------
    >>> s = signed_rank_difference([0.3, 1.1, 1.2, 2.0, 2.6, -0.4])
    >>> round(s.value, 3), round(s.p, 4)
    (1.15, 0.0938)
    """
    values = np.sort(sample(d))
    if values[0] == values[-1]:
        raise ValueError(f"all {values.size} differences are {values[0]:g}: a shift has no interval")
    moved, tail = values[values != 0], (1 - level_inside(level)) / 2
    ranks, ties = mid_ranks(np.abs(moved)), tie_sum(np.abs(moved))
    v, n, m = float(ranks[moved > 0].sum()), values.size, moved.size
    if exact is None:
        exact = ties == 0 and m == n < EXACT_BELOW
    elif exact and (ties or m < n):
        raise ValueError("differences with zeros or ties have no exact law here: use the normal approximation")
    pairs = n * (n + 1) // 2
    if exact:
        law = signed_rank_law(n)
        p, k = two_sided(law, v), cut(law, tail)
    else:
        spread = float(np.sqrt(m * (m + 1) * (2 * m + 1) / 24 - ties / 48))
        p = min(2 * float(ndtr(-max(abs(v - m * (m + 1) / 4) - 0.5, 0.0) / spread)), 1.0)
        k = _normal_cut(pairs / 2, float(np.sqrt(n * (n + 1) * (2 * n + 1) / 24 - tie_sum(values) / 48)), tail)
    origin, (near,) = near_zero(values)
    return Tested(
        value=origin + 0.5 * (ordered_average(near, (pairs + 1) // 2) + ordered_average(near, pairs // 2 + 1)),
        low=origin + ordered_average(near, k),
        high=origin + ordered_average(near, pairs + 1 - k),
        p=p,
        method=f"Wilcoxon signed rank, {'exact' if exact else 'normal approximation'} (Hodges and Lehmann 1963)",
        statistic=v,
    )


def by_t(value: float, error: float, dof: float, level: float, method: str) -> Tested:
    """An estimate whose error follows Student's t: its interval and its two-sided p value against zero.

    Examples
    --------
    >>> round(by_t(2.0, 1.0, 10.0, 0.95, "t").p, 4)
    0.0734
    """
    half = float(stdtrit(dof, 0.5 + level_inside(level) / 2)) * error
    t = value / error
    return Tested(value, value - half, value + half, 2 * float(stdtr(dof, -abs(t))), method, t, dof)


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats]:
    """Both samples near zero; refused where neither varies."""
    _, (x, y) = near_zero(sample(a), sample(b))
    if np.ptp(x) == 0 and np.ptp(y) == 0:
        raise ValueError("neither sample varies: the difference of their means has no interval")
    return x, y


def _normal_cut(mean: float, spread: float, tail: float) -> int:
    """As :func:`sigmatool.numbers.ranks.cut`, by the normal approximation with continuity correction."""
    return max(int(np.floor(mean - 0.5 + float(ndtri(tail)) * spread)) + 1, 1)
