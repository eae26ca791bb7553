"""Charts of measurements: individuals and moving ranges, subgroup means with ranges or standard deviations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..designs import IMR, IMRRS
from ..numbers.constants import by_size, c4, c5, d2, d3
from ..numbers.dispersion import (
    INDIVIDUAL,
    SUBGROUP,
    moving_range,
    resolved,
    screened,
    sigma_individuals,
    sigma_subgroups,
)
from . import caveat_words
from .kinds import Baseline, Drawing, Kind, Sample, Summary, even, flat

Floats = NDArray[np.float64]
Constant = Callable[[int], float]


def values_of(sample: Sample) -> Floats:
    if sample.values is None:
        raise ValueError("this kind charts measurements, not counts")
    return sample.values


def individuals(sample: Sample) -> Summary:
    """Single values."""
    x = values_of(sample)[:, 0]
    return Summary(np.isfinite(x).astype(np.float64), x)


def mean_of(x: Floats) -> float:
    """Mean of the values that exist, from their distances to the first: a large level costs no digits.

    Examples
    --------
    >>> mean_of(np.array([1e15, 1e15 + 1, np.nan, 1e15 + 2])) - 1e15
    1.0
    """
    seen = np.isfinite(x)
    values = x.ravel() if seen.all() else x[seen]
    if values.size == 0:
        return np.nan
    first = float(values[0])
    return first + float((values - first).mean())


def individual_baseline(
    x: Floats, method: str, window: int = 2, screen: bool = False, level: float | None = None
) -> Baseline:
    """Centre and sigma of single values, with the mean of their moving ranges; ``level``: the size of what was
    measured, where ``x`` are differences of it."""
    ranges = moving_range(x, window)
    ranges = ranges[np.isfinite(ranges)]
    caveats: tuple[Caveat, ...] = ()
    if screen:
        kept = screened(ranges, window)
        if kept.size < ranges.size:
            caveats = (caveat_words.screened_ranges(ranges.size - kept.size, ranges.size),)
        ranges = kept
    sigma = (
        sigma_individuals(x, method) if method == "overall" else sigma_individuals(ranges, method, window, ranges=True)
    )
    spread = float(ranges.mean()) if ranges.size else np.nan
    center = mean_of(x)
    sigma, spread = (resolved(v, center if level is None else level) for v in (sigma, spread))
    return Baseline(center, sigma, method, spread, window, caveats=caveats)


def location(name: str, x: Floats, b: Baseline, k: float) -> Drawing:
    """Single values between constant limits."""
    lines = even(x.size, b.center, b.center - k * b.sigma, b.center + k * b.sigma, b.sigma)
    return Drawing(name, x, *lines)


def ranges_panel(name: str, s: Summary, b: Baseline, k: float, window: int, before: Floats | None) -> Drawing:
    """Moving ranges between the limits of their own mean, whichever estimator draws the individuals.

    A range that holds an excluded point is drawn, and not judged.
    """

    def ranges(x: Floats) -> Floats:
        if before is None:
            return moving_range(x, window)
        return moving_range(np.concatenate([before, x]), window)[window - 1 :]

    x = s.value
    value = ranges(x)
    counted = None if s.kept is None else np.isfinite(ranges(np.where(s.kept, x, np.nan)))
    width = b.spread_center / d2(window) * d3(window)
    middle = b.spread_center
    lines = even(x.size, middle, max(middle - k * width, 0.0), middle + k * width, width)
    return Drawing(name, value, *lines, judged="limits", counted=counted)


def tail_of(x: Floats, before: Floats | None, length: int) -> Floats:
    """The last ``length`` values, however short the piece."""
    whole = np.concatenate([np.full(length, np.nan) if before is None else before, x])
    return whole[whole.size - length :].copy()


def known_range(window: int) -> Callable[[Baseline, float], Baseline]:
    """A known sigma fixes the moving ranges as well."""
    return lambda b, sigma: replace(b, sigma=sigma, method="known", spread_center=d2(window) * sigma)


def i_mr(design: IMR) -> Kind:
    """Individuals and moving ranges."""

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        tail = tail_of(s.value, before, design.window - 1)
        panels = (
            location("individual value", s.value, b, k),
            ranges_panel("moving range", s, b, k, design.window, before),
        )
        return panels, tail

    return Kind(
        "i-mr", "Individuals and moving ranges", "measurements", INDIVIDUAL, individuals,
        lambda sample, method: individual_baseline(values_of(sample)[:, 0], method, design.window, design.screened),
        draw, grouped=False, known=known_range(design.window), design=design,
        convention=f"Moving ranges of {design.window} points; d2 and d3 exact, not from a three-digit table."
        + (" Moving ranges above their own limit were left out of sigma (Nelson 1982)." if design.screened else ""),
    )  # fmt: skip


def _statistics(sample: Sample, use_range: bool) -> Summary:
    held = sample.subgroups
    return Summary(held.n.astype(np.float64), held.mean, held.ranges if use_range else held.sd)


def subgroup_baseline(sample: Sample, method: str, use_range: bool) -> Baseline:
    held = sample.subgroups
    statistic = held.ranges if use_range else held.sd
    mean = mean_of(statistic) if np.isfinite(statistic).any() else np.nan
    x = values_of(sample)
    sigma = sigma_individuals(x.ravel(), "overall") if method == "overall" else sigma_subgroups(held, method)
    center = mean_of(x)
    return Baseline(center, resolved(sigma, center), method, resolved(mean, center), held.common)


def means_panel(name: str, s: Summary, b: Baseline, k: float) -> Drawing:
    """Means of subgroups, each with limits for its own size."""
    if b.common and bool(np.all(s.n == b.common)):
        return location(name, s.value, replace(b, sigma=b.sigma / np.sqrt(b.common)), k)
    error = b.sigma / np.sqrt(np.where(s.n > 0, s.n, np.nan))
    return Drawing(name, s.value, flat(b.center, s.n.size), b.center - k * error, b.center + k * error, error)


def spread_panel(name: str, s: Summary, b: Baseline, k: float, constants: tuple[Constant, Constant]) -> Drawing:
    """Ranges or standard deviations: per subgroup ``mean(n) sigma``, or the mean statistic where sizes are equal."""
    value = np.full(s.n.size, np.nan) if s.spread is None else s.spread
    mean_at, width_at = constants
    if b.common > 1 and bool(np.all(s.n == b.common)):
        width = width_at(b.common) * b.sigma
        middle = b.spread_center
        lines = even(s.n.size, middle, max(middle - k * width, 0.0), middle + k * width, width)
        return Drawing(name, value, *lines, judged="limits")
    sizes = s.n.astype(np.int64)
    center = by_size(mean_at, sizes) * b.sigma
    if b.common:
        center[sizes == b.common] = b.spread_center
    wide = by_size(width_at, sizes) * b.sigma
    return Drawing(name, value, center, np.maximum(center - k * wide, 0.0), center + k * wide, wide, judged="limits")


RANGE = ("range", (d2, d3))
SD = ("standard deviation", (c4, c5))


def _means(name: str, title: str, estimators: tuple[str, ...], use_range: bool) -> Kind:
    spread_name, constants = RANGE if use_range else SD

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        return (means_panel("mean of the subgroup", s, b, k), spread_panel(spread_name, s, b, k, constants)), None

    return Kind(
        name, title, "measurements", estimators, lambda sample: _statistics(sample, use_range),
        lambda sample, method: subgroup_baseline(sample, method, use_range), draw, grouped=True,
        known=lambda b, sigma: replace(b, sigma=sigma, method="known", common=0),
        convention="Unequal subgroups have limits for their own size; the centre is the mean of all values.",
    )  # fmt: skip


def xbar_r(_: object) -> Kind:
    """Means and ranges."""
    return _means("xbar-r", "Means and ranges", (*SUBGROUP, "overall"), use_range=True)


def xbar_s(_: object) -> Kind:
    """Means and standard deviations."""
    estimators = ("sbar", "sbar-weighted", "pooled", "rbar", "rbar-weighted", "overall")
    return _means("xbar-s", "Means and standard deviations", estimators, use_range=False)


Within = Literal["range", "sd"]


def i_mr_rs(design: IMRRS) -> Kind:
    """Between and within: means as individuals, their moving ranges, and the spread inside each subgroup."""
    use_range = design.within == "range"
    spread_name, constants = RANGE if use_range else SD

    def estimate(sample: Sample, method: str) -> Baseline:
        s = _statistics(sample, use_range)
        inner = subgroup_baseline(sample, "rbar" if use_range else "sbar", use_range)
        outer = individual_baseline(s.value, method)
        sizes = s.n[s.n > 0]
        between = max(outer.sigma**2 - inner.sigma**2 * float(np.mean(1 / sizes)), 0.0)
        told = {
            "sigma within": inner.sigma,
            "sigma between": float(np.sqrt(between)),
            "sigma between and within": float(np.sqrt(between + inner.sigma**2)),
        }
        return replace(outer, told=told, more=inner)

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        tail = tail_of(s.value, before, 1)
        panels = (
            location("mean of the subgroup", s.value, b, k),
            ranges_panel("moving range of means", s, b, k, 2, before),
            spread_panel(spread_name, s, b.more, k, constants),
        )
        return panels, tail

    return Kind(
        "i-mr-rs", "Between and within subgroups", "measurements", INDIVIDUAL,
        lambda sample: _statistics(sample, use_range), estimate, draw, grouped=True, known=known_range(2),
        design=design,
        convention="Means are charted as individuals: their limits come from the moving range of the means, not from "
        "the spread inside subgroups. sigma between = sqrt(sigma of means^2 - sigma within^2 mean(1/n)), at least 0.",
    )  # fmt: skip
