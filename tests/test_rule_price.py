"""The price of rules: published run lengths, the exact chain against the rules themselves, and the shipped counts."""

from __future__ import annotations

import runpy
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from conftest import ROOT
from sigmatool.numbers.constants import factors
from sigmatool.numbers.rule_price import Dispersion, price
from sigmatool.numbers.rule_sample import CENSORED, KNOWN, THREE_SIGMA, draw, mean_run, range_limits, shipped
from sigmatool.numbers.run_length_rules import run_rules, run_rules_steady, signal_share
from sigmatool.numbers.run_length_shewhart import shewhart
from sigmatool.numbers.runs import NELSON, Pattern, fired

LIMITS = Pattern("limits")
TWO_OF_THREE = Pattern("beyond", 3, 2.0, 2)
FOUR_OF_FIVE = Pattern("beyond", 5, 1.0, 4)
WESTERN_ELECTRIC = (LIMITS, TWO_OF_THREE, FOUR_OF_FIVE, Pattern("beyond", 8))
NELSON_ON_ZONES = tuple(p for p in NELSON if p.test not in ("trend", "alternating"))
WESTGARD = (
    LIMITS, Pattern("beyond", 2, 2.0), Pattern("opposite", 2, 2.0), Pattern("beyond", 4, 1.0), Pattern("beyond", 10),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "published"),
    [
        ((0,), 370.40), ((0, 1), 225.44), ((0, 2), 166.05), ((0, 3), 152.73), ((0, 1, 2), 132.89), ((0, 1, 3), 122.05),
        ((0, 2, 3), 105.78), ((0, 1, 2, 3), 91.75),
    ],
)  # fmt: skip
def test_published_run_lengths(rules: tuple[int, ...], published: float) -> None:
    """Champ & Woodall (1987), Technometrics 29, table 1: in control, two decimals."""
    patterns = [WESTERN_ELECTRIC[i] for i in rules]
    assert run_rules(patterns, before="quiet").mean == pytest.approx(published, abs=0.0051)


def test_all_four_rules_under_a_shift() -> None:
    """Champ & Woodall (1987), table 1: 9.22 at one sigma; a mirrored shift is the same."""
    found = run_rules(WESTERN_ELECTRIC, 1.0, before="quiet").mean
    assert found == pytest.approx(9.22, abs=0.0051)
    assert run_rules(WESTERN_ELECTRIC, -1.0, before="quiet").mean == pytest.approx(found, rel=1e-10)


@pytest.mark.parametrize(
    "patterns",
    [
        (LIMITS,), (TWO_OF_THREE,), (FOUR_OF_FIVE,), (Pattern("beyond", 5),), (Pattern("within", 6, 1.0),),
        (Pattern("outside", 4, 0.5),), (Pattern("opposite", 2, 1.5),), (Pattern("beyond", 10, 0.0, 9),),
        WESTERN_ELECTRIC, NELSON_ON_ZONES, WESTGARD,
    ],
    ids=str,
)  # fmt: skip
def test_the_machine_does_what_the_rules_do(patterns: tuple[Pattern, ...]) -> None:
    """First signals and their long-run share in 20,000 series of 300 points; seed 41."""
    x = np.random.default_rng(41).standard_normal((20_000, 300))
    any_of = np.logical_or.reduce(fired(patterns, x, 0.0, 1.0))
    run = run_rules(patterns)
    for n in (1, 2, 4, 6, 12, 40, 150, 300):
        silent = float(run.survival(n))
        error = np.sqrt(max(silent * (1 - silent), 1e-4) / len(x))
        assert abs((~any_of[:, :n].any(axis=1)).mean() - silent) <= 4.5 * error, n
    share = any_of[:, 40:].mean(axis=1)
    assert abs(share.mean() - signal_share(patterns)) <= 4.5 * share.std() / np.sqrt(len(x))


def test_limits_alone_are_a_shewhart_chart() -> None:
    for limits, sides in (((-2.5, 2.5), "both"), ((-np.inf, 2.5), "upper"), ((-2.5, np.inf), "lower")):
        for shift in (0.0, 0.8):
            exact = shewhart(2.5, shift, sides=sides)
            run = run_rules((LIMITS,), shift, limits)
            assert run.mean == pytest.approx(exact.mean, rel=1e-10)
            assert run_rules_steady((LIMITS,), shift, limits) == pytest.approx(exact.mean, rel=1e-10)
            np.testing.assert_allclose(run.survival([0, 1, 50, 500]), exact.survival([0, 1, 50, 500]), rtol=1e-9)


