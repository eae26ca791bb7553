"""One metric, judged: from the table and the settings to the evidence, the verdict and the size of the change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..numbers.autoregression import Fit
from ..numbers.scales import Effect, effect
from .case import Judged, prepare
from .decision import TOO_FEW, Decision, decide
from .evidence import Evidence, gather
from .policy import POLICY, Policy
from .request import Request


@dataclass(frozen=True)
class Judgement:
    """A judged metric; ``evidence`` and ``effect`` are None where there are too few points to judge."""

    judged: Judged
    evidence: Evidence | None
    decision: Decision
    effect: Effect | None
    policy: Policy


def judge(data: Any, asked: Request, policy: Policy = POLICY) -> Judgement:
    """Take the table through the door, gather the evidence and read the decision table."""
    judged = prepare(data, asked)
    if judged.case is None:
        return Judgement(judged, None, TOO_FEW, None, policy)
    evidence = gather(judged.case)
    decision = decide(evidence, judged.case.controlled, policy)
    return Judgement(judged, evidence, decision, change_of_level(judged, evidence.level_fit), policy)


def change_of_level(judged: Judged, fit: Fit) -> Effect:
    """The change of level in the metric's own unit; with a control, from the metric's own level before."""
    anchor = judged.level_before if judged.control_z is not None else None
    return effect(judged.scale, fit, judged.sign, anchor)
