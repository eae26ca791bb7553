"""The one door for data: names, shapes, order, gaps, stages and impossible values, checked once.

:func:`measurements` and :func:`counts` take a frame or an array and return points in order, with an account of
every row. What cannot be used is refused with a :class:`DataError` that names the column, the row (counted from 1
below the header), the value and the way out. Nothing is repaired in silence.
"""

from __future__ import annotations

import difflib
import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from .caveats import Caveat, Rows
from .errors import DataError, SettingsError
from .timeline import (
    Calendar,
    Times,
    calendar_of_days,
    calendar_of_numbers,
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


@dataclass(frozen=True, slots=True)
class Stage:
    """A segment of the points, half-open and 0-based."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the points stand.

    ``labels``: as people read them. ``x``: for drawing (days since 1970-01-01, the number, or 1..n).
    ``positions``: whole calendar steps, so that a missing period is a gap; ``step`` names the step.
    """

    name: str
    kind: Literal["time", "number", "order"]
    labels: tuple[str, ...]
    x: Floats
    positions: Ints
    step: str


@dataclass(frozen=True)
class _Points:
    name: str
    axis: Axis
    stages: tuple[Stage, ...]
    excluded: Bools
    rows: Rows
    caveats: tuple[Caveat, ...]
    sha256: str
    source: str
    file_sha256: str | None
    order: _Order

    @property
    def n(self) -> int:
        return len(self.axis.labels)


@dataclass(frozen=True)
class Measurements(_Points):
    """Values, (n points, m within a subgroup) padded with NaN; m is 1 for individuals."""

    values: Floats
    grouped: bool


@dataclass(frozen=True)
class Counts(_Points):
    """Counts of events with the number inspected or the exposure, (n,) each."""

    count: Floats
    size: Floats
    size_name: str | None


@dataclass(frozen=True, slots=True)
class Specification:
    """What the customer asks for: lower and upper limit, target."""

    lsl: float | None = None
    usl: float | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        for name in ("lsl", "usl", "target"):
            limit = getattr(self, name)
            if limit is not None and not np.isfinite(limit):
                raise SettingsError(f"{name} must be a finite number, not {limit}.")
        if self.lsl is not None and self.usl is not None and self.lsl >= self.usl:
            raise SettingsError(f"lsl ({self.lsl:g}) must lie below usl ({self.usl:g}); are they swapped?")


@dataclass(frozen=True)
class _Order:
    """How table rows became points: kept rows in order, and the point of each."""

    kept: Ints
    point: Ints
    n_points: int


def frame_of(data: Any) -> pd.DataFrame:
    """A DataFrame from a frame (pandas, polars, Arrow), a Series or a plain array."""
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        frame = data
    elif isinstance(data, pd.Series):
        frame = data.to_frame(str(data.name) if data.name is not None else "value").reset_index(drop=True)
    elif hasattr(data, "to_pandas"):
        frame = data.to_pandas()
        frame = frame.to_frame("value") if isinstance(frame, pd.Series) else frame
    else:
        array = np.asarray(data)
        if array.ndim != 1:
            raise DataError(f"a plain array must have one dimension, not {array.ndim}; use a table for more.")
        frame = pd.DataFrame({"value": array})
    if len(frame) == 0:
        raise DataError("the table has no rows; nothing can be judged from a header alone.")
    return frame


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column by its name, or a refusal that offers near names."""
    names = [str(c) for c in frame.columns]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"the columns are {', '.join(names[:12])}."
        raise DataError(f"there is no column {name!r}: {hint}")
    return frame.iloc[:, names.index(name)]


def numbers(frame: pd.DataFrame, name: str) -> Floats:
    """A column as floats; NaN where the cell is empty. Text and infinite values are refused by row."""
    import pandas as pd

    series = column(frame, name)
    if pd.api.types.is_bool_dtype(series):
        raise DataError(f"column {name!r} holds true and false; turn it into numbers (0 and 1) first.")
    if pd.api.types.is_numeric_dtype(series):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    elif pd.api.types.is_datetime64_any_dtype(series):
        raise DataError(f"column {name!r} holds dates, not numbers; name another column.")
    else:
        values = _numbers_of_text(series, name)
    infinite = np.isinf(values)
    if infinite.any():
        row = int(np.argmax(infinite)) + 1
        raise DataError(f"column {name!r} is infinite in row {row}; correct it or leave the cell empty.")
    return values


def _numbers_of_text(series: pd.Series, name: str) -> Floats:
    import pandas as pd

    text = series.astype("object").where(series.notna(), None)
    filled = text.map(lambda v: None if v is None or str(v).strip() == "" else str(v).strip())
    values = pd.to_numeric(filled, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = np.isnan(values) & filled.notna().to_numpy()
    if bad.any():
        row = int(np.argmax(bad))
        shown = str(filled.iloc[row])
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        raise DataError(
            f"row {row + 1} of column {name!r} holds {shown!r}, which is not a number; correct it or leave the "
            "cell empty."
        )
    return values


def measurements(
    data: Any,
    *,
    value: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    stage: str | None = None,
    rollout: Any = None,
    exclude: Sequence[int] | str | None = None,
) -> Measurements:
    """Measurements in order: individuals, or subgroups of values.

    Parameters
    ----------
    data : DataFrame, array or Series
    value : str, optional
        Column of the values; may be left out where there is only one column.
    time : str, optional
        Column that orders the points.
    subgroup : str or int, optional
        Column whose equal values form a subgroup, or the number of consecutive rows in one.
    stage : str, optional
        Column whose runs of equal values are stages.
    rollout : value or list of values, optional
        Moments that part the series into stages.
    exclude : sequence of int or str, optional
        Point numbers (from 1), or text like ``"3, 17-19"``.

    Raises
    ------
    DataError
        What cannot be used, by column and row.
    """
    frame = frame_of(data)
    value = value or _only_column(frame)
    raw = numbers(frame, value)
    caveats = _source_caveats(frame)
    order, axis = _arrange(frame, time, subgroup, caveats)
    width = int(np.bincount(order.point, minlength=order.n_points).max())
    values = np.full((order.n_points, width), np.nan)
    slot = _slots(order.point)
    values[order.point, slot] = raw[order.kept]
    if isinstance(subgroup, int) and len(raw) % subgroup:
        caveats.append(
            Caveat(
                "short-subgroup",
                f"The last subgroup holds {len(raw) % subgroup} of {subgroup} values; it is kept.",
            )
        )
    if not np.isfinite(values).any():
        raise DataError(f"column {value!r} holds no value at all; every cell is empty.")
    points, stages, excluded = _finish(frame, order, axis, stage, rollout, exclude)
    missing_rows = np.isnan(raw[order.kept])
    rows = _account(len(frame), order, missing_rows, excluded)
    _least(points, np.isfinite(values).any(axis=1), value)
    names = [n for n in (value, time, subgroup if isinstance(subgroup, str) else None, stage) if n]
    return Measurements(
        **_common(frame, value, axis, stages, excluded, rows, caveats, order, names, (raw,)),
        values=values,
        grouped=subgroup is not None,
    )


def counts(
    data: Any,
    *,
    value: str,
    size: str | None = None,
    time: str | None = None,
    stage: str | None = None,
    rollout: Any = None,
    exclude: Sequence[int] | str | None = None,
    proportion: bool = False,
) -> Counts:
    """Counts of events, with the number inspected or the exposure.

    ``proportion=True`` refuses more events than inspected. Other parameters as in :func:`measurements`.
    """
    frame = frame_of(data)
    raw = numbers(frame, value)
    exposure = np.where(np.isnan(raw), np.nan, 1.0) if size is None else numbers(frame, size)
    _check_counts(raw, exposure, value, size, proportion)
    caveats = _source_caveats(frame)
    order, axis = _arrange(frame, time, None, caveats)
    count, amount = raw[order.kept], exposure[order.kept]
    gap = np.isnan(count) | np.isnan(amount)
    count, amount = np.where(gap, np.nan, count), np.where(gap, np.nan, amount)
    if gap.all():
        raise DataError(f"columns {value!r} and {size!r} hold no complete row; every point is missing.")
    points, stages, excluded = _finish(frame, order, axis, stage, rollout, exclude)
    rows = _account(len(frame), order, gap, excluded)
    _least(points, ~gap, value)
    names = [n for n in (value, size, time, stage) if n]
    return Counts(
        **_common(frame, value, axis, stages, excluded, rows, caveats, order, names, (raw, exposure)),
        count=count,
        size=amount,
        size_name=size,
    )


def extra(data: Any, name: str, like: Measurements | Counts) -> Floats:
    """A further column along the same points (mean within subgroups): a guard, a control."""
    frame = frame_of(data)
    raw = numbers(frame, name)
    if len(raw) != like.rows.read:
        raise DataError(f"column {name!r} has {len(raw)} rows, but the metric has {like.rows.read}.")
    kept = raw[like.order.kept]
    present = np.isfinite(kept)
    total = np.bincount(like.order.point, np.where(present, kept, 0.0), like.order.n_points)
    number = np.bincount(like.order.point, present, like.order.n_points)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


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


def locate(axis: Axis, when: Any) -> int:
    """0-based position of the first point at or after ``when``; both sides must hold a point."""
    text = str(when).strip()
    if axis.kind == "time":
        times = parse_times([text])
        if times is None and hasattr(when, "isoformat"):
            times = parse_times([when.isoformat()])
        if times is None:
            raise DataError(
                f"the rollout {text!r} is not a date, but column {axis.name!r} holds dates such as {axis.labels[0]}."
            )
        at = int(np.searchsorted(axis.x, times.days[0]))
    elif axis.kind == "order" and text in axis.labels and not text.isdigit():
        at = axis.labels.index(text)
    else:
        at = _locate_number(axis, text)
    if not 0 < at < axis.x.size:
        raise DataError(
            f"the rollout {text!r} leaves no point {'before' if at <= 0 else 'after'} it: the data run from "
            f"{axis.labels[0]} to {axis.labels[-1]}."
        )
    return at


def _locate_number(axis: Axis, text: str) -> int:
    try:
        number = float(text)
    except ValueError:
        what = "a point number" if axis.kind == "order" else f"a number like those of column {axis.name!r}"
        raise DataError(
            f"the rollout {text!r} must be {what}: the data run from {axis.labels[0]} to {axis.labels[-1]}."
        ) from None
    return int(np.searchsorted(axis.x, number))


def fingerprint(names: Sequence[str], columns: Sequence[Floats], labels: Sequence[str]) -> str:
    """SHA-256 of the columns used: names, labels and values in a form that no file format changes."""
    digest = hashlib.sha256()
    digest.update("\x1f".join(names).encode())
    digest.update("\x1f".join(labels).encode())
    for values in columns:
        clean = np.where(np.isnan(values), np.nan, values) + 0.0
        digest.update(np.ascontiguousarray(clean, dtype="<f8").tobytes())
    return digest.hexdigest()


def _only_column(frame: pd.DataFrame) -> str:
    if frame.shape[1] != 1:
        names = ", ".join(str(c) for c in frame.columns[:12])
        raise DataError(f"name the column with the values: value (-y) is one of {names}.")
    return str(frame.columns[0])


def _source_caveats(frame: pd.DataFrame) -> list[Caveat]:
    held = frame.attrs.get("sigmatool", {})
    return [Caveat(c["code"], c["text"]) for c in held.get("caveats", ())]


def _slots(point: Ints) -> Ints:
    """Running number of each row inside its point."""
    sorted_rows = np.argsort(point, kind="stable")
    ranked = point[sorted_rows]
    starts = np.r_[0, np.flatnonzero(np.diff(ranked)) + 1]
    lengths = np.diff(np.r_[starts, ranked.size])
    slot = np.empty(point.size, dtype=np.int64)
    slot[sorted_rows] = np.arange(ranked.size) - np.repeat(starts, lengths)
    return slot


def _check_counts(count: Floats, size: Floats, value: str, size_name: str | None, proportion: bool) -> None:
    def refuse(bad: Bools, text: str) -> None:
        if bad.any():
            row = int(np.argmax(bad))
            raise DataError(text.format(row=row + 1, count=count[row], size=size[row]))

    with np.errstate(invalid="ignore"):
        refuse(count < 0, f"column {value!r} is {{count:g}} in row {{row}}: a count cannot be negative.")
        refuse(
            count != np.floor(count),
            f"column {value!r} is {{count:g}} in row {{row}}: a count of events is a whole number; for "
            "measurements leave the size out.",
        )  # fmt: skip
        if size_name is None:
            return
        refuse(
            (size <= 0) & ~np.isnan(count),
            f"column {size_name!r} is {{size:g}} in row {{row}}, with {{count:g}} {value}: nothing was inspected "
            "there; correct it or leave both cells empty.",
        )
        if proportion:
            refuse(
                count > size,
                f"row {{row}} has {{count:g}} {value} of {{size:g}} {size_name}: more events than inspected; "
                "correct it, or judge a rate (scale = rate) if one unit can have several.",
            )


def _arrange(
    frame: pd.DataFrame, time: str | None, subgroup: str | int | None, caveats: list[Caveat]
) -> tuple[_Order, Axis]:
    """Sort the rows by time, gather subgroups, and place the points."""
    n = len(frame)
    kept = np.arange(n, dtype=np.int64)
    kind: Literal["time", "number", "order"] = "order"
    x = labels = None
    if time is not None:
        kind, x, texts = _time_values(frame, time, caveats)
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
        names = tuple(str(i + 1) for i in range(n_points))
        if labels is not None:
            names = tuple(labels[i] for i in first)
        elif isinstance(subgroup, str):
            groups = column(frame, subgroup)
            names = tuple(str(groups.iloc[int(kept[i])]) for i in first)
        line = np.arange(1.0, n_points + 1)
        named = time or (subgroup if isinstance(subgroup, str) else "point")
        axis = Axis(named, "order", names, line, np.arange(n_points, dtype=np.int64), "point")
    return _Order(kept, point, n_points), axis


def _time_values(
    frame: pd.DataFrame, time: str, caveats: list[Caveat]
) -> tuple[Literal["time", "number", "order"], Floats | None, list[str]]:
    import pandas as pd

    series = column(frame, time)
    if pd.api.types.is_datetime64_any_dtype(series):
        naive = series if series.dt.tz is None else series.dt.tz_convert("UTC").dt.tz_localize(None)
        days = to_days(naive.to_numpy("datetime64[ns]"))
        return "time", days, list(label_days(np.where(np.isnan(days), 0.0, days)))
    if pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series):
        values = numbers(frame, time)
        return "number", values, [f"{v:.12g}" for v in values]
    texts = ["" if v is None or v != v else str(v).strip() for v in series.tolist()]
    times: Times | None = parse_times(texts)
    if times is None:
        return "order", None, texts
    if times.doubt:
        caveats.append(Caveat("dates-doubtful", times.doubt))
    return "time", times.days, texts


def _sorted_rows(x: Floats, time: str, caveats: list[Caveat]) -> Ints:
    known = np.flatnonzero(~np.isnan(x)).astype(np.int64)
    lost = x.size - known.size
    if lost:
        row = int(np.argmax(np.isnan(x))) + 1
        caveats.append(
            Caveat("time-missing", f"{lost} rows have no {time} (the first is row {row}); they were dropped.")
        )
    if known.size == 0:
        raise DataError(f"column {time!r} is empty in every row; name another time column.")
    back = int((np.diff(x[known]) < 0).sum())
    if back:
        caveats.append(
            Caveat(
                "order-sorted",
                f"The rows were not in order of {time} ({back} steps back); they were sorted by it.",
            )
        )
    return known[np.argsort(x[known], kind="stable")]


def _group(frame: pd.DataFrame, kept: Ints, subgroup: str | int | None) -> tuple[Ints, int]:
    if subgroup is None:
        return np.arange(kept.size, dtype=np.int64), int(kept.size)
    if isinstance(subgroup, int):
        if subgroup < 2:
            raise SettingsError(f"a subgroup holds at least 2 values, not {subgroup}; leave it out for individuals.")
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
        caveats.append(
            Caveat("time-ties", f"{ties + 1 if ties == 1 else ties} points share a {name} with another (first {at}); "
                   "they keep the order of the file.")
        )  # fmt: skip
    calendar: Calendar = calendar_of_days(x) if kind == "time" else calendar_of_numbers(x)
    if x.size and np.any(np.diff(x) < 0):
        calendar = irregular(x.size)
    if calendar.missing:
        total = int(calendar.positions[-1]) + 1
        shown = ", ".join(calendar.missing[:5]) + (", ..." if len(calendar.missing) > 5 else "")
        unit = "" if calendar.step == "step" else f" {calendar.step}s"
        many = len(calendar.missing)
        caveats.append(
            Caveat("calendar-gaps", f"{many} of {total}{unit} {'has' if many == 1 else 'have'} no row: {shown}; "
                   f"{'it is a gap, not a zero' if many == 1 else 'they are gaps, not zeros'}.")
        )  # fmt: skip
    return Axis(name, kind, labels, x, calendar.positions, calendar.step)


def _finish(
    frame: pd.DataFrame,
    order: _Order,
    axis: Axis,
    stage: str | None,
    rollout: Any,
    exclude: Sequence[int] | str | None,
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
        stages = _rollout_stages(axis, rollout if isinstance(rollout, list | tuple) else [rollout])
    return n, stages, _exclusions(axis, exclude)


def _rollout_stages(axis: Axis, rollouts: Sequence[Any]) -> tuple[Stage, ...]:
    named = []
    for item in rollouts:
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


def _exclusions(axis: Axis, exclude: Sequence[int] | str | None) -> Bools:
    excluded = np.zeros(axis.x.size, dtype=bool)
    if exclude is None:
        return excluded
    items = [p.strip() for p in exclude.split(",") if p.strip()] if isinstance(exclude, str) else list(exclude)
    for item in items:
        text = str(item)
        if text in axis.labels and axis.kind != "order":
            excluded[axis.labels.index(text)] = True
            continue
        first, _, last = text.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            raise SettingsError(f"exclude {text!r} must be point numbers such as 3 or 17-19, or labels of points.")
        a, b = int(first), int(last or first)
        if not 1 <= a <= b <= excluded.size:
            raise SettingsError(f"exclude {text!r} lies outside the points 1 to {excluded.size}.")
        excluded[a - 1 : b] = True
    return excluded


def _account(read: int, order: _Order, missing: Bools, excluded: Bools) -> Rows:
    out = excluded[order.point]
    lost = int(missing.sum())
    left_out = int((out & ~missing).sum())
    kept = int(order.kept.size)
    return Rows(read, kept - lost - left_out, lost, left_out, read - kept)


def _least(points: int, present: Bools, name: str) -> None:
    if int(present.sum()) < 2:
        raise DataError(f"column {name!r} holds {int(present.sum())} usable point of {points}; at least 2 are needed.")


def _common(
    frame: pd.DataFrame,
    name: str,
    axis: Axis,
    stages: tuple[Stage, ...],
    excluded: Bools,
    rows: Rows,
    caveats: list[Caveat],
    order: _Order,
    names: Sequence[str],
    columns: Sequence[Floats],
) -> dict[str, Any]:
    held = frame.attrs.get("sigmatool", {})
    kept = [c[order.kept] for c in columns]
    return {
        "name": name,
        "axis": axis,
        "stages": stages,
        "excluded": excluded,
        "rows": rows,
        "caveats": tuple(caveats),
        "sha256": fingerprint(names, kept, axis.labels),
        "source": held.get("source", ""),
        "file_sha256": held.get("file_sha256"),
        "order": order,
    }
