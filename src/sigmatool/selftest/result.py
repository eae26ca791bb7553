"""What a self-test says: how many cases pass, how many numbers were compared, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..render.document import Document, Facts, Paragraph, Section, Table
from ..render.figure import Figure, Panel, Points
from ..result import Result
from .cases import Case
from .comparison import Comparison, Failure

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("area", "cases", "passed", "numbers", "largest error", "of tolerance", "sources")
"""``largest error`` is relative; ``of tolerance`` the largest share of what a case allows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case after its check.

    Attributes
    ----------
    case : Case
    compared : int
        Expected numbers that were compared; an empty list of points counts as one statement.
    relative_error : float
        The largest, over expected numbers that are not zero.
    tolerance_used : float
        The largest share of the allowed difference; above 1 the case fails.
    failures : tuple of Failure
    """

    case: Case
    compared: int
    relative_error: float
    tolerance_used: float
    failures: tuple[Failure, ...]

    @classmethod
    def of(cls, done: Comparison) -> Outcome:
        """What a finished comparison came to."""
        return cls(done.case, done.compared, done.relative_error, done.tolerance_used, tuple(done.failures))

    @property
    def passed(self) -> bool:
        """Everything that the case expects was compared and agrees."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Area:
    """The cases of an area together."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> int:
        return sum(o.passed for o in self.outcomes)

    @property
    def compared(self) -> int:
        return sum(o.compared for o in self.outcomes)

    @property
    def relative_error(self) -> float:
        return max((o.relative_error for o in self.outcomes), default=0.0)

    @property
    def tolerance_used(self) -> float:
        return max((o.tolerance_used for o in self.outcomes), default=0.0)

    @property
    def origins(self) -> tuple[str, ...]:
        """Sources of the cases, in alphabetical order."""
        return tuple(sorted({name for o in self.outcomes for name in o.case.origins}))

    def row(self) -> tuple[str, int, int, int, str, str, str]:
        """The row of a table under :data:`COLUMNS`."""
        share = 100 * self.tolerance_used
        return (
            self.name, len(self.outcomes), self.passed, self.compared,
            f"{self.relative_error:.0e}" if self.relative_error else "0",
            f"{share:.1g} %" if share < 1 else f"{share:.0f} %", ", ".join(self.origins),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, repr=False)
class SelfTest(Result):
    """The reference cases, run on this installation.

    Attributes
    ----------
    outcomes : tuple of Outcome
        One a case, in the order of the areas. ``rows`` counts cases here: read, and used (compared).
    """

    schema: ClassVar[str] = "sigmatool.selftest/1"
    verb: ClassVar[str] = "selftest"

    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Cases that do not agree, or that no check covers."""
        return tuple(o for o in self.outcomes if not o.passed)

    @property
    def passed(self) -> bool:
        """Every case agrees."""
        return not self.failed

    @property
    def areas(self) -> tuple[Area, ...]:
        """The outcomes by area."""
        return by_area(self.outcomes)

    @property
    def headline(self) -> str:
        cases, numbers = len(self.outcomes), sum(o.compared for o in self.outcomes)
        if self.passed:
            return f"All {cases} reference cases pass: {numbers:,} numbers agree at the tolerances the cases state."
        return f"{len(self.failed)} of {cases} reference cases fail."

    def to_frame(self) -> pd.DataFrame:
        """One row a case."""
        import pandas as pd

        return pd.DataFrame([_row(o) for o in self.outcomes])

    def figure(self) -> Figure:
        """Decimal digits that agree in each case."""
        error = np.array([max(o.relative_error, 1e-16) for o in self.outcomes])
        digits = -np.log10(error)
        labels = tuple(f"{o.case.id}: {d:.1f} digits" for o, d in zip(self.outcomes, digits, strict=True))
        marks = (Points(np.arange(1.0, digits.size + 1), digits, "data", labels),)
        told = "Decimal digits in which each case agrees with its reference; 16 stands for equal."
        return Figure((Panel(marks, "digits that agree"),), "case", told, legend=False)

    def document(self) -> Document:
        blocks: list[Any] = [Paragraph(self.headline, "lead"), table(self.areas)]
        if self.failed:
            blocks.append(failures(self.failed))
        facts = Facts((("Case files, SHA-256", self.provenance.data_sha256), ("Command", self.provenance.command)))
        sections = (Section("By area", tuple(blocks), "areas"), Section("Record", (facts,), "record"))
        return Document("Self-test: the reference cases on this installation", sections)

    def body(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "passed": self.passed,
            "areas": [
                {
                    "area": a.name, "cases": len(a.outcomes), "passed": a.passed, "compared": a.compared,
                    "relative_error": a.relative_error, "tolerance_used": a.tolerance_used, "sources": a.origins,
                }
                for a in self.areas
            ],
            "cases": [
                {**_row(o), "failures": [{"key": f.key, "expected": f.expected, "got": f.got} for f in o.failures]}
                for o in self.outcomes
            ],
        }  # fmt: skip


def by_area(outcomes: Iterable[Outcome]) -> tuple[Area, ...]:
    """Outcomes by area, in the order in which areas first appear."""
    held: dict[str, list[Outcome]] = {}
    for o in outcomes:
        held.setdefault(o.case.area, []).append(o)
    return tuple(Area(name, tuple(found)) for name, found in held.items())


def table(areas: Sequence[Area]) -> Table:
    """One row an area, and their sum."""
    everything = Area("all", tuple(o for a in areas for o in a.outcomes))
    rows = [a.row() for a in areas]
    if len(areas) > 1:
        rows.append((*everything.row()[:-1], ""))
    return Table(COLUMNS, tuple(rows), formats=("", "d", "d", ",d", "", "", ""))


def failures(outcomes: Iterable[Outcome]) -> Table:
    """What failed: the case, what it expects and what was got."""
    rows = tuple((o.case.area, o.case.id, f.key, f.expected, f.got) for o in outcomes for f in o.failures)
    return Table(("area", "case", "what", "expected", "got"), rows, "Failures")


def _row(o: Outcome) -> dict[str, Any]:
    return {
        "area": o.case.area, "case": o.case.id, "passed": o.passed, "compared": o.compared,
        "relative_error": o.relative_error, "tolerance_used": o.tolerance_used, "rtol": o.case.rtol,
        "atol": o.case.atol, "shipped": o.case.shipped, "source": o.case.source,
    }  # fmt: skip
