"""What will the monitor see after the rollout, and how soon?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ..axis import Stage
from ..charts.catalogue import COUNT_KINDS
from ..charts.engine import chart_points
from ..charts.false_alarm import FalseAlarm
from ..data import Measurements
from ..designs import CUSUM, EWMA, Design, design_of
from ..planning import SHEWHART, arl
from .baseline import Baseline
from .needed import Effect

SLIPS: Final = (0.5, 1.0, 1.5, 2.0, 3.0)
"""Slips that are looked at, in sigma of a point."""

DEPENDENT = 0.3
"""Autocorrelation from which on run lengths for independent points mislead."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A lasting slip for the worse, in sigma of a point, and the points until the first signal.

    ``of``: the effect whose whole gain is lost; None for a slip of so many sigma. ``mean`` is the ARL.
    """

    sigma: float
    of: Effect | None
    mean: float
    median: int
    ninety: int


@dataclass(frozen=True, slots=True)
class Watch:
    """The chart that would be kept afterwards: its rules, its false alarms, and what it sees.

    ``slips`` is empty where no run length is known for the kind. ``approximate``: counts taken as normal.
    """

    kind: str
    rules: tuple[str, ...]
    false_alarm: FalseAlarm
    slips: tuple[Slip, ...]
    approximate: bool
    dependent: bool


def watch_of(b: Baseline, effects: tuple[Effect, ...], kind: str | Design, rules: Any) -> Watch:
    """Chart the baseline as it will be charted afterwards, and ask what that chart sees."""
    chart = chart_points(_before(b), _kind(b) if kind == "auto" else kind, rules=rules)
    name, design = design_of(str(chart.settings["kind"]) if kind == "auto" else kind)
    settled: str | Design | None = None
    if isinstance(design, EWMA | CUSUM):
        settled = design
    elif name in SHEWHART or name in COUNT_KINDS:
        settled = "i-mr"
    # the chart shows the metric itself, not its difference from a control
    own = 1.0 if b.own_sd is None else b.sd / b.own_sd
    shifts = [(s, None) for s in SLIPS] + [(e.noise * own, e) for e in effects]
    slips: tuple[Slip, ...] = ()
    if settled is not None:
        ruled = None if isinstance(settled, EWMA | CUSUM) else chart.rules
        found = arl(settled, np.array([s for s, _ in shifts]), nsigma=chart.nsigma, rules=ruled)
        slips = tuple(
            Slip(s, e, float(d.mean), int(d.quantile(0.5)), int(d.quantile(0.9)))
            for (s, e), d in zip(shifts, found.distributions, strict=True)
        )
    return Watch(
        chart.kind, tuple(rule.id for rule in chart.rules), chart.false_alarm, slips, chart.kind in COUNT_KINDS,
        b.autocorrelation > DEPENDENT,
    )  # fmt: skip


def _before(b: Baseline) -> Any:
    """The judged points before the rollout, all others excluded."""
    one = (Stage("baseline", 0, b.points.n),)
    return replace(b.points, excluded=b.points.excluded | ~b.used, stages=one)


def _kind(b: Baseline) -> str:
    """The chart that a review draws."""
    if isinstance(b.points, Measurements):
        width = b.points.values.shape[1]
        return "i-mr" if width == 1 else "xbar-r" if width <= 10 else "xbar-s"
    return "laney-p" if b.scale.name == "proportion" else "laney-u"
