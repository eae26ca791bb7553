"""Which transformation makes values near normal? Box-Cox and Yeo-Johnson, forth and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

Floats = NDArray[np.float64]

POWER_BOUNDS = (-5.0, 5.0)
"""Powers that are tried; beyond them a small change of the data makes any power likely."""


def box_cox(x: Floats, power: Floats | float) -> Floats:
    """``(x^power - 1) / power``, the logarithm at 0; NaN at or below zero.

    References
    ----------
    Box & Cox (1964), Journal of the Royal Statistical Society B 26.

    Examples
    --------
    >>> box_cox(np.array([1.0, 4.0]), 0.5).tolist()
    [0.0, 2.0]
    """
    return _power(np.log(x), np.asarray(power, dtype=np.float64))


def box_cox_inverse(y: Floats, power: Floats | float) -> Floats:
    """Back from the scale of Box & Cox; an end of the support where the scale ends.

    Examples
    --------
    >>> box_cox_inverse(np.array([0.0, 2.0]), 0.5).tolist()
    [1.0, 4.0]
    """
    return np.asarray(np.exp(_power_inverse(y, np.asarray(power, dtype=np.float64))), dtype=np.float64)


def yeo_johnson(x: Floats, power: Floats | float) -> Floats:
    """The transformation of Yeo & Johnson (2000): powers of ``1 + x`` above zero, of ``1 - x`` below.

    Examples
    --------
    >>> yeo_johnson(np.array([-1.0, 0.0, 3.0]), 1.0).tolist()
    [-1.0, 0.0, 3.0]
    """
    lam = np.asarray(power, dtype=np.float64)
    up, down = _power(np.log1p(np.maximum(x, 0.0)), lam), _power(np.log1p(np.maximum(-x, 0.0)), 2.0 - lam)
    return np.asarray(np.where(x >= 0, up, -down), dtype=np.float64)


def yeo_johnson_inverse(y: Floats, power: Floats | float) -> Floats:
    """Back from the scale of Yeo & Johnson; infinite where the scale ends.

    Examples
    --------
    >>> np.round(yeo_johnson_inverse(yeo_johnson(np.array([-1.5, 0.2]), 0.3), 0.3), 12).tolist()
    [-1.5, 0.2]
    """
    lam = np.asarray(power, dtype=np.float64)
    up = np.expm1(_power_inverse(np.maximum(y, 0.0), lam))
    down = np.expm1(_power_inverse(np.maximum(-y, 0.0), 2.0 - lam))
    return np.asarray(np.where(y >= 0, up, -down), dtype=np.float64)


def _power(log_x: Floats, power: Floats) -> Floats:
    """``expm1(power * log_x) / power``, ``log_x`` at 0."""
    flat = np.abs(power) < 1e-8
    return np.asarray(np.where(flat, log_x, np.expm1(power * log_x) / np.where(flat, 1.0, power)), dtype=np.float64)


def _power_inverse(y: Floats, power: Floats) -> Floats:
    flat = np.abs(power) < 1e-8
    with np.errstate(divide="ignore"):
        inner = np.log1p(np.maximum(power * y, -1.0)) / np.where(flat, 1.0, power)
    return np.asarray(np.where(flat, y, inner), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class BoxCox:
    """The power of greatest likelihood with its 95 % profile interval.

    ``log_likelihood`` is that of the profile, without the constants that do not depend on the power.
    """

    power: float
    log_likelihood: float
    low: float
    high: float


def box_cox_likelihood(x: Floats, power: float) -> float:
    """``-n/2 log(RSS / n) + (power - 1) sum log x``: the profile log likelihood without its constants.

    Examples
    --------
    >>> round(box_cox_likelihood(np.array([1.0, 2.0, 4.0]), 0.0), 4)
    -0.3717
    """
    unit = float(np.median(x))
    log_x = np.log(x / unit)
    y = _power(log_x, np.asarray(power))
    return float(-x.size / 2 * np.log(y.var()) + (power - 1) * log_x.sum() - x.size * np.log(unit))


def box_cox_profile(x: Floats, level: float = 0.95) -> BoxCox:
    """Power of greatest likelihood and the interval that the likelihood ratio gives it.

    Parameters
    ----------
    x : (n,) array
        Above zero, not all equal.
    level : float
        Of the interval.

    Raises
    ------
    ValueError
        Where values are at or below zero, or all equal.

    Notes
    -----
    Powers are sought from -5 to 5; an end of the interval beyond is told as that bound.

    References
    ----------
    Box & Cox (1964); Venables & Ripley (2002), Modern Applied Statistics with S, 6.8.

    Examples
    --------
    >>> found = box_cox_profile(np.exp(np.linspace(-1.0, 1.0, 21)))
    >>> abs(round(found.power, 6)), found.low < 0 < found.high
    (0.0, True)
    """
    from scipy.optimize import brentq, minimize_scalar

    if float(x.min()) <= 0:
        raise ValueError("holds values at or below zero")
    if float(x.min()) == float(x.max()):
        raise ValueError("all values are equal")
    tried = np.linspace(*POWER_BOUNDS, 41)
    at = int(np.argmax([box_cox_likelihood(x, float(p)) for p in tried]))
    around = (float(tried[max(at - 1, 0)]), float(tried[min(at + 1, tried.size - 1)]))
    found = minimize_scalar(
        lambda p: -box_cox_likelihood(x, p), bounds=around, method="bounded", options={"xatol": 1e-9}
    )
    power, top = float(found.x), -float(found.fun)
    drop = float(chdtri(1, 1 - level)) / 2

    def short(p: float) -> float:
        return box_cox_likelihood(x, p) - top + drop

    ends = [brentq(short, bound, power, xtol=1e-12) if short(bound) < 0 else bound for bound in POWER_BOUNDS]
    return BoxCox(power, top, float(ends[0]), float(ends[1]))
