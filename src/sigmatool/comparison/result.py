"""What a comparison returns: the stages, what differs between them, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ..result import Result, columns_told
from .against_frozen import OnLimits
from .asked import ScaleName
from .equivalence import Equivalence
from .finding import Finding
from .pairing import Paired
from .several import Overall
from .stages import Compared
from .summaries import StageSummary

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison(Result):
    """What differs between two or more stages or groups.

    Attributes
    ----------
    metric : str
    scale : {"continuous", "duration", "proportion", "rate"}
    confidence : float
        Of every interval; of several pairs together where they are adjusted.
    better : {"lower", "higher", "target"} or None
    stages : tuple of StageSummary
    level, spread, proportion, rate, capability, effect_size : tuple of Finding
        What differs, in the metric's own unit; the first leads, the others stand beside it. Of more than two the pair
        that differs most. Empty where the question does not arise.
    overall : tuple of Overall
        Of more than two: whether anything differs at all.
    against_first : tuple of Finding
        Of more than two: each against the first.
    pairs, pairs_beside : tuple of Finding
        Of more than two: every pair, adjusted for their number, by the account that leads and by the other one.
    equivalence : tuple of Equivalence
        Held against the smallest worthwhile effect, where one was given.
    paired : Paired or None
    frozen : OnLimits or None
        Every stage on frozen limits, where they were given.
    """

    schema: ClassVar[str] = "sigmatool.comparison/1"
    verb: ClassVar[str] = "compare"

    metric: str
    scale: ScaleName
    confidence: float
    better: str | None
    title: str
    stages: tuple[StageSummary, ...]
    level: tuple[Finding, ...] = ()
    spread: tuple[Finding, ...] = ()
    proportion: tuple[Finding, ...] = ()
    rate: tuple[Finding, ...] = ()
    capability: tuple[Finding, ...] = ()
    effect_size: tuple[Finding, ...] = ()
    overall: tuple[Overall, ...] = ()
    against_first: tuple[Finding, ...] = ()
    pairs: tuple[Finding, ...] = ()
    pairs_beside: tuple[Finding, ...] = ()
    equivalence: tuple[Equivalence, ...] = ()
    paired: Paired | None = None
    frozen: OnLimits | None = None
    compared: Compared = field(repr=False, compare=False)

    @property
    def main(self) -> Finding:
        """The finding that answers first: what the level, the proportion or the rate did."""
        return (self.level or self.proportion or self.rate)[0]

    @property
    def several(self) -> bool:
        """More than two are compared."""
        return len(self.stages) > 2

    @property
    def percent(self) -> bool:
        """The level is a share, told in percent."""
        return self.scale == "proportion"

    @property
    def headline(self) -> str:
        from .sentences import headline

        return headline(self)

    @property
    def words(self) -> frozenset[str]:
        """The words by which ``--fail-on`` can name the result."""
        found = {"DIFFERS"} if self.main.clear else {"NOT-SHOWN"}
        direction = self.direction(self.main)
        found |= {direction.upper()} if direction is not None else set()
        return frozenset(found | {e.answer.upper().replace(" ", "-") for e in self.equivalence})

    def direction(self, finding: Finding) -> str | None:
        """Which way a clear change of level went: better, worse, or None where that is open or was not asked."""
        if self.better is None or not finding.clear or finding.question not in ("level", "proportion", "rate"):
            return None
        if self.better == "target":
            target = float(self.settings["target"])
            gain = abs(finding.before - target) - abs(finding.after - target)
            return "better" if gain > 0 else "worse" if gain < 0 else None
        fell = finding.tested.value < (1.0 if finding.kind == "ratio" else 0.0)
        return "better" if fell == (self.better == "lower") else "worse"

    def to_frame(self) -> pd.DataFrame:
        """One row a point: where it stands, its stage or group, and its value or its counts."""
        import pandas as pd

        c = self.compared
        axis = c.points.axis
        name = axis.name if axis.name not in ("point", "stage") else "label"
        names = [g.name for g in c.groups]
        table: dict[str, Any] = {
            "point": range(1, c.points.n + 1),
            name: list(axis.labels),
            "stage": [names[i] if i >= 0 else None for i in c.group_of.tolist()],
        }
        table.update(c.columns())
        return pd.DataFrame(table)

    def figure(self) -> Figure:
        """Every stage on one scale: its points, its level with its interval."""
        from .picture import figure

        return figure(self)

    def document(self) -> Document:
        from .report import document

        return document(self)

    def _led(self, findings: Sequence[Finding]) -> dict[str, Any] | None:
        if not findings:
            return None
        told = findings[0].as_dict()
        if self.better is not None:
            told["direction"] = self.direction(findings[0])
        return {**told, "beside": [f.as_dict() for f in findings[1:]]}

    def body(self) -> dict[str, Any]:
        return {
            "metric": self.metric,
            "scale": self.scale,
            "confidence": self.confidence,
            "headline": self.headline,
            "stages": [asdict(stage) for stage in self.stages],
            "level": self._led(self.level),
            "spread": self._led(self.spread),
            "proportion": self._led(self.proportion),
            "rate": self._led(self.rate),
            "capability": self._led(self.capability),
            "effect_size": self._led(self.effect_size),
            "equivalence": [asdict(e) for e in self.equivalence],
            "tests": [test.as_dict() for test in self.overall],
            "against_first": [{"question": f.question, **f.as_dict()} for f in self.against_first],
            "pairs": [f.as_dict() for f in self.pairs],
            "pairs_beside": [f.as_dict() for f in self.pairs_beside],
            "paired": None if self.paired is None else asdict(self.paired),
            "frozen": None if self.frozen is None else asdict(self.frozen),
            "points": columns_told(self.to_frame()),
        }
