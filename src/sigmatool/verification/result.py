"""What a verification returns: whether a report follows from its data, and where it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ..result import VERSION, Result
from .differences import TOLERANCE, Difference

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

State = Literal["same", "other", "not recorded", "not compared"]


@dataclass(frozen=True, slots=True)
class Hash:
    """One hash: ``of`` what, as the report gives it, and as it is found."""

    of: str
    recorded: str | None
    found: str | None
    state: State


@dataclass(frozen=True, kw_only=True, repr=False)
class Verification(Result):
    """A report held against what its data give.

    Attributes
    ----------
    report : str
        Name of its file.
    of : str
        Schema of the JSON, or the suffix of a page.
    command : str
        What was run again.
    numbers, words : int
        Compared; of a page, words are its texts and marks.
    farthest : float
        The largest relative difference of two numbers that count as equal.
    parts : mapping
        Values compared, by key of the JSON or section of the page.
    differences : tuple of Difference
    new : tuple of str
        Paths that only this version of sigmatool knows; not held against a report of another one.
    hashes : tuple of Hash
        Of the values used, and of the file.
    made_by : str or None
        The version that made the report.
    refusal : str
        Why the analysis could not be made again at all; "" where it could.
    """

    schema: ClassVar[str] = "sigmatool.verification/1"
    verb: ClassVar[str] = "verify"

    report: str
    of: str
    command: str
    numbers: int
    words: int
    farthest: float
    parts: Mapping[str, int]
    differences: tuple[Difference, ...]
    new: tuple[str, ...]
    hashes: tuple[Hash, ...]
    made_by: str | None
    refusal: str
    title: str

    @property
    def agrees(self) -> bool:
        """Everything came out again."""
        return not self.differences and not self.refusal

    @property
    def page(self) -> bool:
        """The report is a page, not JSON."""
        return self.of.startswith(".")

    @property
    def compared(self) -> int:
        return self.numbers + self.words

    @property
    def data_state(self) -> State:
        """Whether the values used are those of the report, by their hash."""
        return self.hashes[0].state

    @property
    def differing(self) -> dict[str, int]:
        """Differences by part."""
        return dict(Counter(d.part for d in self.differences))

    @property
    def headline(self) -> str:
        from .words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a difference: its path, what the report says, what the data give."""
        import pandas as pd

        return pd.DataFrame([asdict(d) for d in self.differences], columns=["part", "path", "was", "now"])

    def figure(self) -> Figure:
        """Where the differences lie; without any, what was compared."""
        from .report import figure

        return figure(self)

    def document(self) -> Document:
        from .report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "agrees": self.agrees,
            "report": self.report,
            "of": self.of,
            "ran": self.command,
            "compared": {"numbers": self.numbers, "words": self.words, "total": self.compared},
            "tolerance": TOLERANCE,
            "farthest": self.farthest,
            "parts": [
                {"part": part, "compared": n, "differing": self.differing.get(part, 0)}
                for part, n in {**dict.fromkeys(self.differing, 0), **self.parts}.items()
            ],
            "differences": [asdict(d) for d in self.differences],
            "new": list(self.new),
            "hashes": [asdict(h) for h in self.hashes],
            "made_by": self.made_by,
            "made_again_by": VERSION,
            "refusal": self.refusal or None,
        }
