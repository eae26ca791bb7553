"""Which rows of a delivery are new, which were counted before, and which say something else than before?

A row is known by its key; without one by its time, its subgroup or its place in the file. What arrives twice counts
once, in whichever order it arrives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..columns import column, numbers
from ..control_plan.fields import DataSource
from ..data import check_counts
from ..errors import DataError, SettingsError
from ..ordering import number_label, time_values
from ..result import plain
from ..timeline import parse_times
from . import monitor_words as words
from .store import Change, Known

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Delivery:
    """The rows of one table as a stream sees them. ``kind``: time, number or order; ``dropped``: without a time."""

    rows: Known
    kind: str
    read: int
    dropped: int
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a delivery adds to a stream: rows that are new, and a record of those that are late or corrected."""

    new: Known
    changes: tuple[Change, ...]
    known: int
    late: int
    corrected: int


def delivery(frame: pd.DataFrame, data: DataSource, *, sized: bool, proportion: bool) -> Delivery:
    """A table through the door of the monitor: numbers, counts and times checked by row.

    Raises
    ------
    DataError
        What cannot be judged, by column and row.
    """
    value = numbers(frame, data.value)
    size = None
    if sized:
        size = numbers(frame, data.size) if data.size else np.ones(value.size)
        check_counts(value, size, data.value, data.size or None, proportion)
        gap = np.isnan(value) | np.isnan(size)
        value, size = np.where(gap, np.nan, value), np.where(gap, np.nan, size)
    caveats: list[Caveat] = []
    by = data.time or data.subgroup
    n = len(frame)
    kind, x, labels = ("number", np.arange(1.0, n + 1), None) if not by else time_values(frame, by, caveats)
    if kind == "time" and labels and not labels[0][:4].isdigit():
        times = parse_times(labels)
        if times is not None and times.ambiguous:
            raise DataError(words.ambiguous(by, labels[0]))
    names = np.array([f"{i}" for i in range(1, n + 1)] if labels is None else labels, dtype=object)
    kept = np.ones(n, dtype=bool) if x is None else ~np.isnan(x)
    group = _texts(frame, data.subgroup) if data.subgroup else None
    key = _texts(frame, data.key) if data.key else None
    place = np.full(n, np.nan) if x is None else x
    rows = Known(place, value, size, names, group, key).part(kept)
    return Delivery(rows, kind, n, int(n - kept.sum()), tuple(caveats))


def _texts(frame: pd.DataFrame, name: str) -> NDArray[np.object_]:
    """A column that tells rows apart: every cell filled."""
    series = column(frame, name)
    if series.isna().any():
        raise DataError(words.empty_key(name, int(np.argmax(series.isna().to_numpy())) + 1))
    whole = [number_label(v) if isinstance(v, float) else str(v) for v in series.tolist()]
    return np.array(whole, dtype=object)


def arrived(known: Known, rows: Known, data: DataSource) -> Arrived:
    """What rows add to those that are known.

    Raises
    ------
    DataError
        Rows that cannot be told apart, with the way out.
    """
    if data.subgroup and not data.key:
        return _by_group(known, rows, data)
    mine, theirs = (_identity(held, data) for held in (rows, known))
    place = _found(theirs, mine)
    first = _first_of(mine, data, rows)
    is_new = (place < 0) & first
    fresh = np.cumsum(is_new) - 1 + known.n
    seq = np.where(place >= 0, place, -1)
    again = ~is_new
    if not first.all():
        # a key that stands twice in one delivery: the row further down corrects the one further up
        seq = np.where(seq < 0, fresh[_first_place(mine)], seq)
    together = known.and_then(rows.part(np.flatnonzero(is_new)))
    corrected = _corrections(together, rows, np.flatnonzero(again), seq)
    late = _late(known, rows, is_new, fresh)
    return Arrived(
        rows.part(np.flatnonzero(is_new)), (*late, *corrected), int(again.sum()) - len({c.seq for c in corrected}),
        len(late), len({c.seq for c in corrected}),
    )  # fmt: skip


def _identity(rows: Known, data: DataSource) -> NDArray[Any]:
    if data.key:
        assert rows.key is not None
        return rows.key
    return rows.label if np.isnan(rows.x).all() else rows.x


