"""The panel of a chart against the names that reference packages give its numbers."""

from __future__ import annotations

import numpy as np

from ..charts.result import ControlChart
from ..numbers.constants import d2
from .comparison import Comparison

BEYOND = "nelson-1"
"""The rule of one point beyond the limits, the only one that these cases list."""


def beyond(chart: ControlChart, panel: int) -> set[int]:
    """Points of a panel that lie beyond its limits."""
    name = chart.panels[panel].name
    return {s.point for s in chart.signals if s.rule == BEYOND and s.panel == name}


def compare_lines(c: Comparison, chart: ControlChart, panel: int = 0, first: int = 1) -> None:
    """Statistic, centre, limits and points beyond them, as far as the case tells them.

    ``first`` is the point that the case's first statistic stands for. A case with new points tells those of the
    baseline apart from them.
    """
    part, expected = chart.panels[panel], c.case.expected
    for key, line in (("center", part.center), ("lcl", part.lower), ("ucl", part.upper)):
        if key in expected:
            c.numbers(key, line[first - 1 :])
    if "statistics" in expected:
        here = part.value[first - 1 :]
        old = len(expected["statistics"])
        c.numbers("statistics", here[:old] if "new_statistics" in expected else here)
        if "new_statistics" in expected:
            c.numbers("new_statistics", here[old:])
    if "beyond_limits" in expected:
        c.points("beyond_limits", {p - first + 1 for p in beyond(chart, panel)})


def rounded(sigma: float, table: float) -> float:
    """The sigma that comes out when d2(2) is taken from a rounded table instead of its definition."""
    return float(np.float64(sigma) * d2(2) / table)
