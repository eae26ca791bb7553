"""How flow looks: what is finished by which age, times by the day they ended, what came, went and is inside."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ..charts.words import number, percent
from ..numbers.survival import Survival
from ..render.figure import Bars, Figure, Line, Mark, Panel, Points, Rule, Sheet
from ..stamps import DAY
from .flow_result import places

if TYPE_CHECKING:
    from .flow_result import FlowResult

Floats = NDArray[np.float64]

MOST_POINTS: Final = 1_000
"""Items drawn one by one; more are drawn as percentiles by period."""

_MOST_STEPS: Final = 400
_AGES: Final = 24


def sheet(found: FlowResult) -> Sheet:
    """Six pictures: by age, by end, cumulative flow, inside, throughput, ageing."""
    figures = [finished_by_age(found), times(found), cumulative(found), inside(found), throughput(found)]
    if found.open:
        figures.append(ageing(found))
    alt = (
        f"Flow of {found.n:,} items: share finished by age, times by the day of the end, cumulative arrivals and "
        "departures, items inside, throughput and the age of open items."
    )
    return Sheet(tuple(figures), 2, found.title, alt)


def _days(seconds: Floats) -> Floats:
    return seconds / DAY


def _rollout(found: FlowResult) -> list[Mark]:
    c = found.change
    return [] if c is None else [Rule(c.at / DAY, "x", "rollout", found.asked.label)]


def _reach(curve: Survival) -> float:
    """The age at which all but two in a hundred are finished, so that a long tail does not press the rest together."""
    below = np.flatnonzero(curve.survival <= 0.02)
    return float(curve.time[below[0]] * 1.05) if below.size and curve.time[below[0]] > 0 else max(curve.longest, 1e-9)


def finished_by_age(found: FlowResult) -> Figure:
    """Which share is finished by which age: of all, or before and after the rollout."""
    c = found.change
    level = f"{100 * found.asked.confidence:g} % interval"
    marks: list[Mark] = []
    if c is None:
        curve = found.study.curve
        reach = _reach(curve)
        x, y, low, high = _stairs(found, curve, reach)
        marks += [Line(x, low, "limit"), Line(x, high, "limit", level), Line(x, y, "data", "finished")]
        for share in (0.5, 0.85):
            at = found.percentile(share).value
            if at <= reach:
                marks.append(Rule(at, "x", "mean", f"{percent(share)}: {number(at)}", (percent(share),)))
        alt = f"Share of {found.n:,} items finished by age in {found.unit}, rising to {percent(_end(curve))}."
    else:
        reach = max(_reach(c.before.curve), _reach(c.after.curve))
        for side in (c.before, c.after):
            x, y, _, _ = _stairs(found, side.curve, min(reach, side.curve.longest))
            marks.append(Line(x, y, side.name, side.name))
        alt = f"Share finished by age in {found.unit}, before and after the rollout."
    panel = Panel(tuple(marks), "finished", percent=True, y_reach=(0.0, 1.0))
    return Figure(
        (panel,), f"age, {found.unit}", alt, title="How long does it take?", legend=c is not None, size="half"
    )


def _stairs(found: FlowResult, curve: Survival, reach: float) -> tuple[Floats, Floats, Floats, Floats]:
    at = places(curve)
    low, high = curve.band(found.asked.confidence)
    kept = at[curve.time[at] <= reach]
    x = np.concatenate(([0.0], np.repeat(curve.time[kept], 2), [min(reach, curve.longest)]))
    stairs = (
        np.repeat(1 - np.concatenate(([first], edge[kept])), 2)
        for edge, first in ((curve.survival, 1.0), (high, np.nan), (low, np.nan))
    )
    y, below, above = stairs
    return x, y, below, above


def _end(curve: Survival) -> float:
    return float(1 - curve.survival[-1]) if curve.survival.size else 0.0


def times(found: FlowResult) -> Figure:
    """Times of finished items by the day they ended: each item, or percentiles by period where there are many."""
    done = found.items.finished
    ended, time = _days(found.items.end[done]), found.study.time[done]
    marks: list[Mark] = []
    title, x_label = "Times by the day they ended", found.items.columns[1]
    if time.size <= MOST_POINTS:
        top = found.percentile(0.95).value
        ceiling = 2.5 * top if top > 0 else math.inf
        low = time <= ceiling
        names = [found.items.names[int(i)] for i in np.flatnonzero(done)]
        texts = tuple(f"{name}: {number(float(t))} {found.unit}" for name, t in zip(names, time, strict=True))
        marks.append(Points(ended[low], time[low], "data", tuple(t for t, k in zip(texts, low, strict=True) if k)))
        beyond = int((~low).sum())
        if beyond:
            x_label += f" ({beyond:,} beyond {number(ceiling)} {found.unit} not drawn)"
    else:
        p = found.study.periods
        middle = _days((p.calendar.edges[:-1] + p.calendar.edges[1:]) / 2)
        marks += [
            Line(middle, p.slow, "before", "85 %"),
            Line(middle, p.median, "after", "median"),
        ]
        title = f"Times of items that ended in each {p.calendar.per}"
    if time.size <= MOST_POINTS:
        marks += [_level(found, found.percentile(share).value, percent(share)) for share in (0.5, 0.85, 0.95)]
    alt = f"Times of {time.size:,} finished items by the day they ended."
    panel = Panel((*marks, *_rollout(found)), found.unit, y_reach=(0.0,))
    return Figure((panel,), x_label, alt, "time", title, time.size > MOST_POINTS, "half")


def _level(found: FlowResult, at: float, name: str) -> Line:
    """A level across the whole window, its words at the right edge, clear of the points."""
    x = _days(np.array([found.items.first, found.items.last]))
    return Line(x, np.full(2, at), "limit", f"{name} {number(at)}")


def _grid(found: FlowResult) -> Floats:
    """Moments at which what is inside is told: the ends of periods, or of steps where there are few or many."""
    edges = found.study.periods.calendar.edges
    first, last = found.items.first, found.items.last
    if not 30 <= edges.size <= _MOST_STEPS:
        return np.linspace(first, last, 200)
    return np.concatenate(([first], edges[(edges > first) & (edges < last)], [last]))


def _counts(found: FlowResult) -> tuple[Floats, Floats, Floats]:
    at = _grid(found)
    came = np.searchsorted(found.items.started, at, side="right").astype(np.float64)
    went = np.searchsorted(found.items.ended, at, side="right").astype(np.float64)
    return at, came, went


def cumulative(found: FlowResult) -> Figure:
    """Arrivals and departures added up: their distance is what is inside, their gap sideways how long it takes."""
    at, came, went = _counts(found)
    x = _days(at)
    marks: list[Mark] = [Line(x, came, "before", "started"), Line(x, went, "after", "finished"), *_rollout(found)]
    alt = f"Cumulative flow: {found.n:,} items started, {found.finished:,} of them finished."
    return Figure(
        (Panel(tuple(marks), "items so far", y_reach=(0.0,)),), "", alt, "time", "Cumulative flow", True, "half"
    )


def inside(found: FlowResult) -> Figure:
    """Items inside over time."""
    at, came, went = _counts(found)
    marks: list[Mark] = [
        Line(_days(at), came - went, "data"),
        _level(found, found.study.flow.average, "average"),
        *_rollout(found),
    ]
    alt = f"Items inside over time, {number(found.study.flow.average)} on average and {found.open:,} at the end."
    panel = Panel(tuple(marks), "items inside", y_reach=(0.0,))
    return Figure((panel,), "", alt, "time", "Work in process", False, "half")


def throughput(found: FlowResult) -> Figure:
    """Finished and arrived by period."""
    p = found.study.periods
    edges = p.calendar.edges
    middle = _days((edges[:-1] + edges[1:]) / 2)
    marks: list[Mark] = []
    if edges.size <= _MOST_STEPS:
        width = float(np.median(np.diff(_days(edges)))) * 0.9
        texts = tuple(
            f"{label}: {count:,} finished{'' if whole else ' (not a whole period)'}"
            for label, count, whole in zip(p.calendar.labels, p.finished, p.whole, strict=True)
        )
        marks.append(Bars(middle, p.finished.astype(np.float64), width, "count", "finished", texts))
    else:
        step = -(-middle.size // _MOST_STEPS)
        marks.append(Line(middle[::step], p.finished[::step].astype(np.float64), "data", "finished"))
    kept = p.whole if p.whole.any() else np.ones(p.whole.size, dtype=bool)
    step = -(-int(kept.sum()) // _MOST_STEPS)
    marks.append(Line(middle[kept][::step], p.arrived[kept][::step].astype(np.float64), "before", "arrived"))
    marks += _rollout(found)
    per = p.calendar.per
    alt = f"Items finished and arrived each {per}: {number(found.study.throughput.value)} finished on average."
    panel = Panel(tuple(marks), f"items a {per}", y_reach=(0.0,))
    return Figure((panel,), per, alt, "time", "Throughput", True, "half")


def ageing(found: FlowResult) -> Figure:
    """Ages of open items, against the times by which items finish."""
    ages = found.study.ageing.ages
    known = [than for _, than, _ in found.study.ageing.older if not math.isnan(than)]
    reach = max(float(np.quantile(ages, 0.98)), *(1.1 * than for than in known), 1e-9)
    old = {share: than for share, than, _ in found.study.ageing.older}[0.85]
    # an edge stands on the 85th percentile, so that no bar lies on both sides of it
    width = old / max(round(old / reach * _AGES), 1) if old > 0 else reach / _AGES
    edges: Floats = width * np.arange(math.ceil(reach / width - 1e-9) + 1, dtype=np.float64)
    counts = np.histogram(np.minimum(ages, edges[-1]), edges)[0].astype(np.float64)
    last = counts.size - 1
    texts = tuple(
        f"{number(float(a))} to {number(float(a + width))} {found.unit}: {int(n):,} open"
        + (" (with all older ones)" if i == last and ages.max() > edges[-1] else "")
        for i, (a, n) in enumerate(zip(edges[:-1], counts, strict=True))
    )
    middle = edges[:-1] + width / 2
    late = middle > old if not math.isnan(old) else np.zeros(middle.size, dtype=bool)
    marks: list[Mark] = []
    for role, here, label in (("count", ~late, "open"), ("outside", late, "older than the 85th percentile")):
        if here.any():
            told = tuple(t for t, k in zip(texts, here, strict=True) if k)
            marks.append(Bars(middle[here], counts[here], width, role, label, told))
    for share, than, count in found.study.ageing.older:
        if not math.isnan(than):
            marks.append(Rule(than, "x", "mean", f"{percent(share)}", text=f"{count:,} open items are older"))
    alt = f"Ages of {found.open:,} open items."
    panel = Panel(tuple(marks), "open items", y_reach=(0.0,))
    return Figure((panel,), f"age, {found.unit}", alt, title="How old is what is open?", legend=True, size="half")
