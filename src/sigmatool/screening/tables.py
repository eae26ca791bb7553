"""What is screened, as a relation of DuckDB: files of any size, frames, and what databases answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import databases
from ..caveats import Caveat
from ..columns import column, frame_of
from ..documents import first_line
from ..errors import DataError, SettingsError
from ..origin import Source
from ..sources import MISSING, query_text, read_table
from .asked import Asked
from .delivered import Origin

if TYPE_CHECKING:
    import duckdb

SMALL = 64_000_000
"""Bytes of a text file that is read with all care for decimal commas, encodings and dates; a larger one is streamed."""

TEXTS = (".csv", ".tsv", ".txt")
PACKED = (".csv.gz", ".tsv.gz", ".csv.zst")
BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
BASES = (".duckdb", ".ddb")
_GLOB = re.compile(r"[*?\[]")


def quoted(name: str) -> str:
    """A name as an identifier of SQL; nothing in it can end the quotes.

    Examples
    --------
    >>> quoted('a"; DROP TABLE t; --')
    '"a""; DROP TABLE t; --"'
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A value as a text of SQL.

    Examples
    --------
    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


@dataclass
class Relation:
    """A table as SQL that goes after FROM.

    ``told`` names it in a refusal; ``files`` are hashed for the record.
    """

    con: duckdb.DuckDBPyConnection
    sql: str
    told: str
    source: str
    columns: dict[str, str]
    files: Sequence[Path] = ()
    sha256: str = ""
    file_sha256: str | None = None
    caveats: tuple[Caveat, ...] = ()

    def types(self, wanted: Sequence[str]) -> dict[str, str]:
        """The types of the columns that are used; a missing one is refused with those there are."""
        for name in wanted:
            if name not in self.columns:
                known = ", ".join(repr(c) for c in list(self.columns)[:12])
                more = f" and {len(self.columns) - 12} more" if len(self.columns) > 12 else ""
                raise DataError(f"there is no column {name!r} in {self.told}; it has {known}{more}.")
        return {name: self.columns[name].split("(")[0] for name in wanted}

    def numbered(self, places: bool) -> str:
        """The table; with the number of each row in the order of the file where nothing else orders it."""
        return f"(SELECT *, row_number() OVER () AS place FROM {self.sql})" if places else self.sql

    def origin(self) -> Origin:
        """Hash of the bytes of its files, or of its columns."""
        if not self.files:
            return Origin(self.source, self.sha256, self.file_sha256)
        return origin_of_files(self.files, self.source)


def origin_of_files(files: Sequence[Path], source: str) -> Origin:
    """Hash of the bytes of files, and of their names where they are several."""
    each = [(file.name, _digest(file)) for file in files]
    if len(each) == 1:
        return Origin(source, each[0][1], each[0][1])
    whole = hashlib.sha256("".join(f"{name}\0{digest}\n" for name, digest in each).encode())
    return Origin(source, whole.hexdigest(), None)


def relation_of(con: duckdb.DuckDBPyConnection, source: Any, query: str | None, asked: Asked) -> Relation:
    """Make a table known to DuckDB.

    Raises
    ------
    DataError
        It is missing, empty or cannot be read.
    SettingsError
        A query where none can be asked, or none where one is needed.
    """
    if isinstance(source, str | Path):
        return _of_path(con, str(source), query, asked)
    if query is not None:
        raise SettingsError("query goes with a database, not with a frame; leave it out.")
    return _of_frame(con, source, asked)


def _of_frame(con: duckdb.DuckDBPyConnection, source: Any, asked: Asked) -> Relation:
    table, named, file, caveats = arrow_of(source, asked)
    con.register("given", table)
    return Relation(
        con, "given", named or "the table", named, _columns(con, "given"), sha256=file or _table_digest(table),
        file_sha256=file, caveats=caveats,
    )  # fmt: skip


