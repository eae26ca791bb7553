"""Charts of short runs: many products on one line, each point judged against its own product."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..designs import DNOM, ZMR
from ..errors import DataError
from ..numbers.constants import d2
from ..numbers.dispersion import INDIVIDUAL, moving_range
from .kinds import Baseline, Drawing, Kind, Sample, Summary
from .variables import individual_baseline, known_range, location, mean_of, ranges_panel, tail_of, values_of

Floats = NDArray[np.float64]


def _by_part(sample: Sample) -> dict[str, NDArray[np.int64]]:
    if sample.part is None:
        raise ValueError("a short-run chart needs the part of each point")
    names = sample.part
    return {str(name): np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())}


def z_mr(design: ZMR) -> Kind:
    """Standardised individuals and their moving ranges."""
    log = design.sigma == "relative"

    def scaled(x: Floats) -> Floats:
        return np.log(x) if log else x

    def summarise(sample: Sample) -> Summary:
        x = values_of(sample)[:, 0]
        if log and np.any(x <= 0):
            at = int(np.argmax(x <= 0))
            raise DataError(
                f"point {at + 1} is {x[at]:g}: sigma = relative takes logarithms and needs values above zero."
            )
        return Summary(np.isfinite(x).astype(np.float64), x, more={"part": sample.part})

    def estimate(sample: Sample, method: str) -> Baseline:
        x = scaled(values_of(sample)[:, 0])
        parts, ranges = {}, {}
        for name, at in _by_part(sample).items():
            mine = x[at]
            if not np.isfinite(mine).any():
                continue
            moved = moving_range(mine)
            parts[name] = mean_of(mine)
            ranges[name] = moved[np.isfinite(moved)]
        together = np.concatenate(list(ranges.values())) if ranges else np.zeros(0)
        sigmas = {}
        for name, moved in ranges.items():
            used = moved if design.sigma == "by-part" else together
            sigmas[name] = float(used.mean()) / d2(2) if used.size else np.nan
        told = {}
        for name, mean in parts.items():
            told[f"centre of {name}"] = float(np.exp(mean)) if log else mean
            told[f"sigma of {name}"] = sigmas[name]
        return Baseline(0.0, 1.0, method, d2(2), 2, told=told, more=(parts, sigmas))

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        parts, sigmas = b.more
        names = s.more["part"]
        x = scaled(s.value)
        z = np.full(x.size, np.nan)
        for name in dict.fromkeys(names.tolist()):
            here = names == name
            if str(name) not in parts:
                if np.isfinite(x[here]).any():
                    raise DataError(f"part {name!r} has no point in the baseline: its level is not known.")
                continue
            sigma = sigmas[str(name)]
            if not sigma > 0:
                raise DataError(
                    f"part {name!r} shows no spread between its points in the baseline; give more points of it, or "
                    "use sigma = pooled."
                )
            z[here] = (x[here] - parts[str(name)]) / sigma
        tail = tail_of(z, before, 1)
        return (
            location("z of the part", z, b, k),
            ranges_panel("moving range of z", replace(s, value=z), b, k, 2, before),
        ), tail

    how = {
        "by-part": "each part has the sigma of its own moving ranges",
        "pooled": "all parts share the sigma of their moving ranges",
        "relative": "all parts share a sigma on the log scale",
    }[design.sigma]
    return Kind(
        "z-mr", "Short runs, standardised", "measurements", ("moving-range",), summarise, estimate, draw, grouped=False,
        known=lambda b, sigma: replace(b, more=(b.more[0], dict.fromkeys(b.more[1], sigma)), method="known"),
        convention=f"z = (value - mean of the part) / sigma; {how}. Moving ranges join neighbours of one part, also "
        "across other parts between them, for sigma; on the panel they join neighbours in time.",
        design=design, own_center="has a centre of each part",
    )  # fmt: skip


def dnom(design: DNOM) -> Kind:
    """Deviations from the nominal value of each part, which share one sigma."""

    def deviations(sample: Sample) -> Floats:
        if sample.nominal is None:
            raise ValueError("a deviation chart needs the nominal value of each point")
        return values_of(sample)[:, 0] - sample.nominal

    def summarise(sample: Sample) -> Summary:
        x = deviations(sample)
        return Summary(np.isfinite(x).astype(np.float64), x)

    def estimate(sample: Sample, method: str) -> Baseline:
        x = deviations(sample)
        # a difference is rounded like the values it comes from
        level = mean_of(2 * np.abs(values_of(sample)[:, 0]) + np.abs(x))
        return individual_baseline(x, method, level=level)

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        tail = tail_of(s.value, before, 1)
        panels = (
            location("deviation from nominal", s.value, b, k),
            ranges_panel("moving range", s, b, k, 2, before),
        )
        return panels, tail

    return Kind(
        "dnom", "Short runs, deviation from nominal", "measurements", INDIVIDUAL, summarise,
        estimate, draw, grouped=False,
        known=known_range(2), design=design,
        convention="Deviations from the nominal value of each point, as one series: sound where all parts vary alike.",
    )  # fmt: skip
