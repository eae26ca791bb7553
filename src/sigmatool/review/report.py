"""The page of a review: the answer first, then what it rests on."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..charts.record import footer
from ..charts.report import points_table
from ..numbers.scales import Effect
from ..render.document import (
    Answer,
    Block,
    Bullets,
    Chip,
    Chips,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Tone,
)
from ..render.figure import Bars, Figure, Panel, Rule
from .adoption_report import adoption_section
from .benefit_report import benefit_section
from .capability_report import capability_section
from .gauge_report import gauge_section
from .guards_report import side_effects
from .handover_report import handover_section
from .increments import Increment
from .method_report import method_and_record
from .metrics_report import other_metrics
from .page_parts import numbers_table, path_table, report_card
from .policy import POLICY
from .result import Review
from .wording import judged_noun
from .words import TONE, TURN, WOULD_CHANGE, counted, moved, number, percent, probability


def document(r: Review) -> Document:
    """The report of a review, page by page; sections without data are left out."""
    sections = [_answer(r), _before_after(r), _is_it_the_rollout(r)]
    if r.capability is not None:
        sections.append(capability_section(r))
    sections += _beside_verdict(r)
    if r.guards:
        sections.append(side_effects(r))
    if r.metrics:
        sections.append(other_metrics(r.metrics))
    sections += [handover_section(r), report_card(r.report_card, r.rate_sentences), method_and_record(r)]
    when = f"rollout {r.date.rollout}, {counted(r.n_before, judged_noun(r.judged))} before and {r.n_after} after"
    return Document(r.title, tuple(s for s in sections if s.blocks), when, footer(r.provenance))


def _beside_verdict(r: Review) -> list[Section]:
    """The gauge, adoption and money, where asked for."""
    found = [] if r.gauge is None else [gauge_section(r.gauge, r.verdict)]
    found += [] if r.adoption is None else [adoption_section(r, r.adoption)]
    counted_events = r.scale in ("proportion", "rate", "between")
    return found if r.benefit is None else [*found, benefit_section(r.benefit, r.verdict, counted_events)]


def level(r: Review, value: float | None) -> str:
    """A level in the metric's own unit; proportions as percentages."""
    return percent(value) if r.scale == "proportion" else number(value, 4)


def change(r: Review, value: float | None) -> str:
    """A difference; proportions in percentage points."""
    if value is None:
        return "-"
    return moved(value, r.scale == "proportion")


def _interval(r: Review, low: float | None, high: float | None) -> str:
    return f"95 % interval {change(r, low)} to {change(r, high)}"


def _answer(r: Review) -> Section:
    tone: Tone = TONE[r.verdict]
    blocks: list[Block] = [Answer(r.verdict, r.sentence, r.next_action, tone, r.qualifiers)]
    e = r.effect
    if e is not None:
        figures = [
            KeyFigure(
                change(r, e.difference),
                f"change of {r.metric}",
                _interval(r, e.difference_low, e.difference_high),
            ),
            KeyFigure(f"{level(r, e.before)} → {level(r, e.after)}", "modelled level before → after", _averages(r)),
        ]
        if e.ratio is not None and e.ratio_low is not None:
            low, high = number(e.ratio_low), number(e.ratio_high)
            figures.append(
                KeyFigure(f"× {number(e.ratio)}", "level after over before", f"95 % interval {low} to {high}")
            )
        blocks.append(KeyFigures(tuple(figures)))
    chips = tuple(Chip(q, a, d, t) for q, (a, d, t) in zip(_QUESTIONS, r.answers, strict=True))
    blocks.append(Chips(chips))
    blocks.append(FigureBlock(r.figure(), _chart_caption(r), points_table(r.charts[0])))
    blocks += _what_next(r)
    if r.looks is not None:
        blocks.append(Paragraph(r.looks.sentence(r.judged.n_after) + _peeked(r), "note"))
    blocks += [Paragraph(c.text, "note") for c in r.caveats if c.code not in _TOLD_ABOVE]
    return Section("The answer", tuple(blocks), "answer")


