"""Names beside points, none on another; where two want one place, the earlier of them has it."""

from __future__ import annotations

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
    out: list[Text] = []
    for mark in named:
        for i, name in enumerate(mark.tags[:_MOST]):
            if not name.strip() or not (np.isfinite(mark.x[i]) and np.isfinite(mark.y[i])):
                continue
            tries = [
                t
                for t in _tries(plain(name, _LONGEST), mark.role, float(x(mark.x[i])), float(y(mark.y[i])))
                if _inside(t.box, ends, y) and taken.free(t.box)
            ]
            best = next((t for t in tries if arrows.free(t.box)), tries[0] if tries else None)
            if best is not None:
                taken.add(best.box)
                out.append(best)
    return out


def _tries(name: str, role: str, px: float, py: float) -> list[Text]:
    wide = text_width(name, SIZE)
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
