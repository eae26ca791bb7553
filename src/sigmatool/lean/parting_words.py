"""What is said of rows in their stages."""

from __future__ import annotations

from typing import Final

from ..caveats import Caveat
from ..charts.words import counted

EACH_STAGE: Final = "stage"


def each_moment(time: str) -> str:
    """What one exposure belongs to."""
    return f"{time} of a stage"


def stage_missing(rows: int, stage: str, first: int) -> Caveat:
    """Rows that belong to no stage."""
    told = f"{counted(rows, 'row')} without a stage (column {stage!r}, first in row {first})"
    return Caveat("stage-missing", f"{told}: left out, and counted as missing.")
