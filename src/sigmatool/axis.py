"""Where the points of a series stand: places on an axis, their labels, their stages."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import DataError
from .on_demand import OnDemand
from .timeline import parse_times

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stage:
    """A segment of the points, half-open and 0-based."""

    name: str
    start: int
    stop: int


class Numbered(OnDemand[str]):
    """The labels "1", "2", ... "n", made when asked for."""

    def __init__(self, n: int) -> None:
        self._n = n

    def __len__(self) -> int:
        return self._n

    def make(self, at: int) -> str:
        """The label of a place."""
        return str(at + 1)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and text.isascii() and text.isdigit() and text[0] != "0" and int(text) <= self._n

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Numbered) and len(other) == self._n

    def __hash__(self) -> int:
        return hash(("numbered", self._n))

    def __repr__(self) -> str:
        return f"Numbered({self._n})"


class StageNames(OnDemand[str]):
    """The stage of every point, made when asked for."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = tuple(stages)
        self._starts = [stage.start for stage in stages]

    def __len__(self) -> int:
        return self._stages[-1].stop

    def make(self, at: int) -> str:
        """The stage of a place."""
        return self._stages[bisect.bisect_right(self._starts, at) - 1].name

    def __iter__(self) -> Iterator[str]:
        return itertools.chain.from_iterable(itertools.repeat(s.name, s.stop - s.start) for s in self._stages)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StageNames) and other._stages == self._stages

    def __hash__(self) -> int:
        return hash(self._stages)


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the points stand.

    ``labels``: as people read them. ``x``: for drawing (days since 1970-01-01, the number, or 1..n).
    ``positions``: whole calendar steps, so that a missing period is a gap; ``step`` names the step.
    """

    name: str
    kind: Literal["time", "number", "order"]
    labels: Sequence[str]
    x: Floats
    positions: Ints
    step: str


def in_order(name: str, labels: Sequence[str]) -> Axis:
    """Points one after another, with no more known of their places."""
    n = len(labels)
    return Axis(name, "order", labels, np.arange(1.0, n + 1), np.arange(n, dtype=np.int64), "point")


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
