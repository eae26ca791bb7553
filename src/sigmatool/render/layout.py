"""Where everything of a figure stands, in pixels: worked out once, drawn alike by every renderer."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .axes import Key, category_marks, legend, margins, tick_texts_y, x_ticks
from .figure import Arrow, Bars, Figure, Interval, Line, Panel, Points, Rule, Sheet, Signs
from .geometry import Scale
from .header import header
from .measure import Shelf, Text, fit, plain
from .placing import Place, words
from .ticks import Tick

Floats = NDArray[np.float64]

WIDTH = {"wide": 960, "half": 620, "narrow": 480}
_TALL, _GAP = 240.0, 10.0
CELL, _BETWEEN, _TITLE = 430.0, 24.0, 20.0
"""Width of a figure on a sheet, what stands between two, and the height of a title."""


@dataclass(frozen=True)
class PanelLayout:
    """A panel in its place: scales, ticks of the y axis, words, and how high each vertical stroke rises."""

    panel: Panel
    x: Scale
    y: Scale
    right: float
    y_ticks: tuple[tuple[float, str], ...]
    texts: tuple[Text, ...]
    stems: dict[int, float]


@dataclass(frozen=True)
class Layout:
    """A figure in its place. ``legend`` are the samples of shapes with their words beneath the panels."""

    width: float
    height: float
    panels: tuple[PanelLayout, ...]
    x_ticks: tuple[Tick, ...]
    texts: tuple[Text, ...]
    legend: tuple[Key, ...]

    @property
    def every_text(self) -> tuple[Text, ...]:
        """All words of the picture beside the ticks of the y axes."""
        return (*(t for p in self.panels for t in p.texts), *self.texts, *(k.text for k in self.legend))


def layout(figure: Figure, width: float | None = None) -> Layout:
    """Arrange a figure ``width`` pixels wide; by default as wide as its size asks for."""
    width = float(width or WIDTH[figure.size])
    heights = [_height(panel) for panel in figure.panels]
    scales = [y_scale(panel, tall, 0.0) for panel, tall in zip(figure.panels, heights, strict=True)]
    left, right = margins(figure, scales, width)
    x = x_scale(figure, left, width - right)
    panels: list[PanelLayout] = []
    keys: list[tuple[str, str]] = []
    lost = 0
    title = [Text(4.0, 14.0, fit(plain(figure.title), width - 8, 13.0, bold=True), "title", size=13.0, bold=True)]
    title = title if figure.title else []
    top = _TITLE if title else 0.0
    for panel, tall, scale in zip(figure.panels, heights, scales, strict=True):
        placed, found, unnumbered = _arrange(panel, x, scale, top, tall, width, width - right, figure.signs)
        panels.append(placed)
        keys += found
        lost += unnumbered
        top = placed.y.start + _GAP
    base = panels[-1].y.start if panels else 0.0
    ticks, texts, bottom = _below(figure, x, base, width)
    samples, extra, bottom = legend(figure, keys, lost, left, width, bottom) if figure.legend else ((), (), bottom)
    return Layout(width, math.ceil(bottom + 4), tuple(panels), ticks, (*title, *texts, *extra), samples)


@dataclass(frozen=True)
class SheetLayout:
    """A sheet in its place: each figure with its left and its top."""

    width: float
    height: float
    title: Text
    places: tuple[tuple[float, float, Layout], ...]


def sheet_layout(sheet: Sheet, width: float | None = None) -> SheetLayout:
    """Arrange the figures of a sheet row by row, ``width`` pixels in all."""
    columns = max(min(sheet.columns, len(sheet.figures)), 1)
    width = float(width or columns * CELL + (columns - 1) * _BETWEEN)
    cell = (width - (columns - 1) * _BETWEEN) / columns
    title = Text(4.0, 18.0, fit(plain(sheet.title), width - 8, 16.0, bold=True), "sheet-title", size=16.0, bold=True)
    top = 32.0 if sheet.title else 0.0
    places: list[tuple[float, float, Layout]] = []
    for start in range(0, len(sheet.figures), columns):
        row = [layout(figure, cell) for figure in sheet.figures[start : start + columns]]
        places += [(i * (cell + _BETWEEN), top, plan) for i, plan in enumerate(row)]
        top += max(plan.height for plan in row) + 12
    return SheetLayout(width, max(math.ceil(top - 12), 1), title, tuple(places))


def layout_inside(figure: Figure, width: float, height: float) -> PanelLayout:
    """The first panel arranged inside a box, with its words within: for axes that somebody else has placed."""
    panel = replace(figure.panels[0], y_label="")
    _, right = margins(replace(figure, panels=(panel,)), [y_scale(panel, height, 0.0)], width)
    x = x_scale(figure, 0.0, max(width - right, width / 2))
    above = header(panel, x, width).height
    tall = max(height - above, height / 2)
    placed, _, _ = _arrange(panel, x, y_scale(panel, tall, 0.0), 0.0, tall, width, x.stop, figure.signs)
    return placed


def _height(panel: Panel) -> float:
    if panel.categories:
        return 46.0 * len(panel.categories) * panel.weight
    return max(_TALL * panel.weight, 90.0)


def _arrange(
    panel: Panel, x: Scale, scale: Scale, top: float, tall: float, width: float, right: float, signs: Signs
) -> tuple[PanelLayout, list[tuple[str, str]], int]:
    above = header(panel, x, width)
    start = top + above.height
    y = Scale(scale.low, scale.high, start + tall, start)
    flags = tuple(replace(t, y=t.y + start) for t in above.texts)
    taken = Shelf()
    for text in flags:
        taken.add(text.box)
    inside, lost = words(Place(panel, x, y, right, width), taken)
    marks = category_marks(panel, y) if panel.categories else tick_texts_y(panel, y, signs)
    stems = {i: start + at for i, at in above.stems.items()}
    return PanelLayout(panel, x, y, right, tuple(marks), (*flags, *inside), stems), list(above.key), lost


def _below(figure: Figure, x: Scale, base: float, width: float) -> tuple[tuple[Tick, ...], list[Text], float]:
    """Ticks and name of the x axis, and where the next thing may stand."""
    found = x_ticks(figure, x, _reach(figure), width)
    texts = []
    for tick in found:
        at = float(x(tick.at))
        texts.append(Text(at, base + 18, tick.text, "tick", "x", "middle"))
        if tick.context:
            texts.append(Text(at, base + 32, tick.context, "tick", "x", "middle"))
    bottom = base + (36 if any(t.context for t in found) else 22)
    if figure.x_label:
        name = fit(plain(figure.x_label), width - 16)
        texts.append(Text((x.start + x.stop) / 2, bottom + 13, name, "axis-name", "x", "middle"))
        bottom += 18
    return tuple(found), texts, bottom


def _reach(figure: Figure) -> tuple[float, float]:
    """From the first point to the last."""
    values: list[float] = []
    for panel in figure.panels:
        for mark in panel.marks:
            if isinstance(mark, Line | Points):
                values += [float(mark.x.min()), float(mark.x.max())] if mark.x.size else []
            elif isinstance(mark, Bars) and mark.x.size:
                values += [float(mark.x.min()) - mark.width / 2, float(mark.x.max()) + mark.width / 2]
            elif isinstance(mark, Interval) and mark.axis == "x":
                values += [mark.low, mark.high]
            elif isinstance(mark, Rule) and mark.axis == "x":
                values.append(mark.at)
            elif isinstance(mark, Arrow):
                values += [mark.x0, mark.x1]
    values = [v for v in values if math.isfinite(v)] or [0.0, 1.0]
    return min(values), max(values)


def x_scale(figure: Figure, start: float, stop: float) -> Scale:
    """All panels share it; the outermost points keep off the edges."""
    low, high = _reach(figure)
    pad = (high - low) * 0.02 or 0.5
    return Scale(low - pad, high + pad, start, stop)


def y_scale(panel: Panel, bottom: float, top: float) -> Scale:
    """Room for every mark of a panel."""
    if panel.categories:
        return Scale(-0.7, len(panel.categories) - 0.3, bottom, top)
    reach = [*panel.y_reach]
    reach += [0.0, 0.0] if any(isinstance(m, Bars) for m in panel.marks) else []
    for mark in panel.marks:
        if isinstance(mark, Line | Points | Bars):
            known = mark.y[np.isfinite(mark.y)]
            reach += [float(known.min()), float(known.max())] if known.size else []
        elif isinstance(mark, Rule) and mark.axis == "y":
            reach.append(mark.at)
        elif isinstance(mark, Interval) and mark.axis == "y":
            reach += [mark.low, mark.high]
        elif isinstance(mark, Arrow):
            reach += [mark.y0, mark.y1]
    reach = [v for v in reach if math.isfinite(v)] or [0.0, 1.0]
    low, high = min(reach), max(reach)
    pad = (high - low) * 0.08
    if pad <= 1e-13 * max(abs(low), abs(high)):
        pad = abs(high) * 0.05 or 0.5
    # what begins near zero is read against zero
    floor = 0.0 if 0 <= low < max(0.25 * high, pad) else low - pad
    return Scale(floor, high + pad, bottom, top)
