"""How large is a difference, measured by the noise or as a share?

Differences are second minus first. An effect size stands beside the difference in its unit, never in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, ncfdtr, nctdtr, ndtr, ndtri, stdtr

from .estimate import Tested
from .plain_tests import mann_whitney
from .proportion_difference import wilson
from .samples import level_inside, near_zero, sample

Floats = NDArray[np.float64]


def cohen_d(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Tested:
    """Difference of two means in pooled standard deviations, with the noncentral t interval.

    Parameters
    ----------
    a, b : (n,) arrays
        First and second sample, at least two values each.
    level : float

    Returns
    -------
    Tested
        The statistic is the pooled t, and p its p value.

    Raises
    ------
    ValueError
        When neither sample varies.

    References
    ----------
    Cohen, J. (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., 66-67; Steiger, J. H. and
    Fouladi, R. T. (1997), in What If There Were No Significance Tests?, 221-257 (interval).

    Examples
    --------
    >>> d = cohen_d([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 5.0, 7.0])
    >>> round(d.value, 3), round(d.low, 3), round(d.high, 3)
    (1.155, -0.41, 2.642)
    """
    _, (x, y) = near_zero(sample(a), sample(b))
    dof = x.size + y.size - 2
    pooled = float(np.sqrt(((x.size - 1) * x.var(ddof=1) + (y.size - 1) * y.var(ddof=1)) / dof))
    if pooled == 0.0:
        raise ValueError("neither sample varies: there is no noise to measure their difference by")
    each, tail = float(np.sqrt(1 / x.size + 1 / y.size)), (1 - level_inside(level)) / 2
    d = float(y.mean() - x.mean()) / pooled
    t = d / each
    low, high = (_noncentral_t(t, dof, share) * each for share in (1 - tail, tail))
    p = float(2 * stdtr(dof, -abs(t)))
    return Tested(d, low, high, p, "Cohen's d, noncentral t (Steiger and Fouladi 1997)", t, dof)


def hedges_g(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Tested:
    """Cohen's d without its bias in short samples.

    Notes
    -----
    ``g = d (1 - 3 / (4 dof - 1))``, the approximate factor; the interval is that of d times the factor.

    References
    ----------
    Hedges, L. V. (1981), Journal of Educational Statistics 6, 107-128.

    Examples
    --------
    >>> round(hedges_g([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 5.0, 7.0]).value, 3)
    1.004
    """
    d = cohen_d(a, b, level)
    j = 1 - 3 / (4 * d.dof - 1)
    method = "Hedges' g, approximate factor (Hedges 1981), noncentral t"
    return Tested(d.value * j, d.low * j, d.high * j, d.p, method, d.statistic, d.dof)


def cliffs_delta(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Tested:
    """How much oftener a value of the second is above one of the first than below it, from -1 to 1.

    Returns
    -------
    Tested
        p is that of the Mann-Whitney test (normal approximation). Where the samples do not overlap the far end of the
        interval comes from Wilson's for a share of none.

    References
    ----------
    Cliff, N. (1993), Psychological Bulletin 114, 494-509; Feng, D. and Cliff, N. (2004), Journal of Modern Applied
    Statistical Methods 3, 322-332 (interval).

    Examples
    --------
    >>> c = cliffs_delta([1.0, 2.0, 3.0, 4.0], [2.5, 4.5, 5.0, 7.0])
    >>> round(c.value, 3), round(c.low, 3), round(c.high, 3)
    (0.75, 0.009, 0.959)
    """
    x, y = np.sort(sample(a)), np.sort(sample(b))
    n1, n2, z = x.size, y.size, float(ndtri(0.5 + level_inside(level) / 2))
    p = mann_whitney(x, y)[1]
    rows, tied = _dominance(y, x)
    columns = -_dominance(x, y)[0]
    d = float(rows.mean())
    if abs(d) == 1.0:
        far = 1 - 2 * wilson(0, min(n1, n2), level).high
        low, high = (far, 1.0) if d > 0 else (-1.0, -far)
        return Tested(d, low, high, p, "Cliff's delta, no overlap (Wilson 1927)")
    whole = float(n1 * n2 - tied) - n1 * n2 * d * d
    variance = (n2**2 * float(((columns - d) ** 2).sum()) + n1**2 * float(((rows - d) ** 2).sum()) - whole) / (
        n1 * n2 * (n1 - 1.0) * (n2 - 1.0)
    )
    # an unbiased estimate can fall below what the overlap alone allows (Cliff 1993)
    variance = max(variance, (1 - d * d) / (n1 * n2 - 1.0))
    below = 1 - d * d + z * z * variance
    half = z * float(np.sqrt(variance * ((1 - d * d) ** 2 + z * z * variance)))
    middle = d - d**3
    return Tested(d, (middle - half) / below, (middle + half) / below, p, "Cliff's delta (Feng and Cliff 2004)")


def cohen_h(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Tested:
    """Difference of two proportions on the scale on which equal steps are equally easy to see.

    Notes
    -----
    ``2 asin sqrt(p2) - 2 asin sqrt(p1)``, standard error ``sqrt(1 / n1 + 1 / n2)``.

    References
    ----------
    Cohen, J. (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., 181.

    Examples
    --------
    >>> round(cohen_h(11, 18, 4, 20).value, 3)
    -0.868
    """
    p1, p2 = wilson(x1, n1, level).value, wilson(x2, n2, level).value
    h, error = float(2 * np.arcsin(np.sqrt(p2)) - 2 * np.arcsin(np.sqrt(p1))), float(np.sqrt(1 / n1 + 1 / n2))
    half = float(ndtri(0.5 + level / 2)) * error
    p = float(2 * ndtr(-abs(h) / error))
    return Tested(
        h, max(h - half, -float(np.pi)), min(h + half, float(np.pi)), p, "Cohen's h, arcsine (Cohen 1988)", h / error
    )


def eta_squared(groups: Sequence[ArrayLike], level: float = 0.95) -> Tested:
    """Share of the variance that lies between the groups, with the noncentral F interval.

    Returns
    -------
    Tested
        The statistic is F of the analysis of variance. The share itself comes out too high in short samples:
        :func:`omega_squared` corrects that.

    References
    ----------
    Fisher, R. A. (1925), Statistical Methods for Research Workers; Steiger, J. H. (2004), Psychological Methods 9,
    164-182 (interval).

    Examples
    --------
    >>> e = eta_squared([[1.0, 2.0, 3.0], [2.0, 4.0, 5.0], [6.0, 7.0, 9.0]])
    >>> round(e.value, 3), round(e.low, 3), round(e.high, 3)
    (0.798, 0.135, 0.878)
    """
    f, dof1, dof2 = one_way(groups)
    n, tail = dof1 + dof2 + 1, (1 - level_inside(level)) / 2
    low, high = (_noncentral_f(f, dof1, dof2, share) for share in (1 - tail, tail))
    value = dof1 * f / (dof1 * f + dof2)
    p = float(fdtrc(dof1, dof2, f))
    return Tested(
        value, low / (low + n), high / (high + n), p, "eta squared, noncentral F (Steiger 2004)", f, dof1, dof2
    )


def omega_squared(groups: Sequence[ArrayLike], level: float = 0.95) -> Tested:
    """As :func:`eta_squared` without its bias in short samples, at least zero; the interval is the same.

    References
    ----------
    Hays, W. L. (1963), Statistics for Psychologists, 382.

    Examples
    --------
    >>> round(omega_squared([[1.0, 2.0, 3.0], [2.0, 4.0, 5.0], [6.0, 7.0, 9.0]]).value, 3)
    0.706
    """
    e = eta_squared(groups, level)
    more = e.dof * (e.statistic - 1)
    value = max(more / (more + e.dof + e.dof2 + 1), 0.0)
    method = "omega squared (Hays 1963), noncentral F"
    return Tested(value, e.low, e.high, e.p, method, e.statistic, e.dof, e.dof2)


def one_way(groups: Sequence[ArrayLike]) -> tuple[float, int, int]:
    """F of the one-way analysis of variance and its degrees of freedom.

    Raises
    ------
    ValueError
        With fewer than two groups, or when no group varies.

    Examples
    --------
    >>> one_way([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])
    (6.0, 1, 4)
    """
    if len(groups) < 2:
        raise ValueError(f"{len(groups)} group: at least two are compared")
    _, parts = near_zero(*(sample(g, 1) for g in groups))
    n, k = sum(p.size for p in parts), len(parts)
    if n <= k:
        raise ValueError("one value in each group: they show no noise to measure differences by")
    overall = float(np.concatenate(parts).mean())
    between = sum(p.size * (float(p.mean()) - overall) ** 2 for p in parts) / (k - 1)
    within = sum(float(((p - p.mean()) ** 2).sum()) for p in parts) / (n - k)
    if within == 0.0:
        raise ValueError("no group varies: there is no noise to measure their differences by")
    return between / within, k - 1, n - k


def _dominance(values: Floats, ordered: Floats) -> tuple[Floats, int]:
    """For each value the share of the others below it less the share above it, and how many pairs are tied."""
    below, not_above = np.searchsorted(ordered, values), np.searchsorted(ordered, values, side="right")
    return (below + not_above - ordered.size) / ordered.size, int((not_above - below).sum())


def _noncentral_t(t: float, dof: float, share: float) -> float:
    """The noncentrality at which this share of the law lies below t."""
    return _falling(lambda ncp: float(nctdtr(dof, ncp, t)) - share, t, 1.0 + abs(t) / np.sqrt(dof))


def _noncentral_f(f: float, dof1: float, dof2: float, share: float) -> float:
    """The noncentrality at which this share of the law lies below f, zero where none does."""

    def off(ncp: float) -> float:
        return float(ncfdtr(dof1, dof2, ncp, f)) - share

    return 0.0 if off(0.0) <= 0 else _falling(off, 0.0, 4.0 + dof1 * f)


def _falling(off: Callable[[float], float], start: float, step: float) -> float:
    """Where a function that falls with its argument is zero."""
    from scipy.optimize import brentq

    low = high = start
    for _ in range(60):
        if off(low) >= 0:
            break
        low, step = low - step, 2 * step
    for _ in range(60):
        if off(high) <= 0:
            break
        high, step = high + step, 2 * step
    return low if low == high else float(brentq(off, low, high, xtol=1e-12, rtol=1e-12))
