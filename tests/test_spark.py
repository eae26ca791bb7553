"""Spark gives what DuckDB gives: every number, every count, every verdict; in a session of a user, and leaves it be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers import runs
from sigmatool.screening import measured, points, spark_session
from sigmatool.screening.duck import DuckEngine
from sigmatool.screening.kernel import Rows
from sigmatool.screening.result import Screen
from sigmatool.screening.screen import asked_of
from sigmatool.screening.spark import SparkEngine
from sigmatool.screening.spark_session import java_missing
from test_screen import START, adversarial, long_table

pytestmark = [
    # what PySpark says of newer pandas, and of its own use of both
    pytest.mark.filterwarnings("ignore:.*[Pp]andas.*:FutureWarning:pyspark"),
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:pyspark"),
    # a socket to Java is closed when it is collected
    pytest.mark.filterwarnings("ignore:unclosed <socket.*:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*socket.*:pytest.PytestUnraisableExceptionWarning"),
]

ZONE = "America/New_York"
Both = Callable[..., tuple[Screen, Screen]]


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    """A user's session, far from UTC and with the settings that Spark has by itself."""
    reason = java_missing()
    if reason:
        if os.environ.get("SIGMATOOL_REQUIRE_SPARK") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        from pyspark.sql import SparkSession

        settings = {
            "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.sql.adaptive.enabled": "false",
            "spark.sql.session.timeZone": ZONE, "spark.driver.host": "127.0.0.1", "spark.driver.memory": "1g",
            "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        }  # fmt: skip
        builder = SparkSession.builder.master("local[2]").appName("sigmatool tests")
        for name, value in settings.items():
            builder = builder.config(name, value)
        running = builder.getOrCreate()
    yield running
    running.stop()


@pytest.fixture
def both(session: Any, tmp_path: Path) -> Both:
    """One file, screened by both engines; the settings of the session stay what they were."""

    def screened(table: pd.DataFrame | pa.Table, **asked: Any) -> tuple[Screen, Screen]:
        held = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table, preserve_index=False)
        path = tmp_path / "rows.parquet"
        pq.write_table(held, path, coerce_timestamps="us", allow_truncated_timestamps=True)
        before = settings_of(session)
        asked = {"stream": "line", "value": "value", "time": "at"} | asked
        ours = st.screen(session.read.parquet(str(path)), **asked)
        assert settings_of(session) == before
        return st.screen(str(path), **asked), ours

    return screened


def settings_of(session: Any) -> dict[str, str]:
    return {row["key"]: row["value"] for row in session.sql("SET").collect()}


def alike(duck: Screen, spark: Screen) -> None:
    """Every count and text the same, every number to ten digits, and the rows accounted for alike."""
    assert (duck.engine, spark.engine) == ("duckdb", "spark")
    assert duck.rows == spark.rows
    assert [(c.code, c.text) for c in duck.caveats] == [(c.code, c.text) for c in spark.caveats]
    assert duck.clock == spark.clock
    assert duck.chance == pytest.approx(spark.chance, rel=1e-10)
    assert list(duck.columns) == list(spark.columns)
    for name, held in (*duck.columns.items(), *duck.sketches.items()):
        other = spark.columns[name] if name in spark.columns else spark.sketches[name]
        if held.dtype.kind == "f":
            np.testing.assert_allclose(other, held, rtol=1e-10, atol=0, err_msg=name)
        else:
            assert other.dtype.kind == held.dtype.kind, name
            assert other.tolist() == held.tolist(), name
    if duck.verdicts is not None:
        assert spark.verdicts is not None
        assert [None if v is None else v.row() for v in duck.verdicts] == [
            None if v is None else v.row() for v in spark.verdicts
        ]


