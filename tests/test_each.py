"""Many reviews at once: each as a review of its own, whatever the number of processes; nothing dropped in silence."""

from __future__ import annotations

import inspect
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from statsmodels.stats.multitest import multipletests

import sigmatool as st
from sigmatool.cli import main
from sigmatool.cli.commands import review_each as command
from sigmatool.cli.progress import Progress
from sigmatool.review import each_report
from sigmatool.review.decision import CREDITED
from sigmatool.review.each_words import roughly
from sigmatool.review.error_rates import study

MONTHS = pd.date_range("2024-01-01", periods=40, freq="MS").strftime("%Y-%m").to_numpy()


def long_table(streams: int = 6, seed: int = 5, step: float = 4.0) -> pd.DataFrame:
    """A third of the streams better, a third worse, a third steady; rows shuffled."""
    rng = np.random.default_rng(seed)
    moved = np.array([-step, step, 0.0])[np.arange(streams) % 3]
    y = rng.normal(50, 2, (streams, 40)) + moved[:, None] * (np.arange(40) >= 20)
    frame = pd.DataFrame(
        {
            "site": np.repeat([f"site {i}" for i in range(streams)], 40),
            "month": np.tile(MONTHS, streams),
            "y": y.ravel(),
        }
    )
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True)


def each(data: pd.DataFrame, **more: object) -> st.Reviews:  # type: ignore[name-defined]
    settings = {"by": "site", "value": "y", "time": "month", "rollout": "2025-09", "better": "lower", **more}
    return st.review_each(data, **settings)


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def test_each_stream_has_the_verdict_of_a_review_of_its_own() -> None:
    data = long_table()
    r = each(data, washout=2, worthwhile="5%")
    assert [s.stream for s in r.streams] == list(dict.fromkeys(data["site"]))
    for s in r.streams:
        alone = st.review(
            data[data["site"] == s.stream], value="y", time="month", rollout="2025-09", better="lower", washout=2,
            worthwhile="5%",
        )  # fmt: skip
        assert (s.verdict, s.attribution, s.effect) == (alone.verdict, alone.attribution, alone.effect)
        assert (s.p, s.p_worse) == (alone.findings.p_better, alone.findings.p_worse)
        assert (s.n_before, s.n_after, s.autocorrelation) == (alone.n_before, alone.n_after, alone.autocorrelation)
        assert s.sentence.startswith(alone.sentence[:-1])
        assert s.rows == alone.rows
        assert s.harm == (s.verdict in ("DETERIORATED", "DESTABILISED"))
        assert s.claimed == (s.verdict in CREDITED and s.p_adjusted <= 0.05)
    p = [s.p for s in r.streams]
    assert [s.p_adjusted for s in r.streams] == pytest.approx(multipletests(p, method="fdr_bh")[1].tolist())
    assert (r.claimed, r.harmed) == (2, 2)
    assert r.rows.used == 6 * 38


def test_counts_go_through_the_door_too() -> None:
    rng = np.random.default_rng(1)
    data = long_table(3)
    data["calls"] = 80
    data["bad"] = rng.binomial(80, np.where(data["month"] >= "2025-09", 0.1, 0.3))
    r = each(data, value="bad", size="calls")
    assert r.scale == "proportion"
    assert all(s.verdict in CREDITED for s in r.streams)
    assert "points" in "".join(str(b) for b in r.document().sections[1].blocks)


def test_the_number_of_processes_does_not_matter() -> None:
    data = long_table(9)
    data.loc[data["site"] == "site 4", "y"] = 3.0
    one, two = each(data, workers=1), each(data, workers=2)
    assert one.to_json() == two.to_json()
    assert one.to_frame().equals(two.to_frame())


def test_order_of_the_rows_does_not_change_a_verdict() -> None:
    data = long_table()
    first, second = each(data), each(data[::-1])
    assert {s.stream: s.verdict for s in first.streams} == {s.stream: s.verdict for s in second.streams}


