"""What stands around a picture in a terminal: names of the axes, ticks, names of stages, and values at the edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len, set_cell_size

from .axes import tick_texts_y, x_ticks
from .cells import plain_text
from .figure import Bars, Figure, Interval, Label, Line, Panel, Points, Rule
from .geometry import Scale
from .terminal_grid import Grid, Pieces
from .ticks import tick_text, ticks

_PIXELS = 8.0
"""Pixels a column counts as where ticks are chosen by the width of their words."""
_MOST_NAME = 24
_NO_EDGE = 56
"""Columns beneath which no values stand at the right edge."""


def framed(figure: Figure, panel: Panel, width: int) -> Frame:
    """How the width is shared: names or ticks to the left, the picture, values at the right edge.

    All panels of a figure get the same, so that a stroke through them is straight.
    """
    left = max(max(map(cell_len, _left_words(figure, p)), default=0) for p in figure.panels) + 1
    edges = [words for p in figure.panels for _, words, _ in _edge(p, Scale(0.0, 1.0, 0.0, 1.0))]
    right = max(map(cell_len, edges), default=0) + 1 if edges and width >= _NO_EDGE else 0
    return Frame(figure, panel, width, left, right)


def _left_words(figure: Figure, panel: Panel) -> list[str]:
    if panel.categories:
        return [_short(name) for name in panel.categories]
    values = [m.y for m in panel.marks if isinstance(m, Points | Line | Bars)]
    known = np.concatenate([v[np.isfinite(v)] for v in values]) if values else np.zeros(0)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return [words for _, words in _ticks_y(figure, panel, Scale(low, high if high > low else low + 1.0, 31.0, 0.0))]


def _ticks_y(figure: Figure, panel: Panel, y: Scale) -> list[tuple[float, str]]:
    if panel.y_ticks:
        return tick_texts_y(panel, Scale(y.low, y.high, 4 * y.start, 4 * y.stop), figure.signs)
    values = next((v for v in (ticks(y.low, y.high, most) for most in (3, 4, 5)) if len(v) > 1), [])
    return [(v, figure.signs.put(text)) for v, text in zip(values, tick_text(values, panel.percent), strict=True)]


def cut(text: str, most: int) -> str:
    """A text no wider than so many columns; letters of some scripts take two."""
    if cell_len(text) <= most:
        return text
    return set_cell_size(text, max(most - 1, 0)).rstrip() + ("…" if most > 0 else "")


def _signs(words: str) -> list[str]:
    """The signs of a text, one for each column: nothing for the second column of a wide one."""
    out: list[str] = []
    for sign in words:
        wide = cell_len(sign)
        if wide:
            out += [sign, *[""] * (wide - 1)]
        elif out:
            out[-1] += sign
    return out


def _short(text: str, most: int = _MOST_NAME) -> str:
    clean = " ".join(plain_text(text).split())
    return cut(clean, most)


def _edge(panel: Panel, y: Scale) -> list[tuple[float, str, str]]:
    """Values to stand at the right edge: height, words, role."""
    out = []
    reach = max((float(m.x.max()) for m in panel.marks if isinstance(m, Line | Points) and m.x.size), default=0.0)
    for mark in panel.marks:
        if isinstance(mark, Line) and mark.label and mark.role in ("center", "limit") and mark.x.size:
            known = np.flatnonzero(np.isfinite(mark.y))
            if known.size and mark.x[known[-1]] >= reach:
                out.append((float(y(mark.y[known[-1]])), _short(mark.label), mark.role))
        elif isinstance(mark, Rule) and mark.axis == "y" and mark.label:
            out.append((float(y(mark.at)), _short(mark.label), mark.role))
    return out


@dataclass(frozen=True, slots=True)
class Frame:
    """A panel's place in the width of a terminal."""

    figure: Figure
    panel: Panel
    width: int
    left: int
    right: int

    @property
    def columns(self) -> int:
        return max(self.width - self.left - 1 - self.right, 8)

    @property
    def reach(self) -> tuple[float, float]:
        """The first and last x of all panels, with half a bar beyond."""
        low, high = [], []
        for mark in (m for p in self.figure.panels for m in p.marks):
            if isinstance(mark, Line | Points | Bars) and mark.x.size and np.isfinite(mark.x).any():
                half = mark.width / 2 if isinstance(mark, Bars) else 0.0
                low.append(float(np.nanmin(mark.x)) - half)
                high.append(float(np.nanmax(mark.x)) + half)
            elif isinstance(mark, Interval) and mark.axis == "x":
                low += [v for v in (mark.low, mark.estimate) if np.isfinite(v)]
                high += [v for v in (mark.high, mark.estimate) if np.isfinite(v)]
            elif isinstance(mark, Rule) and mark.axis == "x" and mark.role in ("specification", "target"):
                low.append(mark.at)
                high.append(mark.at)
        return (min(low), max(high)) if low and high else (0.0, 1.0)

    def x(self, dots: float) -> Scale:
        """From data to dots from the left."""
        low, high = self.reach
        return Scale(low, high, 0.0, dots - 1) if high > low else Scale(low - 0.5, high + 0.5, 0.0, dots - 1)

    def ticks_y(self, y: Scale, rows: int) -> list[tuple[int, str]]:
        """Rows with the values that stand beside them."""
        found = [(round(float(y(v))) // 4, words) for v, words in _ticks_y(self.figure, self.panel, y)]
        return [(row, words) for row, words in found if 0 <= row < rows]

    def lines(self, grid: Grid, y: Scale, names: Sequence[tuple[int, str]], last: bool) -> list[Pieces]:
        """The panel with everything around it; the x axis beneath the last one."""
        told = {row: _short(words) for row, words in names}
        edge = self._edge_rows(y, grid.rows) if self.right else {}
        out: list[Pieces] = []
        if self.panel.y_label:
            out.append([(_short(self.panel.y_label, self.width), "soft")])
        stages = self._stages()
        if stages:
            out.append([(" " * (self.left + 1) + stages, "stage")])
        for row, pieces in enumerate(grid.lines()):
            name = told.get(row, "")
            pad = " " * (self.left - 1 - cell_len(name))
            line: Pieces = [(f"{pad}{name} ", "soft"), ("┤" if name else "│", "soft"), *pieces]
            if row in edge:
                line.append((" " + edge[row][0], edge[row][1]))
            out.append(line)
        return out + (self._axis() if last else [])

    def _edge_rows(self, y: Scale, rows: int) -> dict[int, tuple[str, str]]:
        """One value a row; one that meets another moves to the row beside it, or is left to the table."""
        out: dict[int, tuple[str, str]] = {}
        for level, words, role in sorted(_edge(self.panel, y)):
            at = round(level) // 4
            free = next((r for r in (at, at + 1, at - 1) if 0 <= r < rows and r not in out), None)
            if free is not None:
                out[free] = (words, role)
        return out

    def _stages(self) -> str:
        """The names of stages above the picture, each over its own stretch."""
        line = [" "] * self.columns
        x = self.x(2 * self.columns)
        for mark in self.panel.marks:
            if not (isinstance(mark, Label) and mark.between is not None):
                continue
            start, stop = (
                min(max(int(float(x(v)) // 2) + 1, 0), self.columns) if np.isfinite(v) else open_end
                for v, open_end in zip(mark.between, (0, self.columns), strict=True)
            )
            texts = (" ".join(plain_text(t).split()) for t in (mark.text, *mark.shorter))
            signs = _signs(next((t for t in texts if cell_len(t) < stop - start), ""))
            first = start + (stop - start - len(signs)) // 2
            line[first : first + len(signs)] = signs
        return "".join(line).rstrip()

    def _axis(self) -> list[Pieces]:
        """The line beneath, the values that stand along it, and its name."""
        dots = self.x(2.0 * self.columns)
        whole = Scale(dots.low, dots.high, 0.0, _PIXELS * self.columns)
        found = x_ticks(self.figure, whole, self.reach, _PIXELS * self.columns)
        rule, first, second = (["─"] * self.columns, [" "] * self.columns, [" "] * self.columns)
        for tick in found:
            at = min(int(float(whole(tick.at)) / _PIXELS), self.columns - 1)
            if self._write(first, at, tick.text):
                rule[at] = "┬"
                self._write(second, at, tick.context)
        pad = " " * (self.left + 1)
        out: list[Pieces] = [[(" " * self.left + "└" + "".join(rule), "soft")]]
        words = _short(self.figure.x_label, 20)
        contexts = "".join(second).rstrip()
        out.append([(pad + "".join(first).rstrip(), "soft")])
        if contexts:
            out.append([(pad + contexts, "soft")])
        row = out[-1][0][0]
        if words and cell_len(row) + cell_len(words) + 2 <= self.width:
            out[-1] = [(f"{row}  {words}", "soft")]
        return out

    @staticmethod
    def _write(line: list[str], at: int, words: str) -> bool:
        """Words about a place where nothing stands yet."""
        signs = _signs(words)
        start = min(max(at - len(signs) // 2, 0), len(line) - len(signs))
        around = line[max(start - 1, 0) : start + len(signs) + 1]
        if start < 0 or any(sign != " " for sign in around):
            return False
        line[start : start + len(signs)] = signs
        return True
