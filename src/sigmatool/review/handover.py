"""Can operations take over? Exit criteria computed and declared, a control plan, and what to do at a signal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..charts.rule_sets import Rule
from ..points import Specification
from . import handover_words as words
from .next_review import NextReview, next_review
from .policy import POLICY
from .words import counted, number

if TYPE_CHECKING:
    from .result import Review

Status = Literal["met", "not met", "not yet", "not asked", "declared"]

_OPENS = frozenset({"not met", "not yet"})
NOT_YET = frozenset({"IMPROVED_PROVISIONAL", "IMPROVED_NOT_STABLE", "IMPROVED_GRADUALLY", "INSUFFICIENT_DATA"})
HANDED = frozenset({"IMPROVED_STABLE", "IMPROVED_AGAINST_TREND", "STABILISED"})
_DROPPED = frozenset(
    {"DETERIORATED", "DESTABILISED", "NO_WORTHWHILE_CHANGE", "NO_DETECTABLE_CHANGE", "INSUFFICIENT_DATA"}
)
"""Verdicts after which there is no gain to keep, and so nothing to plan."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of the hand-over. ``status`` is ``declared`` where only people can say so, never computed."""

    id: str
    text: str
    status: Status
    evidence: str


@dataclass(frozen=True, slots=True)
class ControlPlan:
    """What operations watch: fields of an AIAG control plan that the review knows; people fill the rest."""

    characteristic: str
    specification: str
    chart: str
    center: float
    lower: float | None
    upper: float | None
    sigma: float
    points: int
    first: str
    last: str
    rules: tuple[str, ...]
    frequency: str
    size: float
    source: str
    freeze: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """Signals that hint at the same, the rules that give them, and what to ask first."""

    signals: tuple[str, ...]
    rules: tuple[str, ...]
    hint: str
    ask: str


@dataclass(frozen=True, slots=True)
class Handover:
    """``ready``: every computed criterion is met; the declared ones stay with the people who sign.

    ``control_plan`` is None where the verdict leaves no gain to keep.
    """

    ready: bool
    text: str
    criteria: tuple[Criterion, ...]
    control_plan: ControlPlan | None
    reaction_plan: tuple[Reaction, ...]
    next_review: NextReview


def handover(r: Review) -> Handover:
    """The hand-over of a review.

    Examples
    --------
    >>> import sigmatool as st
    >>> births = st.datasets.load("semmelweis")
    >>> r = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")
    >>> handover(r).ready, [c.id for c in handover(r).criteria if c.status == "met"]
    (True, ['verdict', 'enough', 'steady', 'quiet', 'rows'])
    """
    criteria = (*_computed(r), *(Criterion(id_, text, "declared", "") for id_, text in words.DECLARED))
    unmet = [f"{c.text[0].lower()}{c.text[1:]} ({words.STATUS[c.status]})" for c in criteria if c.status in _OPENS]
    text = words.NOT_READY.format(open="; ".join(unmet)) if unmet else words.READY
    kept = r.verdict not in _DROPPED
    return Handover(
        not unmet, text, criteria, _plan(r) if kept else None, _reactions(r.charts[0].rules) if kept else (),
        next_review(r),
    )  # fmt: skip


def _computed(r: Review) -> list[Criterion]:
    found = [
        Criterion("verdict", words.CRITERION["verdict"], _verdict_status(r.verdict), r.verdict),
        Criterion(
            "enough",
            words.CRITERION["enough"],
            "met" if r.n_after >= POLICY.stable_points else "not yet",
            f"{r.n_after} after the rollout; {POLICY.stable_points} are needed",
        ),
        _steady(r),
        _quiet(r),
        _requirement(r),
        _harmless("guards", [g.name for g in r.guards if g.finding == "harmed"],
                  [g.name for g in r.guards if g.finding == "open"], len(r.guards)),
        _harmless("metrics", [m.name for m in r.metrics if m.harm], [], len(r.metrics)),
    ]  # fmt: skip
    rows = r.report_card[0]
    found.append(Criterion("rows", words.CRITERION["rows"], "met" if rows.tone == "good" else "not met", rows.result))
    return found


