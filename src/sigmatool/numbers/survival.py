"""How long do things take, when some of them are not finished yet?

Unfinished ones are censored: they lasted at least so long. Dropping them would make everything look quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtri

from .estimate import Estimate, Tested
from .samples import level_inside

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_SAME = 1e-9
"""Survival this near to a share has reached it: a product of many factors is not exact."""


@dataclass(frozen=True, slots=True)
class Survival:
    """The Kaplan-Meier curve at the times where something ended.

    Attributes
    ----------
    time : (k,) array
        Increasing.
    at_risk, events : (k,) array
        Under way just before, and ended there.
    survival : (k,) array
        Share that lasts longer.
    spread : (k,) array
        Greenwood's sum, the variance of ``log(survival)``; infinite where survival is zero.
    ordered : (n,) array
        Every time, finished or not, in order.
    entered : (n,) array or None
        Every entry, in order.
    ended : int
        Events in all.
    """

    time: Floats
    at_risk: Floats
    events: Floats
    survival: Floats
    spread: Floats
    ordered: Floats
    entered: Floats | None
    ended: int

    @property
    def n(self) -> int:
        """Everything that was under observation."""
        return int(self.ordered.size)

    @property
    def longest(self) -> float:
        """The longest time seen, finished or not."""
        return float(self.ordered[-1])

    def under_way(self, t: Floats) -> Floats:
        """How many were under observation just before any times (m,)."""
        left = self.n - np.searchsorted(self.ordered, t, side="left")
        if self.entered is not None:
            soon = np.searchsorted(self.entered, 0.0, side="right")
            left -= self.n - np.maximum(np.searchsorted(self.entered, t, side="left"), soon)
        return np.asarray(left, dtype=np.float64)

    def at(self, t: Floats) -> Floats:
        """Survival at any times (m,)."""
        steps: Floats = np.concatenate(([1.0], self.survival))
        found: Floats = steps[np.searchsorted(self.time, t, side="right")]
        return found

    def band(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper ends of pointwise intervals (k,), from those of ``log(-log(survival))``; NaN at 0 and 1."""
        z = float(ndtri(0.5 + level_inside(level) / 2))
        inside = (self.survival > 0) & (self.survival < 1)
        log = np.log(np.where(inside, self.survival, 0.5))
        half = z * np.sqrt(np.where(inside, self.spread, 0.0)) / np.abs(log)
        low, high = np.exp(log * np.exp(half)), np.exp(log * np.exp(-half))
        return np.where(inside, low, np.nan), np.where(inside, high, np.nan)


