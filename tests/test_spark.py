"""The engine Spark against the default one: a real local session, every stream, every number."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers import runs
from sigmatool.screening.result import Screen
from test_screen import HOSTILE, adversarial, long_table, row, subgrouped, ten_sites

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        if os.environ.get("SIGMATOOL_REQUIRE_SPARK"):
            pytest.fail("no Java: the engine spark was not tested")
        pytest.skip("no Java on this machine: the engine spark is not tested")
    from sigmatool.screening.spark_session import session_of

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session, _ = session_of("local[2]")
    yield session
    session.stop()


def alike(ours: Screen, theirs: Screen) -> None:
    """Every stream and every number: counts exactly, the rest to 1e-10."""
    assert set(ours.columns) == set(theirs.columns)
    assert ours.columns["stream"].tolist() == theirs.columns["stream"].tolist()
    for name, held in ours.columns.items():
        other = theirs.columns[name]
        if held.dtype.kind == "f":
            np.testing.assert_allclose(other, held, rtol=1e-10, atol=1e-12, err_msg=name)
        else:
            np.testing.assert_array_equal(other, held, err_msg=name)
    assert [c.text for c in ours.caveats] == [c.text for c in theirs.caveats]
    assert ours.rows == theirs.rows
    for name, drawn in ours.sketches.items():
        np.testing.assert_allclose(theirs.sketches[name], drawn, rtol=1e-12)


def both(spark: Any, folder: Path, table: pd.DataFrame, **asked: Any) -> tuple[Screen, Screen]:
    """The same Parquet file by both engines."""
    file = folder / "rows.parquet"
    table.to_parquet(file, index=False)
    ours, theirs = st.screen(file, **asked), st.screen(file, engine="spark", **asked)
    assert (ours.engine, theirs.engine) == ("duckdb", "spark")
    return ours, theirs


ASKED = {"stream": "line", "value": "value", "time": "at"}


def hard() -> pd.DataFrame:
    """All that engines disagree on, in one table."""
    rng, streams = np.random.default_rng(3), adversarial()
    streams |= {name: rng.normal(size=30) for name in HOSTILE}
    streams |= {
        "one row": np.array([1.0]),
        "infinite": np.r_[rng.normal(size=5), np.inf],
        "nothing": np.full(5, np.nan),
    }
    table = long_table(streams)
    ties = table["line"].str.startswith("plain 1")
    table.loc[ties, "at"] = table.loc[ties, "at"].dt.floor("3h")
    table.loc[5, "line"], table.loc[6, "line"], table.loc[7, "at"] = None, "   ", pd.NaT
    return table


def test_every_number_of_every_hard_stream(spark: Any, tmp_path: Path) -> None:
    alike(*both(spark, tmp_path, hard(), **ASKED, lsl=-5, usl=25))


def test_with_a_rollout_of_each_stream(spark: Any, tmp_path: Path) -> None:
    table = hard()
    table["live"] = pd.Timestamp("2026-01-02T01:00")
    table.loc[table["line"].str.startswith("gaps", na=False), "live"] = pd.NaT
    table.loc[table["line"] == "skewed", "live"] = pd.Timestamp("2031-01-01")
    alike(*both(spark, tmp_path, table, **ASKED, rollout="live"))


def test_putting_a_defect_back_is_seen(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One engine without the dead band: the comparison above would fail."""
    from sigmatool.screening import measured, points

    table = long_table({k: v for k, v in adversarial().items() if "plateau" in k or "constant" in k})
    ours, theirs = both(spark, tmp_path, table, **ASKED)
    alike(ours, theirs)
    for module in (runs, measured, points):
        monkeypatch.setattr(module, "EDGE", -1e-9)
    with pytest.raises(AssertionError):
        alike(st.screen(tmp_path / "rows.parquet", **ASKED), theirs)


def test_subgroups_and_counts(spark: Any, tmp_path: Path) -> None:
    asked = {"stream": "line", "value": "value", "time": "batch", "subgroup": "batch"}
    alike(*both(spark, tmp_path, subgrouped(), **asked))
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"line": np.repeat(np.arange(30), 40), "at": np.tile(np.arange(40), 30)})
    table["n"] = rng.integers(50, 200, len(table))
    table["bad"] = rng.binomial(table["n"], np.where(table["line"] % 2, 0.1, rng.beta(2, 18, len(table))))
    table.loc[table["line"] == 7, "bad"] = table["n"] + 1
    table.loc[3, "bad"] = -1
    for kind in ("auto", "p", "laney-u"):
        alike(*both(spark, tmp_path, table, stream="line", value="bad", size="n", time="at", kind=kind))