def arrow_of(source: Any, asked: Asked) -> tuple[Any, str, str | None, tuple[Caveat, ...]]:
    """A frame as an Arrow table of the columns that are read; the name and hash of its file, if any; its caveats."""
    import pyarrow as pa

    held: dict[str, Any] = {}
    if isinstance(source, pa.Table):
        table = source.select([n for n in source.column_names if n in asked.read]) if source.num_columns else source
    else:
        frame = frame_of(source)
        held = frame.attrs.get("sigmatool", {})
        for name in asked.columns:
            column(frame, name)
        used = frame[[c for c in frame.columns if str(c) in asked.read]]
        try:
            table = pa.Table.from_pandas(used.set_axis([str(c) for c in used.columns], axis=1), preserve_index=False)
        except (pa.ArrowException, TypeError, ValueError) as problem:
            raise DataError(f"a column holds values of several kinds: {first_line(problem)}.") from None
    if table.num_rows == 0:
        raise DataError("the table has no rows; nothing can be screened.")
    caveats = tuple(Caveat(c["code"], c["text"]) for c in held.get("caveats", ()))
    return table, held.get("source", ""), held.get("file_sha256"), caveats


class _Sink:
    """A file that keeps nothing but the hash of what is written."""

    closed = False

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, piece: Any) -> int:
        self.digest.update(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        self.closed = True


def _table_digest(table: Any) -> str:
    """Hash of the columns that are read, in their order, however they lie in memory."""
    import pyarrow as pa

    sink = _Sink()
    plain = table.replace_schema_metadata(None).combine_chunks()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), plain.schema) as writer:
        writer.write_table(plain)
    return sink.digest.hexdigest()


def _of_path(con: duckdb.DuckDBPyConnection, source: str, query: str | None, asked: Asked) -> Relation:
    if databases.is_url(source) or source.lower().endswith(BASES):
        return _of_database(con, source, query)
    if query is not None:
        raise SettingsError("query goes with a database, such as sqlite:///calls.db or calls.duckdb; leave it out.")
    path = Path(source)
    lower = source.lower()
    if path.is_file() and (lower.endswith(BOOKS) or (lower.endswith(TEXTS) and path.stat().st_size <= SMALL)):
        return _of_frame(con, read_table(source), asked)
    if source == "-":
        return _of_frame(con, read_table("-"), asked)
    if path.is_file():
        files, reader = [path], _reader(lower, path.name)
        listed = "[" + text(_literal(source)) + "]"
    else:
        files, pattern, reader = several(path, source)
        listed = text(pattern)
    sql = f"{reader[0]}({listed}{reader[1]})"
    return Relation(con, sql, source, source, _columns(con, sql, source), files)


def several(path: Path, source: str) -> tuple[list[Path], str, tuple[str, str]]:
    """The files of a folder, or of a pattern."""
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() == ".parquet")
        if not files:
            raise DataError(f"the folder {source} holds no .parquet file; name the files, such as {source}/*.csv.")
        return (
            files,
            f"{_literal(source)}/**/*.parquet",
            ("read_parquet", ", hive_partitioning = true, union_by_name = true"),
        )
    if not _GLOB.search(source):
        raise DataError(f"the file {source} does not exist; check the path.")
    anchor = Path(path.anchor) if path.is_absolute() else Path()
    relative = str(path.relative_to(path.anchor)) if path.is_absolute() else source
    files = sorted(p for p in anchor.glob(relative) if p.is_file())
    if not files:
        raise DataError(f"no file matches {source}; check the pattern.")
    name, more = _reader(files[0].name.lower(), files[0].name)
    return files, source, (name, f"{more}, union_by_name = true")


def _reader(lower: str, name: str) -> tuple[str, str]:
    if lower.endswith(".parquet"):
        return "read_parquet", ""
    if lower.endswith((*TEXTS, *PACKED)):
        nulls = ", ".join(text(m) for m in MISSING)
        return "read_csv", f", header = true, nullstr = [{nulls}], sample_size = 100000"
    raise DataError(
        f"{name} is not a kind of table that can be screened; take .parquet, .csv, .tsv, .xlsx, .duckdb, a folder of "
        ".parquet files, or a database."
    )


