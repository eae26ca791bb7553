"""From a judged metric to its review: charts, words, capability, the untouched series and what a reader must know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..caveats import Caveat
from ..charts.limits_file import FrozenLimits
from ..charts.result import ControlChart
from ..data import Counts, Specification
from ..numbers.autoregression import Series
from ..numbers.performance import performance
from ..numbers.performance_skewed import capability_skewed
from ..numbers.scales import WorkingScale, effect
from ..result import Provenance, command_line
from . import caveat_words, wording
from .case import Judged
from .drawn import charts
from .evidence import Evidence
from .guards import GuardResult
from .increments import Increment
from .judging import Judgement
from .looks import Looks
from .metrics import MetricResult, told
from .report_card import report_card
from .result import Better, CapabilityChange, ControlResult, Review
from .summary import date_of, rows_of


def assemble(
    judgement: Judgement,
    parts: tuple[Increment, ...],
    guards: tuple[GuardResult, ...],
    metrics: tuple[MetricResult, ...],
    specification: Specification,
    better: Better,
    settings: dict[str, Any],
    title: str | None,
    held: FrozenLimits | None,
) -> Review:
    """Everything that a judged metric is told with."""
    judged, evidence, decision, change = (
        judgement.judged, judgement.evidence, judgement.decision, judgement.effect,
    )  # fmt: skip
    capability = _capability(judged, evidence, specification)
    date = date_of(judged, evidence, decision.code, judgement.policy)
    requirement = wording.requirement(judged, change, capability, specification, better, evidence)
    words = wording.Context(judged, evidence, decision, change, guards, date.set, judgement.policy)
    points = judged.points
    command = command_line("review", points.source, settings)
    drawn = charts(judged, evidence, held)
    return Review(
        settings=settings,
        rows=rows_of(judged),
        caveats=_caveats(judged, evidence, drawn, judgement.looks, held),
        provenance=Provenance(points.sha256, command, points.file_sha256, points.source),
        verdict=decision.code,
        attribution=decision.attribution,
        sentence=wording.sentence(words),
        next_action=wording.next_action(words),
        qualifiers=(*wording.qualifiers(words), *told(metrics)),
        metric=judged.metric,
        unit=judged.unit,
        scale=judged.scale.name,
        better=better,
        effect=change,
        evidence=() if evidence is None else wording.evidence_rows(words, capability),
        date=date,
        autocorrelation=None if evidence is None else evidence.autocorrelation,
        points_needed=judged.shortfall if evidence is None else evidence.points_needed,
        charts=drawn,
        capability=capability,
        guards=guards,
        metrics=metrics,
        control=_control(judged),
        report_card=report_card(judged, evidence),
        requirement=requirement,
        answers=(
            wording.better_answer(words),
            wording.cause_answer(words),
            wording.steady_answer(evidence),
            (requirement.answer, requirement.detail, requirement.tone),
        ),
        title=title or f"Review of {judged.metric}",
        n_before=judged.sides[0],
        n_after=judged.sides[1],
        findings=evidence,
        judged=judged,
        decision=decision,
        policy=judgement.policy,
        looks=judgement.looks,
        peeked=judgement.peeked,
        increments=parts,
        date_curve=_date_curve(judged, evidence, decision.code),
    )


def _capability(judged: Judged, evidence: Evidence | None, specification: Specification) -> CapabilityChange | None:
    limits = (specification.lsl, specification.usl)
    if evidence is None or limits == (None, None) or isinstance(judged.points, Counts):
        return None
    # a specification speaks of single units: every value of a subgroup counts
    values = judged.points.values
    parts, stages = [], []
    for stage in (~judged.after, judged.after):
        single = values[judged.used & stage].ravel()
        single = single[np.isfinite(single)]
        stages.append(single)
        r = evidence.autocorrelation if values.shape[1] == 1 else 0.0
        parts.append(performance(single, *limits, r))
    before, after = parts
    difference = after.ppk - before.ppk
    skewed = None
    if evidence.heavy:
        found = capability_skewed(stages[0], stages[1], *limits, r)
        skewed = found if found.fits else None
    half = 1.959964 * float(np.hypot(before.standard_error, after.standard_error))
    low, high = difference - half, difference + half
    return CapabilityChange(before, after, difference, low, high, skewed, (stages[0], stages[1]))


def _date_curve(judged: Judged, evidence: Evidence | None, code: str) -> tuple[tuple[str, float], ...]:
    if evidence is None:
        return ()
    step = wording.dating_of(evidence, code).step
    total: dict[str, float] = {}
    for i, p in zip(step.dates, step.probability, strict=True):
        label = judged.axis_label(int(i))
        total[label] = total.get(label, 0.0) + float(p)
    return tuple(total.items())


def _control(judged: Judged) -> ControlResult | None:
    if judged.control_scale is None or judged.case is None:
        return None
    after = judged.case.after.astype(float)
    columns = {"one": np.ones(after.size), "D": after}
    positions = judged.case.positions

    def moved(name: str, scale: WorkingScale) -> ControlResult:
        e = effect(scale, Series(scale.z, columns, positions).fit(["one", "D"]), 1.0)
        return ControlResult(name, e.before, e.after, e.difference, e.difference_low, e.difference_high)

    parts = tuple(moved(name, scale) for name, scale in judged.controls) if len(judged.controls) > 1 else ()
    return replace(moved(judged.control_name, judged.control_scale), parts=parts)


def _caveats(
    judged: Judged, evidence: Evidence | None, drawn: tuple[ControlChart, ...], looks: Looks | None,
    held: FrozenLimits | None,
) -> tuple[Caveat, ...]:  # fmt: skip
    found = list(judged.points.caveats) + list(judged.caveats)
    found += [c for c in drawn[0].caveats if c.code not in {f.code for f in found}]
    if held is not None:
        found.append(caveat_words.second_chart_frozen(held.name))
    if looks is not None and evidence is not None:
        found += looks.caveats(judged.n_after)
    if evidence is not None and evidence.autocorrelation > 0.7:
        found.append(caveat_words.near_copies())
    return tuple(found)
