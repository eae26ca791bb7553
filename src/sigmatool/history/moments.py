"""When a label of a point is, and when something is due: periods with a first and a last day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Literal

import numpy as np

from ..errors import SettingsError
from ..timeline import first_day, parse_times

State = Literal["overdue", "due", "later", "no date", "not asked", "none", "replaced"]
"""``not asked``: no date was given to hold it against; ``none``: the review asks for no other; ``replaced``: the next
rollout has come, whose review judges the stage."""


def moments(labels: Sequence[str]) -> tuple[list[float], str] | None:
    """Labels as places on one axis, and its kind: days since 1970 (``time``), or numbers; None where they are neither.

    Examples
    --------
    >>> moments(["1970-01-02", "1970-01-05"]), moments(["37", "61"]), moments(["north", "south"])
    (([1.0, 4.0], 'time'), ([37.0, 61.0], 'number'), None)
    """
    times = parse_times(list(labels))
    if times is not None and np.isfinite(times.days).all():
        return [float(day) for day in times.days], "time"
    try:
        found = [float(label) for label in labels]
    except ValueError:
        return None
    return (found, "number") if np.isfinite(found).all() else None


def day_of(at: str | dt.date) -> dt.date:
    """A day, from ISO text or a date.

    Raises
    ------
    SettingsError
    """
    if isinstance(at, dt.datetime):
        return at.date()
    if isinstance(at, dt.date):
        return at
    try:
        return dt.date.fromisoformat(str(at))
    except ValueError:
        raise SettingsError(f"at is {at!r}; give a day as in 2026-11-30.") from None


def period(label: str) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of what a label names: a day, a month, a year; None where it names none.

    Examples
    --------
    >>> period("2026-02")
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    >>> period("1990")[1], period("61")
    (datetime.date(1990, 12, 31), None)
    """
    if re.fullmatch(r"(1[7-9]|20|21)\d\d", label):
        return dt.date(int(label), 1, 1), dt.date(int(label), 12, 31)
    if re.fullmatch(r"\d{4}-\d\d", label):
        try:
            first = dt.date.fromisoformat(f"{label}-01")
        except ValueError:
            return None
        following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        return first, following - dt.timedelta(days=1)
    day = first_day(label)
    return None if day is None else (day, day)


def due(label: str, at: dt.date | None) -> tuple[State, int | None]:
    """How a review that is due at a label stands on a day, and in how many days (below zero: days ago).

    Examples
    --------
    >>> day = dt.date(2026, 3, 10)
    >>> due("2026-02", day), due("2026-03", day), due("2026-03-15", day), due("", day), due("2026-02", None)
    (('overdue', -10), ('due', 0), ('later', 5), ('no date', None), ('not asked', None))
    """
    held = period(label)
    if held is None:
        return "no date", None
    if at is None:
        return "not asked", None
    first, last = held
    if at > last:
        return "overdue", (last - at).days
    return ("due", 0) if at >= first else ("later", (first - at).days)
