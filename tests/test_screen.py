"""Screening: every stream as its single chart and its single review, whatever it is fed, and honest in its numbers."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
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
from sigmatool.numbers.ragged import Segments
from sigmatool.numbers.runs import NELSON
from sigmatool.screening import kernel, points
from sigmatool.screening.kernel import OrderError, Rows, Wanted, screened, whole_streams
from sigmatool.screening.result import Screen

START = pd.Timestamp("2026-01-01")


def adversarial() -> dict[str, np.ndarray[Any, Any]]:
    """Streams on which engines disagree, by name; see each for what is hard."""
    rng = np.random.default_rng(5)
    out: dict[str, np.ndarray[Any, Any]] = {
        f"plain {k}": rng.normal(10, 1, int(rng.integers(2, 120))) for k in range(20)
    }
    for k in range(12):
        base = np.tile([0.1, 0.3], 20)
        out[f"plateau on the centre {k}"] = np.insert(base, int(rng.integers(0, 40)), np.repeat(0.2, 15))
    out["constant tenth"], out["constant seven"] = np.full(30, 0.1), np.full(30, 7.0)
    for offset in (1e9, 1e12, 1e15):
        for k in range(3):
            out[f"offset {offset:g} {k}"] = offset + np.round(rng.normal(0, 3, 100), 2)
        out[f"offset plateau {offset:g}"] = offset + np.insert(np.tile([1.0, 3.0], 20), 20, np.repeat(2.0, 15))
    for k in range(8):
        x = rng.normal(5, 2, 80)
        x[rng.random(80) < 0.1] = np.nan
        out[f"gaps {k}"] = x
    out["whole numbers"], out["skewed"] = np.round(rng.normal(0, 1, 200)), rng.exponential(size=300)
    out["a walk"] = np.cumsum(rng.normal(size=200))
    out["tiny"], out["huge"] = rng.normal(size=60) * 1e-70, rng.normal(size=60) * 1e70
    return out


def long_table(streams: dict[str, np.ndarray[Any, Any]], seed: int | None = 1) -> pd.DataFrame:
    """One row a value, streams interleaved and shuffled."""
    pieces = [
        pd.DataFrame({"line": name, "at": START + pd.to_timedelta(np.arange(x.size), "h"), "value": x})
        for name, x in streams.items()
    ]
    table = pd.concat(pieces, ignore_index=True)
    return table if seed is None else table.sample(frac=1, random_state=seed, ignore_index=True)


def row(found: Screen, name: str) -> dict[str, Any]:
    at = found.columns["stream"].tolist().index(name)
    return {column: held[at] for column, held in found.columns.items()}


def agrees(found: dict[str, Any], chart: Any) -> None:
    """A row of a screen against the single chart."""
    location = chart.panels[0].name
    tally = {(t.panel, t.rule): len(t.points) for t in chart.signals.tally()}
    for rule in (f"nelson-{k}" for k in range(1, 9)):
        assert found[f"signals_{rule}"] == tally.get((location, rule), 0), rule
    assert found["signals_spread"] == sum(n for (panel, _), n in tally.items() if panel != location)
    assert found["signals"] == len(chart.signals)
    stage = chart.stages[-1]
    assert (found["kind"], found["n"]) == (chart.kind, stage.n)
    level = abs(stage.center) * 1e-12
    np.testing.assert_allclose(
        [found[name] for name in ("center", "sigma", "lower", "upper")],
        [stage.center, stage.sigma, stage.lower, stage.upper], rtol=1e-10, atol=max(level, 1e-300),
    )  # fmt: skip


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return long_table(adversarial())


def test_screening_is_so_many_single_charts(table: pd.DataFrame) -> None:
    found = st.screen(table, stream="line", value="value", time="at")
    assert not found.refused
    for name, x in adversarial().items():
        agrees(row(found, name), st.control_chart(pd.DataFrame({"v": x}), "i-mr", value="v"))


def test_with_a_rollout_it_is_so_many_staged_charts(table: pd.DataFrame) -> None:
    when = START + pd.Timedelta(hours=25)
    found = st.screen(table, stream="line", value="value", time="at", rollout=when.isoformat())
    judged = 0
    for name, x in adversarial().items():
        if x.size <= 25:
            assert not row(found, name)["staged"]
            continue
        chart = st.control_chart(pd.DataFrame({"v": x}), "i-mr", value="v", rollout=26)
        agrees(row(found, name), chart)
        assert row(found, name)["before_center"] == pytest.approx(chart.stages[0].center, rel=1e-12)
        judged += 1
    assert judged > 40


def test_putting_the_defect_back_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the dead band, the last bit of a mean decides the side of a plateau."""
    mean = np.mean(np.insert(np.tile([0.1, 0.3], 20), 20, np.repeat(0.2, 15)))
    monkeypatch.setattr(runs, "EDGE", 0.0)
    sides = set()
    for bits in (np.nextafter(mean, 0), np.nextafter(mean, 1)):
        sides.add(int(runs.fired(NELSON, np.repeat(0.2, 15), float(bits), 0.1)[1].sum()))
    assert sides != {0}
    monkeypatch.undo()
    for bits in (np.nextafter(mean, 0), np.nextafter(mean, 1)):
        assert not runs.fired(NELSON, np.repeat(0.2, 15), float(bits), 0.1)[1].any()


