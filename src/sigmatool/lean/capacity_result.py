"""What a capacity check says."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..numbers.estimate import Estimate
from ..result import Result, columns_told
from . import capacity_words as words
from .allocation_study import Allocation
from .capacity_asked import Goal
from .capacity_queue import Queue
from .capacity_study import Study
from .capacity_table import Periods

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Sheet

KEYS = ("without_projects", "with_projects")


@dataclass(frozen=True, kw_only=True, repr=False)
class CapacityCheck(Result):
    """Is there room to work: how busy people are, how long work waits, and what projects cost.

    Attributes
    ----------
    title, unit : str
        ``unit`` is that of handling times and waits.
    confidence : float
    goal : Goal or None
    periods : Periods
    study : Study
    allocation : Allocation or None
    """

    schema: ClassVar[str] = "sigmatool.capacity/1"
    verb: ClassVar[str] = "lean capacity"

    title: str
    unit: str
    confidence: float
    goal: Goal | None
    periods: Periods = field(repr=False, compare=False)
    study: Study = field(repr=False, compare=False)
    allocation: Allocation | None

    @property
    def headline(self) -> str:
        return words.headline(self)

    @property
    def utilisation(self) -> Estimate:
        """Of all hours, projects taken off where there are any."""
        return self.study.use[-1].overall

    @property
    def wait(self) -> Estimate:
        """The mean wait that is told, projects taken off where there are any."""
        return self.study.queues.each[-1].told

    @property
    def overloaded(self) -> bool:
        """Whether a period had more work than hours, projects taken off where there are any."""
        return self.study.use[-1].over > 0

    def growth(self, i: int) -> float:
        """Hours of work by which the backlog grows in a period, 0 where it does not; ``i`` is 0 without projects."""
        p, hours = self.periods, self.study.queues.each[i].servers * self.periods.hours
        return max(float((p.work - hours).sum()) / p.n, 0.0)

    @property
    def typical_staff(self) -> float:
        """People in the middle one of the periods."""
        return float(np.median(self.periods.staff))

    @property
    def people_busy(self) -> float:
        """People whom the work of the middle one of the periods fills entirely."""
        return float(np.median(self.periods.load))

    @property
    def staff_needed(self) -> tuple[int, int]:
        """Whole people whom the goal needs in a typical period, and in the busiest; 0 without a goal."""
        room = self.study.room
        if room is None:
            return 0, 0
        # halving ends a hair above what is just enough
        return math.ceil(float(np.median(room.needed)) - 1e-9), math.ceil(float(room.needed.max()) - 1e-9)

    def to_frame(self) -> pd.DataFrame:
        """One row a period."""
        import pandas as pd

        p, s = self.periods, self.study
        held: dict[str, Any] = {
            "period": p.labels, "arrivals": p.arrivals, "handling": p.handling, "staff": p.staff, "hours": p.hours,
            "project_hours": p.project, "work_hours": p.work, "load": p.load,
        }  # fmt: skip
        for key, use, queue in zip(KEYS, s.use, s.queues.each, strict=False):
            f, m = queue.formula, queue.simulated
            held |= {
                f"utilisation_{key}": use.by_period, f"chance_of_overload_{key}": use.chance,
                f"backlog_hours_{key}": use.backlog, f"wait_{key}": _open(f.wait), f"share_waiting_{key}": f.waited,
                f"share_in_time_{key}": f.within, f"simulated_wait_{key}": m.wait,
                f"simulated_share_waiting_{key}": m.waited, f"simulated_share_in_time_{key}": m.within,
            }  # fmt: skip
        if s.room is not None:
            held |= {"staff_needed": s.room.needed, "room_hours": s.room.hours}
        return pd.DataFrame(held)

    def figure(self) -> Sheet:
        from .capacity_picture import sheet

        return sheet(self)

    def document(self) -> Document:
        from .capacity_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        p, s, q = self.periods, self.study, self.study.queues
        staff = self.staff_needed
        return {
            "headline": self.headline,
            "unit": self.unit,
            "confidence": self.confidence,
            "utilisation": {
                key: {"overall": use.overall, "sd": use.sd, "least": use.by_period.min(), "most": use.by_period.max(),
                      "periods_over": use.over, "backlog_growth": self.growth(i),
                      "backlog_hours": float(use.backlog.sum())}
                for i, (key, use) in enumerate(zip(KEYS, s.use, strict=False))
            },
            "overload": {
                "basis": s.basis, "relative_sd": s.overload.relative_sd, "beyond_chance": s.overload.beyond_chance,
                "chance": {key: use.mean_chance for key, use in zip(KEYS, s.use, strict=False)},
                "least": {key: use.chance.min() for key, use in zip(KEYS, s.use, strict=False)},
                "most": {key: use.chance.max() for key, use in zip(KEYS, s.use, strict=False)},
            },
            "arrivals": {
                "total": float(p.arrivals.sum()), "an_hour": float(p.arrivals.sum() / p.hours.sum()),
                "scv": q.scv_arrivals, "dispersion": s.dispersion, "p": s.dispersion_p, "autocorrelation": s.dependence,
            },
            "handling": {"mean": s.handling, "scv": q.scv_handling, "scv_given": p.handling_sd is not None},
            "staff": {"typical": self.typical_staff, "busy": self.people_busy},
            "project_hours": float(p.project.sum()),
            "project_share": float(p.project.sum() / p.there.sum()),
            "waiting": {
                "by": q.by, "within": q.within,
                **{key: _waits(each) for key, each in zip(KEYS, q.each, strict=False)},
                "difference": q.difference,
            },
            "simulation": {"passes": q.passes, "first_period": q.simulated_from + 1, "part": q.part},
            "goal": None if self.goal is None or s.room is None else {
                "text": self.goal.text, "time": self.goal.time, "share": self.goal.share, "room_hours": s.room.median,
                "room_nine_of_ten": s.room.nine_of_ten, "kept": dict(zip(KEYS, s.room.kept, strict=False)),
                "staff_typical": staff[0], "staff_most": staff[1],
            },
            "curve": {"utilisation": s.curve.utilisation, "wait": s.curve.wait, "at": s.curve.at},
            "allocation": None if self.allocation is None else {
                **{k: v for k, v in asdict(self.allocation).items() if k != "caveats"},
                "share_over": self.allocation.share,
                "fewest_shown": 5 if self.allocation.unit == "person" else 1,
                "load": [cell.load for cell in self.allocation.cells],
            },
            "periods": columns_told(self.to_frame()),
        }  # fmt: skip


def _open(wait: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A wait without bound is an empty cell."""
    return np.where(np.isfinite(wait), wait, np.nan)


def _waits(queue: Queue) -> dict[str, Any]:
    told = {
        name: {"mean": w.mean, "share_waiting": w.share_waiting, "share_in_time": w.share_within}
        for name, w in (("formula", queue.formula), ("simulated", queue.simulated))
    }
    return {
        "told": queue.told, **told, "simulation_error": queue.simulated.error,
        "formula_over_simulated": queue.formula_there, "gap": queue.gap,
    }  # fmt: skip
