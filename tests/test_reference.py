"""Every published or independently computed case of the areas that are built, at its stated tolerance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reference_cases import agree, cases
from sigmatool.charts.control_chart import control_chart
from sigmatool.numbers import constants, runs
from sigmatool.numbers.dispersion import Subgroups, moving_range, sigma_individuals, sigma_subgroups

ESTIMATOR = {
    "UWAVE-R": "rbar", "MVLUE-R": "rbar-weighted", "UWAVE-SD": "sbar", "MVLUE-SD": "sbar-weighted",
    "RMSDF": "pooled", "MR": "moving-range", "SD": "overall",
}  # fmt: skip

NOT_BUILT = {"g-sim", "t-sim", "g-qic", "g-qcc"}
"""Rare-event charts come with the full set of kinds."""


def by_id(area: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in cases(area) if case["id"] not in NOT_BUILT]


def test_nothing_else_is_left_out() -> None:
    known = {c["id"] for c in cases("attribute_charts")}
    assert known >= NOT_BUILT
    assert all(c.split("-")[0] in ("g", "t") for c in NOT_BUILT)


def matrix(rows: list[Any]) -> np.ndarray:
    width = max(len(r) for r in rows)
    return np.array([[np.nan if v is None else v for v in r] + [np.nan] * (width - len(r)) for r in rows], dtype=float)


@pytest.mark.parametrize("case", by_id("constants"))
def test_constants(case: dict[str, Any]) -> None:
    expected = case["expected"]
    if case["id"] == "d2star":
        got = [[constants.d2_star(m, g) for g in case["data"]["g"]] for m in case["data"]["m"]]
        agree(got, expected["d2star"], case)
        return
    if case["id"] == "aiag-K-factors":
        agree(1 / constants.d2(2), expected["K1_trials_2"], case)
        agree(1 / constants.d2(3), expected["K1_trials_3"], case)
        agree(1 / constants.d2_star(2, 1), expected["K2_appraisers_2"], case)
        agree(1 / constants.d2_star(3, 1), expected["K2_appraisers_3"], case)
        agree([1 / constants.d2_star(n, 1) for n in case["data"]["parts"]], expected["K3_parts"], case)
        return
    k = case["params"].get("k", 3)
    single = {"d2": constants.d2, "d3": constants.d3, "c4": constants.c4, "d4_median_range": constants.d4_median}
    checked = 0
    for key, values in expected.items():
        if key == "n":
            continue
        function = single.get(key)
        got = [function(n) if function else constants.factors(n, k)[key] for n in case["data"]["n"]]
        agree(got, values, case)
        checked += 1
    assert checked >= 7


@pytest.mark.parametrize("case", by_id("rules"))
def test_rules(case: dict[str, Any]) -> None:
    if case["data"] is None:
        assert "completed" in case["expected"]["definitions"]
        return
    x = np.array([np.nan if v is None else v for v in case["data"]["x"]], dtype=float)
    center, sigma = case["params"]["center"], case["params"]["sigma"]
    fired = dict(enumerate(runs.fired(runs.NELSON, x, center, sigma), start=1))
    for test in range(1, 9):
        key = next(k for k in case["expected"] if k.startswith(f"nelson{test}_"))
        wanted = case["expected"][key]
        completed = {int(i) + 1 for i in np.flatnonzero(fired[test])}
        assert completed == set(np.atleast_1d(wanted["completed"]).astype(int)), key
        points = {m + 1 for i in completed for m in runs.members(runs.NELSON[test - 1], i - 1, x, center, sigma)}
        assert points == set(np.atleast_1d(wanted["members"]).astype(int)), key


def lines_of(chart: Any, panel: int, case: dict[str, Any], first: int = 1) -> None:
    """Statistic and limits of a panel, against qcc's names; ``first`` is the point that its index 1 stands for."""
    expected, part = case["expected"], chart.panels[panel]
    for key, got in (("center", part.center), ("lcl", part.lower), ("ucl", part.upper)):
        if key in expected:
            agree(got[np.isfinite(got)], expected[key], case)
    if "statistics" in expected:
        agree(part.value[np.isfinite(part.value)], expected["statistics"], case)
    if "beyond_limits" in expected:
        beyond = {s.point - first + 1 for s in chart.signals if s.rule == "nelson-1" and s.panel == part.name}
        assert beyond == set(np.atleast_1d(expected["beyond_limits"]).astype(int))


def test_screened_moving_ranges_are_not_used_in_silence() -> None:
    case = next(c for c in cases("variables_charts") if c["id"] == "I-screened")
    x = np.array(case["data"]["x"], dtype=float)
    ranges = moving_range(x)[1:]
    kept = ranges[ranges < case["params"]["screen"] * ranges.mean()]
    agree(x.mean() + 3 * kept.mean() / case["params"]["d2"], case["expected"]["ucl"], case)
    assert control_chart(x).panels[0].upper[0] > case["expected"]["ucl"]


