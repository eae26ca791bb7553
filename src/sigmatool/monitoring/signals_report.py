"""The page of the signals of a state: their causes as a Pareto chart, and each of them."""

from __future__ import annotations

import numpy as np

from ..charts.record import footer, record
from ..lean.pareto_picture import Series, bars_and_line
from ..render.document import Block, Document, FigureBlock, Paragraph, Section, Table
from ..render.figure import Figure
from . import monitor_words as words
from .signals import Signals

_MOST = 500


def pareto(found: Signals) -> Figure:
    """Bars by cause, most frequent first, and the share of all signals up to each."""
    names = tuple(c.cause for c in found.causes)
    counts, shares = (
        np.array([getattr(c, name) for c in found.causes], dtype=np.float64) for name in ("signals", "cumulative")
    )
    bars = Series("signals", "count", counts, shares, tuple(f"{c.cause}: {c.signals}" for c in found.causes))
    return bars_and_line(names, (bars,), "signals", "cause", words.pareto_alt(found))


def document(found: Signals) -> Document:
    """Causes first, then every signal, then rows that came late or were corrected."""
    first: list[Block] = [Paragraph(found.headline, "lead")]
    if found.causes:
        rows = tuple((c.cause, c.signals, c.share, c.cumulative) for c in found.causes)
        table = Table(("cause", "signals", "share", "share up to here"), rows, words.CAUSES, ("", "", ".0%", ".0%"))
        first += [FigureBlock(pareto(found), words.CAUSES), table] if len(found.causes) > 1 else [table]
    sections = [Section("Causes", tuple(first), "causes")]
    if found.signals:
        listed = tuple(
            (s["number"], s["characteristic"], s["label"], f"{s['text']} [{s['rule']}]", words.answer(s))
            for s in found.signals[:_MOST]
        )
        caption = words.most("signals", len(found.signals), len(listed))
        table = Table(("no.", "characteristic", "point", "signal", "answer"), listed, caption)
        sections.append(Section("Signals", (table,), "signals"))
    if found.changes:
        moved = tuple(
            (c["stream"], c["label"], c["kind"], c["field"], c["was"], c["now"], c["source"], words.moment(c["at"]))
            for c in found.changes[:_MOST]
        )
        caption = words.most("late and corrected rows", len(found.changes), len(moved))
        table = Table(("characteristic", "point", "what", "field", "was", "is", "source", "at"), moved, caption)
        sections.append(Section("Late and corrected rows", (table,), "changes"))
    sections.append(record(found))
    return Document(f"Signals: {found.state}", tuple(sections), "", footer(found.provenance))
