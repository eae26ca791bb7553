"""Several rollouts in one series: what each of them changed, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..numbers.scales import Effect
from .judging import judge
from .request import Request


@dataclass(frozen=True, slots=True)
class Increment:
    """What one rollout changed: the stage it began, held against the stage before it.

    ``effect`` and ``p_better`` (one-sided, E1) are None where a stage is too short to be judged. ``verdict`` and
    ``attribution`` are None for all rollouts together: with stages between them, a step cannot be told from a trend.
    """

    name: str
    rollout: str
    n_before: int
    n_after: int
    verdict: str | None
    attribution: str | None
    effect: Effect | None
    p_better: float | None


def increments(data: Any, asked: Request) -> tuple[Increment, ...]:
    """Judge every rollout by itself, in order of time; last, all of them together (first stage against last).

    A rollout that was set off by bad results is the last one: the declaration is not carried to the others.
    """
    found = [_judged(data, asked, place) for place in range(len(asked.rollouts))]
    return (*found, _judged(data, asked, None))


def _judged(data: Any, asked: Request, place: int | None) -> Increment:
    last = place in (None, len(asked.rollouts) - 1)
    triggered = asked.triggered_by_bad_results and last
    j = judge(data, replace(asked, judged=place, triggered_by_bad_results=triggered))
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
