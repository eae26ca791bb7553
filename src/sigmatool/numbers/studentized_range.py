"""How far apart do the largest and the least of several means stray by chance, in their own standard errors?"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, gammaln, ndtr

Floats = NDArray[np.float64]

_BEYOND = 8.5
"""Standard deviations beyond which a normal law holds nothing that a double could show."""

_WIDEST = 2 * _BEYOND

_REST = 1e-15


@lru_cache(maxsize=8)
def _nodes(n: int) -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(n)


def studentized_range_p(q: float, k: int, dof: float) -> float:
    """Chance of a range of k means beyond q.

    Parameters
    ----------
    q : float
        Range over the standard error of one mean.
    k : int
        Means, at least two.
    dof : float
        Of the error, at least one; infinite for a known one.

    Notes
    -----
    ``1 - integral f(s) W(q s) ds`` with f the law of ``sqrt(chi2 / dof)`` and
    ``W(w) = k integral phi(z) (Phi(z) - Phi(z - w))^(k-1) dz``, each by Gauss-Legendre quadrature.

    References
    ----------
    Copenhaver, M. D. and Holland, B. (1988), Journal of Statistical Computation and Simulation 30, 1-15.

    Examples
    --------
    >>> round(studentized_range_p(3.5064, 3, 27), 5)
    0.05
    """
    if q <= 0:
        return 1.0
    return _beyond(q, k, _scales(dof))


def studentized_range_quantile(level: float, k: int, dof: float) -> float:
    """The range that k means stay within at a level.

    Examples
    --------
    >>> round(studentized_range_quantile(0.95, 3, 27), 4)
    3.5064
    """
    from scipy.optimize import brentq

    scales = _scales(dof)
    high = 4.0
    while _beyond(high, k, scales) > 1 - level:
        high *= 2
    return float(brentq(lambda q: _beyond(q, k, scales) - (1 - level), 0.0, high, xtol=1e-12, rtol=1e-12))


def _beyond(q: float, k: int, scales: tuple[Floats, Floats]) -> float:
    s, share = scales
    within = np.where(q * s < _WIDEST, _normal_range(k)(np.minimum(q * s, _WIDEST)), 1.0)
    return min(max(1.0 - float(share @ within), 0.0), 1.0)


@lru_cache(maxsize=256)
def _scales(dof: float) -> tuple[Floats, Floats]:
    """Values of ``sqrt(chi2 / dof)`` and the share of its law that each stands for."""
    if dof == np.inf:
        return np.ones(1), np.ones(1)
    low, high = (float(np.sqrt(chdtri(dof, share) / dof)) for share in (1 - _REST, _REST))
    s, wide = _nodes(96)
    half = (high - low) / 2
    s = low + half * (s + 1)
    log_f = np.log(2) + dof / 2 * np.log(dof / 2) - gammaln(dof / 2) + (dof - 1) * np.log(s) - dof * s**2 / 2
    return s, wide * half * np.exp(log_f)


@lru_cache(maxsize=8)
def _normal_range(k: int) -> Callable[[Floats], Floats]:
    """``W``, drawn once from close points: many pairs ask it of the same k."""
    from scipy.interpolate import make_interp_spline

    z, weight = _nodes(256)
    z, weight = z * _BEYOND, weight * _BEYOND
    normal = k * weight * np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    w = np.linspace(0.0, _WIDEST, 801)
    found: Callable[[Floats], Floats] = make_interp_spline(w, (ndtr(z) - ndtr(z - w[:, None])) ** (k - 1) @ normal, k=7)
    return found