def kaplan_meier(time: Floats, ended: Bools, entry: Floats | None = None) -> Survival:
    """The share that lasts longer than each time.

    Parameters
    ----------
    time : (n,) array
        How long each lasted, or has lasted so far; from 0.
    ended : (n,) array of bool
        False where it was still under way (censored).
    entry : (n,) array, optional
        Age at which each came under observation (left truncation); default 0.

    Returns
    -------
    Survival

    Raises
    ------
    ValueError
        No times, negative ones, or an entry after the end.

    Notes
    -----
    ``S(t) = prod (1 - d_i / n_i)`` over the times up to t, with d ended of n under way. Those censored at a time are
    still at risk there; those that enter at a time are at risk after it, except at time 0.

    References
    ----------
    Kaplan & Meier (1958), JASA 53, 457-481; Klein & Moeschberger (2003), Survival Analysis, sections 4.2 and 4.6.

    Examples
    --------
    >>> found = kaplan_meier(np.array([6.0, 6, 6, 6, 7, 9]), np.array([True, True, True, False, True, False]))
    >>> found.time.tolist(), found.survival.round(3).tolist()
    ([6.0, 7.0], [0.5, 0.25])
    """
    time, ended = np.asarray(time, dtype=np.float64), np.asarray(ended, dtype=np.bool_)
    if time.size == 0 or not np.all(time >= 0):
        raise ValueError("times must be numbers from 0, at least one of them")
    if np.all(time[1:] >= time[:-1]):
        t, e = time, ended
    else:
        order = np.argsort(time)
        t, e = time[order], ended[order]
    first = np.flatnonzero(np.r_[True, t[1:] != t[:-1]])
    deaths = np.add.reduceat(e, first, dtype=np.int64).astype(np.float64)
    late = entry is not None and bool(np.any(entry > 0))
    if late and np.any(np.asarray(entry) > time):
        raise ValueError("an entry after the end: nothing was observed")
    entered = np.sort(np.asarray(entry, dtype=np.float64)) if late else None
    none = np.empty(0)
    held = Survival(none, none, none, none, none, t, entered, int(e.sum()))
    risk = held.under_way(t[first]) if late else (t.size - first).astype(np.float64)
    kept = deaths > 0
    at, d, n = t[first][kept], deaths[kept], risk[kept]
    with np.errstate(divide="ignore", invalid="ignore"):
        survival: Floats = np.cumprod((n - d) / n, dtype=np.float64)
        spread = np.where(survival > 0, np.cumsum(np.where(n > d, d / (n * (n - d)), 0.0)), np.inf)
    return replace(held, time=at, at_risk=n, events=d, survival=survival, spread=spread)


def percentile(curve: Survival, share: float, level: float = 0.95) -> Estimate:
    """The time by which a share has ended; see :func:`percentiles`.

    Examples
    --------
    >>> weeks = np.arange(1.0, 41.0)
    >>> found = percentile(kaplan_meier(weeks, weeks < 38), 0.5)
    >>> found.value, found.low, found.high
    (20.0, 14.0, 26.0)
    """
    return percentiles(curve, [share], level)[0]


def percentiles(curve: Survival, shares: Sequence[float], level: float = 0.95) -> list[Estimate]:
    """The times by which shares have ended, with intervals that rest on no distribution.

    Parameters
    ----------
    curve : Survival
    shares : sequence of float
        Such as 0.85.
    level : float

    Returns
    -------
    list of Estimate
        NaN where the curve, or an end of its band, does not come down so far.

    Notes
    -----
    The smallest t with ``S(t) <= 1 - share``. The interval holds the times at which ``1 - share`` lies inside the
    pointwise band of S, made on the scale of ``log(-log S)``; its upper end is the time at which the band's upper edge
    comes down to the share, as in R's ``quantile.survfit``.

    References
    ----------
    Brookmeyer & Crowley (1982), Biometrics 38, 29-41; Klein & Moeschberger (2003), section 4.5.

    Examples
    --------
    >>> every = kaplan_meier(np.arange(1.0, 101.0), np.ones(100, dtype=bool))
    >>> [found.value for found in percentiles(every, [0.5, 0.85])]
    [50.0, 85.0]
    """
    low, high = curve.band(level)
    # at the last event of all nothing is left, and the band has no upper edge there
    edges = (curve.survival, np.where(np.isnan(low), curve.survival, low), high)
    method = "Kaplan-Meier; Brookmeyer & Crowley (1982), log-log"
    found = []
    for share in shares:
        value, first, last = (_reached(curve.time, edge, 1 - level_inside(share)) for edge in edges)
        found.append(Estimate(value, first, last, method))
    return found


def _reached(time: Floats, edge: Floats, wanted: float) -> float:
    with np.errstate(invalid="ignore"):
        below = edge <= wanted + _SAME
    return float(time[int(np.argmax(below))]) if below.any() else np.nan


