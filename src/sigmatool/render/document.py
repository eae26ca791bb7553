"""What a report says, in sections, tables, figures and notes; writers know these, never methods.

``tone`` tells a reader at a glance how to take a statement: ``good``, ``bad``, ``open`` (not settled),
``neutral``. A writer gives each tone a shape and a word beside its colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .explorer import Explorer
from .figure import ENGLISH, Picture, Signs

Tone: TypeAlias = Literal["good", "bad", "open", "neutral"]
Cell: TypeAlias = str | float | int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict: one sentence, what to do next, and the words that qualify it."""

    code: str
    sentence: str
    next_action: str
    tone: Tone
    qualifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A plain question with a plain answer: ``better?`` - ``yes``, and why in a few words."""

    question: str
    answer: str
    detail: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Chips:
    items: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """The number people came for: ``-7.9 points (-9.1 to -6.6)`` with what it measures."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    role: Literal["body", "note", "lead"] = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns. Numbers stay numbers where a program may want them; ``formats`` gives a
    Python format spec per column (``".3g"``), "" prints text as it is. ``tones`` (one per row, may be
    empty) marks rows. ``folded`` tables open on request (the data behind a chart)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    formats: tuple[str, ...] = ()
    tones: tuple[Tone, ...] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure, or a sheet of them, with its caption and, folded beneath, the table of what it shows."""

    figure: Picture
    caption: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with values, e.g. settings or the record of rows."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text to copy, e.g. the command that makes the page again."""

    text: str
    label: str = ""


Block: TypeAlias = Answer | Chips | KeyFigures | Paragraph | Bullets | Table | FigureBlock | Facts | Code | Explorer


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands beneath it. ``page_break`` starts a new page in print."""

    title: str
    blocks: tuple[Block, ...]
    id: str = ""
    page_break: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. The first section is what stands on the first screen."""

    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    footer: str = ""
    language: str = "en"
    signs: Signs = ENGLISH


def folded_tables(document: Document) -> list[Table]:
    """The tables that a page folds away, in order: those behind figures, and those that say so."""
    blocks = [block for section in document.sections for block in section.blocks]
    told = [
        block.table if isinstance(block, FigureBlock) else block if isinstance(block, Table) and block.folded else None
        for block in blocks
    ]
    return [table for table in told if table is not None]
