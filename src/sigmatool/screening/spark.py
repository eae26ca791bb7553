"""The engine of many machines: Spark numbers the streams and sorts, its workers run the very kernel of the default."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..errors import DataError, SettingsError
from ..review.each_work import Outcome
from ..review.request import Request
from ..review.streams import Start
from . import caveat_words
from .asked import PER_STREAM, Asked
from .delivered import Engine, Origin, Streams, Tell
from .duck import name_of
from .kernel import Rows, Table, Wanted, whole_streams
from .moments import Clock, compact, read_texts
from .spark_session import first_line, parallel
from .spark_source import SparkTable, rows_digest, spark_table
from .spark_work import Begun, judging, kinds_of, measuring, outcomes_in, rows_of, unpacked
from .verdicts import Names

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

ROWS_OF_A_TASK = 1_000_000
"""Rows of a partition, about; never fewer partitions than tasks that run at once."""

PARTS = 16
"""Parts in which verdicts come in at most: after each the progress is told, and outcomes can be kept."""

STREAMS_OF_A_TASK = 8
"""Streams that a task judges at least between two parts."""

_WHOLE = ("tinyint", "smallint", "int", "bigint")
_REAL = ("float", "double", "decimal")
_STAMPS = ("timestamp", "timestamp_ntz", "date")
_NUMBER = r"^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$"
_NAMED_NUMBER = r"^(?i)\s*[+-]?(nan|inf|infinity)\s*$"


class SparkEngine(Engine):
    """A table in Spark.

    Parameters
    ----------
    source : Spark frame, path, DataFrame or Arrow table
        A frame keeps its session, which is neither changed nor stopped. Anything else is read by the session that
        runs, or by one that is started and stopped at the end.
    asked : Asked
        ``time`` is needed: Spark keeps no order of rows.
    query : str, optional
        Always refused: databases are read by the default engine.
    master : str, optional
        Of a session of our own; default ``local[*]``.

    Raises
    ------
    SettingsError
        No time, a query, no pyspark, no Java, or a master beside a session that runs.
    DataError
        The source or a column is missing.
    """

    name = "spark"

    def __init__(self, source: Any, asked: Asked, query: str | None = None, master: str | None = None) -> None:
        if asked.time is None:
            raise SettingsError("the engine spark needs time (-x): Spark keeps no order of rows.")
        self._asked = asked
        with _told(str(source)[:200] if isinstance(source, str) else "the table"):
            self._table: SparkTable = spark_table(source, asked, query, master)
        self._clock = Clock("place", "")
        self._total = 0
        self._many = 0
        self._timed: DataFrame = self._table.frame
        self._codes: DataFrame | None = None

    def close(self) -> None:
        self._table.close()

    # --- which streams there are

    def streams(self) -> Streams:
        with _told(self._table.told):
            return self._streams()

    def _streams(self) -> Streams:
        from pyspark.sql import functions as F

        a, t, caveats = self._asked, self._table, list(self._table.caveats)
        self._refuse_kinds()
        self._refuse_texts()
        self._timed = self._with_time(caveats)
        asked = {name: getattr(a, name) for name in PER_STREAM}
        own = {name: t.columns[v] for name, v in asked.items() if isinstance(v, str) and v in t.columns}
        picked = [
            f(F.col(c)).alias(f"{name}_{end}")
            for name, c in own.items()
            for end, f in (("low", F.min), ("high", F.max))
        ]
        told = self._named().groupBy("k").agg(F.count("t").alias("n"), F.count(F.lit(1)).alias("all_rows"), *picked)
        found = told.sort("k").toArrow()
        if found.num_rows == 0:
            raise DataError(f"column {a.stream!r} is empty in every row; name another column for stream.")
        total, origin = self._whole()
        rows = found.column("n").to_numpy().astype(np.int64)
        every = int(found.column("all_rows").to_numpy().sum())
        brought, differs = {}, {}
        for name in own:
            low, high = (_plain(found.column(f"{name}_{end}")) for end in ("low", "high"))
            differs[name] = np.array([x != y for x, y in zip(low, high, strict=True)])
            brought[name] = tuple(low)
        self._total, self._many = int(rows.sum()), found.num_rows
        self._codes = self._numbered(found.column("k"), told.schema["k"].dataType.simpleString())
        return Streams(
            tuple(name_of(v) for v in _plain(found.column("k"))), rows, brought, differs, total, total - every,
            every - self._total, self._clock, origin, tuple(caveats),
        )  # fmt: skip

    def _whole(self) -> tuple[int, Origin]:
        """How many rows there are, and where they came from."""
        from pyspark.sql import functions as F

        t = self._table
        if t.origin is not None:
            return t.frame.count(), t.origin
        columns = sorted(t.columns)
        hashes = [F.xxhash64(F.lit(seed), *(F.col(t.columns[c]) for c in columns)) for seed in (0, 1)]
        sums = [F.sum(h.cast("decimal(38,0)")) for h in hashes]
        rows, *found = next(iter(t.frame.agg(F.count(F.lit(1)), *sums).collect()))
        return int(rows), Origin(t.source, rows_digest(int(rows), found, t.types))

    def _named(self) -> DataFrame:
        """The rows that name a stream, its key as ``k``."""
        from pyspark.sql import functions as F

        key = F.col(self._table.columns[self._asked.stream])
        named = key.isNotNull()
        if self._kind(self._asked.stream) == "string":
            key = key.cast("string")
            named &= F.trim(key) != ""
        return self._timed.where(named).withColumn("k", key)

    def _numbered(self, keys: Any, kind: str) -> DataFrame:
        """The number of each key, small enough to be sent to all."""
        import pyarrow as pa

        numbers = pa.array(np.arange(len(keys), dtype=np.int32))
        told = pa.table({"k": keys, "code": numbers})
        return self._table.session.createDataFrame(told, schema=f"k {kind}, code int")

    def _kind(self, name: str) -> str:
        kind = self._table.types[name].split("(")[0].split(" ")[0]
        return "string" if kind in ("char", "varchar") else kind

    def _with_time(self, caveats: list[Caveat]) -> DataFrame:
        """The rows with ``t``, which orders the rows of a stream."""
        from pyspark.sql import functions as F

        name = self._asked.time
        assert name is not None
        frame, kind = self._table.frame, self._kind(name)
        column = F.col(self._table.columns[name])
        if kind in _STAMPS:
            self._clock = Clock("microseconds", name)
            if kind == "timestamp":
                caveats.append(caveat_words.zoned(name))
            return frame.withColumn("t", column)
        if kind in _WHOLE or kind in _REAL:
            days = self._compact_dates(column)
            if days is not None:
                self._clock = Clock("days", name)
                caveats.append(caveat_words.compact_dates(name))
                return self._looked_up(column.cast("double"), *days, "double")
            self._clock = Clock("number", name)
            if kind in _WHOLE:
                return frame.withColumn("t", column.cast("bigint"))
            return frame.withColumn("t", F.when(_finite(column.cast("double")), column.cast("double")))
        if kind == "string":
            held = frame.where(column.isNotNull()).select(column.cast("string").alias("x")).distinct().sort("x")
            texts = held.toArrow().column("x").to_pylist()
            self._clock, numbers, doubt = read_texts(texts, name)
            if doubt:
                caveats.append(Caveat("dates-doubtful", doubt))
            return self._looked_up(column.cast("string"), texts, numbers, "string")
        raise DataError(f"column {name!r} holds {kind}, which cannot order rows; name a date or a number.")

    def _compact_dates(self, column: Column) -> tuple[list[float], NDArray[np.float64]] | None:
        from pyspark.sql import functions as F

        real = self._table.frame.select(column.cast("double").alias("x")).where(F.col("x").isNotNull())
        low, high = next(iter(real.agg(F.min("x"), F.max("x")).collect()))
        if low is None:
            return None
        held: list[float] = []

        def distinct() -> NDArray[np.float64]:
            held.extend(real.distinct().toArrow().column("x").to_pylist())
            return np.array(held)

        days = compact(distinct, float(low), float(high))
        return None if days is None else (held, days)

    def _looked_up(self, column: Column, keys: Sequence[Any], numbers: NDArray[np.float64], kind: str) -> DataFrame:
        """The rows with the number of each time that is told in texts."""
        import pyarrow as pa
        from pyspark.sql import functions as F

        type_of = pa.string() if kind == "string" else pa.float64()
        told = pa.table({"told": pa.array(keys, type=type_of), "t": pa.array(numbers, from_pandas=True)})
        times = self._table.session.createDataFrame(told, schema=f"told {kind}, t double")
        return self._table.frame.join(F.broadcast(times), column == F.col("told"), "left").drop("told")

    def _refuse_kinds(self) -> None:
        for name in (self._asked.stream, self._asked.subgroup):
            if isinstance(name, str) and self._kind(name).split("<")[0] in ("array", "map", "struct", "variant"):
                raise DataError(f"column {name!r} holds lists or tables, not names; name another column.")

    def _refuse_texts(self) -> None:
        """Cells of a number column that are no numbers are named, never turned into gaps."""
        from pyspark.sql import functions as F

        t = self._table
        for name in (self._asked.value, self._asked.size):
            if name is None:
                continue
            kind = self._kind(name)
            if kind in (*_WHOLE, *_REAL, "boolean"):
                continue
            if kind != "string":
                raise DataError(f"column {name!r} holds {kind}, not numbers.")
            cell, stream = F.col(t.columns[name]).cast("string"), F.col(t.columns[self._asked.stream]).cast("string")
            wrong = t.frame.where(cell.isNotNull() & (F.trim(cell) != "") & ~_is_number(cell))
            found = wrong.select(stream.alias("s"), cell.alias("x")).sort("s", "x").limit(1).collect()
            if found:
                raise DataError(
                    f"column {name!r} holds {str(found[0]['x'])[:60]!r} in a row of stream {found[0]['s']!r}, which is "
                    "not a number; correct it or leave the cell empty."
                )

    # --- rows in order

    def screened(self, wanted: Wanted, tell: Tell) -> Iterator[Table]:
        a = self._asked
        kinds = kinds_of(wanted, a.size is not None, isinstance(a.subgroup, str))
        schema = ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())
        tell(0, self._total)
        with _told(self._table.told):
            frame = self._sorted(self._parted(self._rows()))
            found = frame.mapInArrow(measuring(wanted, kinds), schema).toArrow()
        if found.num_rows:
            yield unpacked(found, kinds)
        tell(self._total, self._total)

    def ordered(self, chosen: NDArray[np.bool_]) -> Iterator[Rows]:
        with _told(self._table.told):
            found = self._rows(chosen).sort(*self._order()).drop("label").toArrow()
        return whole_streams([rows_of(found.combine_chunks())] if found.num_rows else [])

    def judged(
        self, chosen: NDArray[np.bool_], starts: Mapping[int, Start], asked: Request, names: Names, clock: Clock,
        total: int, workers: int | None, tell: Tell,
    ) -> Iterator[tuple[int, Outcome]]:  # fmt: skip
        """The review of each chosen stream, on the workers; in a few parts, so that progress is told and kept.

        The rows travel once: they are held, parted by stream, until the last part is in.
        """
        from pyspark.sql import functions as F

        tasks = parallel(self._table.session)
        parts = int(np.clip(total // (STREAMS_OF_A_TASK * tasks), 1, PARTS))
        work = judging(Begun(starts, self._many), asked, names, clock)
        tell(0, total)
        done = 0
        with _told(self._table.told):
            held = self._parted(self._rows(chosen))
            held = held.persist() if parts > 1 else held
        try:
            for part in range(parts):
                with _told(self._table.told):
                    here = held.where(F.col("code") % parts == part) if parts > 1 else held
                    found = self._sorted(here).mapInArrow(work, "stream bigint, outcome string").toArrow()
                yield from outcomes_in(found)
                done += found.num_rows
                tell(done, total)
        finally:
            if parts > 1:
                held.unpersist()

    def _rows(self, chosen: NDArray[np.bool_] | None = None) -> DataFrame:
        """Number of the stream, time, value; size, subgroup and its label where they are asked for."""
        from pyspark.sql import Window
        from pyspark.sql import functions as F

        a, t = self._asked, self._table
        assert self._codes is not None
        codes = self._codes
        if chosen is not None:
            import pyarrow as pa

            numbers = pa.table({"code": pa.array(np.flatnonzero(chosen).astype(np.int32))})
            codes = codes.join(F.broadcast(t.session.createDataFrame(numbers, schema="code int")), "code")
        rows = self._named().where(F.col("t").isNotNull()).join(F.broadcast(codes), "k")
        picked = [F.col("code"), F.col("t"), self._number(a.value).alias("v")]
        if a.size is not None:
            picked.append(self._number(a.size).alias("n"))
        if isinstance(a.subgroup, str):
            label = F.col(t.columns[a.subgroup])
            rows = rows.select(*picked, F.xxhash64(label).alias("g"), label.alias("label"))
            # a subgroup stands where its first row stands
            return rows.withColumn("t", F.min("t").over(Window.partitionBy("code", "g")))
        return rows.select(*picked)

    def _parted(self, rows: DataFrame) -> DataFrame:
        tasks = max(parallel(self._table.session), -(-self._total // ROWS_OF_A_TASK))
        return rows.repartition(min(tasks, self._many), "code")

    def _sorted(self, rows: DataFrame) -> DataFrame:
        return rows.sortWithinPartitions(*self._order()).drop("label")

    def _order(self) -> list[Column]:
        from pyspark.sql import functions as F

        more = [F.col("label").asc_nulls_last()] if isinstance(self._asked.subgroup, str) else []
        return [F.col("code").asc(), F.col("t").asc(), *more, F.col("v").asc()]

    def _number(self, name: str) -> Column:
        from pyspark.sql import functions as F

        column = F.col(self._table.columns[name])
        if self._kind(name) == "string":
            text = F.trim(F.regexp_replace(column.cast("string"), r"^\s+|\s+$", ""))
            # a text that is no number was refused before; the rest of the cells are empty
            column = F.when(_is_number(text), text)
        return F.coalesce(column.cast("double"), F.lit(float("nan")))


def _is_number(text: Column) -> Column:
    return text.rlike(_NUMBER) | text.rlike(_NAMED_NUMBER)


def _finite(column: Column) -> Column:
    from pyspark.sql import functions as F

    return ~F.isnan(column) & (F.abs(column) != F.lit(float("inf")))


def _plain(column: Any) -> list[Any]:
    """Cells as Python holds them; moments with a zone in UTC, whatever the session's zone."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = column.cast(pa.timestamp("us", "UTC"))
    return list(column.to_pylist())


@contextmanager
def _told(table: str) -> Iterator[None]:
    """A failure of Spark as one sentence; without what PySpark says of a pandas newer than itself."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
            yield
    except Exception as problem:
        if not type(problem).__module__.startswith(("pyspark.", "py4j.")):
            raise
        raise DataError(f"Spark cannot read {table}: {first_line(problem)}.") from problem
