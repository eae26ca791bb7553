"""A picture in the signs of a terminal: points in braille, limits as dashes, signals as marks, and their legend.

What comes out is lines of pieces, each a text with the role of what it shows; who prints them gives roles a colour.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from rich.cells import cell_len

from .cells import plain_text
from .figure import Bars, Figure, Floats, Interval, Line, Mark, Panel, Picture, Points, Rule, Span
from .geometry import Scale
from .terminal_frame import cut, framed
from .terminal_grid import Grid, Pieces

Lines: TypeAlias = list[Pieces]

_HEIGHT, _LOWER, _SMALL = 8, 4, 5
"""Rows of the first panel of a figure, of the others, and of a figure on a sheet."""
_NARROW = 30
"""Columns beneath which a picture is told in words."""
_MOST_PANELS, _MOST_FIGURES, _MOST_ROWS = 4, 6, 12
_ACROSS = ("center", "limit", "target", "specification", "mean")
_SIGNAL, _ESTIMATE = "●", "◆"
_STROKES = {"rollout": "│", "event": "┊", "specification": "┆", "target": "┆", "mean": "┊"}


def chart(picture: Picture, width: int) -> Lines:
    """A picture as lines of at most ``width`` columns; what cannot be drawn there is told in its words.

    Parameters
    ----------
    picture : Figure or Sheet
        Of a sheet two figures stand beside each other.
    width : int

    Examples
    --------
    >>> line = Line(np.arange(1.0, 5.0), np.array([1.0, 3.0, 2.0, 4.0]), "data")
    >>> lines = chart(Figure((Panel((line,), "hours"),), "week", "four weeks", "order"), 40)
    >>> len(lines), "".join(text for text, _ in lines[0]).strip()
    (11, 'hours')
    """
    if isinstance(picture, Figure):
        return _figure(picture, width, _HEIGHT)
    shown, rest = picture.figures[:_MOST_FIGURES], picture.figures[_MOST_FIGURES:]
    out: Lines = []
    beside = 2 if width >= 2 * _NARROW + 8 and picture.columns > 1 else 1
    each = (width - 3 * (beside - 1)) // beside
    for start in range(0, len(shown), beside):
        out += _beside([_figure(figure, each, _SMALL) for figure in shown[start : start + beside]], each)
        out.append([])
    if rest:
        out.append([(f"and {len(rest)} more pictures", "soft")])
    return out


def _beside(columns: list[Lines], width: int) -> Lines:
    out: Lines = []
    for row in itertools.zip_longest(*columns, fillvalue=[]):
        line: Pieces = []
        for place, pieces in enumerate(row):
            if place:
                line.append((" " * (place * (width + 3) - _columns(line)), ""))
            line += pieces
        out.append(line)
    return out


def _columns(line: Pieces) -> int:
    return sum(cell_len(text) for text, _ in line)


def _figure(figure: Figure, width: int, height: int) -> Lines:
    panels = [p for p in figure.panels[:_MOST_PANELS] if _drawable(p)]
    if width < _NARROW or not panels:
        return _words(figure.alt, width)
    head = plain_text(figure.title)
    out: Lines = [[(cut(head, width), "bold")]] if head else []
    for place, panel in enumerate(panels):
        frame = framed(figure, panel, width)
        rows = _rows(panel) if panel.categories else height if place == 0 else min(height, _LOWER)
        grid = Grid(rows, frame.columns)
        y = _y(panel, rows)
        _draw(panel, grid, frame.x(2 * frame.columns), y)
        named = [] if panel.categories else frame.ticks_y(y, rows)
        out += frame.lines(grid, y, _names(panel, rows) if panel.categories else named, last=panel is panels[-1])
    return out + _legend(panels, width)


def _words(alt: str, width: int) -> Lines:
    import textwrap

    return [[(line, "soft")] for line in textwrap.wrap(plain_text(alt), max(width, 20))]


def _drawable(panel: Panel) -> bool:
    if len(panel.categories) > _MOST_ROWS:
        return False
    return any(
        isinstance(m, Interval) or (isinstance(m, Points | Bars | Line) and bool(np.isfinite(m.y).any()))
        for m in panel.marks
    )


def _dotted(panel: Panel) -> int:
    """Rows a category takes: one for its interval, one more for its points."""
    return 2 if any(isinstance(m, Points) for m in panel.marks) else 1


def _rows(panel: Panel) -> int:
    return _dotted(panel) * len(panel.categories)


def _names(panel: Panel, rows: int) -> list[tuple[int, str]]:
    """The row of each category with its name; the first category is the lowest."""
    each = _dotted(panel)
    return [(rows - 1 - i * each, plain_text(name)) for i, name in enumerate(panel.categories)]


def _y(panel: Panel, rows: int) -> Scale:
    """From data to dots from the top, four a row."""
    dots = 4.0 * rows
    if panel.categories:
        each = 4.0 * _dotted(panel)
        return Scale(0.0, float(len(panel.categories)), dots - 2, dots - 2 - len(panel.categories) * each)
    found = [np.asarray(panel.y_reach, dtype=np.float64), *(v for m in panel.marks for v in _heights(m))]
    values = np.concatenate(found)
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    if high <= low:
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    return Scale(low, high, dots - 1, 0.0)


def _heights(mark: Mark) -> Iterable[Floats]:
    """The values that a mark needs the y axis to reach."""
    if isinstance(mark, Points) or (isinstance(mark, Line) and mark.role not in ("zone", "band")):
        yield mark.y
    elif isinstance(mark, Bars):
        yield np.r_[0.0, mark.y]
    elif isinstance(mark, Rule) and mark.axis == "y":
        yield np.array([mark.at])
    elif isinstance(mark, Interval) and mark.axis == "y":
        yield np.array([mark.low, mark.high])


def _draw(panel: Panel, grid: Grid, x: Scale, y: Scale) -> None:
    bars = any(isinstance(m, Bars) for m in panel.marks)
    for mark in panel.marks:
        if isinstance(mark, Line) and mark.role in _ACROSS:
            _across(mark, grid, x, y)
        elif isinstance(mark, Line) and mark.role != "zone" and not bars:
            grid.line(x(mark.x), y(mark.y), mark.role)
        elif isinstance(mark, Points):
            if mark.role == "signal":
                grid.marks(x(mark.x), y(mark.y), _signs(mark), mark.role)
            else:
                grid.points(x(mark.x), y(mark.y), mark.role)
        elif isinstance(mark, Bars):
            grid.bars(_bar_heights(mark, grid, x), y, mark.role)
        elif isinstance(mark, Rule):
            if mark.axis == "x":
                grid.stroke(float(x(mark.at)), _STROKES.get(mark.role, "┊"), mark.role)
            else:
                level = float(y(mark.at))
                grid.across(np.full(grid.columns, level), mark.role, dotted=True)
        elif isinstance(mark, Span):
            grid.shade(float(x(mark.x0)), float(x(mark.x1)), mark.role)
        elif isinstance(mark, Interval):
            _interval(mark, grid, x, y, bool(panel.categories))


def _across(mark: Line, grid: Grid, x: Scale, y: Scale) -> None:
    """A limit or a centre, by its value at the middle of each column."""
    known = np.isfinite(mark.y)
    if not known.any():
        return
    at, level = x(mark.x[known]), y(mark.y[known])
    order = np.argsort(at, kind="stable")
    middles = 2.0 * np.arange(grid.columns) + 0.5
    half = max(1.0, float(np.diff(at[order]).max(initial=0.0)) / 2)
    levels = np.interp(middles, at[order], level[order])
    levels[(middles < at[order][0] - half) | (middles > at[order][-1] + half)] = np.nan
    grid.across(levels, mark.role, dotted=mark.role not in ("center", "mean"))


def _signs(mark: Points) -> list[str]:
    """The mark of each point: the number of its rule where that is one sign."""
    if len(mark.tags) != mark.x.size:
        return [_SIGNAL] * mark.x.size
    return [tag if len(tag) == 1 and tag in "123456789" else _SIGNAL for tag in mark.tags]


def _bar_heights(mark: Bars, grid: Grid, x: Scale) -> Floats:
    """The highest bar that reaches into each column: none is too thin to be seen."""
    heights = np.zeros(grid.columns)
    first, last = (np.rint(x(mark.x + side * mark.width / 2)).astype(int) // 2 for side in (-1, 1))
    for left, right, high in zip(first, last, mark.y, strict=True):
        inside = slice(max(left, 0), max(right, left + 1))
        heights[inside] = np.maximum(heights[inside], high)
    return heights


def _interval(mark: Interval, grid: Grid, x: Scale, y: Scale, category: bool) -> None:
    if mark.axis == "x":
        row = int(float(y(round(mark.position) if category else mark.position)) // 4)
        low, estimate, high = (float(x(v)) for v in (mark.low, mark.estimate, mark.high))
        grid.interval(low, estimate, high, row, mark.role)
        return
    at = float(x(mark.position))
    grid.line(np.array([at, at]), y(np.array([mark.low, mark.high])), mark.role)
    grid.marks(np.array([at]), y(np.array([mark.estimate])), _ESTIMATE, mark.role)


_LISTED = 8
"""Entries of a legend; the words of further marks are on the page."""


def _legend(panels: list[Panel], width: int) -> Lines:
    """What the signs mean, as many to a line as there is room for."""
    told: dict[tuple[str, str], str] = {}
    for panel, mark in ((p, m) for p in panels for m in p.marks):
        sign, words = _meaning(mark)
        if words:
            told.setdefault((sign, plain_text(_named(words, mark, panel))), mark.role)
    entries = list(told.items())
    out: Lines = []
    used = width
    for (sign, words), role in entries[:_LISTED]:
        fits = (part for part in (words, words.split(",")[0]) if cell_len(sign) + cell_len(part) + 1 <= width)
        text = next(fits, cut(words, width - cell_len(sign) - 1))
        wide = cell_len(sign) + cell_len(text) + 4
        if used + wide > width + 3:
            out.append([])
            used = 0
        out[-1] += [(f"{sign} ", role), (f"{text}   ", "soft")]
        used += wide
    return [[*line[:-1], (line[-1][0].rstrip(), "soft")] for line in out]


def _named(words: str, mark: Mark, panel: Panel) -> str:
    """Words of an interval, after the name of its row where they do not begin with it."""
    if not isinstance(mark, Interval) or not panel.categories:
        return words
    name = panel.categories[round(mark.position)]
    return words if words.lower().startswith(name.lower()) else f"{name}: {words}"


def _meaning(mark: Mark) -> tuple[str, str]:
    """A sign with its words; no words where the sign speaks for itself or names itself at the edge."""
    if isinstance(mark, Points) and mark.role in ("signal", "excluded") and mark.label:
        sign = next(iter(_signs(mark)), _SIGNAL) if mark.role == "signal" else "⠂"
        return sign, f"{mark.label} ({int(np.isfinite(mark.y).sum())})"
    if isinstance(mark, Rule) and mark.axis == "x":
        return _STROKES.get(mark.role, "┊"), mark.label
    if isinstance(mark, Interval):
        return "├●┤" if mark.axis == "x" else _ESTIMATE, mark.label
    if isinstance(mark, Span):
        return "░", mark.label
    if isinstance(mark, Bars):
        return "█", mark.label
    if isinstance(mark, Line) and mark.role in ("center", "limit") and mark.label:
        return ("⠒⠒", "centre line") if mark.role == "center" else ("⠂⠂", "control limits")
    if isinstance(mark, Line) and mark.role in ("fit", "before", "after"):
        return "⠒⠒", mark.label
    return "", ""
