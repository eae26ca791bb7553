"""What a study of flow says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from ..numbers.estimate import Estimate
from ..numbers.little import Flow
from ..numbers.survival import Survival
from ..result import Result, columns_told
from . import flow_words as words
from .flow_asked import Asked
from .flow_change import Change, Side
from .flow_items import MOST_CELLS, Items, stamp_text
from .flow_study import Study

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Sheet

MOST_OLD: Final = 200
"""Open items that are named, oldest first; their number is told in any case."""

_STEPS: Final = 200
"""Places at which a curve is told."""


@dataclass(frozen=True, kw_only=True, repr=False)
class FlowResult(Result):
    """How items flow: how long they take, how many pass, how many are inside, and how old those are.

    Attributes
    ----------
    title : str
    asked : Asked
    items : Items
    study : Study
    change : Change or None
        Before and after a rollout.
    """

    schema: ClassVar[str] = "sigmatool.flow/1"
    verb: ClassVar[str] = "lean flow"

    title: str
    asked: Asked
    items: Items = field(repr=False, compare=False)
    study: Study = field(repr=False, compare=False)
    change: Change | None = field(repr=False, compare=False)

    @property
    def n(self) -> int:
        """Items used."""
        return int(self.items.start.size)

    @property
    def finished(self) -> int:
        """Items with an end."""
        return self.study.curve.ended

    @property
    def open(self) -> int:
        """Items without an end at the moment of the study."""
        return self.n - self.finished

    @property
    def unit(self) -> str:
        """Of every time: days, hours, minutes or seconds."""
        return self.study.unit

    @property
    def bad(self) -> int:
        """Rows whose stamps cannot be right."""
        return self.rows.dropped

    @property
    def headline(self) -> str:
        return words.headline(self)

    def percentile(self, share: float) -> Estimate:
        """The time by which a share (0.5, 0.8, 0.85, 0.9 or 0.95) of the items is finished, in :attr:`unit`."""
        return self.study.percentile(share)

    def stamp(self, second: float) -> str:
        """A moment of the study as it is told."""
        return stamp_text(second, self.items.dates) + (" UTC" if self.items.zoned else "")

    def to_frame(self) -> pd.DataFrame:
        """One row a period: arrivals, finished, inside at its end, and the times of those that finished in it."""
        import pandas as pd

        p = self.study.periods
        return pd.DataFrame(
            {"period": p.calendar.labels, "whole": p.whole, "arrived": p.arrived, "finished": p.finished,
             "inside": p.inside, "median": p.median, "percentile_85": p.slow}
        )  # fmt: skip

    def item_frame(self) -> pd.DataFrame:
        """One row an item that is used: its row in the table, its stamps, its time so far, whether it is finished."""
        import pandas as pd

        start, end = (
            np.where(np.isnan(stamps), np.nan, stamps * 1e3).astype("datetime64[ms]")
            for stamps in (self.items.start, self.items.end)
        )
        return pd.DataFrame(
            {"row": self.items.row, "start": start, "end": end, self.unit: self.study.time,
             "finished": self.items.finished}
        )  # fmt: skip

    def oldest(self) -> list[dict[str, Any]]:
        """Open items, oldest first: their name, row, start and age, and the share of items that take longer."""
        a, i = self.study.ageing, self.items
        at, ages = a.at[:MOST_OLD], a.ages[:MOST_OLD]
        longer = self.study.curve.at(ages)
        return [
            {"item": i.names[int(k)], "row": int(i.row[k]), "start": self.stamp(float(i.start[k])), "age": float(age),
             "take_longer": float(share)}
            for k, age, share in zip(at, ages, longer, strict=True)
        ]  # fmt: skip

    def figure(self) -> Sheet:
        from .flow_picture import sheet

        return sheet(self)

    def document(self) -> Document:
        from .flow_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        s, i, a = self.study, self.items, self.asked
        told: dict[str, Any] = {
            "headline": self.headline,
            "n": self.n,
            "finished": self.finished,
            "open": self.open,
            "unit": s.unit,
            "confidence": a.confidence,
            "as_of": self.stamp(i.last),
            "since": self.stamp(i.first) if a.since else None,
            "window": {"from": self.stamp(i.first), "to": self.stamp(i.last), "length": s.flow.window},
            "clock": "UTC" if i.zoned else "as written",
            "dates_only": i.dates,
            "percentiles": percentiles_told(s.percentiles),
            "curve": curve_told(s.curve, a.confidence),
            "per": s.periods.calendar.per,
            "whole_periods": int(s.periods.whole.sum()),
            "throughput": s.throughput,
            "arrivals": s.arrivals,
            "wip": {"now": self.open, "average": s.flow.average},
            "ageing": {
                "older": [
                    {"share": share, "than": than, "count": count, "of_open": count / self.open if self.open else None}
                    for share, than, count in s.ageing.older
                ],
                "oldest": self.oldest(),
            },
            "little": little_told(s.flow)
            | {"halves": [s.first_half.average, s.second_half.average], "steady": words.steady(s)},
            "flow_efficiency": None
            if s.efficiency is None
            else {"value": s.efficiency.ratio.value, "low": s.efficiency.ratio.low, "high": s.efficiency.ratio.high,
                  "wait": 1 - s.efficiency.ratio.value, "median": s.efficiency.median, "n": s.efficiency.n,
                  "method": s.efficiency.ratio.method},
            "takt": None
            if s.takt is None
            else {"takt": s.takt.takt, "observed": s.takt.observed, "unit": s.takt.unit, "demand": s.takt.demand,
                  "available": s.takt.available, "of_demand": s.throughput.value / s.takt.demand},
            "neighbours": s.alike,
            "change": None if self.change is None else self._change(self.change),
            "bad_stamps": {
                "total": self.bad,
                "kinds": [
                    {"code": bad.code, "count": int(bad.rows.size), "rows": bad.rows[:MOST_CELLS],
                     "start": [cells[0] for cells in bad.shown], "end": [cells[1] for cells in bad.shown]}
                    for bad in i.bad
                ],
                "touch_exceeds_time": {"count": int(i.touch_long.size), "rows": i.touch_long[:MOST_CELLS]},
            },
            "periods": columns_told(self.to_frame()),
        }  # fmt: skip
        return told

    def _change(self, c: Change) -> dict[str, Any]:
        a = self.asked
        return {
            "rollout": self.stamp(c.at),
            "label": a.label,
            "by": a.by,
            "straddling": c.straddling,
            "before": side_told(c.before, a.confidence),
            "after": side_told(c.after, a.confidence),
            "differences": percentiles_told(c.differences),
            "restricted_mean": {"horizon": c.horizon, "difference": c.mean},
            "log_rank": None
            if c.test is None
            else {"statistic": c.test.statistic, "p": c.test.p, "hazard_ratio": c.test.value, "method": c.test.method},
            "throughput_ratio": c.throughput,
            "arrivals_ratio": c.arrivals,
            "wip_difference": c.after.wip - c.before.wip,
        }


def percentiles_told(told: tuple[tuple[float, Estimate], ...]) -> list[dict[str, Any]]:
    """Percentiles as JSON holds them."""
    return [{"share": share, "value": e.value, "low": e.low, "high": e.high, "method": e.method} for share, e in told]


def places(curve: Survival) -> np.ndarray:
    """Places of a curve that are told: all of few, else evenly spread over the share that is finished."""
    if curve.time.size <= _STEPS:
        return np.arange(curve.time.size)
    steps = np.searchsorted(-curve.survival, -np.linspace(1, float(curve.survival[-1]), _STEPS), side="left")
    return np.unique(np.minimum(steps, curve.time.size - 1))


def curve_told(curve: Survival, level: float) -> dict[str, Any]:
    """A curve as JSON holds it: the share that takes longer than each time."""
    low, high = curve.band(level)
    at = places(curve)
    return {"time": curve.time[at], "longer": curve.survival[at], "low": low[at], "high": high[at],
            "under_way": curve.at_risk[at]}  # fmt: skip


def side_told(side: Side, level: float) -> dict[str, Any]:
    """One side of a rollout as JSON holds it."""
    return {
        "n": side.curve.n, "finished": side.curve.ended, "open": side.curve.n - side.curve.ended,
        "percentiles": percentiles_told(side.percentiles), "restricted_mean": side.mean, "whole_periods": side.periods,
        "throughput": side.throughput, "arrivals": side.arrivals, "wip": side.wip, "longest": side.curve.longest,
        "curve": curve_told(side.curve, level),
    }  # fmt: skip


def little_told(flow: Flow) -> dict[str, Any]:
    """Little's law as JSON holds it."""
    return {
        "average_wip": flow.average, "rate": flow.rate, "time_in_window": flow.stay, "exact": flow.rate * flow.stay,
        "throughput": flow.naive_rate, "mean_time_of_finished": flow.naive_stay, "naive": flow.naive, "gap": flow.gap,
        "from_open": flow.still_open / flow.window, "from_before": flow.cut_before / flow.window,
        "present": flow.present, "arrived": flow.arrived, "finished": flow.finished, "inside_first": flow.inside_first,
        "inside_last": flow.inside_last, "window": flow.window,
    }  # fmt: skip
