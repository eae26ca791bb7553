"""From the door to the case: which points are judged, on which scale, and which way is up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from ..caveats import Caveat
from ..data import Counts, Measurements, counts, extra, locate, measurements
from ..errors import DataError, SettingsError
from ..numbers.scales import ScaleName, WorkingScale, working_scale
from .evidence import Case
from .policy import POLICY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """The points of a review, and the case made of those that are judged.

    ``used``, ``after``, ``washout``, ``positions`` are over all points of the axis; ``case`` is None where a
    stage has fewer than eight usable points (``shortfall`` says how many are missing) or the series takes fewer than
    four different values (``distinct``).
    """

    points: Measurements | Counts
    statistic: Floats
    used: Bools
    after: Bools
    washout: Bools
    positions: Ints
    scale: WorkingScale
    sign: float
    metric: str
    unit: str
    rollout_label: str
    rollout_name: str
    case: Case | None
    shortfall: int
    distinct: int
    level_before: float
    control_name: str
    control_z: Floats | None
    control_scale: WorkingScale | None
    caveats: tuple[Caveat, ...]
    season: int | None
    worthwhile: float | None

    def axis_label(self, used_index: int) -> str:
        """The label of the point that is the k-th judged one (0-based)."""
        return self.points.axis.labels[int(np.flatnonzero(self.used)[used_index])]


def door(
    data: Any,
    value: str | None,
    size: str | None,
    time: str | None,
    subgroup: str | int | None,
    scale: str,
    when: str,
    label: str,
    exclude: Sequence[int] | str | None,
) -> Measurements | Counts:
    """Take the table through the one door, as counts or as measurements."""
    if scale not in ("auto", "continuous", "duration", "proportion", "rate"):
        raise SettingsError(f"scale must be auto, continuous, duration, proportion or rate, not {scale!r}.")
    if scale == "proportion" and size is None:
        raise SettingsError("scale = proportion needs size: the column with the number inspected.")
    if size is not None and scale in ("continuous", "duration"):
        raise SettingsError(f"scale = {scale} takes no size; leave size out, or judge a proportion or a rate.")
    rollout = f"{when}={label}"
    if size is not None or scale == "rate":
        if subgroup is not None:
            raise SettingsError("subgroup goes with measurements, not with counts of events: leave one out.")
        if value is None:
            raise SettingsError("name the column with the count of events: value (-y).")
        strict = scale == "proportion" or scale == "auto"
        return counts(data, value=value, size=size, time=time, rollout=rollout, exclude=exclude, proportion=strict)
    return measurements(data, value=value, time=time, subgroup=subgroup, rollout=rollout, exclude=exclude)


def prepare(
    data: Any,
    points: Measurements | Counts,
    when: str,
    label: str,
    better: str,
    scale: str,
    washout: int,
    worthwhile: float | str | None,
    season: int | None,
    control: str | None,
    control_size: str | None,
    target: float | None,
) -> Judged:
    """Choose the scale, leave out what is not judged, and turn the series so that up is better."""
    after_index = locate(points.axis, when)
    n = len(points.axis.labels)
    after = np.arange(n) >= after_index
    if washout < 0:
        raise SettingsError(f"washout counts points and cannot be {washout}.")
    washed = after & (np.arange(n) < after_index + washout)
    if isinstance(points, Counts):
        name: ScaleName = "rate" if scale == "rate" else "proportion"
        statistic = points.count / points.size
        finite = np.isfinite(statistic)
    else:
        name = "duration" if scale == "duration" else "continuous"
        finite = np.isfinite(points.values).any(axis=1)
    used = finite & ~points.excluded & ~washed
    if isinstance(points, Measurements):
        values = points.values
        if name == "duration":
            _check_positive(points, used)
            # subgroups of durations are averaged as they are judged: on the logarithm
            values = np.log(np.where(used[:, None], values, np.nan))
        statistic = np.exp(_means(values)) if name == "duration" else _means(values)
    _check_stages(points, statistic, used, after)
    if season is not None and season < 2:
        raise SettingsError(f"season is a period in points and must be at least 2, not {season}.")
    raw = statistic
    if better == "target":
        if isinstance(points, Counts) or name != "continuous":
            raise SettingsError("better = target is for measurements on their own scale (continuous).")
        raw = np.abs(statistic - (target or 0.0))
    working = (
        working_scale(name, points.count[used], points.size[used])
        if isinstance(points, Counts)
        else working_scale(name, raw[used])
    )
    sign = 1.0 if better == "higher" else -1.0
    control_scale = _control(data, points, control, control_size, name, used)
    control_z = None if control_scale is None else control_scale.z
    judged_after = after[used]
    level_before = float(np.mean(working.z[~judged_after]))
    smallest = _worthwhile(worthwhile, working, level_before)
    counts_per_side = (int((~judged_after).sum()), int(judged_after.sum()))
    shortfall = max(POLICY.least_points - min(counts_per_side), 0)
    distinct = int(np.unique(working.z).size)
    case = None
    if shortfall == 0 and distinct >= POLICY.least_distinct:
        relative, log_spread = working.relative_sd, None
        if isinstance(points, Measurements) and points.values.shape[1] > 1:
            relative, log_spread = _subgroup_noise(values[used])
        z = working.z if control_z is None else working.z - control_z
        if control_scale is not None:
            relative = np.hypot(relative, control_scale.relative_sd)
            relative = relative / np.sqrt(np.mean(relative**2))
        case = Case(
            z=sign * z,
            relative_sd=relative,
            positions=points.axis.positions[used],
            after=judged_after,
            season=season,
            controlled=control_z is not None,
            worthwhile=smallest,
            log_spread=log_spread,
        )
    metric = points.name
    if isinstance(points, Counts) and points.size_name:
        metric = f"{points.name} per {points.size_name}"
    return Judged(
        points=points,
        statistic=statistic,
        used=used,
        after=after,
        washout=washed & finite,
        positions=points.axis.positions,
        scale=working,
        sign=sign,
        metric=f"distance of {metric} from {target:g}" if better == "target" else metric,
        unit=metric,
        rollout_label=points.axis.labels[after_index],
        rollout_name=label,
        case=case,
        shortfall=shortfall,
        distinct=distinct,
        level_before=level_before,
        control_name=control or "",
        control_z=control_z,
        control_scale=control_scale,
        caveats=_caveats(season, case, worthwhile, better),
        season=season,
        worthwhile=smallest,
    )


def _means(values: Floats) -> Floats:
    present = np.isfinite(values)
    count = present.sum(axis=1)
    total = np.where(present, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _check_stages(points: Measurements | Counts, statistic: Floats, used: Bools, after: Bools) -> None:
    for side, mask in (("before", used & ~after), ("after", used & after)):
        n = int(mask.sum())
        if n < 2:
            raise DataError(
                f"only {n} usable point{'s' if n != 1 else ''} {side} the rollout: a review needs points on "
                f"both sides, {POLICY.least_points} at the least; collect more, or move the rollout."
            )
        if float(np.ptp(statistic[mask])) == 0.0:
            held = statistic[mask][0]
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


def _subgroup_noise(values: Floats) -> tuple[Floats, Floats]:
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


def _control(
    data: Any,
    points: Measurements | Counts,
    control: str | None,
    control_size: str | None,
    name: ScaleName,
    used: Bools,
) -> WorkingScale | None:
    if control is None:
        if control_size is not None:
            raise SettingsError("control_size needs control: the column of the untouched series.")
        return None
    values = extra(data, control, points)[used]
    sizes = None
    if isinstance(points, Counts):
        if control_size is None and points.size_name is not None:
            raise SettingsError(
                f"control {control!r} is a count: give its denominator too, for example --control-size COLUMN."
            )
        sizes = np.ones(values.size) if control_size is None else extra(data, control_size, points)[used]
    missing = ~np.isfinite(values) | (False if sizes is None else ~np.isfinite(sizes))
    if missing.any():
        at = points.axis.labels[int(np.flatnonzero(used)[np.argmax(missing)])]
        raise DataError(
            f"the control {control!r} has no value at {at}: a control must be measured at every judged point; "
            "fill it in, exclude the point, or review without a control."
        )
    impossible = values <= 0 if name == "duration" else np.zeros(values.size, dtype=bool)
    if sizes is not None:
        impossible = (values < 0) | (sizes <= 0) | ((values > sizes) if name == "proportion" else False)
    if impossible.any():
        at = points.axis.labels[int(np.flatnonzero(used)[np.argmax(impossible)])]
        raise DataError(f"the control {control!r} has an impossible value at {at} for a {name}; correct it.")
    return working_scale(name, values, sizes)


def _worthwhile(given: float | str | None, scale: WorkingScale, level_before: float) -> float | None:
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


def _caveats(season: int | None, case: Case | None, worthwhile: float | str | None, better: str) -> tuple[Caveat, ...]:
    found = []
    if season is not None and case is not None:
        span = case.positions[~case.after][-1] - case.positions[~case.after][0] + 1
        if span < POLICY.season_cycles * season:
            found.append(
                Caveat(
                    "season-not-modelled",
                    f"The declared season of {season} was not modelled: the {span} periods before the rollout "
                    f"hold fewer than {POLICY.season_cycles:g} of its cycles.",
                )
            )
    if worthwhile is None:
        found.append(
            Caveat(
                "default-worthwhile",
                "No worthwhile effect was named; half a noise standard deviation stands in for it.",
            )
        )
    if better == "target":
        found.append(
            Caveat(
                "target-not-simulated",
                "Judged on the distance from the target; the error rates of that judgement are not yet studied.",
            )
        )
    return tuple(found)
