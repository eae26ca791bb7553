"""Reading tables: csv, tsv, xlsx, parquet, standard input, databases; and settings in TOML. The only reader of files.

Delimiter, decimal comma and encoding are recognised; what was in doubt is said in a caveat that travels with the
frame (``frame.attrs["sigmatool"]``). Nothing in a file is evaluated.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import databases, plain_csv
from .documents import LARGEST, first_line
from .errors import DataError, SettingsError
from .origin import Source

if TYPE_CHECKING:
    import pandas as pd

MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None")
"""Cells that count as empty."""

LONGEST_LINE = 10_000_000
"""Characters; a longer line is not a table."""

_DELIMITED = (".csv", ".tsv", ".txt")
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


def read_table(
    path: str | Path, *, sheet: str | None = None, query: str | None = None, whole_lines: bool = False
) -> pd.DataFrame:
    """Read a table.

    Parameters
    ----------
    path : str or Path
        ``.csv``, ``.tsv``, ``.txt``, ``.xlsx``, ``.xls``, ``.ods``, ``.parquet``, ``-`` for CSV on standard input, or a
        database: ``sqlite:///PATH``, ``postgresql://user@host/name``.
    sheet : str, optional
        Sheet of a workbook; default the first.
    query : str, optional
        Of a database: one SELECT, or ``@FILE`` or a path ending in ``.sql`` that holds it. Nothing is ever changed.
    whole_lines : bool
        Leave a last line without an end: somebody is still writing it.

    Returns
    -------
    DataFrame
        Columns whose every filled cell is a number are numbers; all others stay text, so that a wrong cell can
        be named. ``attrs["sigmatool"]`` holds source, hash and caveats.

    Raises
    ------
    DataError
        In one sentence: what is wrong with the file and the way out.
    """
    if databases.is_url(str(path)):
        return _asked(str(path), query)
    if query is not None:
        raise SettingsError("query goes with a database, such as sqlite:///calls.db; leave it out for a file.")
    if str(path) == "-":
        return _delimited(sys.stdin.buffer.read(), "-", ".csv")
    file = Path(path)
    suffix = file.suffix.lower()
    _check_file(file, suffix)
    data = file.read_bytes()
    if not data:
        raise DataError(f"{file.name} is empty.")
    if suffix in _DELIMITED:
        return _delimited(data[: data.rfind(b"\n") + 1] if whole_lines else data, str(path), suffix)
    frame, caveats = _parquet(data, file) if suffix == ".parquet" else _workbook(data, file, sheet)
    return _dressed(frame, data, Source(str(path), {} if sheet is None else {"sheet": sheet}), caveats)


def _asked(url: str, query: str | None) -> pd.DataFrame:
    """The rows of a query, each column as a csv would be read: dates as dates where the database knows them."""
    import pandas as pd

    if query is None:
        raise SettingsError("a database needs query: which rows, such as --query 'SELECT day, minutes FROM calls'.")
    statement = query_text(query)
    found = databases.answer(url, statement)
    caveats: list[dict[str, str]] = []
    columns = {}
    for place, name in enumerate(found.names):
        cells = [None if v is None or v in MISSING else v for v in databases.texts_of(found, place)]
        columns[name] = _typed_answers(pd.Series(cells, dtype=object), name, caveats)
    frame = pd.DataFrame(columns)
    return _dressed(frame, databases.canonical(found), Source(databases.masked(url), {"query": statement}), caveats)


def query_text(query: str) -> str:
    """A query as it stands, or as a file holds it (``@FILE``, or a path ending in ``.sql``)."""
    named = query[1:] if query.startswith("@") else query if query.lower().endswith(".sql") else None
    if named is None:
        return query.strip()
    file = Path(named)
    if not file.is_file():
        raise SettingsError(f"there is no query file {named}; check the path.")
    if file.stat().st_size > LARGEST:
        raise SettingsError(f"{file.name} is larger than a megabyte, which is more than any query needs.")
    try:
        return file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{file.name} cannot be read as text in UTF-8; save it again as UTF-8.") from None


def _check_file(file: Path, suffix: str) -> None:
    if file.is_dir():
        raise DataError(f"{file} is a folder, not a file; name a file in it.")
    if not file.exists():
        names = [p.name for p in file.parent.iterdir()] if file.parent.is_dir() else []
        near = difflib.get_close_matches(file.name, names, n=2, cutoff=0.6)
        hint = f"; did you mean {' or '.join(near)}?" if near else "."
        raise DataError(f"there is no file {file}{hint}")
    if suffix not in (*_DELIMITED, *_BOOKS, ".parquet"):
        known = " ".join((*_DELIMITED, *_BOOKS, ".parquet"))
        raise DataError(f"{file.name} has no suffix that can be read; known are {known}.")
    if suffix in _DELIMITED:
        _check_lines(file)


def _check_lines(file: Path) -> None:
    """Refuse a runaway first line before the whole file is in memory."""
    with file.open("rb") as stream:
        head = stream.read(LONGEST_LINE)
    if len(head) == LONGEST_LINE and b"\n" not in head and b"\r" not in head:
        raise DataError(
            f"the first line of {file.name} is longer than {LONGEST_LINE // 1_000_000} million characters: this is "
            "not a table; export it again with line breaks."
        )


def _dressed(frame: pd.DataFrame, data: bytes, source: str, caveats: list[dict[str, str]]) -> pd.DataFrame:
    if frame.shape[1] == 0 or len(frame) == 0:
        raise DataError(f"{source} has a header but no rows; nothing can be judged from it.")
    names = [str(c) for c in frame.columns]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise DataError(f"{source} has two columns named {twice[0]!r}; rename one of them.")
    frame.columns = names
    frame.attrs["sigmatool"] = {
        "source": source,
        "file_sha256": hashlib.sha256(data).hexdigest(),
        "caveats": caveats,
    }
    return frame


def _decode(data: bytes, source: str) -> tuple[str, list[dict[str, str]]]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError:
                raise DataError(f"{source} starts like {encoding} text but is not; save it again as UTF-8.") from None
    if b"\x00" in data[:100_000]:
        raise DataError(f"{source} holds binary data, not text; is it a workbook or an archive under another name?")
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000], cp_isolation=["cp1252", "latin_1", "cp1250", "cp1251", "mac_roman"]).best()
    encoding = "cp1252" if best is None else best.encoding
    printable = sum(b >= 32 or b in (9, 10, 13) for b in data[:10_000]) / min(len(data), 10_000)
    if printable < 0.98:
        raise DataError(f"{source} holds binary data, not text; is it a workbook or an archive under another name?")
    text = data.decode(encoding, errors="replace")
    return text, [
        {
            "code": "encoding-guessed",
            "text": f"The file is not UTF-8; it was read as {encoding}. Check names with accents.",
        }
    ]


def _delimited(data: bytes, source: str, suffix: str) -> pd.DataFrame:

    if not data[:1_000].strip() and not data.strip():
        raise DataError(f"{source} is empty.")
    text, caveats = _decode(data, source)
    if len(text) > LONGEST_LINE and plain_csv.longest_line(data) > LONGEST_LINE:
        raise DataError(f"{source} has a line longer than {LONGEST_LINE // 1_000_000} million characters.")
    delimiter = "\t" if suffix == ".tsv" else _delimiter(text)
    _check_header(text, delimiter, source)
    plain = None if caveats else plain_csv.texts(data, delimiter, MISSING)
    frame = _any_table(text, delimiter, source) if plain is None else plain
    for name in frame.columns:
        frame[name] = _typed(frame[name], delimiter, str(name), caveats)
    return _dressed(frame, data, source, caveats)


def _any_table(text: str, delimiter: str, source: str) -> pd.DataFrame:
    """Every cell as text, whatever the quotes, the padding and the short rows."""
    import pandas as pd

    try:
        with warnings.catch_warnings():
            # a row with more cells than the header would lose them under a mere warning
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                io.StringIO(text),
                sep=delimiter,
                dtype=str,
                keep_default_na=False,
                na_values=list(MISSING),
                skipinitialspace=True,
                index_col=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError, ValueError) as problem:
        where = _wide_line(text, delimiter) or first_line(problem)
        raise DataError(f"{source} is not a regular table: {where}.") from None


def _wide_line(text: str, delimiter: str) -> str:
    """The first line with more cells than the header, in words."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = len(next(reader, []))
    for row in reader:
        if len(row) > header:
            return f"line {reader.line_num} has {len(row)} cells where the header has {header}; correct that line"
    return ""


