"""When is the next review? After how many further points, and on which date the pace of the data puts them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..axis import Axis
from .handover_words import AGAIN, NEVER_ENOUGH, NO_DATE, NOT_DUE, WHY_THEN
from .policy import POLICY
from .wording import judged_noun
from .words import counted

if TYPE_CHECKING:
    from .result import Review

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LONGEST = 100 * 365.25


@dataclass(frozen=True, slots=True)
class NextReview:
    """``points`` more are needed; ``date`` is that of the last of them at the pace of the data, "" where none is known.

    ``points`` is None where no further review of this rollout is due.
    """

    points: int | None
    date: str
    text: str


def next_review(r: Review) -> NextReview:
    """How many points the next review of this rollout needs, by its verdict.

    After a hand-over 20 (the new points are then judged as a stage of their own), while few points keep the verdict
    provisional the rest of 20, while something has to be found or mended 8 (the least that is judged), and where the
    data were too few the number that sees a worthwhile change.
    """
    reason, more = _wanted(r)
    if more is None:
        return NextReview(None, "", NEVER_ENOUGH if reason == "powered" else NOT_DUE)
    chart = r.charts[0]
    date = date_after(chart.axis, chart.stages[-1].first - 1, more)
    noun = counted(more, f"more {judged_noun(r.judged)}")
    when = f" ({date})" if date else NO_DATE if chart.axis.kind == "time" else ""
    return NextReview(more, date, AGAIN.format(more=noun, when=when, why=WHY_THEN[reason]))


def _wanted(r: Review) -> tuple[str, int | None]:
    if r.verdict in ("NO_WORTHWHILE_CHANGE", "NO_DETECTABLE_CHANGE"):
        return "none", None
    if r.verdict == "INSUFFICIENT_DATA":
        if r.findings is None:
            return "least", max(r.judged.shortfall, 1)
        return "powered", _powered(r.n_before, r.n_after, r.points_needed)
    if r.verdict == "IMPROVED_PROVISIONAL":
        return "provisional", max(POLICY.stable_points - r.n_after, 1)
    if r.verdict in ("IMPROVED_STABLE", "STABILISED", "IMPROVED_AGAINST_TREND"):
        return "kept", POLICY.stable_points
    return "acted", POLICY.least_points


def _powered(before: int, after: int, each: int) -> int | None:
    """Points still needed after the rollout, so that the difference is known as well as with ``each`` in both stages.

    Examples
    --------
    >>> _powered(76, 22, 60), _powered(20, 10, 60)
    (28, None)
    """
    if 2 * before <= each:
        return None
    return max(math.ceil(before * each / (2 * before - each)) - after, POLICY.least_points)


def date_after(axis: Axis, first: int, more: int) -> str:
    """The label of the place ``more`` points after the last, at the pace of the points from ``first`` on.

    Examples
    --------
    >>> from sigmatool.axis import Axis
    >>> days = np.array(["2026-01", "2026-02", "2026-03"], dtype="datetime64[D]").astype(float)
    >>> date_after(Axis("month", "time", ("2026-01", "2026-02", "2026-03"), days, np.arange(3), "month"), 0, 4)
    '2026-07'
    """
    if axis.x.size - first < 2:
        return ""
    if axis.kind == "number" and axis.step != "point":
        pace = (axis.x[-1] - axis.x[first]) / (axis.x.size - 1 - first)
        return f"{axis.x[-1] + pace * more:.10g}"
    if axis.kind != "time":
        return ""
    last = np.datetime64(math.floor(axis.x[-1]), "D")
    size, _, step = axis.step.rpartition(" ") if axis.step[:1].isdigit() else ("1", "", axis.step)
    # a block of merged periods, or gaps in the calendar, take more than one step a point
    steps = int(size) * (axis.positions[-1] - axis.positions[first]) / (axis.x.size - 1 - first) * more
    if step in ("month", "quarter", "year"):
        months = math.ceil(steps - 1e-9) * _MONTHS[step]
        if months > _LONGEST / 30:
            return ""
        day = (last - last.astype("datetime64[M]")).astype(int)
        whole = str((last.astype("datetime64[M]") + months).astype("datetime64[D]") + day)
        return whole[:7] if len(axis.labels[-1]) == 7 else whole
    if step == "working day" and steps < _LONGEST:
        return str(np.busday_offset(last, math.ceil(steps - 1e-9), roll="forward"))
    days = (axis.x[-1] - axis.x[first]) / (axis.x.size - 1 - first) * more
    if days > _LONGEST:
        return ""
    return str(last + math.ceil(axis.x[-1] - math.floor(axis.x[-1]) + days - 1e-9))
