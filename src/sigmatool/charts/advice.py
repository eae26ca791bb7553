"""Which kind suits the data, and what a reader of the chart must be warned of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..data import Counts, Measurements, Vectors
from ..numbers.constants import d2
from ..numbers.dispersion import overdispersion
from . import caveat_words
from .kinds import Baseline, Kind, Summary
from .result import ChartPanel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TRIAL = 20
"""Points in a stage under which its limits are called trial limits."""

LOOKED_AT = 200
"""Points that the look at rounding needs at most."""

ENOUGH = 10_000
"""Points that the comparison of spreads needs at most."""


def choose_kind(points: Measurements | Counts | Vectors) -> tuple[str, str]:
    """Name of the kind, and why."""
    if isinstance(points, Vectors):
        return "t2", "several variables at once"
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


def warnings_of(
    points: Measurements | Counts | Vectors,
    kind: Kind,
    panels: tuple[ChartPanel, ...],
    summary: Summary,
    keep: Bools,
    base: Baseline,
) -> list[Caveat]:
    """Caveats where the chart may be the wrong one."""
    found = []
    seen = np.isfinite(summary.value)
    short = [s.name for s in points.stages if seen[s.start : s.stop].sum() < TRIAL]
    if short:
        found.append(caveat_words.trial_limits(TRIAL, short))
    if isinstance(points, Counts):
        found += _of_counts(points, kind)
    if kind.name in ("xbar-r", "xbar-s"):
        found += _of_batches(panels, keep, base)
    if kind.name == "i-mr":
        found += _of_rounding(panels[0].value)
    if kind.takes != "vectors" and not kind.memory:
        r = _lag_one(points, summary, keep)
        if r is not None:
            found.append(caveat_words.autocorrelated(r))
    return found


def _of_counts(points: Counts, kind: Kind) -> list[Caveat]:
    found = []
    proportion = kind.name in ("p", "np", "laney-p")
    if kind.name in ("p", "np", "u", "c"):
        ratio, p = _dispersion(points, proportion)
        if p < 0.01 and ratio > 1.2:
            better = "laney-p" if proportion else "laney-u"
            found.append(caveat_words.overdispersed(ratio, kind.name, p, better, sized=points.size_name is not None))
    used = np.isfinite(points.count) & ~points.excluded
    total, many = float(points.count[used].sum()), int(used.sum())
    expected = min(total, float((points.size - points.count)[used].sum())) / many if proportion else total / many
    if expected < 1:
        found.append(caveat_words.counts_small(expected))
    if kind.name == "np" and np.unique(points.size[np.isfinite(points.size)]).size > 1:
        found.append(caveat_words.np_varying())
    return found


def _of_batches(panels: tuple[ChartPanel, ...], keep: Bools, base: Baseline) -> list[Caveat]:
    """Means that vary far more than the spread inside subgroups foretells: batches, not samples."""
    mean, error = panels[0].value[:ENOUGH], panels[0].sigma[:ENOUGH]
    steps = np.abs(np.diff(np.where(keep[:ENOUGH], mean, np.nan)))
    steps = steps[np.isfinite(steps)]
    usual = float(np.nanmean(error)) if np.isfinite(error).any() else 0.0
    if steps.size < 10 or not usual > 0:
        return []
    ratio = float(steps.mean()) / d2(2) / usual
    if ratio < 2:
        return []
    return [caveat_words.batches(ratio)]


def _of_rounding(x: Floats) -> list[Caveat]:
    """Values so coarse that moving ranges take few values."""
    head = x[:LOOKED_AT]
    if len(set(head[:30].tolist())) > 15:
        return []
    levels = np.unique(head[np.isfinite(head)])
    if not 2 <= levels.size <= 12:
        return []
    steps = np.abs(np.diff(head))
    steps = steps[np.isfinite(steps)]
    distinct = np.unique(np.round(steps / np.diff(levels).min())).size if steps.size >= 15 else 0
    if not 1 <= distinct <= 3:
        return []
    return [caveat_words.chunky(distinct)]


def _lag_one(points: Measurements | Counts | Vectors, summary: Summary, keep: Bools) -> float | None:
    total = product = 0.0
    n = 0
    for s in points.stages:
        here = slice(s.start, s.stop)
        part = summary.value[here]
        if not keep[here].all():
            part = np.where(keep[here], part, np.nan)
        seen = np.isfinite(part)
        many = int(seen.sum())
        if many == 0:
            continue
        whole = many == part.size
        centred = part - (part.mean() if whole else part[seen].mean())
        if not whole:
            centred = np.where(seen, centred, 0.0)
        total += float(centred @ centred)
        product += float(centred[1:] @ centred[:-1])
        n += many
    if n < 12 or total == 0:
        return None
    r = product / total
    return r if r > max(0.3, 2 / np.sqrt(n)) else None
