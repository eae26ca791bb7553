"""What a Pareto study says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..result import Result
from .pareto_study import DRAWS, SEED, Ranking, Study, barred

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Picture

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CauseChange:
    """One bar, after against before.

    Attributes
    ----------
    name : str
        A category, or "" for all others together.
    before, after : int
    rate_before, rate_after : float
        Per unit of exposure; NaN where none is known.
    ratio, low, high : float
        After over before; the interval holds together with those of the other bars.
    p : float
        Adjusted for the number of bars.
    finding : {"fell", "rose", "open"}
        Which way the interval leaves 1.
    """

    name: str
    before: int
    after: int
    rate_before: float
    rate_after: float
    ratio: float
    low: float
    high: float
    p: float

    @property
    def finding(self) -> str:
        return "fell" if self.high < 1 else "rose" if self.low > 1 else "open"


@dataclass(frozen=True, kw_only=True, repr=False)
class Pareto(Result):
    """Categories by how often they occur, with what is sure of their order and what changed.

    Attributes
    ----------
    title, category : str
    stages : tuple of str
        One, or before and after.
    exposure : (stages,) array, or None
        Time, volume or units behind each stage.
    unit : str
        Of the exposure.
    study : Study
    confidence : float
    """

    schema: ClassVar[str] = "sigmatool.pareto/1"
    verb: ClassVar[str] = "lean pareto"

    title: str
    category: str
    stages: tuple[str, ...]
    exposure: Floats | None = field(repr=False, compare=False)
    unit: str
    study: Study = field(repr=False, compare=False)
    confidence: float

    @property
    def names(self) -> tuple[str, ...]:
        """All categories in the order of the page: most frequent (before) first, those without a bar last."""
        return self.study.names

    @property
    def now(self) -> Ranking:
        """The only stage, or the one after."""
        return self.study.rankings[-1]

    @property
    def counts(self) -> tuple[int, ...]:
        """Events of each stage."""
        return tuple(int(r.count.sum()) for r in self.study.rankings)

    @property
    def could_be_largest(self) -> tuple[str, ...]:
        """Causes of the last stage that could be the most frequent one, at the confidence."""
        return tuple(self.names[i] for i in np.flatnonzero(self.now.largest))

    @property
    def others(self) -> tuple[str, ...]:
        """Categories without a bar of their own."""
        return tuple(self.names[i] for i in np.flatnonzero(~self.study.kept))

    @property
    def changes(self) -> tuple[CauseChange, ...]:
        """Each bar, after against before; empty where there is one stage."""
        change = self.study.change
        if change is None:
            return ()
        kept = self.study.kept
        before, after = (barred(r.count, kept) for r in self.study.rankings)
        names = [self.names[i] for i in np.flatnonzero(kept)] + ([] if kept.all() else [""])
        return tuple(self._changed(names[i], before[i], after[i], change.bars, i) for i in range(len(names)))

    @property
    def total_change(self) -> CauseChange | None:
        """All events together, after against before."""
        change = self.study.change
        return None if change is None else self._changed("", self.counts[0], self.counts[1], change.total, 0)

    def _changed(self, name: str, before: float, after: float, of: Any, i: int) -> CauseChange:
        t = (np.nan, np.nan) if self.exposure is None else (float(self.exposure[0]), float(self.exposure[1]))
        ends = (float(v[i]) for v in (of.ratio, of.low, of.high, of.p))
        return CauseChange(name, int(before), int(after), before / t[0], after / t[1], *ends)

    @property
    def method(self) -> tuple[str, ...]:
        """How the numbers were found, in sentences."""
        from .pareto_words import methods

        return methods(self)

    @property
    def headline(self) -> str:
        from .pareto_words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a category (of each stage): count, share with interval, running sums, ranks, cost."""
        import pandas as pd

        s, parts = self.study, []
        for at, (name, r) in enumerate(zip(self.stages, s.rankings, strict=True)):
            with np.errstate(invalid="ignore", divide="ignore"):
                columns: dict[str, Any] = {
                    "stage": name, "category": list(s.names), "count": r.count.astype(np.int64), "share": r.share,
                    "low": r.low, "high": r.high, "cumulative": np.cumsum(r.count).astype(np.int64),
                    "cumulative_share": np.cumsum(r.count) / r.count.sum(), "rank": r.rank, "rank_low": r.rank_low,
                    "rank_high": r.rank_high, "could_be_largest": r.largest, "bar": s.kept,
                }  # fmt: skip
            if self.exposure is not None:
                columns["rate"] = r.count / self.exposure[at]
            if s.spending:
                c = s.spending[at]
                each = c.total / np.where(r.count > 0, r.count, np.nan)
                columns |= {"cost": c.total, "cost_share": c.share, "cost_low": c.low, "cost_high": c.high,
                            "cost_rank": c.rank, "cost_each": each}  # fmt: skip
            parts.append(pd.DataFrame(columns))
        frame = pd.concat(parts, ignore_index=True)
        return frame if len(self.stages) > 1 else frame.drop(columns="stage")

    def figure(self) -> Picture:
        from .pareto_picture import picture

        return picture(self)

    def document(self) -> Document:
        from .pareto_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        s, change = self.study, self.study.change
        frame = self.to_frame()
        total = self.total_change
        return {
            "headline": self.headline,
            "stages": [
                {"name": name, "count": count, "exposure": None if self.exposure is None else self.exposure[i],
                 "rate": None if self.exposure is None else count / self.exposure[i], "unit": self.unit,
                 "cost": s.spending[i].total.sum() if s.spending else None}
                for i, (name, count) in enumerate(zip(self.stages, self.counts, strict=True))
            ],
            "events": sum(self.counts),
            "categories": len(s.names),
            "method": self.method,
            "rows_by_category": {str(name): frame[name].tolist() for name in frame.columns},
            "could_be_largest": self.could_be_largest,
            "neighbours": [
                {"stage": name, "first": s.names[r.order[i]], "second": s.names[r.order[i + 1]],
                 "ratio": r.pairs.ratio[i], "low": r.pairs.low[i], "high": r.pairs.high[i], "p": r.pairs.p[i]}
                for name, r in zip(self.stages, s.rankings, strict=True) for i in range(r.pairs.p.size)
            ],
            "other": {
                "categories": list(self.others), "number": len(self.others),
                "count": [int(r.count[~s.kept].sum()) for r in s.rankings],
                "share": [float(r.count[~s.kept].sum() / r.count.sum()) if r.count.sum() else None for r in s.rankings],
                "largest_count": [int(r.count[~s.kept].max(initial=0)) for r in s.rankings],
                "cost": [float(c.total[~s.kept].sum()) for c in s.spending],
            },
            "changes": [self._told(c, self._cost(i)) for i, c in enumerate(self.changes)],
            "total_change": None if total is None else self._told(total, None if change is None else change.cost_total),
            "mix": None if change is None else change.mix,
            "simulation": {"seed": SEED, "draws": change.mix.simulated if change and change.mix else 0, "most": DRAWS},
            "dispersion": {"ratio": s.clustering, "p": s.clustering_p},
        }  # fmt: skip

    def _cost(self, i: int) -> tuple[float, float, float] | None:
        change = self.study.change
        if change is None or change.cost is None:
            return None
        value, low, high = (float(ends[i]) for ends in change.cost)
        return value, low, high

    def _told(self, c: CauseChange, cost: tuple[float, float, float] | None) -> dict[str, Any]:
        """A change as JSON holds it; the empty name stands for all others, or for all."""
        less = None if cost is None else {"value": cost[0] - 1, "low": cost[1] - 1, "high": cost[2] - 1}
        return {
            "category": c.name or None, "before": c.before, "after": c.after, "rate_before": c.rate_before,
            "rate_after": c.rate_after, "ratio": c.ratio, "low": c.low, "high": c.high, "p": c.p, "finding": c.finding,
            "change": c.ratio - 1, "change_low": c.low - 1, "change_high": c.high - 1,
            "cost_ratio": None if cost is None else {"value": cost[0], "low": cost[1], "high": cost[2]},
            "cost_change": less,
        }  # fmt: skip
