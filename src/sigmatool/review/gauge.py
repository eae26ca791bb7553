"""How much of what was seen is measurement, and could a gauge that moved at the rollout have made the change?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from ..numbers.dependent_stage import dependent_sd
from ..numbers.estimate import Estimate
from ..numbers.performance import performance
from ..numbers.square_and_add import square_and_add
from ..points import Measurements
from .case import short_term
from .gauge_file import Gauge
from .judging import change_of_level, decided

if TYPE_CHECKING:
    from .result import Review

Floats = NDArray[np.float64]

PROBABLE: Final = 0.6744898
"""Probable error of a reading: half of all readings err by less than so many standard deviations."""


@dataclass(frozen=True, slots=True)
class StageShare:
    """Measurement's share of a stage's variance.

    Attributes
    ----------
    name : str
    within, overall : Estimate
        Standard deviation of single values from one to the next, and of all of them, with 95 % intervals.
    share_within, share_overall : Estimate
        Variance of the gauge over theirs.
    process : float or None
        ``sqrt(overall^2 - sd^2)``: the process without its gauge; None where the gauge alone would spread more.
    ppk, ppk_process : float or None
        Against the specification, as seen and of the process alone.
    """

    name: str
    within: Estimate
    overall: Estimate
    share_within: Estimate
    share_overall: Estimate
    process: float | None
    ppk: float | None
    ppk_process: float | None


@dataclass(frozen=True, slots=True)
class Widened:
    """What the doubt about the gauge did: ends of the change of level without it and with it, and the verdict without.

    ``sd``: standard uncertainty of the shift between the stages, in the metric's own unit; ``dof`` its degrees of
    freedom.
    """

    sd: float
    dof: float
    plain_low: float
    plain_high: float
    low: float
    high: float
    verdict_plain: str


@dataclass(frozen=True, slots=True)
class GaugeFound:
    """The gauge beside the verdict.

    Attributes
    ----------
    gauge : Gauge
    changed : bool
        Declared: other gauges, operators or calibrations after the rollout than before.
    sd, probable_error : Estimate
        Of a single reading.
    increment : float or None
        The step in which the values of the data come, where they are whole numbers of one.
    change : float or None
        Change of level.
    in_probable_errors : float or None
        Its size, in probable errors of a single reading.
    averages : float
        The smallest difference of the two averages that random error of measurement alone lets be seen:
        ``1.96 sd sqrt(1 / n_before + 1 / n_after)``.
    stages : tuple of StageShare
    widened : Widened or None
        None where nothing had to be widened.
    """

    gauge: Gauge
    changed: bool
    sd: Estimate
    probable_error: Estimate
    increment: float | None
    change: float | None
    in_probable_errors: float | None
    averages: float
    stages: tuple[StageShare, ...]
    widened: Widened | None


def gauge_found(r: Review, gauge: Gauge, changed: bool) -> GaugeFound:
    """Hold a review's change and spread against the gauge.

    Notes
    -----
    A share is the ratio of two variances that are known apart: its interval is made of both by square-and-add on the
    logarithms (Zou & Donner 2008). Probable error and smallest increment: Wheeler (2006), EMP III, chapter 4.
    """
    points = r.judged.points
    assert isinstance(points, Measurements)
    sd = _ends(gauge.sd, gauge.sd_low, gauge.sd_high)
    dependent = r.autocorrelation or 0.0
    values = points.values
    stages, counts = [], []
    for name, side in (("before", ~r.judged.after), ("after", r.judged.after)):
        here = values[r.judged.used & side]
        counts.append(int(np.isfinite(here).sum()))
        stages.append(_stage(name, here, sd, dependent, r))
    change = None if r.effect is None else r.effect.difference
    error = Estimate(PROBABLE * sd.value, PROBABLE * sd.low, PROBABLE * sd.high)
    steps = np.diff(np.unique(values[np.isfinite(values)]))
    return GaugeFound(
        gauge=gauge,
        changed=changed,
        sd=sd,
        probable_error=error,
        increment=_least_step(steps),
        change=change,
        in_probable_errors=None if change is None else abs(change) / error.value,
        averages=1.959964 * gauge.sd * math.sqrt(sum(1 / n for n in counts)),
        stages=tuple(stages),
        widened=_widened(r),
    )


def _ends(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(value, math.nan if low is None else low, math.nan if high is None else high)


def _least_step(steps: Floats) -> float | None:
    """The step in which the values come; None where they are no whole numbers of one."""
    plain = steps[steps > 1e-9 * max(float(steps.sum()), 1e-300)]
    if plain.size == 0:
        return None
    least = float(plain.min())
    times = plain / least
    return float(f"{least:.6g}") if bool((np.abs(times - np.round(times)) < 0.01).all()) else None


def _stage(name: str, values: Floats, sd: Estimate, dependent: float, r: Review) -> StageShare:
    single = values[np.isfinite(values)]
    near = short_term(values)
    grouped = values.shape[1] > 1
    n = single.size
    dof = n - values.shape[0] if grouped else 2 * (n - 1) ** 2 / max(3 * n - 4, 1)
    within = _chi_square(near, float(dof))
    overall = dependent_sd(single, 0.0 if grouped else dependent)
    left = overall.value**2 - sd.value**2
    process = math.sqrt(left) if left > 0 else None
    ppk = freed = None
    if r.capability is not None:
        seen = r.capability.before if name == "before" else r.capability.after
        ppk = seen.ppk
        if process is not None:
            middle = float(single.mean())
            alone = middle + (single - middle) * (process / overall.value)
            freed = performance(alone, r.settings["lsl"], r.settings["usl"], 0.0 if grouped else dependent).ppk
    return StageShare(name, within, overall, _share(sd, within), _share(sd, overall), process, ppk, freed)


def _chi_square(sd: float, dof: float) -> Estimate:
    if sd == 0 or dof < 1:
        return Estimate(sd, math.nan, math.nan)
    low, high = (sd * math.sqrt(dof / float(chdtri(dof, tail))) for tail in (0.025, 0.975))
    return Estimate(sd, low, high, f"chi-square, {dof:.3g} degrees of freedom")


def _share(gauge: Estimate, spread: Estimate) -> Estimate:
    """Ratio of variances; of a gauge whose interval is not given, as if it were known."""
    if spread.value == 0:
        return Estimate(math.nan, math.nan, math.nan)
    known = math.isnan(gauge.low) or math.isnan(gauge.high)
    own = Estimate(gauge.value, gauge.value, gauge.value) if known else gauge
    found = square_and_add(_log(spread), _log(own))
    value, low, high = (math.exp(2 * v) for v in (found.value, found.low, found.high))
    return Estimate(value, low, max(value, min(high, 1.0)) if not math.isnan(high) else high, found.method)


def _log(e: Estimate) -> Estimate:
    value, low, high = (math.log(v) if v > 0 else -math.inf if v == 0 else v for v in (e.value, e.low, e.high))
    return Estimate(value, low, high)


def _widened(r: Review) -> Widened | None:
    """What the doubt did to the interval and to the verdict."""
    case, e, judged = r.case, r.findings, r.judged
    if case is None or case.doubt is None or e is None or r.effect is None:
        return None
    plain = change_of_level(judged, e.level_fit, e.interval_level, doubted=False)
    without = decided(replace(case, doubt=None), r.looks, judged.n_after)[1]
    slope = abs(judged.scale.slope(judged.scale.forward(r.effect.after)))
    return Widened(
        case.doubt.shift.sd * slope, case.doubt.shift.dof, plain.difference_low, plain.difference_high,
        r.effect.difference_low, r.effect.difference_high, without.code,
    )  # fmt: skip
