"""The numbers of every stream, from rows in order: the one arithmetic of all engines.

An engine sorts rows by stream and time and hands them on in batches of whole streams; this checks the order, makes
points of them and measures each stretch (before and after its rollout, where it has one). What a stream gets depends
on its own rows alone, so that batches, engines and machines cannot disagree.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numbers.patterned import extreme_p, heavy_tailed, order_p, slope_p
from ..numbers.ragged import Segments
from ..numbers.runs import EDGE, Pattern, fired
from . import points as make
from .sketch import sketched

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Table = dict[str, NDArray[np.generic]]

BLOCK = 1 << 17
"""Rows worked on at once: their arrays stay in the processor's cache."""

LARGEST = 1e150
"""Beyond it squares cannot be added up."""

REASONS = ("", "infinite", "negative", "size", "over", "few")
"""Why a stream has no chart, by number: infinite or huge values; counts below zero; sizes that are not above zero or
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
    rollout: NDArray[np.generic] | None = None
    by_place: bool = False
    width: int = 0
    sketch: int = 0


@dataclass(frozen=True)
class Rows:
    """Rows in order; ``group`` parts the subgroups of a stream."""

    stream: NDArray[np.generic]
    time: NDArray[np.generic]
    value: Floats
    size: Floats | None = None
    group: NDArray[np.generic] | None = None

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
    """The same rows in pieces that end where a stream ends."""
    waiting: list[Rows] = []
    for piece in pieces:
        n = piece.stream.size
        if n == 0:
            continue
        changes = np.flatnonzero(piece.stream[1:] != piece.stream[:-1])
        if waiting and piece.stream[0] != waiting[-1].stream[-1]:
            yield Rows.joined(waiting)
            waiting = []
        if changes.size:
            cut = int(changes[-1]) + 1
            yield Rows.joined([*waiting, piece.cut(0, cut)])
            waiting, piece = [], piece.cut(cut, n)
        waiting.append(piece)
    if waiting:
        yield Rows.joined(waiting)


def screened(rows: Rows, wanted: Wanted) -> Table:
    """The numbers of each stream among some rows, which hold whole streams."""
    if bool(np.any(rows.stream[1:] < rows.stream[:-1])):
        raise OrderError("rows came out of the order of their streams")
    begins = np.flatnonzero(rows.stream[1:] != rows.stream[:-1]) + 1
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
    later, same = time[1:] > time[:-1], streams.of[1:] == streams.of[:-1]
    if bool(np.all(later | ~same)):
        return rows, np.zeros(streams.many, dtype=np.int64)
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
    rows, ties = settled(rows, streams, group is not None)
    point = Segments.of_keys(rows.stream, group) if group is not None else None
    begin = point.starts if point is not None else np.arange(rows.value.size)
    stream_points = Segments(np.searchsorted(begin, streams.starts), begin.size)
    after = _after(rows.stream[begin], rows.time[begin], stream_points, wanted)
    stretch = Segments.of_keys(stream_points.of, after)
    stream_of = stream_points.of[stretch.starts].astype(np.int64)
    faults = _faults(rows, streams, wanted)
    lines = _lines(rows, faults, streams, point, stretch, stream_of, wanted)
    measured = _measured(lines, stretch, wanted)
    out: Table = {"stream": streams.first(rows.stream), "rows": streams.lengths}
    out["points"] = stream_points.lengths if lines.seen is None else stream_points.count(lines.seen)
    out["gaps"] = stream_points.lengths - out["points"]
    out["missing"] = streams.lengths - out["points"] if point is None else streams.count(np.isnan(rows.value))
    out["ties"] = ties
    few = np.zeros(streams.many, dtype=bool)
    np.logical_or.at(few, stream_of, measured["n"] < 2)
    out["fault"] = np.where((faults == 0) & few, REASONS.index("few"), faults)
    last, first = _ends(stream_of, streams.many)
    out["staged"] = first != last
    out["after"] = after[stretch.starts[last]]
    out["kind"] = lines.kind[last]
    for name, value in measured.items():
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
    stream: NDArray[np.generic], time: NDArray[np.generic], streams: Segments, wanted: Wanted
) -> Bools:  # fmt: skip
    """Which points lie at or after their stream's rollout."""
    if wanted.rollout is None:
        return np.zeros(stream.size, dtype=bool)
    begins = streams.spread(wanted.rollout[streams.first(stream)])
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
    for x in (rows.value, rows.size):
        if x is not None and np.fmax.reduce(np.abs(x), initial=0.0) > LARGEST:
            fault[streams.count(np.abs(x) > LARGEST) > 0] = REASONS.index("infinite")
    return fault


