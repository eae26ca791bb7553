"""Values counted in bars of round width, for a histogram."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..charts.words import number
from ..render.figure import Bars

Floats = NDArray[np.float64]

MOST = 60
"""Bars at most, whatever the values."""


def counted_bars(values: Floats, label: str = "") -> Bars:
    """Bars of a histogram: Freedman and Diaconis's width, rounded to 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    values : (n,) array
        Without gaps.

    References
    ----------
    Freedman & Diaconis (1981), Zeitschrift fuer Wahrscheinlichkeitstheorie 57, 453-476.

    Examples
    --------
    >>> bars = counted_bars(np.array([1.0, 1.2, 2.1, 2.2, 2.4, 3.9]))
    >>> bars.width, bars.y.tolist()
    (2.0, [2.0, 4.0])
    """
    low, high = float(values.min()), float(values.max())
    span = high - low
    if span <= abs(high) * 1e-12:
        width = max(abs(high), 1.0) * 0.1
        return Bars(np.array([low]), np.array([float(values.size)]), width, "count", label)
    quartiles = np.quantile(values, [0.25, 0.75])
    wished = 2 * float(quartiles[1] - quartiles[0]) / values.size ** (1 / 3) or span / math.sqrt(values.size)
    width = _round(max(wished, span / MOST))
    first = math.floor(low / width)
    place = np.floor(values / width).astype(np.int64) - first
    heights = np.bincount(place).astype(np.float64)
    starts: Floats = np.asarray((first + np.arange(heights.size)) * width, dtype=np.float64)
    told = tuple(
        f"{number(start)} to {number(start + width)}: {height:,.0f}"
        for start, height in zip(starts.tolist(), heights.tolist(), strict=True)
    )
    return Bars(starts + width / 2, heights, width, "count", label, told)


def _round(width: float) -> float:
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= width * (1 - 1e-9))
