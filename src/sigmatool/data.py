"""The one door for data: names, shapes, order, gaps, stages and impossible values, checked once.

:func:`measurements` and :func:`counts` take a frame or an array and return points in order, with an account of
every row. What cannot be used is refused with a :class:`DataError` that names the column, the row (counted from 1
below the header), the value and the way out. Nothing is repaired in silence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import door_words
from .axis import Axis, Numbered, Stage, StageNames, in_order, locate
from .caveats import Caveat, Rows
from .columns import EXACT, column, frame_of, numbers, only_column, plain_array, refuse_extreme, refuse_vanishing
from .errors import DataError, SettingsError
from .ordering import (
    Consecutive,
    Exclude,
    Order,
    arrange,
    exclusions,
    reasons_of,
    rollout_stages,
    size_or_column,
    slots,
    split_rollout,
    stages_and_exclusions,
)
from .points import Counts, Measurements, Specification, Vectors

__all__ = [
    "Axis",
    "Counts",
    "Exclude",
    "Measurements",
    "Specification",
    "Stage",
    "StageNames",
    "Vectors",
    "check_counts",
    "column",
    "counts",
    "extra",
    "fingerprint",
    "frame_of",
    "locate",
    "measurements",
    "numbers",
    "reasons_of",
    "size_or_column",
    "split_rollout",
    "vectors",
    "words",
]

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def measurements(
    data: Any,
    *,
    value: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    stage: str | None = None,
    rollout: Any = None,
    exclude: Exclude = None,
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
    subgroup = size_or_column(subgroup)
    if value in (None, "value") and time is None and stage is None and not isinstance(subgroup, str):
        array = plain_array(data)
        if array is not None:
            return _plain(array, subgroup, rollout, exclude)
    frame = frame_of(data)
    value = only_column(frame) if value is None else value
    raw = numbers(frame, value)
    caveats = _source_caveats(frame)
    order, axis = arrange(frame, time, subgroup, caveats)
    values = _gathered(raw, order, subgroup is not None)
    if isinstance(subgroup, int) and len(raw) % subgroup:
        caveats.append(door_words.short_subgroup(len(raw) % subgroup, subgroup))
    if not np.isfinite(values).any():
        raise DataError(f"column {value!r} holds no value at all; every cell is empty.")
    points, stages, excluded = stages_and_exclusions(frame, order, axis, stage, rollout, exclude)
    missing_rows = np.isnan(raw[order.kept])
    rows = _account(len(frame), order, missing_rows, excluded)
    _least(points, np.asarray(np.isfinite(values).any(axis=1)), value)
    names = [n for n in (value, time, subgroup if isinstance(subgroup, str) else None, stage) if n]
    return Measurements(
        **_common(frame, value, axis, stages, excluded, rows, caveats, order, names, (raw,)),
        values=values,
        grouped=subgroup is not None,
    )


def _gathered(raw: Floats, order: Order, grouped: bool) -> Floats:
    """Values by point, (n points, most in a point), padded with NaN; further axes of ``raw`` stay."""
    kept = raw[order.kept]
    if not grouped:
        return kept.reshape(order.n_points, 1, *raw.shape[1:])
    width = int(np.bincount(order.point, minlength=order.n_points).max())
    values = np.full((order.n_points, width, *raw.shape[1:]), np.nan)
    values[order.point, slots(order.point)] = kept
    return values


def _plain(array: Floats, subgroup: Any, rollout: Any, exclude: Exclude) -> Measurements:
    """:func:`measurements` of an array of numbers, without the way over a table: points, or rows of subgroups."""
    if array.ndim == 2 and subgroup is not None:
        raise SettingsError("the rows of a two-dimensional array are its subgroups; leave subgroup out.")
    raw = array.ravel()
    whole = bool(np.isfinite(raw).all())
    refuse_extreme(array, "value")
    refuse_vanishing(array, "value")
    caveats: list[Caveat] = []
    if array.ndim == 2:
        values, width = array, array.shape[1]
    elif subgroup is None:
        values, width = array[:, None], 1
    else:
        width, short = subgroup, -raw.size % subgroup
        values = np.concatenate([raw, np.full(short, np.nan)]).reshape(-1, width)
        if short:
            caveats.append(door_words.short_subgroup(width - short, width))
    n = values.shape[0]
    order = Consecutive(raw.size, width)
    axis = in_order("point", Numbered(n))
    stages: tuple[Stage, ...] = (Stage("all", 0, n),)
    if rollout is not None:
        stages = rollout_stages(axis, rollout)
    excluded = exclusions(axis, exclude)
    missing = np.zeros(raw.size, dtype=bool) if whole else np.isnan(raw)
    if missing.all():
        raise DataError("column 'value' holds no value at all; every cell is empty.")
    rows = _account(raw.size, order, missing, excluded)
    # looking along short rows is slow, and needless where nothing is missing
    present = np.ones(n, dtype=bool) if whole else np.isfinite(values).any(axis=1)
    _least(n, np.asarray(present), "value")
    digest = fingerprint(["value"], [raw], axis.labels)
    return Measurements(
        "value", axis, stages, excluded, rows, tuple(caveats), digest, "", None, order,
        values=values, grouped=array.ndim == 2 or subgroup is not None,
    )  # fmt: skip


def vectors(
    data: Any,
    *,
    value: Sequence[str] | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    stage: str | None = None,
    rollout: Any = None,
    exclude: Exclude = None,
) -> Vectors:
    """Several variables at each point, in order; parameters as in :func:`measurements`.

    ``value`` holds the columns; default all of them (of a two-dimensional array: x1, x2, ...). A row with any variable
    missing is missing.
    """
    subgroup = size_or_column(subgroup)
    array = plain_array(data)
    if array is not None and array.ndim == 2:
        import pandas as pd

        data = pd.DataFrame(array, columns=[f"x{i + 1}" for i in range(array.shape[1])])
    frame = frame_of(data)
    others = {time, subgroup, stage}
    names = (
        [value] if isinstance(value, str) else list(value or (str(c) for c in frame.columns if str(c) not in others))
    )
    if len(names) < 2 or len(set(names)) < len(names):
        raise SettingsError(f"name two or more different columns: value is {', '.join(names) or 'empty'}.")
    raw = np.column_stack([numbers(frame, name) for name in names])
    raw[np.isnan(raw).any(axis=1)] = np.nan
    caveats = _source_caveats(frame)
    order, axis = arrange(frame, time, subgroup, caveats)
    values = _gathered(raw, order, subgroup is not None)
    points, stages, excluded = stages_and_exclusions(frame, order, axis, stage, rollout, exclude)
    rows = _account(len(frame), order, np.isnan(raw[order.kept, 0]), excluded)
    _least(points, np.asarray(np.isfinite(values[..., 0]).any(axis=1)), ", ".join(names))
    used = [*names, *(n for n in (time, subgroup if isinstance(subgroup, str) else None, stage) if n)]
    return Vectors(
        **_common(frame, ", ".join(names), axis, stages, excluded, rows, caveats, order, used, tuple(raw.T)),
        values=values,
        names=tuple(names),
    )


def words(data: Any, name: str, like: Measurements) -> NDArray[np.object_]:
    """A column of names along the same points, such as the part that was made; an empty cell is refused by row."""
    series = column(frame_of(data), name)
    if series.isna().any():
        row = int(np.argmax(series.isna().to_numpy())) + 1
        raise DataError(f"column {name!r} is empty in row {row}: every row belongs to a part; fill it in.")
    return np.array([str(v) for v in series.tolist()], dtype=object)[like.order.kept]


def counts(
    data: Any,
    *,
    value: str,
    size: str | None = None,
    time: str | None = None,
    stage: str | None = None,
    rollout: Any = None,
    exclude: Exclude = None,
    proportion: bool = False,
) -> Counts:
    """Counts of events, with the number inspected or the exposure.

    ``proportion=True`` refuses more events than inspected. Other parameters as in :func:`measurements`.
    """
    frame = frame_of(data)
    raw = numbers(frame, value)
    exposure = np.where(np.isnan(raw), np.nan, 1.0) if size is None else numbers(frame, size)
    check_counts(raw, exposure, value, size, proportion)
    caveats = _source_caveats(frame)
    order, axis = arrange(frame, time, None, caveats)
    count, amount = raw[order.kept], exposure[order.kept]
    gap = np.isnan(count) | np.isnan(amount)
    count, amount = np.where(gap, np.nan, count), np.where(gap, np.nan, amount)
    if gap.all():
        told = (
            f"column {value!r} holds no count" if size is None else f"columns {value!r} and {size!r} hold no full row"
        )
        raise DataError(f"{told}; every point is missing.")
    points, stages, excluded = stages_and_exclusions(frame, order, axis, stage, rollout, exclude)
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


_PIECE = 1 << 16
"""Values hashed at a time: a copy of all of them would cost more than the hash."""


def fingerprint(names: Sequence[str], columns: Sequence[Floats], labels: Sequence[str]) -> str:
    """SHA-256 of the columns used: names, labels and values in a form that no file format changes."""
    digest = hashlib.sha256()
    digest.update("\x1f".join(names).encode())
    digest.update((repr(labels) if isinstance(labels, Numbered) else "\x1f".join(labels)).encode())
    for values in columns:
        # one form of zero and of missing, whatever the file held
        for first in range(0, values.size, _PIECE):
            clean = values[first : first + _PIECE] + 0.0
            missing = np.isnan(clean)
            if missing.any():
                clean[missing] = np.nan
            digest.update(np.ascontiguousarray(clean, dtype="<f8").data)
    return digest.hexdigest()


def _source_caveats(frame: pd.DataFrame) -> list[Caveat]:
    held = frame.attrs.get("sigmatool", {})
    return [Caveat(c["code"], c["text"]) for c in held.get("caveats", ())]


def check_counts(count: Floats, size: Floats, value: str, size_name: str | None, proportion: bool) -> None:
    """Refuse what cannot be counted, by row."""

    def refuse(bad: Bools, text: str) -> None:
        if bad.any():
            row = int(np.argmax(bad))
            raise DataError(text.format(row=row + 1, count=count[row], size=size[row]))

    with np.errstate(invalid="ignore"):
        refuse(count < 0, f"column {value!r} is {{count:g}} in row {{row}}: a count cannot be negative.")
        refuse(
            ~np.isnan(count) & (count != np.floor(count)),
            f"column {value!r} is {{count:g}} in row {{row}}: a count of events is a whole number; for "
            "measurements leave the size out.",
        )  # fmt: skip
        refuse(count > EXACT, f"column {value!r} is {{count:g}} in row {{row}}: that is more than can be counted.")
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
                "correct it, or judge a rate (kind = u; in a review scale = rate) if one unit can have several.",
            )


def _account(read: int, order: Order, missing: Bools, excluded: Bools) -> Rows:
    lost = int(missing.sum())
    left_out = int((excluded[order.point] & ~missing).sum()) if excluded.any() else 0
    return Rows(read, order.rows - lost - left_out, lost, left_out, read - order.rows)


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
    order: Order,
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
