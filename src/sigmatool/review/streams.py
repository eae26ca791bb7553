"""A long table cut into streams: sorted once, one slice a stream, the rollout of each."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..columns import column, frame_of
from ..data import fingerprint, split_rollout
from ..errors import DataError
from ..timeline import label_days, parse_times
from . import caveat_words

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Start:
    """The rollout of a stream, or why it has none."""

    when: str
    label: str
    refused: str = ""


@dataclass(frozen=True)
class Streams:
    """The table in order of its streams; stream k holds the rows ``bounds[k]`` to ``bounds[k + 1]``.

    Streams stand in the order in which they first appear, their rows in the order of the table. ``dropped`` rows
    name no stream.
    """

    frame: pd.DataFrame
    bounds: Ints
    names: tuple[str, ...]
    starts: tuple[Start, ...]
    read: int
    dropped: int
    caveats: tuple[Caveat, ...]
    sha256: str
    source: str
    file_sha256: str | None

    def __len__(self) -> int:
        return len(self.names)

    def cut(self, first: int, last: int) -> tuple[pd.DataFrame, Ints, Sequence[Start]]:
        """Streams ``first`` up to, not including, ``last``: their rows, their bounds in these, their rollouts."""
        bounds = self.bounds[first : last + 1]
        return self.frame.iloc[bounds[0] : bounds[-1]], bounds - bounds[0], self.starts[first:last]

    def chunks(self, size: int) -> Iterator[tuple[pd.DataFrame, Ints, Sequence[Start]]]:
        """The streams in pieces of ``size``."""
        for first in range(0, len(self), size):
            yield self.cut(first, min(first + size, len(self)))


def streams_of(data: Any, by: str, rollout: Any, columns: Sequence[str], time: str | None) -> Streams:
    """Cut a table into streams.

    Parameters
    ----------
    data : DataFrame
    by : str
        Column that names the stream of each row, of any type.
    rollout : str or number
        The moment for all streams, or a column that holds each stream's own.
    columns : sequence of str
        Further columns that are used.
    time : str or None
        Which of them is the time.
    """
    import pandas as pd

    frame = frame_of(data)
    held = frame.attrs.get("sigmatool", {})
    caveats = [Caveat(c["code"], c["text"]) for c in held.get("caveats", ())]
    keys = column(frame, by)
    own = str(rollout) if str(rollout) in {str(c) for c in frame.columns} else None
    used = {name: column(frame, name) for name in dict.fromkeys([*columns, *([] if own is None else [own])])}
    codes, distinct = _codes(keys, by)
    kept = np.argsort(codes, kind="stable")
    dropped = int((codes < 0).sum())
    kept = kept[dropped:]
    if dropped:
        row = int(np.argmax(codes < 0)) + 1
        caveats.append(caveat_words.stream_missing(dropped, by, row))
    if kept.size == 0:
        raise DataError(f"column {by!r} is empty in every row; name another column for by.")
    table = pd.DataFrame({name: series.to_numpy() if _plain(series) else series.array for name, series in used.items()})
    moments = [str(rollout)] if own is None else _moments(table[own])
    if time is not None:
        _read_dates_once(table, time, moments, caveats)
    ordered = table.take(kept).reset_index(drop=True)
    bounds = np.concatenate([[0], np.cumsum(np.bincount(codes[kept], minlength=len(distinct)))]).astype(np.int64)
    names = tuple(_name(v) for v in distinct)
    digest = _hash(by, [names[c] if c >= 0 else "" for c in codes.tolist()], table, moments)
    if len(set(names)) < len(names):
        caveats.append(caveat_words.streams_alike(by))
    starts = _starts(own, moments, kept, bounds)
    return Streams(
        ordered, bounds, names, starts, len(frame), dropped, tuple(caveats), digest, held.get("source", ""),
        held.get("file_sha256"),
    )  # fmt: skip


def _plain(series: pd.Series) -> bool:
    return isinstance(series.dtype, np.dtype)


def _codes(keys: pd.Series, by: str) -> tuple[Ints, list[Any]]:
    """The running number of each row's stream, in order of first appearance; -1 where there is none."""
    import pandas as pd

    values = keys.astype(object)
    blank = values.map(lambda v: isinstance(v, str) and not v.strip()).to_numpy(dtype=bool)
    values = values.where(~blank, None)
    if not values.map(lambda v: isinstance(v, Hashable)).all():
        raise DataError(f"column {by!r} holds lists or tables, not names; name another column for by.")
    codes, distinct = pd.factorize(values)
    return codes.astype(np.int64), list(distinct)


