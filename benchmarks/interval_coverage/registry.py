"""Every cell of the study, in the order of the table."""

from __future__ import annotations

from . import comparison, counts, dependent_capability, normal, percentile, tolerance
from .cells import Cell

CELLS: tuple[Cell, ...] = (
    *normal.CELLS,
    *dependent_capability.CELLS,
    *percentile.CELLS,
    *counts.CELLS,
    *tolerance.CELLS,
    *comparison.CELLS,
)
