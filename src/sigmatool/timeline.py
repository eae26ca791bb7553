"""From a time column to positions: dates recognised, the calendar's step found, gaps counted.

Dates become days since 1970-01-01 (a float). The step (month, week, day, working day ...) turns them into whole
positions, so that a missing period leaves a gap and is never bridged.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ISO = re.compile(r"\d{4}-\d{1,2}(-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?")
_PLAIN = re.compile(r"(?:1[7-9]|20|21)\d\d-\d\d(?:-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)?")
_COMPACT = re.compile(r"\d{8}")
_SLASHED = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})( \d{1,2}:\d{2}(:\d{2})?)?")
_NAMED = (
    "%b %Y",
    "%B %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%Y/%m/%d",
    "%Y/%m",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
)
_SPARSE = 4
"""Positions may spread over at most this many times the number of points; beyond that time is irregular."""


@dataclass(frozen=True, slots=True)
class Times:
    """Dates as days since 1970-01-01 (NaN where empty), with what was in doubt about reading them."""

    days: Floats
    doubt: str = ""
    ambiguous: bool = False
    """Day and month could as well be the other way round."""


def parse_times(texts: Sequence[str]) -> Times | None:
    """Read dates from texts; None where they are not dates.

    Parameters
    ----------
    texts : sequence of str
        Empty strings are missing.

    Notes
    -----
    ISO dates, ``31.12.2026``, ``12/31/2026``, ``31/12/2026`` and named months. Day or month first is decided by
    the data; where no value decides it, dots and dashes are read day first, slashes month first, and ``doubt``
    says so.

    Examples
    --------
    >>> parse_times(["1970-01-02", "1970-02"]).days.tolist()
    [1.0, 31.0]
    >>> parse_times(["north", "south"]) is None
    True
    """
    filled = [t for t in texts if t]
    if not filled:
        return None
    if _PLAIN.fullmatch(filled[0]) and (days := _plain(texts, filled)) is not None:
        return Times(days)
    if all(_ISO.fullmatch(t) for t in filled):
        return _iso(texts)
    if all(_COMPACT.fullmatch(t) for t in filled):
        return compact_times(np.array([float(t) if t else np.nan for t in texts]))
    if all(_SLASHED.fullmatch(t) for t in filled):
        return _slashed(texts, filled)
    if not any(ch.isdigit() for ch in filled[0]):
        return None
    for form in _NAMED:
        days = _convert(texts, form)
        if days is not None:
            return Times(days)
    return None


def _iso(texts: Sequence[str]) -> Times | None:
    zoned = any(re.search(r"(Z|[+-]\d{2}:?\d{2})$", t[10:]) for t in texts)
    days = _convert(texts, "ISO8601")
    if days is None:
        return None
    return Times(days, "The times carry zones; they were brought to UTC." if zoned else "")


def _plain(texts: Sequence[str], filled: list[str]) -> Floats | None:
    """ISO dates of full length without zones, of years that nanoseconds reach: numpy reads them many times faster."""
    if not all(map(_PLAIN.fullmatch, filled)):
        return None
    try:
        return to_days(np.array(texts, dtype="datetime64[s]"))
    except ValueError:
        return None


def _slashed(texts: Sequence[str], filled: list[str]) -> Times | None:
    parts = [match for t in filled if (match := _SLASHED.fullmatch(t))]
    first = max(int(m[1]) for m in parts)
    second = max(int(m[3]) for m in parts)
    mark = parts[0][2]
    doubt = ""
    if first > 12 or second > 12:
        day_first = first > 12
    else:
        day_first = mark != "/"
        order = "day first" if day_first else "month first"
        doubt = f"Dates like {filled[0]} do not tell day from month; they were read {order}."
    form = f"%d{mark}%m{mark}%Y" if day_first else f"%m{mark}%d{mark}%Y"
    clock = parts[0][5]
    if clock:
        form += " %H:%M:%S" if parts[0][6] else " %H:%M"
    days = _convert(texts, form)
    return None if days is None else Times(days, doubt, bool(doubt))


def _convert(texts: Sequence[str], form: str) -> Floats | None:
    import pandas as pd

    try:
        stamps = pd.to_datetime(pd.Series([t or None for t in texts], dtype="object"), format=form, utc=True)
    except (ValueError, OverflowError):
        return None
    return to_days(stamps.dt.tz_localize(None).to_numpy("datetime64[ns]"))


def compact_times(values: Floats) -> Times | None:
    """Whole numbers that are all dates written 20240131; None where one of them is not.

    Examples
    --------
    >>> compact_times(np.array([20240131.0, 20240201.0])).days.tolist(), compact_times(np.array([20240132.0]))
    ([19753.0, 19754.0], None)
    """
    known = np.isfinite(values)
    found = values[known]
    if not found.size or np.any(found != np.floor(found)) or found.min() < 19000101 or found.max() > 21001231:
        return None
    year, month, day = found // 10_000, found // 100 % 100, found % 100
    if np.any((month < 1) | (month > 12) | (day < 1)):
        return None
    months = ((year - 1970) * 12 + month - 1).astype(np.int64)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    lengths = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
    if np.any(day > lengths):
        return None
    out = np.full(values.size, np.nan)
    out[known] = first + day - 1
    return Times(out, f"Numbers like {found[0]:.0f} were read as dates (year, month, day).")


def first_day(label: str) -> dt.date | None:
    """The day that a label names, or the first of its month or year; None where it is no date.

    Examples
    --------
    >>> first_day("2026-11"), first_day("lot 7")
    (datetime.date(2026, 11, 1), None)
    """
    times = parse_times([label]) if label else None
    if times is None or not np.isfinite(times.days).all():
        return None
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(np.floor(times.days[0])))


def to_days(stamps: NDArray[np.datetime64]) -> Floats:
    """datetime64 as days since 1970-01-01; NaT as NaN."""
    nanos = stamps.astype("datetime64[ns]").astype(np.int64).astype(np.float64)
    return np.where(np.isnat(stamps), np.nan, nanos / 86_400e9)


def label_days(days: Floats) -> tuple[str, ...]:
    """Dates as people read them: days, minutes or seconds, whichever the column needs."""
    seconds = np.round(days * 86_400)
    stamps = (seconds * 1e9).astype(np.int64).astype("datetime64[ns]")
    texts = np.datetime_as_string(stamps, unit="s" if np.any(seconds % 60) else "m")
    if np.all(days == np.floor(days)):
        return tuple(t[:10] for t in texts)
    return tuple(t.replace("T", " ") for t in texts)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whole positions on a calendar of one step, and the periods that hold no point."""

    step: str
    positions: Ints
    missing: tuple[str, ...] = ()


