"""Which verdict follows from a rollout in waves? A table of its own, read as that of ``decision``, with its codes.

Attribution rests on the design: sites not yet live are the control, so a trend common to all sites needs no test. What
remains to be asked is when the change came, and whether sites were on another course before their own go-live.
"""

from __future__ import annotations

from typing import Final

from ..numbers.stability import ALPHA
from .decision import CREDITED, Attribution, Decision, Fact, Row, read
from .policy import POLICY
from .waves_evidence import WavesEvidence

TABLE: Final = (
    Row(("worse",), "DETERIORATED", "level"),
    Row(("gained", "!date", "later", "growing"), "IMPROVED_GRADUALLY", "ramp"),
    Row(("gained", "!date", "later"), "CHANGE_CAME_LATER", "date"),
    Row(("gained", "!date"), "NOT_ATTRIBUTABLE", "date"),
    Row(("gained", "lead", "!beyond"), "NOT_ATTRIBUTABLE", "trend"),
    Row(("gained", "backslide"), "IMPROVED_NOT_SUSTAINED", "level"),
    Row(("gained", "!stable"), "IMPROVED_NOT_STABLE", "steadiness"),
    Row(("gained", "!risen"), "IMPROVED_AGAINST_TREND", "against-trend"),
    Row(("gained", "!enough"), "IMPROVED_PROVISIONAL", "data"),
    Row(("gained",), "IMPROVED_STABLE", "level"),
    Row(("more_spread",), "DESTABILISED", "spread"),
    Row(("moved", "later", "moved_better"), "CHANGE_CAME_LATER", "date"),
    Row(("moved",), "NOT_ATTRIBUTABLE", "date"),
    Row(("less_spread", "stable"), "STABILISED", "spread"),
    Row(("lost_steadiness",), "DESTABILISED", "steadiness"),
    Row(("small",), "NO_WORTHWHILE_CHANGE", "size"),
    Row(("!powered",), "INSUFFICIENT_DATA", "data"),
    Row((), "NO_DETECTABLE_CHANGE", "size"),
)
"""First match wins. "gained": better than sites not yet live, or better at first and then lost."""


def decide_waves(e: WavesEvidence) -> Decision:
    """Read the table from the top."""
    facts = _facts(e)
    row, path = read(TABLE, facts)
    return Decision(row.code, _attribution(row, e, facts), row.reason, path)


def _facts(e: WavesEvidence) -> dict[str, Fact]:
    """Every comparison that the table may ask for."""

    def below(id: str, value: float | None, level: float) -> Fact:
        return Fact(id, value is not None and value < level, value, level)

    better = e.p_better < POLICY.alpha_level
    early = e.p_backslide < POLICY.alpha_backslide and e.p_early_better < POLICY.alpha_level
    steady_before = e.before.p > ALPHA
    small = e.p_worthwhile < POLICY.alpha_size and e.p_harmful < POLICY.alpha_size
    points, s = float(e.n_before + e.n_after), e.shifts
    return {
        "worse": below("E1", e.p_worse, POLICY.alpha_level),
        "gained": Fact("E1", better or early, e.p_better, POLICY.alpha_level),
        "date": Fact("E5", s.includes_rollout),
        "later": Fact("E5", s.wholly_later),
        "growing": below("E2r", e.p_growing, POLICY.alpha_ramp),
        "lead": below("E3", e.p_lead_better, POLICY.alpha_trend),
        "beyond": below("E2", _beyond(e, 1.0), POLICY.alpha_step),
        "backslide": below("E7", e.p_backslide, POLICY.alpha_backslide),
        "stable": Fact("E6", e.after.stable, e.after.p, ALPHA),
        "risen": Fact("means", e.plain_change > 0),
        "enough": Fact(
            "n", e.typical_after >= POLICY.stable_points, float(e.typical_after), float(POLICY.stable_points)
        ),
        "more_spread": below("E4", e.spread.p_more, POLICY.alpha_spread),
        "less_spread": below("E4", e.spread.p_less, POLICY.alpha_spread),
        "moved": Fact("E5", s.seen and not s.includes_rollout),
        "moved_better": Fact("E5", s.better),
        "lost_steadiness": Fact(
            "E6", e.after.p < POLICY.lost_steadiness and steady_before, e.after.p, POLICY.lost_steadiness
        ),
        "small": Fact("E8", small, max(e.p_worthwhile, e.p_harmful), POLICY.alpha_size),
        "powered": Fact("n", e.more_data <= 1, points, points * e.more_data),
    }


def _beyond(e: WavesEvidence, direction: float) -> float | None:
    return None if e.step_beyond_trends is None else e.step_beyond_trends.one_sided(direction)


def _attribution(row: Row, e: WavesEvidence, facts: dict[str, Fact]) -> Attribution:
    """Is the change the rollout's? When it came, and whether sites were on that course before their go-live."""
    if row.code == "DETERIORATED":
        lead, beyond = e.p_lead_worse, _beyond(e, -1.0)
        led = lead is not None and lead < POLICY.alpha_trend and not (beyond is not None and beyond < POLICY.alpha_step)
        return "refuted" if led or not facts["date"].holds else "demonstrated"
    if row.code in ("CHANGE_CAME_LATER", "NOT_ATTRIBUTABLE"):
        return "refuted"
    return "demonstrated" if row.code in CREDITED or row.code == "IMPROVED_NOT_SUSTAINED" else "not asked"
