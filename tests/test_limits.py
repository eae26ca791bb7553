"""The ledger of frozen limits: nothing is frozen in silence, nothing is lost, and a changed past is found."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as some

import sigmatool as st
from sigmatool.charts.result import ControlChart
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.ledger import Entry, append, faults, read_ledger
from sigmatool.limits.freeze import freeze_limits

DATA = Path(__file__).parent.parent / "datasets"
FILLS = ["freeze", str(DATA / "filling.csv"), "-y", "fill_ml", "-g", "sample", "--rollout", "41"]


def fills(**more: object) -> ControlChart:
    return st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41, **more)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "fills.toml"
    for reason in ("first", "second", "third"):
        freeze_limits(fills(), path, by="A. Okoro", reason=reason)
    return path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["limits", *words])
    return done.exit_code, done.output


def test_an_entry_holds_the_limits_of_its_stage_to_the_last_digit(tmp_path: Path) -> None:
    chart = fills(exclude={50: "spilled"})
    moment = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    made = freeze_limits(
        chart, tmp_path / "a/b.toml", by=" A. Okoro ", reason="new nozzles", approved_by=("B", "C"), at=moment
    )
    (entry,) = read_ledger(tmp_path / "a/b.toml")
    assert entry == made
    stage = chart.stages[-1]
    assert (entry.center, entry.sigma, entry.lower, entry.upper) == (
        stage.center,
        stage.sigma,
        stage.lower,
        stage.upper,
    )
    assert (entry.points, entry.first, entry.last) == (39, "41", "80")
    assert entry.excluded == ("50: spilled",)
    assert entry.rules == tuple(f"nelson-{n}" for n in range(1, 9))
    assert (entry.by, entry.at, entry.approved_by) == ("A. Okoro", "2026-11-25T11:00:00+00:00", ("B", "C"))
    assert entry.data_sha256 == chart.provenance.data_sha256
    assert (entry.stable, entry.forced, entry.number) == (True, False, 1)


def test_limits_whose_record_does_not_hold_are_not_used(ledger: Path) -> None:
    ledger.write_text(ledger.read_text().replace('"second"', '"other"'))
    with pytest.raises(DataError, match=r"Entry 2 was changed.*restore the file"):
        st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", limits=ledger)


def test_only_a_stable_stage_is_frozen_unless_someone_says_why(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    drifting = st.control_chart(st.datasets.load("deployments"), value="lead_time_h", time="week")
    with pytest.raises(DataError, match=r"not shown stable \(a trend\)"):
        freeze_limits(drifting, path, by="A", reason="r")
    with pytest.raises(DataError, match="too few"):
        freeze_limits(st.control_chart([1.0, 2.0, 1.5, 1.2]), path, by="A", reason="r")
    assert not path.exists()
    entry = freeze_limits(drifting, path, by="A", reason="until the trend is understood", force=True)
    assert (entry.forced, entry.stable, entry.stability) == (True, False, "a trend")


def test_what_cannot_be_frozen_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    for by, reason in (("", "r"), ("A", "  ")):
        with pytest.raises(SettingsError, match="named person"):
            freeze_limits(fills(), path, by=by, reason=reason)
    with pytest.raises(SettingsError, match="no stage 'later'; its stages are 'before', 'after'"):
        freeze_limits(fills(), path, by="A", reason="r", of="later")
    with pytest.raises(DataError, match="no spread"):
        freeze_limits(st.control_chart([3.0] * 30), path, by="A", reason="r", force=True)
    assert freeze_limits(fills(), path, by="A", reason="r", of="before", force=True).stage == "before"


def test_a_changed_past_is_found_and_nothing_is_added_to_it(ledger: Path) -> None:
    good = read_ledger(ledger)
    assert faults(good) == ()
    changed = replace(good[1], reason="other")
    assert faults((good[0], changed, good[2])) == (
        "Entry 2 was changed after it was written: its content does not match its SHA-256.",
    )
    rewritten = replace(changed, sha256=replace(changed, sha256="").digest())
    assert "Entry 3 does not follow" in faults((good[0], rewritten, good[2]))[0]
    assert "Entry 2 does not follow" in faults((good[0], good[2]))[0]
    assert "Entry 1 does not follow" in faults((good[1], good[0], good[2]))[0]
    ledger.write_text(ledger.read_text().replace('"second"', '"other"'))
    before = ledger.read_bytes()
    with pytest.raises(DataError, match=r"Entry 2 was changed.*Nothing was added"):
        append(ledger, good[0])
    assert ledger.read_bytes() == before


@given(some.text(min_size=1).filter(str.strip), some.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=60, deadline=None)
def test_any_text_and_number_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, text: str, value: float
) -> None:
    path = tmp_path_factory.mktemp("l") / "x.toml"
    plain = freeze_limits(fills_once(), path, by="A", reason="r")
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    added = append(path, replace(plain, reason=text, metric=text, center=value))
    assert read_ledger(path)[-1] == added
    assert faults(read_ledger(path)) == ()


_ONCE: list[ControlChart] = []


def fills_once() -> ControlChart:
    if not _ONCE:
        _ONCE.append(fills())
    return _ONCE[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("points = 40", 'points = "many"', "fills.toml, entry 1: points holds 'many', which does not belong there"),
        ("points = 40\n", "", "fills.toml, entry 1: points is missing"),
        ("points = 40", "points = 40\nextra = 1", "fills.toml, entry 1: extra holds '1'"),
        ("stable = true", "stable = 1", "fills.toml, entry 1: stable holds '1'"),
        ("nsigma = 3.0", "nsigma = inf", "fills.toml, entry 1: nsigma holds 'inf'"),
        ("sigmatool.limits/1", "sigmatool.limits/9", "is not a ledger of limits"),
        ("[[entry]]", "[[entries]]", "is not a ledger of limits"),
    ],
)
def test_a_broken_file_is_told_by_its_entry_and_field(ledger: Path, old: str, new: str, told: str) -> None:
    ledger.write_text(ledger.read_text().replace(old, new))
    with pytest.raises(SettingsError, match=told.replace("[", r"\[")):
        read_ledger(ledger)


def test_the_command_line_freezes_shows_and_verifies(tmp_path: Path) -> None:
    path = str(tmp_path / "fills.toml")
    code, told = run(*FILLS, "--ledger", path, "--by", "A. Okoro", "--reason", "new \x1b[31mnozzles")
    assert (code, told) == (
        0,
        "1. fill_ml, xbar-r chart: centre 500.28, LCL 499.26, UCL 501.29; 40 points of stage after\n",
    )
    code, told = run("show", path)
    assert code == 0
    assert "by A. Okoro: new [31mnozzles" in told
    assert "\x1b" not in told
    assert json.loads(run("show", path, "--json")[1])["entries"][0]["center"] == read_ledger(path)[0].center
    assert run("verify", path) == (0, "fills.toml: 1 entry, all as they were written.\n")
    Path(path).write_text(Path(path).read_text().replace("Okoro", "Other"))
    assert run("verify", path)[0] == 5
    assert run(*FILLS, "--ledger", path, "--by", "A", "--reason", "r")[0] == 3
    assert run("show", str(tmp_path / "none.toml"))[0] == 2


def test_capability_takes_the_last_entry(ledger: Path) -> None:
    found = st.capability(
        st.datasets.load("filling"), value="fill_ml", subgroup="sample", lsl=495, usl=505, exclude="1-40", limits=ledger
    )
    assert found.sigma_within == pytest.approx(read_ledger(ledger)[-1].sigma)


WRITE = """
import sys
import sigmatool as st
from sigmatool.limits.freeze import freeze_limits
chart = st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41)
print("ready", flush=True)
for i in range(int(sys.argv[3])):
    freeze_limits(chart, sys.argv[1], by=sys.argv[2], reason=str(i))
    print(i, flush=True)
