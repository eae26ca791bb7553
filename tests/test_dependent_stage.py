"""Mean and spread of a stretch of dependent points: against independent answers, and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import signal, stats

import sigmatool as st
from sigmatool.numbers.dependent_stage import dependent_mean, dependent_sd

X = np.array([5.1, 4.9, 6.2, 5.7, 5.0, 5.3, 4.8, 6.0])


def test_independent_points_give_the_textbook_intervals() -> None:
    found = dependent_mean(X, 0.0)
    half = stats.t.ppf(0.975, X.size - 1) * X.std(ddof=1) / math.sqrt(X.size)
    assert (found.low, found.high) == pytest.approx((X.mean() - half, X.mean() + half), rel=1e-12)
    spread = dependent_sd(X, 0.0)
    ends = X.std(ddof=1) * np.sqrt((X.size - 1) / stats.chi2.ppf([0.975, 0.025], X.size - 1))
    assert (spread.low, spread.high) == pytest.approx(tuple(ends), rel=1e-10)
    assert dependent_mean(X, -0.4) == found


def test_dependence_widens_and_the_value_stays() -> None:
    wide, narrow = dependent_mean(X, 0.6), dependent_mean(X, 0.2)
    assert wide.value == narrow.value == pytest.approx(X.mean())
    assert wide.low < narrow.low < narrow.high < wide.high
    assert dependent_sd(X, 0.6).value == pytest.approx(X.std(ddof=1))
    assert dependent_mean(X, 1.0) == dependent_mean(X, 0.95)


def test_a_flat_stretch_has_no_interval_and_nonsense_is_refused() -> None:
    for found in (dependent_mean(np.ones(5), 0.3), dependent_sd(np.ones(5), 0.3)):
        assert math.isnan(found.low)
        assert math.isnan(found.high)
    for bad in ([1.0], [1.0, np.nan], [1.0, np.inf]):
        with pytest.raises(ValueError, match="sample"):
            dependent_mean(bad, 0.0)


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_intervals_hold_the_truth_about_as_often_as_they_say(phi: float) -> None:
    rng = np.random.default_rng(20)
    n, runs = 40, 1500
    series = signal.lfilter([1], [1, -phi], rng.normal(size=(runs, n + 100)), axis=1)[:, 100:]
    truth = 1 / math.sqrt(1 - phi**2)
    means = [dependent_mean(x, phi) for x in series]
    spreads = [dependent_sd(x, phi) for x in series]
    # strong dependence errs to the safe side: of few independent points' worth the spread is corrected generously
    assert 0.935 <= np.mean([m.low < 0 < m.high for m in means]) <= 0.965 + phi / 40
    assert 0.935 <= np.mean([s.low < truth < s.high for s in spreads]) <= 0.965 + phi / 40


def test_a_review_tells_its_stages_in_numbers() -> None:
    calls = st.datasets.load("contact_centre")
    r = st.review(calls, value="aht_s", time="day", rollout="2026-09-01", washout=7, better="lower")
    before, after = r.in_numbers
    assert (before.n, after.n) == (60, 53)
    judged = calls["aht_s"].to_numpy()[67:]
    assert after.mean.value == pytest.approx(judged.mean())
    assert after.sd.value == pytest.approx(judged.std(ddof=1))
    assert (after.minimum, after.maximum) == (judged.min(), judged.max())
    assert after.mean.low < after.mean.value < after.mean.high
    assert r.to_dict()["in_numbers"][1]["mean"]["value"] == pytest.approx(judged.mean())
