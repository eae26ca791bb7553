"""Where does each stage stand against limits that were frozen earlier?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..charts.catalogue import LANEY_KINDS
from ..charts.frozen import fitting_kinds, on_frozen
from ..charts.limits_file import FrozenLimits
from ..numbers.estimate import Estimate
from ..numbers.level_difference import one_sample
from ..numbers.proportion_difference import wilson
from ..numbers.rate_ratio import poisson_rate
from .caveat_words import taken_as_known
from .stages import Compared, Group


@dataclass(frozen=True, slots=True)
class StageOnLimits:
    """A stage or group on frozen limits.

    Attributes
    ----------
    name : str
    n : int
        Points.
    level : float
        Mean of the points, of counts the share or rate of the totals.
    difference : Estimate
        Level less the frozen centre, which is taken as known; points taken as independent.
    beyond : int
        Points beyond the frozen limits, each at its own size.
    share : Estimate
        Of the points, beyond the limits.
    """

    name: str
    n: int
    level: float
    difference: Estimate
    beyond: int
    share: Estimate


@dataclass(frozen=True, slots=True)
class OnLimits:
    """The frozen limits, and every stage on them."""

    name: str
    kind: str
    center: float
    sigma: float
    nsigma: float
    stages: tuple[StageOnLimits, ...]


def against_frozen(compared: Compared, held: FrozenLimits, confidence: float) -> OnLimits:
    """Every stage on the frozen limits.

    Raises
    ------
    SettingsError
        Limits of another kind or metric.
    """
    chart = on_frozen(compared.points, held, fitting_kinds(compared.points, compared.scale), rules="none")
    out = chart.panels[0].beyond
    stages = []
    for group in compared.groups:
        level = _level(compared, group, confidence)
        times = max(held.sigma, 1.0) if chart.kind in LANEY_KINDS else 1.0
        low, high = (level.value + times * (end - level.value) - held.center for end in (level.low, level.high))
        moved = Estimate(level.value - held.center, low, high, taken_as_known(level.method, times > 1))
        beyond = int(out[group.points].sum())
        share = wilson(float(beyond), float(group.n), confidence)
        stages.append(StageOnLimits(group.name, group.n, level.value, moved, beyond, share))
    return OnLimits(held.name, chart.kind, held.center, held.sigma, held.nsigma, tuple(stages))


def _level(compared: Compared, group: Group, confidence: float) -> Estimate:
    if compared.counted:
        method = wilson if compared.scale == "proportion" else poisson_rate
        return method(float(group.count.sum()), float(group.size.sum()), confidence)
    if float(np.ptp(group.level)) == 0.0:
        return Estimate(float(group.level[0]), np.nan, np.nan, "")
    found = one_sample(group.level, 0.0, confidence)
    return Estimate(found.value, found.low, found.high, found.method)
