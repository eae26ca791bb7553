"""What is one cell of the study? A law of the data with known truths, and the intervals that are computed from it.

To add intervals: make cells in the module of their field and name them in ``registry``. A row of the published table is
one interval of one cell.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LABEL = "interval coverage of 2026-11-25"
"""Seeds of the published table; development runs take another label."""

SIZES = (30, 100, 500)

LEVEL = 0.95

Ends = tuple[Floats, Floats, Floats]
"""Estimate, lower and upper end of every replication; NaN where there is none."""

Found = Mapping[str, Ends]


@dataclass(frozen=True)
class Cell:
    """Data of one law, and the intervals read from them.

    Parameters
    ----------
    family : str
        Heading of the table.
    data : str
        The law of the data in words, with its parameters.
    truths : mapping
        True value by the name of the interval.
    draw : callable
        ``(rng, n, many)`` to the intervals of so many samples of n; of an exact cell ``(n)`` to the weights of all
        outcomes and their intervals.
    replications : int
        Samples of each size.
    exact : bool
        No simulation: a sum over every outcome that counts.
    large : int
        Size at which the estimate is as good as its truth, for the test of the truths.
    level : float
        What the interval says of itself.
    """

    family: str
    data: str
    truths: Mapping[str, float]
    draw: Callable[..., object]
    replications: int = 10_000
    exact: bool = False
    large: int = 20_000
    level: float = LEVEL

    @property
    def key(self) -> str:
        """Names the cell in files and seeds; two cells never share it."""
        return f"{self.family}: {self.data}"

    def seed(self, label: str, n: int) -> int:
        """One seed for each cell and size: any part of the study can be run again alone."""
        return zlib.crc32(f"{label}|{self.key}|{n}".encode())


@dataclass(frozen=True)
class Missed:
    """Shares of the intervals that lie below the truth and above it, and of samples without an interval."""

    below: float
    above: float
    none: float
    replications: int

    @property
    def coverage(self) -> float:
        """Of the intervals that exist; NaN where there are none."""
        return 1 - self.below - self.above if self.none < 1 else float("nan")

    @property
    def error(self) -> float:
        """Standard error of the coverage by simulation, 0 for an exact sum."""
        if self.replications == 0 or self.none >= 1:
            return 0.0
        share = (self.below + self.above + 0.5 / self.replications) / (1 + 1 / self.replications)
        return float(np.sqrt(share * (1 - share) / self.replications / (1 - self.none)))


def measure(cell: Cell, label: str, n: int, most: int | None = None) -> dict[str, Missed]:
    """Draw a cell at one size and count what every interval missed."""
    if cell.exact:
        weights, found = cell.draw(n)
        return {name: _missed(found[name], truth, weights, 0) for name, truth in cell.truths.items()}
    many = cell.replications if most is None else min(most, cell.replications)
    found = cell.draw(np.random.default_rng(cell.seed(label, n)), n, many)
    return {name: _missed(found[name], truth, np.full(many, 1 / many), many) for name, truth in cell.truths.items()}


def _missed(ends: Ends, truth: float, weights: Floats, replications: int) -> Missed:
    _, low, high = ends
    there = ~(np.isnan(low) | np.isnan(high))
    whole = float(weights[there].sum())
    if whole == 0:
        return Missed(0.0, 0.0, 1.0, replications)
    # an interval that touches the truth holds it, but for rounding
    slack = 1e-9 * max(abs(truth), 1e-3)
    below, above = (float(weights[there & side].sum()) / whole for side in (high < truth - slack, low > truth + slack))
    return Missed(below, above, max(1 - whole / float(weights.sum()), 0.0), replications)


def each(many: int, one: Callable[[], Mapping[str, tuple[float, float, float]]]) -> dict[str, Ends]:
    """The intervals of so many samples, one after the other; a sample that is refused (``ValueError``) has none."""
    rows: list[Mapping[str, tuple[float, float, float]] | None] = []
    for _ in range(many):
        try:
            rows.append(one())
        except ValueError:
            rows.append(None)
    names = next((row for row in rows if row is not None), {})
    none = (float("nan"),) * 3
    held = {name: np.array([none if row is None else row[name] for row in rows], dtype=np.float64) for name in names}
    return {name: (values[:, 0], values[:, 1], values[:, 2]) for name, values in held.items()}


def triple(found: object) -> tuple[float, float, float]:
    """Value and ends of a result record."""
    return float(found.value), float(found.low), float(found.high)  # type: ignore[attr-defined]
