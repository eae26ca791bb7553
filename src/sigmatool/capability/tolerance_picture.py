"""How a tolerance interval looks: the values in order and their histogram, with both limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..charts.words import number
from ..render.figure import Figure, Line, Mark, Panel, Points, Rule, Sheet
from .bins import bins
from .histogram import bar_marks
from .tolerance_study import told

if TYPE_CHECKING:
    from .tolerance_result import ToleranceInterval


def sheet(found: ToleranceInterval) -> Sheet:
    """Values in order beside their histogram."""
    alt = f"{found.n:,} values of {found.metric} in order and as a histogram, with tolerance limits."
    return Sheet((strip(found), histogram(found)), 2, found.title, alt)


def _limits(found: ToleranceInterval) -> list[tuple[float, str]]:
    ends = ((found.lower, "lower limit"), (found.upper, "upper limit"))
    words = told(found.study.limits).removeprefix("at least ").removeprefix("at most ").split(" to ")
    kept = [(at, name) for at, name in ends if not np.isnan(at)]
    return [(at, f"{name} {value}") for (at, name), value in zip(kept, words, strict=True)]


def _name(found: ToleranceInterval) -> str:
    if not found.counted:
        return found.metric
    return f"{found.metric} in {number(found.study.next_size, 6)} {getattr(found.points, 'size_name', '')}"


def strip(found: ToleranceInterval) -> Figure:
    """Every value at its place, inside the limits or beyond."""
    axis, at, values = found.points.axis, found.study.at, found.study.values
    x = axis.x[at]
    out = (values < found.lower) | (values > found.upper)
    marks: list[Mark] = [Line(x, np.full(x.size, level), "limit", words) for level, words in _limits(found)]
    for role, chosen, label in (("data", ~out, "inside"), ("signal", out, "beyond a limit")):
        index = np.flatnonzero(chosen)
        if index.size:
            texts = tuple(f"{axis.labels[at[i]]}: {number(float(values[i]), 5)}" for i in index)
            marks.append(Points(x[index], values[index], role, texts if index.size <= 2_000 else (), label=label))
    alt = f"{values.size:,} values of {found.metric} in order; {int(out.sum())} beyond the limits."
    panel = Panel(tuple(marks), _name(found))
    return Figure((panel,), axis.name, alt, axis.kind, "In order", False, "half")


def histogram(found: ToleranceInterval) -> Figure:
    """Where the values lie, and where the limits."""
    values = found.study.values
    marks: list[Mark] = list(bar_marks(bins(values), int(values.size)))
    marks += [Rule(level, "x", "limit", words, (words.rpartition(" ")[2],)) for level, words in _limits(found)]
    alt = f"Histogram of {values.size:,} values of {found.metric} with tolerance limits."
    return Figure((Panel(tuple(marks), "values"),), _name(found), alt, title="How often", legend=False, size="half")
