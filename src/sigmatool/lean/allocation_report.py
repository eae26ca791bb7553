"""The part of a capacity page on what people are promised to."""

from __future__ import annotations

import math

from ..charts.report import MOST_ROWS
from ..charts.words import number, percent
from ..render.document import Block, FigureBlock, Paragraph, Section, Table, Tone
from . import capacity_words as words
from .allocation_picture import allocated
from .allocation_study import Allocation, Cell


def section(a: Allocation) -> Section:
    """How often more is promised than there is, where, and by which work."""
    blocks: list[Block] = [Paragraph(words.allocation_line(a), "lead")]
    if a.cells:
        blocks.append(FigureBlock(allocated(a), "", _cells(a)))
    if a.pairs:
        blocks += [_pairs(a), Paragraph(words.pairs_line(a), "note")]
    blocks.append(Paragraph(words.PROCESS, "note"))
    return Section("Who is promised to more work than there are hours?", tuple(blocks), "allocation")


def _cells(a: Allocation) -> Table:
    who = "group" if a.unit == "person" else "team"
    cells = a.cells[:MOST_ROWS]
    caption = (
        "Hours by group and period" if len(cells) == len(a.cells) else f"The first {MOST_ROWS:,} of {len(a.cells):,}"
    )
    people = a.unit == "person"
    columns = (
        who, "period", *(("people",) if people else ()), "available", "operations", "projects", "promised / available",
        "hours over",
    )  # fmt: skip
    return Table(columns, tuple(_row(cell, people) for cell in cells), caption, tones=tuple(map(_tone, cells)))


def _row(c: Cell, people: bool) -> tuple[str | int, ...]:
    load = percent(c.load) if math.isfinite(c.load) else "none available"
    hours = (number(c.available), number(c.operations), number(c.projects), load, number(c.over))
    return (c.group, c.period, c.people, *hours) if people else (c.group, c.period, *hours)


def _tone(c: Cell) -> Tone:
    return "open" if c.over > 0 else "neutral"


def _pairs(a: Allocation) -> Table:
    rows = tuple((p.first, p.second, p.rows, number(p.over)) for p in a.pairs)
    return Table(("work", "collides with", "rows", "hours over"), rows, "Work that collides")
