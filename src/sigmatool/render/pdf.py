"""A document as an archived, tagged PDF (PDF/A-2a and PDF/UA-1), typeset by Typst.

The template is fixed; the document goes in as data. Typst takes a text of that data for a text, never for code, so
that a column named ``#import`` or ``$x$`` is printed as it stands.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .alignment import padding
from .cells import cell, kinds, plain_text
from .column_widths import column_widths
from .document import Block, Document, FigureBlock, Table, folded_tables
from .explorer_table import flattened
from .figure import Figure, Signs
from .look import Paper, record_date
from .palette import LIGHT, on_paper, sheet
from .svg import svg

if TYPE_CHECKING:
    from typst import Fonts

_ROWS = 150
"""Rows of a table on paper; of more, the first, and where the rest are."""

_BREAK = 28
"""Letters of a word after which it may be broken."""

_NAME, _LONGEST = 240, 3_000
"""Characters of a title, a caption or a column's name, and of any other text; of longer ones the beginning."""

_PAGE = 700.0
"""Pixels of a drawing across the page."""

_SIZE, _SMALL, _INSET = 8.4, 7.6, 3.5
"""Letters of a table, of one at the end, and the air beside a cell, in points."""

_TONE = "✓"
_WORDS = {"next": "Next:", "appendix": "The data behind the charts"}
_PAGE_OF = ("page ", " of ")


def pdf(document: Document, *, paper: Paper = "a4") -> bytes:
    """Write a document as PDF.

    Parameters
    ----------
    document : Document
    paper : {"a4", "us-letter"}

    Returns
    -------
    bytes
        A file that claims and keeps PDF/A-2a (archive: everything embedded) and PDF/UA-1 (tagged: title, language,
        headings as bookmarks, words beside every picture). The same document gives the same bytes.
    """
    import typst

    told = json.dumps(_report(flattened(document), paper), ensure_ascii=False)
    return typst.compile(
        sheet("report.typ").encode(),
        font_paths=_fonts(system=not all(map(_embedded, told))),
        ignore_system_fonts=True,
        sys_inputs={"report": told},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
    )


@cache
def _fonts(system: bool) -> Fonts:
    """IBM Plex Sans beside this file; DejaVu, and a last resort for signs that no font has, come with matplotlib."""
    import typst

    own = str(resources.files(__package__).joinpath("fonts"))
    spec = importlib.util.find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    beside = str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")
    return typst.Fonts(include_system_fonts=system, font_paths=[own, beside])


def _embedded(char: str) -> bool:
    """Whether the fonts that come along know the script; for others the system is searched."""
    return char < "\u0900" or "\u1d00" <= char < "\u2e80"


@dataclass(frozen=True, slots=True)
class _Page:
    room: float
    signs: Signs


_ROOM: dict[Paper, float] = {"a4": 504.5, "us-letter": 521.2}
"""Points between the margins."""


def _report(document: Document, paper: Paper) -> dict[str, Any]:
    date, page = record_date(), _Page(_ROOM[paper], document.signs)
    return {
        "title": _text(document.title, _NAME),
        "subtitle": _text(document.subtitle, _NAME),
        "description": _text(document.subtitle, _NAME),
        "footer": _text(document.footer, _NAME),
        "language": document.language,
        "paper": paper,
        "date": {"year": date.year, "month": date.month, "day": date.day},
        "colours": LIGHT,
        "words": _WORDS,
        "page_of": _PAGE_OF,
        "sections": [
            {
                "title": _text(s.title, _NAME),
                "page_break": s.page_break,
                "blocks": [_block(b, f"s{i}b{j}", page) for j, b in enumerate(s.blocks) if not _folded(b)],
            }
            for i, s in enumerate(document.sections)
        ],
        "appendix": [_table(t, page, _SMALL) for t in folded_tables(document) if t.rows],
    }


def _folded(block: Block) -> bool:
    return isinstance(block, Table) and block.folded


