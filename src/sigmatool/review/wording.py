"""From evidence to sentences: what a review says about itself, and nothing more than the evidence holds."""

from __future__ import annotations

from dataclasses import dataclass

from ..data import Counts, Specification
from ..numbers.scales import Effect
from ..numbers.stability import Stability
from ..render.document import Tone
from .case import Judged
from .decision import Decision, against_trend
from .evidence import Dating, Evidence
from .guards import GuardResult
from .policy import POLICY, Policy
from .result import CapabilityChange, EvidenceRow, Requirement
from .words import ACTION, SENTENCE, SLOWED, counted, moved, number, percent, points, probability


@dataclass(frozen=True)
class Context:
    """What the sentences are made of."""

    judged: Judged
    evidence: Evidence | None
    decision: Decision
    effect: Effect | None
    guards: tuple[GuardResult, ...]
    date_set: tuple[str, ...]
    policy: Policy

    @property
    def dates(self) -> str:
        """The set of dates in words."""
        if not self.date_set:
            return "at an unknown date"
        first, last = self.date_set[0], self.date_set[-1]
        return first if first == last else f"{first} to {last}"


def dating_of(e: Evidence, code: str) -> Dating:
    """The dates that a verdict speaks of."""
    return e.date_given_trend if code == "IMPROVED_AGAINST_TREND" else e.date


def judged_noun(judged: Judged) -> str:
    """What a judged point is: where low counts were merged, a block of periods or the wait for an event."""
    kinds = {"low-counts-merged": "block", "low-counts-between": "event"}
    return next((kinds[c.code] for c in judged.caveats if c.code in kinds), "point")


def quantity(judged: Judged, value: float | None) -> str:
    """A level in the metric's own unit; proportions as percentages."""
    return percent(value) if judged.scale.name == "proportion" else number(value, 4)


def change(judged: Judged, value: float | None) -> str:
    """A difference in the metric's own unit; proportions in percentage points."""
    if value is None:
        return "-"
    return moved(value, judged.scale.name == "proportion")


def sentence(c: Context) -> str:
    """The verdict in one sentence."""
    code, e = c.decision.code, c.evidence
    why = "it was already getting better before"
    if c.decision.reason == "date":
        moved = "the change began" if e is None or e.date.better else "it got worse"
        why = f"{moved} at another time" + (f" ({c.dates})" if c.date_set else "")
    how = "varies more" if c.decision.reason == "spread" else "lost its steadiness"
    text = SENTENCE[code].format(metric=c.judged.metric, date=c.dates, why=why, how=how)
    if code == "INSUFFICIENT_DATA" and e is None:
        needs = f"each stage needs {c.policy.least_points} usable points"
        if c.judged.shortfall == 0:
            needs = f"it takes only {c.judged.distinct} different values"
        elif _rare(c.judged):
            needs = "there are too few events"
        text = f"There are not enough data to judge {c.judged.metric}: {needs}."
    return text


def next_action(c: Context) -> str:
    """What to do on Monday."""
    code, e = c.decision.code, c.evidence
    if e is None:
        if c.judged.shortfall == 0:
            return "Measure more finely (one more digit), or merge periods, then judge again."
        if _rare(c.judged):
            more = counted(c.judged.shortfall, "more period")
            return f"Collect {more} in the shorter stage, or count over longer ones, then judge again."
        return f"Collect {c.judged.shortfall} more in the shorter stage, then judge again."
    harmed = [g.name for g in c.guards if g.finding == "harmed"]
    if code == "DETERIORATED" and against_trend(e, c.policy):
        text = SLOWED
    else:
        text = ACTION[code].format(
            more=counted(max(c.policy.stable_points - e.n_after, 1), f"more {judged_noun(c.judged)}"),
            cause=_unrest(c),
            ended="" if e.p_trend_after_worse < c.policy.alpha_trend else ", or confirm that it has ended",
            where=_where(c),
            needed=counted(e.points_needed, judged_noun(c.judged)),
        )
    if harmed:
        text = f"First settle the harm to {', '.join(harmed)}. {text}"
    return text


def _rare(judged: Judged) -> bool:
    """There are periods enough, but too few events in them."""
    return any(caveat.code == "low-counts" for caveat in judged.caveats)


