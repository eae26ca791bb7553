"""The page of a bias study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..charts.words import counted, number, percent, probability
from ..render.document import Document, KeyFigure, Section, Table
from ..render.figure import Figure, Interval, Mark, Panel, Points, Rule
from .study_report import answer, ends, level_told, page, tested_told

if TYPE_CHECKING:
    from .bias_result import GageBias
    from .part_bias import PartBias


def headline(found: GageBias) -> str:
    """The bias, or how many parts show one."""
    if len(found.parts) == 1:
        p = found.parts[0]
        if math.isnan(p.bias.p):
            return f"{found.metric}: {p.n:,} equal readings, {number(p.bias.value)} from the reference."
        said = "more than chance" if p.bias.low > 0 or p.bias.high < 0 else "which chance alone could make"
        return (
            f"{found.metric}: the gage reads {number(p.bias.value)} from the reference on average "
            f"({ends(p.bias, 3)}, {tested_told(p.bias)}), {said}."
        )
    off = [p for p in found.parts if p.adjusted < 1 - found.confidence]
    largest = max(found.parts, key=lambda p: abs(p.bias.value))
    return (
        f"{found.metric}: {counted(len(off), 'part')} of {len(found.parts):,} {'shows' if len(off) == 1 else 'show'} a "
        f"bias beyond chance; the largest is {number(largest.bias.value)} ({ends(largest.bias, 3)}) on part "
        f"{largest.name}."
    )


def document(found: GageBias) -> Document:
    """Bias with its picture, part by part, the record."""
    largest = max(found.parts, key=lambda p: abs(p.bias.value))
    level = level_told(found.confidence)
    where = "bias" if len(found.parts) == 1 else f"largest bias, part {largest.name}"
    figures = [KeyFigure(number(largest.bias.value), where, f"{level} {ends(largest.bias, 3)}")]
    if not math.isnan(largest.sd):
        figures.append(KeyFigure(number(largest.sd), "standard deviation of its readings", f"{largest.n:,} readings"))
    if found.process is not None:
        share = percent(abs(largest.bias.value) / found.process)
        figures.append(KeyFigure(share, "of the process variation", f"{number(found.process, 4)} was given"))
    sections = (
        answer(found, figures, picture(found)),
        Section("Part by part", (parts_table(found.parts, found.process, found.confidence),), "parts"),
    )
    subtitle = f"{found.values.size:,} readings of {counted(len(found.parts), 'part')}"
    return page(found, found.title, subtitle, sections)


def parts_table(parts: Sequence[PartBias], process: float | None, confidence: float) -> Table:
    """Every part with its bias."""
    columns = ("part", "reference", "readings", "mean", "standard deviation", "by range", "bias",
               level_told(confidence), "p", "adjusted p")  # fmt: skip
    rows = tuple(
        (
            p.name, number(p.reference, 6), number(p.n), number(p.mean, 6), number(p.sd, 4), number(p.range_sd, 4),
            number(p.bias.value, 4), ends(p.bias), probability(p.bias.p), probability(p.adjusted),
            *(() if process is None else (percent(abs(p.bias.value) / process),)),
        )
        for p in parts
    )  # fmt: skip
    return Table((*columns, *(() if process is None else ("of process",))), rows, "Bias of each part")


def picture(found: GageBias) -> Figure:
    """Single biases and their mean with its interval, part by part."""
    marks: list[Mark] = [Rule(0.0, "y", "target", "no bias")]
    marks += part_marks(found, [float(i + 1) for i in range(len(found.parts))])
    alt = f"Bias of {found.values.size:,} readings by part, with the mean of each part and its interval."
    names = tuple(p.name for p in found.parts)
    return Figure((Panel(tuple(marks), "bias"),), "part", alt, "order", "Bias by part", False, x_names=names)


def part_marks(found: GageBias, places: Sequence[float]) -> list[Mark]:
    """Readings and mean of each part at its place."""
    import numpy as np

    marks: list[Mark] = []
    names = np.array(found.names, dtype=object)
    for at, p in zip(places, found.parts, strict=True):
        off = (found.values - found.truth)[names == p.name]
        texts = tuple(f"part {p.name}: {number(float(v), 4)}" for v in off) if off.size <= 500 else ()
        marks.append(Points(np.full(off.size, at), off, "data", texts))
        if not math.isnan(p.bias.low):
            told = f"part {p.name}: {number(p.bias.value)} ({ends(p.bias, 3)})"
            marks.append(Interval(p.bias.value, p.bias.low, p.bias.high, at + 0.12, "overall", told, "y"))
    return marks
