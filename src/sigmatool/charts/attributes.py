"""Charts of counts: defectives (p, np), events (c, u), and Laney's charts for overdispersed ones (p', u')."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..numbers.dispersion import sigma_individuals
from .kinds import Baseline, Kind, Lines, Sample, Summary

Floats = NDArray[np.float64]


def _pair(sample: Sample) -> tuple[Floats, Floats]:
    if sample.count is None or sample.size is None:
        raise ValueError("this kind charts counts, not measurements")
    return sample.count, sample.size


def _share(sample: Sample) -> Summary:
    count, size = _pair(sample)
    return Summary(size, count / size)


def _count(sample: Sample) -> Summary:
    count, size = _pair(sample)
    return Summary(size, count)


def _center(sample: Sample) -> float:
    count, size = _pair(sample)
    return float(np.nansum(count) / np.nansum(np.where(np.isnan(count), np.nan, size)))


def _binomial(center: float, n: Floats) -> Floats:
    return np.asarray(np.sqrt(center * (1 - center) / n), dtype=np.float64)


def _poisson(center: float, n: Floats) -> Floats:
    return np.asarray(np.sqrt(center / n), dtype=np.float64)


def _plain(sample: Sample, method: str) -> Baseline:
    return Baseline(_center(sample), 1.0, method)


def _laney(error: Callable[[float, Floats], Floats]) -> Callable[[Sample, str], Baseline]:
    """sigma is Laney's sigma_z: the mean moving range of the z scores / d2(2), or their overall sd / c4(n)."""

    def estimate(sample: Sample, method: str) -> Baseline:
        count, size = _pair(sample)
        center = _center(sample)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (count / size - center) / error(center, size)
        return Baseline(center, sigma_individuals(z, "overall" if method == "overall" else "moving-range"), method)

    return estimate


def _lines(
    error: Callable[[float, Floats], Floats], highest: float, times_size: bool = False
) -> Callable[[Baseline, Floats, float], Lines]:
    def lines(b: Baseline, n: Floats, k: float) -> Lines:
        width = error(b.center, n) * b.sigma
        center = np.full(n.size, b.center)
        lower = np.clip(center - k * width, 0.0, None)
        upper = np.clip(center + k * width, None, highest)
        factor = n if times_size else np.ones(n.size)
        return Lines(center * factor, lower * factor, upper * factor, width * factor)

    return lines


KINDS = (
    Kind("p", "Proportions", "proportion", ("binomial",), True, _share, _plain, _lines(_binomial, 1.0), percent=True),
    Kind("np", "Defectives", "number defective", ("binomial",), True, _count, _plain, _lines(_binomial, 1.0, True)),
    Kind("c", "Counts", "count", ("poisson",), True, _count, _plain, _lines(_poisson, np.inf)),
    Kind("u", "Rates", "rate", ("poisson",), True, _share, _plain, _lines(_poisson, np.inf)),
    Kind(
        "laney-p", "Proportions, Laney p'", "proportion", ("laney", "overall"), True,
        _share, _laney(_binomial), _lines(_binomial, 1.0), percent=True,
    ),
    Kind(
        "laney-u", "Rates, Laney u'", "rate", ("laney", "overall"), True,
        _share, _laney(_poisson), _lines(_poisson, np.inf),
    ),
)  # fmt: skip
