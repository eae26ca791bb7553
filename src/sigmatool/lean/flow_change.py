"""Before and after a rollout: do items take less time, do more of them pass, are fewer inside?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..numbers.dependent_difference import quasi_poisson_ratio
from ..numbers.estimate import Estimate, Tested
from ..numbers.little import little
from ..numbers.square_and_add import square_and_add
from ..numbers.survival import (
    Survival,
    difference_of_means,
    kaplan_meier,
    log_rank,
    percentiles,
    restricted_mean,
)
from .flow_asked import Asked
from .flow_items import Items
from .flow_study import SHARES, Study

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEW: Final = 20
"""Finished items under which a side is said to be rough."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the rollout.

    Attributes
    ----------
    name : {"before", "after"}
    curve : Survival
    percentiles : tuple of (share, Estimate)
    mean : Estimate
        Restricted to the horizon that both sides share; NaN where there is none.
    periods : int
        Whole periods on this side.
    throughput : float
        Finished per whole period.
    wip : float
        Items inside, on average over the time of the side.
    """

    name: str
    curve: Survival
    percentiles: tuple[tuple[float, Estimate], ...]
    mean: Estimate
    periods: int
    throughput: float
    arrivals: float
    wip: float


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between the sides: after minus before, or after over before.

    Attributes
    ----------
    before, after : Side
    differences : tuple of (share, Estimate)
    horizon : float
        Of the restricted means.
    mean : Estimate
        Difference of restricted means.
    test : Tested or None
        Log-rank; its value is how many times faster items finish after (ratio of hazards, by O / E).
    throughput, arrivals : Tested or None
        Ratio after over before, allowing for periods that scatter.
    straddling : int
        Items that were under way at the rollout.
    at : float
        Seconds since 1970-01-01.
    """

    before: Side
    after: Side
    differences: tuple[tuple[float, Estimate], ...]
    horizon: float
    mean: Estimate
    test: Tested | None
    throughput: Tested | None
    arrivals: Tested | None
    straddling: int
    at: float


def change_of(items: Items, study: Study, asked: Asked) -> Change | None:
    """Compare the sides of the rollout; None where none was given.

    Raises
    ------
    DataError
        No item on one of the sides.
    """
    if asked.rollout is None:
        return None
    at, done = asked.rollout.second, items.finished
    early = items.start < at
    straddle = early & ~(items.end < at)
    _both(items, early, asked.rollout.text)
    rows = _split(items, study, early, straddle, at) if asked.by == "exposure" else _by_start(study, early, done)
    curves = [kaplan_meier(*row) for row in rows]
    level = asked.confidence
    horizon = float(min(curve.longest for curve in curves))
    nothing = Estimate(np.nan, np.nan, np.nan)
    means = [restricted_mean(curve, horizon, level) if horizon > 0 else nothing for curve in curves]
    sides = [
        _side(name, curve, mean, items, study, asked, at)
        for name, curve, mean in zip(("before", "after"), curves, means, strict=True)
    ]
    before, after = sides
    pairs = zip(before.percentiles, after.percentiles, strict=True)
    differences = tuple((share, square_and_add(first, second)) for (share, first), (_, second) in pairs)
    try:
        test = log_rank(*curves)
    except ValueError:
        test = None
    finished, arrived = (_ratio(study, c, at, level) for c in (study.periods.finished, study.periods.arrived))
    return Change(
        before,
        after,
        differences,
        horizon,
        difference_of_means(*means),
        test,
        finished,
        arrived,
        int(straddle.sum()),
        at,
    )


_Rows = tuple[Floats, Bools, Floats | None]


def _by_start(study: Study, early: Bools, done: Bools) -> list[_Rows]:
    entry = None if study.entry is None else np.minimum(study.entry, study.time)
    sides = (study.order[here[study.order]] for here in (early, ~early))
    return [(study.time[at], done[at], None if entry is None else entry[at]) for at in sides]


def _split(items: Items, study: Study, early: Bools, straddle: Bools, at: float) -> list[_Rows]:
    """The time before the rollout ends there, unfinished; the time after it begins at the age then."""
    age = (at - items.start) / study.seconds
    entry = np.zeros(age.size) if study.entry is None else np.minimum(study.entry, study.time)
    first = (
        np.where(straddle, age, study.time)[early], (items.finished & ~straddle)[early],
        np.minimum(entry, np.where(straddle, age, study.time))[early],
    )  # fmt: skip
    late = ~early | straddle
    second = (study.time[late], items.finished[late], np.maximum(np.where(straddle, age, 0.0), entry)[late])
    return [first, (second[0], second[1], np.minimum(second[2], second[0]))]


def _both(items: Items, early: Bools, told: str) -> None:
    for here, side in ((early, "before"), (~early, "from")):
        if not here.any():
            raise DataError(
                f"no item starts {side} the rollout ({told}); starts run from {_day(items.start.min())} to "
                f"{_day(items.start.max())}."
            )


def _day(second: float) -> str:
    return str(np.datetime64(int(second), "s"))[:10]


def _sides(study: Study, at: float) -> tuple[Bools, Bools]:
    """Whole periods before and after; the one that holds the rollout is neither."""
    p = study.periods
    return p.whole & (p.calendar.edges[1:] <= at), p.whole & (p.calendar.edges[:-1] >= at)


def _side(name: str, curve: Survival, mean: Estimate, items: Items, study: Study, asked: Asked, at: float) -> Side:
    here = _sides(study, at)[name == "after"]
    told = tuple(zip(SHARES, percentiles(curve, SHARES, asked.confidence), strict=True))
    first, last = (items.first, at) if name == "before" else (at, items.last)
    flow = little(items.start, items.end, first, last).average if last > first else np.nan
    counts = (study.periods.finished[here], study.periods.arrived[here])
    finished, arrived = (float(c.mean()) if c.size else np.nan for c in counts)
    return Side(name, curve, told, mean, int(here.sum()), finished, arrived, flow)


def _ratio(study: Study, counts: NDArray[np.int64], at: float, level: float) -> Tested | None:
    first, second = (counts[here].astype(np.float64) for here in _sides(study, at))
    if min(first.size, second.size) < 2 or min(first.sum(), second.sum()) == 0:
        return None
    return quasi_poisson_ratio(first, np.ones(first.size), second, np.ones(second.size), level).tested
