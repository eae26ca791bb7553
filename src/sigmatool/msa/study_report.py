"""What the pages of measurement studies share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..charts.record import footer, record
from ..charts.report import MOST_ROWS
from ..charts.words import number, p_value, percent
from ..numbers.estimate import Estimate, Tested
from ..render.document import Block, Document, FigureBlock, KeyFigure, KeyFigures, Paragraph, Section, Table
from ..result import Result

if TYPE_CHECKING:
    from ..render.figure import Picture


def page(found: Result, title: str, subtitle: str, sections: Sequence[Section]) -> Document:
    """Sections, and the record after them."""
    return Document(title, (*sections, record(found)), subtitle, footer(found.provenance))


def answer(found: Result, figures: Sequence[KeyFigure], picture: Picture, more: Sequence[Block] = ()) -> Section:
    """The first screen: sentence, key figures, picture, what to know."""
    blocks: list[Block] = [Paragraph(found.headline, "lead"), KeyFigures(tuple(figures)), *more]
    blocks.append(FigureBlock(picture, "", every_row(found)))
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def every_row(found: Result) -> Table:
    """The table behind the picture."""
    frame = found.to_frame()
    caption = "Every value"
    if len(frame) > MOST_ROWS:
        caption = f"The first {MOST_ROWS:,} of {len(frame):,} values; the JSON holds all"
        frame = frame.head(MOST_ROWS)
    columns = tuple(str(c) for c in frame.columns)
    rows = tuple(tuple(_cell(v) for v in row) for row in frame.itertuples(index=False, name=None))
    return Table(columns, rows, caption, folded=True)


def _cell(value: Any) -> str | float | int | None:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | float | int) or value is None else value.item()


def ends(e: Estimate | Tested, digits: int = 4) -> str:
    """An interval in words.

    Examples
    --------
    >>> ends(Estimate(0.8, 0.6, 0.9)), ends(Estimate(0.8, float("nan"), float("nan")))
    ('0.6 to 0.9', 'no interval')
    """
    if math.isnan(e.low) and math.isnan(e.high):
        return "no interval"
    return f"{number(e.low, digits)} to {number(e.high, digits)}"


def share_ends(e: Estimate) -> str:
    """An interval of a share."""
    return "no interval" if math.isnan(e.low) else f"{percent(e.low)} to {percent(e.high)}"


def level_told(confidence: float) -> str:
    """``95 % interval``."""
    return f"{percent(confidence, 4)} interval"


def tested_told(t: Tested) -> str:
    """A test beside its effect."""
    return "no test" if math.isnan(t.p) else p_value(t.p)
