"""Whether limits should be recalculated: the advice, its questions, and the evidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ..charts.result import ControlChart
from ..ledger import Entry
from ..result import Result
from .moved import Moved, moved

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

Word = Literal["keep", "recalculate", "wait", "answer first"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the trade, its answer, what it rests on, and whether that was computed or declared."""

    id: str
    question: str
    answer: str
    detail: str
    source: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Advice(Result):
    """Whether the limits of a ledger should be recalculated.

    Attributes
    ----------
    title, ledger : str
    advice : {"keep", "recalculate", "wait", "answer first"}
    reasons : tuple of str
    questions : tuple of Question
        Changed, cause, wanted, lasting, enough.
    missing : tuple of str
        Answers that a named person has yet to give: ``cause``, ``wanted``, ``by``.
    more_points : int
        That are wanted before limits are worth freezing; 0 where there are enough.
    freeze_command : str
        That would write the new limits; empty unless the advice is to recalculate.
    entry, draft : Entry
        The limits in force, and those that the new points would make, which nobody has frozen.
    centre, sigma : Moved
        What the new points show against the frozen limits, with intervals of ``level``.
    level : float
    points : int
        New ones that were judged.
    beyond : tuple of int
        Those of them (numbers of the chart) that lie beyond the frozen limits.
    beyond_chance, beyond_p : float
        Share that a steady process puts there, and the chance of as many at least.
    beyond_told : str
    changed, lasting : bool or None
        None where that is not known.
    chart : ControlChart
        The points on the frozen limits.
    """

    schema: ClassVar[str] = "sigmatool.limits-advice/1"
    verb: ClassVar[str] = "limits advise"

    title: str
    ledger: str
    advice: Word
    reasons: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    missing: tuple[str, ...]
    more_points: int
    freeze_command: str
    entry: Entry
    draft: Entry
    centre: Moved
    sigma: Moved
    level: float
    points: int
    beyond: tuple[int, ...]
    beyond_chance: float
    beyond_p: float
    beyond_told: str
    changed: bool | None
    lasting: bool | None
    chart: ControlChart = field(repr=False, compare=False)

    @property
    def headline(self) -> str:
        from .advise_words import sentence

        return sentence(self)

    def to_frame(self) -> pd.DataFrame:
        """The points on the frozen limits, one row each."""
        return self.chart.to_frame()

    def figure(self) -> Figure:
        """The points on the frozen limits."""
        return self.chart.figure(panels=1)

    def document(self) -> Document:
        from .advise_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        from .advise_words import next_action

        return {
            "ledger": self.ledger,
            "advice": self.advice,
            "sentence": self.headline,
            "next_action": next_action(self),
            "reasons": self.reasons,
            "questions": [asdict(q) for q in self.questions],
            "missing": self.missing,
            "more_points": self.more_points,
            "freeze_command": self.freeze_command or None,
            "evidence": {
                "points": self.points,
                "confidence": self.level,
                "changed": self.changed,
                "lasting": self.lasting,
                "centre": asdict(self.centre),
                "sigma": asdict(self.sigma),
                "beyond": {
                    "points": self.beyond,
                    "by_chance": self.points * self.beyond_chance,
                    "per_point": self.beyond_chance,
                    "p": self.beyond_p,
                },
            },
            "limits": {m.name: asdict(m) for m in moved(self.entry, self.draft, self.level)},
            "entry": self.entry.told(),
            "draft": {k: v for k, v in self.draft.told().items() if v not in ("", 0, [])},
            "chart": self.chart.to_dict(),
        }
