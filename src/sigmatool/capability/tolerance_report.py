"""The page of a tolerance interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..charts.report import MOST_ROWS
from ..charts.words import number, p_value, percent
from ..render.document import (
    Block,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from .tolerance_study import told

if TYPE_CHECKING:
    from .tolerance_result import ToleranceInterval


def document(found: ToleranceInterval) -> Document:
    """The whole page: the limits with their picture, other methods and sizes, the record."""
    sections = [_answer(found), _methods(found), record(found)]
    noun = "points" if found.counted else "values"
    subtitle = (
        f"{found.n:,} {noun}; {percent(found.asked.coverage, 4)} with {percent(found.asked.confidence, 4)} confidence"
    )
    return Document(found.title, tuple(sections), subtitle, footer(found.provenance))


def _answer(found: ToleranceInterval) -> Section:
    s, of = found.study, "the samples" if found.counted else "the values"
    figures = [
        KeyFigure(
            told(s.limits),
            f"{percent(found.asked.coverage, 4)} of {of}, {percent(found.asked.confidence, 4)} confidence",
            s.limits.how,
        )
    ]
    if s.beside is not None:
        figures.append(KeyFigure(told(s.beside), "without any distribution", s.beside.how))
    if not found.counted:
        figures.append(KeyFigure(number(s.mean, 5), "mean", f"standard deviation {number(s.sd, 4)}"))
    blocks: list[Block] = [
        Paragraph(found.headline, "lead"),
        KeyFigures(tuple(figures)),
        FigureBlock(found.figure(), "", _values(found)),
        Paragraph(
            "The limits hold for values to come from the same, stable process. They are neither control limits nor a "
            "specification."
        ),
    ]
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _values(found: ToleranceInterval) -> Table:
    frame = found.to_frame()
    caption = "Every value"
    if len(frame) > MOST_ROWS:
        caption = f"The first {MOST_ROWS:,} of {len(frame):,} values; the table of the result holds all"
        frame = frame.head(MOST_ROWS)
    said = ["" if inside else "beyond" for inside in frame["inside"]]
    rows = tuple(zip(frame["point"].tolist(), frame["label"].tolist(), frame["value"].tolist(), said, strict=True))
    return Table(("point", "at", "value", "limits"), rows, caption, folded=True)


def _methods(found: ToleranceInterval) -> Section:
    s = found.study
    rows = [
        (each.method, told(each), percent(each.attained, 4), each.how)
        for each in (s.limits, s.beside)
        if each is not None
    ]
    blocks: list[Block] = [Table(("method", "limits", "confidence", "how"), tuple(rows), "Limits by each method")]
    if not found.counted:
        share = percent(found.asked.coverage, 4)
        most = percent(found.most_held, 4)
        blocks.append(
            Paragraph(
                f"There are {found.n:,} values. Limits that rest on no distribution need {s.needed:,}. Normal limits "
                f"need no such number, but are wide where values are few: from {found.needed_normal:,} on they hold "
                f"{share}, and 19 times in 20 no more than {most}."
            )
        )
    if s.normality is not None:
        test = s.normality
        blocks.append(Paragraph(f"Normality: A² {number(test.statistic)}, {p_value(test.p)}; {test.method}.", "note"))
    return Section("Methods and sample size", tuple(blocks), "methods")
