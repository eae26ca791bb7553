"""Cells of the indices of a normal process: every sigma, one and two limits, centred and not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri

from sigmatool.numbers.capability_indices import Bounded, Sigma, c4_of, cpm_about_target, indices
from sigmatool.numbers.constants import c4, d2, d4_median
from sigmatool.numbers.sigma_dof import dof_individuals, dof_subgroups

from .cells import Cell, Ends, Floats, Found

FAMILY = "Normal capability"
SIZE = 5
"""Values in a subgroup."""

LONG = {"p": "Pp", "l": "Ppl", "u": "Ppu", "k": "Ppk", "m": "Cpm (all values)", "z_bench": "Z.bench, ppm overall"}
SHORT = {"p": "Cp", "l": "Cpl", "u": "Cpu", "k": "Cpk", "m": "Cpm", "km": "Cpkm", "z_bench": "Z.bench, ppm within"}

SPECIFICATIONS = {
    "two limits, centred, Cp 1.33": (-4.0, 4.0, 0.0),
    "two limits, off centre by 1 sd, Cp 1.33, Cpk 1": (-5.0, 3.0, -1.0),
    "two limits, off centre by 0.25 sd, Cp 0.67": (-2.25, 1.75, -0.25),
    "one limit at 4 sd": (-np.inf, 4.0, np.nan),
}


def truths(lsl: float, usl: float, target: float) -> dict[str, float]:
    """Indices of a process with mean 0 and standard deviation 1."""
    k, tau = min(usl, -lsl) / 3, float(np.hypot(1.0, target))
    p = (usl - lsl) / 6
    outside = float(ndtr(lsl) + ndtr(-usl))
    held = {"p": p, "l": -lsl / 3, "u": usl / 3, "k": k, "m": p / tau, "km": k / tau, "z_bench": float(-ndtri(outside))}
    return {name: value for name, value in held.items() if np.isfinite(value)}


def individuals(x: Floats, estimator: str) -> tuple[Floats, float]:
    """Sigma of every row by an estimator of single values, with its degrees of freedom: as the verb has them."""
    n = x.shape[1]
    if estimator == "overall":
        return x.std(axis=1, ddof=1), n - 1.0
    moved = np.abs(np.diff(x, axis=1))
    value = moved.mean(axis=1) / d2(2) if estimator == "moving-range" else np.median(moved, axis=1) / d4_median(2)
    return value, dof_individuals(n, estimator)


def subgrouped(x: Floats, estimator: str) -> tuple[Floats, float]:
    """The same for subgroups (many, k, size)."""
    k, size = x.shape[1:]
    dof = dof_subgroups(np.full(k, size), estimator)
    if estimator == "rbar":
        return np.ptp(x, axis=2).mean(axis=1) / d2(size), dof
    if estimator == "sbar":
        return x.std(axis=2, ddof=1).mean(axis=1) / c4(size), dof
    return np.sqrt(x.var(axis=2, ddof=1).mean(axis=1)) / c4(int(k * (size - 1)) + 1), dof


def _overall(rng: np.random.Generator, n: int, many: int, spec: tuple[float, float, float]) -> Found:
    x = rng.standard_normal((many, n))
    mean, s = x.mean(axis=1), x.std(axis=1, ddof=1)
    found = indices(mean, Sigma(s, n - 1.0), float(n), *spec)
    out = {LONG[name]: _ends(found[name], many) for name in LONG}
    out["Cpm (about target)"] = _ends(cpm_about_target(mean, s**2, float(n), *spec), many)
    return out


def _within(rng: np.random.Generator, n: int, many: int, spec: tuple[float, float, float], estimator: str) -> Found:
    x = rng.standard_normal((many, n))
    grouped = estimator in ("pooled", "rbar", "sbar")
    value, dof = subgrouped(x.reshape(many, -1, SIZE), estimator) if grouped else individuals(x, estimator)
    s = x.std(axis=1, ddof=1)
    found = indices(x.mean(axis=1), Sigma(value, dof, c4_of(dof)), n * (value / s) ** 2, *spec)
    return {SHORT[name]: _ends(found[name], many) for name in SHORT}


def _ends(found: Bounded, many: int) -> Ends:
    return tuple(np.broadcast_to(v, (many,)) for v in (found.value, found.low, found.high))  # type: ignore[return-value]


def _cells() -> list[Cell]:
    out = []
    for data, spec in SPECIFICATIONS.items():
        true = {LONG[name]: value for name, value in truths(*spec).items() if name in LONG}
        if "Cpm (all values)" in true:
            true["Cpm (about target)"] = true["Cpm (all values)"]
        if data.startswith("one"):
            # one and the same statement as the index of this side
            true.pop("Ppk")
        out.append(Cell(FAMILY, data, true, _bound(_overall, spec)))
    for estimator in ("moving-range", "median-moving-range", "pooled", "rbar", "sbar"):
        for data, spec in SPECIFICATIONS.items():
            if estimator != "moving-range" and not data.startswith("two limits, off centre by 1"):
                continue
            told = (
                f"sigma by {estimator}{', subgroups of 5' if estimator in ('pooled', 'rbar', 'sbar') else ''}; {data}"
            )
            true = {SHORT[name]: value for name, value in truths(*spec).items() if name in SHORT}
            if data.startswith("one"):
                true = {"Cpu": true["Cpu"], "Z.bench, ppm within": true["Z.bench, ppm within"]}
            out.append(Cell(FAMILY, told, true, _bound(_within, spec, estimator)))
    return out


def _bound(draw: Callable[..., Found], *settings: object) -> Callable[[np.random.Generator, int, int], Found]:
    return lambda rng, n, many: draw(rng, n, many, *settings)


CELLS = _cells()
