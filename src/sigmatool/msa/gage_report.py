"""The page of a gage study."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..charts.report import MOST_ROWS
from ..charts.words import number, percent, probability, whole
from ..numbers.gage_intervals import SOURCES
from ..render.document import Block, Document, FigureBlock, KeyFigure, KeyFigures, Paragraph, Section, Table
from .gage_result import table
from .gage_words import class_told, drawn_apart, ends, headline, method_told, name_of, share

if TYPE_CHECKING:
    from .gage_result import GageRR
    from .gage_study import Component


def document(found: GageRR) -> Document:
    """The whole page: the answer with its pictures, components, what follows, the tests, the record."""
    sections = (_answer(found), _components(found), _emp(found), _anova(found), record(found))
    r = found.n_replicates
    times = f"{r:g} times each" if found.layout.balanced else "unequally often"
    subtitle = (
        f"{found.n_parts:,} parts, {found.n_operators:,} operators, {times}; {found.measured.values.size:,} values; "
        f"{found.design}, {found.method}"
    )
    return Document(found.title, sections, subtitle, footer(found.provenance))


def _answer(found: GageRR) -> Section:
    gage, s = found.components["gage"], found.study
    level = percent(found.asked.confidence)
    figures = [
        KeyFigure(percent(gage.study.value), "of study variation", f"{level} interval {_percents(gage.study)}"),
        KeyFigure(number(gage.sd.value), "gage R&R, standard deviation", f"{level} interval {ends(gage.sd)}"),
    ]
    if gage.tolerance is not None:
        figures.insert(1, KeyFigure(percent(gage.tolerance.value), "of the tolerance", _percents(gage.tolerance)))
    if found.ndc is not None:
        detail = f"{number(s.categories.value)} before rounding down; {ends(s.categories)}"
        figures.append(KeyFigure(whole(found.ndc), "distinct categories (ndc)", detail))
    blocks: list[Block] = [Paragraph(headline(found), "lead"), KeyFigures(tuple(figures))]
    blocks.append(Paragraph(drawn_apart(found)))
    blocks.append(FigureBlock(found.figure(), "", _values(found)))
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _percents(e: object) -> str:
    low, high = getattr(e, "low", math.nan), getattr(e, "high", math.nan)
    return f"{percent(low)} to {percent(high)}"


def _values(found: GageRR) -> Table:
    frame = found.to_frame()
    caption = "Every value"
    if len(frame) > MOST_ROWS:
        caption = f"The first {MOST_ROWS:,} of {len(frame):,} values; the table of the result holds all"
        frame = frame.head(MOST_ROWS)
    columns = ("row", "part", "operator", "value")
    return Table(columns, tuple(zip(*(frame[c].tolist() for c in columns), strict=True)), caption, folded=True)


def _components(found: GageRR) -> Section:
    has = found.components["gage"].tolerance is not None
    held: list[tuple[str, Component]] = [(n, found.components[n]) for n in SOURCES]
    held[5:5] = list(found.study.factors.items())
    if found.study.kept is None or (found.study.kept is False and found.method != "reml"):
        held = [(n, c) for n, c in held if n != "interaction" or c.variance.high > 0]
    first = ("source", "variance", "interval", "standard deviation", "interval ", "study variation")
    spreads = tuple(
        (name_of(n), number(c.variance.value, 4), ends(c.variance), number(c.sd.value, 4), ends(c.sd),
         number(found.asked.multiplier * c.sd.value, 4))
        for n, c in held
    )  # fmt: skip
    columns = ("source", "of variance", "of study variation", *(("of tolerance",) if has else ()))
    shares = tuple(
        (name_of(n), *(percent(1.0) if n == "total" else share(e) for e in (c.contribution, c.study)),
         *((share(c.tolerance),) if c.tolerance else ()))
        for n, c in held
    )  # fmt: skip
    times = number(found.asked.multiplier, 4)
    blocks: list[Block] = [
        Table(first, spreads, f"Variation by source; study variation is {times} standard deviations"),
        Table(columns, shares, "Shares by source, each with its interval"),
        Paragraph(
            "Shares of the variance add up to 100 %; shares of study variation and tolerance are of standard "
            "deviations and do not.", "note"
        ),
        Paragraph(method_told(found), "note"),
    ]  # fmt: skip
    return Section("Where variation comes from", tuple(blocks), "components")


def _emp(found: GageRR) -> Section:
    e, s = found.emp, found.study
    probable = e.probable_error
    rows = [
        ("number of distinct categories (ndc)", "-" if found.ndc is None else whole(found.ndc), ""),
        ("before rounding down: signal to noise", number(s.categories.value), ends(s.categories)),
        ("intraclass correlation", number(e.icc.value), ends(e.icc)),
        ("the same without operators", number(e.icc_consistent.value), ends(e.icc_consistent)),
        ("probable error", number(probable.value), ends(probable)),
    ]
    step = (
        f"Values move in steps of {number(e.step, 4)}; a step between {number(0.2 * probable.value)} and "
        f"{number(2 * probable.value)} suits this repeatability (0.2 to 2 probable errors)."
    )
    blocks: list[Block] = [
        Table(("measure", "value", "interval"), tuple(rows), "What the gage can be used for"),
        Paragraph(f"{class_told(found)} {step}"),
    ]
    if s.wrong is not None:
        good, bad = s.wrong
        blocks.append(
            Paragraph(
                f"With these limits a part of this study's kind is good and rejected with a chance of {_chance(good)}, "
                f"bad and accepted with {_chance(bad)} (normal parts and errors, estimates taken for the truth)."
            )
        )
    return Section("What it can be used for", tuple(blocks), "use")


def _chance(p: float) -> str:
    return "next to nothing" if p < 1e-6 else percent(p)


def _anova(found: GageRR) -> Section:
    s = found.study
    tables = [(table(s.full, s.tests), "Analysis of variance")]
    if s.kept is not None:
        tables[0] = (tables[0][0], "Analysis of variance with the interaction")
        if not s.kept:
            tables.append((table(s.reduced, s.reduced_tests), "The interaction put to repeatability"))
    columns = ("source", "degrees of freedom", "sum of squares", "mean square", "F", "p")
    blocks: list[Block] = [
        Table(
            columns,
            tuple(
                (name_of(row["source"]), number(row["dof"]), number(row["ss"], 5), number(row["ms"], 5),
                 number(row["f"]), probability(row["p"]))
                for row in rows
            ),
            caption,
        )
        for rows, caption in tables
    ]  # fmt: skip
    if not found.layout.balanced:
        blocks.append(Paragraph("Of unweighted cell means, on the scale of single values.", "note"))
    return Section("Tests", tuple(blocks), "tests")
