"""The cells of a gage study as a control chart sees them: ranges and means, operator by operator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numbers.gage_shape import range_limits
from .gage_design import Layout

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Charted:
    """Cells in the order of operators, then parts.

    Attributes
    ----------
    order : (k,) int array
        Places of the cells.
    spread, mean : (k,) arrays
        Range (NaN for one value) and mean of each cell.
    range_mean, grand : float
        Centre lines: the mean range, the mean of the cells.
    lower, upper : (k,) arrays
        Limits of the ranges.
    low, high : (k,) arrays
        Limits of the means.
    """

    order: Ints
    spread: Floats
    mean: Floats
    range_mean: float
    grand: float
    lower: Floats
    upper: Floats
    low: Floats
    high: Floats

    @property
    def unsteady(self) -> Bools:
        """Cells whose range is beyond its limits: something else happened there than elsewhere."""
        with np.errstate(invalid="ignore"):
            return (self.spread > self.upper) | (self.spread < self.lower)

    @property
    def told_apart(self) -> Bools:
        """Cells whose mean is beyond the limits of repeatability: parts that the gage tells from the average one."""
        with np.errstate(invalid="ignore"):
            return (self.mean > self.high) | (self.mean < self.low)


def charted(lay: Layout) -> Charted:
    """Limits by the sizes of the cells (qcc's of a subgroup chart), three sigma, from the mean of ``R / d2``."""
    from ..numbers.constants import d2

    cells = lay.cells
    order = np.lexsort((cells.part, cells.operator))
    spread, mean, count = cells.spread[order], cells.mean[order], cells.count[order]
    sizes = {int(n): d2(int(n)) for n in np.unique(count) if n > 1}
    unit = np.array([sizes.get(int(n), np.nan) for n in count])
    sigma = float(np.nanmean(spread / unit)) if sizes else float("nan")
    ends = {n: range_limits(c * sigma, n) for n, c in sizes.items()}
    none = (float("nan"),) * 3
    limits = np.array([ends.get(int(n), none) for n in count])
    grand = float(mean[0] + np.mean(mean - mean[0]))
    centre = float(np.nanmean(spread)) if sizes else float("nan")
    return Charted(
        order, spread, mean, centre, grand, limits[:, 0], limits[:, 1], grand - limits[:, 2], grand + limits[:, 2]
    )
