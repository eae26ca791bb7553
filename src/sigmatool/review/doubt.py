"""What a change of gauge at the rollout could feign, and evidence that no longer rests on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from ..numbers.spread import SpreadRatio
from ..numbers.systematic import Systematic, combined, known_by
from .gauge_file import Gauge


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the gauge may have done at the rollout, on the working scale.

    Attributes
    ----------
    shift : Systematic
        By how much the level may have moved with it.
    shares : tuple of float
        Of the variance before and after, measurement's share at the most: a gauge that was replaced may have scattered
        so much on one side alone. Zeros where the gauge stayed.
    """

    shift: Systematic
    shares: tuple[float, float] = (0.0, 0.0)


def doubt_of(
    gauge: Gauge, changed: bool, difference: float, slopes: tuple[float, float], variances: tuple[float, float]
) -> Doubt | None:
    """By how much the gauge may have moved at the rollout; None where nothing speaks for it.

    Parameters
    ----------
    gauge : Gauge
    changed : bool
        Other gauges, operators or calibrations measured after than before.
    difference : float
        Of the two levels, in the metric's own unit.
    slopes : (float, float)
        Metric's own unit a unit of the working scale, before and after.
    variances : (float, float)
        Of single values from one to the next, before and after, in the metric's own unit.

    Notes
    -----
    ``u^2 = 2 (reproducibility^2 + bias_sd^2) + bias^2 + (linearity difference)^2``: each stage draws an operator (or
    gauge) and a calibration of its own; a bias may have come or gone and is taken at its full size, which covers it
    wherever it lies between none and all. Without a change of gauge only the last term remains.
    """
    parts = [Systematic(abs(gauge.linearity * difference))]
    if changed:
        parts += [Systematic(2**0.5 * gauge.bias_sd), Systematic(abs(gauge.bias))]
        if gauge.reproducibility is not None:
            own = known_by(gauge.reproducibility, gauge.reproducibility_high)
            parts.append(Systematic(2**0.5 * own.sd, own.dof))
    shift = combined(parts)
    worst = gauge.sd if gauge.sd_high is None else gauge.sd_high
    shares = [min(worst**2 / v, 0.999) if changed and v > 0 else 0.0 for v in variances]
    if shift.sd == 0 and not any(shares):
        return None
    steepest = min(abs(slope) for slope in slopes)
    return Doubt(Systematic(shift.sd / max(steepest, 1e-300), shift.dof), (shares[0], shares[1]))


def less_sure(spread: SpreadRatio, doubt: Doubt) -> SpreadRatio:
    """The change of spread with one-sided p values against what the gauge alone could make of it.

    Had the process kept its spread and the gauge lost all of its own, the ratio would be ``sqrt(1 - share before)``;
    had it come with the rollout, ``1 / sqrt(1 - share after)``. The p values are those of the logarithm of the ratio
    against these, and never smaller than before. The interval reaches as much further at each end.

    Examples
    --------
    >>> seen = SpreadRatio(0.8, 0.66, 0.97, 0.012, 0.99)
    >>> found = less_sure(seen, Doubt(Systematic(0.1), (0.3, 0.3)))
    >>> round(found.p_less, 2), round(found.low, 2), round(found.high, 2)
    (0.32, 0.55, 1.16)
    """
    before, after = (float(np.sqrt(max(1 - share, 1e-6))) for share in doubt.shares)
    error = (np.log(spread.high) - np.log(spread.low)) / (2 * 1.959964)
    if (before, after) == (1.0, 1.0) or not error > 0:
        return spread
    less = float(ndtr((np.log(spread.ratio) - np.log(before)) / error))
    more = float(ndtr(-(np.log(spread.ratio) + np.log(after)) / error))
    return replace(
        spread, low=spread.low * after, high=spread.high / before,
        p_less=max(spread.p_less, less), p_more=max(spread.p_more, more),
    )  # fmt: skip
