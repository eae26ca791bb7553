"""What a tolerance interval says."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ..charts.words import number, percent
from ..numbers.tolerance import normal_sample_size
from ..points import Counts, Measurements
from ..result import Result, columns_told
from .tolerance_study import Asked, Limits, Study, told

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Sheet


@dataclass(frozen=True, kw_only=True, repr=False)
class ToleranceInterval(Result):
    """Limits that hold a share of all values to come, with a confidence.

    Attributes
    ----------
    title, metric : str
    asked : Asked
        Coverage, confidence, sides, method.
    study : Study
        Limits, what they rest on, and the nonparametric ones beside them.
    """

    schema: ClassVar[str] = "sigmatool.tolerance/1"
    verb: ClassVar[str] = "tolerance"

    title: str
    metric: str
    points: Measurements | Counts = field(repr=False, compare=False)
    asked: Asked
    study: Study = field(repr=False, compare=False)

    @property
    def n(self) -> int:
        """Values, or points of counts."""
        return int(self.study.values.size)

    @property
    def method(self) -> str:
        """``normal``, ``howe``, ``nonparametric``, ``binomial`` or ``poisson``."""
        return self.study.limits.method

    @property
    def lower(self) -> float:
        """Lower limit; NaN where only an upper one was asked for."""
        return self.study.limits.lower

    @property
    def upper(self) -> float:
        """Upper limit; NaN where only a lower one was asked for."""
        return self.study.limits.upper

    @property
    def counted(self) -> bool:
        """Whether the values are counts."""
        return not math.isnan(self.study.next_size)

    @property
    def needed_normal(self) -> int:
        """Values with which a normal interval holds, at 95 %, no more than half of what is left beside its share."""
        return normal_sample_size(
            self.asked.coverage, self.asked.confidence, self.asked.number, (1 - self.asked.coverage) / 2
        )

    @property
    def headline(self) -> str:
        share, sure = percent(self.asked.coverage, 4), percent(self.asked.confidence, 4)
        each = ", each limit alone," if self.asked.sides == "1" else ""
        if self.counted:
            units = getattr(self.points, "size_name", None)
            of = f"{share} of samples of {number(self.study.next_size, 6)} {units} will have"
            return (
                f"{self.metric}: {of}{each} {told(self.study.limits)} {self.metric}, with {sure} confidence "
                f"({self.method}, from {self.n:,} points)."
            )
        first = (
            f"{self.metric}: {share} of the values{each} {self._between(self.study.limits)}, with {sure} "
            f"confidence ({self.method}, {self.n:,} values)."
        )
        if not self.study.not_normal:
            return first
        if self.study.beside is None:
            return f"{first} The values are not normal: take these limits with care."
        return f"{first} The values are not normal; without any distribution: {told(self.study.beside)}."

    @staticmethod
    def _between(limits: Limits) -> str:
        words = told(limits)
        return f"are {words}" if words.startswith("at ") else f"lie between {words.replace(' to ', ' and ')}"

    def _needed(self) -> dict[str, Any]:
        """Values needed; ``at_most`` is the share that so many normal ones hold at most, 19 times in 20."""
        held = {"coverage": self.asked.coverage, "at_most": self.most_held}
        return {"nonparametric": self.study.needed, "normal": self.needed_normal, "normal_holds": held}

    @property
    def most_held(self) -> float:
        """The share that normal limits from ``needed_normal`` values seldom exceed: halfway to the whole."""
        return (1 + self.asked.coverage) / 2

    def to_frame(self) -> pd.DataFrame:
        """One row a value: where it stands against the limits."""
        import pandas as pd

        x = self.study.values
        inside = ~((x < self.lower) | (x > self.upper))
        labels = [self.points.axis.labels[i] for i in self.study.at]
        return pd.DataFrame(
            {"point": self.study.at + 1, "label": labels, "value": x, "lower": self.lower, "upper": self.upper,
             "inside": inside}
        )  # fmt: skip

    def figure(self) -> Sheet:
        from .tolerance_picture import sheet

        return sheet(self)

    def document(self) -> Document:
        from .tolerance_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        s, a = self.study, self.asked
        test = s.normality
        return {
            "n": self.n,
            "mean": s.mean,
            "sd": s.sd,
            "method": self.method,
            "coverage": a.coverage,
            "confidence": a.confidence,
            "sides": a.sides,
            "lower": self.lower,
            "upper": self.upper,
            "factor": s.factor,
            "attained_confidence": s.limits.attained,
            "how": s.limits.how,
            "next_size": s.next_size,
            "normality": None if test is None else {"statistic": test.statistic, "p": test.p, "method": test.method},
            "nonparametric": s.beside,
            "needed": None if self.counted else self._needed(),
            "points": columns_told(self.to_frame()),
        }
