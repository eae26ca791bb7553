"""The section "Sites" of a report: every site's own increment beside the effect they share, in words and a picture."""

from __future__ import annotations

from ..render.document import Block, FigureBlock, Paragraph, Table, Tone
from ..render.figure import Figure, Interval, Mark, Panel, Rule
from .policy import POLICY
from .waves import Increment, Waves
from .words import ACTION, SENTENCE, number, percent, probability

_TONE: dict[str, Tone] = {"better": "good", "worse": "bad"}
_FINDING = {
    "better": "better",
    "worse": "worse",
    "not shown": "no change shown on its own",
    "control": "never live (control)",
    "no own increment": "live throughout or too short",
}


def waves_blocks(w: Waves) -> tuple[Block, ...]:
    """Sentence, forest of intervals, table of sites, and the questions asked of all of them together."""
    blocks: list[Block] = [Paragraph(waves_sentence(w), "lead"), FigureBlock(_forest(w), _caption(w)), _sites(w)]
    blocks.append(_questions(w))
    blocks.append(Paragraph(w.differ))
    if w.dose is not None:
        blocks.append(Paragraph(f"At full adoption the effect is {_told(w, w.dose.full)}; {w.dose.finding}."))
    return tuple(blocks)


def waves_sentence(w: Waves) -> str:
    """What going live did, in one sentence."""
    e = w.effect
    live = sum(s.increment is not None for s in w.sites)
    shared = Increment(e.difference, e.difference_low, e.difference_high)
    control = f" and {len(w.controls)} that never did" if w.controls else ""
    return (
        f"Going live changed {w.metric} by {_told(w, shared)}, as seen at {live} site{'s' if live != 1 else ''} "
        f"against sites not yet live{control}; whatever moved all sites alike is taken out."
    )


def waves_answer(w: Waves) -> tuple[str, str]:
    """The verdict in one sentence, and what to do next."""
    e, d = w.evidence, w.decision
    at = f"{_shift_words(w)} the go-lives"
    by_date = d.reason == "date"
    sentence = SENTENCE[d.code].format(
        metric=w.metric,
        date=at,
        why=f"it changed {at}" if by_date else "sites were already on a better course before their own go-live",
        how="varies more" if d.reason == "spread" else "lost its steadiness",
    )
    if d.code == "INSUFFICIENT_DATA":
        return sentence, (
            f"Collect about {number(e.more_data, 2)} times as many points (more periods, or better more sites), then "
            "judge again."
        )
    if d.code == "CHANGE_CAME_LATER":
        sentence = f"{w.metric} is better, but the change came later than the go-lives ({_shift_words(w)} them)."
    action = ACTION[d.code].format(
        more=max(POLICY.stable_points - e.typical_after, 1),
        cause=f"{', '.join(e.after.unsteady)}: {e.after.weakest}",
        ended="",
        where=at if by_date else "in what set the early sites apart",
        needed="",
    )
    return sentence, action


def _shift_words(w: Waves) -> str:
    """The shifts that fit, as people say them: "2 to 4 months after"."""
    low, high = w.shifts[0], w.shifts[-1]
    if low < 0 < high or (low, high) == (0, 0):
        return "about" if w.evidence.shifts.includes_rollout else "away from"
    ends = sorted({abs(low), abs(high)})
    span = " to ".join(str(k) for k in ends)
    unit = w.step_name if ends == [1] else f"{w.step_name}s"
    return f"{span} {unit} {'before' if low < 0 else 'after'}"