def test_the_steady_state_of_rules_is_what_a_long_silence_leaves() -> None:
    """The mean shifts by 0.7 after 60 silent points; seed 42."""
    x = np.random.default_rng(42).standard_normal((60_000, 360))
    x[:, 60:] += 0.7
    any_of = np.logical_or.reduce(fired(WESTERN_ELECTRIC, x, 0.0, 1.0))
    late = any_of[~any_of[:, :60].any(axis=1), 60:]
    delay = late.argmax(axis=1) + 1
    assert late.any(axis=1).all()
    exact = run_rules_steady(WESTERN_ELECTRIC, 0.7)
    assert abs(delay.mean() - exact) <= 4 * delay.std() / np.sqrt(delay.size)
    assert exact < run_rules(WESTERN_ELECTRIC, 0.7).mean


def test_a_long_window_is_not_taken_for_silent() -> None:
    """Sixteen of twenty on one side cannot fire before point 20: the chain must not settle before."""
    run = run_rules((LIMITS, Pattern("beyond", 20, 0.0, 16)))
    assert run.mean < 200
    limits = shewhart()
    assert run.survival(19) == pytest.approx(limits.survival(19))
    assert run.survival(20) < limits.survival(20) - 0.005


def test_the_shipped_counts_agree_with_the_exact_chain() -> None:
    table = shipped()
    for patterns in (WESTERN_ELECTRIC, NELSON_ON_ZONES, WESTGARD, *((p,) for p in KNOWN)):
        columns = [KNOWN.index(p) for p in patterns]
        if {p.test for p in patterns} & {"trend", "alternating"}:
            continue
        mean, error = mean_run(table.run(columns), CENSORED)
        assert abs(mean - run_rules(patterns).mean) <= 4 * error
        share, share_error = table.share(columns)
        assert abs(share - signal_share(patterns)) <= 4 * share_error


def test_comparisons_agree_with_the_count_of_permutations() -> None:
    """Six rising or falling: 2/6!. Fourteen alternating: 2 E_14 / 14!, with the Euler number 199,360,981."""
    for pattern, exact in ((Pattern("trend", 6), 2 / 720), (Pattern("trend", 7), 2 / 5040),
                           (Pattern("alternating", 14), 2 * 199_360_981 / 87_178_291_200)):  # fmt: skip
        found = price((pattern,), 30)
        assert found.method == "simulated"
        assert abs(found.per_point - exact) <= 3 * found.per_point_error


def test_the_table_can_be_made_again() -> None:
    """The first block of the generator gives the first rows that ship."""
    module = runpy.run_path(str(ROOT / "benchmarks" / "make_rule_run_lengths.py"))
    block = draw(KNOWN, THREE_SIGMA, range_limits(2, 3.0), module["BLOCK"], CENSORED, [module["SEED"], 0])
    np.testing.assert_array_equal(block.first, shipped().first[: module["BLOCK"]])
    assert shipped().first.shape == (module["SERIES"], len(KNOWN) + 1)


def test_a_rule_more_costs_more() -> None:
    chain = [NELSON[:i] for i in range(1, 9)]
    prices = [price(rules, 40) for rules in chain]
    for less, more in pairwise(prices):
        assert more.arl < less.arl
        assert more.this_chart > less.this_chart
        assert more.per_point > less.per_point
    assert prices[0].method == "exact"
    assert prices[-1].method == "simulated"
    assert prices[-1].arl_error < 0.01 * prices[-1].arl


