"""A document for a person at a terminal: the verdict first, in colour and in words, with a chart of the points."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Literal

from .alignment import padding
from .cells import cell, kinds, plain_text, spaced
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
    Section,
    Table,
    Tone,
    folded_tables,
)
from .explorer import Explorer
from .explorer_table import plain_blocks

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_TONES = {"good": "bold color(29)", "bad": "bold color(167)", "open": "bold color(136)", "neutral": "bold"}
_SIGNS = {"good": "✓", "bad": "✕", "open": "?", "neutral": "·"}
_SOFT = "color(102)"
_ROLES = {
    "data": "color(32)", "after": "color(32)", "count": "color(32)", "signal": "bold color(167)",
    "outside": "color(167)", "rollout": "color(98)", "event": "color(136)", "within": "color(130)", "bold": "bold",
    "target": "color(29)", "specification": "color(29)", "stage": "bold", "center": "", "mean": "", "": "",
}  # fmt: skip
"""The style of a role; soft for the others. These colours keep 3:1 against a white and against a black ground."""


@dataclass(frozen=True, slots=True)
class _Room:
    """What a block is fitted to."""

    width: int
    decimal: str


_MOST_ROWS, _FIRST_ROWS = 60, 20
"""Rows of a table beyond which only the first ones are shown."""


def terminal(
    document: Document, width: int = 100, colours: Literal["auto", "standard", "256", "truecolor"] | None = "auto"
) -> str:
    """Write a document with colours and boxes, no line wider than ``width``.

    Parameters
    ----------
    document : Document
    width : int
        Columns of the terminal.
    colours : {"auto", "standard", "256", "truecolor"} or None
        What the terminal can show: ``"auto"`` asks the environment, None leaves all colours out.

    Examples
    --------
    >>> page = Document("Title", (Section("First", (Paragraph("[red]Words[/red]"),)),))
    >>> print(terminal(page, 40, colours=None).strip())
    Title
    <BLANKLINE>
    [red]Words[/red]
    """
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=True, color_system=colours, markup=False, highlight=False, emoji=False,
        legacy_windows=False, soft_wrap=False,
    )  # fmt: skip
    room = _Room(width, document.signs.decimal)
    console.print(_words(document.title, "bold"))
    if document.subtitle:
        console.print(_words(document.subtitle, _SOFT))
    for place, section in enumerate(document.sections):
        for shown in _section(section, place > 0, room):
            console.print(shown)
    for closing in (_left_out(document), document.footer):
        if closing:
            console.print()
            console.print(_words(closing, _SOFT))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _words(text: object, style: str = "") -> Text:
    """Text from data: nothing in it is read as markup."""
    from rich.text import Text

    return Text(spaced(text), style=style, overflow="fold")


def _section(section: Section, titled: bool, room: _Room) -> list[RenderableType]:
    from rich.rule import Rule

    shown = [part for block in section.blocks for part in _block(block, room)]
    if not shown:
        return []
    head: list[RenderableType] = [_words("")]
    if titled:
        head += [Rule(_words(section.title, "bold"), align="left", style=_SOFT), _words("")]
    return [*head, *shown]


def _left_out(document: Document) -> str:
    """Where the tables are that a terminal does not show."""
    folded = folded_tables(document)
    if not folded:
        return ""
    rows = sum(len(t.rows) for t in folded)
    many = "1 table of data" if len(folded) == 1 else f"{len(folded)} tables of data"
    return f"{many} ({rows:,} rows) left out here: -o report.html shows {'it' if len(folded) == 1 else 'them'}."


@singledispatch
def _block(block: Block, room: _Room) -> list[RenderableType]:
    """What a block becomes, with the space beneath it."""
    raise TypeError(f"no terminal form of {type(block).__name__}")


@_block.register(Answer)
def _answer(block: Answer, room: _Room) -> list[RenderableType]:
    from rich.console import Group
    from rich.panel import Panel

    tone = _TONES[block.tone]
    parts: list[RenderableType] = [_words(block.sentence, "bold"), _joined(("Next: ", "bold"), (block.next_action, ""))]
    parts += [_hung("·", q) for q in block.qualifiers]
    title = _words(f"{_SIGNS[block.tone]} {block.code}", tone)
    return [Panel(Group(*parts), title=title, title_align="left", border_style=tone, padding=(0, 1)), _words("")]


def _joined(*parts: tuple[str, str]) -> Text:
    """Texts behind each other, each in its own style."""
    out = _words("")
    for words, style in parts:
        out.append_text(_words(words, style))
    return out


def _hung(head: str, words: object, style: str = "") -> RenderableType:
    """Words after their head; further lines stand beneath the first word."""
    from rich.table import Table as Grid

    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(_words(head, style), _words(words))
    return grid


def _grid(rows: Sequence[tuple[Text, ...]], head: int) -> RenderableType:
    """Rows in columns without lines; the first ``head`` columns are kept whole."""
    from rich.padding import Padding
    from rich.table import Table as Grid

    grid = Grid.grid(padding=(0, 2, 0, 0))
    for place in range(len(rows[0]) if rows else 0):
        grid.add_column(no_wrap=place < head, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return Padding(grid, (0, 0, 0, 1))


@_block.register(KeyFigures)
def _key_figures(block: KeyFigures, room: _Room) -> list[RenderableType]:
    rows = []
    for figure in block.items:
        detail = (f"  {figure.detail}", _SOFT) if figure.detail else ("", "")
        rows.append((_words(figure.value, "bold"), _joined((figure.label, ""), detail)))
    return [_grid(rows, 1 if _fits([f.value for f in block.items], room.width) else 0), _words("")]


def _fits(heads: list[str], width: int) -> bool:
    return max(map(len, heads), default=0) <= 0.5 * width


@_block.register(Chips)
def _chips(block: Chips, room: _Room) -> list[RenderableType]:
    rows = []
    for chip in block.items:
        tone = _TONES[chip.tone]
        told = _joined((chip.answer, tone), (f": {chip.detail}" if chip.detail else "", ""))
        rows.append((_words(_SIGNS[chip.tone], tone), _words(chip.question), told))
    return [_grid(rows, 2 if _fits([c.question for c in block.items], room.width) else 1), _words("")]


@_block.register(FigureBlock)
def _figure(block: FigureBlock, room: _Room) -> list[RenderableType]:
    from rich.text import Text

    from .terminal_chart import chart

    lines: list[RenderableType] = []
    for pieces in chart(block.figure, room.width):
        line = Text(no_wrap=True, overflow="crop")
        for words, role in pieces:
            line.append(words, _ROLES.get(role, _SOFT))
        lines.append(line)
    caption = [_words(block.caption, _SOFT)] if block.caption else []
    return [*lines, *caption, _words("")]


@_block.register(Explorer)
def _explorer(block: Explorer, room: _Room) -> list[RenderableType]:
    return [shown for part in plain_blocks(block) for shown in _block(part, room)]


@_block.register(Paragraph)
def _paragraph(block: Paragraph, room: _Room) -> list[RenderableType]:
    return [_words(block.text, {"lead": "bold", "note": _SOFT}.get(block.role, "")), _words("")]


@_block.register(Bullets)
def _bullets(block: Bullets, room: _Room) -> list[RenderableType]:
    marks = [f"{i}." if block.ordered else "•" for i in range(1, len(block.items) + 1)]
    return [*(_hung(mark, item) for mark, item in zip(marks, block.items, strict=True)), _words("")]


@_block.register(Facts)
def _facts(block: Facts, room: _Room) -> list[RenderableType]:
    rows = [(_words(name, _SOFT), _words(value)) for name, value in block.items]
    return [_grid(rows, 1 if _fits([name for name, _ in block.items], room.width) else 0), _words("")]


@_block.register(Code)
def _code(block: Code, room: _Room) -> list[RenderableType]:
    from rich.padding import Padding

    label = [_words(f"{block.label}:", _SOFT)] if block.label else []
    return [*label, Padding(_words(plain_text(block.text)), (0, 0, 0, 2)), _words("")]


@_block.register(Table)
def _table(block: Table, room: _Room) -> list[RenderableType]:
    if block.folded:
        return []
    most = _FIRST_ROWS if len(block.rows) > _MOST_ROWS else len(block.rows)
    texts = [[cell(v, block, i) for i, v in enumerate(row)] for row in block.rows[:most]]
    caption = [_words(block.caption, "italic")] if block.caption else []
    rest = len(block.rows) - most
    more = [_words(f"and {rest:,} more rows: -o report.html shows them", _SOFT)] if rest else []
    return [*caption, _laid(block, texts, room), *more, _words("")]


def _laid(table: Table, texts: list[list[str]], room: _Room) -> RenderableType:
    """As columns where there is room for them, a few rows turned into columns, else row beneath row."""
    held = kinds(table)
    aligned = [_aligned([row[i] for row in texts], kind, room.decimal) for i, kind in enumerate(held)]
    rows = [list(row) for row in zip(*aligned, strict=True)]
    wide = _widths(table.columns, rows, [kind != "" for kind in held], room.width)
    if wide is not None:
        return _columns(table.columns, rows, held, wide, table.tones)
    if 1 < len(texts) <= _FEW:
        turned = [list(row) for row in zip(table.columns[1:], *(row[1:] for row in texts), strict=True)]
        names = (table.columns[0], *(row[0] for row in texts))
        wide = _widths(names, turned, [False] + [True] * len(texts), room.width)
        if wide is not None:
            return _columns(names, turned, [""] + ["number"] * len(texts), wide)
    return _stacked(table, texts)


def _aligned(column: list[str], kind: str, decimal: str) -> list[str]:
    """Numbers with the room behind them that puts them under each other at the decimal sign."""
    if kind != "number":
        return column
    return [text + "\u00a0" * len(pad) for text, pad in zip(column, padding(column, decimal), strict=True)]


_DEEP, _HEAD, _FEW = 5, 2, 4
"""Lines of a cell, and of a column's name, beyond which a row reads better stacked; rows that may become columns."""


