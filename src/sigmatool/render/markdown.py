"""A document as Markdown, for a ticket or a chat."""

from __future__ import annotations

import re

from .cells import cell, plain_text
from .document import (
    Answer,
    Block,
    Bullets,
    Chips,
    Code,
    Document,
    Facts,
    FigureBlock,
    KeyFigures,
    Paragraph,
    Table,
)
from .explorer import Explorer
from .explorer_table import plain_blocks
from .figure import Figure, Picture

_SPECIAL = str.maketrans({c: "\\" + c for c in "\\`*_[]<>|#&~"})


def escaped(text: object) -> str:
    """Text that Markdown shows as it is."""
    return " ".join(plain_text(text).split()).translate(_SPECIAL)


def markdown(document: Document) -> str:
    """Write a document as Markdown; charts are told in words."""
    out = [f"# {escaped(document.title)}"]
    if document.subtitle:
        out.append(escaped(document.subtitle))
    for index, section in enumerate(document.sections):
        if index:
            out.append(f"## {escaped(section.title)}")
        for block in section.blocks:
            out += _block(block)
    if document.footer:
        out.append(f"---\n\n{escaped(document.footer)}")
    return "\n\n".join(out) + "\n"


def _block(block: Block) -> list[str]:
    if isinstance(block, Answer):
        listed = "\n".join(f"- {escaped(q)}" for q in block.qualifiers)
        return [f"**{escaped(block.sentence)}** ({escaped(block.code)})", f"Next: {escaped(block.next_action)}", listed]
    if isinstance(block, KeyFigures):
        return [
            "\n".join(
                f"- **{escaped(f.value)}** {escaped(f.label)}" + (f" ({escaped(f.detail)})" if f.detail else "")
                for f in block.items
            )
        ]
    if isinstance(block, Chips):
        return ["\n".join(f"- {escaped(c.question)} **{escaped(c.answer)}**: {escaped(c.detail)}" for c in block.items)]
    if isinstance(block, FigureBlock):
        return [*_told(block.figure), escaped(block.caption)]
    if isinstance(block, Explorer):
        return [line for part in plain_blocks(block) for line in _block(part)]
    if isinstance(block, Paragraph):
        return [escaped(block.text)]
    if isinstance(block, Bullets):
        marks = (f"{i}." if block.ordered else "-" for i in range(1, len(block.items) + 1))
        return ["\n".join(f"{m} {escaped(item)}" for m, item in zip(marks, block.items, strict=True))]
    if isinstance(block, Facts):
        return ["\n".join(f"- {escaped(k)}: {escaped(v)}" for k, v in block.items)]
    if isinstance(block, Code):
        return [*([escaped(block.label)] if block.label else []), _fenced(plain_text(block.text))]
    if block.folded:
        return []
    return [escaped(block.caption), _table(block)] if block.caption else [_table(block)]


def _fenced(code: str) -> str:
    """Code between fences longer than any in it; indented code after a list would be read as part of the list."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    return f"{fence}\n{code}\n{fence}"


def _told(picture: Picture) -> list[str]:
    if isinstance(picture, Figure):
        return [f"*{escaped(picture.alt)}*"]
    each = "\n".join(
        f"- {escaped(f.title)}: {escaped(f.alt)}" if f.title else f"- {escaped(f.alt)}" for f in picture.figures
    )
    return [f"*{escaped(picture.alt)}*", each]


def _table(table: Table) -> str:
    lines = ["| " + " | ".join(escaped(c) for c in table.columns) + " |", "|" + " --- |" * len(table.columns)]
    lines += ["| " + " | ".join(escaped(cell(v, table, i)) for i, v in enumerate(row)) + " |" for row in table.rows]
    return "\n".join(lines)