def _lines(
    rows: Rows, faults: Ints, streams: Segments, point: Segments | None, stretch: Segments, stream_of: Ints,
    wanted: Wanted,
) -> make.Lines:  # fmt: skip
    value = rows.value if not faults.any() else np.where(streams.spread(faults > 0), np.nan, rows.value)
    if rows.size is not None:
        return make.counts(value, rows.size, stretch, stream_of, wanted.kind)
    if point is None:
        seen = np.isfinite(value)
        return make.individuals(value, None if seen.all() else seen, stretch, wanted.nsigma)
    longest = np.zeros(streams.many, dtype=np.int64)
    point_streams = np.searchsorted(streams.starts, point.starts, side="right") - 1
    np.maximum.at(longest, point_streams, point.lengths)
    row_stretch = Segments(point.starts[stretch.starts], rows.value.size)
    widest = np.full(longest.size, {"xbar-r": 10, "xbar-s": 11}[wanted.kind]) if wanted.kind != "auto" else longest
    return make.subgroups(value, row_stretch, point, stretch, widest[stream_of], wanted.nsigma)


def _measured(lines: make.Lines, stretch: Segments, wanted: Wanted) -> Table:
    """Everything that is said of a stretch."""
    x, seen = lines.value, lines.seen
    off = x - stretch.spread(lines.center)
    c = off if seen is None else np.where(seen, off, 0.0)
    many = stretch.lengths if seen is None else stretch.count(seen)
    n, square = many.astype(np.float64), c * c
    spread = stretch.sum(square)
    out: Table = {"n": many, "center": lines.center, "sigma": lines.sigma}
    with np.errstate(divide="ignore", invalid="ignore"):
        out["sd"] = np.where(many > 1, np.sqrt(spread / np.maximum(n - 1, 1)), np.nan)
        values = n if lines.values is None else lines.values
        about = spread if lines.value_spread is None else lines.value_spread
        out["values"] = values
        out["sigma_overall"] = np.where(values > 1, np.sqrt(about / np.maximum(values - 1, 1)), np.nan)
        sizes = stretch.sum(np.where(seen, lines.size, 0.0)) if lines.size.size == x.size and seen is not None else n
        out["size"] = np.where(many > 0, sizes / np.maximum(n, 1), np.nan)
    out["sigma_error"] = np.full(stretch.many, np.nan) if lines.sigma_error is None else lines.sigma_error
    out["min"], out["max"] = stretch.min(x), stretch.max(x)
    out["lower"], out["upper"] = _limits(lines, out["size"], wanted.nsigma)
    out.update(_signals(lines, off, stretch, wanted))
    out["drift"], rising = _trend(c, n, spread, stretch, seen)
    if lines.moved is not None:
        assert lines.pairs is not None
        parts = _Parts(c, square, spread, stretch.sum(lines.moved**2), lines.pairs)
        with np.errstate(divide="ignore", invalid="ignore"):
            out["stability_index"] = np.where(lines.sigma > 0, out["sd"] / lines.sigma, np.nan)
    else:
        parts = _scaled(lines, off, n, stretch)
        _, rising = _trend(parts.c, n, parts.spread, stretch, seen)
        with np.errstate(divide="ignore", invalid="ignore"):
            index = np.sqrt(parts.about_center / np.maximum(n - 1, 1))
        out["stability_index"] = np.where((lines.sigma > 0) & (n > 1) & (index > 0), index, np.nan)
    out["autocorrelation"] = _autocorrelation(parts, stretch)
    out["p"] = _stable_p(parts, n, rising, stretch)
    return out


@dataclass(frozen=True)
class _Parts:
    """Points about their mean, of one spread: (n,) ``c`` and its square, sums (s,) of the square and of squared steps,
    neighbours (s,), and the sum of squares about the centre line."""

    c: Floats
    square: Floats
    spread: Floats
    steps: Floats
    pairs: Floats
    about_center: Floats | None = None


def _scaled(lines: make.Lines, off: Floats, n: Floats, stretch: Segments) -> _Parts:
    """Points of unequal size, brought to one spread."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = off / lines.width
    here = np.isfinite(z)
    z = np.where(here, z, 0.0)
    about_center = stretch.sum(z * z)
    c = np.where(here, z - stretch.spread(stretch.sum(z) / np.maximum(stretch.count(here), 1)), 0.0)
    step = make.steps_of(np.where(here, c, np.nan), stretch)
    known = np.isfinite(step)
    steps = stretch.sum(np.where(known, step, 0.0) ** 2)
    return _Parts(c, c * c, stretch.sum(c * c), steps, stretch.count(known).astype(np.float64), about_center)


def _limits(lines: make.Lines, size: Floats, nsigma: float) -> tuple[Floats, Floats]:
    """Limits at the average size."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if lines.lowest == 0.0:
            room = np.where(lines.highest == 1.0, lines.center * (1 - lines.center), lines.center)
            width = np.sqrt(room / size) * lines.sigma
        else:
            width = lines.sigma / np.sqrt(np.where(size > 0, size, np.nan))
    low, high = lines.center - nsigma * width, lines.center + nsigma * width
    return np.maximum(low, lines.lowest), np.minimum(high, lines.highest)


