"""The rows that one query gives, from a database that nothing here can change.

SQLite files are opened read-only by the standard library; of other databases those whose transactions can be made
read-only, through SQLAlchemy. Passwords leave this module in no text.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from .errors import DataError, SettingsError

MOST_ROWS: Final = 20_000_000
"""Rows of one answer; a query that gives more has gone astray."""

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.]{1,40})://")
_SECRET = re.compile(r"([?&][^=&]*(?:pass|pwd|secret|token|key)[^=&]*=)[^&]*", re.IGNORECASE)
_MARKS = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_HIDDEN = "***"
_PIECE = 50_000

_READ_ONLY: Final = {"postgresql": "", "mysql": "SET TRANSACTION READ ONLY", "mariadb": "SET TRANSACTION READ ONLY",
                     "oracle": "SET TRANSACTION READ ONLY"}  # fmt: skip
"""What makes a transaction read-only, by database; PostgreSQL's driver has an option for it."""

_SQLITE_READS: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, 33})
"""What a query may do: 33 is a recursive query, which older modules of Python do not name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Names of the columns, and the rows."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def is_url(text: str) -> bool:
    """Whether a source is a database.

    Examples
    --------
    >>> is_url("sqlite:///calls.db"), is_url("calls.csv"), is_url("C:/calls.csv")
    (True, False, False)
    """
    return _URL.match(text) is not None


def served(url: str) -> bool:
    """Whether a database is one that is connected to, and no file."""
    return is_url(url) and not url.lower().startswith("sqlite:")


def masked(url: str) -> str:
    """A database's address without what must stay secret.

    Examples
    --------
    >>> masked("postgresql://ana:s3cret@db.example/calls?sslpassword=x")
    'postgresql://ana:***@db.example/calls?sslpassword=***'
    >>> masked("sqlite:///calls.db")
    'sqlite:///calls.db'
    """
    found = _URL.match(url)
    if found is None:
        return url
    # up to the last @, wherever it stands: rather a host hidden than a part of a password told
    inside, at, rest = url[found.end() :].rpartition("@")
    user, colon, _ = inside.partition(":")
    return found[0] + (user + (colon and f":{_HIDDEN}") + at if at else "") + _SECRET.sub(rf"\1{_HIDDEN}", rest)


def file_of(url: str) -> str:
    """The file of an SQLite address."""
    _, _, rest = url.partition("://")
    if not rest.startswith("/") or len(rest) < 2:
        raise SettingsError(f"{masked(url)} names no file; write sqlite:///PATH, such as sqlite:///data/calls.db.")
    return rest[1:]


def answer(url: str, query: str) -> Answer:
    """Ask one question of a database.

    Parameters
    ----------
    url : str
        ``sqlite:///PATH``, ``postgresql://user@host/name``, ``mysql+driver://...`` or ``oracle+driver://...``.
    query : str
        One SELECT (or WITH ... SELECT); a semicolon may only end it.

    Raises
    ------
    DataError
        The file is missing, the server refuses, the query fails, or gives no rows.
    SettingsError
        Not one SELECT, an unknown kind of database, or SQLAlchemy is not installed.
    """
    rows: list[tuple[Any, ...]] = []
    names: tuple[str, ...] = ()
    for piece in pieces(url, query):
        names = piece.names
        rows += piece.rows
        if len(rows) > MOST_ROWS:
            raise DataError(f"the query gives more than {MOST_ROWS:,} rows; let it select or sum up fewer.")
    return Answer(names, rows)


def pieces(url: str, query: str) -> Iterator[Answer]:
    """The same answer piece by piece, for more rows than memory holds; see :func:`answer`."""
    statement = checked(query)
    empty = True
    for piece in _sqlite(url, statement) if not served(url) else _server(url, statement):
        twice = sorted({name for name in piece.names if piece.names.count(name) > 1})
        if twice:
            raise DataError(f"the query gives two columns named {twice[0]!r}; name one of them otherwise (AS).")
        empty = False
        yield piece
    if empty:
        raise DataError(f"the query gives no rows from {masked(url)}; nothing can be judged from it.")


def checked(query: str) -> str:
    """One SELECT without its closing semicolon.

    Examples
    --------
    >>> checked("SELECT day, minutes FROM calls;")
    'SELECT day, minutes FROM calls'
    """
    statement = query.strip().removesuffix(";").rstrip()
    if not statement:
        raise SettingsError("the query is empty; write a SELECT.")
    if ";" in statement:
        # strings and comments hide semicolons in other ways for every database: none is let through
        raise SettingsError("the query holds a semicolon inside; only one SELECT is read, and its end needs none.")
    if "\x00" in statement:
        raise SettingsError("the query holds a null character; write it again without.")
    start = _MARKS.match(statement)
    word = re.match(r"[A-Za-z]*", statement[start.end() if start else 0 :])
    if word is None or word[0].upper() not in ("SELECT", "WITH"):
        raise SettingsError("only a SELECT is read (or WITH ... SELECT): nothing in a database is ever changed.")
    return statement


def _sqlite(url: str, statement: str) -> Iterator[Answer]:
    name = file_of(url)
    file = Path(name)
    if file.is_dir() or not file.exists():
        what = "is a folder, not a file" if file.is_dir() else "does not exist"
        raise DataError(f"the database {name} {what}; check the path.")
    try:
        address = f"file:{quote(str(file.resolve()), safe='/:')}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.set_authorizer(_allowed)
            with closing(connection.execute(statement)) as cursor:
                yield from _taken(cursor, [column[0] for column in cursor.description])
    except (sqlite3.Error, sqlite3.Warning, UnicodeError, ValueError, OverflowError) as problem:
        if isinstance(problem, DataError | SettingsError):
            raise
        raise DataError(f"the query cannot be answered by {masked(url)}: {_told(problem, url)}.") from None


def _allowed(action: int, first: str | None, second: str | None, _: str | None, __: str | None) -> int:
    loads = action == sqlite3.SQLITE_FUNCTION and "load_extension" in (first, second)
    return sqlite3.SQLITE_OK if action in _SQLITE_READS and not loads else sqlite3.SQLITE_DENY


def _server(url: str, statement: str) -> Iterator[Answer]:
    kind, driver = _kind(url)
    try:
        import sqlalchemy
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError:
        raise SettingsError(
            f"reading from {kind} needs SQLAlchemy and a driver: pip install 'sigmatool[database]', or export the rows "
            "to a file."
        ) from None
    inside = url.partition("://")[2].rpartition("@")[0]
    if re.search(r"[/?#@]", inside):
        # a driver would part such an address elsewhere, and might tell the rest of the password
        raise SettingsError("the user or password in the address holds @ / ? or #: write it as %40 %2F %3F or %23.")
    try:
        engine = sqlalchemy.create_engine(driver, poolclass=sqlalchemy.pool.NullPool)
        with engine.connect() as connection:
            # without parameters a % is a sign like any other
            options: dict[str, Any] = {"no_parameters": True}
            if kind == "postgresql":
                options["postgresql_readonly"] = True
            asked = connection.execution_options(**options)
            if _READ_ONLY[kind]:
                asked.exec_driver_sql(_READ_ONLY[kind])
            found = asked.exec_driver_sql(statement)
            try:
                yield from _taken(found, list(found.keys()))
            finally:
                asked.rollback()
    except (SQLAlchemyError, ImportError, OSError, ValueError) as problem:
        if isinstance(problem, DataError | SettingsError):
            raise
        raise DataError(
            f"{masked(url)} gives no answer: {_told(getattr(problem, 'orig', None) or problem, url)}."
        ) from None


def _kind(url: str) -> tuple[str, str]:
    """Which database, and its address with a driver that is there."""
    found = _URL.match(url)
    assert found is not None
    name, _, driver = found[1].lower().partition("+")
    name = {"postgres": "postgresql"}.get(name, name)
    if name not in _READ_ONLY:
        raise SettingsError(
            f"{found[1]} is no database that is read from; known are sqlite, {', '.join(_READ_ONLY)}. Export the rows "
            "to a file instead."
        )
    if not driver and name == "postgresql":
        from importlib.util import find_spec

        driver = "psycopg" if find_spec("psycopg") else ""
    return name, f"{name}{driver and '+' + driver}://{url[found.end() :]}"


def _taken(cursor: Any, names: list[str]) -> Iterator[Answer]:
    told = tuple(str(name) for name in names)
    while piece := cursor.fetchmany(_PIECE):
        yield Answer(told, list(map(tuple, piece)))


def _told(problem: BaseException, url: str) -> str:
    """The first line of what a database said, without the password in any of its forms."""
    lines = str(problem).strip().splitlines()
    text = "".join(c for c in (lines[0] if lines else type(problem).__name__) if unicodedata.category(c)[0] != "C")
    inside, _, _ = url.partition("://")[2].rpartition("@")
    secret = inside.partition(":")[2]
    for form in sorted({secret, unquote(secret)}, key=len, reverse=True):
        text = text.replace(form, _HIDDEN) if form else text
    return masked_everywhere(text).rstrip(". ")


def masked_everywhere(text: str) -> str:
    """A text with every address in it masked."""
    return re.sub(r"[A-Za-z][A-Za-z0-9+.]{1,40}://\S+", lambda found: masked(found[0]), text)


def canonical(found: Answer) -> bytes:
    """The rows as bytes that no driver changes: what their hash is taken of."""
    lines = ["\x1f".join(found.names), *("\x1f".join(map(_cell, row)) for row in found.rows)]
    return "\x1e".join(lines).encode("utf-8", "surrogatepass")


def _cell(value: Any) -> str:
    if value is None:
        return "\x00"
    return repr(value) if isinstance(value, float) else str(value)


def texts_of(found: Answer, place: int) -> Sequence[Any]:
    """One column; binary cells are refused."""
    values = [row[place] for row in found.rows]
    at = next((i for i, v in enumerate(values) if isinstance(v, bytes | bytearray | memoryview)), None)
    if at is not None:
        raise DataError(f"column {found.names[place]!r} holds binary data in row {at + 1}; leave it out of the query.")
    return values