def random_lines(many: int = 40, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return long_table({f"line {k}": rng.normal(k, 1 + k, int(rng.integers(2, 200))) for k in range(many)})


def test_ordinary_streams(both: Both) -> None:
    alike(*both(random_lines(), lsl=-50, usl=90, target=10))


@pytest.fixture(scope="module")
def hard() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    more = {
        "one row": np.array([4.0]), "nothing": np.full(9, np.nan), "infinite": np.r_[rng.normal(size=20), np.inf],
        "minus infinite": np.r_[-np.inf, rng.normal(size=20)], "two": np.array([1.0, 2.0]),
    }  # fmt: skip
    return long_table(adversarial() | more)


def test_streams_on_which_engines_disagree(both: Both, hard: pd.DataFrame) -> None:
    duck, spark = both(hard)
    alike(duck, spark)
    assert duck.refused == 4


def test_the_same_with_a_rollout_and_other_rules(both: Both, hard: pd.DataFrame) -> None:
    alike(*both(hard, rollout=(START + pd.Timedelta(hours=25)).isoformat(), rules="western-electric", nsigma=2.5))


def test_a_defect_in_one_engine_is_seen(both: Both, hard: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel of this process without its dead band; the workers have theirs."""
    for module in (runs, points, measured):
        monkeypatch.setattr(module, "EDGE", -0.3)
    duck, spark = both(hard)
    with pytest.raises(AssertionError):
        alike(duck, spark)


def test_missing_values_times_and_streams(both: Both) -> None:
    table = random_lines(6)
    rng = np.random.default_rng(4)
    for name, share in (("value", 0.1), ("at", 0.05), ("line", 0.05)):
        table[name] = table[name].where(rng.random(len(table)) > share)
    table.loc[3:5, "line"] = ["", "   ", " line 1"]
    told = pa.Table.from_pandas(table, preserve_index=False)
    value = np.array([np.nan if v is None else v for v in told.column("value").to_pylist()])
    value[::7] = np.nan
    # NULL and NaN both mean that nothing is there
    both_kinds = pa.array(value, mask=np.isnan(value) & (np.arange(value.size) % 2 == 0))
    told = told.set_column(told.schema.get_field_index("value"), "value", both_kinds)
    assert 0 < told.column("value").null_count < int(np.isnan(value).sum())
    duck, spark = both(told)
    alike(duck, spark)
    assert {"stream-missing", "time-missing", "gaps"} <= {c.code for c in spark.caveats}


def test_equal_times(both: Both) -> None:
    table = random_lines(8)
    table["at"] = table["at"].dt.floor("4h")
    duck, spark = both(table)
    alike(duck, spark)
    assert spark.columns["ties"].sum() > 100


def zoned_rows() -> pa.Table:
    """Half hours through the night the clocks of New York go back, and the one they go forward."""
    pieces = []
    for night in ("2026-11-01 03:00", "2026-03-08 04:00"):
        at = pd.date_range(night, periods=16, freq="30min", tz="UTC")
        pieces.append(pd.DataFrame({"at": at, "line": night, "value": np.arange(16.0) % 5}))
    return pa.Table.from_pandas(pd.concat(pieces).sample(frac=1, random_state=1), preserve_index=False)


@pytest.mark.parametrize("zone", [None, "UTC", ZONE])
def test_times_whatever_the_zone_of_the_session(both: Both, zone: str | None) -> None:
    table = zoned_rows()
    at = table.column("at").cast(pa.timestamp("us", "UTC"))
    column = at.cast(pa.timestamp("us")) if zone is None else at.cast(pa.timestamp("us", zone))
    table = table.set_column(table.schema.get_field_index("at"), "at", column)
    duck, spark = both(table, rollout="2026-11-01 06:30")
    alike(duck, spark)
    assert spark.columns["staged"].sum() == 1
    assert [c.code for c in spark.caveats].count("times-in-utc") == (zone is not None)
    row = spark.columns["stream"].tolist().index("2026-11-01 03:00")
    assert spark.columns["n"][row] == 9


@pytest.mark.parametrize("form", ["date", "iso", "day first", "compact", "whole", "real"])
def test_times_in_every_form(both: Both, form: str) -> None:
    table = random_lines(5)
    day = table.groupby("line").cumcount()
    when = START.normalize() + pd.to_timedelta(day, "D")
    table["at"] = {
        "date": when.dt.date, "iso": when.dt.strftime("%Y-%m-%d"), "day first": when.dt.strftime("%d.%m.%Y"),
        "compact": when.dt.strftime("%Y%m%d").astype(int), "whole": day * 3, "real": day / 7,
    }[form]  # fmt: skip
    if form in ("iso", "real"):
        table.loc[[1, 5], "at"] = None
    alike(*both(table, rollout="30" if form == "whole" else "4.1" if form == "real" else "2026-02-01"))


STRANGE = ["Zürich", "zebra", "Ångström", "日本 7", "🚀", "e\u0301", "\u00e9", "'; DROP TABLE t; --", '"', "`x`",
           "<b>", "a.b", "line\nbreak", " blank before", "blank after ", "tab\t", "%s{0}\\",
           "=1+1", "NULL", "nan"]  # fmt: skip


def test_names_from_strangers(both: Both) -> None:
    rng = np.random.default_rng(3)
    table = long_table({name: rng.normal(size=30) for name in STRANGE})
    hostile = {"line": 'a.b`c"; --', "value": "`value` x.y", "at": "selecté 'at'"}
    table = table.assign(LINE=1.0, c0="trap").rename(columns=hostile)
    duck, spark = both(table, stream=hostile["line"], value=hostile["value"], time=hostile["at"])
    alike(duck, spark)
    assert sorted(spark.columns["stream"].tolist()) == sorted(STRANGE)


@pytest.mark.parametrize("kind", ["int", "float", "bool", "date", "moment", "decimal"])
def test_streams_of_every_type(both: Both, kind: str) -> None:
    rng = np.random.default_rng(6)
    keys: dict[str, list[Any]] = {
        "int": [10, 9, -3, None], "float": [10.0, 9.5, -3.25, 1e300], "bool": [True, False, None],
        "date": [d.date() for d in pd.date_range("2026-01-30", periods=4)],
        "moment": list(pd.date_range("2026-03-08 02:30", periods=3, freq="20min").to_pydatetime()),
        "decimal": [Decimal("10.50"), Decimal("9.00"), Decimal("-3.25")],
    }  # fmt: skip
    rows = [(key, START + pd.Timedelta(k, "h"), x) for key in keys[kind] for k, x in enumerate(rng.normal(size=25))]
    line, at, value = zip(*rows, strict=True)
    alike(*both(pa.table({"line": list(line), "at": pa.array(at, pa.timestamp("us")), "value": value})))


@pytest.mark.parametrize("kind", ["decimal", "small", "int", "bool", "text"])
def test_values_of_every_type(both: Both, kind: str) -> None:
    table = random_lines(4)
    x = table["value"].round(2)
    column = {
        "decimal": pa.array([Decimal(f"{v:.2f}") for v in x], pa.decimal128(12, 2)),
        "small": pa.array(x.astype(np.float32)), "int": pa.array(x.astype(int)), "bool": pa.array(x > 1),
        "text": pa.array([f" {v:.2f}" if k % 9 else ["", None, "1e3", "nan"][k % 4] for k, v in enumerate(x)]),
    }[kind]  # fmt: skip
    told = pa.Table.from_pandas(table, preserve_index=False)
    alike(*both(told.set_column(told.schema.get_field_index("value"), "value", column)))


def test_a_cell_that_is_no_number_is_named(both: Both) -> None:
    table = random_lines(3)
    table["value"] = table["value"].map("{:.3f}".format)
    table.loc[7, ["line", "value"]] = ["line 2", "12,5 g"]
    with pytest.raises(DataError, match=re.escape("column 'value' holds '12,5 g' in a row of stream 'line 2'")):
        both(table)


@pytest.mark.parametrize("kind", ["auto", "p", "u", "laney-p", "laney-u"])
def test_counts(both: Both, kind: str) -> None:
    rng = np.random.default_rng(9)
    pieces = []
    for k in range(14):
        size = rng.integers(20, 400, 50)
        rate = np.clip(rng.normal(0.1, 0.05 * (k % 3), 50), 0.001, 0.6)
        count = rng.binomial(size, rate).astype(float)
        if k == 3:
            count[4] = -1
        if k == 4:
            count[9] = size[9] + 5
        if k == 5:
            count[::6] = np.nan
        at = START + pd.to_timedelta(np.arange(50) // (2 if k == 6 else 1), "D")
        pieces.append(pd.DataFrame({"line": f"site {k}", "at": at, "value": count, "opened": size}))
    table = pd.concat(pieces).sample(frac=1, random_state=1)
    duck, spark = both(table, size="opened", kind=kind, rollout="2026-01-20")
    alike(duck, spark)
    assert spark.refused == (2 if kind in ("p", "laney-p") else 1)


@pytest.mark.parametrize("group", ["shift", "batch", 4, 12])
def test_subgroups(both: Both, group: str | int) -> None:
    table = random_lines(10, seed=5)
    place = table.sort_values("at").groupby("line").cumcount()
    width = 1 + table["line"].str[-1].astype(int) % 3
    table["batch"] = (place // (4 * width)).astype("Int64")
    table["shift"] = "s" + table["batch"].astype(str)
    table.loc[table["shift"] == "s2", "shift"] = None
    table.loc[::11, "value"] = np.nan
    table["at"] = table["at"].dt.floor("3h")
    duck, spark = both(table, subgroup=group, rollout="2026-01-03")
    alike(duck, spark)
    assert set(spark.columns["kind"]) - {""} <= {"xbar-r", "xbar-s", "i-mr"}


def own_settings() -> pd.DataFrame:
    table = random_lines(12, seed=11)
    number = table["line"].str.split().str[1].astype(int)
    table["go"] = (START + pd.to_timedelta(20 + number, "h")).astype("datetime64[us]")
    table.loc[number == 2, "go"] = pd.NaT
    table.loc[number == 3, "go"] = pd.Timestamp("2030-01-01")
    table.loc[(number == 4) & (table.index % 2 == 0), "go"] = pd.Timestamp("2026-01-03")
    table["low"], table["high"] = number - 3.0, (number + 3.0).where(number != 5)
    table.loc[(number == 6) & (table.index % 3 == 0), "high"] = 99.0
    return table


@pytest.mark.parametrize("form", ["moment", "text"])
def test_each_stream_has_its_own(both: Both, form: str) -> None:
    table = own_settings()
    if form == "text":
        table["go"] = table["go"].dt.strftime("%Y-%m-%d %H:%M").where(table["go"].notna()) + "=New script"
    duck, spark = both(table, rollout="go", lsl="low", usl="high")
    alike(duck, spark)
    assert {"streams-settings", "rollout-outside"} <= {c.code for c in spark.caveats}


def test_verdicts_come_from_the_workers_and_are_the_same(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int]] = []
    table = own_settings()
    table.loc[table.index % 13 == 0, "value"] = np.nan
    asked = {"rollout": "go", "better": "lower", "target": 5}
    monkeypatch.setattr("sigmatool.screening.spark.STREAMS_OF_A_TASK", 1)
    duck, spark = both(table, **asked, progress=lambda *step: told.append(step))
    alike(duck, spark)
    assert len(spark.reviewed) >= 10
    assert {"REFUSED"} < set(spark.verdict_counts)
    # Spark is asked first
    steps = [done for what, done, _ in told if what == "streams"]
    assert 2 < len(steps[: steps.index(0, 1)]) < len(steps)


def test_verdicts_of_counts_and_subgroups(both: Both) -> None:
    rng = np.random.default_rng(12)
    at = np.tile(START + pd.to_timedelta(np.arange(40), "D"), 4)
    line = np.repeat([f"site {k}" for k in range(4)], 40)
    size = rng.integers(100, 200, 160)
    rate = np.where((np.tile(np.arange(40), 4) >= 20) & (np.repeat(np.arange(4), 40) < 2), 0.05, 0.12)
    table = pd.DataFrame({"line": line, "at": at, "value": rng.binomial(size, rate), "opened": size})
    alike(*both(table, size="opened", rollout="2026-01-21", better="lower"))
    alike(*both(table, subgroup="at", rollout="2026-01-21", better="lower"))


def test_an_interrupted_run_takes_up_what_is_done(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sigmatool.screening.spark.STREAMS_OF_A_TASK", 1)
    own_settings().to_parquet(tmp_path / "rows.parquet", index=False)
    frame, kept, told = session.read.parquet(str(tmp_path / "rows.parquet")), tmp_path / "kept", list[int]()
    asked: dict[str, Any] = {"stream": "line", "value": "value", "time": "at", "rollout": "go", "better": "higher"}

    def until(what: str, done: int, total: int) -> None:
        if what == "streams" and done > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        st.screen(frame, **asked, resume=kept, progress=until)
    assert len(list(kept.iterdir())) == 1
    found = st.screen(frame, **asked, resume=kept, progress=lambda what, done, _: told.append(done))
    assert min(told[2:]) > 0
    assert list(kept.iterdir()) == []
    alike(st.screen(tmp_path / "rows.parquet", **asked), found)


def test_a_frame_has_a_fingerprint_whatever_the_order_of_its_rows(session: Any) -> None:
    table = random_lines(5)
    asked: dict[str, Any] = {"stream": "line", "value": "value", "time": "at"}
    frame = session.createDataFrame(table)
    first = st.screen(frame, **asked)
    again = st.screen(frame.orderBy("value").repartition(3), **asked)
    assert first.provenance.data_sha256 == again.provenance.data_sha256
    assert re.fullmatch("[0-9a-f]{64}", first.provenance.data_sha256)
    table.loc[0, "value"] += 1e-9
    assert st.screen(session.createDataFrame(table), **asked).provenance.data_sha256 != first.provenance.data_sha256


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet", "folder", "parts/*.parquet", "a[1]{b}.parquet"])
def test_a_path_is_read_beside_the_session_that_runs(session: Any, tmp_path: Path, name: str) -> None:
    table = random_lines(6)
    path = tmp_path / name
    halves = [table.iloc[::2], table.iloc[1::2]]
    if name == "rows.csv":
        table.to_csv(path, index=False)
    elif name == "folder":
        for k, half in enumerate(halves):
            (path / f"plant={k}").mkdir(parents=True)
            half.to_parquet(path / f"plant={k}" / "rows.parquet", index=False)
    elif "*" in name:
        path.parent.mkdir()
        for k, half in enumerate(halves):
            half.to_parquet(path.parent / f"{k}.parquet", index=False)
    else:
        table.to_parquet(path, index=False)
    asked: dict[str, Any] = {"stream": "line", "value": "value", "time": "at"}
    before = settings_of(session)
    spark = st.screen(str(path), engine="spark", **asked)
    duck = st.screen(str(path), **asked)
    alike(duck, spark)
    assert settings_of(session) == before
    assert duck.provenance.data_sha256 == spark.provenance.data_sha256
    assert session.range(3).count() == 3


def test_a_large_text_is_read_by_spark(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = random_lines(6)
    table["value"] = table["value"].map(lambda v: "NA" if v > 8 else repr(v))
    table.to_csv(tmp_path / "rows.csv", index=False)
    monkeypatch.setattr("sigmatool.screening.spark_source.SMALL", 0)
    asked: dict[str, Any] = {"stream": "line", "value": "value", "time": "at"}
    spark, duck = (st.screen(tmp_path / "rows.csv", engine=e, **asked) for e in ("spark", "duckdb"))
    np.testing.assert_allclose(spark.columns["center"], duck.columns["center"], rtol=1e-12)
    assert spark.columns["gaps"].tolist() == duck.columns["gaps"].tolist()
    assert spark.columns["gaps"].sum() > 0


def test_the_result_as_a_frame_of_the_session(session: Any) -> None:
    rng = np.random.default_rng(1)
    streams = {"a": rng.normal(size=40), "<b>": rng.normal(size=30), "one": np.array([1.0]), "7": np.full(25, 2.0)}
    found = st.screen(long_table(streams), stream="line", value="value", time="at", rollout="2026-01-01 15:00",
                      better="lower", usl=4)  # fmt: skip
    frame, told = found.to_frame(), found.to_spark(session)
    rows = told.collect()
    assert told.columns == list(frame.columns)
    types = {field.name: field.dataType.simpleString() for field in told.schema.fields}
    assert (types["rank"], types["center"], types["unstable"], types["note"]) == (
        "bigint",
        "double",
        "boolean",
        "string",
    )
    for row, (_, held) in zip(rows, frame.iterrows(), strict=True):
        for name in frame.columns:
            a, b = row[name], held[name]
            assert (a is None and b != b) or a == b, name
    assert told.where("refused <> ''").count() == found.refused == 1
    assert told.where("center IS NULL").count() == int(frame["center"].isna().sum()) > 0


@pytest.mark.parametrize(("asked", "told"), [
    ({"time": None}, "Spark keeps no order of rows"),
    ({"master": "local[1]"}, "a Spark session of its own"),
    ({"query": "SELECT 1"}, "answered by the engine duckdb alone"),
    ({"memory_limit": "1GB"}, "Spark's memory"),
])  # fmt: skip
def test_settings_that_contradict_are_refused(session: Any, asked: dict[str, Any], told: str) -> None:
    frame = session.createDataFrame(random_lines(1))
    settings: dict[str, Any] = {"stream": "line", "value": "value", "time": "at"} | asked
    with pytest.raises(SettingsError, match=told):
        st.screen(frame, **settings)


@pytest.mark.parametrize(("source", "error", "told"), [
    ("sqlite:///calls.db", SettingsError, "is a database"), ("calls.duckdb", SettingsError, "is a database"),
    ("absent.parquet", DataError, "does not exist"),
])  # fmt: skip
def test_sources_that_cannot_be_read_are_refused(source: str, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        st.screen(source, stream="line", value="value", time="at", engine="spark")


def test_the_command_starts_a_session_and_stops_it(tmp_path: Path) -> None:
    """A process of its own, in which no session runs."""
    if java_missing() and os.environ.get("SIGMATOOL_REQUIRE_SPARK") != "1":
        pytest.skip(java_missing())
    random_lines(5).to_parquet(tmp_path / "rows.parquet", index=False)
    asked = ["screen", str(tmp_path / "rows.parquet"), "--stream", "line", "-y", "value", "-x", "at", "--json"]
    told = [sys.executable, "-c", "from sigmatool.cli import main; main()", *asked, "--engine", "spark"]
    ran = subprocess.run([*told, "--master", "local[1]"], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    ours, theirs = json.loads(ran.stdout), json.loads(CliRunner().invoke(main, asked).stdout)
    assert (ours["engine"], theirs["engine"]) == ("spark", "duckdb")
    assert ours["streams"] == theirs["streams"]
    assert ours["provenance"]["data_sha256"] == theirs["provenance"]["data_sha256"]


@pytest.mark.parametrize("group", [None, "shift"])
def test_the_rows_of_chosen_streams(session: Any, group: str | None) -> None:
    table = random_lines(6).assign(shift=lambda t: t["at"].dt.day)
    asked = asked_of("line", "value", "at", None, group, "auto", "nelson", 3.0, *[None] * 6, 0, None, "auto")
    chosen = np.array([True, False, True, True, False, True])
    found = []
    for engine in (DuckEngine(table, asked), SparkEngine(session.createDataFrame(table), asked)):
        with engine:
            engine.streams()
            found.append(Rows.joined(list(engine.ordered(chosen))))
    duck, spark = found
    assert set(duck.stream.tolist()) == {0, 2, 3, 5}
    assert duck.stream.tolist() == spark.stream.tolist()
    assert duck.value.tolist() == spark.value.tolist()


def test_whole_numbers_that_do_not_fit_are_refused(session: Any) -> None:
    table = random_lines(2).assign(value=np.uint64(2**63))
    with pytest.raises(DataError, match="cannot be sent to Spark"):
        st.screen(table, stream="line", value="value", time="at", engine="spark")


def test_what_is_wrong_with_a_frame_is_said(session: Any, tmp_path: Path) -> None:
    frame = session.createDataFrame(random_lines(1))
    asked: dict[str, Any] = {"stream": "line", "value": "value", "time": "at"}
    with pytest.raises(DataError, match="there is no column 'lime' in the table; it has 'line', 'at', 'value'"):
        st.screen(frame, **asked | {"stream": "lime"})
    with pytest.raises(DataError, match="two columns are named 'value'"):
        st.screen(frame.select("*", frame["value"]), **asked)
    with pytest.raises(DataError, match="holds lists or tables"):
        st.screen(frame.selectExpr("array(line) AS line", "at", "value"), **asked)
    with pytest.raises(DataError, match="holds boolean, which cannot order rows"):
        st.screen(frame.selectExpr("line", "value > 0 AS at", "value"), **asked)
    with pytest.raises(DataError, match="is empty in every row"):
        st.screen(frame.selectExpr("'' AS line", "at", "value"), **asked)
    (tmp_path / "broken.parquet").write_bytes(b"no parquet")
    with pytest.raises(DataError, match="Spark cannot read"):
        st.screen(tmp_path / "broken.parquet", **asked, engine="spark")


def test_a_missing_java_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "holds no bin/java" in java_missing()
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    for version, fine in (("1.8.0_402", False), ("11.0.2", False), ("17.0.15", True), ("21", True)):
        java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
        java.chmod(0o755)
        assert (java_missing() == "") is fine, version
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no java is on PATH" in java_missing()
    assert "install a Java runtime" in java_missing()


def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SettingsError, match=re.escape("pip install 'sigmatool[spark]'")):
        spark_session.need_pyspark()