def _where(c: Context) -> str:
    if c.decision.reason != "date":
        return "in the trend that was already running"
    return f"at {c.dates}" if c.date_set else "elsewhere than at the rollout"


def _unrest(c: Context) -> str:
    assert c.evidence is not None
    after = c.evidence.stability_after
    if after.p > after.alpha and after.spikes:
        return f"{points(len(after.spikes))} far out"
    return after.weakest


def qualifiers(c: Context) -> tuple[str, ...]:
    """Short additions that bound the verdict."""
    e, code = c.evidence, c.decision.code
    if e is None:
        return ()
    found: list[str] = []
    sized = code.startswith("IMPROVED") or code == "BETTER_CAUSE_OPEN"
    if sized and code != "IMPROVED_AGAINST_TREND":
        if e.p_worthwhile > 0.95:
            found.append("the gain is worthwhile")
        elif e.p_worthwhile < 0.05:
            found.append("the gain is smaller than worthwhile")
        else:
            found.append("the size of the gain is uncertain")
    if e.spread.p_less < c.policy.alpha_spread and code != "STABILISED":
        found.append(f"it also varies less ({number(e.spread.ratio, 2)} times the spread before)")
    if e.spread.p_more < c.policy.alpha_spread and c.decision.reason != "spread":
        found.append(f"it varies more ({number(e.spread.ratio, 2)} times the spread before)")
    if not e.stability_before.stable:
        found.append("the stage before was itself not stable")
    if len(e.stability_after.spikes) == 1:
        at = c.judged.axis_label(e.n_before + e.stability_after.spikes[0])
        held = "stable with" if e.stability_after.stable else "the stage after has"
        found.append(f"{held} one exceptional point ({at}): explain it")
    if code == "DETERIORATED" and c.decision.attribution != "demonstrated":
        found.append(f"that the rollout caused it is {c.decision.attribution}")
    found += [f"guard {g.name} got worse" for g in c.guards if g.finding == "harmed"]
    found += [f"guard {g.name} is not settled" for g in c.guards if g.finding == "open"]
    if e.default_worthwhile:
        found.append("no worthwhile effect was named: half a noise standard deviation stands in for it")
    return tuple(found)


def requirement(
    judged: Judged,
    effect: Effect | None,
    capability: CapabilityChange | None,
    specification: Specification,
    better: str,
    evidence: Evidence | None,
) -> Requirement:
    """Does the stage after meet the specification or the target?"""
    if capability is not None and evidence is not None:
        after = capability.after
        word = "Ppk" if evidence.stability_after.stable else "performance (the stage is not stable) Ppk"
        detail = f"{word} {number(after.ppk)} ({number(after.low)} to {number(after.high)})"
        if after.low >= 1.33:
            return Requirement("Yes", f"{detail}: the lower bound reaches 1.33", "good")
        if after.high < 1.0:
            return Requirement("No", f"{detail}; about {percent(after.share_outside)} outside", "bad")
        if after.low >= 1.0:
            return Requirement("Barely", f"{detail}: the lower bound reaches 1 but not 1.33", "open")
        return Requirement("Not shown", f"{detail}: the lower bound is below 1", "open")
    asked = any(v is not None for v in (specification.lsl, specification.usl, specification.target))
    if asked and (effect is None or evidence is None):
        return Requirement("Not judged", "not enough data", "neutral")
    if better == "target":
        return Requirement(
            "Not asked", "the target is where the distance starts; no specification was given", "neutral"
        )
    limit, side = _level_limit(judged, specification, better)
    if limit is None or effect is None or evidence is None:
        return Requirement("Not asked", "no specification or target was given", "neutral")
    half = (effect.difference_high - effect.difference_low) / 2
    low, high = effect.after - half, effect.after + half
    detail = f"level after {quantity(judged, effect.after)}, required {side} {quantity(judged, limit)}"
    meets = high <= limit if side == "at most" else low >= limit
    misses = low > limit if side == "at most" else high < limit
    if meets:
        return Requirement("Yes", detail, "good")
    return Requirement("No", detail, "bad") if misses else Requirement("Not shown", detail, "open")


def _level_limit(judged: Judged, s: Specification, better: str) -> tuple[float | None, str]:
    """The requirement on the level: a target read in the direction of better, or a count's limit."""
    if s.target is not None and better in ("lower", "higher"):
        return s.target, "at most" if better == "lower" else "at least"
    if isinstance(judged.points, Counts):
        if s.usl is not None:
            return s.usl, "at most"
        if s.lsl is not None:
            return s.lsl, "at least"
    return None, ""


