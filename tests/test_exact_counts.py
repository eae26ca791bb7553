"""Intervals of counts: their tails, their coverage, their edges; defects and sigma levels."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import binom, poisson

from reference_cases import SHIPPED
from sigmatool.numbers.clustered_counts import widened
from sigmatool.numbers.defects import dpmo_at, first_time_yield, per_opportunity, process_z, sigma_level
from sigmatool.numbers.exact_counts import (
    clopper_pearson,
    garwood,
    mid_p_proportion,
    mid_p_rate,
    proportion_test,
    rate_test,
    wilson,
)

CASES = {
    case["id"]: case
    for area in ("capability", "lean")
    for case in json.loads((SHIPPED / f"{area}.json").read_text())["cases"]
}


def test_ends_have_the_tails_that_they_promise() -> None:
    x, n = np.array([1, 4, 17, 49]), 50
    low, high = clopper_pearson(x, n)
    assert binom.sf(x - 1, n, low) == pytest.approx(0.025)
    assert binom.cdf(x, n, high) == pytest.approx(0.025)
    low, high = mid_p_proportion(x, n)
    assert binom.sf(x, n, low) + binom.pmf(x, n, low) / 2 == pytest.approx(0.025)
    assert binom.cdf(x, n, high) - binom.pmf(x, n, high) / 2 == pytest.approx(0.025)
    low, high = (end * 7 for end in garwood(x, 7))
    assert poisson.sf(x - 1, low) == pytest.approx(0.025)
    assert poisson.cdf(x, high) == pytest.approx(0.025)
    low, high = (end * 7 for end in mid_p_rate(x, 7))
    assert poisson.sf(x, low) + poisson.pmf(x, low) / 2 == pytest.approx(0.025)
    assert poisson.cdf(x, high) - poisson.pmf(x, high) / 2 == pytest.approx(0.025)


def test_mid_p_lies_inside_exact_and_nothing_found_starts_at_zero() -> None:
    x, n = np.arange(51), 50
    exact, mid = clopper_pearson(x, n), mid_p_proportion(x, n)
    assert np.all(exact[0] <= mid[0])
    assert np.all(mid[1] <= exact[1])
    for low, high in (exact, mid, wilson(x, n)):
        assert low[0] == 0
        assert high[-1] == 1
        assert np.all((low <= x / n) & (x / n <= high))
        assert np.all(np.diff(low) > 0)
        assert np.all(np.diff(high) > 0)


@pytest.mark.parametrize("n", [30, 100, 500])
@pytest.mark.parametrize("p", [0.01, 0.05, 0.3])
def test_exact_intervals_cover_whatever_the_truth(n: int, p: float) -> None:
    x = np.arange(n + 1)
    chance = binom.pmf(x, n, p)

    def covers(interval: tuple[np.ndarray, np.ndarray], truth: float, weight: np.ndarray) -> float:
        return float(weight[(interval[0] <= truth) & (truth <= interval[1])].sum())

    assert covers(clopper_pearson(x, n), p, chance) >= 0.95
    assert covers(mid_p_proportion(x, n), p, chance) >= 0.91
    many = np.arange(4 * n)
    assert covers(garwood(many, n), p, poisson.pmf(many, n * p)) >= 0.95


def test_tests_agree_with_their_intervals() -> None:
    for expected in (0.02, 0.0222, 0.0223, 0.1922, 0.1924):
        found = proportion_test(4, 50, expected)
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)
    for expected in (4.79, 4.80, 18.38, 18.40):
        found = rate_test(10, 1, expected)
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def test_huge_and_tiny_counts() -> None:
    low, high = clopper_pearson(3, 1e12)
    assert 6e-13 < low < 3e-12 < high < 9e-12
    low, high = garwood(1e9)
    assert (low, high) == (
        pytest.approx(1e9 - 1.96 * 1e9**0.5, rel=1e-8),
        pytest.approx(1e9 + 1.96 * 1e9**0.5, rel=1e-8),
    )


@pytest.mark.parametrize(
    ("count", "n", "words"),
    [(5, 4, "more events"), (-1, 4, "negative"), (0, 0, "above 0"), (np.nan, 4, "finite"), (1, np.inf, "finite")],
)
def test_what_is_no_count_is_refused(count: float, n: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        clopper_pearson(count, n)
    with pytest.raises(ValueError, match="confidence"):
        garwood(1, 1, 95)


def test_sigma_levels_of_the_reference() -> None:
    case = CASES["sigma-dpmo"]
    levels, wanted = case["data"]["sigma_level"], case["expected"]
    assert dpmo_at(levels, 1.5) == pytest.approx(wanted["dpmo"], rel=case["rtol"])
    assert dpmo_at(levels) == pytest.approx(wanted["dpmo_no_shift_one_sided"], rel=case["rtol"])
    assert sigma_level(wanted["dpmo"], 1.5) == pytest.approx(levels, rel=1e-9)


@pytest.mark.parametrize("name", ["dpmo-1", "dpmo-2"])
def test_defects_of_the_reference(name: str) -> None:
    case = CASES[name]
    data, wanted = case["data"], case["expected"]
    dpu = data["defects"] / data["units"]
    dpo = per_opportunity(dpu, data["opportunities_per_unit"])
    got = {
        "dpu": dpu, "dpo": dpo, "dpmo": 1e6 * dpo, "z_lt": process_z(dpo), "sigma_level": sigma_level(1e6 * dpo, 1.5),
        "poisson_first_pass_yield": first_time_yield(dpu),
    }  # fmt: skip
    assert got == {key: pytest.approx(value, rel=case["rtol"]) for key, value in wanted.items()}


def test_widened_intervals_cover_where_points_differ() -> None:
    rng = np.random.default_rng(7)
    plain = wide = 0
    for _ in range(400):
        size = rng.integers(50, 150, 20).astype(float)
        count = rng.binomial(size.astype(int), rng.beta(4, 36, 20)).astype(float)
        low, high = clopper_pearson(count.sum(), size.sum())
        found = widened(count, size, proportion=True)
        plain += low <= 0.1 <= high
        wide += found.low <= 0.1 <= found.high
    assert plain < 0.85 * 400
    assert 0.92 * 400 <= wide <= 0.98 * 400


def test_points_that_do_not_differ_are_not_narrowed() -> None:
    found = widened(np.full(8, 5.0), np.full(8, 100.0), proportion=True)
    low, high = clopper_pearson(40, 800)
    assert found.design_effect == 1
    assert found.low < low
    assert found.high > high
