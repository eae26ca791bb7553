"""One metric, judged: from the table and the settings to the evidence, the verdict and the size of the change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..numbers.autoregression import Fit
from ..numbers.scales import Effect, effect
from .case import Judged, prepare
from .decision import TOO_FEW, Decision, decide
from .evidence import Case, Evidence, gather
from .looks import PEEKED, AlwaysValid, Looks, always_valid, as_peeked, policy_at
from .policy import POLICY, Policy
from .request import Request


@dataclass(frozen=True)
class Judgement:
    """A judged metric; ``evidence`` and ``effect`` are None where there are too few points to judge.

    ``policy`` holds the levels that were in force at this look, ``peeked`` the always-valid answer where it decided.
    """

    judged: Judged
    evidence: Evidence | None
    decision: Decision
    effect: Effect | None
    policy: Policy
    peeked: AlwaysValid | None
    looks: Looks | None


def judge(data: Any, asked: Request) -> Judgement:
    """Take the table through the door, gather the evidence and read the decision table."""
    judged = prepare(data, asked)
    if judged.case is None:
        return Judgement(judged, None, TOO_FEW, None, POLICY, None, asked.looks)
    evidence, decision, policy, peeked = decided(judged.case, asked.looks, judged.n_after)
    change = change_of_level(judged, evidence.level_fit, evidence.interval_level)
    return Judgement(judged, evidence, decision, change, policy, peeked, asked.looks)


def decided(case: Case, looks: Looks | None, n_after: int) -> tuple[Evidence, Decision, Policy, AlwaysValid | None]:
    """The verdict on a case at this look; looks nobody planned are judged by always-valid p values.

    ``n_after``: points of the axis after the rollout. Where low counts were merged the case holds fewer.
    """
    evidence = gather(case)
    policy, peeked = POLICY, None
    if looks is not None and looks.undeclared:
        peeked = always_valid(case, evidence)
        evidence, policy = as_peeked(evidence, peeked), PEEKED
    elif looks is not None:
        policy = policy_at(looks, n_after)
    return evidence, decide(evidence, case.controlled, policy), policy, peeked


def change_of_level(judged: Judged, fit: Fit, level: float) -> Effect:
    """The change of level in the metric's own unit; with a control, from the metric's own level before."""
    anchor = judged.level_before if judged.control_z is not None else None
    return effect(judged.scale, fit, judged.sign, anchor, level)
