"""Values of a chart's lines with as many figures as the lines differ by."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FIGURES = 3
"""Figures of the distance between the lines that their values show."""


def spread(*lines: Floats) -> float:
    """How far apart the lines of a panel are: the typical distance from the lowest to the highest."""
    stacked = np.array([line for line in lines if np.isfinite(line).any()])
    if stacked.size == 0:
        return 0.0
    seen = np.isfinite(stacked)
    top = np.where(seen, stacked, -np.inf).max(axis=0)
    bottom = np.where(seen, stacked, np.inf).min(axis=0)
    both = (seen.sum(axis=0) > 1) & np.isfinite(top) & np.isfinite(bottom)
    return float(np.median((top - bottom)[both])) if both.any() else 0.0


def told(value: float, distance: float, percent: bool = False) -> str:
    """A value to three figures of the distance between lines, one more where it is small beside that.

    Piston rings of 74.001 mm with limits 0.026 mm apart need three places; a lead time of 1,234,567 with limits
    50,000 apart needs none.

    Examples
    --------
    >>> told(74.0011752, 0.0265), told(1234567.0, 50_000.0), told(0.09925, 0.13, percent=True), told(1.5e-6, 4e-6)
    ('74.0012', '1,234,567', '9.9 %', '1.50e−6')
    >>> told(float("nan"), 1.0), told(0.0, 1.0)
    ('-', '0')
    """
    if not math.isfinite(value):
        return "-"
    if percent:
        value, distance = 100 * value, 100 * distance
    unit = " %" if percent else ""
    if value == 0:
        return f"0{unit}"
    size = math.floor(math.log10(abs(value)))
    step = math.floor(math.log10(distance)) if distance > 0 else size
    finest = max(min(step, size + 1), step - 1)
    places = min(_FIGURES - 1 - finest, 12 - size)
    if size < -4 or size > 8 or (size > 6 and places < -2):
        figures = max(size + places, 0)
        head, _, power = f"{value:.{min(figures, 12)}e}".partition("e")
        text = f"{head}e{int(power)}" if figures < 8 or size < -4 else f"{value:,.{max(places, 0)}f}"
    else:
        text = f"{value:,.{max(places, 0)}f}"
    return text.replace("-", "−") + unit
