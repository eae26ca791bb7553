"""Several variables at once: Hotelling's T² and the multivariate EWMA."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..designs import MEWMA, T2
from ..errors import DataError
from ..numbers.decomposition import Decomposition, decompose, drivers
from ..numbers.mewma import mewma, mewma_limit
from ..numbers.multivariate import Estimate, estimate, limit, means, t_squared
from .kinds import NONE, Baseline, Drawing, Kind, Sample, Summary, flat

Floats = NDArray[np.float64]
PHASES: tuple[Literal[1, 2], Literal[1, 2]] = (1, 2)

_OWN = "has a centre and a covariance of several variables"


def _vectors(sample: Sample) -> Floats:
    if sample.values is None or sample.values.ndim != 3:
        raise ValueError("this kind charts several variables at once")
    return sample.values if sample.values.shape[1] > 1 else sample.values[:, 0, :]


def _summary(names: tuple[str, ...]) -> Callable[[Sample], Summary]:
    def summarise(sample: Sample) -> Summary:
        x = _vectors(sample)
        mean, size = means(x)
        return Summary(size.astype(np.float64), np.where(size > 0, mean[:, 0], np.nan), more={"x": x})

    return summarise


def _estimated(sample: Sample, covariance: str, names: tuple[str, ...]) -> Estimate:
    x = _vectors(sample)
    method = covariance
    if method == "auto":
        method = "within" if x.ndim == 3 else "sample"
    try:
        return estimate(x, method, names)
    except ValueError as problem:
        raise DataError(f"{problem}") from None


def _centers(found: Estimate, names: tuple[str, ...]) -> dict[str, float]:
    told = {f"centre of {name}": float(v) for name, v in zip(names, found.center, strict=True)}
    spread = np.sqrt(np.diag(found.covariance))
    return told | {f"sigma of {name}": float(v) for name, v in zip(names, spread, strict=True)}


def _named(taken: Decomposition, driving: NDArray[np.bool_], i: int, names: tuple[str, ...]) -> str:
    order = np.argsort(-taken.share[i])
    chosen = [j for j in order if driving[i, j]] or [int(order[0])]
    parts = [
        f"{names[j]} ({taken.deviation[i, j]:+.2g} sd, {100 * taken.share[i, j]:.0f} % of it)".replace("-", "−")
        for j in chosen[:4]
    ]
    return f"driven by {', '.join(parts)}"


def t2(design: T2, names: tuple[str, ...]) -> Kind:
    """Hotelling's T²."""
    level = design.confidence

    def fit(sample: Sample, method: str) -> Baseline:
        found = _estimated(sample, design.covariance, names)
        return Baseline(NONE, NONE, found.method, told=_centers(found, names) | {"confidence": level}, more=found)

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        found: Estimate = b.more
        x = s.more["x"]
        try:
            value = t_squared(x, found.center, found.covariance, names)
            first, later = (limit(found, level, phase, s.n.astype(np.int64)) for phase in PHASES)
        except ValueError as problem:
            raise DataError(f"{problem}") from None
        own = np.zeros(value.size, dtype=bool) if s.own is None else s.own
        upper = np.where(own, first, later)
        if upper.size and bool(np.all(upper == upper[0])):
            upper = flat(float(upper[0]), upper.size)

        def explain(i: int) -> str:
            size = int(s.n[i])
            parts = [float(limit(found, level, 2, size, variables=j + 1)) for j in range(len(names))]
            row = x[i : i + 1]
            taken = decompose(row, found.center, found.covariance, names)
            return _named(taken, drivers(row, found.center, found.covariance, parts, names), 0, names)

        none = flat(NONE, value.size)
        panel = Drawing("T²", value, none, none, upper, flat(1.0, value.size), judged="limits", explain=explain)
        return (panel,), None

    return Kind(
        "t2", "Hotelling's T²", "vectors", ("covariance",), _summary(names), fit, draw, bound="the limit",
        own_center=_OWN, own_sigma=_OWN, design=design,
        convention=f"One limit at {100 * level:g} % per point: of Phase I for the points that made the estimate, of "
        "Phase II for all others. A point with any variable missing is a gap.",
    )  # fmt: skip


def mewma_kind(design: MEWMA, names: tuple[str, ...]) -> Kind:
    """Multivariate EWMA."""

    def fit(sample: Sample, method: str) -> Baseline:
        found = _estimated(sample, "auto", names)
        h = mewma_limit(design.weight, len(names), design.arl)
        told = _centers(found, names) | {"weight": design.weight, "limit h": h, "wanted ARL": design.arl}
        return Baseline(NONE, NONE, found.method, told=told, more=(found, h))

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        found, h = b.more
        exact = design.limits == "exact"
        try:
            got = mewma(
                s.more["x"], found.center, found.covariance, design.weight, exact=exact, state=before, names=names
            )
        except ValueError as problem:
            raise DataError(f"{problem}") from None
        n = got.statistic.size
        none = flat(NONE, n)

        def explain(i: int) -> str:
            row = got.average[i : i + 1]
            taken = decompose(row, np.zeros(len(names)), found.covariance, names)
            scale = np.sqrt(design.weight / (2 - design.weight))
            shown = Decomposition(
                taken.total, taken.deviation / scale, taken.unconditional, taken.conditional, taken.share
            )
            largest = np.zeros((1, len(names)), dtype=bool)
            largest[0, np.flatnonzero(taken.share[0] >= 0.25)] = True
            return _named(shown, largest, 0, names)

        panel = Drawing("MEWMA", got.statistic, none, none, flat(h, n), flat(1.0, n), judged="limits", explain=explain)
        return (panel,), got.state

    return Kind(
        "mewma", "Multivariate EWMA", "vectors", ("covariance",), _summary(names), fit, draw, bound="the limit",
        own_center=_OWN, own_sigma=_OWN, memory=True, design=design,
        convention=f"weight {design.weight:g}; {design.limits} covariance; the limit gives an ARL of {design.arl:g} "
        "for known parameters and the asymptotic covariance (Rigdon's integral equation).",
    )  # fmt: skip
