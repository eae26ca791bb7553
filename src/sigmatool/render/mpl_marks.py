"""Single marks drawn with matplotlib: lines, points, rules, bars, intervals, arrows, by their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import geometry
from .figure import Arrow, Bars, Interval, Line, Points, Rule, Span
from .geometry import drawn, vertices
from .layout import PanelLayout
from .palette import LIGHT, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, GRID = LIGHT["ink"], LIGHT["line"]
_EDGE = {"excluded": 1.2, "before": 1.2}
MARKER = {"signal": "D", "excluded": "x", "before": "s"}
DASHES: dict[str, Any] = {
    "limit": "--", "zone": ":", "overall": (0, (6, 3)), "band": (0, (3, 2)), "specification": "-", "event": "--",
    "target": (0, (7, 2, 1.5, 2)), "mean": (0, (2, 1.5)), "before": (0, (4, 3)),
}  # fmt: skip
"""A second sign beside the colour, for print without colours and for those who do not see them."""
WIDE = {
    "zone": 0.8, "center": 1.2, "data": 0.9, "within": 1.8, "overall": 1.6, "fit": 1.4, "specification": 2.0,
    "event": 0.8,
}  # fmt: skip


def panel(ax: Axes, place: PanelLayout) -> None:
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(LIGHT["limit"])
    ax.grid(axis="y", color=GRID, linewidth=0.5)
    ax.set_axisbelow(True)
    for index, mark in enumerate(place.panel.marks):
        _mark(ax, place, index, mark)


def _mark(ax: Axes, place: PanelLayout, index: int, mark: Any) -> None:
    color = colour(mark.role)
    if isinstance(mark, Line):
        _line(ax, place, mark, color)
    elif isinstance(mark, Points):
        keep = drawn(mark, place.x(mark.x), place.y(mark.y))
        size = 4.4 if mark.x.size <= 150 else 3.2 if mark.x.size <= 800 else 2.4
        size += 0.8 if mark.role == "signal" else 0.0
        order = {"signal": 5, "excluded": 4}.get(mark.role, 3)
        ax.plot(
            mark.x[keep], mark.y[keep], MARKER.get(mark.role, "o"), color=color, markersize=size, zorder=order,
            markeredgewidth=_EDGE.get(mark.role, 0), markerfacecolor="white" if mark.role == "before" else color,
            clip_on=False,
        )  # fmt: skip
    elif isinstance(mark, Span):
        ax.axvspan(mark.x0, mark.x1, facecolor="none", edgecolor=color, hatch="///", linewidth=0, alpha=0.4)
    elif isinstance(mark, Rule):
        _rule(ax, place, index, mark, color)
    elif isinstance(mark, Bars):
        ax.bar(mark.x, mark.y, width=mark.width, color=color, edgecolor="white", linewidth=0.4, zorder=1.2)
    elif isinstance(mark, Arrow):
        _arrow(ax, place, mark, color)
    elif isinstance(mark, Interval):
        _interval(ax, mark, color)


def _interval(ax: Axes, mark: Interval, color: str) -> None:
    span = np.array([[mark.estimate - mark.low], [mark.high - mark.estimate]])
    wide = {"within": 2.2, "overall": 2.2, "specification": 3.0}.get(mark.role, 1.5)
    style: dict[str, Any] = {"fmt": "o", "color": color, "capsize": 4, "elinewidth": wide}
    if mark.axis == "x":
        drawn_as = ax.errorbar([mark.estimate], [mark.position], xerr=span, **style)
    else:
        drawn_as = ax.errorbar([mark.position], [mark.estimate], yerr=span, **style)
    for bar in drawn_as[2]:
        bar.set_linestyle(DASHES.get(mark.role, "-") if mark.role == "overall" else "-")


def _line(ax: Axes, place: PanelLayout, mark: Line, color: str) -> None:
    px, py = vertices(mark, place.x, place.y)
    order = {"zone": 1.5, "data": 2.0}.get(mark.role, 2.5)
    ax.plot(
        place.x.back(px), place.y.back(py), linestyle=DASHES.get(mark.role, "-"), color=color,
        linewidth=WIDE.get(mark.role, 1.1), zorder=order, alpha=0.75 if mark.role == "data" else 1.0,
    )  # fmt: skip


def _rule(ax: Axes, place: PanelLayout, index: int, mark: Rule, color: str) -> None:
    wide, style = WIDE.get(mark.role, 1.5), DASHES.get(mark.role, "-")
    if mark.axis == "y":
        ax.axhline(mark.at, color=color, linewidth=1.2, linestyle=":" if style == "-" else style)
        return
    top = float(place.y.back(place.stems.get(index, place.y.stop)))
    ax.plot(
        [mark.at, mark.at], [place.y.low, top], linestyle=style, color=color, linewidth=wide, clip_on=False, zorder=2.2
    )  # fmt: skip


def _arrow(ax: Axes, place: PanelLayout, mark: Arrow, color: str) -> None:
    px, py = geometry.arrow(mark, place.x, place.y)
    x, y = place.x.back(px), place.y.back(py)
    ax.plot(x[:2], y[:2], color=color, linewidth=1.1, zorder=2.6)
    if x.size > 2:
        ax.fill(x[2:], y[2:], color=color, linewidth=0, zorder=2.6)
