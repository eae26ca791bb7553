"""The section of a review's page on adoption."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..render.document import Block, FigureBlock, Paragraph, Section, Table
from ..render.figure import Figure, Line, Mark, Panel, Points, Rule
from . import adoption_words as words
from .adoption import AdoptionFound
from .words import moved, percent

if TYPE_CHECKING:
    from .result import Review


def adoption_section(r: Review, a: AdoptionFound) -> Section:
    """Adoption beside the outcome, change by dose, and by site."""
    share = r.scale == "proportion"
    blocks: list[Block] = [
        Paragraph(words.lead(a), "lead"),
        Paragraph(words.finding(a, r.better != "higher")),
        FigureBlock(_figure(r, a), f"{words.CAPTION}. {words.chart(a)}"),
    ]
    if a.doses:
        rows = tuple(
            (
                words.DOSES[d.id], d.n, moved(d.slope.value, share),
                f"{moved(d.slope.low, share)} to {moved(d.slope.high, share)}",
            )
            for d in a.doses
        )  # fmt: skip
        blocks.append(Table(words.DOSE_COLUMNS, rows, words.DOSE_CAPTION))
        blocks += [Paragraph(told) for told in (words.expected(a, share),) if told]
    if a.sites is not None:
        blocks.append(Paragraph(words.sites(a, share)))
        columns = (a.sites.column, "rows", "adoption after", "before", "after", "change")
        sites = tuple(
            (
                s.name, f"{s.n_before} + {s.n_after}", percent(s.adoption), words.level(s.before, share),
                words.level(s.after, share), moved(s.change, share),
            )
            for s in a.sites.sites
        )  # fmt: skip
        blocks.append(Table(columns, sites, words.SITE_CAPTION))
    blocks.append(Paragraph(words.NO_PERSON, "note"))
    return Section("Is the new way in use?", tuple(blocks), "adoption")


def _figure(r: Review, a: AdoptionFound) -> Figure:
    """The outcome with its limits, and adoption over the same points."""
    outcome = r.figure()
    chart = r.charts[0]
    x, share = chart.axis.x, np.array(a.share)
    seen = np.isfinite(share)
    text = tuple(f"{a.labels[i]}: {percent(float(share[i]))}" for i in np.flatnonzero(seen))
    marks: list[Mark] = []
    for name, role in (("center", "center"), ("lower", "limit"), ("upper", "limit")):
        line = np.array(getattr(a, name))
        known = line[np.isfinite(line)]
        if known.size and (name != "lower" or known.max() > 0):
            label = percent(float(known.mean())) if name == "center" else ""
            marks.append(Line(x, line, role, label, step=True))
    marks += [Line(x, share, "data"), Points(x[seen], share[seen], "data", text, label=a.column)]
    marks += [Rule(m.at, "x", m.role, "") for m in outcome.panels[0].marks if isinstance(m, Rule) and m.axis == "x"]
    panel = Panel(tuple(marks), a.column, 0.6, percent=True, y_reach=(0.0,))
    told = f"{words.lead(a)} {words.chart(a)}"
    return Figure(
        (outcome.panels[0], panel), outcome.x_label, told, x_kind=outcome.x_kind, x_names=outcome.x_names, legend=False
    )
