"""What is said of a stretch of points: limits, signals, dependence, drift, and how surely it is not steady."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numbers.patterned import count_tail, extreme_p, order_p, slope_p
from ..numbers.ragged import Segments
from ..numbers.runs import EDGE, Pattern, fired
from . import points as make

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Table = dict[str, NDArray[Any]]


def measured(lines: make.Lines, stretch: Segments, patterns: Sequence[Pattern], nsigma: float) -> Table:
    """Everything that is said of a stretch."""
    x, seen = lines.value, lines.seen
    off = stretch.against(np.subtract, x, lines.center)
    c = off if seen is None else np.where(seen, off, 0.0)
    many = stretch.lengths if seen is None else stretch.count(seen)
    n, square = many.astype(np.float64), c * c
    spread = stretch.sum(square)
    out: Table = {"n": many, "center": lines.center, "sigma": lines.sigma}
    with np.errstate(divide="ignore", invalid="ignore"):
        out["sd"] = np.where(many > 1, np.sqrt(spread / np.maximum(n - 1, 1)), np.nan)
        values = n if lines.values is None else lines.values
        about = spread if lines.value_spread is None else lines.value_spread
        out["values"] = values
        out["sigma_overall"] = np.where(values > 1, np.sqrt(about / np.maximum(values - 1, 1)), np.nan)
        sizes = stretch.sum(np.where(seen, lines.size, 0.0)) if lines.size.size == x.size and seen is not None else n
        out["size"] = np.where(many > 0, sizes / np.maximum(n, 1), np.nan)
    out["sigma_error"] = np.full(stretch.many, np.nan) if lines.sigma_error is None else lines.sigma_error
    out["min"], out["max"] = stretch.min(x), stretch.max(x)
    out["lower"], out["upper"] = _limits(lines, out["size"], nsigma)
    out.update(_signals(lines, off, stretch, patterns, nsigma))
    out["drift"], rising = _trend(c, n, spread, stretch, seen)
    if lines.moved is not None:
        assert lines.pairs is not None
        parts = _Parts(c, square, spread, stretch.sum(lines.moved**2), lines.pairs)
        with np.errstate(divide="ignore", invalid="ignore"):
            out["stability_index"] = np.where(lines.sigma > 0, out["sd"] / lines.sigma, np.nan)
    else:
        parts = _scaled(lines, off, n, stretch)
        _, rising = _trend(parts.c, n, parts.spread, stretch, seen)
        with np.errstate(divide="ignore", invalid="ignore"):
            index = np.sqrt(parts.about_center / np.maximum(n - 1, 1))
        out["stability_index"] = np.where((lines.sigma > 0) & (n > 1) & (index > 0), index, np.nan)
    out["autocorrelation"] = _autocorrelation(parts, stretch, lines.moved is not None and seen is None)
    out["p"] = _stable_p(parts, n, rising, _far_p(lines, parts, n, stretch))
    return out


@dataclass(frozen=True)
class _Parts:
    """Points about their mean, of one spread: (n,) ``c`` and its square, sums (s,) of the square and of squared steps,
    neighbours (s,), and the sum of squares about the centre line."""

    c: Floats
    square: Floats
    spread: Floats
    steps: Floats
    pairs: Floats
    about_center: Floats | None = None


def _scaled(lines: make.Lines, off: Floats, n: Floats, stretch: Segments) -> _Parts:
    """Points of unequal size, brought to one spread."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = stretch.against(np.divide, off, lines.width)
    here = np.isfinite(z)
    z = np.where(here, z, 0.0)
    about_center = stretch.sum(z * z)
    c = np.where(here, z - stretch.spread(stretch.sum(z) / np.maximum(stretch.count(here), 1)), 0.0)
    step = make.steps_of(np.where(here, c, np.nan), stretch)
    known = np.isfinite(step)
    steps = stretch.sum(np.where(known, step, 0.0) ** 2)
    return _Parts(c, c * c, stretch.sum(c * c), steps, stretch.count(known).astype(np.float64), about_center)


