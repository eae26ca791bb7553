"""The control chart that belongs to a capability study: the same points and the same sigma."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.engine import chart_points
from ..charts.result import ControlChart

if TYPE_CHECKING:
    from .result import Capability


def chart_of(found: Capability) -> ControlChart:
    """Single values: I-MR; subgroups: Xbar with ranges where sigma comes from them, else with standard deviations."""
    frozen, sigma = found.asked.frozen, found.asked.sigma
    if found.points.values.shape[1] > 1:
        sigma = found.sigma_method if sigma is None else sigma
        kind = "xbar-r" if sigma in ("rbar", "rbar-weighted") else "xbar-s"
    else:
        kind = "i-mr"
    if frozen is None:
        return chart_points(found.points, kind, sigma=sigma)
    return chart_points(found.points, kind, sigma=frozen.sigma, center=frozen.center, nsigma=frozen.nsigma)
