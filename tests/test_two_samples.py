"""Comparisons of samples: what has to hold of each, whatever the numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from sigmatool.numbers import many_groups, multiple, spread_tests
from sigmatool.numbers.dependent_difference import (
    dependent_level_difference,
    dependent_level_differences,
    dependent_spread_ratio,
    quasi_binomial_difference,
    quasi_poisson_ratio,
)
from sigmatool.numbers.effect_size import cliffs_delta, cohen_d, cohen_h, hedges_g, omega_squared
from sigmatool.numbers.equivalence import equivalent_by_interval, tost
from sigmatool.numbers.level_difference import (
    mann_whitney_shift,
    one_sample,
    paired_difference,
    signed_rank_difference,
    student_difference,
    welch_difference,
)
from sigmatool.numbers.power import t_test_power, t_test_size
from sigmatool.numbers.proportion_difference import fisher_odds, newcombe_difference, risk_ratio, score_test, wilson
from sigmatool.numbers.ranks import ordered_average, ordered_difference, rank_sum_law
from sigmatool.numbers.rate_ratio import exact_rate_ratio, midp_rate_ratio, poisson_rate, rate_difference
from sigmatool.numbers.spread_ratio import bonett_ratio, brown_forsythe, f_ratio, log_ratio, sd_interval
from sigmatool.selftest.cases import shipped
from sigmatool.selftest.comparison import Comparison
from sigmatool.selftest.hypothesis_tests import check

DIFFERENCES = (welch_difference, student_difference, mann_whitney_shift)
RATIOS = (f_ratio, bonett_ratio, brown_forsythe, log_ratio)
EFFECTS = (cohen_d, hedges_g, cliffs_delta)
ONLY_TESTS = (
    spread_tests.levene_mean,
    spread_tests.ansari,
    spread_tests.mood,
    spread_tests.fligner,
    spread_tests.bartlett,
)


def two(seed: int = 1, n1: int = 17, n2: int = 26) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(10, 1, n1), rng.normal(10.8, 1.6, n2)


def named(functions: tuple[Callable, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("of", functions, ids=lambda f: f.__name__)


@pytest.mark.parametrize("case", shipped("hypothesis_tests"), ids=lambda case: case.id)
def test_reference_cases_agree(case):
    c = Comparison(case)
    check(c)
    c.close()
    assert c.failures == []
    assert c.compared > 0


@named(DIFFERENCES + EFFECTS)
def test_a_difference_is_mirrored_when_the_samples_are_swapped(of):
    a, b = two()
    there, back = of(a, b), of(b, a)
    assert [back.value, back.low, back.high] == pytest.approx([-there.value, -there.high, -there.low], rel=1e-9)
    assert back.p == pytest.approx(there.p, rel=1e-9)


@named(RATIOS)
def test_a_ratio_is_turned_over_when_the_samples_are_swapped(of):
    a, b = two()
    there, back = of(a, b), of(b, a)
    assert [back.value, back.low, back.high] == pytest.approx([1 / there.value, 1 / there.high, 1 / there.low])
    assert back.p == pytest.approx(there.p)


@named(DIFFERENCES + RATIOS + EFFECTS + ONLY_TESTS)
@pytest.mark.parametrize("scale", [2.0**-40, 2.0**40])
def test_the_unit_does_not_matter(of, scale):
    a, b = two()
    plain, scaled = of(a, b), of(a * scale, b * scale)
    unit = scale if of in DIFFERENCES else 1.0
    assert [scaled.value, scaled.low, scaled.high] == pytest.approx(
        [plain.value * unit, plain.low * unit, plain.high * unit], rel=1e-9, abs=0, nan_ok=True
    )
    assert scaled.p == pytest.approx(plain.p)


@named(DIFFERENCES + RATIOS + EFFECTS)
@pytest.mark.parametrize(("offset", "step"), [(1e7, 0.125), (1e15, 1.0)])
def test_a_far_origin_costs_no_digits(of, offset, step):
    a, b = (np.round(x / step * 8) * step for x in two())
    plain, far = of(a, b), of(a + offset, b + offset)
    assert [far.value, far.low, far.high, far.p] == pytest.approx([plain.value, plain.low, plain.high, plain.p])


def test_numacc_like_steps_of_a_tenth_keep_their_standard_deviation():
    x = 1e7 + np.array([0.2] + [0.1, 0.3] * 50)
    assert sd_interval(x).value == pytest.approx(0.1, rel=1e-7)
    assert welch_difference(x, x + 0.5).value == pytest.approx(0.5, rel=1e-8)


@named(DIFFERENCES + RATIOS + (cohen_d, hedges_g) + ONLY_TESTS)
def test_constant_samples_are_refused_in_words(of):
    with pytest.raises(ValueError, match=r"same|varies"):
        of(np.full(8, 3.0), np.full(9, 3.0))


@named(DIFFERENCES + RATIOS + EFFECTS)
@pytest.mark.parametrize("bad", [np.array([1.0, np.nan] * 4), np.array([1.0, np.inf] * 4), np.array([])])
def test_gaps_and_nothing_are_refused(of, bad):
    with pytest.raises(ValueError, match=r"gap|at least"):
        of(np.arange(8.0), bad)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, float("nan")])
def test_a_level_that_is_none_is_refused(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        welch_difference(*two(), level)


def test_one_constant_sample_still_has_a_difference():
    d = welch_difference(np.full(5, 2.0), [3.0, 4.0, 5.0])
    assert d.value == 2.0
    assert d.dof == pytest.approx(2.0)


def test_order_statistics_of_pairs_are_those_of_the_list():
    rng = np.random.default_rng(2)
    a, b = np.sort(rng.normal(size=23).round(1)), np.sort(rng.normal(size=31).round(1))
    every = np.sort((b[None, :] - a[:, None]).ravel())
    walsh = np.sort([(b[i] + b[j]) / 2 for i in range(31) for j in range(i, 31)])
    assert [ordered_difference(a, b, k) for k in (1, 200, 357, 713)] == pytest.approx(every[[0, 199, 356, 712]])
    assert [ordered_average(b, k) for k in (1, 100, 248, 496)] == pytest.approx(walsh[[0, 99, 247, 495]])


def test_the_rank_interval_holds_what_its_test_does_not_reject():
    a, b = two()
    d = mann_whitney_shift(a, b)
    step = 1e-6
    assert mann_whitney_shift(a, b - (d.low - step)).p < 0.05 <= mann_whitney_shift(a, b - (d.low + step)).p
    assert mann_whitney_shift(a, b - (d.high + step)).p < 0.05 <= mann_whitney_shift(a, b - (d.high - step)).p


def test_the_exact_rank_law_is_symmetric_and_ends_at_one():
    law = rank_sum_law(7, 11)
    chance = np.diff(law, prepend=0.0)
    assert chance == pytest.approx(chance[::-1])
    assert law[-1] == 1.0


def test_ties_and_zeros_have_an_answer():
    d = signed_rank_difference([0.0, 0.0, 1.0, 1.0, -1.0, 2.0, 3.0, 3.0])
    assert d.low <= d.value <= d.high
    tied = mann_whitney_shift([1.0, 1.0, 2.0, 2.0], [2.0, 2.0, 3.0, 3.0])
    assert tied.value == 1.0
    with pytest.raises(ValueError, match="ties"):
        mann_whitney_shift([1.0, 1.0], [1.0, 2.0], exact=True)


def test_paired_and_one_sample_are_one():
    d = np.array([0.3, 1.2, -0.4, 2.2])
    moved = one_sample(d + 1e6, 1e6)
    assert moved.p == pytest.approx(paired_difference(d).p, rel=1e-6)
    assert moved.value == pytest.approx(d.mean() + 1e6)


def test_proportions_swap_and_meet_their_bounds():
    for f in (newcombe_difference, score_test, cohen_h):
        there, back = f(3, 40, 9, 35), f(9, 35, 3, 40)
        assert [back.value, back.low, back.high] == pytest.approx([-there.value, -there.high, -there.low])
    for f in (risk_ratio, fisher_odds):
        there, back = f(3, 40, 9, 35), f(9, 35, 3, 40)
        assert [back.value, back.low, back.high] == pytest.approx([1 / there.value, 1 / there.high, 1 / there.low])
    none = fisher_odds(0, 30, 6, 28)
    assert none.value == np.inf
    assert none.low > 1
    assert newcombe_difference(3, 40, 9, 35, test="mid-p").p < newcombe_difference(3, 40, 9, 35).p
    assert wilson(0, 10).low == 0.0
    for bad in ((5, 4), (-1, 4), (0.5, 4), (0, 0)):
        with pytest.raises(ValueError, match="whole numbers"):
            wilson(*bad)


def test_rates_swap_and_meet_their_bounds():
    for f in (exact_rate_ratio, midp_rate_ratio):
        there, back = f(3, 40.0, 9, 35.0), f(9, 35.0, 3, 40.0)
        assert [back.value, back.low, back.high] == pytest.approx([1 / there.value, 1 / there.high, 1 / there.low])
        assert f(0, 10.0, 5, 10.0).high == np.inf
        assert f(5, 10.0, 0, 10.0).low == 0.0
    d = rate_difference(3, 40.0, 9, 35.0)
    assert d.low < d.value < d.high
    assert poisson_rate(0, 3.0).low == 0.0
    with pytest.raises(ValueError, match="no event"):
        exact_rate_ratio(0, 1.0, 0, 1.0)


def test_equivalence_by_interval_is_equivalence_by_tests():
    for value in (0.0, 0.1, 0.2, 0.3):
        e = tost(value, 0.1, 20, 0.35)
        assert e.equivalent == equivalent_by_interval(e.value, e.low, e.high, e.margins).equivalent


def test_two_groups_are_two_samples():
    a, b = two()
    assert many_groups.anova([a, b]).p == pytest.approx(student_difference(a, b).p)
    assert many_groups.welch_anova([a, b]).p == pytest.approx(welch_difference(a, b).p)
    (pair,) = many_groups.games_howell([a, b])
    assert [pair.tested.low, pair.tested.p] == pytest.approx(
        [welch_difference(a, b).low, welch_difference(a, b).p], rel=1e-5
    )
    assert many_groups.chi_square([[3, 37], [9, 26]]).tested.p == pytest.approx(score_test(3, 40, 9, 35).p)
    assert 0 <= omega_squared([a, b]).value < many_groups.anova([a, b]).value


def test_adjusted_p_values_keep_their_order():
    p = np.array([0.01, 0.04, np.nan, 0.03, 0.5])
    ordered = [f(p) for f in (multiple.hochberg, multiple.holm, multiple.bonferroni)]
    for less, more in pairwise(ordered):
        assert (less[~np.isnan(p)] <= more[~np.isnan(p)] + 1e-15).all()
        assert np.isnan(less[2])


def test_power_and_size_are_inverse():
    assert t_test_power(t_test_size(0.4, 1.3, 0.8), 0.4, 1.3) == pytest.approx(0.8)
    with pytest.raises(ValueError, match="no sample size"):
        t_test_size(0.0)


def test_dependence_widens_the_interval():
    rng = np.random.default_rng(5)
    y = np.zeros(120)
    for i in range(1, 120):
        y[i] = 0.8 * y[i - 1] + rng.normal()
    d, plain = dependent_level_difference(y[:60], y[60:]), welch_difference(y[:60], y[60:])
    assert d.tested.high - d.tested.low > 1.5 * (plain.high - plain.low)
    assert d.autocorrelation > 0.5
    assert d.inflation > 3
    far = dependent_level_difference(y[:60] + 1e9, y[60:] + 1e9)
    assert far.tested.value == pytest.approx(d.tested.value, abs=1e-5)
    assert len(dependent_level_differences([y[:40], y[40:80], y[80:]])) == 3
    assert dependent_spread_ratio(y[:60], 2 * y[60:]).inflation > 1.3


def test_scatter_widens_rates_and_proportions():
    calm, wild = np.full(10, 5), np.array([0, 10] * 5)
    ones, sizes = np.ones(10), np.full(10, 50)
    assert quasi_poisson_ratio(calm, ones, calm, ones).inflation == 1.0
    assert quasi_poisson_ratio(wild, ones, wild, ones).inflation > 5
    assert quasi_binomial_difference(calm, sizes, calm, sizes).inflation == 1.0
    assert quasi_binomial_difference(wild, sizes, wild, sizes).inflation > 5
    with pytest.raises(ValueError, match="without an event"):
        quasi_poisson_ratio(np.zeros(3), np.ones(3), calm, ones)


@pytest.mark.parametrize(
    ("of", "truth"),
    [(f, 1.0) for f in DIFFERENCES] + [(f, 2.0) for f in RATIOS] + [(cohen_d, 1.0), (hedges_g, 1.0)],
    ids=lambda v: getattr(v, "__name__", str(v)),
)
def test_intervals_cover_as_they_say(of, truth):
    rng = np.random.default_rng(20261125)
    hits = 0
    for _ in range(400):
        a, b = rng.normal(size=30), rng.normal(size=30)
        t = of(a, 2 * b) if of in RATIOS else of(a, b + 1)
        hits += t.low <= truth <= t.high
    # three standard errors of 400 replications about 93 to 97 %
    assert 0.93 - 0.033 < hits / 400 < 0.97 + 0.026
