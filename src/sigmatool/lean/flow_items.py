"""From a table to items with a start and an end; stamps that cannot be right are set apart by their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ..axis import Numbered
from ..caveats import Caveat, Rows
from ..data import column, fingerprint, frame_of, numbers
from ..errors import DataError, SettingsError
from ..stamps import DAY, Stamps, stamps_of
from . import flow_caveat_words as words
from .flow_asked import Asked, Moment

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BAD: Final = (
    "start-unreadable", "end-unreadable", "year-implausible", "zones-mixed", "item-repeated", "item-contradicted",
    "end-before-start", "start-after-as-of", "end-after-as-of",
)  # fmt: skip
"""Why a row is not used; a row with several reasons has the first."""


@dataclass(frozen=True, slots=True)
class Bad:
    """Rows (from 1) that are not used for one reason, with their cells as the table has them."""

    code: str
    rows: Ints
    shown: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Items:
    """Items that can be used, in the order of the table.

    Attributes
    ----------
    start, end : (n,) array
        Seconds since 1970-01-01; ``end`` is NaN where an item is open.
    row : (n,) array of int
        From 1.
    names : sequence of str
        What an item is called: its name, else its row.
    touch : (n,) array or None
        Seconds of work; NaN where unknown or longer than the item took.
    touch_long : (k,) array of int
        Rows whose touch time exceeds the time from start to end.
    first, last : float
        The window: since (or the first start), and as of.
    dates : bool
        The stamps are days.
    zoned : bool
        The seconds are those of UTC.
    bad : tuple of Bad
    """

    start: Floats
    end: Floats
    row: Ints
    names: Sequence[str]
    touch: Floats | None
    touch_long: Ints
    first: float
    last: float
    dates: bool
    zoned: bool
    bad: tuple[Bad, ...]
    rows: Rows
    caveats: tuple[Caveat, ...]
    sha256: str
    source: str
    file_sha256: str | None
    columns: tuple[str, str]
    item: str | None = None

    @cached_property
    def finished(self) -> Bools:
        """Which items have an end."""
        return ~np.isnan(self.end)

    @cached_property
    def started(self) -> Floats:
        """Starts, in order."""
        return self.start if np.all(np.diff(self.start) >= 0) else np.sort(self.start)

    @cached_property
    def ended(self) -> Floats:
        """Ends, in order."""
        return np.sort(self.end[self.finished])


class _Names(Sequence[str]):
    """Names of used items, looked up when asked for: a million need not become texts for twenty on a page."""

    def __init__(self, series: pd.Series | None, row: Ints) -> None:
        self._series, self._row = series, row

    def __len__(self) -> int:
        return int(self._row.size)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        row = int(self._row[at])
        if self._series is None:
            return f"row {row}"
        name = self._series.iloc[row - 1]
        return f"row {row}" if name is None or name != name or str(name).strip() == "" else str(name)


def items_of(data: Any, start: str, end: str, item: str | None, touch: str | None, asked: Asked) -> Items:
    """Read the items of a table.

    Raises
    ------
    DataError
        No column of that name; a column that holds no moment at all; zones in one column and none in the other; no
        item left.
    """
    frame = frame_of(data)
    if start == end:
        raise SettingsError(f"start and end must be two columns, not {start!r} twice.")
    s, e = (_read(frame, name) for name in (start, end))
    n = len(frame)
    names = None if item is None else column(frame, item)
    caveats = [Caveat(c["code"], c["text"]) for c in frame.attrs.get("sigmatool", {}).get("caveats", ())]
    caveats += [words.dates_doubtful(name, got.doubt) for name, got in ((start, s), (end, e)) if got.doubt]
    zoned = _zone(s, e, (start, end))
    missing = ~s.filled
    reasons: dict[str, Bools] = {
        "start-unreadable": s.filled & np.isnan(s.seconds) & ~s.odd,
        "end-unreadable": e.filled & np.isnan(e.seconds) & ~e.odd,
        "year-implausible": s.odd | e.odd,
        "zones-mixed": _other_zone(s, zoned) | _other_zone(e, zoned),
    }
    open_to = ~missing & ~np.logical_or.reduce(list(reasons.values()))
    if names is not None:
        reasons["item-repeated"], reasons["item-contradicted"] = _repeats(names, s.seconds, e.seconds, open_to)
        open_to &= ~(reasons["item-repeated"] | reasons["item-contradicted"])
    with np.errstate(invalid="ignore"):
        reasons["end-before-start"] = open_to & (e.seconds < s.seconds)
        open_to &= ~reasons["end-before-start"]
        stamps_left = np.fmax(s.seconds, e.seconds)[open_to]
        if not stamps_left.size:
            raise DataError(_none_left(reasons, (start, end), n, int(missing.sum())))
        dates = s.dates and (e.dates or not np.isfinite(e.seconds).any())
        last = float(stamps_left.max()) if asked.as_of is None else _last(asked.as_of, zoned, dates)
        reasons["start-after-as-of"] = open_to & (s.seconds > last)
        reasons["end-after-as-of"] = open_to & (e.seconds > last) & (s.seconds <= last)
    open_to &= ~(reasons["start-after-as-of"] | reasons["end-after-as-of"])
    before = np.zeros(n, dtype=bool)
    if asked.since is not None:
        _same_clock("since", asked.since, zoned)
        with np.errstate(invalid="ignore"):
            before = open_to & (e.seconds < asked.since.second)
        open_to &= ~before
    if not open_to.any():
        raise DataError(_none_left(reasons, (start, end), n, int(missing.sum())))
    caveats += _of_reading(s, e, zoned, dates, (start, end))
    row = np.flatnonzero(open_to)
    first = asked.since.second if asked.since is not None else float(s.seconds[row].min())
    if first >= last and np.isnan(e.seconds[row]).all():
        raise DataError(f"every item of column {start!r} starts at the moment the table ends; nothing has flowed yet.")
    if asked.as_of is None and (gap := _alone(stamps_left)) > 0:
        at = int(np.argmax(open_to & ((s.seconds == last) | (e.seconds == last))))
        caveats.append(words.as_of_alone(at + 1, stamp_text(last, dates), gap / DAY))
    worked, long = (None, np.zeros(0, dtype=np.int64)) if touch is None else _touch(
        frame, touch, asked, e.seconds[row] - s.seconds[row], row, dates
    )  # fmt: skip
    held = frame.attrs.get("sigmatool", {})
    told = [name for name in (start, end, item, touch) if name]
    labels: Sequence[str] = Numbered(n) if names is None else [_joined(names)]
    parts = [s.seconds, e.seconds] + ([] if touch is None else [_raw_touch(frame, touch, asked)])
    lost = {code: int(rows.sum()) for code, rows in reasons.items()}
    return Items(
        start=s.seconds[row], end=e.seconds[row], row=row + 1, names=_Names(names, row + 1), touch=worked,
        touch_long=long, first=first, last=last, dates=dates, zoned=zoned,
        bad=tuple(_bad(code, reasons[code], frame, start, end) for code in BAD if lost.get(code)),
        rows=Rows(n, int(row.size), int(missing.sum()), int(before.sum()), sum(lost.values())),
        caveats=tuple(caveats), sha256=fingerprint(told, parts, labels), source=held.get("source", ""),
        file_sha256=held.get("file_sha256"), columns=(start, end), item=item,
    )  # fmt: skip


def _read(frame: pd.DataFrame, name: str) -> Stamps:
    found = stamps_of(column(frame, name))
    if found.filled.any() and not np.isfinite(found.seconds).any():
        at = int(np.argmax(found.filled))
        shown = str(column(frame, name).iloc[at])[:40]
        raise DataError(
            f"column {name!r} holds no date that can be read (row {at + 1}: {shown!r}); write stamps like 2026-03-31 "
            "17:00."
        )
    return found


def _zone(s: Stamps, e: Stamps, names: tuple[str, str]) -> bool:
    """Whether items are timed in UTC: by the kind that most stamps of both columns have."""
    kinds = [bool(2 * got.zoned.sum() > np.isfinite(got.seconds).sum()) for got in (s, e)]
    if not np.isfinite(s.seconds).any():
        raise DataError(f"column {names[0]!r} is empty in every row; an item needs its start.")
    if np.isfinite(e.seconds).any() and kinds[0] != kinds[1]:
        with_zone, without = names if kinds[0] else names[::-1]
        raise DataError(
            f"most stamps of column {with_zone!r} carry a time zone and those of {without!r} do not; no time between "
            "them can be told: write both alike."
        )
    return kinds[0]


def _other_zone(got: Stamps, zoned: bool) -> Bools:
    other: Bools = np.isfinite(got.seconds) & (got.zoned != zoned)
    return other


def _same_clock(name: str, given: Moment, zoned: bool) -> None:
    if given.zoned and not zoned:
        raise SettingsError(f"{name} ({given.text}) carries a time zone and the stamps do not; leave it out.")


def _last(given: Moment, zoned: bool, dates: bool) -> float:
    """A day stands for its end where stamps tell the time of the day."""
    _same_clock("as_of", given, zoned)
    return given.second + (DAY if given.day and not dates else 0.0)


def _repeats(names: pd.Series, start: Floats, end: Floats, among: Bools) -> tuple[Bools, Bools]:
    """Further rows of an item that say the same, and all rows of one that do not."""
    import pandas as pd

    same, odd = np.zeros(among.size, dtype=bool), np.zeros(among.size, dtype=bool)
    if _rising(names):
        return same, odd
    rows = np.flatnonzero(among & names.notna().to_numpy())
    held = names.iloc[rows] if rows.size < among.size else names
    again = held.duplicated(keep=False).to_numpy()
    if not again.any():
        return same, odd
    rows = rows[again]
    code = held[again].factorize()[0]
    stamps = pd.DataFrame({"item": code, "start": start[rows], "end": end[rows]})
    apart = stamps.groupby("item", sort=False)[["start", "end"]].nunique(dropna=False).max(axis=1).to_numpy() > 1
    odd[rows[apart[code]]] = True
    same[rows[~apart[code] & stamps["item"].duplicated().to_numpy()]] = True
    return same, odd


def _texts(names: pd.Series) -> pa.Array:
    import pyarrow as pa

    texts = names.astype("str") if names.dtype == object else names
    found = pa.array(texts.array).cast(pa.large_string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _rising(names: pd.Series) -> bool:
    """Names in strict order, as those of tickets often are, are all different."""
    import pyarrow.compute as pc

    texts = _texts(names)
    if len(texts) < 2 or texts.null_count:
        return False
    return bool(pc.all(pc.greater(texts.slice(1), texts.slice(0, len(texts) - 1))).as_py())


def _joined(names: pd.Series) -> str:
    """All names as one text, for the hash of the data: a million texts of Python would take longer than the rest."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.fill_null(_texts(names), "nan")
    whole = pa.LargeListArray.from_arrays([0, len(texts)], texts)
    return str(pc.binary_join(whole, pa.scalar("\x1f", pa.large_string()))[0])


