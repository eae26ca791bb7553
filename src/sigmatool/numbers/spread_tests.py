"""Do two samples differ in spread? The further tests of the field, each with the ratio it is about.

Ratios are second over first; ranks are of the values as given.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, kolmogorov, ndtr, ndtri

from .estimate import Tested
from .ranks import mid_ranks
from .samples import sample
from .spread_ratio import levene, relative_variance, two_spreads, varying

Floats = NDArray[np.float64]

_NAN = float("nan")


def levene_mean(a: ArrayLike, b: ArrayLike) -> Tested:
    """Levene's test on distances from the mean, with their ratio; skewness misleads it.

    References
    ----------
    Levene, H. (1960), in Contributions to Probability and Statistics, 278-292.

    Examples
    --------
    >>> round(levene_mean(np.linspace(-3, 3, 25), np.linspace(-1, 1, 25)).value, 3)
    0.333
    """
    x, y = two_spreads(a, b)
    parts = [np.abs(v - v.mean()) for v in (x, y)]
    f, p = levene(parts)
    value = float(parts[1].mean() / parts[0].mean())
    return Tested(value, _NAN, _NAN, p, "Levene (1960), means", f, 1, x.size + y.size - 2)


def ansari(a: ArrayLike, b: ArrayLike) -> Tested:
    """Ansari and Bradley's rank test of spread (normal approximation), for equal medians.

    Returns
    -------
    Tested
        The statistic is AB, the sum over the second sample of ranks counted from either end.

    References
    ----------
    Ansari, A. R. and Bradley, R. A. (1960), Annals of Mathematical Statistics 31, 1174-1189.

    Examples
    --------
    >>> round(ansari([1.0, 2.0, 3.0, 4.0], [-2.0, 0.5, 4.5, 7.0]).statistic, 1)
    6.0
    """
    x, y = (varying(sample(v)) for v in (a, b))
    n = x.size + y.size
    ranks = mid_ranks(np.concatenate([x, y]))
    scores = np.minimum(ranks, n - ranks + 1)
    # the mean of untied scores, also with ties (Hollander and Wolfe 1999, section 5.1)
    mean = (n + 2) / 4 if n % 2 == 0 else (n + 1) ** 2 / (4 * n)
    z, total = _permuted(scores, x.size, mean)
    return _rank_test(x, y, z, total, "Ansari-Bradley (1960), normal approximation")


def mood(a: ArrayLike, b: ArrayLike) -> Tested:
    """Mood's rank test of spread, for equal medians; the statistic is Z of the second sample.

    References
    ----------
    Mood, A. M. (1954), Annals of Mathematical Statistics 25, 514-522; Mielke, P. W. (1967), Technometrics 9, 312-314
    (ties; the variance here is that of all ways to deal out the shared scores, which his formula gives).

    Examples
    --------
    >>> round(mood([1.0, 2.0, 3.0, 4.0], [-2.0, 0.5, 4.5, 7.0]).statistic, 3)
    2.309
    """
    x, y = (varying(sample(v)) for v in (a, b))
    both = np.concatenate([x, y])
    n = both.size
    _, inverse, counts = np.unique(both, return_inverse=True, return_counts=True)
    squares = (np.arange(1, n + 1) - (n + 1) / 2) ** 2
    # tied values share the mean of their squares, not the square of their mean
    shared = np.add.reduceat(squares, np.cumsum(counts) - counts) / counts
    z, _ = _permuted(shared[inverse], x.size, (n * n - 1) / 12)
    return _rank_test(x, y, z, z, "Mood (1954)")


def fligner(a: ArrayLike, b: ArrayLike) -> Tested:
    """Fligner and Killeen's rank test of distances from the median; the statistic is chi-square.

    References
    ----------
    Fligner, M. A. and Killeen, T. J. (1976), JASA 71, 210-213; Conover, W. J. et al. (1981), Technometrics 23, 351-361.

    Examples
    --------
    >>> round(fligner([1.0, 2.0, 3.0, 4.5], [-2.0, 0.5, 4.5, 9.0]).p, 3)
    0.045
    """
    # as given: a common shift would round the distances once more and make or break ties
    x, y = (varying(sample(v)) for v in (a, b))
    distances = np.concatenate([np.abs(v - np.median(v)) for v in (x, y)])
    scores = ndtri((1 + mid_ranks(distances) / (distances.size + 1)) / 2)
    means, overall = (scores[: x.size].mean(), scores[x.size :].mean()), scores.mean()
    spread = float(scores.var(ddof=1))
    if spread == 0.0:
        raise ValueError("every value is as far from its median as every other: the ranks tell nothing of spread")
    chi2 = float(sum(v.size * (m - overall) ** 2 for v, m in zip((x, y), means, strict=True))) / spread
    return Tested(
        float(np.sqrt(relative_variance(x, y))), _NAN, _NAN, float(chdtrc(1, chi2)), "Fligner-Killeen (1976)", chi2, 1
    )


def bartlett(a: ArrayLike, b: ArrayLike) -> Tested:
    """Bartlett's test of equal variances, for normal values only; the statistic is K squared.

    References
    ----------
    Bartlett, M. S. (1937), Proceedings of the Royal Society A 160, 268-282.

    Examples
    --------
    >>> round(bartlett([1.0, 2.0, 4.0, 5.0], [2.0, 4.0, 8.0, 10.0]).p, 3)
    0.284
    """
    x, y = two_spreads(a, b)
    ratio, dofs = float(relative_variance(x, y)), np.array([x.size - 1.0, y.size - 1.0])
    relative = np.array([1.0, ratio])
    total = dofs.sum()
    k = total * np.log(dofs @ relative / total) - dofs @ np.log(relative)
    k2 = float(k / (1 + ((1 / dofs).sum() - 1 / total) / 3))
    return Tested(float(np.sqrt(ratio)), _NAN, _NAN, float(chdtrc(1, k2)), "Bartlett (1937)", k2, 1)


def kolmogorov_smirnov(a: ArrayLike, b: ArrayLike) -> Tested:
    """Largest distance between two distribution functions (asymptotic p), whatever they differ in.

    References
    ----------
    Smirnov, N. V. (1939), Bulletin Mathématique de l'Université de Moscou 2, 3-14.

    Examples
    --------
    >>> kolmogorov_smirnov([1.0, 2.0, 3.0, 4.0], [3.5, 4.5, 5.5, 6.5]).value
    0.75
    """
    x, y = np.sort(sample(a, 1)), np.sort(sample(b, 1))
    both = np.concatenate([x, y])
    apart = np.searchsorted(x, both, side="right") / x.size - np.searchsorted(y, both, side="right") / y.size
    d = float(np.abs(apart).max())
    p = float(kolmogorov(np.sqrt(x.size * y.size / (x.size + y.size)) * d))
    return Tested(d, _NAN, _NAN, p, "Kolmogorov-Smirnov, asymptotic (Smirnov 1939)", d)


def _permuted(scores: Floats, first: int, mean: float) -> tuple[float, float]:
    """Z of the second sample's sum of scores among all ways to deal them out, and that sum."""
    n = scores.size
    second = n - first
    variance = first * second / (n - 1) * (float((scores**2).mean()) - mean**2)
    total = float(scores[first:].sum())
    if variance <= 0:
        raise ValueError("too few different values for a rank test of spread")
    return (total - second * mean) / float(np.sqrt(variance)), total


def _rank_test(x: Floats, y: Floats, z: float, statistic: float, method: str) -> Tested:
    p = min(float(2 * ndtr(-abs(z))), 1.0)
    return Tested(float(np.sqrt(relative_variance(x, y))), _NAN, _NAN, p, method, statistic)
