"""The state of a monitor: every row, change and signal, in one file that survives a kill at any byte.

SQLite keeps it: what belongs together is written in one transaction, which is there after a kill or is not. Rows come
as batches of columns with a checksum each; a correction never changes a batch but stands beside it, with what was and
what is.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, SettingsError
from . import monitor_words as words

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

SCHEMA: Final = "sigmatool.monitor/1"
NUMBERS: Final = ("x", "value", "size")
_MANY: Final = 256
"""Batches of a stream that are joined into one."""

_TABLES: Final = """
create table meta (name text primary key, value text not null) without rowid;
create table stream (name text primary key, bound text not null) without rowid;
create table batch (
    id integer primary key, stream text not null, source text not null, sha256 text not null, at text not null,
    read integer not null, rows integer not null, data blob not null, data_sha256 text not null
);
create table change (
    id integer primary key, stream text not null, seq integer not null, kind text not null, label text not null,
    field text not null, was real, now real, source text not null, at text not null
);
create table signal (
    id integer primary key autoincrement, stream text not null, seq integer not null, panel text not null,
    rule text not null, label text not null, value real, center real, lower real, upper real, text text not null,
    found_at text not null, due text not null, owner text not null, told integer not null, withdrawn_at text,
    cause text, acknowledged_by text, acknowledged_at text
);
create unique index standing on signal (stream, panel, rule, seq) where withdrawn_at is null;
create index batches on batch (stream, sha256);
"""


@dataclass(frozen=True, slots=True)
class Known:
    """Rows of a stream in the order in which they came; a field that the stream does not have is None.

    ``x``: place in time or number, NaN where rows have none; ``seq`` of a row is its place here.
    """

    x: Floats
    value: Floats
    size: Floats | None
    label: Texts
    group: Texts | None
    key: Texts | None

    @property
    def n(self) -> int:
        return int(self.value.size)

    def part(self, rows: NDArray[Any]) -> Known:
        """Some of the rows."""
        return Known(*(None if c is None else c[rows] for c in self.columns()))  # type: ignore[arg-type]

    def columns(self) -> tuple[Any, ...]:
        """The fields, in order."""
        return self.x, self.value, self.size, self.label, self.group, self.key

    def corrected(self, changes: Iterable[Change]) -> Known:
        """These rows with what was corrected since, in the order of the changes."""
        wanted = [change for change in changes if change.kind == "corrected"]
        if not wanted:
            return self
        held: dict[str, Any] = {
            name: None if column is None else column.copy()
            for name, column in zip(_FIELDS, self.columns(), strict=True)
        }
        for change in wanted:
            held[change.field][change.seq] = np.nan if change.now is None else change.now
            held["label"][change.seq] = change.label
        return Known(**held)

    def and_then(self, more: Known) -> Known:
        """These rows and then more of the same stream."""
        if not self.n:
            return more
        pairs = zip(self.columns(), more.columns(), strict=True)
        return Known(*(None if a is None else np.concatenate([a, b]) for a, b in pairs))  # type: ignore[arg-type]


def nothing(sized: bool, grouped: bool, keyed: bool) -> Known:
    """A stream without rows."""
    none, texts = np.zeros(0), np.zeros(0, dtype=object)
    return Known(none, none, none if sized else None, texts, texts if grouped else None, texts if keyed else None)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that came late, or came again with another value; ``seq`` is that of the row."""

    seq: int
    kind: str
    label: str
    field: str
    was: float | None
    now: float | None


