"""What is screened, as a frame of Spark: a frame of a session, files, or a table that was read with care."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import databases
from ..caveats import Caveat
from ..documents import first_line
from ..errors import DataError, SettingsError
from ..sources import MISSING, read_table
from .asked import Asked
from .delivered import Origin
from .spark_session import need_pyspark, session_for
from .tables import BASES, BOOKS, PACKED, SMALL, TEXTS, arrow_of, origin_of_files, several

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SIGNS = re.compile(r"([\\*?\[\]{}])")


@dataclass
class SparkTable:
    """The columns that are used, by the names ``c0``, ``c1``, ...: no name of a stranger reaches SQL.

    Attributes
    ----------
    frame : DataFrame
    columns : mapping of str to str
        The name of each column that may be read, and what it is called in ``frame``.
    types : mapping of str to str
        Their types, such as ``timestamp_ntz``.
    origin : Origin or None
        None: rows are to be hashed.
    ours : bool
        The session was started for this.
    """

    session: SparkSession
    frame: DataFrame
    columns: dict[str, str]
    types: dict[str, str]
    told: str
    source: str
    origin: Origin | None
    ours: bool
    caveats: tuple[Caveat, ...] = ()

    def close(self) -> None:
        if self.ours:
            self.session.stop()


def spark_table(source: Any, asked: Asked, query: str | None, master: str | None) -> SparkTable:
    """Make a table known to Spark.

    Raises
    ------
    DataError
        It is missing, or lacks a column.
    SettingsError
        A database, or a master beside a frame that has one.
    """
    if query is not None:
        raise SettingsError(
            "query is answered by the engine duckdb alone: leave engine out, or read the table in Spark "
            "(spark.read.jdbc) and give its frame."
        )
    if type(source).__module__.startswith("pyspark."):
        need_pyspark()
        if master is not None:
            raise SettingsError("the frame has a Spark session of its own: leave master out.")
        return _known(source.sparkSession, source, asked, "the table", "", None, False, ())
    if isinstance(source, str | Path) and _is_database(str(source)):
        raise SettingsError(
            f"{databases.masked(str(source))} is a database, which the engine duckdb reads: leave engine out, or read "
            "it in Spark (spark.read.jdbc) and give its frame."
        )
    files = _files(str(source)) if isinstance(source, str | Path) else ()
    session, ours = session_for(master)
    try:
        return _read(session, ours, source, files, asked)
    except BaseException:
        if ours:
            session.stop()
        raise


def _is_database(source: str) -> bool:
    return source.lower().endswith(BASES) or (databases.is_url(source) and not _is_remote(source))


def _is_remote(source: str) -> bool:
    return source.lower().startswith(
        ("s3://", "s3a://", "hdfs://", "gs://", "abfs://", "abfss://", "dbfs:/", "wasbs://")
    )


def _files(source: str) -> Sequence[Path]:
    """The files of a path of this machine; none of another one, or of the standard input."""
    if source == "-" or _is_remote(source):
        return ()
    path = Path(source)
    return [path] if path.is_file() else several(path, source)[0]


def _read(session: SparkSession, ours: bool, source: Any, files: Sequence[Path], asked: Asked) -> SparkTable:
    named = str(source) if isinstance(source, str | Path) else ""
    lower = named.lower()
    small = len(files) == 1 and lower.endswith(TEXTS) and files[0].stat().st_size <= SMALL
    if not named or named == "-" or small or lower.endswith(BOOKS):
        return _of_frame(session, ours, read_table(source) if named else source, asked)
    origin = origin_of_files(files, named) if files else None
    frame: DataFrame
    suffix = files[0].name.lower() if files else lower
    if suffix.endswith((*TEXTS, *PACKED)):
        reader = session.read.option("header", "true").option("sep", "\t" if ".tsv" in suffix else ",")
        frame = _texts(reader.csv(_paths(files, named)))
    else:
        reader = session.read.option("mergeSchema", "true")
        whole = not files or Path(named).is_dir()
        frame = reader.parquet(*([_path(named)] if whole and files else _paths(files, named)))
    return _known(session, frame, asked, named, named, origin, ours, ())


def _paths(files: Sequence[Path], named: str) -> list[str]:
    return [_path(str(file)) for file in files] or [named]


def _path(name: str) -> str:
    """A path of this machine in which no sign stands for others."""
    return "file://" + _SIGNS.sub(r"\\\1", str(Path(name).absolute()))


def _texts(frame: DataFrame) -> DataFrame:
    """All columns as texts, with what stands for a missing cell as none."""
    from pyspark.sql import functions as F

    short = frame.toDF(*(f"c{i}" for i in range(len(frame.columns))))
    cleaned = short.select(*(F.when(~F.col(c).isin(list(MISSING)), F.col(c)).alias(c) for c in short.columns))
    return cleaned.toDF(*frame.columns)


def _of_frame(session: SparkSession, ours: bool, source: Any, asked: Asked) -> SparkTable:
    """A table of this process, sent to Spark."""
    import pyarrow as pa

    table, source_name, digest, caveats = arrow_of(source, asked)
    origin = None if digest is None else Origin(source_name, digest, digest)
    try:
        sent = session.createDataFrame(_microseconds(table))
    except pa.ArrowException as problem:
        raise DataError(f"a column cannot be sent to Spark: {first_line(problem)}.") from None
    return _known(session, sent, asked, source_name or "the table", source_name, origin, ours, caveats)


def _microseconds(table: Any) -> Any:
    """Spark knows no finer moments, and no type for a column that holds nothing."""
    import pyarrow as pa

    fields = []
    for field in table.schema:
        kind = field.type
        if pa.types.is_timestamp(kind):
            kind = pa.timestamp("us", kind.tz)
        elif pa.types.is_dictionary(kind):
            kind = kind.value_type
        elif pa.types.is_null(kind):
            kind = pa.string()
        elif pa.types.is_unsigned_integer(kind):
            kind = pa.int64()
        fields.append(pa.field(field.name, kind))
    columns = [
        # a finer moment is cut, as everywhere; a whole number that does not fit is refused
        column.cast(field.type, safe=not pa.types.is_timestamp(field.type))
        for column, field in zip(table.columns, fields, strict=True)
    ]
    return pa.table(columns, schema=pa.schema(fields))


def _known(
    session: SparkSession, frame: DataFrame, asked: Asked, told: str, source: str, origin: Origin | None, ours: bool,
    caveats: tuple[Caveat, ...],
) -> SparkTable:  # fmt: skip
    there = list(frame.columns)
    for name in asked.columns:
        if name not in there:
            known = ", ".join(map(repr, there[:12])) + (f" and {len(there) - 12} more" if len(there) > 12 else "")
            raise DataError(f"there is no column {name!r} in {told}; it has {known}.")
    for name in asked.read:
        if there.count(name) > 1:
            raise DataError(f"two columns are named {name!r}; name one of them otherwise.")
    kinds = [field.dataType.simpleString() for field in frame.schema.fields]
    places = {name: there.index(name) for name in there if name in asked.read}
    short = frame.toDF(*(f"c{i}" for i in range(len(there)))).select(*(f"c{i}" for i in places.values()))
    return SparkTable(
        session, short, {name: f"c{i}" for name, i in places.items()}, {name: kinds[i] for name, i in places.items()},
        told, source, origin, ours, caveats,
    )  # fmt: skip


def rows_digest(rows: int, sums: Sequence[Any], types: dict[str, str]) -> str:
    """Hash of a table whose rows have no order: how many, two sums of their hashes (xxhash64), and the columns."""
    told = "\0".join([str(rows), *(str(s) for s in sums), *(f"{n}\0{types[n]}" for n in sorted(types))])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
