"""What a review returns: the verdict with everything that led to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from ..charts.result import ControlChart
from ..control_plan.fields import Plan
from ..numbers.performance import Performance
from ..numbers.performance_skewed import SkewedChange
from ..numbers.scales import Effect, ScaleName
from ..render.document import Tone
from ..result import Result
from .breakdown import Breakdown, breakdown
from .case import Judged
from .context import ContextRow, context
from .decision import CREDITED, Decision
from .error_rates import ErrorRates, error_rates
from .evidence import Case, Evidence
from .guards import GuardResult
from .increments import Increment
from .judging import decided
from .look_words import SINGLE_LOOK
from .looks import AlwaysValid, Looks, always_valid
from .policy import Policy
from .why import WITHIN, Why, more_points, why
from .words import number

if TYPE_CHECKING:
    import pandas as pd

    from ..capability.result import Capability
    from ..render.document import Document
    from ..render.figure import Figure
    from .adoption import AdoptionFound
    from .benefit import Benefit
    from .gauge import GaugeFound
    from .handover import Handover
    from .metrics import MetricResult
    from .stage_numbers import StageNumbers

Floats = NDArray[np.float64]
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
    ``values``: those of each stage that were judged, in order.
    """

    before: Performance
    after: Performance
    difference: float
    low: float
    high: float
    skewed: SkewedChange | None = None
    values: tuple[Floats, Floats] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ControlResult:
    """What the untouched series did over the same points; ``parts`` holds each of several."""

    name: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    parts: tuple[ControlResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Departure:
    """A choice that is not the registered one: ``code`` is option, rollout, points, look, baseline, guards, exclusions,
    late or version."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """The registered plan that a review was made by, and how it departs from it."""

    file: str
    sha256: str
    by: str
    at: str
    departures: tuple[Departure, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
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
    increments : tuple of Increment
        Where there were several rollouts: what each changed, in order of time, and last all of them together.
    metrics : tuple of MetricResult
        Secondary metrics, each with its own verdict; claims adjusted for their number, harm not.
    report_card : tuple of Check
    plan : KeptPlan or None
        The registered plan, with every departure from it.
    gauge, adoption, benefit : GaugeFound, AdoptionFound, Benefit or None
        Beside the verdict, where asked for.
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
    metrics: tuple[MetricResult, ...]
    control: ControlResult | None
    report_card: tuple[Check, ...]
    requirement: Requirement
    answers: tuple[tuple[str, str, Tone], ...]
    title: str
    n_before: int
    n_after: int
    findings: Evidence | None
    judged: Judged
    decision: Decision
    policy: Policy
    looks: Looks | None
    peeked: AlwaysValid | None
    increments: tuple[Increment, ...]
    date_curve: tuple[tuple[str, float], ...]
    plan: KeptPlan | None = None
    control_plan: Plan | None = None
    """The control plan that operations run, where one was given."""
    gauge: GaugeFound | None = None
    adoption: AdoptionFound | None = None
    benefit: Benefit | None = None

    @property
    def case(self) -> Case | None:
        """The judged points on their working scale; None where there are too few."""
        return self.judged.case

    @property
    def headline(self) -> str:
        return self.sentence

    @cached_property
    def error_rates(self) -> ErrorRates | None:
        """How often such a review is wrong, from the study; None where too few points were there to judge."""
        e = self.findings
        if e is None or self.case is None:
            return None
        return error_rates(
            self.verdict, self.verdict in CREDITED, e.n_before, e.n_after, e.autocorrelation, e.worthwhile / e.sd,
            self.scale, self.case.controlled,
        )  # fmt: skip

    @property
    def rate_sentences(self) -> tuple[str, ...]:
        """The error rates in words; of one of several looks, that they are those of a single one."""
        if self.error_rates is None:
            return ()
        if self.looks is None:
            return self.error_rates.sentences
        return (
            *self.error_rates.sentences,
            SINGLE_LOOK,
        )

    def why(self) -> Why:
        """The path through the decision table: each step with its evidence and what would have changed it.

        Examples
        --------
        >>> import sigmatool as st
        >>> births = st.datasets.load("semmelweis")
        >>> r = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")
        >>> print(r.why().steps[1].question, r.why().steps[1].answer)
        Is the level better than before? Yes
        """
        if self.case is None:
            return why(self.decision, "", False, None)
        dates = self.date.set
        span = "no step is seen" if not dates else dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
        more = None
        if self.verdict not in WITHIN:
            more = more_points(self.case, self.verdict, self._verdict_on)
        return why(self.decision, span, self.case.controlled, more)

    def _verdict_on(self, case: Case) -> str:
        """The verdict on a case with more points; a block of low counts stands for as many periods as before."""
        periods = round(self.judged.n_after * int(case.after.sum()) / self.n_after)
        return decided(case, self.looks, periods)[1].code

    @cached_property
    def context(self) -> tuple[ContextRow, ...]:
        """What the usual tests would have said of the same points, and why they differ."""
        if self.case is None or self.findings is None:
            return ()
        return context(self.case, self.findings, self.verdict, self.policy)

    @cached_property
    def breakdown(self) -> Breakdown | None:
        """The trend that would explain the whole change; None with a control, or where no change is seen."""
        e = self.findings
        if self.case is None or e is None or self.case.controlled:
            return None
        return breakdown(self.case, e) if min(e.p_better, e.p_worse) < self.policy.level_alpha(e.fewest) else None

    @property
    def breakdown_text(self) -> str:
        """The trend that would explain it all, in the metric's own unit."""
        if self.breakdown is None:
            return ""
        return self.breakdown.text(self.judged.points.axis.step or "point", self.own_slope, self._amount)

    def own_slope(self, slope: float) -> float:
        """A slope on the working scale, up better, as one of the metric."""
        scale, before = self.judged.scale, self.judged.level_before
        return scale.back(before + slope) - scale.back(before)

    def _amount(self, value: float) -> str:
        return f"{number(100 * value)} points" if self.scale == "proportion" else number(value)

    @cached_property
    def always_valid(self) -> AlwaysValid | None:
        """What holds of the level however often one has looked."""
        # an answer for uncounted looks knows no doubt about the gauge
        if self.case is None or self.findings is None or self.case.doubt is not None:
            return None
        return self.peeked or always_valid(self.case, self.findings)

    @property
    def peeked_change(self) -> tuple[float, float] | None:
        """The change of level that holds however often one has looked, where that decided; in the metric's own unit."""
        if self.peeked is None or not np.isfinite([self.peeked.low, self.peeked.high]).all():
            return None
        scale, before, sign = self.judged.scale, self.judged.level_before, self.judged.sign
        ends = [scale.back(before + sign * end) - scale.back(before) for end in (self.peeked.low, self.peeked.high)]
        return min(ends), max(ends)

    @cached_property
    def after_study(self) -> Capability | None:
        """The stage after as a capability study of its own; None without a specification, or of counts."""
        from .after_study import after_study

        if self.capability is None:
            return None
        asked = self.settings
        return after_study(self.judged, asked["lsl"], asked["usl"], asked["target"])

    @cached_property
    def in_numbers(self) -> tuple[StageNumbers, ...]:
        """Each stage: its judged points, their mean and standard deviation with intervals, their ends.

        Examples
        --------
        >>> import sigmatool as st
        >>> births = st.datasets.load("semmelweis")
        >>> r = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")
        >>> [(s.name, s.n, round(s.mean.value, 3)) for s in r.in_numbers]
        [('before', 76, 0.105), ('after', 22, 0.021)]
        """
        from .stage_numbers import stage_numbers

        return stage_numbers(self.charts[0], self.autocorrelation, self.scale)

    @cached_property
    def handover(self) -> Handover:
        """Whether operations can take over: exit criteria, control plan, reaction plan, and when to review again.

        Examples
        --------
        >>> import sigmatool as st
        >>> births = st.datasets.load("semmelweis")
        >>> r = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")
        >>> r.handover.ready, r.handover.next_review.date
        (True, '1850-11')
        """
        from .handover import handover

        return handover(self)

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
        from .as_json import body

        return body(self)
