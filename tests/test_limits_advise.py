"""Advice on limits: computed where points can tell, left to a named person where they cannot, never automatic."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.ledger import read_ledger
from sigmatool.limits.advise_words import ENOUGH
from sigmatool.review.policy import POLICY

SAID = {"cause": "new router", "wanted": "yes", "by": "A. Okoro"}


def days(x: Any) -> pd.DataFrame:
    when = pd.date_range("2026-01-05", periods=len(x), freq="D").strftime("%Y-%m-%d")
    return pd.DataFrame({"day": when, "hours": np.round(x, 3)})


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["limits", *words])
    return done.exit_code, done.output


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "hours.toml"
    chart = st.control_chart(days(base()), value="hours", time="day")
    st.freeze_limits(chart, path, by="A", reason="baseline")
    return path


def base() -> Any:
    return np.random.default_rng(11).normal(30, 2, 40)


def after(level: float, n: int, sd: float = 2.0, seed: int = 5) -> pd.DataFrame:
    return days(np.r_[base(), np.random.default_rng(seed).normal(level, sd, n)])


def advise(ledger: Path, frame: pd.DataFrame, **said: Any) -> Any:
    return st.advise_limits(frame, ledger, value="hours", time="day", **said)


def test_points_that_agree_keep_the_limits_whatever_was_declared(ledger: Path) -> None:
    for said in ({}, SAID):
        found = advise(ledger, after(30, 30), **said)
        assert (found.advice, found.changed, found.freeze_command) == ("keep", False, "")
        assert found.points == 30


def test_a_change_asks_a_person_first(ledger: Path) -> None:
    frame = after(26, 30)
    found = advise(ledger, frame)
    assert (found.advice, found.missing) == ("answer first", ("cause", "wanted", "by"))
    assert "what the cause is" in found.headline
    assert advise(ledger, frame, cause="x", wanted="yes").missing == ("by",)
    assert advise(ledger, frame, cause="  ", wanted=True, by="B").missing == ("cause",)
    unwanted = advise(ledger, frame, cause="worn seal", wanted="no", by="B")
    assert unwanted.advice == "keep"
    assert "not wanted" in unwanted.headline
    assert "Act on the cause" in unwanted.to_dict()["next_action"]


def test_few_points_and_unsettled_ones_wait(ledger: Path) -> None:
    found = advise(ledger, after(26, 12), **SAID)
    assert (found.advice, found.more_points) == ("wait", 8)
    tiny = advise(ledger, after(26, 4), **SAID)
    assert (tiny.advice, tiny.changed, tiny.more_points) == ("wait", None, 16)
    falling = days(np.r_[base(), np.random.default_rng(3).normal(0, 1, 40) + np.linspace(30, 16, 40)])
    drift = advise(ledger, falling, **SAID)
    assert (drift.advice, drift.lasting, drift.more_points) == ("wait", False, ENOUGH)
    assert "not one steady process" in drift.headline


def test_a_wanted_lasting_change_is_recalculated_by_the_command_it_prints(ledger: Path, tmp_path: Path) -> None:
    table = tmp_path / "hours.csv"
    after(26, 30).to_csv(table, index=False)
    words = ["advise", str(table), "-y", "hours", "-x", "day", "--ledger", str(ledger)]
    words += ["--cause", "new router", "--wanted", "yes", "--by", "A. Okoro"]
    code, told = run(*words, "--json")
    held = json.loads(told)
    assert (code, held["advice"], held["more_points"]) == (0, "recalculate", 0)
    assert len(read_ledger(ledger)) == 1
    command = shlex.split(held["freeze_command"])
    # tables are named without their folder in a record
    command = [str(table) if word == table.name else word for word in command]
    assert run(*command[2:])[0] == 0
    new = read_ledger(ledger)[1]
    draft = held["draft"]
    assert (new.center, new.sigma, new.lower) == (draft["center"], draft["sigma"], draft["lower"])
    assert (new.by, new.reason, new.first, new.points) == ("A. Okoro", "new router", "2026-02-14", 30)
    with pytest.raises(DataError, match="no point after 2026-03-15"):
        st.advise_limits(st.read_table(table), ledger, value="hours", time="day")
    moved = st.diff_limits(ledger).to_dict()["moved"]["centre"]
    assert moved["difference"] == pytest.approx(held["evidence"]["centre"]["difference"])


def test_the_interval_is_that_of_the_difference(ledger: Path) -> None:
    from scipy import stats

    found = advise(ledger, after(29, 30))
    new = after(29, 30).hours.to_numpy()[40:]
    want = stats.ttest_ind(new, np.round(base(), 3), equal_var=False).confidence_interval(0.975)
    assert (found.centre.interval.low, found.centre.interval.high) == pytest.approx((want.low, want.high), rel=1e-3)


def test_it_is_seldom_wrong_about_a_steady_process(tmp_path: Path) -> None:
    """Limits of 40 values, 30 new ones of the same process: three questions at 2.5, 2.5 and 1 %."""
    rng = np.random.default_rng(20261126)
    wrong, runs = 0, 150
    for i in range(runs):
        path = tmp_path / f"{i}.toml"
        st.freeze_limits(st.control_chart(rng.normal(0, 1, 40)), path, by="A", reason="r", force=True)
        wrong += bool(st.advise_limits(rng.normal(0, 1, 30), path).changed)
    assert wrong / runs < 0.06 + 3 * np.sqrt(0.06 * 0.94 / runs)


def test_a_smaller_spread_is_a_change_too(ledger: Path) -> None:
    found = advise(ledger, after(30, 60, sd=0.6))
    assert found.changed
    assert found.sigma.interval.high < 1


@pytest.mark.parametrize("kind", ["p", "u", "laney-p", "laney-u", "xbar-r", "xbar-s", "c"])
def test_every_kind_that_is_frozen_by_points_of_its_own(kind: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    path = tmp_path / "x.toml"
    columns: dict[str, Any] = {"value": "v"}

    def table(level: float) -> pd.DataFrame:
        if kind.startswith("xbar"):
            return pd.DataFrame({"v": rng.normal(level * 100, 1, 160), "g": np.repeat(range(40), 4)})
        return pd.DataFrame({"v": rng.binomial(300, level, 40), "n": 300})

    columns |= {"subgroup": "g"} if kind.startswith("xbar") else {} if kind == "c" else {"size": "n"}
    st.freeze_limits(st.control_chart(table(0.1), kind, **columns), path, by="A", reason="r", force=True)
    same = st.advise_limits(table(0.1), path, **columns)
    assert (same.advice, same.centre.interval is None) == ("keep", False)
    moved = st.advise_limits(table(0.13), path, **columns, **SAID)
    assert moved.changed
    assert f"--kind {kind}" in moved.freeze_command or moved.advice == "wait"
    assert 0 < moved.beyond_chance < 0.02


def test_since_names_the_first_new_point(ledger: Path) -> None:
    x = np.r_[base(), np.random.default_rng(1).normal(30, 2, 10), np.random.default_rng(2).normal(25, 2, 25)]
    found = advise(ledger, days(x), since="2026-02-24", **SAID)
    assert (found.points, found.advice) == (25, "recalculate")
    assert "--since 2026-02-24" in found.provenance.command
    assert "--rollout 2026-02-24" in found.freeze_command
    assert "shared-points" not in {c.code for c in found.caveats}
    assert "shared-points" in {c.code for c in advise(ledger, days(x), since="2026-01-20").caveats}
    plain = st.advise_limits(x, ledger, since=51)
    assert plain.points == 25


def test_mistakes_are_told_in_words(ledger: Path, tmp_path: Path) -> None:
    frame = after(26, 30)
    with pytest.raises(SettingsError, match="wanted must be yes or no"):
        advise(ledger, frame, wanted="perhaps")
    with pytest.raises(SettingsError, match="cause must be words"):
        advise(ledger, frame, cause=3)
    with pytest.raises(SettingsError, match="limits of 'hours', and these points are 'other'"):
        st.advise_limits(frame.rename(columns={"hours": "other"}), ledger, value="other", time="day")
    with pytest.raises(DataError, match="no point after"):
        advise(ledger, days(base()))
    smooth = tmp_path / "e.toml"
    st.freeze_limits(st.control_chart(base(), "ewma"), smooth, by="A", reason="r", force=True)
    with pytest.raises(SettingsError, match="kind ewma cannot be advised on"):
        st.advise_limits(base(), smooth)
    same = tmp_path / "s.toml"
    st.freeze_limits(st.control_chart(base()), same, by="A", reason="r", force=True)
    with pytest.raises(DataError, match="the very points"):
        st.advise_limits(base(), same)
    ledger.write_text(ledger.read_text().replace("baseline", "other"))
    with pytest.raises(DataError, match="Entry 1 was changed"):
        advise(ledger, frame)


def test_an_entry_of_an_older_version_is_judged_as_known(tmp_path: Path) -> None:
    from dataclasses import replace

    from sigmatool.ledger import append
    from sigmatool.limits.freeze import drafted

    rng = np.random.default_rng(3)
    path = tmp_path / "x.toml"
    none = dict.fromkeys(("total", "dof", "spread", "autocorrelation"))
    append(path, replace(drafted(st.control_chart(rng.normal(10, 1, (40, 4)))), **none))
    found = st.advise_limits(rng.normal(10, 1, (30, 4)), path)
    assert found.centre.interval is not None
    assert found.centre.interval.method.endswith("taken as known")


def test_gates_and_pages(ledger: Path, tmp_path: Path) -> None:
    table = tmp_path / "hours.csv"
    after(26, 30).to_csv(table, index=False)
    words = ["advise", str(table), "-y", "hours", "-x", "day", "--ledger", str(ledger), "--quiet"]
    assert run(*words, "--fail-on", "answer_first")[0] == 1
    assert run(*words, "--fail-on", "recalculate")[0] == 0
    hostile = ["--cause", "<script>alert(1)</script>", "--wanted", "yes", "--by", "\x1b[31mB"]
    for suffix in ("html", "md", "xlsx", "pdf"):
        assert run(*words, *hostile, "-o", str(tmp_path / f"a.{suffix}"))[0] == 0
    assert "<script>alert" not in (tmp_path / "a.html").read_text()
    assert "\x1b" not in run(*words[:-1], *hostile)[1]


def test_enough_is_what_the_review_calls_enough() -> None:
    assert POLICY.stable_points == ENOUGH
