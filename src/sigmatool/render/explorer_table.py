"""Rows to look through where nothing can be looked through: the map and the first rows, as plain blocks."""

from __future__ import annotations

import dataclasses
import math

from .document import Block, Cell, Document, FigureBlock, Paragraph, Table
from .explorer import SHOWN, Column, Explorer
from .figure import Signs
from .numeral import Numeral, Verbatim


def flattened(document: Document) -> Document:
    """The document with plain blocks in place of what is to be looked through."""
    sections = tuple(
        dataclasses.replace(s, blocks=tuple(part for b in s.blocks for part in plain_blocks(b)))
        for s in document.sections
    )
    return dataclasses.replace(document, sections=sections)


def plain_blocks(block: Block) -> tuple[Block, ...]:
    """A map and a table of the first rows, with where the others are."""
    if not isinstance(block, Explorer):
        return (block,)
    table = first_rows(block)
    out: list[Block] = []
    if block.map is not None and block.map.figure is not None:
        out.append(FigureBlock(block.map.figure, block.map.figure.alt))
    out.append(table)
    rest = len(block) - len(table.rows)
    if rest:
        out.append(Paragraph(f"and {block.signs.put(f'{rest:,}')} more {block.noun}. {block.elsewhere}", "note"))
    return tuple(out)


def first_rows(block: Explorer) -> Table:
    """The columns of the table, for the first rows.

    Examples
    --------
    >>> import numpy as np
    >>> n = Column("n", np.array([1200, 7]), ",d", shown=True)
    >>> first_rows(Explorer("Lines", "lines", np.array(["a", "b"], dtype=object), (n,), (), ())).rows
    ((1, 'a', '1,200'), (2, 'b', '7'))
    """
    shown = [c for c in block.columns if c.shown]
    rows = tuple(
        (place + 1, Verbatim(block.names[place]), *(cell_of(c, place, block.signs) for c in shown))
        for place in range(min(len(block), SHOWN))
    )
    return Table(("rank", block.caption, *(c.name for c in shown)), rows)


def cell_of(column: Column, place: int, signs: Signs) -> Cell:
    """What stands in a row's cell: the number with the ends of its interval, yes or nothing, or words."""
    value = column.values[place]
    if column.values.dtype.kind == "b":
        return "yes" if value else ""
    if column.values.dtype.kind not in "iuf":
        return str(value)
    if not math.isfinite(value):
        return None
    told = _told(value.item(), column.format, signs)
    if column.low is None or column.high is None:
        return Numeral(told, float(value))
    ends = (_told(float(e[place]), column.format, signs) for e in (column.low, column.high))
    return f"{told} ({' to '.join(ends)})"


def _told(value: float, form: str, signs: Signs) -> str:
    if form != "p":
        return signs.put(format(value, form or ".6g")).replace("-", "−")
    return signs.put("< 0.001" if value < 0.001 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}")