class Store:
    """The file; open for reading and writing until closed. One transaction: all of it or nothing."""

    def __init__(self, path: str | Path, *, make: bool = True) -> None:
        """``make``: begin the file where there is none."""
        self.path = Path(path)
        if not make and not self.path.is_file():
            raise SettingsError(words.no_state(str(path)))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            self._base.execute("pragma journal_mode = wal")
            self._base.execute("pragma synchronous = full")
            self._begin_tables()
        except (sqlite3.DatabaseError, OSError) as problem:
            raise SettingsError(words.no_store(str(path), str(problem))) from None

    def _begin_tables(self) -> None:
        self._base.execute("begin immediate")
        held = self._base.execute("select name from sqlite_master where type = 'table'").fetchall()
        if not held:
            for statement in filter(str.strip, _TABLES.split(";")):
                self._base.execute(statement)
            self._base.execute("insert into meta values ('schema', ?)", (SCHEMA,))
        elif ("meta",) not in held or self.meta("schema") != SCHEMA:
            self._base.execute("rollback")
            raise SettingsError(words.other_file(self.path.name))
        self._base.execute("commit")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        self.rollback()
        self._base.close()

    def begin(self) -> None:
        """Start a transaction that nobody else can come between."""
        self._base.execute("begin immediate")

    def commit(self) -> None:
        self._base.execute("commit")

    def rollback(self) -> None:
        if self._base.in_transaction:
            self._base.execute("rollback")

    def meta(self, name: str) -> str | None:
        found = self._base.execute("select value from meta where name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def bound(self, stream: str) -> str | None:
        """What a stream was begun with: its limits, rules and columns."""
        found = self._base.execute("select bound from stream where name = ?", (stream,)).fetchone()
        return None if found is None else str(found[0])

    def bind(self, stream: str, bound: str) -> None:
        self._base.execute("insert into stream values (?, ?)", (stream, bound))

    def has_read(self, stream: str, sha256: str) -> bool:
        """Whether a file of this content was read before."""
        asked = "select 1 from batch where stream = ? and sha256 = ? limit 1"
        return bool(sha256) and self._base.execute(asked, (stream, sha256)).fetchone() is not None

    def rows(self, stream: str, empty: Known | None = None) -> Known:
        """All rows of a stream, corrections applied; ``empty``: what a stream without rows looks like.

        Raises
        ------
        DataError
            A batch is not what was written.
        """
        pieces = self._pieces(stream)
        if not pieces:
            return nothing(False, False, False) if empty is None else empty
        names = [n for n in _FIELDS if n in pieces[0]]
        if any(set(piece) != set(names) for piece in pieces):
            raise DataError(words.damaged(self.path.name, 0))
        together = {n: np.concatenate([piece[n] for piece in pieces]) for n in names}
        asked = (
            "select seq, kind, label, field, was, now from change where stream = ? and kind = 'corrected' order by id"
        )
        held = Known(*(together.get(n) for n in _FIELDS))  # type: ignore[arg-type]
        return held.corrected(Change(*row) for row in self._base.execute(asked, (stream,)))

    def _pieces(self, stream: str) -> list[dict[str, NDArray[Any]]]:
        """The batches of a stream as they were written."""
        asked = "select id, data, data_sha256 from batch where stream = ? and length(data) > 0 order by id"
        held = self._base.execute(asked, (stream,))
        return [_unpacked(number, data, sha256, self.path.name) for number, data, sha256 in held]

    def compact(self, stream: str) -> None:
        """Join many small batches into one, so that a file that grows row by row stays quick to read."""
        asked = "select count(*), min(id) from batch where stream = ? and length(data) > 0"
        count, first = self._base.execute(asked, (stream,)).fetchone()
        if count < _MANY:
            return
        pieces = self._pieces(stream)
        joined = (np.concatenate([p[n] for p in pieces]) if n in pieces[0] else None for n in _FIELDS)
        data = _packed(Known(*joined))  # type: ignore[arg-type]
        self._base.execute("update batch set data = x'' where stream = ? and length(data) > 0", (stream,))
        told = (data, hashlib.sha256(data).hexdigest(), first)
        self._base.execute("update batch set data = ?, data_sha256 = ? where id = ?", told)

    def add(self, stream: str, source: str, sha256: str, at: str, read: int, rows: Known) -> None:
        """Rows that are new; none where a source held nothing new, so that it need not be read again."""
        data = _packed(rows) if rows.n else b""
        told = (stream, source, sha256, at, read, rows.n, data, hashlib.sha256(data).hexdigest())
        self._base.execute(
            "insert into batch (stream, source, sha256, at, read, rows, data, data_sha256) values (?,?,?,?,?,?,?,?)",
            told,
        )

    def record(self, stream: str, changes: Iterable[Change], source: str, at: str) -> None:
        """Late and corrected rows."""
        self._base.executemany(
            "insert into change (stream, seq, kind, label, field, was, now, source, at) values (?,?,?,?,?,?,?,?,?)",
            ((stream, c.seq, c.kind, c.label, c.field, c.was, c.now, source, at) for c in changes),
        )

    def changes(self, stream: str) -> list[dict[str, Any]]:
        """Late and corrected rows, as recorded."""
        return self._asked("select seq, kind, label, field, was, now, source, at from change where stream = ?", stream)

    def signals(self, stream: str | None = None, where: str = "1") -> list[dict[str, Any]]:
        """Signals in the order in which they were found; ``where`` is a condition of this module's callers."""
        if stream is None:
            return self._asked(f"select * from signal where {where} order by id")
        return self._asked(f"select * from signal where stream = ? and {where} order by id", stream)

    def counts(self, stream: str) -> tuple[int, int]:
        """Signals that stand, and those of them that nobody has acknowledged."""
        asked = (
            "select count(*), count(*) - count(acknowledged_at) from signal where stream = ? and withdrawn_at is null"
        )
        standing, open_ = self._base.execute(asked, (stream,)).fetchone()
        return int(standing), int(open_)

    def standing(self, stream: str) -> dict[tuple[str, str, int], int]:
        """Signals that stand: panel, rule and seq of the point, with their number."""
        asked = "select panel, rule, seq, id from signal where stream = ? and withdrawn_at is null"
        return {(p, r, s): i for p, r, s, i in self._base.execute(asked, (stream,))}

    def found(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Signals that are new; they count as untold until :meth:`told`."""
        self._base.executemany(
            "insert into signal (stream, seq, panel, rule, label, value, center, lower, upper, text, found_at, due, "
            "owner, told) values (?,?,?,?,?,?,?,?,?,?,?,?,?,0)",
            rows,
        )  # fmt: skip

    def withdraw(self, numbers: Iterable[int], at: str) -> None:
        """Signals that no longer follow from the rows."""
        self._base.executemany("update signal set withdrawn_at = ? where id = ?", ((at, i) for i in numbers))

    def told(self, last: int) -> None:
        """All signals up to this number have been told."""
        self._base.execute("update signal set told = 1 where told = 0 and id <= ?", (last,))

    def acknowledge(self, number: int, cause: str, by: str, at: str) -> bool:
        """Note why a signal came; False where there is no such signal."""
        done = self._base.execute(
            "update signal set cause = ?, acknowledged_by = ?, acknowledged_at = ? where id = ?",
            (cause, by, at, number),
        )
        return done.rowcount == 1

    def streams(self) -> list[str]:
        return [str(name) for (name,) in self._base.execute("select name from stream order by name")]

    def fault(self) -> str:
        """What the file's own check finds; nothing where it is sound."""
        found = str(self._base.execute("pragma integrity_check").fetchone()[0])
        return "" if found == "ok" else found

    def _asked(self, query: str, *values: Any) -> list[dict[str, Any]]:
        cursor = self._base.execute(query, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


_FIELDS: Final = ("x", "value", "size", "label", "group", "key")


def _packed(rows: Known) -> bytes:
    """Columns as an Arrow stream, which holds data and nothing that could be run."""
    import pyarrow as pa

    held = {n: pa.array(c) for n, c in zip(_FIELDS, rows.columns(), strict=True) if c is not None}
    table = pa.table(held)
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return out.getvalue()


def _unpacked(number: int, data: bytes, sha256: str, name: str) -> dict[str, NDArray[Any]]:
    import pyarrow as pa

    if hashlib.sha256(data).hexdigest() != sha256:
        raise DataError(words.damaged(name, number))
    table = pa.ipc.open_stream(data).read_all()
    return {
        n: table.column(n).to_numpy() if n in NUMBERS else table.column(n).to_pandas().to_numpy(dtype=object)
        for n in table.column_names
    }
