"""Is it steady, does the distribution hold, does it meet the requirement: six pictures on one page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..charts.result import ControlChart
from ..charts.words import counted
from ..render.figure import Arrow, Figure, Interval, Label, Line, Mark, Panel, Points, Rule, Sheet
from .histogram import Curve, histogram, value_text
from .probability_plot import probability_plot

Floats = NDArray[np.float64]

_TALL = 0.62
"""Share of the usual height, so that six stand on a page of A4 or a laptop's screen."""


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """A row of the capability plot: where nearly all values lie, and the indices that follow.

    Parameters
    ----------
    label : str
        E.g. "within".
    role : str
        ``within`` or ``overall``.
    center, low, high : float
        E.g. the mean and three standard deviations to each side.
    words : tuple of str
        At most two lines, e.g. ("Cp 1.21 (1.05 to 1.37)", "Cpk 1.10 (0.94 to 1.26)").
    """

    label: str
    role: str
    center: float
    low: float
    high: float
    words: tuple[str, ...] = ()


def sixpack(
    chart: ControlChart,
    x: Floats,
    *,
    ppf: Callable[[Floats], Floats],
    fit: str = "normal",
    fit_words: str = "",
    curves: tuple[Curve, ...] = (),
    rows: tuple[SpreadRow, ...] = (),
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    subgroups: Sequence[Floats] = (),
    places: Floats | None = None,
    last: int = 25,
    name: str = "value",
    title: str = "",
) -> Sheet:
    """Draw the six pictures of a capability study.

    Parameters
    ----------
    chart : ControlChart
        Its location panel and, where it has one, its dispersion panel are drawn.
    x : (n,) array
        Every value that is judged, in the order of time.
    ppf, fit, fit_words
        See :func:`~sigmatool.capability.probability_plot.probability_plot`.
    curves : tuple of Curve
        See :func:`~sigmatool.capability.histogram.histogram`.
    rows : tuple of SpreadRow
        Of the capability plot, from the top; the specification is added beneath.
    lsl, usl, target : float, optional
    subgroups : sequence of arrays
        The values of each subgroup, in order; default: every value by itself.
    places : array, optional
        Number of each subgroup (or value) in its series; default: counted from 1. Points left out leave gaps.
    last : int
        Subgroups whose values are drawn one by one.
    name : str
        Of the metric with its unit.
    title : str

    Returns
    -------
    Sheet
        Two columns: the charts and the last values to the left in reading order, five figures where the chart has
        no dispersion panel and no more than five where there are no rows.
    """
    whole = chart.figure()
    parts = [_part(whole, 0, "Location chart", whole.alt)]
    if len(whole.panels) > 1:
        parts.append(_part(whole, 1, "Dispersion chart", _spread_alt(chart)))
    parts.append(last_values(x, subgroups, places, last=last, name=name, title=_last_title(subgroups, x, last)))
    parts.append(
        histogram(x, lsl=lsl, usl=usl, target=target, curves=curves, name=name, title="Histogram", height=_TALL)
    )
    parts.append(
        probability_plot(x, ppf=ppf, fit=fit, words=fit_words, name=name, title="Probability plot", height=_TALL)
    )
    if rows:
        parts.append(spread_plot(rows, lsl=lsl, usl=usl, target=target, name=name, title="Spread and tolerance"))
    alt = f"{len(parts)} pictures of {name}: {', '.join(p.title.lower() for p in parts)}."
    return Sheet(tuple(parts), 2, title, alt)


def _spread_alt(chart: ControlChart) -> str:
    panel = chart.panels[1]
    seen = int(np.isfinite(panel.value).sum())
    signals = counted(sum(s.panel == panel.name for s in chart.signals), "signal")
    return f"{panel.name.capitalize()} of {seen:,} points of {chart.metric}, {signals}."


def _part(figure: Figure, number: int, title: str, alt: str) -> Figure:
    panel = replace(figure.panels[number], weight=_TALL)
    # limits tell their values; only what a sign means needs words
    signs = any(isinstance(m, Points) and m.role != "data" for m in panel.marks)
    return replace(figure, panels=(panel,), title=title, alt=alt, legend=signs)