def subgrouped() -> pd.DataFrame:
    rng, pieces = np.random.default_rng(7), []
    for k in range(24):
        many = int(rng.integers(3, 40))
        sizes = rng.integers(1, 14 if k % 3 else 6, many) if k % 2 else np.full(many, 5)
        group = np.repeat(np.arange(many), sizes)
        value = rng.normal(3, 1, group.size)
        if k % 4 == 0:
            value[rng.random(value.size) < 0.1] = np.nan
        pieces.append(pd.DataFrame({"line": f"s{k}", "batch": group, "value": value}))
    return pd.concat(pieces, ignore_index=True)


def test_subgroups_are_so_many_single_charts() -> None:
    table = subgrouped()
    found = st.screen(table, stream="line", value="value", time="batch", subgroup="batch")
    for name, rows in table.groupby("line"):
        chart = st.control_chart(rows.reset_index(drop=True), value="value", time="batch", subgroup="batch")
        agrees(row(found, str(name)), chart)
    by_number = st.screen(table[table.line == "s1"], stream="line", value="value", subgroup=5)
    agrees(
        row(by_number, "s1"),
        st.control_chart(table[table.line == "s1"].reset_index(drop=True), value="value", subgroup=5),
    )


@pytest.mark.parametrize("kind", ["auto", "u", "laney-u"])
def test_counts_are_so_many_single_charts(kind: str) -> None:
    rng, pieces = np.random.default_rng(11), []
    for k in range(40):
        many = int(rng.integers(3, 60))
        size = rng.integers(50, 300, many) if k % 2 else np.full(many, 100)
        share = 0.1 if k % 3 else np.clip(rng.beta(2, 18, many), 0, 1)
        count = rng.binomial(size, share).astype(float) if k % 5 else rng.poisson(2.5 * size).astype(float)
        if k % 7 == 0:
            count[1] = np.nan
        pieces.append(pd.DataFrame({"line": f"s{k}", "at": np.arange(many), "bad": count, "n": size}))
    pieces += [
        pd.DataFrame({"line": name, "at": np.arange(20), "bad": x, "n": 50})
        for name, x in (("none", 0.0), ("all", 50.0))
    ]
    table = pd.concat(pieces, ignore_index=True)
    found = st.screen(table, stream="line", value="bad", size="n", time="at", kind=kind)
    for name, rows in table.groupby("line"):
        chart = st.control_chart(rows.reset_index(drop=True), kind, value="bad", size="n", time="at")
        agrees(row(found, str(name)), chart)


