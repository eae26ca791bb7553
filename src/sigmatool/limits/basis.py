"""What the limits of a stage rest on: how many points and values, and how surely their sigma is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..axis import Stage
from ..charts.asked import baseline_of, window_of
from ..charts.catalogue import LANEY_KINDS
from ..designs import IMR
from ..numbers.sigma_dof import dof_individuals, dof_subgroups

if TYPE_CHECKING:
    from ..charts.result import ControlChart, StageLimits

GROUPED = ("xbar-r", "xbar-s")
SINGLE = ("i-mr", "i-mr-rs")
LAWFUL = ("p", "u", "c")
MEASURED = (*SINGLE, *GROUPED)


@dataclass(frozen=True, slots=True)
class Basis:
    """What limits rest on.

    Attributes
    ----------
    used : (n,) array of bool
        Points of the chart that the limits were estimated from.
    total : float or None
        Values, or number inspected or exposure, behind the centre; None where the centre was given.
    dof : float or None
        Of sigma; None where it was given, or follows from the law of the counts.
    spread : float or None
        Standard deviation of the points, of measurements.
    common : int
        Size of the subgroups where it is one and the same, else 0.
    """

    used: NDArray[np.bool_]
    total: float | None
    dof: float | None
    spread: float | None
    common: int

    @property
    def points(self) -> int:
        """How many."""
        return int(self.used.sum())


def basis_of(chart: ControlChart, stage: StageLimits) -> Basis:
    """What the limits of a stage rest on."""
    panel, count = chart.panels[0], len(chart.axis.labels)
    segment = Stage(stage.name, stage.first - 1, stage.last)
    window = window_of(segment, baseline_of(chart.settings["baseline"]), count)
    used = window & ~chart.excluded & np.isfinite(panel.value)
    if chart.kind not in (*MEASURED, *LAWFUL, *LANEY_KINDS):
        return Basis(used, None, None, None, 0)
    sizes = panel.n[used]
    given = chart.settings["center"] is not None
    x = panel.value[used]
    spread = float(x.std(ddof=1)) if chart.kind in MEASURED and x.size > 1 else None
    total = float(x.size if chart.kind in SINGLE else sizes.sum())
    equal = chart.kind in GROUPED and sizes.size > 0 and bool(np.all(sizes == sizes[0]))
    return Basis(used, None if given else total, _dof(chart, used), spread, int(sizes[0]) if equal else 0)


def _dof(chart: ControlChart, used: NDArray[np.bool_]) -> float | None:
    """Degrees of freedom of sigma, where its estimator has any that are known."""
    method, points = chart.sigma_method, int(used.sum())
    design = chart.frozen.kind.design
    if method == "known" or chart.kind in LAWFUL or points < 2:
        return None
    if isinstance(design, IMR) and (design.window != 2 or design.screened):
        return None
    if chart.kind in GROUPED:
        sizes = chart.panels[0].n[used].astype(np.int64)
        return float(sizes.sum() - 1) if method == "overall" else dof_subgroups(sizes, method)
    ranges = int((used[1:] & used[:-1]).sum())
    if method != "overall" and ranges == 0:
        return None
    return dof_individuals(points, "moving-range" if method == "laney" else method, ranges)


def dependence(autocorrelation: float | None, points: int) -> float:
    """The autocorrelation where it is plain beside that of as many independent points, else 0; at most 0.9.

    Examples
    --------
    >>> dependence(0.5, 40), dependence(0.2, 40), dependence(None, 40)
    (0.5, 0.0, 0.0)
    """
    r = autocorrelation or 0.0
    return min(r, 0.9) if points >= 20 and r >= 2 / np.sqrt(points) else 0.0
