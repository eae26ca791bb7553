"""Several rollouts in one series: what each of them changed, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..axis import Stage
from ..data import Counts
from ..errors import DataError
from ..numbers.scales import Effect
from .case import Judged
from .decision import TOO_FEW
from .judging import Judgement, judge
from .request import Request


@dataclass(frozen=True, slots=True)
class Increment:
    """What one rollout changed: the stage it began, held against the stage before it.

    ``effect`` and ``p_better`` (one-sided, E1) are None where a stage is too short to be judged. ``verdict`` and
    ``attribution`` are None for all rollouts together: with stages between them, a step cannot be told from a trend.
    ``reason``: why a stage cannot be judged at all (a single point, one value throughout); empty where it can.
    """

    name: str
    rollout: str
    n_before: int
    n_after: int
    verdict: str | None
    attribution: str | None
    effect: Effect | None
    p_better: float | None
    reason: str = ""


def increments(data: Any, asked: Request, judgement: Judgement) -> tuple[Increment, ...]:
    """Judge every rollout by itself, in order of time; last, all of them together (first stage against last).

    A rollout that was set off by bad results is the last one: the declaration is carried neither to the others nor to
    all together, whose first stage nobody chose for its results. A stage that cannot be judged is told with its reason,
    and takes nothing from the rollouts that can.

    Parameters
    ----------
    data : DataFrame
    asked : Request
    judgement : Judgement
        Of the last rollout, on which the review rests.
    """
    count = len(asked.rollouts)
    earlier = [_tried(data, asked, judgement.judged, place) for place in range(count - 1)]
    last = _told(judgement, count - 1)
    return (*earlier, last, _tried(data, asked, judgement.judged, None))


def _tried(data: Any, asked: Request, judged: Judged, place: int | None) -> Increment:
    """One rollout, or all together (None); what forbids a judgement is its reason."""
    try:
        # the gauge changed at the last rollout, which all together span
        changed = asked.gauge_changed and place is None
        own = replace(asked, judged=place, triggered_by_bad_results=False, gauge_changed=changed)
        return _told(judge(data, own), place)
    except DataError as mistake:
        stages = judged.points.stages
        before, after = (stages[0], stages[-1]) if place is None else (stages[place], stages[place + 1])
        return Increment(
            name="all together" if place is None else after.name,
            rollout=judged.points.axis.labels[after.start],
            n_before=_usable(judged, before),
            n_after=_usable(judged, after),
            verdict=None if place is None else TOO_FEW.code,
            attribution=None if place is None else TOO_FEW.attribution,
            effect=None,
            p_better=None,
            reason=str(mistake),
        )


def _told(j: Judgement, place: int | None) -> Increment:
    stages = j.judged.points.stages
    return Increment(
        name="all together" if place is None else stages[place + 1].name,
        rollout=j.judged.rollout_label,
        n_before=j.judged.sides[0],
        n_after=j.judged.sides[1],
        verdict=None if place is None else j.decision.code,
        attribution=None if place is None else j.decision.attribution,
        effect=j.effect,
        p_better=None if j.evidence is None else j.evidence.p_better,
    )


def _usable(judged: Judged, stage: Stage) -> int:
    """Points of a stage that are neither missing, excluded nor in a wash-out."""
    points = judged.points
    values = points.count[:, None] if isinstance(points, Counts) else points.values
    usable = np.isfinite(values).any(axis=1) & ~points.excluded & ~judged.washout
    return int(usable[stage.start : stage.stop].sum())
