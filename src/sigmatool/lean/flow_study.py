"""The arithmetic of a study of flow: how long items take, how many pass, how many are inside, how old they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from ..numbers.calendar_counts import Calendar, calendar
from ..numbers.estimate import Estimate
from ..numbers.little import Flow, flow_efficiency, little, takt_time
from ..numbers.survival import Survival, kaplan_meier, percentiles
from ..stamps import DAY
from .flow_asked import UNITS, Asked
from .flow_items import Items

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SHARES: Final = (0.5, 0.8, 0.85, 0.9, 0.95)
OLD: Final = (0.5, 0.85, 0.95)
"""Percentiles that open items are held against."""

ALIKE: Final = 0.1
"""Rank correlation of neighbours from which intervals are said to be too narrow."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Counts by period.

    Attributes
    ----------
    calendar : Calendar
    arrived, finished : (k,) array of int
    whole : (k,) array of bool
        Periods that lie in the window entirely.
    inside : (k,) array of int
        Items inside at the end of each, or at the end of the window.
    median, slow : (k,) array
        Median and 85th percentile of the times of items that finished in each, in the unit; NaN where none did.
    """

    calendar: Calendar
    arrived: Ints
    finished: Ints
    whole: Bools
    inside: Ints
    median: Floats
    slow: Floats


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open items.

    Attributes
    ----------
    ages : (m,) array
        In the unit, oldest first.
    at : (m,) array of int
        Their places among the items.
    older : tuple of (share, time, count)
        How many are older than the time by which a share is finished; NaN and 0 where that is not known.
    """

    ages: Floats
    at: Ints
    older: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class Efficiency:
    """Touch time over time: of all together, and the middle item."""

    ratio: Estimate
    median: float
    n: int


@dataclass(frozen=True, slots=True)
class Takt:
    """Working time for each item that is wanted, and for each that is finished, in the unit ``unit``."""

    takt: float
    observed: Estimate
    unit: str
    demand: float
    available: float


@dataclass(frozen=True)
class Study:
    """All of it.

    Attributes
    ----------
    unit : str
        Of every time.
    seconds : float
        In one unit.
    time, entry : (n,) array
        Of each item, so far where it is open; its age when the window begins.
    curve : Survival
    percentiles : tuple of (share, Estimate)
    periods : Periods
    throughput, arrivals : Estimate
        Per whole period.
    flow, first_half, second_half : Flow
        In the unit.
    ageing : Ageing
    efficiency : Efficiency or None
    takt : Takt or None
    alike : float
        Rank correlation of the times of items that start one after the other.
    order : (n,) array of int
        Places of the items by time.
    """

    unit: str
    seconds: float
    time: Floats
    entry: Floats | None
    curve: Survival
    percentiles: tuple[tuple[float, Estimate], ...]
    periods: Periods
    throughput: Estimate
    arrivals: Estimate
    flow: Flow
    first_half: Flow
    second_half: Flow
    ageing: Ageing
    efficiency: Efficiency | None
    takt: Takt | None
    alike: float
    order: Ints

    def percentile(self, share: float) -> Estimate:
        """Of the percentiles told."""
        return next(found for held, found in self.percentiles if held == share)


def study_of(items: Items, asked: Asked) -> Study:
    """Everything that start and end stamps tell."""
    done = items.finished
    seconds = np.where(done, items.end, items.last) - items.start
    unit = _unit(seconds, items.dates)
    size = UNITS[unit]
    time = seconds / size
    entry = None if asked.since is None else np.maximum(items.first - items.start, 0.0) / size
    # everything by time is sorted once
    order = np.argsort(time)
    curve = kaplan_meier(time[order], done[order], None if entry is None else np.minimum(entry, time)[order])
    ended = order[done[order]]
    level = asked.confidence
    told = tuple(zip(SHARES, percentiles(curve, SHARES, level), strict=True))
    periods = _periods(items, asked, time, ended)
    whole = periods.whole
    start, end = (items.start - items.first) / size, (items.end - items.first) / size
    window = max(items.last - items.first, 1.0) / size
    middle = window / 2
    per = periods.calendar.per
    throughput = _mean(periods.finished[whole], level)
    return Study(
        unit=unit, seconds=size, time=time, entry=entry, curve=curve, percentiles=told, periods=periods,
        throughput=throughput, arrivals=_mean(periods.arrived[whole], level),
        flow=little(start, end, 0.0, window), first_half=little(start, end, 0.0, middle),
        second_half=little(start, end, middle, window), ageing=_ageing(items, time, told),
        efficiency=_efficiency(items, seconds, level), takt=_takt(asked, throughput, per),
        alike=_alike(items.start, time, ended), order=order,
    )  # fmt: skip


def _unit(seconds: Floats, dates: bool) -> str:
    middle = float(np.median(seconds))
    if dates or middle >= 2 * DAY:
        return "days"
    return "hours" if middle >= 7200 else "minutes" if middle >= 120 else "seconds"


