"""The texts of a report as every writer shows them: plain text, cells in words, and what a column holds."""

from __future__ import annotations

import math
import re

from .document import Cell, Table
from .numeral import Numeral

_LONGEST = 20_000
"""Characters of one text on a page."""


def plain_text(text: object) -> str:
    """Text without the control characters that markup cannot hold."""
    whole = str(text)[:_LONGEST]
    return "".join(c for c in whole if c in "\n\t" or (ord(c) >= 32 and not _unfit(ord(c))))


def spaced(text: object) -> str:
    """Plain text whose signs of percent stay on the line of their number.

    Examples
    --------
    >>> spaced("95 % interval") == "95\u00a0% interval"
    True
    """
    return plain_text(text).replace(" %", "\u00a0%")


def _unfit(code: int) -> bool:
    """Control characters, lone surrogates, and direction overrides that make a page read other than it is."""
    return 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069


def cell(value: Cell, table: Table, column: int) -> str:
    """A table cell in words: by its column's format, else numbers by six figures, missing as a dash."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if isinstance(value, str):
        return plain_text(value)
    form = table.formats[column] if column < len(table.formats) else ""
    if form:
        return format(value, form)
    return str(value) if isinstance(value, int) else f"{value:.6g}"


_NUMBER = r"[×+]? ?[-−]?\d(?:[\d.,’\u00a0\u202f]*\d)?(e[-−]?\d+)?( ?%| points?)?"
_ONE = re.compile(rf"({_NUMBER}|< ?0\.0*1|[-–−]|)")
_RANGE = re.compile(rf"(up to |{_NUMBER}( to {_NUMBER})?( \({_NUMBER}( to {_NUMBER})?\))?|{_NUMBER} upwards|[-–−]|)")


def kinds(table: Table) -> list[str]:
    """What each column holds: ``number`` (aligned to the right), ``range`` (never broken over lines), or "".

    Examples
    --------
    >>> kinds(Table(("n", "sd", "interval", "how"), ((3, "1.2", "−1 to 4.5", "exact"), (4, "-", "0.1 to 2", "exact"))))
    ['number', 'number', 'range', '']
    """
    return [_kind([row[i] for row in table.rows]) for i in range(len(table.columns))]


def _kind(cells: list[Cell]) -> str:
    told = [c for c in cells if isinstance(c, str) and not isinstance(c, Numeral)]
    if not any(isinstance(c, int | float) or c.strip("-–−") for c in cells if c is not None):
        return ""
    if all(_ONE.fullmatch(c) for c in told):
        return "number"
    whole = len(told) == len(cells) and all(len(c) <= _UNBROKEN and _RANGE.fullmatch(c) for c in told)
    return "range" if whole else ""


_UNBROKEN = 34
"""Letters of an interval that is kept on one line."""


def prose(table: Table) -> bool:
    """A table of sentences reads as stacked lines on a narrow screen."""
    return any(isinstance(v, str) and len(v) > 45 for row in table.rows[:20] for v in row)
