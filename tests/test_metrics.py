"""Many metrics with one primary: each by its own table, claims adjusted for their number, harm never."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as some
from statsmodels.stats.multitest import multipletests

import sigmatool as st
from sigmatool.cli import main
from sigmatool.numbers.multiple import benjamini_hochberg
from sigmatool.review.decision import CREDITED
from sigmatool.review.metric_words import adjusted_sentence
from sigmatool.review.metrics import BENEFIT, Metric, claims


def table(metrics: int = 4, n: int = 24, seed: int = 11, step: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    columns = {"main": 50 + rng.standard_normal(2 * n)}
    after = np.arange(2 * n) >= n
    for i in range(metrics):
        columns[f"m{i}"] = 20 + rng.standard_normal(2 * n) - step * after
    return pd.DataFrame(columns)


def judged(data: pd.DataFrame, *metrics: str | Metric, **more: object) -> st.Review:  # type: ignore[name-defined]
    n = len(data) // 2 + 1
    return st.review(data, value="main", rollout=n, better="lower", metrics=metrics, **more)


@given(some.lists(some.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_those_of_statsmodels(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_a_question_not_asked_does_not_count() -> None:
    held = benjamini_hochberg([0.01, np.nan, 0.04])
    assert held[[0, 2]].tolist() == pytest.approx(multipletests([0.01, 0.04], method="fdr_bh")[1].tolist())
    assert np.isnan(held[1])
    assert benjamini_hochberg([]).size == 0
    assert np.isnan(benjamini_hochberg([np.nan])).all()


def test_lines_are_read_and_written() -> None:
    for text in ("calls/handled:higher", "cost:lower:2.5", "cost:lower:10%", "a:b:lower"):
        assert str(Metric.parse(text)) == text
    assert Metric.parse("a:b:lower").value == "a:b"
    for wrong in ("cost", "cost:down", ":lower", "cost:lower:1:2"):
        with pytest.raises(st.SettingsError, match="metric"):
            Metric.parse(wrong)


def test_each_metric_has_the_verdict_of_a_review_of_its_own() -> None:
    data = table(3, step=1.2)
    data["calls"], data["handled"] = 50, np.random.default_rng(2).binomial(50, 0.6, len(data))
    r = judged(data, "m0:lower", "m1:higher:0.5", "handled/calls:higher", washout=2, exclude="5")
    for m, more in zip(
        r.metrics,
        (
            {"value": "m0", "better": "lower"},
            {"value": "m1", "better": "higher", "worthwhile": 0.5},
            {"value": "handled", "size": "calls", "better": "higher"},
        ),
        strict=True,
    ):
        alone = st.review(data, rollout=25, washout=2, exclude="5", **more)
        assert (m.verdict, m.attribution, m.effect) == (alone.verdict, alone.attribution, alone.effect)
        assert m.p == alone.findings.p_better
        assert (m.n_before, m.n_after) == (alone.n_before, alone.n_after) == (23, 22)
        assert m.sentence.startswith(alone.sentence[:-1])
    p = [m.p for m in r.metrics]
    assert [m.p_adjusted for m in r.metrics] == pytest.approx(multipletests(p, method="fdr_bh")[1].tolist())


def test_the_primary_metric_does_not_notice_the_others() -> None:
    data = table(3, step=2.0)
    alone, among = judged(data), judged(data, "m0:lower", "m1:lower", "m2:lower")
    assert (alone.verdict, alone.effect, alone.evidence) == (among.verdict, among.effect, among.evidence)
    assert alone.metrics == ()


def test_a_claim_needs_both_and_harm_is_never_adjusted_away() -> None:
    data = table(30, seed=4)
    data["good"], data["bad"] = data["m0"].copy(), data["m1"].copy()
    data.loc[24:, "good"] -= 4.0
    data.loc[24:, "bad"] += 1.0
    r = judged(data, "good:lower", "bad:lower", *(f"m{i}:lower" for i in range(2, 30)))
    good, bad = r.metrics[:2]
    assert good.claimed
    assert good.verdict in CREDITED
    assert "this holds after adjusting for 30 metrics" in good.sentence
    assert bad.harm
    assert bad.verdict == "DETERIORATED"
    assert bad.sentence.endswith("is worse since the rollout.")
    assert "metric bad got worse" in r.qualifiers
    for m in r.metrics:
        assert m.claimed == (m.verdict in CREDITED and m.p_adjusted <= 0.05)
        assert m.harm == (m.verdict in ("DETERIORATED", "DESTABILISED"))


def test_what_is_credited_alone_is_not_claimed_among_many() -> None:
    data = table(1, seed=36)
    data.loc[24:, "m0"] -= 0.75
    alone = judged(data, "m0:lower").metrics[0]
    assert alone.claimed
    noise = table(60, seed=7)[[f"m{i}" for i in range(1, 60)]]
    crowd = judged(data.join(noise), "m0:lower", *(f"m{i}:higher" for i in range(1, 60))).metrics[0]
    assert crowd.verdict == alone.verdict
    assert crowd.p == alone.p
    assert crowd.p_adjusted > 0.05
    assert not crowd.claimed
    assert "not claimed after adjusting for 60 metrics (adjusted p = " in crowd.sentence


def test_less_spread_alone_is_told_and_not_claimed() -> None:
    assert not claims("STABILISED", 0.001)
    assert "STABILISED" in BENEFIT
    text = adjusted_sentence("x varies less.", "STABILISED", False, 0.4, 1, "metric")
    assert text == "x varies less; not claimed: the adjustment for 1 metric is of levels, not of spread."
    assert adjusted_sentence("x.", "DETERIORATED", False, 0.9, 5, "metric") == "x."


def test_too_little_data_is_an_answer_and_a_wrong_column_a_refusal() -> None:
    data = table(2)
    data["flat"] = 3.0
    data["late"] = np.where(np.arange(48) < 30, np.nan, data["m0"])
    data["few"] = np.where(np.arange(48) < 20, np.nan, data["m0"])
    r = judged(data, "flat:lower", "late:lower", "few:lower", "m1:lower")
    assert [m.verdict for m in r.metrics[:3]] == ["INSUFFICIENT_DATA"] * 3
    assert "never varies" in r.metrics[0].sentence
    assert "0 usable points before and 18 after" in r.metrics[1].sentence
    assert "8 usable points" in r.metrics[2].sentence
    assert [m.p for m in r.metrics[:3]] == [m.p_adjusted for m in r.metrics[:3]] == [None] * 3
    assert r.metrics[3].p_adjusted == r.metrics[3].p
    data["word"], data["minus"] = "north", -1.0
    for metric, words in (
        ("absent:lower", "no column"), ("word:lower", "not a number"), ("minus/m0:lower", "cannot be negative"),
    ):  # fmt: skip
        with pytest.raises(st.DataError, match=f"^metric {metric}: .*{words}"):
            judged(data, metric)
    with pytest.raises(st.SettingsError, match="named twice"):
        judged(data, "m0:lower", "m0:higher")
    with pytest.raises(st.SettingsError, match="primary"):
        judged(data, "main:lower")
    with pytest.raises(st.SettingsError, match="subgroups"):
        st.review(data, value="main", rollout=7, better="lower", subgroup=4, metrics=["m0/m1:lower"])


def test_page_json_and_command(tmp_path: Path) -> None:
    data = table(2, step=3.0)
    data["<b>&"] = data["m0"][::-1].to_numpy()
    data.to_csv(tmp_path / "d.csv", index=False)
    args = ["review", str(tmp_path / "d.csv"), "-y", "main", "--rollout", "25", "--better", "lower"]
    done = CliRunner().invoke(
        main, [*args, "--metric", "m0:lower", "--metric", "<b>&:lower", "--json", "-o", str(tmp_path / "d.html")]
    )
    assert done.exit_code == 0, done.output
    held = json.loads(done.stdout)
    assert [m["name"] for m in held["metrics"]] == ["m0", "<b>&"]
    assert held["metrics"][0]["claimed"] is True
    assert held["metrics"][1]["harm"] is True
    assert "--metric m0:lower" in held["provenance"]["command"]
    page = (tmp_path / "d.html").read_text()
    assert "Other metrics" in page
    assert "<b>&" not in page
    said = CliRunner().invoke(main, [*args, "--metric", "m0:lower"]).stdout
    assert "Other metrics" in said
    assert "Other metrics" not in CliRunner().invoke(main, args).stdout


def test_claims_among_steady_metrics_are_rare() -> None:
    """Ten steady metrics (AR(1) 0.3, 24+24 points): a claim in at most 5 % of reviews; here 40 of them."""
    rng = np.random.default_rng(20261124)
    any_claimed = 0
    for _ in range(40):
        noise = rng.standard_normal((148, 11))
        for i in range(1, 148):
            noise[i] += 0.3 * noise[i - 1]
        data = pd.DataFrame(noise[100:], columns=["main", *(f"m{i}" for i in range(10))])
        r = judged(data, *(f"m{i}:lower" for i in range(10)))
        any_claimed += any(m.claimed for m in r.metrics)
    # more than 5 of 40 has probability 1.4 % at a rate of 5 %
    assert any_claimed <= 5
