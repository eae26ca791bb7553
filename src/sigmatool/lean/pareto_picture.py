"""How a Pareto study looks: bars, and the running share beneath; one stage or two, counts or money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..render.figure import Bars, Figure, Interval, Line, Mark, Panel, Picture, Points, Sheet
from . import pareto_words as words
from .pareto_study import barred

if TYPE_CHECKING:
    from .pareto_result import Pareto

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """Bars of one stage: heights, the running share, and the interval of each bar where there is one (else NaN)."""

    name: str
    role: str
    height: Floats
    running: Floats
    text: tuple[str, ...] = ()
    low: Floats | None = None
    high: Floats | None = None


def bars_and_line(
    names: Sequence[str], series: Sequence[Series], y_label: str, x_label: str, alt: str, title: str = ""
) -> Figure:
    """Bars in the order given, side by side where there are two series, and in a panel beneath the share up to each."""
    place = np.arange(1.0, len(names) + 1)
    width = 0.8 / len(series)
    marks: list[Mark] = []
    lines: list[Mark] = []
    for i, one in enumerate(series):
        at = place + (i - (len(series) - 1) / 2) * width
        marks.append(Bars(at, one.height, width * 0.96, one.role, one.name if len(series) > 1 else "", one.text))
        if one.low is not None and one.high is not None:
            ends = zip(one.height.tolist(), one.low.tolist(), one.high.tolist(), at.tolist(), one.text, strict=True)
            marks += [Interval(value, low, high, where, "data", told, "y") for value, low, high, where, told in ends]
        role = "fit" if len(series) == 1 else ("before", "after")[i]
        lines.append(Line(place, one.running, role, "share up to here" if len(series) == 1 else one.name))
        if len(names) <= 60:
            told = tuple(f"up to {n}: {100 * v:.3g} %" for n, v in zip(names, one.running, strict=True))
            lines.append(Points(place, one.running, "data" if len(series) == 1 else role, told))
    panels = (
        Panel(tuple(marks), y_label, weight=1.5, y_reach=(0.0,)),
        Panel(tuple(lines), "share up to here", weight=0.75, percent=True, y_reach=(0.0, 1.0)),
    )
    return Figure(panels, x_label, alt, x_kind="order", x_names=tuple(names), title=title, legend=len(series) > 1)


def picture(found: Pareto) -> Picture:
    """The counts; beside them the money, where it is known."""
    figure = by_count(found)
    if not found.study.spending:
        return figure
    return Sheet((figure, by_cost(found)), 2, found.title, words.alt(found))


def _roles(found: Pareto) -> tuple[str, ...]:
    return ("count",) if len(found.stages) == 1 else ("before", "count")


def _names(found: Pareto, order: NDArray[np.int64]) -> list[str]:
    rest = len(found.others)
    return [found.names[i] for i in order.tolist()] + ([words.other_name(rest)] if rest else [])


def by_count(found: Pareto) -> Figure:
    """Counts, or rates where two stages have exposures, in the order of the page."""
    s = found.study
    rates = len(found.stages) > 1 and found.exposure is not None
    names = _names(found, np.flatnonzero(s.kept))
    series = []
    for i, (stage, role, r) in enumerate(zip(found.stages, _roles(found), s.rankings, strict=True)):
        count = barred(r.count, s.kept)
        total = max(float(r.count.sum()), 1.0)
        per = float(found.exposure[i]) if rates and found.exposure is not None else 1.0
        lone = s.kept.all()
        low, high = (np.r_[ends[s.kept], [] if lone else [np.nan]] * total / per for ends in (r.low, r.high))
        text = tuple(f"{n}, {stage}: {int(c):,}" if len(found.stages) > 1 else f"{n}: {int(c):,}"
                     for n, c in zip(names, count, strict=True))  # fmt: skip
        series.append(Series(stage, role, count / per, np.cumsum(count) / total, text, low, high))
    y_label = f"events per {found.unit}" if rates else "events"
    heading = "By count" if s.spending else ""
    return bars_and_line(names, series, y_label, found.category, words.alt(found), heading)


def by_cost(found: Pareto) -> Figure:
    """Money, in its own order: of the last stage."""
    s = found.study
    order = np.array([i for i in s.cost_order.tolist() if s.kept[i]], dtype=np.int64)
    names = _names(found, order)
    rates = len(found.stages) > 1 and found.exposure is not None
    series = []
    for i, (stage, role, c) in enumerate(zip(found.stages, _roles(found), s.spending, strict=True)):
        rest = [] if s.kept.all() else [float(c.total[~s.kept].sum())]
        spent = np.r_[c.total[order], rest]
        total = max(float(c.total.sum()), 1e-300)
        per = float(found.exposure[i]) if rates and found.exposure is not None else 1.0
        low, high = (np.r_[ends[order], [np.nan] if rest else []] * total / per for ends in (c.low, c.high))
        text = tuple(f"{n}, {stage}: {v:,.6g}" for n, v in zip(names, spent, strict=True))
        series.append(Series(stage, role, spent / per, np.cumsum(spent) / total, text, low, high))
    y_label = f"cost per {found.unit}" if rates else "cost"
    return bars_and_line(names, series, y_label, found.category, words.alt(found), "By cost")
