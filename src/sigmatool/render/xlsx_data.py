"""Tables of data in a workbook: one row a point, filters, a heading that stays, dates that are dates."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from .cells import plain_text
from .xlsx_cells import Held, Pen, dated

if TYPE_CHECKING:
    import pandas as pd

ROWS = 1_048_575
"""Rows beneath the heading of one sheet."""
_WIDEST, _NARROWEST = 40, 8
_SAMPLE = 200
_CANONICAL = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d*[1-9])?")
"""Texts of a column that are numbers and nothing else: what Excel would print is the text again."""
_LEFT: dict[str, object] = {"align": "left", "indent": 1}


def frames(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The parts of a table that one sheet can hold."""
    return [frame.iloc[start : start + ROWS] for start in range(0, max(len(frame), 1), ROWS)]


def write_frame(pen: Pen, sheet: Any, frame: pd.DataFrame) -> None:
    """A table with its heading in the first row."""
    from xlsxwriter.utility import xl_range

    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        side = {"align": "right"} if _numeric(column) else _LEFT
        pen.words(sheet, 0, place, name, bold=True, bottom=1, **side)
        widest = _numbers(sheet, place, column) if _numeric(column) else _told(pen, sheet, place, column)
        sheet.set_column(place, place, min(max(widest, min(len(str(name)), 18), _NARROWEST), _WIDEST) + 2)
    sheet.freeze_panes(1, 0)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    sheet.repeat_rows(0)
    sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, len(frame), len(frame.columns) - 1)})


def _numeric(column: pd.Series[Any]) -> bool:
    return column.dtype.kind in "iuf"


def _numbers(sheet: Any, place: int, column: pd.Series[Any]) -> int:
    """Numbers in full; a gap is an empty cell."""
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    for row in np.flatnonzero(np.isfinite(values)).tolist():
        sheet.write_number(row + 1, place, values[row])
    return 12


def _told(pen: Pen, sheet: Any, place: int, column: pd.Series[Any]) -> int:
    """Dates, yes and no, and words; what is missing is an empty cell."""
    known = column.notna().to_numpy()
    rows = np.flatnonzero(known)
    found = column.to_numpy(dtype=object)[known]
    texts = [_word(value) for value in found]
    dates = dated(texts)
    if dates is not None:
        for row, date in zip(rows.tolist(), dates[0], strict=True):
            pen.put(sheet, row + 1, place, Held(date, dates[1]), **_LEFT)
        return len(dates[1])
    if texts and all(_CANONICAL.fullmatch(text) for text in texts):
        for row, text in zip(rows.tolist(), texts, strict=True):
            pen.put(sheet, row + 1, place, Held(float(text), "General"))
        return max(map(len, texts))
    for row, value, text in zip(rows.tolist(), found, texts, strict=True):
        if isinstance(value, int | float) and not isinstance(value, bool):
            pen.put(sheet, row + 1, place, Held(value))
        elif text:
            pen.words(sheet, row + 1, place, text, **_LEFT)
    return max((len(plain_text(t)) for t in texts[:_SAMPLE]), default=0)


def _word(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes") if (value.hour or value.minute) else value.date().isoformat()
    return str(value)
