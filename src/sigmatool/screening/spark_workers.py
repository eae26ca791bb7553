"""What Spark's workers run: the kernel and the reviews, Arrow batches in and out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ..numbers.ragged import Segments
from ..review.each_work import judge_piece
from ..review.request import Request
from ..review.streams import Start
from . import kernel
from .kernel import Rows, Table, Wanted
from .moments import Clock
from .verdicts import Names, frame_of

GATHERED = 500_000
"""Rows that a worker gathers before the kernel looks at them; Spark hands them on in far smaller batches."""


def rows_in(batches: Iterable[Any]) -> Iterator[Rows]:
    """Arrow batches as rows, gathered until they are worth the kernel's while."""
    import pyarrow as pa

    waiting: list[Any] = []
    many = 0
    for batch in batches:
        waiting.append(batch)
        many += batch.num_rows
        if many >= GATHERED:
            yield _rows_of(pa.Table.from_batches(waiting))
            waiting, many = [], 0
    if many:
        yield _rows_of(pa.Table.from_batches(waiting))


def _rows_of(table: Any) -> Rows:
    import pyarrow as pa

    def array(name: str) -> Any:
        if name not in table.column_names:
            return None
        column = table.column(name)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
        elif pa.types.is_date(column.type):
            column = column.cast(pa.timestamp("us")).cast(pa.int64())
        return column.to_numpy()

    return Rows(array("code"), array("t"), array("v"), array("n"), array("g"))


def kernel_of(wanted: Wanted) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """The kernel as Spark runs it: Arrow batches in, Arrow batches out."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        for rows in kernel.whole_streams(rows_in(batches)):
            yield _batch(kernel.screened(rows, wanted))

    return run


def judge_of(
    starts: Mapping[int, Start], asked: Request, names: Names, clock: Clock
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def run(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        for rows in kernel.whole_streams(rows_in(batches)):
            streams = Segments.of_keys(rows.stream)
            rows, _ = kernel.settled(rows, streams, rows.group is not None)
            numbers = streams.first(rows.stream).tolist()
            bounds = np.append(streams.starts, rows.stream.size)
            found = judge_piece(frame_of(rows, names, clock), bounds, [starts[n] for n in numbers], asked)
            told = [json.dumps(asdict(outcome)) for outcome in found]
            yield pa.RecordBatch.from_arrays([pa.array(numbers, pa.int32()), pa.array(told)], ["code", "told"])

    return run


def few_rows(wanted: Wanted, grouped: bool) -> Rows:
    """Three rows, from which the columns of the kernel's table are known."""
    size = np.full(3, 10.0) if wanted.counts else None
    group = np.arange(3, dtype=np.int64) if grouped else None
    return Rows(np.zeros(3, dtype=np.int32), np.arange(3), np.array([1.0, 2.0, 1.0]), size, group)


_KINDS = {"f": "double", "i": "bigint", "u": "bigint", "b": "boolean", "O": "string"}


def schema_of(shape: Table) -> str:
    return ", ".join(
        f"`{name}` array<double>" if held.ndim > 1 else f"`{name}` {_KINDS[held.dtype.kind]}"
        for name, held in shape.items()
    )


def _batch(table: Table) -> Any:
    import pyarrow as pa

    kinds = {"f": pa.float64(), "i": pa.int64(), "u": pa.int64(), "b": pa.bool_(), "O": pa.string()}
    arrays = [
        pa.array(list(held), pa.list_(pa.float64())) if held.ndim > 1 else pa.array(held, kinds[held.dtype.kind])
        for held in table.values()
    ]
    return pa.RecordBatch.from_arrays(arrays, list(table))


def arrays_of(found: Any, shape: Table) -> Table:
    """The table that the workers sent, as the kernel made it."""
    out: Table = {}
    for name, like in shape.items():
        column = found.column(name)
        if like.ndim > 1:
            flat = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
            out[name] = flat.reshape(found.num_rows, like.shape[1])
        elif like.dtype == object:
            out[name] = np.array(column.to_pylist(), dtype=object)
        else:
            out[name] = column.to_numpy().astype(like.dtype)
    return out
