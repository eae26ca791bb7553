"""Do two rates of events differ, by how much, and how surely?

Counts of independent events (Poisson) over exposures. Ratios are second over first, differences second minus first.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import bdtr, betainc, betaincinv, expit, gammaln, ndtri

from .estimate import Estimate, Tested
from .exact_counts import garwood
from .samples import level_inside

_SAME = 1 + 1e-7
_LISTED = 5_000_000


def poisson_rate(count: float, exposure: float, level: float = 0.95) -> Estimate:
    """A rate with its exact interval.

    Parameters
    ----------
    count : int
    exposure : float
        Time, area or units over which the events were counted; the rate is per one of them.
    level : float

    Raises
    ------
    ValueError
        For a count that is no whole number from 0, or an exposure that is not positive.

    References
    ----------
    Garwood, F. (1936), Biometrika 28, 437-442.

    Examples
    --------
    >>> r = poisson_rate(3, 1083.857)
    >>> round(r.low, 6), round(r.high, 6)
    (0.000571, 0.008089)
    """
    _counted(count, exposure)
    low, high = garwood(count, exposure, level_inside(level))
    return Estimate(count / exposure, float(low), float(high), "exact (Garwood 1936)")


def exact_rate_ratio(c1: int, t1: float, c2: int, t2: float, level: float = 0.95, *, tails: str = "central") -> Tested:
    """Second rate over the first, exact given the sum of the counts.

    Parameters
    ----------
    c1, t1, c2, t2 : int, float
        Count and exposure, first and second.
    level : float
    tails : {"central", "minlike"}
        Two-sided p as twice the smaller tail, which agrees with the interval, or as the chance of all that is no
        likelier than what was seen (as R's ``poisson.test``).

    Returns
    -------
    Tested
        Infinite where only the second has events.

    Raises
    ------
    ValueError
        When neither has an event.

    References
    ----------
    Przyborowski, J. and Wilenski, H. (1940), Biometrika 31, 313-323; Clopper, C. J. and Pearson, E. S. (1934),
    Biometrika 26, 404-413; Fay, M. P. (2010), Biostatistics 11, 373-374 (the two p values).

    Examples
    --------
    >>> r = exact_rate_ratio(3, 1083.857, 11, 800)
    >>> round(r.value, 3), round(r.low, 3), round(r.high, 3), round(r.p, 4)
    (4.968, 1.312, 27.732, 0.0135)
    """
    if tails not in ("central", "minlike"):
        raise ValueError(f"tails = {tails!r}: 'central' or 'minlike'")
    _comparable(c1, t1, c2, t2)
    n, share, tail = c1 + c2, t2 / (t1 + t2), (1 - level_inside(level)) / 2
    # a share over its complement, each from its own beta law: near one a difference would lose its digits
    low = 0.0 if c2 == 0 else float(betaincinv(c2, c1 + 1, tail) / betaincinv(c1 + 1, c2, 1 - tail))
    high = np.inf if c1 == 0 else float(betaincinv(c2 + 1, c1, 1 - tail) / betaincinv(c1, c2 + 1, tail))
    if tails == "central" or n > _LISTED:
        p = min(2 * min(_below(c2, n, share), _above(c2, n, share)), 1.0)
    else:
        p = _minlike(c2, n, share)
    named = "central p" if tails == "central" or n > _LISTED else "minimum likelihood p"
    return Tested(
        _ratio(c1, t1, c2, t2), low * t1 / t2, high * t1 / t2, p,
        f"exact conditional (Przyborowski and Wilenski 1940); {named}",
    )  # fmt: skip


def midp_rate_ratio(c1: int, t1: float, c2: int, t2: float, level: float = 0.95) -> Tested:
    """Second rate over the first, by mid-p: half of the observed outcome counts as more extreme.

    Shorter than the exact interval, which covers more than it says; this one covers as said on average, a little less
    for some true ratios when counts are small.

    References
    ----------
    Lancaster, H. O. (1961), JASA 56, 223-234.

    Examples
    --------
    >>> r = midp_rate_ratio(3, 1083.857, 11, 800)
    >>> round(r.low, 3), round(r.high, 3), round(r.p, 4)
    (1.471, 22.172, 0.0079)
    """
    _comparable(c1, t1, c2, t2)
    n, tail = c1 + c2, (1 - level_inside(level)) / 2

    def upper(share: float) -> float:
        return 0.5 * (_above(c2, n, share) + _above(c2 + 1, n, share))

    def lower(share: float) -> float:
        return 0.5 * (_below(c2, n, share) + _below(c2 - 1, n, share))

    def root(off: Callable[[float], float]) -> float:
        from scipy.optimize import brentq

        log_odds = float(brentq(lambda r: off(float(expit(r))), -50.0, 50.0, xtol=1e-13))
        return float(np.exp(log_odds)) * t1 / t2

    share = t2 / (t1 + t2)
    return Tested(
        value=_ratio(c1, t1, c2, t2),
        low=0.0 if c2 == 0 else root(lambda share: upper(share) - tail),
        high=np.inf if c1 == 0 else root(lambda share: tail - lower(share)),
        p=min(2 * min(upper(share), lower(share)), 1.0),
        method="mid-p, conditional (Lancaster 1961)",
    )


def rate_difference(c1: int, t1: float, c2: int, t2: float, level: float = 0.95) -> Tested:
    """Second rate minus the first, per unit of exposure.

    Returns
    -------
    Tested
        The interval joins the two score intervals of the rates as Newcombe joins those of proportions; p is the exact
        conditional one (central).

    Raises
    ------
    ValueError
        When neither has an event.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008), Statistics in Medicine 27, 1693-1702 (variance estimates recovered);
    Przyborowski and Wilenski (1940).

    Examples
    --------
    >>> d = rate_difference(85, 40, 120, 40)
    >>> round(d.value, 4), round(d.low, 4), round(d.high, 4)
    (0.875, 0.1727, 1.5888)
    """
    _comparable(c1, t1, c2, t2)
    z = float(ndtri(0.5 + level_inside(level) / 2))
    (r1, low1, high1), (r2, low2, high2) = _score(c1, t1, z), _score(c2, t2, z)
    d = r2 - r1
    return Tested(
        d, d - float(np.hypot(r2 - low2, high1 - r1)), d + float(np.hypot(high2 - r2, r1 - low1)),
        exact_rate_ratio(c1, t1, c2, t2, level).p, "hybrid score (Zou and Donner 2008); exact conditional p",
    )  # fmt: skip


def _score(count: float, exposure: float, z: float) -> tuple[float, float, float]:
    middle, half = count + z * z / 2, z * float(np.sqrt(count + z * z / 4))
    return count / exposure, max(middle - half, 0.0) / exposure, (middle + half) / exposure


def _below(k: int, n: int, share: float) -> float:
    """P(X <= k), binomial."""
    return 0.0 if k < 0 else float(bdtr(k, n, share))


def _above(k: int, n: int, share: float) -> float:
    """P(X >= k), binomial."""
    return 1.0 if k <= 0 else 0.0 if k > n else float(betainc(k, n - k + 1, share))


def _minlike(k: int, n: int, share: float) -> float:
    x = np.arange(n + 1.0)
    log_chance = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1) + x * np.log(share) + (n - x) * np.log1p(-share)
    return min(float(np.exp(log_chance[log_chance <= log_chance[k] + np.log(_SAME)]).sum()), 1.0)


def _ratio(c1: int, t1: float, c2: int, t2: float) -> float:
    return (c2 / t2) / (c1 / t1) if c1 else np.inf


def _counted(count: float, exposure: float) -> None:
    if not (count >= 0 and float(count).is_integer()):
        raise ValueError(f"{count} events: a count is a whole number from 0")
    if not (exposure > 0 and np.isfinite(exposure)):
        raise ValueError(f"exposure {exposure}: it has to be positive")


def _comparable(c1: int, t1: float, c2: int, t2: float) -> None:
    _counted(c1, t1)
    _counted(c2, t2)
    if c1 + c2 == 0:
        raise ValueError("no event in either: the rates have no ratio")
