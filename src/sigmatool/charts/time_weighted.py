"""Charts with a memory: EWMA, cumulative sums, moving averages. They see small shifts that Shewhart charts miss."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..designs import CUSUM, EWMA, MA
from ..numbers.dispersion import INDIVIDUAL, SUBGROUP
from ..numbers.time_weighted import arms, ewma, ewma_variance, last_of, moving_average
from .kinds import NONE, Baseline, Drawing, Kind, Sample, Summary, flat
from .variables import individual_baseline, subgroup_baseline, tail_of, values_of

Floats = NDArray[np.float64]

ESTIMATORS = (*INDIVIDUAL, *SUBGROUP)


def _summary(sample: Sample) -> Summary:
    x = values_of(sample)
    if x.shape[1] == 1:
        return Summary(np.isfinite(x[:, 0]).astype(np.float64), x[:, 0])
    held = sample.subgroups
    return Summary(held.n.astype(np.float64), held.mean)


def _estimate(sample: Sample, method: str) -> Baseline:
    """Single values by their moving ranges, subgroups by the spread inside them."""
    x = values_of(sample)
    if x.shape[1] == 1:
        return individual_baseline(x[:, 0], "moving-range" if method not in INDIVIDUAL else method)
    inner = "rbar" if method in ("moving-range", "median-moving-range") else method
    return subgroup_baseline(sample, inner, use_range=True)


def _error(b: Baseline, s: Summary) -> Floats:
    """Standard error of each point."""
    if s.n.size and bool(np.all(s.n == s.n[0])):
        return flat(b.sigma / float(np.sqrt(s.n[0])), s.n.size) if s.n[0] > 0 else flat(NONE, s.n.size)
    return np.asarray(b.sigma / np.sqrt(np.where(s.n > 0, s.n, np.nan)), dtype=np.float64)


def ewma_kind(design: EWMA) -> Kind:
    """Exponentially weighted moving average."""
    weight = design.weight

    def estimate(sample: Sample, method: str) -> Baseline:
        return replace(_estimate(sample, method), told={"weight": weight})

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        start, spread, held = before or (b.center, 0.0, NONE)
        value = ewma(s.value, weight, start)
        noise = np.where(np.isfinite(s.value), _error(b, s) ** 2, np.nan)
        exact = design.limits == "exact"
        variance = ewma_variance(noise, weight, spread) if exact else noise * weight / (2 - weight)
        error = _held(np.sqrt(variance), held)
        center = flat(b.center, value.size)
        panel = Drawing("EWMA", value, center, center - k * error, center + k * error, error, judged="limits")
        return (panel,), (float(last_of(value, start)), float(last_of(variance, spread)), float(last_of(error, held)))

    limits = "exact: narrow at the start" if design.limits == "exact" else "asymptotic: constant"
    return Kind(
        "ewma", "Exponentially weighted moving average", "measurements", ESTIMATORS, _summary, estimate, draw,
        memory=True, design=design,
        convention=f"weight {weight:g}; starts at the centre; limits {limits}, with the variance of each subgroup's "
        "own size. Run and zone rules are not asked of averages that overlap.",
    )  # fmt: skip


def _held(x: Floats, before: float) -> Floats:
    """Gaps filled with the value before, so that lines run on through them."""
    whole = np.concatenate([[before], x])
    at = np.maximum.accumulate(np.where(np.isfinite(whole), np.arange(whole.size), 0))
    return np.asarray(whole[at][1:], dtype=np.float64)


def cusum_kind(design: CUSUM) -> Kind:
    """Cumulative sums, both sides, with the plain sum of a V-mask."""
    k, h, head = design.reference, design.decision, design.head_start

    def estimate(sample: Sample, method: str) -> Baseline:
        return replace(_estimate(sample, method), told={"reference k": k, "decision h": h, "head start": head})

    def draw(b: Baseline, s: Summary, width: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        high, low, plain, risen, fallen = before or (head, head, 0.0, 0, 0)
        error = _error(b, s)
        scores = np.divide(s.value - b.center, error, out=np.zeros(error.size), where=~(error <= 0))
        up, down = arms(scores, k, (high, low))
        deviation = np.where(np.isfinite(s.value), s.value - b.center, 0.0)
        total = np.add.accumulate(np.concatenate([[plain], deviation]))[1:]
        n, zero = s.value.size, flat(0.0, s.value.size)
        unit, none = flat(1.0, n), flat(NONE, n)
        panels = (
            Drawing("upper sum", up, zero, none, flat(h, n), unit, judged="limits", since=_since(up, risen)),
            Drawing("lower sum", -down + 0.0, zero, flat(-h, n), none, unit, judged="limits",
                    since=_since(down, fallen)),
            Drawing("sum of deviations", np.where(np.isfinite(s.value), total, np.nan), zero, none, none, none,
                    judged="none"),
        )  # fmt: skip
        sums = (float(last_of(up, high)), float(last_of(down, low)), float(total[-1]) if n else plain)
        standing = (n - int(_since(up, risen)[-1]), n - int(_since(down, fallen)[-1])) if n else (risen, fallen)
        return panels, (*sums, *standing)

    return Kind(
        "cusum", "Cumulative sums", "measurements", ESTIMATORS, _summary, estimate, draw, memory=True,
        bound="the decision value",
        design=design,
        convention=f"Tabular sums of standardised points, k = {k:g}, h = {h:g}, head start {head:g}, all in sigmas of "
        "a point; the lower sum is drawn downwards. A sum is not set back after a signal. The last panel is the plain "
        "sum of deviations, in the unit of the data, on which a V-mask is laid: a bend is where the level moved.",
    )  # fmt: skip


def _since(arm: Floats, before: int) -> NDArray[np.int64]:
    """The point after the arm last stood at zero, where a shift that it signals is likely to have begun; ``before``
    points ago where it has stood above zero from the first."""
    at = np.arange(arm.size)
    last_zero = np.maximum.accumulate(np.where(arm == 0, at, -1 - before))
    return np.asarray(last_zero + 1, dtype=np.int64)


def ma_kind(design: MA) -> Kind:
    """Moving average."""

    def estimate(sample: Sample, method: str) -> Baseline:
        return replace(_estimate(sample, method), told={"span": float(design.span)})

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        length = design.span - 1
        error = _error(b, s)
        values, noise, held = before or (None, None, NONE)
        x = np.concatenate([np.full(length, np.nan) if values is None else values, s.value])
        v = np.concatenate([np.full(length, np.nan) if noise is None else noise, error**2])
        mean, variance = moving_average(x, v, design.span)
        value, width = mean[length:], _held(np.sqrt(variance[length:]), held)
        center = flat(b.center, value.size)
        panel = Drawing("moving average", value, center, center - k * width, center + k * width, width, judged="limits")
        left = (tail_of(s.value, values, length), tail_of(error**2, noise, length), float(last_of(width, held)))
        return (panel,), left

    return Kind(
        "ma", "Moving average", "measurements", ESTIMATORS, _summary, estimate, draw, memory=True,
        design=design,
        convention=f"Mean of {design.span} points; of as many as there are at the start and after a gap, with wider "
        "limits. Run and zone rules are not asked of averages that overlap.",
    )  # fmt: skip
