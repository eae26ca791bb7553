"""Checks of run charts: Anhøj's test of a whole stage."""

from __future__ import annotations

import numpy as np

from ..charts.control_chart import control_chart
from .comparison import Comparison

ROUTES = (
    "Points on the median are skipped (qicharts2): they neither break a run nor count. The limits by the number of "
    "useful points are read from run charts of that many points.",
)


def check(c: Comparison) -> None:
    """The limits of the test by the number of points, and the test of a series."""
    if c.case.id == "limits":
        found = [
            control_chart(np.resize([1.0, -1.0], n), "run", center=0.0).runs[0] for n in c.case.data["n_useful"]
        ]  # fmt: skip
        c.numbers("longest_run_max", [r.longest_max for r in found])
        c.numbers("n_crossings_min", [r.crossings_min for r in found])
        return
    if "x" not in c.case.data:
        raise LookupError(c.case.id)
    chart = control_chart(c.column("x"), "run", baseline=c.case.params.get("freeze_after"))
    (tested,) = chart.runs
    c.numbers("median", chart.panels[0].center)
    c.numbers("n_obs", chart.panels[0].value.size)
    c.numbers("n_useful", tested.useful)
    c.numbers("longest_run", tested.longest)
    c.numbers("longest_run_max", tested.longest_max)
    c.numbers("n_crossings", tested.crossings)
    c.numbers("n_crossings_min", tested.crossings_min)
    c.numbers("signal", not chart.in_control)
