"""Do more than two groups differ, by how much, and which from which?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, chndtr, fdtrc, xlogy

from .effect_size import eta_squared
from .estimate import Tested
from .ranks import mid_ranks, tie_sum
from .samples import level_inside, near_zero, sample
from .studentized_range import studentized_range_p, studentized_range_quantile

Floats = NDArray[np.float64]

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of several groups: second minus first, p adjusted for all pairs.

    Attributes
    ----------
    first, second : int
        Numbers of the groups, from 0.
    tested : Tested
    """

    first: int
    second: int
    tested: Tested


@dataclass(frozen=True, slots=True)
class Table:
    """A table of counts against independence of its rows and columns.

    Attributes
    ----------
    tested : Tested
        The value is Cramer's V, the statistic chi-square.
    expected : (r, c) array
    """

    tested: Tested
    expected: Floats


def anova(groups: Sequence[ArrayLike], level: float = 0.95) -> Tested:
    """One-way analysis of variance: the share of the variance between groups (eta squared), F and p.

    Parameters
    ----------
    groups : sequence of (n,) arrays
    level : float

    Raises
    ------
    ValueError
        With fewer than two groups, or when no group varies.

    References
    ----------
    Fisher, R. A. (1925), Statistical Methods for Research Workers.

    Examples
    --------
    >>> a = anova([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])
    >>> round(a.statistic, 6), a.dof, a.dof2
    (6.0, 1, 4)
    """
    return eta_squared(groups, level)


def welch_anova(groups: Sequence[ArrayLike]) -> Tested:
    """As :func:`anova`, for groups whose spreads may differ; the value is an omega squared of Welch's F.

    Raises
    ------
    ValueError
        When a group holds fewer than two values or does not vary: its mean has no weight.

    References
    ----------
    Welch, B. L. (1951), Biometrika 38, 330-336.

    Examples
    --------
    >>> round(welch_anova([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]]).p, 4)
    0.0705
    """
    _, parts = near_zero(*_several(groups))
    sizes = np.array([p.size for p in parts], dtype=np.float64)
    means, variances = np.array([p.mean() for p in parts]), np.array([p.var(ddof=1) for p in parts])
    if (variances == 0).any():
        at = int(np.flatnonzero(variances == 0)[0])
        raise ValueError(f"group {at + 1} does not vary: Welch's test cannot weigh its mean")
    # relative to the largest, so that tiny or huge units do not overflow
    weights = sizes * (variances.min() / variances)
    k, shares = len(parts), weights / weights.sum()
    overall = float(shares @ means)
    loss = float(((1 - shares) ** 2 / (sizes - 1)).sum())
    between = float((weights * (means - overall) ** 2).sum() / variances.min()) / (k - 1)
    f = between / (1 + 2 * (k - 2) * loss / (k * k - 1))
    dof2 = (k * k - 1) / (3 * loss)
    value = max((k - 1) * (f - 1) / ((k - 1) * (f - 1) + float(sizes.sum())), 0.0)
    p = float(fdtrc(k - 1, dof2, f))
    return Tested(value, _NAN, _NAN, p, "Welch's analysis of variance (Welch 1951)", f, k - 1, dof2)


def kruskal(groups: Sequence[ArrayLike]) -> Tested:
    """Kruskal and Wallis's rank test; the value is epsilon squared, the share of the ranks' variance between groups.

    Raises
    ------
    ValueError
        When every value is the same.

    References
    ----------
    Kruskal, W. H. and Wallis, W. A. (1952), JASA 47, 583-621; Kelley, T. L. (1935), PNAS 21, 554-559 (epsilon).

    Examples
    --------
    >>> k = kruskal([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> round(k.statistic, 4), round(k.p, 4)
    (3.8571, 0.0495)
    """
    parts = _several(groups, 1)
    both = np.concatenate(parts)
    n, ends = both.size, np.cumsum([p.size for p in parts])
    if (both == both[0]).all():
        raise ValueError("every value is the same: ranks tell nothing")
    ranks = np.split(mid_ranks(both), ends[:-1])
    h = 12 / (n * (n + 1)) * sum(r.size * (float(r.mean()) - (n + 1) / 2) ** 2 for r in ranks)
    h /= 1 - tie_sum(both) / (float(n) ** 3 - n)
    dof = len(parts) - 1
    p = float(chdtrc(dof, h))
    return Tested(h / (n - 1), _NAN, _NAN, p, "Kruskal-Wallis (1952), chi-square approximation", h, dof)