def _block(block: Block, name: str, page: _Page) -> dict[str, Any]:
    if isinstance(block, Table):
        return {"kind": "Table", **_table(block, page, _SIZE)}
    if isinstance(block, FigureBlock):
        return {"kind": "FigureBlock", **_picture(block, name)}
    return {"kind": type(block).__name__, **_fields(block)}


def _fields(held: Any) -> dict[str, Any]:
    return {name: _value(getattr(held, name)) for name in held.__dataclass_fields__}


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple | list):
        return [_value(v) for v in value]
    return _fields(value) if hasattr(value, "__dataclass_fields__") else value


def _picture(block: FigureBlock, name: str) -> dict[str, Any]:
    picture = block.figure
    if isinstance(picture, Figure):
        whole = picture.size == "wide"
        return {
            "caption": _text(block.caption),
            "columns": 1,
            "drawings": [_drawing(picture, name, _PAGE if whole else 0.7 * _PAGE, 100 if whole else 70)],
        }
    wide = _PAGE / picture.columns
    return {
        "caption": _text(block.caption),
        "columns": picture.columns,
        "drawings": [_drawing(f, f"{name}-{i}", max(wide, 330.0), 100) for i, f in enumerate(picture.figures)],
    }


def _drawing(figure: Figure, name: str, width: float, share: int) -> dict[str, Any]:
    head, _, rest = svg(figure, id_prefix=name, width=width).partition(">")
    return {
        "svg": f"{head}><style>{_style()}</style>{rest}",
        "alt": _text(figure.alt) or _text(figure.title) or "chart",
        "share": share,
    }


@cache
def _style() -> str:
    """The style sheet of pictures, without the word svg that its rules begin with: here the picture is the page."""
    sans = 'svg { font-family: "IBM Plex Sans", "DejaVu Sans"; font-size: 12px; }'
    return sans + on_paper().replace("svg ", "")


def _table(table: Table, page: _Page, size: float) -> dict[str, Any]:
    shown = table.rows[:_ROWS]
    held = kinds(table)
    names = [_text(c, _NAME) for c in table.columns]
    texts = [[_text(cell(v, table, i)) for i, v in enumerate(row)] for row in shown]
    columns = [[row[i] for row in texts] for i in range(len(names))]
    pads = [
        padding(column, page.signs.decimal) if kind == "number" else [""] * len(column)
        for column, kind in zip(columns, held, strict=True)
    ]
    measured = [[t + p for t, p in zip(c, q, strict=True)] for c, q in zip(columns, pads, strict=True)]
    if table.tones and measured:
        measured[0] = [f"{_TONE} {text}" for text in measured[0]]
    widths, share = column_widths(names, measured, [bool(k) for k in held], page.room, size, 2 * _INSET)
    rest = len(table.rows) - len(shown)
    return {
        "columns": names,
        "rows": [[[t, pads[j][i]] for j, t in enumerate(row)] for i, row in enumerate(texts)],
        "caption": _text(table.caption, _NAME),
        "kinds": held,
        "tones": list(table.tones[:_ROWS]),
        "widths": widths,
        "size": size * share,
        "inset": _INSET * share,
        "cut": f"and {rest:,} more rows: the JSON and the workbook of this result hold them all." if rest else "",
    }


def _text(text: object, longest: int = _LONGEST) -> str:
    """Text that a PDF for the archive may hold: no signs without a meaning, and no word too long to be broken."""
    whole = plain_text(text)
    short = whole if len(whole) <= longest else whole[: longest - 1] + "…"
    kept = "".join(c if unicodedata.category(c) not in ("Co", "Cn", "Cs") else "\ufffd" for c in short)
    return " ".join(map(_broken, kept.split(" ")))


def _broken(word: str) -> str:
    if len(word) <= _BREAK + 8:
        return word
    return "\u200b".join(word[i : i + _BREAK] for i in range(0, len(word), _BREAK))
