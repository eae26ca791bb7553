"""Checks of charts of several variables."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..charts.control_chart import control_chart
from ..charts.result import ControlChart
from ..designs import MEWMA, T2
from ..numbers.mewma import mewma
from ..numbers.multivariate import estimate
from .comparison import Comparison

ROUTES = (
    "Limits of Phase I are those of the points that made the estimate, limits of Phase II those of points after a "
    "baseline. Whole covariance matrices, and a MEWMA with known mean and covariance, have no chart and are compared "
    "as arithmetic.",
)


def check(c: Comparison) -> None:
    """T² of subgroups, of single rows, with successive differences; MEWMA."""
    kind = c.case.id.split("-")[0]
    if kind == "mewma":
        _mewma(c)
    elif c.case.id == "T2-succdiff-boiler":
        _successive(c)
    elif kind == "T2" and "variables" in c.case.data:
        _subgroups(c)
    elif kind == "T2single":
        _singles(c)
    else:
        raise LookupError(c.case.id)


def _compare(c: Comparison, chart: ControlChart, phase_1: int) -> None:
    """Statistic, centre and the limits of both phases; the first ``phase_1`` points made the estimate."""
    part = chart.panels[0]
    c.numbers("T2", part.value[:phase_1])
    c.numbers("center", [v for name, v in chart.parameters.items() if name.startswith("centre of ")])
    c.numbers("ucl_phase1", part.upper[:phase_1])
    c.numbers("upl_phase2", part.upper[phase_1:])


def _subgroups(c: Comparison) -> None:
    import pandas as pd

    x = np.stack([np.array(v, dtype=np.float64) for v in c.case.data["variables"].values()], axis=-1)
    groups, size, _ = x.shape
    # the last subgroup once more, as a new one
    rows = np.concatenate([x, x[-1:]])
    names = list(c.case.data["variables"])
    frame = pd.DataFrame(rows.reshape(-1, len(names)), columns=names)
    frame["group"] = np.repeat(np.arange(groups + 1), size)
    design = T2(confidence=c.case.params["confidence_level"])
    chart = control_chart(frame, design, value=names, subgroup="group", baseline=groups)
    _compare(c, chart, groups)
    c.numbers("cov", estimate(x, "within").covariance)


def _singles(c: Comparison) -> None:
    x = np.array(c.case.data["X"], dtype=np.float64)
    later: Any = c.case.data.get("new") or x[-1:]
    design = T2(confidence=c.case.params["confidence_level"])
    chart = control_chart(np.concatenate([x, np.array(later, dtype=np.float64)]), design, baseline=len(x))
    _compare(c, chart, len(x))
    c.numbers("cov", estimate(x, "sample").covariance)
    if "new_T2" in c.case.expected:
        c.numbers("new_T2", chart.panels[0].value[len(x) :])


def _successive(c: Comparison) -> None:
    x = np.array(c.case.data["X"], dtype=np.float64)
    for name, key, covariance in (("successive", "T2", "cov_successive"), ("sample", "T2_sample_cov", "cov")):
        c.numbers(key, control_chart(x, f"t2(covariance={name})").panels[0].value)
        c.numbers(covariance, estimate(x, name).covariance)


def _mewma(c: Comparison) -> None:
    params = c.case.params
    x, mean, cov = (np.array(v, dtype=np.float64) for v in (c.case.data["X"], params["mean"], params["cov"]))
    weight = params["lambda"]
    c.numbers("T2_exact_cov", mewma(x, mean, cov, weight).statistic)
    c.numbers("T2_asymptotic_cov", mewma(x, mean, cov, weight, exact=False).statistic)
    c.numbers("h", control_chart(x, MEWMA(weight=weight, arl=params["ARL0"])).panels[0].upper)