def _delimiter(text: str) -> str:
    """The candidate that parts the first lines into the same number (above one) of cells."""
    lines = [line for line in text[:65_536].splitlines()[:50] if line.strip()]
    if len(text) > 65_536 and len(lines) > 1:
        lines = lines[:-1]
    best, score = ",", (0, 0)
    for mark in (",", ";", "\t", "|"):
        widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        if not widths or widths[0] < 2:
            continue
        same = sum(w == widths[0] for w in widths)
        if (same, widths[0]) > score:
            best, score = mark, (same, widths[0])
    return best


def _check_header(text: str, delimiter: str, source: str) -> None:
    first = text[: text.find("\n") % (len(text) + 1)].lstrip("\ufeff").rstrip("\r")
    header = next(csv.reader([first], delimiter=delimiter), [])
    names = [h.strip() for h in header]
    twice = next((n for n in names if n and names.count(n) > 1), None)
    if twice is not None:
        raise DataError(f"{source} has two columns named {twice!r}; rename one of them.")


def _typed(series: Any, delimiter: str, name: str, caveats: list[dict[str, str]]) -> Any:
    """Numbers where every filled cell is one; text otherwise."""
    import pandas as pd

    filled = series.dropna()
    if filled.empty:
        return series.astype("float64")
    first = filled.iloc[:1].str.strip()
    comma = r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?"
    if pd.to_numeric(first, errors="coerce").isna().all() and not first.str.fullmatch(comma).all():
        return series
    stripped = filled.str.strip()
    if stripped.str.fullmatch(r"0\d+").any():
        return series
    values = pd.to_numeric(series, errors="coerce")
    if values.notna().sum() == len(filled):
        return values
    if stripped.str.fullmatch(comma).all() and stripped.str.contains(",").any():
        if delimiter != ";" and stripped.str.fullmatch(r"[+-]?\d{1,3},\d{3}").all():
            caveats.append(
                {
                    "code": "comma-doubtful",
                    "text": f"Column {name!r} writes numbers like {stripped.iloc[0]}; the comma was read as the "
                    "decimal sign, it may part thousands.",
                }
            )
        elif not any(c["code"] == "decimal-comma" for c in caveats):
            caveats.append(
                {
                    "code": "decimal-comma",
                    "text": f"The comma was read as the decimal sign (column {name!r}).",
                }
            )
        return pd.to_numeric(series.str.strip().str.replace(",", ".", regex=False), errors="coerce")
    return series


