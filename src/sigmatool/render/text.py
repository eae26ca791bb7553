"""A document as plain text, for a terminal or a pipe."""

from __future__ import annotations

import itertools
import math
import textwrap

import numpy as np

from .cells import cell, plain_text
from .document import (
    Answer,
    Block,
    Bullets,
    Chip,
    Chips,
    Code,
    Document,
    Facts,
    FigureBlock,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from .explorer import Explorer
from .explorer_table import plain_blocks
from .figure import Figure, Picture, Points, Rule

_MARK = {"good": "+", "bad": "!", "open": "?", "neutral": "·"}
_BARS = "▁▂▃▄▅▆▇█"


def text(document: Document, *, width: int = 100, sections: int | None = None) -> str:
    """Write a document as text.

    Parameters
    ----------
    document : Document
    width : int
        Columns.
    sections : int, optional
        Only the first sections; default all.
    """
    out = [plain_text(document.title)]
    if document.subtitle:
        out.append(plain_text(document.subtitle))
    for index, section in enumerate(document.sections[:sections]):
        out += _section(section, index > 0, width)
    if document.footer and sections is None:
        out += ["", plain_text(document.footer)]
    return "\n".join(out) + "\n"


def _section(section: Section, titled: bool, width: int) -> list[str]:
    out = ["", plain_text(section.title), "-" * len(section.title)] if titled else [""]
    told = [line for block in section.blocks for line in _block(block, width)]
    return [*out, *told] if told else []


def _wrap(words: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(plain_text(words), width, initial_indent=indent, subsequent_indent=indent) or [""]


def _block(block: Block, width: int) -> list[str]:
    if isinstance(block, Answer):
        lines = [
            f"[{_MARK[block.tone]}] {plain_text(block.code)}",
            *_wrap(block.sentence, width),
        ]
        lines += _wrap(f"Next: {block.next_action}", width)
        return lines + [line for q in block.qualifiers for line in _wrap(f"· {q}", width, "  ")] + [""]
    if isinstance(block, KeyFigures):
        told = (f"{f.value}   {f.label}" + (f" ({f.detail})" if f.detail else "") for f in block.items)
        return [line for words in told for line in _hung("  ", words, width)] + [""]
    if isinstance(block, Chips):
        wide = max((len(c.question) for c in block.items), default=0)
        return [line for c in block.items for line in _chip(c, wide, width)] + [""]
    if isinstance(block, FigureBlock):
        return [*_told(block.figure, width), *(_wrap(block.caption, width) if block.caption else []), ""]
    if isinstance(block, Explorer):
        return [line for part in plain_blocks(block) for line in _block(part, width)]
    if isinstance(block, Paragraph):
        return [*_wrap(block.text, width), ""]
    if isinstance(block, Bullets):
        marks = (f"{i}." if block.ordered else "-" for i in range(1, len(block.items) + 1))
        return [line for m, item in zip(marks, block.items, strict=True) for line in _wrap(f"{m} {item}", width)] + [""]
    if isinstance(block, Facts):
        wide = max((len(k) for k, _ in block.items), default=0)
        return [line for k, v in block.items for line in _hung(f"  {k:<{wide}}  ", v, width)] + [""]
    if isinstance(block, Code):
        return [f"{plain_text(block.label)}:" if block.label else "", f"  {plain_text(block.text)}", ""]
    return [] if block.folded else _table(block, width)


def _hung(head: str, words: str, width: int) -> list[str]:
    """Words after their head; further lines stand beneath the first word."""
    first = plain_text(head)
    indent = " " * len(first)
    lines = textwrap.wrap(
        plain_text(words), max(width, len(first) + 20), initial_indent=indent, subsequent_indent=indent
    )
    return [first + lines[0][len(first) :], *lines[1:]] if lines else [first.rstrip()]


def _chip(chip: Chip, wide: int, width: int) -> list[str]:
    return _hung(f"  {_MARK[chip.tone]} {chip.question:<{wide}}  ", f"{chip.answer}: {chip.detail}", width)


def _table(table: Table, width: int) -> list[str]:
    rows = [[plain_text(c) for c in table.columns]]
    rows += [[cell(v, table, i) for i, v in enumerate(row)] for row in table.rows]
    wide = [max(min(max(len(r[i]) for r in rows), 44), 1) for i in range(len(table.columns))]
    while sum(wide) + 2 * len(wide) > width and max(wide) > 12:
        wide[wide.index(max(wide))] -= 1
    out = _wrap(table.caption, width) if table.caption else []
    for number, row in enumerate(rows):
        cells = [textwrap.wrap(c, w) or [""] for c, w in zip(row, wide, strict=True)]
        for line in range(max(map(len, cells))):
            parts = [(c[line] if line < len(c) else "").ljust(w) for c, w in zip(cells, wide, strict=True)]
            out.append("  ".join(parts).rstrip())
        if number == 0:
            out.append("  ".join("-" * w for w in wide))
    return [*out, ""]


def _told(picture: Picture, width: int) -> list[str]:
    """Points as bars where there are any; of a sheet those of its first figure, and every figure in words."""
    if isinstance(picture, Figure):
        return _sparkline(picture, width)
    out = _sparkline(picture.figures[0], width)
    for figure in picture.figures:
        named = figure.title and not figure.alt.lower().startswith(figure.title.lower())
        out += _wrap(f"{figure.title}: {figure.alt}" if named else figure.alt, width)
    return out


def _sparkline(figure: Figure, width: int) -> list[str]:
    """The points of the first panel as bars, with the rollout as a stroke."""
    panel = figure.panels[0]
    if panel.categories:
        return []
    points = [m for m in panel.marks if isinstance(m, Points)]
    if not any(m.x.size for m in points):
        return []
    x = np.concatenate([m.x for m in points])
    y = np.concatenate([m.y for m in points])
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    columns = min(width - 2, x.size)
    edges = np.linspace(0, x.size, columns + 1).astype(int)
    means = [float(y[a:b].mean()) for a, b in itertools.pairwise(edges)]
    low, high = min(means), max(means)
    span = (high - low) or 1.0
    bars = [_BARS[min(int((v - low) / span * 8), 7)] if math.isfinite(v) else " " for v in means]
    cuts = [m.at for m in panel.marks if isinstance(m, Rule) and m.axis == "x" and m.role == "rollout"]
    for cut in sorted(cuts, reverse=True):
        bars.insert(int(np.searchsorted(edges[1:-1], int((x < cut).sum()), side="left")) + 1, "|")
    return ["".join(bars)]
