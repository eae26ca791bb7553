"""Who measured what: crossed or nested, balanced or not, and whether the study can answer at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..numbers.gage_squares import Cells, Design, cells_of
from .gage_asked import Asked, Measured

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """The cells of the study.

    Attributes
    ----------
    design : {"crossed", "nested"}
    chosen : bool
        Found from the names, not told.
    cells : Cells
    part : (n,) int array
        Of each value; in a nested design a part of one operator is no part of another, whatever its name.
    part_names : tuple of str
    empty : int
        Cells of a crossed design that nobody measured.
    """

    design: Design
    chosen: bool
    cells: Cells
    part: Ints
    part_names: tuple[str, ...]
    empty: int

    @property
    def balanced(self) -> bool:
        """Every part with every operator (or as many parts to each), equally often."""
        held = np.bincount(self.cells.operator)
        return self.cells.equal and self.empty == 0 and bool(np.all(held == held[0]))

    @property
    def replicates(self) -> tuple[int, int]:
        """Fewest and most values in a cell."""
        return int(self.cells.count.min()), int(self.cells.count.max())

    def table(self, values: Floats, operator: Ints) -> Floats:
        """(parts, operators, replicates) of a balanced crossed study."""
        order = np.lexsort((operator, self.part))
        return values[order].reshape(self.cells.parts, self.cells.operators, -1)


def layout(held: Measured, asked: Asked) -> Layout:
    """Decide the design, and refuse what no arithmetic can take apart."""
    operators = len(held.operator.names)
    if operators < 2:
        raise DataError(
            f"column {held.operator.name!r} names one operator ({held.operator.names[0]}); a gage R&R needs at least "
            "2. For a gage without operators study one part with a type 1 study, or name what differs (station, shift, "
            "day) as the operator."
        )
    shared = _shared(held.part.level, held.operator.level)
    chosen = asked.design == "auto"
    nested = asked.design == "nested" or (chosen and not shared)
    if nested:
        _, first, part = np.unique(
            held.operator.level * len(held.part.names) + held.part.level, return_index=True, return_inverse=True
        )
        names = tuple(_nested_name(held, int(i), shared) for i in first)
    else:
        part, names = held.part.level, held.part.names
    cells = cells_of(held.values, np.asarray(part, dtype=np.int64), held.operator.level)
    _check(held, cells, nested)
    empty = 0 if nested else cells.parts * cells.operators - cells.count.size
    return Layout("nested" if nested else "crossed", chosen, cells, np.asarray(part, dtype=np.int64), names, empty)


def _shared(part: Ints, operator: Ints) -> bool:
    """Whether any part was measured by more than one operator."""
    pairs = np.unique(np.column_stack([part, operator]), axis=0)
    return bool(np.bincount(pairs[:, 0]).max() > 1)


def _nested_name(held: Measured, row: int, shared: bool) -> str:
    part = held.part.names[held.part.level[row]]
    return f"{part} ({held.operator.names[held.operator.level[row]]})" if shared else part


def _check(held: Measured, cells: Cells, nested: bool) -> None:
    if cells.parts < 2:
        raise DataError(f"column {held.part.name!r} names one part; a gage R&R needs at least 2, better 10.")
    if nested:
        if cells.count.max() < 2:
            raise DataError(
                "no part was measured twice, and no part by two operators: repeatability cannot be told from the "
                "parts; measure each part at least twice."
            )
        if np.bincount(cells.operator).max() < 2:
            raise DataError("every operator measured one part only: operators cannot be told from parts.")
        return
    groups = _groups(cells)
    if groups > 1:
        raise DataError(
            f"parts and operators fall into {groups} groups that share nothing: operators of different groups cannot "
            "be compared. Let them measure common parts, or take design nested if each operator has parts of his own."
        )
    if cells.count.size <= cells.parts + cells.operators - 1 and cells.count.max() < 2:
        raise DataError(
            f"{cells.count.size} values for {cells.parts} parts and {cells.operators} operators leave nothing to tell "
            "repeatability by; repeat measurements, or fill the missing cells."
        )


def _groups(cells: Cells) -> int:
    """Groups of parts and operators that are linked by measurements."""
    label = np.arange(cells.parts)
    for _ in range(cells.parts):
        least = np.full(cells.operators, cells.parts)
        np.minimum.at(least, cells.operator, label[cells.part])
        new = label.copy()
        np.minimum.at(new, cells.part, least[cells.operator])
        if np.array_equal(new, label):
            break
        label = new
    return int(np.unique(label).size)
