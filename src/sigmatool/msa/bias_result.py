"""What a bias study says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..result import Result, columns_told
from .part_bias import PartBias

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, kw_only=True, repr=False)
class GageBias(Result):
    """Mean readings of masters less their references.

    Attributes
    ----------
    title, metric : str
    values, truth, row : (n,) array
    names : tuple of str
        The part of each reading.
    parts : tuple of PartBias
    process : float or None
    """

    schema: ClassVar[str] = "sigmatool.bias/1"
    verb: ClassVar[str] = "msa bias"

    title: str
    metric: str
    values: NDArray[np.float64] = field(repr=False, compare=False)
    truth: NDArray[np.float64] = field(repr=False, compare=False)
    names: tuple[str, ...] = field(repr=False, compare=False)
    row: NDArray[np.int64] = field(repr=False, compare=False)
    parts: tuple[PartBias, ...]
    process: float | None
    confidence: float

    @property
    def headline(self) -> str:
        from .bias_report import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a reading."""
        import pandas as pd

        return pd.DataFrame(
            {"row": self.row, "part": self.names, "reference": self.truth, "reading": self.values,
             "bias": self.values - self.truth}
        )  # fmt: skip

    def figure(self) -> Figure:
        from .bias_report import picture

        return picture(self)

    def document(self) -> Document:
        from .bias_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "n": int(self.values.size),
            "parts": [p.told(self.process) for p in self.parts],
            "process": self.process,
            "readings": columns_told(self.to_frame()),
        }
