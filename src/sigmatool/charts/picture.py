"""How a control chart looks, in marks: one look for every kind, read from its panels, stages and signals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..render.figure import Figure, Label, Line, Mark, Panel, Points, Rule, Span
from .limits_in_words import spread, told
from .result import ChartPanel, ControlChart, StageLimits
from .words import counted, level

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WORDED = 2_000
"""Points of one role that tell their words on hover; of more than that only the line and the shapes are kept."""


def figure(chart: ControlChart, panels: int | None = None) -> Figure:
    """The chart as marks: points with their words, limits with their values, stages with their names."""
    drawn = chart.panels[: panels or len(chart.panels)]
    parts = tuple(_panel(chart, panel, _fired(chart, panel), i == 0) for i, panel in enumerate(drawn))
    kind = chart.axis.kind
    return Figure(parts, chart.axis.name, _alt(chart), x_kind=kind, x_names=_names(chart))


def _names(chart: ControlChart) -> Sequence[str]:
    """Names of points that are more than their numbers."""
    labels = chart.axis.labels
    if chart.axis.kind != "order" or len(labels) == 0:
        return ()
    return () if (labels[0], labels[-1]) == ("1", str(len(labels))) else labels


def _alt(chart: ControlChart) -> str:
    stages = "; ".join(
        f"{s.name}: {s.n:,} points"
        + (f", centre {level(chart, s.center)}" if math.isfinite(s.center) else "")
        + (f", lower limit {level(chart, s.lower)}" if math.isfinite(s.lower) else "")
        + (f", upper limit {level(chart, s.upper)}" if math.isfinite(s.upper) else "")
        for s in chart.stages
    )
    state = "no signals" if chart.in_control else counted(len(chart.signals), "signal")
    told = "; events: " + ", ".join(e.text for e in chart.events[:10]) if chart.events else ""
    return f"{chart.kind} chart of {chart.metric}; {stages}; {state}{told}."


def _fired(chart: ControlChart, panel: ChartPanel) -> dict[int, list[str]]:
    """Numbers of the rules that fired in a panel, by 0-based point."""
    return {
        point - 1: [_number(rule) for rule in rules] for point, rules in chart.signals.at_points(panel.name).items()
    }  # fmt: skip


def _number(rule: str) -> str:
    """``nelson-5`` as 5; an own rule's name as it is."""
    last = rule.rpartition("-")[2]
    return last if last.isdigit() else rule


def _lowest(numbers: list[str]) -> str:
    return min(numbers, key=lambda n: (int(n) if n.isdigit() else math.inf, n))


def _panel(chart: ControlChart, panel: ChartPanel, fired: dict[int, list[str]], location: bool) -> Panel:
    x, y = chart.axis.x, panel.value
    seen = np.isfinite(y)
    signal = np.zeros(y.size, dtype=bool)
    signal[np.fromiter(fired, dtype=np.int64, count=len(fired))] = True
    roles = (
        ("data", seen & ~chart.excluded & ~signal, _title(chart, panel, location)),
        ("excluded", seen & chart.excluded, "not judged"),
        ("signal", seen & signal, "signal, with its lowest rule number"),
    )
    marks: list[Mark] = [*_zones(chart, panel), *_lines(chart, panel, location)]
    marks.append(_data_line(chart, np.where(chart.excluded, np.nan, y)))
    for role, chosen, label in roles:
        index = np.flatnonzero(chosen)
        if index.size:
            told = index.size <= WORDED
            said = _sentences(chart, panel) if told and role == "signal" else {}
            text = tuple(_word(chart, panel, int(i), said) for i in index) if told else ()
            tags = tuple(_lowest(fired[int(i)]) for i in index) if role == "signal" else ()
            groups = tuple(_groups(chart, int(i), fired) for i in index) if told else ()
            marks.append(Points(x[index], y[index], role, text, tags, label, groups))
    marks += _stage_marks(chart, location)
    marks += [Rule(e.x, "x", "event", e.label if location else "", text=e.text) for e in chart.events]
    weight = 1.0 if location else 0.8 if chart.kind == "cusum" else 0.5
    return Panel(tuple(marks), _title(chart, panel, location), weight, percent=chart.percent and location)