def _name(value: Any) -> str:
    """A value of any type as people read it.

    Examples
    --------
    >>> _name("line <1>"), _name(7.0), _name(dt.datetime(2026, 1, 5)), _name(None)
    ('line <1>', '7', '2026-01-05', '')
    """
    if value is None:
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer() and abs(float(value)) < 2**53:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


def _moments(cells: pd.Series) -> list[str]:
    return [_name(None if missing else v).strip() for v, missing in zip(cells.tolist(), cells.isna(), strict=True)]


def _read_dates_once(table: pd.DataFrame, time: str, moments: list[str], caveats: list[Caveat]) -> None:
    """Dates whose reading the data must settle (day or month first) are read over all streams together.

    Read stream by stream, 05/03/2026 could be March in one and May in the next. ISO dates need no such care.
    """
    import pandas as pd

    texts = table[time]
    if not (texts.dtype == object or isinstance(texts.dtype, pd.StringDtype)):
        return
    clean = ["" if v is None or v != v else str(v).strip() for v in texts.tolist()]
    if any(t[:4].isdigit() or any(map(str.isalpha, t)) for t in clean):
        return
    dates = [w for w in {m: m.partition("=")[0].strip() for m in moments}.values() if parse_times([w]) is not None]
    times = parse_times([*clean, *dates])
    if times is None:
        return
    table[time] = pd.to_datetime(pd.Series(times.days[: len(clean)] * 86_400).round(), unit="s")
    iso = dict(zip(dates, label_days(times.days[len(clean) :]), strict=True)) if dates else {}
    for i, moment in enumerate(moments):
        when, mark, label = moment.partition("=")
        moments[i] = iso.get(when.strip(), when) + mark + label
    if times.doubt:
        caveats.append(Caveat("dates-doubtful", times.doubt))


def _starts(own: str | None, moments: list[str], kept: Ints, bounds: Ints) -> tuple[Start, ...]:
    if own is None:
        return (Start(*split_rollout(moments[0])),) * (bounds.size - 1)
    ordered = [moments[i] for i in kept]
    found = []
    for a, b in itertools.pairwise(bounds.tolist()):
        here = list(dict.fromkeys(m for m in ordered[a:b] if m))
        if not here:
            found.append(Start("", "", f"column {own!r} names no rollout for it."))
        elif len(here) > 1:
            shown = ", ".join(here[:3]) + (", ..." if len(here) > 3 else "")
            found.append(Start("", "", f"column {own!r} names {len(here)} rollouts for it ({shown}); one is needed."))
        else:
            found.append(Start(*split_rollout(here[0])))
    return tuple(found)


def _hash(by: str, names: list[str], table: pd.DataFrame, moments: list[str]) -> str:
    """Of all columns used, in the order of the table: numbers as numbers, everything else as text."""
    import pandas as pd

    numeric = [n for n in table.columns if pd.api.types.is_numeric_dtype(table[n])]
    texts = ["\x1e".join(_moments(table[n])) for n in table.columns if n not in numeric]
    floats = [table[n].to_numpy(dtype=np.float64, na_value=np.nan) for n in numeric]
    return fingerprint([by, *map(str, table.columns)], floats, [*names, *texts, *moments])