"""


def test_of_writers_at_once_none_loses_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, str(path), by, "12"], stdout=subprocess.DEVNULL)
               for by in "ABC"]  # fmt: skip
    assert [w.wait() for w in writers] == [0, 0, 0]
    entries = read_ledger(path)
    assert faults(entries) == ()
    assert sorted((e.by, int(e.reason)) for e in entries) == [(by, i) for by in "ABC" for i in range(12)]


def test_a_kill_at_any_moment_leaves_a_whole_ledger(tmp_path: Path) -> None:
    path, random_ = tmp_path / "x.toml", random.Random(4)
    for kill in range(8):
        words = [sys.executable, "-c", WRITE, str(path), str(kill), "10000"]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.02 + 0.2 * random_.random())
            os.kill(writer.pid, signal.SIGKILL)
            told = writer.stdout.read().split()
        if path.exists():
            entries = read_ledger(path)
            assert faults(entries) == ()
            # what was said to be written is there
            assert sum(e.by == str(kill) for e in entries) >= len(told)
    assert np.all([isinstance(e, Entry) for e in read_ledger(path)])


FILE_CALLS = ("open", "write", "fsync", "chmod", "replace")
"""What a ledger is written with, in order; the file layer below fails at each of them in turn."""


@pytest.mark.parametrize("call", FILE_CALLS)
def test_a_disk_that_fails_at_any_step_leaves_the_old_ledger(
    call: str, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, chart = ledger.read_bytes(), fills()
    _failing(monkeypatch, call, OSError(28, "No space left on device"))
    with pytest.raises(ValueError, match=r"cannot write .*fills\.toml.*No space left on device"):
        freeze_limits(chart, ledger, by="A", reason="full")
    monkeypatch.undo()
    assert ledger.read_bytes() == before
    assert not list(ledger.parent.glob(".sigmatool-*"))
    assert freeze_limits(chart, ledger, by="A", reason="again").number == 4


@pytest.mark.parametrize("call", FILE_CALLS)
def test_a_death_at_any_step_leaves_the_old_ledger(call: str, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, chart = ledger.read_bytes(), fills()
    child = os.fork()
    if not child:
        try:
            _failing(monkeypatch, call, None)
            freeze_limits(chart, ledger, by="A", reason="dies")
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert ledger.read_bytes() == before
    assert freeze_limits(chart, ledger, by="A", reason="again").number == 4


def _failing(monkeypatch: pytest.MonkeyPatch, call: str, problem: OSError | None) -> None:
    """A file layer that fails at a call, or dies there."""

    def fail(*_: object, **__: object) -> None:
        if problem is None:
            os._exit(9)
        raise problem

    if call == "open":
        monkeypatch.setattr(tempfile, "mkstemp", fail)
    elif call == "write":
        real = os.fdopen

        def opened(handle: int, mode: str) -> Any:
            file = real(handle, mode, buffering=0)
            return _Torn(file, fail)

        monkeypatch.setattr(os, "fdopen", opened)
    else:
        monkeypatch.setattr(os, call, fail)


class _Torn:
    """A file that takes half of what it is given, and then fails."""

    def __init__(self, file: Any, fail: Any) -> None:
        self._file, self._fail = file, fail

    def __enter__(self) -> _Torn:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> None:
        self._file.write(data[: len(data) // 2])
        self._fail()


def test_the_file_is_plain_toml_with_a_heading(ledger: Path) -> None:
    text = ledger.read_text()
    assert text.startswith("# Frozen limits. Entries are only ever added")
    assert [e["number"] for e in tomllib.loads(text)["entry"]] == [1, 2, 3]


def series(kind: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Eighty points of a steady process, and how they are charted."""
    rng = np.random.default_rng(7)
    n = 80
    if kind in ("i-mr", "ewma(weight=0.3)", "cusum"):
        return pd.DataFrame({"v": rng.normal(10, 1, n)}), {"value": "v"}
    if kind.startswith("xbar"):
        return pd.DataFrame({"v": rng.normal(10, 1, 4 * n), "g": np.repeat(range(n), 4)}), {
            "value": "v",
            "subgroup": "g",
        }
    size = np.full(n, 200) if kind == "c" else rng.integers(150, 250, n)
    table = pd.DataFrame({"v": rng.binomial(size, 0.08), "n": size})
    return table, {"value": "v"} if kind == "c" else {"value": "v", "size": "n"}


