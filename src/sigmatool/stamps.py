"""Moments of single events, cell by cell: a cell that is no moment is marked by its row, and spoils no other.

A time column that orders points is read as a whole (:mod:`sigmatool.timeline`); a column of stamps comes from people
and systems, a million at a time, and some cells of it are wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .timeline import compact_times, to_days

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DAY = 86_400.0
_FIRST, _LAST = -2_208_988_800.0, 4_133_980_800.0
"""1900-01-01 and 2101-01-01 in seconds: beyond them a stamp is a slip or a stand-in for "never"."""

_PLAIN = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$"
_ZONED = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)$"
_SLASHED = (
    r"^(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<year>\d{4})"
    r"(?: (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?: ?(?P<half>[AaPp])[Mm])?)?$"
)
_NAMED = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%Y/%m/%d")
_PIECE = 1 << 14
"""Cells read at once: one that cannot be read sends only its piece the slow way."""

_NONE = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, slots=True)
class Stamps:
    """What a column of moments holds.

    Attributes
    ----------
    seconds : (n,) array
        Since 1970-01-01; of the clock where there is no zone, of UTC where there is one; NaN where there is none.
    filled : (n,) array of bool
        Cells that hold anything: one that is filled and has no second cannot be read.
    zoned : (n,) array of bool
        Cells with a zone.
    odd : (n,) array of bool
        Read, but outside the years 1900 to 2100; without a second.
    dates : bool
        Every cell is a day without a time.
    doubt : str
        How dates were read that can be read in two ways.
    offsets : int
        Different zones written in the cells, 0 where none is.
    """

    seconds: Floats
    filled: Bools
    zoned: Bools
    odd: Bools
    dates: bool
    doubt: str = ""
    offsets: int = 0


def stamps_of(series: pd.Series) -> Stamps:
    """Read a column of moments, whatever its type.

    Parameters
    ----------
    series : Series
        Dates and times, or texts: ISO 8601 with or without zones, ``31.12.2026 14:05``, ``12/31/2026 2:05 PM``
        and named months; whole numbers such as 20261231, or seconds or
        milliseconds since 1970.

    Examples
    --------
    >>> import pandas as pd
    >>> found = stamps_of(pd.Series(["1970-01-02", "1970-01-01 00:01", "soon", None, "1970-01-01T01:00+01:00"]))
    >>> found.seconds.tolist(), found.filled.tolist(), found.zoned.tolist()
    ([86400.0, 60.0, nan, nan, 0.0], [True, True, True, False, True], [False, False, False, False, True])
    """
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(series):
        return _of_moments(series)
    if pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series):
        return _of_numbers(series.to_numpy(dtype=np.float64, na_value=np.nan))
    import pyarrow as pa

    if series.dtype == object:
        texts = [None if v is None or v is pd.NaT or v != v else str(v) for v in series.tolist()]
        cells = pa.array(texts, type=pa.large_string())
    else:
        held = pa.array(series.array, type=pa.large_string())
        cells = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
    return _of_texts(cells)


def _of_moments(series: pd.Series) -> Stamps:
    zoned = getattr(series.dt, "tz", None) is not None
    naive = series.dt.tz_convert("UTC").dt.tz_localize(None) if zoned else series
    found = naive.to_numpy()
    unit = np.datetime_data(found.dtype)[0]
    parts = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[unit]
    filled = ~np.isnat(found)
    seconds = np.where(filled, found.astype(np.int64) / parts, np.nan)
    return _kept(seconds, filled, np.full(found.size, zoned) & filled, offsets=int(zoned))


def _of_numbers(values: Floats) -> Stamps:
    filled = ~np.isnan(values)
    none = np.zeros(values.size, dtype=bool)
    days = compact_times(values) if filled.any() else None
    if days is not None:
        return _kept(days.days * DAY, filled, none, doubt=days.doubt)
    size = values[filled]
    for unit, least, parts in (("seconds", 1e8, 1.0), ("milliseconds", 1e11, 1e3)):
        if size.size and size.min() >= least and size.max() < 42 * least:
            doubt = f"Numbers like {size[0]:.0f} were read as {unit} since 1970 (UTC)."
            return _kept(values / parts, filled, filled.copy(), doubt=doubt, offsets=1)
    return Stamps(np.full(values.size, np.nan), filled, none, none, False)


def _of_texts(cells: pa.Array) -> Stamps:
    import pyarrow as pa
    import pyarrow.compute as pc

    n = len(cells)
    seconds, zoned, left = np.full(n, np.nan), np.zeros(n, dtype=bool), np.ones(n, dtype=bool)
    for first in range(0, n, _PIECE):
        piece, here = cells.slice(first, _PIECE), slice(first, first + _PIECE)
        for zone in (None, "UTC"):
            # a piece that fails takes long to say so
            found = None if _cast(piece.slice(0, 8), zone) is None else _cast(piece, zone)
            if found is not None:
                seconds[here], left[here] = found, False
                zoned[here] = zone is not None
                break
    filled = ~np.isnan(seconds)
    zoned &= filled
    offsets = _offsets(cells.filter(pa.array(zoned)))
    rows = np.flatnonzero(left)
    rest = pc.utf8_trim_whitespace(cells.take(pa.array(rows)))
    written = pc.fill_null(pc.greater(pc.utf8_length(rest), 0), False).to_numpy(zero_copy_only=False)
    rows, rest = rows[written], rest.filter(pa.array(written))
    filled[rows] = True
    doubts = []
    for read in (_slashed, _plain, _zoned, _named):
        found, doubt = read(rest)
        known = ~np.isnan(found)
        seconds[rows[known]] = found[known]
        if read is _zoned and known.any():
            zoned[rows[known]] = True
            offsets |= _offsets(rest.filter(pa.array(known)))
        doubts.append(doubt)
        rows, rest = rows[~known], rest.filter(pa.array(~known))
    return _kept(seconds, filled, zoned, doubt=" ".join(d for d in doubts if d), offsets=len(offsets))


def _cast(cells: pa.Array, zone: str | None) -> Floats | None:
    """All cells at once, or None where one of them is no ISO stamp of that kind."""
    import pyarrow as pa

    try:
        found = cells.cast(pa.timestamp("us", tz=zone))
    except pa.ArrowInvalid:
        return None
    whole: NDArray[np.int64] = found.cast(pa.int64()).fill_null(_NONE).to_numpy()
    return np.where(whole == _NONE, np.nan, whole / 1e6)


def _one_by_one(cells: pa.Array, zone: str | None) -> Floats:
    """As :func:`_cast`, in halves until those that no calendar has (31 February) stand alone."""
    if len(cells) == 0:
        return np.empty(0)
    found = _cast(cells, zone)
    if found is not None:
        return found
    if len(cells) == 1:
        return np.array([np.nan])
    half = len(cells) // 2
    return np.concatenate([_one_by_one(cells.slice(0, half), zone), _one_by_one(cells.slice(half), zone)])


def _placed(cells: pa.Array, pattern: str, zone: str | None) -> Floats:
    """Those of a pattern read, the others NaN."""
    import pyarrow as pa

    here = _matching(cells, pattern)
    out = np.full(len(cells), np.nan)
    out[here] = _read(cells.filter(pa.array(here)), zone)
    return out


def _read(cells: pa.Array, zone: str | None) -> Floats:
    """Cells of one pattern; digits beyond microseconds are cut off."""
    import pyarrow.compute as pc

    found = _cast(cells, zone)
    if found is not None:
        return found
    for old, new in ((r"(\.\d{6})\d+", r"\1"), (r" ([Z+-])", r"\1")):
        cells = pc.replace_substring_regex(cells, old, new)
    return _one_by_one(cells, zone)


def _plain(cells: pa.Array) -> tuple[Floats, str]:
    return _placed(cells, _PLAIN, None), ""


def _zoned(cells: pa.Array) -> tuple[Floats, str]:
    return _placed(cells, _ZONED, "UTC"), ""


def _slashed(cells: pa.Array) -> tuple[Floats, str]:
    """``31.12.2026 14:05`` and ``12/31/2026 2:05 PM``: day or month first is decided by all of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.extract_regex(cells, _SLASHED)
    here = pc.is_valid(found).to_numpy(zero_copy_only=False)
    out = np.full(len(cells), np.nan)
    if not here.any():
        return out, ""
    part = {
        name: np.array(pc.if_else(pc.equal(held, ""), "0", held).cast(pa.float64()))
        for name in ("a", "b", "year", "hour", "minute", "second")
        for held in (pc.struct_field(found.filter(pa.array(here)), name),)
    }
    half = np.array(pc.utf8_upper(pc.struct_field(found.filter(pa.array(here)), "half")).to_pylist(), dtype="U1")
    hour = np.where(half == "", part["hour"], part["hour"] % 12 + 12 * (half == "P"))
    first, second = int((part["a"] > 12).sum()), int((part["b"] > 12).sum())
    shown = str(cells.filter(pa.array(here))[0])
    day_first, doubt = first >= second, ""
    if first == second == 0:
        day_first = "/" not in shown
        order = "day first" if day_first else "month first"
        doubt = f"Dates like {shown} do not tell day from month; they were read {order}."
    day, month = (part["a"], part["b"]) if day_first else (part["b"], part["a"])
    whole = compact_days(part["year"], month, day)
    clock = (hour < 24) & (part["minute"] < 60) & (part["second"] < 60)
    out[here] = np.where(clock, whole * DAY + hour * 3600 + part["minute"] * 60 + part["second"], np.nan)
    return out, doubt


