"""Which verdict follows from the evidence? The decision table, first match wins.

The only place that says good or bad. The rows and their order are those of the method (``docs/verdict.md``). A row
is a list of facts that must hold (or, with ``!``, must not); a fact is one comparison of the evidence with the
policy. The path to a verdict is every fact that was asked on the way, with what the table would have said had that
one fact been the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .evidence import Evidence
from .policy import POLICY, Policy

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
class Fact:
    """One comparison: ``value`` of the evidence row ``id`` against ``bound`` (None where it is a plain yes or no)."""

    id: str
    holds: bool
    value: float | None = None
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A fact that was asked on the way to the verdict, and the verdict had it been the other way round."""

    name: str
    fact: Fact
    otherwise: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what must hold, and the verdict it gives."""

    needs: tuple[str, ...]
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with the cause it leaves standing and the step of the table that decided."""

    code: str
    attribution: Attribution
    reason: str
    """``level``, ``date``, ``trend``, ``ramp``, ``against-trend``, ``spread``, ``steadiness``, ``size``, ``data``."""
    path: tuple[Step, ...] = ()


TOO_FEW = Decision("INSUFFICIENT_DATA", "not asked", "data")
"""Row 1: fewer than eight usable points on a side."""

TABLE: Final = (
    Row(("worse",), "DETERIORATED", "level"),
    Row(("gained", "!date", "later", "ramp"), "IMPROVED_GRADUALLY", "ramp"),
    Row(("gained", "!date", "later"), "CHANGE_CAME_LATER", "date"),
    Row(("gained", "!date"), "NOT_ATTRIBUTABLE", "date"),
    Row(("gained", "!step", "ramp", "!backslide"), "IMPROVED_GRADUALLY", "ramp"),
    Row(("gained", "!step", "trend"), "NOT_ATTRIBUTABLE", "trend"),
    Row(("gained", "backslide"), "IMPROVED_NOT_SUSTAINED", "level"),
    Row(("gained", "!step"), "BETTER_CAUSE_OPEN", "trend"),
    Row(("gained", "!stable"), "IMPROVED_NOT_STABLE", "steadiness"),
    Row(("gained", "!enough"), "IMPROVED_PROVISIONAL", "data"),
    Row(("gained",), "IMPROVED_STABLE", "level"),
    Row(("against", "adverse", "date_in_trend"), "IMPROVED_AGAINST_TREND", "against-trend"),
    Row(("more_spread",), "DESTABILISED", "spread"),
    # a later turn for the worse is first of all harm: the rows on steadiness come before its date
    Row(("moved", "later", "moved_better"), "CHANGE_CAME_LATER", "date"),
    Row(("moved", "!later"), "NOT_ATTRIBUTABLE", "date"),
    Row(("less_spread", "stable"), "STABILISED", "spread"),
    Row(("lost_steadiness",), "DESTABILISED", "steadiness"),
    Row(("moved",), "NOT_ATTRIBUTABLE", "date"),
    Row(("small",), "NO_WORTHWHILE_CHANGE", "size"),
    Row(("trend_alone",), "NOT_ATTRIBUTABLE", "trend"),
    Row(("!powered",), "INSUFFICIENT_DATA", "data"),
    Row((), "NO_DETECTABLE_CHANGE", "size"),
)
"""Rows 2 and on. "gained": better now, or better at first and then lost."""


def decide(e: Evidence, controlled: bool = False, policy: Policy = POLICY) -> Decision:
    """Read the decision table from the top.

    Parameters
    ----------
    e : Evidence
    controlled : bool
        The series is a difference from an untouched one: a step need not be told from a trend.
    policy : Policy
        The levels; a review at one of several declared looks has stricter ones.
    """
    facts = _facts(e, controlled, policy)
    row, path = read(TABLE, facts)
    return Decision(row.code, _attribution(row, e, facts, controlled, policy), row.reason, path)


def read(table: Sequence[Row], facts: Mapping[str, Fact]) -> tuple[Row, tuple[Step, ...]]:
    """The first row of a table whose needs are met, and every fact asked on the way to it."""
    row, asked = _first(table, facts)
    return row, tuple(Step(name, facts[name], _otherwise(table, facts, name)) for name in asked)


