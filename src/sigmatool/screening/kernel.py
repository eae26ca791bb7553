"""The numbers of every stream, from rows in order: the one arithmetic of all engines.

An engine sorts rows by stream and time and hands them on in batches of whole streams; this checks the order, makes
points of them and measures each stretch (before and after its rollout, where it has one). What a stream gets depends
on its own rows alone, so that batches, engines and machines cannot disagree.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..columns import LARGEST, SMALLEST
from ..numbers.ragged import Segments
from ..numbers.runs import Pattern
from . import points as make
from .measured import measured
from .sketch import sketched

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Table = dict[str, NDArray[Any]]

BLOCK = 1 << 17
"""Rows worked on at once: their arrays stay in the processor's cache."""

REASONS = ("", "infinite", "vanishing", "negative", "size", "over", "few")
"""Why a stream has no chart, by number: infinite or huge values; values too small to be squared; counts below zero;
sizes that are not above zero or
missing; more defectives than inspected; a stretch with fewer than two usable points."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of every stream.

    Attributes
    ----------
    kind : str
        ``auto`` or a kind's name.
    counts : bool
        Values are counts out of a size.
    patterns : tuple of Pattern
    nsigma : float
    rollout : array or None
        Of each stream by its number, in the unit of the rows' time; NaN (or the largest integer) is none.
    by_place : bool
        Rollouts are numbers of points, from 1.
    width : int
        Rows that make a subgroup, by their number; 0: by the column, or none.
    sketch : int
        Values kept of each stream for its small drawing; 0 keeps none.
    """

    kind: str = "auto"
    counts: bool = False
    patterns: tuple[Pattern, ...] = ()
    nsigma: float = 3.0
    rollout: NDArray[Any] | None = None
    by_place: bool = False
    width: int = 0
    sketch: int = 0


@dataclass(frozen=True)
class Rows:
    """Rows in order; ``group`` parts the subgroups of a stream."""

    stream: NDArray[Any]
    time: NDArray[Any]
    value: Floats
    size: Floats | None = None
    group: NDArray[Any] | None = None

    def cut(self, first: int, last: int) -> Rows:
        here = slice(first, last)
        more = (None if held is None else held[here] for held in (self.size, self.group))
        return Rows(self.stream[here], self.time[here], self.value[here], *more)

    @staticmethod
    def joined(pieces: Sequence[Rows]) -> Rows:
        if len(pieces) == 1:
            return pieces[0]
        held = [[getattr(p, name) for p in pieces] for name in ("stream", "time", "value", "size", "group")]
        return Rows(*(None if part[0] is None else np.concatenate(part) for part in held))  # type: ignore[arg-type]


class OrderError(RuntimeError):
    """An engine delivered rows out of order: a fault of the engine, never of the data."""


def whole_streams(pieces: Iterable[Rows]) -> Iterator[Rows]:
    """The same rows in pieces that end where a stream ends; only a stream that a cut went through is copied."""
    waiting: list[Rows] = []
    for piece in pieces:
        n = piece.stream.size
        if n == 0:
            continue
        changes = np.flatnonzero(piece.stream[1:] != piece.stream[:-1]) + 1
        first = 0
        if waiting and piece.stream[0] == waiting[-1].stream[-1]:
            first = int(changes[0]) if changes.size else n
            waiting.append(piece.cut(0, first))
        if waiting and first < n:
            yield Rows.joined(waiting)
            waiting = []
        last = int(changes[-1]) if changes.size else 0
        if last > first:
            yield piece.cut(first, last)
        if first < n:
            waiting.append(piece.cut(max(last, first), n))
    if waiting:
        yield Rows.joined(waiting)


def gathered(pieces: Iterable[Rows]) -> Iterator[Rows]:
    """Small pieces of whole streams put together until they are worth the kernel's while; the order of streams is kept
    within a piece, and not between pieces."""
    waiting: list[Rows] = []
    many = 0
    for piece in pieces:
        if piece.stream.size > BLOCK // 4:
            yield piece
            continue
        waiting.append(piece)
        many += piece.stream.size
        if many > BLOCK:
            yield Rows.joined(waiting)
            waiting, many = [], 0
    if waiting:
        yield Rows.joined(waiting)


def screened(rows: Rows, wanted: Wanted) -> Table:
    """The numbers of each stream among some rows, which hold whole streams."""
    begins = np.flatnonzero(rows.stream[1:] != rows.stream[:-1]) + 1
    if bool(np.any(rows.stream[begins] < rows.stream[begins - 1])):
        raise OrderError("rows came out of the order of their streams")
    edges = [0]
    for begin in begins.tolist():
        if begin - edges[-1] >= BLOCK:
            edges.append(begin)
    edges.append(rows.stream.size)
    return stacked([_block(rows.cut(a, b), wanted) for a, b in itertools.pairwise(edges) if b > a])


def stacked(tables: Sequence[Table]) -> Table:
    """Tables one under another."""
    if len(tables) == 1:
        return tables[0]
    return {name: np.concatenate([t[name] for t in tables]) for name in tables[0]} if tables else {}


