"""Who is promised to more work than there are hours: an allocation table, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..data import column, fingerprint, frame_of, numbers
from ..errors import DataError, SettingsError
from ..origin import GIVEN
from . import capacity_caveat_words as say

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNITS: Final = ("person", "team")
"""What a row of the table stands for."""

OPERATIONS: Final = "operations"
AVAILABLE: Final = "available"
PERIOD: Final = "period"
GROUP: Final = "group"


@dataclass(frozen=True)
class Table:
    """Rows of an allocation table, m of them, over w kinds of work. It never leaves the room.

    Attributes
    ----------
    who, group, period : (m,) arrays
        Places in ``groups`` and ``periods``; ``who`` only tells people apart.
    groups, periods, works : tuple of str
        ``works`` starts with operations.
    hours : (m, w) array
    available : (m,) array
    """

    who: Ints
    group: Ints
    period: Ints
    groups: tuple[str, ...]
    periods: tuple[str, ...]
    works: tuple[str, ...]
    hours: Floats
    available: Floats
    rows: Rows
    sha256: str
    source: str
    caveats: tuple[Caveat, ...]


def source_of(given: Any) -> str:
    """How the command names the table: its file, or that it came in memory. No cell of it is ever told there."""
    return str(given) if isinstance(given, str | Path) else GIVEN


def read(given: Any, unit: str) -> Table:
    """Read an allocation table.

    Parameters
    ----------
    given : path or DataFrame
        Columns: ``person`` and ``group``, or ``team``; ``period``, ``available`` and ``operations`` (hours); every
        other column holds the hours of a project.
    unit : {"person", "team"}

    Raises
    ------
    DataError, SettingsError
        By column and row; a person's name is never in the sentence.
    """
    if unit not in UNITS:
        raise SettingsError(f"allocation_unit must be person or team, not {unit!r}.")
    if isinstance(given, str | Path):
        from ..sources import read_table

        frame = read_table(str(given))
    else:
        frame = frame_of(given)
    keys = ("person", GROUP, PERIOD) if unit == "person" else ("team", PERIOD)
    missing = [name for name in (*keys, AVAILABLE, OPERATIONS) if name not in map(str, frame.columns)]
    if missing:
        raise DataError(
            f"the allocation table has no column {missing[0]!r}: it needs {', '.join((*keys, AVAILABLE, OPERATIONS))}, "
            "and a column of hours for each project."
        )
    projects = [str(name) for name in frame.columns if str(name) not in (*keys, AVAILABLE, OPERATIONS)]
    if not projects:
        raise DataError("the allocation table has no column of a project; give each project's hours a column.")
    told = {name: _texts(frame, name) for name in keys}
    available, hours = _hours(frame, AVAILABLE), [_hours(frame, name) for name in (OPERATIONS, *projects)]
    stated = np.isfinite(available) & np.isfinite(hours[0])
    for texts in told.values():
        stated &= np.array([bool(text) for text in texts])
    if not stated.any():
        raise DataError(
            "the allocation table has no row with people, a period, available hours and hours of operations."
        )
    empty = int(sum(np.isnan(each[stated]).sum() for each in hours[1:]))
    _refuse_twice(told[keys[0]], told[PERIOD], stated, unit)
    kept = np.flatnonzero(stated)
    who, _ = _places(told[keys[0]], kept)
    group, groups = _places(told[GROUP] if unit == "person" else told["team"], kept)
    period, periods = _places(told[PERIOD], kept)
    names = (*keys, AVAILABLE, OPERATIONS, *projects)
    lines = ["\x1f".join(told[name][row] for name in keys) for row in range(len(frame))]
    return Table(
        who, group, period, groups, periods, (OPERATIONS, *projects),
        np.nan_to_num(np.column_stack(hours)[kept]), available[kept],
        Rows(len(frame), kept.size, len(frame) - kept.size), fingerprint(names, [available, *hours], lines),
        source_of(given), (say.project_cells_empty(empty),) if empty else (),
    )  # fmt: skip


def _texts(frame: Any, name: str) -> list[str]:
    return ["" if v is None or v != v else str(v).strip() for v in column(frame, name).tolist()]


def _hours(frame: Any, name: str) -> Floats:
    values = numbers(frame, name)
    with np.errstate(invalid="ignore"):
        bad = values < 0
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"column {name!r} of the allocation table is {values[row]:g} in row {row + 1}: hours cannot be negative; "
            "correct it or leave the cell empty."
        )
    return values


def _refuse_twice(who: list[str], period: list[str], stated: NDArray[np.bool_], unit: str) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in np.flatnonzero(stated).tolist():
        first = seen.setdefault((who[row], period[row]), row)
        if first != row:
            raise DataError(
                f"rows {first + 1} and {row + 1} of the allocation table are of the same {unit} in the same period; "
                "make one row of them, with a column for each project."
            )


def _places(texts: list[str], kept: Ints) -> tuple[Ints, tuple[str, ...]]:
    """The place of each row among the different texts, in order of appearance."""
    names: dict[str, int] = {}
    places = [names.setdefault(texts[row], len(names)) for row in kept.tolist()]
    return np.array(places, dtype=np.int64), tuple(names)