def evidence_rows(c: Context, capability: CapabilityChange | None) -> tuple[EvidenceRow, ...]:
    """E1 to E9 as a table: every question, its estimate, its p value and what it is held against."""
    e = c.evidence
    assert e is not None
    rows = [*_level_rows(c, e), *_steady_rows(c, e)]
    if capability is not None:
        d = capability
        rows.append(
            EvidenceRow(
                "E9", "Does it meet the specification better than before (difference of Ppk)?",
                d.difference, d.low, d.high, None, None,
                f"Ppk {number(d.before.ppk)} before, {number(d.after.ppk)} after",
            )
        )  # fmt: skip
    return tuple(rows)


def _level_rows(c: Context, e: Evidence) -> list[EvidenceRow]:
    p1, level = min(e.p_better, e.p_worse), c.policy.level_alpha(e.fewest)
    better = e.p_better <= e.p_worse
    found = "no change of level shown"
    if p1 < c.policy.level_alpha(e.fewest):
        found = "better" if better else "worse"
    x = c.effect
    none = (None, None, None)
    difference, low, high = none if x is None else (x.difference, x.difference_low, x.difference_high)
    p_step = e.p_step_better if better else e.p_step_worse
    sign = c.judged.sign
    step = [sign * v for v in (e.step.estimate, *e.step.interval(e.interval_level))]
    p_trend = e.p_trend_better if better else e.p_trend_worse
    other = e.p_trend_worse if better else e.p_trend_better
    trend = "no trend seen"
    if p_trend < c.policy.alpha_trend:
        trend = "already getting better" if better else "already getting worse"
    elif other < c.policy.alpha_trend:
        trend = "an adverse trend is seen" if better else "a favourable trend is seen"
    slope = [sign * v / len(e.level_fit.series.design) for v in (e.trend.estimate, *e.trend.interval())]
    ramp = e.p_ramp_better if better else e.p_ramp_worse
    return [
        EvidenceRow(
            "E1", "Is the level better, or worse, than before?", difference, low, high, p1, level, found
        ),
        EvidenceRow(
            "E2", "Is there a step at the rollout beyond a common trend (working scale)?",
            step[0], min(step[1:]), max(step[1:]), p_step, c.policy.alpha_step,
            "a step beyond the trend" if p_step < c.policy.alpha_step else "a step cannot be told from a trend",
        ),
        EvidenceRow(
            "E2r", "Did a gradual change start at the rollout?", None, None, None, ramp, c.policy.alpha_ramp,
            "a gradual start fits" if ramp < c.policy.alpha_ramp else "no gradual start shown",
        ),
        EvidenceRow(
            "E3", "Was a trend already running (slope a point, working scale)?",
            slope[0], min(slope[1:]), max(slope[1:]), min(p_trend, other), c.policy.alpha_trend, trend,
        ),
    ]  # fmt: skip


def _steady_rows(c: Context, e: Evidence) -> list[EvidenceRow]:
    s = e.spread
    spread = "no change of spread shown"
    if s.p_less < c.policy.alpha_spread:
        spread = "varies less"
    elif s.p_more < c.policy.alpha_spread:
        spread = "varies more"
    inside = "inside the subgroups " if e.spread_inside else ""
    dating = dating_of(e, c.decision.code)
    date = f"95 % set: {c.dates}" if c.date_set else "no step is seen"
    if c.date_set:
        date += ", holds the rollout" if dating.includes_rollout else ", without the rollout"
    rows = [
        EvidenceRow(
            "E4", f"Did the spread {inside}change (ratio after to before)?", s.ratio, s.low, s.high,
            min(s.p_less, s.p_more), c.policy.alpha_spread, spread,
        ),
        EvidenceRow(
            "E5", "When did the level move (probability at the rollout)?", dating.at_rollout, None, None,
            None, c.policy.date_level, date,
        ),
    ]  # fmt: skip
    for name, part in (("before", e.stability_before), ("after", e.stability_after)):
        verdict = "stable" if part.stable else f"not stable: {part.weakest}"
        if len(part.spikes) > 1 and part.p > part.alpha and not part.stable:
            verdict = f"not stable: {points(len(part.spikes))} far out"
        if part.stable and part.spikes:
            verdict += f", {points(len(part.spikes))} far out"
        signals = f"{part.signals} signal{'s' if part.signals != 1 else ''}"
        seen = f"{verdict}; {signals} where a stable process gives {number(part.expected, 2)}"
        rows.append(
            EvidenceRow(
                "E6", f"Is the stage {name} one stable process?", None, None, None, float(part.p), part.alpha, seen
            )
        )
    lost = e.p_backslide < c.policy.alpha_backslide
    rows.append(
        EvidenceRow(
            "E7", "Is the gain being lost again?", None, None, None, e.p_backslide, c.policy.alpha_backslide,
            "a backslide is seen" if lost else "no backslide shown",
        )
    )  # fmt: skip
    rows.append(
        EvidenceRow(
            "E8", "Is the change worthwhile (probability)?", e.p_worthwhile, None, None, None, 0.95,
            f"{percent(e.p_worthwhile, 2)} that it is at least the worthwhile effect",
        )
    )  # fmt: skip
    return rows


