"""The section of a review's page on its gauge."""

from __future__ import annotations

from ..render.document import Block, FigureBlock, Paragraph, Section, Table
from ..render.figure import Figure, Interval, Panel, Rule
from . import gauge_words as words
from .gauge import GaugeFound
from .words import moved, number, percent


def gauge_section(g: GaugeFound, verdict: str) -> Section:
    """How much is measurement, what the gauge can tell, and what was widened."""
    blocks: list[Block] = [
        Paragraph(words.lead(g), "lead"), Paragraph(words.able(g)), Paragraph(words.widening(g, verdict)),
    ]  # fmt: skip
    if g.widened is not None:
        blocks.append(FigureBlock(_intervals(g), _CAPTION))
    rows = tuple(
        (s.name, kind, number(spread.value), percent(share.value), words.shares(share), alone)
        for s in g.stages
        for kind, spread, share, alone in (
            (words.WITHIN, s.within, s.share_within, ""),
            (words.OVERALL, s.overall, s.share_overall, "–" if s.process is None else number(s.process)),
        )
    )
    blocks.append(Table(words.COLUMNS, rows, words.CAPTION))
    told = words.capability(g)
    blocks += [Paragraph(told)] if told else []
    blocks += [Paragraph(words.FORMULA, "note")] if g.widened is not None else []
    return Section("Is it the gauge?", tuple(blocks), "gauge")


_CAPTION = (
    "The change of level with its 95 % interval: as the points alone tell it, and with a gauge that may have moved"
)


def _intervals(g: GaugeFound) -> Figure:
    w, change = g.widened, g.change
    if w is None or change is None:
        raise ValueError("nothing was widened")
    rows = (("points alone", w.plain_low, w.plain_high, "control"), ("with the gauge", w.low, w.high, "data"))
    marks = [
        Interval(change, low, high, float(1 - i), role, f"{name}: {moved(low, False)} to {moved(high, False)}")
        for i, (name, low, high, role) in enumerate(rows)
    ]
    panel = Panel((*marks, Rule(0.0, "x", "target", "no change")), "", categories=("with the gauge", "points alone"))
    return Figure((panel,), "change of level", f"{_CAPTION}.", legend=False, size="half")
