"""What a rollout in waves says about itself: sentences, qualifiers, answers, evidence rows, the path to the verdict."""

from __future__ import annotations

from typing import Final

from ..numbers.stability import ALPHA
from ..render.document import Tone
from .decision import Fact
from .policy import POLICY
from .result import EvidenceRow
from .waves_evidence import ALPHA_DIFFER, Steadiness
from .waves_result import Increment, Waves
from .why import Reason, Why
from .words import ACTION, SENTENCE, moved, number, percent, points, probability

QUESTION: Final = {
    "worse": "Is the level worse than at sites not yet live?",
    "gained": "Is the level better than at sites not yet live?",
    "date": "Do the shifts of the go-lives that fit hold the go-lives themselves?",
    "later": "Did the level move only after the go-lives?",
    "growing": "Does the effect grow with the time since the go-live?",
    "lead": "Were early sites already on a better course before their own go-live?",
    "beyond": "Is there still a step beyond a trend of each site's own?",
    "backslide": "Is the gain being lost again?",
    "stable": "Is every site steady after its go-live?",
    "risen": "Did the sites' own averages get better, not only hold while others got worse?",
    "enough": "Has a typical site enough points after its go-live to call it stable?",
    "more_spread": "Do the sites vary more than before?",
    "moved": "Did the level plainly move, but at another time?",
    "moved_better": "Was that move for the better?",
    "less_spread": "Do the sites vary less than before?",
    "lost_steadiness": "Has a steady site become unsteady?",
    "small": "Is every worthwhile change ruled out?",
    "powered": "Were there enough points to see a worthwhile change?",
}
"""What each fact of the table of waves asks."""


def change(w: Waves, value: float) -> str:
    """A difference in the metric's own unit; proportions in percentage points."""
    return moved(value, w.scale == "proportion")


def span(w: Waves, i: Increment) -> str:
    """An interval in words."""
    return f"{change(w, i.low)} to {change(w, i.high)}"


def told(w: Waves, i: Increment) -> str:
    """A change with its interval."""
    return f"{change(w, i.difference)} (95 % interval {span(w, i)})"


def level(w: Waves, value: float | None) -> str:
    """A level; proportions as percentages."""
    return percent(value) if w.scale == "proportion" else number(value, 4)


def mean_effect(w: Waves) -> Increment:
    """The effect that the sites share, as an increment."""
    e = w.effect
    return Increment(e.difference, e.difference_low, e.difference_high)


def effect_sentence(w: Waves) -> str:
    """What going live did, in one sentence."""
    live = sum(s.increment is not None for s in w.sites)
    control = f" and {len(w.controls)} that never did" if w.controls else ""
    return (
        f"Going live changed {w.metric} by {told(w, mean_effect(w))}, as seen at {live} site{'s' if live != 1 else ''} "
        f"against sites not yet live{control}; whatever moved all sites alike is taken out."
    )


def sentence(w: Waves) -> str:
    """The verdict in one sentence."""
    d, at = w.decision, f"{shift_words(w)} the go-lives"
    if d.code == "CHANGE_CAME_LATER":
        return f"{w.metric} is better, but the change came later than the go-lives ({shift_words(w)} them)."
    return SENTENCE[d.code].format(
        metric=w.metric,
        date=at,
        why=f"it changed {at}"
        if d.reason == "date"
        else "sites were already on a better course before their own go-live",
        how="varies more" if d.reason == "spread" else "lost its steadiness",
    )


def next_action(w: Waves) -> str:
    """What to do on Monday."""
    e, d = w.findings, w.decision
    if d.code == "INSUFFICIENT_DATA":
        return (
            f"Collect about {number(e.more_data, 2)} times as many points (more periods, or better more sites), then "
            "judge again."
        )
    return ACTION[d.code].format(
        more=max(POLICY.stable_points - e.typical_after, 1),
        cause=f"{', '.join(e.after.unsteady)}: {e.after.weakest}",
        ended="",
        where=f"{shift_words(w)} the go-lives" if d.reason == "date" else "in what set the early sites apart",
        needed="",
    )


def shift_words(w: Waves) -> str:
    """The shifts that fit, as people say them: "2 to 4 months after"."""
    low, high = w.shifts[0], w.shifts[-1]
    if low < 0 < high or (low, high) == (0, 0):
        return "about" if w.findings.shifts.includes_rollout else "away from"
    ends = sorted({abs(low), abs(high)})
    unit = w.step_name if ends == [1] else f"{w.step_name}s"
    return f"{' to '.join(str(k) for k in ends)} {unit} {'before' if low < 0 else 'after'}"


def shift_span(w: Waves) -> str:
    """The shifts that fit, as numbers: "-1 to +2 months"."""
    low, high = w.shifts[0], w.shifts[-1]
    if low == high == 0:
        return f"0 {w.step_name}s"
    return f"{_signed(low)} to {_signed(high)} {w.step_name}s" if low != high else f"{_signed(low)} {w.step_name}s"


