"""The charts of a review: each stage on limits of its own, and all points on frozen ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..charts.engine import chart_points
from ..charts.frozen import fitting_kinds, on_frozen
from ..charts.limits_file import FrozenLimits
from ..charts.result import ControlChart
from ..data import Counts, Measurements, Stage
from .case import Judged
from .evidence import Evidence


def charts(judged: Judged, evidence: Evidence | None, held: FrozenLimits | None = None) -> tuple[ControlChart, ...]:
    """The staged chart; and the points on the limits of the stage before, or on those that are held.

    Raises
    ------
    SettingsError
        Held limits of another kind or metric.
    """
    points = replace(judged.points, excluded=judged.points.excluded | judged.washout | judged.trigger)
    kind = {"proportion": "laney-p", "rate": "laney-u", "between": "laney-u"}.get(judged.scale.name, "i-mr")
    if isinstance(points, Measurements) and points.values.shape[1] > 1:
        kind = "xbar-r" if points.values.shape[1] <= 10 else "xbar-s"
    dependent = evidence is not None and evidence.autocorrelation > 0.3
    sigma = "overall" if dependent and not kind.startswith("xbar") else None
    staged = chart_points(_without_short_stages(points), kind, sigma=sigma)
    if held is not None:
        return staged, on_frozen(points, held, fitting_kinds(points, judged.scale.name))
    until = int(np.argmax(judged.after))
    since = max(stage.start for stage in points.stages if stage.start < until)
    whole = replace(points, stages=(replace(points.stages[0], name="frozen limits", stop=judged.after.size),))
    frozen = chart_points(whole, kind, sigma=sigma, baseline=(since + 1, until))
    return staged, frozen


def _without_short_stages(points: Measurements | Counts) -> Measurements | Counts:
    """Points for a staged chart: an earlier stage of fewer than two usable points has no limits of its own.

    It is drawn as left out, beside the limits of the stage before it (of the first: the stage after it).
    """
    values = points.count[:, None] if isinstance(points, Counts) else points.values
    usable = np.isfinite(values).any(axis=1) & ~points.excluded
    kept: list[Stage] = []
    excluded, begun = points.excluded.copy(), None
    for stage in points.stages:
        here = slice(stage.start, stage.stop)
        if usable[here].sum() >= 2:
            kept.append(stage if begun is None else replace(stage, start=begun))
            begun = None
            continue
        excluded[here] = True
        if kept:
            kept[-1] = replace(kept[-1], stop=stage.stop)
        elif begun is None:
            begun = stage.start
    return replace(points, stages=tuple(kept), excluded=excluded)
