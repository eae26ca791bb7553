"""Normal capability indices: what they are, and whether their intervals hold."""

from __future__ import annotations

import numpy as np
import pytest

from sigmatool.numbers.capability_indices import Sigma, c4_of, cpm_about_target, indices, per_million, z_bench
from sigmatool.numbers.sigma_dof import dof_individuals, dof_subgroups

FAR = Sigma(1.0, 1e12)


def test_one_sided_indices_are_those_of_the_side_that_is_there() -> None:
    upper = indices(10.0, Sigma(1.0, 29), 30, -np.inf, 14.0)
    assert np.isnan(upper["p"].value)
    assert np.isnan(upper["l"].value)
    assert upper["k"].value == upper["u"].value == pytest.approx(4 / 3)
    assert upper["z_bench"].value == pytest.approx(4.0)
    mirrored = indices(-10.0, Sigma(1.0, 29), 30, -14.0, np.inf)
    for end in ("value", "low", "high"):
        assert getattr(mirrored["k"], end) == pytest.approx(float(getattr(upper["k"], end)))


def test_many_characteristics_at_once_are_each_alone() -> None:
    mean, s = np.array([0.0, 0.5, 1.0]), np.array([1.0, 0.7, 1.3])
    together = indices(mean, Sigma(s, np.full(3, 40.0)), 41.0, -4.0, np.array([4.0, 4.0, np.inf]), 0.0)
    for i in range(3):
        usl = (4.0, 4.0, np.inf)[i]
        alone = indices(mean[i], Sigma(s[i], 40.0), 41.0, -4.0, usl, 0.0)
        for name, found in together.items():
            np.testing.assert_allclose(found.value[i], alone[name].value)
            np.testing.assert_allclose(found.low[i], alone[name].low)


@pytest.mark.parametrize("distance", [1e-3, 1.0, 5.0, 40.0, 1e3, 1e8])
def test_z_bench_exists_at_any_distance(distance: float) -> None:
    for a, b in ((-distance, distance), (-distance, 2 * distance), (distance, 3 * distance + 1)):
        z = z_bench(0.0, 1.0, 99.0, 100.0, a, b)
        assert all(np.isfinite(v) for v in (z.value, z.low, z.high))
        assert z.low <= z.value <= z.high
    assert float(z_bench(0.0, 1.0, 99.0, 100.0, -distance, distance).value) <= distance
    assert float(z_bench(0.0, 1.0, 99.0, 100.0, distance, 3 * distance + 1).value) <= -distance + 1e-9


def test_z_bench_and_per_million_are_each_others_inverse() -> None:
    assert per_million(z_bench(0.0, 1.0, 9.0, 10.0, -3.0, 3.0).value) == pytest.approx(2699.796063)


def test_what_is_known_has_next_to_no_interval() -> None:
    family = indices(0.0, FAR, 1e12, -4.0, 5.0, 0.5)
    for found in family.values():
        assert found.low == pytest.approx(float(found.high), rel=1e-4)


def test_cpm_has_three_values_that_agree_on_target_only() -> None:
    about = cpm_about_target(16.0, 4.0, 50, 8.0, 20.0, 14.0)
    plain = indices(16.0, Sigma(2.0, 49), 50, 8.0, 20.0, 14.0)["m"]
    assert (round(float(about.value), 4), round(float(plain.value), 4)) == (0.7035, 0.7071)
    on_target = indices(14.0, Sigma(2.0, 49), 50, 8.0, 20.0, 14.0)
    assert float(on_target["m"].value) == pytest.approx(float(on_target["p"].value))


@pytest.mark.parametrize("n", [30, 100])
@pytest.mark.parametrize(("mean", "target"), [(0.0, 0.0), (1.0, 0.0), (1.0, 1.5)])
def test_intervals_hold_the_truth(n: int, mean: float, target: float) -> None:
    x = np.random.default_rng(5).normal(mean, 1.0, (3_000, n))
    found = indices(x.mean(axis=1), Sigma(x.std(axis=1, ddof=1), n - 1.0), n, -4.0, 4.0, target)
    truth = indices(mean, FAR, 1e12, -4.0, 4.0, target)
    found["about"] = cpm_about_target(x.mean(axis=1), x.var(axis=1, ddof=1), n, -4.0, 4.0, target)
    truth["about"] = truth["m"]
    for name, interval in found.items():
        covered = ((interval.low <= truth[name].value) & (truth[name].value <= interval.high)).mean()
        assert 0.93 < covered < 0.97, name


@pytest.mark.parametrize("method", ["moving-range", "median-moving-range"])
def test_degrees_of_freedom_tell_how_much_an_estimator_varies(method: str) -> None:
    n = 60
    ranges = np.abs(np.diff(np.random.default_rng(6).normal(size=(20_000, n)), axis=1))
    statistic = ranges.mean(axis=1) if method == "moving-range" else np.median(ranges, axis=1)
    relative = statistic.std() / statistic.mean()
    dof = dof_individuals(n, method)
    told = float(np.sqrt(1 - c4_of(dof) ** 2) / c4_of(dof))
    assert relative == pytest.approx(told, rel=0.03)


def test_weighted_estimators_are_never_worse_than_plain_ones() -> None:
    sizes = np.array([2, 2, 3, 5, 8, 1])
    for plain in ("rbar", "sbar"):
        assert dof_subgroups(sizes, f"{plain}-weighted") > dof_subgroups(sizes, plain)
    assert dof_subgroups(sizes, "pooled") == 15
