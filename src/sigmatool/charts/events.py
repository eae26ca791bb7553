"""What else happened: a table of dated events, placed on the axis of a chart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data import Axis, frame_of
from ..errors import DataError
from ..timeline import parse_times

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at ``x`` on the axis of a chart: a few words, and a line with the moment."""

    x: float
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Events in order of the axis, and how many more lie before the first or after the last point."""

    events: tuple[Event, ...]
    outside: int


def read_events(source: Any, axis: Axis) -> tuple[Event, ...]:
    """What happened while the points of a chart were taken?

    Parameters
    ----------
    source : DataFrame, or sequence of (when, label)
        The columns ``date`` and ``label``; without both of these the first two. On an axis of time ``when`` is a
        date, on one of numbers a number, else a point number (from 1) or the label of a point. Rows with neither
        are skipped.
    axis : Axis
        Where the points stand. An event need not lie on a point; one before the first or after the last is left out
        (:func:`place_events` counts them).

    Returns
    -------
    tuple of Event
        In order of the axis; events that are the same in moment and label once.

    Raises
    ------
    DataError
        A cell that is no moment of the axis, or that is empty; the message names row and column.

    Examples
    --------
    >>> line = np.arange(1.0, 6.0)
    >>> axis = Axis("point", "order", ("1", "2", "3", "4", "5"), line, line.astype(np.int64) - 1, "point")
    >>> read_events([(3, "new supplier"), (2, "pump replaced")], axis)
    (Event(x=2.0, label='pump replaced', text='2: pump replaced'), Event(x=3.0, label='new supplier', ...))
    """
    return place_events(source, axis).events


def place_events(source: Any, axis: Axis) -> Placed:
    """:func:`read_events` with the count of events that lie outside the data."""
    (when_name, label_name), whens, labels = _cells(source)
    rows = [i for i, (a, b) in enumerate(zip(whens, labels, strict=True)) if a or b]
    for i in rows:
        for name, text in ((when_name, whens[i]), (label_name, labels[i])):
            if not text:
                raise DataError(
                    f"column {name!r} of the events is empty in row {i + 1}: an event needs a moment and a label; fill "
                    "it in, or empty the whole row."
                )
    places = _places([whens[i] for i in rows], [i + 1 for i in rows], when_name, axis)
    low, high = (float(axis.x.min()), float(axis.x.max())) if axis.x.size else (math.inf, -math.inf)
    found = {Event(float(x), labels[i], f"{whens[i]}: {labels[i]}"): None for x, i in zip(places, rows, strict=True)}
    inside = [event for event in found if low <= event.x <= high]
    return Placed(tuple(sorted(inside, key=lambda event: event.x)), len(found) - len(inside))


def told_events(source: Any) -> list[list[str]]:
    """Events as pairs of texts: the moment and the label."""
    _, whens, labels = _cells(source)
    return [[when, label] for when, label in zip(whens, labels, strict=True) if when or label]


def _cells(source: Any) -> tuple[tuple[str, str], list[str], list[str]]:
    """Names of the two columns and their texts; an empty cell is ""."""
    if hasattr(source, "columns") or hasattr(source, "column_names"):
        if len(source) == 0:
            return ("date", "label"), [], []
        frame = frame_of(source)
        names = [str(c) for c in frame.columns]
        if len(names) < 2:
            raise DataError(f"events need two columns, date and label; this table has {len(names)}.")
        pair = ("date", "label") if {"date", "label"} <= set(names) else (names[0], names[1])
        whens, labels = (frame.iloc[:, names.index(name)].tolist() for name in pair)
        return pair, [_text(v) for v in whens], [_text(v) for v in labels]
    if isinstance(source, str) or not np.iterable(source):
        raise DataError(f"events are {source!r}: give pairs of a moment and a label, or a table of both.")
    items = list(source)
    for i, item in enumerate(items):
        if isinstance(item, str) or not hasattr(item, "__len__") or len(item) != 2:
            raise DataError(f"event {i + 1} is {item!r}: give pairs of a moment and a label, or a table of both.")
    return ("date", "label"), [_text(a) for a, _ in items], [_text(b) for _, b in items]


def _text(value: Any) -> str:
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return f"{float(value):.0f}"
    words = " ".join(str(value).split())
    # a date without a clock reads better without midnight
    return words.removesuffix(" 00:00:00") if hasattr(value, "isoformat") else words


def _places(whens: list[str], rows: list[int], name: str, axis: Axis) -> list[float]:
    if axis.kind == "time":
        return _dates(whens, rows, name, axis)
    return [_number(when, row, name, axis) for when, row in zip(whens, rows, strict=True)]


def _dates(whens: list[str], rows: list[int], name: str, axis: Axis) -> list[float]:
    if not whens:
        return []
    times = parse_times(whens)
    if times is not None:
        return [float(day) for day in times.days]
    for when, row in zip(whens, rows, strict=True):
        if parse_times([when]) is None:
            raise DataError(
                f"column {name!r} of the events holds {when!r} in row {row}, which is not a date such as "
                f"{axis.labels[0]}: write it as the data do."
            )
    odd = next((i for i in range(1, len(whens)) if parse_times([whens[0], whens[i]]) is None), len(whens) - 1)
    raise DataError(
        f"column {name!r} of the events writes dates in two ways, {whens[0]!r} in row {rows[0]} and {whens[odd]!r} in "
        f"row {rows[odd]}: write all of them as the data do."
    )


def _number(when: str, row: int, name: str, axis: Axis) -> float:
    if axis.kind == "order" and not when.isdigit() and when in axis.labels:
        return float(axis.x[axis.labels.index(when)])
    try:
        at = float(when)
    except ValueError:
        at = math.nan
    if not math.isfinite(at):
        what = "a point number" if axis.kind == "order" else f"a number like those of column {axis.name!r}"
        raise DataError(
            f"column {name!r} of the events holds {when!r} in row {row}, which is not {what}: the data run from "
            f"{axis.labels[0]} to {axis.labels[-1]}."
        )
    return at
