"""How sure are we of a coefficient of agreement? The jackknife over items, on a scale without ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from .agreement import Patterns
from .estimate import Estimate

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]

METHOD = "jackknife over items, t on the inverse hyperbolic tangent"
PERFECT = "no disagreement seen: exact bound of the share of items with one (Clopper-Pearson)"

AT_ONCE = 512
"""Leave-one-out samples computed together."""


def jackknife(
    statistic: Statistic,
    seen: Patterns,
    confidence: float = 0.95,
    used: NDArray[np.bool_] | None = None,
    raters: int = 2,
) -> Estimate:
    """A coefficient of agreement with its interval.

    Parameters
    ----------
    statistic : callable
        From weights (..., p) to coefficients (...), 1 at perfect agreement.
    seen : Patterns
    confidence : float
    used : (p,) bool array, optional
        Patterns that the coefficient looks at; default those with two ratings or more.
    raters : int
        Ratings compared on an item.

    Returns
    -------
    Estimate
        NaN where the coefficient does not exist, and NaN ends where leaving out one item would end it.

    Notes
    -----
    Each item is left out in turn; the variance of the pseudo-values gives the error, the interval is
    ``tanh(atanh(v) -+ t se / (1 - v^2))`` on n - 1 degrees of freedom. Where all agree there is no variance: at most
    ``1 - (alpha / 2)^(1 / n)`` of the items may then show a disagreement, and one dissenter among m ratings costs
    ``(2 / m) / (1 - pe)``. How often it holds the truth: docs/agreement-coverage.md.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 11; Davies & Fleiss (1982), Biometrics 38,
    1047-1051, for kappa.

    Examples
    --------
    >>> from sigmatool.numbers.agreement import fleiss_kappa, patterns
    >>> seen = patterns([[0, 0]] * 20 + [[0, 1]] * 3 + [[1, 1]] * 20, 2)
    >>> found = jackknife(lambda w: fleiss_kappa(seen, w), seen)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (0.86, 0.59, 0.96)
    """
    used = (seen.codes >= 0).sum(axis=1) >= 2 if used is None else used
    value, n = float(statistic(seen.weight)), float(seen.weight[used].sum())
    nothing = float("nan")
    if not np.isfinite(value) or n < 2:
        return Estimate(value, nothing, nothing, METHOD)
    if value >= 1 - 1e-12:
        share = 1 - ((1 - confidence) / 2) ** (1 / n)
        chance = _chance(seen)
        low = max(1 - share * (2 / raters) / (1 - chance), -1.0) if chance < 1 - 1e-12 else nothing
        return Estimate(1.0, low, 1.0, PERFECT)
    without = _without(statistic, seen, used)
    weight = seen.weight[used]
    pseudo = n * value - (n - 1) * without
    mean = float((weight * pseudo).sum()) / n
    error = float(np.sqrt((weight * (pseudo - mean) ** 2).sum() / (n * (n - 1))))
    if not np.isfinite(error) or error == 0 or abs(value) >= 1:
        return Estimate(value, nothing, nothing, METHOD)
    half = float(stdtrit(n - 1, (1 + confidence) / 2)) * error / (1 - value**2)
    at = float(np.arctanh(value))
    return Estimate(value, float(np.tanh(at - half)), float(np.tanh(at + half)), METHOD)


def _without(statistic: Statistic, seen: Patterns, used: NDArray[np.bool_]) -> Floats:
    """The coefficient without one item of each pattern."""
    places = np.flatnonzero(used)
    out = np.empty(places.size)
    for first in range(0, places.size, AT_ONCE):
        some = places[first : first + AT_ONCE]
        weight = np.repeat(seen.weight[None, :], some.size, axis=0)
        weight[np.arange(some.size), some] -= 1
        out[first : first + AT_ONCE] = statistic(weight)
    return out


def _chance(seen: Patterns) -> float:
    """Agreement by chance with the mean shares of the categories."""
    counts = seen.counts
    share = seen.weight @ (counts / np.maximum(counts.sum(axis=1), 1)[:, None])
    share = share / share.sum()
    return float((share**2).sum())
