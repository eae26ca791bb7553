"""What a chart kind is: how it summarises points, estimates its baseline and draws its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Points as a kind sees them; NaN is a gap.

    ``values`` (n, m) for measurements; ``count`` and ``size`` (n,) for attributes.
    """

    values: Floats | None = None
    count: Floats | None = None
    size: Floats | None = None

    def masked(self, keep: NDArray[np.bool_]) -> Sample:
        """The same points with all others turned into gaps."""
        values = None if self.values is None else np.where(keep[:, None], self.values, np.nan)
        count = None if self.count is None else np.where(keep, self.count, np.nan)
        size = None if self.size is None else np.where(keep, self.size, np.nan)
        return Sample(values, count, size)


@dataclass(frozen=True)
class Summary:
    """Per point: how many values, the charted statistic, and its spread (where the kind charts one)."""

    n: Floats
    value: Floats
    spread: Floats | None = None


@dataclass(frozen=True)
class Baseline:
    """Centre and sigma of a stage, frozen: all that its lines are drawn from.

    ``spread_center`` is the mean of the charted spread; it is the centre line for subgroups of ``common`` size.
    """

    center: float
    sigma: float
    method: str
    spread_center: float = np.nan
    common: int = 0


@dataclass(frozen=True)
class Lines:
    """Centre, limits and the standard error of each point."""

    center: Floats
    lower: Floats
    upper: Floats
    sigma: Floats


@dataclass(frozen=True)
class Kind:
    """A chart kind.

    ``estimators``: names of sigma estimators, the default first. ``counts``: takes counts rather than
    measurements. ``spread_name``: title of the dispersion panel, "" for none.
    """

    name: str
    title: str
    location: str
    estimators: tuple[str, ...]
    counts: bool
    summarise: Callable[[Sample], Summary]
    estimate: Callable[[Sample, str], Baseline]
    lines: Callable[[Baseline, Floats, float], Lines]
    spread_name: str = ""
    spread_lines: Callable[[Baseline, Floats, float], Lines] | None = None
    percent: bool = False
