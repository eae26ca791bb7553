"""The page of intraclass correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..charts.words import number, p_value
from ..render.document import Document, KeyFigure, Paragraph, Section, Table
from ..render.figure import Figure, Line, Mark, Panel, Points
from .study_report import answer, ends, level_told, page

if TYPE_CHECKING:
    from .icc_result import IntraclassStudy

ROLES = ("before", "after", "within", "overall", "control")
"""Of raters, in turn."""


def headline(found: IntraclassStudy) -> str:
    """Absolute agreement of one rating, and the consistency beside it."""
    a, c = found.agreement, found.consistency
    return (
        f"{found.metric}: intraclass correlation {number(a.value)} ({ends(a, 3)}) for the absolute agreement of one "
        f"rating, {number(c.value)} ({ends(c, 3)}) with each rater's own level left aside; {len(found.parts):,} parts, "
        f"{len(found.raters):,} raters."
    )


def document(found: IntraclassStudy) -> Document:
    """The correlations with their picture, all six, the record."""
    s, level = found.study, level_told(found.confidence)
    figures = [
        KeyFigure(number(found.agreement.value), "absolute agreement, ICC(2)", f"{level} {ends(found.agreement, 3)}"),
        KeyFigure(number(found.consistency.value), "consistency, ICC(3)", f"{level} {ends(found.consistency, 3)}"),
        KeyFigure(number(s.average[1].value), "agreement of the mean of all raters", ends(s.average[1], 3)),
    ]
    rows = tuple(
        (f"ICC({i + 1})", one.method, number(one.value, 4), ends(one), number(mean.value, 4), ends(mean))
        for i, (one, mean) in enumerate(zip(s.single, s.average, strict=True))
    )
    w, chi2, p = found.concordance
    squares = (("parts", number(s.between, 5)), ("raters", number(s.raters, 5)), ("residual", number(s.residual, 5)),
               ("within parts", number(s.within, 5)))  # fmt: skip
    means = tuple((r, number(float(v), 5)) for r, v in zip(found.raters, found.cells.mean(axis=0), strict=True))
    blocks = (
        Table(("", "model", "one rating", level, "mean of raters", f"{level} "), rows,
              "Absolute agreement where ratings are used as they are, consistency where only the order counts"),
        Paragraph(f"Do the parts differ at all? F {number(s.f)}, {p_value(s.p)}. Kendall's W, agreement in order: "
                  f"{number(w)} (chi-square {number(chi2, 4)}, {p_value(p)}).", "note"),
        Table(("source", "mean square"), squares, "Mean squares"),
        Table(("rater", "mean"), means, "Mean of each rater over the same parts"),
    )  # fmt: skip
    sections = (answer(found, figures, picture(found)), Section("All correlations", blocks, "correlations"))
    subtitle = f"{len(found.parts):,} parts, {len(found.raters):,} raters"
    return page(found, found.title, subtitle, sections)


def picture(found: IntraclassStudy) -> Figure:
    """Ratings by part, the parts in the order of their mean."""
    order = np.argsort(found.cells.mean(axis=1), kind="stable")
    x = np.arange(1.0, order.size + 1)
    marks: list[Mark] = [Line(x, found.cells.mean(axis=1)[order], "center", "mean")]
    for j, rater in enumerate(found.raters):
        y = found.cells[order, j]
        texts = tuple(f"part {found.parts[i]}, {rater}: {number(float(v), 5)}" for i, v in zip(order, y, strict=True))
        marks.append(Points(x, y, ROLES[j % len(ROLES)], texts if y.size <= 1_000 else (), label=rater))
    alt = f"Ratings of {order.size:,} parts by {len(found.raters):,} raters, parts in the order of their mean."
    names = tuple(found.parts[i] for i in order)
    return Figure((Panel(tuple(marks), found.metric),), "part, by mean", alt, "order", "Ratings by part", x_names=names)
