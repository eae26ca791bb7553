"""From data to pixels: scales, lines thinned to what a screen can show, staircases of varying limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figure import Arrow, Line, Points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MANY = 4000
"""Points beyond which a line is thinned to its extremes per pixel."""


@dataclass(frozen=True)
class Scale:
    """From data to pixels, and back."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: Floats | float) -> Floats:
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        return np.asarray(self.start + share * (self.stop - self.start))

    def back(self, pixel: Floats | float) -> Floats:
        share = (np.asarray(pixel, dtype=np.float64) - self.start) / (self.stop - self.start)
        return np.asarray(self.low + share * (self.high - self.low))


def extremes(px: Floats, py: Floats) -> Ints:
    """Positions of the lowest and highest finite point of each pixel column, and of the gaps, in order."""
    if px.size <= MANY:
        return np.arange(px.size)
    finite = np.flatnonzero(np.isfinite(py))
    cells = np.floor(px[finite]).astype(np.int64)
    if np.any(np.diff(cells) < 0):
        order = np.argsort(cells, kind="stable")
        finite, cells = finite[order], cells[order]
    starts = np.flatnonzero(np.r_[True, np.diff(cells) != 0])[: finite.size]
    kept = []
    for reduce in (np.minimum, np.maximum):
        best = np.repeat(reduce.reduceat(py[finite], starts), np.diff(np.r_[starts, finite.size]))
        hits = np.flatnonzero(py[finite] == best)
        kept.append(finite[hits[np.r_[True, np.diff(cells[hits]) != 0]]])
    gaps = np.flatnonzero(np.isnan(py) & np.r_[True, ~np.isnan(py[:-1])])
    return np.unique(np.concatenate([*kept, gaps]))


def staircase(px: Floats, py: Floats) -> tuple[Floats, Floats]:
    """Corners of a line that holds each level from half-way before its point to half-way after it.

    NaN breaks it; equal neighbours are joined, so that a constant limit has two corners however many its points.
    """
    if px.size == 0:
        return px, py
    if px.size == 1:
        return np.r_[px - 4, px + 4], np.r_[py, py]
    half = np.diff(px) / 2
    left = np.r_[px[0] - half[0], px[:-1] + half]
    turn = np.flatnonzero(np.r_[True, (py[1:] != py[:-1]) & ~(np.isnan(py[1:]) & np.isnan(py[:-1]))])
    start = left[turn]
    stop = np.r_[start[1:], px[-1] + half[-1]]
    corners = np.repeat(py[turn], 2)
    across = np.empty(2 * turn.size)
    across[0::2], across[1::2] = start, stop
    return across, corners


def vertices(mark: Line, x: Scale, y: Scale) -> tuple[Floats, Floats]:
    """Corners of a line in pixels, no more of them than a screen can show; NaN lifts the pen."""
    px, py = x(mark.x), y(mark.y)
    if mark.step:
        px, py = staircase(px, py)
    keep = extremes(px, py)
    return px[keep], py[keep]


_HEAD = 8.0


def arrow(mark: Arrow, x: Scale, y: Scale) -> tuple[Floats, Floats]:
    """Corners of an arrow in pixels: its two ends, then the three of its head; no head where both ends are one."""
    px, py = x(np.array([mark.x0, mark.x1])), y(np.array([mark.y0, mark.y1]))
    along = np.array([px[1] - px[0], py[1] - py[0]])
    length = float(np.hypot(*along))
    if not length > 0:
        return px, py
    size = min(_HEAD, length)
    back, aside = along / length * size, np.array([-along[1], along[0]]) / length * size * 0.4
    left, right = (px[1] - back[0] + s * aside[0] for s in (1, -1))
    high, low = (py[1] - back[1] + s * aside[1] for s in (1, -1))
    return np.r_[px, left, px[1], right], np.r_[py, high, py[1], low]


def drawn(mark: Points, px: Floats, py: Floats) -> Ints:
    """Which points are drawn: every signal; of the others, where they are many, the extremes of each pixel column."""
    known = np.isfinite(py)
    if mark.role == "signal" or px.size <= MANY:
        return np.flatnonzero(known)
    kept = extremes(px, py)
    return kept[known[kept]]