def test_progress_is_called_with_done_and_total() -> None:
    for workers in (1, 2):
        seen: list[tuple[int, int]] = []
        each(long_table(5), workers=workers, progress=lambda done, total: seen.append((done, total)))  # noqa: B023
        assert seen[0] == (0, 5)
        assert seen[-1] == (5, 5)
        assert seen == sorted(seen)


def test_streams_that_cannot_be_judged_are_rows_with_their_reason() -> None:
    data = long_table(6)
    data["y"] = data["y"].astype(object)
    data.loc[data["site"] == "site 0", "y"] = 3.0
    data.loc[(data["site"] == "site 1").idxmax(), "y"] = "n/a?"
    data = data[(data["site"] != "site 2") | (data["month"] < "2025-01")]
    late = (data["site"] == "site 3") & (data["month"] >= "2025-12")
    data = data[~late]
    r = each(data)
    by_name = {s.stream: s for s in r.streams}
    assert len(by_name) == 6
    assert [by_name[f"site {i}"].verdict for i in range(4)] == [*["REFUSED"] * 3, "INSUFFICIENT_DATA"]
    assert "same value" in by_name["site 0"].sentence
    assert "n/a?" in by_name["site 1"].sentence
    assert "leaves no point after" in by_name["site 2"].sentence
    assert by_name["site 3"].p is by_name["site 3"].p_adjusted is None
    assert (r.judged, r.tested, r.refused) == (3, 2, 3)
    rows = r.rows
    assert rows.read == len(data) == rows.used + rows.missing + rows.excluded + rows.dropped
    assert rows.dropped == 40 + 40 + 12
    assert "streams-refused" in {c.code for c in r.caveats}
    assert r.counts["REFUSED"] == 3
    assert "3 refused" in r.headline
    assert "site 2" in str(r.document())


@pytest.mark.parametrize(
    "names",
    [[1, 2, 3], [1.0, 2.5, 3.0], [True, False, "x"], pd.to_datetime(["2026-01-01", "2026-01-02", "2026-02-01"]),
     [("a", 1), ("b", 2), ("c", 3)], ["<script>", "=1+1", "\u202ex"]],
)  # fmt: skip
def test_streams_have_names_of_any_type(names: list[object]) -> None:
    data = long_table(3)
    data["site"] = data["site"].map(dict(zip(["site 0", "site 1", "site 2"], names, strict=True)))
    r = each(data)
    assert len({s.stream for s in r.streams}) == 3
    assert {s.verdict in CREDITED for s in r.streams} == {True, False}
    assert r.to_json()


def test_names_from_strangers_stay_text(tmp_path: Path) -> None:
    data = long_table(3)
    data["site"] = data["site"].replace("site 0", "<script>alert(1)</script>")
    page = each(data).save(tmp_path / "x.html").read_text()
    assert "<script>alert" not in page
    assert "alert(1)" in page


def test_rows_without_a_stream_are_told() -> None:
    data = long_table(3).astype({"site": "string"})
    data.loc[:6, "site"] = pd.NA
    data.loc[7, "site"] = "  "
    r = each(data)
    assert len(r.streams) == 3
    assert r.rows.dropped == 8
    assert r.rows.read == 120 == r.rows.used + r.rows.dropped
    assert next(c for c in r.caveats if c.code == "stream-missing").text.startswith("8 rows name no site")
    with pytest.raises(st.DataError, match="empty in every row"):
        each(data.assign(site=None))


def test_each_stream_may_have_a_rollout_of_its_own() -> None:
    data = long_table(4)
    own = {"site 0": "2025-09=Go", "site 1": "2025-03", "site 2": None, "site 3": "2025-09"}
    data["live"] = data["site"].map(own)
    data.loc[(data["site"] == "site 3").idxmax(), "live"] = "2025-08"
    r = each(data, rollout="live")
    found = {s.stream: s for s in r.streams}
    alone = st.review(data[data["site"] == "site 1"], value="y", time="month", rollout="2025-03", better="lower")
    assert found["site 1"].effect == alone.effect
    assert found["site 0"].verdict in CREDITED
    assert "names no rollout" in found["site 2"].sentence
    assert "2 rollouts" in found["site 3"].sentence
    stamps = each(data.assign(live=pd.to_datetime(data["site"].map({**own, "site 0": "2025-09"}))), rollout="live")
    assert {s.stream: s.effect for s in stamps.streams}["site 1"] == alone.effect


