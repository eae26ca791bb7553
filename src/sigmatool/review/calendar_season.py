"""A season told by the calendar: which weekday, month or hour is each point of?"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..axis import Axis
from ..errors import DataError, SettingsError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CALENDAR: Final = ("weekday", "month", "hour")
"""Seasons that need dates instead of a period."""

LEAST_BEFORE, LEAST_AFTER = 2, 1
"""Points that each weekday, month or hour needs on the sides of the rollout, so that every fit holds its level."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def season_of(given: int | str | None) -> int | str | None:
    """A declared season: a period in points, or the name of a calendar season.

    Examples
    --------
    >>> season_of("7"), season_of("weekday")
    (7, 'weekday')
    """
    if isinstance(given, str):
        text = given.strip()
        if text.isdecimal():
            given = int(text)
        elif text in CALENDAR:
            return text
        else:
            raise SettingsError(f"season must be a period in points, or {', '.join(CALENDAR)}; not {given!r}.")
    if given is not None and given < 2:
        raise SettingsError(f"season is a period in points and must be at least 2, not {given}.")
    return given


def calendar_columns(axis: Axis, name: str, used: Bools, after: Bools) -> dict[str, Floats]:
    """Columns for the weekday, month or hour of each judged point, coded to sum to zero over the classes.

    Parameters
    ----------
    axis : Axis
        Must hold dates.
    name : {"weekday", "month", "hour"}
    used, after : (n,) arrays of bool
        Points that are judged, and those at or after the rollout.

    Returns
    -------
    dict of str to (n used,) array
        One column fewer than classes seen: 1 in its class, -1 in the last, 0 elsewhere.

    Raises
    ------
    DataError
        The axis holds no dates, all points share one class, or a class has too few points on a side.
    """
    _needs_dates(axis, name)
    seen, code = _seen(axis, name, used)
    for i, value in enumerate(seen):
        before_n, after_n = int((code[~after[used]] == i).sum()), int((code[after[used]] == i).sum())
        if before_n < LEAST_BEFORE or after_n < LEAST_AFTER:
            raise DataError(
                f"season = {name} needs {LEAST_BEFORE} points before the rollout and {LEAST_AFTER} after it on every "
                f"{name}, but {_called(int(value), name)} has {before_n} and {after_n}: exclude its points, collect "
                "more, or leave season out."
            )
    return _coded(seen, code, name)


def baseline_columns(axis: Axis, name: str, used: Bools) -> dict[str, Floats]:
    """The same columns before there is a rollout: each class needs its points on this side alone."""
    _needs_dates(axis, name)
    seen, code = _seen(axis, name, used)
    for i, value in enumerate(seen):
        count = int((code == i).sum())
        if count < LEAST_BEFORE:
            raise DataError(
                f"season = {name} needs {LEAST_BEFORE} points before the rollout on every {name}, but "
                f"{_called(int(value), name)} has {count}: exclude its points, collect more, or leave season out."
            )
    return _coded(seen, code, name)


def _needs_dates(axis: Axis, name: str) -> None:
    if axis.kind != "time":
        raise DataError(
            f"season = {name} needs dates, but {axis.name!r} holds none: name the column with the dates (time, -x), or "
            "give the season as a number of points."
        )


def _seen(axis: Axis, name: str, used: Bools) -> tuple[Ints, Ints]:
    """The weekdays, months or hours that are seen, and which of them each point is of."""
    label = _classes(axis.x[used], name)
    seen, code = np.unique(label, return_inverse=True)
    if seen.size < 2:
        raise DataError(
            f"season = {name} needs points on different {name}s, but all {label.size} are on the same one "
            f"({_called(int(seen[0]), name)}); leave season out."
        )
    return seen, code


def _coded(seen: Ints, code: Ints, name: str) -> dict[str, Floats]:
    return {
        _called(int(value), name): (code == i).astype(float) - (code == seen.size - 1)
        for i, value in enumerate(seen[:-1])
    }


def _classes(days: Floats, name: str) -> Ints:
    whole = np.floor(days + 1e-9).astype(np.int64)
    if name == "weekday":
        # day 0 of the count, 1 January 1970, was a Thursday
        return (whole + 3) % 7
    if name == "month":
        return whole.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    return np.floor((days - whole) * 24 + 1e-6).astype(np.int64) % 24


def _called(value: int, name: str) -> str:
    if name == "weekday":
        return _WEEKDAYS[value]
    return f"month {value + 1}" if name == "month" else f"hour {value}"
