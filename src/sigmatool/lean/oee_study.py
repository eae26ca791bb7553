"""What a study of equipment effectiveness computes: time from planned to fully productive, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..numbers.effectiveness import pooled_ratio
from ..numbers.estimate import Estimate
from ..numbers.little import takt_time
from ..numbers.square_and_add import square_and_add

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FACTORS: Final = ("availability", "performance", "quality", "oee")


@dataclass(frozen=True)
class Periods:
    """Full rows in order of time, (n,) each; ``stops``: (n, reasons). Times share one unit.

    ``ideal``: what all units would have taken at the ideal cycle; ``productive``: what the good ones would have taken.
    """

    planned: Floats
    stops: Floats
    units: Floats
    good: Floats
    ideal: Floats
    productive: Floats
    demand: Floats | None

    @property
    def run(self) -> Floats:
        """Time in which the equipment ran."""
        return np.asarray(self.planned - self.stops.sum(axis=1))

    def at(self, rows: Ints) -> Periods:
        """Some of the rows, in that order."""
        demand = None if self.demand is None else self.demand[rows]
        return Periods(self.planned[rows], self.stops[rows], self.units[rows], self.good[rows], self.ideal[rows],
                       self.productive[rows], demand)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loss:
    """Time lost for one reason, and its share of the planned time."""

    name: str
    kind: str
    time: float
    share: float


@dataclass(frozen=True)
class Effectiveness:
    """One stage; every ratio is one of sums.

    ``mean_of_ratios``: the averages of the periods' own ratios, by factor, which are not these. ``takt``: time
    available over demand; None where no demand is known. ``pace``: run time of a unit, NaN where none was made.
    """

    name: str
    periods: int
    planned: float
    run: float
    ideal: float
    productive: float
    units: float
    good: float
    availability: Estimate
    performance: Estimate
    quality: Estimate
    oee: Estimate
    losses: tuple[Loss, ...]
    mean_of_ratios: dict[str, float]
    takt: float | None
    pace: float


def stage_of(name: str, p: Periods, reasons: tuple[str, ...], confidence: float) -> Effectiveness:
    """Judge one stage."""
    pairs = {
        "availability": (p.run, p.planned), "performance": (p.ideal, p.run), "quality": (p.productive, p.ideal),
        "oee": (p.productive, p.planned),
    }  # fmt: skip
    found = {factor: pooled_ratio(*pair, confidence) for factor, pair in pairs.items()}
    means = {factor: _mean_ratio(*pair) for factor, pair in pairs.items()}
    planned, run, ideal, productive = (float(v.sum()) for v in (p.planned, p.run, p.ideal, p.productive))
    stops = p.stops.sum(axis=0)
    order = np.argsort(-stops, kind="stable")
    losses = [Loss(reasons[i], "availability", float(stops[i]), float(stops[i]) / planned) for i in order.tolist()]
    losses.append(Loss("slow running", "performance", run - ideal, (run - ideal) / planned))
    losses.append(Loss("bad units", "quality", ideal - productive, (ideal - productive) / planned))
    units = float(p.units.sum())
    wanted = 0.0 if p.demand is None else float(p.demand.sum())
    return Effectiveness(
        name, p.planned.size, planned, run, ideal, productive, units, float(p.good.sum()), found["availability"],
        found["performance"], found["quality"], found["oee"], tuple(losses), means,
        takt_time(planned, wanted) if wanted > 0 else None, run / units if units > 0 else np.nan,
    )  # fmt: skip


def _mean_ratio(part: Floats, whole: Floats) -> float:
    some = whole > 0
    return float((part[some] / whole[some]).mean()) if some.any() else np.nan


def change_of(before: Effectiveness, after: Effectiveness) -> dict[str, Estimate]:
    """After less before, of each factor: both intervals joined."""
    return {factor: square_and_add(getattr(before, factor), getattr(after, factor)) for factor in FACTORS}