def _title(chart: ControlChart, panel: ChartPanel, location: bool) -> str:
    """What stands at the y axis: the metric itself, or what was made of it."""
    if not location:
        return panel.name
    made = chart.frozen.kind.memory or chart.kind in ("t2", "z-mr", "dnom")
    return f"{panel.name} of {chart.metric}" if made else chart.metric


def _data_line(chart: ControlChart, y: Floats) -> Line:
    """The line through the points, broken at gaps and where periods of the calendar are missing."""
    x, positions = chart.axis.x, chart.axis.positions
    breaks = np.flatnonzero(np.diff(positions) > 1) + 1
    if breaks.size:
        x, y = np.insert(x, breaks, (x[breaks - 1] + x[breaks]) / 2), np.insert(y, breaks, np.nan)
    return Line(x, y, "data")


def _sentences(chart: ControlChart, panel: ChartPanel) -> dict[int, list[str]]:
    """What the rules that fired in a panel say, by 0-based point."""
    said: dict[int, list[str]] = {}
    for signal in chart.signals:
        if signal.panel == panel.name:
            said.setdefault(signal.point - 1, []).append(f"rule {_number(signal.rule)}: {signal.text.rstrip('.')}")
    return said


def _groups(chart: ControlChart, i: int, fired: dict[int, list[str]]) -> tuple[str, ...]:
    """The stage of a point, where there are several, and the rules that fired at it."""
    stage = (chart.stage_of[i],) if len(chart.stages) > 1 else ()
    return (*stage, *(f"rule {number}" for number in fired.get(i, ())))


def _word(chart: ControlChart, panel: ChartPanel, i: int, said: dict[int, list[str]]) -> str:
    text = f"{chart.axis.labels[i]}: {level(chart, panel.value[i])} ({chart.stage_of[i]}"
    limits = [level(chart, float(v)) for v in (panel.lower[i], panel.upper[i]) if np.isfinite(v)]
    text += f"; limits {' to '.join(limits)})" if len(limits) == 2 else f"; limit {limits[0]})" if limits else ")"
    text += "".join(f"; {sentence}" for sentence in said.get(i, ()))
    if chart.excluded[i]:
        text += f"; not judged: {chart.reasons[i + 1]}" if i + 1 in chart.reasons else "; not judged"
    return text


def _zones(chart: ControlChart, panel: ChartPanel) -> list[Mark]:
    """Lines at 1 and 2 sigma inside the limits; they start anew at each stage."""
    if not panel.zones:
        return []
    starts = np.array([stage.first - 1 for stage in chart.stages[1:]], dtype=np.int64)
    x = chart.axis.x
    marks: list[Mark] = []
    for k in (-2, -1, 1, 2):
        if abs(k) >= chart.nsigma:
            continue
        y = panel.center + k * panel.sigma
        with np.errstate(invalid="ignore"):
            y = np.where((y < panel.lower) | (y > panel.upper), np.nan, y)
        if np.isfinite(y).any() and bool(np.any(panel.sigma > 0)):
            marks.append(Line(_cut(x, starts, middle=True), _cut(y, starts), "zone", step=True))
    return marks


def _cut(values: Floats, starts: Ints, middle: bool = False) -> Floats:
    """A gap before every start, so that a line does not run on into the next stage."""
    between = (values[starts - 1] + values[starts]) / 2 if middle else np.nan
    return np.insert(values, starts, between)


def _lines(chart: ControlChart, panel: ChartPanel, location: bool) -> list[Mark]:
    """Centre and limits of every stage, each with its value."""
    marks: list[Mark] = []
    for stage in chart.stages:
        here = slice(stage.first - 1, stage.last)
        lines = {"center": panel.center[here], "upper": panel.upper[here], "lower": panel.lower[here]}
        distance = spread(*lines.values())
        sizes = _vary(panel.n[here])
        for name, y in lines.items():
            known = y[np.isfinite(y)]
            # a lower limit at zero, where nothing can be below it, is no limit
            if known.size == 0 or (name == "lower" and not known.any() and not np.any(panel.value < 0)):
                continue
            label, shorter = _value(chart, stage, name, known, distance, location, sizes)
            role = "center" if name == "center" else "limit"
            marks.append(Line(chart.axis.x[here], y, role, label, step=True, shorter=shorter))
    return marks


