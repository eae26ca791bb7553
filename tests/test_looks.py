"""Several looks: what each may spend, and what holds at any number of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sigmatool.errors import SettingsError
from sigmatool.numbers.always_valid import SPREAD_RATIOS, SafeStep, safe_steps
from sigmatool.numbers.autoregression import SHORT_MEMORY, WITH_WANDER, whiten, whiten_points
from sigmatool.review.decision import decide
from sigmatool.review.evidence import Case, gather
from sigmatool.review.looks import PEEKED, SHARED, Looks, always_valid, as_peeked, policy_at
from sigmatool.review.policy import POLICY


def noise(rng: np.random.Generator, n: int, phi: float = 0.0) -> np.ndarray:
    e = rng.normal(size=n)
    for i in range(1, n):
        e[i] = phi * e[i - 1] + np.sqrt(1 - phi**2) * e[i]
    return e


def follow(y: np.ndarray, before: int = 24, **options: Any) -> SafeStep:
    n = y.size
    (found,) = safe_steps(y, np.arange(n) >= before, [()], np.arange(n), **options)
    return found


@pytest.mark.parametrize(
    ("n_after", "number", "share"),
    [(3, 1, 64 / 1296), (8, 1, 64 / 1296), (11, 1, 64 / 1296), (12, 2, 80 / 1296), (36, 5, 720 / 1296),
     (90, 5, 720 / 1296)],
)  # fmt: skip
def test_which_look_this_is_and_what_it_spends(n_after: int, number: int, share: float) -> None:
    looks = Looks.parse("8,12,18,24,36")
    assert looks.number(n_after) == number
    assert looks.share(n_after) == pytest.approx(share, rel=1e-12)
    policy = policy_at(looks, n_after)
    for name in SHARED:
        assert getattr(policy, name) == pytest.approx(share * getattr(POLICY, name), rel=1e-12)
    assert replace(policy, **{name: getattr(POLICY, name) for name in SHARED}) == POLICY


def test_all_looks_together_spend_one() -> None:
    for planned in ((24,), (8, 12, 18, 24, 36), tuple(range(5, 60))):
        assert sum(Looks(planned).share(t) for t in planned) == pytest.approx(1.0, rel=1e-12)
    assert policy_at(Looks((24,)), 24) == POLICY


def test_a_look_is_told_and_an_unplanned_one_has_a_caveat() -> None:
    looks = Looks.parse([8, 12, 24])
    assert looks.text == "8,12,24"
    assert looks.sentence(12).startswith("Look 2 of 3: the levels of E1, E2 and E4 are 13.9 % of")
    assert looks.caveats(12) == ()
    for n_after, words in ((5, "before the first"), (13, "between two"), (25, "after the last")):
        (caveat,) = looks.caveats(n_after)
        assert caveat.code == "look-not-planned"
        assert words in caveat.text


@pytest.mark.parametrize("given", ["", "8,8", "12,8", "8,x", "0,8", "-3,8", "8.5,12", [8.5], [], [np.inf], [np.nan]])
def test_looks_that_are_none(given: Any) -> None:
    with pytest.raises(SettingsError, match="looks"):
        Looks.parse(given)


def test_log_determinants_of_prefixes() -> None:
    positions = np.array([0, 1, 2, 5, 6, 9, 10])
    for grid in (SHORT_MEMORY, WITH_WANDER):
        _, point = whiten_points(np.ones((7, 1)), positions, grid)
        for m in (1, 4, 7):
            np.testing.assert_allclose(point[:, :m].sum(axis=1), whiten(np.ones((m, 1)), positions[:m], grid)[1])


def test_a_look_back_is_the_look_of_that_day() -> None:
    y = noise(np.random.default_rng(5), 60, 0.4)
    all_looks = follow(y, looks=np.arange(1, 37))
    assert follow(y, looks=np.array([8, 20])).log_up[-1] == pytest.approx(all_looks.log_up[19], abs=1e-8)
    for k in (1, 8, 20, 36):
        that_day = follow(y[: 24 + k])
        for name in ("log_either", "log_up", "log_down"):
            assert getattr(all_looks, name)[k - 1] == pytest.approx(getattr(that_day, name)[-1], abs=1e-8)


def test_the_marginal_likelihood_by_brute_force() -> None:
    """Against integration over level, scale and step on the covariance matrix itself."""
    rng = np.random.default_rng(8)
    y, n, g = noise(rng, 9, 0.3) + 5, 9, 1.3
    after = np.arange(n) >= 5
    d = after.astype(float)
    totals = {"none": 0.0, "some": 0.0}
    lag = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    for phi, psi, prior in zip(WITH_WANDER.phi, WITH_WANDER.psi, np.exp(WITH_WANDER.log_prior), strict=True):
        for ratio, weight in zip(SPREAD_RATIOS, (0.1, 0.2, 0.4, 0.2, 0.1), strict=True):
            base = np.where(lag == 0, 1.0, (1 - psi) * phi**lag) * np.outer(*2 * [np.where(after, ratio, 1.0)])
            for name, covariance in (("none", base), ("some", base + g**2 * np.outer(d, d))):
                inverse = np.linalg.inv(covariance)
                information = inverse.sum()
                level = (inverse @ y).sum() / information
                rss = (y - level) @ inverse @ (y - level)
                marginal = np.linalg.det(covariance) ** -0.5 * information**-0.5 * rss ** (-(n - 1) / 2)
                totals[name] += prior * weight * marginal
    found = follow(y, before=5, prior_sd=(g,))
    assert found.e_value == pytest.approx(totals["some"] / totals["none"], rel=1e-8)
    assert np.logaddexp(found.log_up[-1], found.log_down[-1]) - np.log(2) == pytest.approx(found.log_either[-1])


def test_unit_and_origin_do_not_matter() -> None:
    y = noise(np.random.default_rng(9), 50) + 2.0 * (np.arange(50) >= 24)
    one, other = follow(y), follow(1e6 - 3.0 * y)
    assert other.e_value == pytest.approx(one.e_value, rel=1e-6)
    assert other.p_down == pytest.approx(one.p_up, rel=1e-6)
    assert (other.low, other.high) == pytest.approx((-3 * one.high, -3 * one.low), rel=1e-4)


def test_the_interval_ends_where_the_factor_is_twenty() -> None:
    y = noise(np.random.default_rng(10), 60) + 1.5 * (np.arange(60) >= 24)
    found = follow(y)
    assert found.low < found.estimate < found.high
    wider = follow(y, level=0.99)
    assert wider.low < found.low < found.high < wider.high
    # zero lies outside exactly when the two-sided e-value has reached 20
    for shift in np.linspace(-1.5, 0.5, 9):
        there = follow(y + shift * (np.arange(60) >= 24))
        assert (there.e_value >= 20) == (not there.low < 0 < there.high)


@pytest.mark.parametrize(("phi", "ratio"), [(0.0, 1.0), (0.6, 1.0), (0.0, 0.5)])
def test_chance_that_it_ever_speaks_without_a_step(phi: float, ratio: float) -> None:
    rng, spoke, reps = np.random.default_rng(4404), 0, 60
    for _ in range(reps):
        y = noise(rng, 84, phi) * np.where(np.arange(84) >= 24, ratio, 1.0)
        spoke += follow(y, looks=np.arange(8, 61)).log_either.max() >= np.log(20)
    assert spoke <= 4  # 60 * 0.05 = 3; benchmarks/repeated_looks.py draws more


def test_a_plain_step_is_found() -> None:
    rng = np.random.default_rng(11)
    found = [follow(noise(rng, 60) + 2.0 * (np.arange(60) >= 24)) for _ in range(20)]
    assert sum(f.p_up < 0.025 for f in found) >= 18
    assert sum(f.low < 2.0 < f.high for f in found) == 20


def test_always_valid_evidence_of_a_case() -> None:
    rng = np.random.default_rng(12)
    n = 84
    t = np.arange(n)
    z = noise(rng, n) + 2.5 * (t >= 24) + 3 * np.sin(2 * np.pi * t / 12)
    case = Case(z, np.ones(n), t, t >= 24, season=12)
    e = gather(case)
    found = always_valid(case, e)
    assert e.p_better < found.p_better < 1e-3
    assert found.p_step_better < 0.03
    assert found.low < 2.5 < found.high
    assert "however often you have looked" in found.text
    assert decide(as_peeked(e, found)).attribution == "demonstrated"
    plain = always_valid(replace(case, season=None), gather(replace(case, season=None)))
    assert plain.high - plain.low > found.high - found.low
    assert PEEKED.alpha_spread < POLICY.alpha_spread


def test_no_change_reads_so() -> None:
    n = 60
    case = Case(noise(np.random.default_rng(13), n), np.ones(n), np.arange(n), np.arange(n) >= 24)
    found = always_valid(case, gather(case))
    assert "no change of level is shown" in found.text
    assert found.low < 0 < found.high
    assert as_peeked(gather(case), found).p_ramp_better == 1.0
