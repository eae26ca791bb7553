"""Which verdict follows from the evidence? The decision table, first match wins.

The only place that says good or bad. The rows and their order are those of the method (``docs/verdict.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .evidence import Evidence
from .policy import POLICY

Attribution = Literal["demonstrated", "open", "refuted", "not asked"]

CREDITED = frozenset(
    {
        "IMPROVED_STABLE",
        "IMPROVED_PROVISIONAL",
        "IMPROVED_NOT_STABLE",
        "IMPROVED_GRADUALLY",
        "IMPROVED_AGAINST_TREND",
    }
)
"""Verdicts that credit the rollout with the improvement."""

CODES = (
    "IMPROVED_STABLE",
    "IMPROVED_PROVISIONAL",
    "IMPROVED_NOT_STABLE",
    "IMPROVED_GRADUALLY",
    "IMPROVED_AGAINST_TREND",
    "IMPROVED_NOT_SUSTAINED",
    "BETTER_CAUSE_OPEN",
    "CHANGE_CAME_LATER",
    "NOT_ATTRIBUTABLE",
    "STABILISED",
    "DESTABILISED",
    "DETERIORATED",
    "NO_WORTHWHILE_CHANGE",
    "NO_DETECTABLE_CHANGE",
    "INSUFFICIENT_DATA",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with the cause it leaves standing and the step of the table that decided."""

    code: str
    attribution: Attribution
    reason: str
    """``level``, ``date``, ``trend``, ``ramp``, ``against-trend``, ``spread``, ``steadiness``, ``size``, ``data``."""


TOO_FEW = Decision("INSUFFICIENT_DATA", "not asked", "data")
"""Row 1: fewer than eight usable points on a side."""


def decide(e: Evidence, controlled: bool = False) -> Decision:
    """Read the decision table from the top.

    Parameters
    ----------
    e : Evidence
    controlled : bool
        The series is a difference from an untouched one: a step need not be told from a trend.
    """
    better = e.p_better < POLICY.alpha_level
    worse = e.p_worse < POLICY.alpha_level
    backslide = e.p_backslide < POLICY.alpha_backslide
    if worse:
        return Decision("DETERIORATED", _cause(e, controlled, better=False), "level")
    gained_then_lost = backslide and e.p_early_better < POLICY.alpha_level and e.p_step_better < POLICY.alpha_step
    if better or gained_then_lost:
        return _better(e, controlled, backslide)
    return _level_silent(e)


def _cause(e: Evidence, controlled: bool, better: bool) -> Attribution:
    """Is the change of level the rollout's? E5, E2, E3 in that order."""
    p_step = e.p_step_better if better else e.p_step_worse
    p_trend = e.p_trend_better if better else e.p_trend_worse
    if not e.date.includes_rollout:
        return "refuted"
    if p_step < POLICY.alpha_step:
        return "demonstrated"
    if p_trend < POLICY.alpha_trend:
        return "refuted"
    return "demonstrated" if controlled else "open"


def _better(e: Evidence, controlled: bool, backslide: bool) -> Decision:
    """Rows 3 to 12: the level is better, or was before the gain got lost."""
    cause = _cause(e, controlled, better=True)
    ramp = e.p_ramp_better < POLICY.alpha_ramp
    if not e.date.includes_rollout:
        if e.date.wholly_later and ramp:
            return Decision("IMPROVED_GRADUALLY", "demonstrated", "ramp")
        code = "CHANGE_CAME_LATER" if e.date.wholly_later else "NOT_ATTRIBUTABLE"
        return Decision(code, "refuted", "date")
    if cause != "demonstrated" and ramp and not backslide:
        return Decision("IMPROVED_GRADUALLY", "demonstrated", "ramp")
    if cause == "refuted":
        return Decision("NOT_ATTRIBUTABLE", "refuted", "trend")
    if backslide:
        return Decision("IMPROVED_NOT_SUSTAINED", cause, "level")
    if cause == "open":
        return Decision("BETTER_CAUSE_OPEN", "open", "trend")
    if not e.stability_after.stable:
        return Decision("IMPROVED_NOT_STABLE", cause, "steadiness")
    if e.n_after < POLICY.stable_points:
        return Decision("IMPROVED_PROVISIONAL", cause, "data")
    return Decision("IMPROVED_STABLE", cause, "level")


def _level_silent(e: Evidence) -> Decision:
    """Rows 9a and 13 to 17: before and after have the same level, as far as the data can tell."""
    if against_trend(e) and e.date_given_trend.includes_rollout:
        return Decision("IMPROVED_AGAINST_TREND", "demonstrated", "against-trend")
    if e.spread.p_more < POLICY.alpha_spread:
        return Decision("DESTABILISED", "not asked", "spread")
    moved = e.date.seen and not e.date.includes_rollout
    # a later turn for the worse is first of all harm: the rows on steadiness come before its date
    if moved and (e.date.better or not e.date.wholly_later):
        code = "CHANGE_CAME_LATER" if e.date.wholly_later else "NOT_ATTRIBUTABLE"
        return Decision(code, "refuted", "date")
    if e.spread.p_less < POLICY.alpha_spread and e.stability_after.stable:
        return Decision("STABILISED", "not asked", "spread")
    if e.stability_after.p < POLICY.lost_steadiness and e.stability_before.p > 0.05:
        return Decision("DESTABILISED", "not asked", "steadiness")
    if moved:
        return Decision("NOT_ATTRIBUTABLE", "refuted", "date")
    if e.p_worthwhile < 0.05 and e.p_harmful < 0.05:
        return Decision("NO_WORTHWHILE_CHANGE", "not asked", "size")
    if e.p_trend_better < POLICY.alpha_trend_alone:
        return Decision("NOT_ATTRIBUTABLE", "refuted", "trend")
    if min(e.n_before, e.n_after) < e.points_needed:
        return Decision("INSUFFICIENT_DATA", "not asked", "data")
    return Decision("NO_DETECTABLE_CHANGE", "not asked", "size")


def against_trend(e: Evidence) -> bool:
    """A step for the better at the rollout, against a trend for the worse that is itself seen."""
    return e.p_step_better < POLICY.alpha_against and e.p_trend_worse < POLICY.alpha_trend
