"""The page of a stability study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..charts.words import counted, number
from ..render.document import Document, KeyFigure, Paragraph, Section, Table
from ..render.figure import Figure, Line, Mark, Rule
from .study_report import answer, ends, level_told, page, tested_told

if TYPE_CHECKING:
    from .stability_result import GageStability


def headline(found: GageStability) -> str:
    """Stable or not, and how far it drifts."""
    chart = found.chart
    n = chart.stages[-1].n
    steady = (
        f"steady over {n:,} points"
        if found.stable
        else f"{counted(len(chart.signals), 'signal')} in {n:,} points, the first at point {chart.signals[0].point}"
    )
    if found.fit is None:
        return f"{found.metric}: {steady}; all readings are equal."
    d, s = found.total_drift, found.fit.slope
    drifts = s.low > 0 or s.high < 0
    said = (
        f"a drift of {number(d.value)} from first to last ({ends(d, 3)})"
        if drifts
        else f"no drift that chance could not make ({ends(d, 3)} from first to last)"
    )
    return f"{found.metric}: {steady}, and {said}."


def document(found: GageStability) -> Document:
    """Chart with drift, figures, signals, the record."""
    chart, level = found.chart, level_told(found.confidence)
    last = chart.stages[-1]
    figures = [
        KeyFigure("yes" if found.stable else "no", "is the gage steady?", f"{counted(len(chart.signals), 'signal')}"),
        KeyFigure(number(found.total_drift.value), "drift, first to last", f"{level} {ends(found.total_drift, 3)}"),
    ]
    if found.bias is not None:
        figures.append(KeyFigure(number(found.bias.value), "bias", f"{level} {ends(found.bias, 3)}"))
    rows = [
        ("centre", number(last.center, 6), f"{last.n:,} points"),
        ("sigma", number(last.sigma, 4), chart.sigma_method),
        ("limits", f"{number(last.lower, 6)} to {number(last.upper, 6)}", f"{chart.kind} chart"),
    ]
    if found.fit is not None:
        s = found.fit.slope
        rows.append((f"drift per {found.step}", number(s.value, 4), f"{ends(s)}; {tested_told(s)}"))
        rows.append(("drift, first to last", number(found.total_drift.value, 4), ends(found.total_drift)))
    if found.bias is not None:
        rows.append(("bias", number(found.bias.value, 4), f"{ends(found.bias)}; {tested_told(found.bias)}"))
    sections = [
        answer(found, figures, picture(found), (Paragraph(chart.false_alarm.text),)),
        Section("Figures", (Table(("figure", "value", "how"), tuple(rows), f"Intervals are {level}s"),), "figures"),
    ]
    if chart.signals:
        told = tuple((s.point, chart.axis.labels[s.point - 1], s.rule, s.text) for s in chart.signals)
        sections.append(
            Section("Signals", (Table(("point", "at", "rule", "what"), told, "Places to look"),), "signals")
        )
    return page(found, found.title, f"{last.n:,} points of one master; {chart.kind} chart", sections)


def picture(found: GageStability) -> Figure:
    """The chart, with the line of drift and the reference."""
    drawn = found.chart.figure()
    extra: list[Mark] = []
    if found.fit is not None:
        x = np.asarray(found.chart.axis.x, dtype=np.float64)
        at = np.array([x.min(), x.max()])
        f = found.fit
        extra.append(Line(at, f.level + f.slope.value * (at - f.middle), "fit", "drift"))
    if found.reference is not None:
        extra.append(Rule(found.reference, "y", "target", f"reference {number(found.reference, 6)}", ("reference",)))
    first = replace(drawn.panels[0], marks=(*drawn.panels[0].marks, *extra))
    return replace(drawn, panels=(first, *drawn.panels[1:]))
