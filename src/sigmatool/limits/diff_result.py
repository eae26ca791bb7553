"""What two entries of a ledger say differently."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..ledger import Entry
from ..result import Result
from .moved import Changed, Moved

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, kw_only=True, repr=False)
class LimitsDiff(Result):
    """What moved between two entries.

    Attributes
    ----------
    title : str
    ledger : str
        Name of the file.
    before, after : Entry
    moved : tuple of Moved
        Centre, sigma, lower, upper, width.
    changed : tuple of Changed
        What else the entries say differently.
    """

    schema: ClassVar[str] = "sigmatool.limits-diff/1"
    verb: ClassVar[str] = "limits diff"

    title: str
    ledger: str
    before: Entry
    after: Entry
    moved: tuple[Moved, ...]
    changed: tuple[Changed, ...]

    @property
    def headline(self) -> str:
        from .diff_words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a number of the limits: old, new, difference, ratio, the interval and its method."""
        import pandas as pd

        rows = [
            {
                "name": m.name, "old": m.old, "new": m.new, "difference": m.difference, "ratio": m.ratio,
                "low": None if m.interval is None else m.interval.low,
                "high": None if m.interval is None else m.interval.high,
                "method": m.reason if m.interval is None else m.interval.method,
            }
            for m in self.moved
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def figure(self) -> Figure:
        """Old and new centre and limits on one scale."""
        from .diff_report import figure

        return figure(self)

    def document(self) -> Document:
        from .diff_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "ledger": self.ledger,
            "headline": self.headline,
            "confidence": 0.95,
            "moved": {
                m.name: {
                    "old": m.old, "new": m.new, "difference": m.difference,
                    **({} if m.ratio is None else {"ratio": m.ratio}),
                    **({"interval_of": "ratio" if m.name == "sigma" else "difference", "low": m.interval.low,
                        "high": m.interval.high, "method": m.interval.method} if m.interval is not None else {}),
                    **({"no_interval": m.reason} if m.reason else {}),
                }
                for m in self.moved
            },
            "changed": [asdict(c) for c in self.changed],
            "before": self.before.told(),
            "after": self.after.told(),
        }  # fmt: skip
