"""Rollouts in waves: panels with a known truth, the arithmetic against statsmodels, invariances, refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers.autoregression import NoiseGrid
from sigmatool.numbers.panel import Panel, two_way_residuals
from sigmatool.review.decision import CODES, CREDITED, Decision
from sigmatool.review.waves import review_waves
from sigmatool.review.waves_decision import TABLE, decide_waves
from sigmatool.review.waves_result import Waves
from sigmatool.review.waves_wording import QUESTION, effect_sentence

STARTS = (5, 8, 11, 14, 17, 20)


def panel(
    starts: tuple[int, ...] = STARTS, periods: int = 24, step: float = 2.0, seed: int = 4, trend: float = -0.2
) -> pd.DataFrame:
    """Lower is better by ``step`` noise sd; 99 is a site that never goes live."""
    rng = np.random.default_rng(seed)
    s, t = len(starts), np.arange(1, periods + 1)
    on = t[None, :] >= np.array(starts)[:, None]
    y = 40 + 3 * rng.standard_normal(s)[:, None] + 3 * np.sin(t) + trend * t + rng.standard_normal((s, periods))
    return pd.DataFrame(
        {
            "clinic": np.repeat([f"clinic {i + 1}" for i in range(s)], periods),
            "month": np.tile(t, s),
            "wait": (y - step * on).ravel(),
            "live": np.repeat([v if v <= periods else None for v in starts], periods),
        }
    )


def judge(data: pd.DataFrame, **more: Any) -> Waves:
    settings: dict[str, Any] = {
        "value": "wait", "time": "month", "site": "clinic", "rollout": "live", "better": "lower",
    }  # fmt: skip
    return review_waves(data, **(settings | more))


def verdict(w: Waves) -> tuple[str, str, str]:
    return w.decision.code, w.decision.attribution, w.decision.reason


@pytest.mark.parametrize("phi", [0.0, 0.6, -0.3])
def test_a_fixed_noise_model_is_generalised_least_squares(phi: float) -> None:
    rng = np.random.default_rng(1)
    s, p = 5, 14
    keep = rng.random(s * p) > 0.15
    site, period = np.repeat(np.arange(s), p)[keep], np.tile(np.arange(p), s)[keep]
    live = (period >= np.array([4, 6, 8, 10, 99])[site]).astype(float)
    y = rng.standard_normal(site.size) + 2 * live + site + np.sin(period)
    sd = rng.uniform(0.5, 2, site.size)
    grid = NoiseGrid(np.array([phi]), np.array([0.0]), np.array([0.0]))
    mine = Panel(y, {"D": live, "x": live * period}, site, period, sd, grid).fit(["D", "x"]).contrast(D=1.0)
    design = np.column_stack([np.eye(s)[site], np.eye(p)[period][:, 1:], live, live * period])
    apart = np.abs(period[:, None] - period)
    correlation = np.where(site[:, None] == site, np.float64(phi) ** apart, 0.0)
    theirs = sm.GLS(y, design, sigma=correlation * np.outer(sd, sd)).fit()
    assert mine.estimate == pytest.approx(theirs.params[-2], rel=1e-9)
    assert mine.scales[0] == pytest.approx(theirs.bse[-2], rel=1e-9)
    assert mine.dof == theirs.df_resid


def test_white_noise_is_ordinary_least_squares_with_dummies() -> None:
    data = panel()
    site, period = pd.factorize(data["clinic"])[0].astype(np.int64), data["month"].to_numpy() - 1
    live = (data["month"] >= data["live"]).to_numpy(dtype=float)
    design = np.column_stack([np.eye(6)[site], np.eye(24)[period][:, 1:], live])
    fitted = sm.OLS(data["wait"].to_numpy(), design).fit()
    residual = two_way_residuals(data["wait"].to_numpy(), site, period, live[:, None])
    np.testing.assert_allclose(residual, fitted.resid, atol=1e-8)


def test_a_random_effect_of_no_spread_changes_nothing_and_one_of_any_widens() -> None:
    data = panel()
    site, period = pd.factorize(data["clinic"])[0].astype(np.int64), data["month"].to_numpy() - 1
    live = (data["month"] >= data["live"]).to_numpy(dtype=float)
    own = {f"D {i}": live * (site == i) for i in range(6)}
    whole = Panel(data["wait"].to_numpy(), {"D": live} | own, site, period)
    fixed = whole.fit(["D"]).contrast(D=1.0)
    none = whole.varying(list(own), np.array([0.0]), np.array([1.0])).fit(["D"]).contrast(D=1.0)
    assert none.interval() == pytest.approx(fixed.interval(), rel=1e-9)
    low, high = whole.varying(list(own)).fit(["D"]).contrast(D=1.0).interval()
    assert high - low > fixed.interval()[1] - fixed.interval()[0]


def test_a_plain_step_is_credited_with_its_size() -> None:
    w = judge(panel(step=3.0))
    assert w.decision.code == "IMPROVED_PROVISIONAL"
    assert w.effect.difference_low < -3 < w.effect.difference_high < 0
    assert 0 in w.shifts
    assert sum(s.finding == "better" for s in w.sites) >= 4
    assert [s.go_live for s in w.sites] == [str(v) for v in STARTS]


def test_long_stretches_after_are_called_stable() -> None:
    assert judge(panel((15, 20, 25, 30, 99), 60, step=3.0)).decision.code == "IMPROVED_STABLE"


def test_a_common_trend_is_never_credited() -> None:
    codes = [judge(panel(step=0.0, trend=-0.5, seed=s)).decision.code for s in range(12)]
    assert not CREDITED & set(codes)


def test_a_rise_everywhere_is_improved_against_the_trend() -> None:
    assert judge(panel(step=3.0, trend=0.6)).decision.code == "IMPROVED_AGAINST_TREND"


def test_harm_is_seen() -> None:
    w = judge(panel(step=-3.0))
    assert (w.decision.code, w.decision.attribution) == ("DETERIORATED", "demonstrated")


def test_a_change_at_another_time_is_not_credited() -> None:
    data = panel((9, 12, 15, 18, 99, 99), 30, step=4.0)
    data["live"] += 4
    w = judge(data)
    assert w.decision.code == "NOT_ATTRIBUTABLE"
    assert -4 in w.shifts
    assert 0 not in w.shifts
    assert "4 periods before the go-lives" in w.sentence
    assert "4 periods before the go-lives" in w.next_action


@pytest.mark.parametrize("code", CODES)
def test_every_verdict_has_its_words(code: str) -> None:
    w = judge(panel())
    turned = replace(w, decision=Decision(code, "not asked", "level"))
    for sentence in (turned.sentence, turned.next_action):
        assert sentence.endswith(".")
        assert "{" not in sentence


def test_a_lost_effect_is_seen() -> None:
    data = panel((6, 9, 12, 99, 99, 99), 30, step=4.0)
    since = np.maximum(data["month"] - data["live"].fillna(99), 0)
    data["wait"] += np.minimum(0.3 * since, 4)
    assert judge(data).decision.code == "IMPROVED_NOT_SUSTAINED"


def test_sites_that_differ_widen_the_interval_and_are_told() -> None:
    data = panel(step=0.0)
    gain = data["clinic"].map({f"clinic {i + 1}": g for i, g in enumerate((6, 0, 5, 0, 6, 1))})
    data["wait"] -= gain * (data["month"] >= data["live"])
    w = judge(data)
    assert w.findings.p_equal is not None
    assert w.findings.p_equal < 0.001
    assert "differs" in w.differ
    assert w.effect.difference_high - w.effect.difference_low > 3


def test_the_dose_explains_the_step() -> None:
    data = panel(step=0.0)
    rate = data["clinic"].str[-1].astype(int) / 6
    data["adoption"] = np.where(data["month"] >= data["live"], 100 * rate, 0)
    data["wait"] -= 6 * data["adoption"] / 100
    w = judge(data, adoption="adoption")
    assert w.dose is not None
    assert w.dose.full.low < -6 < w.dose.full.high < 0
    assert w.dose.finding == "the effect grows with adoption, which explains the step"
    data["adoption"] = np.where(data["adoption"] == 0, np.nan, data["adoption"] / 100)
    assert "adoption-early" not in {c.code for c in w.caveats}
    again = judge(data, adoption="adoption")
    assert again.dose is not None
    assert again.dose.full.difference == pytest.approx(w.dose.full.difference)


def test_adoption_before_the_go_live_is_told() -> None:
    data = panel().assign(adoption=0.5)
    assert "adoption-early" in {c.code for c in judge(data, adoption="adoption").caveats}


def test_texts_name_the_waves_as_the_column_does() -> None:
    data = panel((9, 9, 15, 99))
    by_column = judge(data)
    by_text = judge(data, rollout=["9=clinic 1,clinic 2", "15=clinic 3"])
    assert by_text.effect == by_column.effect
    assert by_text.controls == ("clinic 4",)


def test_the_order_of_rows_and_gaps_do_not_matter() -> None:
    data = panel()
    first = judge(data)
    shuffled = judge(data.sample(frac=1, random_state=1))
    assert shuffled.effect == first.effect
    assert shuffled.sites == first.sites
    assert shuffled.provenance.data_sha256 == first.provenance.data_sha256
    emptied = data.copy()
    emptied.loc[[3, 40, 77], "wait"] = np.nan
    assert judge(emptied).effect == judge(data.drop(index=[3, 40, 77])).effect


def test_units_and_direction() -> None:
    data = panel()
    first = judge(data)
    scaled = judge(data.assign(wait=data["wait"] * 60))
    assert scaled.effect.difference == pytest.approx(60 * first.effect.difference)
    assert verdict(scaled) == verdict(first)
    mirrored = judge(data.assign(wait=100 - data["wait"]), better="higher")
    assert mirrored.effect.difference == pytest.approx(-first.effect.difference)
    assert mirrored.effect.difference_low == pytest.approx(-first.effect.difference_high)
    assert verdict(mirrored) == verdict(first)


def test_other_scales_speak_the_metrics_unit() -> None:
    data = panel(step=0.0)
    rng = np.random.default_rng(8)
    on = (data["month"] >= data["live"]).to_numpy()
    data["seen"] = rng.integers(150, 250, len(data))
    data["late"] = rng.binomial(data["seen"], np.where(on, 0.10, 0.25))
    share = judge(data, value="late", size="seen")
    assert share.effect.difference_low < -0.15 < share.effect.difference_high
    assert "points" in effect_sentence(share)
    rate = judge(data, value="late", size="seen", scale="rate")
    assert rate.effect.difference == pytest.approx(share.effect.difference, abs=0.03)
    data["wait"] = np.exp(rng.normal(3, 0.1, len(data)) - 0.4 * on)
    duration = judge(data, scale="duration")
    assert duration.effect.ratio_low < np.exp(-0.4) < duration.effect.ratio_high
    assert duration.sites[2].increment is not None
    assert duration.sites[2].increment.ratio_low is not None


def test_every_fact_of_the_table_has_its_question() -> None:
    assert {need.removeprefix("!") for row in TABLE for need in row.needs} == set(QUESTION)


def test_the_path_leads_to_the_verdict_and_says_what_would_have_changed_it() -> None:
    w = judge(panel(step=3.0))
    path = {step.name: step for step in w.decision.path}
    assert list(path)[:3] == ["worse", "gained", "date"]
    assert w.decision.code == "IMPROVED_PROVISIONAL"
    longer = replace(w.findings, typical_after=20)
    assert decide_waves(longer).code == path["enough"].otherwise == "IMPROVED_STABLE"
    lost = replace(w.findings, p_backslide=0.001)
    assert decide_waves(lost).code == path["backslide"].otherwise == "IMPROVED_NOT_SUSTAINED"
    ahead = replace(w.findings, p_lead_better=0.001, step_beyond_trends=None)
    assert verdict(replace(w, decision=decide_waves(ahead))) == ("NOT_ATTRIBUTABLE", "refuted", "trend")


def refused(data: pd.DataFrame, match: str, kind: type[Exception] = DataError, **more: Any) -> None:
    with pytest.raises(kind, match=match):
        judge(data, **more)


def test_refusals() -> None:
    data = panel()
    refused(pd.concat([data, data.iloc[[30]]]), "site 'clinic 2' has 2 rows for 7 ")
    moved = data.copy()
    moved.loc[30, "live"] = 9
    refused(moved, "goes live at 9.* in row 31 of column 'live', but at 8")
    refused(panel((9, 9, 9)), "all sites go live at 9 and none stays without")
    refused(panel((4, 22, 99)), "no site has 8 points before and 8 after .*the best has 3 and 21")
    refused(panel((1, 1, 1)), "all sites are live from their first period")
    refused(panel((99, 99)), "no site goes live")
    refused(data[data["month"] == 12], "single period")
    refused(data[data["clinic"] == "clinic 3"], "at least 2 sites")
    refused(data, "names the site 'clinic 9', which column 'clinic' lacks", SettingsError, rollout="9=clinic 9")
    refused(data, "must read WHEN=SITE", SettingsError, rollout="9")
    refused(data, "two go-lives", SettingsError, rollout=["9=clinic 1", "12=clinic 1"])
    refused(data, "not on the axis", rollout="soon=clinic 1")
    refused(data, "needs time", SettingsError, time=None)
    refused(data, "lower or higher", SettingsError, better="target")
    refused(data, "no column 'nothing'", adoption="nothing")
    refused(data.assign(share=-0.1), "holds -0.1 in row 1: adoption is a share", adoption="share")
    refused(data.assign(share=120), "holds 120 in row 1: adoption is a share", adoption="share")
    refused(data.assign(wait=-1.0), "must be above zero", scale="duration")
    refused(data.assign(wait=1.0), "never varies")
    refused(data.assign(clinic=[None, *data["clinic"][1:]]), "'clinic' is empty in row 1")