def _none_left(reasons: dict[str, Bools], names: tuple[str, str], n: int, missing: int) -> str:
    told = ", ".join(f"{int(rows.sum()):,} where {words.REASONS[code]}" for code, rows in reasons.items() if rows.any())
    empty = f"{missing:,} without a start" if missing else ""
    why = "; ".join(part for part in (empty, told) if part) or "all finished before since"
    return f"none of the {n:,} rows can be used (columns {names[0]!r}, {names[1]!r}): {why}."


def _of_reading(s: Stamps, e: Stamps, zoned: bool, dates: bool, names: tuple[str, str]) -> list[Caveat]:
    found = []
    if zoned and max(s.offsets, e.offsets) > 1:
        found.append(words.offsets(names, max(s.offsets, e.offsets)))
    if dates:
        found.append(words.stamps_are_dates())
    return found


def _alone(stamps: Floats) -> float:
    """Seconds between the last stamp and the one before, where they are a tenth of all the time; else 0."""
    if stamps.size < 10:
        return 0.0
    high = stamps.max()
    below = stamps[stamps < high]
    if not below.size or (stamps == high).sum() > 1:
        return 0.0
    gap, span = float(high - below.max()), float(below.max() - stamps.min())
    return gap if gap > 0.1 * span and gap > DAY else 0.0


