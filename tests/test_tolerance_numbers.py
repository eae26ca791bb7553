"""Tolerance limits: the reference, their coverage, the sizes that they need, their edges."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import binom, norm

from sigmatool.numbers.tolerance import (
    attained_confidence,
    howe_factor,
    normal_sample_size,
    normal_tolerance,
    tolerance_factor,
)
from sigmatool.numbers.tolerance_counts import binomial_tolerance, poisson_tolerance
from sigmatool.numbers.tolerance_ranks import rank_confidence, rank_sample_size, tolerance_ranks
from sigmatool.selftest.cases import Case, shipped
from sigmatool.selftest.comparison import Comparison
from sigmatool.selftest.tolerance import check


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in shipped("tolerance")])
def test_reference(case: Case) -> None:
    done = Comparison(case)
    check(done)
    done.close()
    assert done.failures == []
    assert done.compared > 0


def test_a_wrong_reference_fails_under_each_of_its_keys() -> None:
    for case in shipped("tolerance"):
        wrong = {key: (2 * np.array(value) + 1).tolist() for key, value in case.expected.items()}
        done = Comparison(dataclasses.replace(case, expected=wrong))
        check(done)
        assert {f.key.partition("[")[0] for f in done.failures} == set(case.expected)


def test_factors_hold_what_they_promise() -> None:
    rng = np.random.default_rng(3)
    n, runs = 12, 4_000
    x = rng.standard_normal((runs, n))
    center, s = x.mean(axis=1), x.std(axis=1, ddof=1)
    k = tolerance_factor(n, 0.9, 0.95)
    content = norm.cdf(center + k * s) - norm.cdf(center - k * s)
    assert (content >= 0.9).mean() == pytest.approx(0.95, abs=0.012)
    k = tolerance_factor(n, 0.9, 0.95, sides=1)
    assert (norm.cdf(center + k * s) >= 0.9).mean() == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize("n", [2, 3, 10, 1_000, 10**7])
@pytest.mark.parametrize("coverage", [0.05, 0.5, 0.999])
def test_factors_attain_their_confidence(n: int, coverage: float) -> None:
    for sides in (1, 2):
        for confidence in (0.5, 0.95, 0.999):
            k = tolerance_factor(n, coverage, confidence, sides)
            assert attained_confidence(k, n, coverage, sides) == pytest.approx(confidence, abs=1e-9)
    assert howe_factor(n, coverage) == pytest.approx(tolerance_factor(n, coverage), rel=0.3)


def test_a_large_offset_costs_no_digits() -> None:
    # steps that the offset holds exactly
    x = np.array([0.0, 1.5, -2.0, 0.5, 3.0, -1.0])
    plain, moved = normal_tolerance(x), normal_tolerance(x + 1e15)
    assert [end - 1e15 for end in moved] == pytest.approx(plain, abs=0.13)
    tiny = normal_tolerance(x * 1e-12)
    assert np.array(tiny) * 1e12 == pytest.approx(np.array(plain), rel=1e-12)


def test_sample_sizes_are_the_smallest() -> None:
    for sides in (1, 2):
        n = normal_sample_size(0.9, 0.95, sides, excess=0.05, risk=0.1)
        at = [attained_confidence(tolerance_factor(m, 0.9, 0.95, sides), m, 0.95, sides) for m in (n - 1, n)]
        assert at[1] <= 0.1 < at[0]
        m = rank_sample_size(0.99, 0.95, sides)
        assert rank_confidence(m - 1, 0.99, sides) < 0.95 <= rank_confidence(m, 0.99, sides)
        assert tolerance_ranks(m, 0.99, 0.95, sides).lower == 1
        assert tolerance_ranks(m - 1, 0.99, 0.95, sides).lower == 0


def test_ranks_hold_what_they_promise() -> None:
    for sides in (1, 2):
        found = tolerance_ranks(300, 0.9, 0.95, sides)
        out = found.lower * sides
        assert found.confidence == pytest.approx(binom.sf(out - 1, 300, 0.1))
        assert found.confidence >= 0.95
        assert rank_confidence(300, 0.9, out + sides) < 0.95


def test_counts_to_come() -> None:
    assert binomial_tolerance(0, 100, 50)[0] == 0
    assert binomial_tolerance(100, 100, 50)[1] == 50
    assert poisson_tolerance(0, 10, 10)[0] == 0
    one, two = (binomial_tolerance(30, 200, 100, sides=sides) for sides in (1, 2))
    assert two[0] <= one[0]
    assert one[1] <= two[1]
    rng = np.random.default_rng(5)
    held = 0
    for x in rng.binomial(200, 0.08, 400):
        low, high = binomial_tolerance(int(x), 200, 100, 0.9, 0.9)
        held += binom.cdf(high, 100, 0.08) - binom.cdf(low - 1, 100, 0.08) >= 0.9
    assert held / 400 >= 0.88


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        tolerance_factor(1)
    with pytest.raises(ValueError, match="coverage"):
        tolerance_factor(10, 95)
    with pytest.raises(ValueError, match="equal"):
        normal_tolerance(np.full(5, 0.1))
    with pytest.raises(ValueError, match="excess"):
        normal_sample_size(0.95, excess=0.05)
    with pytest.raises(ValueError, match="confidence"):
        rank_sample_size(0.9, 1.0)