_TOLD_ABOVE = frozenset({"default-worthwhile", "gauge-turns-verdict"})
"""Caveats that stand among the qualifiers of the answer already."""


def _what_next(r: Review) -> list[Block]:
    """What would turn the verdict, and when to look again."""
    why = r.why()
    turns = [TURN.format(step=step) for step in why.steps if step.otherwise][-_TURNS:]
    turns += [why.more_text] if why.more_text else []
    found: list[Block] = [Paragraph(WOULD_CHANGE, "lead"), Bullets(tuple(turns))] if turns else []
    return [*found, Paragraph(r.handover.next_review.text)]


_TURNS = 2
"""Answers told on the first page: the last ones asked are those nearest to the verdict."""


def _peeked(r: Review) -> str:
    """The interval that goes with always-valid p values; the others on the page are those of a single look."""
    if r.peeked is None:
        return ""
    shown = " The 95 % intervals on this page are those of a single look"
    if r.peeked_change is None:
        return f"{shown}; the data bound no change that holds at all looks."
    low, high = r.peeked_change
    return f"{shown}; one that holds at all looks together is {change(r, low)} to {change(r, high)}."


def _averages(r: Review) -> str:
    """The plain averages, for those who check against the chart."""
    before, after = r.charts[0].stages[-2], r.charts[0].stages[-1]
    if r.better == "target":
        return ""
    return f"plain averages {level(r, before.center)} → {level(r, after.center)}"


_QUESTIONS = ("Better?", "Because of the rollout?", "Steady?", "Meets its requirement?")


def _chart_caption(r: Review) -> str:
    chart = r.charts[0]
    return (
        f"{chart.metric}, {chart.kind} chart with limits of each stage's own ({chart.sigma_method}). Marked points "
        "carry the number of the Nelson rule that fired; they are hints, the verdict rests on the calibrated test."
    )


OWN_LIMITS = (
    "The same points on the limits frozen before the rollout: had nothing changed, the points after would stay inside "
    "them."
)
HELD_LIMITS = (
    "The same points on the limits that were frozen earlier (limits): had nothing changed since, they would stay "
    "inside them."
)


def _before_after(r: Review) -> Section:
    frozen = r.charts[1]
    table = Table(
        ("stage", "points", "centre", "sigma", "lower limit", "upper limit"),
        tuple(
            (s.name, s.n, level(r, s.center), number(s.sigma, 4), level(r, s.lower), level(r, s.upper))
            for s in r.charts[0].stages
        ),
        "Each stage with limits of its own",
    )
    caption = HELD_LIMITS if r.settings["limits"] else OWN_LIMITS
    # with subgroups the spread inside them is half of the story
    panels = 2 if r.settings["subgroup"] is not None else 1
    told = numbers_table(r.in_numbers, partial(level, r))
    blocks = [FigureBlock(frozen.figure(panels), caption), told, table, *_increments(r)]
    return Section(
        "Before and after",
        tuple(blocks),
        "before-after",
        page_break=True,
    )


def _increments(r: Review) -> list[Block]:
    """Each of several rollouts, and all together."""
    if not r.increments:
        return []
    rows = tuple(
        (
            part.name,
            part.rollout,
            f"{part.n_before} + {part.n_after}",
            "" if part.effect is None else f"{level(r, part.effect.before)} → {level(r, part.effect.after)}",
            "" if part.effect is None else change(r, part.effect.difference),
            "" if part.effect is None else _change_range(r, part.effect),
            part.verdict or _together(part),
        )
        for part in r.increments
    )
    columns = ("stage", "from", "points", "level", "change", "95 % interval", "verdict")
    caption = (
        "Each rollout against the stage before it; last, all together: the last stage against the first. The verdict "
        "of this review is that of the last rollout."
    )
    return [
        Table(
            columns,
            rows,
            caption,
            tones=tuple(TONE[part.verdict] if part.verdict else "neutral" for part in r.increments),
        ),
        *(Paragraph(f"{part.name}: {part.reason}", "note") for part in r.increments if part.reason),
    ]


