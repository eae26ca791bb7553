"""What the marks of a panel are in a native chart: series of points, joined or not, few enough for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import singledispatch

import numpy as np

from .cells import plain_text
from .figure import Arrow, Bars, Floats, Interval, Label, Line, Mark, Panel, Points, Rule, Span
from .geometry import drawn, extremes, staircase
from .ticks import ticks

_PIXELS = 1_000.0
_NAMES = {"limit": "control limits", "center": "centre line", "zone": ""}
_MOST_TAGS, _LONGEST, _MOST_STROKES = 300, 60, 5
_LABELS = 9
"""Named ticks that stand above each other in a chart."""
_NAMED, _TICKED = 0.35, 0.1
"""Room for names of rows and for named ticks, in widths of what is drawn."""
_NONE = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one look; NaN in ``y`` lifts the pen. ``told`` series stand in the legend."""

    role: str
    name: str
    x: Floats
    y: Floats
    joined: bool = False
    told: bool = False
    tags: tuple[str, ...] = ()
    low: Floats = field(default_factory=lambda: _NONE)
    high: Floats = field(default_factory=lambda: _NONE)
    axis: str = ""
    """Along which axis ``low`` and ``high`` stand."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The rectangle that a panel's marks span, in round numbers."""

    left: float
    right: float
    low: float
    high: float
    step: float
    crowded: bool = False
    """More strokes than a legend should name: those of one role are told once."""


def reach(panel: Panel) -> Reach:
    """What a panel spans.

    Examples
    --------
    >>> reach(Panel((Line(np.array([1.0, 9.0]), np.array([2.0, 7.5]), "data"),), "hours"))
    Reach(left=1.0, right=9.0, low=2.0, high=8.0, step=1.0, crowded=False)
    """
    x = np.concatenate([_NONE, *(_spread(m, 0) for m in panel.marks)])
    y = np.concatenate([np.asarray(panel.y_reach, dtype=np.float64), *(_spread(m, 1) for m in panel.marks)])
    left, right = _ends(x)
    low, high = _ends(y)
    crowded = sum(isinstance(m, Rule) and m.axis == "x" for m in panel.marks) > _MOST_STROKES
    if panel.categories:
        return Reach(left - _NAMED * (right - left), right, -0.5, len(panel.categories) - 0.5, 1.0, crowded)
    if panel.y_ticks:
        left -= _TICKED * (right - left)
    step = float(np.diff(ticks(low, high, 6)[:2]).sum()) or (high - low)
    return Reach(left, right, float(np.floor(low / step) * step), float(np.ceil(high / step) * step), step, crowded)


def _ends(values: Floats) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _spread(mark: Mark, axis: int) -> Floats:
    """The values that a mark needs an axis to hold."""
    if isinstance(mark, Line | Points):
        return _NONE if isinstance(mark, Line) and mark.role == "zone" else mark.x if axis == 0 else mark.y
    if isinstance(mark, Bars):
        sides = (mark.x - mark.width / 2, mark.x + mark.width / 2) if axis == 0 else (np.zeros(1), mark.y)
        return np.concatenate(sides)
    if isinstance(mark, Interval):
        return np.array([mark.low, mark.high] if (mark.axis == "x") == (axis == 0) else [mark.position])
    if isinstance(mark, Arrow):
        return np.array([mark.x0, mark.x1] if axis == 0 else [mark.y0, mark.y1])
    if isinstance(mark, Rule):
        return np.array([mark.at]) if (mark.axis == "x") == (axis == 0) else _NONE
    return _NONE


def series(panel: Panel, span: Reach) -> list[Series]:
    """The series of a panel; marks of one look and one name are one series with gaps."""
    joined: dict[tuple[str, str, bool, str], list[Series]] = {}
    for mark in panel.marks:
        if panel.categories and isinstance(mark, Label):
            continue
        for one in _made(mark, span):
            joined.setdefault((one.role, one.name, one.joined, one.axis), []).append(one)
    found = [_one(parts) for parts in joined.values()]
    if panel.categories:
        # the rows carry their names
        found = [replace(one, told=False) if one.axis else one for one in found]
    named = panel.y_ticks or tuple((float(i), name) for i, name in enumerate(panel.categories))
    inside = [(at, name) for at, name in named if span.low <= at <= span.high][:_MOST_TAGS]
    if panel.y_ticks:
        inside = _spaced(inside, (span.high - span.low) / _LABELS)
    if inside:
        places, names = np.array([at for at, _ in inside]), tuple(_tag(name) for _, name in inside)
        found.append(Series("label", "names", np.full(places.size, span.left), places, tags=names))
    return [one for one in found if one.x.size]


