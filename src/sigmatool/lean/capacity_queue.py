"""How long work waits in each period: by formula, and by a run through the periods one after another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..numbers.estimate import Estimate
from ..numbers.queue_simulation import Course, Served, simulate
from ..numbers.queueing import erlang_c, served_within, waiting
from ..numbers.workload import ratio_of_totals
from .capacity_table import Periods

Floats = NDArray[np.float64]

ARRIVALS: Final = 400_000
"""Arrivals that all passes of the simulation take together, about half a second of each queue."""

WARM: Final = 20
"""Arrivals for each busy person that a pass holds at least."""

MOST_ARRIVALS: Final = 2_000_000
"""Arrivals of one pass at the most."""

LEAST_PASSES: Final = 4
MOST_PASSES: Final = 40
SEED: Final = 20_261_126

APART: Final = 0.10
"""Share of the simulated wait from which a formula is no longer told alone."""

ROUGH: Final = 0.03
"""Standard error of a simulated wait, as a share of it, from which it is not told before more passes were made."""

MORE: Final = 4

UNSURE: Final = 0.05
"""Standard error of a simulated wait, as a share of it, from which it confirms no formula."""

NOTHING: Final = 0.01
"""Share of the handling time below which two waits do not differ."""


@dataclass(frozen=True)
class Waits:
    """Mean wait, chance to wait and share served in time of each period, (n,) arrays, and over all of them.

    Where a formula knows none the wait is infinite, and what was not simulated is NaN.
    """

    wait: Floats
    waited: Floats
    within: Floats
    mean: float
    share_waiting: float
    share_within: float
    error: float = 0.0
    """Standard error of ``mean``, from the passes."""


@dataclass(frozen=True)
class Queue:
    """The queue with certain servers.

    Attributes
    ----------
    servers : (n,) array
    formula, simulated : Waits
    formula_there : float
        Mean wait by formula over the periods that were simulated.
    told : Estimate
        The mean wait that the page tells, with its interval over periods; infinite where there is none.
    """

    servers: Floats
    formula: Waits
    simulated: Waits
    formula_there: float
    told: Estimate

    @property
    def gap(self) -> float:
        """How far the formula lies above the simulation, as a share of it; infinite where it knows no wait."""
        if not math.isfinite(self.formula_there):
            return math.inf
        return self.formula_there / self.simulated.mean - 1.0 if self.simulated.mean > 0 else 0.0


@dataclass(frozen=True)
class Queues:
    """The queue without the hours of projects taken off, and with; the second is missing where there are none.

    Attributes
    ----------
    each : tuple of Queue
    by : {"formula", "simulation"}
        Where the told waits come from.
    difference : Estimate or None
        What projects add to the wait.
    within : float
        The time in which arrivals are served that ``within`` counts.
    scv_arrivals, scv_handling : float
    simulated_from : int
        First simulated period, from 0.
    passes : int
    part : float
        Share of a period's time that was simulated; 1 unless a period alone has more arrivals than are simulated.
    """

    each: tuple[Queue, ...]
    by: str
    difference: Estimate | None
    within: float
    scv_arrivals: float
    scv_handling: float
    simulated_from: int
    passes: int
    part: float


def queues_of(
    p: Periods, servers: list[Floats], scv_arrivals: float, scv_handling: float, within: float, confidence: float
) -> Queues:
    """Both accounts, and which of them is told."""
    formulas = [_by_formula(p, each, scv_arrivals, scv_handling, within) for each in servers]
    first, passes, part = _affordable(p.arrivals, float(p.load.max()))
    there = slice(first, None)
    course = Course(
        p.arrivals[there] * part, p.hours[there] * p.a_unit * part, p.handling[there], scv_arrivals, scv_handling
    )
    at = [_mean(f.wait[there], p.arrivals[there]) for f in formulas]

    def run_through(passes: int) -> tuple[list[Served], list[Waits], str]:
        runs = simulate(course, [each[there] for each in servers], within=within, passes=passes, seed=SEED)
        found = [_by_simulation(run, first) for run in runs]
        return runs, found, "formula" if all(_agree(*pair, p) for pair in zip(at, found, strict=True)) else "simulation"

    runs, found, by = run_through(passes)
    if by == "simulation" and any(each.error > ROUGH * each.mean for each in found):
        passes *= MORE
        runs, found, by = run_through(passes)
    if by == "formula":
        sums = [p.arrivals * _finite(f.wait) for f in formulas]
        under = p.arrivals
    else:
        sums = [run.wait.mean(axis=0) for run in runs]
        under = runs[0].arrivals.mean(axis=0)
    told = [ratio_of_totals(each, under, confidence) for each in sums]
    difference = ratio_of_totals(sums[1] - sums[0], under, confidence) if len(sums) == 2 else None
    each = tuple(Queue(*parts) for parts in zip(servers, formulas, found, at, told, strict=True))
    return Queues(each, by, difference, within, scv_arrivals, scv_handling, first, passes, part)


def _by_formula(p: Periods, servers: Floats, scv_arrivals: float, scv_handling: float, within: float) -> Waits:
    wait = waiting(p.load, servers, p.handling, scv_arrivals, scv_handling)
    waited = np.where(p.load > 0, erlang_c(p.load, servers), 0.0)
    served = served_within(within, p.load, servers, p.handling, scv_arrivals, scv_handling)
    n = p.arrivals
    return Waits(wait, waited, served, _mean(wait, n), _mean(waited, n), _mean(served, n))


def _mean(values: Floats, weights: Floats) -> float:
    """Over arrivals; a period without any has no say, whatever its wait."""
    some = weights > 0
    return float((values[some] * weights[some]).sum() / weights[some].sum()) if some.any() else 0.0


def _finite(wait: Floats) -> Floats:
    return np.where(np.isfinite(wait), wait, 0.0)


def _by_simulation(run: Served, first: int) -> Waits:
    """Over passes; periods before the first simulated one are NaN."""
    count = run.arrivals.sum(axis=0)
    blank = np.full(first, np.nan)
    with np.errstate(invalid="ignore"):
        shares = [np.concatenate([blank, x.sum(axis=0) / count]) for x in (run.wait, run.waited, run.within)]
    total = float(max(count.sum(), 1.0))
    means = [float(x.sum()) / total for x in (run.wait, run.waited, run.within)]
    passes = run.wait.sum(axis=1) / np.maximum(run.arrivals.sum(axis=1), 1.0)
    error = float(passes.std(ddof=1) / math.sqrt(passes.size))
    return Waits(shares[0], shares[1], shares[2], means[0], means[1], means[2], error)


def _affordable(arrivals: Floats, load: float) -> tuple[int, int, float]:
    """The first period that is simulated, how often, and which share of its time: as many of the last as are few."""
    # many people take many arrivals until they are as busy as they will be
    most = min(max(ARRIVALS / LEAST_PASSES, WARM * load), MOST_ARRIVALS)
    least = LEAST_PASSES if most <= ARRIVALS / LEAST_PASSES else 2
    behind = np.cumsum(arrivals[::-1])
    kept = max(int((behind <= most).sum()), 1)
    while behind[kept - 1] == 0:
        kept += 1
    total = float(behind[kept - 1])
    part = min(1.0, most / total)
    return arrivals.size - kept, int(min(max(ARRIVALS // max(total * part, 1.0), least), MOST_PASSES)), part


def _agree(formula: float, simulated: Waits, p: Periods) -> bool:
    """Whether the formula is surely near the simulation, or both are next to nothing."""
    if not math.isfinite(formula):
        return False
    off = abs(formula - simulated.mean)
    small = NOTHING * float((p.arrivals * p.handling).sum() / p.arrivals.sum())
    near = off <= APART * simulated.mean and simulated.error <= UNSURE * simulated.mean
    return near or max(formula, simulated.mean) <= small