def _last_title(subgroups: Sequence[Floats], x: Floats, last: int) -> str:
    many = len(subgroups) or x.size
    what = "subgroups" if len(subgroups) else "values"
    return f"The last {last} {what}" if many > last else f"Every {what[:-1]}"


def last_values(
    x: Floats,
    subgroups: Sequence[Floats] = (),
    places: Floats | None = None,
    *,
    last: int = 25,
    name: str = "value",
    title: str = "",
) -> Figure:
    """The single values of the last subgroups, about the mean of all values."""
    groups = list(subgroups[-last:]) if len(subgroups) else [np.array([v]) for v in x[-last:]]
    if places is None:
        places = np.arange(1.0, (len(subgroups) or x.size) + 1)
    shown = places[-len(groups) :].astype(np.float64)
    at = np.repeat(shown, [g.size for g in groups])
    y = np.concatenate(groups)
    text = tuple(f"{int(a)}: {v:.7g}" for a, v in zip(at.tolist(), y.tolist(), strict=True))
    mean = float(x[0] + np.mean(x - x[0]))
    ends = shown[[0, -1]]
    label = f"{mean:.5g}".replace("-", "−")
    marks: tuple[Mark, ...] = (Line(ends, np.full(2, mean), "center", label), Points(at, y, "data", text))
    what = "subgroup" if len(subgroups) else "point"
    alt = f"{y.size} single values of {name} from {what} {int(shown[0])} on, about the mean of all, {label}."
    return Figure((Panel(marks, name, _TALL),), what, alt, title=title, legend=False)


def spread_plot(
    rows: tuple[SpreadRow, ...],
    *,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    name: str = "value",
    title: str = "",
) -> Figure:
    """Where nearly all values lie beside what is allowed, with the indices in words."""
    places = [*(f for r in rows for f in (r.low, r.high)), *(v for v in (lsl, usl) if v is not None)]
    low, high = min(places), max(places)
    marks: list[Mark] = []
    for i, row in enumerate(rows):
        up = float(len(rows) - i)
        marks.append(Interval(row.center, row.low, row.high, up, row.role, f"{row.label}: {_span(row.low, row.high)}"))
        for line, words in enumerate(row.words[:2]):
            marks.append(Label(low + (high - low) / 2, up + (0.16, -0.36)[line], words, "note"))
    marks += _allowed(lsl, usl, target, low, high)
    names = ("specification", *(row.label for row in reversed(rows)))
    told = "; ".join(f"{r.label} {_span(r.low, r.high)}, {', '.join(r.words)}" for r in rows)
    alt = f"Spread and tolerance of {name}: {told}; specification {_asked(lsl, usl)}."
    return Figure((Panel(tuple(marks), "", 1.3, categories=names),), name, alt, title=title, legend=False)


def _allowed(lsl: float | None, usl: float | None, target: float | None, low: float, high: float) -> list[Mark]:
    marks: list[Mark] = []
    if lsl is not None and usl is not None:
        middle = lsl + (usl - lsl) / 2 if target is None else target
        marks.append(Interval(middle, lsl, usl, 0.0, "specification", f"specification: {_asked(lsl, usl)}"))
    elif lsl is not None:
        marks.append(Arrow(lsl, 0.0, max(high, lsl), 0.0, "specification", f"LSL {value_text(lsl)}, no upper limit"))
    elif usl is not None:
        marks.append(Arrow(usl, 0.0, min(low, usl), 0.0, "specification", f"USL {value_text(usl)}, no lower limit"))
    marks += [
        Rule(at, "x", "specification", f"{sign} {value_text(at)}", (sign,))
        for at, sign in ((lsl, "LSL"), (usl, "USL"))
        if at is not None
    ]
    return marks


def _span(low: float, high: float) -> str:
    return " to ".join(f"{v:.6g}" if math.isfinite(v) else "-" for v in (low, high)).replace("-", "−")


def _asked(lsl: float | None, usl: float | None) -> str:
    if lsl is None and usl is None:
        return "none"
    if lsl is None or usl is None:
        return f"at least {value_text(lsl)}" if lsl is not None else f"at most {value_text(usl or 0.0)}"
    return f"{value_text(lsl)} to {value_text(usl)}"
