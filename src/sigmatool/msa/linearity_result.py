"""What a linearity study says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..numbers.gage_error import Linearity
from ..result import Result, columns_told
from .part_bias import PartBias

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

POINTS = 61
"""Places at which the band is told."""


@dataclass(frozen=True, kw_only=True, repr=False)
class GageLinearity(Result):
    """The bias of a gage over its range.

    Attributes
    ----------
    title, metric : str
    values, truth, row : (n,) array
    names : tuple of str
    parts : tuple of PartBias
    fit : Linearity
    uneven : (float, float) or None
        Largest over smallest standard deviation of the parts, and Levene's p.
    process : float or None
    """

    schema: ClassVar[str] = "sigmatool.linearity/1"
    verb: ClassVar[str] = "msa linearity"

    title: str
    metric: str
    values: NDArray[np.float64] = field(repr=False, compare=False)
    truth: NDArray[np.float64] = field(repr=False, compare=False)
    names: tuple[str, ...] = field(repr=False, compare=False)
    row: NDArray[np.int64] = field(repr=False, compare=False)
    parts: tuple[PartBias, ...]
    fit: Linearity
    uneven: tuple[float, float] | None
    process: float | None
    confidence: float

    @property
    def mean_bias(self) -> float:
        """Over all readings."""
        return self.fit.level

    @property
    def linearity(self) -> float | None:
        """``|slope|`` times the process variation."""
        return None if self.process is None else abs(self.fit.slope.value) * self.process

    @property
    def bias_share(self) -> float | None:
        """Mean bias over the process variation."""
        return None if self.process is None else abs(self.mean_bias) / self.process

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest reference."""
        return float(self.truth.min()), float(self.truth.max())

    @property
    def at_ends(self) -> list[dict[str, float]]:
        """The line's bias at both ends of the range, with its interval."""
        low, high = self.fit.band(np.array(self.range), self.confidence)
        fit = self.fit.level + self.fit.slope.value * (np.array(self.range) - self.fit.middle)
        return [
            {"reference": r, "bias": float(f), "low": float(a), "high": float(b)}
            for r, f, a, b in zip(self.range, fit, low, high, strict=True)
        ]

    @property
    def headline(self) -> str:
        from .linearity_report import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a reading."""
        import pandas as pd

        return pd.DataFrame(
            {"row": self.row, "part": self.names, "reference": self.truth, "reading": self.values,
             "bias": self.values - self.truth}
        )  # fmt: skip

    def figure(self) -> Figure:
        from .linearity_report import picture

        return picture(self)

    def document(self) -> Document:
        from .linearity_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        f = self.fit
        return {
            "n": int(self.values.size), "slope": f.slope, "intercept": f.intercept, "s": f.s, "r_squared": f.r_squared,
            "dof": f.dof, "lack_of_fit": {"f": f.lack_of_fit.statistic, "dof": f.lack_of_fit.dof,
                                          "dof2": f.lack_of_fit.dof2, "p": f.lack_of_fit.p},
            "uneven_scatter": None if self.uneven is None else {"ratio": self.uneven[0], "p": self.uneven[1]},
            "mean_bias": self.mean_bias, "process": self.process, "linearity": self.linearity,
            "linearity_share": None if self.process is None else abs(f.slope.value), "bias_share": self.bias_share,
            "at_ends": self.at_ends, "parts": [p.told(self.process) for p in self.parts],
            "readings": columns_told(self.to_frame()),
        }  # fmt: skip