def restricted_mean(curve: Survival, horizon: float, level: float = 0.95) -> Estimate:
    """The mean time, where everything is stopped at a horizon: the area under the curve up to it.

    Parameters
    ----------
    curve : Survival
    horizon : float
        At most ``curve.longest``: beyond, nothing is known.
    level : float

    Notes
    -----
    ``var = sum A_i^2 d_i / (n_i (n_i - d_i))`` with A the area from each time to the horizon.

    References
    ----------
    Klein & Moeschberger (2003), eq. 4.5.2 and 4.5.3; Royston & Parmar (2011), Statistics in Medicine 30.

    Examples
    --------
    >>> found = restricted_mean(kaplan_meier(np.array([1.0, 2, 3, 4]), np.ones(4, dtype=bool)), 4.0)
    >>> found.value, round(found.high, 3)
    (2.5, 3.596)
    """
    if not 0 < horizon <= curve.longest * (1 + _SAME):
        raise ValueError(f"a horizon of {horizon} lies beyond what was seen ({curve.longest})")
    inside = curve.time < horizon
    edges = np.r_[0.0, curve.time[inside], horizon]
    areas = np.r_[1.0, curve.survival[inside]] * np.diff(edges)
    value = float(areas.sum())
    left = np.cumsum(areas[::-1])[::-1][1:]
    d, n = curve.events[inside], curve.at_risk[inside]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(n > d, left**2 * d / (n * (n - d)), 0.0)
    half = float(ndtri(0.5 + level_inside(level) / 2)) * float(np.sqrt(terms.sum()))
    return Estimate(value, value - half, value + half, "area under Kaplan-Meier, Greenwood")


def difference_of_means(first: Estimate, second: Estimate) -> Estimate:
    """Second restricted mean minus the first, of independent samples, with an interval of the same confidence."""
    d = second.value - first.value
    half = float(np.hypot(first.high - first.value, second.high - second.value))
    return Estimate(d, d - half, d + half, "difference of restricted means (Royston & Parmar 2011)")


def log_rank(first: Survival, second: Survival) -> Tested:
    """Do two curves differ?

    Parameters
    ----------
    first, second : Survival

    Returns
    -------
    Tested
        Value: events of the second over those expected were both alike, over the same of the first; the interval is
        not told. Chi-square with one degree of freedom.

    Raises
    ------
    ValueError
        Nothing ended while both were under way.

    Notes
    -----
    At each time with d ended of n under way, n2 of them in the second: expected ``d n2 / n``, variance
    ``d (n2 / n) (1 - n2 / n) (n - d) / (n - 1)``.

    References
    ----------
    Mantel (1966), Cancer Chemotherapy Reports 50; Klein & Moeschberger (2003), section 7.3.

    Examples
    --------
    >>> a, b = np.array([1.0, 2, 3, 4]), np.array([3.0, 5, 6, 7])
    >>> every = np.ones(4, dtype=bool)
    >>> found = log_rank(kaplan_meier(a, every), kaplan_meier(b, every))
    >>> round(found.statistic, 3), round(found.p, 3)
    (4.473, 0.034)
    """
    at = np.union1d(first.time, second.time)
    d1, d2 = _placed(at, first), _placed(at, second)
    n1, n2 = first.under_way(at), second.under_way(at)
    d, n = d1 + d2, n1 + n2
    both = (n1 > 0) & (n2 > 0)
    share = n2 / n
    expected = d * share
    variance = float((d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1))[both].sum())
    if variance <= 0:
        raise ValueError("nothing ended while both were under way")
    off = float((d2 - expected)[both].sum())
    statistic = off**2 / variance
    e2, e1 = float(expected.sum()), float((d * (1 - share)).sum())
    ratio = (float(d2.sum()) / e2) / (float(d1.sum()) / e1) if e2 > 0 and e1 > 0 and d1.sum() > 0 else np.nan
    return Tested(ratio, np.nan, np.nan, float(chdtrc(1, statistic)), "log-rank (Mantel 1966)", statistic, 1.0)


def _placed(at: Floats, curve: Survival) -> Floats:
    out = np.zeros(at.size)
    out[np.searchsorted(at, curve.time)] = curve.events
    return out
