"""Round places on an axis of numbers or dates."""

from __future__ import annotations

import datetime as dt
import itertools
import math


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers inside an interval, about ``most`` of them.

    Examples
    --------
    >>> ticks(0.0, 0.34, 5)
    [0.0, 0.1, 0.2, 0.3]
    """
    raw = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 12) + 0.0 for i in range(first, math.floor(high / step + 1e-9) + 1)]


def tick_text(values: list[float], percent: bool) -> list[str]:
    """Ticks with as many places as they need."""
    scaled = [100 * v for v in values] if percent else values
    step = min((abs(b - a) for a, b in itertools.pairwise(scaled)), default=1.0)
    places = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if any(abs(round(v, places) - v) > 1e-9 * max(abs(v), 1) for v in scaled):
        places += 1
    return [f"{v:,.{places}f}{' %' if percent else ''}".replace("-", "−") for v in scaled]


_EPOCH = dt.datetime(1970, 1, 1)


def date_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Calendar ticks between two days since 1970, coarse enough to read.

    Examples
    --------
    >>> [text for _, text in date_ticks(0.0, 800.0, 6)]
    ['1970', '1971', '1972']
    """
    span = high - low
    start = _EPOCH + dt.timedelta(days=low)
    if span / 365.25 >= max(most / 4, 1):
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if span / 365.25 / s <= most)
        years = range(start.year // step * step, start.year + int(span / 365) + 2 * step, step)
        found = [(float((dt.datetime(y, 1, 1) - _EPOCH).days), str(y)) for y in years if 1 <= y <= 9998]
    elif span >= 45:
        step = next(s for s in (1, 2, 3, 6, 12) if span / 30.44 / s <= most)
        months = [start.year * 12 + start.month - 1 + i for i in range(int(span / 28) + 2)]
        found = []
        for m in months:
            if m % step == 0:
                day = dt.datetime(m // 12, m % 12 + 1, 1)
                found.append((float((day - _EPOCH).days), day.strftime("%b %Y")))
    else:
        return _day_ticks(low, high, most)
    return [(x, text) for x, text in found if low <= x <= high]


def _day_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    span = high - low
    hours = next(s for s in (1 / 60, 0.25, 1, 3, 6, 12, 24, 48, 168, 336, 1000) if span * 24 / s <= most)
    step = hours / 24
    form = "%d %b" if hours >= 24 else "%d %b %H:%M"
    first = math.ceil(low / step - 1e-9)
    places = [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]
    inside = [x for x in places if low <= x <= high]
    return [(x, (_EPOCH + dt.timedelta(days=x)).strftime(form).lstrip("0")) for x in inside]