def irregular(n: int) -> Calendar:
    """One position a point."""
    return Calendar("point", np.arange(n, dtype=np.int64))


def calendar_of_days(days: Floats) -> Calendar:
    """Find the step of increasing dates.

    Examples
    --------
    >>> calendar_of_days(parse_times(["2026-01", "2026-02", "2026-04"]).days)
    Calendar(step='month', positions=array([0, 1, 3]), missing=('2026-03',))
    """
    n = days.size
    if n < 3 or np.any(np.diff(days) <= 0):
        return irregular(n)
    if np.all(days == np.floor(days)):
        return _whole_days(days.astype(np.int64).astype("datetime64[D]"))
    for step, share in (("hour", 24.0), ("minute", 1440.0), ("second", 86_400.0)):
        ticks = days * share
        # relative to a step, not to the hours since 1970: else every time would count as a whole hour
        if np.allclose(ticks, np.round(ticks), rtol=0.0, atol=1e-3):
            return _regular(step, np.round(ticks).astype(np.int64), ())
    return irregular(n)


def _whole_days(dates: NDArray[np.datetime64]) -> Calendar:
    months = dates.astype("datetime64[M]").astype(np.int64)
    offset = (dates - dates.astype("datetime64[M]")).astype(np.int64)
    if np.all(offset == offset[0]) and np.all(np.diff(months) > 0):
        step, size = _multiple(months, (("year", 12), ("quarter", 3), ("month", 1)))
        found = _regular(step, months // size if size > 1 else months, ())
        absent = _absent(found) * size + months[0]
        names = tuple(str(m)[: 4 if step == "year" else 7] for m in absent.astype("datetime64[M]"))
        return Calendar(found.step, found.positions, names)
    numbers = dates.astype(np.int64)
    step, size = _multiple(numbers, (("week", 7), ("day", 1)))
    weekday = (numbers + 3) % 7
    if step == "day" and np.all(weekday < 5) and numbers[-1] - numbers[0] > 9:
        positions = np.busday_count(dates[0], dates).astype(np.int64)
        found = _regular("working day", positions, ())
        names = tuple(str(d) for d in np.busday_offset(dates[0], _absent(found)))
        return Calendar(found.step, found.positions, names)
    found = _regular(step, (numbers - numbers[0]) // size, ())
    names = tuple(str(d) for d in dates[0] + _absent(found) * size)
    return Calendar(found.step, found.positions, names)


def _multiple(numbers: Ints, steps: tuple[tuple[str, int], ...]) -> tuple[str, int]:
    gap = int(np.gcd.reduce(np.diff(numbers)))
    return next((name, size) for name, size in steps if gap % size == 0)


def _regular(step: str, ticks: Ints, missing: tuple[str, ...]) -> Calendar:
    gap = int(np.gcd.reduce(np.diff(ticks))) or 1
    positions = (ticks - ticks[0]) // gap
    if positions[-1] + 1 > _SPARSE * ticks.size:
        return irregular(ticks.size)
    name = step if gap == 1 else f"{gap} {step}s"
    return Calendar(name, positions, missing)


def _absent(calendar: Calendar) -> Ints:
    """Positions without a point."""
    seen = np.zeros(calendar.positions[-1] + 1, dtype=np.bool_)
    seen[calendar.positions] = True
    return np.flatnonzero(~seen)


def calendar_of_numbers(values: Floats) -> Calendar:
    """The same for a numeric axis (years, sample numbers).

    Examples
    --------
    >>> calendar_of_numbers(np.array([1871.0, 1872.0, 1874.0])).positions.tolist()
    [0, 1, 3]
    """
    n = values.size
    whole = np.all(values == np.floor(values)) and np.all(np.abs(values) < 2**53)
    if n < 3 or not whole or np.any(np.diff(values) <= 0):
        return irregular(n)
    ticks = values.astype(np.int64)
    found = _regular("step", ticks, ())
    if found.step == "point":
        return found
    gap = int(np.gcd.reduce(np.diff(ticks))) or 1
    return Calendar(found.step, found.positions, tuple(str(v) for v in _absent(found) * gap + ticks[0]))
