"""What a careless or hostile user hands to capability, compare and tolerance_interval: a clear answer or a refusal."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.errors import SettingsError
from sigmatool.numbers.ranks import ordered_difference
from sigmatool.numbers.spread import heavy_tails
from sigmatool.numbers.studentized_range import studentized_range_p, studentized_range_quantile
from sigmatool.result import Result

X = np.random.default_rng(1).normal(10.0, 1.0, 60)


def whole(result: Result) -> dict[str, Any]:
    """Everything that a result can be asked for, with no warning and nothing that JSON cannot hold."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told: dict[str, Any] = json.loads(json.dumps(result.to_dict(), allow_nan=False))
        result.document(), result.figure(), result.to_frame(), result._repr_html_()
    return told


@pytest.mark.parametrize("number", [np.float64, np.float32, np.array], ids=["float64", "float32", "0-d array"])
def test_settings_may_be_numbers_of_numpy(number: type) -> None:
    found = whole(st.capability(X, lsl=number(6.0), usl=number(14.0)))
    assert (found["spec"]["lsl"], found["spec"]["usl"]) == (6.0, 14.0)
    moved = st.compare(X, rollout=np.int64(20), worthwhile=np.float64(0.5))
    assert "--rollout 20" in whole(moved)["provenance"]["command"]
    whole(st.compare(X, rollout=np.array([20])))


@pytest.mark.parametrize("name", ["lsl", "usl", "target"])
def test_a_limit_that_cannot_be_squared_is_refused_with_the_way_out(name: str) -> None:
    size = 1e300 if name == "usl" else -1e300
    with pytest.raises(SettingsError, match=rf"{name} is .*1e\+300, too large .*leave out a limit"):
        st.capability(X, **{"lsl": 6.0, "usl": 14.0, name: size})
    with pytest.raises(SettingsError, match="too large"):
        st.compare(X, rollout=20, **{name: size})


@pytest.mark.parametrize("sigma", [1e-300, 1e300])
def test_a_known_sigma_is_one_that_can_be_squared(sigma: float) -> None:
    with pytest.raises(SettingsError, match="a known sigma must be a number above zero"):
        st.capability(X, lsl=6.0, sigma=sigma)


def test_limits_very_far_away_are_answered() -> None:
    assert whole(st.capability(X, lsl=-1e70, usl=1e70, target=0.0))["n"] == 60


def test_what_is_all_the_same_but_for_one_value_has_no_heavy_tails() -> None:
    x = np.r_[np.ones(99), 2.0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not heavy_tails(x)
        whole(st.capability(x, lsl=0.0, usl=3.0))


def test_forty_groups_are_compared_pair_by_pair() -> None:
    table = pd.DataFrame({"v": np.random.default_rng(2).normal(0, 1, 800), "g": np.repeat(np.arange(40), 20)})
    assert len(st.compare(table, value="v", group="g").pairs) == 780


@pytest.mark.parametrize(("q", "k", "dof"), [(3.3, 2, 6), (5.0, 60, 20), (9.0, 3, 1)])
def test_the_studentized_range_is_that_of_scipy(q: float, k: int, dof: float) -> None:
    from scipy.stats import studentized_range

    assert studentized_range_p(q, k, dof) == pytest.approx(studentized_range.sf(q, k, dof), rel=1e-9)
    level = studentized_range.cdf(q, k, dof)
    assert studentized_range_quantile(level, k, dof) == pytest.approx(q, rel=1e-8)


@pytest.mark.parametrize("kind", ["plain", "tied", "rounded", "far", "offset", "alike"])
def test_order_statistics_of_differences_are_those_of_the_list(kind: str) -> None:
    rng = np.random.default_rng(3)
    draw = {
        "plain": lambda n: rng.normal(0, 1, n), "tied": lambda n: rng.integers(0, 4, n).astype(float),
        "rounded": lambda n: np.round(rng.normal(0, 1, n), 2), "far": lambda n: rng.standard_cauchy(n) ** 3,
        "offset": lambda n: 1e15 + rng.integers(0, 9, n), "alike": np.zeros,
    }[kind]  # fmt: skip
    for n, m in ((1, 1), (1, 7), (9, 4), (40, 31), (1200, 1100)):
        a, b = np.sort(draw(n)), np.sort(draw(m))
        listed = np.sort((b[:, None] - a).ravel())
        slack = 4e-16 * max(np.abs(a).max(), np.abs(b).max())
        for k in {1, n * m, *rng.integers(1, n * m + 1, 5).tolist()}:
            assert abs(ordered_difference(a, b, k) - listed[k - 1]) <= slack
