"""One metric, judged: from the table and the settings to the evidence, the verdict and the size of the change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..numbers.autoregression import Fit
from ..numbers.scales import Effect, effect
from .case import Judged, prepare
from .decision import CREDITED, TOO_FEW, Decision, decide
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
    if case.doubt is not None:
        return _doubted(case, looks, n_after)
    evidence = gather(case)
    policy, peeked = POLICY, None
    if looks is not None and looks.undeclared:
        peeked = always_valid(case, evidence)
        evidence, policy = as_peeked(evidence, peeked), PEEKED
    elif looks is not None:
        policy = policy_at(looks, n_after)
    return evidence, decide(evidence, case.controlled, policy), policy, peeked


def _doubted(case: Case, looks: Looks | None, n_after: int) -> tuple[Evidence, Decision, Policy, AlwaysValid | None]:
    """The verdict with a doubt about the gauge: it can lose a credit, never gain one."""
    plain, first, policy, _ = decided(replace(case, doubt=None), looks, n_after)
    evidence = _no_surer(gather(case), plain)
    decision = decide(evidence, case.controlled, policy)
    return (plain, first, policy, None) if _gains(decision, first) else (evidence, decision, policy, None)


def _no_surer(evidence: Evidence, plain: Evidence) -> Evidence:
    """Evidence with a doubt about the gauge: no p value is smaller than without."""
    names = ("p_better", "p_worse", "p_step_better", "p_step_worse", "p_ramp_better", "p_ramp_worse", "p_early_better")
    return replace(evidence, **{name: max(getattr(evidence, name), getattr(plain, name)) for name in names})


def _gains(decision: Decision, plain: Decision) -> bool:
    """The verdict would credit something only because of a doubt."""
    good = CREDITED | {"STABILISED"}
    return decision.code in good and plain.code not in good


def change_of_level(judged: Judged, fit: Fit, level: float, doubted: bool = True) -> Effect:
    """The change of level in the metric's own unit; with a control, from the metric's own level before.

    ``doubted``: with the doubt about the gauge, where there is one.
    """
    anchor = judged.level_before if judged.control_z is not None else None
    doubt = None if judged.case is None or not doubted else judged.case.doubt
    return effect(judged.scale, fit, judged.sign, anchor, level, None if doubt is None else doubt.shift)
