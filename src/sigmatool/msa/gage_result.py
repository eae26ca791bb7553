"""What a gage study says."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ..numbers.estimate import Estimate
from ..numbers.gage_intervals import SOURCES
from ..numbers.gage_shape import monitor
from ..numbers.gage_squares import Against, Squares
from ..result import Result, columns_told
from .gage_asked import Asked, Measured
from .gage_cells import charted
from .gage_design import Layout
from .gage_study import Component, Emp, Study

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Sheet


@dataclass(frozen=True, kw_only=True, repr=False)
class GageRR(Result):
    """Variation of measurements by where it comes from.

    Attributes
    ----------
    title : str
    measured : Measured
        The values with their part and operator.
    layout : Layout
        Design and cells.
    asked : Asked
    study : Study
        Components, tests and what follows.
    """

    schema: ClassVar[str] = "sigmatool.gage_rr/1"
    verb: ClassVar[str] = "msa gage-rr"

    title: str
    measured: Measured = field(repr=False, compare=False)
    layout: Layout = field(repr=False, compare=False)
    asked: Asked
    study: Study = field(repr=False, compare=False)

    @property
    def components(self) -> dict[str, Component]:
        """``gage``, ``repeatability``, ``reproducibility``, ``operator``, ``interaction``, ``part`` and ``total``."""
        return self.study.components

    @property
    def design(self) -> str:
        """``crossed`` or ``nested``."""
        return self.layout.design

    @property
    def method(self) -> str:
        """``anova``, ``xbar-r`` or ``reml``."""
        return self.study.method

    @property
    def n_parts(self) -> int:
        """Parts; in a nested design over all operators."""
        return self.layout.cells.parts

    @property
    def n_operators(self) -> int:
        return self.layout.cells.operators

    @property
    def n_replicates(self) -> float:
        """Values in a cell; the harmonic mean where they differ."""
        return self.layout.cells.replicates

    @property
    def ndc(self) -> int | None:
        """Number of distinct categories, truncated and at least 1 (AIAG); None where the gage shows no error."""
        value = self.study.categories.value
        return None if math.isnan(value) else max(int(value), 1)

    @property
    def emp(self) -> Emp:
        """Wheeler's measures."""
        return self.study.emp

    @property
    def headline(self) -> str:
        from .gage_words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a value, with the mean and the range of its cell."""
        import pandas as pd

        m, cells = self.measured, self.layout.cells
        frame = pd.DataFrame(
            {"row": m.row, "part": [self.layout.part_names[i] for i in self.layout.part],
             "operator": [m.operator.names[i] for i in m.operator.level], "value": m.values}
        )  # fmt: skip
        keys = self.layout.part * cells.operators + m.operator.level
        place = {int(k): i for i, k in enumerate(cells.part * cells.operators + cells.operator)}
        at = [place[int(k)] for k in keys]
        return frame.assign(cell_mean=cells.mean[at], cell_range=cells.spread[at])

    def figure(self) -> Sheet:
        from .gage_picture import sheet

        return sheet(self)

    def document(self) -> Document:
        from .gage_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        s = self.study
        return {
            "metric": self.measured.name,
            "n": int(self.measured.values.size),
            "design": self.design,
            "method": self.method,
            "balanced": self.layout.balanced,
            "n_parts": self.n_parts,
            "n_operators": self.n_operators,
            "n_replicates": self.n_replicates,
            "empty_cells": self.layout.empty,
            "mean": s.mean,
            "range_mean": s.range_mean,
            "confidence": self.asked.confidence,
            "components": {name: _told(s.components[name], self.asked) for name in SOURCES},
            "factors": {name: _told(found, self.asked) for name, found in s.factors.items()},
            "negative": list(s.negative),
            "ndc": {**_ends(s.categories), "truncated": self.ndc},
            "signal_to_noise": _ends(s.categories),
            "emp": self._emp(),
            "misclassification": None if s.wrong is None else {"good_rejected": s.wrong[0], "bad_accepted": s.wrong[1]},
            "anova": {
                "interaction_kept": s.kept,
                "alpha": self.asked.alpha,
                "with_interaction": table(s.full, s.tests),
                "reduced": table(s.reduced, s.reduced_tests),
            },
            "cells": self._cells(),
            "values": columns_told(self.to_frame()[["row", "part", "operator", "value"]]),
        }

    def _emp(self) -> dict[str, Any]:
        e = self.study.emp
        return {
            "icc": _ends(e.icc),
            "icc_without_operators": _ends(e.icc_consistent),
            "class": monitor(e.icc.value),
            "class_low": monitor(e.icc.low),
            "class_high": monitor(e.icc.high),
            "attenuation": 1 - math.sqrt(max(e.icc.value, 0.0)),
            "probable_error": _ends(e.probable_error),
            "increment": {
                "seen": e.step,
                "least": 0.2 * e.probable_error.value,
                "most": 2 * e.probable_error.value,
            },
        }

    def _cells(self) -> dict[str, Any]:
        c, cells = charted(self.layout), self.layout.cells
        return {
            "operator": [self.measured.operator.names[i] for i in cells.operator[c.order]],
            "part": [self.layout.part_names[i] for i in cells.part[c.order]],
            "n": cells.count[c.order].tolist(),
            "mean": c.mean,
            "range": c.spread,
            "mean_lower": c.low,
            "mean_upper": c.high,
            "range_lower": c.lower,
            "range_upper": c.upper,
            "mean_center": c.grand,
            "range_center": c.range_mean,
            "ranges_beyond": int(c.unsteady.sum()),
            "means_beyond": int(c.told_apart.sum()),
        }


def _ends(e: Estimate) -> dict[str, float]:
    return {"value": e.value, "low": e.low, "high": e.high}


def _told(c: Component, asked: Asked) -> dict[str, Any]:
    return {
        "variance": _ends(c.variance), "sd": _ends(c.sd), "contribution": _ends(c.contribution),
        "study": _ends(c.study), "tolerance": None if c.tolerance is None else _ends(c.tolerance),
        "variation": asked.multiplier * c.sd.value,
        "interval": c.variance.method, "share_interval": c.contribution.method,
    }  # fmt: skip


def table(found: Squares, tests: Against) -> list[dict[str, Any]]:
    """An analysis of variance, row by row."""
    names = ("part", "operator", "interaction", "repeatability")
    return [
        {
            "source": n,
            "dof": found.dof[i],
            "ss": found.squares[i],
            "ms": found.mean[i],
            "f": tests.f[i],
            "p": tests.p[i],
        }
        for i, n in enumerate(names)
        if found.dof[i] > 0
    ]
