"""How busy people are, how likely a period has more work than hours, and what projects could still take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..numbers.dispersion import overdispersion
from ..numbers.estimate import Estimate
from ..numbers.queueing import servers_for_service, servers_for_wait, waiting
from ..numbers.workload import Overload, lag_one, median_interval, overload, ratio_of_totals
from . import capacity_caveat_words as say
from .capacity_asked import Goal
from .capacity_queue import Queues, queues_of
from .capacity_table import Periods

Floats = NDArray[np.float64]

FEW: Final = 8
"""Periods below which intervals say little."""

DEPENDENT: Final = 0.3
"""Autocorrelation of neighbouring periods from which it is told."""

UNLIKE: Final = (0.02, 3.0)
"""Utilisation outside of which a unit may be wrong."""

SURE: Final = 0.01
"""p below which arrivals scatter more, or less, than chance makes."""

LONG: Final = 1.0
"""Hours from which on a period has room for peaks that nobody sees."""


@dataclass(frozen=True)
class Use:
    """How busy the people of one account are (projects not taken off, or taken off).

    Attributes
    ----------
    by_period : (n,) array
    overall : Estimate
        All work over all hours.
    sd : float
        Between periods.
    chance : (n,) array
        That work like that of the periods seen exceeds the hours of each.
    backlog : (n,) array
        Hours of work that a period leaves to the next ones, 0 where there are hours enough.
    """

    by_period: Floats
    overall: Estimate
    sd: float
    chance: Floats
    backlog: Floats

    @property
    def over(self) -> int:
        """Periods with more work than hours."""
        return int((self.by_period > 1).sum())

    @property
    def mean_chance(self) -> float:
        """The chance in a period like any of those seen."""
        return float(self.chance.mean())


@dataclass(frozen=True)
class Room:
    """What a goal leaves for projects.

    Attributes
    ----------
    needed : (n,) array
        People with whom each period just keeps the goal.
    hours : (n,) array
        Person-hours that could be given away; below zero: that are missing.
    median : Estimate
    nine_of_ten : float
        Hours that nine of ten periods can give.
    kept : tuple of float
        Share of the periods that keep the goal, by account.
    """

    needed: Floats
    hours: Floats
    median: Estimate
    nine_of_ten: float
    kept: tuple[float, ...]


@dataclass(frozen=True)
class Curve:
    """Wait against utilisation as hours are taken from the same, average load."""

    utilisation: Floats
    wait: Floats
    at: tuple[tuple[float, float], ...]
    """Utilisation and wait of each account on the curve; infinite beyond it."""


@dataclass(frozen=True)
class Study:
    """All that is known of the periods.

    Attributes
    ----------
    use : tuple of Use
        Projects not taken off, and, where there are any, taken off.
    queues : Queues
    room : Room or None
    curve : Curve
    basis : {"load", "utilisation"}
        What is taken as alike between periods: the work, or the work against the staff that were planned for it.
    overload : Overload
    dispersion, dispersion_p : float
        Scatter of arrivals over that of chance, and the chance of such a ratio.
    dependence : float
    handling : float
        Mean over arrivals.
    """

    use: tuple[Use, ...]
    queues: Queues
    room: Room | None
    curve: Curve
    basis: str
    overload: Overload
    dispersion: float
    dispersion_p: float
    dependence: float
    handling: float

    @property
    def projects(self) -> bool:
        """Whether there are hours of projects."""
        return len(self.use) == 2


def study_of(p: Periods, goal: Goal | None, scv_arrivals: float, confidence: float) -> Study:
    """Everything that the periods tell."""
    servers = [p.staff] + ([p.staff - p.project / p.hours] if (p.project > 0).any() else [])
    handling = float((p.arrivals * p.handling).sum() / p.arrivals.sum())
    scv = _scv(p)
    within = handling if goal is None else goal.time
    queues = queues_of(p, servers, scv_arrivals, scv, within, confidence)
    basis, found = _overload(p, servers, scv)
    use = tuple(_use(p, each, found.chance[i], confidence) for i, each in enumerate(servers))
    room = None if goal is None else _room(p, goal, queues, servers, confidence)
    ratio, chance = overdispersion(p.arrivals, p.hours, False)
    left = p.work - use[0].overall.value * p.there
    curve = _curve(p, servers, handling, queues)
    return Study(use, queues, room, curve, basis, found, ratio, chance, lag_one(left), handling)


def _scv(p: Periods) -> float:
    """Of handling times inside periods; 1, as of exponential ones, where nothing is known."""
    if p.handling_sd is None:
        return 1.0
    return float((p.arrivals * p.handling_sd**2).sum() / (p.arrivals * p.handling**2).sum())


def _use(p: Periods, servers: Floats, chance: Floats, confidence: float) -> Use:
    hours = servers * p.hours
    by_period = p.work / hours
    overall = ratio_of_totals(p.work, hours, confidence, positive=False)
    overall = replace(overall, low=max(overall.low, 0.0))
    return Use(by_period, overall, float(by_period.std(ddof=1)), chance, np.maximum(p.work - hours, 0.0))


def _overload(p: Periods, servers: list[Floats], scv: float) -> tuple[str, Overload]:
    """Work is alike between periods, or follows the staff: whichever the periods scatter less about."""
    share = p.work / p.there
    by_load = float(p.load.std() / p.load.mean())
    by_staff = float(share.std() / share.mean())
    if by_staff < by_load * (1 - 1e-9):
        expected = p.arrivals.sum() * p.there / p.there.sum()
        capacity = np.array([each / p.staff for each in servers])
        return "utilisation", overload(share, expected, scv, capacity, p.there)
    expected = p.arrivals.sum() * p.hours / p.hours.sum()
    return "load", overload(p.load, expected, scv, np.array(servers), p.hours)


def _room(p: Periods, goal: Goal, q: Queues, servers: list[Floats], confidence: float) -> Room:
    asked = (p.load, p.handling, q.scv_arrivals, q.scv_handling)
    if goal.share is None:
        needed = servers_for_wait(goal.time, *asked)
    else:
        needed = servers_for_service(goal.share, goal.time, *asked)
    hours = (p.staff - needed) * p.hours
    # halving ends a hair above what is just enough
    kept = tuple(float((each >= needed * (1 - 1e-9)).mean()) for each in servers)
    return Room(needed, hours, median_interval(hours, confidence), float(np.quantile(hours, 0.1)), kept)


def _curve(p: Periods, servers: list[Floats], handling: float, q: Queues) -> Curve:
    load = float(p.work.sum() / p.hours.sum())
    use = [float(p.work.sum() / (each * p.hours).sum()) for each in servers]
    inside = [u for u in use if u < 1]
    low = max(min([0.5, *(u - 0.1 for u in inside)]), 0.02)
    high = max([0.95, *(min(u + 0.5 * (1 - u), 0.995) for u in inside)])
    u = np.linspace(low, high, 80)
    wait = waiting(load, load / u, handling, q.scv_arrivals, q.scv_handling)
    at = tuple((x, float(waiting(load, load / x, handling, q.scv_arrivals, q.scv_handling))) for x in use)
    return Curve(u, wait, at)


def caveats_of(p: Periods, s: Study, unit: str) -> tuple[Caveat, ...]:
    """What a reader must know beside the numbers."""
    q, found = s.queues, []
    if p.n < FEW:
        found.append(say.few_periods(p.n))
    typical = float(np.median(s.use[0].by_period))
    if not UNLIKE[0] <= typical <= UNLIKE[1]:
        found.append(say.unit_doubtful(typical, unit))
    for i, use in enumerate(s.use):
        if use.over:
            found.append(say.overloaded(use.over, p.n, float(use.backlog.sum()), bool(i)))
    worst = max(q.each, key=lambda each: abs(each.gap))
    if q.by == "simulation":
        found.append(say.formula_off(worst.gap, worst.formula_there, worst.simulated.mean, unit))
    if p.handling_sd is None:
        found.append(say.spread_assumed())
    if s.dispersion_p < SURE:
        found.append(say.more_than_chance(s.dispersion))
    elif 1 - s.dispersion_p < SURE and p.n >= FEW:
        found.append(say.less_than_chance(s.dispersion))
    if np.any(p.arrivals != np.floor(p.arrivals)):
        found.append(say.not_whole())
    if s.dependence > DEPENDENT:
        found.append(say.dependent(s.dependence))
    if float(np.median(p.hours)) > LONG:
        found.append(say.even_inside(float(np.median(p.hours))))
    if q.simulated_from or q.part < 1:
        found.append(say.simulated_part(p.n - q.simulated_from, p.n, q.part))
    return tuple(found)
