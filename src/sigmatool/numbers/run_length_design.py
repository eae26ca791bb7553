"""Which limit gives a wanted run length of a steady process?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from .run_length import LONGEST_MEAN
from .run_length_cusum import Sides as CusumSides
from .run_length_cusum import cusum_arl
from .run_length_ewma import Limits, ewma_arl
from .run_length_ewma import Sides as EwmaSides
from .run_length_shewhart import Sides
from .run_length_variance import variance_ewma_arl


def _solve(arl: Callable[[float], float], wanted: float, low: float, step: float) -> float:
    """The limit above ``low`` at which the run length is the wanted one; it grows with the limit."""
    from scipy.optimize import brentq

    if not 1 < wanted < LONGEST_MEAN / 1e3:
        raise ValueError(f"a run length of {wanted} cannot be designed for: give one above 1 and below 1e9")
    if arl(low) > wanted:
        raise ValueError(f"every limit gives a run length above {wanted:g}")
    high = low + step
    while arl(high) < wanted:
        low, high = high, high + step
    return float(brentq(lambda limit: np.log(arl(limit) / wanted), low, high, xtol=1e-12, rtol=1e-12))


def shewhart_limit(wanted: float, sides: Sides = "both") -> float:
    """Sigmas of the limits of a Shewhart chart.

    Examples
    --------
    >>> round(shewhart_limit(500.0), 4)
    3.0902
    """
    if not wanted > (1 if sides == "both" else 2):
        raise ValueError(f"no limits above 0 give a run length of {wanted}")
    return float(-ndtri(1 / wanted / (2 if sides == "both" else 1)))


def ewma_limit(weight: float, wanted: float, limits: Limits = "asymptotic", sides: EwmaSides = "both") -> float:
    """Sigmas of the limits of an EWMA.

    Examples
    --------
    >>> round(ewma_limit(0.2, 500.0), 4)
    2.9622
    """
    return _solve(lambda nsigma: ewma_arl(weight, nsigma, 0.0, limits, sides), wanted, 1e-6, 1.0)


def cusum_decision(reference: float, wanted: float, head_start: float = 0.0, sides: CusumSides = "both") -> float:
    """The decision interval h of a CUSUM with that reference and head start.

    Examples
    --------
    >>> round(cusum_decision(0.5, 370.4), 4)
    4.7749
    """
    return _solve(lambda h: cusum_arl(reference, h, 0.0, head_start, sides), wanted, max(head_start, 1e-6), 1.0)


def variance_ewma_limit(weight: float, wanted: float, df: int = 4) -> float:
    """The upper limit of a variance EWMA, in in-control variances.

    Examples
    --------
    >>> round(variance_ewma_limit(0.1, 229.692524), 6)
    1.4
    """
    return _solve(lambda upper: variance_ewma_arl(weight, upper, 1.0, df), wanted, 1 + 1e-6, 0.25)
