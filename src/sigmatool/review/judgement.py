"""One series judged: the way from the table to its verdict, effect, date and sentence, without charts or a page.

What :func:`~sigmatool.review.review.review` shows at length, the secondary metrics of a review and the streams of
:func:`~sigmatool.review.each.review_each` show in a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..caveats import Rows
from ..numbers.scales import Effect, effect
from . import wording
from .case import Judged, Request, prepare
from .decision import TOO_FEW, Decision, decide
from .evidence import Evidence, gather
from .policy import POLICY
from .result import ChangeDate


@dataclass(frozen=True)
class Judgement:
    """What was judged, the evidence (None where there are too few data), and what follows from it."""

    judged: Judged
    evidence: Evidence | None
    decision: Decision

    @property
    def effect(self) -> Effect | None:
        """Change of level in the metric's own unit."""
        return effect_of(self.judged, self.evidence)

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        dates = date_of(self.judged, self.evidence).set
        return wording.sentence(wording.Context(self.judged, self.evidence, self.decision, self.effect, (), dates))


def judge(data: Any, asked: Request) -> Judgement:
    """Take one series through the door, ask every question, and read the decision table."""
    judged = prepare(data, asked)
    if judged.case is None:
        return Judgement(judged, None, TOO_FEW)
    evidence = gather(judged.case)
    return Judgement(judged, evidence, decide(evidence, judged.case.controlled))


def effect_of(judged: Judged, evidence: Evidence | None) -> Effect | None:
    """The change of level in the metric's own unit, with its interval."""
    if evidence is None:
        return None
    anchor = judged.level_before if judged.control_z is not None else None
    return effect(judged.scale, evidence.level_fit, judged.sign, anchor)


def date_of(judged: Judged, evidence: Evidence | None) -> ChangeDate:
    """When the level moved, where a step or a change of level is seen."""
    rollout = judged.rollout_label
    if evidence is None or not (evidence.date.seen or evidence.p_better < 0.025 or evidence.p_worse < 0.025):
        return ChangeDate(rollout, (), None, None)
    dating = evidence.date
    labels = tuple(judged.axis_label(int(i)) for i in dating.step.credible_set(POLICY.date_level))
    return ChangeDate(rollout, labels, dating.at_rollout, dating.includes_rollout)


def rows_of(judged: Judged) -> Rows:
    """The account of the rows; those of the wash-out are left out by choice."""
    rows, washed = judged.points.rows, int(judged.washout.sum())
    return Rows(rows.read, rows.used - washed, rows.missing, rows.excluded + washed, rows.dropped)
