"""A grid of signs on which marks are drawn: eight braille dots a cell, with strokes, dashes and marks above them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .figure import Floats
from .geometry import Scale, extremes

Pieces: TypeAlias = list[tuple[str, str]]
"""Texts with the roles of what they show, left to right."""

_BLOCKS = " ▁▂▃▄▅▆▇█"
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
_BENEATH = ("after", "before", "fit", "within", "overall", "band", "mean", "center", "target", "specification", "limit")
"""Lines that give way to points, and each to those before it."""


@dataclass(slots=True)
class Grid:
    """Rows and columns of cells; places are given in dots: two a column, four a row, from the upper left."""

    rows: int
    columns: int
    _dots: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    _signs: dict[tuple[int, int], tuple[int, str, str]] = field(default_factory=dict)

    def points(self, px: Floats, py: Floats, role: str) -> None:
        """Single dots."""
        known = np.isfinite(px) & np.isfinite(py)
        across, down = np.rint(px[known]).astype(int), np.rint(py[known]).astype(int)
        inside = (across >= 0) & (across < 2 * self.columns) & (down >= 0) & (down < 4 * self.rows)
        layer = self._dots.setdefault(role, np.zeros((4 * self.rows, 2 * self.columns), dtype=np.bool_))
        layer[down[inside], across[inside]] = True

    def line(self, px: Floats, py: Floats, role: str) -> None:
        """Dots joined in order; a gap lifts the pen."""
        kept = extremes(px, py)
        px, py = px[kept], py[kept]
        known = np.isfinite(px) & np.isfinite(py)
        self.points(px, py, role)
        for a, b in itertools.pairwise(range(px.size)):
            if known[a] and known[b]:
                steps = int(max(abs(px[b] - px[a]), abs(py[b] - py[a]))) + 2
                if steps > 2:
                    self.points(np.linspace(px[a], px[b], steps), np.linspace(py[a], py[b], steps), role)

    def across(self, levels: Floats, role: str, dotted: bool) -> None:
        """A level for each column, none where it is not known: a line, or dots a column apart."""
        left = np.arange(0.0, 2.0 * self.columns, 2.0, dtype=np.float64)
        for offset in (0.0,) if dotted else (0.0, 1.0):
            self.points(np.asarray(left + offset, dtype=np.float64), levels, role)

    def stroke(self, px: float, sign: str, role: str) -> None:
        """A stroke from top to bottom."""
        for row in range(self.rows):
            self._put(row, round(px) // 2, 2, sign, role)

    def shade(self, left: float, right: float, role: str) -> None:
        """A light shade behind everything."""
        for row, column in itertools.product(range(self.rows), range(int(left) // 2, int(right) // 2 + 1)):
            self._put(row, column, 0, "░", role)

    def marks(self, px: Floats, py: Floats, signs: Sequence[str], role: str) -> None:
        """A mark over everything at each point; marks of signals stay on top."""
        above = 9 if role == "signal" else 4
        for at, level, sign in zip(px, py, signs, strict=True):
            if np.isfinite(at) and np.isfinite(level):
                self._put(round(float(level)) // 4, round(float(at)) // 2, above, sign, role)

    def bars(self, heights: Floats, y: Scale, role: str) -> None:
        """Bars from the bottom, to an eighth of a row."""
        for column in np.flatnonzero(heights > 0):
            eighths = max(round(2 * float(y(0.0) - y(float(heights[column])))), 1)
            for row in range(self.rows):
                filled = min(max(eighths - 8 * row, 0), 8)
                if filled:
                    self._put(self.rows - 1 - row, int(column), 3, _BLOCKS[filled], role)

    def interval(self, low: float, estimate: float, high: float, row: int, role: str) -> None:
        """A whisker with its estimate on one row."""
        left, middle, right = (round(v) // 2 for v in (low, estimate, high))
        for column in range(max(left, 0), min(right, self.columns - 1) + 1):
            self._put(row, column, 5, "├" if column == left else "┤" if column == right else "─", role)
        self._put(row, middle, 9, "●", role)

    def _put(self, row: int, column: int, above: int, sign: str, role: str) -> None:
        if 0 <= row < self.rows and 0 <= column < self.columns:
            held = self._signs.get((row, column))
            if held is None or above >= held[0]:
                self._signs[row, column] = (above, sign, role)

    def lines(self) -> list[Pieces]:
        """The rows, each in pieces of one role."""
        layers = sorted(self._dots.items(), key=lambda held: 1 + _BENEATH.index(held[0]) if held[0] in _BENEATH else 0)
        braille = [(role, self._braille(dots)) for role, dots in layers]
        return [self._row(row, braille) for row in range(self.rows)]

    def _braille(self, dots: NDArray[np.bool_]) -> NDArray[np.int64]:
        cells = dots.reshape(self.rows, 4, self.columns, 2).transpose(0, 2, 1, 3)
        return np.asarray((cells * _BITS).sum(axis=(2, 3)), dtype=np.int64)

    def _row(self, row: int, braille: list[tuple[str, NDArray[np.int64]]]) -> Pieces:
        cells = [self._cell(row, column, braille) for column in range(self.columns)]
        return [
            ("".join(sign for sign, _ in run), role) for role, group in itertools.groupby(cells, key=lambda c: c[1])
            for run in [list(group)]
        ]  # fmt: skip

    def _cell(self, row: int, column: int, braille: list[tuple[str, NDArray[np.int64]]]) -> tuple[str, str]:
        above, sign, role = self._signs.get((row, column), (0, " ", ""))
        if above < 2 or (above == 2 and any(codes[row, column] for of, codes in braille if of not in _BENEATH)):
            for of, codes in braille:
                if codes[row, column]:
                    return chr(0x2800 + int(codes[row, column])), of
        return sign, role
