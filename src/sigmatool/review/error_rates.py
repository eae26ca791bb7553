"""How often is a verdict like this wrong? Looked up in the study that ships with the package.

The study (``benchmarks/operating_characteristics``) judges thousands of simulated series with a known truth by the
very method of this package. A review looks up the cells that lie around it: its number of points, its
autocorrelation, its kind of metric, with or without an untouched series.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from ..numbers.exact_counts import wilson
from .error_rate_words import outside_study, rate_sentences

STEPS: Final = (0.0, 0.5, 1.0, 2.0)
"""Sizes of change in the study, in standard deviations of the noise."""

PHIS: Final = (0.0, 0.3, 0.6)

WRONG_AS: Final = {
    "DETERIORATED": "deteriorated",
    "STABILISED": "stabilised",
    "DESTABILISED": "destabilised",
    "BETTER_CAUSE_OPEN": "open",
    "IMPROVED_NOT_SUSTAINED": "not_sustained",
    "NOT_ATTRIBUTABLE": "refuted",
    "CHANGE_CAME_LATER": "refuted",
}
"""What a verdict is counted as in the study; every IMPROVED_... that credits the rollout is ``credited``."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of simulated reviews, with the upper 95 % limit (Wilson) that its number of replications leaves."""

    share: float
    upper: float
    replications: int


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """What the study says about reviews like this one.

    Attributes
    ----------
    false_credit : Rate
        A steady process credited with an improvement.
    trend_credit : Rate
        The same where a trend, for better or worse, was running already.
    this_verdict : Rate or None
        A steady process given the verdict of this review; None for verdicts that claim nothing.
    change : float
        The worthwhile change, in standard deviations of the noise.
    credited, cause_open, missed : float
        What becomes of such a change: credited to the rollout; seen, with the cause left open; neither.
    points : float
        Points in each stage of a review with equal stages that knows as much.
    autocorrelation : float
        At which the study was read: between 0 and 0.6.
    outside : str
        Where the review lies outside what was studied, in words; empty within.
    label, command : str
        The study's seeds, and how to run it again.
    """

    false_credit: Rate
    trend_credit: Rate
    this_verdict: Rate | None
    change: float
    credited: float
    cause_open: float
    missed: float
    points: float
    autocorrelation: float
    outside: str
    label: str
    command: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """The rates in words."""
        return rate_sentences(self)