def test_a_laney_chart_of_nothing_but_defectives_is_drawn() -> None:
    chart = st.control_chart(pd.DataFrame({"bad": [50.0] * 8, "n": 50}), "laney-p", value="bad", size="n")
    assert len(chart.signals) == 0


def test_batches_and_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    lengths = rng.integers(1, 400, 60)
    stream = np.repeat(np.arange(60), lengths).astype(np.int32)
    value, at = rng.normal(size=stream.size), Segments.of_keys(stream).place
    wanted = Wanted(patterns=NELSON, sketch=8)
    whole = screened(Rows(stream, at, value), wanted)
    monkeypatch.setattr(kernel, "BLOCK", 500)
    cuts = np.sort(rng.choice(stream.size, 25, replace=False))
    edges = [0, *cuts.tolist(), stream.size]
    pieces = [Rows(stream[a:b], at[a:b], value[a:b]) for a, b in itertools.pairwise(edges)]
    found = kernel.stacked([screened(piece, wanted) for piece in whole_streams(pieces)])
    for name, held in whole.items():
        np.testing.assert_array_equal(found[name], held, err_msg=name)


def test_no_order_is_taken_on_trust() -> None:
    stream, at = np.array([0, 0, 1, 1], dtype=np.int32), np.array([1, 2, 2, 1])
    with pytest.raises(OrderError, match="time"):
        screened(Rows(stream, at, np.ones(4)), Wanted())
    with pytest.raises(OrderError, match="streams"):
        screened(Rows(stream[::-1], at, np.ones(4)), Wanted())


def test_rows_that_share_a_time_stand_in_the_order_of_their_values_and_are_counted() -> None:
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"line": "a", "at": np.repeat(np.arange(30), 2), "value": rng.normal(size=60)})
    found = st.screen(table, stream="line", value="value", time="at")
    assert row(found, "a")["ties"] == 30
    assert {c.code for c in found.caveats} >= {"time-ties"}
    ordered = table.sort_values(["at", "value"], ignore_index=True)
    agrees(row(found, "a"), st.control_chart(ordered, "i-mr", value="value"))
    again = st.screen(table.sample(frac=1, random_state=3), stream="line", value="value", time="at")
    assert all(np.array_equal(again.columns[c], held) or held.dtype == object or np.isnan(held.astype(float)).any()
               for c, held in found.columns.items())  # fmt: skip


def test_streams_that_cannot_be_charted_say_why() -> None:
    good = np.random.default_rng(1).normal(size=30)
    bad = {"inf": np.r_[good[:5], np.inf], "one": good[:1], "good": good, "empty": np.full(4, np.nan)}
    bad["tiny"] = good * 1e-160
    found = st.screen(long_table(bad), stream="line", value="value", time="at")
    assert found.refused == 4
    assert "infinite" in row(found, "inf")["refused"]
    assert "fewer than two" in row(found, "one")["refused"]
    assert "too small" in row(found, "tiny")["refused"]
    assert np.isnan(row(found, "inf")["center"])
    assert found.rows.read == 71
    assert (found.rows.used, found.rows.missing, found.rows.dropped) == (30, 0, 41)
    assert {"streams-refused"} <= {c.code for c in found.caveats}
    counts = pd.DataFrame(
        {"line": np.repeat(["neg", "over", "size", "fine"], 5), "bad": 1.0, "n": 10.0, "t": [*range(5)] * 4}
    )
    counts.loc[0, "bad"], counts.loc[6, "bad"], counts.loc[11, "n"] = -1, 11, 0
    found = st.screen(counts, stream="line", value="bad", size="n", time="t", kind="p")
    assert {n: bool(row(found, n)["refused"]) for n in ("neg", "over", "size", "fine")} == {
        "neg": True, "over": True, "size": True, "fine": False,
    }  # fmt: skip
    with pytest.raises(DataError, match="none of the 1 streams"):
        st.screen(long_table({"one": good[:1]}), stream="line", value="value", time="at")


