"""Native charts of a workbook: each panel of a figure is a chart over cells that hold what its marks hold.

Every word of a chart (its title, names of series, labels at points) stands in a cell that the chart points to: a text
from data is never read as a formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from .figure import Figure, Floats, Panel, Picture
from .palette import LIGHT, colour
from .ticks import ticks
from .xlsx_cells import Pen
from .xlsx_series import Reach, Series, reach, series

Ref: TypeAlias = list[str | int]

DATA = "Chart data"
"""The sheet of the cells behind the charts."""
_WIDE, _HALF, _HEIGHT, _LEAST, _CATEGORY = 960, 470, 300, 280, 22
_MOST_SERIES = 200
_DASHES = {
    "limit": "dash", "specification": "square_dot", "target": "long_dash", "event": "square_dot", "washout": "dash",
    "band": "round_dot", "within": "dash",
}  # fmt: skip
_SHAPES = {"signal": "diamond", "excluded": "x"}
_HEADING = 2
_REFERENCE = re.compile(r"!(?=\$?[A-Z])")
_SERIAL, _FIRST = 25569.0, 61.0
"""The serial number of 1970-01-01 in a spreadsheet, and the first one that they all read alike."""


@dataclass(slots=True)
class Charts:
    """Makes charts of one workbook; ``sheet`` takes what they show."""

    book: Any
    sheet: Any
    pen: Pen
    column: int = 0
    held: dict[bytes, int] = field(default_factory=dict)

    def picture(self, picture: Picture) -> list[tuple[Any, int, int]]:
        """The charts of a picture, each with its width and its height in pixels."""
        figures = (picture,) if isinstance(picture, Figure) else picture.figures
        wide = _WIDE if isinstance(picture, Figure) or picture.columns < 2 else _HALF
        return [
            (self._chart(figure, panel, figure.title if place == 0 else "", wide, height), wide, height)
            for figure in figures for place, panel in enumerate(figure.panels)
            for height in [_tall(panel)]
        ]  # fmt: skip

    def _chart(self, figure: Figure, panel: Panel, title: str, wide: int, height: int) -> Any:
        chart = self.book.add_chart({"type": "scatter", "subtype": "straight"})
        span, base = reach(panel), self.column
        x = _Across(figure, span)
        for place, words in enumerate((title, figure.x_label, panel.y_label)):
            self.pen.words(self.sheet, 0, base + place, words, bold=place == 0)
        self.held.clear()
        found = series(panel, span)[:_MOST_SERIES]
        for one in found:
            chart.add_series(self._series(one, x))
        self.column = max(self.column, base + 3) + 1
        axis: dict[str, Any] = {"num_font": {"size": 9}, "line": {"color": LIGHT["line"]}, "crossing": "min"}
        axis |= {"major_gridlines": {"visible": False}, "name_font": {"size": 9, "bold": False}}
        chart.set_x_axis(axis | x.axis() | self._name(figure.x_label, base + 1))
        chart.set_y_axis(axis | _upright(panel, span) | self._name(panel.y_label, base + 2))
        named = {"name": [DATA, 0, base], "name_font": {"size": 11}, "overlay": False}
        chart.set_title(named if title else {"none": True})
        hidden = [place for place, one in enumerate(found) if not one.told]
        shown = {"position": "bottom", "delete_series": hidden, "font": {"size": 9}}
        chart.set_legend(shown if len(hidden) < len(found) else {"none": True})
        chart.show_blanks_as("gap")
        chart.set_chartarea({"border": {"none": True}})
        chart.set_size({"width": wide, "height": height})
        return chart

    def _name(self, words: str, column: int) -> dict[str, Any]:
        return {"name": [DATA, 0, column]} if words else {}

    def _series(self, one: Series, x: _Across) -> dict[str, Any]:
        """A series over cells: x (shared where two are alike), y, and what else it needs."""
        at = x.at(one.x)
        across = self.held.get(at.tobytes())
        if across is None:
            across = self.held[at.tobytes()] = self._column("x", at, x.form)
        up = self._column(one.name, one.y)
        rows = (_HEADING, max(_HEADING + at.size - 1, _HEADING))
        out: dict[str, Any] = {
            "name": [DATA, 1, up], "categories": [DATA, rows[0], across, rows[1], across],
            "values": [DATA, rows[0], up, rows[1], up], **_look(one),
        }  # fmt: skip
        if one.low.size:
            ends = {end: self._range(self._column(end, getattr(one, end)), rows) for end in ("low", "high")}
            bars = {"type": "custom", "minus_values": ends["low"], "plus_values": ends["high"]}
            out[f"{one.axis}_error_bars"] = bars | {"line": {"color": colour(one.role), "width": 1.5}}
        if any(one.tags):
            out["data_labels"] = self._labels(one)
        return out

    def _column(self, name: str, values: Floats, form: str = "") -> int:
        column = self.column
        self.column += 1
        self.pen.words(self.sheet, 1, column, name)
        style = self.pen.style(num_format=form or "General")
        for row in np.flatnonzero(np.isfinite(values)).tolist():
            self.sheet.write_number(_HEADING + row, column, float(values[row]), style)
        return column

    def _range(self, column: int, rows: tuple[int, int]) -> str:
        from xlsxwriter.utility import xl_range_abs

        return f"='{DATA}'!{xl_range_abs(rows[0], column, rows[1], column)}"

    def _labels(self, one: Series) -> dict[str, Any]:
        """The words at points; one that looks like a reference to a cell is broken so that it is none."""
        custom = [{"value": _REFERENCE.sub("! ", t)} if t else {"delete": True} for t in one.tags]
        place = "right" if one.role == "label" else "above"
        return {"value": True, "custom": custom, "position": place, "font": {"size": 8, "color": _ink(one.role)}}


def _ink(role: str) -> str:
    return LIGHT["soft"] if role == "label" else colour(role)


def _tall(panel: Panel) -> int:
    if panel.categories:
        return 150 + _CATEGORY * len(panel.categories)
    return round(max(_HEIGHT * min(panel.weight, 1.2), _LEAST))


def _look(one: Series) -> dict[str, Any]:
    """Colour, dash and shape of a role."""
    if one.role == "label":
        return {"line": {"none": True}, "marker": {"type": "none"}}
    if one.joined:
        line = {"color": colour(one.role), "width": 1.0 if one.role in ("limit", "data") else 1.5}
        return {"line": line | {"dash_type": _DASHES.get(one.role, "solid")}, "marker": {"type": "none"}}
    fill = {"color": colour(one.role)}
    size = 7 if one.role == "signal" else 5 if one.x.size <= 200 else 3
    marker = {"type": _SHAPES.get(one.role, "circle"), "size": size, "border": fill, "fill": fill}
    return {"line": {"none": True}, "marker": marker}


def _upright(panel: Panel, span: Reach) -> dict[str, Any]:
    axis: dict[str, Any] = {"min": span.low, "max": span.high, "major_unit": span.step}
    if panel.categories or panel.y_ticks:
        return axis | {"label_position": "none", "major_tick_mark": "none"}
    return axis | {"num_format": _places(span.step, panel.percent)}


def _places(step: float, percent: bool) -> str:
    """As many places as the steps of an axis need."""
    places = max(-int(np.floor(np.log10(100 * step if percent else step) + 1e-9)), 0)
    digits = "#,##0" + (f".{'0' * places}" if places else "")
    return f'{digits}" "%' if percent else digits if places <= 6 else "0.0E+00"


class _Across:
    """The x axis of a figure as a spreadsheet counts it: dates by serial number, earlier ones as years."""

    def __init__(self, figure: Figure, span: Reach) -> None:
        self._time = figure.x_kind == "time"
        self._dated = self._time and span.left + _SERIAL >= _FIRST
        self._span = span
        days = span.right - span.left
        long = "yyyy-mm" if days > 150 else "yyyy-mm-dd" if days > 4 else "mm-dd hh:mm"
        self.form = long if self._dated else "0" if self._time else ""

    def at(self, x: Floats) -> Floats:
        if not self._time:
            return x
        return np.asarray(x + _SERIAL if self._dated else 1970.0 + x / 365.2425)

    def axis(self) -> dict[str, Any]:
        span = self._span
        if self._time:
            low, high = (float(v) for v in self.at(np.array([span.left, span.right])))
            return {"min": low, "max": high, "num_format": self.form}
        step = float(np.diff(ticks(span.left, span.right, 8)[:2]).sum()) or (span.right - span.left)
        ends = (float(np.floor(span.left / step) * step), float(np.ceil(span.right / step) * step))
        return {"min": ends[0], "max": ends[1], "major_unit": step, "num_format": _places(step, False)}