def _periods(items: Items, asked: Asked, time: Floats, by_time: Ints) -> Periods:
    # a table of days holds the whole of its last one
    reach = items.last + (DAY if items.dates else 0.0)
    days = calendar(items.first, items.last, asked.per)
    started, ended = items.started, items.ended
    inside_at = np.minimum(days.edges[1:], reach)
    # an item that ends at the edge itself is counted in the period that begins there
    inside = np.searchsorted(started, inside_at, side="left") - np.searchsorted(ended, inside_at, side="left")
    if not items.dates:
        inside[-1] = started.size - ended.size
    median, slow = _by_period(items.end[by_time], time[by_time], days)
    return Periods(
        days, days.count(started), days.count(ended), days.whole(items.first, reach), inside.astype(np.int64), median,
        slow,
    )  # fmt: skip


def _by_period(ended: Floats, time: Floats, days: Calendar) -> tuple[Floats, Floats]:
    """Median and 85th percentile of each period, of items that are sorted by time."""
    place = np.searchsorted(days.edges, ended, side="right") - 1
    k = days.edges.size - 1
    kept = (place >= 0) & (place < k)
    place, time = place[kept], time[kept]
    # small whole numbers are sorted without comparing them
    ordered = time[np.argsort(place.astype(np.int16 if k < 30_000 else np.int64), kind="stable")]
    counts = np.bincount(place, minlength=k)
    first = np.concatenate(([0], np.cumsum(counts)[:-1]))
    out = []
    for share in (0.5, 0.85):
        rank = np.maximum(np.ceil(share * counts - 1e-9).astype(np.int64), 1) - 1
        at = np.minimum(first + rank, max(ordered.size - 1, 0))
        out.append(np.where(counts > 0, ordered[at] if ordered.size else np.nan, np.nan))
    return out[0], out[1]


def _mean(counts: Ints, level: float) -> Estimate:
    """A mean per period, its interval from how the periods differ."""
    k = counts.size
    if k == 0:
        return Estimate(np.nan, np.nan, np.nan, "mean of the whole periods")
    value = float(counts.mean())
    if k < 3:
        return Estimate(value, np.nan, np.nan, "mean of the whole periods")
    half = float(stdtrit(k - 1, 0.5 + level / 2)) * float(counts.std(ddof=1)) / np.sqrt(k)
    return Estimate(value, max(value - half, 0.0), value + half, "mean of the whole periods, Student's t")


def _ageing(items: Items, time: Floats, told: tuple[tuple[float, Estimate], ...]) -> Ageing:
    at = np.flatnonzero(~items.finished)
    at = at[np.argsort(-time[at], kind="stable")]
    ages = time[at]
    known = dict(told)
    older = tuple((share, known[share].value, int((ages > known[share].value).sum())) for share in OLD)
    return Ageing(ages, at, older)


def _efficiency(items: Items, seconds: Floats, level: float) -> Efficiency | None:
    if items.touch is None:
        return None
    kept = items.finished & np.isfinite(items.touch) & (seconds > 0)
    if not kept.any():
        return None
    touch, total = items.touch[kept], seconds[kept]
    ratio, error = flow_efficiency(touch, total)
    half = float(ndtri(0.5 + level / 2)) * error
    told = Estimate(ratio, max(ratio - half, 0.0), min(ratio + half, 1.0), "ratio of sums (Cochran 1977)")
    return Efficiency(told, float(np.median(touch / total)), int(kept.sum()))


def _takt(asked: Asked, throughput: Estimate, per: str) -> Takt | None:
    if asked.demand is None or asked.available is None:
        return None
    takt = takt_time(asked.available, asked.demand)
    unit = "hours" if takt >= 7200 else "minutes" if takt >= 120 else "seconds"
    size = UNITS[unit]

    def each(rate: float) -> float:
        return asked.available / rate / size if rate > 0 and asked.available is not None else np.nan

    # the more are finished, the less time each has had
    seen = Estimate(each(throughput.value), each(throughput.high), each(throughput.low), throughput.method)
    return Takt(takt / size, seen, unit, asked.demand, asked.available / size)


def _alike(start: Floats, time: Floats, by_time: Ints) -> float:
    """Rank correlation of finished neighbours, in order of their start; equal times share their mean rank."""
    ordered = time[by_time]
    if ordered.size < 20 or ordered[0] == ordered[-1]:
        return np.nan
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(np.concatenate((first, [ordered.size])))
    rank = np.full(time.size, np.nan)
    rank[by_time] = np.repeat(first + (counts - 1) / 2, counts)
    if np.any(np.diff(start) < 0):
        rank = rank[np.argsort(start, kind="stable")]
    off = rank[~np.isnan(rank)]
    off -= off.mean()
    return float((off[1:] * off[:-1]).sum() / (off**2).sum())
