"""The arithmetic under the verdict: exact against dense algebra, calibrated against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sigmatool.numbers.autoregression import SHORT_MEMORY, WITH_WANDER, Contrast, NoiseGrid, Series, whiten
from sigmatool.numbers.change_point import step_date
from sigmatool.numbers.performance import performance
from sigmatool.numbers.scales import effect, working_scale
from sigmatool.numbers.spread import heavy_tails, normal_scores, spread_ratio
from sigmatool.numbers.stability import null_tables, stability

GAPPED = np.array([0, 1, 2, 5, 6, 7, 9, 10, 14, 15])


def correlation(phi: float, psi: float, positions: np.ndarray) -> np.ndarray:
    """The dense noise correlation matrix."""
    gap = np.abs(positions[:, None] - positions[None, :])
    return (1 - psi) * np.power(float(phi), gap) + psi * np.eye(positions.size)


@pytest.mark.parametrize("index", [0, 5, 21, 22, 26, 31])
def test_whitening_equals_dense_algebra(index: int) -> None:
    rng = np.random.default_rng(1)
    z = rng.standard_normal((GAPPED.size, 2))
    white, log_det = whiten(z, GAPPED, WITH_WANDER)
    dense = correlation(WITH_WANDER.phi[index], WITH_WANDER.psi[index], GAPPED)
    np.testing.assert_allclose(white[index].T @ white[index], z.T @ np.linalg.solve(dense, z), rtol=1e-9)
    assert log_det[index] == pytest.approx(np.linalg.slogdet(dense)[1], rel=1e-9)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("probability", [1e-7, 0.0125, 0.025, 0.5, 0.975, 0.9995])
def test_a_quantile_is_that_of_the_plain_bisection(
    unit: float, probability: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(9)
    for dof in (3, 20, 46, 9_998):
        means, scales = unit * rng.normal(2, 0.5, 32), unit * np.exp(rng.normal(0, 0.4, 32))
        contrast = Contrast(means, scales, rng.dirichlet(np.full(32, 0.2)), dof)
        found = contrast.quantile(probability)
        assert 1 - contrast.above(found) == pytest.approx(probability, rel=1e-8)
        with monkeypatch.context() as plain:
            plain.setattr(Contrast, "_around", lambda *_: (-np.inf, np.inf))
            assert contrast.quantile(probability) == found


def test_independent_noise_gives_the_t_test() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal(12), rng.standard_normal(15) + 0.4
    y = np.concatenate([a, b])
    columns = {"one": np.ones(27), "D": np.r_[np.zeros(12), np.ones(15)]}
    still = NoiseGrid(np.zeros(1), np.zeros(1), np.zeros(1))
    contrast = Series(y, columns, np.arange(27), grid=still).fit(["one", "D"]).contrast(D=1.0)
    test = stats.ttest_ind(b, a)
    interval = test.confidence_interval(0.95)
    assert contrast.estimate == pytest.approx(b.mean() - a.mean(), rel=1e-10)
    assert contrast.one_sided() == pytest.approx(stats.ttest_ind(b, a, alternative="greater").pvalue, rel=1e-9)
    assert contrast.interval() == pytest.approx((interval.low, interval.high), rel=1e-8)


def test_step_dates_equal_one_by_one_fits() -> None:
    """The cumulative sums give what a regression at each date gives."""
    rng = np.random.default_rng(3)
    positions = np.cumsum(rng.integers(1, 3, 30))
    s = rng.uniform(0.8, 1.3, 30)
    y = rng.standard_normal(30) * s + 1.5 * (np.arange(30) >= 18)
    found = step_date(y, positions, s)
    log_weight = []
    for date in found.dates:
        columns = {"one": np.ones(30), "D": (np.arange(30) >= date).astype(float)}
        fit = Series(y, columns, positions, s, SHORT_MEMORY).fit(["one", "D"])
        alone = Series(y, {"one": np.ones(30)}, positions, s, SHORT_MEMORY).fit(["one"])
        normal = alone.series.gram[:, 0, 0]
        each = -0.5 * fit.series.log_det - 0.5 * np.log(normal) - 0.5 * 28 * np.log(fit.rss)
        log_weight.append(np.logaddexp.reduce(each))
    wanted = np.exp(np.array(log_weight) - np.logaddexp.reduce(log_weight))
    np.testing.assert_allclose(found.probability, wanted, rtol=1e-7)


def test_long_series_leave_no_date_undefined() -> None:
    rng = np.random.default_rng(4)
    y = rng.standard_normal(4000) - 3.0 * (np.arange(4000) >= 2000)
    found = step_date(y, np.arange(4000))
    assert np.isfinite(found.size).all()
    assert 2000 in found.credible_set()
    assert found.credible_set().size <= 3


def test_spread_ratio_agrees_with_scipy() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.standard_normal(24), 0.6 * rng.standard_normal(30)
    found = spread_ratio(a, b)
    d1, d2 = np.abs(a - np.median(a)), np.abs(b - np.median(b))
    assert found.p_less == pytest.approx(stats.ttest_ind(d2, d1, equal_var=False, alternative="less").pvalue, rel=1e-9)
    assert found.low < found.ratio < found.high


def test_normal_scores_share_ties() -> None:
    x = np.array([3.0, 1.0, 2.0, 2.0])
    wanted = stats.norm.ppf((stats.rankdata(x) - 0.375) / 4.25)
    np.testing.assert_allclose(normal_scores(x), wanted)


def test_heavy_tails_need_more_than_one_outlier() -> None:
    rng = np.random.default_rng(6)
    calm = rng.standard_normal(40)
    assert not heavy_tails(np.append(calm, 9.0))
    assert heavy_tails(rng.standard_t(1.5, 80))


@pytest.mark.parametrize("n", [8, 24, 43, 120])
@pytest.mark.parametrize("phi", [0.0, 0.6])
def test_stable_series_are_rarely_called_unstable(n: int, phi: float) -> None:
    """400 series a cell, seed 7: at most 6 % plus three standard errors."""
    rng = np.random.default_rng([7, n])
    unstable = 0
    for _ in range(400):
        e = rng.standard_normal(2 * n)
        y = e.copy()
        for i in range(1, 2 * n):
            y[i] = phi * y[i - 1] + np.sqrt(1 - phi**2) * e[i]
        fit = Series(y, {"one": np.ones(2 * n)}, np.arange(2 * n)).fit(["one"])
        unstable += not stability(y[n:], fit).stable
    assert unstable / 400 <= 0.06 + 3 * np.sqrt(0.06 * 0.94 / 400)


def test_a_shift_inside_is_found() -> None:
    rng = np.random.default_rng(8)
    y = rng.standard_normal(50) + 2.0 * (np.arange(50) >= 25)
    fit = Series(rng.standard_normal(50), {"one": np.ones(50)}, np.arange(50)).fit(["one"])
    found = stability(y, fit)
    assert not found.stable
    assert "shift" in found.weakest or "trend" in found.weakest


def test_lengths_beyond_the_tables_are_judged() -> None:
    rng = np.random.default_rng(9)
    y = rng.standard_normal(5000)
    fit = Series(y, {"one": np.ones(5000)}, np.arange(5000)).fit(["one"])
    found = stability(y, fit)
    assert 0 < found.p <= 1
    assert found.expected == pytest.approx(found.signals, rel=0.3)


def test_null_tables_fall_with_the_level() -> None:
    tables = null_tables()
    assert (np.diff(tables.quantile, axis=-1) <= 0).all()
    assert (np.diff(tables.smallest, axis=-1) >= 0).all()


@given(st.floats(0.02, 0.6), st.integers(50, 500))
@settings(max_examples=40, deadline=None)
def test_proportions_come_back(p: float, m: int) -> None:
    count = np.round(p * m) * np.ones(6)
    scale = working_scale("proportion", count, np.full(6, float(m)))
    assert scale.back(float(scale.z.mean())) == pytest.approx(count[0] / m, abs=0.6 / m)


@pytest.mark.parametrize(("name", "ratio"), [("proportion", 0.5), ("rate", 0.5)])
def test_effect_intervals_hold_the_truth(name: str, ratio: float) -> None:
    """300 overdispersed pairs, seed 10: the 95 % interval of the ratio covers in 91 to 99 %."""
    rng = np.random.default_rng(10)
    covered = 0
    for _ in range(300):
        m = rng.integers(100, 300, 40).astype(float)
        level = np.where(np.arange(40) < 20, 0.2, 0.2 * ratio)
        x = rng.binomial(m.astype(int), level) if name == "proportion" else rng.poisson(level * m)
        scale = working_scale(name, x.astype(float), m)  # type: ignore[arg-type]
        columns = {"one": np.ones(40), "D": (np.arange(40) >= 20).astype(float)}
        found = effect(scale, Series(scale.z, columns, np.arange(40), scale.relative_sd).fit(["one", "D"]), 1.0)
        assert found.ratio_low is not None
        assert found.ratio_high is not None
        covered += found.ratio_low <= ratio <= found.ratio_high
    assert 0.91 <= covered / 300 <= 0.995


def test_performance_is_one_sided_where_the_limit_is() -> None:
    x = np.random.default_rng(11).normal(10, 1, 200)
    upper, both = performance(x, None, 13.0), performance(x, 0.0, 13.0)
    assert upper.ppk == pytest.approx(both.ppk)
    assert upper.low < upper.ppk < upper.high
    assert performance(x, None, 13.0, 0.6).low < upper.low
