"""What a study of yields says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ..numbers.estimate import Estimate
from ..result import Result
from .yield_study import Rolled, YieldChange, finding_of

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, kw_only=True, repr=False)
class YieldStudy(Result):
    """Yields of the steps of a process, rolled together.

    Attributes
    ----------
    title : str
    stages : tuple of Rolled
        One, or before and after.
    change : YieldChange or None
        After less before.
    by_defects : bool
        Yields are ``exp(-DPU)``, for only defects are known.
    shift, confidence : float
    """

    schema: ClassVar[str] = "sigmatool.yield/1"
    verb: ClassVar[str] = "lean yield"

    title: str
    stages: tuple[Rolled, ...] = field(repr=False, compare=False)
    change: YieldChange | None = field(repr=False, compare=False)
    by_defects: bool
    shift: float
    confidence: float

    @property
    def now(self) -> Rolled:
        """The only stage, or the one after."""
        return self.stages[-1]

    def sigma_level(self, stage: Rolled) -> Estimate:
        """Process Z with the shift that was asked for."""
        z = stage.z
        return Estimate(
            z.value + self.shift, z.low + self.shift, z.high + self.shift, f"{z.method}; shift {self.shift:g}"
        )

    @property
    def headline(self) -> str:
        from .yield_words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a step (of each stage)."""
        import pandas as pd

        rows = []
        for stage in self.stages:
            for s in stage.steps:
                row: dict[str, Any] = {"stage": stage.name} if len(self.stages) > 1 else {}
                row |= {"step": s.name, "units": s.units, "lost": s.lost, "defects": s.defects, "rework": s.rework,
                        "scrap": s.scrap, "fty": s.first_time.value, "low": s.first_time.low, "high": s.first_time.high,
                        "through": s.through, "loss": s.loss, "loss_share": s.loss_share,
                        "could_be_worst": s.could_be_worst,
                        "dpu": None if s.dpu is None else s.dpu.value,
                        "dpmo": None if s.dpmo is None else s.dpmo.value}  # fmt: skip
                rows.append(row)
        return pd.DataFrame(rows)

    def figure(self) -> Figure:
        from .yield_picture import picture

        return picture(self)

    def document(self) -> Document:
        from .yield_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "basis": "defects" if self.by_defects else "units",
            "stages": [self._told(stage) for stage in self.stages],
            "change": None if self.change is None else {
                "rty": {"difference": self.change.rolled, "finding": finding_of(self.change.rolled)},
                "steps": [{"step": s.name, "difference": d, "finding": finding_of(d)}
                          for s, d in zip(self.now.steps, self.change.steps, strict=True)],
            },
        }  # fmt: skip

    def _told(self, stage: Rolled) -> dict[str, Any]:
        level = self.sigma_level(stage)
        return {
            "name": stage.name, "rty": stage.rolled, "tdpu": stage.loss, "normalised_yield": stage.normalised,
            "final_yield": stage.final, "hidden_factory": stage.hidden, "dpu": stage.dpu, "dpmo": stage.dpmo,
            "process_z": stage.z, "sigma_level": {"shift": self.shift, "value": level.value, "low": level.low,
                                                  "high": level.high, "of": stage.z.method},
            "worst": stage.worst.name, "could_be_worst": [s.name for s in stage.steps if s.could_be_worst],
            "reworked": sum(s.rework or 0.0 for s in stage.steps), "steps": stage.steps,
        }  # fmt: skip