def _together(part: Increment) -> str:
    p = part.p_better
    if p is None:
        return ""
    return f"better than at first (p {_p(p)})" if p < POLICY.alpha_level else "not shown to be better than at first"


def _change_range(r: Review, e: Effect) -> str:
    return f"{change(r, e.difference_low)} to {change(r, e.difference_high)}"


def _is_it_the_rollout(r: Review) -> Section:
    blocks: list[Block] = []
    rows = tuple(
        (
            row.id,
            row.question,
            _num(row.estimate),
            _range(row.low, row.high),
            _p(row.p),
            _num(row.level),
            row.finding,
        )
        for row in r.evidence
    )
    if r.date_curve:
        blocks.append(FigureBlock(_date_figure(r), _date_caption(r)))
    if r.control is not None:
        c = r.control
        blocks.append(
            Paragraph(
                f"The untouched series {c.name} went from {level(r, c.before)} to {level(r, c.after)} over the same "
                f"points ({change(r, c.difference)}, {_interval(r, c.low, c.high)}). The verdict judges the "
                "difference between the two."
            )
        )
    blocks += _path(r)
    if r.breakdown is not None:
        blocks.append(Paragraph(r.breakdown_text))
    if rows:
        columns = ("id", "question", "estimate", "95 % interval", "p", "held against", "finding")
        blocks.append(Table(columns, rows, "The evidence; p values are one-sided"))
        blocks += _beside(r)
    return Section("Is it the rollout?", tuple(blocks), "rollout")


def _beside(r: Review) -> list[Block]:
    """What holds however often one looked, and what the usual tests would have said."""
    found: list[Block] = []
    if r.always_valid is not None and r.looks is None:
        found.append(Paragraph(f"If this is not the first look at these data: {r.always_valid.text}."))
    rows = tuple((row.test, row.said, "agrees" if row.agrees else row.why) for row in r.context)
    if rows:
        columns = ("test", "would have said", "beside the verdict")
        found.append(Table(columns, rows, "The usual tests, for comparison; they decide nothing"))
    return found


def _path(r: Review) -> list[Block]:
    """How the table came to the verdict, step by step."""
    why = r.why()
    if not why.steps:
        return []
    return [path_table(why)]


def _num(value: float | None) -> str:
    return "" if value is None else number(value)


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{number(low)} to {number(high)}"


def _p(p: float | None) -> str:
    return "" if p is None else probability(p)


def _date_caption(r: Review) -> str:
    if not r.date.set:
        return "Where a single lasting step would lie; none is seen with confidence."
    first, last = r.date.set[0], r.date.set[-1]
    span = first if first == last else f"{first} to {last}"
    if len(r.date.set) > len(r.date_curve) / 4:
        span = f"one of {len(r.date.set)} dates from {first} to {last} (the data cannot tell them apart)"
    holds = "holds" if r.date.includes_rollout else "does not hold"
    share = percent(r.date.probability_at_rollout, 2)
    return (
        f"When did the level move? With 95 % probability at {span}; this {holds} the rollout ({r.date.rollout}; "
        f"{share} within one point of it)."
    )


def _date_figure(r: Review) -> Figure:
    labels = [label for label, _ in r.date_curve]
    mass = np.array([p for _, p in r.date_curve])
    chart = r.charts[0]
    x_of = dict(zip(chart.axis.labels, chart.axis.x, strict=True))
    centres = np.array([float(x_of[label]) for label in labels])
    width = float(np.median(np.diff(centres))) if centres.size > 1 else 1.0
    text = tuple(f"{label}: {percent(p, 2)}" for label, p in r.date_curve)
    marks = (
        Bars(centres, mass, width, "data", "probability that the level moved here", text),
        Rule(float(x_of[r.date.rollout]), "x", "rollout", f"rollout {r.date.rollout}"),
    )
    return Figure(
        (Panel(marks, "probability", percent=True),),
        chart.axis.name,
        _date_caption(r),
        x_kind="time" if chart.axis.kind == "time" else "number",
        legend=False,
    )
