"""What each stream is held against: from one number for all, a column of the table, or a table of streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..columns import frame_of
from ..errors import DataError, SettingsError
from ..origin import given
from ..review.streams import Start
from ..sources import read_table
from .asked import PER_STREAM
from .delivered import Streams
from .measures import Limits
from .moments import Clock

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_NONE = {"lsl": -np.inf, "usl": np.inf, "target": np.nan}


@dataclass(frozen=True)
class Own:
    """The specification and the rollout of each stream, by its number.

    Attributes
    ----------
    limits : Limits
    rollout : (s,) array or None
        In the unit of the clock; NaN is none. None where no stream has any.
    starts : sequence of Start or None
    refused : mapping of int to str
        Streams whose own settings contradict themselves, and how.
    unmatched : tuple of str
        Rows of the table of streams that name no stream.
    """

    limits: Limits
    rollout: Floats | None
    starts: Sequence[Start | None] | None
    refused: Mapping[int, str]
    unmatched: tuple[str, ...] = ()


def own_of(asked: Mapping[str, Any], streams: Streams, table: StreamTable | None) -> Own:
    """Settle what each stream is held against.

    Parameters
    ----------
    asked : mapping
        ``lsl``, ``usl``, ``target``, ``rollout`` as asked: a number or moment for all, or a column (whose values
        ``streams.own`` holds).
    table : StreamTable or None
        Goes before what is given for all.
    """
    refused: dict[int, str] = {}
    limits = {}
    for name, none in _NONE.items():
        held = _each(name, asked, streams, table, refused)
        if held is None:
            same = _number(asked[name], name)
            limits[name] = np.full(len(streams), none if same is None else same)
            continue
        found = np.array([_own_number(v, name, n, refused) for n, v in enumerate(held)], dtype=np.float64)
        limits[name] = np.where(np.isnan(found), none, found)
    for number in np.flatnonzero(limits["lsl"] >= limits["usl"]).tolist():
        refused.setdefault(number, f"its lsl {limits['lsl'][number]:g} is not below its usl {limits['usl'][number]:g}")
    rollout, starts = None, None
    moments = _each("rollout", asked, streams, table, refused)
    if moments is not None or asked["rollout"] is not None:
        rollout, starts = _rollouts(moments or [asked["rollout"]] * len(streams), streams.clock, refused)
    unmatched = () if table is None else tuple(sorted(set(table.rows) - set(streams.names)))
    return Own(Limits(**limits), rollout, starts, refused, unmatched)


def _each(
    name: str, asked: Mapping[str, Any], streams: Streams, table: StreamTable | None, refused: dict[int, str]
) -> list[Any] | None:
    """What each stream brings itself; None where all have what is asked for."""
    held: list[Any] | None = None
    if name in streams.own:
        held = list(streams.own[name])
        for number in np.flatnonzero(streams.differs[name]).tolist():
            refused[number] = f"its rows give two different values of {name} (column {asked[name]!r})"
    if table is not None and any(name in row for row in table.rows.values()):
        held = [asked[name]] * len(streams) if held is None else held
        for number, stream in enumerate(streams.names):
            value = table.rows.get(stream, {}).get(name)
            if value is not None:
                held[number] = value
    return held


def _number(value: Any, name: str) -> float | None:
    if value is None or isinstance(value, float | int):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        raise SettingsError(f"{name} {value!r} is neither a number nor a column of the table.") from None


def _own_number(value: Any, name: str, stream: int, refused: dict[int, str]) -> float:
    if value is None or value == "":
        return np.nan
    try:
        found = float(value)
    except (TypeError, ValueError):
        refused.setdefault(stream, f"its {name} {str(value)[:40]!r} is not a number")
        return np.nan
    if np.isinf(found):
        refused.setdefault(stream, f"its {name} is infinite")
        return np.nan
    return found


def _rollouts(
    held: Sequence[Any], clock: Clock, refused: dict[int, str]
) -> tuple[Floats | None, Sequence[Start | None] | None]:
    if all(v is None or _text(v) == "" for v in held):
        return None, None
    known: dict[str, tuple[float, str, str] | str] = {}
    moments = np.full(len(held), np.nan)
    starts: list[Start | None] = []
    for number, value in enumerate(held):
        text = "" if value is None else _text(value)
        if not text:
            starts.append(None)
            continue
        if text not in known:
            try:
                known[text] = clock.moment(text)
            except DataError as problem:
                known[text] = str(problem)
        found = known[text]
        if isinstance(found, str):
            refused.setdefault(number, found.rstrip("."))
            starts.append(None)
            continue
        moments[number] = found[0]
        starts.append(Start(found[1], found[2]))
    if np.isnan(moments).all() and len(known) == 1:
        raise DataError(str(next(iter(known.values()))))
    return moments, starts


def _text(value: Any) -> str:
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return text[:10] if text.endswith("T00:00:00") else text
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.15g}"
    return str(value).strip()


@dataclass(frozen=True)
class StreamTable:
    """A second table: what each stream is held against, by its name."""

    rows: Mapping[str, Mapping[str, Any]]
    source: str

    @property
    def told(self) -> str:
        """As the settings and the command hold it."""
        return self.source or given({name: dict(row) for name, row in self.rows.items()})


def stream_table(held: Any, stream: str) -> StreamTable:
    """Read a table with the stream's column and any of lsl, usl, target, rollout.

    Raises
    ------
    SettingsError
        It lacks the stream's column, holds nothing to hold a stream against, or names a stream twice.
    """
    source = str(held) if isinstance(held, str | Path) else ""
    try:
        frame: pd.DataFrame = read_table(held) if source else _frame(held, stream)
    except DataError as problem:
        raise SettingsError(f"the table of streams cannot be read: {problem}") from None
    names = {str(c).strip().lower(): c for c in frame.columns}
    key = stream if stream in frame.columns else names.get("stream")
    if key is None:
        raise SettingsError(f"the table of streams needs a column {stream!r} (or stream) that names each stream.")
    wanted = {name: names[name] for name in PER_STREAM if name in names}
    if not wanted:
        raise SettingsError(f"the table of streams has none of the columns {', '.join(PER_STREAM)}; add one of them.")
    from .duck import name_of

    rows: dict[str, dict[str, Any]] = {}
    for at, (name, row) in enumerate(zip(frame[key].tolist(), frame.to_dict("records"), strict=True), start=1):
        if name is None or name != name or str(name).strip() == "":
            raise SettingsError(f"the table of streams names no stream in row {at}; name one, or remove the row.")
        told = name_of(name)
        if told in rows:
            raise SettingsError(f"the table of streams names {told!r} twice (row {at}); leave one of them out.")
        rows[told] = {n: _filled(row[c]) for n, c in wanted.items()}
    return StreamTable(rows, source)


def _frame(held: Any, stream: str) -> pd.DataFrame:
    """A table, or a mapping from streams to what each is held against."""
    import pandas as pd

    if isinstance(held, Mapping):
        return pd.DataFrame([{stream: name, **row} for name, row in held.items()])
    return frame_of(held)


def _filled(value: Any) -> Any:
    return None if value is None or value != value or value == "" else value
