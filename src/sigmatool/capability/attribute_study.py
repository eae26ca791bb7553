"""What counts say about a process: the rate with an interval, whether points differ, whether enough was inspected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, betainc, betaincc, gammainc, gammaincc

from ..charts.engine import chart_points
from ..charts.result import ControlChart
from ..numbers.clustered_counts import Widened, widened
from ..numbers.dispersion import overdispersion
from ..numbers.estimate import Estimate
from ..numbers.exact_counts import clopper_pearson, garwood
from ..numbers.run_tests import runs_about
from ..points import Counts
from .gate_words import FEW_COUNTS, FOLLOW, NO_SCATTER, QUIET_CHART, beyond_chart

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kind = Literal["binomial", "poisson"]

LEVEL: Final = 0.05
"""Chance at which a process without a fault is called over-dispersed, or (three looks together) unstable."""

FEWEST: Final = 10
"""Points under which nothing is said of stability."""

CLOSE: Final = 0.1
"""Half width of the interval beside the rate, up to which it is close."""

FAIR: Final = 0.2
"""Half width of the interval beside the rate, up to which it is fair."""


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Whether points differ by more than their law allows: Pearson's chi-square over its freedom, and its p."""

    ratio: float
    p: float

    @property
    def beyond_chance(self) -> bool:
        return self.ratio > 1 and self.p < LEVEL

    @property
    def below_chance(self) -> bool:
        return self.p > 0.999


@dataclass(frozen=True, slots=True)
class Stability:
    """Whether the points are one process.

    Attributes
    ----------
    stable : bool or None
        None where too few points are there to say.
    reason : str
    limits : str
        Kind of the chart whose limits judge: Laney's where points differ by more than chance.
    beyond : tuple of int
        Points (from 1) beyond those limits.
    expected_beyond : float
        As many a stable process gives on average.
    p_beyond, p_extreme, p_runs : float
        Chance of so many points beyond, of a point as far out as the farthest, and of so few runs about the mean, in
        a stable process.
    """

    stable: bool | None
    reason: str
    limits: str
    beyond: tuple[int, ...]
    expected_beyond: float
    p_beyond: float
    p_extreme: float
    p_runs: float


@dataclass(frozen=True, slots=True)
class Running:
    """The rate of everything inspected up to each point, with its interval, (k,) each; ``at`` are places from 0."""

    at: Ints
    inspected: Floats
    rate: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Enough:
    """Whether enough was inspected.

    Attributes
    ----------
    relative : float
        Half width of the final interval beside the rate; NaN where nothing was counted.
    degree : {"close", "fair", "rough", "none"}
    settled : int
        Point (from 1) from which on the running rate stayed inside the final interval.
    settled_share : float
        Share of all inspected up to there.
    needed : float
        To be inspected, at this rate, for an interval of a tenth of the rate on each side; NaN where none was counted.
    """

    relative: float
    degree: str
    settled: int
    settled_share: float
    needed: float


@dataclass(frozen=True)
class Study:
    """Everything that counts say.

    ``rate``: the estimate to speak of; ``exact``: with the interval of independent units; ``widened``: with that from
    the differences between points, where they are beyond chance, and then ``rate`` has it.
    """

    kind: Kind
    counted: float
    inspected: float
    n: int
    rate: Estimate
    exact: Estimate
    widened: Widened | None
    dispersion: Dispersion
    stability: Stability
    running: Running
    enough: Enough
    chart: ControlChart


def study(points: Counts, kind: Kind, confidence: float) -> Study:
    """Judge counts that have been through the door."""
    at = np.flatnonzero(~points.excluded & np.isfinite(points.count))
    count, size = points.count[at], points.size[at]
    proportion = kind == "binomial"
    events, total = float(count.sum()), float(size.sum())
    of, name = (clopper_pearson, "Clopper-Pearson (1934)") if proportion else (garwood, "Garwood (1936)")
    low, high = (float(end) for end in of(events, total, confidence))
    exact = rate = Estimate(events / total, low, high, f"exact: {name}")
    dispersion = Dispersion(*overdispersion(count, size, proportion))
    wide = None
    if dispersion.beyond_chance:
        wide = widened(count, size, proportion, confidence)
        rate = Estimate(wide.value, wide.low, wide.high, "from the differences between points: Korn & Graubard (1998)")
    # a unit that is like its neighbours tells less: the running interval is as honest as the final one
    worth = 1.0 if wide is None else wide.effective / total
    so_far, seen = np.cumsum(count), np.cumsum(size)
    lows, highs = of(so_far * worth, seen * worth, confidence)
    running = Running(at, seen, so_far / seen, lows, highs)
    chart = _chart(points, kind, dispersion)
    return Study(
        kind, events, total, int(at.size), rate, exact, wide, dispersion, _stability(chart, running.at, count, size),
        running, _enough(rate, running), chart,
    )  # fmt: skip


