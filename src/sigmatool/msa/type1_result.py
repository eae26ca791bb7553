"""What a type 1 study says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..numbers.estimate import Tested
from ..numbers.gage_error import TypeOne
from ..result import Result, columns_told

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, kw_only=True, repr=False)
class TypeOneStudy(Result):
    """Many readings of one master.

    Attributes
    ----------
    title, metric : str
    values, row : (n,) array
        Readings in order, and their rows from 1.
    reference, width : float
        Master and tolerance.
    limits : (float or None, float or None)
    share, spread : float
        Of the tolerance; standard deviations.
    step : float or None
    correlation : float
        Of neighbouring readings.
    bias : Tested
    indices : TypeOne
    """

    schema: ClassVar[str] = "sigmatool.type1/1"
    verb: ClassVar[str] = "msa type1"

    title: str
    metric: str
    values: NDArray[np.float64] = field(repr=False, compare=False)
    row: NDArray[np.int64] = field(repr=False, compare=False)
    reference: float
    width: float
    limits: tuple[float | None, float | None]
    share: float
    spread: float
    step: float | None
    correlation: float
    bias: Tested
    indices: TypeOne
    confidence: float

    @property
    def n(self) -> int:
        return int(self.values.size)

    @property
    def mean(self) -> float:
        return self.reference + self.bias.value

    @property
    def sd(self) -> float:
        """Repeatability."""
        return float(np.std(self.values - self.values[0], ddof=1))

    @property
    def headline(self) -> str:
        from .type1_report import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a reading."""
        import pandas as pd

        return pd.DataFrame({"row": self.row, "reading": self.values, "bias": self.values - self.reference})

    def figure(self) -> Figure:
        from .type1_report import picture

        return picture(self)

    def document(self) -> Document:
        from .type1_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        i = self.indices
        return {
            "n": self.n, "mean": self.mean, "sd": self.sd, "reference": self.reference, "tolerance": self.width,
            "limits": {"lsl": self.limits[0], "usl": self.limits[1]},
            "allowance": {"share": self.share, "width": self.share * self.width, "spread": self.spread,
                          "low": self.reference - self.share * self.width / 2,
                          "high": self.reference + self.share * self.width / 2},
            "bias": self.bias, "cg": i.cg, "cgk": i.cgk, "variation_repeatability": i.repeatability,
            "variation_repeatability_and_bias": i.with_bias,
            "resolution": {"step": self.step, "share": None if self.step is None else self.step / self.width,
                           "usual": 0.05},
            "correlation": self.correlation, "usual_index": 1.33, "readings": columns_told(self.to_frame()),
        }  # fmt: skip
