"""Each stage of a review in numbers: how many points, their mean and spread with intervals, their ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ..numbers.dependent_stage import dependent_mean, dependent_sd
from ..numbers.estimate import Estimate

if TYPE_CHECKING:
    from ..charts.result import ControlChart


@dataclass(frozen=True, slots=True)
class StageNumbers:
    """A stage in numbers, of its judged points.

    Attributes
    ----------
    name : str
    n : int
        Points; shares or rates of counts, means of subgroups.
    mean, sd : Estimate
        With 95 % intervals that allow for the autocorrelation of the review; NaN ends where nothing can be said.
    minimum, maximum : float
    """

    name: str
    n: int
    mean: Estimate
    sd: Estimate
    minimum: float
    maximum: float


def stage_numbers(chart: ControlChart, autocorrelation: float | None, scale: str) -> tuple[StageNumbers, ...]:
    """A line for each stage that holds points, in order; means of shares, rates and durations stay within theirs."""
    bounds = BOUNDS.get(scale, (-math.inf, math.inf))
    values = chart.panels[0].value
    judged = ~chart.excluded & np.isfinite(values)
    out = []
    for stage in chart.stages:
        # by place, not by name: two rollouts may share one
        here = slice(stage.first - 1, stage.last)
        x = values[here][judged[here]]
        if x.size:
            middle, spread = _spread(x, autocorrelation, bounds)
            out.append(StageNumbers(stage.name, int(x.size), middle, spread, float(x.min()), float(x.max())))
    return tuple(out)


BOUNDS: Final = {
    "proportion": (0.0, 1.0), "rate": (0.0, math.inf), "between": (0.0, math.inf), "duration": (0.0, math.inf),
}  # fmt: skip
"""Between which the mean lies, by the scale of the review."""


def _spread(
    x: NDArray[np.float64], autocorrelation: float | None, bounds: tuple[float, float]
) -> tuple[Estimate, Estimate]:
    if x.size < 2 or autocorrelation is None:
        sd = float(x.std(ddof=1)) if x.size > 1 else math.nan
        return Estimate(float(x.mean()), math.nan, math.nan), Estimate(sd, math.nan, math.nan)
    return dependent_mean(x, autocorrelation, bounds=bounds), dependent_sd(x, autocorrelation)
