"""What Spark's workers do: rows in Arrow batches become numbers by the kernel, or verdicts by the review."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numbers.ragged import Segments
from ..review.each_work import Outcome, judge_stream
from ..review.request import Request
from ..review.streams import Start
from . import kernel
from .moments import Clock
from .verdicts import Names, frame_of, outcome_of

GATHERED = 200_000
"""Rows that are worked on at once; Spark's own batches hold ten thousand."""

_DAY = 86_400_000_000

Batches = Iterable[Any]
Work = Callable[[Iterator[Any]], Iterator[Any]]


def rows_of(batch: Any) -> kernel.Rows:
    """An Arrow batch or table with the columns code, t, v and, where there are, n and g; moments as microseconds."""
    import pyarrow as pa

    held: dict[str, NDArray[Any]] = {}
    for name in batch.schema.names:
        column = batch.column(name)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
        days = pa.types.is_date32(column.type)
        found = np.asarray((column.cast(pa.int32()) if days else column).to_numpy(zero_copy_only=False))
        held[name] = found.astype(np.int64) * _DAY if days else found
    return kernel.Rows(held["code"], held["t"], held["v"], held.get("n"), held.get("g"))


def gathered(batches: Batches) -> Iterator[kernel.Rows]:
    """Batches in larger pieces, as rows."""
    waiting: list[kernel.Rows] = []
    many = 0
    for batch in batches:
        if batch.num_rows == 0:
            continue
        waiting.append(rows_of(batch))
        many += batch.num_rows
        if many >= GATHERED:
            yield kernel.Rows.joined(waiting)
            waiting, many = [], 0
    if waiting:
        yield kernel.Rows.joined(waiting)


# --- numbers


def kinds_of(wanted: kernel.Wanted, sized: bool, grouped: bool) -> dict[str, str]:
    """Spark's types of the kernel's columns, learnt from two rows."""
    two, ones = np.zeros(2, dtype=np.int64), np.ones(2)
    rows = kernel.Rows(two, np.arange(2), ones, ones if sized else None, np.arange(2) if grouped else None)
    found = kernel.screened(rows, wanted)
    plain = {"i": "bigint", "u": "bigint", "b": "boolean", "f": "double"}
    return {
        name: "array<double>" if held.ndim > 1 else plain.get(held.dtype.kind, "string") for name, held in found.items()
    }


def measuring(wanted: kernel.Wanted, kinds: Mapping[str, str]) -> Work:
    """The work of a worker on its partition: the kernel's table of each piece of whole streams."""

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        for rows in kernel.whole_streams(gathered(batches)):
            yield packed(kernel.screened(rows, wanted), kinds)

    return work


def packed(table: kernel.Table, kinds: Mapping[str, str]) -> Any:
    """The kernel's table as an Arrow batch of exactly these types."""
    import pyarrow as pa

    types = {"bigint": pa.int64(), "boolean": pa.bool_(), "double": pa.float64(), "string": pa.string()}
    columns = []
    for name, kind in kinds.items():
        held = table[name]
        if kind == "array<double>":
            many, width = held.shape
            bounds = pa.array(np.arange(many + 1, dtype=np.int32) * width, type=pa.int32())
            columns.append(pa.ListArray.from_arrays(bounds, pa.array(held.ravel(), type=pa.float64())))
        else:
            columns.append(pa.array(held).cast(types[kind]))
    return pa.RecordBatch.from_arrays(columns, names=list(kinds))


def unpacked(table: Any, kinds: Mapping[str, str]) -> kernel.Table:
    """What :func:`packed` made, from all workers."""
    out: kernel.Table = {}
    for name, kind in kinds.items():
        column = table.column(name).combine_chunks()
        if kind == "array<double>":
            flat = column.flatten().to_numpy(zero_copy_only=False)
            out[name] = flat.reshape(table.num_rows, -1)
        else:
            out[name] = np.asarray(column.to_numpy(zero_copy_only=False))
    return out


# --- verdicts


class Begun:
    """The rollout of each stream by its number, small to send: each different one is held once."""

    def __init__(self, starts: Mapping[int, Start], many: int) -> None:
        places: dict[Start, int] = {}
        self._which: NDArray[np.int32] = np.full(many, -1, dtype=np.int32)
        for number, start in starts.items():
            self._which[number] = places.setdefault(start, len(places))
        self._starts: tuple[Start, ...] = tuple(places)

    def of(self, number: int) -> Start:
        return self._starts[int(self._which[number])]


def judging(begun: Begun, asked: Request, names: Names, clock: Clock) -> Work:
    """The work of a worker on its partition: number and outcome (JSON) of each stream."""

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        for rows in kernel.whole_streams(gathered(batches)):
            streams = Segments.of_keys(rows.stream)
            settled, _ = kernel.settled(rows, streams, rows.group is not None)
            frame = frame_of(settled, names, clock)
            numbers = [int(n) for n in streams.first(rows.stream)]
            ends = [*streams.starts[1:].tolist(), streams.n]
            told = [
                json.dumps(asdict(judge_stream(frame.iloc[a:b], begun.of(number), asked)))
                for number, a, b in zip(numbers, streams.starts.tolist(), ends, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(
                [pa.array(numbers, type=pa.int64()), pa.array(told, type=pa.string())], names=["stream", "outcome"]
            )

    return work


def outcomes_in(table: Any) -> Iterator[tuple[int, Outcome]]:
    """Number and outcome of each stream, by its number."""
    held = zip(table.column("stream").to_pylist(), table.column("outcome").to_pylist(), strict=True)
    for number, told in sorted(held):
        yield number, outcome_of(json.loads(told))