@pytest.mark.parametrize("form", ["zoned", "dates", "texts", "numbers", "floats"])
def test_times_in_every_form(spark: Any, tmp_path: Path, form: str) -> None:
    stamps = pd.date_range("2025-11-01", periods=40, freq="D")
    held = {
        "zoned": pd.date_range("2025-11-02 04:00", periods=40, freq="30min", tz="UTC").tz_convert("America/New_York"),
        "dates": [s.date() for s in stamps], "texts": stamps.strftime("%d.%m.%Y"),
        "numbers": stamps.strftime("%Y%m%d").astype(int), "floats": np.arange(40) / 4,
    }[form]  # fmt: skip
    table = pd.DataFrame({"line": "a", "at": held, "value": np.random.default_rng(1).normal(size=40)})
    when = {"zoned": "2025-11-02T06:30", "floats": 4.0}.get(form, "2025-11-15")
    alike(*both(spark, tmp_path, table.sample(frac=1, random_state=2), **ASKED, rollout=when))


def test_a_session_in_another_zone_changes_nothing(spark: Any, tmp_path: Path) -> None:
    table = long_table({"a": np.random.default_rng(1).normal(size=60)})
    ours, _ = both(spark, tmp_path, table, **ASKED, rollout="2026-01-02T06:00")
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        frame = spark.read.parquet(str(tmp_path / "rows.parquet"))
        theirs = st.screen(frame, **ASKED, rollout="2026-01-02T06:00")
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")
    for name in ("signals", "before_n", "center"):
        assert theirs.columns[name].tolist() == ours.columns[name].tolist()
    assert spark.range(3).count() == 3, "the user's session goes on"


def test_verdicts_are_the_same(spark: Any, tmp_path: Path) -> None:
    ours, theirs = both(spark, tmp_path, ten_sites(), **ASKED, rollout="2026-01-02T06:00", better="lower")
    alike(ours, theirs)
    assert theirs.columns["sentence"].tolist() == ours.columns["sentence"].tolist()
    assert theirs.claimed == 3


def test_a_frame_of_a_session_and_the_way_back(spark: Any) -> None:
    table = long_table({'it\'s "`quoted`"': np.random.default_rng(1).normal(size=40), "b": np.full(40, 2.0)})
    table = table.rename(columns={"line": "li`ne.x", "value": "v.1"})
    frame = spark.createDataFrame(table)
    found = st.screen(frame, stream="li`ne.x", value="v.1", time="at")
    assert (
        found.provenance.data_sha256
        == st.screen(frame, stream="li`ne.x", value="v.1", time="at").provenance.data_sha256
    )
    back = found.to_spark(spark)
    rows = {r["stream"]: r for r in back.collect()}
    assert rows["b"]["sigma"] == 0.0
    assert rows["b"]["stability_index"] is None
    assert rows['it\'s "`quoted`"']["signals"] == row(found, 'it\'s "`quoted`"')["signals"]


def test_what_spark_cannot_do_is_said(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = long_table({"a": np.random.default_rng(1).normal(size=30)})
    table.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(SettingsError, match="order of rows"):
        st.screen(tmp_path / "a.parquet", stream="line", value="value", engine="spark")
    with pytest.raises(SettingsError, match="its own session"):
        st.screen(spark.createDataFrame(table), **ASKED, master="local[1]")
    with pytest.raises(DataError, match="nowhere"):
        st.screen(spark.createDataFrame(table), stream="nowhere", value="value", time="at")
    wrong = table.astype({"value": object})
    wrong["value"] = wrong["value"].astype(str)
    wrong.loc[3, "value"] = "n/k"
    with pytest.raises(DataError, match="'n/k' in stream 'a'"):
        st.screen(spark.createDataFrame(wrong), **ASKED)


def test_a_missing_java_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from sigmatool.screening import spark_session

    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SettingsError, match="needs Java 17 or newer"):
        spark_session._check_java()
