"""On which scale is a metric judged, and what does a difference there mean in the metric's own unit?

Continuous values stay as they are; durations are judged as logarithms (effects are ratios); proportions as
arcsine square roots and rates as square roots, which keep their variance level as the rate moves; times between
rare events as their 3.6th root, told as the rate they stand for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gamma

from .autoregression import Contrast, Fit
from .systematic import Systematic, widened

Floats = NDArray[np.float64]
ScaleName = Literal["continuous", "duration", "proportion", "rate", "between"]

NELSON = 1 / 3.6
"""The power that brings an exponential law near the normal one (Nelson 1994)."""

_MEAN_OF_POWER = float(gamma(1 + NELSON))
"""Mean of that power of an exponential value of mean 1."""


@dataclass(frozen=True)
class WorkingScale:
    """A metric on its working scale.

    ``z`` (n,): the series; ``relative_sd`` (n,): how noisy each point is beside the others (mean square 1);
    ``offset``: the small-count correction that the way back takes off (rates).
    """

    name: ScaleName
    z: Floats
    relative_sd: Floats
    offset: float = 0.0

    def back(self, z: float) -> float:
        """From the working scale to the metric's own unit."""
        if self.name == "duration":
            return float(np.exp(z))
        if self.name == "proportion":
            return float(np.sin(np.clip(z, 0, np.pi / 2)) ** 2)
        if self.name == "rate":
            return max(float(z) ** 2 - self.offset, 0.0)
        if self.name == "between":
            return float((_MEAN_OF_POWER / max(float(z), 1e-9)) ** 3.6)
        return float(z)

    def forward(self, x: float) -> float:
        """From the metric's own unit to the working scale (of an infinite sample)."""
        if self.name == "duration":
            return float(np.log(max(x, 1e-300)))
        if self.name == "proportion":
            return float(np.arcsin(np.sqrt(np.clip(x, 0, 1))))
        if self.name == "rate":
            return float(np.sqrt(max(x, 0.0) + self.offset))
        if self.name == "between":
            return float(_MEAN_OF_POWER * max(x, 1e-300) ** -NELSON)
        return float(x)

    def slope(self, z: float) -> float:
        """Derivative of :meth:`back`."""
        if self.name == "duration":
            return float(np.exp(z))
        if self.name == "proportion":
            return float(np.sin(2 * z))
        if self.name == "rate":
            return 2 * float(z)
        if self.name == "between":
            return -3.6 * self.back(z) / max(float(z), 1e-9)
        return 1.0


def working_scale(name: ScaleName, value: Floats, size: Floats | None = None) -> WorkingScale:
    """Put a metric on its working scale.

    Parameters
    ----------
    name : {"continuous", "duration", "proportion", "rate", "between"}
    value : (n,) array
        Measurements, or counts of events; NaN is missing.
    size : (n,) array, optional
        Units inspected (proportion), exposure (rate), or exposure from one event to the next (between).

    Notes
    -----
    Proportion: ``arcsin sqrt((x + 3/8) / (m + 3/4))``, variance ``1 / (4 m + 2)`` (Anscombe 1948). Rate:
    ``sqrt(x + 3/8) / sqrt(m)``, variance ``1 / (4 m)``. Spread between periods beyond sampling is estimated
    from successive differences and added, so overdispersion widens every interval (after Laney 2002).

    Examples
    --------
    >>> w = working_scale("proportion", np.array([5.0, 7, 6, 5]), np.full(4, 50.0))
    >>> round(w.back(w.z.mean()), 3)
    0.12
    """
    if name == "continuous":
        return WorkingScale(name, value, np.ones(value.size))
    if name == "duration":
        return WorkingScale(name, np.log(value), np.ones(value.size))
    if size is None:
        size = np.ones(value.size)
    if name == "between":
        return WorkingScale(name, size**NELSON, np.ones(value.size))
    if name == "proportion":
        z = np.arcsin(np.sqrt((value + 0.375) / (size + 0.75)))
        variance = 1 / (4 * size + 2)
        offset = 0.0
    else:
        z = np.sqrt((value + 0.375) / size)
        variance = 1 / (4 * size)
        offset = float(np.nanmean(1 / (8 * size)))
    seen = np.isfinite(z)
    between = max(float(np.mean(np.diff(z[seen]) ** 2)) / 2 - float(variance[seen].mean()), 0.0)
    sd = np.sqrt(variance + between)
    return WorkingScale(name, z, sd / np.sqrt(np.mean(sd[seen] ** 2)), offset)


@dataclass(frozen=True)
class Effect:
    """A change from one level to another, in the metric's own unit and as a ratio, with 95 % intervals."""

    before: float
    after: float
    difference: float
    difference_low: float
    difference_high: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


def effect(
    scale: WorkingScale, fit: Fit, sign: float, anchor: float | None = None, level: float = 0.95,
    shift: Systematic | None = None,
) -> Effect:  # fmt: skip
    """The change of level (columns ``one`` and ``D``) taken back to the metric's own unit.

    ``sign`` is -1 where the working series was turned over so that up is better. ``anchor`` is the level
    before, on the working scale, where ``fit`` is of a difference from a control and does not hold it. ``shift``: by
    how much the instrument may have moved between the stages, on the working scale.
    Intervals by the delta method on the posterior contrast: exact for continuous values (difference) and
    durations (ratio).
    """
    z0 = sign * fit.contrast(one=1.0).estimate if anchor is None else anchor
    z1 = z0 + sign * fit.contrast(D=1.0).estimate
    x0, x1 = scale.back(z0), scale.back(z1)
    s0, s1 = scale.slope(z0), scale.slope(z1)
    own = 0.0 if anchor is not None else sign

    def interval(w0: float, w1: float, centre: float) -> tuple[float, float]:
        return _moved(widened(fit.contrast(one=own * (w1 - w0), D=sign * w1), shift, w1), centre, level)

    low, high = interval(s0, s1, x1 - x0)
    if x0 <= 0 or x1 <= 0 or (scale.name == "continuous" and anchor is None and _near_zero(fit, sign)):
        return Effect(x0, x1, x1 - x0, low, high, None, None, None)
    bounds = interval(s0 / x0, s1 / x1, float(np.log(x1 / x0)))
    return Effect(x0, x1, x1 - x0, low, high, x1 / x0, float(np.exp(bounds[0])), float(np.exp(bounds[1])))


def _near_zero(fit: Fit, sign: float) -> bool:
    """A level whose own interval reaches zero has no ratio worth telling."""
    levels = (fit.contrast(one=sign), fit.contrast(one=sign, D=sign))
    return any(1.0 - level.above(0.0) >= 0.025 for level in levels)


def _moved(contrast: Contrast, centre: float, level: float) -> tuple[float, float]:
    low, high = contrast.interval(level)
    return centre + low - contrast.estimate, centre + high - contrast.estimate
