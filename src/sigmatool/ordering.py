"""How the rows of a table become points in order: time, subgroups, stages, exclusions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import door_words
from .axis import Axis, Numbered, Stage, in_order, locate
from .caveats import Caveat
from .columns import column, numbers
from .errors import DataError, SettingsError
from .timeline import (
    Calendar,
    Times,
    calendar_of_days,
    calendar_of_numbers,
    compact_times,
    irregular,
    label_days,
    parse_times,
    to_days,
)

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Order:
    """How table rows became points: ``kept`` rows in order, ``rows`` in all, and the ``point`` of each."""

    def __init__(self, kept: Ints, point: Ints, n_points: int) -> None:
        self.kept, self.point, self.n_points, self.rows = kept, point, n_points, int(kept.size)


class Consecutive(Order):
    """Rows in the order of the file, ``width`` of them a point; the places are made when asked for."""

    def __init__(self, rows: int, width: int = 1) -> None:
        self.rows, self._width, self.n_points = rows, width, -(-rows // width)

    @cached_property
    def kept(self) -> Ints:  # type: ignore[override]
        return np.arange(self.rows, dtype=np.int64)

    @cached_property
    def point(self) -> Ints:  # type: ignore[override]
        return self.kept // self._width


def size_or_column(subgroup: Any) -> int | str | None:
    """What makes a subgroup: the name of a column, or a number of rows."""
    if subgroup is None or isinstance(subgroup, str):
        return subgroup
    if isinstance(subgroup, bool) or not isinstance(subgroup, Integral):
        raise SettingsError(f"subgroup must be the name of a column or a number of rows, not {subgroup!r}.")
    if subgroup < 2:
        raise SettingsError(f"a subgroup holds at least 2 values, not {subgroup}; leave it out for individuals.")
    return int(subgroup)


def slots(point: Ints) -> Ints:
    """Running number of each row inside its point."""
    sorted_rows = np.argsort(point, kind="stable")
    ranked = point[sorted_rows]
    starts = np.r_[0, np.flatnonzero(np.diff(ranked)) + 1]
    lengths = np.diff(np.r_[starts, ranked.size])
    slot = np.empty(point.size, dtype=np.int64)
    slot[sorted_rows] = np.arange(ranked.size) - np.repeat(starts, lengths)
    return slot


def arrange(
    frame: pd.DataFrame, time: str | None, subgroup: str | int | None, caveats: list[Caveat]
) -> tuple[Order, Axis]:
    """Sort the rows by time, gather subgroups, and place the points."""
    n = len(frame)
    kept = np.arange(n, dtype=np.int64)
    kind: Literal["time", "number", "order"] = "order"
    x = labels = None
    if time is not None:
        kind, x, texts = time_values(frame, time, caveats)
        if x is not None:
            kept = _sorted_rows(x, time, caveats)
            x = x[kept]
        labels = [texts[i] for i in kept]
    point, n_points = _group(frame, kept, subgroup)
    first = np.full(n_points, -1, dtype=np.int64)
    first[point[::-1]] = np.arange(kept.size)[::-1]
    if x is not None and labels is not None:
        x = x[first]
        axis = _axis(time or "", kind, x, tuple(labels[i] for i in first), subgroup is None, caveats)
    else:
        names: Sequence[str] = Numbered(n_points)
        if labels is not None:
            names = tuple(labels[i] for i in first)
        elif isinstance(subgroup, str):
            groups = column(frame, subgroup)
            names = tuple(str(groups.iloc[int(kept[i])]) for i in first)
        named = time or (subgroup if isinstance(subgroup, str) else "point")
        axis = in_order(named, names)
    return Order(kept, point, n_points), axis


def time_values(
    frame: pd.DataFrame, time: str, caveats: list[Caveat]
) -> tuple[Literal["time", "number", "order"], Floats | None, list[str]]:
    """What a column that orders the points holds: its kind, the place of each row (NaN where empty), its names."""
    import pandas as pd

    series = column(frame, time)
    if pd.api.types.is_datetime64_any_dtype(series):
        naive = series if series.dt.tz is None else _wall_clock(series, caveats)
        days = to_days(naive.to_numpy("datetime64[ns]"))
        return "time", days, list(label_days(np.where(np.isnan(days), 0.0, days)))
    if pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series):
        values = numbers(frame, time)
        compact = compact_times(values)
        if compact is not None:
            caveats.append(door_words.dates_doubtful(compact.doubt))
            return "time", compact.days, list(label_days(np.where(np.isnan(compact.days), 0.0, compact.days)))
        return "number", values, [number_label(v) for v in values]
    texts = ["" if v is None or v != v else str(v).strip() for v in series.tolist()]
    times: Times | None = parse_times(texts)
    if times is None:
        if all(_NUMBER.fullmatch(t) for t in texts if t) and any(texts):
            return "number", np.array([float(t) if t else np.nan for t in texts]), texts
        return "order", None, texts
    if times.doubt:
        caveats.append(door_words.dates_doubtful(times.doubt))
    return "time", times.days, texts


_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


def number_label(value: float) -> str:
    """A number as the name of a point: whole ones in full.

    Examples
    --------
    >>> number_label(1704067200000.0), number_label(3.25)
    ('1704067200000', '3.25')
    """
    return f"{value:.0f}" if value == np.floor(value) and abs(value) < 1e15 else f"{value:.12g}"


def _wall_clock(series: pd.Series[Any], caveats: list[Caveat]) -> pd.Series[Any]:
    """Times with a zone as its clock shows them, where that keeps their order; else those of UTC."""
    wall, utc = series.dt.tz_localize(None), series.dt.tz_convert("UTC").dt.tz_localize(None)
    known = wall.notna()
    inside = wall[known].to_numpy("datetime64[ns]")[np.argsort(utc[known].to_numpy("datetime64[ns]"), kind="stable")]
    kept = bool(np.all(np.diff(inside) >= np.timedelta64(0)))
    caveats.append(door_words.time_zone(str(series.dt.tz), kept))
    chosen: pd.Series[Any] = wall if kept else utc
    return chosen


def _sorted_rows(x: Floats, time: str, caveats: list[Caveat]) -> Ints:
    known = np.flatnonzero(~np.isnan(x)).astype(np.int64)
    lost = x.size - known.size
    if lost:
        row = int(np.argmax(np.isnan(x))) + 1
        caveats.append(door_words.time_missing(lost, time, row))
    if known.size == 0:
        raise DataError(f"column {time!r} is empty in every row; name another time column.")
    back = int((np.diff(x[known]) < 0).sum())
    if back:
        caveats.append(door_words.order_sorted(time, back))
    return known[np.argsort(x[known], kind="stable")]


def _group(frame: pd.DataFrame, kept: Ints, subgroup: str | int | None) -> tuple[Ints, int]:
    if subgroup is None:
        return np.arange(kept.size, dtype=np.int64), int(kept.size)
    if isinstance(subgroup, int):
        point = np.arange(kept.size, dtype=np.int64) // subgroup
        return point, int(point[-1]) + 1
    groups = column(frame, subgroup).iloc[kept]
    if groups.isna().any():
        row = int(kept[int(np.argmax(groups.isna().to_numpy()))]) + 1
        raise DataError(f"column {subgroup!r} is empty in row {row}: every row belongs to a subgroup; fill it in.")
    codes, seen = groups.factorize(sort=False)
    return codes.astype(np.int64), len(seen)


def _axis(
    name: str,
    kind: Literal["time", "number", "order"],
    x: Floats,
    labels: tuple[str, ...],
    single: bool,
    caveats: list[Caveat],
) -> Axis:
    ties = int((np.diff(x) == 0).sum())
    if ties and single:
        at = labels[int(np.argmax(np.diff(x) == 0))]
        caveats.append(door_words.time_ties(ties, name, at))
    calendar: Calendar = calendar_of_days(x) if kind == "time" else calendar_of_numbers(x)
    if x.size and np.any(np.diff(x) < 0):
        calendar = irregular(x.size)
    if calendar.missing:
        total = int(calendar.positions[-1]) + 1
        caveats.append(door_words.calendar_gaps(tuple(calendar.missing), total, calendar.step))
    return Axis(name, kind, labels, x, calendar.positions, calendar.step)


def split_rollout(text: str) -> tuple[str, str]:
    """``"1847-06=Handwashing"`` as moment and name.

    Examples
    --------
    >>> split_rollout("1847-06=Handwashing"), split_rollout("25")
    (('1847-06', 'Handwashing'), ('25', 'rollout'))
    """
    when, _, label = text.partition("=")
    if not when.strip():
        raise SettingsError(f"rollout {text!r} must name a moment: WHEN or WHEN=LABEL.")
    return when.strip(), label.strip() or "rollout"


def stages_and_exclusions(
    frame: pd.DataFrame,
    order: Order,
    axis: Axis,
    stage: str | None,
    rollout: Any,
    exclude: Exclude,
) -> tuple[int, tuple[Stage, ...], Bools]:
    n = order.n_points
    if stage is not None and rollout is not None:
        raise SettingsError("give stage or rollout, not both: each says where the stages part.")
    stages: tuple[Stage, ...] = (Stage("all", 0, n),)
    if stage is not None:
        first = np.full(n, -1, dtype=np.int64)
        first[order.point[::-1]] = order.kept[::-1]
        names = [str(v) for v in column(frame, stage).iloc[first].tolist()]
        cuts = [0, *(i for i in range(1, n) if names[i] != names[i - 1]), n]
        stages = tuple(Stage(names[a], a, b) for a, b in itertools.pairwise(cuts))
    elif rollout is not None:
        stages = rollout_stages(axis, rollout)
    return n, stages, exclusions(axis, exclude)


def rollout_stages(axis: Axis, rollout: Any) -> tuple[Stage, ...]:
    """Stages between one moment or several; none is no rollout."""
    moments = list(rollout) if np.iterable(rollout) and not isinstance(rollout, str | bytes) else [rollout]
    if not moments:
        return (Stage("all", 0, axis.x.size),)
    named = []
    for item in moments:
        when, label = split_rollout(item) if isinstance(item, str) else (item, "rollout")
        named.append((locate(axis, when), label))
    named.sort()
    cuts = [at for at, _ in named]
    if len(set(cuts)) < len(cuts):
        raise DataError("two rollouts fall on the same point; a stage between them would be empty.")
    names = ["before"]
    for at, label in named:
        plain = "after" if len(named) == 1 else f"after {axis.labels[at]}"
        names.append(plain if label == "rollout" else f"after {label}")
    edges = [0, *cuts, axis.x.size]
    return tuple(Stage(name, a, b) for name, a, b in zip(names, edges[:-1], edges[1:], strict=True))


Exclude: TypeAlias = "int | Sequence[int | str] | Mapping[Any, str] | str | None"
"""Points left out: numbers, text such as ``3,17-19``, or a mapping from points to reasons."""


def exclusions(axis: Axis, exclude: Exclude) -> Bools:
    """Which points are left out."""
    excluded = np.zeros(axis.x.size, dtype=bool)
    for item in _items(exclude):
        excluded[_span(axis, item)] = True
    return excluded


def reasons_of(axis: Axis, exclude: Exclude) -> dict[int, str]:
    """Why each point (from 1) is left out, where a mapping says so."""
    if not isinstance(exclude, Mapping):
        return {}
    out: dict[int, str] = {}
    for item, reason in exclude.items():
        here = _span(axis, str(item))
        out.update(dict.fromkeys(range(here.start + 1, here.stop + 1), str(reason)))
    return out


def _items(exclude: Exclude) -> list[str]:
    if exclude is None:
        return []
    given = exclude.split(",") if isinstance(exclude, str) else exclude if np.iterable(exclude) else [exclude]
    return [text for text in (str(p).strip() for p in given) if text]


def _span(axis: Axis, text: str) -> slice:
    """``3``, ``17-19`` or the label of a point, as places."""
    if text in axis.labels and not (axis.kind == "order" and text.isdecimal()):
        at = axis.labels.index(text)
        return slice(at, at + 1)
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise SettingsError(f"exclude {text!r} must be point numbers such as 3 or 17-19, or labels of points.")
    a, b = int(first), int(last or first)
    if not 1 <= a <= b <= axis.x.size:
        raise SettingsError(f"exclude {text!r} lies outside the points 1 to {axis.x.size}.")
    return slice(a - 1, b)
