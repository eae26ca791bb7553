"""The part of the page that holds every stage against limits frozen earlier."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..charts.words import percent
from ..render.document import Cell, Paragraph, Section, Table
from ..render.numeral import Numeral
from .sentences import noun
from .words import number, shown

if TYPE_CHECKING:
    from .against_frozen import OnLimits, StageOnLimits
    from .result import Comparison


def frozen_section(c: Comparison, frozen: OnLimits) -> Section:
    """A line a stage: its level against the frozen centre, and its points beyond the frozen limits."""
    sure = f"{number(100 * c.confidence, 4)} % interval"
    columns = (
        noun(c), "points", "level", "frozen centre", "difference", sure, "beyond", "share beyond",
        f"{sure} of the share",
    )  # fmt: skip
    rows = tuple(_row(c, frozen, s) for s in frozen.stages)
    whence = f" ({frozen.name})" if frozen.name else ""
    caption = (
        f"Every {noun(c)} on the frozen limits{whence}, {number(frozen.nsigma, 4)} sigma of the {frozen.kind} chart. "
        "The frozen centre is taken as known, points as independent"
    )
    parts = {s.difference.method: None for s in frozen.stages}
    return Section(
        "Against the frozen limits",
        (Table(columns, rows, caption), Paragraph(f"Interval of the difference: {'; '.join(parts)}.", "note")),
        "frozen",
    )


def _row(c: Comparison, frozen: OnLimits, s: StageOnLimits) -> tuple[Cell, ...]:
    d, unit = s.difference, " %" if c.percent else ""
    doubt = (d.high - d.low) / 2
    points = " points" if c.percent else ""
    sign = "+" if d.value > 0 else ""
    told = f"{sign}{shown(d.value, doubt, c.percent, 1)}{points}"
    ends = f"{shown(d.low, doubt, c.percent, 1)} to {shown(d.high, doubt, c.percent, 1)}{points}"
    share = s.share
    return (
        s.name, s.n, Numeral(shown(s.level, doubt, c.percent, 1) + unit, s.level, share=c.percent),
        Numeral(shown(frozen.center, doubt, c.percent, 1) + unit, frozen.center, share=c.percent),
        Numeral(told, d.value), ends if math.isfinite(doubt) else "-", s.beyond, percent(share.value),
        f"{percent(share.low)} to {percent(share.high)}",
    )  # fmt: skip
