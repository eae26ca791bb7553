"""The page of a plan: when a review can answer, whether the baseline will do, what the monitor will see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..render.document import (
    Answer,
    Block,
    Bullets,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Tone,
)
from ..review.policy import POLICY
from ..review.words import number, percent, points
from . import words

if TYPE_CHECKING:
    from .result import Plan


def document(p: Plan) -> Document:
    """The whole page."""
    b = p.baseline
    subtitle = f"{points(int(b.used.sum()))} before the rollout, {b.live.axis.labels[0]} to {b.live.axis.labels[-1]}"
    sections = (_answer(p), _baseline(p), _watch(p), _method(p))
    return Document(p.title, sections, subtitle, footer(p.provenance))


def _answer(p: Plan) -> Section:
    ready = f"baseline {words.SETTLED[p.readiness]}"
    blocks: list[Block] = [
        Answer(p.code, p.headline, p.next_action, p.tone, (ready,)),
        KeyFigures(_figures(p)),
        FigureBlock(p.figure(), _caption(p), _chances(p)),
        _needed(p),
        Paragraph(words.least(POLICY.least_points, POLICY.stable_points, p.baseline.block)),
        Paragraph(words.silence(p.silence, p.baseline.n_at_rollout * p.baseline.block)),
        Paragraph(words.how_sure(p.baseline.sd_high, p.baseline.sd), "note"),
    ]
    blocks += [Paragraph(c.text, "note") for c in p.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _figures(p: Plan) -> tuple[KeyFigure, ...]:
    first, told = p.needed[0], words.effect(p.needed[0].effect, p.share, p.better)
    sure = f"for {told}, in {percent(p.asked.power, 3)} of reviews"
    better, credited = p.meeting.chance[0]
    return (
        KeyFigure(words.after(first.better, first.better_date), "points after the rollout until called better", sure),
        KeyFigure(words.after(first.credited, first.credited_date), "points after it until credited to it", sure),
        KeyFigure(
            words.after(p.meeting.points, p.meeting.date), "points after it at the planned review",
            f"called better {percent(better, 3)}, credited {percent(credited, 3)}",
        ),
    )  # fmt: skip


def _caption(p: Plan) -> str:
    looks = " at each planned look" if p.design.looks is not None and p.design.looks.planned else ""
    return (
        f"Share of reviews{looks} that call a lasting change better than before (above), and credit the rollout with "
        "it (beneath). The dashed line is the wanted share, the upright one the planned review."
    )


def _chances(p: Plan) -> Table:
    frame = p.to_frame()
    rows = tuple(
        (e, n, d, percent(a, 3), percent(c, 3))
        for e, n, d, a, c in zip(*(frame[name].tolist() for name in frame.columns), strict=True)
    )
    return Table(
        ("change", "points after", "when", "called better", "credited"), rows, "Chances by points", folded=True
    )


def _needed(p: Plan) -> Table:
    chance = percent(p.asked.power, 3)
    columns = ("lasting change", "of the noise", "called better from", "credited from", "careful", "in each stage")
    rows = tuple(
        (
            words.effect(n.effect, p.share, p.better) + (", the worthwhile one" if n.effect.worthwhile else ""),
            f"{number(n.effect.noise, 2)} sd",
            words.after(n.better, n.better_date),
            words.after(n.credited, n.credited_date) if n.credited is not None
            else f"never (at most {percent(n.alone, 2)})",
            words.after(n.careful, ""),
            words.after(n.each, ""),
        )
        for n in p.needed
    )  # fmt: skip
    caption = (
        f"Points after the rollout from which on {chance} of reviews answer; in each stage: had the baseline as many"
    )
    tones: tuple[Tone, ...] = tuple(
        "good" if n.credited is not None else "open" if n.better is not None else "bad" for n in p.needed
    )
    return Table(columns, rows, caption, tones=tones)


def _baseline(p: Plan) -> Section:
    columns = ("question", "result", "what it costs", "what to do")
    rows = tuple((c.check, c.result, c.consequence, c.action) for c in p.report_card)
    table = Table(
        columns, rows, "What the points before the rollout can carry", tones=tuple(c.tone for c in p.report_card)
    )
    return Section("Will the baseline do?", (table,), "baseline", page_break=True)


def _watch(p: Plan) -> Section:
    w = p.watch
    blocks: list[Block] = [Paragraph(words.watch_line(w))]
    if not w.slips:
        return Section("What the monitor will see", (*blocks, Paragraph(words.NO_RUN_LENGTHS, "note")), "watch")
    step = p.baseline.points.axis.step
    unit = "points" if step in ("point", "step") else f"points (one every {step})"
    rows = tuple(
        (words.slip(s, p.share, p.better), f"{number(s.sigma, 3)}", number(s.mean, 3), s.median, s.ninety)
        for s in w.slips
    )
    columns = ("slip", "in sigma", "on average (ARL)", "half by", "nine of ten by")
    blocks.append(Table(columns, rows, f"From the slip to the first signal, in {unit}"))
    blocks.append(Paragraph(words.LOCATION_ONLY, "note"))
    return Section("What the monitor will see", tuple(blocks), "watch")


def _method(p: Plan) -> Section:
    b = p.baseline
    wrong = (Paragraph("How often is such a review wrong?", "lead"), Bullets(p.rates.sentences[:1]))
    facts = (
        ("Level before", words.level(b.scale.back(b.level), p.share)),
        ("Noise", words.noise(b.sd, b.sd_low, b.sd_high, b.scale.name)),
        ("Study", p.rates.label),
    )  # fmt: skip
    before = (*wrong, Paragraph(words.method()))
    return record(p, facts, before=before, title="Method and record", id="method")
