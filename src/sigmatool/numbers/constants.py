"""The constants of control charts, computed from their definitions; printed tables are test oracles only.

For samples of n standard normal values: ``d2`` mean, ``d3`` standard deviation and ``d4_median`` median of the
range; ``c4`` mean of the standard deviation.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

Floats = NDArray[np.float64]

_X = np.arange(-9.0, 9.0 + 0.02, 0.02)
_DENSITY = np.exp(-(_X**2) / 2) / np.sqrt(2 * np.pi)
_LONGEST_RANGE = 18.0


def _range_cdf(n: int, r: Floats) -> Floats:
    """P(range <= r) of n standard normal values: ``n * integral phi(x) (Phi(x + r) - Phi(x))^(n-1) dx``.

    The trapezoidal rule is exact to rounding here: the integrand is analytic and vanishes at both ends.
    """
    inside = ndtr(_X[None, :] + r[:, None]) - ndtr(_X)[None, :]
    return np.asarray(n * 0.02 * (_DENSITY * inside ** (n - 1)).sum(axis=1), dtype=np.float64)


def _check(n: int) -> None:
    if n < 2 or n != int(n):
        raise ValueError(f"a sample of {n} has no spread: n must be a whole number from 2 on")


@cache
def _range_moments(n: int) -> tuple[float, float]:
    _check(n)
    nodes, weights = np.polynomial.legendre.leggauss(160)
    r = (nodes + 1) * _LONGEST_RANGE / 2
    w = weights * _LONGEST_RANGE / 2
    above = 1 - _range_cdf(n, r)
    mean = float(w @ above)
    return mean, float(np.sqrt(2 * (w @ (r * above)) - mean**2))


def d2(n: int) -> float:
    """Mean range of n standard normal values.

    Examples
    --------
    >>> round(d2(2), 6), round(d2(5), 6)
    (1.128379, 2.325929)
    """
    return _range_moments(int(n))[0]


def d3(n: int) -> float:
    """Standard deviation of the range of n standard normal values.

    Examples
    --------
    >>> round(d3(5), 6)
    0.864082
    """
    return _range_moments(int(n))[1]


@cache
def d4_median(n: int) -> float:
    """Median range of n standard normal values, for the median moving range."""
    _check(n)
    low, high = 0.0, _LONGEST_RANGE
    for _ in range(80):
        middle = (low + high) / 2
        if _range_cdf(n, np.array([middle]))[0] < 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@cache
def c4(n: int) -> float:
    """Mean standard deviation of n standard normal values: ``sqrt(2/(n-1)) Gamma(n/2) / Gamma((n-1)/2)``.

    Examples
    --------
    >>> round(c4(2), 6)
    0.797885
    """
    _check(n)
    return float(np.sqrt(2 / (n - 1)) * np.exp(gammaln(n / 2) - gammaln((n - 1) / 2)))


def c5(n: int) -> float:
    """Standard deviation of the standard deviation of n standard normal values: ``sqrt(1 - c4^2)``."""
    return float(np.sqrt(1 - c4(n) ** 2))


def d2_star(m: int, g: int) -> float:
    """``sqrt(d2(m)^2 + d3(m)^2 / g)`` for the mean range of g samples of m (Duncan; AIAG MSA, appendix C)."""
    return float(np.sqrt(d2(m) ** 2 + d3(m) ** 2 / g))


def factors(n: int, k: float = 3.0) -> dict[str, float]:
    """The chart factors A, A2, A3, B3-B6, D1-D4, E2, E3 at k sigma; lower factors stop at zero.

    Examples
    --------
    >>> round(factors(5)["A2"], 3), factors(5)["D3"]
    (0.577, 0.0)
    """
    c, s, m, w = c4(n), c5(n), d2(n), d3(n)
    root = float(np.sqrt(n))
    return {
        "A": k / root,
        "A2": k / (m * root),
        "A3": k / (c * root),
        "B3": max(1 - k * s / c, 0.0),
        "B4": 1 + k * s / c,
        "B5": max(c - k * s, 0.0),
        "B6": c + k * s,
        "D1": max(m - k * w, 0.0),
        "D2": m + k * w,
        "D3": max(1 - k * w / m, 0.0),
        "D4": 1 + k * w / m,
        "E2": k / m,
        "E3": k / c,
    }


def by_size(function: object, sizes: NDArray[np.int64]) -> Floats:
    """A constant for every sample size of an array; NaN where the size is below 2."""
    out = np.full(sizes.shape, np.nan)
    for n in np.unique(sizes):
        if n >= 2:
            out[sizes == n] = function(int(n))  # type: ignore[operator]
    return out
