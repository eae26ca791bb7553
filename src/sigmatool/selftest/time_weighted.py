"""Checks of EWMA and CUSUM charts."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..charts.control_chart import control_chart
from ..designs import CUSUM, EWMA
from .comparison import Comparison, Floats, as_rows
from .lines import BEYOND, beyond

ROUTES = (
    "The lower CUSUM is drawn downwards here, as a positive arm in the cases; a V-mask is laid on the third panel.",
    "k and h in the unit of the data (NIST): a CUSUM with a known sigma of 1.",
)


def check(c: Comparison) -> None:
    """By the chart that the case's name begins with."""
    kind = c.case.id.split("-")[0]
    if kind not in ("ewma", "cusum"):
        raise LookupError(c.case.id)
    x, options = _points(c)
    if "statistics" in c.case.expected:
        plain = control_chart(x, "xbar-r" if x.ndim == 2 else "i-mr")
        c.numbers("statistics", plain.panels[0].value[: len(c.wanted("statistics"))])
    (_ewma if kind == "ewma" else _cusum)(c, x, options)


def _points(c: Comparison) -> tuple[Floats, dict[str, Any]]:
    """The points of a case, new ones after the old, and what is known of them."""
    data, params = c.case.data, c.case.params
    key = "subgroups" if "subgroups" in data else "x"
    old = data[key]
    rows = [*old, *data["new"][key]] if "new" in data else old
    options: dict[str, Any] = {"rules": BEYOND, "baseline": len(old) if "new" in data else None}
    for name in ("center", "sigma"):
        # cases of handbooks have no estimate: what they name is known
        if name in params and params.get(f"{name}_given", True):
            options[name] = float(params[name])
    return (as_rows(rows) if key == "subgroups" else np.array(rows, dtype=np.float64)), options


def _ewma(c: Comparison, x: Floats, options: dict[str, Any]) -> None:
    weight, nsigma = c.case.params["lambda"], c.case.params["L"]
    chart = control_chart(x, EWMA(weight=weight), nsigma=nsigma, **options)
    part, expected = chart.panels[0], c.case.expected
    c.numbers("ewma", part.value)
    for key, got in (
        ("center", part.center), ("sigma", chart.sigma), ("lcl", part.lower), ("ucl", part.upper),
        ("printed_ewma", np.round(part.value, 2)),
    ):  # fmt: skip
        if key in expected:
            c.numbers(key, got)
    if "signals" in expected:
        c.points("signals", beyond(chart, 0))
    if "ucl_steady" in expected:
        settled = control_chart(x, EWMA(weight=weight, limits="asymptotic"), nsigma=nsigma, **options).panels[0]
        c.numbers("lcl_steady", settled.lower)
        c.numbers("ucl_steady", settled.upper)


def _cusum(c: Comparison, x: Floats, options: dict[str, Any]) -> None:
    params, expected = c.case.params, c.case.expected
    design = CUSUM(reference=params["k"], decision=params["h"], head_start=params.get("head_start", 0.0))
    if params.get("units") == "data":
        options["sigma"] = 1.0
    chart = control_chart(x, design, **options)
    upper, lower, plain = chart.panels
    c.numbers("cusum_pos", upper.value)
    c.numbers("cusum_neg", -lower.value)
    c.points("signals_upper", beyond(chart, 0))
    c.points("signals_lower", beyond(chart, 1))
    if "v_mask_cusum" in expected:
        c.numbers("v_mask_cusum", plain.value)
    if "center" in expected:
        held = chart.stages[0]
        c.numbers("sigma", held.sigma)
        # the sums are standardised: the centre in the unit of the data is that of the plain chart
        c.numbers(
            "center", options.get("center", control_chart(x, "xbar-r" if x.ndim == 2 else "i-mr").panels[0].center)
        )
