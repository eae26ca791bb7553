"""What do the data say about a rollout? The numbers, before anyone calls them good or bad.

A :class:`Case` is the series on its working scale, turned so that up is better. :func:`gather` asks the
questions E1 to E8 of the method and returns :class:`Evidence`; ``decision`` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numbers.autoregression import Contrast, Fit, Series
from ..numbers.change_point import StepDate, step_date
from ..numbers.spread import SpreadRatio, heavy_tails, normal_scores, spread_ratio
from ..numbers.stability import Stability, stability
from ..numbers.systematic import widened
from .doubt import Doubt, less_sure
from .policy import POLICY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """One series to be judged: missing, excluded and wash-out points already left out.

    Parameters
    ----------
    z : (n,) array
        Working scale, up is better; with a control series, the difference from it.
    relative_sd : (n,) array
    positions : (n,) array of int
        Calendar steps; left-out points leave a gap.
    after : (n,) array of bool
        At or after the rollout.
    season : int or None
        Declared period, in calendar steps.
    calendar : mapping of name to (n,) array, or None
        Columns of a season told by the calendar (weekdays), instead of a period.
    controlled : bool
        ``z`` is the difference from an untouched series.
    worthwhile : float or None
        Smallest worthwhile effect on the working scale; None takes half a noise standard deviation.
    log_spread : (n,) array or None
        Logarithm of the spread inside each subgroup (NaN where it has one value).
    doubt : Doubt or None
        By how much the gauge may have moved at the rollout, on the working scale.
    """

    z: Floats
    relative_sd: Floats
    positions: Ints
    after: Bools
    season: int | None = None
    calendar: Mapping[str, Floats] | None = None
    controlled: bool = False
    worthwhile: float | None = None
    log_spread: Floats | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True)
class Dating:
    """Where the step lies, as indices of the case's points (0-based)."""

    step: StepDate
    first: int
    last: int
    at_rollout: float
    includes_rollout: bool
    wholly_later: bool
    seen: bool
    better: bool


@dataclass(frozen=True)
class Evidence:
    """Every number that the decision table reads. p values are one-sided; "better" means up."""

    n_before: int
    n_after: int
    autocorrelation: float
    sd: float
    worthwhile: float
    default_worthwhile: bool
    level: Contrast
    level_fit: Fit
    p_better: float
    p_worse: float
    step: Contrast
    p_step_better: float
    p_step_worse: float
    p_ramp_better: float
    p_ramp_worse: float
    p_trend_better: float
    p_trend_worse: float
    trend: Contrast
    trend_before: Contrast
    p_trend_after_worse: float
    spread: SpreadRatio
    spread_inside: bool
    stability_before: Stability
    stability_after: Stability
    heavy: bool
    p_backslide: float
    p_early_better: float
    date: Dating
    date_given_trend: Dating
    p_worthwhile: float
    p_harmful: float
    points_needed: int
    points_needed_attribution: int
    seasonal: bool

    @property
    def fewest(self) -> int:
        """Points of the shorter stage."""
        return min(self.n_before, self.n_after)

    @property
    def interval_level(self) -> float:
        """At which the intervals of level and step are taken, so that they hold the truth in 95 %."""
        return 1 - 2 * POLICY.level_alpha(self.fewest)


