"""The times of a table as numbers that every engine orders alike, and moments in the same unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..ordering import split_rollout
from ..timeline import compact_times, label_days, parse_times

Floats = NDArray[np.float64]
Unit = Literal["microseconds", "days", "number", "place"]

_DAY = 86_400_000_000


@dataclass(frozen=True)
class Clock:
    """How a table tells time.

    Attributes
    ----------
    unit : str
        Of the numbers that order rows: microseconds or days since 1970-01-01, plain numbers, or the place of a row.
    name : str
        The column; empty for the order of the rows.
    """

    unit: Unit
    name: str

    @property
    def dated(self) -> bool:
        return self.unit in ("microseconds", "days")

    def moment(self, text: str) -> tuple[float, str, str]:
        """A rollout such as ``2026-05=New script`` as a number in the clock's unit, its moment and its label."""
        when, label = split_rollout(text)
        if self.dated:
            times = parse_times([when])
            if times is None or not np.isfinite(times.days[0]):
                raise DataError(f"the rollout {when!r} is not a date, but column {self.name!r} holds dates.")
            days = float(times.days[0])
            return (float(round(days * _DAY)) if self.unit == "microseconds" else days), when, label
        try:
            return float(when), when, label
        except ValueError:
            what = f"a number like those of column {self.name!r}" if self.name else "a point number"
            raise DataError(f"the rollout {when!r} must be {what}.") from None

    def days(self, times: NDArray[Any]) -> Floats:
        """Times as days since 1970-01-01."""
        found = times.astype(np.float64)
        return found / _DAY if self.unit == "microseconds" else found

    def labels(self, times: NDArray[Any]) -> tuple[str, ...]:
        """Times as people read them."""
        if self.dated:
            return label_days(self.days(times))
        return tuple(f"{t:.12g}" for t in times.tolist())


def read_texts(texts: Sequence[str], name: str) -> tuple[Clock, Floats, str]:
    """Distinct texts of a time column as numbers, and what was in doubt.

    Raises
    ------
    DataError
        They are neither dates nor numbers.
    """
    clean = [t.strip() for t in texts]
    times = parse_times(clean)
    if times is not None:
        return Clock("days", name), times.days, times.doubt
    try:
        return Clock("number", name), np.array([float(t) if t else np.nan for t in clean]), ""
    except ValueError:
        wrong = next(t for t in clean if t and not _number(t))
        raise DataError(
            f"column {name!r} holds {wrong!r}, which is neither a date nor a number: it cannot order the rows. Correct "
            "it, or leave time out where the rows stand in order."
        ) from None


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def compact(distinct: Callable[[], Floats], low: float, high: float) -> Floats | None:
    """Days where whole numbers are dates written 20240131; ``distinct`` is asked for only where they may be."""
    if not (low >= 19000101 and high <= 21001231):
        return None
    times = compact_times(distinct())
    return None if times is None else times.days
