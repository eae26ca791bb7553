"""Seasons: found where they are, not where they are not, offered and never removed in silence."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

import sigmatool as st
from sigmatool.data import measurements
from sigmatool.numbers.autoregression import SHORT_MEMORY, whiten
from sigmatool.numbers.season import candidates, gram, search
from sigmatool.review.calendar_season import calendar_columns

Floats = NDArray[np.float64]


def columns(n: int) -> dict[str, Floats]:
    t = np.arange(n)
    return {"one": np.ones(n), "D": (t >= n // 2).astype(float), "tc": (t - t.mean()) / n}


def found(y: Floats, periods: tuple[int, ...]) -> list[int]:
    n = y.size
    return [s.period for s in search(y, np.arange(n), np.ones(n), columns(n), periods)]


def test_cross_products_are_those_of_the_whitened_columns() -> None:
    rng = np.random.default_rng(1)
    places = np.cumsum(rng.integers(1, 4, 40))
    table = rng.standard_normal((40, 3))
    white, log_det = whiten(table, places, SHORT_MEMORY)
    mine, mine_det = gram(table, places, SHORT_MEMORY)
    np.testing.assert_allclose(mine, np.swapaxes(white, 1, 2) @ white, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(mine_det, log_det, rtol=1e-10)


@pytest.mark.parametrize(("n", "phi"), [(48, 0.0), (48, 0.6), (100, 0.0), (100, 0.6)])
def test_a_season_is_rarely_found_where_there_is_none(n: int, phi: float) -> None:
    rng = np.random.default_rng(2026)
    noise = lfilter([1.0], [1.0, -phi], rng.standard_normal((200, n + 50)), axis=1)[:, 50:]
    hits = sum(bool(found(y, candidates("point"))) for y in noise)
    # 5 % and three standard errors of 200 series
    assert hits <= 0.05 * 200 + 3 * np.sqrt(200 * 0.05 * 0.95)


def test_long_swings_are_no_season() -> None:
    rng = np.random.default_rng(4)
    slow = lfilter([1.0], [1.0, -0.9], rng.standard_normal((60, 500)), axis=1)[:, 100:] * np.sqrt(0.19 * 0.6)
    hits = sum(bool(found(y + np.sqrt(0.4) * rng.standard_normal(400), (24, 168))) for y in slow)
    assert hits <= 8


@pytest.mark.parametrize("period", [4, 5, 7, 12])
def test_a_plain_season_is_found_once(period: int) -> None:
    rng = np.random.default_rng(period)
    t = np.arange(120)
    y = 1.5 * np.sin(2 * np.pi * t / period + 1) + rng.standard_normal(120)
    seen = search(y, t, np.ones(120), columns(120), candidates("point"))
    assert seen[0].period == period
    assert not {p for s in seen[1:] for p in [s.period] if p % period == 0 or period % p == 0}
    assert seen[0].amplitude == pytest.approx(1.5, rel=0.3)
    assert 0.35 < seen[0].share < 0.7
    assert seen[0].p <= seen[0].corrected < 0.01


def test_scale_and_shift_do_not_matter() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(84)
    y = np.where(t % 7 > 4, -2.0, 0.0) + rng.standard_normal(84)
    one = search(y, t, np.ones(84), columns(84), (7,))[0]
    other = search(1000 + 3 * y, t, np.ones(84), columns(84), (7,))[0]
    assert other.p == pytest.approx(one.p, rel=1e-6)
    assert other.amplitude == pytest.approx(3 * one.amplitude, rel=1e-6)


def test_two_cycles_are_needed() -> None:
    y = np.sin(2 * np.pi * np.arange(23) / 12)
    assert found(y, (12,)) == []


def test_the_search_is_quick() -> None:
    rng = np.random.default_rng(5)
    for n, most in ((100, 0.03), (10_000, 0.6)):
        y = rng.standard_normal(n)
        found(y, candidates("point"))
        start = time.perf_counter()
        found(y, candidates("point"))
        # ten times what was measured, so that a busy machine does not fail it
        assert time.perf_counter() - start < most


def daily(n: int = 112) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    day = pd.date_range("2026-01-01", periods=n)
    quiet = np.where(day.day_of_week > 4, -3.0, 0.0)
    y = 50 + quiet + rng.standard_normal(n) - 1.5 * (np.arange(n) >= n // 2)
    return pd.DataFrame({"day": day.strftime("%Y-%m-%d"), "y": y})


def season_row(r: st.Review) -> str:
    row = next(c for c in r.report_card if c.check == "Season")
    return f"{row.result} | {row.action}"


def test_a_season_is_offered_and_not_removed() -> None:
    data = daily()
    r = st.review(data, value="y", time="day", rollout="2026-02-26", better="lower")
    assert "a season of 7 days is seen (it carries" in season_row(r)
    assert season_row(r).endswith("declare it: --season 7.")
    assert not r.findings.seasonal


@pytest.mark.parametrize("season", [7, "7", "weekday"])
def test_a_declared_season_sharpens_the_verdict(season: int | str) -> None:
    data = daily()
    plain = st.review(data, value="y", time="day", rollout="2026-02-26", better="lower")
    r = st.review(data, value="y", time="day", rollout="2026-02-26", better="lower", season=season)
    assert r.findings.seasonal
    assert r.findings.sd < 0.8 * plain.findings.sd
    assert f"declared ({season})" in season_row(r)


def test_calendar_columns_sum_to_zero_over_the_classes() -> None:
    data = daily(56)
    points = measurements(data, value="y", time="day")
    after = np.arange(56) >= 28
    held = calendar_columns(points.axis, "weekday", np.ones(56, dtype=bool), after)
    assert list(held) == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    # eight whole weeks: every column adds up to nothing
    assert all(c.sum() == 0 for c in held.values())
    # 1 January 2026 was a Thursday
    assert held["Thursday"][0] == 1
    assert all(c[3] == -1 for c in held.values())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"season": "weekly"}, "season must be a period in points, or weekday, month, hour"),
        ({"season": "1"}, "at least 2"),
        ({"season": "hour"}, "needs points on different hours"),
        ({"season": "month"}, "month 1 has 31 and 0"),
        ({"season": "weekday", "time": None, "rollout": 57}, "needs dates"),
    ],
)
def test_refusals_name_the_way_out(change: dict[str, object], words: str) -> None:
    settings = {"value": "y", "time": "day", "rollout": "2026-02-26", "better": "lower", **change}
    with pytest.raises(st.SigmatoolError, match=words):
        st.review(daily(), **settings)