def gather(case: Case) -> Evidence:
    """Ask every question of the method once."""
    z, s, after, before = case.z, case.relative_sd, case.after, ~case.after
    columns, season = _columns(case)
    series = Series(z, columns, case.positions, s)
    noise = series.fit(["one", "D", "tp", "tq", *season])
    innovations = noise.innovations()
    e1, e2 = innovations[before], innovations[after]
    between = spread_ratio(e1, e2)
    spread = between if case.log_spread is None else _inside_spread(case, between)
    level_series, level_sd = _level_series(case, series, columns, between)
    level_fit = level_series.fit(["one", "D", *season])
    shift = None if case.doubt is None else case.doubt.shift
    level = widened(level_fit.contrast(D=1.0), shift)
    step_fit = level_series.fit(["one", "D", "tc", *season])
    step, trend = widened(step_fit.contrast(D=1.0), shift), step_fit.contrast(tc=1.0)
    ramp = level_series.fit(["one", "ramp", "tc", *season]).contrast(ramp=1.0)
    if shift is not None:
        ramp = widened(ramp, shift, _step_as_ramp(columns, season))
    before_columns = {name: columns[name][before] for name in ["one", "tc", *season]}
    pre = Series(z[before], before_columns, case.positions[before], s[before]).fit(["one", "tc", *season])
    trend_before = pre.contrast(tc=1.0)
    halves = level_series.fit(["one", "early", "late", *season])
    fade = series.fit(["one", "D", "tq", *season]).contrast(tq=1.0)
    p_back = min(1.0, 2 * min(halves.contrast(early=1.0, late=-1.0).one_sided(), fade.one_sided(-1.0)))
    early = widened(halves.contrast(early=1.0), shift)
    heavy = heavy_tails(np.concatenate([e1 / e1.std(ddof=1), e2 / e2.std(ddof=1)]))
    stable_before, stable_after = _stabilities(case, columns, season, noise, heavy)
    worthwhile = 0.5 * noise.sd if case.worthwhile is None else case.worthwhile
    needed = points_needed(noise.sd, level_fit.autocorrelation, worthwhile)
    nuisance = np.column_stack([columns[name] for name in season]) if season else None
    trended = columns["tc"][:, None] if nuisance is None else np.column_stack([nuisance, columns["tc"]])
    return Evidence(
        n_before=int(before.sum()),
        n_after=int(after.sum()),
        autocorrelation=noise.autocorrelation,
        sd=noise.sd,
        worthwhile=worthwhile,
        default_worthwhile=case.worthwhile is None,
        level=level,
        level_fit=level_fit,
        p_better=level.one_sided(),
        p_worse=level.one_sided(-1.0),
        step=step,
        p_step_better=step.one_sided(),
        p_step_worse=step.one_sided(-1.0),
        p_ramp_better=ramp.one_sided(),
        p_ramp_worse=ramp.one_sided(-1.0),
        p_trend_better=min(trend.one_sided(), trend_before.one_sided()),
        p_trend_worse=min(trend.one_sided(-1.0), trend_before.one_sided(-1.0)),
        trend=trend,
        trend_before=trend_before,
        p_trend_after_worse=fade.one_sided(-1.0),
        spread=spread if case.doubt is None else less_sure(spread, case.doubt),
        spread_inside=case.log_spread is not None,
        stability_before=stable_before,
        stability_after=stable_after,
        heavy=heavy,
        p_backslide=p_back,
        p_early_better=early.one_sided(),
        date=_dating(case, level_sd, nuisance),
        date_given_trend=_dating(case, level_sd, trended),
        p_worthwhile=level.above(worthwhile),
        p_harmful=1 - level.above(-worthwhile),
        points_needed=needed,
        points_needed_attribution=needed if case.controlled else 4 * needed,
        seasonal=bool(season),
    )


def _columns(case: Case) -> tuple[dict[str, Floats], list[str]]:
    """Candidate columns: level, step, trends, halves of the after stage, ramp, season."""
    after, before, n = case.after, ~case.after, case.z.size
    t = case.positions.astype(float)
    n1, n2 = int(before.sum()), int(after.sum())
    d = after.astype(float)
    late = (after & (np.cumsum(after) > n2 / 2)).astype(float)
    start, end = t[after][0], t[-1]
    columns = {
        "one": np.ones(n),
        "D": d,
        "tc": (t - t.mean()) / n,
        "tp": np.where(after, 0.0, t - t[before].mean()) / n1,
        "tq": np.where(after, t - t[after].mean(), 0.0) / n2,
        "late": late,
        "early": d - late,
        "ramp": np.clip((t - start + 1) / max(0.5 * (end - start + 1), 1.0), 0, 1) * d,
    }
    season = dict(case.calendar or {})
    span = t[before][-1] - t[before][0] + 1
    if case.calendar is None and case.season and span >= POLICY.season_cycles * case.season:
        season = season_waves(t, case.season, n)
    return {**columns, **season}, list(season)