def _change(w: Waves, value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    share = w.scale == "proportion"
    return f"{sign}{number(abs(value) * (100 if share else 1))}" + (" points" if share else "")


def _told(w: Waves, i: Increment) -> str:
    return f"{_change(w, i.difference)} (95 % interval {_change(w, i.low)} to {_change(w, i.high)})"


def _level(w: Waves, value: float | None) -> str:
    return percent(value) if w.scale == "proportion" else number(value, 4)


def _caption(w: Waves) -> str:
    return (
        f"Change of {w.metric} at each site's own go-live, with its 95 % interval; {w.better} is better. The mean "
        "effect allows for differences between sites."
    )


def _forest(w: Waves) -> Figure:
    """One interval a site, earliest go-live on top, and the mean effect beneath."""
    share = 100.0 if w.scale == "proportion" else 1.0
    shown = [(s.name, s.increment, "control") for s in w.sites if s.increment is not None]
    e = w.effect
    shown.append(("mean effect", Increment(e.difference, e.difference_low, e.difference_high), "data"))
    places = range(len(shown) - 1, -1, -1)
    marks: list[Mark] = [
        Interval(i.difference * share, i.low * share, i.high * share, float(at), role, f"{name}: {_told(w, i)}")
        for at, (name, i, role) in zip(places, shown, strict=True)
    ]
    marks.append(Rule(0.0, "x", "limit", "no change"))
    panel = Panel(tuple(marks), "", categories=tuple(name for name, _, _ in reversed(shown)))
    unit = " (percentage points)" if w.scale == "proportion" else ""
    return Figure((panel,), f"change of {w.metric}{unit}", _caption(w), legend=False)


def _sites(w: Waves) -> Table:
    rows = []
    for s in w.sites:
        own = s.increment
        rows.append(
            (
                s.name,
                s.go_live or "never",
                s.n_before,
                s.n_after,
                _level(w, s.level_before),
                "" if own is None else _change(w, own.difference),
                "" if own is None else f"{_change(w, own.low)} to {_change(w, own.high)}",
                _FINDING[s.finding],
                "" if s.steady_after is None else "steady" if s.steady_after else "not steady",
            )
        )
    columns = (
        "site",
        "live from",
        "before",
        "after",
        "level before",
        "change",
        "95 % interval",
        "finding",
        "since then",
    )
    tones: tuple[Tone, ...] = tuple(_TONE.get(s.finding, "neutral") for s in w.sites)
    return Table(columns, tuple(rows), "The sites in order of their go-live", tones=tones)


def _questions(w: Waves) -> Table:
    """The evidence that all sites give together."""
    e = w.evidence
    level = Increment(w.effect.difference, w.effect.difference_low, w.effect.difference_high)
    low, high = w.shifts[0], w.shifts[-1]
    span = "none"
    if low or high:
        places = f"{low:+d}" if low == high else f"{low:+d} to {high:+d}"
        holds = "holds the go-lives" if e.shifts.includes_rollout else "without the go-lives"
        span = f"{places} {w.step_name}s: {holds}"
    rows = [
        ("E1, E2", "Is there a step beyond what all sites did?", _told(w, level),
         probability(min(e.p_better, e.p_worse)), POLICY.alpha_level),
        ("E2", "And beyond a trend of each site's own?",
         "cannot be asked" if w.beyond_trends is None else _told(w, w.beyond_trends),
         "" if e.step_beyond_trends is None else probability(e.step_beyond_trends.one_sided()), POLICY.alpha_step),
        ("E3", "Were sites getting better before their own go-live?",
         "cannot be asked" if e.p_lead_better is None else "seen" if e.p_lead_better < POLICY.alpha_trend
         else "not seen", "" if e.p_lead_better is None else probability(e.p_lead_better), POLICY.alpha_trend),
        ("E5", "Which common shift of the go-lives fits best?", span, "", POLICY.date_level),
        ("E6", "Is every site steady after its go-live?",
         "not judged" if not e.after.judged else "yes" if e.after.stable else f"no: {', '.join(e.after.unsteady)} "
         f"({e.after.weakest})", probability(e.after.p) if e.after.judged else "", 0.05),
        ("E7", "Is the effect lost with time?", "seen" if e.p_backslide < POLICY.alpha_backslide else "not seen",
         probability(e.p_backslide), POLICY.alpha_backslide),
        ("E8", "Is the mean effect worthwhile (probability)?", percent(e.p_worthwhile, 2), "", 0.95),
    ]  # fmt: skip
    if e.p_equal is not None:
        rows.append(("", "Do the sites' effects differ?", "seen" if e.p_equal < 0.05 else "not shown",
                     probability(e.p_equal), 0.05))  # fmt: skip
    return Table(("", "question", "answer", "p", "held against"), tuple(rows), "All sites together")