def _literal(path: str) -> str:
    """A path in which no sign stands for others."""
    return _GLOB.sub(lambda found: f"[{found[0]}]", path)


def _of_database(con: duckdb.DuckDBPyConnection, address: str, query: str | None) -> Relation:
    """What a query answers, brought into a table of this run's own."""
    if query is None:
        raise SettingsError(
            "a database needs query: which rows, such as --query 'SELECT line, day, minutes FROM fills'."
        )
    statement = databases.checked(query_text(query))
    told = databases.masked(address)
    if address.lower().removeprefix("duckdb:///").endswith(BASES):
        digest = _of_duckdb(con, address.removeprefix("duckdb:///"), statement)
    else:
        digest = _fill(con, databases.pieces(address, statement))
    source = Source(told, {"query": statement})
    return Relation(con, "answered", told, source, _columns(con, "answered"), sha256=digest)


def _of_duckdb(con: duckdb.DuckDBPyConnection, name: str, statement: str) -> str:
    """A DuckDB file is opened read-only, by a connection that reaches nothing else."""
    import duckdb

    if not Path(name).is_file():
        raise DataError(f"the database {name} does not exist; check the path.")
    try:
        with duckdb.connect(name, read_only=True, config={"enable_external_access": "false"}) as held:
            held.execute("SET TimeZone = 'UTC'")
            con.register("answering", held.sql(statement).to_arrow_reader(100_000))
            con.execute("CREATE OR REPLACE TEMP TABLE answered AS SELECT * FROM answering")
            con.unregister("answering")
    except duckdb.Error as problem:
        raise DataError(f"the query cannot be answered by {name}: {first_line(problem)}.") from None
    return _digest(Path(name))


def _fill(con: duckdb.DuckDBPyConnection, pieces: Iterator[databases.Answer]) -> str:
    """Rows of a query, piece by piece, into a table that DuckDB may spill."""
    import pyarrow as pa

    digest = hashlib.sha256()
    types: dict[str, Any] = {}
    for piece in pieces:
        digest.update(databases.canonical(piece))
        told = pa.table({name: _arrow([row[i] for row in piece.rows], name) for i, name in enumerate(piece.names)})
        con.register("answering", told)
        if not types:
            con.execute("CREATE OR REPLACE TEMP TABLE answered AS SELECT * FROM answering")
        else:
            _widen(con, types, told.schema)
            con.execute("INSERT INTO answered SELECT * FROM answering")
        con.unregister("answering")
        types = {f.name: f.type if not pa.types.is_null(f.type) else types.get(f.name, f.type) for f in told.schema}
    return digest.hexdigest()


def _widen(con: duckdb.DuckDBPyConnection, types: dict[str, Any], schema: Any) -> None:
    """Columns whose first rows held whole numbers only, or nothing, take what comes later without rounding it."""
    import pyarrow as pa

    for field in schema:
        held = types[field.name]
        if held == field.type or pa.types.is_null(field.type) or pa.types.is_floating(held):
            continue
        if pa.types.is_null(held) or (pa.types.is_integer(held) and pa.types.is_floating(field.type)):
            kind = con.sql(f"SELECT typeof({quoted(field.name)}) FROM answering LIMIT 1").fetchall()[0][0]
            con.execute(f"ALTER TABLE answered ALTER {quoted(field.name)} TYPE {kind}")
            continue
        raise DataError(f"column {field.name!r} of the query holds values of several kinds; cast it to one.")


def _arrow(cells: list[Any], name: str) -> Any:
    import pyarrow as pa

    try:
        return pa.array(cells)
    except (pa.ArrowException, TypeError, ValueError):
        raise DataError(f"column {name!r} of the query holds values of several kinds; cast it to one.") from None


def _columns(con: duckdb.DuckDBPyConnection, sql: str, told: str = "the table") -> dict[str, str]:
    import duckdb

    try:
        return {row[0]: str(row[1]) for row in con.sql(f"DESCRIBE SELECT * FROM {sql}").fetchall()}
    except duckdb.Error as problem:
        raise DataError(f"{told} cannot be read: {first_line(problem)}.") from None


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