def steady_answer(e: Evidence | None) -> tuple[str, str, Tone]:
    """Answer, detail and tone to "steady?"."""
    if e is None:
        return "Not judged", "not enough data", "neutral"
    part = e.stability_after
    if not part.stable:
        return "No", _why_not(part), "bad"
    if e.n_after < POLICY.stable_points:
        return (
            "Provisionally",
            f"{points(e.n_after)} after; {POLICY.stable_points} are needed to say so",
            "open",
        )
    return "Yes", f"chance that a stable process looks like this: p = {probability(part.p)}", "good"


def _why_not(part: Stability) -> str:
    return f"{points(len(part.spikes))} far out" if part.p > part.alpha and len(part.spikes) > 1 else part.weakest


def cause_answer(c: Context) -> tuple[str, str, Tone]:
    """Answer, detail and tone to "because of the rollout?"."""
    e, d = c.evidence, c.decision
    if e is None:
        return "Not judged", "not enough data", "neutral"
    if d.code == "IMPROVED_AGAINST_TREND":
        return "Yes", "a step for the better, against an adverse trend", "good"
    if d.attribution == "demonstrated":
        p_step = e.p_step_better if d.code != "DETERIORATED" else e.p_step_worse
        detail = "a step at the rollout, beyond any trend"
        if d.reason == "ramp":
            detail = "a gradual start fits the rollout"
        elif p_step >= c.policy.alpha_step:
            detail = "against the untouched series, in which no trend is seen"
        return "Yes", detail, "good" if d.code != "DETERIORATED" else "bad"
    if d.attribution == "open":
        return "Open", "a trend that was already running cannot be ruled out", "open"
    if d.attribution == "refuted":
        if d.reason != "trend" and not e.date.includes_rollout:
            moved = f"the level moved at {c.dates}" if c.date_set else "what moved does not lie at the rollout"
            return "No", moved, "open"
        return "No", "the trend was there before", "open"
    return "Nothing to credit", "no change of level shown", "neutral"


def better_answer(c: Context) -> tuple[str, str, Tone]:
    """Answer, detail and tone to "better?"."""
    e, x = c.evidence, c.effect
    if e is None or x is None:
        return "Not judged", "not enough data", "neutral"
    detail = f"from {quantity(c.judged, x.before)} to {quantity(c.judged, x.after)}"
    if e.p_better < c.policy.level_alpha(e.fewest):
        return "Yes", detail, "good"
    if e.p_worse < c.policy.level_alpha(e.fewest):
        return "No, worse", detail, "bad"
    if c.decision.code == "IMPROVED_AGAINST_TREND":
        return "Than the trend", "same average as before, better than the trend led to", "good"
    if c.decision.code == "IMPROVED_NOT_SUSTAINED":
        return "At first", detail, "bad"
    if c.decision.code == "CHANGE_CAME_LATER":
        return "Later", f"{detail} on average; the level moved for the better at {c.dates}", "open"
    if c.decision.code == "NOT_ATTRIBUTABLE":
        moved = f"; the level moved at {c.dates}" if c.decision.reason == "date" and c.date_set else ""
        return "Not by the rollout", f"{detail} on average{moved}", "open"
    return "Not shown", detail, "neutral"
