"""Who belongs with whom: rows of the same pair before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data import Measurements, column, frame_of
from ..errors import DataError, SettingsError
from .stages import Compared

Floats = NDArray[np.float64]

LEAST_PAIRS = 2


@dataclass(frozen=True, slots=True)
class Paired:
    """The account of the pairs.

    Attributes
    ----------
    column : str
        Whose equal values make a pair.
    used : int
        Pairs of two.
    unpaired : int
        Usable rows that had no partner; they were dropped.
    """

    column: str
    used: int
    unpaired: int

    @property
    def text(self) -> str:
        """In words."""
        lost = "none had no partner" if not self.unpaired else f"{self.unpaired} rows had no partner and were dropped"
        return f"{self.used} pairs by {self.column}; {lost}"


@dataclass(frozen=True, slots=True)
class Pairs:
    """The account, and the values of each pair in the same place of both."""

    account: Paired
    before: Floats
    after: Floats


def pairs_of(data: Any, name: str, compared: Compared) -> Pairs:
    """Match the rows of two stages or groups by a column.

    Raises
    ------
    SettingsError
        More than two to compare, or subgroups.
    DataError
        A value of the column that occurs twice in one of the two, or too few pairs.
    """
    if len(compared.groups) != 2:
        names = ", ".join(g.name for g in compared.groups[:6])
        raise SettingsError(f"paired compares two, but there are {len(compared.groups)}: {names}.")
    points = compared.points
    if not isinstance(points, Measurements) or compared.grouped:
        raise SettingsError("paired goes with single values, not with subgroups: leave one out.")
    series = column(frame_of(data), name)
    known = series.notna().to_numpy()
    cells = [str(v).strip() for v in series.tolist()]
    sides: list[dict[str, float]] = []
    for group in compared.groups:
        found: dict[str, float] = {}
        for place in group.points.tolist():
            row = int(points.order.kept[place])
            if not known[row] or not cells[row]:
                continue
            if cells[row] in found:
                raise DataError(
                    f"column {name!r} holds {cells[row]!r} twice in {group.name!r} (again in row {row + 1}): a pair "
                    "has one row in each; correct it, or average the repeats first."
                )
            found[cells[row]] = float(points.values[place, 0])
        sides.append(found)
    both = [key for key in sides[0] if key in sides[1]]
    if len(both) < LEAST_PAIRS:
        raise DataError(
            f"column {name!r} makes {len(both)} pair{'s' if len(both) != 1 else ''} of {compared.groups[0].name!r} and "
            f"{compared.groups[1].name!r}: at least {LEAST_PAIRS} are needed; is it the column of the pair?"
        )
    differences = {sides[1][key] - sides[0][key] for key in both}
    if len(differences) == 1:
        raise DataError(
            f"all {len(both)} pairs of column {name!r} differ by the same {differences.pop():g}: without any spread "
            "the difference has no interval; check the export, or measure more finely."
        )
    unpaired = sum(g.n for g in compared.groups) - 2 * len(both)
    before, after = (np.array([side[key] for key in both]) for side in sides)
    return Pairs(Paired(name, len(both), unpaired), before, after)