@dataclass(frozen=True)
class Study:
    """The shipped table: its regular cells by size, autocorrelation, step and control, and all the others."""

    cells: tuple[dict[str, Any], ...]
    label: str
    command: str

    def grid(self, size: int, phi: float, step: float, controlled: bool) -> dict[str, Any]:
        """The regular cell; a steady process is the same with and without an untouched series."""
        kind = "control" if controlled and step > 0 else "continuous"
        try:
            return self._regular[kind, size, phi, step]
        except KeyError:
            raise LookupError(
                f"the study holds no cell of {size} points at autocorrelation {phi:g}, step {step:g}"
            ) from None

    @cached_property
    def _regular(self) -> dict[tuple[str, int, float, float], dict[str, Any]]:
        return {(c["kind"], c["before"], c["phi"], c["step"]): c for c in self.cells if c["grid"]}

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Points a stage of the regular cells."""
        return tuple(sorted({size for _, size, _, _ in self._regular}))


@cache
def study() -> Study:
    """The table that ships with the package, read once."""
    text = resources.files(__package__).joinpath("error_rates.json").read_text(encoding="utf-8")
    held = json.loads(text)
    return Study(tuple(held["cells"]), held["label"], held["command"])


def error_rates(
    code: str,
    credited: bool,
    before: int,
    after: int,
    autocorrelation: float,
    change: float,
    kind: str,
    controlled: bool,
) -> ErrorRates:
    """Look up the rates for a review.

    Parameters
    ----------
    code : str
        Its verdict; ``credited``: whether that credits the rollout.
    before, after : int
        Judged points of each stage; unequal stages are read as equal ones of the same standard error.
    autocorrelation : float
    change : float
        The change that should be found, in standard deviations of the noise.
    kind : str
        Scale of the metric: continuous, duration, proportion or rate.
    controlled : bool
    """
    held = study()
    points = 2 / (1 / before + 1 / after)
    size = float(np.clip(points, held.sizes[0], held.sizes[-1]))
    phi = float(np.clip(autocorrelation, PHIS[0], PHIS[-1]))
    around = _around(held, size, phi)
    steady = (
        [held.grid(n, p, 0.0, controlled) for n, p, _ in around],
        _alike(held, "null", kind, size),
    )
    trends = (_alike(held, "trend", "continuous", size),)
    wrong_as = "credited" if credited else WRONG_AS.get(code)
    size_of_change = min(change, STEPS[-1])
    shares = {key: _interpolated(held, around, size_of_change, controlled, key) for key in ("credited", "open")}
    return ErrorRates(
        false_credit=_worst(steady, "credited"),
        trend_credit=_worst(trends, "credited"),
        this_verdict=None if wrong_as in (None, "credited") else _worst(steady, str(wrong_as)),
        change=change,
        credited=shares["credited"],
        cause_open=shares["open"],
        missed=max(1.0 - shares["credited"] - shares["open"], 0.0),
        points=points,
        autocorrelation=phi,
        outside=_outside(points, autocorrelation, held.sizes),
        label=held.label,
        command=held.command,
    )


def steady_shares(before: int, after: int, autocorrelation: float) -> Mapping[str, float]:
    """Shares of steady processes that get each verdict, by its name in the study.

    As measured, not their upper limits: for sums over many reviews. Read between the regular cells around the points
    a stage (rounded) and the autocorrelation (to 0.01), of plain measurements; beyond the study, its edge.

    Examples
    --------
    >>> shares = steady_shares(24, 24, 0.1)
    >>> 0 <= shares["credited"] <= 0.05 and shares is steady_shares(25, 23, 0.104)
    True
    """
    sizes = study().sizes
    size = int(np.clip(round(2 / (1 / before + 1 / after)), sizes[0], sizes[-1]))
    return _steady_shares(size, round(100 * float(np.clip(autocorrelation, PHIS[0], PHIS[-1]))))


@cache
def _steady_shares(size: int, hundredths: int) -> Mapping[str, float]:
    held = study()
    around = _around(held, size, hundredths / 100)
    keys = dict.fromkeys(["credited", *WRONG_AS.values()])
    return MappingProxyType({key: _interpolated(held, around, 0.0, False, key) for key in keys})


def _around(held: Study, size: float, phi: float) -> list[tuple[int, float, float]]:
    """The regular cells around a size and an autocorrelation, with their weights (linear in log size and phi)."""
    found = []
    for n, share in _neighbours(held.sizes, size, np.log):
        for p, part in _neighbours(PHIS, phi, float):
            found.append((int(n), float(p), share * part))
    return found


def _neighbours(ladder: tuple[float, ...], value: float, scale: Any) -> list[tuple[float, float]]:
    upper = next(i for i, rung in enumerate(ladder) if rung >= value)
    if ladder[upper] == value or upper == 0:
        return [(ladder[upper], 1.0)]
    low, high = ladder[upper - 1], ladder[upper]
    share = float((scale(value) - scale(low)) / (scale(high) - scale(low)))
    return [(low, 1 - share), (high, share)]


def _alike(held: Study, truth: str, kind: str, size: float) -> list[dict[str, Any]]:
    """Irregular cells of a truth and kind with stages of about this size: within a factor of 2, else the nearest."""
    found = [c for c in held.cells if not c["grid"] and c["truth"] == truth and c["kind"] == kind]
    apart = [abs(float(np.log(2 / (1 / c["before"] + 1 / c["after"]) / size))) for c in found]
    reach = max(min(apart, default=0.0), float(np.log(2)))
    return [cell for cell, distance in zip(found, apart, strict=True) if distance <= reach + 1e-9]


def _worst(groups: tuple[list[dict[str, Any]], ...], key: str) -> Rate:
    """The largest of the shares of groups of cells, each group pooled."""
    rates = []
    for cells in groups:
        n = sum(int(cell["replications"]) for cell in cells)
        if n:
            count = sum(int(cell.get(key, 0)) for cell in cells)
            rates.append(Rate(count / n, float(wilson(count, n)[1]), n))
    if not rates:
        raise LookupError("the study holds no cell like this")
    return max(rates, key=lambda rate: rate.upper)


def _interpolated(
    held: Study, around: list[tuple[int, float, float]], step: float, controlled: bool, key: str
) -> float:
    total = 0.0
    for rung, part in _neighbours(STEPS, step, float):
        for n, phi, weight in around:
            cell = held.grid(n, phi, rung, controlled)
            total += part * weight * int(cell.get(key, 0)) / int(cell["replications"])
    return total


def _outside(points: float, autocorrelation: float, sizes: tuple[int, ...]) -> str:
    reach = (sizes[0], sizes[-1]) if points < sizes[0] or points > sizes[-1] else None
    return outside_study(reach, PHIS[-1] if autocorrelation > PHIS[-1] else None)
