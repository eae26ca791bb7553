"""The six-pack of a study, from its numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..charts.words import p_value
from ..render.figure import Figure, Interval, Panel, Rule, Sheet
from .histogram import Curve
from .sixpack import SpreadRow, sixpack
from .words import NAMES, ends, index, number

if TYPE_CHECKING:
    from .result import Capability

Floats = NDArray[np.float64]


LAST = 25
"""Points or subgroups whose values are drawn one by one."""


def sheet(found: Capability) -> Sheet:
    """Charts, last points, histogram with both curves, probability plot, spread against the specification."""
    spec, law, values = found.asked.specification, found.law, found.points.values
    grouped = values.shape[1] > 1
    subgroups: list[Floats] = []
    judged = ~found.points.excluded & np.isfinite(values).any(axis=1)
    places = np.flatnonzero(judged).astype(np.float64) + 1
    if grouped:
        kept = values[judged]
        subgroups = [*kept[:-LAST], *(row[np.isfinite(row)] for row in kept[-LAST:])]
    test = law.normality
    words = "" if test is None or law.name != "normal" else f"A² {number(test.statistic)}, {p_value(test.p)}"
    return sixpack(
        found.chart, found.study.x, ppf=law.fitted.ppf, fit=law.name, fit_words=words, curves=curves(found),
        rows=_rows(found), lsl=spec.lsl, usl=spec.usl, target=spec.target, subgroups=subgroups, places=places,
        last=LAST, name=found.metric, title=found.title,
    )  # fmt: skip


def _normal(mean: float, sd: float) -> Curve:
    def pdf(x: Floats) -> Floats:
        return np.asarray(np.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * math.sqrt(2 * math.pi)), dtype=np.float64)

    return Curve("", "", pdf)


def curves(found: Capability) -> tuple[Curve, ...]:
    out = []
    if found.sigma_within > 0:
        within = _normal(found.mean, found.sigma_within).pdf
        out.append(Curve(f"within: sigma {number(found.sigma_within)}", "within", within))
    if found.law.name == "normal":
        overall = _normal(found.mean, found.sigma_overall).pdf
        out.append(Curve(f"overall: sigma {number(found.sigma_overall)}", "overall", overall))
    elif found.law.name != "empirical":
        out.append(Curve(f"overall: {found.law.name}", "overall", found.law.fitted.pdf))
    return tuple(out)


def _rows(found: Capability) -> tuple[SpreadRow, ...]:
    """Where nearly all values lie: three sigma within, and the 0.135 and 99.865 % points of the distribution."""
    rows = []
    e = found.indices
    if found.sigma_within > 0:
        reach = 3 * found.sigma_within
        rows.append(
            SpreadRow("within", "within", found.mean, found.mean - reach, found.mean + reach, _told(found, "cp", "cpk"))
        )
    ends = np.asarray(found.law.fitted.ppf([0.00135, 0.5]), dtype=np.float64)
    high = float(found.law.fitted.isf(0.00135))
    if np.isfinite([*ends, high]).all() and not math.isnan(e["ppk"].value):
        rows.append(SpreadRow("overall", "overall", float(ends[1]), float(ends[0]), high, _told(found, "pp", "ppk")))
    return tuple(rows)


def _told(found: Capability, *names: str) -> tuple[str, ...]:
    e = found.indices
    return tuple(f"{NAMES[name]} {index(e[name])} ({ends(e[name])})" for name in names if not math.isnan(e[name].value))


def sensitivity(found: Capability) -> Figure | None:
    """Ppk under every distribution that the data do not contradict; the chosen one with its interval."""
    spread = found.law.sensitivity
    if spread is None:
        return None
    order = sorted(spread.ppk, key=lambda name: spread.ppk[name])
    ppk = found.indices["ppk"]
    marks: list[Interval | Rule] = []
    for place, name in enumerate(order):
        value = spread.ppk[name]
        if not math.isfinite(value):
            continue
        chosen = name == found.law.name
        low, high = (ppk.low, ppk.high) if chosen else (value, value)
        told = f"{name}: Ppk {index(ppk) if chosen else number(value)}" + (f" ({ends(ppk)}), chosen" if chosen else "")
        marks.append(Interval(value, low, high, float(place), "data" if chosen else "control", told))
    if not marks:
        return None
    alt = (
        f"Ppk under {len(order)} distributions that the data do not contradict: {number(spread.low)} to "
        f"{number(spread.high)}."
    )
    names = tuple(f"{name} (chosen)" if name == found.law.name else name for name in order)
    return Figure((Panel(tuple(marks), "", categories=names),), "Ppk", alt, legend=False, size="half")
