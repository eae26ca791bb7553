"""The exit criteria: computed items follow from review, state and study; declared ones need a name and a date."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import SettingsError
from sigmatool.monitoring.gate import gate
from sigmatool.monitoring.monitor import monitor
from sigmatool.monitoring.signals import acknowledge, read_signals
from sigmatool.review.pack import write_pack

NOW = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)
DAYS = pd.date_range("2026-01-01", periods=140).strftime("%Y-%m-%d")
RNG = np.random.default_rng(11)
CALLS = pd.DataFrame({"day": DAYS, "aht": np.r_[RNG.normal(300, 10, 60), RNG.normal(260, 10, 80)]})
CALLS["fcr"] = RNG.normal(80, 1, 140)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    r = st.review(
        CALLS[:100], value="aht", time="day", rollout=DAYS[60], better="lower", usl=340, guards=["fcr:higher:1"]
    )
    assert r.verdict == "IMPROVED_STABLE"
    write_pack(r, tmp_path, by="A. Okoro", at=NOW)
    return tmp_path


def statuses(pack: Path) -> dict[str, str]:
    return {item.id: item.status for item in gate(pack / "exit-criteria.toml", at=NOW).items}


def test_a_fresh_pack_is_open_where_nobody_has_acted(pack: Path) -> None:
    found = statuses(pack)
    assert {name for name, status in found.items() if status == "pass"} == {
        "verdict", "guards", "requirement", "capability ppk",
    }  # fmt: skip
    assert found["quiet"] == found["control plan"] == found["owner"] == "not yet"
    assert "fail" not in found.values()


def test_the_whole_way_from_review_to_the_end_of_hypercare(pack: Path) -> None:
    plan, criteria, state = pack / "control-plan.toml", pack / "exit-criteria.toml", pack / "monitor.sqlite"
    monitor(plan, data=CALLS[:104], at=NOW)
    assert statuses(pack)["quiet aht"] == "not yet"
    monitor(plan, data=CALLS, at=NOW)
    text = plan.read_text()
    for name in ("owner", "plan", "measurement", "sop", "source"):
        text = text.replace(f'{name} = ""', f'{name} = "filled in"')
    plan.write_text(text.replace('deadline = ""', 'deadline = "1 day"'))
    declared = criteria.read_text().replace('by = ""', 'by = "B. Ferrari"').replace("# date = ", "date = 2026-11-25 ")
    criteria.write_text(declared)
    for s in read_signals(state, open_only=True).signals:
        acknowledge(state, s["number"], cause="holiday", by="B", at=NOW)
    found = statuses(pack)
    last = CALLS[132:]
    quiet = st.control_chart(CALLS[100:], value="aht", time="day", limits=pack / "limits/aht.toml")
    late = any(s.point > len(quiet.axis.labels) - 8 for s in quiet.signals)
    assert found["quiet aht"] == ("not yet" if late else "pass"), last
    assert {name for name, status in found.items() if status != "pass"} <= {"quiet aht"}
    if not late:
        assert gate(criteria, at=NOW).code == 0
        done = CliRunner().invoke(main, ["gate", str(criteria), "-o", str(pack / "gate.html"), "--json"])
        assert (done.exit_code, json.loads(done.stdout)["status"]) == (0, "pass")
        assert "B. Ferrari" in (pack / "gate.html").read_text()
    criteria.write_text(declared.replace("2026-11-25", "2027-11-25"))
    assert statuses(pack)["owner"] == "not yet"


def test_what_speaks_against_the_end_fails(pack: Path) -> None:
    criteria = pack / "exit-criteria.toml"
    text = criteria.read_text()
    criteria.write_text(text.replace("at_least = 1.0", "at_least = 9.0"))
    assert statuses(pack)["capability ppk"] == "fail"
    criteria.write_text(text)
    held = json.loads((pack / "review.json").read_text())
    for change, item in (
        ({"verdict": "DETERIORATED"}, "verdict"),
        ({"guards": [{"name": "fcr", "finding": "harmed"}]}, "guards"),
        ({"requirement": {"tone": "bad", "detail": "no", "answer": "No"}}, "requirement"),
    ):
        (pack / "review.json").write_text(json.dumps(held | change))
        assert statuses(pack)[item] == "fail"
        assert CliRunner().invoke(main, ["gate", str(criteria)]).exit_code == 1
    (pack / "review.json").write_text(json.dumps(held | {"verdict": "IMPROVED_PROVISIONAL"}))
    assert statuses(pack)["verdict"] == "not yet"
    assert CliRunner().invoke(main, ["gate", str(criteria)]).exit_code == 4


def test_a_capability_study_of_its_own_counts(pack: Path) -> None:
    st.capability(CALLS[60:], value="aht", usl=340).save(pack / "study.json")
    criteria = pack / "exit-criteria.toml"
    criteria.write_text(criteria.read_text().replace('study = ""', 'study = "study.json"').replace('"ppk"', '"cpk"'))
    assert statuses(pack)["capability cpk"] == "pass"


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('review = "review.json"', 'review = ""', r"line \d+: verdicts needs review"),
        ('review = "review.json"', 'review = "none.json"', "none.json cannot be read"),
        ('review = "review.json"', 'review = "control-plan.toml"', "cannot be read as a saved result"),
        ("quiet_points = 8", "quiet_points = 0", r"exit-criteria.toml, line \d+: quiet_points must be a whole number"),
        ('state = "monitor.sqlite"', 'state = ""', r"quiet_points needs state"),
        ('index = "ppk"', 'index = "pqk"', r"capability 1, index must be one of cp, cpk"),
        ('id = "owner"', 'id = "trained"', r"declared 2, id 'trained' is given twice"),
        ('by = ""', 'by = "B"', r"declared 1, by needs date"),
    ],
)
def test_criteria_that_cannot_be_checked_are_refused_by_line(pack: Path, was: str, now: str, told: str) -> None:
    criteria = pack / "exit-criteria.toml"
    assert was in criteria.read_text()
    criteria.write_text(criteria.read_text().replace(was, now, 1))
    with pytest.raises(SettingsError, match=told):
        gate(criteria, at=NOW)


def test_criteria_that_ask_for_nothing_pass_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('schema = "sigmatool.exit-criteria/1"\n')
    with pytest.raises(SettingsError, match="asks for nothing"):
        gate(path, at=NOW)


def test_a_page_of_hostile_words_stays_a_page(pack: Path) -> None:
    criteria = pack / "exit-criteria.toml"
    text = criteria.read_text().replace('process = "aht"', 'process = "<script>alert(1)</script>"')
    criteria.write_text(text.replace('by = ""', 'by = "=cmd|x"', 1).replace("# date = ", "date = 2026-11-25 ", 1))
    found = gate(criteria, at=NOW)
    for suffix in (".html", ".pdf", ".xlsx", ".md", ".json", ".png", ".svg"):
        assert found.save(pack / f"gate{suffix}").stat().st_size > 300
    assert "<script>alert" not in (pack / "gate.html").read_text()
