"""Ordered rows of many streams become charted points, by the arithmetic of the single charts.

Everything is one pass over flat arrays; what a stream gets depends on its own rows alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from ..numbers.constants import c4, c5, d2, d3
from ..numbers.dispersion import ROUNDING
from ..numbers.ragged import Segments
from ..numbers.runs import EDGE
from ..numbers.sigma_dof import moving_range_error

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Family = Literal["values", "counts"]

PROPORTION, RATE, LANEY_PROPORTION, LANEY_RATE = "p", "u", "laney-p", "laney-u"


@dataclass(frozen=True)
class Lines:
    """The charted statistic of every point, and the lines it is held against.

    Attributes
    ----------
    value : (n,) array
        NaN is a gap.
    width : (n,) or (s,) array
        Sigma of each point, or of all points of each stretch.
    center, sigma : (s,) array
        Of each stretch; ``sigma`` is that of a single value, or Laney's sigma z.
    size : (n,) array
        Values of a subgroup, items inspected, or 1.
    range_value : (n,) array or None
    range_lower, range_upper : (n,) or (s,) array or None
        The panel of the spread, and what lies beyond its limits; NaN where nothing can.
    moved : (n,) array or None
        Distance of each point from the one before, 0 where there is none; where points of one size are charted.
    pairs : (s,) array or None
        Neighbours in each stretch.
    seen : (n,) array of bool or None
        Points that are there; None: all are.
    count : (n,) array or None
        Defectives or events, where these are charted.
    values, value_spread : (s,) array or None
        How many single values stand behind the points, and the sum of their squared distances from the centre; None
        where a point is one value.
    sigma_error : (s,) array or None
        Variance of sigma relative to its square.
    lowest, highest : (s,) array
        What the statistic cannot pass.
    kind : (s,) array of str
    """

    value: Floats
    width: Floats
    center: Floats
    sigma: Floats
    size: Floats
    lowest: float
    highest: Floats
    kind: NDArray[np.object_]
    range_value: Floats | None = None
    range_lower: Floats | None = None
    range_upper: Floats | None = None
    moved: Floats | None = None
    pairs: Floats | None = None
    seen: Bools | None = None
    count: Floats | None = None
    values: Floats | None = None
    value_spread: Floats | None = None
    sigma_error: Floats | None = None


def mean_of(x: Floats, seen: Bools | None, stretch: Segments) -> Floats:
    """Mean of each stretch from the distances to one of its values; NaN where it has none."""
    first = stretch.first(x) if seen is None else stretch.max(x)
    off = stretch.against(np.subtract, x, first)
    if seen is None:
        return np.asarray(first + stretch.sum(off) / stretch.lengths)
    many = stretch.count(seen)
    total = stretch.sum(np.where(seen, off, 0.0))
    return np.asarray(np.where(many > 0, first + total / np.maximum(many, 1), np.nan))


def steps_of(x: Floats, stretch: Segments) -> Floats:
    """The distance of each point from the one before; NaN at the first and next to a gap."""
    moved = np.empty(x.size)
    np.subtract(x[1:], x[:-1], out=moved[1:])
    moved[stretch.starts] = np.nan
    return moved


def resolved(sigma: Floats, level: Floats) -> Floats:
    """Sigma, or 0 where it is no more than rounding makes of equal values at that level."""
    return np.where(sigma <= ROUNDING * np.abs(level), 0.0, sigma)


def individuals(x: Floats, seen: Bools | None, stretch: Segments, nsigma: float) -> Lines:
    """Individuals and moving ranges: ``sigma = mean moving range / d2(2)``."""
    center = mean_of(x, seen, stretch)
    moved = np.empty(x.size)
    np.subtract(x[1:], x[:-1], out=moved[1:])
    moved[stretch.starts] = 0.0
    pairs = stretch.lengths - 1
    if seen is not None:
        known = ~np.isnan(moved)
        pairs = stretch.count(known) - 1
        moved[~known] = 0.0
    ranges = np.abs(moved)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_range = resolved(np.where(pairs > 0, stretch.sum(ranges) / np.maximum(pairs, 1), np.nan), center)
    sigma = resolved(mean_range / d2(2), center)
    width = mean_range * (d3(2) / d2(2))
    reach = np.where(width > 0, (nsigma + EDGE) * width, np.nan)
    lower = mean_range - reach
    return Lines(
        value=x, width=sigma, center=center, sigma=sigma,
        size=np.ones(1), lowest=-np.inf, highest=np.full(stretch.many, np.inf),
        kind=np.full(stretch.many, "i-mr", dtype=object), range_value=ranges,
        # three sigma below the mean of moving ranges lies below zero
        range_lower=None if nsigma * d3(2) >= d2(2) else lower,
        range_upper=mean_range + reach, moved=moved, pairs=pairs.astype(np.float64), seen=seen,
        sigma_error=moving_range_error(pairs),
    )  # fmt: skip


def subgroups(
    x: Floats, row_stretch: Segments, row_point: Segments, stretch: Segments, widest: NDArray[np.int64], nsigma: float
) -> Lines:  # fmt: skip
    """Means with ranges (up to ten values) or standard deviations; each subgroup with limits for its own size.

    Parameters
    ----------
    x : (m,) array
        Single values, NaN where missing.
    row_stretch, row_point : Segments
        The stretches and the subgroups of the rows.
    stretch : Segments
        The stretches of the subgroups.
    widest : (s,) array
        Rows of the largest subgroup of each stretch's stream: what chooses the kind.
    """
    seen = np.isfinite(x)
    size = row_point.count(seen)
    mean = mean_of(x, seen, row_point)
    high, low = row_point.max(x), row_point.min(x)
    ranged = np.where(size > 1, high - low, np.nan)
    off = np.where(seen, x - row_point.spread(mean), 0.0)
    sd = np.where(size > 1, np.sqrt(row_point.sum(off**2) / np.maximum(size - 1, 1)), np.nan)
    by_range = stretch.spread(widest <= 10)
    longest = int(size.max(initial=2))
    places = np.arange(2, longest + 1)
    constants: dict[str, Callable[[int], float]] = {"d2": d2, "d3": d3, "c4": c4, "c5": c5}
    table = {name: np.r_[np.nan, np.nan, [f(int(k)) for k in places]] for name, f in constants.items()}
    statistic = np.where(by_range, ranged, sd)
    mean_at = np.where(by_range, table["d2"][size], table["c4"][size])
    width_at = np.where(by_range, table["d3"][size], table["c5"][size])
    known = size > 1
    groups = stretch.count(known)
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma = stretch.sum(np.where(known, statistic / mean_at, 0.0)) / np.where(groups > 0, groups, np.nan)
        error = stretch.sum(np.where(known, (width_at / mean_at) ** 2, 0.0)) / np.where(groups > 0, groups, np.nan) ** 2
    center = mean_of(x, seen, row_stretch)
    sigma = resolved(sigma, center)
    each = stretch.spread(sigma)
    distance = np.where(seen, x - row_stretch.spread(center), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.where(size > 0, each / np.sqrt(np.maximum(size, 1)), np.nan)
    kinds = np.where(widest <= 10, "xbar-r", "xbar-s").astype(object)
    middle, reach = mean_at * each, np.where(each > 0, (nsigma + EDGE) * width_at * each, np.nan)
    return Lines(
        value=mean, width=width, center=center, sigma=sigma, size=size.astype(np.float64), lowest=-np.inf,
        highest=np.full(stretch.many, np.inf), kind=kinds, range_value=statistic, range_lower=middle - reach,
        range_upper=middle + reach, seen=size > 0, values=row_stretch.count(seen).astype(np.float64),
        value_spread=row_stretch.sum(distance**2), sigma_error=error,
    )  # fmt: skip


def counts(
    count: Floats, size: Floats, stretch: Segments, stream_of: NDArray[np.int64], kind: str
) -> Lines:  # fmt: skip
    """Proportions and rates; with ``auto`` what suits each stream, as for a single chart.

    Parameters
    ----------
    stream_of : (s,) array
        The stream of each stretch, numbered from 0: a stream has one kind.
    """
    seen = np.isfinite(count) & np.isfinite(size)
    count, size = np.where(seen, count, np.nan), np.where(seen, size, np.nan)
    total = stretch.sum(np.where(seen, size, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        center = stretch.sum(np.where(seen, count, 0.0)) / np.where(total > 0, total, np.nan)
        value = count / size
    proportion, laney = _kinds(count, size, seen, center, stretch, stream_of, kind)
    each, share = stretch.spread(center), stretch.spread(proportion)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.sqrt(np.where(share, each * (1 - each), each) / size)
        z = (value - each) / width
    moved = np.abs(steps_of(z, stretch))
    pairs = stretch.count(np.isfinite(moved))
    scatter = stretch.sum(np.where(np.isfinite(moved), moved, 0.0)) / np.where(pairs > 0, pairs, np.nan) / d2(2)
    widest = stretch.max(width)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.where(center > 0, center / widest, 0.0)
    sigma = np.where(laney, resolved(scatter, level), 1.0)
    names = np.where(laney, np.where(proportion, LANEY_PROPORTION, LANEY_RATE), np.where(proportion, PROPORTION, RATE))
    return Lines(
        value=value, width=width * stretch.spread(sigma), center=center, sigma=sigma, size=size, lowest=0.0,
        highest=np.where(proportion, 1.0, np.inf), kind=names.astype(object), seen=np.isfinite(value), count=count,
    )  # fmt: skip


def _kinds(
    count: Floats, size: Floats, seen: Bools, center: Floats, stretch: Segments, stream_of: NDArray[np.int64], kind: str
) -> tuple[Bools, Bools]:
    """Whether each stretch holds proportions, and whether Laney's limits suit its stream."""
    streams = int(stream_of[-1]) + 1 if stream_of.size else 0
    if kind == "auto":
        over = np.zeros(streams, dtype=bool)
        np.logical_or.at(over, stream_of, stretch.count(count > size) > 0)
        proportion = ~over[stream_of]
    else:
        proportion = np.full(stretch.many, kind in (PROPORTION, LANEY_PROPORTION))
    if kind != "auto":
        return proportion, np.full(stretch.many, kind in (LANEY_PROPORTION, LANEY_RATE))
    ratio, p = overdispersion(count, size, seen, center, proportion, stretch)
    # of several stretches the one that speaks loudest decides for the stream
    loudest = np.full(streams, np.inf)
    np.minimum.at(loudest, stream_of, p)
    scattered = np.zeros(streams, dtype=bool)
    np.logical_or.at(scattered, stream_of, (p == loudest[stream_of]) & (p < 0.01) & (ratio > 1.2))
    return proportion, scattered[stream_of]


def overdispersion(
    count: Floats, size: Floats, seen: Bools, center: Floats, proportion: Bools, stretch: Segments
) -> tuple[Floats, Floats]:
    """Dispersion ratio and chi-square p of each stretch; (1, 1) where its law leaves no room."""
    each, share = stretch.spread(center), stretch.spread(proportion)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = size * each * np.where(share, 1 - each, 1.0)
        square = (count - size * each) ** 2 / variance
    many = stretch.count(seen)
    room = stretch.count(seen & (variance > 0)) == many
    statistic = stretch.sum(np.where(seen & (variance > 0), square, 0.0))
    usable = room & (many > 1)
    dof = np.maximum(many - 1, 1)
    return np.where(usable, statistic / dof, 1.0), np.where(usable, chdtrc(dof, statistic), 1.0)
