"""Several variables at once: formulas in their plain form, properties, simulated rates."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sigmatool.numbers.decomposition import decompose, drivers, term_limit
from sigmatool.numbers.mewma import mewma, mewma_arl, mewma_limit
from sigmatool.numbers.multivariate import Estimate, estimate, known_limit, limit, means, t_squared
from sigmatool.selftest.cases import Case, shipped

NAMES = ("temperature", "pressure", "flow")


@pytest.mark.parametrize("case", [pytest.param(c, id=c.id) for c in shipped("arl") if c.id.startswith("ewma-two-asym")])
def test_of_one_variable_it_is_the_ewma(case: Case) -> None:
    params = case.params
    got = [mewma_arl(params["L"] ** 2, params["lambda"], 1, shift) for shift in params["shifts"]]
    np.testing.assert_allclose(got, case.expected["arl"], rtol=case.rtol)


@pytest.mark.parametrize(("weight", "variables"), [(0.05, 2), (0.1, 3), (0.1, 8), (0.4, 4), (1.0, 5), (1.0, 30)])
def test_a_vanishing_shift_is_none(weight: float, variables: int) -> None:
    """The chain of two dimensions and that of one are different integrals with one answer."""
    h = mewma_limit(weight, variables, 370.4)
    assert mewma_arl(h, weight, variables) == pytest.approx(370.4, rel=1e-9)
    assert mewma_arl(h, weight, variables, shift=1e-9) == pytest.approx(370.4, rel=1e-6)


def test_full_weight_is_hotelling() -> None:
    h = known_limit(3, 0.995)
    assert mewma_arl(h, 1.0, 3) == pytest.approx(200, rel=1e-9)
    assert mewma_arl(h, 1.0, 3, shift=1.5) == pytest.approx(1 / stats.ncx2.sf(h, 3, 1.5**2), rel=1e-7)
    x = np.random.default_rng(1).standard_normal((20, 3))
    np.testing.assert_allclose(mewma(x, np.zeros(3), np.eye(3), 1.0).statistic, (x**2).sum(axis=1), rtol=1e-12)


@pytest.mark.parametrize(("variables", "shift"), [(2, 0.0), (2, 1.0), (3, 0.5), (5, 2.0)])
def test_run_lengths_are_those_of_simulated_charts(variables: int, shift: float) -> None:
    rng = np.random.default_rng(7)
    weight, charts = 0.15, 6000
    h = mewma_limit(weight, variables, 100)
    direction = np.ones(variables) / np.sqrt(variables)
    z, length = np.zeros((charts, variables)), np.zeros(charts)
    running = np.arange(charts)
    while running.size:
        x = rng.standard_normal((running.size, variables)) + shift * direction
        z[running] = weight * x + (1 - weight) * z[running]
        length[running] += 1
        running = running[(z[running] ** 2).sum(axis=1) * (2 - weight) / weight <= h]
    error = length.std() / np.sqrt(charts)
    assert abs(length.mean() - mewma_arl(h, weight, variables, shift)) < 3.5 * error


def correlated(n: int, p: int, seed: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, p)) @ rng.standard_normal((p, p)) + 10


def test_unequal_subgroups_weigh_by_degrees_of_freedom() -> None:
    x = correlated(24, 2).reshape(6, 4, 2)
    x[1, 3, 0] = x[2, 2, 1] = x[2, 3, 1] = np.nan
    x[4] = np.nan
    x[5, 1:] = np.nan
    found = estimate(x, "within")
    groups = [g[np.isfinite(g).all(axis=1)] for g in x]
    dof = [max(len(g) - 1, 0) for g in groups]
    wanted = sum(d * np.cov(g.T) for d, g in zip(dof, groups, strict=True) if d) / sum(dof)
    np.testing.assert_allclose(found.covariance, wanted, rtol=1e-12)
    np.testing.assert_allclose(found.center, np.concatenate(groups).mean(axis=0), rtol=1e-12)
    mean, size = means(x)
    assert size.tolist() == [4, 3, 2, 4, 0, 1]
    t2 = t_squared(x, found.center, found.covariance)
    assert np.isnan(t2[4])
    d = mean[2] - found.center
    assert t2[2] == pytest.approx(2 * d @ np.linalg.solve(found.covariance, d), rel=1e-12)
    limits = limit(found, 0.99, 1, size)
    assert limits[5] > limits[2] > limits[1] > limits[0] == limits[3]


def test_a_difference_next_to_a_gap_does_not_exist() -> None:
    x = correlated(12, 2)
    x[4, 1] = np.nan
    found = estimate(x, "successive")
    v = np.concatenate([np.diff(x[:4], axis=0), np.diff(x[5:], axis=0)])
    np.testing.assert_allclose(found.covariance, v.T @ v / (2 * len(v)), rtol=1e-12)
    assert found.values == 11
    assert found.dof == pytest.approx(2 * 9**2 / (3 * 9 - 2))
    assert estimate(x[5:], "successive").dof == pytest.approx(2 * 6**2 / (3 * 7 - 4))


def test_degrees_of_freedom_match_the_variance_of_the_estimate() -> None:
    """A quadratic form x'Ax of white noise has variance 2 tr(A^2)."""
    x = correlated(12, 2)
    x[[4, 5, 9]] = np.nan
    difference = np.diff(np.eye(12), axis=0)
    difference = difference[np.isfinite(np.diff(x[:, 0]))]
    form = difference.T @ difference / (2 * len(difference))
    assert estimate(x, "successive").dof == pytest.approx(2 / (2 * np.trace(form @ form)))


