"""The standard distributions that all families are made of: normal, logistic, extreme value, gamma, folded normal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import (
    expit,
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
    gammaln,
    log1p,
    logit,
    ndtr,
    ndtri,
)

from .distribution import Kernel

Floats = NDArray[np.float64]
Number = Floats | float

HALF_LOG_TAU = 0.5 * float(np.log(2 * np.pi))

NORMAL = Kernel(
    cdf=lambda z, *_: ndtr(z),
    sf=lambda z, *_: ndtr(-z),
    log_density=lambda z, *_: -0.5 * z**2 - HALF_LOG_TAU,
    ppf=lambda p, *_: ndtri(p),
    isf=lambda p, *_: -ndtri(p),
)

LOGISTIC = Kernel(
    cdf=lambda z, *_: expit(z),
    sf=lambda z, *_: expit(-z),
    log_density=lambda z, *_: -np.abs(z) - 2 * log1p(np.exp(-np.abs(z))),
    ppf=lambda p, *_: logit(p),
    isf=lambda p, *_: -logit(p),
)

SMALLEST_EXTREME = Kernel(
    cdf=lambda z, *_: -np.expm1(-np.exp(z)),
    sf=lambda z, *_: np.exp(-np.exp(z)),
    log_density=lambda z, *_: z - np.exp(z),
    ppf=lambda p, *_: np.log(-np.log1p(-p)),
    isf=lambda p, *_: np.log(-np.log(p)),
)

LARGEST_EXTREME = Kernel(
    cdf=lambda z, *_: np.exp(-np.exp(-z)),
    sf=lambda z, *_: -np.expm1(-np.exp(-z)),
    log_density=lambda z, *_: -z - np.exp(-z),
    ppf=lambda p, *_: -np.log(-np.log(p)),
    isf=lambda p, *_: -np.log(-np.log1p(-p)),
)

GAMMA = Kernel(
    cdf=lambda z, shape, *_: gammainc(shape, np.maximum(z, 0.0)),
    sf=lambda z, shape, *_: gammaincc(shape, np.maximum(z, 0.0)),
    log_density=lambda z, shape, *_: (shape - 1) * np.log(z) - z - gammaln(shape),
    ppf=lambda p, shape, *_: gammaincinv(shape, p),
    isf=lambda p, shape, *_: gammainccinv(shape, p),
)


def _folded_cdf(z: Floats, mean: Number, sd: Number) -> Floats:
    """``P(-z <= N <= z)``, as ``erf`` terms of one sign about zero to keep small values exact."""
    k, at = np.divide(mean, sd), np.maximum(z, 0.0)
    near = ndtr(at - k) - ndtr(-at - k)
    small = 2 * at * np.exp(-0.5 * k**2 - HALF_LOG_TAU) * (1 + at**2 * (k**2 - 1) / 6)
    return np.asarray(np.where(at * np.maximum(1.0, k) < 1e-3, small, near), dtype=np.float64)


def _folded_sf(z: Floats, mean: Number, sd: Number) -> Floats:
    k, at = np.divide(mean, sd), np.maximum(z, 0.0)
    return np.asarray(ndtr(k - at) + ndtr(-k - at), dtype=np.float64)


def _folded_log_density(z: Floats, mean: Number, sd: Number) -> Floats:
    k = np.divide(mean, sd)
    return np.asarray(-0.5 * (z - k) ** 2 - HALF_LOG_TAU + log1p(np.exp(-2 * k * z)), dtype=np.float64)


def _folded_inverse(p: Floats, mean: Number, sd: Number, *, upper: bool) -> Floats:
    """Bisection between the quantiles of the normal and of the half normal distribution, to the last digit."""
    p, k = np.broadcast_arrays(np.asarray(p, dtype=np.float64), np.divide(mean, sd))
    half = -ndtri(p / 2) if upper else ndtri(0.5 + p / 2)
    low, high = np.zeros(p.shape), np.where(np.isfinite(half), np.abs(half) + k + 1.0, np.inf)
    ends = ~np.isfinite(high)
    high = np.where(ends, 1.0, high)
    for _ in range(80):
        middle = 0.5 * (low + high)
        short = _folded_sf(middle, k, 1.0) > p if upper else _folded_cdf(middle, k, 1.0) < p
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(np.where(ends, np.inf, np.where(p == (1.0 if upper else 0.0), 0.0, 0.5 * (low + high))))


FOLDED = Kernel(
    cdf=_folded_cdf,
    sf=_folded_sf,
    log_density=_folded_log_density,
    ppf=lambda p, mean, sd: _folded_inverse(p, mean, sd, upper=False),
    isf=lambda p, mean, sd: _folded_inverse(p, mean, sd, upper=True),
)
