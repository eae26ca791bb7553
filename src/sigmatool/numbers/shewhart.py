"""Many individuals charts in one call: the last axis is time, leading axes are streams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .constants import d2, d3
from .runs import NELSON, Pattern, fired

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Individuals:
    """Individuals charts: centre, sigma, limits and upper limit of the moving ranges of each stream (...), and the
    points (..., n) that complete each pattern (``fired``) or whose moving range lies beyond its limit."""

    center: Floats
    sigma: Floats
    lower: Floats
    upper: Floats
    range_upper: Floats
    fired: tuple[Bools, ...]
    range_fired: Bools


def individuals(x: Floats, patterns: Sequence[Pattern] = NELSON, nsigma: float = 3.0) -> Individuals:
    """Centre, limits and rules of every stream at once.

    Parameters
    ----------
    x : (..., n) array
        NaN is a gap; streams of different lengths are padded with it.
    patterns : sequence of Pattern
        Default: the eight Nelson tests.
    nsigma : float
        Distance of the limits.

    Notes
    -----
    One stream gives the numbers of :func:`sigmatool.control_chart`: the mean, and the mean moving range / d2(2); moving
    ranges next to a gap do not exist. Streams without spread signal nothing.

    Examples
    --------
    >>> found = individuals(np.array([[1.0, 2.0, 1.0, 2.0], [5.0, 5.0, 5.0, 5.0]]))
    >>> found.center.tolist(), found.sigma.round(3).tolist()
    ([1.5, 5.0], [0.886, 0.0])
    """
    step = np.abs(np.diff(x, axis=-1))
    whole = bool(np.isfinite(x).all())
    mean = _mean if whole else _nanmean
    center, spread = mean(x), mean(step)
    sigma = spread / d2(2)
    lower, upper = center - nsigma * sigma, center + nsigma * sigma
    range_upper = spread * (1 + nsigma * d3(2) / d2(2))
    usable = sigma > 0
    lines = [np.where(usable, v, np.nan)[..., None] for v in (center, sigma, lower, upper)]
    judged = x if bool(np.all(usable)) else np.where(usable[..., None], x, np.nan)
    marks = fired(patterns, judged, *lines)
    beyond = np.zeros(x.shape, dtype=bool)
    np.greater(step, np.where(usable, range_upper, np.nan)[..., None], out=beyond[..., 1:])
    return Individuals(center, sigma, lower, upper, range_upper, marks, beyond)


def _mean(x: Floats) -> Floats:
    return np.asarray(x.mean(axis=-1)) if x.shape[-1] else np.full(x.shape[:-1], np.nan)


def _nanmean(x: Floats) -> Floats:
    seen = np.isfinite(x)
    count = seen.sum(axis=-1)
    total = np.where(seen, x, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
