"""A document with the dates and decimal signs of a place; the words stay as they are.

Numbers leave the analyses as text with a point and commas, dates as ISO 8601. Here, at the pen, both are set as a
reader expects them, in sentences, tables and pictures alike. What is to be typed or compared as it stands
(:class:`Verbatim`, commands) is left alone, and a workbook's cells, which follow the reader's own program.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any, TypeVar

from .cells import cell
from .document import Block, Code, Document, FigureBlock, Table
from .explorer import Explorer
from .figure import Figure, Picture, Signs
from .look import LookError
from .numeral import Numeral, Verbatim

T = TypeVar("T")

_DATE = r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?(?![\w-])"
_NUMBER = r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?!\w*[A-Za-df-z_])(?![.,]\d)(?!-\d)"
_TOKEN = re.compile(rf"(?<![\w.,/:#-])(?:{_DATE}|{_NUMBER})")


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """The signs of a place, and how its dates are written.

    Parameters
    ----------
    tag : str
        A language tag such as ``"de"``, ``"fr"``, ``"en-GB"`` or ``"pt-BR"``.

    Raises
    ------
    LookError
        Nobody knows the tag.

    Examples
    --------
    >>> Place("de").text("95 % interval −1,234.5 to 3.1, from 1847-06 to 1849-03-31; sigmatool 0.1.0")
    '95 % interval −1.234,5 to 3,1, from 6/1847 to 31.3.1849; sigmatool 0.1.0'
    """

    tag: str

    def __post_init__(self) -> None:
        from babel import Locale
        from babel.core import UnknownLocaleError

        try:
            Locale.parse(self.tag.replace("_", "-"), sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            raise LookError(
                f"no locale is called {self.tag[:40]!r}; give a language tag such as de, fr, en-GB or pt-BR."
            ) from None

    @property
    def _locale(self) -> Any:
        from babel import Locale

        return Locale.parse(self.tag.replace("_", "-"), sep="-")

    @property
    def signs(self) -> Signs:
        """The decimal sign and the one between thousands."""
        from babel.numbers import get_decimal_symbol, get_group_symbol

        return Signs(get_decimal_symbol(self._locale), get_group_symbol(self._locale))

    def text(self, text: str) -> str:
        """Text with its numbers and dates as they are written here."""
        signs = self.signs

        def told(found: re.Match[str]) -> str:
            if found["year"]:
                return self._date(found)
            part = f"{signs.decimal}{found['part']}" if found["part"] else ""
            return found["whole"].replace(",", signs.group) + part

        return _TOKEN.sub(told, text)

    def _date(self, found: re.Match[str]) -> str:
        from babel.dates import format_skeleton

        try:
            date = dt.date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
        except ValueError:
            return found[0]
        return str(format_skeleton("yMd" if found["day"] else "yM", date, locale=self._locale))


def localized(document: Document, tag: str, *, cells: bool = True) -> Document:
    """The document with the dates and decimal signs of a place.

    Parameters
    ----------
    document : Document
    tag : str
        A language tag; "" leaves the document as it is.
    cells : bool
        Also the cells of tables; a workbook keeps them.

    Raises
    ------
    LookError
        Nobody knows the tag.
    """
    if not tag:
        return document
    place = Place(tag)
    sections = tuple(
        dataclasses.replace(s, title=place.text(s.title), blocks=tuple(_block(b, place, cells) for b in s.blocks))
        for s in document.sections
    )
    return dataclasses.replace(
        document,
        title=place.text(document.title),
        subtitle=place.text(document.subtitle),
        sections=sections,
        signs=place.signs,
    )


def _block(block: Block, place: Place, cells: bool) -> Block:
    if isinstance(block, Code):
        return block
    if isinstance(block, Table):
        return _table(block, place, cells)
    if isinstance(block, FigureBlock):
        table = None if block.table is None else _table(block.table, place, cells)
        return FigureBlock(localized_picture(block.figure, place), place.text(block.caption), table)
    if isinstance(block, Explorer):
        return _explorer(block, place, cells)
    return _told(block, place)


def _explorer(block: Explorer, place: Place, cells: bool) -> Explorer:
    """The numbers of the rows are written by who shows them."""
    drawn = block.map
    if drawn is not None and drawn.figure is not None:
        figure = _figure(drawn.figure, place)
        drawn = dataclasses.replace(drawn, caption=place.text(drawn.caption), figure=figure)
    return dataclasses.replace(block, map=drawn, signs=place.signs if cells else block.signs)


def _told(held: T, place: Place) -> T:
    """A record with every text in it told as it is written here."""
    changed = {f.name: _value(getattr(held, f.name), place) for f in dataclasses.fields(held)}  # type: ignore[arg-type]
    return dataclasses.replace(held, **changed)  # type: ignore[type-var]


def _value(value: Any, place: Place) -> Any:
    if isinstance(value, Verbatim):
        return value
    if isinstance(value, Numeral):
        return Numeral(place.text(value), value.value, value.share)
    if isinstance(value, str):
        return place.text(value)
    if isinstance(value, tuple):
        return tuple(_value(v, place) for v in value)
    return _told(value, place) if dataclasses.is_dataclass(value) and not isinstance(value, type) else value


def _table(table: Table, place: Place, cells: bool) -> Table:
    captioned = dataclasses.replace(
        table, caption=place.text(table.caption), columns=tuple(place.text(c) for c in table.columns)
    )
    if not cells:
        return captioned
    rows = tuple(
        tuple(
            Numeral(place.text(cell(v, table, i)), v) if isinstance(v, int | float) else _value(v, place)
            for i, v in enumerate(row)
        )
        for row in table.rows
    )
    return dataclasses.replace(captioned, rows=rows)


_KEPT = ("x_kind", "size", "x_names", "role", "axis", "anchor", "x", "y", "y_reach")
"""What a figure holds that is no text, or that only its own axis reads."""


def localized_picture(picture: Picture, place: Place) -> Picture:
    """The picture with the numbers in its words, and on its axes, as they are written here."""
    if isinstance(picture, Figure):
        return _figure(picture, place)
    figures = tuple(_figure(f, place) for f in picture.figures)
    return dataclasses.replace(picture, figures=figures, title=place.text(picture.title), alt=place.text(picture.alt))


def _figure(figure: Figure, place: Place) -> Figure:
    panels = tuple(
        dataclasses.replace(
            panel,
            marks=tuple(_mark(m, place) for m in panel.marks),
            y_label=place.text(panel.y_label),
            categories=tuple(place.text(c) for c in panel.categories),
            y_ticks=tuple((at, place.text(name)) for at, name in panel.y_ticks),
        )
        for panel in figure.panels
    )
    return dataclasses.replace(
        figure,
        panels=panels,
        x_label=place.text(figure.x_label),
        alt=place.text(figure.alt),
        title=place.text(figure.title),
        signs=place.signs,
    )


def _mark(mark: T, place: Place) -> T:
    held = {
        f.name: _value(getattr(mark, f.name), place)
        for f in dataclasses.fields(mark)  # type: ignore[arg-type]
        if f.name not in _KEPT
    }
    return dataclasses.replace(mark, **held)  # type: ignore[type-var]