@pytest.mark.parametrize(
    ("method", "phase", "n", "p", "rate"),
    [
        ("sample", 1, 15, 3, 1.0), ("sample", 2, 15, 3, 1.0), ("within", 1, 15, 3, 1.0), ("within", 2, 15, 3, 1.0),
        ("successive", 1, 50, 4, 1.0), ("successive", 1, 25, 4, 1.2), ("successive", 1, 25, 8, 3.2),
        ("successive", 2, 20, 2, 0.95), ("successive", 2, 25, 4, 0.8), ("successive", 2, 50, 4, 0.95),
    ],
)  # fmt: skip
def test_false_alarms_are_as_many_as_documented(method: str, phase: Any, n: int, p: int, rate: float) -> None:
    rng = np.random.default_rng(11)
    repeats = 60_000 // n
    shape = (n, 3, p) if method == "within" else (n, p)
    alarms = 0
    for _ in range(repeats):
        x = rng.standard_normal(shape)
        found = estimate(x, method)
        judged = x if phase == 1 else rng.standard_normal(shape)
        size = 3 if method == "within" else 1
        alarms += int((t_squared(judged, found.center, found.covariance) > limit(found, 0.99, phase, size)).sum())
    assert alarms / (repeats * n * 0.01) == pytest.approx(rate, rel=0.15)


def test_known_parameters() -> None:
    assert known_limit(3, 0.99) == pytest.approx(stats.chi2.ppf(0.99, 3), rel=1e-12)
    endless = Estimate(np.zeros(3), np.eye(3), "sample", 10**8, 1e8)
    assert float(limit(endless, 0.99, 2)) == pytest.approx(known_limit(3, 0.99), rel=1e-6)


def refused(x: np.ndarray, method: str = "sample") -> str:
    with pytest.raises(ValueError, match=r".") as error:
        estimate(x, method, NAMES)
    return str(error.value)


def test_what_has_no_inverse_is_refused_by_name() -> None:
    x = correlated(20, 3)
    constant, sum_of_two, twin = x.copy(), x.copy(), x.copy()
    constant[:, 1] = 0.1
    sum_of_two[:, 2] = x[:, 0] * 3 - x[:, 1]
    twin[:, 2] = 1000 - x[:, 0] / 7
    assert "'pressure' does not vary" in refused(constant)
    assert "'flow' is a combination of 'temperature' and 'pressure'" in refused(sum_of_two, "successive")
    message = refused(twin)
    assert "'flow' is a combination of 'temperature'," in message
    assert "leave one of them out" in message
    assert "chart fewer variables" in refused(x[:3])
    assert "chart fewer variables" in refused(np.full((5, 3), np.nan), "successive")
    assert "subgroups" in refused(x, "within")
    with pytest.raises(ValueError, match="variable 2 does not vary"):
        estimate(constant, "sample")
    estimate(x[:4], "sample")
    with pytest.raises(ValueError, match="no data have this covariance: variable 2"):
        t_squared(x[:, :2], [0, 0], [[1, 2], [2, 1]])
    with pytest.raises(ValueError, match="square symmetric"):
        t_squared(x[:, :2], [0, 0], [[1, 0.2], [0.1, 1]])


