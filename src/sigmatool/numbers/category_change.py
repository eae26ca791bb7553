"""What changed between two samples of events in categories: each rate, all together, and the mix?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from .category_shares import at_least, ratio_ends

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_EXPECTED: Final = 5.0
"""Expected events in a cell, under which the chi-square law is not trusted (Cochran 1954)."""


@dataclass(frozen=True, slots=True)
class RateRatios:
    """Rates of the second sample over the first, (k,) each; infinite where only the second has events."""

    ratio: Floats
    low: Floats
    high: Floats
    p: Floats


def rate_ratios(
    first: ArrayLike, second: ArrayLike, exposure: tuple[float, float] = (1.0, 1.0), confidence: float = 0.95,
    families: int = 1,
) -> RateRatios:  # fmt: skip
    """Did each rate fall or rise? Exact, adjusted for how many are asked about.

    Parameters
    ----------
    first, second : (k,) array
        Events of each category. They need not be whole: an effective number may stand in.
    exposure : (float, float)
        Time, units or volume behind each sample.
    confidence : float
        That all ``families`` intervals hold their ratio at once.
    families : int
        Questions that share the confidence (Bonferroni); p values are adjusted alike, so that p and interval agree.

    Returns
    -------
    RateRatios
        NaN where neither sample has an event.

    References
    ----------
    Przyborowski & Wilenski (1940), Biometrika 31, 313-323; Clopper & Pearson (1934), Biometrika 26.

    Examples
    --------
    >>> found = rate_ratios([40, 30], [12, 28], (12, 12), families=2)
    >>> found.ratio.round(2).tolist(), found.high.round(2).tolist(), found.p.round(4).tolist()
    ([0.3, 0.93], [0.63, 1.74], [0.0003, 1.0])
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    t1, t2 = exposure
    if not (0 < t1 < np.inf and 0 < t2 < np.inf):
        raise ValueError(f"exposures must be numbers above 0, not {exposure!r}")
    scale, share = t1 / t2, t2 / (t1 + t2)
    low, high = ratio_ends(a, b, 1 - (1 - confidence) / families)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(a > 0, b / a * scale, np.where(b > 0, np.inf, np.nan))
    tail = np.minimum(at_least(b, a + b, share), at_least(a, a + b, 1 - share))
    p = np.where(a + b > 0, np.minimum(families * np.minimum(2 * tail, 1.0), 1.0), np.nan)
    return RateRatios(ratio, low * scale, high * scale, p)


@dataclass(frozen=True, slots=True)
class Mix:
    """Whether two samples have the same shares: Pearson's statistic, its freedom, p, and how p was found."""

    statistic: float
    dof: int
    p: float
    simulated: int
    smallest_expected: float


def mix_test(
    first: ArrayLike, second: ArrayLike, rng: np.random.Generator, draws: int = 9_999, worth: float = 1.0
) -> Mix:
    """Do the categories share the events alike in both samples?

    Parameters
    ----------
    first, second : (k,) array of int
        Events of each category; both samples have some.
    rng : Generator
        For the tables drawn where some cell expects fewer than five events.
    draws : int
        Tables drawn: those of the same margins, if both samples have the same shares.
    worth : float
        What an event is worth where they come in clusters (1 over :func:`clustering`): the statistic shrinks by it,
        and p is of the chi-square law.

    Returns
    -------
    Mix
        ``dof`` is 0 and p is 1 where only one category has events.

    Notes
    -----
    p is of the chi-square law, or, where it is not to be trusted, ``(1 + tables at least as far off) / (1 + draws)``,
    which is valid for any number of draws.

    References
    ----------
    Pearson (1900); Cochran (1954), Biometrics 10, 417-451; Patefield (1981), Applied Statistics 30; Davison & Hinkley
    (1997), Bootstrap Methods, sec. 4.2.

    Examples
    --------
    >>> found = mix_test([40, 30, 30], [20, 35, 45], np.random.default_rng(1))
    >>> round(found.statistic, 2), found.dof, round(found.p, 3)
    (10.05, 2, 0.007)
    """
    a, b = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    both = a + b
    kept = both > 0
    a, b, both = a[kept], b[kept], both[kept]
    n1, n2 = int(a.sum()), int(b.sum())
    if min(n1, n2) < 1:
        raise ValueError("both samples need at least one event")
    if both.size < 2:
        return Mix(0.0, 0, 1.0, 0, float(min(n1, n2)))
    expected = both * (n1 / (n1 + n2))
    scale = 1 / expected + 1 / (both - expected)
    statistic = float(((a - expected) ** 2 * scale).sum())
    least = float(both.min() * min(n1, n2) / (n1 + n2))
    dof = int(both.size) - 1
    if least >= FEWEST_EXPECTED or worth < 1:
        statistic *= worth
        return Mix(statistic, dof, float(chdtrc(dof, statistic)), 0, least)
    far = 0
    piece = max(1, 1_000_000 // both.size)
    for start in range(0, draws, piece):
        size = min(piece, draws - start)
        drawn = rng.multivariate_hypergeometric(both, n1, size=size, method="marginals")
        far += int((((drawn - expected) ** 2 * scale).sum(axis=1) >= statistic * (1 - 1e-12)).sum())
    return Mix(statistic, dof, (1 + far) / (1 + draws), draws, least)


def clustering(counts: ArrayLike, size: ArrayLike) -> tuple[float, float]:
    """Do events come in clusters? Variance between periods over that of independent events, pooled over categories.

    Parameters
    ----------
    counts : (periods, k) array
        Events of each category in each period of one stage.
    size : (periods,) array
        Length or exposure of each period.

    Returns
    -------
    ratio, p : float
        Pearson's chi-square over its freedom, 1 for independent events, and the chance of so large a one; (1, 1) where
        a single period, or nothing, was counted. Only categories that expect at least one event a period are asked.

    References
    ----------
    McCullagh & Nelder (1989), Generalized Linear Models, sec. 6.2.

    Examples
    --------
    >>> ratio, p = clustering([[0], [9], [1], [10], [0], [8]], np.ones(6))
    >>> round(ratio, 2), round(p, 4)
    (4.94, 0.0002)
    """
    x, n = np.asarray(counts, dtype=np.float64), np.asarray(size, dtype=np.float64)
    if x.shape[0] < 2:
        return 1.0, 1.0
    expected = np.outer(n, x.sum(axis=0) / n.sum())
    asked = expected.mean(axis=0) >= 1
    if not asked.any():
        return 1.0, 1.0
    statistic = float(((x - expected)[:, asked] ** 2 / expected[:, asked]).sum())
    dof = int(asked.sum()) * (x.shape[0] - 1)
    return statistic / dof, float(chdtrc(dof, statistic))