@pytest.mark.parametrize("case", [p for p in by_id("variables_charts") if p.id != "I-screened"])
def test_variables(case: dict[str, Any]) -> None:
    data, params, expected = case["data"], case["params"], case["expected"]
    k = params["k"]
    if "subgroups" in data:
        check_subgroups(case)
        return
    x = np.array([np.nan if v is None else v for v in data["x"]], dtype=float)
    if "d2" in params:
        ratio = constants.d2(2) / params["d2"]
        sigma = sigma_individuals(x) * ratio
        center = np.nanmean(x)
        agree([center, center - k * sigma, center + k * sigma], [expected[q] for q in ("center", "lcl", "ucl")], case)
        assert control_chart(x).panels[0].upper[0] == pytest.approx(center + 3 * sigma / ratio, rel=1e-12)
        return
    method = ESTIMATOR[params["sigma_estimator"]] if "sigma_estimator" in params else "moving-range"
    if params.get("mr_window", 2) == 3:
        sigma = sigma_individuals(x, method, 3)
        agree(sigma, expected["sigma"], case)
        chart = control_chart(x, "i-mr", sigma=sigma, nsigma=k)
    else:
        chart = control_chart(x, "i-mr", sigma=method, nsigma=k)
    if case["id"].startswith("MR"):
        lines_of(chart, 1, case, first=2)
    else:
        agree(chart.sigma, expected["sigma"], case)
        lines_of(chart, 0, case)


def check_subgroups(case: dict[str, Any]) -> None:
    import pandas as pd

    data, params, expected = case["data"], case["params"], case["expected"]
    first = matrix(data["subgroups"])
    if case["id"].startswith("xbarS-montgomery"):
        check_montgomery(case, first)
        return
    rows = data["subgroups"] + data.get("new_subgroups", [])
    frame = pd.DataFrame([(g, v) for g, row in enumerate(rows) for v in row if v is not None], columns=["g", "y"])
    method = ESTIMATOR[params["sigma_estimator"]]
    agree(sigma_subgroups(first, method), expected["sigma"], case)
    kind = "xbar-s" if case["id"].startswith("S-") or "SD" in params["sigma_estimator"] else "xbar-r"
    baseline = (1, len(data["subgroups"])) if "new_subgroups" in data else None
    chart = control_chart(frame, kind, value="y", subgroup="g", sigma=method, nsigma=params["k"], baseline=baseline)
    if case["id"].startswith("xbar"):
        wanted = dict(expected)
        if "new_statistics" in wanted:
            wanted["statistics"] = [*expected["statistics"], *expected["new_statistics"]]
        lines_of(chart, 0, {**case, "expected": wanted})
        return
    panel = chart.panels[1].value
    agree(panel[: len(first)], expected["statistics"], case)
    if not np.isnan(first).any():
        lines_of(chart, 1, {**case, "expected": {key: expected[key] for key in ("center", "lcl", "ucl")}})
    else:
        # qcc draws one centre line for unequal sizes; per-subgroup lines are d2(n) sigma and c4(n) sigma
        n = Subgroups(first).n
        factor = constants.by_size(constants.c4 if kind == "xbar-s" else constants.d2, n)
        np.testing.assert_allclose(chart.panels[1].center, factor * expected["sigma"], rtol=1e-8)


def check_montgomery(case: dict[str, Any], x: np.ndarray) -> None:
    n, sd = Subgroups(x).n, Subgroups(x).sd
    pooled = np.sqrt(((n - 1) * sd**2).sum() / (n - 1).sum())
    expected = case["expected"]
    agree(pooled, expected["s_pooled"], case)
    agree(np.nanmean(x), expected["center"], case)
    agree(sd, expected["s"], case)
    f = [constants.factors(int(m), case["params"]["k"]) for m in n]
    agree([np.nanmean(x) + a["A3"] * pooled for a in f], expected["xbar_ucl"], case)
    agree([np.nanmean(x) - a["A3"] * pooled for a in f], expected["xbar_lcl"], case)
    agree([a["B4"] * pooled for a in f], expected["s_ucl"], case)
    agree([a["B3"] * pooled for a in f], expected["s_lcl"], case)


@pytest.mark.parametrize("case", by_id("attribute_charts"))
def test_attributes(case: dict[str, Any]) -> None:
    import pandas as pd

    count = np.array(case["data"]["count"], dtype=float)
    size = case["data"].get("size")
    k = case["params"]["k"]
    prime = case["id"].split("-")[0]
    kind = {"pprime": "laney-p", "uprime": "laney-u"}.get(prime, case["params"].get("chart", prime))
    frame = pd.DataFrame({"x": count})
    if kind != "c":
        frame["n"] = np.broadcast_to(np.array(size, dtype=float), count.shape)
    chart = control_chart(frame, kind, value="x", size=None if kind == "c" else "n", nsigma=k)
    lines_of(chart, 0, case)
    if "sigma_z" in case["expected"]:
        agree(chart.sigma, case["expected"]["sigma_z"], case)
        rounded = chart.sigma * constants.d2(2) / 1.128
        agree(rounded, case["expected"]["sigma_z_d2_1.128"], case)
