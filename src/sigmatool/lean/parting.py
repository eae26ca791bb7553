"""Rows in their stages, before and after, and how long each stage was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ..axis import Axis
from ..caveats import Caveat
from ..columns import column, numbers
from ..errors import DataError, SettingsError
from ..ordering import arrange, number_label, rollout_stages, split_rollout
from ..timeline import parse_times
from . import parting_words as words

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WHOLE: Final = "all"
"""Name of the only stage."""


@dataclass(frozen=True)
class Parted:
    """Rows by stage.

    Attributes
    ----------
    names : tuple of str
        One stage, or two in their order.
    stage : (rows,) array of int
        Place of each row's stage; -1 for a row whose stage or time is empty.
    undated : int
        Rows without a time.
    period : (rows,) array of int, or None
        Moment of each row, from 0, where there is a time.
    exposure : (stages,) array, or None
        How much time, volume or units lie behind each stage; None where nothing tells.
    unit : str
        What the exposure counts, such as ``month``, or the column's name.
    behind : mapping
        The exposure of each moment of each stage, by (stage, moment); empty where no column tells it.
    place : (rows,) array, or None
        Where each row stands on an axis of time that follows no calendar; None on one that does.
    labels : tuple of str
        Of every row, for the fingerprint.
    caveats : tuple of Caveat
    """

    names: tuple[str, ...]
    stage: Ints
    undated: int
    period: Ints | None
    exposure: Floats | None
    unit: str
    behind: Mapping[tuple[int, int], float]
    place: Floats | None
    labels: tuple[str, ...]
    caveats: tuple[Caveat, ...]

    @property
    def staged(self) -> bool:
        """Whether there is a before and an after."""
        return len(self.names) == 2


def part_rows(
    frame: pd.DataFrame, *, time: str | None, stage: str | None, rollout: Any, exposure: str | None = None
) -> Parted:
    """Give every row its stage.

    Parameters
    ----------
    frame : DataFrame
    time : str, optional
        Column that dates the rows; equal values are one moment.
    stage : str, optional
        Column of the stages: two different values, in the order in which they come.
    rollout : value, optional
        The moment at which the second stage begins; needs ``time``.
    exposure : str, optional
        Column of the time, volume or units behind the rows: one number a moment (a stage, where there is no time),
        repeated on each of its rows.

    Raises
    ------
    SettingsError, DataError
        With the row, and the way out.

    Notes
    -----
    Without ``exposure`` the stages' lengths stand in: periods of the calendar that the times follow, else days, else
    moments. A period without a row counts, for a log of events has no row where nothing happened.
    """
    if stage is not None and rollout is not None:
        raise SettingsError("give stage or rollout, not both: each says where before and after part.")
    if rollout is not None and time is None:
        raise SettingsError(
            "a rollout is a moment: name the column of the time (-x), or the column of stages (--stage)."
        )
    caveats: list[Caveat] = []
    if time is None:
        names, of, labels = _by_column(frame, stage, np.arange(len(frame), dtype=np.int64))
        behind = {} if exposure is None else _exposures(frame, exposure, of, of, words.EACH_STAGE)
        amount = _summed(behind, len(names)) if behind else None
        return Parted(names, of, 0, None, amount, exposure or "", {}, None, labels, _unplaced(of, stage, caveats))
    order, axis = arrange(frame, time, time, caveats)
    caveats = [c for c in caveats if c.code not in ("calendar-gaps", "order-sorted")]
    period = np.full(len(frame), -1, dtype=np.int64)
    period[order.kept] = order.point
    cut = None
    if rollout is not None:
        stages = rollout_stages(axis, rollout)
        if len(stages) > 2:
            raise SettingsError("one rollout parts before from after; give a single one here.")
        cut = stages[-1].start
        names = tuple(s.name for s in stages)
        of = np.where(period < 0, -1, (period >= cut).astype(np.int64))
        labels = ()
    else:
        names, of, labels = _by_column(frame, stage, order.kept)
        of = np.where(period < 0, -1, of)
    behind = {}
    if exposure is not None:
        behind = _exposures(frame, exposure, of, period, words.each_moment(time))
        amount, unit = _summed(behind, len(names)), exposure
    else:
        amount, unit = _lengths(axis, of, period, len(names), _moment(axis, rollout), cut)
    told = (*labels, *(axis.labels[i] if i >= 0 else "" for i in period.tolist()))
    place = axis.x[np.maximum(period, 0)] if axis.step == "point" and axis.kind != "order" else None
    return Parted(
        names, of, len(frame) - order.rows, period, amount, unit, behind, place, told,
        _unplaced(of, stage, caveats, period),
    )  # fmt: skip


def _by_column(frame: pd.DataFrame, stage: str | None, kept: Ints) -> tuple[tuple[str, ...], Ints, tuple[str, ...]]:
    """Stages by a column, in the order of the rows ``kept``."""
    if stage is None:
        return (WHOLE,), np.zeros(len(frame), dtype=np.int64), ()
    texts = texts_of(frame, stage)
    names = tuple(dict.fromkeys(texts[i] for i in kept.tolist() if texts[i]))
    if len(names) != 2:
        told = ", ".join(repr(n) for n in names[:4]) or "nothing"
        raise DataError(
            f"column {stage!r} holds {len(names)} stages ({told}); two are compared, before and after: keep the rows "
            "of two stages, or leave stage out."
        )
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place.get(text, -1) for text in texts], dtype=np.int64), tuple(texts)


def _unplaced(of: Ints, stage: str | None, caveats: list[Caveat], period: Ints | None = None) -> tuple[Caveat, ...]:
    lost = (of < 0) if period is None else (of < 0) & (period >= 0)
    if stage is not None and lost.any():
        caveats.append(words.stage_missing(int(lost.sum()), stage, int(np.argmax(lost)) + 1))
    return tuple(caveats)


def _summed(behind: Mapping[tuple[int, int], float], stages: int) -> Floats:
    total = np.zeros(stages)
    for (s, _), value in behind.items():
        total[s] += value
    return total


def _exposures(frame: pd.DataFrame, name: str, of: Ints, group: Ints, each: str) -> dict[tuple[int, int], float]:
    """The exposure of each group of rows, by (stage, group): one number, whichever of its rows tell it."""
    raw = numbers(frame, name)
    seen: dict[tuple[int, int], float] = {}
    for row, (value, s, g) in enumerate(zip(raw.tolist(), of.tolist(), group.tolist(), strict=True)):
        if s < 0 or value != value:
            continue
        if value <= 0:
            raise DataError(f"column {name!r} is {value:g} in row {row + 1}: an exposure must be above 0.")
        held = seen.setdefault((s, g), value)
        if held != value:
            raise DataError(
                f"column {name!r} is {value:g} in row {row + 1} but {held:g} in an earlier row of the same {each}: "
                f"the exposure is one number for {each}, repeated on its rows."
            )
    groups = {(s, g) for s, g in zip(of.tolist(), group.tolist(), strict=True) if s >= 0}
    empty = sorted(groups - set(seen))
    if empty:
        row = int(np.argmax((of == empty[0][0]) & (group == empty[0][1]))) + 1
        raise DataError(f"column {name!r} is empty in every row of one {each} (first in row {row}); fill it in.")
    return seen


def _moment(axis: Axis, rollout: Any) -> float | None:
    """The rollout on the axis, where that has a scale."""
    if rollout is None or axis.kind == "order":
        return None
    item = next(iter(rollout)) if np.iterable(rollout) and not isinstance(rollout, str | bytes) else rollout
    text = split_rollout(item)[0] if isinstance(item, str) else str(item)
    if axis.kind == "number":
        return float(text)
    times = parse_times([text]) or parse_times([item.isoformat()])
    return None if times is None else float(times.days[0])


def _lengths(
    axis: Axis, of: Ints, period: Ints, stages: int, moment: float | None, cut: int | None
) -> tuple[Floats | None, str]:
    """How long each stage was, and in which unit."""
    n = len(axis.labels)
    ends = [(int(p.min()), int(p.max())) for p in (period[(of == s) & (period >= 0)] for s in range(stages)) if p.size]
    if len(ends) < stages:
        return None, ""
    apart = stages == 1 or ends[0][1] < ends[1][0]
    moments = np.array([np.unique(period[of == s]).size for s in range(stages)], dtype=np.float64)
    if n < 3 or axis.kind == "order" or not apart:
        return moments, "period" if axis.step == "point" else axis.step
    if axis.step != "point":
        where = axis.positions.astype(np.float64)
        if cut is not None and moment is not None:
            # a period before the first event after the rollout belongs to the stage after
            edge = float(np.clip(np.ceil(np.interp(moment, axis.x, where) - 0.1), where[cut - 1] + 1, where[cut]))
            return np.array([edge - where[0], where[-1] + 1 - edge]), axis.step
        return np.array([where[b] - where[a] + 1 for a, b in ends]), axis.step
    whole = axis.kind == "time" or bool(np.all(axis.x == np.floor(axis.x)))
    first = np.floor(axis.x) if whole else axis.x
    step = 1.0 if whole else 0.0
    unit = "day" if axis.kind == "time" else axis.name
    if moment is not None:
        lengths = np.array([moment - first[0], first[-1] + step - moment])
    else:
        lengths = np.array([first[b] + step - first[a] for a, b in ends])
    return (lengths, unit) if bool(np.all(lengths > 0)) else (None, "")


def texts_of(frame: pd.DataFrame, name: str) -> list[str]:
    """A column as names; "" where a cell is empty. Whole numbers stand without a point."""
    series = column(frame, name)
    empty = series.isna().tolist()
    return [
        "" if gap else number_label(v) if isinstance(v, float) else str(v).strip()
        for v, gap in zip(series.tolist(), empty, strict=True)
    ]


def plain_rollout(rollout: Any) -> str | None:
    """The one rollout in plain words, as an option holds it."""
    if rollout is None or isinstance(rollout, str):
        return rollout
    return str(next(iter(rollout))) if np.iterable(rollout) else str(rollout)


def moments_of(parted: Parted, stage: int) -> Ints:
    """The moments of a stage, in order."""
    if parted.period is None:
        return np.empty(0, dtype=np.int64)
    return np.unique(parted.period[parted.stage == stage])
