"""What an attribute agreement study says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from ..result import Result, columns_told
from .agreement_asked import Rated
from .agreement_study import Study

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Sheet

AIAG: Final = {
    "effectiveness": {"acceptable": 0.9, "marginal": 0.8},
    "miss": {"acceptable": 0.02, "marginal": 0.05},
    "false_alarm": {"acceptable": 0.05, "marginal": 0.1},
}
"""Thresholds of the manual: a convention that is named, not a verdict."""


@dataclass(frozen=True, kw_only=True, repr=False)
class AttributeAgreement(Result):
    """Appraisers who put parts into categories.

    Attributes
    ----------
    title, metric : str
    rated : Rated
        Parts by appraisers by trials.
    study : Study
    """

    schema: ClassVar[str] = "sigmatool.agreement/1"
    verb: ClassVar[str] = "msa agreement"

    title: str
    metric: str
    rated: Rated = field(repr=False, compare=False)
    study: Study = field(repr=False, compare=False)
    confidence: float

    @property
    def headline(self) -> str:
        from .agreement_report import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a rating that there is."""
        import pandas as pd

        held = self.rated
        i, j, t = np.nonzero(held.codes >= 0)
        names = np.array(held.categories, dtype=object)
        frame = pd.DataFrame(
            {"part": np.array(held.parts, dtype=object)[i], "appraiser": np.array(held.appraisers, dtype=object)[j],
             "trial": t + 1, "rating": names[held.codes[i, j, t]]}
        )  # fmt: skip
        if held.standard is not None:
            frame["standard"] = names[held.standard[i]]
        return frame

    def figure(self) -> Sheet:
        from .agreement_picture import sheet

        return sheet(self)

    def document(self) -> Document:
        from .agreement_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        h, s = self.rated, self.study
        return {
            "n_parts": len(h.parts), "n_appraisers": len(h.appraisers), "n_trials": h.trials,
            "categories": list(h.categories), "ordered": h.ordered,
            "within": [a.told() for a in s.within],
            "between": None if s.between is None else s.between.told(),
            "pairs": [a.told() for a in s.pairs],
            "against_standard": [a.told() for a in s.against],
            "all_against_standard": None if s.all_against is None else s.all_against.told(),
            "category_kappa": dict(zip(h.categories, s.categories, strict=False)),
            "fleiss_z": s.z, "fleiss_p": s.p,
            "decisions": list(s.decisions), "aiag_convention": AIAG,
            "named": self.named(), "ratings": columns_told(self.to_frame()),
        }  # fmt: skip

    def named(self) -> dict[str, dict[str, int]]:
        """Ratings of each category by each appraiser, and parts by the standard."""
        h = self.rated
        out = {
            name: {c: int((h.codes[:, j, :] == i).sum()) for i, c in enumerate(h.categories)}
            for j, name in enumerate(h.appraisers)
        }
        if h.standard is not None:
            out["standard"] = {c: int((h.standard == i).sum()) for i, c in enumerate(h.categories)}
        return out
