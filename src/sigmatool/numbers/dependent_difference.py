"""By how much do stages of one series differ when its points depend on their neighbours?

Beside the tests that take every point for independent: where the two part, the dependence is why. Differences are
second minus first, ratios second over first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from .autoregression import Series
from .estimate import Tested
from .samples import level_inside, near_zero, sample
from .spread_ratio import log_ratio, two_spreads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Dependent:
    """A comparison that allows for dependence, and how much of it there was.

    Attributes
    ----------
    tested : Tested
    autocorrelation : float
        Of neighbouring points, estimated within the stages; NaN for counts.
    inflation : float
        By how much the squared error exceeds that of independent points; at least one for counts and spreads.
    """

    tested: Tested
    autocorrelation: float
    inflation: float


def dependent_level_difference(
    before: ArrayLike, after: ArrayLike, level: float = 0.95, positions: ArrayLike | None = None
) -> Dependent:
    """Difference of the levels of two stages of one series, the autocorrelation integrated out.

    Parameters
    ----------
    before, after : (n,) arrays
        In time order, at least two points each.
    level : float
    positions : (n1 + n2,) array of int, optional
        Increasing positions of all points in time; a jump is a gap. By default after follows before without one.

    Returns
    -------
    Dependent
        p is twice the smaller posterior tail, the interval has equal tails.

    Raises
    ------
    ValueError
        When neither stage varies.

    References
    ----------
    The engine and its noise models: :mod:`sigmatool.numbers.autoregression`.

    Examples
    --------
    >>> noise = np.sin(np.arange(40.0) ** 2)
    >>> d = dependent_level_difference(noise[:20], noise[20:] + 5)
    >>> round(d.tested.value, 1), d.tested.p < 1e-6
    (5.1, True)
    """
    return dependent_level_differences([before, after], level, positions)[0]


def dependent_level_differences(
    stages: Sequence[ArrayLike], level: float = 0.95, positions: ArrayLike | None = None
) -> tuple[Dependent, ...]:
    """As :func:`dependent_level_difference` for every pair of k stages, in the order of their numbers; p not adjusted.

    Examples
    --------
    >>> noise = np.sin(np.arange(40.0) ** 2)
    >>> len(dependent_level_differences([noise[:15], noise[15:30], noise[30:]]))
    3
    """
    if len(stages) < 2:
        raise ValueError(f"{len(stages)} stage: at least two are compared")
    _, parts = near_zero(*(sample(s) for s in stages))
    if all(np.ptp(p) == 0 for p in parts):
        raise ValueError("no stage varies: the difference of their levels has no interval")
    level_inside(level)
    sizes = [p.size for p in parts]
    names = [f"stage{i}" for i in range(len(parts))]
    held = np.repeat(np.arange(len(parts)), sizes)
    columns = {name: (held == i).astype(np.float64) for i, name in enumerate(names)}
    fit = Series(np.concatenate(parts), columns, _positions(positions, held.size)).fit(names)
    within = sum(float(((p - p.mean()) ** 2).sum()) for p in parts) / max(held.size - len(parts), 1)
    found = []
    for i, j in combinations(range(len(parts)), 2):
        contrast = fit.contrast(**{names[j]: 1.0, names[i]: -1.0})
        above = contrast.above(0.0)
        low, high = contrast.interval(level)
        told = Tested(
            contrast.estimate, low, high, min(2 * min(above, 1 - above), 1.0),
            "difference of levels, autocorrelation integrated out", dof=float(contrast.dof),
        )  # fmt: skip
        squared = float(contrast.weights @ (contrast.scales**2 + (contrast.means - contrast.estimate) ** 2))
        plain = within * (1 / sizes[i] + 1 / sizes[j])
        found.append(Dependent(told, fit.autocorrelation, squared / plain))
    return tuple(found)


def dependent_spread_ratio(before: ArrayLike, after: ArrayLike, level: float = 0.95) -> Dependent:
    """Ratio of the standard deviations of two stages of one series, its error widened for autocorrelation.

    Parameters
    ----------
    before, after : (n,) arrays
        In time order, at least five points each, neither constant.
    level : float

    Notes
    -----
    The log variance ratio with its kurtosis-adjusted error; the squared error grows by ``(1 + r^2) / (1 - r^2)``, r the
    autocorrelation within the stages, exact for long AR(1) series. In short series r comes out too low, and so does the
    factor.

    References
    ----------
    Bartlett, M. S. (1946), Supplement to the Journal of the Royal Statistical Society 8, 27-41; Bonett, D. G. (2006),
    Computational Statistics & Data Analysis 50, 775-782.

    Examples
    --------
    >>> noise = np.sin(np.arange(60.0) ** 2)
    >>> d = dependent_spread_ratio(noise[:30], 3 * noise[30:])
    >>> round(d.tested.value, 1), d.inflation >= 1
    (3.0, True)
    """
    parts = two_spreads(before, after, least=5)
    scaled = np.concatenate([(p - p.mean()) / p.std() for p in parts])
    held = np.repeat([0, 1], [p.size for p in parts])
    columns = {name: (held == i).astype(np.float64) for i, name in enumerate(("first", "second"))}
    r = Series(scaled, columns, _positions(None, held.size)).fit(("first", "second")).autocorrelation
    inflation = (1 + r * r) / (1 - r * r)
    return Dependent(log_ratio(before, after, level, inflation=inflation), r, inflation)


def quasi_poisson_ratio(
    counts1: ArrayLike, exposures1: ArrayLike, counts2: ArrayLike, exposures2: ArrayLike, level: float = 0.95
) -> Dependent:
    """Ratio of two rates whose counts scatter more than chance gives.

    Parameters
    ----------
    counts1, exposures1, counts2, exposures2 : (n,) arrays
        Point by point, first and second stage; each stage has at least one event.
    level : float

    Notes
    -----
    The error of the log ratio is that of Poisson counts times the root of Pearson's dispersion of the points about
    their stage's rate, at least one; Student's t with the dispersion's degrees of freedom.

    References
    ----------
    Wedderburn, R. W. M. (1974), Biometrika 61, 439-447; McCullagh, P. and Nelder, J. A. (1989), Generalized Linear
    Models, 2nd ed., section 6.2.

    Examples
    --------
    >>> d = quasi_poisson_ratio([2, 9, 4, 12], np.ones(4), [8, 20, 5, 25], np.ones(4))
    >>> round(d.tested.value, 3), round(d.inflation, 2)
    (2.148, 4.69)
    """
    stages = [_weighed(c, t) for c, t in ((counts1, exposures1), (counts2, exposures2))]
    sums = [(float(c.sum()), float(t.sum())) for c, t in stages]
    if min(count for count, _ in sums) == 0:
        raise ValueError("a stage without an event: its rate has no ratio with a scatter, use the exact ratio")
    pearson = sum(
        float(((c - t * total / time) ** 2 / (t * total / time)).sum())
        for (c, t), (total, time) in zip(stages, sums, strict=True)
    )
    dof = sum(c.size for c, _ in stages) - 2
    (c1, t1), (c2, t2) = sums
    dispersion = max(pearson / dof, 1.0)
    middle, error = float(np.log(c2 / t2 * t1 / c1)), float(np.sqrt(dispersion * (1 / c1 + 1 / c2)))
    half = float(stdtrit(dof, 0.5 + level_inside(level) / 2)) * error
    told = Tested(
        float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half)),
        float(2 * stdtr(dof, -abs(middle / error))), "quasi-Poisson rate ratio (Wedderburn 1974)", middle / error, dof,
    )  # fmt: skip
    return Dependent(told, float("nan"), dispersion)


def quasi_binomial_difference(
    counts1: ArrayLike, sizes1: ArrayLike, counts2: ArrayLike, sizes2: ArrayLike, level: float = 0.95
) -> Dependent:
    """Difference of two proportions whose points scatter more than chance gives.

    Parameters
    ----------
    counts1, sizes1, counts2, sizes2 : (n,) arrays
        Those with the feature and all, point by point; a stage where all or none have it is refused.
    level : float

    Notes
    -----
    The hybrid score interval needs whole counts, so this one is of Wald's kind: the binomial error times the root of
    Pearson's dispersion within the stages, at least one, on Student's t.

    References
    ----------
    Wedderburn, R. W. M. (1974), Biometrika 61, 439-447; McCullagh and Nelder (1989), section 4.5.

    Examples
    --------
    >>> d = quasi_binomial_difference([2, 9, 4, 12], [50] * 4, [8, 20, 5, 25], [50] * 4)
    >>> round(d.tested.value, 3), round(d.inflation, 2)
    (0.155, 6.21)
    """
    stages = [_weighed(x, n) for x, n in ((counts1, sizes1), (counts2, sizes2))]
    pearson, shares, squared = 0.0, [], 0.0
    for x, n in stages:
        if (x > n).any():
            raise ValueError("more with the feature than there are at a point")
        p = float(x.sum() / n.sum())
        if p in (0.0, 1.0):
            raise ValueError("a stage where all or none have the feature shows no scatter: use Newcombe's interval")
        pearson += float(((x - n * p) ** 2 / (n * p * (1 - p))).sum())
        squared += p * (1 - p) / float(n.sum())
        shares.append(p)
    dof = sum(x.size for x, _ in stages) - 2
    dispersion = max(pearson / dof, 1.0)
    d, error = shares[1] - shares[0], float(np.sqrt(dispersion * squared))
    half = float(stdtrit(dof, 0.5 + level_inside(level) / 2)) * error
    p_value = float(2 * stdtr(dof, -abs(d / error)))
    told = Tested(
        d,
        max(d - half, -1.0),
        min(d + half, 1.0),
        p_value,
        "quasi-binomial difference (Wedderburn 1974)",
        d / error,
        dof,
    )
    return Dependent(told, float("nan"), dispersion)


def _positions(given: ArrayLike | None, n: int) -> Ints:
    if given is None:
        return np.arange(n)
    positions = np.asarray(given, dtype=np.int64)
    if positions.shape != (n,) or (np.diff(positions) < 1).any():
        raise ValueError(f"positions are {n} increasing whole numbers, one for each point")
    return positions


def _weighed(counts: ArrayLike, exposures: ArrayLike) -> tuple[Floats, Floats]:
    c, t = sample(counts), sample(exposures)
    if c.size != t.size:
        raise ValueError(f"{c.size} counts and {t.size} exposures: there has to be one for each point")
    if (c < 0).any() or (c != np.floor(c)).any() or (t <= 0).any():
        raise ValueError("counts are whole numbers from 0, exposures are positive")
    return c, t
