"""What a capability study says: indices with intervals, the share outside, the law, stability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..data import Measurements
from ..numbers.capability_indices import Bounded, formula_of
from ..numbers.estimate import Estimate
from ..result import Result, columns_told
from .asked import Asked
from .law import Law
from .outside import Outside, expected, seen
from .study import Study

if TYPE_CHECKING:
    import pandas as pd

    from ..charts.result import ControlChart
    from ..render.document import Document
    from ..render.figure import Figure, Sheet


SIGMAS = {"c": "s within", "p": "s of all values", "bw": "s between and within"}
"""The sigma of each family of indices."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Capability(Result):
    """A process against its specification.

    Attributes
    ----------
    title, metric : str
    asked : Asked
        Specification and settings.
    study : Study
        Sigma within and overall, the normal indices, stability.
    law : Law
        The distribution that the overall indices are read from, and the way to it.
    """

    schema: ClassVar[str] = "sigmatool.capability/1"
    verb: ClassVar[str] = "capability"

    title: str
    metric: str
    asked: Asked = field(repr=False)
    study: Study = field(repr=False)
    law: Law = field(repr=False)
    points: Measurements = field(repr=False, compare=False)

    @property
    def n(self) -> int:
        """Values that count."""
        return self.study.n

    @property
    def mean(self) -> float:
        return self.study.mean

    @property
    def sigma_within(self) -> float:
        return float(self.study.within.value)

    @property
    def sigma_overall(self) -> float:
        """The sample standard deviation of all values."""
        return float(self.study.overall.value)

    @property
    def sigma_method(self) -> str:
        return self.study.sigma_method

    @property
    def stable(self) -> bool | None:
        """Whether one may speak of capability; None where too few points are there to say."""
        return self.study.gate.stable

    @cached_property
    def indices(self) -> Mapping[str, Estimate]:
        """Every index with its interval and formula; NaN where one does not exist.

        ``cp`` to ``cpkm`` with sigma within, ``pp`` to ``ppk`` of all values (from percentiles where the law is not
        normal), ``cpm_overall`` and ``cpm_about_target``, and with subgroups ``cp_bw`` to ``cpk_bw`` with sigma
        between and within together.
        """
        found = {}
        for ending in ("p", "l", "u", "k", "m", "km"):
            found["cp" if ending == "p" else f"cp{ending}"] = self._index("c", ending)
        for ending in ("p", "l", "u", "k"):
            name = "pp" if ending == "p" else f"pp{ending}"
            found[name] = self.law.indices.get(name) or self._index("p", ending)
        found["cpm_overall"] = self._index("p", "m")
        about = self.study.cpm_about_target
        found["cpm_about_target"] = _named(about, formula_of("m_about_target", self.study.overall, ""))
        if "bw" in self.study.families:
            for ending in ("p", "l", "u", "k"):
                found["cp_bw" if ending == "p" else f"cp{ending}_bw"] = self._index("bw", ending)
        return found

    @cached_property
    def ppk_of_any(self) -> Estimate:
        """Ppk with the doubt about the distribution too.

        From the lowest to the highest that the data do not contradict, each end with the doubt of sampling that the
        chosen one has, in proportion. A distribution that was asked for by name is not in doubt.
        """
        ppk = self.indices["ppk"]
        spread = None if self.law.chosen_by == "asked" else self.law.sensitivity
        if spread is None or not np.isfinite([ppk.value, ppk.low, ppk.high, spread.low, spread.high]).all():
            return ppk
        low, high = spread.low - (ppk.value - ppk.low), spread.high + (ppk.high - ppk.value)
        if min(spread.low, ppk.value) > 0:
            low, high = spread.low * ppk.low / ppk.value, spread.high * ppk.high / ppk.value
        method = "lowest and highest of every plausible distribution, each with the relative error of the chosen one"
        return Estimate(ppk.value, min(low, ppk.low), max(high, ppk.high), method)

    @property
    def formulas(self) -> Mapping[str, str]:
        """The formula of each index that exists, and of its interval."""
        return {name: e.method for name, e in self.indices.items() if np.isfinite(e.value)}

    @cached_property
    def z_bench(self) -> Mapping[str, Estimate]:
        """Z.bench with sigma ``within`` and ``overall`` (from the law where it is not normal)."""
        return {"within": self._index("c", "z_bench"), "overall": self.law.z_bench or self._index("p", "z_bench")}

    def _sensitivity_told(self) -> dict[str, Any] | None:
        """Ppk under every plausible distribution, the smallest and largest, and the interval that holds them all."""
        spread, whole = self.law.sensitivity, self.ppk_of_any
        if spread is None:
            return None
        interval = {"low": whole.low, "high": whole.high, "method": whole.method}
        return {"ppk": dict(spread.ppk), "low": spread.low, "high": spread.high, "interval": interval}

    def _index(self, family: str, ending: str) -> Estimate:
        """An index of one sigma; NaN where that sigma does not exist."""
        held = self.study.families.get(family)
        found = None if held is None else held[ending]
        return _named(found, formula_of(ending, self.study.sigmas[family], SIGMAS[family]))

    @cached_property
    def ppm(self) -> Mapping[str, Outside]:
        """Parts per million outside: ``observed``, and expected with sigma ``within`` and ``overall``."""
        found = {"observed": seen(*self.study.observed, self.n, self.asked.confidence)}
        for kind, family in (("within", "c"), ("overall", "p")):
            found[kind] = expected(self.study.families.get(family), self.z_bench[kind])
        if self.law.outside is not None:
            found["overall"] = self.law.outside
        return found

    @cached_property
    def chart(self) -> ControlChart:
        """The control chart of the same points, with the sigma of the study."""
        from .chart import chart_of

        return chart_of(self)

    @property
    def headline(self) -> str:
        from .words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row an index: value, interval, formula."""
        import pandas as pd

        rows = [
            {"index": name, "value": e.value, "low": e.low, "high": e.high, "formula": e.method}
            for name, e in self.indices.items()
            if np.isfinite(e.value)
        ]
        return pd.DataFrame(rows)

    def figure(self) -> Figure | Sheet:
        """The six-pack: charts, last points, histogram, probability plot, and the indices with their intervals."""
        from .picture import sheet

        return sheet(self)

    def document(self) -> Document:
        from .report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        gate, spec = self.study.gate, self.asked.specification
        z = {
            key: value
            for kind, e in self.z_bench.items()
            for key, value in ((kind, e.value), (f"{kind}_low", e.low), (f"{kind}_high", e.high))
        }
        return {
            "headline": self.headline,
            "metric": self.metric,
            "n": self.n,
            "mean": self.mean,
            "sigma_within": self.sigma_within,
            "sigma_overall": self.sigma_overall,
            "sigma_between": self.study.between,
            "sigma_method": self.sigma_method,
            "spec": {
                "lsl": spec.lsl,
                "usl": spec.usl,
                "target": spec.target,
                "boundaries": sorted(self.asked.boundaries),
            },
            "indices": {
                name: {"value": e.value, "low": e.low, "high": e.high, "formula": e.method}
                for name, e in self.indices.items()
            },
            "z_bench": z,
            "ppm": {kind: _told(part) for kind, part in self.ppm.items()},
            "distribution": self.law.told(),
            "normality": self.law.normality_told(),
            "sensitivity": self._sensitivity_told(),
            "stable": self.stable,
            "stability": asdict(gate),
            "points": columns_told(self.chart.to_frame()),
        }


def _named(found: Bounded | None, formula: str) -> Estimate:
    if found is None:
        return Estimate(np.nan, np.nan, np.nan, formula)
    return Estimate(float(found.value), float(found.low), float(found.high), formula)


def _told(outside: Outside) -> dict[str, float]:
    """Each part by its name, and its interval beside it."""
    parts = {"below": outside.below, "above": outside.above, "total": outside.total}
    return {
        key: value
        for name, e in parts.items()
        for key, value in ((name, e.value), (f"{name}_low", e.low), (f"{name}_high", e.high))
    }
