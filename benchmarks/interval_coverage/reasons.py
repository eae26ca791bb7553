"""Why does an interval lie outside the bar? Theory, or a shortfall: said for each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .cells import Cell, Missed

REASONS: tuple[tuple[str, str], ...] = ()


def reason_of(cell: Cell, name: str, missed: Sequence[Missed]) -> str:
    """The first reason that fits; a row without one says that it is not explained."""
    told = f"{cell.key}: {name}"
    for pattern, why in REASONS:
        if re.search(pattern, told):
            return why
    return "not explained"
