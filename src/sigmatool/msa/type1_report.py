"""The page of a type 1 study."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..charts.words import number, p_value, percent
from ..render.document import Document, KeyFigure, Paragraph, Section, Table
from ..render.figure import Figure, Line, Mark, Panel, Points, Rule
from .study_report import answer, ends, level_told, page, tested_told

if TYPE_CHECKING:
    from .type1_result import TypeOneStudy


def headline(found: TypeOneStudy) -> str:
    """Indices and bias in a sentence."""
    i = found.indices
    if math.isnan(i.cg.value):
        return (
            f"{found.metric}: {found.n:,} readings of the master are all {number(float(found.values[0]), 6)}, "
            f"{number(found.bias.value, 4)} from the reference {number(found.reference, 6)}; without scatter there "
            "are no "
            "indices."
        )
    reads = "true"
    if found.bias.low > 0 or found.bias.high < 0:
        reads = f"{number(abs(found.bias.value))} too {'high' if found.bias.value > 0 else 'low'}"
    else:
        reads = "without a bias that can be told from chance"
    return (
        f"{found.metric}: Cg {number(i.cg.value)} ({ends(i.cg, 3)}) and Cgk {number(i.cgk.value)} ({ends(i.cgk, 3)}) "
        "from "
        f"{found.n:,} readings; the gage reads {reads}."
    )


def document(found: TypeOneStudy) -> Document:
    """Indices with the run chart, every figure, the record."""
    i, level = found.indices, level_told(found.confidence)
    figures = [
        KeyFigure(number(i.cg.value), "Cg: repeatability", f"{level} {ends(i.cg, 3)}"),
        KeyFigure(number(i.cgk.value), "Cgk: repeatability and bias", f"{level} {ends(i.cgk, 3)}"),
        KeyFigure(number(found.bias.value), "bias", f"{level} {ends(found.bias, 3)}"),
    ]
    if found.step is not None:
        figures.append(
            KeyFigure(percent(found.step / found.width), "of the tolerance is one step of the gage",
                      "at most 5 % is usual")
        )  # fmt: skip
    rows = (
        ("reference", number(found.reference, 8), ""),
        ("mean", number(found.mean, 8), f"{found.n:,} readings"),
        ("bias", number(found.bias.value, 4), f"{ends(found.bias)}; {tested_told(found.bias)} (t test)"),
        ("standard deviation", number(found.sd, 4), ""),
        ("tolerance", number(found.width, 6), ""),
        ("Cg", number(i.cg.value, 4), f"{ends(i.cg)}; {i.cg.method}"),
        ("Cgk", number(i.cgk.value, 4), f"{ends(i.cgk)}; {i.cgk.method}"),
        ("variation, repeatability", percent(i.repeatability, 4), "of the tolerance"),
        ("variation, repeatability and bias", percent(i.with_bias, 4), "of the tolerance; none where Cgk is below 0"),
    )
    blocks = (
        Table(("figure", "value", "how"), rows, f"Every figure; intervals are {level}s"),
        Paragraph(
            f"Cg holds {percent(found.share)} of the tolerance against {number(found.spread)} standard deviations; Cgk "
            f"takes the bias off first. 1.33 and above is the usual convention, not a law: with "
            f"{found.n:,} readings the intervals say how well the indices are known.",
            "note",
        ),
    )
    told = _chance(found)
    first = answer(found, figures, picture(found), (Paragraph(told),) if told else ())
    subtitle = f"{found.n:,} readings of one master; reference {number(found.reference, 8)}"
    return page(found, found.title, subtitle, (first, Section("Figures", blocks, "figures")))


def _chance(found: TypeOneStudy) -> str:
    b = found.bias
    if math.isnan(b.p):
        return ""
    if b.low > 0 or b.high < 0:
        return f"The bias is more than chance ({p_value(b.p)}): readings lie {number(abs(b.value))} off on average."
    return f"The readings do not show a bias ({p_value(b.p)}); it may be anything from {ends(b, 3)}."


def picture(found: TypeOneStudy) -> Figure:
    """Readings in order, with the reference, the allowance and the tolerance."""
    x = np.arange(1.0, found.n + 1)
    texts = tuple(f"reading {i + 1}: {number(float(v), 8)}" for i, v in enumerate(found.values))
    half = found.share * found.width / 2
    allowed = f"{percent(found.share / 2)} of the tolerance"
    marks: list[Mark] = [
        Rule(found.reference, "y", "target", f"reference {number(found.reference, 8)}", ("reference",)),
        Rule(found.reference - half, "y", "limit", f"−{allowed}", ("allowance",)),
        Rule(found.reference + half, "y", "limit", f"+{allowed}", ("allowance",)),
        Line(x, found.values, "data"),
        Points(x, found.values, "data", texts if found.n <= 2_000 else (), label="readings"),
    ]
    # limits far off would press the readings into one line
    reach = max(half, float(np.abs(found.values - found.reference).max()))
    for limit, name in zip(found.limits, ("LSL", "USL"), strict=True):
        if limit is not None and abs(limit - found.reference) <= 5.5 * reach:
            marks.append(Rule(limit, "y", "specification", f"{name} {number(limit, 8)}", (name,)))
    alt = f"{found.n:,} readings of one master in order, about the reference {number(found.reference, 8)}."
    return Figure((Panel(tuple(marks), found.metric),), "reading", alt, "order", "Readings in order")
