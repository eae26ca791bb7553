"""Approximate intervals of sums of variance components and of their shares, from estimates and their covariance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtri

Floats = NDArray[np.float64]


def sum_ends(variances: Floats, covariance: Floats, a: Floats, confidence: float) -> tuple[float, float, float]:
    """A sum of components with its interval: a chi-square of ``2 s^2 / var(s)`` degrees of freedom.

    A sum of zero reaches from zero to what its standard error allows.

    References
    ----------
    Satterthwaite, F. E. (1946), Biometrics Bulletin 2.

    Examples
    --------
    >>> value, low, high = sum_ends(np.array([2.0]), np.array([[0.8]]), np.ones(1), 0.95)
    >>> value, round(low, 3), round(high, 3)
    (2.0, 0.976, 6.16)
    """
    value, spread = float(a @ variances), float(a @ covariance @ a)
    tail = (1 - confidence) / 2
    if not a.any() or not spread > 0:
        return value, value, value
    if value <= 0:
        return 0.0, 0.0, float(-ndtri(tail)) * spread**0.5
    dof = 2 * value**2 / spread
    # with next to no degrees of freedom the upper end is without bound; a double holds less
    above = max(float(chdtri(dof, 1 - tail)), 1e-12)
    return value, dof * value / float(chdtri(dof, tail)), dof * value / above


def share_ends(
    variances: Floats, covariance: Floats, a: Floats, b: Floats, confidence: float
) -> tuple[float, float, float]:
    """A share ``a'v / b'v`` with its interval by the delta method on its log odds.

    Examples
    --------
    >>> found = share_ends(np.array([1.0, 3.0]), np.diag([0.1, 0.5]), np.array([1.0, 0]), np.ones(2), 0.95)
    >>> [round(v, 3) for v in found]
    [0.25, 0.133, 0.419]
    """
    part, whole = float(a @ variances), float(b @ variances)
    if not whole > 0:
        return float("nan"), float("nan"), float("nan")
    share, z = part / whole, float(-ndtri((1 - confidence) / 2))
    slope = (a - share * b) / whole
    error = max(float(slope @ covariance @ slope), 0.0) ** 0.5
    if not 0 < share < 1:
        return share, max(share - z * error, 0.0), min(share + z * error, 1.0)
    odds, width = np.log(share / (1 - share)), z * error / (share * (1 - share))
    low, high = 1 / (1 + np.exp(-(odds - width))), 1 / (1 + np.exp(-(odds + width)))
    return share, float(low), float(high)
