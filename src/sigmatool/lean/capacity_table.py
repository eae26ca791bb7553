"""The periods of a capacity check: what came, how long it took, who was there; checked by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..axis import Axis
from ..caveats import Caveat, Rows
from ..data import Exclude, fingerprint, frame_of, measurements, numbers
from ..errors import DataError
from .capacity_asked import AN_HOUR, Amount

Floats = NDArray[np.float64]

MOST_STAFF: Final = 100_000
MOST_ARRIVALS: Final = 1e9
"""More than any one queue has in a period."""


@dataclass(frozen=True)
class Periods:
    """Usable periods in order, n of them, and where they came from.

    Attributes
    ----------
    labels : tuple of str
    x : (n,) array
        Their places on ``axis``.
    arrivals, handling, staff, hours, project : (n,) arrays
        Arrivals, mean handling time in its unit, people at work on average, open hours, person-hours of projects.
    handling_sd : (n,) array or None
    a_unit : float
        Units of handling time in an hour.
    """

    labels: tuple[str, ...]
    x: Floats
    axis: Axis
    arrivals: Floats
    handling: Floats
    handling_sd: Floats | None
    staff: Floats
    hours: Floats
    project: Floats
    a_unit: float
    rows: Rows
    caveats: tuple[Caveat, ...]
    sha256: str
    source: str
    file_sha256: str | None

    @property
    def n(self) -> int:
        """Periods."""
        return int(self.arrivals.size)

    @property
    def work(self) -> Floats:
        """Hours of handling that each period brought."""
        return self.arrivals * self.handling / self.a_unit

    @property
    def there(self) -> Floats:
        """Person-hours of each period, projects not taken off."""
        return self.staff * self.hours

    @property
    def load(self) -> Floats:
        """Erlangs: people who would be busy all the time."""
        return self.work / self.hours


@dataclass(frozen=True, slots=True)
class Named:
    """Which columns hold what."""

    arrivals: str
    handling: str
    staff: str
    handling_sd: str | None
    hours: Amount
    project: Amount
    time: str | None


def periods_of(data: Any, named: Named, unit: str, exclude: Exclude) -> Periods:
    """Read the table.

    Raises
    ------
    DataError
        What cannot be, by column, row and value.
    """
    frame = frame_of(data)
    n = len(frame)
    raw = {name: numbers(frame, name) for name in (named.arrivals, named.handling, named.staff)}
    spread = None if named.handling_sd is None else numbers(frame, named.handling_sd)
    hours = np.full(n, named.hours.number) if named.hours.column is None else numbers(frame, named.hours.column)
    _least(raw[named.arrivals], named.arrivals, 0.0, "arrivals cannot be negative")
    _least(raw[named.handling], named.handling, 0.0, "a mean handling time is above zero", above=True)
    _least(raw[named.staff], named.staff, 0.0, "without staff nothing is handled; leave closed periods out", above=True)
    if spread is not None and named.handling_sd is not None:
        _least(spread, named.handling_sd, 0.0, "a standard deviation cannot be negative")
    if named.hours.column is not None:
        _least(hours, named.hours.column, 0.0, "a period is open for some time; leave closed ones out", above=True)
    _most(raw[named.staff], named.staff, MOST_STAFF, "people")
    _most(raw[named.arrivals], named.arrivals, MOST_ARRIVALS, "arrivals")
    there = raw[named.staff] * hours
    project = _project(frame, named, there)
    _refuse_all_taken(there, project)
    points = measurements(frame, value=named.arrivals, time=named.time, exclude=exclude)
    every = [*raw.values(), hours, project, *([] if spread is None else [spread])]
    kept = [values[points.order.kept] for values in every]
    gap = np.logical_or.reduce([np.isnan(values) for values in kept])
    out = points.excluded[points.order.point]
    use = ~(gap | out)
    if int(use.sum()) < 2:
        raise DataError(
            f"{int(use.sum())} usable period of {n}: at least 2 are needed to see how they differ; look for empty "
            "cells in the columns that are used."
        )
    if not kept[0][use].any():
        raise DataError(f"column {named.arrivals!r} holds nothing above zero: no period has any arrivals.")
    names = [named.arrivals, named.handling, named.staff, "hours", "project"]
    names += [] if named.handling_sd is None else [named.handling_sd]
    used = [values[use] for values in kept]
    labels = [points.axis.labels[i] for i in points.order.point]
    return Periods(
        labels=tuple(labels[i] for i in np.flatnonzero(use)),
        x=np.asarray(points.axis.x, dtype=float)[points.order.point][use],
        axis=points.axis, arrivals=used[0], handling=used[1], staff=used[2], hours=used[3], project=used[4],
        handling_sd=None if spread is None else used[5], a_unit=AN_HOUR[unit],
        rows=Rows(
            n, int(use.sum()), int(gap.sum()), int((out & ~gap).sum()), n - points.order.rows,
        ),
        caveats=points.caveats, sha256=fingerprint([*names, unit], kept, points.axis.labels), source=points.source,
        file_sha256=points.file_sha256,
    )  # fmt: skip


def _project(frame: Any, named: Named, there: Floats) -> Floats:
    """Person-hours of projects in each period; what they leave is above zero."""
    asked = named.project
    if asked.of_hours:
        return there * asked.number
    if asked.column is None:
        return np.full(there.size, 0.0 if np.isnan(asked.number) else asked.number)
    hours = numbers(frame, asked.column)
    _least(hours, asked.column, 0.0, "hours of projects cannot be negative")
    return hours


def _refuse_all_taken(there: Floats, project: Floats) -> None:
    """Refuse projects that leave nobody to work."""
    with np.errstate(invalid="ignore"):
        bad = project >= there
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"projects take {project[row]:g} person-hours in row {row + 1}, and the staff have {there[row]:g} (staff "
            "times open hours): nothing is left for operations; check the hours, or their unit."
        )


def _least(values: Floats, name: str, least: float, why: str, *, above: bool = False) -> None:
    with np.errstate(invalid="ignore"):
        bad = values <= least if above else values < least
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"column {name!r} is {values[row]:g} in row {row + 1}: {why}; correct it or leave the cell empty."
        )


def _most(values: Floats, name: str, most: float, what: str) -> None:
    with np.errstate(invalid="ignore"):
        bad = values > most
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"column {name!r} is {values[row]:g} in row {row + 1}: one queue with more than {most:,.0f} {what} in a "
            "period is not judged; give its parts."
        )