def _first(table: Sequence[Row], facts: Mapping[str, Fact]) -> tuple[Row, list[str]]:
    """The first row whose needs are met, and the facts looked at until then, in order."""
    asked: dict[str, None] = {}
    for row in table:
        for need in row.needs:
            name = need.removeprefix("!")
            asked[name] = None
            if facts[name].holds == (need[0] == "!"):
                break
        else:
            return row, list(asked)
    raise AssertionError("the last row needs nothing")


def _otherwise(table: Sequence[Row], facts: Mapping[str, Fact], name: str) -> str:
    turned = Fact(facts[name].id, not facts[name].holds)
    return _first(table, {**facts, name: turned})[0].code


def _facts(e: Evidence, controlled: bool, p: Policy) -> dict[str, Fact]:
    """Every comparison that the table may ask for."""

    def below(id: str, value: float, level: float) -> Fact:
        return Fact(id, value < level, value, level)

    level = p.level_alpha(e.fewest)
    better, backslide = e.p_better < level, e.p_backslide < p.alpha_backslide
    step = e.p_step_better < p.alpha_step
    early = backslide and e.p_early_better < level and step
    trend = below("E3", e.p_trend_better, p.alpha_trend)
    alpha_alone = p.controlled_alpha(e.fewest, e.autocorrelation)
    alone = controlled and e.p_better < alpha_alone and not trend.holds
    seen_step = Fact("E2", step or alone, e.p_step_better, p.alpha_step)
    if controlled:
        seen_step = Fact("E1", step or alone, e.p_better, alpha_alone)
    steady_before = e.stability_before.p > e.stability_before.alpha
    lost = e.stability_after.p < p.lost_steadiness and steady_before
    small = e.p_worthwhile < p.alpha_size and e.p_harmful < p.alpha_size
    return {
        "worse": below("E1", e.p_worse, level),
        "gained": Fact("E1", better or early, e.p_better, level),
        "date": Fact("E5", e.date.includes_rollout),
        "later": Fact("E5", e.date.wholly_later),
        "ramp": below("E2r", e.p_ramp_better, p.alpha_ramp),
        "step": seen_step,
        "trend": trend,
        "backslide": below("E7", e.p_backslide, p.alpha_backslide),
        "stable": Fact("E6", e.stability_after.stable, e.stability_after.p, e.stability_after.alpha),
        "enough": Fact("n", e.n_after >= p.stable_points, float(e.n_after), float(p.stable_points)),
        "against": below("E2", e.p_step_better, p.alpha_against),
        "adverse": below("E3", e.p_trend_worse, p.alpha_trend),
        "date_in_trend": Fact("E5", e.date_given_trend.includes_rollout),
        "more_spread": below("E4", e.spread.p_more, p.alpha_spread),
        "less_spread": below("E4", e.spread.p_less, p.alpha_spread),
        "moved": Fact("E5", e.date.seen and not e.date.includes_rollout, e.date.step.p_value, p.alpha_moved),
        "moved_better": Fact("E5", e.date.better),
        "lost_steadiness": Fact("E6", lost, e.stability_after.p, p.lost_steadiness),
        "small": Fact("E8", small, max(e.p_worthwhile, e.p_harmful), p.alpha_size),
        "trend_alone": below("E3", e.p_trend_better, p.alpha_trend_alone),
        "powered": Fact("n", e.fewest >= e.points_needed, float(e.fewest), float(e.points_needed)),
    }


def _attribution(row: Row, e: Evidence, facts: Mapping[str, Fact], controlled: bool, p: Policy) -> Attribution:
    """Is the change of level the rollout's? E5, E2, E3 in that order."""
    if row.code == "DETERIORATED":
        if not facts["date"].holds:
            return "refuted"
        if e.p_step_worse < p.alpha_step:
            return "demonstrated"
        if e.p_trend_worse < p.alpha_trend:
            return "refuted"
        return "demonstrated" if controlled and e.p_worse < p.controlled_alpha(e.fewest, e.autocorrelation) else "open"
    if row.code in ("CHANGE_CAME_LATER", "NOT_ATTRIBUTABLE"):
        return "refuted"
    if row.code == "IMPROVED_NOT_SUSTAINED":
        return "demonstrated" if facts["step"].holds else "open"
    if row.code == "BETTER_CAUSE_OPEN":
        return "open"
    return "demonstrated" if row.code in CREDITED else "not asked"


def against_trend(e: Evidence, policy: Policy = POLICY) -> bool:
    """A step for the better at the rollout, against a trend for the worse that is itself seen."""
    return e.p_step_better < policy.alpha_against and e.p_trend_worse < policy.alpha_trend
