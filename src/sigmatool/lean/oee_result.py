"""What a study of equipment effectiveness says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ..numbers.estimate import Estimate
from ..result import Result, columns_told
from .oee_study import FACTORS, Effectiveness
from .yield_study import finding_of

if TYPE_CHECKING:
    import pandas as pd

    from ..charts.result import ControlChart
    from ..render.document import Document
    from ..render.figure import Picture


@dataclass(frozen=True, kw_only=True, repr=False)
class Oee(Result):
    """Overall equipment effectiveness.

    Attributes
    ----------
    title : str
    stages : tuple of Effectiveness
        One, or before and after.
    change : dict of Estimate, or None
        After less before: availability, performance, quality, oee.
    chart : ControlChart or None
        Of the periods' own OEE; None of fewer than two periods in a stage.
    reasons : tuple of str
        Columns of the downtime.
    confidence : float
    """

    schema: ClassVar[str] = "sigmatool.oee/1"
    verb: ClassVar[str] = "lean oee"

    title: str
    stages: tuple[Effectiveness, ...] = field(repr=False, compare=False)
    change: dict[str, Estimate] | None = field(repr=False, compare=False)
    chart: ControlChart | None = field(repr=False, compare=False)
    reasons: tuple[str, ...]
    confidence: float

    @property
    def now(self) -> Effectiveness:
        """The only stage, or the one after."""
        return self.stages[-1]

    @property
    def headline(self) -> str:
        from .oee_words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a loss (of each stage), from planned time down to fully productive time."""
        import pandas as pd

        rows = []
        for stage in self.stages:
            left = stage.planned
            for loss in stage.losses:
                left -= loss.time
                row: dict[str, Any] = {"stage": stage.name} if len(self.stages) > 1 else {}
                rows.append(row | {"loss": loss.name, "factor": loss.kind, "time": loss.time, "share": loss.share,
                                   "left": left, "left_share": left / stage.planned})  # fmt: skip
        return pd.DataFrame(rows)

    def figure(self) -> Picture:
        from .oee_picture import picture

        return picture(self)

    def document(self) -> Document:
        from .oee_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        chart = None if self.chart is None else self.chart.body()
        return {
            "headline": self.headline,
            "stages": [self._told(stage) for stage in self.stages],
            "change": None if self.change is None else {
                factor: {"value": d.value, "low": d.low, "high": d.high, "finding": finding_of(d)}
                for factor, d in self.change.items()
            },
            "losses": columns_told(self.to_frame()),
            "chart": chart,
            "points": None if self.chart is None else columns_told(self.chart.to_frame()),
        }  # fmt: skip

    def _told(self, s: Effectiveness) -> dict[str, Any]:
        return {
            "name": s.name, "periods": s.periods, "planned": s.planned, "run": s.run, "ideal": s.ideal,
            "productive": s.productive, "downtime": s.planned - s.run, "units": s.units, "good": s.good,
            "bad": s.units - s.good, **{factor: getattr(s, factor) for factor in FACTORS},
            "mean_of_ratios": s.mean_of_ratios, "takt": s.takt, "pace": s.pace,
        }  # fmt: skip
