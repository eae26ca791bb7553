"""Who is compared: the stages or groups of a table, each with what was seen in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..data import Counts, Measurements, column, counts, fingerprint, frame_of, measurements
from ..errors import DataError
from ..timeline import calendar_of_days, calendar_of_numbers
from .asked import Asked, ScaleName
from .named import Cells, named_groups

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """A stage or group, and what was seen in it.

    ``points`` are places among the points of the table (from 0), in order, and ``positions`` their calendar steps.
    ``level`` (n points,) is what each point contributes to the level: its value, the mean of its subgroup, its share or
    its rate. ``values`` are the single measurements, ``count`` and ``size`` the counts of events; the others are empty.
    """

    name: str
    points: Ints
    positions: Ints
    level: Floats
    values: Floats
    count: Floats
    size: Floats

    @property
    def n(self) -> int:
        """Points."""
        return self.points.size


@dataclass(frozen=True)
class Compared:
    """Everything that was compared. ``ordered``: the points of a group follow one another in time."""

    metric: str
    size_name: str
    scale: ScaleName
    points: Measurements | Counts
    groups: tuple[Group, ...]
    group_of: Ints
    ordered: bool
    grouped: bool
    rows: Rows
    caveats: tuple[Caveat, ...]
    sha256: str

    @property
    def counted(self) -> bool:
        """Events are counted, not measured."""
        return isinstance(self.points, Counts)

    @property
    def several(self) -> bool:
        """More than two are compared."""
        return len(self.groups) > 2

    def columns(self) -> dict[str, Floats]:
        """What was seen at each point, under the names of the table."""
        if isinstance(self.points, Counts):
            sizes = {self.size_name: self.points.size} if self.size_name else {}
            return {self.metric: self.points.count, **sizes}
        return {self.metric: _level(self.points)}


def gather(data: Any, wanted: Asked) -> Compared:
    """Take the table through the door and part it into what is compared."""
    points = _through_the_door(data, wanted)
    caveats = list(points.caveats)
    names, group_of = _groups(data, wanted, points, caveats)
    seen = _seen(points)
    level = _level(points)
    used = seen & ~points.excluded & (group_of >= 0)
    lost = int(np.isin(points.order.point, np.flatnonzero(seen & ~points.excluded & (group_of < 0))).sum())
    groups = tuple(
        _group(name, np.flatnonzero(used & (group_of == i)), points, level, wanted.group is not None)
        for i, name in enumerate(names)
    )
    if wanted.group is not None:
        caveats = [c for c in caveats if c.code != "time-ties" or _tied(points, groups)]
    rows = points.rows
    table = Compared(
        metric=points.name, size_name=points.size_name or "" if isinstance(points, Counts) else "",
        scale=wanted.scale_name, points=points, groups=groups, group_of=np.where(used, group_of, -1),
        ordered=wanted.group is None or wanted.time is not None,
        grouped=isinstance(points, Measurements) and points.values.shape[1] > 1,
        rows=replace(rows, used=rows.used - lost, dropped=rows.dropped + lost), caveats=tuple(caveats),
        sha256=_hash(data, wanted, points),
    )  # fmt: skip
    _check(table)
    return table


def _through_the_door(data: Any, wanted: Asked) -> Measurements | Counts:
    place: dict[str, Any] = {
        "time": wanted.time,
        "stage": wanted.stage,
        "rollout": list(wanted.rollout) or None,
        "exclude": wanted.exclude,
    }
    if wanted.counted:
        assert wanted.value is not None
        return counts(data, value=wanted.value, size=wanted.size, proportion=wanted.scale_name == "proportion", **place)
    value = wanted.value
    if value is None and wanted.group is not None:
        value = _other_column(frame_of(data), [wanted.group, wanted.time, wanted.paired, wanted.subgroup])
    return measurements(data, value=value, subgroup=wanted.subgroup, **place)


def _other_column(frame: pd.DataFrame, taken: Sequence[Any]) -> str | None:
    """The only column that has no other part; None leaves the refusal to the door."""
    rest = [str(c) for c in frame.columns if str(c) not in taken]
    return rest[0] if len(rest) == 1 else None


def _groups(data: Any, wanted: Asked, points: Measurements | Counts, caveats: list[Caveat]) -> tuple[list[str], Ints]:
    """Names of what is compared, and of which of them each point is (-1: of none)."""
    if wanted.group is not None:
        return named_groups(frame_of(data), wanted.group, points, caveats)
    group_of = np.full(points.n, -1, dtype=np.int64)
    for i, stage in enumerate(points.stages):
        group_of[stage.start : stage.stop] = i
    names = [stage.name for stage in points.stages]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None and wanted.stage is not None:
        at = points.stages[names.index(twice, names.index(twice) + 1)].start + 1
        raise DataError(
            f"stage {twice!r} of column {wanted.stage!r} comes back at point {at}: stages are runs of equal values; "
            f"to compare what recurs give group = {wanted.stage}."
        )
    return names, group_of


def _seen(points: Measurements | Counts) -> Bools:
    if isinstance(points, Counts):
        return np.isfinite(points.count)
    return np.asarray(np.isfinite(points.values).any(axis=1))


def _level(points: Measurements | Counts) -> Floats:
    """What each point contributes to the level."""
    if isinstance(points, Counts):
        return points.count / points.size
    if points.values.shape[1] == 1:
        return points.values[:, 0]
    present = np.isfinite(points.values)
    number = present.sum(axis=1)
    total = np.where(present, points.values, 0.0).sum(axis=1)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _group(name: str, at: Ints, points: Measurements | Counts, level: Floats, own_calendar: bool) -> Group:
    none = np.empty(0)
    positions = _calendar(points, at) if own_calendar else points.axis.positions[at]
    if isinstance(points, Counts):
        return Group(name, at, positions, level[at], none, points.count[at], points.size[at])
    single = points.values[at].ravel()
    return Group(name, at, positions, level[at], single[np.isfinite(single)], none, none)


def _calendar(points: Measurements | Counts, at: Ints) -> Ints:
    """Steps between the points of one group, which may share its dates with others."""
    x = points.axis.x[at]
    if points.axis.kind == "time":
        return calendar_of_days(x).positions
    return calendar_of_numbers(x if points.axis.kind == "number" else np.arange(float(x.size))).positions


def _tied(points: Measurements | Counts, groups: Sequence[Group]) -> bool:
    """Whether points of one group share a date; those of several may."""
    return any(bool((np.diff(points.axis.x[g.points]) == 0).any()) for g in groups)


def _hash(data: Any, wanted: Asked, points: Measurements | Counts) -> str:
    """That of the door, and of the cells that say who is compared and who is paired."""
    names = [name for name in (wanted.stage, wanted.group, wanted.paired) if name]
    if not names:
        return points.sha256
    frame = frame_of(data)
    held = [Cells.of(column(frame, name).iloc[points.order.kept]) for name in names]
    codes = [cells.code.astype(np.float64) for cells in held]
    return fingerprint([points.sha256, *names], codes, [text for cells in held for text in cells.texts])


def _check(table: Compared) -> None:
    """Two or more to compare, each with enough to say something of it."""
    empty = [g.name for g in table.groups if g.n == 0]
    groups = [g for g in table.groups if g.n]
    if len(groups) < 2:
        held = f"only {groups[0].name!r}" if groups else "nobody"
        raise DataError(
            f"there is {held} to compare{f'; {empty[0]!r} holds no usable point' if empty else ''}: two or more stages "
            "or groups are needed."
        )
    if empty:
        raise DataError(f"{empty[0]!r} holds no usable point: fill in its values, or leave its rows out of the table.")
    if table.counted:
        if not any(g.count.sum() > 0 for g in groups):
            raise DataError(
                f"column {table.metric!r} holds no event in any of {', '.join(repr(g.name) for g in groups[:4])}: "
                "without a single event nothing tells them apart."
            )
        if table.scale == "proportion":
            _check_whole(table)
        return
    short = next((g for g in groups if g.level.size < 2), None)
    if short is not None:
        raise DataError(
            f"{short.name!r} holds 1 usable point: at least 2 are needed to know how much points vary; collect more, "
            "or leave it out of the comparison."
        )
    _check_values(table)


def _check_whole(table: Compared) -> None:
    """A proportion is one of whole units."""
    points = table.points
    assert isinstance(points, Counts)
    bad = np.flatnonzero((table.group_of >= 0) & (points.size != np.floor(points.size)))
    if bad.size:
        at = points.axis.labels[int(bad[0])]
        raise DataError(
            f"column {table.size_name!r} holds {points.size[bad[0]]:g} at {points.axis.name} {at}: a proportion is "
            "one of whole units; correct it, or compare a rate (scale = rate)."
        )


def _check_values(table: Compared) -> None:
    if all(float(np.ptp(g.level)) == 0.0 for g in table.groups):
        held = ", ".join(f"{g.level[0]:g} in {g.name!r}" for g in table.groups[:4])
        raise DataError(
            f"column {table.metric!r} never varies within what is compared ({held}): with no spread at all no interval "
            "can be given; check the export, or measure more finely."
        )
    still = [g.name for g in table.groups if float(np.ptp(g.level)) == 0.0]
    if len(still) > 1:
        raise DataError(
            f"{still[0]!r} and {still[1]!r} never vary in column {table.metric!r}: without any spread their "
            "difference has no interval; leave one of them out."
        )
    if table.scale != "duration":
        return
    for g in table.groups:
        bad = np.flatnonzero(~(g.values > 0))
        if bad.size:
            points = table.points
            assert isinstance(points, Measurements)
            at = next(i for i in g.points.tolist() if np.any(points.values[i] <= 0))
            raise DataError(
                f"column {table.metric!r} holds {g.values[bad[0]]:g} at {points.axis.name} {points.axis.labels[at]}: a "
                "duration must be above zero; correct it, exclude the point, or use scale = continuous."
            )
