"""Names beside points, none on another; where two want one place, the earlier of them has it."""

from __future__ import annotations

import math

import numpy as np

from .figure import Arrow, Panel, Points
from .geometry import Scale
from .measure import Box, Shelf, Text, plain, text_width

SIZE = 11.0
_LONGEST = 28
_MOST = 400
"""Names that are tried on one panel."""
_RADIUS = 4.0
_SIDES = (
    (7.0, 4.0, 0.0), (-7.0, 4.0, 1.0), (0.0, -8.0, 0.5), (0.0, 16.0, 0.5), (5.0, -6.0, 0.0), (5.0, 14.0, 0.0),
    (-5.0, -6.0, 1.0), (-5.0, 14.0, 1.0),
)  # fmt: skip
"""Right, left, above, below, and four corners: distance in pixels, and the share of the name that is left of it."""


_FAR = (20.0, 32.0, 46.0, 62.0, 82.0, 106.0)
"""Distances at which a name may stand apart, tied to its point by a line, where there is no room beside it."""
_WAYS = tuple((math.cos(math.pi * k / 8), math.sin(math.pi * k / 8)) for k in range(16))


def point_names(panel: Panel, x: Scale, y: Scale, ends: tuple[float, float], taken: Shelf) -> list[Text]:
    """Names of the points of every role but signals, first those that cross no arrow."""
    named = [m for m in panel.marks if isinstance(m, Points) and m.tags and m.role != "signal"]
    if not named:
        return []
    for mark in panel.marks:
        if isinstance(mark, Points) and mark.x.size <= _MOST:
            for a, b in zip(x(mark.x).tolist(), y(mark.y).tolist(), strict=True):
                taken.add(Box(a - _RADIUS, b - _RADIUS, a + _RADIUS, b + _RADIUS))
    arrows = _arrows(panel, x, y)
    wanted = [
        (plain(name, _LONGEST), mark.role, (float(x(mark.x[i])), float(y(mark.y[i]))))
        for mark in named
        for i, name in enumerate(mark.tags[:_MOST])
        if name.strip() and np.isfinite(mark.x[i]) and np.isfinite(mark.y[i])
    ]
    out: list[Text] = []
    left = []
    for told, role, place in wanted:
        near = [t for t in _tries(told, role, place) if _inside(t.box, ends, y) and taken.free(t.box)]
        best = next((t for t in near if arrows.free(t.box)), near[0] if near else None)
        if best is None:
            left.append((told, role, place))
        else:
            taken.add(best.box)
            out.append(best)
    for told, role, place in left:
        best = _apart(told, role, place, ends, y, taken, arrows) or _apart(told, role, place, ends, y, taken, Shelf())
        if best is not None:
            for box in (best.box, *_pieces(best)):
                taken.add(box)
            out.append(best)
    return out


def _apart(
    name: str,
    role: str,
    place: tuple[float, float],
    ends: tuple[float, float],
    y: Scale,
    taken: Shelf,
    arrows: Shelf,
) -> Text | None:
    """The nearest free place at which a line to the point crosses no words and no other point."""
    wide = text_width(name, SIZE)
    for far in _FAR:
        for across, down in _WAYS:
            share = 0.0 if across > 0.3 else 1.0 if across < -0.3 else 0.5
            at = (place[0] + far * across - share * wide, place[1] + far * down + 4)
            text = Text(*at, name, "point-name", role, size=SIZE, tie=place)
            free = _inside(text.box, ends, y) and taken.free(text.box) and arrows.free(text.box)
            if free and all(taken.free(piece) for piece in _pieces(text)):
                return text
    return None


def _pieces(text: Text) -> list[Box]:
    """Small boxes along the line from a point to its name, but for what lies on the point itself."""
    if text.tie is None or text.tie_end is None:
        return []
    (a, b), (c, d) = text.tie, text.tie_end
    length = math.hypot(c - a, d - b)
    steps = np.arange(_RADIUS + 3, length - 2, 3.0) / max(length, 1.0)
    return [
        Box(a + s * (c - a) - 0.5, b + s * (d - b) - 0.5, a + s * (c - a) + 0.5, b + s * (d - b) + 0.5) for s in steps
    ]


def _tries(name: str, role: str, place: tuple[float, float]) -> list[Text]:
    (px, py), wide = place, text_width(name, SIZE)
    return [Text(px + dx - share * wide, py + dy, name, "point-name", role, size=SIZE) for dx, dy, share in _SIDES]


def _inside(box: Box, ends: tuple[float, float], y: Scale) -> bool:
    return box.x0 > ends[0] and box.x1 < ends[1] and box.y0 > y.stop - 4 and box.y1 < y.start


def _arrows(panel: Panel, x: Scale, y: Scale) -> Shelf:
    """Where the strokes of arrows are, in short pieces."""
    shelf = Shelf()
    for mark in panel.marks:
        if isinstance(mark, Arrow):
            px, py = x(np.array([mark.x0, mark.x1])), y(np.array([mark.y0, mark.y1]))
            pieces = max(int(np.hypot(px[1] - px[0], py[1] - py[0]) / 6), 1)
            across, up = np.linspace(px[0], px[1], pieces + 1), np.linspace(py[0], py[1], pieces + 1)
            for a, b, c, d in zip(across, up, across[1:], up[1:], strict=False):
                shelf.add(Box(min(a, c) - 0.5, min(b, d) - 0.5, max(a, c) + 0.5, max(b, d) + 0.5))
    return shelf
