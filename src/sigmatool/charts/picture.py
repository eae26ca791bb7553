"""How a control chart looks, in marks."""

from __future__ import annotations

import numpy as np

from ..render.figure import Figure, Label, Line, Mark, Panel, Points, Rule, Span
from .result import ChartPanel, ControlChart, StageLimits
from .words import level

SHOWN_ZONES = ("nelson-5", "nelson-6", "nelson-7", "nelson-8")


def figure(chart: ControlChart, panels: int | None = None) -> Figure:
    """The chart as marks: points with their words, limits with their values, stages with their names."""
    drawn = chart.panels[: panels or len(chart.panels)]
    parts = tuple(_panel(chart, panel) for panel in drawn)
    return Figure(parts, chart.axis.name, _alt(chart), x_kind="time" if chart.axis.kind == "time" else "number")


def _alt(chart: ControlChart) -> str:
    stages = "; ".join(
        f"{s.name}: {s.n} points, centre {level(chart, s.center)}, limits {level(chart, s.lower)} to "
        f"{level(chart, s.upper)}"
        for s in chart.stages
    )
    state = "no signals" if chart.in_control else f"{len(chart.signals)} signals"
    return f"{chart.kind} chart of {chart.metric}; {stages}; {state}."


def _panel(chart: ControlChart, panel: ChartPanel) -> Panel:
    location = panel is chart.panels[0]
    x, y = chart.axis.x, panel.value
    fired: dict[int, list[str]] = {}
    for signal in chart.signals:
        if signal.panel == panel.name:
            fired.setdefault(signal.point - 1, []).append(signal.rule.rsplit("-", 1)[-1])
    words = _words(chart, panel, fired)
    seen = np.isfinite(y)
    at = np.array(sorted(fired), dtype=int)
    plain = np.flatnonzero(seen & ~chart.excluded & ~np.isin(np.arange(y.size), at))
    out = np.flatnonzero(seen & chart.excluded)
    marks: list[Mark] = [*_lines(chart, panel), Line(x, np.where(chart.excluded, np.nan, y), "data")]
    for index, role in ((plain, "data"), (out, "excluded"), (at, "signal")):
        if index.size:
            tags = tuple(min(fired[int(i)], key=int) for i in index) if role == "signal" else ()
            label = {"data": chart.metric, "excluded": "not judged", "signal": "signal, with its lowest rule number"}[
                role
            ]
            marks.append(Points(x[index], y[index], role, tuple(words[int(i)] for i in index), tags, label))
    marks += _stage_marks(chart, location)
    weight = 1.0 if location else 0.5
    label = chart.metric if location else panel.name
    return Panel(tuple(marks), label, weight, percent=chart.percent and location)


def _words(chart: ControlChart, panel: ChartPanel, fired: dict[int, list[str]]) -> list[str]:
    out = []
    for i, label in enumerate(chart.axis.labels):
        if not np.isfinite(panel.value[i]):
            out.append(label)
            continue
        text = f"{label}: {level(chart, panel.value[i])} ({chart.stage_of[i]}"
        text += f"; limits {level(chart, panel.lower[i])} to {level(chart, panel.upper[i])})"
        if i in fired:
            text += f"; rule {', '.join(fired[i])}"
        if chart.excluded[i]:
            text += "; not judged"
        out.append(text)
    return out


def _lines(chart: ControlChart, panel: ChartPanel) -> list[Mark]:
    marks: list[Mark] = []
    for stage in chart.stages:
        here = slice(stage.first - 1, stage.last)
        x = chart.axis.x[here]
        for name, values in (("center", panel.center), ("upper", panel.upper), ("lower", panel.lower)):
            y = values[here]
            known = y[np.isfinite(y)]
            if known.size == 0 or (name == "lower" and not np.any(known > 0) and np.nanmin(panel.value) >= 0):
                continue
            varying = float(np.ptp(known)) > 1e-9 * max(abs(float(known[-1])), 1e-300)
            shown = level(chart, float(known[-1]))
            title = {"center": "", "upper": "UCL ", "lower": "LCL "}[name]
            label = f"{title}{shown}" if not varying else ""
            role = "center" if name == "center" else "limit"
            marks.append(Line(x, y, role, label, step=True))
    return marks


def _stage_marks(chart: ControlChart, location: bool) -> list[Mark]:
    marks: list[Mark] = []
    x = chart.axis.x
    for before, after in zip(chart.stages[:-1], chart.stages[1:], strict=True):
        at = float(x[after.first - 1])
        edge = (float(x[before.last - 1]) + at) / 2
        name = after.name.removeprefix("after ")
        text = f"{'rollout' if name == 'after' else name}, {chart.axis.labels[after.first - 1]}"
        marks.append(Rule(edge, "x", "rollout", text if location else ""))
        washed = _washout(chart, after.first - 1)
        if washed is not None and location:
            marks.append(Span(edge, washed, "washout", "wash-out"))

    def ends(stage: StageLimits) -> tuple[float, float]:
        first, last = stage.first - 1, stage.last - 1
        low = x[first] if first == 0 else (x[first - 1] + x[first]) / 2
        high = x[last] if last == x.size - 1 else (x[last] + x[last + 1]) / 2
        return float(low), float(high)

    if location and len(chart.stages) > 1:
        for stage in chart.stages:
            middle = float(x[stage.first - 1] + x[stage.last - 1]) / 2
            marks.append(
                Label(
                    middle,
                    0.0,
                    f"{stage.name}: {level(chart, stage.center)}",
                    "stage",
                    at_top=True,
                    between=ends(stage),
                )
            )
    return marks


def _washout(chart: ControlChart, start: int) -> float | None:
    """Right edge of the unjudged points that follow a rollout at once."""
    stop = start
    while stop < chart.excluded.size and chart.excluded[stop]:
        stop += 1
    if stop == start:
        return None
    x = chart.axis.x
    return float(x[stop - 1] + (x[stop] if stop < x.size else x[stop - 1])) / 2
