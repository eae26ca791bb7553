"""What intraclass correlations say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..numbers.estimate import Estimate
from ..numbers.intraclass import Intraclass
from ..result import Result, columns_told

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, kw_only=True, repr=False)
class IntraclassStudy(Result):
    """Parts by raters.

    Attributes
    ----------
    title, metric : str
    parts, raters : tuple of str
    cells : (parts, raters) array
    study : Intraclass
    concordance : (float, float, float)
        Kendall's W, its chi-square and p.
    """

    schema: ClassVar[str] = "sigmatool.icc/1"
    verb: ClassVar[str] = "msa icc"

    title: str
    metric: str
    parts: tuple[str, ...] = field(repr=False, compare=False)
    raters: tuple[str, ...]
    cells: NDArray[np.float64] = field(repr=False, compare=False)
    study: Intraclass
    concordance: tuple[float, float, float]
    confidence: float

    @property
    def agreement(self) -> Estimate:
        """ICC(2) of a single rating: absolute agreement."""
        return self.study.single[1]

    @property
    def consistency(self) -> Estimate:
        """ICC(3) of a single rating."""
        return self.study.single[2]

    @property
    def headline(self) -> str:
        from .icc_report import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a rating of the complete parts."""
        import pandas as pd

        n, m = self.cells.shape
        return pd.DataFrame(
            {"part": np.repeat(np.array(self.parts, dtype=object), m), "rater": list(self.raters) * n,
             "rating": self.cells.ravel()}
        )  # fmt: skip

    def figure(self) -> Figure:
        from .icc_report import picture

        return picture(self)

    def document(self) -> Document:
        from .icc_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        s = self.study
        names = ("icc1", "icc2", "icc3")
        return {
            "n_parts": len(self.parts), "n_raters": len(self.raters),
            "single": dict(zip(names, s.single, strict=True)), "average": dict(zip(names, s.average, strict=True)),
            "mean_squares": {"parts": s.between, "within": s.within, "raters": s.raters, "residual": s.residual},
            "f": s.f, "p": s.p,
            "rater_means": dict(zip(self.raters, self.cells.mean(axis=0).tolist(), strict=True)),
            "kendall": {"w": self.concordance[0], "chi2": self.concordance[1], "p": self.concordance[2]},
            "ratings": columns_told(self.to_frame()),
        }  # fmt: skip
