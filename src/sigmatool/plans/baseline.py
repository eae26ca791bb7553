"""What the points before the rollout tell: their noise, their resemblance, their trend, and whether they are steady."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from ..capability.gate import Gate, gate
from ..data import Counts, Measurements
from ..errors import DataError
from ..numbers.autoregression import Contrast, Series
from ..numbers.scales import WorkingScale
from ..numbers.season import SeasonFound, candidates, search
from ..numbers.spread import heavy_tails
from ..review.calendar_season import baseline_columns, season_of
from ..review.case import door, judged_values, scale_of, seen_points, subgroup_noise, trigger_of, worthwhile_on
from ..review.controls import controls_of, mean_of
from ..review.evidence import season_waves
from ..review.low_counts import LEAST_EVENTS, LEAST_RARER, merge_of
from ..review.policy import POLICY
from ..review.request import Request
from .asked import Asked
from .go_live import GoLive, go_live

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

HIGHEST = 0.9
"""Autocorrelation beyond which points are as good as copies; no more is counted with."""

SURE = 0.8
"""Probability held by the interval of the noise."""


@dataclass(frozen=True)
class Baseline:
    """The points before the rollout on the working scale of the review, up is better.

    Attributes
    ----------
    points : Measurements or Counts
        All points of the table, the ones after the rollout too.
    used, trigger : (n,) arrays of bool
        Points that are judged; those of the worst stretch before, left out where the rollout was started because of it.
    live : GoLive
    scale : WorkingScale
        ``scale.z`` as measured, without a control and not turned.
    z, relative_sd, positions : (m,) arrays
        One entry a judged point, or a block of ``block`` periods where events are few.
    season : mapping of str to (m,) array
    sd, sd_low, sd_high : float
        Of the noise beside a trend, with its 80 % interval.
    autocorrelation : float
        From 0 to 0.9.
    trend : Contrast
        Per judged point, up is better.
    level : float
        Mean on the working scale, not turned.
    gate : Gate
    heavy : bool
        Heavy or skewed noise.
    seasons : tuple of SeasonFound
        That nobody declared.
    own_sd : float or None
        Of the metric alone, where a control is taken off.
    """

    points: Measurements | Counts
    used: Bools
    trigger: Bools
    live: GoLive
    scale: WorkingScale
    z: Floats
    relative_sd: Floats
    positions: Ints
    season: dict[str, Floats]
    block: int
    sd: float
    sd_low: float
    sd_high: float
    autocorrelation: float
    trend: Contrast
    level: float
    gate: Gate
    heavy: bool
    seasons: tuple[SeasonFound, ...]
    own_sd: float | None

    @property
    def n(self) -> int:
        """Judged points, or blocks."""
        return int(self.z.size)

    @property
    def n_at_rollout(self) -> int:
        """The same when the rollout comes, at the pace of the data."""
        return self.n + self.live.to_come // self.block

    @property
    def before(self) -> Bools:
        """Points of the table before the rollout."""
        return np.arange(self.points.n) < self.live.stop


def baseline_of(data: Any, asked: Asked) -> Baseline:
    """Take the table through the door of the review, and look at the points before the rollout."""
    request = asked.request
    points = door(data, request)
    live = go_live(points.axis, asked.rollout)
    before = np.arange(points.n) < live.stop
    used = seen_points(points) & ~points.excluded & before
    trigger = trigger_of(points, request, used, ~before)
    used = used & ~trigger
    _enough(points, int(used.sum()))
    held, taken, member, block = _blocks(points, used, asked)
    values = judged_values(held, request, taken)
    scale = scale_of(held, request.scale_name, request, values, taken)
    if np.ptp(scale.z) == 0 or np.unique(scale.z).size < POLICY.least_distinct:
        raise DataError(
            f"column {points.name!r} holds {np.unique(scale.z).size} different values before the rollout; at least "
            f"{POLICY.least_distinct} are needed to judge: measure more finely, or merge periods."
        )
    sign = 1.0 if request.better == "higher" else -1.0
    controls = controls_of(data, points, request, used, member)
    control = mean_of([each for _, each in controls])
    relative = subgroup_noise(values[taken])[0] if values.shape[1] > 1 else scale.relative_sd
    z = scale.z
    if control is not None:
        z = z - control.z
        _untouched(points, z, scale.z)
        relative = np.hypot(relative, control.relative_sd)
        relative = relative / np.sqrt(np.mean(relative**2))
    positions = held.axis.positions[taken]
    season = _season(request, points, positions, used)
    found = _noise(sign * z, relative, positions, season)
    own = None if control is None else _noise(sign * scale.z, scale.relative_sd, positions, season)["sd"]
    step = points.axis.step if block == 1 else "point"
    seasons = () if season else _seasons(sign * z, relative, positions, step)
    return Baseline(
        points=points, used=used, trigger=trigger, live=live, scale=scale, z=sign * z, relative_sd=relative,
        positions=positions, season=season, block=block, level=float(np.mean(scale.z)), seasons=seasons, own_sd=own,
        **found,
    )  # fmt: skip


def _enough(points: Measurements | Counts, used: int) -> None:
    if used < POLICY.least_points:
        raise DataError(
            f"column {points.name!r} holds {used} usable point{'' if used == 1 else 's'} before the rollout, and a "
            f"review judges no fewer than {POLICY.least_points}: collect {POLICY.least_points - used} more before "
            "planning."
        )


def _untouched(points: Measurements | Counts, z: Floats, own: Floats) -> None:
    if np.ptp(z) <= 1e-9 * np.ptp(own):
        raise DataError(
            f"column {points.name!r} less its control never varies: the control is the metric itself, or made from it; "
            "name an untouched series."
        )


def _blocks(
    points: Measurements | Counts, used: Bools, asked: Asked
) -> tuple[Measurements | Counts, Bools, Ints | None, int]:
    """Counts of few events, so many periods at a time as a review would merge them; others as they are.

    The review merges by the stage of fewer events: after a worthwhile fall that is the one to come.
    """
    if not isinstance(points, Counts) or asked.request.season is not None or merge_of(asked.request.merge) == "none":
        return points, used, None, 1
    length = _length(points, used, asked)
    if length == 1:
        return points, used, None, 1
    back = points.axis.positions[used].max() - points.axis.positions
    place = np.where(used, back // length, -1)
    whole = (int(back[used].max()) + 1) // length
    if whole < POLICY.least_points:
        raise DataError(
            f"column {points.name!r} holds so few events that {length} periods at a time are judged as one: "
            f"{int(used.sum())} periods before the rollout make {whole} such blocks, and a review judges no fewer than "
            f"{POLICY.least_points}: wait for {length * (POLICY.least_points - whole)} more periods, or count over "
            "longer ones."
        )
    member = np.where(used & (place >= 0) & (place < whole), whole - 1 - place, -1)
    inside = member >= 0
    block, code = np.unique(member[inside], return_inverse=True)
    first = np.array([int(np.flatnonzero(member == b)[0]) for b in block])
    axis = replace(
        points.axis, labels=tuple(points.axis.labels[i] for i in first), x=points.axis.x[first], positions=block
    )
    count = np.bincount(code, points.count[inside]).astype(float)
    size = np.bincount(code, points.size[inside]).astype(float)
    held = replace(points, axis=axis, count=count, size=size, excluded=np.zeros(block.size, dtype=np.bool_))
    own = np.full(points.n, -1, dtype=np.int64)
    own[inside] = code
    return held, np.ones(block.size, dtype=np.bool_), own, length


def _length(points: Counts, used: Bools, asked: Asked) -> int:
    """Periods that are judged at a time."""
    merge = merge_of(asked.request.merge)
    if isinstance(merge, int):
        return merge
    count, size = points.count[used], points.size[used]
    proportion = asked.request.scale_name == "proportion"
    level = float(count.sum() / size.sum())
    scale = scale_of(points, asked.request.scale_name, asked.request, count[:, None] / size[:, None], used)
    move = worthwhile_on(asked.request.worthwhile, scale, float(np.mean(scale.z))) or 0.0
    sign = 1.0 if asked.request.better == "higher" else -1.0
    later = scale.back(max(scale.forward(level) + sign * move, 0.0))
    exposure = float(size.mean())
    rates = [exposure * (min(p, 1 - p) if proportion else p) for p in (level, later)]
    least = LEAST_RARER if proportion else LEAST_EVENTS
    return (
        max(math.ceil(least / max(min(rates), 1e-9) - 1e-9), 1)
        if min(rates) > 0
        else max(math.ceil(least / max(rates[0], 1e-9) - 1e-9), 1)
    )


def _season(request: Request, points: Measurements | Counts, positions: Ints, used: Bools) -> dict[str, Floats]:
    """Columns of a declared season; none where the baseline holds too few of its cycles."""
    period = season_of(request.season)
    if isinstance(period, str):
        return baseline_columns(points.axis, period, used)
    span = int(positions[-1] - positions[0]) + 1
    if period is None or span < POLICY.season_cycles * period:
        return {}
    return season_waves(positions.astype(float), period, positions.size)


def _noise(z: Floats, relative: Floats, positions: Ints, season: dict[str, Floats]) -> dict[str, Any]:
    """Noise, dependence, trend and steadiness of a stretch."""
    t = positions.astype(float)
    columns = {"one": np.ones(z.size), "t": t - t.mean(), **season}
    series = Series(z, columns, positions, relative)
    noise = series.fit(list(columns))
    r = float(np.clip(noise.autocorrelation, 0.0, HIGHEST))
    dof = max((z.size - len(columns)) * (1 - r**2) / (1 + r**2), 2.0)
    ends = [noise.sd * math.sqrt(dof / float(chdtri(dof, tail))) for tail in ((1 - SURE) / 2, (1 + SURE) / 2)]
    errors = noise.innovations()
    seasonless = z - _fitted(z, relative, season)
    places = np.ones(int(np.ptp(positions)) + 1, dtype=np.int64)
    return {
        "sd": noise.sd, "sd_low": ends[0], "sd_high": ends[1], "autocorrelation": r, "trend": noise.contrast(t=1.0),
        "gate": gate(_spread_out(seasonless / relative, positions), places),
        "heavy": heavy_tails(errors / errors.std(ddof=1)),
    }  # fmt: skip


def _fitted(z: Floats, relative: Floats, season: dict[str, Floats]) -> Floats:
    """What the season adds."""
    if not season:
        return np.zeros_like(z)
    design = np.column_stack([np.ones(z.size), *season.values()])
    found = np.linalg.lstsq(design / relative[:, None], z / relative, rcond=None)[0]
    return np.asarray(design[:, 1:] @ found[1:], dtype=np.float64)


def _spread_out(values: Floats, positions: Ints) -> Floats:
    """Values at their places, gaps as NaN."""
    whole = np.full(int(np.ptp(positions)) + 1, np.nan)
    whole[positions - positions[0]] = values
    return whole


def _seasons(z: Floats, relative: Floats, positions: Ints, step: str) -> tuple[SeasonFound, ...]:
    t = positions.astype(float)
    columns = {"one": np.ones(t.size), "tc": (t - t.mean()) / t.size}
    return search(z, positions, relative, columns, candidates(step))