@pytest.mark.parametrize(("nsigma", "sides"), [(2.5, "both"), (3.0, "upper")])
def test_other_limits_are_simulated_on_the_spot(nsigma: float, sides: str) -> None:
    """Nelson's rules at other limits, against 20,000 series of 600 points; seed 43."""
    found = price(NELSON, 25, nsigma, sides)
    x = np.random.default_rng(43).standard_normal((20_000, 600))
    lower = np.nan if sides == "upper" else -nsigma
    any_of = np.logical_or.reduce(fired(NELSON, x, 0.0, 1.0, lower, nsigma))
    silent = (~any_of[:, :25].any(axis=1)).mean()
    assert abs(1 - silent - found.this_chart) <= 4 * found.this_chart_error
    assert abs(any_of[:, 40:].mean() - found.per_point) <= 4 * found.per_point_error
    whole = np.where(any_of.any(axis=1), any_of.argmax(axis=1) + 1, 600)
    assert abs(whole.mean() - found.arl) <= 4 * found.arl_error


def test_dispersion_panels() -> None:
    """Ranges and standard deviations of 400,000 normal samples; seed 44."""
    for statistic, size in (("range", 2), ("range", 5), ("sd", 5), ("range", 10), ("sd", 10)):
        x = np.random.default_rng(44).standard_normal((400_000, size))
        f = factors(size)
        value, low, high = (
            (np.ptp(x, axis=1), f["D1"], f["D2"]) if statistic == "range" else (x.std(axis=1, ddof=1), f["B5"], f["B6"])
        )
        share = ((value > high) | (value < low)).mean()
        exact = Dispersion(statistic, size).beyond()
        assert abs(share - exact) <= 4 * np.sqrt(exact / len(x))
    assert Dispersion("range", 2).beyond() == pytest.approx(Dispersion("moving-range", 2).beyond())


def test_both_panels_together() -> None:
    panel = Dispersion("range", 5)
    one, other, both = price((LIMITS,), 25), price((), 25, dispersion=panel), price((LIMITS,), 25, dispersion=panel)
    assert both.this_chart == pytest.approx(1 - (1 - one.this_chart) * (1 - other.this_chart))
    assert 1 / both.arl == pytest.approx(1 - (1 - 1 / one.arl) * (1 - 1 / other.arl))
    nelson = price(NELSON, 25, dispersion=panel)
    assert nelson.this_chart == pytest.approx(1 - (1 - price(NELSON, 25).this_chart) * (1 - other.this_chart))
    assert both.arl > nelson.arl > 40


def test_moving_ranges_are_counted_with_their_values() -> None:
    """Individuals and moving ranges share values; 20,000 series of 1,000 points, seed 45."""
    x = np.random.default_rng(45).standard_normal((20_000, 1_000))
    beyond = fired((LIMITS,), x, 0.0, 1.0)[0]
    beyond[:, 1:] |= np.abs(np.diff(x, axis=1)) > factors(2)["D2"]
    found = price((LIMITS,), 25, dispersion=Dispersion("moving-range"))
    assert abs(beyond[:, :25].any(axis=1).mean() - found.this_chart) <= 4 * found.this_chart_error
    assert abs(beyond.mean() - found.per_point) <= 4 * found.per_point_error
    other = price((), 25, dispersion=Dispersion("moving-range", 3))
    assert other.method == "simulated"
    assert abs(other.per_point - Dispersion("moving-range", 3).beyond()) <= 4 * other.per_point_error


def test_no_rule_has_no_price() -> None:
    found = price((), 100)
    assert (found.per_point, found.this_chart, found.arl) == (0.0, 0.0, np.inf)
    assert price((LIMITS,), 0).this_chart == 0


def test_nonsense_is_refused() -> None:
    calls = (
        lambda: price((LIMITS,), -1),
        lambda: price((LIMITS,), 5, 0.0),
        lambda: run_rules(()),
        lambda: run_rules((Pattern("trend", 6),)),
        lambda: run_rules((LIMITS,), 0.0, (-np.inf, np.inf)),
    )
    for call in calls:
        with pytest.raises(ValueError, match=r"\w+ .*"):
            call()


def test_a_price_is_quick() -> None:
    """About 20 ms for two sets in a fresh process, imports apart; a busy machine gets ten times that."""
    script = (
        "import time\nfrom sigmatool.numbers.rule_price import price\nfrom sigmatool.numbers.runs import NELSON\n"
        "start = time.perf_counter()\nprice(NELSON, 100)\nprice(NELSON[:2] + NELSON[4:], 100)\n"
        "print(time.perf_counter() - start)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.2
