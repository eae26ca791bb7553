"""How much better the specification is met: the difference of Ppk with its interval."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from ..data import Specification
from ..numbers.estimate import Tested
from ..numbers.performance import performance
from ..numbers.performance_skewed import capability_skewed
from ..numbers.spread import heavy_tails
from .asked import ScaleName
from .finding import Finding
from .stages import Group

LEAST_SHAPE = 20
"""Values of a stage below which their shape is not looked at."""


def change_of_capability(
    first: Group, second: Group, wanted: Specification, scale: ScaleName, autocorrelation: float, confidence: float
) -> tuple[Finding, ...]:
    """The difference of Ppk between two stages; with skewed values that on a near-normal scale leads.

    Parameters
    ----------
    first, second : Group
        Of single values that vary.
    wanted : Specification
    scale : str
        A duration is judged by the logarithms of its values and limits.
    autocorrelation : float
        Of neighbouring values; it reduces what they count for.
    confidence : float

    Raises
    ------
    ValueError
        Where a stage never varies.
    """
    limits = [wanted.lsl, wanted.usl]
    values = [first.values, second.values]
    if scale == "duration":
        values = [np.log(v) for v in values]
        limits = [None if limit is None or limit <= 0 else float(np.log(limit)) for limit in limits]
    if limits == [None, None]:
        raise ValueError("a limit at or below zero says nothing of a duration.")
    for group, v in zip((first, second), values, strict=True):
        if float(np.ptp(v)) == 0.0:
            raise ValueError(f"{group.name!r} never varies, so that its Ppk does not exist.")
    before, after = (performance(v, limits[0], limits[1], autocorrelation) for v in values)
    se = float(np.hypot(before.standard_error, after.standard_error))
    plain = _tested(after.ppk - before.ppk, se, confidence, "difference of Ppk, normal (Bissell 1990)")
    found = Finding("capability", "Ppk", "difference", first.name, second.name, before.ppk, after.ppk, plain)
    if scale == "duration" or min(v.size for v in values) < LEAST_SHAPE or not any(heavy_tails(v) for v in values):
        return (found,)
    skewed = capability_skewed(values[0], values[1], limits[0], limits[1], autocorrelation)
    # its interval is the estimate and its bootstrap standard error at 95 %
    se = (skewed.high - skewed.low) / (2 * float(ndtri(0.975)))
    tested = _tested(skewed.difference, se, confidence, "difference of Ppk, Yeo-Johnson scale, block bootstrap")
    other = Finding(
        "capability", "Ppk", "difference", first.name, second.name, skewed.before.ppk, skewed.after.ppk, tested, True
    )
    return (other, found) if skewed.fits else (found, other)


def _tested(difference: float, se: float, confidence: float, method: str) -> Tested:
    half = float(ndtri(0.5 + confidence / 2)) * se
    p = float(2 * ndtr(-abs(difference) / se)) if se > 0 else float("nan")
    return Tested(difference, difference - half, difference + half, p, method)
