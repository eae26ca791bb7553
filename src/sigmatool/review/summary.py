"""What is said of a judged series in a line: its sentence, its date and the account of its rows.

What :func:`~sigmatool.review.review.review` shows at length, the secondary metrics of a review and the streams of
:func:`~sigmatool.review.each.review_each` show in a line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..caveats import Rows
from ..data import Counts
from . import wording
from .case import Judged
from .evidence import Evidence
from .judging import Judgement
from .policy import POLICY, Policy
from .result import ChangeDate


def sentence_of(j: Judgement) -> str:
    """The verdict in one sentence."""
    dates = date_of(j.judged, j.evidence, j.decision.code, j.policy).set
    return wording.sentence(wording.Context(j.judged, j.evidence, j.decision, j.effect, (), dates, j.policy))


def date_of(judged: Judged, evidence: Evidence | None, code: str, policy: Policy) -> ChangeDate:
    """When the level moved: where a step or a change of level is seen, or the verdict is about a step."""
    rollout = judged.rollout_label
    if evidence is None:
        return ChangeDate(rollout, (), None, None)
    level_moved = min(evidence.p_better, evidence.p_worse) < policy.level_alpha(evidence.fewest)
    dating = wording.dating_of(evidence, code)
    if not (dating.seen or level_moved or dating is not evidence.date):
        return ChangeDate(rollout, (), None, None)
    # several events may fall on one period
    labels = tuple(dict.fromkeys(judged.axis_label(int(i)) for i in dating.step.credible_set(POLICY.date_level)))
    return ChangeDate(rollout, labels, dating.at_rollout, dating.includes_rollout)


def rows_of(judged: Judged) -> Rows:
    """The account of the rows; those that are drawn but not judged are left out by choice."""
    rows, drawn_only = judged.points.rows, drawn_rows(judged, judged.washout | judged.trigger)
    return Rows(rows.read, rows.used - drawn_only, rows.missing, rows.excluded + drawn_only, rows.dropped)


def drawn_rows(judged: Judged, which: NDArray[np.bool_]) -> int:
    """Rows that hold a value at some points and are not excluded already; a subgroup has several."""
    points = judged.points
    values = points.count[:, None] if isinstance(points, Counts) else points.values
    return int(np.isfinite(values[which & ~points.excluded]).sum())