def _signals(lines: make.Lines, off: Floats, stretch: Segments, wanted: Wanted) -> Table:
    """How often each rule fires, and how many moving ranges, ranges or standard deviations lie beyond their limits."""
    out: Table = {}
    flat = ~(lines.width > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = off / lines.width
    raw = lines.value
    if flat.any():
        z[flat] = np.nan
        raw = np.where(flat, np.nan, raw)
    order = [p for p in wanted.patterns if p.test in ("trend", "alternating")]
    neighbours = dict(zip(order, fired(order, raw, 0.0, 1.0), strict=True))
    rest = [p for p in wanted.patterns if p not in neighbours]
    marks = dict(zip(rest, fired(rest, z, 0.0, 1.0, -wanted.nsigma, wanted.nsigma), strict=True))
    coarse = _coarse(lines, stretch)
    any_signal = np.zeros(stretch.many, dtype=np.int64)
    for number, pattern in enumerate(wanted.patterns, start=1):
        if pattern.test == "limits" and coarse is not None:
            marks[pattern] = _beyond_drawn(lines, marks[pattern], coarse, stretch, wanted.nsigma)
        places = np.flatnonzero((neighbours if pattern in neighbours else marks)[pattern])
        if pattern.window > 1:
            places = places[places - stretch.starts[stretch.of[places]] >= pattern.window - 1]
        out[f"signals_{number}"] = stretch.count_at(places)
        any_signal += out[f"signals_{number}"]
    out["signals_spread"] = np.zeros(stretch.many, dtype=np.int64)
    if lines.range_value is not None and any(p.test == "limits" for p in wanted.patterns):
        beyond = lines.range_value > lines.range_upper
        if lines.range_lower is not None:
            beyond |= lines.range_value < lines.range_lower
        out["signals_spread"] = stretch.count_at(np.flatnonzero(beyond))
    out["signals"] = any_signal + out["signals_spread"]
    return out


def _coarse(lines: make.Lines, stretch: Segments) -> Bools | None:
    """Points of stretches whose level leaves few digits for their spread; None where there are none.

    There the drawn limits are rounded, and a point is held against these.
    """
    with np.errstate(invalid="ignore"):
        found = (lines.sigma > 0) & (np.spacing(np.abs(lines.center)) > EDGE * lines.sigma)
    return stretch.spread(found) if found.any() else None


def _beyond_drawn(lines: make.Lines, marks: Bools, coarse: Bools, stretch: Segments, nsigma: float) -> Bools:
    at = np.flatnonzero(coarse)
    center, width, x = stretch.spread(lines.center)[at], lines.width[at], lines.value[at]
    edge = EDGE * width
    found = marks.copy()
    found[at] = (x > center + nsigma * width + edge) | (x < center - nsigma * width - edge)
    return found


def _trend(
    c: Floats, n: Floats, spread: Floats, stretch: Segments, seen: Bools | None
) -> tuple[Floats, Floats]:  # fmt: skip
    """The change along a straight line fitted to the points, from the first to the last, and its two-sided p value."""
    length = stretch.lengths.astype(np.float64)
    if seen is None:
        place = stretch.place - stretch.spread((length - 1) / 2)
        along = length * (length**2 - 1) / 12
    else:
        middle = stretch.sum(np.where(seen, stretch.place, 0.0)) / np.maximum(n, 1)
        place = np.where(seen, stretch.place - stretch.spread(middle), 0.0)
        along = stretch.sum(place**2)
    across = stretch.sum(place * c)
    with np.errstate(divide="ignore", invalid="ignore"):
        drift = np.where(along > 0, across / along * (length - 1), np.nan)
        return drift, slope_p(n, across**2 / (along * spread))


def _autocorrelation(parts: _Parts, stretch: Segments) -> Floats:
    """The first: sum of products of neighbours over the sum of squares."""
    product = np.zeros(parts.c.size)
    np.multiply(parts.c[1:], parts.c[:-1], out=product[1:])
    product[stretch.starts] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((parts.spread > 0) & (parts.pairs > 0), stretch.sum(product) / parts.spread, np.nan)


def _stable_p(parts: _Parts, n: Floats, rising: Floats, stretch: Segments) -> Floats:
    """Chance that a steady process of independent points looks so patterned, drifts so far, or has a point so far out.

    Three questions, so that the smallest of their p values counts three times (Bonferroni).
    """
    ordered = order_p(n, parts.pairs, parts.steps, parts.spread)
    high, low = stretch.max(parts.c), stretch.min(parts.c)
    farthest = np.where(high > -low, high, low)
    third, fourth = stretch.sum(parts.square * parts.c), stretch.sum(parts.square * parts.square)
    heavy = heavy_tailed(n, parts.spread, third, fourth, farthest)
    far = np.where(heavy, 1.0, extreme_p(n, np.abs(farthest), parts.spread))
    return np.where(n >= 5, np.minimum(3 * np.minimum(np.minimum(ordered, rising), far), 1.0), np.nan)
