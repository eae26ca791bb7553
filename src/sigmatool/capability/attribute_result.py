"""What an attribute capability study says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..numbers.defects import MILLION, first_time_yield, process_z
from ..numbers.estimate import Estimate, Tested
from ..numbers.exact_counts import proportion_test, rate_test
from ..points import Counts
from ..result import Result, columns_told
from .attribute_study import Study

if TYPE_CHECKING:
    import pandas as pd

    from ..charts.result import ControlChart
    from ..render.document import Document
    from ..render.figure import Sheet


@dataclass(frozen=True, kw_only=True, repr=False)
class AttributeCapability(Result):
    """Capability of a process whose units are counted.

    Attributes
    ----------
    title, metric : str
    study : Study
        Rate, dispersion, stability, running rate.
    opportunities, target : float or None
    shift, confidence : float
    """

    schema: ClassVar[str] = "sigmatool.capability/1"
    verb: ClassVar[str] = "capability"

    title: str
    metric: str
    points: Counts = field(repr=False, compare=False)
    study: Study = field(repr=False, compare=False)
    opportunities: float | None
    target: float | None
    shift: float
    confidence: float

    @property
    def kind(self) -> str:
        """``binomial`` or ``poisson``."""
        return self.study.kind

    @property
    def n(self) -> int:
        """Points judged."""
        return self.study.n

    @property
    def rate(self) -> Estimate:
        """Proportion defective, or defects per unit, with the interval to speak of."""
        return self.study.rate

    @property
    def stable(self) -> bool | None:
        """Whether the points are one process; None where they are too few to say."""
        return self.study.stability.stable

    @property
    def chart(self) -> ControlChart:
        """The control chart of the points."""
        return self.study.chart

    @property
    def failing(self) -> Estimate:
        """The share that process Z stands for: of units defective, of opportunities used, or of units with a defect."""
        if self.kind == "binomial":
            return self.rate
        if self.opportunities is not None:
            opportunities = self.opportunities
            return self._of(lambda rate: rate / opportunities, "DPO")
        return self._of(lambda rate: -np.expm1(-rate), "1 - exp(-DPU)")

    @property
    def dpo(self) -> Estimate | None:
        """Defects per opportunity; None where opportunities were not given."""
        if self.kind == "binomial":
            return self.rate
        return None if self.opportunities is None else self.failing

    @property
    def ppm(self) -> Estimate:
        """Defective units, or defects, per million units."""
        return self._of(lambda rate: MILLION * rate, "per million units")

    @property
    def yielded(self) -> Estimate:
        """Share of units without a defect: ``1 - p``, or ``exp(-DPU)`` where defects fall at random."""
        if self.kind == "binomial":
            return self._of(lambda rate: 1 - rate, "1 - p")
        return self._of(lambda rate: float(first_time_yield(rate)), "exp(-DPU)")

    @property
    def process_z(self) -> Estimate:
        """Process Z of the share that fails; without a value where nothing or everything failed."""
        failing = self.failing
        value, low, high = (float(process_z(p)) for p in (failing.value, failing.high, failing.low))
        return Estimate(value, low, high, "standard normal quantile of the share that fails")

    @property
    def sigma_level(self) -> Estimate | None:
        """Process Z with the shift that was asked for; None without one."""
        if self.shift == 0:
            return None
        z = self.process_z
        return Estimate(
            z.value + self.shift, z.low + self.shift, z.high + self.shift, f"process Z + {self.shift:g} (convention)"
        )

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target, or while the interval holds it."""
        if self.target is None or self.rate.low <= self.target < self.rate.high:
            return None
        return self.rate.high <= self.target

    @property
    def against_target(self) -> Tested | None:
        """The rate against its target, with the units that tell as much as independent ones."""
        if self.target is None:
            return None
        wide = self.study.widened
        worth = 1.0 if wide is None else wide.effective / self.study.inspected
        test = proportion_test if self.kind == "binomial" else rate_test
        found = test(self.study.counted * worth, self.study.inspected * worth, self.target, self.confidence)
        return found if wide is None else replace(found, method=f"{found.method}; on the effective number of units")

    @property
    def headline(self) -> str:
        from .attribute_words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a point that was judged: count, size, rate, and the running rate with its interval."""
        import pandas as pd

        run = self.study.running
        count, size = self.points.count[run.at], self.points.size[run.at]
        return pd.DataFrame(
            {
                "point": run.at + 1, "label": [self.points.axis.labels[i] for i in run.at],
                "count": count, "size": size,
                "rate": count / size, "inspected": run.inspected, "running": run.rate, "low": run.low, "high": run.high,
            }
        )  # fmt: skip

    def figure(self) -> Sheet:
        from .attribute_picture import sheet

        return sheet(self)

    def document(self) -> Document:
        from .attribute_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        s = self.study
        run, tested, level = s.running, self.against_target, self.sigma_level
        return {
            "n": self.n,
            "inspected": s.inspected,
            "counted": s.counted,
            "distribution": {"name": self.kind},
            "proportion" if self.kind == "binomial" else "dpu": s.rate,
            "exact": s.exact,
            "widened": s.widened,
            "dispersion": {"ratio": s.dispersion.ratio, "p": s.dispersion.p,
                           "beyond_chance": s.dispersion.beyond_chance},
            "dpo": self.dpo,
            "dpmo": None if self.dpo is None else self.dpo.value * MILLION,
            "ppm": self.ppm,
            "yield": self.yielded,
            "process_z": self.process_z,
            "sigma_level": None if level is None else {"shift": self.shift, "value": level.value, "low": level.low,
                                                       "high": level.high},
            "stable": self.stable,
            "stability": s.stability,
            "enough": s.enough,
            "target": None if tested is None else {"value": self.target, "met": self.met, "difference": tested.value,
                                                   "low": tested.low, "high": tested.high, "p": tested.p},
            "running": {"point": run.at + 1, "inspected": run.inspected, "rate": run.rate, "low": run.low,
                        "high": run.high},
            "points": columns_told(self.chart.to_frame()),
        }  # fmt: skip

    def _of(self, of: Callable[[float], float], method: str) -> Estimate:
        """The rate told otherwise, with its interval in order."""
        value, one, other = (float(of(v)) for v in (self.rate.value, self.rate.low, self.rate.high))
        return Estimate(value, min(one, other), max(one, other), method)