def _widths(names: Sequence[str], texts: list[list[str]], whole: list[bool], width: int) -> list[int] | None:
    """The width of each column; None where they would break words, or make rows that nobody can follow."""
    from rich.cells import cell_len

    columns = [[name, *(row[i] for row in texts)] for i, name in enumerate(names)]
    full = [max(map(cell_len, column)) for column in columns]
    least = [max((cell_len(word) for text in column for word in text.split(" ")), default=1) for column in columns]
    least = [
        max(map(cell_len, c[1:]), default=0) if kept else low
        for c, kept, low in zip(columns, whole, least, strict=True)
    ]
    least = [max(low, *(cell_len(w) for w in c[0].split(" "))) for c, low in zip(columns, least, strict=True)]
    room = width - _GAP * (len(columns) - 1)
    if sum(full) <= room:
        return full
    spare, wish = room - sum(least), sum(full) - sum(least)
    if spare < 0:
        return None
    given = [low + spare * (f - low) // wish for f, low in zip(full, least, strict=True)]
    deep = any(f > _DEEP * g for f, g in zip(full, given, strict=True))
    high = any(cell_len(name) > _HEAD * g for name, g in zip(names, given, strict=True))
    return None if deep or high else given


_GAP = 2


def _columns(
    names: Sequence[str], texts: list[list[str]], held: Sequence[str], wide: list[int], tones: Sequence[Tone] = ()
) -> RenderableType:
    """Columns beside each other; numbers stand to the right."""
    from rich import box
    from rich.table import Table as Columns

    out = Columns(
        box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, _GAP - 1, 0, 0), border_style=_SOFT, show_edge=False,
    )  # fmt: skip
    for name, kind, room in zip(names, held, wide, strict=True):
        head = _words(name, "bold")
        head.justify = "right" if kind == "number" else "left"
        out.add_column(head, width=room, overflow="fold")
    for place, row in enumerate(texts):
        tone = tones[place] if place < len(tones) else "neutral"
        style = "" if tone == "neutral" else _TONES[tone].removeprefix("bold ")
        # set to the right by hand: what stands behind a number would be taken for a loose end and cut off
        set_right = (t.rjust(room) if kind == "number" else t for t, kind, room in zip(row, held, wide, strict=True))
        out.add_row(*(_words(text, style) for text in set_right))
    return out


def _stacked(table: Table, texts: list[list[str]]) -> RenderableType:
    """A row beneath another, each cell after the name of its column."""
    from rich.console import Group

    parts: list[RenderableType] = []
    for row in texts:
        head, *cells = row
        first = head if len(head) > 3 or not cells else f"{head}  {cells.pop(0)}"
        names = table.columns[len(row) - len(cells) :]
        parts.append(_words(first, "bold"))
        rows = [(_words(n, _SOFT), _words(c)) for n, c in zip(names, cells, strict=True) if c and c != "–"]
        if rows:
            parts.append(_grid(rows, 1))
    return Group(*parts)