def _vary(n: Floats) -> bool:
    seen = n[n > 0]
    return bool(np.any(seen != seen[0])) if seen.size else False


def _value(
    chart: ControlChart, stage: StageLimits, name: str, known: Floats, distance: float, location: bool, sizes: bool
) -> tuple[str, tuple[str, ...]]:
    """A line's value in words, and shorter. Limits that move with the size of the points give the value at the
    average size, as about; limits that settle give the value they settle at."""
    value = float(known[-1])
    settled = known[known.size // 2 :]
    about = ""
    if sizes and float(np.ptp(settled)) > 2e-3 * (distance or 1.0):
        about = "≈ "
        value = float(getattr(stage, name)) if location else float(np.median(known))
    shown = about + told(value, distance, chart.percent and location)
    if about and value == 0:
        return "", ()
    title = {"center": "", "upper": "UCL ", "lower": "LCL "}[name]
    return title + shown, (shown,) if title else ()


def _stage_marks(chart: ControlChart, location: bool) -> list[Mark]:
    """Strokes between stages, with what happened and from where to where the centre went; names of stages."""
    marks: list[Mark] = []
    x = chart.axis.x
    values = [_center(chart, stage) for stage in chart.stages]
    edges = [-math.inf]
    for number, after in enumerate(chart.stages[1:]):
        start = after.first - 1
        edge = float(x[start - 1] + x[start]) / 2
        edges.append(edge)
        words = _change(chart, after, values[number], values[number + 1])
        marks.append(
            Rule(edge, "x", "rollout", words[0] if location else "", words[1:] if location else (), text=words[0])
        )
        washed = _washout(chart, start)
        if washed is not None and location:
            marks.append(Span(edge, washed, "washout", "wash-out"))
    edges.append(math.inf)
    if location and len(chart.stages) > 1:
        for stage, value, low, high in zip(chart.stages, values, edges[:-1], edges[1:], strict=True):
            name = stage.name if len(stage.name) <= 12 else f"{stage.name[:11].rstrip()}…"
            middle = float(x[stage.first - 1] + x[stage.last - 1]) / 2
            marks.append(
                Label(middle, 0.0, f"{stage.name}: {value}" if value else stage.name, "stage", at_top=True,
                      between=(low, high), shorter=(f"{name}: {value}", value) if value else (name,))
            )  # fmt: skip
    return marks


def _center(chart: ControlChart, stage: StageLimits) -> str:
    if not math.isfinite(stage.center) or chart.kind in ("z-mr", "cusum"):
        return ""  # there is no centre, or always the same
    panel = chart.panels[0]
    here = slice(stage.first - 1, stage.last)
    return told(stage.center, spread(panel.center[here], panel.lower[here], panel.upper[here]), chart.percent)


def _change(chart: ControlChart, after: StageLimits, old: str, new: str) -> tuple[str, ...]:
    """What happened at the start of a stage, and the level before and after it; then shorter."""
    name, moment = after.name.removeprefix("after "), chart.axis.labels[after.first - 1]
    name = "rollout" if name in ("after", moment) else name
    if not (old and new):
        return (f"{name}, {moment}", name)
    step = f"{old} → {new}"
    return (f"{name}, {moment}: {step}", f"{name}: {step}", f"{name}, {moment}", name, step)


def _washout(chart: ControlChart, start: int) -> float | None:
    """Right edge of the unjudged points that follow a rollout at once."""
    judged = np.flatnonzero(~chart.excluded[start:])
    stop = start + int(judged[0]) if judged.size else chart.excluded.size
    if stop == start:
        return None
    x = chart.axis.x
    return float(x[stop - 1] + (x[stop] if stop < x.size else x[stop - 1])) / 2