@pytest.mark.parametrize(
    "kind", ["i-mr", "xbar-r", "xbar-s", "p", "u", "c", "laney-p", "laney-u", "ewma(weight=0.3)", "cusum"]
)
def test_new_points_on_frozen_limits_are_those_of_a_frozen_baseline(kind: str, tmp_path: Path) -> None:
    table, columns = series(kind)
    path = tmp_path / "x.toml"
    cut = 160 if kind.startswith("xbar") else 40
    freeze_limits(st.control_chart(table[:cut], kind, **columns), path, by="A", reason="r", force=True)
    whole = st.control_chart(table, kind, **columns, baseline="1..40")
    new = st.control_chart(table[cut:].reset_index(drop=True), limits=path, **columns)
    assert new.settings["kind"] == kind
    first, again = whole.panels[0], new.panels[0]
    # sums and averages with a memory begin anew
    at = slice(79, 80) if "(" in kind or kind == "cusum" else slice(40, 80)
    for limit in ("lower", "upper", "center"):
        was, now = getattr(first, limit)[at], getattr(again, limit)[at.start - 80 :]
        assert now == pytest.approx(was, rel=1e-6, nan_ok=True), limit
    assert any(c.code == "frozen-limits" and "x.toml, entry 1" in c.text for c in new.caveats)


def test_frozen_limits_go_alone_and_with_their_own_kind(ledger: Path) -> None:
    frame = st.datasets.load("filling")
    with pytest.raises(SettingsError, match="leave sigma"):
        st.control_chart(frame, value="fill_ml", subgroup="sample", limits=ledger, sigma=1.0)
    with pytest.raises(SettingsError, match="those of kind xbar-r, not of i-mr"):
        st.control_chart(frame, "i-mr", value="fill_ml", limits=ledger)
    births = st.control_chart(st.datasets.load("semmelweis"), "np", value="deaths", size="births")
    with pytest.raises(SettingsError, match="chart the same counts as p"):
        freeze_limits(births, ledger, by="A", reason="r", force=True)
    two = st.control_chart(np.random.default_rng(1).normal(size=(40, 2)), "t2")
    with pytest.raises(SettingsError, match="chart them one by one"):
        freeze_limits(two, ledger, by="A", reason="r", force=True)
    done = CliRunner().invoke(
        main, ["chart", str(DATA / "filling.csv"), "-y", "fill_ml", "-g", "sample", "--limits", str(ledger), "--json"]
    )
    assert done.exit_code == 0
    held = json.loads(done.output)
    assert held["stages"][0]["center"] == read_ledger(ledger)[-1].center
    assert held["kind"] == "xbar-r"
