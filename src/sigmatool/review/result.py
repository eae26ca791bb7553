"""What a review returns: the verdict with everything that led to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ..charts.result import ControlChart
from ..numbers.performance import Performance
from ..numbers.performance_skewed import SkewedChange
from ..numbers.scales import Effect, ScaleName
from ..render.document import Tone
from ..result import Result
from .evidence import Evidence
from .guards import GuardResult

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

Better = Literal["lower", "higher", "target"]
Scale = Literal["auto", "continuous", "duration", "proportion", "rate"]


@dataclass(frozen=True, slots=True)
class Check:
    """One assumption: how it was checked, what came out, what it would cost, what to do."""

    check: str
    result: str
    consequence: str
    action: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Requirement:
    """Does the stage after meet what was required?"""

    answer: str
    detail: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One question of the method with its answer. ``p`` is one-sided, ``level`` what it is held against."""

    id: str
    question: str
    estimate: float | None
    low: float | None
    high: float | None
    p: float | None
    level: float | None
    finding: str


@dataclass(frozen=True, slots=True)
class ChangeDate:
    """When the level moved, in the labels of the time axis. ``set`` holds the dates of 95 % probability."""

    rollout: str
    set: tuple[str, ...]
    probability_at_rollout: float | None
    includes_rollout: bool | None


@dataclass(frozen=True, slots=True)
class CapabilityChange:
    """Performance against the specification before and after, and the difference with its interval.

    ``skewed``: the same on a near-normal scale, where the values are skewed or heavy-tailed and that scale was found.
    """

    before: Performance
    after: Performance
    difference: float
    low: float
    high: float
    skewed: SkewedChange | None = None


@dataclass(frozen=True, slots=True)
class ControlResult:
    """What the untouched series did over the same points."""

    name: str
    before: float
    after: float
    difference: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Review(Result):
    """The verdict on one rollout.

    Attributes
    ----------
    verdict, attribution : str
        The code, and whether the change is the rollout's: demonstrated, open, refuted, not asked.
    sentence, next_action : str
        For the people in the review.
    qualifiers : tuple of str
    effect : Effect or None
        Change of level in the metric's own unit and as a ratio, with 95 % intervals.
    evidence : tuple of EvidenceRow
        E1 to E9.
    date : ChangeDate
    charts : tuple of ControlChart
        Staged; and the points after on the frozen limits of those before.
    guards : tuple of GuardResult
    report_card : tuple of Check
    """

    schema: ClassVar[str] = "sigmatool.review/1"
    verb: ClassVar[str] = "review"

    verdict: str
    attribution: str
    sentence: str
    next_action: str
    qualifiers: tuple[str, ...]
    metric: str
    unit: str
    scale: ScaleName
    better: Better
    effect: Effect | None
    evidence: tuple[EvidenceRow, ...]
    date: ChangeDate
    autocorrelation: float | None
    points_needed: int
    charts: tuple[ControlChart, ...]
    capability: CapabilityChange | None
    guards: tuple[GuardResult, ...]
    control: ControlResult | None
    report_card: tuple[Check, ...]
    requirement: Requirement
    answers: tuple[tuple[str, str, Tone], ...]
    title: str
    n_before: int
    n_after: int
    findings: Evidence | None
    date_curve: tuple[tuple[str, float], ...]

    @property
    def headline(self) -> str:
        return self.sentence

    @property
    def error_rates(self) -> None:
        """How often such a verdict is wrong; None until the study's table ships."""
        return

    def to_frame(self) -> pd.DataFrame:
        """The points with their stage, limits and signals (those of the staged chart)."""
        return self.charts[0].to_frame()

    def figure(self) -> Figure:
        """The staged chart of the location."""
        return self.charts[0].figure(panels=1)

    def document(self) -> Document:
        from .report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        change = None
        if self.effect is not None:
            e = self.effect
            ratio = None if e.ratio is None else {"value": e.ratio, "low": e.ratio_low, "high": e.ratio_high}
            change = {
                "value": e.difference,
                "low": e.difference_low,
                "high": e.difference_high,
                "unit": self.unit,
                "relative": None if e.ratio is None else e.ratio - 1,
                "ratio": ratio,
                "before": e.before,
                "after": e.after,
            }
        capability = None
        if self.capability is not None:
            c = self.capability
            capability = {
                "before": asdict(c.before),
                "after": asdict(c.after),
                "difference": {"value": c.difference, "low": c.low, "high": c.high},
                "skewed": None if c.skewed is None else asdict(c.skewed),
            }
        return {
            "verdict": self.verdict,
            "attribution": self.attribution,
            "sentence": self.sentence,
            "next_action": self.next_action,
            "qualifiers": self.qualifiers,
            "effect": change,
            "evidence": [asdict(row) for row in self.evidence],
            "date": asdict(self.date),
            "autocorrelation": self.autocorrelation,
            "points_needed": self.points_needed,
            "error_rates": self.error_rates,
            "stages": [asdict(stage) for stage in self.charts[0].stages],
            "charts": [chart.to_dict() for chart in self.charts],
            "capability": capability,
            "guards": [asdict(guard) for guard in self.guards],
            "control": None if self.control is None else asdict(self.control),
            "requirement": asdict(self.requirement),
            "report_card": [asdict(check) for check in self.report_card],
        }