def test_dates_are_read_alike_in_all_streams() -> None:
    days = pd.date_range("2026-01-01", periods=60, freq="D")
    rng = np.random.default_rng(3)
    y = rng.normal(10, 1, 60) - 3 * (np.arange(60) >= 30)
    first = pd.DataFrame({"site": "A", "day": days, "y": y})
    # taken alone, the days 1 to 12 of the months would pass for months
    second = first[first["day"].dt.day <= 12].assign(site="B")
    third = first.assign(site="C", day=days + pd.Timedelta(days=20))
    iso = pd.concat([first, second, third], ignore_index=True)
    slashed = iso.assign(day=iso["day"].dt.strftime("%d/%m/%Y"), live="31/01/2026")
    a = each(iso, time="day", rollout="2026-01-31")
    b = each(slashed, time="day", rollout="31/01/2026")
    c = each(slashed, time="day", rollout="live")
    for x, y_, z in zip(a.streams, b.streams, c.streams, strict=True):
        assert (
            (x.verdict, x.effect, x.sentence)
            == (y_.verdict, y_.effect, y_.sentence)
            == (z.verdict, z.effect, z.sentence)
        )


def test_mistakes_in_the_settings_are_refused_once() -> None:
    data = long_table(3)
    for settings, words in (
        ({"by": "sites"}, "did you mean 'site'"),
        ({"value": "z"}, "no column 'z'"),
        ({"better": "up"}, "better must be"),
        ({"workers": 0}, "workers"),
        ({"rollout": "2031-01"}, "none of the 3 streams can be judged"),
        ({"worthwhile": "big"}, "none of the 3 streams"),
        ({"value": None}, "-y"),
    ):
        with pytest.raises(st.SigmatoolError, match=words):
            each(data, **settings)


def share(verdict: str, size: int, phi: float) -> float:
    """A steady process with this verdict in the study, at one of its regular cells."""
    cell = study().grid(size, phi, 0.0, controlled=False)
    return cell.get(verdict, 0) / cell["replications"]


def test_chance_is_that_of_each_stream() -> None:
    r = each(long_table(4), workers=1)
    plain = replace(r.streams[0], n_before=24, n_after=24, autocorrelation=-0.2)
    dependent = replace(plain, n_before=100, n_after=100, autocorrelation=0.6)
    between = replace(plain, n_before=30, n_after=60, autocorrelation=0.45)
    untested = replace(plain, p=None)
    found = replace(r, streams=(plain, plain, dependent, between, untested))
    weight = np.log(40 / 24) / np.log(50 / 24)
    for kind in ("credited", "DETERIORATED", "STABILISED", "DESTABILISED"):
        name = kind.lower()
        middle = sum(
            part * np.mean([share(name, size, phi) for phi in (0.3, 0.6)])
            for size, part in ((24, 1 - weight), (50, weight))
        )
        expected = 2 * share(name, 24, 0.0) + share(name, 100, 0.6) + middle
        assert found.by_chance(kind) == pytest.approx(expected)
    both = found.by_chance("DETERIORATED", "DESTABILISED")
    assert both == pytest.approx(found.by_chance("DETERIORATED") + found.by_chance("DESTABILISED"))


def test_chance_is_said() -> None:
    r = each(long_table(40, step=0.0), workers=1)
    credited, harmed = r.by_chance("credited"), r.by_chance("DETERIORATED", "DESTABILISED")
    assert 0 < credited < 0.03 * 40
    assert 0 < harmed < 0.09 * 40
    assert f"({roughly(credited)} would be by chance, were all steady)" in r.headline
    assert f"harmed ({roughly(harmed)} by chance)" in r.headline
    assert json.loads(r.to_json())["by_chance"]["credited"] == pytest.approx(credited)
    assert r.claimed <= 1
    level = r.figure().panels[0].marks[1]
    assert level.at == 2
    assert r.figure().panels[0].marks[0].y.sum() == 40


