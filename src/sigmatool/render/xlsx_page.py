"""A sheet of a workbook, written from top to bottom: words over the page, tables in columns, charts among them."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Any

from .cells import cell, plain_text
from .document import (
    Answer,
    Block,
    Bullets,
    Chips,
    Code,
    Facts,
    FigureBlock,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Tone,
)
from .palette import LIGHT
from .xlsx_cells import Held, Pen, held
from .xlsx_chart import Charts

_INK: dict[Tone, str] = {"good": LIGHT["good"], "bad": LIGHT["bad"], "open": LIGHT["open"], "neutral": LIGHT["ink"]}
_WASH: dict[Tone, str] = {"good": LIGHT["good-wash"], "bad": LIGHT["bad-wash"], "open": LIGHT["open-wash"]}
_SIGN: dict[Tone, str] = {"good": "✓", "bad": "✕", "open": "?", "neutral": "·"}
_NARROW, _WIDE, _PAGE = 10, 42, 110
"""Letters of the narrowest and the widest column, and across the page."""
_LINE = 15.5
"""Points of a line of text."""
_SAMPLE = 20
"""Rows by which a column is known to hold numbers."""


def widths(section: Section) -> list[int]:
    """Letters of each column of a section's sheet: its tables stand beneath each other in the same columns."""
    tables = [b for b in section.blocks if isinstance(b, Table) and not b.folded]
    return fitted(tables, 3 if any(isinstance(b, Chips | KeyFigures | Facts) for b in section.blocks) else 0)


def fitted(tables: list[Table], least: int) -> list[int]:
    widths = [_NARROW] * max([least, *(len(t.columns) for t in tables)])
    if least:
        widths[0], widths[1] = 26, 20
    for table in tables:
        for place, name in enumerate(table.columns):
            found = max((len(cell(row[place], table, place)) for row in table.rows[:500]), default=0)
            word = max((len(w) for w in plain_text(name).split()), default=0)
            widths[place] = max(widths[place], min(max(found, word) + 2, _WIDE))
    return widths


