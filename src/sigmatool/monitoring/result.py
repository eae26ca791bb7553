"""What a run of the monitor says: signals that are new, and where each characteristic stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ..caveats import Caveat
from ..charts.result import ControlChart
from ..ledger import Entry
from ..result import Result
from . import monitor_words as words

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A signal that is told now, with what to do.

    Attributes
    ----------
    number : int
        By which it is acknowledged; no two signals of a state share one.
    label : str
        Of its point.
    value, center, lower, upper : float or None
        At that point of the panel.
    hint, ask, do, owner, sop : str
        From the reaction plan.
    due : str
        UTC, ISO 8601; "" without a deadline.
    again : bool
        An earlier run was cut short before it was known to have told this.
    """

    number: int
    characteristic: str
    label: str
    panel: str
    rule: str
    text: str
    value: float | None
    center: float | None
    lower: float | None
    upper: float | None
    hint: str
    ask: str
    do: str
    owner: str
    due: str
    sop: str
    found_at: str
    again: bool


OF_A_RUN = ("read", "new", "new_missing", "repeated", "before", "dropped", "late", "corrected", "files_known")
"""What a run counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One characteristic after a run.

    Attributes
    ----------
    entry : Entry
        The limits in force.
    chart : ControlChart or None
        All points so far on these limits; None while there is none.
    points, rows_known, missing : int
        Of everything known.
    read, new, new_missing, repeated, before, dropped, late, corrected, files_known : int
        Of this run: rows read, counted for the first time, of those without a value, counted before, before the limits,
        without a time, late (part of the new ones), corrected; and files that were read before as they are.
    signals, open, withdrawn : int
        Signals that stand, those that nobody has acknowledged, and those withdrawn in this run.
    newest : str
        Label of the newest point with a value; ``value``, ``center``, ``lower``, ``upper`` are its own.
    """

    name: str
    entry: Entry
    chart: ControlChart | None = field(repr=False)
    points: int
    rows_known: int
    missing: int
    read: int
    new: int
    new_missing: int
    repeated: int
    before: int
    dropped: int
    late: int
    corrected: int
    files_known: int
    signals: int
    open: int
    withdrawn: int
    newest: str
    value: float | None
    center: float | None
    lower: float | None
    upper: float | None
    data_sha256: str
    caveats: tuple[Caveat, ...] = ()

    def told(self) -> dict[str, Any]:
        """As JSON holds it."""
        left_out = ("entry", "chart", "caveats")
        held = {n: getattr(self, n) for n in self.__slots__ if n not in left_out}
        return held | {"limits": {"entry": self.entry.number, "sha256": self.entry.sha256, "kind": self.entry.kind}}


@dataclass(frozen=True, kw_only=True, repr=False)
class Monitored(Result):
    """A run of the monitor.

    Attributes
    ----------
    plan : str
    at : str
        UTC.
    watched : tuple of Watched
    alarms : tuple of Alarm
        Signals that are told now, in the order in which they were found.
    """

    schema: ClassVar[str] = "sigmatool.monitored/1"
    verb: ClassVar[str] = "monitor"

    plan: str
    at: str
    watched: tuple[Watched, ...]
    alarms: tuple[Alarm, ...]

    @property
    def code(self) -> int:
        """Exit code: 1 where a signal is told, 4 where a characteristic has no point to judge yet, else 0."""
        return 1 if self.alarms else 4 if any(not w.points for w in self.watched) else 0

    @property
    def headline(self) -> str:
        return words.headline(self)

    def to_frame(self) -> pd.DataFrame:
        """The signals told now, one row each."""
        import pandas as pd

        return pd.DataFrame([asdict(a) for a in self.alarms], columns=list(Alarm.__slots__))

    def figure(self) -> Picture:
        from .monitor_report import picture

        return picture(self)

    def document(self) -> Document:
        from .monitor_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "plan": self.plan,
            "at": self.at,
            "code": self.code,
            "watched": [w.told() for w in self.watched],
            "alarms": [asdict(a) for a in self.alarms],
        }
