"""The verdict: real series with a known answer, invariances, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from reference_cases import PRIVATE, SHIPPED
from sigmatool.review.decision import CODES, CREDITED
from sigmatool.review.words import ACTION, SENTENCE, TONE


def semmelweis(**more: Any) -> Any:
    data = st.datasets.load("semmelweis")
    return st.review(
        data, value="deaths", size="births", time="month", rollout="1847-06=Handwashing", better="lower", **more
    )


def series(before: int = 24, after: int = 24, step: float = 0.0, seed: int = 3, trend: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = before + after
    y = 50 + 3 * rng.standard_normal(n) - step * (np.arange(n) >= before) - trend * np.arange(n)
    return pd.DataFrame({"y": y})


def test_semmelweis_is_credited_with_a_fifth() -> None:
    r = semmelweis()
    assert r.verdict == "IMPROVED_STABLE"
    assert r.effect.ratio == pytest.approx(0.2, abs=0.05)
    assert r.effect.ratio_high < 0.5
    assert r.attribution == "demonstrated"


def test_nile_is_dated_inside_1896_to_1900() -> None:
    r = st.review(st.datasets.load("nile"), value="flow", time="year", rollout=1899, better="lower")
    assert r.verdict in CREDITED
    assert all(1896 <= int(year) <= 1900 for year in r.date.set)


def test_seat_belts_are_credited() -> None:
    data = st.read_table(SHIPPED / "data" / "seatbelts.csv")
    r = st.review(data, value="drivers", time="month", rollout="1983-02", better="lower", scale="duration", season=12)
    assert r.verdict in CREDITED


def third_party(name: str) -> Path:
    path = PRIVATE / "third-party" / "data" / name
    if not path.is_file():
        pytest.skip(f"{name} comes with other people's packages and is read in place only")
    return path


def test_cdiff_is_credited_provisionally() -> None:
    data = st.read_table(third_party("cdi.csv"))
    r = st.review(data, value="n", time="month", rollout="2014-11-01", better="lower", scale="rate")
    assert r.verdict == "IMPROVED_PROVISIONAL"


def test_sicily_improved_against_its_trend() -> None:
    data = st.read_table(third_party("sicily.csv"))
    data["when"] = [f"{int(y)}-{int(m):02d}" for y, m in zip(data["year"], data["month"], strict=True)]
    r = st.review(
        data, value="aces", size="stdpop", time="when", rollout="2005-01", better="lower", scale="rate", season=12
    )
    assert r.verdict == "IMPROVED_AGAINST_TREND"
    assert r.findings.p_step_better < 0.001


def test_contact_centre_is_credited_and_quality_unharmed() -> None:
    data = st.datasets.load("contact_centre")
    for control in (None, "aht_other_team"):
        r = st.review(
            data, value="aht_s", time="day", rollout="2026-09-01", washout=7, better="lower", worthwhile=10,
            guards=["quality:higher:1"], control=control,
        )  # fmt: skip
        assert r.verdict in CREDITED
        assert r.guards[0].finding == "unharmed"
        assert r.effect.difference_low <= -19.8 <= r.effect.difference_high


def test_deployments_are_not_credited() -> None:
    data = st.datasets.load("deployments")
    r = st.review(data, value="lead_time_h", time="week", rollout="2026-03-09", better="lower")
    assert r.verdict == "NOT_ATTRIBUTABLE"
    assert "already" in r.sentence


def test_filling_varies_less() -> None:
    data = st.datasets.load("filling")
    r = st.review(data, value="fill_ml", subgroup="sample", rollout=41, better="higher", lsl=495, usl=505)
    assert r.verdict == "STABILISED"
    assert r.findings.spread.low <= 0.83 / 1.5 <= r.findings.spread.high
    assert r.capability.low > 0
    aimed = st.review(
        data, value="fill_ml", subgroup="sample", rollout=41, better="target", target=500, lsl=495, usl=505
    )
    assert aimed.verdict == "STABILISED" or (aimed.verdict in CREDITED and "varies less" in " ".join(aimed.qualifiers))


def test_every_verdict_has_its_words() -> None:
    assert set(CODES) == set(SENTENCE) == set(ACTION) == set(TONE)


@pytest.mark.parametrize("step", [0.0, 3.0, 7.0, -6.0])
def test_verdict_ignores_unit_and_mirror(step: float) -> None:
    data = series(step=step)
    first = st.review(data, value="y", rollout=25, better="lower")
    scaled = st.review(data * 2.54 + 1000, value="y", rollout=25, better="lower")
    mirrored = st.review(-data, value="y", rollout=25, better="higher")
    assert first.verdict == scaled.verdict == mirrored.verdict
    assert scaled.effect.difference == pytest.approx(2.54 * first.effect.difference, rel=1e-6)
    assert mirrored.effect.difference == pytest.approx(-first.effect.difference, rel=1e-9)


def test_same_input_same_bytes(tmp_path: Path) -> None:
    a, b = semmelweis(), semmelweis()
    assert a.to_json() == b.to_json()
    assert a.save(tmp_path / "a.html").read_bytes() == b.save(tmp_path / "b.html").read_bytes()


def test_json_holds_the_contract() -> None:
    held = json.loads(semmelweis(lsl=None, usl=0.05).to_json())
    keys = {
        "schema", "verdict", "attribution", "sentence", "next_action", "qualifiers", "effect", "evidence", "date",
        "autocorrelation", "points_needed", "error_rates", "stages", "charts", "capability", "guards", "control",
        "report_card", "settings", "rows", "caveats", "provenance",
    }  # fmt: skip
    assert keys <= set(held)
    assert held["schema"] == "sigmatool.review/1"
    assert {"value", "low", "high", "unit", "relative"} <= set(held["effect"])
    assert {row["id"] for row in held["evidence"]} >= {f"E{i}" for i in range(1, 9)}
    assert {"id", "question", "estimate", "low", "high", "p", "level", "finding"} <= set(held["evidence"][0])
    assert {"rollout", "set", "probability_at_rollout"} <= set(held["date"])
    assert {"check", "result", "consequence", "action"} <= set(held["report_card"][0])
    chart = held["charts"][0]
    assert chart["schema"] == "sigmatool.chart/1"
    assert {"name", "label", "stage", "n", "value", "center", "lower", "upper"} <= set(chart["panels"][0])
    assert {"name", "from", "to", "n", "center", "sigma", "lower", "upper"} <= set(chart["stages"][0])
    rows = held["rows"]
    assert rows["read"] == rows["used"] + rows["missing"] + rows["excluded"] + rows["dropped"] == 98


def test_washout_is_drawn_and_not_judged() -> None:
    r = st.review(series(step=8), value="y", rollout=25, better="lower", washout=5)
    assert r.rows.excluded == 5
    assert r.n_after == 19
    assert r.charts[0].excluded.sum() == 5


def test_missing_points_are_gaps() -> None:
    data = series(step=8)
    data.loc[[5, 30], "y"] = np.nan
    r = st.review(data, value="y", rollout=25, better="lower")
    assert (r.rows.missing, r.rows.used) == (2, 46)
    assert r.verdict in CREDITED


def test_few_points_are_not_judged() -> None:
    r = st.review(series(before=24, after=5), value="y", rollout=25, better="lower")
    assert (r.verdict, r.points_needed) == ("INSUFFICIENT_DATA", 3)
    assert r.document().sections


def test_worsening_is_harm() -> None:
    r = st.review(series(step=-9), value="y", rollout=25, better="lower")
    assert r.verdict == "DETERIORATED"
    assert "roll back" in r.next_action


def test_guard_harm_comes_first() -> None:
    data = series(step=8)
    rng = np.random.default_rng(5)
    data["quality"] = 90 + rng.standard_normal(48) - 4 * (np.arange(48) >= 24)
    r = st.review(data, value="y", rollout=25, better="lower", guards=["quality:higher:0.5"])
    assert r.guards[0].finding == "harmed"
    assert r.next_action.startswith("First settle the harm to quality")


def test_early_step_is_dated_not_credited() -> None:
    rng = np.random.default_rng(11)
    y = rng.standard_normal(100) - 2 * (np.arange(100) >= 25)
    r = st.review(y, rollout=51, better="lower")
    assert r.verdict == "NOT_ATTRIBUTABLE"
    assert "26" in r.date.set


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rollout": 99}, "leaves no point after"),
        ({"rollout": 48}, "only 1 usable point after"),
        ({"better": "up"}, "better must be"),
        ({"better": "target"}, "needs the target"),
        ({"lsl": 3, "usl": 2}, "swapped"),
        ({"guards": ["q:higher"]}, "no column 'q'"),
        ({"guards": ["y"]}, "must read COLUMN"),
        ({"washout": -1}, "cannot be -1"),
        ({"worthwhile": "lots"}, "must be a number"),
        ({"season": 1}, "at least 2"),
        ({"control": "nope"}, "no column 'nope'"),
        ({"scale": "duration", "value": "minus"}, "must be above zero"),
        ({"value": "flat"}, "same value"),
    ],
)
def test_refusals_name_the_culprit(change: dict[str, Any], words: str) -> None:
    data = series()
    data["minus"] = data["y"] - 60
    data["flat"] = np.where(np.arange(48) < 24, data["y"], 7.0)
    settings = {"value": "y", "rollout": 25, "better": "lower", **change}
    with pytest.raises(st.SigmatoolError, match=words):
        st.review(data, **settings)


def test_public_name_survives_its_room() -> None:
    from sigmatool.review import evidence

    assert evidence.__name__ == "sigmatool.review.evidence"
    assert callable(st.review)
