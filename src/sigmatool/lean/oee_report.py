"""The page of a study of equipment effectiveness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..charts.record import footer, record
from ..charts.report import points_table
from ..charts.words import number, percent
from ..numbers.estimate import Estimate
from ..render.document import Block, Cell, Document, FigureBlock, KeyFigure, KeyFigures, Paragraph, Section, Table
from . import oee_words as words
from .oee_picture import over_time, waterfall
from .oee_study import FACTORS
from .yield_study import finding_of
from .yield_words import point_ends, points

if TYPE_CHECKING:
    from .oee_result import Oee


def document(found: Oee) -> Document:
    """The answer with its waterfall, the factors, the losses, the chart over time, the record."""
    sections = [_answer(found), _factors(found), _losses(found)]
    if found.chart is not None:
        sections.append(_chart(found))
    sections.append(record(found))
    periods = sum(s.periods for s in found.stages)
    return Document(found.title, tuple(sections), f"{periods:,} periods", footer(found.provenance))


def _answer(found: Oee) -> Section:
    now = found.now
    figures = [
        KeyFigure(percent(getattr(now, f).value), words.NAMES[f], words.ends(getattr(now, f)))
        for f in (FACTORS[-1], *FACTORS[:-1])
    ]
    if found.change is not None:
        d = found.change["oee"]
        told = "" if np.isnan(d.low) else point_ends(d)
        figures.insert(1, KeyFigure(points(d.value), f"OEE, {now.name} less {found.stages[0].name}", told))
    if now.takt is not None:
        figures.append(
            KeyFigure(
                number(now.takt), "takt: time available for a unit", f"a unit takes {number(now.pace)} of run time"
            )
        )
    blocks: list[Block] = [Paragraph(found.headline, "lead"), KeyFigures(tuple(figures))]
    blocks.append(FigureBlock(waterfall(found), words.WATERFALL))
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _factors(found: Oee) -> Section:
    level = number(100 * found.confidence)
    names = [s.name for s in found.stages] if found.change is not None else ["value"]
    rows = tuple((words.NAMES[f], *(words.with_ends(getattr(s, f)) for s in found.stages)) for f in FACTORS)
    blocks: list[Block] = [Table(("factor", *names), rows, f"Factors, with {level} % intervals")]
    if found.change is not None:
        blocks.append(_changes(found, found.change, level))
    how = Paragraph(words.how(found), "note")
    means = tuple(
        (words.NAMES[f], *(percent(v, 4) for s in found.stages for v in (getattr(s, f).value, s.mean_of_ratios[f])))
        for f in FACTORS
    )
    heads = tuple(f"{how_}{'' if found.change is None else f', {s.name}'}" for s in found.stages
                  for how_ in ("of sums", "average of the periods"))  # fmt: skip
    beside = Table(("factor", *heads), means, "Ratios of sums beside averages of ratios", folded=True)
    return Section("Availability, performance, quality", (*blocks, how, beside), "factors")


def _changes(found: Oee, change: dict[str, Estimate], level: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for f, d in change.items():
        known = not np.isnan(d.low)
        rows.append((words.NAMES[f], points(d.value), point_ends(d) if known else "", finding_of(d) if known else ""))
    caption = f"Difference: {found.now.name} less {found.stages[0].name}, with {level} % intervals"
    return Table(("factor", "difference", "interval", "finding"), tuple(rows), caption)


def _losses(found: Oee) -> Section:
    blocks: list[Block] = []
    for s in found.stages:
        rows: list[tuple[Cell, ...]] = [("planned time", "", number(s.planned, 9), percent(1.0), number(s.planned, 9))]
        left = s.planned
        for loss in s.losses:
            left -= loss.time
            rows.append((loss.name, loss.kind, number(loss.time, 6), percent(loss.share), number(left, 6)))
        where = "" if found.change is None else f", {s.name}"
        columns = ("loss", "factor", "time", "share of planned time", "time left")
        blocks.append(Table(columns, tuple(rows), f"From planned to fully productive time{where}"))
    wanted = found.now.takt is not None
    made = tuple(
        (
            s.name if found.change is not None else "all periods", s.periods,
            *(number(v, 9) for v in (s.units, s.good, s.units - s.good)), number(s.pace),
            *((number(s.takt),) if wanted else ()),
        )
        for s in found.stages
    )  # fmt: skip
    heads = ("stage", "periods", "units", "good", "bad", "run time of a unit", *(("takt",) if wanted else ()))
    blocks.append(Table(heads, made, "What was made"))
    return Section("Where does the time go?", tuple(blocks), "losses")


def _chart(found: Oee) -> Section:
    chart = found.chart
    assert chart is not None
    blocks: list[Block] = [
        Paragraph(chart.headline), FigureBlock(over_time(found), words.CHART, points_table(chart)),
        *(Paragraph(c.text, "note") for c in chart.caveats),
    ]  # fmt: skip
    return Section("Is it steady?", tuple(blocks), "chart")
