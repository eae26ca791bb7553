"""How a rollout came about: what set it off, and what it is compared with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.errors import SettingsError
from sigmatool.review.decision import CREDITED
from sigmatool.review.trigger import worst_stretch


def after_the_worst(seed: int) -> pd.DataFrame:
    """A steady process; the rollout starts right after its worst six points."""
    rng = np.random.default_rng(seed)
    y = rng.standard_normal(240)
    mean = np.convolve(y, np.ones(6) / 6, "valid")
    start = int(np.argmin(mean[18:200])) + 24
    return pd.DataFrame({"y": y[start - 24 : start + 24]})


def test_declared_trigger_takes_the_credit_away() -> None:
    credit = {True: 0, False: 0}
    for seed in range(60):
        data = after_the_worst(seed)
        for declared in credit:
            r = st.review(data, value="y", rollout=25, better="higher", triggered_by_bad_results=declared)
            credit[declared] += r.verdict in CREDITED
    assert credit[False] >= 5
    assert credit[True] <= 2


def test_trigger_is_told_and_accounted_for() -> None:
    data = after_the_worst(1)
    r = st.review(data, value="y", rollout=25, better="higher", triggered_by_bad_results=True)
    caveat = next(c for c in r.caveats if c.code == "trigger-left-out")
    assert f"({r.rows.excluded} points, 19 to " in caveat.text
    assert r.rows.excluded >= 3
    assert r.rows.read == r.rows.used + r.rows.excluded == 48
    assert r.n_before == 24 - r.rows.excluded
    row = next(c for c in r.report_card if c.check == "Why the rollout started then")
    assert row.tone == "good"
    assert "--triggered-by-bad-results" in r.provenance.command


def test_trigger_ignores_direction_and_unit() -> None:
    data = after_the_worst(1)
    higher = st.review(data, value="y", rollout=25, better="higher", triggered_by_bad_results=True)
    mirrored = pd.DataFrame({"y": 40 - 3 * data["y"]})
    lower = st.review(mirrored, value="y", rollout=25, better="lower", triggered_by_bad_results=True)
    assert lower.verdict == higher.verdict
    assert lower.n_before == higher.n_before


def test_worst_stretch_is_lengthened_over_the_slow_return() -> None:
    z = np.where(np.arange(30) % 2, 0.1, -0.1)
    z[10:13] = -5.0
    z[8:10] = z[13:15] = -0.5
    assert worst_stretch(z) == (8, 15)


def series(seed: int, controls: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    shared = np.cumsum(rng.standard_normal(60)) * 0.5
    frame = pd.DataFrame({"y": 50 + shared + rng.standard_normal(60) * 0.3 + 2.0 * (np.arange(60) >= 30)})
    for k in range(controls):
        frame[f"site {k}"] = 20 * (k + 1) + shared + rng.standard_normal(60) * 0.3
    return frame


def test_mean_of_several_controls_is_taken_away() -> None:
    data = series(2, 3)
    names = ["site 0", "site 1", "site 2"]
    several = st.review(data, value="y", rollout=31, better="higher", control=names)
    data["mean"] = data[names].mean(axis=1)
    one = st.review(data, value="y", rollout=31, better="higher", control="mean")
    assert several.verdict == one.verdict == "IMPROVED_STABLE"
    assert several.effect.difference == pytest.approx(one.effect.difference)
    assert several.effect.difference_low == pytest.approx(one.effect.difference_low)
    assert [c.name for c in several.control.parts] == names
    assert several.control.difference == pytest.approx(np.mean([c.difference for c in several.control.parts]), abs=0.2)
    assert one.control.parts == ()


def test_controls_that_do_not_fit_are_refused() -> None:
    data = series(2, 2)
    with pytest.raises(SettingsError, match="one denominator for each control"):
        st.review(data, value="y", rollout=31, better="higher", control=["site 0", "site 1"], control_size=["site 0"])
    with pytest.raises(SettingsError, match="named twice"):
        st.review(data, value="y", rollout=31, better="higher", control=["site 0", "site 0"])


def two_rollouts(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    t = np.arange(90)
    return pd.DataFrame({"y": 20 + rng.standard_normal(90) - 2.0 * (t >= 30) + 0.0 * (t >= 60)})


def test_each_of_several_rollouts_has_its_increment() -> None:
    r = st.review(two_rollouts(4), value="y", rollout=["31=Script", "61=Callback"], better="lower")
    script, callback, together = r.increments
    assert script.verdict in CREDITED
    assert script.effect.difference_low <= -2.0 <= script.effect.difference_high
    assert callback.verdict not in CREDITED
    assert callback.effect.difference_low <= 0.0 <= callback.effect.difference_high
    assert together.effect.difference_low <= -2.0 <= together.effect.difference_high
    assert (script.n_before, script.n_after) == (callback.n_before, callback.n_after) == (30, 30)
    assert r.verdict == callback.verdict
    assert r.effect == callback.effect
    assert [s.name for s in r.charts[0].stages] == ["before", "after Script", "after Callback"]


def test_order_in_which_rollouts_are_given_is_of_no_account() -> None:
    one = st.review(two_rollouts(4), value="y", rollout=[31, 61], better="lower", washout=3)
    other = st.review(two_rollouts(4), value="y", rollout=[61, 31], better="lower", washout=3)
    assert one.increments == other.increments
    assert one.n_before == one.n_after == 27
    assert one.rows.excluded == 6


def test_last_rollout_equals_a_review_of_its_two_stages() -> None:
    data = two_rollouts(7)
    both = st.review(data, value="y", rollout=[31, 61], better="lower")
    alone = st.review(data.iloc[30:], value="y", rollout=31, better="lower")
    assert both.verdict == alone.verdict
    assert both.effect.difference == pytest.approx(alone.effect.difference, abs=1e-9)
    assert both.increments[1].p_better == pytest.approx(alone.findings.p_better, abs=1e-12)
