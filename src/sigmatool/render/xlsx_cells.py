"""What a workbook's cell holds: a number with the format its page shows, a real date, or words that stay words."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .cells import cell, plain_text
from .document import Cell, Table
from .numeral import Numeral

Style: TypeAlias = tuple[tuple[str, object], ...]

_TOLD = re.compile(
    r"(?P<head>[^\d+−-]*)(?P<sign>[+−-]?)(?P<whole>\d[\d,]*)(?:\.(?P<part>\d+))?(?P<power>e[+−-]?\d+)?(?P<tail>\D*)"
)
_DATE = re.compile(r"\d{4}-\d\d(-\d\d([ T]\d\d:\d\d(:\d\d)?)?)?")
_EPOCH = dt.datetime(1900, 3, 1)
"""The first day that every spreadsheet counts alike: earlier dates stay text."""
_LIVE = "=+-@\t\r"
"""What a spreadsheet would take for the beginning of a formula, were the cell typed again."""


def number_format(text: str, share: bool = False) -> str:
    """The format under which a spreadsheet shows a number as ``text`` shows it; "" where there is no such number.

    Examples
    --------
    >>> number_format("1,234.50"), number_format("9.87 %", share=True), number_format("× 0.213")
    ('#,##0.00', '0.00" "%', '"× "0.000')
    >>> number_format("< 0.001"), number_format("+3.1"), number_format("−3.1"), number_format("1.2e−12")
    ('[<0.001]"< 0.001";0.000', '+0.0;-0.0;0.0', '0.0;"−"0.0', '0.0E+00')
    """
    found = _TOLD.fullmatch(text)
    if found is None:
        return ""
    part = found["part"] or ""
    digits = ("#,##0" if "," in found["whole"] else "0") + (f".{'0' * len(part)}" if part else "")
    digits += "E+00" if found["power"] else ""
    if found["head"].strip() == "<":
        limit = found["whole"].replace(",", "") + (f".{part}" if part else "")
        return f'[<{limit}]"< {limit}";{digits}'
    tail = found["tail"]
    close = f"{_quoted(tail[: tail.index('%')])}%" if share and "%" in tail else _quoted(tail)
    form = _quoted(found["head"]) + digits + close
    if found["sign"] == "+":
        return f"+{form};-{form};{form}"
    return f'{form};"−"{form}' if found["sign"] == "−" else form


def _quoted(words: str) -> str:
    clean = words.replace('"', "")
    return f'"{clean}"' if clean else ""


@dataclass(frozen=True, slots=True)
class Held:
    """A cell's value, and the number format it is shown by ("" for words)."""

    value: str | float | int | bool | dt.datetime
    format: str = ""


def held(value: Cell, table: Table, column: int) -> Held:
    """A cell of a table as a workbook holds it: numbers in full behind the text of the page."""
    text = cell(value, table, column)
    number = value.value if isinstance(value, Numeral) else value
    if isinstance(number, str) or number is None or not math.isfinite(number):
        return Held(text)
    form = number_format(text, isinstance(value, Numeral) and value.share)
    return Held(_as_told(float(number), text, form), form) if form else Held(text)


def _as_told(number: float, text: str, form: str) -> float:
    """The number, or a hundred times it where the text is a percentage that leaves its sign to the heading."""
    found = _TOLD.fullmatch(text)
    if "%" in form or found is None or found["head"].strip() == "<":
        return number
    told = float(f"{found['whole'].replace(',', '')}.{found['part'] or 0}{(found['power'] or '').replace('−', '-')}")
    return 100 * number if abs(abs(100 * number) - told) < abs(abs(number) - told) else number


def dated(texts: list[str]) -> tuple[list[dt.datetime], str] | None:
    """A column of ISO dates as dates with their format; None where one of them is something else, or too early.

    Examples
    --------
    >>> dated(["2024-01", "2024-02"])
    ([datetime.datetime(2024, 1, 1, 0, 0), datetime.datetime(2024, 2, 1, 0, 0)], 'yyyy-mm')
    >>> dated(["1841-01"]), dated(["2024-01", "week 3"])
    (None, None)
    """
    length = len(texts[0]) if texts else 0
    if length not in _FORMS or not all(len(t) == length and _DATE.fullmatch(t) for t in texts):
        return None
    try:
        dates = [dt.datetime.fromisoformat(t if length > 7 else f"{t}-01") for t in texts]
    except ValueError:
        return None
    return (dates, _FORMS[length]) if min(dates) >= _EPOCH else None


_FORMS = {7: "yyyy-mm", 10: "yyyy-mm-dd", 16: "yyyy-mm-dd hh:mm", 19: "yyyy-mm-dd hh:mm:ss"}


@dataclass(slots=True)
class Pen:
    """Writes cells of a workbook, and keeps one format for each look."""

    book: Any
    made: dict[Style, Any] = field(default_factory=dict)

    def style(self, **look: object) -> Any:
        """The format of this look."""
        key = tuple(sorted(look.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "top", **look})
        return self.made[key]

    def words(self, sheet: Any, row: int, column: int, text: object, **look: object) -> None:
        """Words, whatever they look like: nothing in them is a formula, a link or a number."""
        told = plain_text(text)
        guard = {"quote_prefix": True} if told[:1] and told[0] in _LIVE else {}
        sheet.write_string(row, column, told, self.style(**guard, **look))

    def put(self, sheet: Any, row: int, column: int, found: Held, **look: object) -> None:
        """What a cell holds."""
        if isinstance(found.value, str):
            self.words(sheet, row, column, found.value, **look)
        elif isinstance(found.value, dt.datetime):
            sheet.write_datetime(row, column, found.value, self.style(num_format=found.format, **look))
        else:
            sheet.write_number(row, column, found.value, self.style(num_format=found.format or "General", **look))