def _verdict_status(verdict: str) -> Status:
    return "met" if verdict in HANDED else "not yet" if verdict in NOT_YET else "not met"


def _steady(r: Review) -> Criterion:
    answer, detail, _ = r.answers[2]
    part = None if r.findings is None else r.findings.stability_after
    status: Status = "not yet" if part is None or (part.stable and r.n_after < POLICY.stable_points) else "not met"
    if part is not None and part.stable and r.n_after >= POLICY.stable_points:
        status = "met"
    return Criterion("steady", words.CRITERION["steady"], status, f"{answer.lower()}: {detail}")


def _quiet(r: Review) -> Criterion:
    """The newest points on the stage's own limits; patterns are judged, calibrated, by the stability above."""
    chart, n = r.charts[0], POLICY.least_points
    stage, panel = chart.stages[-1], chart.panels[0]
    newest = slice(max(stage.last - n, stage.first - 1), stage.last)
    out = panel.beyond[newest]
    text = words.CRITERION["quiet"].format(n=n)
    if not out.any():
        return Criterion("quiet", text, "met", f"up to {chart.axis.labels[stage.last - 1]}")
    last = newest.start + int(np.flatnonzero(out)[-1])
    return Criterion(
        "quiet", text, "not yet", f"{counted(int(out.sum()), 'point')}, the last at {chart.axis.labels[last]}"
    )


def _requirement(r: Review) -> Criterion:
    statuses: dict[str, Status] = {"good": "met", "bad": "not met", "open": "not yet", "neutral": "not asked"}
    needed = r.requirement
    return Criterion(
        "requirement",
        words.CRITERION["requirement"],
        statuses[needed.tone],
        f"{needed.answer.lower()}: {needed.detail}",
    )


def _harmless(id_: str, harmed: list[str], unsettled: list[str], given: int) -> Criterion:
    text = words.CRITERION[id_]
    if not given:
        return Criterion(id_, text, "not asked", words.NOTHING_ASKED[id_])
    if harmed:
        return Criterion(id_, text, "not met", "worse: " + ", ".join(harmed))
    if unsettled:
        return Criterion(id_, text, "not yet", "not settled: " + ", ".join(unsettled))
    return Criterion(id_, text, "met", f"{given} judged")


def _plan(r: Review) -> ControlPlan:
    chart = r.charts[0]
    stage = chart.stages[-1]
    spec = r.settings
    steady = r.findings is not None and r.findings.stability_after.stable
    freeze = words.UNFIT if not steady else words.FREEZE if stage.n >= POLICY.stable_points else words.PROVISIONAL
    sizes = chart.panels[0].n[stage.first - 1 : stage.last]
    return ControlPlan(
        characteristic=chart.metric,
        specification=_specification(Specification(spec["lsl"], spec["usl"], spec["target"])),
        chart=chart.kind,
        center=stage.center,
        lower=stage.lower,
        upper=stage.upper,
        sigma=stage.sigma,
        points=stage.n,
        first=chart.axis.labels[stage.first - 1],
        last=chart.axis.labels[stage.last - 1],
        rules=tuple(rule.id for rule in chart.rules),
        frequency=chart.axis.step,
        size=float(sizes[sizes == sizes].mean()),
        source=r.provenance.source,
        freeze=freeze,
    )


def _specification(spec: Specification) -> str:
    from ..capability.words import limits

    parts = [] if spec.lsl is None and spec.usl is None else [limits(spec)]
    if spec.target is not None:
        parts.append(f"target {number(spec.target, 6)}")
    return ", ".join(parts) or words.NO_SPECIFICATION


def _reactions(rules: tuple[Rule, ...]) -> tuple[Reaction, ...]:
    """One row for all rules that hint at the same."""
    alike: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        alike.setdefault(words.HINT[_kind(rule)], []).append(rule)
    return tuple(
        Reaction(tuple(rule.words for rule in each), tuple(rule.id for rule in each), *hint)
        for hint, each in alike.items()
    )


def _kind(rule: Rule) -> str:
    """A zone rule of one point far out hints at the same as a point beyond the limits."""
    pattern = rule.pattern
    return "limits" if pattern.test == "beyond" and pattern.window == 1 else pattern.test
