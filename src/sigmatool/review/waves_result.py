"""What a rollout in waves returns: one verdict, an increment a site, and everything that led to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ..numbers.scales import Effect, ScaleName
from ..render.document import Tone
from ..result import Result
from .decision import Decision
from .result import Check, EvidenceRow
from .waves_case import WavesCase
from .waves_evidence import WavesEvidence
from .why import Why

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

Finding = Literal["better", "worse", "not shown", "control", "no own increment"]


@dataclass(frozen=True, slots=True)
class Increment:
    """A change in the metric's own unit (a ratio beside it for durations) with its 95 % interval."""

    difference: float
    low: float
    high: float
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None


@dataclass(frozen=True, slots=True)
class SiteResult:
    """One site: when it went live (None: never), its judged points, and its own increment.

    ``p_better`` is one-sided; ``steady_after`` is None where the stretch is too short to be judged.
    """

    name: str
    go_live: str | None
    n_before: int
    n_after: int
    level_before: float | None
    increment: Increment | None
    p_better: float | None
    finding: Finding
    steady_after: bool | None

    def row(self) -> dict[str, Any]:
        """One row of a table."""
        own = self.increment
        return {
            "site": self.name, "go_live": self.go_live, "n_before": self.n_before, "n_after": self.n_after,
            "level_before": self.level_before, "change": None if own is None else own.difference,
            "low": None if own is None else own.low, "high": None if own is None else own.high,
            "ratio": None if own is None else own.ratio, "p_better": self.p_better, "finding": self.finding,
            "steady_after": self.steady_after,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DoseResult:
    """The effect of full adoption, and whether adoption says more than being live (one-sided p)."""

    full: Increment
    p_better: float
    p_beyond_step: float | None
    p_step_beyond_dose: float | None
    finding: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Waves(Result):
    """A rollout in waves, judged.

    Attributes
    ----------
    decision : Decision
        The code of the verdict, what it says of the cause, and the path through the table.
    effect : Effect
        Mean effect of a go-live, in the metric's own unit; the interval includes that sites differ.
    sites : tuple of SiteResult
        In order of their go-live.
    shifts : tuple of int
        Common shifts of the go-lives, in periods (``step_name``), that hold 95 % probability.
    beyond_trends : Increment or None
        The step beyond a trend of each site's own; None where it cannot be told.
    differ : str
        What can be said about differences between sites.
    dose : DoseResult or None
        Where a column of adoption was given.
    findings : WavesEvidence
        The numbers that the table reads; ``evidence`` puts them in rows.
    """

    schema: ClassVar[str] = "sigmatool.waves/1"
    verb: ClassVar[str] = "review-waves"

    metric: str
    better: Literal["lower", "higher"]
    scale: ScaleName
    decision: Decision
    effect: Effect
    sites: tuple[SiteResult, ...]
    shifts: tuple[int, ...]
    step_name: str
    beyond_trends: Increment | None
    differ: str
    dose: DoseResult | None
    findings: WavesEvidence
    case: WavesCase
    title: str

    @property
    def verdict(self) -> str:
        return self.decision.code

    @property
    def attribution(self) -> str:
        """Whether the change is the rollout's: demonstrated, refuted, not asked."""
        return self.decision.attribution

    @property
    def controls(self) -> tuple[str, ...]:
        """Sites that never went live."""
        return tuple(s.name for s in self.sites if s.go_live is None)

    @property
    def headline(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """The verdict for the people in the review."""
        from .waves_wording import sentence

        return sentence(self)

    @property
    def next_action(self) -> str:
        from .waves_wording import next_action

        return next_action(self)

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """Short additions that bound the verdict."""
        from .waves_wording import qualifiers

        return qualifiers(self)

    @property
    def evidence(self) -> tuple[EvidenceRow, ...]:
        """E1 to E8 as a table, asked of all sites together."""
        from .waves_wording import evidence_rows

        return evidence_rows(self)

    @property
    def answers(self) -> tuple[tuple[str, str, Tone], ...]:
        """Better, because of the rollout, steady, alike at all sites: each with its detail and tone."""
        from .waves_wording import answers

        return answers(self)

    @property
    def report_card(self) -> tuple[Check, ...]:
        """What the verdict takes for granted."""
        from .waves_card import report_card

        return report_card(self)

    def why(self) -> Why:
        """The path through the decision table: each step with its evidence and what would have changed it."""
        from .waves_wording import why

        return why(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a site, in order of the go-lives."""
        import pandas as pd

        return pd.DataFrame([s.row() for s in self.sites])

    def figure(self) -> Figure:
        """What the sites gained, by the time since their own go-live."""
        from .waves_picture import since_go_live

        return since_go_live(self)

    def document(self) -> Document:
        from .waves_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        e, f = self.effect, self.findings
        ratio = None if e.ratio is None else {"value": e.ratio, "low": e.ratio_low, "high": e.ratio_high}
        curve = zip(f.shifts.shift.tolist(), f.shifts.probability.tolist(), strict=True)
        return {
            "verdict": self.verdict,
            "attribution": self.attribution,
            "sentence": self.sentence,
            "next_action": self.next_action,
            "qualifiers": self.qualifiers,
            "metric": self.metric,
            "better": self.better,
            "effect": {
                "value": e.difference, "low": e.difference_low, "high": e.difference_high, "ratio": ratio,
                "before": e.before, "after": e.after,
            },
            "sites": [s.row() for s in self.sites],
            "differ": self.differ,
            "dose": None if self.dose is None else asdict(self.dose),
            "why": asdict(self.why()),
            "evidence": [asdict(row) for row in self.evidence],
            "date": {
                "unit": self.step_name, "shifts": self.shifts, "includes_go_live": f.shifts.includes_rollout,
                "curve": [{"shift": shift, "probability": p} for shift, p in curve],
            },
            "autocorrelation": f.autocorrelation,
            "spread_between_sites": f.spread_between,
            "report_card": [asdict(check) for check in self.report_card],
        }  # fmt: skip
