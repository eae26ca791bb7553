"""Checks of the charts of counts and of rare events."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..charts.control_chart import control_chart
from ..charts.rare_events import POWER
from ..designs import IMR, Design, G
from .comparison import Comparison
from .lines import BEYOND, compare_lines, rounded

ROUTES = (
    "Laney charts with d2 = 1.128 (qicharts2): sigma z times exact d2 / 1.128 is given back as a known sigma z. Its "
    "default also screens the moving ranges of the z scores: sigma z is then that of `i-mr(screened=true)` of them.",
    "g charts: non-events between events (Benneyan, qicharts2) are `g`, trials including the event (qcc) "
    "`g(count=including)`; qicharts2 draws the median, `g(center=median)`.",
    "t charts (qicharts2): d2 = 1.128 on the scale of time^(1/3.6), given back as a known sigma.",
)

_LANEY = {"pprime": "laney-p", "uprime": "laney-u"}
_G: dict[str, Design] = {"g-sim": G(), "g-qic": G(center="median"), "g-qcc": G(count="including")}
_ROUNDED = 1.128
"""d2(2) as qicharts2 has it."""


def check(c: Comparison) -> None:
    """By the kind that the case's name begins with."""
    kind = c.case.id.split("-")[0]
    if kind in _LANEY:
        _laney(c, _LANEY[kind])
    elif c.case.id in _G:
        _g(c, _G[c.case.id])
    elif kind == "t":
        _t(c)
    elif kind in ("p", "np", "c", "u"):
        _plain(c, kind)
    else:
        raise LookupError(c.case.id)


def _counts(c: Comparison, kind: str) -> tuple[Any, dict[str, Any]]:
    """The table of a case, and the options that name its columns."""
    import pandas as pd

    count = c.column("count")
    frame = pd.DataFrame({"x": count})
    options: dict[str, Any] = {"value": "x", "nsigma": c.case.params["k"], "rules": BEYOND}
    if kind != "c":
        frame["n"] = np.broadcast_to(c.column("size"), count.shape)
        options["size"] = "n"
    return frame, options


def _plain(c: Comparison, kind: str) -> None:
    frame, options = _counts(c, kind)
    chart = control_chart(frame, kind, **options)
    compare_lines(c, chart)
    # qcc tells the sd of one unit, of p and u charts; of np and c charts that of a point
    part = chart.panels[0]
    c.numbers("sigma", part.sigma * np.sqrt(part.n) if kind in ("p", "u") else part.sigma)


def _laney(c: Comparison, kind: str) -> None:
    frame, options = _counts(c, kind)
    chart = control_chart(frame, kind, **options)
    compare_lines(c, chart)
    c.numbers("sigma_z", chart.sigma)
    c.numbers("sigma_z_d2_1.128", rounded(chart.sigma, _ROUNDED))
    part = chart.panels[0]
    z = (part.value - part.center) * chart.sigma / part.sigma
    kept = control_chart(z, IMR(screened=True)).sigma
    for key, sigma in (("plain", chart.sigma), ("default", kept)):
        drawn = control_chart(frame, kind, sigma=rounded(sigma, _ROUNDED), **options).panels[0]
        c.numbers(f"lcl_qicharts2_{key}", drawn.lower)
        c.numbers(f"ucl_qicharts2_{key}", drawn.upper)


def _g(c: Comparison, kind: Design) -> None:
    x = c.column("count" if "count" in c.case.data else "x")
    chart = control_chart(x, kind, nsigma=c.case.params["k"], rules=BEYOND)
    compare_lines(c, chart)
    part = chart.panels[0]
    for key, got in (
        ("sigma", part.sigma), ("p_mle", 1 / (1 + part.center[0])), ("lcl_screened", part.lower),
        ("ucl_screened", part.upper),
    ):  # fmt: skip
        if key in c.case.expected:
            c.numbers(key, got)


def _t(c: Comparison) -> None:
    x, k = c.column("x"), c.case.params["k"]
    screened = control_chart(x ** (1 / POWER), IMR(screened=True)).sigma
    chart = control_chart(x, "t", sigma=rounded(control_chart(x, "t").sigma, _ROUNDED), nsigma=k, rules=BEYOND)
    compare_lines(c, chart)
    drawn = control_chart(x, "t", sigma=rounded(screened, _ROUNDED), nsigma=k).panels[0]
    c.numbers("lcl_screened", drawn.lower)
    c.numbers("ucl_screened", drawn.upper)
