"""Checks of the charts of measurements."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..charts.control_chart import control_chart
from ..charts.result import ControlChart
from ..designs import IMR
from ..numbers.constants import c4
from .comparison import Comparison, Floats, as_rows
from .lines import BEYOND, compare_lines, rounded

ROUTES = (
    "d2 = 1.128 (qicharts2, NIST): the chart's sigma times exact d2 / 1.128 is given back as a known sigma; the chart "
    "drawn with it is compared.",
    "Screened moving ranges (qicharts2): `i-mr(screened=true)`; the default screens none.",
    "Unequal subgroups on R and S charts (qcc draws one centre line, the mean of the statistic weighted by size): that "
    "centre is put in the place of the chart's own, which has a centre for each size; the widths are the chart's.",
    "A3, B3, B4 times a pooled s (Montgomery): for each size n, a chart with the known sigma s / c4(n).",
)

ESTIMATORS = {
    "UWAVE-R": "rbar", "MVLUE-R": "rbar-weighted", "UWAVE-SD": "sbar", "MVLUE-SD": "sbar-weighted",
    "RMSDF": "pooled", "MR": "moving-range", "SD": "overall",
}  # fmt: skip
"""The names of sigma estimators in the cases, and in this package."""


def check(c: Comparison) -> None:
    """Individuals by their data, subgroups by theirs."""
    if "x" in c.case.data:
        _individuals(c)
    elif c.case.id.startswith("xbarS-montgomery"):
        _montgomery(c)
    elif "subgroups" in c.case.data:
        _subgroups(c)
    else:
        raise LookupError(c.case.id)


def _individuals(c: Comparison) -> None:
    params = c.case.params
    x, k = c.column("x"), params["k"]
    kind = IMR(window=params.get("mr_window", 2), screened="screen" in params)
    method = ESTIMATORS[params.get("sigma_estimator", "MR")]
    chart = control_chart(x, kind, sigma=method, nsigma=k, rules=BEYOND)
    if "mean_mr" in c.case.expected:
        c.numbers("mean_mr", chart.panels[1].center[0])
    if "d2" in params:
        chart = control_chart(x, "i-mr", sigma=rounded(chart.sigma, params["d2"]), nsigma=k, rules=BEYOND)
    if "sigma" in c.case.expected:
        c.numbers("sigma", chart.sigma)
    if c.case.id.startswith("MR"):
        compare_lines(c, chart, panel=1, first=2)
    else:
        compare_lines(c, chart)


def _subgroups(c: Comparison) -> None:
    params, data = c.case.params, c.case.data
    estimator = params["sigma_estimator"]
    panel = 0 if c.case.id.startswith("xbar") else 1
    kind = "xbar-s" if c.case.id.startswith("S-") or "SD" in estimator else "xbar-r"
    baseline = len(data["subgroups"]) if "new_subgroups" in data else None
    x = as_rows([*data["subgroups"], *data.get("new_subgroups", [])])
    chart = control_chart(
        x, kind, sigma=ESTIMATORS[estimator], nsigma=params["k"], baseline=baseline, rules=BEYOND
    )  # fmt: skip
    c.numbers("sigma", chart.sigma)
    if panel == 1 and np.isnan(x).any():
        _one_center(c, chart, params["k"])
    else:
        compare_lines(c, chart, panel)


def _one_center(c: Comparison, chart: ControlChart, k: float) -> None:
    part = chart.panels[1]
    center = float((part.n * part.value).sum() / part.n.sum())
    lower, upper = np.maximum(center - k * part.sigma, 0.0), center + k * part.sigma
    c.numbers("statistics", part.value)
    c.numbers("center", center)
    c.numbers("lcl", lower)
    c.numbers("ucl", upper)
    c.points("beyond_limits", (np.flatnonzero((part.value < lower) | (part.value > upper)) + 1).tolist())


def _montgomery(c: Comparison) -> None:
    x, k = as_rows(c.case.data["subgroups"]), c.case.params["k"]
    n = np.isfinite(x).sum(axis=1)
    # the estimator divides the pooled s by c4 of its degrees of freedom and one more
    pooled = control_chart(x, "xbar-s", sigma="pooled").sigma * c4(int((n - 1).sum()) + 1)
    keys = ("xbar_lcl", "xbar_ucl", "s_center", "s_lcl", "s_ucl")
    lines: dict[str, Floats] = {key: np.full(n.size, np.nan) for key in keys}
    chart: Any = None
    for size in np.unique(n):
        chart = control_chart(x, "xbar-s", sigma=pooled / c4(int(size)), nsigma=k)
        mean, spread = chart.panels
        drawn = (mean.lower, mean.upper, spread.center, spread.lower, spread.upper)
        for key, line in zip(keys, drawn, strict=True):
            lines[key][n == size] = line[n == size]
    c.numbers("s_pooled", pooled)
    c.numbers("center", chart.panels[0].center)
    c.numbers("s", chart.panels[1].value)
    for key, line in lines.items():
        c.numbers(key, line)