def _spaced(named: list[tuple[float, str]], apart: float) -> list[tuple[float, str]]:
    """The first of the ticks that would touch."""
    kept: list[tuple[float, str]] = []
    for at, name in named:
        if all(abs(at - other) >= apart for other, _ in kept):
            kept.append((at, name))
    return kept


def _tag(text: str) -> str:
    return plain_text(text).strip()[:_LONGEST]


def _one(parts: list[Series]) -> Series:
    """Several of one look as one, with the pen lifted between them."""
    if len(parts) == 1:
        return parts[0]
    gap = np.array([np.nan])
    joined = parts[0].joined
    x, y = (
        np.concatenate([v for p in parts for v in ((getattr(p, axis), gap) if joined else (getattr(p, axis),))])
        for axis in ("x", "y")
    )
    low, high = (np.concatenate([getattr(p, end) for p in parts]) for end in ("low", "high"))
    tags = tuple(tag for p in parts for tag in p.tags)
    return replace(parts[0], x=x, y=y, low=low, high=high, tags=tags, told=any(p.told for p in parts))


@singledispatch
def _made(mark: Mark, span: Reach) -> Iterable[Series]:
    raise TypeError(f"no series of {type(mark).__name__}")


@_made.register(Line)
def _line(mark: Line, span: Reach) -> Iterable[Series]:
    name = _NAMES.get(mark.role, mark.label)
    if mark.role == "zone":
        return
    x, y = staircase(mark.x, mark.y) if mark.step else (mark.x, mark.y)
    kept = extremes(_pixels(x, span), y)
    told = bool(name) and (mark.role not in _NAMES or bool(mark.label))
    yield Series(mark.role, plain_text(name or mark.role), x[kept], y[kept], joined=True, told=told)


def _pixels(x: Floats, span: Reach) -> Floats:
    return np.asarray((x - span.left) / (span.right - span.left) * _PIXELS)


@_made.register(Points)
def _points(mark: Points, span: Reach) -> Iterable[Series]:
    kept = drawn(mark, _pixels(mark.x, span), mark.y)
    tags = tuple(_tag(mark.tags[i]) for i in kept.tolist()) if len(mark.tags) == mark.x.size else ()
    yield Series(
        mark.role, plain_text(mark.label or mark.role), mark.x[kept], mark.y[kept], told=bool(mark.label),
        tags=tags if len(tags) <= _MOST_TAGS else (),
    )  # fmt: skip


@_made.register(Bars)
def _bars(mark: Bars, span: Reach) -> Iterable[Series]:
    half = mark.width / 2
    x = np.column_stack([mark.x - half, mark.x - half, mark.x + half, mark.x + half]).ravel()
    y = np.column_stack([0 * mark.y, mark.y, mark.y, 0 * mark.y]).ravel()
    role = "data" if mark.role == "count" else mark.role
    yield Series(role, plain_text(mark.label or mark.role), x, y, joined=True, told=bool(mark.label))


@_made.register(Rule)
def _rule(mark: Rule, span: Reach) -> Iterable[Series]:
    at = np.array([mark.at, mark.at])
    x, y = (at, _height(span)) if mark.axis == "x" else (np.array([span.left, span.right]), at)
    name = "" if mark.axis == "x" and span.crowded else mark.label
    yield Series(mark.role, plain_text(name or mark.role), x, y, joined=True, told=bool(mark.label))


def _height(span: Reach) -> Floats:
    return np.array([span.low, span.high])


@_made.register(Span)
def _span(mark: Span, span: Reach) -> Iterable[Series]:
    x, y = np.array([mark.x0, mark.x0, mark.x1, mark.x1]), np.array([span.low, span.high, span.high, span.low])
    yield Series(mark.role, plain_text(mark.label or mark.role), x, y, joined=True, told=bool(mark.label))


@_made.register(Interval)
def _interval(mark: Interval, span: Reach) -> Iterable[Series]:
    estimate, position = np.array([mark.estimate]), np.array([mark.position])
    x, y = (estimate, position) if mark.axis == "x" else (position, estimate)
    yield Series(mark.role, "estimate with its interval", x, y, told=True, axis=mark.axis,
                 low=np.array([mark.estimate - mark.low]), high=np.array([mark.high - mark.estimate]))  # fmt: skip


@_made.register(Arrow)
def _arrow(mark: Arrow, span: Reach) -> Iterable[Series]:
    x, y = np.array([mark.x0, mark.x1]), np.array([mark.y0, mark.y1])
    yield Series(mark.role, "from before to after", x, y, joined=True, told=True)


@_made.register(Label)
def _label(mark: Label, span: Reach) -> Iterable[Series]:
    y = span.high if mark.at_top else mark.y
    yield Series("label", "names", np.array([mark.x]), np.array([y]), tags=(_tag(mark.text),))