def _limits(lines: make.Lines, size: Floats, nsigma: float) -> tuple[Floats, Floats]:
    """Limits at the average size."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if lines.lowest == 0.0:
            room = np.where(lines.highest == 1.0, lines.center * (1 - lines.center), lines.center)
            width = np.sqrt(room / size) * lines.sigma
        else:
            width = lines.sigma / np.sqrt(np.where(size > 0, size, np.nan))
    low, high = lines.center - nsigma * width, lines.center + nsigma * width
    return np.maximum(low, lines.lowest), np.minimum(high, lines.highest)


def _signals(lines: make.Lines, off: Floats, stretch: Segments, patterns: Sequence[Pattern], nsigma: float) -> Table:
    """How often each rule fires, and how many moving ranges, ranges or standard deviations lie beyond their limits."""
    out: Table = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        z = stretch.against(np.divide, off, lines.width)
    raw = lines.value
    if lines.moved is None or not bool(np.all(lines.sigma > 0)):
        flat = ~(_width(lines, stretch) > 0)
        z[flat] = np.nan
        raw = np.where(flat, np.nan, raw)
    order = [p for p in patterns if p.test in ("trend", "alternating")]
    neighbours = dict(zip(order, fired(order, raw, 0.0, 1.0), strict=True))
    rest = [p for p in patterns if p not in neighbours]
    marks = dict(zip(rest, fired(rest, z, 0.0, 1.0, -nsigma, nsigma), strict=True))
    coarse = _coarse(lines, stretch)
    any_signal = np.zeros(stretch.many, dtype=np.int64)
    for number, pattern in enumerate(patterns, start=1):
        if pattern.test == "limits" and coarse is not None:
            marks[pattern] = _beyond_drawn(lines, marks[pattern], coarse, stretch, nsigma)
        places = np.flatnonzero((neighbours if pattern in neighbours else marks)[pattern])
        if pattern.window > 1:
            places = places[places - stretch.starts[stretch.of[places]] >= pattern.window - 1]
        out[f"signals_{number}"] = stretch.count_at(places)
        any_signal += out[f"signals_{number}"]
    out["signals_spread"] = np.zeros(stretch.many, dtype=np.int64)
    if lines.range_value is not None and any(p.test == "limits" for p in patterns):
        assert lines.range_upper is not None
        beyond = stretch.against(np.greater, lines.range_value, lines.range_upper)
        if lines.range_lower is not None:
            beyond |= stretch.against(np.less, lines.range_value, lines.range_lower)
        out["signals_spread"] = stretch.count_at(np.flatnonzero(beyond))
    out["signals"] = any_signal + out["signals_spread"]
    return out


def _width(lines: make.Lines, stretch: Segments) -> Floats:
    """Sigma of every point."""
    return lines.width if lines.width.size == stretch.n else stretch.spread(lines.width)


def _coarse(lines: make.Lines, stretch: Segments) -> Bools | None:
    """Points of stretches whose level leaves few digits for their spread; None where there are none.

    There the drawn limits are rounded, and a point is held against these.
    """
    with np.errstate(invalid="ignore"):
        found = (lines.sigma > 0) & (np.spacing(np.abs(lines.center)) > EDGE * lines.sigma)
    return stretch.spread(found) if found.any() else None


def _beyond_drawn(lines: make.Lines, marks: Bools, coarse: Bools, stretch: Segments, nsigma: float) -> Bools:
    at = np.flatnonzero(coarse)
    center, width, x = stretch.spread(lines.center)[at], _width(lines, stretch)[at], lines.value[at]
    edge = EDGE * width
    found = marks.copy()
    found[at] = (x > center + nsigma * width + edge) | (x < center - nsigma * width - edge)
    return found


def _trend(
    c: Floats, n: Floats, spread: Floats, stretch: Segments, seen: Bools | None
) -> tuple[Floats, Floats]:  # fmt: skip
    """The change along a straight line fitted to the points, from the first to the last, and its two-sided p value."""
    length = stretch.lengths.astype(np.float64)
    if seen is None:
        middle = stretch.starts + (length - 1) / 2
        place = stretch.against(np.subtract, np.arange(stretch.n, dtype=np.float64), middle)
        along = length * (length**2 - 1) / 12
    else:
        middle = stretch.sum(np.where(seen, stretch.place, 0.0)) / np.maximum(n, 1)
        place = np.where(seen, stretch.place - stretch.spread(middle), 0.0)
        along = stretch.sum(place**2)
    across = stretch.sum(place * c)
    with np.errstate(divide="ignore", invalid="ignore"):
        drift = np.where(along > 0, across / along * (length - 1), np.nan)
        return drift, slope_p(n, across**2 / (along * spread))


def _autocorrelation(parts: _Parts, stretch: Segments, whole: bool) -> Floats:
    """The first: sum of products of neighbours over the sum of squares. Without gaps (``whole``) it follows from the
    squared steps: ``2 sum c(t) c(t+1) = 2 sum c^2 - c(1)^2 - c(n)^2 - sum (c(t+1) - c(t))^2``."""
    if whole:
        ends = stretch.first(parts.c) ** 2 + stretch.last(parts.c) ** 2
        products = parts.spread - (ends + parts.steps) / 2
    else:
        product = np.zeros(parts.c.size)
        np.multiply(parts.c[1:], parts.c[:-1], out=product[1:])
        product[stretch.starts] = 0.0
        products = stretch.sum(product)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((parts.spread > 0) & (parts.pairs > 0), products / parts.spread, np.nan)


def _extreme_count_p(lines: make.Lines, z: Floats, stretch: Segments) -> Floats:
    """Chance that a count of a plain chart lies as far out as its farthest, by the law of the chart; NaN for Laney's.

    Counts of few events are skewed: by the normal law their largest would look rare.
    """
    assert lines.count is not None
    out = np.full(stretch.many, np.nan)
    plain = np.isin(lines.kind, (make.PROPORTION, make.RATE))
    proportion = lines.kind == make.PROPORTION
    for end in (stretch.max(z), stretch.min(z)):
        found = np.flatnonzero((z == stretch.spread(end)) & (lines.width > 0))
        which, first = np.unique(stretch.of[found], return_index=True)
        at = found[first]
        tail = count_tail(lines.count[at], lines.size[at], lines.center[which], proportion[which])
        p = np.minimum(2 * stretch.lengths[which] * tail, 1.0)
        out[which] = np.fmin(out[which], p)
    return np.where(plain, out, np.nan)


def _far_p(lines: make.Lines, parts: _Parts, n: Floats, stretch: Segments) -> Floats:
    """Chance that the farthest point lies as far out, where the law of a steady process is known; NaN where it is not.

    It is known for plain counts, and nearly normal for means of subgroups. Of single values and of scattering counts no
    law tells a spike from a heavy tail: a spike is a signal of the chart, and no evidence here.
    """
    if lines.count is not None:
        return _extreme_count_p(lines, parts.c, stretch)
    if lines.moved is not None:
        return np.full(n.size, np.nan)
    farthest = np.fmax(stretch.max(parts.c), -stretch.min(parts.c))
    return extreme_p(n, farthest, parts.spread)


def _stable_p(parts: _Parts, n: Floats, rising: Floats, far: Floats) -> Floats:
    """Chance that a steady process of independent points looks so patterned, drifts so far, or has a point so far out.

    Two questions or three, so that the smallest of their p values counts as often (Bonferroni).
    """
    least = np.minimum(order_p(n, parts.pairs, parts.steps, parts.spread), rising)
    asked = np.where(np.isnan(far), 2, 3)
    return np.where(n >= 5, np.minimum(asked * np.fmin(least, far), 1.0), np.nan)
