"""A document as a workbook: sections as sheets, numbers as numbers, native charts, the points with their limits.

Nothing in it is live but the charts: words from data are written as words, whatever they begin with.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .cells import plain_text
from .document import Document, FigureBlock, Table, folded_tables
from .explorer_table import flattened
from .look import Paper, record_date
from .xlsx_cells import Pen
from .xlsx_chart import DATA, Charts
from .xlsx_data import frames, write_frame
from .xlsx_page import Page, fitted, widths

if TYPE_CHECKING:
    import pandas as pd

_PAPERS: dict[Paper, int] = {"a4": 9, "us-letter": 1}
_SHORT = re.compile(r"[^\[\]:*?/\\]+")


def workbook(document: Document, frame: pd.DataFrame, *, paper: Paper = "a4") -> bytes:
    """Write a document, and the points behind it, as an .xlsx workbook.

    Parameters
    ----------
    document : Document
        Each section becomes a sheet.
    frame : DataFrame
        The points, one row each; written in full on sheets named Data.
    paper : {"a4", "us-letter"}
        For who prints it.

    Examples
    --------
    >>> import pandas as pd
    >>> from sigmatool.render.document import Paragraph, Section
    >>> page = Document("Title", (Section("First", (Paragraph("=1+1"),)),))
    >>> workbook(page, pd.DataFrame({"value": [1.0, 2.0]}))[:2]
    b'PK'
    """
    import xlsxwriter

    document = flattened(document)
    out = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, safe) as book:
        made = dt.datetime.combine(record_date(), dt.time())
        book.set_properties({"title": plain_text(document.title)[:240], "created": made})
        book.set_calc_mode("manual")
        names, pen = Names(), Pen(book)
        names.taken.add(DATA.lower())
        pages = [(book.add_worksheet(names.free(section.title)), section) for section in document.sections]
        data = [(book.add_worksheet(names.free("Data")), part) for part in frames(frame) if len(frame.columns)]
        tables = [(book.add_worksheet(names.free(t.caption or "Table")), t) for t in _own_sheets(document, frame)]
        drawn = any(isinstance(block, FigureBlock) for section in document.sections for block in section.blocks)
        charts = Charts(book, book.add_worksheet(DATA) if drawn else None, pen)
        for place, (sheet, section) in enumerate(pages):
            _print(sheet, document, paper)
            head = (document.title, document.subtitle) if place == 0 else (section.title, "")
            Page(sheet, pen, charts, widths(section)).write(section, *head)
        for sheet, part in data:
            write_frame(pen, sheet, part)
            _print(sheet, document, paper)
        for sheet, table in tables:
            Page(sheet, pen, charts, fitted([table], 0)).whole(table)
            _print(sheet, document, paper)
        if drawn:
            _print(charts.sheet, document, paper)
    return out.getvalue()


@dataclass(slots=True)
class Names:
    """Names of sheets that every spreadsheet takes, each only once.

    Examples
    --------
    >>> names = Names()
    >>> names.free("Is it the rollout?"), names.free("is it: the rollout"), names.free("'[]'")
    ('Is it the rollout', 'is it the rollout 2', 'Sheet')
    """

    taken: set[str] = field(default_factory=lambda: {"history"})

    def free(self, wish: str) -> str:
        clean = " ".join("".join(_SHORT.findall(plain_text(wish))).split()).strip("' ")[:31].strip("' ") or "Sheet"
        name, number = clean, 1
        while name.lower() in self.taken:
            number += 1
            name = f"{clean[: 30 - len(str(number))]} {number}"
        self.taken.add(name.lower())
        return name


def _print(sheet: Any, document: Document, paper: Paper) -> None:
    """As wide as the page, numbered, with the hash of the data beneath."""
    sheet.set_paper(_PAPERS[paper])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    told = plain_text(document.footer)[:180].replace("&", "&&")
    sheet.set_footer(f"&L&8{told}&R&8&P / &N")


def _own_sheets(document: Document, frame: pd.DataFrame) -> list[Table]:
    """Tables that a page folds away; those that only tell the points again are left out."""
    known = {str(name) for name in frame.columns}
    return [
        t for t in folded_tables(document) if t.rows and not (set(t.columns) <= known and len(t.rows) <= len(frame))
    ]
