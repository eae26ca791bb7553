"""Round places on an axis of numbers or dates."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from dataclasses import dataclass


def ticks(low: float, high: float, most: int, least_step: float = 0.0) -> list[float]:
    """Round numbers inside an interval, about ``most`` of them; ``least_step`` 1 keeps them whole.

    Examples
    --------
    >>> ticks(0.0, 0.34, 5)
    [0.0, 0.1, 0.2, 0.3]
    >>> ticks(1.0, 3.0, 9, 1.0)
    [1.0, 2.0, 3.0]
    """
    raw = max((high - low) / max(most, 1), least_step)
    power = 10.0 ** math.floor(math.log10(raw))
    steps = (m * power for m in (1, 2, 2.5, 5, 10) if not (least_step and m == 2.5 and power == 1))
    step = next(s for s in steps if s >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    places = 12 - min(math.floor(math.log10(step)), 0)
    return [round(i * step, places) + 0.0 for i in range(first, math.floor(high / step + 1e-9) + 1)]


_LONG, _SMALL = 9, 1e-3
"""Characters of a tick beyond which an exponent is tried, and the size beneath which it is."""


def tick_text(values: list[float], percent: bool) -> list[str]:
    """Ticks with as many places as they need; with an exponent where that is shorter.

    Examples
    --------
    >>> tick_text([0.025], False), tick_text([1e9, 1e9 + 2], False)
    (['0.025'], ['1,000,000,000', '1,000,000,002'])
    >>> tick_text([0.0, 0.05, 0.1], True), tick_text([0.0, 2e9], False), tick_text([0.0, 2e-9], False)
    (['0 %', '5 %', '10 %'], ['0', '2e9'], ['0', '2e−9'])
    """
    scaled = [100 * v for v in values] if percent else values
    step = min((abs(b - a) for a, b in itertools.pairwise(scaled)), default=max(map(abs, scaled), default=1.0)) or 1.0
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    if any(abs(round(v, places) - v) > 1e-9 * max(abs(v), step) for v in scaled):
        places += 1
    plain = [f"{v:,.{places}f}" for v in scaled]
    if max(map(len, plain), default=0) > _LONG or max(map(abs, scaled), default=1.0) < _SMALL:
        figures = next((f for f in range(6) if all(_holds(v, f, step) for v in scaled)), None)
        short = plain if figures is None else [_exponent(v, figures) for v in scaled]
        if max(map(len, short), default=0) < max(map(len, plain), default=0):
            plain = short
    return [f"{t}{' %' if percent else ''}".replace("-", "−") for t in plain]


def _holds(value: float, figures: int, step: float) -> bool:
    return abs(float(f"{value:.{figures}e}") - value) < 1e-6 * step


def _exponent(value: float, figures: int) -> str:
    if value == 0:
        return "0"
    head, _, power = f"{value:.{figures}e}".partition("e")
    return f"{head}e{int(power)}"


_EPOCH = dt.datetime(1970, 1, 1)
_MONDAY = 4
"""The first Monday after 1970-01-01, a Thursday."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place with its words; ``context`` stands beneath, where it changes: the year of a month, the day of an hour."""

    at: float
    text: str
    context: str = ""


def date_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Calendar ticks between two days since 1970, coarse enough to read.

    Examples
    --------
    >>> [t.text for t in date_ticks(0.0, 800.0, 4)]
    ['1970', '1971', '1972']
    >>> [(t.text, t.context) for t in date_ticks(300.0, 500.0, 8)]
    [('Nov', '1970'), ('Dec', ''), ('Jan', '1971'), ('Feb', ''), ('Mar', ''), ('Apr', ''), ('May', '')]
    """
    span = high - low
    most = max(most, 1)
    start = _EPOCH + dt.timedelta(days=low)
    if span / 30.44 / 6 > most or span / 365.25 > 12:
        return _years(start.year, low, high, span, most)
    if span / 14 > most:
        return _months(start, low, high, span, most)
    if span > most:
        return _days(low, high, span, most)
    return _clock(low, high, span, most)


def _years(first: int, low: float, high: float, span: float, most: int) -> list[Tick]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if span / 365.25 / s <= most or s == 1000)
    years = range(first // step * step, first + int(span / 365) + 2 * step, step)
    places = [(float((dt.datetime(y, 1, 1) - _EPOCH).days), str(y)) for y in years if 1 <= y <= 9998]
    return [Tick(x, text) for x, text in places if low <= x <= high]


def _months(start: dt.datetime, low: float, high: float, span: float, most: int) -> list[Tick]:
    step = next((s for s in (1, 2, 3, 6) if span / 30.44 / s <= most), 6)
    first = start.year * 12 + start.month - 1
    days = [dt.datetime(m // 12, m % 12 + 1, 1) for m in range(first, first + int(span / 28) + 2) if m % step == 0]
    inside = [(float((day - _EPOCH).days), day) for day in days]
    return _told([(x, day, day.strftime("%b"), str(day.year)) for x, day in inside if low <= x <= high])


def _days(low: float, high: float, span: float, most: int) -> list[Tick]:
    step = next((s for s in (1, 2, 7, 14) if span / s <= most), 14)
    first = math.ceil((low - _MONDAY) / step - 1e-9)
    places = [_MONDAY + i * step for i in range(first, math.floor((high - _MONDAY) / step + 1e-9) + 1)]
    days = [(float(x), _EPOCH + dt.timedelta(days=x)) for x in places if low <= x <= high]
    return _told([(x, day, f"{day.day} {day:%b}", str(day.year)) for x, day in days])


_SECONDS = (1e-3, 1e-2, 0.1, 1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400)


def _clock(low: float, high: float, span: float, most: int) -> list[Tick]:
    step = next((s for s in _SECONDS if span * 86400 / s <= most), _SECONDS[-1])
    first = math.ceil(low * 86400 / step - 1e-9)
    seconds = [i * step for i in range(first, math.floor(high * 86400 / step + 1e-9) + 1)]
    form = "%H:%M" if step >= 60 else "%H:%M:%S" if step >= 1 else "%H:%M:%S.%f"
    out = []
    for moment in seconds:
        at = _EPOCH + dt.timedelta(seconds=moment)
        if low <= moment / 86400 <= high:
            text = at.strftime(form)
            out.append((moment / 86400, at, text[:-3] if step < 1 else text, f"{at.day} {at:%b} {at.year}"))
    return [
        Tick(t.at, t.text, t.context if i == 0 or t.context.startswith("1 Jan") else t.context[:-5])
        for i, t in enumerate(_told(out))
    ]


def _told(found: list[tuple[float, dt.datetime, str, str]]) -> list[Tick]:
    """The context at the first tick and wherever it changes."""
    before = ["", *(context for *_, context in found)]
    return [
        Tick(x, text, context if context != last else "")
        for (x, _, text, context), last in zip(found, before, strict=False)
    ]