def _found(known: NDArray[Any], asked: NDArray[Any]) -> Ints:
    """The place of each identity among those known; -1 where there is none."""
    import pandas as pd

    if not known.size:
        return np.full(asked.size, -1, dtype=np.int64)
    return np.asarray(pd.Index(known).get_indexer(pd.Index(asked)), dtype=np.int64)


def _first_of(identity: NDArray[Any], data: DataSource, rows: Known) -> Bools:
    import pandas as pd

    first = ~pd.Series(identity).duplicated().to_numpy()
    if not first.all() and not data.key:
        at = int(np.argmin(first))
        raise DataError(words.ties(data.time or "row", str(rows.label[at])))
    return first


def _first_place(identity: NDArray[Any]) -> Ints:
    """For each row the place of the first one with the same identity."""
    import pandas as pd

    codes, seen = pd.factorize(identity)
    places = np.full(len(seen), -1, dtype=np.int64)
    places[codes[::-1]] = np.arange(codes.size)[::-1]
    return places[codes]


def _corrections(known: Known, rows: Known, again: Ints, seq: Ints) -> list[Change]:
    """Rows that came again with another value, in order; what each was before the one that corrects it."""
    found: list[Change] = []
    labels: dict[int, str] = {}
    for field in ("x", "value", "size"):
        now, held = getattr(rows, field), getattr(known, field)
        if now is None:
            continue
        was = held[seq[again]]
        other = ~((now[again] == was) | (np.isnan(now[again]) & np.isnan(was)))
        latest: dict[int, float] = {}
        for at in again[other | np.isin(seq[again], seq[again][other])].tolist():
            row = int(seq[at])
            before, after = latest.get(row, float(held[row])), float(now[at])
            if field == "x":
                labels[row] = str(rows.label[at])
            if before != after and not (before != before and after != after):
                label = labels.get(row, str(known.label[row]))
                found.append(Change(row, "corrected", label, field, plain(before), plain(after)))
                latest[row] = after
    return found


def _late(known: Known, rows: Known, is_new: Bools, fresh: Ints, grown: Bools | None = None) -> list[Change]:
    """New rows before the last of those known, and those of subgroups that were judged without them."""
    if not known.n:
        return []
    before = rows.x < (-np.inf if np.isnan(known.x).all() else np.nanmax(known.x))
    at = np.flatnonzero(is_new & (before if grown is None else before | grown))
    places = ((int(fresh[i]), str(rows.label[i]), float(rows.value[i])) for i in at.tolist())
    return [Change(seq, "late", label, "value", None, plain(value)) for seq, label, value in places]


def _by_group(known: Known, rows: Known, data: DataSource) -> Arrived:
    """Subgroups without a key: one that is known may grow, or come cut at either end, but not say something else."""
    import pandas as pd

    assert rows.group is not None
    assert known.group is not None
    held = dict(pd.Series(known.value).groupby(known.group, sort=False).indices)
    new = np.ones(rows.value.size, dtype=bool)
    for name, at in pd.Series(rows.value).groupby(rows.group, sort=False).indices.items():
        before = held.get(name)
        if before is None:
            continue
        was, now = known.value[before], rows.value[at]
        short = min(was.size, now.size)
        if _same(now[:short], was[:short]):
            new[at[:short]] = False
        elif now.size < was.size and _same(now, was[-now.size :]):
            new[at] = False
        else:
            raise DataError(words.other_group(data.subgroup, str(name), was.size, now.size))
    fresh = np.cumsum(new) - 1 + known.n
    grown = np.array([name in held for name in rows.group], dtype=bool)
    late = _late(known, rows, new, fresh, grown)
    return Arrived(rows.part(np.flatnonzero(new)), tuple(late), int((~new).sum()), len(late), 0)


def _same(a: Floats, b: Floats) -> bool:
    return bool(np.array_equal(a, b, equal_nan=True))


def refuse_columns(data: DataSource, takes: str, name: str) -> None:
    """Columns that the kind of the limits cannot do with or without."""
    if not data.value:
        raise SettingsError(words.needs_column(name, "value"))
    if data.subgroup.isdecimal():
        raise SettingsError(words.counted_subgroup(name))
    if takes == "counts" and data.subgroup:
        raise SettingsError(words.no_subgroup(name))
