"""The whole review of every stream that has a rollout, in several processes, and where it was left when interrupted."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..numbers.ragged import Segments
from ..numbers.scales import Effect
from ..review.each_work import Outcome, Piece, Progress, judged, piece_size, workers_for
from ..review.request import Request
from ..review.streams import Start
from . import kernel
from .moments import Clock

if TYPE_CHECKING:
    import pandas as pd

PIECE_ROWS = 200_000
"""Rows of a piece at most, unless one stream alone has more."""


class Names:
    """What the columns are called when a review reads them."""

    def __init__(self, value: str, size: str | None, time: str | None, subgroup: str | int | None) -> None:
        self.value, self.size, self.time = value, size, time
        self.group = subgroup if isinstance(subgroup, str) else None


def outcomes_of(
    batches: Iterator[kernel.Rows], starts: Mapping[int, Start], asked: Request, names: Names, clock: Clock,
    total: int, workers: int | None = None, progress: Progress | None = None,
) -> Iterator[tuple[int, Outcome]]:  # fmt: skip
    """Number and outcome of each stream, as they are judged.

    Parameters
    ----------
    batches : iterator of Rows
        Whole streams, in order.
    starts : mapping
        The rollout of each stream by its number.
    total : int
        Streams that will come.
    """
    many = workers_for(workers, max(total, 1))
    codes: list[int] = []

    def pieces() -> Iterator[Piece]:
        for rows in batches:
            for cut in _cuts(rows, piece_size(total, many)):
                part = rows.cut(*cut)
                streams = Segments.of_keys(part.stream)
                part, _ = kernel.settled(part, streams, part.group is not None)
                numbers = streams.first(part.stream).tolist()
                codes.extend(numbers)
                bounds = np.append(streams.starts, part.stream.size)
                yield frame_of(part, names, clock), bounds, [starts[number] for number in numbers]

    done = 0
    for found in judged(pieces(), total, asked, many, progress):
        yield from zip(codes[done : done + len(found)], found, strict=True)
        done += len(found)


def _cuts(rows: kernel.Rows, streams: int) -> Iterator[tuple[int, int]]:
    """Bounds of pieces of so many streams, and not too many rows."""
    begins = [0, *(np.flatnonzero(rows.stream[1:] != rows.stream[:-1]) + 1).tolist(), rows.stream.size]
    first = 0
    for at in range(1, len(begins)):
        if at - first >= streams or begins[at] - begins[first] >= PIECE_ROWS or at == len(begins) - 1:
            yield begins[first], begins[at]
            first = at


def frame_of(rows: kernel.Rows, names: Names, clock: Clock) -> pd.DataFrame:
    """Rows as the table that a review reads."""
    import pandas as pd

    held: dict[str, Any] = {names.value: rows.value}
    if names.size is not None:
        held[names.size] = rows.size
    if names.time is not None:
        held[names.time] = _stamps(rows.time, clock)
    if names.group is not None and names.group not in held:
        held[names.group] = rows.group
    return pd.DataFrame(held)


def _stamps(time: NDArray[Any], clock: Clock) -> NDArray[Any]:
    if clock.unit == "microseconds":
        return time.astype(np.int64).astype("datetime64[us]")
    if clock.unit == "days":
        return np.round(time * 86_400_000_000).astype(np.int64).astype("datetime64[us]")
    return time


class Kept:
    """Outcomes on disk, so that an interrupted run goes on where it stopped.

    One line an outcome after a first line with the seal of data and settings; a torn last line is left out. A file of
    other data or settings is never used: the seal is part of its name and of its first line.
    """

    def __init__(self, folder: str | Path, seal: str) -> None:
        self.path, self._seal = Path(folder) / f".sigmatool-screen-{seal[:16]}.jsonl", seal
        self._file: Any = None

    def read(self) -> dict[int, Outcome]:
        """What an earlier run left."""
        found: dict[int, Outcome] = {}
        if not self.path.is_file():
            return found
        lines = self.path.read_bytes().split(b"\n")
        if not lines or lines[0] != self._first():
            return found
        for line in lines[1:-1]:
            try:
                held = json.loads(line)
            except ValueError:
                continue
            found[int(held["stream"])] = outcome_of(held)
        return found

    def _first(self) -> bytes:
        return json.dumps({"schema": "sigmatool.screen-progress/1", "seal": self._seal}).encode()

    def add(self, number: int, outcome: Outcome) -> None:
        """Keep one outcome; safe on disk when this returns."""
        if self._file is None:
            self._file = self._opened()
        self._file.write(json.dumps({"stream": number, **asdict(outcome)}).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _opened(self) -> Any:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        held = self.path.read_bytes() if self.path.is_file() else b""
        file = self.path.open("r+b" if held else "wb")
        whole = held.rfind(b"\n") + 1 if held.startswith(self._first() + b"\n") else 0
        file.truncate(whole)
        file.seek(whole)
        if not whole:
            file.write(self._first() + b"\n")
        return file

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def done(self) -> None:
        """The run came to its end: nothing is left to take up."""
        self.close()
        self.path.unlink(missing_ok=True)


def outcome_of(held: Mapping[str, Any]) -> Outcome:
    """An outcome from its JSON."""
    told = {name: value for name, value in held.items() if name != "stream"}
    told["effect"] = None if told["effect"] is None else Effect(**told["effect"])
    told["rows"] = Rows(**told["rows"])
    told["caveats"] = tuple(Caveat(**c) for c in told["caveats"])
    return Outcome(**told)


def in_place(found: Mapping[int, Outcome], total: int) -> Sequence[Outcome | None]:
    """Outcomes by the number of their stream."""
    return [found.get(number) for number in range(total)]