def _chart(points: Counts, kind: Kind, dispersion: Dispersion) -> ControlChart:
    name = ("p" if kind == "binomial" else "u") if points.size_name is not None else "c"
    if dispersion.beyond_chance and name != "c":
        name = f"laney-{name}"
    return chart_points(points, name, rules="1")


def _stability(chart: ControlChart, at: Ints, count: Floats, size: Floats) -> Stability:
    beyond = tuple(sorted(point for point in chart.signals.at_points(chart.panels[0].name)))
    k = int(at.size)
    price = chart.false_alarm.per_point
    chance = 0.0027 if price is None else max(price, 1e-9)
    p_beyond = float(bdtrc(len(beyond) - 1, k, chance)) if beyond else 1.0
    p_extreme = _farthest(chart, count, size)
    rates, mean = count / size, float(count.sum() / size.sum())
    # with a few points on one side the normal approximation of the number of runs does not hold
    rarer = min(int((rates > mean).sum()), int((rates <= mean).sum()))
    p_runs = runs_about(rates, mean).p_few if rarer >= FEWEST // 2 else 1.0
    told = (chart.kind, beyond, k * chance, p_beyond, p_extreme, p_runs)
    if float(count.sum()) == 0 or bool(np.all(chart.panels[0].sigma[at] <= 0)):
        return Stability(None, NO_SCATTER, *told)
    if k < FEWEST:
        return Stability(None, FEW_COUNTS.format(points=k, needed=FEWEST), *told)
    if beyond and min(p_beyond, p_extreme) < LEVEL / 3:
        return Stability(False, beyond_chart(list(beyond), chart.kind), *told)
    if p_runs < LEVEL / 3:
        return Stability(False, FOLLOW, *told)
    return Stability(True, QUIET_CHART.format(kind=chart.kind), *told)


def _farthest(chart: ControlChart, count: Floats, size: Floats) -> float:
    """Chance that the farthest of so many points of a stable process lies as far out, by exact tails on both sides.

    Where points differ by more than chance, events are worth less by Laney's sigma_z squared: moving ranges, which one
    wild point hardly moves.
    """
    worth = 1 / max(chart.sigma, 1.0) ** 2 if chart.kind.startswith("laney") else 1.0
    x, n, rate = count * worth, size * worth, float(count.sum() / size.sum())
    if chart.percent:
        more = np.where(x > 0, betainc(np.maximum(x, 1e-300), n - x + 1, rate), 1.0)
        fewer = np.where(x < n, betaincc(x + 1, np.maximum(n - x, 1e-300), rate), 1.0)
    else:
        more = np.where(x > 0, gammainc(np.maximum(x, 1e-300), n * rate), 1.0)
        fewer = gammaincc(x + 1, n * rate)
    return min(1.0, 2 * x.size * float(min(more.min(), fewer.min())))


def _enough(rate: Estimate, running: Running) -> Enough:
    outside = np.flatnonzero((running.rate < rate.low) | (running.rate > rate.high))
    first = int(outside[-1]) + 1 if outside.size else 0
    share = float(running.inspected[first] / running.inspected[-1])
    if rate.value == 0:
        return Enough(np.nan, "none", int(running.at[first]) + 1, share, np.nan)
    relative = (rate.high - rate.low) / 2 / rate.value
    degree = "close" if relative <= CLOSE else "fair" if relative <= FAIR else "rough"
    needed = float(running.inspected[-1]) * (relative / CLOSE) ** 2
    return Enough(relative, degree, int(running.at[first]) + 1, share, needed)
