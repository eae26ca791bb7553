"""The one door for data: names, shapes, order, gaps, stages and impossible values, checked once.

:func:`measurements` and :func:`counts` take a frame or an array and return points in order, with an account of
every row. What cannot be used is refused with a :class:`DataError` that names the column, the row (counted from 1
below the header), the value and the way out. Nothing is repaired in silence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .caveats import Caveat, Rows
from .columns import column, frame_of, numbers, only_column
from .errors import DataError, SettingsError
from .ordering import Axis, Order, Stage, arrange, locate, slots, split_rollout, stages_and_exclusions

__all__ = [
    "Axis",
    "Counts",
    "Measurements",
    "Specification",
    "Stage",
    "column",
    "counts",
    "extra",
    "fingerprint",
    "frame_of",
    "locate",
    "measurements",
    "numbers",
    "split_rollout",
]

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


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
    order: Order

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
    value = value or only_column(frame)
    raw = numbers(frame, value)
    caveats = _source_caveats(frame)
    order, axis = arrange(frame, time, subgroup, caveats)
    width = int(np.bincount(order.point, minlength=order.n_points).max())
    values = np.full((order.n_points, width), np.nan)
    slot = slots(order.point)
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
    points, stages, excluded = stages_and_exclusions(frame, order, axis, stage, rollout, exclude)
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
    order, axis = arrange(frame, time, None, caveats)
    count, amount = raw[order.kept], exposure[order.kept]
    gap = np.isnan(count) | np.isnan(amount)
    count, amount = np.where(gap, np.nan, count), np.where(gap, np.nan, amount)
    if gap.all():
        raise DataError(f"columns {value!r} and {size!r} hold no complete row; every point is missing.")
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


def fingerprint(names: Sequence[str], columns: Sequence[Floats], labels: Sequence[str]) -> str:
    """SHA-256 of the columns used: names, labels and values in a form that no file format changes."""
    digest = hashlib.sha256()
    digest.update("\x1f".join(names).encode())
    digest.update("\x1f".join(labels).encode())
    for values in columns:
        clean = np.where(np.isnan(values), np.nan, values) + 0.0
        digest.update(np.ascontiguousarray(clean, dtype="<f8").tobytes())
    return digest.hexdigest()


def _source_caveats(frame: pd.DataFrame) -> list[Caveat]:
    held = frame.attrs.get("sigmatool", {})
    return [Caveat(c["code"], c["text"]) for c in held.get("caveats", ())]


def _check_counts(count: Floats, size: Floats, value: str, size_name: str | None, proportion: bool) -> None:
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


def _account(read: int, order: Order, missing: Bools, excluded: Bools) -> Rows:
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