def test_a_page_of_many_streams_stays_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(each_report, "SHOWN", 4)
    r = each(long_table(30, step=6.0))
    sections = {s.title: s for s in r.document().sections}
    gains = {s.stream: r.gain(s) for s in r.streams}
    for title, best in (("Harmed", min), ("Claimed", max)):
        table = sections[title].blocks[0]
        assert len(table.rows) == 4
        assert gains[table.rows[0][0]] == best(gains.values())
        assert "more are not shown here" in sections[title].blocks[1].text
    ranked = r.ranked()
    assert len(ranked) == 30
    assert [s.harm for s in ranked] == sorted((s.harm for s in ranked), reverse=True)


def test_command(tmp_path: Path) -> None:
    long_table(5).to_csv(tmp_path / "d.csv", index=False)
    args = [
        "review-each", str(tmp_path / "d.csv"), "--by", "site", "-y", "y", "-x", "month", "--rollout", "2025-09",
        "--better", "lower",
    ]  # fmt: skip
    done = run(*args, "--json", "-o", str(tmp_path / "d.html"), "-o", str(tmp_path / "d.png"))
    assert done.exit_code == 0, done.output
    held = json.loads(done.stdout)
    assert held["schema"] == "sigmatool.reviews/1"
    assert len(held["streams"]) == 5
    assert held["rows"]["read"] == 200
    assert (tmp_path / "d.html").stat().st_size > 5000
    assert "credited" in run(*args).stdout
    assert run(*args, "--quiet", "--fail-on", "worse").exit_code == 1
    assert run(*args, "--quiet", "--fail-on", "insufficient").exit_code == 4
    assert run(*args, "--quiet", "--fail-on", "refused").exit_code == 0
    again = held["provenance"]["command"].split()
    assert (
        json.loads(run(*again[1:2], str(tmp_path / "d.csv"), *again[3:], "--json").stdout)["streams"] == held["streams"]
    )


def test_options_are_parameters() -> None:
    parameters = set(inspect.signature(st.review_each).parameters) - {"progress"}
    delivery = {"out", "as_json", "quiet", "fail_on", "settings", "sheet", "query", "paper", "locale"}
    assert {p.name for p in command.params} - delivery == parameters


def test_progress_tells_done_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    tell = Progress("streams")
    tell(0, 1000)
    for done in (10, 110, 210):
        now[0] += 10
        tell(done, 1000)
    now[0] += 79
    tell(1000, 1000)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["110 of 1,000 streams, 10 a second, about 1 min 29 s left", "1,000 streams in 1 min 49 s"]


def test_a_script_without_a_main_guard_survives(tmp_path: Path) -> None:
    long_table(4).to_csv(tmp_path / "d.csv", index=False)
    script = tmp_path / "script.py"
    script.write_text(
        "import sigmatool as st\nprint('once')\n"
        f"r = st.review_each(st.read_table({str(tmp_path / 'd.csv')!r}), by='site', value='y', time='month', "
        "rollout='2025-09', better='lower', workers=2)\nprint(len(r.streams))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["once", "4"]
    assert done.stderr == ""


def test_an_interrupt_ends_all_processes(tmp_path: Path) -> None:
    long_table(600).to_csv(tmp_path / "d.csv", index=False)
    script = tmp_path / "script.py"
    script.write_text(
        "import sigmatool as st\n"
        "def tell(done, total):\n"
        "    print(done, flush=True)\n"
        "try:\n"
        f"    st.review_each(st.read_table({str(tmp_path / 'd.csv')!r}), by='site', value='y', time='month',\n"
        "        rollout='2025-09', better='lower', workers=2, progress=tell)\n"
        "except KeyboardInterrupt:\n"
        "    import multiprocessing\n"
        "    print('stopped', len(multiprocessing.active_children()))\n"
    )
    running = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stdout is not None
    while running.stdout.readline().strip() in ("", "0"):
        assert running.poll() is None
    # as a terminal does: to every process of the group
    os.killpg(running.pid, signal.SIGINT)
    said, errors = running.communicate(timeout=120)
    assert said.split()[-2:] == ["stopped", "0"]
    assert errors == ""
    assert running.returncode == 0
