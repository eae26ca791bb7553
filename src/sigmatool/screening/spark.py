"""The distributed engine: Apache Spark sorts, and its workers run the very kernel of the default engine."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..errors import DataError, SettingsError
from ..review.each_work import Outcome
from ..review.request import Request
from ..review.streams import Start
from . import caveat_words, kernel
from .asked import PER_STREAM, Asked
from .delivered import Engine, Origin, Streams, Tell
from .kernel import Rows, Table, Wanted
from .moments import Clock, compact, read_texts
from .spark_session import session_of
from .spark_workers import arrays_of, few_rows, judge_of, kernel_of, rows_in, schema_of
from .tables import file_digest, named_of, parquet_files
from .verdicts import Names, outcome_of

_WHOLE = ("tinyint", "smallint", "int", "bigint")
_REAL = ("float", "double", "decimal")


class SparkEngine(Engine):
    """A table in Spark.

    Parameters
    ----------
    source : Spark frame, path, or any other table
        A frame brings its session, which is never stopped.
    asked : Asked
    query : None
        Databases are read by the default engine.
    master : str, optional
        Of a session that is started, and stopped at the end; default ``local[*]``.
    """

    name = "spark"

    def __init__(self, source: Any, asked: Asked, query: str | None, master: str | None) -> None:
        if query is not None:
            raise SettingsError("a database is not screened by Spark: leave engine out, or give Spark the rows' files.")
        if asked.time is None:
            raise SettingsError("Spark keeps no order of rows: name the column that orders them (time, -x).")
        self._asked, self._own = asked, False
        with warnings.catch_warnings():
            # it tells of versions that it has not tried
            warnings.simplefilter("ignore")
            self._frame, self._origin = self._opened(source, master)
        self._types = dict(self._frame.dtypes)
        missing = next((name for name in asked.columns if name not in self._types), None)
        if missing is not None:
            self.close()
            known = ", ".join(map(repr, list(self._types)[:12]))
            raise DataError(f"there is no column {missing!r} in {self._origin.source or 'the frame'}; it has {known}.")
        self._clock = Clock("number", asked.time)

    def _opened(self, source: Any, master: str | None) -> tuple[Any, Origin]:
        if type(source).__module__.startswith("pyspark."):
            if master is not None:
                raise SettingsError("a Spark frame takes its own session: leave master out.")
            self._session = source.sparkSession
            used = source.select(*(column_of(n) for n in source.columns if n in self._asked.read))
            return used, Origin("", _digest_of_frame(used))
        self._session, self._own = session_of(master)
        try:
            return self._read(source)
        except BaseException:
            self.close()
            raise

    def _read(self, source: Any) -> tuple[Any, Origin]:
        """Parquet is read by Spark itself; whatever else is a table goes through the readers of the other verbs."""
        if isinstance(source, str | Path):
            files = parquet_files(str(source))
            if files:
                told = [p.resolve().as_uri() for p in files] if len(files) == 1 else [Path(source).resolve().as_uri()]
                return self._session.read.parquet(*told), Origin(str(source), *file_digest(files))
        table, origin = named_of(source, self._asked)
        return self._session.createDataFrame(table), origin

    def close(self) -> None:
        if self._own:
            self._session.stop()

    # --- which streams there are

    def streams(self) -> Streams:
        from pyspark.sql import functions as f
        from pyspark.sql.types import IntegerType, StructField, StructType

        a, caveats = self._asked, list[Caveat]()
        key = column_of(a.stream)
        named = key.isNotNull()
        if self._types[a.stream] == "string":
            named = named & (f.trim(key) != "")
        self._refuse_texts()
        frame = self._timed(caveats)
        own = {n: v for n in PER_STREAM if isinstance(v := getattr(a, n), str) and v in self._types}
        ends = [f.min(column_of(c)).alias(f"{n}_low") for n, c in own.items()]
        ends += [f.max(column_of(c)).alias(f"{n}_high") for n, c in own.items()]
        total = self._frame.count()
        found = (
            frame.where(named)
            .groupBy(key.alias("k"))
            .agg(f.count(f.col("t")).alias("n"), f.count(f.lit(1)).alias("all_rows"), *ends)
            .orderBy("k")
            .collect()
        )
        if not found:
            raise DataError(f"column {a.stream!r} is empty in every row; name another column for stream.")
        told = StructType([StructField("k", self._frame.schema[a.stream].dataType), StructField("code", IntegerType())])
        codes = self._session.createDataFrame([(row["k"], code) for code, row in enumerate(found)], told)
        picked = [f.col("code"), f.col("t"), self._number(a.value).alias("v")]
        if a.size is not None:
            picked.append(self._number(a.size).alias("n"))
        if isinstance(a.subgroup, str):
            picked.append(column_of(a.subgroup).alias("label"))
        held = frame.join(f.broadcast(codes), key == f.col("k")).where(f.col("t").isNotNull())
        self._rows = held.select(*picked)
        rows = np.array([row["n"] for row in found], dtype=np.int64)
        timeless = sum(row["all_rows"] for row in found) - int(rows.sum())
        differs = {n: np.array([row[f"{n}_low"] != row[f"{n}_high"] for row in found]) for n in own}
        brought = {n: tuple(row[f"{n}_low"] for row in found) for n in own}
        from .duck import name_of

        return Streams(
            tuple(name_of(row["k"]) for row in found), rows, brought, differs, total,
            total - int(rows.sum()) - timeless, timeless, self._clock, self._origin, tuple(caveats),
        )  # fmt: skip

    def _timed(self, caveats: list[Caveat]) -> Any:
        """The frame with its time as ``t``: what orders the rows of a stream."""
        from pyspark.sql import functions as f

        name = self._asked.time
        assert name is not None
        kind, column = self._types[name], column_of(name)
        if kind.startswith(("timestamp", "date")):
            self._clock = Clock("microseconds", name)
            if kind == "timestamp":
                caveats.append(caveat_words.zoned(name))
            # dates and times keep their own type up to the worker, where no zone of a session can move them
            return self._frame.withColumn("t", column)
        if kind in _WHOLE or kind.startswith(_REAL):
            low, high = self._frame.agg(f.min(column), f.max(column)).first()
            if low is not None and kind in _WHOLE:
                distinct: list[Any] = []

                def seen() -> NDArray[np.float64]:
                    distinct.extend(
                        row[0] for row in self._frame.select(column).distinct().collect() if row[0] is not None
                    )
                    return np.array(distinct, dtype=np.float64)

                days = compact(seen, float(low), float(high))
                if days is not None:
                    caveats.append(caveat_words.compact_dates(name))
                    self._clock = Clock("days", name)
                    return self._mapped(column, distinct, days)
            if kind in _WHOLE:
                return self._frame.withColumn("t", column.cast("bigint"))
            value = column.cast("double")
            finite = ~f.isnan(value) & (f.abs(value) != float("inf"))
            return self._frame.withColumn("t", f.when(finite, value))
        if kind == "string":
            texts = sorted(row[0] for row in self._frame.select(column).distinct().collect() if row[0] is not None)
            self._clock, numbers, doubt = read_texts(texts, name)
            if doubt:
                caveats.append(Caveat("dates-doubtful", doubt))
            return self._mapped(column, texts, numbers)
        raise DataError(f"column {name!r} holds {kind}, which cannot order rows; name a date or a number.")

    def _mapped(self, column: Any, cells: list[Any], numbers: NDArray[np.float64]) -> Any:
        from pyspark.sql import functions as f
        from pyspark.sql.types import DoubleType, StructField, StructType

        assert self._asked.time is not None
        kind = self._frame.schema[self._asked.time].dataType
        told = StructType([StructField("text", kind), StructField("t", DoubleType())])
        pairs = [(c, None if np.isnan(t) else float(t)) for c, t in zip(cells, numbers, strict=True)]
        times = self._session.createDataFrame(pairs, told)
        return self._frame.join(f.broadcast(times), column == f.col("text"), "left")

    def _number(self, name: str) -> Any:
        from pyspark.sql import functions as f

        return f.coalesce(column_of(name).try_cast("double"), f.lit(float("nan")))

    def _refuse_texts(self) -> None:
        """Cells of a number column that are no numbers are named, never turned into gaps."""
        from pyspark.sql import functions as f

        for name in (self._asked.value, self._asked.size):
            if name is None:
                continue
            kind, column = self._types[name], column_of(name)
            if kind in _WHOLE or kind == "boolean" or kind.startswith(_REAL):
                continue
            if kind != "string":
                raise DataError(f"column {name!r} holds {kind}, not numbers.")
            bad = column.isNotNull() & (f.trim(column) != "") & column.try_cast("double").isNull()
            wrong = self._frame.where(bad).select(column_of(self._asked.stream), column).first()
            if wrong is not None:
                raise DataError(
                    f"column {name!r} holds {str(wrong[1])[:60]!r} in stream {str(wrong[0])[:60]!r}, which is not a "
                    "number; correct it or leave the cell empty."
                )

    # --- rows in order

    def _sorted(self, rows: Any, alone: bool = False) -> Any:
        """Whole streams in one partition each, in order."""
        from pyspark.sql import functions as f
        from pyspark.sql.window import Window

        order = ["code", "t"]
        if isinstance(self._asked.subgroup, str):
            group = Window.partitionBy("code", "label")
            rows = rows.withColumn("g", f.xxhash64("label")).withColumn("t", f.min("t").over(group))
            order = ["code", "t", "label", "v"]
        parts = 1 if alone else max(self._session.sparkContext.defaultParallelism, 2)
        found = rows.repartition(parts, "code").sortWithinPartitions(*order)
        return found.drop("label") if isinstance(self._asked.subgroup, str) else found

    def screened(self, wanted: Wanted, tell: Tell) -> Iterator[Table]:
        shape = kernel.screened(few_rows(wanted, isinstance(self._asked.subgroup, str)), wanted)
        found = self._sorted(self._rows).mapInArrow(kernel_of(wanted), schema_of(shape)).toArrow()
        table = arrays_of(found, shape)
        done = int(table["rows"].sum()) if table else 0
        tell(done, done)
        if done:
            yield table

    def ordered(self, chosen: NDArray[np.bool_]) -> Iterator[Rows]:
        yield from kernel.whole_streams(rows_in(self._sorted(self._of(chosen), alone=True).toArrow().to_batches()))

    def _of(self, chosen: NDArray[np.bool_]) -> Any:
        from pyspark.sql import functions as f
        from pyspark.sql.types import IntegerType, StructField, StructType

        told = StructType([StructField("code", IntegerType())])
        codes = self._session.createDataFrame([(int(c),) for c in np.flatnonzero(chosen)], told)
        return self._rows.join(f.broadcast(codes), "code")

    def judged(
        self, chosen: NDArray[np.bool_], starts: Mapping[int, Start], asked: Request, names: Names, clock: Clock,
        total: int, workers: int | None, tell: Tell,
    ) -> Iterator[tuple[int, Outcome]]:  # fmt: skip
        """The review of each chosen stream, by the workers; told as their partitions come in."""
        judge = judge_of(dict(starts), asked, names, clock)
        found = self._sorted(self._of(chosen)).mapInArrow(judge, "code int, told string")
        tell(0, total)
        for done, row in enumerate(found.toLocalIterator(prefetchPartitions=True), start=1):
            yield int(row["code"]), outcome_of(json.loads(row["told"]))
            tell(done, total)


def column_of(name: str) -> Any:
    """A column by its name; nothing in it can end the quotes."""
    from pyspark.sql import functions as f

    return f.col("`" + name.replace("`", "``") + "`")


def _digest_of_frame(frame: Any) -> str:
    """Hash of the number of rows and of the sum of the rows' hashes: no order is needed, and none is kept."""
    from pyspark.sql import functions as f

    each = f.xxhash64(*(column_of(n) for n in frame.columns)).cast("decimal(38,0)")
    many, total = frame.agg(f.count(f.lit(1)), f.sum(each)).first()
    return hashlib.sha256(f"{sorted(frame.dtypes)}\n{many}\n{total}".encode()).hexdigest()
