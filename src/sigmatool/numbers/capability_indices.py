"""Does a normal process fit its specification, and how surely? Every index with its interval and its formula.

All arguments may be arrays of one shape: many characteristics at once. A limit that does not exist is infinite.
Differences to the limits are taken about the same origin as the mean, so shift the data first where their level is
large beside their spread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, gammaln, log_ndtr, ndtri, ndtri_exp

Floats = NDArray[np.float64]
Number = Floats | float

FORMULAS: Mapping[str, str] = {
    "p": "(USL - LSL) / (6 {s})",
    "l": "(mean - LSL) / (3 {s})",
    "u": "(USL - mean) / (3 {s})",
    "k": "the smaller of both sides, with {s}",
    "m": "(USL - LSL) / (6 sqrt({s}^2 + (mean - T)^2))",
    "m_about_target": "(USL - LSL) / (6 sqrt(sum (x - T)^2 / (n - 1)))",
    "km": "smaller side / (3 sqrt({s}^2 + (mean - T)^2))",
    "z_bench": "normal quantile of the share inside both limits, with {s}",
}
"""By the ending of the index: Cp is ``p`` with sigma within subgroups, Pp with sigma of all values."""

_JOINED = "normal and chi-square intervals joined (Zou & Donner 2008)"
INTERVALS: Mapping[str, str] = {
    "p": "chi-square interval (Kane 1986)",
    "l": _JOINED,
    "u": _JOINED,
    "k": "normal interval (Bissell 1990)",
    "m": "chi-square interval (Boyles 1991)",
    "m_about_target": "chi-square interval (Boyles 1991)",
    "km": "delta method (Pearn, Kotz & Johnson 1992)",
    "z_bench": "delta method",
}
"""The interval of each, where sigma comes from one estimator."""

_OF_SUM = "interval of a sum of variances (Graybill & Wang 1980)"
INTERVALS_OF_SUM: Mapping[str, str] = {
    **INTERVALS,
    "p": _OF_SUM,
    **dict.fromkeys("luk", f"{_OF_SUM}, joined with that of the mean (Zou & Donner 2008)"),
}
"""The same where sigma is a root of a sum of variances with ends of its own."""


def formula_of(ending: str, sigma: Sigma, name: str) -> str:
    """Formula and interval of an index, with ``name`` for its sigma.

    Examples
    --------
    >>> formula_of("p", Sigma(1.0, 24.0), "s within")
    '(USL - LSL) / (6 s within); chi-square interval (Kane 1986)'
    """
    intervals = INTERVALS if sigma.ends is None else INTERVALS_OF_SUM
    told = name if ending not in ("m", "km") else f"({name})"
    return f"{FORMULAS[ending].format(s=told)}; {intervals[ending]}"


@dataclass(frozen=True, slots=True)
class Sigma:
    """A sigma and what is known of its error.

    Attributes
    ----------
    value, dof : array or float
        ``dof``: equivalent chi-square degrees of freedom.
    bias : array or float
        What the root of a chi-square over its degrees of freedom was divided by: ``c4(dof + 1)`` for estimators that
        are right on average (moving ranges, mean range, pooled / c4), 1 for the plain sample standard deviation.
    ends : pair, optional
        Its interval at the level of the indices, where it is not that of one chi-square (a sum of variances).
    """

    value: Number
    dof: Number
    bias: Number = 1.0
    ends: tuple[Number, Number] | None = None


@dataclass(frozen=True, slots=True)
class Bounded:
    """An index with its interval; arrays or floats. NaN where the index does not exist."""

    value: Floats
    low: Floats
    high: Floats


def c4_of(dof: Number) -> Floats:
    """Mean of the root of a chi-square over its degrees of freedom, for any of them.

    Examples
    --------
    >>> round(float(c4_of(4.0)), 6)
    0.939986
    """
    half = np.asarray(dof, dtype=np.float64) / 2
    exact = np.exp(gammaln(half + 0.5) - gammaln(half)) / np.sqrt(half)
    return np.asarray(np.where(half > 1e6, 1 - 1 / (8 * half), exact))


def indices(
    mean: Number, sigma: Sigma, n_mean: Number, lsl: Number, usl: Number, target: Number = np.nan, level: float = 0.95,
    *, main_only: bool = False,
) -> dict[str, Bounded]:  # fmt: skip
    """The whole family of one sigma: ``p``, ``l``, ``u``, ``k``, ``m``, ``km``, ``z_bench``.

    Parameters
    ----------
    mean : array or float
    sigma : Sigma
        Above zero.
    n_mean : array or float
        ``(sigma / standard error of the mean)^2``: the number of values, fewer where they depend on each other.
    lsl, usl : array or float
        In the unit of the mean; ``-inf`` and ``inf`` where there is none.
    target : array or float
        NaN where there is none.
    level : float
    main_only : bool
        ``p``, ``l``, ``u`` and ``k`` alone: the others cost most of the time, which counts over many processes.

    Returns
    -------
    dict of Bounded

    Notes
    -----
    See :data:`FORMULAS`. Bissell: variance ``1 / (9 n) + C^2 / (2 dof)``. The interval of the smaller of two sides
    is that of this side alone; with the mean half-way it misses a little more often above than below (4 % and 1 %).
    One side: the errors of the mean (normal) and of sigma (chi-square) joined by MOVER, which is within 0.07 of the
    exact noncentral t limits of ``3 sqrt(n) C`` from 10 values on, and exists at any distance.
    Where sigma comes with ends of its own, the smaller of two sides is joined in this way too.
    Cpm: ``(1 + d^2)^2 / (1 / dof + 2 d^2 / n)`` chi-square degrees of freedom, ``d = (mean - T) / s``: Boyles' own
    where sigma and the mean rest on the same n, and no wider than it need be where sigma is known less well than that.

    References
    ----------
    Kane (1986), Journal of Quality Technology 18; Bissell (1990), Applied Statistics 39; Boyles (1991), Journal of
    Quality Technology 23; Pearn, Kotz & Johnson (1992), Journal of Quality Technology 24; Zou & Donner (2008),
    Statistics in Medicine 27; Kotz & Johnson (1993), Process Capability Indices.

    Examples
    --------
    >>> family = indices(16.0, Sigma(2.0, 49), 50, 8.0, 20.0)
    >>> [round(float(v), 4) for v in (family["p"].value, family["p"].low, family["p"].high, family["k"].value)]
    [1.0, 0.8025, 1.1971, 0.6667]
    """
    mean, s, dof, n = (np.asarray(v, dtype=np.float64) for v in (mean, sigma.value, sigma.dof, n_mean))
    lsl, usl, target = (np.asarray(v, dtype=np.float64) for v in (lsl, usl, target))
    with np.errstate(invalid="ignore"):
        width, below, above = usl - lsl, mean - lsl, usl - mean
        shares = _shares(sigma, s, dof, level)
        lower, upper = (_side(d, s, shares, n, level) for d in (below, above))
        least = np.minimum(below, above)
        two_sided = np.isfinite(width)
        p = _scaled(np.where(two_sided, width / (6 * s), np.nan), shares)
        one = _pick(np.isfinite(below), lower, upper)
        smaller = _bissell(least / (3 * s), dof, n, level) if sigma.ends is None else _pick(below < above, lower, upper)
        k = _pick(two_sided, smaller, one)
        if main_only:
            return {"p": p, "l": lower, "u": upper, "k": k}
        off = (mean - target) / s
        boyles = (1 + off**2) * ((1 + off**2) / (1 / dof + 2 * off**2 / n))
        m = _scaled(p.value / np.sqrt(1 + off**2), _chi_shares(boyles, level))
        z = z_bench(mean, s, dof, n, lsl, usl, level)
        # one and the same statement where there is one limit
        z = _pick(two_sided, z, Bounded(3 * one.value, 3 * one.low, 3 * one.high))
        km = _km(mean, least / (3 * s), off, below < above, dof, n, level)
    return {"p": p, "l": lower, "u": upper, "k": k, "m": m, "km": km, "z_bench": z}


def cpm_about_target(
    mean: Number, variance: Number, n: Number, lsl: Number, usl: Number, target: Number, level: float = 0.95
) -> Bounded:
    """Cpm from squared distances to the target over ``n - 1``; ``variance`` is that about the mean, over ``n - 1``.

    Examples
    --------
    >>> round(float(cpm_about_target(16.0, 4.0, 50, 8.0, 20.0, 14.0).value), 4)
    0.7035
    """
    mean, variance, n = (np.asarray(v, dtype=np.float64) for v in (mean, variance, n))
    off = (mean - target) ** 2 / variance
    tau = np.sqrt(variance * (1 + off * n / (n - 1)))
    with np.errstate(invalid="ignore"):
        width = np.asarray(usl, dtype=np.float64) - lsl
        value = np.where(np.isfinite(width), width / (6 * tau), np.nan)
        # Boyles' law is that of the mean square over n
    low, high = _chi_shares(n * (1 + off) * ((1 + off) / (1 + 2 * off)), level)
    return _scaled(value, (low / np.sqrt((n - 1) / n), high / np.sqrt((n - 1) / n)))


def z_bench(mean: Number, s: Number, dof: Number, n: Number, lsl: Number, usl: Number, level: float = 0.95) -> Bounded:
    """The one-sided normal distance with the same share beyond it as both limits have together.

    Notes
    -----
    ``-Phi^-1(Phi((LSL - mean) / s) + Phi((mean - USL) / s))`` in logarithms, so that it exists at any distance. Delta
    method with variances ``s^2 / n`` of the mean and ``s^2 / (2 dof)`` of sigma.

    Examples
    --------
    >>> z = z_bench(0.0, 1.0, 99, 100, -3.0, 3.0)
    >>> round(float(z.value), 4)
    2.7822
    """
    a = (np.asarray(lsl, dtype=np.float64) - mean) / s
    b = (np.asarray(usl, dtype=np.float64) - mean) / s
    value = _z_outside(a, b)
    # weights of both tails relative to that of the benchmark, without ever forming a density
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = (np.where(np.isfinite(t), np.exp(np.minimum((value**2 - t**2) / 2, 700.0)), 0.0) for t in (a, b))
        of_mean = high - low
        of_sigma = np.where(np.isfinite(b), b, 0.0) * high - np.where(np.isfinite(a), a, 0.0) * low
        error = np.sqrt(of_mean**2 / n + of_sigma**2 / (2 * np.asarray(dof)))
    half = float(ndtri(0.5 + level / 2)) * error
    return Bounded(value, value - half, value + half)


def _z_outside(a: Floats, b: Floats) -> Floats:
    outside = np.logaddexp(log_ndtr(a), log_ndtr(-b))
    with np.errstate(divide="ignore", invalid="ignore"):
        # where nearly all is outside, the little inside tells more digits
        top, bottom = np.where(a > 0, log_ndtr(-a), log_ndtr(b)), np.where(a > 0, log_ndtr(-b), log_ndtr(a))
        inside = top + np.log1p(-np.exp(np.minimum(bottom - top, 0.0)))
        return np.asarray(np.where(outside < np.log(0.5), -ndtri_exp(outside), ndtri_exp(inside)))


def per_million(z: Number) -> Floats:
    """Parts per million beyond a normal distance.

    Examples
    --------
    >>> round(float(per_million(3.0)), 1)
    1349.9
    """
    return np.asarray(1e6 * np.exp(log_ndtr(-np.asarray(z, dtype=np.float64))))


def _chi_shares(dof: Number, level: float) -> tuple[Floats, Floats]:
    """Roots of the quantiles of a chi-square over its degrees of freedom; of many processes each is looked up once."""
    given = np.asarray(dof, dtype=np.float64)
    each, back = np.unique(given, return_inverse=True)
    low, high = (np.sqrt(chdtri(each, tail) / each)[back] for tail in (0.5 + level / 2, 0.5 - level / 2))
    return low.reshape(given.shape), high.reshape(given.shape)


def _shares(sigma: Sigma, s: Floats, dof: Floats, level: float) -> tuple[Floats, Floats]:
    """What to multiply the inverse of sigma by for the ends of its interval."""
    if sigma.ends is not None:
        return s / sigma.ends[1], s / sigma.ends[0]
    low, high = _chi_shares(dof, level)
    return low / sigma.bias, high / sigma.bias


def _scaled(value: Floats, shares: tuple[Floats, Floats]) -> Bounded:
    """An index that is a width over sigma: its interval is that of sigma turned over."""
    return Bounded(value, value * shares[0], value * shares[1])


def bissell_error(value: Number, dof: Number, n: Number) -> Floats:
    """Standard error of Cpk or Ppk: ``sqrt(1 / (9 n) + C^2 / (2 dof))`` (Bissell 1990, Applied Statistics 39).

    Examples
    --------
    >>> round(float(bissell_error(1.33, 99, 100)), 4)
    0.1002
    """
    return np.asarray(np.sqrt(1 / (9 * np.asarray(n)) + np.asarray(value) ** 2 / (2 * np.asarray(dof))))


def _bissell(value: Floats, dof: Floats, n: Floats, level: float) -> Bounded:
    half = float(ndtri(0.5 + level / 2)) * bissell_error(value, dof, n)
    return Bounded(np.asarray(value), np.asarray(value - half), np.asarray(value + half))


def _side(distance: Floats, s: Floats, shares: tuple[Floats, Floats], n: Floats, level: float) -> Bounded:
    """One side: distance over three sigma. NaN where there is no limit."""
    value = np.where(np.isfinite(distance), distance / (3 * s), np.nan)
    of_mean = float(ndtri(0.5 + level / 2)) / (3 * np.sqrt(n))
    ends = value * shares[0], value * shares[1]
    low = value - np.hypot(value - np.minimum(*ends), of_mean)
    high = value + np.hypot(np.maximum(*ends) - value, of_mean)
    return Bounded(value, low, high)


def _pick(first: NDArray[np.bool_], one: Bounded, other: Bounded) -> Bounded:
    return Bounded(
        np.where(first, one.value, other.value),
        np.where(first, one.low, other.low),
        np.where(first, one.high, other.high),
    )


def _km(
    mean: Floats, k: Floats, off: Floats, lower: NDArray[np.bool_], dof: Floats, n: Floats, level: float
) -> Bounded:
    """Cpkm and its delta method: with ``k`` and ``d`` the error is that of the mean and of log sigma."""
    root = np.sqrt(1 + off**2)
    value = np.where(np.isfinite(k), k / root, np.nan)
    sign = np.where(lower, 1.0, -1.0)
    of_mean = sign / (3 * root) - value * off / root**2
    of_sigma = -value + value * off**2 / root**2
    half = float(ndtri(0.5 + level / 2)) * np.sqrt(of_mean**2 / n + of_sigma**2 / (2 * dof))
    return Bounded(value, value - half, value + half)
