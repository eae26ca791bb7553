"""Charts of counts: defectives (p, np), events (c, u), and Laney's charts for overdispersed ones (p', u')."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..designs import NP, C, P, U
from ..numbers.dispersion import resolved, sigma_individuals
from ..numbers.quantiles import binomial_limits, poisson_limits
from .kinds import Baseline, Drawing, Kind, Sample, Summary

Floats = NDArray[np.float64]
Error = Callable[[float, Floats], Floats]


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


def _laney(error: Error) -> Callable[[Sample, str], Baseline]:
    """sigma is Laney's sigma_z: the mean moving range of the z scores / d2(2), or their overall sd / c4(n)."""

    def estimate(sample: Sample, method: str) -> Baseline:
        count, size = _pair(sample)
        center = _center(sample)
        with np.errstate(divide="ignore", invalid="ignore"):
            width = error(center, size)
            z = (count / size - center) / width
        sigma = sigma_individuals(z, "overall" if method == "overall" else "moving-range")
        # equal proportions differ by the rounding of a division alone; at 0 and 100 % nothing could differ
        widest = float(np.nanmax(width))
        return Baseline(center, resolved(sigma, center / widest if widest > 0 else 0.0), method)

    return estimate


def _panel(name: str, error: Error, proportion: bool, times_size: bool, exact: bool) -> Callable[..., Any]:
    highest = 1.0 if proportion else np.inf

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        equal = s.n.size > 0 and bool(np.all(s.n == s.n[0]))
        n = s.n[:1] if equal else s.n
        width = error(b.center, n) * b.sigma
        if exact:
            low, high = (binomial_limits if proportion else poisson_limits)(b.center, n, k)
        else:
            low, high = np.clip(b.center - k * width, 0.0, None), np.clip(b.center + k * width, None, highest)
        factor = n if times_size else 1.0
        center, lower, upper, sigma = (
            np.broadcast_to(v[0], s.n.shape) if equal else v
            for v in (np.full(n.size, b.center) * factor, low * factor, high * factor, width * factor)
        )
        return (Drawing(name, s.value, center, lower, upper, sigma),), None

    return draw


def _kind(
    name: str, title: str, panel: str, proportion: bool, times_size: bool, design: P | NP | C | U
) -> Kind:  # fmt: skip
    exact = design.limits == "probability"
    law = "binomial" if proportion else "poisson"
    told = (
        f"Limits are exact {law} quantiles: each is crossed with at most the tail chance of that many sigma."
        if exact
        else "The lower limit stops at zero" + (", the upper at 100 %." if proportion else ".")
    )
    return Kind(
        name, title, "counts", (law,), _count if times_size or name == "c" else _share, _plain,
        _panel(panel, _binomial if proportion else _poisson, proportion, times_size, exact),
        percent=name == "p", convention=told, design=design,
        bound="its probability limit" if exact else "", center_inside=(0.0, 1.0 if proportion else np.inf),
        own_sigma=f"has the sigma of the {law} distribution",
    )  # fmt: skip


def p(design: P) -> Kind:
    """Proportions."""
    return _kind("p", "Proportions", "proportion", True, False, design)


def np_(design: NP) -> Kind:
    """Numbers defective."""
    return _kind("np", "Defectives", "number defective", True, True, design)


def c(design: C) -> Kind:
    """Counts."""
    return _kind("c", "Counts", "count", False, False, design)


def u(design: U) -> Kind:
    """Rates."""
    return _kind("u", "Rates", "rate", False, False, design)


_LANEY = (
    "Laney (2002): limits are those of the plain chart times sigma z, the moving-range sigma of the z scores; "
    "d2 = 1.128379, no moving range screened."
)


def laney_p(_: object) -> Kind:
    """Overdispersed proportions."""
    return Kind(
        "laney-p", "Proportions, Laney p'", "counts", ("laney", "overall"), _share, _laney(_binomial),
        _panel("proportion", _binomial, True, False, False), percent=True, convention=_LANEY,
        center_inside=(0.0, 1.0),
    )  # fmt: skip


def laney_u(_: object) -> Kind:
    """Overdispersed rates."""
    return Kind(
        "laney-u", "Rates, Laney u'", "counts", ("laney", "overall"), _share, _laney(_poisson),
        _panel("rate", _poisson, False, False, False), convention=_LANEY, center_inside=(0.0, np.inf),
    )  # fmt: skip
