"""When is the next review? After how many further points, and on which date the pace of the data puts them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..pace import date_after
from .handover_words import AGAIN, NEVER_ENOUGH, NO_DATE, NOT_DUE, WHY_THEN
from .policy import POLICY
from .wording import judged_noun
from .words import counted

if TYPE_CHECKING:
    from .result import Review


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
