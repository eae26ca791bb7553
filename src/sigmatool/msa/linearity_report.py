"""The page of a linearity study."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..charts.words import counted, number, p_value, percent
from ..render.document import Document, KeyFigure, Paragraph, Section, Table
from ..render.figure import Figure, Interval, Line, Mark, Panel, Points, Rule
from .bias_report import parts_table
from .linearity_result import POINTS
from .study_report import answer, ends, level_told, page, tested_told

if TYPE_CHECKING:
    from .linearity_result import GageLinearity


def headline(found: GageLinearity) -> str:
    """Slope, and the bias at both ends of the range."""
    s = found.fit.slope
    first, last = found.at_ends
    moves = s.low > 0 or s.high < 0
    said = (
        f"the bias changes over the range, from {number(first['bias'])} at {number(first['reference'], 6)} to "
        f"{number(last['bias'])} at {number(last['reference'], 6)}"
        if moves
        else "the bias shows no slope over the range that chance could not make"
    )
    return f"{found.metric}: {said} (slope {number(s.value)}, {ends(s, 3)}, {tested_told(s)})."


def document(found: GageLinearity) -> Document:
    """Line with its picture, part by part, the record."""
    f, level = found.fit, level_told(found.confidence)
    figures = [
        KeyFigure(number(f.slope.value), "slope of bias", f"{level} {ends(f.slope, 3)}"),
        KeyFigure(number(found.mean_bias), "mean bias", f"over {found.values.size:,} readings"),
    ]
    if found.process is not None:
        figures += [
            KeyFigure(percent(abs(f.slope.value)), "linearity, of process variation", number(found.linearity, 4)),
            KeyFigure(percent(found.bias_share), "bias, of process variation", f"{number(found.process, 4)} was given"),
        ]
    fit = f.lack_of_fit
    lack = (
        "cannot be tested"
        if math.isnan(fit.p)
        else f"F {number(fit.statistic)} on {number(fit.dof)} and {number(fit.dof2)}; {p_value(fit.p)}"
    )
    uneven = "-" if found.uneven is None else f"ratio {number(found.uneven[0])}; {p_value(found.uneven[1])} (Levene)"
    rows = [
        ("slope", number(f.slope.value, 4), f"{ends(f.slope)}; {tested_told(f.slope)}"),
        ("intercept", number(f.intercept.value, 4), f"{ends(f.intercept)}; {tested_told(f.intercept)}"),
        ("residual standard deviation", number(f.s, 4), f"{number(f.dof)} degrees of freedom"),
        ("R²", percent(f.r_squared), "of the spread of biases follows the line"),
        ("does a line fit?", "", lack),
        ("equal scatter?", "", uneven),
    ]
    for end in found.at_ends:
        rows.append((f"bias of the line at {number(end['reference'], 6)}", number(end["bias"], 4),
                     f"{number(end['low'], 4)} to {number(end['high'], 4)}"))  # fmt: skip
    blocks = (
        Table(("figure", "value", "how"), tuple(rows), f"The line; intervals are {level}s"),
        Paragraph("Bias = intercept + slope × reference, by least squares on single readings.", "note"),
    )
    sections = (
        answer(found, figures, picture(found)),
        Section("The line", blocks, "line"),
        Section("Part by part", (parts_table(found.parts, found.process, found.confidence),), "parts"),
    )
    subtitle = f"{found.values.size:,} readings of {counted(len(found.parts), 'part')}"
    return page(found, found.title, subtitle, sections)


def picture(found: GageLinearity) -> Figure:
    """Biases over references, their means, the line and its band."""
    off = found.values - found.truth
    x = np.linspace(*found.range, POINTS)
    low, high = found.fit.band(x, found.confidence)
    line = found.fit.level + found.fit.slope.value * (x - found.fit.middle)
    texts = tuple(
        f"part {n}: reading {number(float(v), 6)}, bias {number(float(b), 4)}"
        for n, v, b in zip(found.names, found.values, off, strict=True)
    )
    band = level_told(found.confidence)
    marks: list[Mark] = [
        Rule(0.0, "y", "target", "no bias"),
        Points(found.truth, off, "data", texts if off.size <= 2_000 else (), label="readings"),
        Line(x, low, "band", band, shorter=("band",)),
        Line(x, high, "band"),
        Line(x, line, "fit", "line"),
    ]
    beside = 0.012 * (found.range[1] - found.range[0])
    for p in found.parts:
        if not math.isnan(p.bias.low):
            told = f"part {p.name}: mean bias {number(p.bias.value)} ({ends(p.bias, 3)})"
            marks.append(Interval(p.bias.value, p.bias.low, p.bias.high, p.reference + beside, "overall", told, "y"))
    alt = f"Bias of {off.size:,} readings over the reference, with a line and its {band}."
    return Figure((Panel(tuple(marks), "bias"),), "reference", alt, title="Bias over the range")