@dataclass(slots=True)
class Page:
    """A sheet that is written from top to bottom."""

    sheet: Any
    pen: Pen
    charts: Charts
    widths: list[int]
    row: int = 0

    def __post_init__(self) -> None:
        while sum(self.widths) < _PAGE:
            self.widths.append(_NARROW)
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width)

    def write(self, section: Section, title: str, subtitle: str) -> None:
        """The heading and the blocks of a section."""
        self._across(title, bold=True, font_size=15)
        if subtitle:
            self._across(subtitle, font_color=LIGHT["soft"])
        self.row += 1
        for block in section.blocks:
            self._block(block)

    def whole(self, table: Table) -> None:
        """One table alone, its heading in the first row."""
        self._rows(table, wrap=False)
        self.sheet.freeze_panes(1, 0)
        self.sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        self.sheet.repeat_rows(0)

    @property
    def _last(self) -> int:
        """The last column that running text goes over."""
        used, place = 0, 0
        while place < len(self.widths) - 1 and used + self.widths[place] < _PAGE:
            used += self.widths[place]
            place += 1
        return place

    def _across(self, text: object, first: int = 0, /, **look: object) -> None:
        """A text over the page, in as many lines as it needs."""
        told = plain_text(text)
        room = sum(self.widths[first : self._last + 1])
        size = float(str(look.get("font_size", 11)))
        self._high(_lines(told, room * 11 / size), size / 11)
        if first < self._last:
            self.sheet.merge_range(self.row, first, self.row, self._last, "", self.pen.style(text_wrap=True, **look))
        self.pen.words(self.sheet, self.row, first, told, text_wrap=True, **look)
        self.row += 1

    def _high(self, lines: int, scale: float = 1.0) -> None:
        self.sheet.set_row(self.row, min(_LINE * scale * max(lines, 1), 400))

    @singledispatchmethod
    def _block(self, block: Block) -> None:
        raise TypeError(f"no cells for {type(block).__name__}")

    @_block.register
    def _(self, block: Answer) -> None:
        ink = _INK[block.tone]
        self._across(f"{_SIGN[block.tone]} {block.code}", bold=True, font_color=ink)
        self._across(block.sentence, bold=True, font_size=13)
        self._across(f"Next: {block.next_action}")
        for qualifier in block.qualifiers:
            self._across(f"· {qualifier}")
        self.row += 1

    @_block.register
    def _(self, block: KeyFigures) -> None:
        for figure in block.items:
            self.pen.words(self.sheet, self.row, 0, figure.value, bold=True, text_wrap=True)
            told = f"{figure.label} ({figure.detail})" if figure.detail else figure.label
            self._across(told, 1)
        self.row += 1

    @_block.register
    def _(self, block: Chips) -> None:
        for chip in block.items:
            ink = _INK[chip.tone]
            self.pen.words(self.sheet, self.row, 0, chip.question)
            self.pen.words(self.sheet, self.row, 1, f"{_SIGN[chip.tone]} {chip.answer}", bold=True, font_color=ink)
            self._across(chip.detail, 2)
        self.row += 1

    @_block.register
    def _(self, block: Facts) -> None:
        for name, value in block.items:
            self.pen.words(self.sheet, self.row, 0, name, text_wrap=True, font_color=LIGHT["soft"])
            self._across(value, 1)
        self.row += 1

    @_block.register
    def _(self, block: Paragraph) -> None:
        looks: dict[str, dict[str, object]] = {"lead": {"bold": True}, "note": {"font_color": LIGHT["soft"]}}
        self._across(block.text, **looks.get(block.role, {}))

    @_block.register
    def _(self, block: Bullets) -> None:
        for place, item in enumerate(block.items, 1):
            self._across(f"{place}. {item}" if block.ordered else f"• {item}")
        self.row += 1

    @_block.register
    def _(self, block: Code) -> None:
        if block.label:
            self._across(f"{block.label}:", font_color=LIGHT["soft"])
        self._across(block.text, font_name="Consolas", font_size=10)
        self.row += 1

    @_block.register
    def _(self, block: FigureBlock) -> None:
        made = self.charts.picture(block.figure)
        left, row_height = 0, 0
        for place, (chart, wide, height) in enumerate(made):
            beside = place > 0 and left + wide <= 1000
            if not beside and place:
                self.row += _rows_of(row_height)
                left, row_height = 0, 0
            options = {
                "x_offset": left,
                "y_offset": 4,
                "object_position": 2,
                "description": plain_text(block.figure.alt)[:2_000],
            }
            self.sheet.insert_chart(self.row, 0, chart, options)
            left += wide + 10
            row_height = max(row_height, height)
        self.row += _rows_of(row_height)
        if block.caption:
            self._across(block.caption, font_color=LIGHT["soft"])
        self.row += 1

    @_block.register
    def _(self, block: Table) -> None:
        if block.folded:
            return
        if block.caption:
            self._across(block.caption, italic=True)
        self._rows(block, wrap=True)
        self.row += 1

    def _rows(self, table: Table, wrap: bool) -> None:
        """A heading and its rows; a row is as high as its deepest cell."""
        cells = [(n, w) for n, w in zip(table.columns, self.widths, strict=False)]
        self._high(max(_lines(plain_text(n), w) for n, w in cells))
        numbers = {
            i for row in table.rows[:20] for i, v in enumerate(row) if not isinstance(held(v, table, i).value, str)
        }
        for place, name in enumerate(table.columns):
            side = _side(place in numbers, place == 0)
            self.pen.words(self.sheet, self.row, place, name, bold=True, bottom=1, text_wrap=True, **side)
        self.row += 1
        for place, row in enumerate(table.rows):
            tone = table.tones[place] if place < len(table.tones) else "neutral"
            look: dict[str, object] = {"bg_color": _WASH[tone]} if tone in _WASH else {}
            found = [held(v, table, i) for i, v in enumerate(row)]
            if wrap:
                self._high(max(_deep(f, w) for f, w in zip(found, self.widths, strict=False)))
            for column, one in enumerate(found):
                words: dict[str, object] = {}
                if isinstance(one.value, str):
                    words = {"text_wrap": wrap, **_side(column in numbers, column == 0)}
                self.pen.put(self.sheet, self.row, column, one, **look, **words)
            self.row += 1


def _side(number: bool, first: bool) -> dict[str, object]:
    """Numbers stand to the right; words keep away from a number before them."""
    return {"align": "right"} if number else {} if first else {"align": "left", "indent": 1}


def _rows_of(height: int) -> int:
    """Rows that a picture of this many pixels stands over."""
    return math.ceil((height + 12) / 20)


def _deep(one: Held, width: int) -> int:
    return _lines(one.value, width) if isinstance(one.value, str) else 1


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column."""
    return sum(max(len(textwrap.wrap(line, max(int(width), 1))), 1) for line in text.split("\n"))
