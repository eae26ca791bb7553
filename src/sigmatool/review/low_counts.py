"""Too few events a period to judge each by itself? Merge neighbouring periods, or judge the time between events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..axis import Axis, Stage
from ..caveats import Caveat
from ..errors import DataError, SettingsError
from ..points import Counts
from . import caveat_words
from .policy import POLICY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST_EVENTS: Final = 2.0
"""Expected events a point on each side. By simulation: from 2 on the square-root scale keeps the error rates of the
verdict; merging on to 5 costs more than half of the power."""

LEAST_RARER: Final = 1.0
"""The same for the rarer of events and non-events of a proportion, for which there is no time between events."""


@dataclass(frozen=True)
class Gathered:
    """Counts as they are judged.

    ``points``: one block, or one gap between events, a point; ``after`` (m,); ``first`` (m,): place of the period where
    each begins, among all points. ``member`` (n,): block of every period, -1 where it is in none. ``between``: points
    are gaps. ``shortfall``: periods missing a side where neither way leaves enough; ``points`` are then unchanged.
    """

    points: Counts
    after: Bools
    first: Ints
    member: Ints
    between: bool
    shortfall: int
    caveat: Caveat


def merge_of(given: int | str) -> int | str:
    """How to merge: ``auto``, ``none``, or a number of periods."""
    text = str(given).strip()
    if text in ("auto", "none"):
        return text
    if not text.isdecimal() or int(text) < 2:
        raise SettingsError(f"merge must be auto, none, or a number of periods from 2 on; not {given!r}.")
    return int(text)


def gather_counts(
    points: Counts, used: Bools, after: Bools, merge: int | str, proportion: bool, blocks_only: bool = False
) -> Gathered | None:
    """Merge periods of too few events, or turn them into times between events; None where nothing need be done.

    Parameters
    ----------
    points : Counts
    used, after : (n,) arrays of bool
        Periods that are judged (not missing, excluded or in the wash-out), and those at or after the rollout.
    merge : "auto", "none" or int
        ``auto``: the smallest number of periods that leaves 2 expected events a block (1 for a proportion) on both
        sides, counted outwards from the rollout; with fewer than 8 blocks on a side, times between events (rates
        alone). A number: so many.
    proportion : bool
        Events of a number inspected: the rarer of events and non-events counts, and times between make no sense.
    blocks_only : bool
        Another series goes along period by period (a control): no times between events.

    Raises
    ------
    DataError
        The number of periods asked for leaves fewer than two blocks on a side.

    Notes
    -----
    Blocks never straddle the rollout or the wash-out; an incomplete one at the outer end is left out. A missing period
    is a gap inside its block, whose exposure is what is there. Times between events are exposures counted outwards from
    the rollout, several events of one period spread evenly over it; they are judged as their 3.6th root, which brings
    an exponential law near the normal one.

    References
    ----------
    Nelson (1994), Journal of Quality Technology 26 (the power 1 / 3.6).
    """
    if merge == "none":
        return None
    sides = (used & ~after, used & after)
    rates = [_events(points, side, proportion) for side in sides]
    least = LEAST_RARER if proportion else LEAST_EVENTS
    if merge == "auto" and min(rates) >= least:
        return None
    # a side without a single event waits for as long as the other side's rate asks
    slowest = min(rates) or max(rates)
    length = int(merge) if merge != "auto" else int(np.ceil(least / max(slowest, 1e-9)))
    if merge == "auto" and min(rates) == 0:
        return _none(points, used, after, proportion, POLICY.least_points * length, rates)
    member = _blocks(points.axis.positions, used, after, length)
    blocks = min(int(np.unique(member[side & (member >= 0)]).size) for side in sides)
    if merge != "auto" and blocks < 2:
        raise DataError(
            f"merge = {length} leaves {blocks} whole block{'' if blocks == 1 else 's'} on a side of the rollout, and "
            f"at least 2 are needed ({POLICY.least_points} to judge): merge fewer periods."
        )
    if blocks >= POLICY.least_points or merge != "auto":
        return _merged(points, used, after, member, length)
    if not proportion and not blocks_only:
        events = min(float(points.count[side].sum()) for side in sides)
        if events >= POLICY.least_points:
            return _between(points, used, after)
        length = int(np.ceil(1 / slowest))
    return _none(points, used, after, proportion, POLICY.least_points * length, rates)


def _events(points: Counts, side: Bools, proportion: bool) -> float:
    """Mean events a period; of a proportion, the rarer of events and non-events."""
    if not side.any():
        return 0.0
    events = float(points.count[side].mean())
    return min(events, float((points.size - points.count)[side].mean())) if proportion else events


def _blocks(positions: Ints, used: Bools, after: Bools, length: int) -> Ints:
    """Block of every used period: 0, 1, ... from the oldest; -1 in none. Whole blocks alone."""
    member = np.full(used.size, -1, dtype=np.int64)
    place = np.full(used.size, -1, dtype=np.int64)
    start = int(positions[after][0])
    place[used & ~after] = (start - 1 - positions[used & ~after]) // length
    first = int(positions[used & after][0])
    place[used & after] = (positions[used & after] - first) // length
    whole_before = (start - int(positions[0])) // length
    whole_after = (int(positions[-1]) - first + 1) // length
    before = used & ~after & (place < whole_before)
    later = used & after & (place < whole_after)
    member[before] = whole_before - 1 - place[before]
    # time goes on through the wash-out
    member[later] = whole_before + round((first - start) / length) + place[later]
    return member


def _merged(points: Counts, used: Bools, after: Bools, member: Ints, length: int) -> Gathered:
    held = member >= 0
    block, first, code = np.unique(member[held], return_index=True, return_inverse=True)
    first = np.flatnonzero(held)[first]
    last = np.flatnonzero(held)[held.sum() - 1 - np.unique(member[held][::-1], return_index=True)[1]]
    labels = points.axis.labels
    names = tuple(labels[a] if a == b else f"{labels[a]} to {labels[b]}" for a, b in zip(first, last, strict=True))
    own = np.full(used.size, -1, dtype=np.int64)
    own[held] = code
    sides = (int((~after[first]).sum()), int(after[first].sum()))
    left_out = int((used & ~held).sum())
    step = points.axis.step if points.axis.step not in ("point", "step") else "period"
    plural = step if step.endswith("s") else f"{step}s"
    return Gathered(
        points=_as_points(
            points,
            np.bincount(code, points.count[held]).astype(float),
            np.bincount(code, points.size[held]).astype(float),
            names,
            block,
            first,
            f"{length} {plural}",
            after[first],
        ),
        after=after[first],
        first=first,
        member=own,
        between=False,
        shortfall=0,
        caveat=caveat_words.low_counts_merged(f"{length} {plural}", sides, left_out),
    )


def _between(points: Counts, used: Bools, after: Bools) -> Gathered:
    early, late = np.flatnonzero(used & ~after)[::-1], np.flatnonzero(used & after)
    gap_before, at_before = _gaps(points, early)
    gap_after, at_after = _gaps(points, late)
    gaps = np.concatenate([gap_before[::-1], gap_after])
    first = np.concatenate([at_before[::-1], at_after])
    later = np.arange(gaps.size) >= gap_before.size
    names = tuple(points.axis.labels[i] for i in first)
    order = np.arange(gaps.size, dtype=np.int64)
    return Gathered(
        points=_as_points(points, np.ones(gaps.size), gaps, names, order, first, "event", later),
        after=later,
        first=first,
        member=np.full(used.size, -1, dtype=np.int64),
        between=True,
        shortfall=0,
        caveat=caveat_words.low_counts_between(gap_before.size, gap_after.size),
    )


def _gaps(points: Counts, order: Ints) -> tuple[Floats, Ints]:
    """Exposure from the rollout to the first event and from event to event, and the period of each event."""
    events = points.count[order].astype(np.int64)
    period = np.repeat(np.arange(order.size), events)
    inside = np.concatenate([(np.arange(k) + 0.5) / k for k in events if k]) if events.any() else np.zeros(0)
    begun = np.concatenate([[0.0], np.cumsum(points.size[order])[:-1]])
    moment = begun[period] + inside * points.size[order][period]
    return np.diff(np.concatenate([[0.0], moment])), order[period]


def _as_points(
    points: Counts,
    count: Floats,
    size: Floats,
    names: tuple[str, ...],
    positions: Ints,
    first: Ints,
    step: str,
    after: Bools,
) -> Counts:
    axis = Axis(points.axis.name, points.axis.kind, names, points.axis.x[first], positions - positions[0], step)
    cut = int((~after).sum())
    stages = (Stage("before", 0, cut), Stage("after", cut, after.size))
    return replace(points, axis=axis, stages=stages, excluded=np.zeros(after.size, dtype=bool), count=count, size=size)


def _none(
    points: Counts, used: Bools, after: Bools, proportion: bool, needed: int, rates: list[float]
) -> Gathered:  # fmt: skip
    """Neither way leaves enough: say how many periods a side would."""
    least = min(int((used & ~after).sum()), int((used & after).sum()))
    order = np.arange(used.size, dtype=np.int64)
    return Gathered(
        points,
        after,
        order,
        order,
        between=False,
        shortfall=max(needed - least, 1),
        caveat=caveat_words.low_counts(proportion, rates, needed),
    )
