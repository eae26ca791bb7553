"""How an attribute capability study looks: the chart, the running rate, the rates themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..render.figure import Figure, Line, Mark, Panel, Points, Rule, Sheet
from .attribute_words import one
from .bins import bins
from .histogram import bar_marks

if TYPE_CHECKING:
    from .attribute_result import AttributeCapability


def sheet(found: AttributeCapability) -> Sheet:
    """Chart, running rate, histogram of rates, and the rates by size where sizes differ."""
    chart = found.chart.figure(1)
    chart = Figure(
        chart.panels, chart.x_label, chart.alt, chart.x_kind, f"Is it stable? ({found.chart.kind} chart)", chart.legend,
        "half", chart.x_names,
    )  # fmt: skip
    figures = [chart, running(found), histogram(found)]
    size = found.points.size[found.study.running.at]
    if np.ptp(size) > 0:
        figures.append(by_size(found))
    alt = f"Control chart, running rate and distribution of {found.metric}."
    return Sheet(tuple(figures), 2, found.title, alt)


def running(found: AttributeCapability) -> Figure:
    """The rate of everything inspected so far, with its interval: a band that narrows."""
    run, axis = found.study.running, found.points.axis
    x = axis.x[run.at]
    # the first points say next to nothing, and would take the whole height
    ceiling = _ceiling(found)
    level = f"{100 * found.confidence:g} % interval"
    marks: list[Mark] = [
        Line(x, _within(run.low, ceiling), "limit"),
        Line(x, _within(run.high, ceiling), "limit", level),
        Line(x, _within(run.rate, ceiling), "data"),
        *_target(found, "y"),
    ]
    seen = np.flatnonzero(run.rate <= ceiling)
    texts = tuple(
        f"{axis.labels[run.at[i]]}: {one(found, float(run.rate[i]))} of {run.inspected[i]:,.6g} so far "
        f"({one(found, float(run.low[i]))} to {one(found, float(run.high[i]))})"
        for i in seen
    )
    marks.append(Points(x[seen], run.rate[seen], "data", texts if seen.size <= 2_000 else (), label="running rate"))
    if found.study.enough.settled - 1 > int(run.at[0]):
        at = float(axis.x[found.study.enough.settled - 1])
        marks.append(Rule(at, "x", "event", "settled", text="from here on inside the final interval"))
    alt = f"Running rate of {found.metric}, ending at {one(found, found.rate.value)}."
    panel = Panel(tuple(marks), "rate so far", percent=found.kind == "binomial")
    names = found.chart.figure(1).x_names
    return Figure((panel,), axis.name, alt, axis.kind, "Was enough inspected?", False, "half", names)


def _ceiling(found: AttributeCapability) -> float:
    run = found.study.running
    quarter = run.high[run.high.size // 4 :]
    return float(max(quarter.max(), run.rate[run.rate.size // 8 :].max(), found.target or 0.0)) * 1.15


def _within(y: np.ndarray, ceiling: float) -> np.ndarray:
    return np.where(y <= ceiling, y, np.nan)


def _target(found: AttributeCapability, axis: str) -> list[Rule]:
    if found.target is None:
        return []
    told = f"target {one(found, found.target)}"
    return [Rule(found.target, "y" if axis == "y" else "x", "specification", told)]


def histogram(found: AttributeCapability) -> Figure:
    """How often which rate occurred."""
    run = found.study.running
    rates = found.points.count[run.at] / found.points.size[run.at]
    factor, unit = (100.0, "rate of a point, %") if found.kind == "binomial" else (1.0, "rate of a point")
    marks: list[Mark] = [
        *bar_marks(bins(factor * rates), int(rates.size)),
        Rule(factor * found.rate.value, "x", "mean", f"mean {one(found, found.rate.value)}"),
    ]
    if found.target is not None:
        marks.append(Rule(factor * found.target, "x", "specification", f"target {one(found, found.target)}"))
    alt = f"Histogram of the rate of {rates.size} points of {found.metric}."
    return Figure((Panel(tuple(marks), "points"),), unit, alt, title="How do the points spread?", size="half")


def by_size(found: AttributeCapability) -> Figure:
    """Does the rate depend on how much was inspected? It should not."""
    run = found.study.running
    size = found.points.size[run.at]
    rates = found.points.count[run.at] / size
    labels = found.points.axis.labels
    texts = tuple(
        f"{labels[i]}: {one(found, float(rate))} of {amount:,.6g}"
        for i, rate, amount in zip(run.at, rates, size, strict=True)
    )
    marks: list[Mark] = [
        Rule(found.rate.value, "y", "mean", f"mean {one(found, found.rate.value)}"),
        Points(size, rates, "data", texts if size.size <= 2_000 else (), label="points"),
        *_target(found, "y"),
    ]
    alt = f"Rate of {rates.size} points of {found.metric} by the number inspected."
    panel = Panel(tuple(marks), "rate", percent=found.kind == "binomial")
    name = found.points.size_name or "size"
    return Figure((panel,), name, alt, title="Does it depend on the number inspected?", size="half")
