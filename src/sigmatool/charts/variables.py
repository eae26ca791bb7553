"""Charts of measurements: individuals and moving ranges, subgroup means with ranges or standard deviations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..numbers.constants import by_size, c4, c5, d2, d3
from ..numbers.dispersion import (
    INDIVIDUAL,
    SUBGROUP,
    moving_range,
    sigma_individuals,
    sigma_subgroups,
    subgroup_statistics,
)
from .kinds import Baseline, Kind, Lines, Sample, Summary

Floats = NDArray[np.float64]


def _values(sample: Sample) -> Floats:
    if sample.values is None:
        raise ValueError("this kind charts measurements, not counts")
    return sample.values


def _individuals(sample: Sample) -> Summary:
    x = _values(sample)[:, 0]
    return Summary(np.isfinite(x).astype(float), x, moving_range(x))


def _estimate_individuals(sample: Sample, method: str) -> Baseline:
    x = _values(sample)[:, 0]
    ranges = moving_range(x)
    sigma = sigma_individuals(x, method)
    spread = float(ranges[np.isfinite(ranges)].mean()) if np.isfinite(ranges).any() else np.nan
    return Baseline(float(x[np.isfinite(x)].mean()), sigma, method, spread, 2)


def _lines_individuals(b: Baseline, n: Floats, k: float) -> Lines:
    ones = np.ones(n.size)
    return Lines(b.center * ones, (b.center - k * b.sigma) * ones, (b.center + k * b.sigma) * ones, b.sigma * ones)


def _lines_moving_range(b: Baseline, n: Floats, k: float) -> Lines:
    """The moving-range panel keeps to its own mean range, whichever estimator draws the individuals."""
    ones = np.ones(n.size)
    width = b.spread_center / d2(2) * d3(2)
    lower, upper = max(b.spread_center - k * width, 0.0), b.spread_center + k * width
    return Lines(b.spread_center * ones, lower * ones, upper * ones, width * ones)


def _means(use_range: bool) -> tuple[object, object]:
    def summarise(sample: Sample) -> Summary:
        n, mean, spread, sd = subgroup_statistics(_values(sample))
        return Summary(n.astype(float), mean, spread if use_range else sd)

    def estimate(sample: Sample, method: str) -> Baseline:
        x = _values(sample)
        n, _, spread, sd = subgroup_statistics(x)
        statistic = (spread if use_range else sd)[n > 1]
        sizes = np.unique(n[n > 0])
        common = int(sizes[0]) if sizes.size == 1 else 0
        center = float(x[np.isfinite(x)].mean())
        mean = float(statistic.mean()) if statistic.size else np.nan
        return Baseline(center, sigma_subgroups(x, method), method, mean, common)

    return summarise, estimate


def _lines_means(b: Baseline, n: Floats, k: float) -> Lines:
    error = b.sigma / np.sqrt(np.where(n > 0, n, np.nan))
    center = np.full(n.size, b.center)
    return Lines(center, b.center - k * error, b.center + k * error, error)


def _lines_spread(mean_of: object, width_of: object) -> object:
    """Lines of an R or S panel: per subgroup ``mean(n) sigma``, or the mean statistic where sizes are equal."""

    def lines(b: Baseline, n: Floats, k: float) -> Lines:
        sizes = n.astype(np.int64)
        center = by_size(mean_of, sizes) * b.sigma
        center[sizes == b.common] = b.spread_center
        width = by_size(width_of, sizes) * b.sigma
        return Lines(center, np.maximum(center - k * width, 0.0), center + k * width, width)

    return lines


_xbar_r = _means(use_range=True)
_xbar_s = _means(use_range=False)

KINDS = (
    Kind(
        "i-mr", "Individuals and moving ranges", "individual value", INDIVIDUAL, False,
        _individuals, _estimate_individuals, _lines_individuals, "moving range", _lines_moving_range,
    ),
    Kind(
        "xbar-r", "Means and ranges", "mean of the subgroup", (*SUBGROUP, "overall"), False,
        _xbar_r[0], _xbar_r[1], _lines_means, "range", _lines_spread(d2, d3),  # type: ignore[arg-type]
    ),
    Kind(
        "xbar-s", "Means and standard deviations", "mean of the subgroup",
        ("sbar", "sbar-weighted", "pooled", "rbar", "rbar-weighted", "overall"), False,
        _xbar_s[0], _xbar_s[1], _lines_means, "standard deviation", _lines_spread(c4, c5),  # type: ignore[arg-type]
    ),
)  # fmt: skip
