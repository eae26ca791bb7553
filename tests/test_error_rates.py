"""The rates that travel with a verdict: looked up in the shipped study, for the review's own size and kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.numbers.exact_counts import wilson
from sigmatool.review.error_rates import STEPS, error_rates, study


def rates(before: int = 24, after: int = 24, r: float = 0.0, change: float = 1.0, controlled: bool = False):
    return error_rates("IMPROVED_STABLE", True, before, after, r, change, "continuous", controlled)


def test_regular_cell_is_read_as_it_stands() -> None:
    cell = study().grid(24, 0.0, 1.0, controlled=False)
    found = rates()
    assert found.credited == pytest.approx(cell["credited"] / cell["replications"])
    assert found.cause_open == pytest.approx(cell.get("open", 0) / cell["replications"])
    assert found.missed == pytest.approx(1 - found.credited - found.cause_open)


def test_every_regular_cell_ships_with_enough_replications() -> None:
    held = study()
    for size in held.sizes:
        for phi in (0.0, 0.3, 0.6):
            for step in STEPS:
                for controlled in (False, True):
                    assert held.grid(size, phi, step, controlled)["replications"] >= 1_000
    assert held.sizes == (8, 12, 24, 50, 100, 200)


def test_between_the_cells_the_rates_lie_between_theirs() -> None:
    assert rates(24).credited < rates(35, 35).credited < rates(50, 50).credited
    assert rates(change=1.0).credited < rates(change=1.5).credited < rates(change=2.0).credited
    assert rates(r=0.6, change=2.0).credited < rates(r=0.45, change=2.0).credited < rates(r=0.3, change=2.0).credited


def test_unequal_stages_count_by_their_standard_error() -> None:
    assert rates(24, 24).points == 24
    assert rates(16, 48).points == pytest.approx(24)
    assert rates(16, 48).credited == pytest.approx(rates().credited)


def test_control_buys_power() -> None:
    assert rates(controlled=True).credited > rates().credited + 0.2


def test_larger_changes_than_studied_are_read_at_the_largest() -> None:
    assert rates(change=7.0).credited == rates(change=2.0).credited
    assert rates(change=7.0).change == 7.0


def test_outside_the_study_is_said() -> None:
    assert rates().outside == ""
    assert "autocorrelation up to 0.6" in rates(r=0.85).outside
    assert "8 to 200 points" in rates(900, 900).outside
    assert rates(900, 900).credited == rates(200, 200).credited


def test_false_credit_is_an_upper_limit() -> None:
    found = rates().false_credit
    assert found.share < found.upper < 0.06
    assert found.upper == pytest.approx(float(wilson(round(found.share * found.replications), found.replications)[1]))


@pytest.mark.parametrize(
    ("code", "said"), [("DETERIORATED", True), ("STABILISED", True), ("NO_DETECTABLE_CHANGE", False)]
)
def test_verdict_that_claims_something_has_a_rate_of_its_own(code: str, said: bool) -> None:
    found = error_rates(code, False, 24, 24, 0.2, 0.5, "continuous", False)
    assert (found.this_verdict is not None) is said
    assert any("this very verdict" in text for text in found.sentences) is said


@pytest.mark.parametrize("kind", ["continuous", "duration", "proportion", "rate", "between"])
def test_every_kind_of_metric_has_rates(kind: str) -> None:
    for size in (8, 15, 24, 70, 200, 5000):
        for r in (-0.3, 0.0, 0.5, 0.95):
            found = error_rates("BETTER_CAUSE_OPEN", False, size, size, r, 0.4, kind, False)
            assert 0 <= found.missed <= 1
            assert 0 < found.false_credit.upper < 0.1
            assert 0 < found.trend_credit.upper < 0.15


def test_review_prints_and_exports_its_rates() -> None:
    rng = np.random.default_rng(3)
    y = 20 + rng.standard_normal(60) + 2.0 * (np.arange(60) >= 30)
    r = st.review(pd.DataFrame({"y": y}), value="y", rollout=31, better="higher", worthwhile=1.0)
    held = r.to_dict()["error_rates"]
    assert held["credited"] == r.error_rates.credited
    assert held["label"] == study().label
    assert list(held["sentences"]) == list(r.error_rates.sentences)
    assert "How often is such a verdict wrong?" in str(r.document())
    assert r.error_rates.change == pytest.approx(1.0 / r.findings.sd)
    assert r.error_rates.sentences[0].startswith("A steady process would be called improved")


def test_too_few_points_have_no_rates() -> None:
    short = st.review(pd.DataFrame({"y": np.arange(12.0)}), value="y", rollout=7, better="higher")
    assert short.error_rates is None
    assert short.to_dict()["error_rates"] is None
