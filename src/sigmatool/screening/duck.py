"""The default engine: DuckDB scans, numbers the streams and sorts, on disk where memory does not reach."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..documents import first_line
from ..errors import DataError, SettingsError
from ..review.each_work import cores
from . import caveat_words
from .asked import PER_STREAM, Asked
from .delivered import Engine, Streams, Tell
from .kernel import Rows, Table, Wanted, gathered, screened, whole_streams
from .moments import Clock, compact, read_texts
from .tables import Relation, quoted, relation_of, text

if TYPE_CHECKING:
    import duckdb

BATCH = 500_000
"""Rows of a batch."""

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
_REAL = ("FLOAT", "DOUBLE", "DECIMAL")
_STAMPS = ("TIMESTAMP", "DATE")


class DuckEngine(Engine):
    """A table in DuckDB.

    Parameters
    ----------
    source : path, URL, DataFrame or Arrow table
    asked : Asked
    query : str, optional
        Of a database.
    memory_limit : str, optional
        Such as ``"1GB"``; what is more is spilled to disk. Default: half of the machine's memory.
    threads : int, optional
    """

    name = "duckdb"

    def __init__(
        self, source: Any, asked: Asked, query: str | None = None, memory_limit: str | None = None,
        threads: int | None = None,
    ) -> None:  # fmt: skip
        self._asked = asked
        self._temp = tempfile.TemporaryDirectory(prefix="sigmatool-screen-")
        try:
            self._con = _connected(self._temp.name, memory_limit, threads)
        except BaseException:
            self._temp.cleanup()
            raise
        try:
            self._relation: Relation = relation_of(self._con, source, query, asked)
            self._types = self._relation.types(asked.columns)
        except BaseException:
            self.close()
            raise
        self._clock = Clock("place", "")
        self._total = 0
        self._threads = threads or cores()

    def close(self) -> None:
        self._con.close()
        self._temp.cleanup()

    # --- which streams there are

    def streams(self) -> Streams:
        import duckdb

        try:
            return self._streams()
        except duckdb.Error as problem:
            raise DataError(f"{self._relation.told} cannot be read: {first_line(problem)}.") from None

    def _streams(self) -> Streams:
        a, caveats = self._asked, list(self._relation.caveats)
        key = f"t.{quoted(a.stream)}"
        blank = f"trim({key}) = ''" if self._types[a.stream] == "VARCHAR" else "false"
        named = f"{key} IS NOT NULL AND NOT ({blank})"
        self._refuse_texts()
        self._time = self._time_expression(caveats)
        timed = f"count({self._time})" if a.time else "count(*)"
        asked = {name: getattr(a, name) for name in PER_STREAM}
        own = {name: v for name, v in asked.items() if isinstance(v, str) and v in self._relation.columns}
        picked = "".join(
            f", min(t.{quoted(c)}) AS {name}_low, max(t.{quoted(c)}) AS {name}_high" for name, c in own.items()
        )
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE streams AS SELECT k, (row_number() OVER (ORDER BY k) - 1)::INTEGER AS code, "
            f"n, all_rows{''.join(f', {x}_low, {x}_high' for x in own)} FROM (SELECT {key} AS k, {timed} AS n, "
            f"count(*) AS all_rows{picked} {self._from()} WHERE {named} GROUP BY 1)"
        )
        found = self._con.sql("SELECT * FROM streams ORDER BY code").to_arrow_table()
        total = self._con.sql(f"SELECT count(*) FROM {self._relation.sql}").fetchall()[0][0]
        if found.num_rows == 0:
            raise DataError(f"column {a.stream!r} is empty in every row; name another column for stream.")
        rows = found.column("n").to_numpy().astype(np.int64)
        timeless = int(found.column("all_rows").to_numpy().sum()) - int(rows.sum())
        brought, differs = {}, {}
        for name in own:
            low, high = (found.column(f"{name}_{end}") for end in ("low", "high"))
            differs[name] = np.array([x != y for x, y in zip(low.to_pylist(), high.to_pylist(), strict=True)])
            brought[name] = tuple(low.to_pylist())
        self._total = int(rows.sum())
        return Streams(
            tuple(name_of(v) for v in found.column("k").to_pylist()), rows, brought, differs, int(total),
            int(total) - int(rows.sum()) - timeless, timeless, self._clock, self._relation.origin(), tuple(caveats),
        )  # fmt: skip

    def _from(self) -> str:
        """The table, with the numbers of the times it tells in texts."""
        join = f" LEFT JOIN times ON times.text = t.{quoted(self._asked.time or '')}" if self._texts else ""
        return f"FROM {self._relation.numbered(self._asked.time is None)} t{join}"

    _texts = False
    _time = "0"

    def _time_expression(self, caveats: list[Caveat]) -> str:
        """SQL of the number that orders the rows of a stream."""
        name = self._asked.time
        if name is None:
            return "t.place"
        kind, column = self._types[name], f"t.{quoted(name)}"
        if kind.startswith(_STAMPS):
            self._clock = Clock("microseconds", name)
            if "TIME ZONE" in kind:
                caveats.append(caveat_words.zoned(name))
            return f"epoch_us({column}::TIMESTAMPTZ)" if "TIME ZONE" in kind else f"epoch_us({column}::TIMESTAMP)"
        if kind in _WHOLE or kind.startswith(_REAL):
            dated = self._compact_dates(name)
            if dated is not None:
                self._register_times(*dated)
                self._clock = Clock("days", name)
                caveats.append(caveat_words.compact_dates(name))
                return "times.t"
            self._clock = Clock("number", name)
            if kind in _WHOLE:
                return f"{column}::BIGINT"
            return f"CASE WHEN isfinite({column}::DOUBLE) THEN {column}::DOUBLE END"
        if kind == "VARCHAR":
            texts = [r[0] for r in self._con.sql(
                f"SELECT DISTINCT {quoted(name)} FROM {self._relation.sql} WHERE {quoted(name)} IS NOT NULL ORDER BY 1"
            ).fetchall()]  # fmt: skip
            self._clock, numbers, doubt = read_texts(texts, name)
            self._register_times(texts, numbers)
            if doubt:
                caveats.append(Caveat("dates-doubtful", doubt))
            return "times.t"
        raise DataError(f"column {name!r} holds {kind.lower()}, which cannot order rows; name a date or a number.")

    def _compact_dates(self, name: str) -> tuple[list[Any], NDArray[np.float64]] | None:
        column = quoted(name)
        low, high = self._con.sql(f"SELECT min({column}), max({column}) FROM {self._relation.sql}").fetchall()[0]
        held: list[Any] = []

        def distinct() -> NDArray[np.float64]:
            told = f"SELECT DISTINCT {column} FROM {self._relation.sql} WHERE {column} IS NOT NULL"
            held.extend(row[0] for row in self._con.sql(told).fetchall())
            return np.array(held, dtype=np.float64)

        if low is None:
            return None
        days = compact(distinct, float(low), float(high))
        return None if days is None else (held, days)

    def _register_times(self, texts: list[Any], numbers: NDArray[np.float64]) -> None:
        import pyarrow as pa

        told = pa.table({"text": texts, "t": pa.array(numbers, from_pandas=True)})
        self._con.register("times_given", told)
        self._con.execute("CREATE OR REPLACE TEMP TABLE times AS SELECT * FROM times_given")
        self._con.unregister("times_given")
        self._texts = True

    def _refuse_texts(self) -> None:
        """Cells of a number column that are no numbers are named, never turned into gaps."""
        for name in (self._asked.value, self._asked.size):
            if name is None:
                continue
            kind = self._types[name]
            if kind in _WHOLE or kind == "BOOLEAN" or kind.startswith(_REAL):
                continue
            if kind != "VARCHAR":
                raise DataError(f"column {name!r} holds {kind.lower()}, not numbers.")
            column = quoted(name)
            wrong = self._con.sql(
                f"SELECT row, {column} FROM (SELECT {column}, row_number() OVER () AS row FROM {self._relation.sql}) "
                f"WHERE {column} IS NOT NULL AND trim({column}) <> '' AND try_cast({column} AS DOUBLE) IS NULL LIMIT 1"
            ).fetchall()
            if wrong:
                raise DataError(
                    f"column {name!r} holds {str(wrong[0][1])[:60]!r} in row {wrong[0][0]}, which is not a number; "
                    "correct it or leave the cell empty."
                )

    # --- rows in order

    def screened(self, wanted: Wanted, tell: Tell) -> Iterator[Table]:
        """The sort is over when the first batch comes: from then on the cores are free for the kernel."""
        waiting: deque[tuple[int, Future[Table]]] = deque()
        done = 0
        with ThreadPoolExecutor(self._threads) as pool:
            batches = gathered(whole_streams(self._rows("")))
            for rows in batches:
                waiting.append((rows.stream.size, pool.submit(screened, rows, wanted)))
                while waiting and (len(waiting) > self._threads or waiting[0][1].done()):
                    many, table = waiting.popleft()
                    yield table.result()
                    done += many
                    tell(done, self._total)
            for many, table in waiting:
                yield table.result()
                done += many
                tell(done, self._total)

    def ordered(self, chosen: NDArray[np.bool_]) -> Iterator[Rows]:
        import pyarrow as pa

        self._con.register("chosen_given", pa.table({"code": pa.array(np.flatnonzero(chosen).astype(np.int32))}))
        self._con.execute("CREATE OR REPLACE TEMP TABLE chosen AS SELECT * FROM chosen_given")
        self._con.unregister("chosen_given")
        return whole_streams(self._rows(" JOIN chosen USING (code)"))

    def _rows(self, join: str) -> Iterator[Rows]:
        import duckdb

        a = self._asked
        picked = [f"streams.code AS code, {self._time} AS t, {self._number(a.value)} AS v"]
        if a.size is not None:
            picked.append(f"{self._number(a.size)} AS n")
        if isinstance(a.subgroup, str):
            group = f"t.{quoted(a.subgroup)}"
            picked += [f"hash({group}) AS g", f"{group} AS label"]
        sql = (
            f"SELECT {', '.join(picked)} {self._from()} JOIN streams ON streams.k = t.{quoted(a.stream)}{join} "
            f"WHERE {self._time} IS NOT NULL"
        )
        if isinstance(a.subgroup, str):
            # a subgroup stands where its first row stands
            begun = f"SELECT *, min(t) OVER (PARTITION BY code, g) AS first FROM ({sql})"
            sql = f"SELECT code, first AS t, v, g FROM ({begun}) ORDER BY code, first, label, v"
        else:
            sql += " ORDER BY code, t"
        try:
            # to_arrow_reader of con.sql keeps the order; the kernel checks it all the same
            reader = self._con.sql(sql).to_arrow_reader(BATCH)
            for batch in reader:
                yield rows_of(batch)
        except (duckdb.Error, OSError) as problem:
            raise DataError(f"{self._relation.told} cannot be sorted: {first_line(problem)}.") from None

    def _number(self, name: str) -> str:
        column = f"t.{quoted(name)}"
        if self._types[name] == "VARCHAR":
            column = f"try_cast({column} AS DOUBLE)"
        return f"coalesce({column}::DOUBLE, 'nan'::DOUBLE)"


def rows_of(batch: Any) -> Rows:
    """An Arrow batch with the columns code, t, v and, where there are, n and g."""
    held = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in batch.schema.names}
    return Rows(held["code"], held["t"], held["v"], held.get("n"), held.get("g"))


def name_of(value: Any) -> str:
    """A stream's name as people read it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _connected(temp: str, memory_limit: str | None, threads: int | None) -> duckdb.DuckDBPyConnection:
    import duckdb

    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "temp_directory": temp,
                "TimeZone": "UTC", "memory_limit": memory_limit or f"{_half_of_memory()}MB"}  # fmt: skip
    if threads is not None:
        settings["threads"] = str(threads)
    con = duckdb.connect()
    try:
        for name, value in settings.items():
            con.execute(f"SET {name} = {text(value)}")
    except duckdb.Error as problem:
        con.close()
        raise SettingsError(
            f"memory_limit {memory_limit!r} is not an amount such as 1GB or 800MB: {first_line(problem)}."
        ) from None
    # in a notebook even to turn it off asks for a package that draws it
    with suppress(duckdb.Error):
        con.execute("SET enable_progress_bar = false")
    return con


def _half_of_memory() -> int:
    import os

    try:
        return max(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2_000_000, 256)
    except (ValueError, OSError, AttributeError):
        return 2_000
