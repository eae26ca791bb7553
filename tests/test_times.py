"""Times as tables hold them: finer than an hour, with zones, as numbers, as text; and what their labels say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.timeline import calendar_of_days, compact_times, to_days

N = 40
NOISE = 10 + np.random.default_rng(0).standard_normal(N) - 2 * (np.arange(N) >= 20)


def review_of(times: object, rollout: object) -> st.Review:
    return st.review(pd.DataFrame({"v": NOISE, "t": times}), value="v", time="t", rollout=rollout, better="lower")


@pytest.mark.parametrize("step", ["6h", "1h", "30min", "5min", "1min", "1s"])
def test_series_of_any_step_are_judged_alike(step: str) -> None:
    times = pd.date_range("2024-01-01", periods=N, freq=step)
    plain = st.review(NOISE, rollout=21, better="lower")
    found = review_of(times, times[20])
    assert found.verdict == plain.verdict
    assert found.effect == plain.effect
    texts = [str(t) for t in times]
    assert review_of(texts, texts[20]).effect == plain.effect


def test_a_gap_within_an_hour_is_a_gap() -> None:
    times = pd.date_range("2024-01-01", periods=N, freq="10min").delete(7)
    found = calendar_of_days(to_days(times.to_numpy()))
    assert found.step == "10 minutes"
    assert found.positions.tolist() == [i for i in range(N) if i != 7]


def test_a_zone_keeps_its_own_clock_and_is_told() -> None:
    times = pd.date_range("2024-07-01", periods=N, freq="D", tz="Europe/Berlin")
    found = review_of(times, "2024-07-21")
    assert (found.n_before, found.n_after) == (20, 20)
    assert found.to_frame()["t"].iloc[0] == "2024-07-01"
    assert found.effect == review_of(times.tz_localize(None), "2024-07-21").effect
    assert any("Europe/Berlin" in c.text for c in found.caveats if c.code == "time-zone")


def test_a_clock_that_was_put_back_gives_utc() -> None:
    times = pd.date_range("2024-10-27 00:30", periods=N, freq="30min", tz="Europe/Berlin")
    found = review_of(times, times[20].tz_convert("UTC").tz_localize(None))
    assert found.to_frame()["t"].iloc[0] == "2024-10-26 22:30"
    assert any("UTC" in c.text for c in found.caveats if c.code == "time-zone")


def test_years_as_text_are_years() -> None:
    years = [str(y) for y in range(1880, 1880 + N)]
    assert review_of(years, "1900").effect == review_of([int(y) for y in years], 1900).effect


def test_compact_times_are_dates_and_other_numbers_are_not() -> None:
    days = pd.date_range("2024-01-10", periods=N)
    numbers = [int(d.strftime("%Y%m%d")) for d in days]
    found = review_of(numbers, numbers[20])
    assert found.effect == review_of(days, days[20]).effect
    assert found.to_frame()["t"].iloc[-1] == str(days[-1].date())
    assert any("20240110" in c.text for c in found.caveats)
    assert not any(c.code == "calendar-gaps" for c in found.caveats)
    assert review_of([str(n) for n in numbers], str(numbers[20])).effect == found.effect
    assert compact_times(np.array([20240230.0])) is None
    assert compact_times(np.array([20240229.0, np.nan])) is not None


def test_large_whole_numbers_keep_their_digits() -> None:
    stamps = [1_704_067_200_000 + 86_400_000 * i for i in range(N)]
    assert review_of(stamps, stamps[20]).to_frame()["t"].iloc[0] == "1704067200000"


def test_stages_of_one_name_are_told_apart() -> None:
    days = [str(d.date()) for d in pd.date_range("2024-01-01", periods=N)]
    values = np.random.default_rng(3).standard_normal(N) + np.repeat([0, 10, 20, 30], 10)
    r = st.review(
        pd.DataFrame({"v": values, "t": days}), value="v", time="t", better="lower",
        rollout=[f"{days[10]}=Patch", f"{days[20]}=Fix", f"{days[30]}=Patch"],
    )  # fmt: skip
    assert [(s.n, round(s.mean.value / 10)) for s in r.in_numbers] == [(10, 0), (10, 1), (10, 2), (10, 3)]


def test_means_of_shares_and_durations_stay_within_theirs() -> None:
    births = st.datasets.load("semmelweis")
    r = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")
    assert all(0 < s.mean.low < s.mean.value < s.mean.high < 1 for s in r.in_numbers)
    skewed = np.exp(2 * np.random.default_rng(1).standard_normal(N))
    r = st.review(skewed, rollout=21, better="lower", scale="duration")
    assert all(0 < s.mean.low < s.mean.value < s.mean.high for s in r.in_numbers)