def _raw_touch(frame: pd.DataFrame, name: str, asked: Asked) -> Floats:
    import pandas as pd

    series = column(frame, name)
    if pd.api.types.is_timedelta64_dtype(series):
        worked: Floats = series.dt.total_seconds().to_numpy(dtype=np.float64)
        return worked
    return numbers(frame, name) * asked.touch


def _touch(frame: pd.DataFrame, name: str, asked: Asked, total: Floats, row: Ints, dates: bool) -> tuple[Floats, Ints]:
    raw = _raw_touch(frame, name, asked)
    if np.any(raw < 0):
        at = int(np.argmax(raw < 0))
        raise DataError(f"column {name!r} is negative in row {at + 1}: touch time is work done; correct it.")
    worked = raw[row]
    with np.errstate(invalid="ignore"):
        long = worked > total + (DAY if dates else 0.0) + 1e-6 * np.abs(total)
    return np.where(long, np.nan, worked), row[long] + 1


MOST_CELLS: Final = 1_000
"""Rows of one reason that a result names; their number is told in any case."""


def _bad(code: str, rows: Bools, frame: pd.DataFrame, start: str, end: str) -> Bad:
    at = np.flatnonzero(rows)
    cells = [column(frame, name).iloc[at[:MOST_CELLS]].tolist() for name in (start, end)]
    shown = tuple((_cell(a), _cell(b)) for a, b in zip(*cells, strict=True))
    return Bad(code, at + 1, shown)


def _cell(value: Any) -> str:
    text = "" if value is None or value != value else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def stamp_text(second: float, dates: bool) -> str:
    """A moment as people read it.

    Examples
    --------
    >>> stamp_text(86400.0, True), stamp_text(86460.0, False)
    ('1970-01-02', '1970-01-02 00:01')
    """
    text = str(np.datetime64(round(second), "s")).replace("T", " ")
    return text[:10] if dates else text[:16] if text.endswith(":00") else text
