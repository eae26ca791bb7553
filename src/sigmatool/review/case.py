"""From the door to the case: which points are judged, on which scale, and which way is up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from ..caveats import Caveat
from ..data import Counts, Measurements, counts, locate, measurements
from ..errors import DataError, SettingsError
from ..numbers.scales import ScaleName, WorkingScale, working_scale
from . import caveat_words
from .calendar_season import calendar_columns, season_of
from .controls import controls_of, mean_of
from .doubt import Doubt, doubt_of
from .evidence import Case
from .low_counts import Gathered, gather_counts, merge_of
from .policy import POLICY
from .request import Request
from .trigger import worst_stretch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """The points of a review, and the case made of those that are judged.

    ``used``, ``after``, ``washout``, ``trigger`` (the worst stretch before, left out where the rollout was started
    because of it), ``compared`` (the two stages held against each other) and ``positions`` are over all points of the
    axis; ``first`` is the place there of each point of the case (where it begins, when low counts were merged),
    ``sides`` their number before and after; ``control_scale`` is the mean of ``controls``; ``case`` is None where a
    stage has fewer than eight usable points (``shortfall`` says how many are missing) or the series takes fewer than
    four different values (``distinct``).
    """

    points: Measurements | Counts
    used: Bools
    after: Bools
    washout: Bools
    trigger: Bools
    compared: Bools
    positions: Ints
    scale: WorkingScale
    sign: float
    metric: str
    unit: str
    rollout_label: str
    case: Case | None
    shortfall: int
    distinct: int
    level_before: float
    control_scale: WorkingScale | None
    controls: tuple[tuple[str, WorkingScale], ...]
    caveats: tuple[Caveat, ...]
    season: int | str | None
    first: Ints
    sides: tuple[int, int]

    @property
    def control_z(self) -> Floats | None:
        """The control on the working scale."""
        return None if self.control_scale is None else self.control_scale.z

    @property
    def control_name(self) -> str:
        """The untouched series, by the names of their columns."""
        return ", ".join(name for name, _ in self.controls)

    @property
    def n_after(self) -> int:
        """Judged points of the axis after the rollout, as looks are planned; every period of a block counts."""
        return int((self.used & self.after).sum())

    def axis_label(self, used_index: int) -> str:
        """The label of the point that is the k-th judged one (0-based)."""
        return self.points.axis.labels[int(self.first[used_index])]


def prepare(data: Any, asked: Request) -> Judged:
    """Take the table through the door, leave out what is not judged, and turn the series so that up is better."""
    points = door(data, asked)
    starts = sorted(locate(points.axis, when) for when, _ in asked.rollouts)
    start = starts[-1 if asked.judged is None else asked.judged]
    order = np.arange(points.n)
    after = order >= start
    seen = seen_points(points)
    washed = seen & np.any([(order >= s) & (order < s + asked.washout) for s in starts], axis=0)
    compared = _compared(order, starts, start, asked.judged)
    used = seen & ~points.excluded & ~washed & compared
    trigger = trigger_of(points, asked, used, after)
    used = used & ~trigger
    low = _low_counts(points, asked, used, after)
    held, taken, later = points, used, after
    if low is not None and not low.shortfall:
        held, taken, later = low.points, np.ones(low.after.size, dtype=bool), low.after
    values = judged_values(held, asked, taken)
    _check_stages(held, values, taken, later)
    between = low is not None and low.between
    working = scale_of(held, "between" if between else asked.scale_name, asked, values, taken)
    controls = controls_of(data, points, asked, used, None if low is None or low.shortfall else low.member)
    control = mean_of([scale for _, scale in controls])
    level_before = float(np.mean(working.z[~later[taken]]))
    worthwhile = worthwhile_on(asked.worthwhile, working, level_before)
    sides = (int((taken & ~later).sum()), int((taken & later).sum()))
    shortfall = max(POLICY.least_points - min(sides), 0, 0 if low is None else low.shortfall)
    distinct = int(np.unique(working.z).size)
    # longer gaps are a lower rate
    sign = 1.0 if (asked.better == "higher") != between else -1.0
    case = None
    if shortfall == 0 and distinct >= POLICY.least_distinct:
        case = _case(held, asked, working, control, values[taken], taken, later, sign, worthwhile)
        case = replace(case, doubt=_doubt(points, asked, working, used, after))
    unit = points.name
    if isinstance(points, Counts) and points.size_name:
        unit = f"{points.name} per {points.size_name}"
    return Judged(
        points=points,
        used=used,
        after=after,
        washout=washed,
        trigger=trigger,
        compared=compared,
        positions=points.axis.positions,
        scale=working,
        sign=sign,
        metric=f"distance of {unit} from {asked.target:g}" if asked.better == "target" else unit,
        unit=unit,
        rollout_label=points.axis.labels[start],
        case=case,
        shortfall=shortfall,
        distinct=distinct,
        level_before=level_before,
        control_scale=control,
        controls=controls,
        caveats=_caveats(asked, case, points, trigger, low),
        season=season_of(asked.season),
        first=np.flatnonzero(used) if held is points or low is None else low.first,
        sides=sides,
    )


def _compared(order: Ints, starts: list[int], start: int, judged: int | None) -> Bools:
    """The two stages that are held against each other: those beside the rollout, or the first and the last."""
    if judged is None:
        return (order < starts[0]) | (order >= start)
    since = max((s for s in starts if s < start), default=0)
    until = min((s for s in starts if s > start), default=order.size)
    return (order >= since) & (order < until)


def door(data: Any, asked: Request) -> Measurements | Counts:
    """The points that are asked about, with their stages."""
    rollout = [f"{when}={label}" for when, label in asked.rollouts]
    if asked.counted and asked.value is not None:
        return counts(
            data, value=asked.value, size=asked.size, time=asked.time, rollout=rollout, exclude=asked.exclude,
            proportion=asked.scale_name == "proportion",
        )  # fmt: skip
    return measurements(
        data, value=asked.value, time=asked.time, subgroup=asked.subgroup, rollout=rollout, exclude=asked.exclude
    )


def seen_points(points: Measurements | Counts) -> Bools:
    """Points that hold a value."""
    if isinstance(points, Counts):
        return np.isfinite(points.count / points.size)
    return np.asarray(np.isfinite(points.values).any(axis=1))


def judged_values(points: Measurements | Counts, asked: Request, used: Bools) -> Floats:
    """Values as they are judged, (n, m): shares or rates; logarithms of durations; measurements as they are."""
    if isinstance(points, Counts):
        return (points.count / points.size)[:, None]
    if asked.scale_name == "duration":
        _check_positive(points, used)
        return np.log(np.where(used[:, None], points.values, np.nan))
    return points.values


def _low_counts(points: Measurements | Counts, asked: Request, used: Bools, after: Bools) -> Gathered | None:
    """Counts of too few events a period, made ready; with a declared season they stay as they are."""
    enough = min((used & ~after).sum(), (used & after).sum()) >= POLICY.least_points
    if not isinstance(points, Counts) or asked.season is not None or not enough:
        return None
    proportion = asked.scale_name == "proportion"
    return gather_counts(points, used, after, merge_of(asked.merge), proportion, asked.control is not None)


def scale_of(
    points: Measurements | Counts, name: ScaleName, asked: Request, values: Floats, used: Bools
) -> WorkingScale:
    """The judged points on their working scale."""
    if isinstance(points, Counts):
        return working_scale(name, points.count[used], points.size[used])
    means = _means(values[used])
    if asked.better == "target" and asked.target is not None:
        means = np.abs(means - asked.target)
    return WorkingScale(asked.scale_name, means, np.ones(means.size))


def _case(
    points: Measurements | Counts,
    asked: Request,
    working: WorkingScale,
    control: WorkingScale | None,
    values: Floats,
    used: Bools,
    after: Bools,
    sign: float,
    worthwhile: float | None,
) -> Case:
    relative, log_spread = working.relative_sd, None
    if values.shape[1] > 1:
        relative, log_spread = subgroup_noise(values)
    z = working.z
    if control is not None:
        z = z - control.z
        if any(np.ptp(z[side]) <= 1e-9 * np.ptp(working.z[side]) for side in (~after[used], after[used])):
            raise DataError(
                f"column {points.name!r} less its control never varies: the control is the metric itself, or made from "
                "it; name an untouched series."
            )
        relative = np.hypot(relative, control.relative_sd)
        relative = relative / np.sqrt(np.mean(relative**2))
    return Case(
        z=sign * z,
        relative_sd=relative,
        positions=points.axis.positions[used],
        after=after[used],
        season=period if isinstance(period := season_of(asked.season), int) else None,
        calendar=calendar_columns(points.axis, period, used, after) if isinstance(period, str) else None,
        controlled=control is not None,
        worthwhile=worthwhile,
        log_spread=log_spread,
    )


def _doubt(
    points: Measurements | Counts, asked: Request, working: WorkingScale, used: Bools, after: Bools
) -> Doubt | None:
    """What a change of gauge at the rollout could feign, on the working scale."""
    if asked.gauge is None or not isinstance(points, Measurements):
        return None
    levels = [float(working.z[side].mean()) for side in (~after[used], after[used])]
    near = [short_term(points.values[used & side]) for side in (~after, after)]
    return doubt_of(
        asked.gauge, asked.gauge_changed, working.back(levels[1]) - working.back(levels[0]),
        (working.slope(levels[0]), working.slope(levels[1])), (near[0] ** 2, near[1] ** 2),
    )  # fmt: skip


def short_term(values: Floats) -> float:
    """Spread of single values from one to the next: inside the subgroups, else by successive differences.

    ``sqrt(sum (x - mean)^2 / sum (n - 1))`` over the subgroups; ``sqrt(mean(d^2) / 2)`` of single values (von Neumann).

    Examples
    --------
    >>> short_term(np.array([[1.0], [3.0], [1.0]])), short_term(np.array([[1.0, 3.0], [5.0, 7.0]]))
    (1.4142135623730951, 1.4142135623730951)
    """
    if values.shape[1] > 1:
        present = np.isfinite(values)
        squares = np.where(present, (values - _means(values)[:, None]) ** 2, 0.0).sum()
        return float(np.sqrt(squares / max(int((present.sum(axis=1) - 1).sum()), 1)))
    x = values[:, 0]
    return float(np.sqrt(np.mean(np.diff(x) ** 2) / 2)) if x.size > 1 else 0.0


def _means(values: Floats) -> Floats:
    present = np.isfinite(values)
    count = present.sum(axis=1)
    total = np.where(present, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _check_stages(points: Measurements | Counts, values: Floats, used: Bools, after: Bools) -> None:
    means = _means(values)
    for side, mask in (("before", used & ~after), ("after", used & after)):
        n = int(mask.sum())
        if n < 2:
            raise DataError(
                f"only {n} usable point{'s' if n != 1 else ''} {side} the rollout: a review needs points on "
                f"both sides, {POLICY.least_points} at the least; collect more, or move the rollout."
            )
        if float(np.ptp(means[mask])) == 0.0:
            at = int(np.flatnonzero(mask)[0])
            held = points.count[at] if isinstance(points, Counts) else points.values[at][0]
            raise DataError(
                f"all {n} points {side} the rollout hold the same value ({held:g} in column {points.name!r}): "
                "nothing can be judged from constant values; check the export, measure more finely, or merge "
                "periods."
            )


def _check_positive(points: Measurements, used: Bools) -> None:
    bad = np.argwhere(used[:, None] & (points.values <= 0))
    if bad.size:
        at = int(bad[0][0])
        raise DataError(
            f"column {points.name!r} holds {points.values[tuple(bad[0])]:g} at {points.axis.labels[at]}: a duration "
            "must be above zero; correct it, exclude the point, or use scale = continuous."
        )


def subgroup_noise(values: Floats) -> tuple[Floats, Floats]:
    """Relative sd of subgroup means, and log s free of its small-sample bias."""
    present = np.isfinite(values)
    n = present.sum(axis=1)
    mean = _means(values)
    squares = np.where(present, (values - mean[:, None]) ** 2, 0.0).sum(axis=1)
    dof = n - 1
    within = float(squares.sum() / max(dof.sum(), 1))
    between = max(float(np.mean(np.diff(mean) ** 2)) / 2 - within * float(np.mean(1 / n)), 0.0)
    sd = np.sqrt(between + within / n)
    ok = (dof > 0) & (squares > 0)
    half = np.where(ok, dof, 1) / 2
    bias = 0.5 * (digamma(half) - np.log(half))
    log_s = 0.5 * np.log(np.where(ok, squares, 1.0) / np.where(ok, dof, 1)) - bias
    return sd / np.sqrt(np.mean(sd**2)), np.where(ok, log_s, np.nan)


def trigger_of(points: Measurements | Counts, asked: Request, used: Bools, after: Bools) -> Bools:
    """The worst stretch before the rollout, where the rollout was started because of it."""
    left_out = np.zeros(used.size, dtype=bool)
    before = np.flatnonzero(used & ~after)
    if asked.triggered_by_bad_results and before.size > POLICY.least_points:
        values = judged_values(points, asked, used)
        z = scale_of(points, asked.scale_name, asked, values, used).z[: before.size]
        first, last = worst_stretch(z if asked.better == "higher" else -z)
        left_out[before[first:last]] = True
    return left_out


def worthwhile_on(given: float | str | None, scale: WorkingScale, level_before: float) -> float | None:
    """The smallest worthwhile effect on the working scale."""
    if given is None:
        return None
    before = scale.back(level_before)
    text = str(given).strip()
    try:
        size = abs(before) * float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise SettingsError(
            f"worthwhile {given!r} must be a number in the metric's own unit, or a share like 10%."
        ) from None
    if not np.isfinite(size) or size <= 0:
        of = f" (of a level before of {before:.4g})" if text.endswith("%") else ""
        raise SettingsError(f"worthwhile must come to more than zero, not {given!r}{of}.")
    moved = max(before - size, 0.0) if scale.name != "continuous" and before > size else before + size
    return abs(scale.forward(moved) - scale.forward(before))


def _caveats(
    asked: Request, case: Case | None, points: Measurements | Counts, trigger: Bools, low: Gathered | None
) -> tuple[Caveat, ...]:
    found = [] if low is None else [low.caveat]
    if trigger.any():
        at = np.flatnonzero(trigger)
        found.append(
            caveat_words.trigger_left_out(at.size, points.axis.labels[int(at[0])], points.axis.labels[int(at[-1])])
        )
    season = None if case is None else case.season
    if season is not None and case is not None:
        span = case.positions[~case.after][-1] - case.positions[~case.after][0] + 1
        if span < POLICY.season_cycles * season:
            found.append(caveat_words.season_not_modelled(season, int(span), POLICY.season_cycles))
    if asked.worthwhile is None:
        found.append(caveat_words.default_worthwhile())
    if asked.better == "target":
        found.append(caveat_words.target_distance())
    return tuple(found)
