"""What the usual tests would have said, why they differ, and the trend that would explain it all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sigmatool.numbers.breakpoints import break_interval, largest_f, level_breaks
from sigmatool.numbers.plain_tests import longest_run, mann_whitney, run_chance, welch
from sigmatool.numbers.segmented import poisson_regression, segmented, segments, usual_lag
from sigmatool.review.breakdown import Breakdown, breakdown
from sigmatool.review.context import context
from sigmatool.review.decision import decide
from sigmatool.review.evidence import Case, gather


def noise(rng: np.random.Generator, n: int, phi: float = 0.0) -> np.ndarray:
    e = rng.normal(size=n)
    for i in range(1, n):
        e[i] = phi * e[i - 1] + np.sqrt(1 - phi**2) * e[i]
    return e


def case_of(z: np.ndarray, before: int = 24) -> Case:
    n = z.size
    return Case(z, np.ones(n), np.arange(n), np.arange(n) >= before)


def test_plain_tests_are_those_of_scipy() -> None:
    rng = np.random.default_rng(1)
    for n1, n2 in ((8, 8), (24, 40), (100, 9)):
        for digits in (0, 6):
            x, y = rng.normal(size=n1).round(digits), rng.normal(0.7, 2, n2).round(digits)
            assert welch(x, y) == pytest.approx(stats.ttest_ind(x, y, equal_var=False).pvalue, rel=1e-10)
            other = stats.mannwhitneyu(y, x, method="asymptotic")
            share, p = mann_whitney(x, y)
            assert p == pytest.approx(other.pvalue, rel=1e-10)
            assert share == pytest.approx(other.statistic / (n1 * n2), rel=1e-12)
    assert mann_whitney(np.ones(8), np.ones(8)) == (0.5, 1.0)
    assert welch(np.ones(8), np.ones(8)) == 1.0
    assert welch(np.ones(8), np.zeros(8)) == 0.0


def test_longest_run() -> None:
    assert longest_run(np.zeros(5, dtype=bool)) == 0
    assert longest_run(np.ones(5, dtype=bool)) == 5
    assert longest_run(np.array([1, 0, 1, 1, 1, 0, 1], dtype=bool)) == 3


@pytest.mark.parametrize(("phi", "slack"), [(0.0, 0.012), (0.3, 0.02), (0.6, 0.05)])
def test_chance_of_eight_in_a_row(phi: float, slack: float) -> None:
    rng, n1, n2, reps = np.random.default_rng(2), 24, 24, 4000
    x = rng.normal(size=(reps, n1 + n2))
    for i in range(1, n1 + n2):
        x[:, i] = phi * x[:, i - 1] + np.sqrt(1 - phi**2) * x[:, i]
    above = x[:, n1:] > x[:, :n1].mean(axis=1, keepdims=True)
    seen = np.mean([longest_run(row) >= 8 for row in above])
    assert run_chance(n2, 8, n1, phi) == pytest.approx(seen, abs=slack)


def test_exact_chance_of_a_run_with_a_known_centre() -> None:
    runs = [bin(k) for k in range(2**10)]
    share = sum("1" * 8 in text for text in runs) / 2**10
    assert run_chance(10, 8, 10**12) == pytest.approx(share, abs=1e-6)


def test_newey_west_without_lag_is_white() -> None:
    rng = np.random.default_rng(3)
    design = segments(np.arange(40), np.arange(40) >= 20)
    y = rng.normal(size=40)
    found = segmented(y, design, lag=0)
    x = np.linalg.inv(design.T @ design)
    e = y - design @ (x @ design.T @ y)
    meat = (design * e[:, None]).T @ (design * e[:, None])
    np.testing.assert_allclose(found.errors, np.sqrt(np.diag(x @ meat @ x)), rtol=1e-9)
    assert [usual_lag(n) for n in (20, 36, 100, 200)] == [2, 3, 4, 4]
    assert segmented(y, design).lag == 3
    # a gap in time is a gap in the columns
    np.testing.assert_array_equal(segments(np.array([3, 4, 9, 10]), np.arange(4) >= 2)[:, 1], [1, 2, 7, 8])
    np.testing.assert_array_equal(segments(np.array([3, 4, 9, 10]), np.arange(4) >= 2)[:, 3], [0, 0, 5, 6])


def test_a_regression_of_counts_that_does_not_settle() -> None:
    with pytest.raises(ValueError, match="settle"):
        poisson_regression(np.array([5.0, 6.0, np.nan, 4.0]), np.ones(4), np.ones((4, 1)))


def test_breaks_by_brute_force() -> None:
    rng = np.random.default_rng(4)
    y = rng.normal(size=16) + 1e6
    found = level_breaks(y, 3)
    assert len(found.rss) == 5
    best = min(
        (sum(part.var() * part.size for part in np.split(y, [a, b])), (a, b))
        for a in range(3, 14) for b in range(a + 3, 14)
    )  # fmt: skip
    assert found.breaks[2] == best[1]
    assert found.rss[2] == pytest.approx(best[0], rel=1e-8)
    one = [y[:k].var() * k + y[k:].var() * (16 - k) for k in range(3, 14)]
    assert largest_f(y, 3)[0] == pytest.approx((y.var() * 16 - min(one)) / (min(one) / 14), rel=1e-7)
    with pytest.raises(ValueError, match="never varies"):
        break_interval(np.repeat([0.0, 1.0], 5), 5)


def test_where_a_break_lies_is_covered() -> None:
    rng, hits, reps = np.random.default_rng(5), 0, 200
    for _ in range(reps):
        y = np.concatenate([rng.normal(0, 1, 50), rng.normal(1, 1.5, 50)])
        low, high = break_interval(y, level_breaks(y, 15).breaks[1][0])
        hits += low <= 50 <= high
    assert 0.88 <= hits / reps <= 1.0


def test_each_row_says_what_it_would_have_said() -> None:
    z = noise(np.random.default_rng(6), 48) + 2.5 * (np.arange(48) >= 24)
    case = case_of(z)
    e = gather(case)
    rows = context(case, e, decide(e).code)
    assert [r.test for r in rows] == [
        "Welch t test", "Mann-Whitney", "Segmented regression, Newey-West", "8 in a row beyond the old centre",
        "Staged chart, stage after",
    ]  # fmt: skip
    assert all(r.agrees and not r.why for r in rows[:4])
    assert rows[0].p == pytest.approx(stats.ttest_ind(z[:24], z[24:], equal_var=False).pvalue, rel=1e-10)
    assert rows[0].said == "a change for the better (p < 0.001)"
    assert rows[3].count is not None
    assert rows[3].count >= 8
    assert rows[4].count == e.stability_after.signals
    mirrored = replace(case, z=-z)
    worse = context(mirrored, gather(mirrored), "DETERIORATED")
    assert [r.said.split(" (")[0] for r in worse[:2]] == ["a change for the worse"] * 2
    assert worse[3].said.startswith("a shift for the worse")
    assert all(r.agrees for r in worse[:4])


def found_why(z: np.ndarray, row: int, code: str | None = None) -> tuple[bool, str]:
    case = case_of(z)
    e = gather(case)
    found = context(case, e, code or decide(e).code)[row]
    return found.agrees, found.why


def test_why_dependent_points_fool_the_t_test() -> None:
    """The first series of strong autocorrelation that Welch calls changed and the verdict does not."""
    rng, told = np.random.default_rng(7), []
    for _ in range(60):
        z = noise(rng, 48, 0.7)
        agrees, why = found_why(z, 0)
        if not agrees:
            told.append(why)
    assert len(told) > 15
    assert sum("dependent points for independent ones (autocorrelation 0." in w for w in told) > 0.8 * len(told)


def test_why_a_trend_fools_the_t_test() -> None:
    t = np.arange(60)
    z = noise(np.random.default_rng(8), 60) + 0.1 * t
    agrees, why = found_why(z, 0)
    assert (agrees, why) == (False, "it cannot tell a step from a trend, and a trend is seen")
    agrees, why = found_why(z, 3)
    assert not agrees
    assert "step from a trend" in why
    assert found_why(z, 2) == (True, "")


def test_why_another_date_fools_the_t_test() -> None:
    t = np.arange(72)
    z = noise(np.random.default_rng(9), 72) + 2.5 * (t >= 12)
    agrees, why = found_why(z, 0)
    assert not agrees
    assert why.endswith("the level moved at another time")


def test_why_the_t_test_misses_a_trend_that_was_broken() -> None:
    t = np.arange(48)
    z = 0.5 * noise(np.random.default_rng(10), 48) - 0.1 * (t - 24) + 2.4 * (t >= 24)
    agrees, why = found_why(z, 0, "IMPROVED_AGAINST_TREND")
    assert not agrees
    assert "the trend that the step broke" in why
    assert found_why(z, 2, "IMPROVED_AGAINST_TREND") == (True, "")


def test_why_eight_in_a_row_is_no_proof() -> None:
    """A steady process: said with how often it happens."""
    rng, told = np.random.default_rng(11), []
    for _ in range(80):
        agrees, why = found_why(noise(rng, 48, 0.5), 3, "INSUFFICIENT_DATA")
        if not agrees:
            told.append(why)
    assert sum("has 8 in a row on a given side in 1 of" in w for w in told) > len(told) / 2 > 3


def test_every_disagreement_has_a_reason() -> None:
    rng = np.random.default_rng(12)
    t = np.arange(48)
    codes = set()
    for shape in (
        0 * t,
        0.06 * t,
        1.2 * (t >= 24),
        2.0 * (t >= 10),
        3 * np.clip((t - 23) / 12, 0, 1),
        -1.5 * (t >= 24),
    ):
        for phi in (0.0, 0.6):
            for _ in range(6):
                case = case_of(noise(rng, 48, phi) + shape)
                e = gather(case)
                code = decide(e).code
                codes.add(code)
                for row in context(case, e, code):
                    assert bool(row.why) != row.agrees
                    assert (row.p is None) != (row.count is None)
    assert len(codes) >= 6


def test_the_breakdown_trend_of_a_known_series() -> None:
    t = np.arange(48)
    wiggle = np.tile([0.1, -0.1, -0.1, 0.1], 12)
    case = case_of(wiggle + 2.4 * (t >= 24))
    found = breakdown(case, gather(case))
    assert found.slope == pytest.approx(2.4 / 24, rel=1e-3)
    assert found.seen == pytest.approx(0.0, abs=2e-3)
    assert 0 < found.seen_limit < 0.02
    assert not found.explains
    assert found.text("month").startswith("A steady improvement of 0.1 a month would explain it all; before the roll")
    worse = replace(case, z=-case.z)
    other = breakdown(worse, gather(worse))
    assert (other.slope, other.ratio) == pytest.approx((-found.slope, found.ratio), rel=1e-6)
    assert "A steady decline of 0.1" in other.text()
    gaps = replace(case, positions=3 * t)
    assert breakdown(gaps, gather(gaps)).slope == pytest.approx(found.slope / 3, rel=1e-2)


def test_equal_averages_need_no_trend() -> None:
    case = case_of(np.tile([1.0, 2.0, 4.0, 3.0], 12))
    found = breakdown(case, gather(case))
    assert abs(found.slope) < 1e-12
    assert found.explains


def test_the_breakdown_trend_is_free_of_the_season() -> None:
    t = np.arange(60)
    season = 5 * np.sin(2 * np.pi * t / 12)
    z = 0.3 * noise(np.random.default_rng(14), 60) + 0.05 * t
    bare, declared = case_of(z, 30), replace(case_of(z + season, 30), season=12)
    one, other = breakdown(bare, gather(bare)), breakdown(declared, gather(declared))
    assert other.slope == pytest.approx(one.slope, rel=0.1)
    blind = case_of(z + season, 30)
    assert abs(breakdown(blind, gather(blind)).slope - one.slope) > abs(other.slope - one.slope)


def test_the_breakdown_trend_in_words() -> None:
    assert "may have improved by as much as 0.5 a week" in Breakdown(0.4, 0.3, 0.5, 1.25).text("week")
    assert "it was getting worse, by at least 0.1 a week" in Breakdown(0.4, -0.3, -0.1, -0.25).text("week")
    assert "of 40 % a week" in Breakdown(0.4, 0.3, 0.5, 1.25).text("week", form=lambda v: f"{100 * v:.0f} %")
    assert "improvement of 0.8 a" in Breakdown(0.4, 0.3, 0.5, 1.25).text("week", convert=lambda v: -2 * v)


@pytest.mark.parametrize("phi", [0.0, 0.5])
def test_a_trend_alone_is_seldom_ruled_out(phi: float) -> None:
    """With a true trend and no step the limit passes the breakdown slope in about 95 %."""
    rng, reps, reached = np.random.default_rng(13), 120, 0
    for _ in range(reps):
        case = case_of(noise(rng, 48, phi) + 0.08 * np.arange(48))
        reached += breakdown(case, gather(case)).explains
    assert reached / reps >= 0.88
