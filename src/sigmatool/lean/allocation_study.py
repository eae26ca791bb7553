"""Where more hours are promised than there are, with nobody named: small groups enter no number at all.

What is shown of people is a function of cells (a group in a period) of at least five of them, and totals are sums of
what is shown; so no subtraction of one number from another leads to fewer than five.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from . import capacity_caveat_words as say
from .allocation import Table

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

FEWEST: Final = 5
"""People in the smallest group that is shown."""

OTHERS: Final = "smaller groups together"

REST: Final = "other combinations"
ALONE: Final = "nothing else"

EXACT: Final = 1e-9
"""Share of the hours by which more is more."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A group, or a team, in one period; ``over`` sums the hours that each of its people is over.

    How many of them are over is not held: a single one would be known to those who work there.
    """

    group: str
    period: str
    people: int
    available: float
    operations: float
    projects: float
    over: float

    @property
    def load(self) -> float:
        """Promised over available hours; infinite where something is promised and nothing available."""
        promised = self.operations + self.projects
        return promised / self.available if self.available > 0 else (float("inf") if promised > 0 else 0.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two kinds of work with the most hours, in rows in which all together do not fit. A row is of one pair."""

    first: str
    second: str
    rows: int
    over: float


@dataclass(frozen=True, slots=True)
class Allocation:
    """What may be told of an allocation table.

    Attributes
    ----------
    unit : {"person", "team"}
    cells : tuple of Cell
        In order of groups, then periods.
    pairs : tuple of Pair
        The most hours over first; their rows and hours add up to those of the whole, unless all are too few to be told.
    rows, over_rows : int
        Rows of people and periods that are shown, and those of them with more promised than available.
    hours_over : float
    left_out : int
        Rows that enter no number.
    merged : int
        Groups that were joined, because each is small.
    sha256, source : str
    """

    unit: str
    cells: tuple[Cell, ...]
    pairs: tuple[Pair, ...]
    rows: int
    over_rows: int
    hours_over: float
    left_out: int
    merged: int
    read: int
    missing: int
    sha256: str
    source: str
    caveats: tuple[Caveat, ...]

    @property
    def share(self) -> float:
        """Of the rows shown, those with more promised than available."""
        return self.over_rows / self.rows if self.rows else 0.0

    @property
    def worst(self) -> Cell | None:
        """The cell with the most hours over; None where none is over."""
        over = [cell for cell in self.cells if cell.over > 0]
        return max(over, key=lambda cell: cell.over) if over else None


def study_of(table: Table, unit: str) -> Allocation:
    """Sum up, with small groups joined or left out."""
    promised = table.hours.sum(axis=1)
    over = np.maximum(promised - table.available, 0.0)
    over[over <= EXACT * np.maximum(promised, 1e-12)] = 0.0
    if unit == "person":
        group, names, merged = _joined(table)
        shown = _large(table, group, len(names))
    else:
        group, names, merged = table.group, table.groups, 0
        shown = np.ones(group.size, dtype=bool)
    cells = []
    for g, name in enumerate(names):
        for k, period in enumerate(table.periods):
            at = np.flatnonzero(shown & (group == g) & (table.period == k))
            if at.size:
                hours = table.hours[at].sum(axis=0)
                cells.append(
                    Cell(
                        name, period, int(at.size), float(table.available[at].sum()), float(hours[0]),
                        float(hours[1:].sum()), float(over[at].sum()),
                    )
                )  # fmt: skip
    left_out = int((~shown).sum())
    caveats = list(table.caveats)
    if not cells:
        caveats.append(say.too_few_people(FEWEST))
    elif merged or left_out:
        caveats.append(say.small_groups(merged, left_out, FEWEST))
    return Allocation(
        unit, tuple(cells), _pairs(table, shown, over, unit), int(shown.sum()), int((over[shown] > 0).sum()),
        float(over[shown].sum()), left_out, merged, table.rows.read, table.rows.missing, table.sha256, table.source,
        tuple(caveats),
    )  # fmt: skip


def _joined(table: Table) -> tuple[Ints, tuple[str, ...], int]:
    """Groups of at least five people; the smaller ones as one, which is left out later where it is small itself."""
    people = np.array([np.unique(table.who[table.group == g]).size for g in range(len(table.groups))])
    small = people < FEWEST
    if not small.any():
        return table.group, table.groups, 0
    names = [name for name, less in zip(table.groups, small, strict=True) if not less]
    place = np.where(small, len(names), np.cumsum(~small) - 1)
    return place[table.group], (*names, OTHERS), int(small.sum())


def _large(table: Table, group: Ints, groups: int) -> Bools:
    """Rows in cells of at least five people."""
    cell = group * len(table.periods) + table.period
    return np.asarray(np.bincount(cell, minlength=groups * len(table.periods))[cell] >= FEWEST)


def _pairs(table: Table, shown: Bools, over: NDArray[np.float64], unit: str) -> tuple[Pair, ...]:
    """The work that meets, each row once; pairs that concern fewer than five people are joined, or none is told."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(shown & (over > 0)).tolist():
        hours = table.hours[row]
        first, second = np.argsort(-hours, kind="stable")[:2]
        low, high = sorted((int(first), int(second)))
        pair = (table.works[low], table.works[high]) if hours[second] > 0 else (table.works[first], ALONE)
        kinds.setdefault(pair, []).append(row)
    if unit == "person":
        kinds = _of_five(kinds, table.who)
    found = [Pair(*names, len(rows), float(over[rows].sum())) for names, rows in kinds.items()]
    return tuple(sorted(found, key=lambda pair: (pair.first == REST, -pair.over, pair.first, pair.second)))


def _of_five(kinds: dict[tuple[str, str], list[int]], who: Ints) -> dict[tuple[str, str], list[int]]:
    """Pairs that concern five people each, and the rest as one; where that is small, a further pair joins it."""
    order = sorted(kinds, key=lambda names: (np.unique(who[kinds[names]]).size, names))
    rest: list[int] = []
    while order and (np.unique(who[kinds[order[0]]]).size < FEWEST or (rest and np.unique(who[rest]).size < FEWEST)):
        rest += kinds[order.pop(0)]
    told = {names: kinds[names] for names in order}
    if rest and np.unique(who[rest]).size >= FEWEST:
        told[REST, ""] = rest
    return told