def tukey(groups: Sequence[ArrayLike], level: float = 0.95) -> tuple[Pair, ...]:
    """All differences of means, second minus first, with simultaneous intervals; spreads taken for equal.

    References
    ----------
    Tukey, J. W. (1953), The Problem of Multiple Comparisons; Kramer, C. Y. (1956), Biometrics 12, 307-310.

    Examples
    --------
    >>> (pair,) = tukey([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])
    >>> pair.tested.value, round(pair.tested.p, 3)
    (2.0, 0.07)
    """
    _, parts = near_zero(*_several(groups, 1))
    dof = sum(p.size for p in parts) - len(parts)
    if dof < 1:
        raise ValueError("one value in each group: they show no noise to measure differences by")
    within = sum(float(((p - p.mean()) ** 2).sum()) for p in parts) / dof
    quantile = _range_quantile(level, len(parts), dof)

    def error(a: Floats, b: Floats) -> tuple[float, float, float]:
        return float(np.sqrt(within / 2 * (1 / a.size + 1 / b.size))), float(dof), quantile

    return _pairs(parts, error, "Tukey-Kramer (Kramer 1956)")


def games_howell(groups: Sequence[ArrayLike], level: float = 0.95) -> tuple[Pair, ...]:
    """As :func:`tukey`, for groups whose spreads may differ.

    References
    ----------
    Games, P. A. and Howell, J. F. (1976), Journal of Educational Statistics 1, 113-125.

    Examples
    --------
    >>> (pair,) = games_howell([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])
    >>> pair.tested.value, round(pair.tested.p, 3)
    (2.0, 0.07)
    """
    _, parts = near_zero(*_several(groups))

    def error(a: Floats, b: Floats) -> tuple[float, float, float]:
        va, vb = float(a.var(ddof=1)) / a.size, float(b.var(ddof=1)) / b.size
        total = va + vb
        if total == 0.0:
            return 0.0, _NAN, _NAN
        dof = 1 / ((va / total) ** 2 / (a.size - 1) + (vb / total) ** 2 / (b.size - 1))
        return float(np.sqrt(total / 2)), dof, _range_quantile(level, len(parts), dof)

    return _pairs(parts, error, "Games-Howell (1976)")


