"""How an allocation looks: promised over available hours, a row a group, a point a period."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from ..charts.words import number, percent
from ..render.figure import Figure, Mark, Panel, Points, Rule
from .allocation_study import Allocation, Cell

MOST_GROUPS: Final = 25
"""Rows that a picture has, those with the most hours over."""


def groups_shown(a: Allocation) -> list[str]:
    """Groups in the order of the picture: the most hours over first."""
    over: dict[str, float] = {}
    for cell in a.cells:
        over[cell.group] = over.get(cell.group, 0.0) + cell.over
    return sorted(over, key=lambda name: -over[name])[:MOST_GROUPS]


def allocated(a: Allocation) -> Figure:
    """Each group in each period, with the line of all available hours."""
    names = groups_shown(a)
    place = {name: float(i) for i, name in enumerate(reversed(names))}
    shown = [cell for cell in a.cells if cell.group in place and math.isfinite(cell.load)]
    marks: list[Mark] = [Rule(100.0, "x", "mean", "all available hours", ("all hours",))]
    for role, chosen, label in (
        ("data", [c for c in shown if not c.over > 0], "hours fit"),
        ("signal", [c for c in shown if c.over > 0], "more promised than available, for some or all"),
    ):
        if chosen:
            x, y = np.array([100 * c.load for c in chosen]), np.array([place[c.group] for c in chosen])
            marks.append(Points(x, y, role, tuple(_told(c) for c in chosen), label=label))
    alt = f"Promised over available hours in {len(shown):,} cells of {len(names):,} groups and {_periods(a):,} periods."
    panel = Panel(tuple(marks), "", categories=tuple(reversed(names)))
    return Figure((panel,), "promised hours, % of available", alt, title="Promised and available hours")


def _periods(a: Allocation) -> int:
    return len({cell.period for cell in a.cells})


def _told(cell: Cell) -> str:
    over = f", {number(cell.over)} hours over" if cell.over > 0 else ""
    return f"{cell.group}, {cell.period}: {percent(cell.load)} of the available hours promised{over}"
