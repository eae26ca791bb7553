"""Between which limits does at least a given share of a normal population lie, and how many values tell it?

A tolerance interval covers a share (``coverage``) of all values to come, with a stated ``confidence``; it is wider than
a confidence interval, which covers a mean only.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, chdtri, nctdtr, nctdtrit, ndtr, ndtri

Floats = NDArray[np.float64]
Sides = Literal[1, 2]

_REACH, _NODES = 8.5, 128


def tolerance_factor(
    n: float, coverage: float = 0.95, confidence: float = 0.95, sides: Sides = 2, dof: float | None = None
) -> float:
    """Exact factor k of a normal tolerance interval, mean +- k s.

    Parameters
    ----------
    n : float
        Values behind the mean, at least 2.
    coverage, confidence : float
        Between 0 and 1.
    sides : {1, 2}
        One limit, or two that hold the share between them.
    dof : float, optional
        Degrees of freedom of s; default n - 1.

    Raises
    ------
    ValueError
        n below 2, or a level outside 0 to 1.

    Notes
    -----
    One-sided: ``t'(confidence; dof, z sqrt n) / sqrt n`` with the noncentral t and ``z = Phi^-1(coverage)``. Two-sided:
    the k at which ``P(content >= coverage) = confidence``, integrated over the error of the mean.

    References
    ----------
    Odeh & Owen (1980), Tables for Normal Tolerance Limits; Krishnamoorthy & Mathew (2009), Statistical Tolerance
    Regions, eq. 1.2.3 and 1.2.4.

    Examples
    --------
    >>> round(tolerance_factor(10, 0.90), 4), round(tolerance_factor(43, 0.90, 0.99, sides=1), 4)
    (2.8563, 1.874)
    """
    _check(n, coverage, confidence)
    free = float(n) - 1 if dof is None else float(dof)
    if not free > 0:
        raise ValueError(f"sigma needs degrees of freedom above 0, not {free:g}")
    if sides == 1:
        root = math.sqrt(n)
        return float(nctdtrit(free, ndtri(coverage) * root, confidence)) / root
    return _two_sided(float(n), coverage, confidence, free)


def howe_factor(n: float, coverage: float = 0.95, confidence: float = 0.95, *, corrected: bool = False) -> float:
    """Howe's simple factor of a two-sided normal tolerance interval, as the NIST handbook prints it.

    ``z sqrt((n - 1)(1 + 1/n) / q)`` with ``z = Phi^-1((1 + coverage) / 2)`` and ``q = chi2(1 - confidence; n - 1)``;
    ``corrected`` multiplies by ``sqrt(1 + (n - 3 - q) / (2 (n + 1)^2))``, Guenther's correction for small n.

    References
    ----------
    Howe (1969), Journal of the American Statistical Association 64, 610-620; NIST/SEMATECH e-Handbook 7.2.6.3; Guenther
    (1977), Sampling Inspection in Statistical Quality Control.

    Examples
    --------
    >>> round(howe_factor(43, 0.90, 0.99), 3)
    2.217
    """
    _check(n, coverage, confidence)
    z, q = float(ndtri((1 + coverage) / 2)), float(chdtri(n - 1, confidence))
    factor = z * math.sqrt((n - 1) * (1 + 1 / n) / q)
    return factor * math.sqrt(1 + (n - 3 - q) / (2 * (n + 1) ** 2)) if corrected else factor


def attained_confidence(k: float, n: float, coverage: float, sides: Sides = 2, dof: float | None = None) -> float:
    """How surely mean +- k s (or mean + k s) holds at least the share ``coverage`` of a normal population.

    Examples
    --------
    >>> round(attained_confidence(2.8563, 10, 0.90), 4)
    0.95
    """
    free = float(n) - 1 if dof is None else float(dof)
    if sides == 1:
        root = math.sqrt(n)
        return float(nctdtr(free, ndtri(coverage) * root, k * root))
    half, weight = _half_widths(float(n), coverage)
    return float(weight @ chdtrc(free, free * (half / k) ** 2))


def normal_tolerance(
    x: Floats, coverage: float = 0.95, confidence: float = 0.95, sides: Sides = 2
) -> tuple[float, float]:
    """Limits of a normal population from a sample: both limits of ``sides=2``, or the two one-sided ones.

    Parameters
    ----------
    x : (n,) array
        Without gaps.

    Raises
    ------
    ValueError
        Fewer than two values, or all equal.

    Examples
    --------
    >>> [round(end, 3) for end in normal_tolerance(np.array([9.8, 10.1, 10.0, 10.3, 9.9]), 0.90)]
    [9.195, 10.845]
    """
    k = tolerance_factor(x.size, coverage, confidence, sides)
    # about the first value, so that a large offset costs no digits
    moved = x - x[0]
    center, s = float(moved.mean()), float(moved.std(ddof=1))
    if s == 0:
        raise ValueError("all values are equal: they show no spread that limits could be drawn from")
    return float(x[0]) + (center - k * s), float(x[0]) + (center + k * s)


def normal_sample_size(
    coverage: float = 0.95, confidence: float = 0.95, sides: Sides = 2, excess: float = 0.02, risk: float = 0.05
) -> int:
    """Values that a normal tolerance interval needs, so that it is not much too wide.

    Parameters
    ----------
    coverage, confidence : float
        Of the interval.
    excess, risk : float
        The interval shall hold ``coverage + excess`` or more with a chance of at most ``risk``.

    Returns
    -------
    int

    References
    ----------
    Faulkenberry & Weeks (1968), Technometrics 10, 343-348.

    Examples
    --------
    >>> normal_sample_size(0.95, 0.95, excess=0.03)
    188
    """
    _check(2, coverage, confidence)
    if not (excess > 0 and coverage + excess < 1):
        raise ValueError(f"excess must lie between 0 and 1 - coverage ({1 - coverage:g}), not {excess!r}")
    if not 0 < risk < confidence:
        raise ValueError(f"risk must lie between 0 and the confidence, not {risk!r}")

    def enough(n: int) -> bool:
        k = tolerance_factor(n, coverage, confidence, sides)
        return attained_confidence(k, n, coverage + excess, sides) <= risk

    high = 4
    while not enough(high):
        high *= 2
        if high > 1 << 26:
            raise ValueError("that would need more than 67 million values: allow a larger excess")
    low = 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _check(n: float, coverage: float, confidence: float) -> None:
    if not n >= 2:
        raise ValueError(f"a normal tolerance interval needs at least 2 values, not {n:g}")
    for name, level in (("coverage", coverage), ("confidence", confidence)):
        if not 0 < level < 1:
            raise ValueError(f"{name} must lie between 0 and 1, not {level!r}")


@lru_cache(maxsize=64)
def _half_widths(n: float, coverage: float) -> tuple[Floats, Floats]:
    """Half widths that hold the share about a mean that is off by z / sqrt n, and the chance weights of these z."""
    node, weight = np.polynomial.legendre.leggauss(_NODES)
    z = _REACH * (node + 1) / 2
    off = z / math.sqrt(n)
    half = off + float(ndtri((1 + coverage) / 2))
    # the content is concave in the half width: Newton steps below the root once and then climbs to it
    for _ in range(60):
        content = ndtr(off + half) - ndtr(off - half)
        slope = (np.exp(-((off + half) ** 2) / 2) + np.exp(-((off - half) ** 2) / 2)) / math.sqrt(2 * math.pi)
        step = (content - coverage) / slope
        half = half - step
        if float(np.abs(step).max()) < 1e-13:
            break
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return half, _REACH * weight * density


@lru_cache(maxsize=256)
def _two_sided(n: float, coverage: float, confidence: float, dof: float) -> float:
    from scipy.optimize import brentq

    half, weight = _half_widths(n, coverage)
    low, high = float(half.min()) * 1e-3, float(half.max()) * math.sqrt(dof / float(chdtri(dof, confidence))) * 2

    def excess(k: float) -> float:
        return float(weight @ chdtrc(dof, dof * (half / k) ** 2)) - confidence

    return float(brentq(excess, low, high, xtol=1e-13, rtol=1e-13))
