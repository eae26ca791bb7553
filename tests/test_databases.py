"""Databases as sources: typed like a csv, read and never changed, their passwords told nowhere."""

from __future__ import annotations

import builtins
import json
import shlex
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st_

import sigmatool as st
from sigmatool import databases
from sigmatool.cli import main
from sigmatool.databases import Answer, canonical, checked, masked
from sigmatool.errors import DataError, SettingsError

ALL = "SELECT day, minutes, site, code, gone FROM calls ORDER BY day"
HOSTILE = ['x"; DROP TABLE calls; --', "<script>alert(1)</script>", "=1+1", "a,b", "naïve ☃", "y' OR '1'='1"]


def filled(folder: Path, name: str = "calls.db") -> Path:
    """Eighty days of calls, ten minutes shorter from the fiftieth on."""
    file = folder / name
    with sqlite3.connect(file) as base:
        base.execute("CREATE TABLE calls (day TEXT, minutes REAL, site TEXT, code TEXT, gone INT)")
        days = pd.date_range("2026-01-01", periods=80).strftime("%Y-%m-%d")
        rows = [(d, 30 + (7 * i) % 5 - 10 * (i >= 50), "North", f"0{i}", None) for i, d in enumerate(days)]
        base.executemany("INSERT INTO calls VALUES (?, ?, ?, ?, ?)", rows)
    base.close()
    return file


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a small database in the working folder."""
    filled(tmp_path)
    monkeypatch.chdir(tmp_path)
    return "sqlite:///calls.db"


def test_columns_come_typed_as_from_a_csv(base: str, tmp_path: Path) -> None:
    frame = st.read_table(base, query=ALL)
    frame.to_csv("calls.csv", index=False)
    plain = st.read_table("calls.csv")
    assert frame.shape == (80, 5)
    # a code that starts with zero stays text, an empty column is one of missing numbers
    pd.testing.assert_frame_equal(frame, plain, check_dtype=False)
    assert [frame[name].dtype.kind for name in ("minutes", "gone")] == ["f", "f"]
    assert not pd.api.types.is_numeric_dtype(frame["code"])


def test_the_same_verdict_as_from_a_csv(base: str) -> None:
    st.read_table(base, query=ALL).to_csv("calls.csv", index=False)
    asked = {"value": "minutes", "time": "day", "rollout": "2026-02-20", "better": "lower"}
    one = st.review(st.read_table(base, query=ALL), **asked)
    other = st.review(st.read_table("calls.csv"), **asked)
    assert one.verdict == other.verdict
    assert one.provenance.data_sha256 == other.provenance.data_sha256


def test_the_command_on_the_page_asks_the_same(base: str) -> None:
    where = "SELECT day, minutes FROM calls WHERE site LIKE 'N%' ORDER BY day;"
    words = ["review", base, "--query", where, "-y", "minutes", "-x", "day", "--rollout", "2026-02-20"]
    done = CliRunner().invoke(main, [*words, "--better", "lower", "--json"])
    held = json.loads(done.stdout)
    again = CliRunner().invoke(main, [*shlex.split(held["provenance"]["command"])[1:], "--json"])
    assert json.loads(again.stdout) == held
    assert held["provenance"]["source"] == base
    assert len(held["provenance"]["file_sha256"]) == 64


def test_a_query_from_a_file(base: str, tmp_path: Path) -> None:
    (tmp_path / "calls.sql").write_text(f"-- daily\n{ALL};\n")
    direct = st.read_table(base, query=ALL)
    for named in ("@calls.sql", "calls.sql"):
        frame = st.read_table(base, query=named)
        assert frame.attrs["sigmatool"]["file_sha256"] == direct.attrs["sigmatool"]["file_sha256"]
        # the command holds the query itself: the file may change
        assert ALL in frame.attrs["sigmatool"]["source"].options["query"]
    with pytest.raises(SettingsError, match=r"no query file nope\.sql"):
        st.read_table(base, query="@nope.sql")


def test_the_hash_is_of_the_rows(base: str) -> None:
    def hashed(query: str) -> str:
        return str(st.read_table(base, query=query).attrs["sigmatool"]["file_sha256"])

    assert hashed(ALL) == hashed(f"WITH x AS (SELECT * FROM calls) {ALL}")
    assert hashed(ALL) != hashed(ALL.replace("ORDER BY day", "WHERE minutes > 22 ORDER BY day"))
    assert hashed("SELECT day AS a, minutes FROM calls") != hashed("SELECT day AS b, minutes FROM calls")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM calls", "INSERT INTO calls VALUES (1,2,3,4,5)", "DROP TABLE calls", "PRAGMA user_version = 7",
        "ATTACH 'other.db' AS other", "VACUUM INTO 'other.db'", "CREATE TABLE x (a)", "UPDATE calls SET minutes = 0",
        "SELECT 1; DROP TABLE calls", "SELECT ';' ; DELETE FROM calls", "/* SELECT */ DELETE FROM calls",
        "-- SELECT\nDELETE FROM calls", "WITH x AS (SELECT 1) DELETE FROM calls", "WITH x AS (SELECT 1) INSERT INTO "
        "calls SELECT 1,2,3,4,5", "SELECT load_extension('evil')", "SELECT writefile('other.db', 'x')",
        "SELECT * FROM pragma_database_list", "EXPLAIN SELECT 1", "", ";", "   ", "SELECT 1\x00; DROP TABLE calls",
        "BEGIN", "REPLACE INTO calls VALUES (1,2,3,4,5)",
    ],
)  # fmt: skip
def test_nothing_but_one_select_is_read(base: str, tmp_path: Path, query: str) -> None:
    before = (tmp_path / "calls.db").read_bytes()
    with pytest.raises((DataError, SettingsError)) as refused:
        st.read_table(base, query=query)
    assert "\n" not in str(refused.value)
    assert (tmp_path / "calls.db").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["calls.db"]


@pytest.mark.parametrize("name", ["nope.db", "calls.db?mode=rwc", "calls.db?mode=memory", "calls.db#x", "%63alls.db"])
def test_a_missing_database_is_refused_and_never_made(base: str, tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="does not exist"):
        st.read_table(f"sqlite:///{name}", query=ALL)
    assert [p.name for p in tmp_path.iterdir()] == ["calls.db"]


def test_a_file_that_is_no_database_is_refused(base: str, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("day,minutes\n1,2\n" * 100)
    with pytest.raises(DataError, match="not a database"):
        st.read_table("sqlite:///x.db", query=ALL)
    with pytest.raises(DataError, match="folder"):
        st.read_table(f"sqlite:///{tmp_path}", query=ALL)
    for address in ("sqlite://", "sqlite:///", "sqlite:calls.db"):
        with pytest.raises((SettingsError, DataError)):
            st.read_table(address, query=ALL)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT day, day FROM calls", "two columns named 'day'"),
        ("SELECT * FROM calls WHERE 0", "no rows"),
        ("SELECT nope FROM calls", "no such column: nope"),
        ("SELECT x'00ff' AS picture", "column 'picture' holds binary data in row 1"),
    ],
)
def test_what_cannot_be_a_table_is_said(base: str, query: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        st.read_table(base, query=query)


def test_query_and_source_go_together(base: str) -> None:
    with pytest.raises(SettingsError, match="needs query"):
        st.read_table(base)
    with pytest.raises(SettingsError, match="goes with a database"):
        st.read_table("calls.csv", query=ALL)


def test_too_many_rows_are_refused(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "MOST_ROWS", 60_000)
    endless = "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT n FROM t"
    with pytest.raises(DataError, match="more than 60,000 rows"):
        st.read_table(base, query=endless)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_columns_are_names(base: str, name: str) -> None:
    quoted = name.replace('"', '""')
    # a semicolon is refused wherever it stands: the column is renamed in the database
    query = f'SELECT day, minutes AS "{quoted}" FROM calls ORDER BY day'
    if ";" in name:
        with pytest.raises(SettingsError, match="semicolon"):
            st.read_table(base, query=query)
        with sqlite3.connect("calls.db") as held:
            held.execute(f'ALTER TABLE calls RENAME COLUMN minutes TO "{quoted}"')
        query = "SELECT * FROM calls ORDER BY day"
    frame = st.read_table(base, query=query)
    chart = st.control_chart(frame, value=name, time="day")
    assert chart.metric == name
    done = CliRunner().invoke(main, [*shlex.split(chart.provenance.command)[1:], "--json"])
    assert json.loads(done.stdout) == json.loads(chart.to_json())
    with sqlite3.connect("calls.db") as held:
        assert held.execute("SELECT count(*) FROM calls").fetchone() == (80,)


@given(
    user=st_.text("abcXYZ019_-.", min_size=1, max_size=8),
    password=st_.text("abcXYZ019:@/?#&%=+ ", min_size=1, max_size=12).map(lambda text: f"se{text}cret"),
)
def test_no_part_of_a_password_is_told(user: str, password: str) -> None:
    told = masked(f"postgresql://{user}:{password}@db.example/calls")
    assert "secret" not in told.replace(password, "secret")
    assert password not in told
    assert "cret" not in told
    assert told.startswith(f"postgresql://{user}:***@")


def test_secrets_in_the_query_of_an_address_are_masked() -> None:
    told = masked("postgresql://ana@h/db?sslpassword=abc&x=1&api_token=def")
    assert told == "postgresql://ana@h/db?sslpassword=***&x=1&api_token=***"


@pytest.mark.parametrize("password", ["p@ss", "p/ss", "p?ss", "p#ss"])
def test_a_password_that_a_driver_would_part_elsewhere_is_refused(password: str) -> None:
    pytest.importorskip("sqlalchemy")
    with pytest.raises(SettingsError, match="%40") as refused:
        st.read_table(f"postgresql://ana:{password}@nohost.invalid/db", query="SELECT 1")
    assert password not in str(refused.value)


def test_without_sqlalchemy_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def gone(name: str, *rest: Any) -> Any:
        if name.startswith("sqlalchemy"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", gone)
    with pytest.raises(SettingsError, match=r"pip install 'sigmatool\[database\]'") as refused:
        st.read_table("postgresql://ana:hush@h/db", query="SELECT 1")
    assert "hush" not in str(refused.value)


def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(SettingsError, match="mssql is no database") as refused:
        st.read_table("mssql://ana:hush@h/db", query="SELECT 1")
    assert "hush" not in str(refused.value)


def test_what_a_driver_says_is_told_without_the_password() -> None:
    said = databases._told(
        ValueError("no entry for ana:hu sh at postgresql://ana:hu%20sh@h/db\nmore"), "x://ana:hu%20sh@h/db"
    )
    assert said == "no entry for ana:*** at postgresql://ana:***@h/db"


@given(
    st_.lists(st_.tuples(st_.integers(), st_.floats(allow_nan=False), st_.text(max_size=5) | st_.none()), max_size=5)
)
def test_the_hash_tells_rows_apart(rows: Sequence[tuple[Any, ...]]) -> None:
    names = ("a", "b", "c")
    held = canonical(Answer(names, list(rows)))
    assert held == canonical(Answer(names, list(rows)))
    assert held != canonical(Answer(names, [*rows, (1, 2.0, "x")]))


def test_a_closing_semicolon_is_nothing() -> None:
    assert checked(" SELECT 1 ; ") == "SELECT 1"
    assert checked("(SELECT 1)") == "(SELECT 1)"
    assert checked("/* a */ -- b\n WITH x AS (SELECT 1) SELECT * FROM x").startswith("/*")