def _parquet(data: bytes, file: Path) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        frame = pq.read_table(io.BytesIO(data)).to_pandas()
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise DataError(f"{file.name} is not a Parquet file that can be read: {first_line(problem)}.") from None
    return frame.reset_index(drop=True), []


def _workbook(data: bytes, file: Path, sheet: str | None) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    import pandas as pd
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        name = book.sheet_names[0] if sheet is None else sheet
        if name not in book.sheet_names:
            raise DataError(f"{file.name} has no sheet {sheet!r}; its sheets are {', '.join(book.sheet_names)}.")
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
    except (CalamineError, OSError, ValueError) as problem:
        if isinstance(problem, DataError):
            raise
        raise DataError(f"{file.name} is not a workbook that can be read: {first_line(problem)}.") from None
    if not rows:
        raise DataError(f"{file.name} is empty (sheet {name!r}).")
    header = [str(h).strip() for h in rows[0]]
    table = [[None if v == "" or (isinstance(v, str) and v in MISSING) else v for v in row] for row in rows[1:]]
    frame = pd.DataFrame(table, columns=header, dtype=object)
    frame = frame.dropna(how="all").reset_index(drop=True)
    caveats: list[dict[str, str]] = []
    if len(book.sheet_names) > 1 and sheet is None:
        caveats.append(
            {
                "code": "first-sheet",
                "text": f"The workbook has {len(book.sheet_names)} sheets; {name!r} was read.",
            }
        )
    for column in dict.fromkeys(header):
        if header.count(column) == 1:
            frame[column] = _typed_cells(frame[column])
    return frame, caveats


def _typed_answers(series: Any, name: str, caveats: list[dict[str, str]]) -> Any:
    """A column of a database: what is a number or a date there is one here, texts are read as those of a csv."""
    import datetime as dt
    from decimal import Decimal

    import pandas as pd

    filled = [v for v in series if v is not None]
    if filled and all(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in filled):
        return pd.to_numeric(series.map(lambda v: float(v) if isinstance(v, Decimal) else v))
    if filled and all(isinstance(v, dt.date) for v in filled):
        zoned = [isinstance(v, dt.datetime) and v.tzinfo is not None for v in filled]
        if any(zoned):
            caveats.append(
                {"code": "times-in-utc", "text": f"Column {name!r} carries time zones; it was brought to UTC."}
            )
        try:
            return pd.to_datetime(series, utc=any(zoned)).dt.tz_localize(None)
        except (ValueError, OverflowError):
            # dates beyond the years that nanoseconds reach stay text
            return series.map(lambda v: v if v is None else v.isoformat())
    texts = series.map(lambda v: v if v is None or isinstance(v, str) else str(v))
    return _typed(texts, ",", name, caveats)


def _typed_cells(series: Any) -> Any:
    """Workbook cells carry types: numbers stay numbers, dates become dates, a mixture stays as it is."""
    import datetime as dt

    import pandas as pd

    filled = [v for v in series if v is not None]
    if filled and all(isinstance(v, int | float) and not isinstance(v, bool) for v in filled):
        return pd.to_numeric(series)
    if filled and all(isinstance(v, dt.date) for v in filled):
        return pd.to_datetime(series)
    return series.map(lambda v: None if v is None else str(v))