def _signed(shift: int) -> str:
    return f"{shift:+d}".replace("-", "−") if shift else "0"


def qualifiers(w: Waves) -> tuple[str, ...]:
    """Short additions that bound the verdict."""
    e, found = w.findings, []
    if w.verdict.startswith("IMPROVED") and w.verdict != "IMPROVED_AGAINST_TREND":
        if e.p_worthwhile > 0.95:
            found.append("the mean gain is worthwhile")
        elif e.p_worthwhile < 0.05:
            found.append("the mean gain is smaller than worthwhile")
        else:
            found.append("the size of the mean gain is uncertain")
    worse = [s.name for s in w.sites if s.finding == "worse"]
    if worse and w.verdict != "DETERIORATED":
        found.append(f"on its own worse at {', '.join(worse)}")
    if e.p_equal is not None and e.p_equal < ALPHA_DIFFER:
        found.append("the effect differs between sites")
    if w.verdict == "DETERIORATED" and w.attribution == "refuted":
        found.append("that the rollout caused it is refuted")
    if e.default_worthwhile:
        found.append("no worthwhile effect was named: half a noise standard deviation stands in for it")
    return tuple(found)


def answers(w: Waves) -> tuple[tuple[str, str, Tone], ...]:
    """Better, because of the rollout, steady, alike at all sites: answer, detail, tone."""
    return _better(w), _cause(w), _steady(w), _alike(w)


def _better(w: Waves) -> tuple[str, str, Tone]:
    e, detail = w.findings, "compared with sites not yet live"
    if e.p_worse < POLICY.alpha_level:
        return "No, worse", detail, "bad"
    if w.verdict == "IMPROVED_NOT_SUSTAINED":
        return "At first", detail, "bad"
    if w.verdict == "IMPROVED_AGAINST_TREND":
        return "Than without", "the averages are no better, but the other sites got worse", "good"
    return ("Yes", detail, "good") if e.p_better < POLICY.alpha_level else ("Not shown", detail, "neutral")


def _cause(w: Waves) -> tuple[str, str, Tone]:
    if w.attribution == "demonstrated":
        harm = w.verdict == "DETERIORATED"
        return "Yes", "the change came with each site's own go-live", "bad" if harm else "good"
    if w.attribution == "refuted":
        led = "sites were on that course before their own go-live"
        late = not w.findings.shifts.includes_rollout
        return "No", f"the change came {shift_words(w)} the go-lives" if late else led, "open"
    return "Nothing to credit", "no change of level shown", "neutral"


def _steady(w: Waves) -> tuple[str, str, Tone]:
    e = w.findings
    if not e.after.judged:
        return "Not judged", f"no site has {POLICY.least_points} points after", "neutral"
    if not e.after.stable:
        return "No", f"{', '.join(e.after.unsteady)}: {e.after.weakest}", "bad"
    if e.typical_after < POLICY.stable_points:
        needed = f"{points(e.typical_after)} after at a typical site; {POLICY.stable_points} are needed to say so"
        return "Provisionally", needed, "open"
    return "Yes", f"{len(e.after.judged)} sites judged, each on its own", "good"


def _alike(w: Waves) -> tuple[str, str, Tone]:
    p = w.findings.p_equal
    if p is None:
        return "Cannot be told", "one site alone shows its own increment", "neutral"
    if p < ALPHA_DIFFER:
        return "No", "the effect plainly differs between sites", "open"
    return "No difference shown", f"equal effects would look like this: p = {probability(p)}", "good"


def evidence_rows(w: Waves) -> tuple[EvidenceRow, ...]:
    """Every question asked of all sites together, its answer, its p value and what it is held against."""
    return (*_level_rows(w), *_steady_rows(w), *_site_rows(w))


def _level_rows(w: Waves) -> list[EvidenceRow]:
    e, x, b = w.findings, mean_effect(w), w.beyond_trends
    better = e.p_better <= e.p_worse
    p = min(e.p_better, e.p_worse)
    word = "better" if better else "worse"
    step = e.step_beyond_trends
    p_step = None if step is None else step.one_sided(1.0 if better else -1.0)
    mean, low, high = (None, None, None) if b is None else (b.difference, b.low, b.high)
    seen = "cannot be told from trends of the sites' own"
    if p_step is not None and p_step < POLICY.alpha_step:
        seen = "a step beyond trends of the sites' own"
    lead, course = None, "cannot be asked: too few points before the go-lives"
    if e.p_lead_better is not None and e.p_lead_worse is not None:
        lead, course = min(e.p_lead_better, e.p_lead_worse), "no other course seen"
        if lead < POLICY.alpha_trend:
            course = "already on a " + ("better" if e.p_lead_better < e.p_lead_worse else "worse") + " course"
    return [
        EvidenceRow(
            "E1", "Is the level better, or worse, than at sites not yet live?", x.difference, x.low, x.high, p,
            POLICY.alpha_level, word if p < POLICY.alpha_level else "no change of level shown",
        ),
        EvidenceRow(
            "E2", "Is there a step beyond a trend of each site's own?", mean, low, high, p_step, POLICY.alpha_step,
            "cannot be asked: no such trend can be told from the go-lives" if b is None else seen,
        ),
        EvidenceRow(
            "E2r", "Does the effect grow with the time since the go-live?", None, None, None, e.p_growing,
            POLICY.alpha_ramp, "it grows" if e.p_growing < POLICY.alpha_ramp else "no growth shown",
        ),
        EvidenceRow(
            "E3", "Were sites on another course before their own go-live?", None, None, None, lead, POLICY.alpha_trend,
            course,
        ),
    ]  # fmt: skip


