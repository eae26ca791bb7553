"""Which kind suits the data, and what a reader of the chart must be warned of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..data import Counts, Measurements
from ..numbers.dispersion import overdispersion
from .kinds import Kind, Summary

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TRIAL = 20
"""Points in a stage under which its limits are called trial limits."""


def choose_kind(points: Measurements | Counts) -> tuple[str, str]:
    if isinstance(points, Measurements):
        width = points.values.shape[1]
        if width == 1:
            return "i-mr", "one value a point"
        return ("xbar-r", "subgroups of up to ten") if width <= 10 else ("xbar-s", "subgroups of more than ten")
    if points.size_name is None:
        return "c", "counts without a size"
    with np.errstate(invalid="ignore"):
        proportion = not np.any(points.count > points.size)
    kind = "p" if proportion else "u"
    if points.excluded.all():
        return kind, "counts with a size"
    ratio, p = _dispersion(points, proportion)
    what = "never exceeds" if proportion else "exceeds"
    why = f"{points.name} {what} {points.size_name}"
    if p < 0.01 and ratio > 1.2:
        return f"laney-{kind}", f"{why}, and varies {ratio:.2g} times as much as a {kind} chart assumes (p = {p:.2g})"
    return kind, f"{why}, and varies no more than a {kind} chart assumes"


def _dispersion(points: Counts, proportion: bool) -> tuple[float, float]:
    """The dispersion test, each stage about its own mean."""
    count = np.where(points.excluded, np.nan, points.count)
    tests = [overdispersion(count[s.start : s.stop], points.size[s.start : s.stop], proportion) for s in points.stages]
    return max(tests, key=lambda t: -t[1])


def warnings_of(points: Measurements | Counts, kind: Kind, summary: Summary, keep: Bools) -> list[Caveat]:
    found = []
    short = [s.name for s in points.stages if np.isfinite(summary.value[s.start : s.stop]).sum() < TRIAL]
    if short:
        names = ", ".join(repr(s) for s in short[:3])
        found.append(
            Caveat("trial-limits", f"Fewer than {TRIAL} points in stage {names}: its limits are trial limits.")
        )
    if isinstance(points, Counts) and kind.name in ("p", "np", "u", "c"):
        ratio, p = _dispersion(points, kind.name in ("p", "np"))
        if p < 0.01 and ratio > 1.2:
            better = "laney-p" if kind.name in ("p", "np") else "laney-u"
            found.append(
                Caveat("overdispersed", f"The counts vary {ratio:.2g} times as much as a {kind.name} chart assumes "
                       f"(p = {p:.2g}): its limits are too narrow; use {better}.")
            )  # fmt: skip
    r = _lag_one(points, summary, keep)
    if r is not None:
        found.append(
            Caveat("autocorrelated", f"Neighbouring points resemble each other (lag-1 correlation {r:.2f}): limits "
                   "from moving ranges are too narrow and run rules fire too often.")
        )  # fmt: skip
    return found


def _lag_one(points: Measurements | Counts, summary: Summary, keep: Bools) -> float | None:
    parts = [np.where(keep, summary.value, np.nan)[s.start : s.stop] for s in points.stages]
    centred = np.concatenate([p - (np.nanmean(p) if np.isfinite(p).any() else 0.0) for p in parts])
    seen = np.isfinite(centred)
    total = float((centred[seen] ** 2).sum())
    n = int(seen.sum())
    if n < 12 or total == 0:
        return None
    r = float(np.nansum(centred[1:] * centred[:-1]) / total)
    return r if r > max(0.3, 2 / np.sqrt(n)) else None