def test_limits_that_cannot_be_are_refused() -> None:
    four = estimate(correlated(4, 3), "sample")
    with pytest.raises(ValueError, match="at least 5"):
        limit(four, 0.99, 1)
    with pytest.raises(ValueError, match="level is a probability"):
        limit(four, 99, 2)
    one = estimate(correlated(6, 2)[None], "within")
    with pytest.raises(ValueError, match="at least two subgroups"):
        limit(one, 0.99, 1, size=6)
    few = estimate(correlated(5, 4), "successive")
    with pytest.raises(ValueError, match="too few for limits on 4"):
        limit(few, 0.99, 2)
    with pytest.raises(ValueError, match="given 3 variables"):
        term_limit(four, 0.99, given=3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: mewma_arl(8.6, 0.0, 2), lambda: mewma_arl(8.6, 1.2, 2), lambda: mewma_arl(-1, 0.1, 2),
        lambda: mewma_arl(8.6, 0.1, 2, shift=-1), lambda: mewma_arl(8.6, 0.1, 0), lambda: mewma_limit(0.1, 2, 1),
        lambda: mewma(np.ones((2, 2)), [0, 0], np.eye(2), 0.0),
    ],
)  # fmt: skip
def test_settings_out_of_range_are_refused(call: Any) -> None:
    with pytest.raises(ValueError, match="given"):
        call()


def test_terms_are_what_the_definitions_say() -> None:
    x = correlated(30, 4)
    found = estimate(x, "sample")
    parts = decompose(x[:6], found.center, found.covariance)
    np.testing.assert_allclose(parts.total, t_squared(x[:6], found.center, found.covariance), rtol=1e-10)
    for j in range(4):
        others = np.delete(np.arange(4), j)
        without = t_squared(x[:6][:, others], found.center[others], found.covariance[np.ix_(others, others)])
        np.testing.assert_allclose(parts.conditional[:, j], parts.total - without, rtol=1e-8, atol=1e-10)
        alone = t_squared(x[:6, [j]], found.center[[j]], found.covariance[[j]][:, [j]])
        np.testing.assert_allclose(parts.unconditional[:, j], alone, rtol=1e-10)
    assert (np.sign(parts.deviation) == np.sign(x[:6] - found.center)).all()
    np.testing.assert_allclose(parts.share.sum(axis=1), 1.0, rtol=1e-10)
    grouped = np.repeat(x[:6, None], 4, axis=1)
    twice = decompose(grouped, found.center, found.covariance)
    np.testing.assert_allclose(twice.conditional, 4 * parts.conditional, rtol=1e-9)
    np.testing.assert_allclose(twice.deviation, 2 * parts.deviation, rtol=1e-9)
    assert decompose(found.center[None], found.center, found.covariance).share.tolist() == [[0.0] * 4]


def test_a_term_signals_as_often_as_its_limit_says() -> None:
    rng = np.random.default_rng(3)
    counts, printed = np.zeros(2), 0
    repeats, new = 3000, 20
    for _ in range(repeats):
        found = estimate(rng.standard_normal((12, 3)), "sample")
        parts = decompose(rng.standard_normal((new, 3)), found.center, found.covariance)
        bound = term_limit(found, 0.99, given=2, rest=parts.total[:, None] - parts.conditional)
        counts += (parts.unconditional > term_limit(found, 0.99)).sum(), (parts.conditional > bound).sum()
        printed += int((parts.conditional > term_limit(found, 0.99, given=2)).sum())
    meant = repeats * new * 3 * 0.01
    np.testing.assert_allclose(counts / meant, 1.0, rtol=0.1)
    assert printed / meant == pytest.approx(1.9, rel=0.1)


def plain_drivers(x: np.ndarray, covariance: np.ndarray, limits: np.ndarray) -> list[bool]:
    """One point, one variable after the other, with a new inverse each time."""
    left = list(range(len(x)))

    def t2(of: list[int]) -> float:
        return float(x[of] @ np.linalg.solve(covariance[np.ix_(of, of)], x[of])) if of else 0.0

    while left and t2(left) > limits[len(left) - 1]:
        left.remove(min(left, key=lambda j: t2([k for k in left if k != j])))
    return [j not in left for j in range(len(x))]