def _steady_rows(w: Waves) -> list[EvidenceRow]:
    e, s = w.findings, w.findings.spread
    spread = "no change of spread shown"
    if min(s.p_less, s.p_more) < POLICY.alpha_spread:
        spread = "vary less" if s.p_less < s.p_more else "vary more"
    holds = "holds the go-lives" if e.shifts.includes_rollout else "without the go-lives"
    best = float(e.shifts.shift[int(e.shifts.probability.argmax())])
    rows = [
        EvidenceRow(
            "E4", "Did the spread of the sites change (ratio after to before)?", s.ratio, s.low, s.high,
            min(s.p_less, s.p_more), POLICY.alpha_spread, spread,
        ),
        EvidenceRow(
            "E5", f"Which common shift of the go-lives fits best ({w.step_name}s)?", best, float(w.shifts[0]),
            float(w.shifts[-1]), None, POLICY.date_level, f"95 % set {holds}",
        ),
    ]  # fmt: skip
    for name, part in (("before", e.before), ("after", e.after)):
        p = part.p if part.judged else None
        question = f"Is every site steady {name} its go-live?"
        rows.append(EvidenceRow("E6", question, None, None, None, p, ALPHA, _steadiness(part)))
    lost = "the gain is being lost" if e.p_backslide < POLICY.alpha_backslide else "no loss shown"
    rows.append(
        EvidenceRow(
            "E7", "Is the gain lost with the time since the go-live?", None, None, None, e.p_backslide,
            POLICY.alpha_backslide, lost,
        )
    )  # fmt: skip
    rows.append(
        EvidenceRow(
            "E8", "Is the mean effect worthwhile (probability)?", e.p_worthwhile, None, None, None, 0.95,
            f"{percent(e.p_worthwhile, 2)} that it is at least the worthwhile effect",
        )
    )  # fmt: skip
    return rows


def _steadiness(part: Steadiness) -> str:
    if not part.judged:
        return f"not judged: no stretch of {POLICY.least_points} points"
    return f"{len(part.judged)} sites judged: " + (
        "all steady" if part.stable else f"not {', '.join(part.unsteady)} ({part.weakest})"
    )


def _site_rows(w: Waves) -> list[EvidenceRow]:
    e, rows = w.findings, []
    if e.p_equal is not None:
        rows.append(
            EvidenceRow(
                "sites", "Do the sites' effects differ?", None, None, None, e.p_equal, ALPHA_DIFFER,
                "they differ" if e.p_equal < ALPHA_DIFFER else "no difference shown",
            )
        )  # fmt: skip
    if w.dose is not None:
        d = w.dose
        rows.append(
            EvidenceRow(
                "dose", "What is the effect at full adoption?", d.full.difference, d.full.low, d.full.high, d.p_better,
                POLICY.alpha_level, d.finding,
            )
        )  # fmt: skip
    return rows


def why(w: Waves) -> Why:
    """Put the path of the decision into words."""
    steps = tuple(
        Reason(
            "averages" if step.fact.id == "means" else step.fact.id, QUESTION[step.name],
            "Yes" if step.fact.holds else "No", _evidence(w, step.fact),
            "" if step.otherwise == w.verdict else step.otherwise,
        )
        for step in w.decision.path
    )  # fmt: skip
    return Why(w.verdict, steps, None)


def _evidence(w: Waves, fact: Fact) -> str:
    if fact.id == "means":
        moved = change(w, _plain(w))
        return f"mean after less mean before, inside the sites: {moved}"
    if fact.id == "E5":
        return f"95 % set of shifts: {shift_span(w)}"
    if fact.value is None or fact.bound is None:
        return "cannot be asked here"
    if fact.id == "n":
        return f"{points(int(fact.value))}, {number(fact.bound)} needed"
    name = "probability" if fact.id == "E8" else "p"
    return f"{name} {probability(fact.value).replace('< ', 'below ')}, held against {number(fact.bound)}"


def _plain(w: Waves) -> float:
    """The plain change of the sites' averages, in the metric's own unit."""
    scale, sign, before = w.case.scale, w.case.sign, w.effect.before
    return scale.back(scale.forward(before) + sign * w.findings.plain_change) - before
