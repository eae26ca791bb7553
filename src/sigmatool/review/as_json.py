"""What the JSON of a review holds: everything its page shows, and the numbers behind it in full."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .result import Review


def body(r: Review) -> dict[str, Any]:
    """The keys of a review, as ``design`` of the JSON names them."""
    rates = r.error_rates
    return {
        "metric": r.metric,
        "unit": r.unit,
        "scale": r.scale,
        "better": r.better,
        "verdict": r.verdict,
        "attribution": r.attribution,
        "sentence": r.sentence,
        "next_action": r.next_action,
        "qualifiers": r.qualifiers,
        "effect": _effect(r),
        "why": asdict(r.why()),
        "context": [asdict(row) for row in r.context],
        "breakdown": _breakdown(r),
        "always_valid": None if r.always_valid is None else asdict(r.always_valid),
        "evidence": [asdict(row) for row in r.evidence],
        "date": asdict(r.date),
        "autocorrelation": r.autocorrelation,
        "points_needed": r.points_needed,
        "error_rates": None if rates is None else {**asdict(rates), "sentences": r.rate_sentences},
        "stages": [asdict(stage) for stage in r.charts[0].stages],
        "in_numbers": [asdict(stage) for stage in r.in_numbers],
        "charts": [chart.to_dict() for chart in r.charts],
        "capability": _capability(r),
        "guards": [asdict(guard) for guard in r.guards],
        "increments": [asdict(part) for part in r.increments],
        "metrics": [asdict(metric) for metric in r.metrics],
        "control": None if r.control is None else asdict(r.control),
        "requirement": asdict(r.requirement),
        "looks": None if r.looks is None else r.looks.told(r.judged.n_after),
        "handover": asdict(r.handover),
        "control_plan": r.control_plan,
        "plan": None if r.plan is None else asdict(r.plan),
        "report_card": [asdict(check) for check in r.report_card],
        **{
            name: asdict(part)
            for name, part in (("gauge", r.gauge), ("adoption", r.adoption), ("benefit", r.benefit))
            if part is not None
        },
    }


def _effect(r: Review) -> dict[str, Any] | None:
    e = r.effect
    if e is None:
        return None
    return {
        "value": e.difference,
        "low": e.difference_low,
        "high": e.difference_high,
        "unit": r.unit,
        "relative": None if e.ratio is None else e.ratio - 1,
        "ratio": None if e.ratio is None else {"value": e.ratio, "low": e.ratio_low, "high": e.ratio_high},
        "before": e.before,
        "after": e.after,
    }


def _capability(r: Review) -> dict[str, Any] | None:
    c = r.capability
    if c is None:
        return None
    return {
        "before": asdict(c.before),
        "after": asdict(c.after),
        "difference": {"value": c.difference, "low": c.low, "high": c.high},
        "skewed": None if c.skewed is None else asdict(c.skewed),
        "after_study": _after_study(r),
    }


def _after_study(r: Review) -> dict[str, Any] | None:
    """The study of the stage after, without its own word on stability: that of the review holds."""
    if r.after_study is None:
        return None
    own = ("headline", "stable", "stability", "points")
    return {key: value for key, value in r.after_study.body().items() if key not in own}


def _breakdown(r: Review) -> dict[str, Any] | None:
    """The breakdown on the working scale, and per calendar step in the metric's own unit."""
    b = r.breakdown
    if b is None:
        return None
    own = {name: abs(r.own_slope(v)) for name, v in (("slope", b.slope), ("seen_limit", b.seen_limit))}
    return {**asdict(b), "in_metric": own, "step": r.judged.points.axis.step}