def _step_as_ramp(columns: dict[str, Floats], season: list[str]) -> float:
    """What a step of one looks like to the regression that asks for a gradual start."""
    design = np.column_stack([columns[name] for name in ["ramp", "one", "tc", *season]])
    return float(np.linalg.lstsq(design, columns["D"], rcond=None)[0][0])


def season_waves(t: Floats, season: int, n: int) -> dict[str, Floats]:
    """Columns of a season of so many calendar steps: a sine and a cosine, two pairs where ``n`` holds 5 cycles."""
    columns = {}
    for harmonic in range(1, 3 if n >= 5 * season and season > 3 else 2):
        angle = 2 * np.pi * harmonic * t / season
        columns[f"sin{harmonic}"] = np.sin(angle)
        if season > 2 * harmonic:
            columns[f"cos{harmonic}"] = np.cos(angle)
    return columns


def _level_series(case: Case, series: Series, columns: dict[str, Floats], spread: SpreadRatio) -> tuple[Series, Floats]:
    """The series for statements about level: each stage its own spread where they differ or n does."""
    n1, n2 = int((~case.after).sum()), int(case.after.sum())
    differs = min(spread.p_less, spread.p_more) < POLICY.unequal_spread
    if not differs and 2 / 3 <= n1 / n2 <= 1.5:
        return series, case.relative_sd
    root = np.sqrt(np.clip(spread.ratio, 0.2, 5.0))
    own = case.relative_sd * np.where(case.after, root, 1 / root)
    return Series(case.z, columns, case.positions, own), own


def _inside_spread(case: Case, between: SpreadRatio) -> SpreadRatio:
    """Spread inside the subgroups: the step of log s, with autocorrelation."""
    assert case.log_spread is not None
    seen = np.isfinite(case.log_spread)
    if min((seen & case.after).sum(), (seen & ~case.after).sum()) < POLICY.least_points:
        return between
    columns = {"one": np.ones(int(seen.sum())), "D": case.after[seen].astype(float)}
    step = Series(case.log_spread[seen], columns, case.positions[seen]).fit(["one", "D"]).contrast(D=1.0)
    low, high = step.interval()
    ratio, low, high = (float(np.exp(v)) for v in (step.estimate, low, high))
    return SpreadRatio(ratio, low, high, p_less=step.above(0.0), p_more=step.one_sided())


def _stabilities(
    case: Case, columns: dict[str, Floats], season: list[str], noise: Fit, heavy: bool
) -> tuple[Stability, Stability]:
    design = np.column_stack([columns[name] for name in ["one", "D", *season]])
    scaled = design / case.relative_sd[:, None]
    coefficients = np.linalg.lstsq(scaled, case.z / case.relative_sd, rcond=None)[0]
    residual = (case.z - design @ coefficients) / case.relative_sd
    parts = [residual[~case.after], residual[case.after]]
    before, after = (stability(normal_scores(x) if heavy else x, noise, heavy) for x in parts)
    return before, after


def _dating(case: Case, relative_sd: Floats, nuisance: Floats | None) -> Dating:
    step = step_date(case.z, case.positions, relative_sd, nuisance)
    dates = step.credible_set(POLICY.date_level)
    rollout = int(np.argmax(case.after))
    near = np.abs(step.dates - rollout) <= POLICY.date_tolerance
    includes = bool(np.isin(step.dates[near], dates).any())
    best = float(step.size[step.dates == step.best][0])
    return Dating(
        step=step,
        first=int(dates[0]),
        last=int(dates[-1]),
        at_rollout=float(step.probability[near].sum()),
        includes_rollout=includes,
        wholly_later=not includes and int(dates[0]) > rollout,
        seen=step.p_value < POLICY.alpha_moved,
        better=best > 0,
    )


def points_needed(sd: float, autocorrelation: float, worthwhile: float) -> int:
    """Points per stage to see a worthwhile change of level with 80 % power, one-sided 2.5 %.

    ``2 (1.96 + 0.84)^2 (sd / worthwhile)^2 (1 + r) / (1 - r)``; four times that to tell a step from a trend
    without a control series.
    """
    r = min(max(autocorrelation, 0.0), 0.9)
    z = 1.959964 + 0.841621
    return int(np.ceil(2 * z**2 * (sd / max(worthwhile, 1e-300)) ** 2 * (1 + r) / (1 - r)))
