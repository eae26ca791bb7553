"""What was seen in each stage or group, with the interval of its level."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..numbers.estimate import Estimate
from ..numbers.level_difference import one_sample
from ..numbers.proportion_difference import wilson
from ..numbers.rate_ratio import poisson_rate
from .plain import working
from .stages import Compared, Group


@dataclass(frozen=True, slots=True)
class StageSummary:
    """A stage or group in numbers.

    Attributes
    ----------
    name : str
    first, last : str
        Labels of its first and last point.
    n, values : int
        Points, and single values (or points with a count).
    level, low, high : float
        Mean (of durations geometric mean, of counts share or rate of the totals) with its interval.
    method : str
        Of the interval.
    mean, sd, median, minimum, maximum : float
        Of the single values; of counts those of the shares or rates of the points.
    events, size : float
        Totals of counts; NaN of measurements.
    """

    name: str
    first: str
    last: str
    n: int
    values: int
    level: float
    low: float
    high: float
    method: str
    mean: float
    sd: float
    median: float
    minimum: float
    maximum: float
    events: float
    size: float


def summaries(compared: Compared, confidence: float) -> tuple[StageSummary, ...]:
    """A line each."""
    return tuple(_summary(compared, group, confidence) for group in compared.groups)


def _summary(compared: Compared, group: Group, confidence: float) -> StageSummary:
    values = group.level if compared.counted else group.values
    level = _level(compared, group, confidence)
    labels = compared.points.axis.labels
    counted = compared.counted
    return StageSummary(
        name=group.name, first=labels[int(group.points[0])], last=labels[int(group.points[-1])], n=group.n,
        values=int(values.size), level=level.value, low=level.low, high=level.high,
        method=level.method, mean=float(values.mean()),
        sd=float(values.std(ddof=1)) if values.size > 1 else math.nan, median=float(np.median(values)),
        minimum=float(values.min()), maximum=float(values.max()),
        events=float(group.count.sum()) if counted else math.nan, size=float(group.size.sum()) if counted else math.nan,
    )  # fmt: skip


def _level(compared: Compared, group: Group, confidence: float) -> Estimate:
    if compared.counted:
        method = wilson if compared.scale == "proportion" else poisson_rate
        return method(float(group.count.sum()), float(group.size.sum()), confidence)
    values = working(compared, group.level)
    if float(np.ptp(values)) == 0.0:
        mean = float(group.level.mean())
        return Estimate(mean, math.nan, math.nan, "none: it never varies")
    found = one_sample(values, 0.0, confidence)
    if compared.scale != "duration":
        return Estimate(found.value, found.low, found.high, found.method)
    value, low, high = (math.exp(v) for v in (found.value, found.low, found.high))
    return Estimate(value, low, high, f"{found.method}, of logarithms")
