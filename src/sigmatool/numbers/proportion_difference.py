"""Do two proportions differ, by how much, and how surely?

Differences are second minus first, ratios second over first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, gammaln, ndtr, ndtri

from . import exact_counts
from .estimate import Estimate, Tested
from .samples import level_inside

Floats = NDArray[np.float64]

_SAME = 1 + 1e-7
"""Probabilities this near count as equal when those no greater than the observed one are added up (as R does)."""

_LISTED = 5_000_000
"""More possible tables than these are not listed one by one."""


@dataclass(frozen=True, slots=True)
class TableLaw:
    """How likely each count in the second is, given the sums of rows and columns and the odds ratio.

    Attributes
    ----------
    counts, log_weights : (m,) arrays
        What is possible, and how often it comes about at equal odds.
    """

    counts: Floats
    log_weights: Floats

    def chances(self, log_odds: float) -> Floats:
        """Of each count, at this logarithm of the odds ratio."""
        if log_odds == -np.inf:
            return np.asarray(self.counts == self.counts[0], dtype=np.float64)
        w = self.log_weights + self.counts * log_odds
        e = np.exp(w - w.max())
        return np.asarray(e / e.sum(), dtype=np.float64)

    def mean(self, log_odds: float) -> float:
        return float(self.chances(log_odds) @ self.counts)

    def below(self, count: float, log_odds: float) -> float:
        """P(no more than ``count``)."""
        return float(self.chances(log_odds)[self.counts <= count].sum())

    def above(self, count: float, log_odds: float) -> float:
        """P(no fewer than ``count``)."""
        return float(self.chances(log_odds)[self.counts >= count].sum())


def table_law(x1: int, n1: int, x2: int, n2: int) -> TableLaw:
    """The noncentral hypergeometric law of a table's margins (Fisher 1935).

    Examples
    --------
    >>> table_law(1, 2, 1, 2).chances(0.0).round(4).tolist()
    [0.1667, 0.6667, 0.1667]
    """
    k = x1 + x2
    s = np.arange(max(0, k - n1), min(k, n2) + 1, dtype=np.float64)
    weight = -(gammaln(s + 1) + gammaln(n2 - s + 1) + gammaln(k - s + 1) + gammaln(n1 - k + s + 1))
    return TableLaw(s, np.asarray(weight, dtype=np.float64))


def wilson(x: float, n: float, level: float = 0.95) -> Estimate:
    """A proportion with its score interval.

    Parameters
    ----------
    x, n : int
        Those with the feature, and all.
    level : float

    Raises
    ------
    ValueError
        When ``x`` does not lie between 0 and ``n``, or ``n`` is below 1.

    References
    ----------
    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> w = wilson(4, 20)
    >>> round(w.low, 4), round(w.high, 4)
    (0.0807, 0.416)
    """
    _counted(x, n)
    low, high = exact_counts.wilson(x, n, level_inside(level))
    return Estimate(x / n, float(low), float(high), "score (Wilson 1927)")


def newcombe_difference(x1: int, n1: int, x2: int, n2: int, level: float = 0.95, *, test: str = "fisher") -> Tested:
    """Difference of two proportions with its hybrid score interval.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Those with the feature and all, first and second.
    level : float
    test : {"fisher", "mid-p"}
        Where p comes from: Fisher's exact test keeps its promise always and is cautious; mid-p counts half of the
        observed table and is right on average.

    References
    ----------
    Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890 (method 10); Fisher, R. A. (1935), Journal of the Royal
    Statistical Society 98, 39-82; Lancaster, H. O. (1961), JASA 56, 223-234.

    Examples
    --------
    >>> d = newcombe_difference(11, 18, 4, 20)
    >>> round(d.value, 4), round(d.low, 4), round(d.high, 4), round(d.p, 4)
    (-0.4111, -0.632, -0.0993, 0.0189)
    """
    if test not in ("fisher", "mid-p"):
        raise ValueError(f"test = {test!r}: 'fisher' or 'mid-p'")
    first, second = wilson(x1, n1, level), wilson(x2, n2, level)
    d = second.value - first.value
    low = d - float(np.hypot(second.value - second.low, first.high - first.value))
    high = d + float(np.hypot(second.high - second.value, first.value - first.low))
    named = "Fisher exact" if test == "fisher" else "mid-p of Fisher's exact test"
    if _tables(x1, n1, x2, n2) > _LISTED:
        p, named = score_test(x1, n1, x2, n2, level).p, "score test: too many tables for the exact one"
    else:
        p = _fisher(x1, n1, x2, n2, middle=test == "mid-p")
    return Tested(d, max(low, -1.0), min(high, 1.0), p, f"hybrid score (Newcombe 1998); {named}")


def score_test(x1: int, n1: int, x2: int, n2: int, level: float = 0.95, *, yates: bool = False) -> Tested:
    """The chi-square test of two proportions, with Wald's interval of their difference.

    Parameters
    ----------
    yates : bool
        With continuity correction, in the statistic and in the interval.

    Returns
    -------
    Tested
        The statistic is chi-square on one degree of freedom. The interval is the one printed beside this test
        everywhere; :func:`newcombe_difference` covers better.

    Raises
    ------
    ValueError
        When all or none have the feature: both proportions are then 0 or both are 1.

    References
    ----------
    Pearson, K. (1900), Philosophical Magazine 50, 157-175; Yates, F. (1934), Supplement to the Journal of the Royal
    Statistical Society 1, 217-235.

    Examples
    --------
    >>> round(score_test(4, 20, 11, 18).statistic, 4), round(score_test(4, 20, 11, 18, yates=True).p, 5)
    (6.7017, 0.02404)
    """
    _counted(x1, n1)
    _counted(x2, n2)
    pooled = (x1 + x2) / (n1 + n2)
    if pooled in (0.0, 1.0):
        raise ValueError("all or none have the feature: the test of two proportions has no error to measure by")
    p1, p2, each = x1 / n1, x2 / n2, 1 / n1 + 1 / n2
    d = p2 - p1
    correction = min(0.5, abs(d) / each) if yates else 0.0
    chi2 = (abs(d) - correction * each) ** 2 / (pooled * (1 - pooled) * each)
    half = _z(level) * float(np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)) + correction * each
    named = "chi-square with Yates' correction" if yates else "chi-square (Pearson 1900)"
    return Tested(
        d, max(d - half, -1.0), min(d + half, 1.0), float(chdtrc(1, chi2)), f"{named}; Wald", float(chi2), 1.0
    )


def fisher_odds(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Tested:
    """Odds of the second over odds of the first: conditional maximum likelihood with the exact interval.

    Raises
    ------
    ValueError
        When all or none have the feature, or there are too many possible tables to list.

    References
    ----------
    Cornfield, J. (1956), Proceedings of the Third Berkeley Symposium 4, 135-148.

    Examples
    --------
    >>> o = fisher_odds(11, 18, 4, 20)
    >>> round(o.value, 4), round(o.low, 4), round(o.high, 4)
    (0.1681, 0.0282, 0.8146)
    """
    _counted(x1, n1)
    _counted(x2, n2)
    if x1 + x2 in (0, n1 + n2):
        raise ValueError("all or none have the feature: the odds have no ratio")
    if _tables(x1, n1, x2, n2) > _LISTED:
        raise ValueError("too many possible tables for the exact odds ratio: use the risk ratio")
    law = table_law(x1, n1, x2, n2)
    tail, at = (1 - level_inside(level)) / 2, float(x2)
    least, most = at == law.counts[0], at == law.counts[-1]
    return Tested(
        value=0.0 if least else np.inf if most else _root(lambda r: law.mean(r) - at),
        low=0.0 if least else _root(lambda r: law.above(at, r) - tail),
        high=np.inf if most else _root(lambda r: tail - law.below(at, r)),
        p=_fisher(x1, n1, x2, n2, middle=False),
        method="conditional odds ratio, exact (Cornfield 1956); Fisher exact",
    )


def risk_ratio(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Tested:
    """Second proportion over the first, with its score interval.

    Returns
    -------
    Tested
        Infinite where only the second has the feature.

    Raises
    ------
    ValueError
        When none have the feature.

    References
    ----------
    Koopman, P. A. R. (1984), Biometrics 40, 513-517.

    Examples
    --------
    >>> r = risk_ratio(11, 18, 4, 20)
    >>> round(r.value, 4), round(r.low, 4), round(r.high, 4)
    (0.3273, 0.125, 0.7799)
    """
    _counted(x1, n1)
    _counted(x2, n2)
    if x1 + x2 == 0:
        raise ValueError("none have the feature: the proportions have no ratio")
    p1, p2, z = x1 / n1, x2 / n2, _z(level)

    def score(log_ratio: float) -> float:
        ratio = float(np.exp(log_ratio))
        a, c = (n1 + n2) * ratio, x1 + x2
        b = n1 + x2 + ratio * (x1 + n2)
        # the smaller root, in the form that does not cancel
        q1 = 2 * c / (b + np.sqrt(max(b * b - 4 * a * c, 0.0)))
        q2 = min(ratio * q1, 1.0)
        spread = max(q2 * (1 - q2) / n2 + ratio**2 * q1 * (1 - q1) / n1, 1e-300)
        return float((p2 - ratio * p1) / np.sqrt(spread))

    value = p2 / p1 if x1 else np.inf
    low = 0.0 if x2 == 0 else _root(lambda r: z - score(r))
    high = np.inf if x1 == 0 else _root(lambda r: -z - score(r))
    p = float(2 * ndtr(-abs(score(0.0)))) if x1 + x2 < n1 + n2 else 1.0
    return Tested(value, low, high, min(p, 1.0), "risk ratio, score (Koopman 1984)")


def _root(rises: Callable[[float], float]) -> float:
    """exp of where a function that rises with the logarithm of a ratio is zero."""
    from scipy.optimize import brentq

    reach = 1.0
    while rises(-reach) > 0 or rises(reach) < 0:
        reach *= 2
        if reach > 600:
            raise ValueError("the interval of the ratio has no end that can be found")
    return float(np.exp(brentq(rises, -reach, reach, xtol=1e-13, rtol=1e-13)))


def _fisher(x1: int, n1: int, x2: int, n2: int, *, middle: bool) -> float:
    """Chance of a table no likelier than this one, half of those as likely when ``middle``."""
    law = table_law(x1, n1, x2, n2)
    chance = law.chances(0.0)
    observed = chance[int(x2 - law.counts[0])]
    rarer, alike = chance < observed / _SAME, (chance >= observed / _SAME) & (chance <= observed * _SAME)
    return min(float(chance[rarer].sum() + chance[alike].sum() * (0.5 if middle else 1.0)), 1.0)


def _tables(x1: int, n1: int, x2: int, n2: int) -> int:
    k = x1 + x2
    return min(k, n2) - max(0, k - n1) + 1


def _counted(x: float, n: float) -> None:
    if not (n >= 1 and 0 <= x <= n and float(x).is_integer() and float(n).is_integer()):
        raise ValueError(f"{x} of {n}: a proportion needs whole numbers with 0 <= x <= n and n >= 1")


def _z(level: float) -> float:
    return float(ndtri(0.5 + level_inside(level) / 2))
