"""The monitor: each row counts once, each signal is told once, and the chart is that of ``control_chart``."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as some

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.monitoring.formats import FORMATS
from sigmatool.monitoring.monitor import Watch, monitor
from sigmatool.monitoring.signals import acknowledge, read_signals
from sigmatool.monitoring.store import Store

HEAD = 'schema = "sigmatool.control-plan/1"\nplan = "CP-1"\nowner = "A. Okoro"\n[[characteristic]]\nname = "wait"\n'
NOW = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)
DAYS = pd.date_range("2026-01-01", periods=200).strftime("%Y-%m-%d")
RNG = np.random.default_rng(20261126)
BASE = pd.DataFrame({"day": DAYS[:40], "wait": RNG.normal(10, 1, 40)})
NEW = pd.DataFrame({"day": DAYS[40:], "wait": np.r_[RNG.normal(10, 1, 100), RNG.normal(12, 1, 60)]})
WORDS = 'source = "new"\nvalue = "wait"\ntime = "day"\n'
SIGMATOOL = [sys.executable, "-c", "from sigmatool.cli import main; main()"]
REACT = '[[characteristic.reaction]]\nrules = ["nelson-1"]\ndo = "Stop"\nowner = "B"\ndeadline = "4 hours"\n'


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    chart = st.control_chart(BASE, "i-mr", value="wait", time="day")
    st.freeze_limits(chart, tmp_path / "wait.toml", by="A", reason="steady", force=True, at=NOW)
    return written(tmp_path, WORDS)


def written(folder: Path, data: str, more: str = REACT) -> Path:
    path = folder / "plan.toml"
    path.write_text(f'{HEAD}limits = "wait.toml"\n[characteristic.data]\n{data}{more}')
    return path


def charted(frame: pd.DataFrame, folder: Path) -> set[tuple[str, str, str]]:
    """What control_chart says of the same points: panel, rule, label."""
    chart = st.control_chart(frame, value="wait", time="day", limits=folder / "wait.toml")
    return {(s.panel, s.rule, str(chart.axis.labels[s.point - 1])) for s in chart.signals}


def standing(state: Path) -> set[tuple[str, str, str]]:
    held = read_signals(state).signals
    return {(s["panel"], s["rule"], s["label"]) for s in held if s["withdrawn_at"] is None}


def test_a_monitored_stream_is_the_chart_of_the_same_points(plan: Path) -> None:
    found = monitor(plan, data=NEW, at=NOW)
    chart = st.control_chart(NEW, value="wait", time="day", limits=plan.parent / "wait.toml")
    mine = found.watched[0].chart
    assert mine is not None
    for ours, theirs in zip(mine.panels, chart.panels, strict=True):
        for line in ("value", "center", "lower", "upper", "sigma"):
            np.testing.assert_array_equal(getattr(ours, line), getattr(theirs, line))
    assert list(mine.signals) == list(chart.signals)
    told = {(a.panel, a.rule, a.label) for a in found.alarms}
    assert told == charted(NEW, plan.parent) == standing(plan.parent / "monitor.sqlite")
    assert len(told) > 10


COUNTED = pd.DataFrame({"wait": RNG.integers(2, 30, 200), "n": 100})
MEASURED = pd.DataFrame({"wait": RNG.normal(5, 1, 200)})
SIZED = {"value": "wait", "size": "n", "time": "day"}
ALONE = {"value": "wait", "time": "day"}
KINDS: list[tuple[str, dict[str, Any], pd.DataFrame]] = [
    ("p", SIZED, COUNTED),
    ("u", SIZED, COUNTED),
    ("laney-p", SIZED, COUNTED),
    ("c", ALONE, COUNTED),
    ("ewma(weight=0.2)", ALONE, MEASURED),
    ("cusum", ALONE, MEASURED),
]


@pytest.mark.parametrize(("kind", "columns", "frame"), KINDS, ids=[k[0] for k in KINDS])
def test_every_kind_agrees_in_pieces(kind: str, columns: dict[str, Any], frame: pd.DataFrame, tmp_path: Path) -> None:
    frame = frame.assign(day=DAYS)
    base = st.control_chart(frame[:40], kind, **columns)
    st.freeze_limits(base, tmp_path / "wait.toml", by="A", reason="r", force=True, at=NOW)
    plan = written(tmp_path, 'source = "new"\n' + "".join(f'{k} = "{v}"\n' for k, v in columns.items()))
    for first in range(40, 200, 37):
        found = monitor(plan, data=frame[first : first + 37], at=NOW)
    chart = st.control_chart(frame[40:], limits=tmp_path / "wait.toml", **columns)
    mine = found.watched[0].chart
    assert mine is not None
    np.testing.assert_array_equal(mine.panels[0].value, chart.panels[0].value)
    assert list(mine.signals) == list(chart.signals)


@settings(max_examples=25, deadline=None)
@given(seed=some.integers(0, 10**6), pieces=some.integers(1, 6))
def test_any_order_of_arrival_ends_in_the_same_state(
    seed: int, pieces: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("order")
    st.freeze_limits(
        st.control_chart(BASE, "i-mr", value="wait", time="day"),
        folder / "wait.toml", by="A", reason="r", force=True, at=NOW,
    )  # fmt: skip
    plan = written(folder, WORDS)
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(NEW))
    for piece in np.array_split(rows, pieces):
        # every piece overlaps with what was sent before
        again = rng.choice(rows, 10)
        sent = np.unique(np.r_[piece, again])
        monitor(plan, data=NEW.iloc[rng.permutation(sent)], at=NOW)
    assert standing(folder / "monitor.sqlite") == charted(NEW, folder)


def test_rows_that_come_again_count_once(plan: Path) -> None:
    first = monitor(plan, data=NEW[:100], at=NOW).watched[0]
    second = monitor(plan, data=NEW[50:], at=NOW).watched[0]
    assert (first.new, first.repeated, second.new, second.repeated) == (100, 0, 60, 50)
    third = monitor(plan, data=pd.concat([BASE, NEW]), at=NOW)
    assert (third.watched[0].new, third.watched[0].repeated, third.watched[0].before) == (0, 160, 40)
    assert not third.alarms
    assert third.rows.read == 200 == third.rows.used + third.rows.excluded + third.rows.dropped + third.rows.missing


def test_late_and_corrected_rows_leave_a_record_of_both(plan: Path) -> None:
    wrong = NEW.assign(wait=NEW["wait"].where(NEW.index != 30, 99.0)).drop(index=20)
    before = monitor(plan, data=wrong, at=NOW)
    assert any(a.label == NEW["day"][30] and a.rule == "nelson-1" for a in before.alarms)
    after = monitor(plan, data=NEW, at=NOW)
    assert (after.watched[0].late, after.watched[0].corrected, after.watched[0].new) == (1, 1, 1)
    assert after.watched[0].withdrawn >= 1
    assert standing(plan.parent / "monitor.sqlite") == charted(NEW, plan.parent)
    held = {c["kind"]: c for c in read_signals(plan.parent / "monitor.sqlite").changes}
    assert (held["corrected"]["was"], held["corrected"]["now"]) == (99.0, NEW["wait"][30])
    assert (held["late"]["label"], held["late"]["now"]) == (NEW["day"][20], NEW["wait"][20])
    filled = NEW.assign(wait=NEW["wait"].where(NEW.index != 5, np.nan))
    assert monitor(plan, data=filled, at=NOW).watched[0].corrected == 1
    empty = monitor(plan, data=filled, at=NOW, state=plan.parent / "other.sqlite")
    assert (empty.rows.read, empty.rows.used, empty.rows.missing) == (160, 159, 1)
    assert standing(plan.parent / "monitor.sqlite") == charted(filled, plan.parent)


def test_a_signal_says_what_to_do_who_and_by_when(plan: Path) -> None:
    found = monitor(plan, data=NEW, at=NOW)
    beyond = next(a for a in found.alarms if a.rule == "nelson-1")
    assert (beyond.do, beyond.owner, beyond.due) == ("Stop", "B", "2026-11-26T12:00:00+00:00")
    other = next(a for a in found.alarms if a.rule != "nelson-1")
    assert (other.do, other.owner, other.due) == ("", "A. Okoro", "")
    assert found.code == 1
    assert monitor(plan, data=NEW, at=NOW).code == 0


def test_a_run_that_could_not_tell_tells_in_the_next_one(plan: Path) -> None:
    first: list[int] = []
    with pytest.raises(BrokenPipeError):
        _tell_nobody(plan, first)
    again = monitor(plan, data=NEW, at=NOW)
    assert [a.number for a in again.alarms] == first
    assert all(a.again for a in again.alarms)
    assert not monitor(plan, data=NEW, at=NOW).alarms


def _tell_nobody(plan: Path, numbers: list[int]) -> None:
    with Watch(plan, data=NEW, at=NOW) as watch:
        numbers += [a.number for a in watch.result.alarms]
        raise BrokenPipeError


def test_nothing_to_judge_is_no_all_clear(plan: Path) -> None:
    empty = monitor(plan, data=BASE, at=NOW)
    assert (empty.code, empty.watched[0].before) == (4, 40)
    assert "no point to judge yet" in empty.headline


def refused(plan: Path, data: Any, told: str, error: type[Exception] = DataError) -> None:
    state = plan.parent / "monitor.sqlite"
    known = monitor(plan, data=NEW[:50], at=NOW).watched[0].rows_known
    with pytest.raises(error, match=told):
        monitor(plan, data=data, at=NOW)
    assert monitor(plan, data=NEW[:50], at=NOW).watched[0].rows_known == known
    assert state.is_file()


def test_what_cannot_be_judged_is_refused_whole(plan: Path) -> None:
    refused(plan, pd.concat([NEW[50:60], NEW[55:56]]), "in more than one row, so a row that comes again")
    refused(plan, NEW[50:60].assign(wait=["x"] * 10), "column 'wait'")
    refused(plan, NEW[50:60].assign(wait=np.inf), "infinite in row 1")
    refused(plan, NEW[50:60].rename(columns={"wait": "weight"}), "no column 'wait': did you mean")
    refused(plan, NEW[50:60].assign(day=[f"0{i + 1}/02/2027" for i in range(9)] + ["10/02/2027"]), "day from month")
    refused(plan, NEW[50:60].assign(day=range(10)), "held times and now holds numbers")


def test_a_key_tells_rows_apart_and_its_corrections_count(tmp_path: Path) -> None:
    fills = st.datasets.load("filling").assign(id=lambda f: range(len(f)))
    chart = st.control_chart(fills[:200], value="fill_ml", subgroup="sample")
    st.freeze_limits(chart, tmp_path / "wait.toml", by="A", reason="r", force=True, at=NOW)
    plan = written(tmp_path, 'source = "n"\nvalue = "fill_ml"\nsubgroup = "sample"\nkey = "id"\n', "")
    rows = fills[200:].sample(frac=1, random_state=1)
    monitor(plan, data=rows[:90], at=NOW)
    last = monitor(plan, data=rows[60:], at=NOW).watched[0]
    chart = st.control_chart(fills[200:], value="fill_ml", subgroup="sample", limits=tmp_path / "wait.toml")
    assert last.chart is not None
    np.testing.assert_allclose(last.chart.panels[0].value, chart.panels[0].value, rtol=1e-14)
    assert [(s.rule, s.point) for s in last.chart.signals] == [(s.rule, s.point) for s in chart.signals]
    assert (last.repeated, last.corrected) == (30, 0)


def test_a_subgroup_without_a_key_may_grow_but_not_change(tmp_path: Path) -> None:
    fills = st.datasets.load("filling")
    chart = st.control_chart(fills[:200], value="fill_ml", subgroup="sample")
    st.freeze_limits(chart, tmp_path / "wait.toml", by="A", reason="r", force=True, at=NOW)
    plan = written(tmp_path, 'source = "n"\nvalue = "fill_ml"\nsubgroup = "sample"\n', "")
    monitor(plan, data=fills[200:223], at=NOW)
    grown = monitor(plan, data=fills[205:260], at=NOW).watched[0]
    assert (grown.new, grown.repeated, grown.late) == (37, 18, 2)
    with pytest.raises(DataError, match=r"subgroup '\d+' \(sample\) was counted with 5 values and comes again with 2"):
        monitor(plan, data=fills[256:258], at=NOW)
    plan.write_text(plan.read_text().replace('subgroup = "sample"', 'subgroup = "5"'))
    with pytest.raises(SettingsError, match="name a column that holds the subgroup"):
        monitor(plan, data=fills[200:], at=NOW, state=tmp_path / "other.sqlite")


def test_limits_or_plans_that_change_need_a_state_of_their_own(plan: Path) -> None:
    monitor(plan, data=NEW, at=NOW)
    text = plan.read_text()
    plan.write_text(text.replace('value = "wait"', 'value = "wait"\nsince = "2026-05-01"'))
    with pytest.raises(SettingsError, match="was begun with since = ''"):
        monitor(plan, data=NEW, at=NOW)
    plan.write_text(text)
    again = st.control_chart(NEW[:100], "i-mr", value="wait", time="day")
    st.freeze_limits(again, plan.parent / "wait.toml", by="B", reason="new level", force=True, at=NOW)
    with pytest.raises(SettingsError, match="begun on other limits than entry 2"):
        monitor(plan, data=NEW, at=NOW)
    fresh = monitor(plan, data=NEW, at=NOW, state=plan.parent / "second.sqlite").watched[0]
    assert (fresh.before, fresh.points) == (100, 60)


def test_files_and_folders_are_read_once(plan: Path) -> None:
    folder = plan.parent / "new"
    folder.mkdir()
    for i in range(3):
        NEW[i * 40 : i * 40 + 60].to_csv(folder / f"{i}.csv", index=False)
    found = monitor(plan, at=NOW).watched[0]
    assert (found.new, found.repeated) == (140, 40)
    NEW[135:].to_parquet(folder / "3.parquet")
    more = monitor(plan, at=NOW).watched[0]
    assert (more.files_known, more.new, more.repeated) == (3, 20, 5)
    assert standing(plan.parent / "monitor.sqlite") == charted(NEW, plan.parent)
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(DataError, match="holds no table"):
        monitor(plan, at=NOW)


def test_rows_known_by_their_place_only_come_from_one_file(plan: Path, tmp_path: Path) -> None:
    plan.write_text(plan.read_text().replace('time = "day"\n', ""))
    folder = tmp_path / "new"
    folder.mkdir()
    NEW[["wait"]][:30].to_csv(folder / "a.csv", index=False)
    assert monitor(plan, at=NOW).watched[0].new == 30
    NEW[["wait"]][:50].to_csv(folder / "a.csv", index=False)
    assert monitor(plan, at=NOW).watched[0].new == 20
    NEW[["wait"]][50:].to_csv(folder / "b.csv", index=False)
    with pytest.raises(SettingsError, match="cannot be told apart by their places"):
        monitor(plan, at=NOW)


def test_many_small_deliveries_are_joined_and_stay_what_they_were(plan: Path) -> None:
    many = pd.DataFrame({"day": pd.date_range("2026-02-10", periods=300).strftime("%Y-%m-%d")})
    many["wait"] = RNG.normal(10, 1, 300)
    for i in range(300):
        found = monitor(plan, data=many[i : i + 1], at=NOW)
    assert found.watched[0].rows_known == 300
    assert standing(plan.parent / "monitor.sqlite") == charted(many, plan.parent)
    with sqlite3.connect(plan.parent / "monitor.sqlite") as base:
        assert base.execute("select count(*) from batch where length(data) > 0").fetchone()[0] < 256


def test_a_damaged_or_foreign_state_is_refused(plan: Path) -> None:
    state = plan.parent / "monitor.sqlite"
    state.write_bytes(b"not a database at all" * 100)
    with pytest.raises(SettingsError, match="cannot be used as the state"):
        monitor(plan, data=NEW, at=NOW)
    state.unlink()
    with sqlite3.connect(state) as base:
        base.execute("create table other (x)")
    with pytest.raises(SettingsError, match="another database"):
        monitor(plan, data=NEW, at=NOW)
    state.unlink()
    monitor(plan, data=NEW, at=NOW)
    with sqlite3.connect(state) as base:
        data = bytearray(base.execute("select data from batch").fetchone()[0])
        data[len(data) // 2] ^= 1
        base.execute("update batch set data = ?", (bytes(data),))
    with pytest.raises(DataError, match="not what was written"):
        monitor(plan, data=NEW, at=NOW)


def test_two_at_once_wait_or_refuse_and_lose_nothing(plan: Path) -> None:
    NEW.to_csv(plan.parent / "new", index=False)
    (plan.parent / "new").rename(plan.parent / "new.csv")
    plan.write_text(plan.read_text().replace('"new"', '"new.csv"'))
    with Watch(plan, at=NOW), pytest.raises(SettingsError, match="another monitor works on"):
        monitor(plan, at=NOW, wait=0.05)
    (plan.parent / "monitor.sqlite").unlink()
    command = [
        sys.executable,
        "-c",
        "from sigmatool.cli import main; main()",
        "monitor",
        str(plan),
        "--format",
        "jsonl",
    ]
    outs = [plan.parent / f"out{i}" for i in range(3)]
    runs = [_started(command, out) for out in outs]
    for run in runs:
        run.wait(timeout=60)
    told = [json.loads(line) for out in outs for line in out.read_text().splitlines()]
    assert len(told) == len({t["number"] for t in told}) == len(charted(NEW, plan.parent))
    assert sorted(run.returncode for run in runs) == [0, 0, 1]


def test_a_kill_at_any_moment_loses_nothing_and_tells_nothing_twice(plan: Path) -> None:
    frames = [NEW[:90], NEW[70:130], NEW[110:]]
    rng = random.Random(7)
    told: dict[int, int] = {}
    wanted = charted(NEW, plan.parent)
    log = plan.parent / "told.log"
    for _ in range(25):
        child = os.fork()
        if not child:
            try:
                with log.open("ab", buffering=0) as out:
                    for frame in frames:
                        with Watch(plan, data=frame, at=NOW) as watch:
                            out.write(FORMATS["jsonl"](watch.result).encode())
            finally:
                os._exit(0)
        time.sleep(rng.random() * 0.2)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with log.open("ab", buffering=0) as out:
        for frame in frames:
            with Watch(plan, data=frame, at=NOW) as watch:
                out.write(FORMATS["jsonl"](watch.result).encode())
    for line in log.read_text().splitlines():
        alarm = json.loads(line)
        told[alarm["number"]] = told.get(alarm["number"], 0) + (not alarm["again"])
    state = plan.parent / "monitor.sqlite"
    assert standing(state) == wanted
    # whether a line reached its reader cannot be known after a kill: then it is told again, and says so
    assert set(told) == {s["number"] for s in read_signals(state).signals}
    assert max(told.values()) == 1
    with Store(state) as store:
        assert store.fault() == ""


def test_a_cut_at_any_byte_of_the_journal_leaves_a_state_that_holds(plan: Path) -> None:
    state = plan.parent / "monitor.sqlite"
    monitor(plan, data=NEW[:80], at=NOW)
    before = plan.parent / "before.sqlite"
    shutil.copy(state, before)
    keep = sqlite3.connect(state)
    keep.execute("pragma wal_autocheckpoint = 0")
    keep.execute("select count(*) from batch").fetchone()
    monitor(plan, data=NEW, at=NOW)
    journal = Path(f"{state}-wal").read_bytes()
    keep.close()
    rng = random.Random(3)
    seen = set()
    for cut in sorted({0, len(journal), *(rng.randrange(len(journal)) for _ in range(60))}):
        place = plan.parent / f"cut-{cut}.sqlite"
        shutil.copy(before, place)
        Path(f"{place}-wal").write_bytes(journal[:cut])
        with Store(place) as store:
            assert store.fault() == ""
            rows = store.rows("wait", _empty()).n
            assert rows in (80, 160)
            seen.add(rows)
        monitor(plan, data=NEW, at=NOW, state=place)
        assert standing(place) == charted(NEW, plan.parent)
    assert seen == {80, 160}


def _empty() -> Any:
    from sigmatool.monitoring.store import nothing

    return nothing(False, False, False)


def test_a_signal_is_acknowledged_with_its_cause_and_causes_are_counted(plan: Path) -> None:
    found = monitor(plan, data=NEW, at=NOW)
    state = plan.parent / "monitor.sqlite"
    numbers = [a.number for a in found.alarms]
    for number in numbers[:3]:
        acknowledge(state, number, cause=" New  supplier", by="B. Ferrari", at=NOW)
    acknowledge(state, numbers[3], cause="new supplier", by="B", at=NOW)
    acknowledge(state, numbers[4], cause="=1+1 <b>", by="B", at=NOW)
    held = read_signals(state)
    assert [(c.cause, c.signals) for c in held.causes][:2] == [("New supplier", 4), ("=1+1 <b>", 1)]
    assert [c.share for c in held.causes] == [0.8, 0.2]
    assert held.causes[-1].cumulative == 1.0
    assert f"{len(numbers) - 5} not acknowledged" in held.headline
    assert len(read_signals(state, open_only=True).signals) == len(numbers) - 5
    for problem in ({"number": 9999}, {"cause": " "}, {"by": ""}):
        asked = {"number": numbers[0], "cause": "c", "by": "b"} | problem
        with pytest.raises(SettingsError):
            acknowledge(state, int(asked.pop("number")), **asked)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="no state"):
        read_signals(plan.parent / "none.sqlite")
    for suffix in (".html", ".xlsx", ".json", ".md"):
        assert held.save(plan.parent / f"signals{suffix}").stat().st_size > 500
    assert "<b>" not in (plan.parent / "signals.html").read_text().split("<body")[1].replace("<b>signals</b>", "")


def test_openmetrics_is_what_prometheus_reads(plan: Path) -> None:
    parser = pytest.importorskip("prometheus_client.openmetrics.parser")
    plan.write_text(plan.read_text().replace('name = "wait"', r'name = "wa\"it\\ \n"'))
    found = monitor(plan, data=NEW, at=NOW)
    families = {f.name: f for f in parser.text_string_to_metric_families(FORMATS["openmetrics"](found))}
    points = families["sigmatool_points"].samples[0]
    assert (points.labels["characteristic"], points.value) == ('wa"it\\ \n', 160.0)
    assert families["sigmatool_signals_open"].samples[0].value == len(found.alarms)
    newest = families["sigmatool_last_point_timestamp_seconds"].samples[0].value
    assert dt.datetime.fromtimestamp(newest, dt.UTC).date().isoformat() == DAYS[-1]


def test_the_command_ends_with_the_code_of_what_it_found(plan: Path) -> None:
    run = CliRunner().invoke
    path = plan.parent / "n.csv"
    BASE.to_csv(path, index=False)
    assert run(main, ["monitor", str(plan), "--data", str(path)]).exit_code == 4
    NEW[:3].assign(wait=10.0).to_csv(path, index=False)
    assert run(main, ["monitor", str(plan), "--data", str(path)]).exit_code == 0
    NEW[3:].to_csv(path, index=False)
    done = run(main, ["monitor", str(plan), "--data", str(path), "--format", "webhook"])
    assert done.exit_code == 1
    body = json.loads(done.stdout)
    assert "do: Stop" in body["text"]
    state = plan.parent / "monitor.sqlite"
    number = body["signals"][0]["number"]
    done = run(main, ["signals", "acknowledge", str(state), str(number), "--cause", "rain", "--by", "B"])
    assert done.exit_code == 0, done.output
    listed = run(main, ["signals", "list", str(state)])
    assert "rain (B," in listed.output
    assert run(main, ["monitor", str(plan), "--data", str(path), "--format", "webhook"]).stdout == ""
    path.write_text("day,wait\n2026-01-01,\n")
    assert run(main, ["monitor", str(plan), "--data", str(plan.parent / "nowhere.csv")]).exit_code == 3


def test_following_a_growing_file_leaves_half_a_line_alone(plan: Path) -> None:
    path = plan.parent / "n.csv"
    early = BASE.to_csv(index=False)
    lines = NEW.to_csv(index=False, header=False).splitlines(keepends=True)
    path.write_text(early)
    options = ["--data", str(path), "--follow", "--every", "0.1", "--format", "jsonl"]
    command = [*SIGMATOOL, "monitor", str(plan), *options]
    state = plan.parent / "monitor.sqlite"
    out = plan.parent / "out"
    run = _started(command, out)
    try:
        assert _until(lambda: state.is_file() and _held(state, "select count(*) from batch") == 1)
        path.write_text(early + "".join(lines[:49]) + lines[49][:14])
        assert _until(lambda: _rows(state) == 49)
        path.write_text(early + "".join(lines))
        assert _until(lambda: _rows(state) == 160)
        time.sleep(0.5)
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(timeout=20)
    # no point at the first look, signals later: what was told decides
    assert run.returncode == 1
    told = [json.loads(line) for line in out.read_text().splitlines()]
    assert {(t["panel"], t["rule"], t["label"]) for t in told} >= charted(NEW, plan.parent)
    assert len({t["number"] for t in told}) == len(told)
    assert not read_signals(state).changes


def _started(command: list[str], out: Path) -> subprocess.Popen[bytes]:
    """What it prints goes to a file: a pipe that nobody reads would hold it up."""
    with out.open("w") as file:
        return subprocess.Popen(command, stdout=file)


def _rows(state: Path) -> int:
    return _held(state, "select coalesce(sum(rows), 0) from batch")


def _held(state: Path, query: str) -> int:
    try:
        with sqlite3.connect(state) as base:
            return int(base.execute(query).fetchone()[0])
    except sqlite3.OperationalError:
        return -1


def _until(held: Any, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if held():
            return True
        time.sleep(0.05)
    return False