def test_rows_without_a_stream_or_a_time_are_dropped_and_said() -> None:
    table = long_table({"a": np.random.default_rng(1).normal(size=40)}, None)
    table.loc[3, "line"], table.loc[4, "line"], table.loc[7, "at"] = None, "  ", pd.NaT
    found = st.screen(table, stream="line", value="value", time="at")
    assert (found.rows.read, found.rows.used, found.rows.dropped) == (40, 37, 3)
    assert {"stream-missing", "time-missing"} <= {c.code for c in found.caveats}


def test_each_stream_has_its_own_specification_and_rollout(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    table = long_table({name: rng.normal(10, 1, 60) for name in ("a", "b", "c")})
    own = pd.DataFrame({"line": ["a", "b"], "lsl": [5.0, None], "usl": [15.0, 12.0], "rollout": ["2026-01-02", None]})
    own.to_csv(tmp_path / "own.csv", index=False)
    for given in (own, str(tmp_path / "own.csv")):
        found = st.screen(table, stream="line", value="value", time="at", streams=given, usl=14)
        assert [row(found, n)["usl"] for n in "abc"] == [15, 12, 14]
        assert [bool(row(found, n)["staged"]) for n in "abc"] == [True, False, False]
        assert np.isnan(row(found, "b")["cp"])
    table["upper"] = table["line"].map({"a": 15.0, "b": 12.0, "c": np.nan})
    found = st.screen(table, stream="line", value="value", time="at", usl="upper")
    chart = st.capability(table[table.line == "b"].sort_values("at"), value="value", usl=12.0)
    assert row(found, "b")["ppk"] == pytest.approx(chart.indices["ppk"].value, rel=1e-10)
    assert row(found, "b")["cpk"] == pytest.approx(chart.indices["cpk"].value, rel=1e-10)
    assert row(found, "b")["cpk_low"] == pytest.approx(chart.indices["cpk"].low, rel=1e-6)
    assert np.isnan(row(found, "c")["ppk"])
    table.loc[table.index[table.line == "a"][0], "upper"] = 99
    found = st.screen(table, stream="line", value="value", time="at", usl="upper")
    assert "two different values of usl" in row(found, "a")["note"]


def ten_sites() -> pd.DataFrame:
    rng = np.random.default_rng(9)
    after = np.arange(60) >= 30
    change = {0: -4.0, 1: -4.0, 2: -4.0, 9: 4.0}
    streams = {f"site {k}": rng.normal(20, 2, 60) + change.get(k, 0.0) * after for k in range(10)}
    return long_table(streams)


def test_a_verdict_is_that_of_the_single_review() -> None:
    table, when = ten_sites(), "2026-01-02T06:00"
    found = st.screen(table, stream="line", value="value", time="at", rollout=when, better="lower")
    each = st.review_each(table, by="line", value="value", time="at", rollout=when, better="lower")
    for s in each.streams:
        mine = row(found, s.stream)
        assert (mine["verdict"], mine["claimed"], mine["harm"], mine["sentence"]) == (
            s.verdict,
            s.claimed,
            s.harm,
            s.sentence,
        )
        assert mine["q_better"] == pytest.approx(s.p_adjusted, rel=1e-9)
    assert found.columns["stream"][0] == "site 9"
    assert found.columns["harm"][0]
    assert (found.claimed, found.harmed) == (3, 1)
    one = st.drill(table, "site 9", stream="line", value="value", time="at", rollout=when, better="lower")
    assert one.verdict == row(found, "site 9")["verdict"]
    assert "--drill 'site 9'" in one.provenance.command
    plain = st.drill(table, "site 9", stream="line", value="value", time="at")
    agrees(row(st.screen(table, stream="line", value="value", time="at"), "site 9"), plain)
    with pytest.raises(DataError, match="did you mean"):
        st.drill(table, "site nine", stream="line", value="value", time="at")


def test_workers_make_no_difference() -> None:
    table, when = ten_sites(), "2026-01-02T06:00"
    one, two = (
        st.screen(table, stream="line", value="value", time="at", rollout=when, better="lower", workers=k)
        for k in (1, 2)
    )
    assert one.to_dict() == two.to_dict()


@pytest.mark.parametrize("kind", ["values", "counts", "subgroups"])
def test_of_the_streams_called_unstable_few_are_steady(kind: str) -> None:
    """900 steady streams and 100 that shift, over and over: the false-discovery rate stays within its 5 %."""
    rng, shares, found_all = np.random.default_rng(20261126), [], 0
    for _ in range(12):
        n = 60
        shift = np.zeros((1000, n))
        shift[:100, n // 2 :] = 1.0
        stream = np.repeat(np.arange(1000), n).astype(np.int32)
        at = np.tile(np.arange(n), 1000)
        if kind == "values":
            rows, wanted = Rows(stream, at, (rng.normal(size=(1000, n)) + 1.5 * shift).ravel()), Wanted(patterns=NELSON)
        elif kind == "counts":
            count = rng.binomial(200, 0.1 + 0.06 * shift).astype(float).ravel()
            rows, wanted = Rows(stream, at, count, np.full(count.size, 200.0)), Wanted(patterns=NELSON, counts=True)
        else:
            value = rng.normal(size=(1000, n, 4)) + 0.8 * shift[:, :, None]
            rows = Rows(np.repeat(stream, 4), np.repeat(at, 4), value.ravel(), group=np.repeat(at, 4))
            wanted = Wanted(patterns=NELSON)
        p = screened(rows, wanted)["now_p"]
        from sigmatool.numbers.multiple import benjamini_hochberg

        called = benjamini_hochberg(p) <= 0.05
        shares.append(called[100:].sum() / max(called.sum(), 1))
        found_all += int(called[:100].sum())
    assert np.mean(shares) <= 0.055
    assert found_all > 0.6 * 1200


def test_how_many_signal_by_chance_is_what_steady_streams_do() -> None:
    rng = np.random.default_rng(8)
    streams = {f"s{k}": rng.normal(size=int(rng.integers(10, 90))) for k in range(600)}
    found = st.screen(long_table(streams), stream="line", value="value", time="at")
    assert abs(found.signalled - found.chance) < 4 * np.sqrt(600 * 0.25)
    assert f"{found.signalled:,} signalled" in found.headline
    only = st.screen(long_table(streams), stream="line", value="value", time="at", rules="none")
    assert (only.signalled, only.chance) == (0, 0)


# --- sources


def same(a: Screen, b: Screen) -> None:
    held, other = a.to_frame(), b.to_frame()
    pd.testing.assert_frame_equal(held, other, check_dtype=False)


def test_every_source_gives_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    table = long_table({f"line {k}": np.round(rng.normal(10, 1, 50), 3) for k in range(6)})
    want = st.screen(table, stream="line", value="value", time="at")
    table.to_parquet(tmp_path / "a[1]*.parquet")
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_csv(tmp_path / "a.csv.gz", index=False)
    table.to_excel(tmp_path / "a.xlsx", index=False)
    pq.write_to_dataset(pa.Table.from_pandas(table), str(tmp_path / "parts"), partition_cols=["line"])
    half = len(table) // 2
    (tmp_path / "glob").mkdir()
    table[:half].to_parquet(tmp_path / "glob/1.parquet")
    table[half:].to_parquet(tmp_path / "glob/2.parquet")
    with sqlite3.connect(tmp_path / "a.db") as con:
        table.assign(at=table["at"].astype(str)).to_sql("fills", con, index=False)
    with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
        con.register("t", table)
        con.execute("CREATE TABLE fills AS SELECT * FROM t")
    query = 'SELECT line, "at", value FROM fills'
    for source, more in (
        (tmp_path / "a[1]*.parquet", {}), (tmp_path / "a.csv", {}), (tmp_path / "a.csv.gz", {}),
        (tmp_path / "a.xlsx", {}),
        (tmp_path / "parts", {}), (f"{tmp_path}/glob/*.parquet", {}), (f"sqlite:///{tmp_path}/a.db", {"query": query}),
        (tmp_path / "a.duckdb", {"query": query}), (pa.Table.from_pandas(table), {}),
    ):  # fmt: skip
        same(st.screen(source, stream="line", value="value", time="at", **more), want)


def test_a_large_text_is_streamed_and_its_first_wrong_cell_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sigmatool.screening import tables

    monkeypatch.setattr(tables, "SMALL", 0)
    table = long_table({"a": np.round(np.random.default_rng(1).normal(size=50), 3)})
    table.to_csv(tmp_path / "a.csv", index=False)
    same(
        st.screen(tmp_path / "a.csv", stream="line", value="value", time="at"),
        st.screen(table, stream="line", value="value", time="at"),
    )
    table["value"] = table["value"].astype(object)
    table.loc[30, "value"] = "n/k"
    table.to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(DataError, match=r"'n/k' in row 31"):
        st.screen(tmp_path / "b.csv", stream="line", value="value", time="at")


def test_an_answer_of_a_database_is_never_rounded(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as con:
        con.execute("CREATE TABLE t (line TEXT, at INTEGER, value)")
        con.executemany("INSERT INTO t VALUES ('a', ?, ?)", [(k, k % 3) for k in range(50_000)])
        con.executemany("INSERT INTO t VALUES ('a', ?, ?)", [(50_000 + k, 0.5) for k in range(10)])
    found = st.screen(f"sqlite:///{tmp_path}/a.db", stream="line", value="value", time="at", query="SELECT * FROM t")
    assert row(found, "a")["center"] == pytest.approx((sum(k % 3 for k in range(50_000)) + 5) / 50_010, rel=1e-12)


HOSTILE = [
    'a"; DROP TABLE streams; --',
    "it's",
    "<img src=x onerror=alert(1)>",
    "=1+1",
    "`x`",
    "Ünïcødé 漢字",
    " lead",
    "a\nb",
]


def test_names_from_strangers_are_quoted_never_run(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    base = long_table({name: rng.normal(size=30) for name in HOSTILE})
    want = st.screen(base, stream="line", value="value", time="at")
    assert set(want.columns["stream"]) == set(HOSTILE)
    for evil in HOSTILE:
        table = base.rename(columns={"line": evil, "value": evil + "v", "at": evil + "t"})
        found = st.screen(table, stream=evil, value=evil + "v", time=evil + "t")
        assert found.columns["center"].tolist() == want.columns["center"].tolist()
    folder = tmp_path / "it's; DROP"
    folder.mkdir()
    base.to_parquet(folder / "x'y.parquet")
    same(st.screen(folder / "x'y.parquet", stream="line", value="value", time="at"), want)
    same(st.screen(folder, stream="line", value="value", time="at"), want)


@pytest.mark.parametrize(
    "query",
    ["SELECT * FROM read_csv('/etc/passwd')", "COPY t TO '/tmp/x.csv'", "SELECT 1; DROP TABLE t", "ATTACH 'x.db'",
     "SELECT * FROM read_text('/etc/hostname')", "INSTALL httpfs"],
)  # fmt: skip
def test_a_query_reaches_nothing_but_its_database(tmp_path: Path, query: str) -> None:
    with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
        con.execute("CREATE TABLE t AS SELECT 'a' AS line, i AS at, i % 5 AS value FROM range(30) r(i)")
    with pytest.raises((DataError, SettingsError)):
        st.screen(tmp_path / "a.duckdb", stream="line", value="value", time="at", query=query)


def test_times_in_every_form() -> None:
    x = np.random.default_rng(1).normal(size=40)
    want = None
    stamps = START + pd.to_timedelta(np.arange(40), "D")
    forms = {
        "dates": stamps, "texts": stamps.strftime("%Y-%m-%d"), "day first": stamps.strftime("%d.%m.%Y"),
        "numbers": stamps.strftime("%Y%m%d").astype(int), "zoned": stamps.tz_localize("America/New_York"),
        "days": [s.date() for s in stamps],
    }  # fmt: skip
    for name, form in forms.items():
        table = pd.DataFrame({"line": "a", "at": form, "value": x}).sample(frac=1, random_state=1, ignore_index=True)
        found = st.screen(table, stream="line", value="value", time="at", rollout="2026-01-21")
        here = row(found, "a")
        want = want or here
        assert here["signals"] == want["signals"], name
        assert here["before_n"] == 20, name
    with pytest.raises(DataError, match="neither a date nor a number"):
        st.screen(
            pd.DataFrame({"line": "a", "at": ["x", "y", "z"], "value": x[:3]}), stream="line", value="value", time="at"
        )


def test_the_night_the_clocks_go_back_keeps_its_order() -> None:
    at = pd.date_range("2025-11-02 04:00", periods=12, freq="30min", tz="UTC").tz_convert("America/New_York")
    x = np.random.default_rng(1).normal(size=12)
    table = pd.DataFrame({"line": "a", "at": at, "value": x}).sample(frac=1, random_state=4)
    found = st.screen(table, stream="line", value="value", time="at")
    agrees(row(found, "a"), st.control_chart(pd.DataFrame({"v": x}), "i-mr", value="v"))
    assert row(found, "a")["ties"] == 0


def test_numbers_name_streams_as_people_write_them() -> None:
    x = np.random.default_rng(1).normal(size=60)
    table = pd.DataFrame({"line": np.repeat([7.0, 8.5], 30), "value": x})
    assert set(st.screen(table, stream="line", value="value").columns["stream"]) == {"7", "8.5"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"kind": "cusum"}, "kind"), ({"kind": "p"}, "size"), ({"engine": "dask"}, "engine"), ({"nsigma": 0}, "nsigma"),
        ({"rules": "anhoej"}, "anhoej"), ({"lsl": "nowhere"}, "nowhere"), ({"better": "lower"}, "rollout"),
        ({"worthwhile": 2}, "better"), ({"memory_limit": "lots"}, "memory_limit"), ({"master": "local"}, "spark"),
        ({"query": "SELECT 1"}, "query"), ({"streams": pd.DataFrame({"x": [1]})}, "streams"),
    ],
)  # fmt: skip
def test_settings_that_contradict_are_refused(settings: dict[str, Any], told: str) -> None:
    table = long_table({"a": np.random.default_rng(1).normal(size=30)})
    with pytest.raises((SettingsError, DataError), match=told):
        st.screen(table, stream="line", value="value", time="at", **settings)


@pytest.mark.parametrize("name", ["stream", "value", "time"])
def test_a_missing_column_is_named(name: str, tmp_path: Path) -> None:
    table = long_table({"a": np.random.default_rng(1).normal(size=30)})
    table.to_parquet(tmp_path / "a.parquet")
    asked = {"stream": "line", "value": "value", "time": "at", name: "nowhere"}
    for source in (table, tmp_path / "a.parquet"):
        with pytest.raises(DataError, match="nowhere"):
            st.screen(source, **asked)


# --- larger than memory, interrupted


def test_the_sort_spills_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    n = 400
    rng = np.random.default_rng(1)
    table = pa.table(
        {
            "line": np.tile(np.arange(5_000), n),
            "at": np.repeat(np.arange(n), 5_000),
            "value": rng.normal(size=5_000 * n),
        }
    )
    pq.write_table(table, tmp_path / "big.parquet")
    found = st.screen(tmp_path / "big.parquet", stream="line", value="value", time="at", memory_limit="60MB", workers=1)
    assert found.screened == 5_000
    assert [p.name for p in tmp_path.iterdir()] == ["big.parquet"]


def test_an_interrupted_run_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    table = long_table({f"s{k:03d}": rng.normal(size=60) for k in range(150)})
    table.to_parquet(tmp_path / "a.parquet")
    words = f"{tmp_path}/a.parquet --stream line -y value -x at --rollout 2026-01-02T06:00 --better lower --workers 1"
    arguments = [*words.split(), "--json", "--resume", str(tmp_path / "kept")]
    run = [sys.executable, "-c", "from sigmatool.cli import main; main()", "screen", *arguments]
    first = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kept = tmp_path / "kept"
    for _ in range(600):
        held = list(kept.glob(".sigmatool-screen-*")) if kept.is_dir() else []
        if held and held[0].read_bytes().count(b"\n") > 20:
            break
        time.sleep(0.05)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    left = next(kept.glob(".sigmatool-screen-*"))
    done = left.read_bytes().count(b"\n") - 1
    assert 20 <= done < 150
    # as a kill may leave it: the last line torn
    left.write_bytes(left.read_bytes() + b'{"stream": 149, "verd')
    again = CliRunner().invoke(main, ["screen", *arguments])
    assert again.exit_code == 0, again.output
    whole = CliRunner().invoke(main, ["screen", *arguments[:-1], str(tmp_path / "other")])
    assert json.loads(again.stdout) == json.loads(whole.stdout)
    assert not list(kept.iterdir())


def test_a_run_of_other_data_takes_nothing_up(tmp_path: Path) -> None:
    from sigmatool.screening.verdicts import Kept

    ours, other = Kept(tmp_path, "a" * 64), Kept(tmp_path, "a" * 16 + "b" * 48)
    from sigmatool.review.each_work import refusal

    ours.add(3, refusal(7, "none"))
    ours.close()
    assert set(ours.read()) == {3}
    assert other.read() == {}


# --- what leaves


def test_everything_as_a_table(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    found = st.screen(long_table({"=1+1": rng.normal(size=30), "b": rng.normal(size=30)}), stream="line", value="value")
    for name in ("all.csv", "all.parquet"):
        found.write_table(tmp_path / name)
    read = pd.read_csv(tmp_path / "all.csv")
    assert "'=1+1" in read["stream"].tolist()
    assert "=1+1" in pd.read_parquet(tmp_path / "all.parquet")["stream"].tolist()
    assert len(read) == 2
    with pytest.raises(SettingsError, match=r"\.csv or \.parquet"):
        found.write_table(tmp_path / "all.txt")


def test_the_command_screens_drills_and_gates(tmp_path: Path) -> None:
    table = ten_sites()
    table.to_csv(tmp_path / "a.csv", index=False)
    arguments = [
        "screen",
        str(tmp_path / "a.csv"),
        "--stream",
        "line",
        "-y",
        "value",
        "-x",
        "at",
        "--rollout",
        "2026-01-02T06:00",
    ]
    done = CliRunner().invoke(
        main,
        [
            *arguments,
            "--better",
            "lower",
            "--table",
            str(tmp_path / "t.csv"),
            "--fail-on",
            "worse",
            "-o",
            str(tmp_path / "r.json"),
        ],
    )
    assert done.exit_code == 1, done.output
    held = json.loads((tmp_path / "r.json").read_text())
    assert held["schema"] == "sigmatool.screen/1"
    assert held["streams"]["stream"][0] == "site 9"
    assert len(pd.read_csv(tmp_path / "t.csv")) == 10
    one = CliRunner().invoke(main, [*arguments, "--drill", "site 9", "--json"])
    assert json.loads(one.stdout)["schema"] == "sigmatool.chart/1"


def test_the_mean_of_a_high_level_costs_no_digits() -> None:
    x = 1e15 + np.array([1.0, 2.0, 3.0])
    assert points.mean_of(x, None, Segments(np.array([0]), 3)).tolist() == [1e15 + 2]
