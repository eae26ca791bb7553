"""The table of a measurement study: readings and names by column, the account of the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..columns import only_column
from ..data import column, fingerprint, frame_of, numbers
from ..errors import DataError, SettingsError
from ..result import Provenance, command_line

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """Rows that hold every reading asked for.

    Attributes
    ----------
    row : (n,) array
        Rows of the table, from 1.
    readings : dict of (n,) array
    names : dict of tuple of str
    """

    row: Ints
    readings: dict[str, Floats]
    names: dict[str, tuple[str, ...]]
    rows: Rows
    caveats: tuple[Caveat, ...]
    sha256: str
    source: str
    file_sha256: str | None

    def provenance(self, verb: str, options: dict[str, Any]) -> Provenance:
        """What makes the result again."""
        return Provenance(self.sha256, command_line(verb, self.source, options), self.file_sha256, self.source)


def value_column(data: Any, value: str | None) -> str:
    """The column of the readings; the only one where none is named."""
    return only_column(frame_of(data)) if value is None else value


def table(data: Any, readings: Sequence[str], names: Sequence[str] = (), ratings: Sequence[str] = ()) -> Table:
    """Read columns of numbers, of names and of ratings.

    A row without one of its readings or ratings is missing; an empty name beside a reading is refused.
    """
    columns = [*readings, *names, *ratings]
    twice = next((c for i, c in enumerate(columns) if c in columns[:i]), None)
    if twice is not None:
        raise SettingsError(f"column {twice!r} is named twice: each role takes a column of its own.")
    frame = frame_of(data)
    held = {name: numbers(frame, name) for name in readings}
    told = {name: [text_of(cell) for cell in column(frame, name).tolist()] for name in (*names, *ratings)}
    kept = np.ones(len(frame), dtype=bool)
    for values in held.values():
        kept &= np.isfinite(values)
    for name in ratings:
        kept &= np.array([text != "" for text in told[name]])
    if not kept.any():
        raise DataError(f"column {(*readings, *ratings)[0]!r} holds no usable row; every cell is empty.")
    at = np.flatnonzero(kept)
    for name in names:
        empty = next((int(i) for i in at if told[name][i] == ""), None)
        if empty is not None:
            raise DataError(
                f"column {name!r} is empty in row {empty + 1}, where there is a value: name it, or leave the value "
                "empty too."
            )
    origin = frame.attrs.get("sigmatool", {})
    chosen = {name: tuple(texts[i] for i in at) for name, texts in told.items()}
    used = {name: readings_of[kept] for name, readings_of in held.items()}
    labels = ["\x1e".join(parts) for parts in zip(*chosen.values(), strict=True)] if chosen else []
    return Table(
        at + 1, used, chosen, Rows(len(frame), at.size, len(frame) - at.size),
        tuple(Caveat(c["code"], c["text"]) for c in origin.get("caveats", ())),
        fingerprint(columns, list(used.values()), labels), origin.get("source", ""), origin.get("file_sha256"),
    )  # fmt: skip


def text_of(cell: Any) -> str:
    """A cell as a name: 1, 1.0 and "1" are the same; empty where nothing stands.

    Examples
    --------
    >>> text_of(1.0), text_of("1"), text_of(" ok "), text_of(float("nan")), text_of(0.5), text_of(True)
    ('1', '1', 'ok', '', '0.5', 'True')
    """
    if cell is None or (not isinstance(cell, str) and cell != cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def in_order(names: Sequence[str]) -> list[str]:
    """Different names: numbers by size, all others as they first stand.

    Examples
    --------
    >>> in_order(["10", "2", "10"]), in_order(["b", "a", "b"])
    (['2', '10'], ['b', 'a'])
    """
    found = list(dict.fromkeys(names))
    try:
        by_size = sorted(found, key=float)
    except ValueError:
        return found
    return by_size if all(math.isfinite(float(n)) for n in found) else found


def a_number(name: str, given: Any, above: float | None = None) -> float:
    """A finite number, above a bound where one is named."""
    if isinstance(given, bool | str) or not np.isscalar(given) or not np.isfinite(given):
        raise SettingsError(f"{name} must be a number, not {given!r}.")
    value = float(given)  # type: ignore[arg-type]
    if above is not None and value <= above:
        raise SettingsError(f"{name} must be above {above:g}, not {value:g}.")
    return value


def chosen_options(settings: dict[str, Any], defaults: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """What the command has to say: settings that are not the default."""
    return {k: v for k, v in settings.items() if (k, v) not in defaults}
