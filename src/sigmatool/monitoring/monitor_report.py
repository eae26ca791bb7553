"""The page of a monitor: what is new, each characteristic on its limits, and the record."""

from __future__ import annotations

from ..charts.record import footer, record
from ..render.document import Block, Chip, Chips, Document, FigureBlock, Paragraph, Section, Table
from ..render.figure import Figure, Picture, Sheet
from . import monitor_words as words
from .result import Monitored, Watched


def picture(found: Monitored) -> Picture:
    """The chart of each characteristic."""
    figures = tuple(w.chart.figure(panels=1) for w in found.watched if w.chart is not None)
    if len(figures) == 1:
        return figures[0]
    if not figures:
        return Figure((), "", found.headline)
    return Sheet(figures, 1, found.plan, found.headline)


def document(found: Monitored) -> Document:
    """What is new first, then every characteristic, then how to make the page again."""
    first: list[Block] = [Paragraph(found.headline, "lead"), Chips(tuple(_chip(w) for w in found.watched))]
    if found.alarms:
        first.append(_alarms(found))
    first += [Paragraph(c.text, "note") for c in found.caveats]
    sections = [Section("What is new", tuple(first), "new")]
    for i, w in enumerate(found.watched, 1):
        sections.append(Section(w.name, _watched(w), f"characteristic-{i}"))
    sections.append(record(found, _entries(found), account="; ".join(words.account(w) for w in found.watched)))
    return Document(f"Monitor: {found.plan}", tuple(sections), words.moment(found.at), footer(found.provenance))


def _chip(w: Watched) -> Chip:
    if not w.points:
        return Chip(w.name, "nothing yet", words.account(w), "open")
    if w.open:
        return Chip(w.name, f"{w.open} open", f"of {w.signals} signals up to {w.newest}", "bad")
    return Chip(w.name, "quiet" if not w.signals else "answered", f"up to {w.newest}", "good")


def _alarms(found: Monitored) -> Table:
    rows = tuple(
        (a.number, a.characteristic, a.label, words.where(a), f"{a.text} [{a.rule}]", "; ".join(words.what_to_do(a)))
        for a in found.alarms[:20]
    )
    left = len(found.alarms) - len(rows)
    caption = "Signals told now, and what to do" + (f"; {left:,} more stand in the state" if left else "")
    return Table(("no.", "characteristic", "point", "value", "signal", "reaction"), rows, caption)


def _watched(w: Watched) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph(words.standing(w))]
    if w.chart is not None:
        from ..charts.report import points_table

        blocks.append(FigureBlock(w.chart.figure(), f"{w.entry.kind} chart on frozen limits", points_table(w.chart)))
    return tuple(blocks)


def _entries(found: Monitored) -> list[tuple[str, str]]:
    return [
        (f"Limits of {w.name}", f"entry {w.entry.number}, {w.entry.sha256[:12]}, frozen {w.entry.at} by {w.entry.by}")
        for w in found.watched
    ]
