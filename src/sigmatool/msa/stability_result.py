"""What a stability study says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..charts.result import ControlChart
from ..numbers.estimate import Estimate, Tested
from ..numbers.gage_error import Linearity
from ..result import Result, columns_told

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, kw_only=True, repr=False)
class GageStability(Result):
    """The chart of a master over time.

    Attributes
    ----------
    title : str
    chart : ControlChart
    reference : float or None
    fit : Linearity or None
        The line of drift; None where the readings are all equal.
    reach : float
        From the first point to the last, on the axis of the chart.
    bias : Tested or None
    """

    schema: ClassVar[str] = "sigmatool.stability/1"
    verb: ClassVar[str] = "msa stability"

    title: str
    chart: ControlChart = field(repr=False, compare=False)
    reference: float | None
    fit: Linearity | None
    reach: float
    bias: Tested | None
    confidence: float

    @property
    def stable(self) -> bool:
        """No rule fired."""
        return self.chart.in_control

    @property
    def metric(self) -> str:
        return self.chart.metric

    @property
    def step(self) -> str:
        """What drift is told by."""
        return {"time": "day", "number": self.chart.axis.name, "order": "point"}[self.chart.axis.kind]

    @property
    def total_drift(self) -> Estimate:
        """Slope times the time from the first point to the last; NaN where there is no line."""
        if self.fit is None:
            return Estimate(np.nan, np.nan, np.nan, "no scatter")
        s = self.fit.slope
        return Estimate(s.value * self.reach, s.low * self.reach, s.high * self.reach, "least squares")

    @property
    def headline(self) -> str:
        from .stability_report import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a point, as the chart tells it."""
        return self.chart.to_frame()

    def figure(self) -> Figure:
        from .stability_report import picture

        return picture(self)

    def document(self) -> Document:
        from .stability_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        c, last = self.chart, self.chart.stages[-1]
        return {
            "n": last.n, "kind": c.kind, "stable": self.stable, "center": last.center, "sigma": last.sigma,
            "lower": last.lower, "upper": last.upper, "sigma_method": c.sigma_method,
            "signals": [{"rule": s.rule, "point": s.point, "text": s.text} for s in c.signals],
            "drift": None if self.fit is None else {"slope": self.fit.slope, "per": self.step,
                                                    "total": self.total_drift},
            "false_alarm": self._chance(), "reference": self.reference, "bias": self.bias, "reach": self.reach,
            "points": columns_told(self.to_frame()),
        }  # fmt: skip

    def _chance(self) -> dict[str, Any]:
        """What the rules in force would say of a steady gage."""
        f = self.chart.false_alarm
        return {"per_point": f.per_point, "this_chart": f.this_chart, "arl": f.arl, "text": f.text}
