"""The pictures of a comparison: every stage on one scale, and the differences with their intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..render.figure import Figure, Interval, Line, Mark, Panel, Points, Rule
from .plain import measured
from .sentences import measure
from .words import interval, number, shown

if TYPE_CHECKING:
    from .finding import Finding
    from .result import Comparison
    from .stages import Group

Floats = NDArray[np.float64]

SINGLE = 300
"""Points of a group up to which each is a dot; of more the outline of their histogram is drawn."""

BINS = 110
"""Dots side by side over the width of the picture."""

MOST_PAIRS = 45
"""Intervals under each other on one picture."""

_FLOOR, _ROOF, _STEP, _MEAN = -0.04, 0.46, 0.14, -0.27
"""Places inside the band of a group: dots from the floor to the roof, a step apart; the mean beneath them."""


def figure(c: Comparison) -> Figure:
    """The points of every stage or group over one scale, and beneath them its level with its interval."""
    seen = [_values(c, group) for group in c.compared.groups]
    low, high = min(float(v.min()) for v in seen), max(float(v.max()) for v in seen)
    most = max((float(_histogram(v, low, high)[0].max()) for v in seen if v.size > SINGLE), default=1.0)
    marks: list[Mark] = []
    names = []
    for place, (group, values, stage) in enumerate(
        zip(reversed(c.compared.groups), reversed(seen), reversed(c.stages), strict=True)
    ):
        if values.size > SINGLE:
            marks.append(_outline(values, low, high, place, most))
        else:
            marks += _distribution(c, group, values, low, high, place)
        times = 100.0 if c.percent else 1.0
        ends = stage.level * times, stage.low * times, stage.high * times
        told = interval(ends[1], ends[2], c.confidence, (ends[2] - ends[1]) / 2, False, False)
        value = shown(stage.level, (stage.high - stage.low) / 2, c.percent)
        text = f"{stage.name}: {measured(c.scale)[1]} {value} ({told})"
        marks.append(Interval(*ends, place + _MEAN, "data", text))
        names.append(group.name)
    marks += _specification(c)
    return Figure(
        (Panel(tuple(marks), "", categories=tuple(names)),), _axis_name(c), _alt(c), legend=False,
    )  # fmt: skip


def _values(c: Comparison, group: Group) -> Floats:
    """What is drawn of a group: single values, or what each period shows."""
    if c.compared.counted:
        return group.level * (100.0 if c.percent else 1.0)
    return group.values


def _distribution(c: Comparison, group: Group, values: Floats, low: float, high: float, place: int) -> list[Mark]:
    """The dots of a group, stacked where they would cover each other."""
    bins = np.zeros(values.size, dtype=np.int64)
    if high > low:
        bins = np.minimum(((values - low) / (high - low) * BINS).astype(np.int64), BINS - 1)
    order = np.lexsort((values, bins))
    rank = np.empty(values.size, dtype=np.int64)
    starts = np.r_[0, np.flatnonzero(np.diff(bins[order])) + 1]
    rank[order] = np.arange(values.size) - np.repeat(starts, np.diff(np.r_[starts, values.size]))
    step = min(_STEP, (_ROOF - _FLOOR) / max(int(rank.max()), 1))
    height = place + _FLOOR + step * rank.astype(np.float64)
    return [Points(values, height, "data", _texts(c, group, values))]


def _texts(c: Comparison, group: Group, values: Floats) -> tuple[str, ...]:
    """What a dot tells: its label, where a point holds one value."""
    unit = " %" if c.percent else ""
    if values.size != group.n:
        return tuple(f"{group.name}: {number(v, 4)}" for v in values.tolist())
    labels = c.compared.points.axis.labels
    return tuple(
        f"{labels[i]}: {number(v, 4)}{unit}" for i, v in zip(group.points.tolist(), values.tolist(), strict=True)
    )


def _histogram(values: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    """Share of the values in each bin, and the edges of the bins."""
    held, edges = np.histogram(values, bins=60, range=(low, high) if high > low else None)
    return held / values.size, edges


def _outline(values: Floats, low: float, high: float, place: int, most: float) -> Line:
    """The histogram of many values, as a staircase inside the band of its group; ``most``: the largest share of all."""
    share, edges = _histogram(values, low, high)
    x = np.r_[edges[0], np.repeat(edges[1:-1], 2), edges[-1]]
    return Line(x, place + _FLOOR + np.repeat(share / most * (_ROOF - _FLOOR), 2), "data", "")


def _specification(c: Comparison) -> list[Mark]:
    marks: list[Mark] = []
    for name, role in (("lsl", "specification"), ("usl", "specification"), ("target", "target")):
        limit = c.settings[name]
        if limit is not None:
            words = "target" if name == "target" else name.upper()
            marks.append(Rule(float(limit), "x", role, f"{words} {number(float(limit), 6)}", (words,)))
    return marks


def _axis_name(c: Comparison) -> str:
    if c.percent:
        return f"{c.metric} of {c.compared.size_name}, percent"
    if c.scale == "rate" and c.compared.size_name:
        return f"{c.metric} per {c.compared.size_name}"
    return c.metric


def _alt(c: Comparison) -> str:
    names = ", ".join(f"{s.name} ({s.n} points)" for s in c.stages[:8])
    return (
        f"The points of {names} on one scale, each with its {measured(c.scale)[1]} and interval beneath. {c.headline}"
    )


def differences(c: Comparison, findings: tuple[Finding, ...], title: str) -> Figure:
    """A forest: one interval a finding, with the line of no difference and the bounds of what is worthwhile."""
    shown_ones = findings[:MOST_PAIRS]
    ratio = shown_ones[0].kind == "ratio"
    times = 100.0 if c.percent and not ratio else 1.0
    marks: list[Mark] = []
    names = []
    for place, f in enumerate(reversed(shown_ones)):
        t = f.tested
        value, low, high = times * t.value, times * t.low, times * t.high
        text = f"{f.second} against {f.first}: {number(value)} ({number(low)} to {number(high)})"
        if all(math.isfinite(v) for v in (value, low, high)):
            marks.append(Interval(value, low, high, float(place), "data", text))
        names.append(_row(c, f))
    marks.append(Rule(1.0 if ratio else 0.0, "x", "limit", "no difference"))
    marks += _worthwhile(c, shown_ones[0], ratio, times)
    what = measure(c, shown_ones[0])
    axis = f"ratio of {what}" if ratio else f"difference in {what}" + (", points" if c.percent else "")
    alt = f"{title}: {len(shown_ones)} intervals. {c.headline}"
    return Figure((Panel(tuple(marks), "", categories=tuple(names)),), axis, alt, legend=False)


def _row(c: Comparison, f: Finding) -> str:
    if c.several:
        return f"{f.second} − {f.first}" if f.kind == "difference" else f"{f.second} / {f.first}"
    if f.dependent:
        return "allowing for scatter" if f.tested.method.startswith("quasi") else "allowing for dependence"
    return f.tested.method.split(" (")[0].split(",")[0]


def _worthwhile(c: Comparison, f: Finding, ratio: bool, times: float) -> list[Mark]:
    held = next((e for e in c.equivalence if (e.kind == "ratio") == ratio), None)
    if held is None or f.question not in ("level", "proportion", "rate"):
        return []
    return [Rule(times * bound, "x", "specification", "worthwhile") for bound in (held.below, held.above)]
