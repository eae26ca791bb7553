"""How a gage study looks: components, ranges and means by operator, values by part, by operator and by both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ..charts.words import number, percent
from ..render.figure import Bars, Figure, Interval, Label, Line, Mark, Panel, Points, Rule, Sheet
from .gage_caveat_words import NAMES
from .gage_cells import charted

if TYPE_CHECKING:
    from .gage_result import GageRR

Floats = NDArray[np.float64]

HUES: Final = ("after", "within", "before", "fit", "target")
"""Roles of the lines of operators, in turn."""

SHOWN: Final = ("gage", "repeatability", "reproducibility", "part")
SHORT: Final = ("Gage R&R", "Repeat", "Reprod", "Parts")

MOST_LINES: Final = 8
"""Operators up to which each has a line; of more, single points."""


def sheet(found: GageRR) -> Sheet:
    """Six pictures in two columns, five where nobody measured a part twice."""
    figures = [components(found), *_charts(found), by_part(found), by_operator(found), together(found)]
    alt = f"{len(figures)} pictures of the gage study of {found.measured.name}: " + ", ".join(
        f.title.lower() for f in figures
    )
    return Sheet(tuple(figures), 2, found.title, f"{alt}.")


def components(found: GageRR) -> Figure:
    """Shares of each source: of the variance, of the study variation and of the tolerance."""
    kinds = [("contribution", "count", "share of variance"), ("study", "data", "share of study variation")]
    if found.components["gage"].tolerance is not None:
        kinds.append(("tolerance", "before", "share of tolerance"))
    width = 0.8 / len(kinds)
    at = np.arange(1.0, len(SHOWN) + 1)
    marks: list[Mark] = []
    told = []
    for i, (kind, role, words) in enumerate(kinds):
        held = [getattr(found.components[n], kind) for n in SHOWN]
        x = at + (i - (len(kinds) - 1) / 2) * width
        texts = tuple(f"{NAMES[n]}: {percent(e.value)} of {words[9:]}" for n, e in zip(SHOWN, held, strict=True))
        marks.append(Bars(x, np.array([e.value for e in held]), 0.9 * width, role, words, texts))
        told.append(f"{words}: " + ", ".join(f"{n} {percent(e.value)}" for n, e in zip(SHORT, held, strict=True)))
    x = at + (1 - (len(kinds) - 1) / 2) * width
    for place, name in zip(x, SHOWN, strict=True):
        e = found.components[name].study
        text = f"{NAMES[name]}: {percent(e.value)} of study variation ({percent(e.low)} to {percent(e.high)})"
        marks.append(Interval(e.value, e.low, e.high, float(place), "overall", text, "y"))
    panel = Panel(tuple(marks), "share", percent=True, y_reach=(0.0, 1.0))
    alt = f"Components of variation, {'; '.join(told)}."
    return Figure((panel,), "source", alt, "order", "Components of variation", True, "half", SHORT)


def _charts(found: GageRR) -> list[Figure]:
    c, cells = charted(found.layout), found.layout.cells
    operator, part = cells.operator[c.order], cells.part[c.order]
    names = [found.layout.part_names[i] for i in part]
    texts = [f"{found.measured.operator.names[o]}, part {n}" for o, n in zip(operator, names, strict=True)]
    out = []
    if np.isfinite(c.range_mean):
        marks = _by_cell(found, operator, c.spread, c.lower, c.upper, c.range_mean, c.unsteady, texts, "range")
        alt = (
            f"Ranges of {c.order.size} cells by operator about their mean {number(c.range_mean, 4)}; "
            f"{int(c.unsteady.sum())} beyond the limits."
        )
        panel = Panel(tuple(marks), "range", y_reach=(0.0,))
        out.append(
            Figure((panel,), "part", alt, "order", "Ranges by operator: is it consistent?", False, "half", names)
        )
    marks = _by_cell(found, operator, c.mean, c.low, c.high, c.grand, None, texts, "mean")
    alt = (
        f"Means of {c.order.size} cells by operator about their mean {number(c.grand, 4)}; {int(c.told_apart.sum())} "
        "beyond the limits of repeatability."
    )
    title = "Means by operator: most should lie outside"
    out.append(Figure((Panel(tuple(marks), "mean"),), "part", alt, "order", title, False, "half", names))
    return out


def _by_cell(
    found: GageRR, operator: NDArray[np.int64], y: Floats, low: Floats, high: Floats, center: float,
    bad: NDArray[np.bool_] | None, texts: Sequence[str], what: str,
) -> list[Mark]:  # fmt: skip
    x = np.arange(1.0, y.size + 1)
    marks: list[Mark] = [
        Line(x, low, "limit", "", True),
        Line(x, high, "limit", "" if not np.isfinite(high).any() else f"limits to {number(float(high[-1]), 4)}", True),
        Line(x, np.full(y.size, center), "center", number(center, 4)),
    ]
    for i, name in enumerate(found.measured.operator.names):
        at = np.flatnonzero(operator == i)
        if not at.size:
            continue
        ends = float(x[at[0]]) - 0.5, float(x[at[-1]]) + 0.5
        marks.append(Line(x[at], y[at], "data"))
        marks.append(Label((ends[0] + ends[1]) / 2, float(center), name, "stage", at_top=True, between=ends))
        if i:
            marks.append(Rule(ends[0], "x", "event"))
    seen = np.isfinite(y)
    hit = np.zeros(y.size, dtype=bool) if bad is None else bad
    for role, chosen in (("data", seen & ~hit), ("signal", seen & hit)):
        index = np.flatnonzero(chosen)
        if index.size:
            told = tuple(f"{texts[i]}: {what} {number(float(y[i]), 5)}" for i in index.tolist())
            marks.append(Points(x[index], y[index], role, told if index.size <= 2_000 else ()))
    return marks


def by_part(found: GageRR) -> Figure:
    """Every value at its part, and the mean of each."""
    m, lay = found.measured, found.layout
    means = np.bincount(lay.part, m.values - m.values[0]) / np.bincount(lay.part) + m.values[0]
    at = np.arange(1.0, means.size + 1)
    marks: list[Mark] = [Line(at, means, "center"), _values(found, lay.part.astype(np.float64) + 1)]
    alt = f"{m.values.size} values of {m.name} by part, with the mean of each of {means.size} parts."
    return Figure(
        (Panel(tuple(marks), m.name),), "part", alt, "order", f"{m.name} by part", False, "half", lay.part_names
    )


def by_operator(found: GageRR) -> Figure:
    """Every value at its operator, and the mean of each."""
    m = found.measured
    level = m.operator.level
    means = np.bincount(level, m.values - m.values[0]) / np.bincount(level) + m.values[0]
    at = np.arange(1.0, means.size + 1)
    # values of an operator side by side by their part, so that they do not hide each other
    aside = 0.5 * (found.layout.part.astype(np.float64) / max(found.layout.cells.parts - 1, 1) - 0.5)
    marks: list[Mark] = [Line(at, means, "center"), _values(found, level.astype(np.float64) + 1 + aside)]
    told = ", ".join(f"{n} {number(float(v), 4)}" for n, v in zip(m.operator.names, means, strict=True))
    alt = f"{m.values.size} values of {m.name} by operator; means {told}."
    panel = Panel(tuple(marks), m.name)
    return Figure((panel,), "operator", alt, "order", f"{m.name} by operator", False, "half", m.operator.names)


def _values(found: GageRR, x: Floats) -> Points:
    m = found.measured
    texts = tuple(
        f"{m.operator.names[o]}, part {found.layout.part_names[p]}: {number(float(v), 6)}"
        for o, p, v in zip(m.operator.level, found.layout.part, m.values, strict=True)
    )
    return Points(x, m.values, "data", texts if m.values.size <= 2_000 else ())


def together(found: GageRR) -> Figure:
    """Means of parts, a line an operator: parallel lines mean that operators agree on how parts differ."""
    cells, names = found.layout.cells, found.measured.operator.names
    marks: list[Mark] = []
    lines = len(names) <= MOST_LINES and found.design == "crossed"
    for i, name in enumerate(names):
        at = np.flatnonzero(cells.operator == i)
        at = at[np.argsort(cells.part[at])]
        x, y = cells.part[at].astype(np.float64) + 1, cells.mean[at]
        role = HUES[i % len(HUES)]
        if lines:
            marks.append(Line(x, y, role, name))
        texts = tuple(
            f"{name}, part {found.layout.part_names[cells.part[j]]}: {number(float(cells.mean[j]), 5)}" for j in at
        )
        marks.append(Points(x, y, "before" if role == "before" else "data", texts, label="" if lines else name))
    title = "Operator by part" if found.design == "crossed" else "Parts of each operator"
    alt = f"Means of {cells.count.size} cells by part, for {len(names)} operators."
    panel = Panel(tuple(marks), "mean")
    return Figure((panel,), "part", alt, "order", title, lines, "half", found.layout.part_names)