def test_drivers_left_out_still_the_signal() -> None:
    rng = np.random.default_rng(9)
    x = rng.standard_normal((200, 5)) * 3
    covariance = np.cov(correlated(40, 5).T)
    limits = np.array([known_limit(k, 0.99) for k in range(1, 6)])
    got = drivers(x, np.zeros(5), covariance, limits)
    assert got.tolist() == [plain_drivers(row, covariance, limits) for row in x]
    assert {1, 2, 3} <= set(got.sum(axis=1).tolist())
    assert not drivers(np.zeros((1, 5)), np.zeros(5), covariance, limits).any()


def test_variables_in_a_limit_are_those_left() -> None:
    found = estimate(correlated(20, 4), "sample")
    part = dataclasses.replace(found, center=found.center[:2], covariance=found.covariance[:2, :2])
    for phase in (1, 2):
        assert limit(found, 0.99, phase, variables=2) == limit(part, 0.99, phase)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.sampled_from(["sample", "successive"]))
def test_t2_knows_no_units(seed: int, p: int, method: str) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((25, p))
    turn = np.linalg.qr(rng.standard_normal((p, p)))[0] * rng.uniform(0.5, 2, p)
    y = x @ turn + rng.uniform(-5, 5, p)
    before, after = estimate(x, method), estimate(y, method)
    np.testing.assert_allclose(
        t_squared(y, after.center, after.covariance), t_squared(x, before.center, before.covariance), rtol=1e-8
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_points_in_another_order_have_the_same_t2(seed: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    x = correlated(40, p, seed)
    x[rng.integers(0, 40, 3)] = np.nan
    found = estimate(x, "sample")
    order = rng.permutation(40)
    t2 = t_squared(x, found.center, found.covariance)
    np.testing.assert_array_equal(t_squared(x[order], found.center, found.covariance), t2[order])
    again = estimate(x[order], "sample")
    np.testing.assert_allclose(again.covariance, found.covariance, rtol=1e-10, atol=1e-12)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(1, 5), st.lists(st.integers(0, 60), max_size=5), st.booleans(),
    st.booleans(), st.floats(0.01, 1.0),
)  # fmt: skip
def test_pieces_are_the_whole_to_the_last_bit(
    seed: int, p: int, cuts: list[int], exact: bool, grouped: bool, weight: float
) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((60, 3, p) if grouped else (60, p))
    x[rng.random(x.shape[:-1]) < 0.2] = np.nan
    covariance = np.cov(correlated(40, p, seed).T).reshape(p, p)
    center = rng.standard_normal(p)
    whole = mewma(x, center, covariance, weight, exact=exact)
    state, pieces = None, []
    for piece in np.split(x, sorted(cuts)):
        pieces.append(mewma(piece, center, covariance, weight, exact=exact, state=state))
        state = pieces[-1].state
    np.testing.assert_array_equal(np.concatenate([part.statistic for part in pieces]), whole.statistic)
    np.testing.assert_array_equal(np.concatenate([part.average for part in pieces]), whole.average)
    assert state is not None
    np.testing.assert_array_equal(state.average, whole.state.average)
    assert state.variance == whole.state.variance


def test_the_average_keeps_its_value_over_a_gap() -> None:
    x = correlated(12, 2) - 10
    gapped = np.insert(x, [0, 5, 5], np.nan, axis=0)
    got, plain = mewma(gapped, [0, 0], np.eye(2), 0.2), mewma(x, [0, 0], np.eye(2), 0.2)
    gap = np.isnan(gapped).any(axis=1)
    assert np.isnan(got.statistic[gap]).all()
    np.testing.assert_array_equal(got.statistic[~gap], plain.statistic)
    assert got.average[0].tolist() == [0.0, 0.0]
    np.testing.assert_array_equal(got.average[6:8], np.repeat(got.average[[5]], 2, axis=0))


def test_averages_of_subgroups_have_the_variance_of_their_sizes() -> None:
    """Against the weights written out: v = sum of squared weights over sizes."""
    x = correlated(15, 2).reshape(5, 3, 2) - 10
    x[1, 2], x[3, 1:] = np.nan, np.nan
    mean, size = means(x)
    weights = 0.3 * 0.7 ** np.arange(4, -1, -1)
    z = weights @ mean
    got = mewma(x, [0, 0], np.eye(2), 0.3)
    assert got.statistic[-1] == pytest.approx(z @ z / (weights**2 / size).sum(), rel=1e-12)
    rough = mewma(x, [0, 0], np.eye(2), 0.3, exact=False)
    assert rough.statistic[-1] == pytest.approx(z @ z / (0.3 / 1.7 / 3), rel=1e-12)