def _named(cells: pa.Array) -> tuple[Floats, str]:
    """Dates with the name of a month: in the one form that most of them have."""
    import pandas as pd

    best = np.full(len(cells), np.nan)
    if not len(cells):
        return best, ""
    texts = pd.Series(cells.to_pylist(), dtype=object)
    for form in (f"{day}{clock}" for day in _NAMED for clock in ("", " %H:%M", " %H:%M:%S")):
        found = to_days(pd.to_datetime(texts, format=form, errors="coerce").to_numpy("datetime64[ns]")) * DAY
        if np.isfinite(found).sum() > np.isfinite(best).sum():
            best = found
        if np.isfinite(best).all():
            break
    return best, ""


def compact_days(year: Floats, month: Floats, day: Floats) -> Floats:
    """Days since 1970-01-01 (n,); NaN where the calendar has no such day."""
    good = (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype(np.int64)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
    return np.where(good & (day <= length), first + day - 1, np.nan)


def _matching(cells: pa.Array, pattern: str) -> Bools:
    import pyarrow.compute as pc

    found: Bools = pc.fill_null(pc.match_substring_regex(cells, pattern), False).to_numpy(zero_copy_only=False)
    return found


def _offsets(cells: pa.Array) -> set[str]:
    """Different zones that are written in the cells."""
    import pyarrow.compute as pc

    ends = pc.unique(pc.utf8_slice_codeunits(cells, -6)).drop_null().to_pylist()
    zones = (re.search(r"(Z|[+-]\d{2}(:?\d{2})?)$", end) for end in ends)
    return {zone[0].replace(":", "") for zone in zones if zone}


def _kept(seconds: Floats, filled: Bools, zoned: Bools, *, doubt: str = "", offsets: int = 0) -> Stamps:
    """Without those of years that no operation has seen."""
    known = ~np.isnan(seconds)
    with np.errstate(invalid="ignore"):
        odd = known & ((seconds < _FIRST) | (seconds >= _LAST))
    if odd.any():
        seconds = np.where(odd, np.nan, seconds)
    held = seconds[known & ~odd] if odd.any() or not known.all() else seconds
    dates = bool(held.size and np.all(held % DAY == 0))
    return Stamps(seconds, filled, zoned, odd, dates, doubt, offsets)


def moment(text: str) -> tuple[float, bool] | None:
    """The second that a setting names, and whether it has a zone; None where it is no moment.

    Examples
    --------
    >>> moment("1970-01-02"), moment("1970-01-01T01:00Z"), moment("never")
    ((86400.0, False), (3600.0, True), None)
    """
    import pandas as pd

    found = stamps_of(pd.Series([text], dtype=object))
    second = float(found.seconds[0])
    return None if np.isnan(second) else (second, bool(found.zoned[0]))