def chi_square(table: ArrayLike, level: float = 0.95) -> Table:
    """Are rows and columns of a table of counts independent? k proportions are a table of two columns.

    Parameters
    ----------
    table : (r, c) array of counts
        At least two rows and columns, none of them empty.
    level : float

    Returns
    -------
    Table
        Cramer's V with the interval of the noncentral chi-square law, and the expected counts. Where expected counts
        fall below about five, p is only rough.

    Raises
    ------
    ValueError
        For a table that is too small, has an empty row or column, or holds what is no count.

    References
    ----------
    Pearson, K. (1900), Philosophical Magazine 50, 157-175; Cramér, H. (1946), Mathematical Methods of Statistics, 282;
    Smithson, M. (2003), Confidence Intervals, chapter 4.

    Examples
    --------
    >>> t = chi_square([[10, 20], [20, 10]])
    >>> round(t.tested.statistic, 3), round(t.tested.value, 3)
    (6.667, 0.333)
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or min(counts.shape) < 2:
        raise ValueError("a table of counts has at least two rows and two columns")
    if not (np.isfinite(counts).all() and (counts >= 0).all() and (counts == np.floor(counts)).all()):
        raise ValueError("a table of counts holds whole numbers from 0")
    rows, columns, total = counts.sum(axis=1), counts.sum(axis=0), float(counts.sum())
    if (rows == 0).any() or (columns == 0).any():
        raise ValueError("a row or a column of the table is empty: leave it out first")
    expected = np.outer(rows, columns) / total
    chi2, dof = float(((counts - expected) ** 2 / expected).sum()), (rows.size - 1) * (columns.size - 1)
    most, tail = total * (min(counts.shape) - 1), (1 - level_inside(level)) / 2
    low, high = (_noncentral_chi_square(chi2, dof, share) for share in (1 - tail, tail))
    ends = [min(float(np.sqrt(ncp / most)), 1.0) for ncp in (low, high)]
    told = Tested(
        float(np.sqrt(chi2 / most)), ends[0], ends[1], float(chdtrc(dof, chi2)),
        "chi-square (Pearson 1900); Cramer's V, noncentral chi-square (Smithson 2003)", chi2, dof,
    )  # fmt: skip
    return Table(told, expected)


def rates_of_groups(counts: ArrayLike, exposures: ArrayLike) -> Tested:
    """Do several rates of independent events differ?

    Parameters
    ----------
    counts, exposures : (k,) arrays

    Returns
    -------
    Tested
        The value is the largest rate over the smallest (infinite when one group has no event); the statistic is the
        likelihood ratio's chi-square.

    Raises
    ------
    ValueError
        With no event at all, or fewer than two groups.

    References
    ----------
    Wilks, S. S. (1938), Annals of Mathematical Statistics 9, 60-62.

    Examples
    --------
    >>> r = rates_of_groups([12, 20, 31], [10.0, 10.0, 10.0])
    >>> round(r.statistic, 3), round(r.p, 4)
    (8.764, 0.0125)
    """
    c, t = sample(counts), sample(exposures)
    if c.size != t.size:
        raise ValueError(f"{c.size} counts and {t.size} exposures: there has to be one exposure for each count")
    if (c < 0).any() or (c != np.floor(c)).any() or (t <= 0).any():
        raise ValueError("counts are whole numbers from 0, exposures are positive")
    if c.sum() == 0:
        raise ValueError("no event in any group: the rates cannot be compared")
    expected = c.sum() * (t / t.sum())
    chi2, rates = max(float(2 * xlogy(c, c / expected).sum()), 0.0), c / t
    value = float(rates.max() / rates.min()) if rates.min() > 0 else float("inf")
    p = float(chdtrc(c.size - 1, chi2))
    return Tested(value, _NAN, _NAN, p, "Poisson likelihood ratio (Wilks 1938)", chi2, c.size - 1)


def _several(groups: Sequence[ArrayLike], least: int = 2) -> list[Floats]:
    if len(groups) < 2:
        raise ValueError(f"{len(groups)} group: at least two are compared")
    return [sample(g, least) for g in groups]


def _pairs(
    parts: Sequence[Floats], error: Callable[[Floats, Floats], tuple[float, float, float]], method: str
) -> tuple[Pair, ...]:
    found = []
    for i, j in combinations(range(len(parts)), 2):
        d = float(parts[j].mean() - parts[i].mean())
        e, dof, quantile = error(parts[i], parts[j])
        if e == 0.0:
            raise ValueError(f"groups {i + 1} and {j + 1} do not vary: their difference has no interval")
        q = abs(d) / e
        p = studentized_range_p(q, len(parts), dof)
        found.append(Pair(i, j, Tested(d, d - quantile * e, d + quantile * e, p, method, q, dof)))
    return tuple(found)


def _range_quantile(level: float, k: int, dof: float) -> float:
    return studentized_range_quantile(level_inside(level), k, dof)


def _noncentral_chi_square(chi2: float, dof: float, share: float) -> float:
    """The noncentrality at which this share of the law lies below chi2, zero where none does."""
    from scipy.optimize import brentq

    def off(ncp: float) -> float:
        return float(chndtr(chi2, dof, ncp)) - share

    if off(0.0) <= 0:
        return 0.0
    high = 10.0 + 2 * chi2
    while off(high) > 0:
        high *= 2
    return float(brentq(off, 0.0, high, xtol=1e-10))