def settled(rows: Rows, streams: Segments, grouped: bool) -> tuple[Rows, Ints]:
    """The rows with equal times in the order of their values, and how many of a stream share the time before.

    Equal times leave the order open, and no two engines would leave it alike.
    """
    time = rows.time
    later = time[1:] > time[:-1]
    later[streams.starts[1:] - 1] = True
    if bool(later.all()):
        return rows, np.zeros(streams.many, dtype=np.int64)
    same = streams.of[1:] == streams.of[:-1]
    tied = np.r_[False, (time[1:] == time[:-1]) & same]
    if bool(np.any(same & ~later & ~tied[1:])):
        raise OrderError("rows came out of the order of their time")
    if grouped:
        return rows, np.zeros(streams.many, dtype=np.int64)
    run = np.cumsum(~tied)
    within = np.flatnonzero(tied | np.r_[tied[1:], False])
    keys = (rows.value[within],) if rows.size is None else (rows.size[within], rows.value[within])
    order = np.arange(time.size)
    order[within] = within[np.lexsort((*keys, run[within]))]
    held = (rows.value, rows.size)
    value, size = (None if x is None else x[order] for x in held)
    assert value is not None
    return Rows(rows.stream, time, value, size, rows.group), streams.count(tied)


def _block(rows: Rows, wanted: Wanted) -> Table:
    streams = Segments.of_keys(rows.stream)
    group = rows.group if not wanted.width else streams.place // wanted.width
    rows, ties = settled(rows, streams, rows.group is not None)
    point = Segments.of_keys(rows.stream, group) if group is not None else None
    stream_points, time = streams, rows.time
    if point is not None:
        stream_points = Segments(np.searchsorted(point.starts, streams.starts), point.many)
        time = time[point.starts]
    after = _after(rows.stream[streams.starts], time, stream_points, wanted)
    stretch = stream_points if wanted.rollout is None else Segments.of_keys(stream_points.of, after)
    stream_of = (
        np.arange(streams.many) if stretch is stream_points else stream_points.of[stretch.starts].astype(np.int64)
    )
    faults = _faults(rows, streams, wanted)
    lines = _lines(rows, faults, streams, point, stretch, stream_of, wanted)
    found = measured(lines, stretch, wanted.patterns, wanted.nsigma)
    out: Table = {"stream": streams.first(rows.stream), "rows": streams.lengths}
    out["points"] = stream_points.lengths if lines.seen is None else stream_points.count(lines.seen)
    out["gaps"] = stream_points.lengths - out["points"]
    out["missing"] = streams.lengths - out["points"] if point is None else streams.count(np.isnan(rows.value))
    out["ties"] = ties
    few = np.zeros(streams.many, dtype=bool)
    np.logical_or.at(few, stream_of, found["n"] < 2)
    out["fault"] = np.where((faults == 0) & few, REASONS.index("few"), faults)
    last, first = _ends(stream_of, streams.many)
    out["staged"] = first != last
    out["kind"] = lines.kind[last]
    for name, value in found.items():
        if name.startswith("signals"):
            out[name] = np.bincount(stream_of, weights=value, minlength=streams.many).astype(np.int64)
        out[f"now_{name}"] = value[last]
        out[f"before_{name}"] = np.where(out["staged"], value[first], np.nan if value.dtype.kind == "f" else 0)
    if wanted.sketch:
        out.update(sketched(lines.value, stream_points, after, wanted.sketch))
    return out


def _ends(stream_of: Ints, many: int) -> tuple[Ints, Ints]:
    """The last and the first stretch of each stream."""
    return np.searchsorted(stream_of, np.arange(many), side="right") - 1, np.searchsorted(stream_of, np.arange(many))


def _after(
    stream: NDArray[Any], time: NDArray[Any], streams: Segments, wanted: Wanted
) -> Bools:  # fmt: skip
    """Which points lie at or after the rollout of their stream (its number)."""
    if wanted.rollout is None:
        return np.zeros(time.size, dtype=bool)
    begins = streams.spread(wanted.rollout[stream])
    at = streams.place + 1 if wanted.by_place else time
    return np.asarray(at >= begins)


def _faults(rows: Rows, streams: Segments, wanted: Wanted) -> NDArray[np.int64]:
    """Why a stream cannot be charted, as a place in :data:`REASONS`; 0: it can."""
    fault = np.zeros(streams.many, dtype=np.int64)
    if rows.size is not None:
        seen = np.isfinite(rows.value)
        for reason, bad in (
            ("over", (rows.value > rows.size) if wanted.kind in ("p", "laney-p") else None),
            ("size", seen & ~(rows.size > 0)),
            ("negative", rows.value < 0),
        ):
            if bad is not None:
                fault[streams.count(bad) > 0] = REASONS.index(reason)
    top = np.fmax(streams.max(rows.value), -streams.min(rows.value))
    if rows.size is None:
        fault[(top > 0) & (top < SMALLEST)] = REASONS.index("vanishing")
    else:
        top = np.fmax(top, streams.max(rows.size))
    fault[top > LARGEST] = REASONS.index("infinite")
    return fault


def _lines(
    rows: Rows, faults: Ints, streams: Segments, point: Segments | None, stretch: Segments, stream_of: Ints,
    wanted: Wanted,
) -> make.Lines:  # fmt: skip
    value = rows.value if not faults.any() else np.where(streams.spread(faults > 0), np.nan, rows.value)
    if rows.size is not None:
        return make.counts(value, rows.size, stretch, stream_of, wanted.kind)
    if point is None:
        # one sum tells whether anything is missing, in half the time of a look at every value
        seen = None if np.isfinite(value.sum()) else np.isfinite(value)
        return make.individuals(value, seen, stretch, wanted.nsigma)
    longest = np.zeros(streams.many, dtype=np.int64)
    point_streams = np.searchsorted(streams.starts, point.starts, side="right") - 1
    np.maximum.at(longest, point_streams, point.lengths)
    row_stretch = Segments(point.starts[stretch.starts], rows.value.size)
    widest = np.full(longest.size, {"xbar-r": 10, "xbar-s": 11}[wanted.kind]) if wanted.kind != "auto" else longest
    return make.subgroups(value, row_stretch, point, stretch, widest[stream_of], wanted.nsigma)
