"""The sentences of a review that people read, kept together so that a translation is one file."""

from __future__ import annotations

import math
from typing import Final

from ..charts.words import counted, number, percent, probability, whole
from ..render.document import Tone
from ..render.numeral import Numeral

__all__ = [
    "ACTION",
    "AFTER_TITLE",
    "HOW_OFTEN_WRONG",
    "QUESTION",
    "SENTENCE",
    "SLOWED",
    "TONE",
    "TURN",
    "WOULD_CHANGE",
    "counted",
    "moved",
    "number",
    "percent",
    "points",
    "probability",
    "whole",
]

SENTENCE: Final = {
    "IMPROVED_STABLE": "{metric} is better since the rollout and runs steadily at the new level.",
    "IMPROVED_PROVISIONAL": "{metric} is better since the rollout; there are too few points yet to call the new level stable.",
    "IMPROVED_NOT_STABLE": "{metric} is better since the rollout, but the new level is not yet stable.",
    "IMPROVED_GRADUALLY": "{metric} began to improve at the rollout and got better step by step.",
    "IMPROVED_AGAINST_TREND": "{metric} is better than the trend before the rollout led to.",
    "IMPROVED_NOT_SUSTAINED": "{metric} got better at the rollout, but the gain is being lost again.",
    "BETTER_CAUSE_OPEN": "{metric} is better than before, but a trend that was already running cannot be ruled out as the cause.",
    "CHANGE_CAME_LATER": "{metric} is better, but the change came after the rollout, about {date}.",
    "NOT_ATTRIBUTABLE": "{metric} changed, but not because of this rollout: {why}.",
    "STABILISED": "{metric} has measurably the same average, but varies less since the rollout.",
    "DESTABILISED": "{metric} has measurably the same average, but {how} since the rollout.",
    "DETERIORATED": "{metric} is worse since the rollout.",
    "NO_WORTHWHILE_CHANGE": "Any change in {metric} is smaller than the change that was called worthwhile.",
    "NO_DETECTABLE_CHANGE": "No change in {metric} can be shown, although the data were enough to see a worthwhile one.",
    "INSUFFICIENT_DATA": "There are not enough data to see a worthwhile change in {metric}.",
}

ACTION: Final = {
    "IMPROVED_STABLE": "Hand over to operations with a control plan, and freeze the new limits.",
    "IMPROVED_PROVISIONAL": "Keep hypercare; judge again after {more}.",
    "IMPROVED_NOT_STABLE": "Keep hypercare; find the special causes ({cause}), then judge again.",
    "IMPROVED_GRADUALLY": "Keep hypercare until the level is flat; then judge again with a wash-out.",
    "IMPROVED_AGAINST_TREND": "Keep the change; find what drives the adverse trend{ended}, then judge again.",
    "IMPROVED_NOT_SUSTAINED": "Do not close. Find which practice has lapsed, train or lock it again, and judge again.",
    "BETTER_CAUSE_OPEN": "Use the result, but do not book the benefit yet: add an untouched control series or more points.",
    "CHANGE_CAME_LATER": "Check whether the rollout was really complete only then; otherwise look for the other cause.",
    "NOT_ATTRIBUTABLE": "Do not credit the project; look for the cause {where}.",
    "STABILISED": "Hand over the steadier process with a control plan; treat the level as a goal of its own.",
    "DESTABILISED": "Investigate what made operations less steady; consider rolling back.",
    "DETERIORATED": "Escalate: roll back or fix, and judge again.",
    "NO_WORTHWHILE_CHANGE": "Close as no effect, or change the solution; more data will not help.",
    "NO_DETECTABLE_CHANGE": "Review the solution; do not book a benefit.",
    "INSUFFICIENT_DATA": "Collect about {needed} in each stage, then judge again.",
}

QUESTION: Final = {
    "worse": "Is the level worse than before?",
    "gained": "Is the level better than before?",
    "date": "Does the set of likely dates hold the rollout?",
    "later": "Did the level move only after the rollout?",
    "ramp": "Did a gradual change start at the rollout?",
    "step": "Is there a step at the rollout beyond a trend that ran anyway?",
    "step_controlled": "Against the untouched series: is there a step, or at least no trend that could feign one?",
    "trend": "Was it already getting better before the rollout?",
    "backslide": "Is the gain being lost again?",
    "stable": "Is the stage after one stable process?",
    "enough": "Are there enough points after the rollout to call it stable?",
    "against": "The level shows nothing: is there still a step for the better beyond a trend?",
    "adverse": "Was it getting worse before the rollout?",
    "date_in_trend": "Does that step lie at the rollout?",
    "more_spread": "Does it vary more than before?",
    "moved": "Did the level plainly move, but at another time?",
    "moved_better": "Was that move for the better?",
    "less_spread": "Does it vary less than before?",
    "lost_steadiness": "Has a stable process become unstable?",
    "small": "Is every worthwhile change ruled out?",
    "trend_alone": "Is a trend for the better itself plain?",
    "powered": "Were there enough points to see a worthwhile change?",
}
"""What each fact of the decision table asks."""

WOULD_CHANGE: Final = "What would change this verdict?"
TURN: Final = "{step.question} {step.answer} ({step.evidence}); otherwise {step.otherwise}."
HOW_OFTEN_WRONG: Final = "How often is such a verdict wrong?"

SLOWED: Final = (
    "Escalate, but do not roll back on this evidence: at the rollout itself the step was for the better, "
    "against a trend for the worse that was already running. Find what drives the trend."
)

TONE: Final[dict[str, Tone]] = {
    "IMPROVED_STABLE": "good",
    "IMPROVED_PROVISIONAL": "good",
    "IMPROVED_NOT_STABLE": "open",
    "IMPROVED_GRADUALLY": "good",
    "IMPROVED_AGAINST_TREND": "good",
    "IMPROVED_NOT_SUSTAINED": "bad",
    "BETTER_CAUSE_OPEN": "open",
    "CHANGE_CAME_LATER": "open",
    "NOT_ATTRIBUTABLE": "open",
    "STABILISED": "good",
    "DESTABILISED": "bad",
    "DETERIORATED": "bad",
    "NO_WORTHWHILE_CHANGE": "neutral",
    "NO_DETECTABLE_CHANGE": "neutral",
    "INSUFFICIENT_DATA": "neutral",
}


def points(count: int) -> str:
    """ "1 point", "2 points"."""
    return f"{count} point" if count == 1 else f"{count} points"


def moved(value: float, share: bool) -> str:
    """A difference with its sign; proportions in percentage points."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    told = f"{sign}{number(abs(value) * (100 if share else 1))}" + (" points" if share else "")
    return Numeral(told, value) if math.isfinite(value) else told


AFTER_TITLE: Final = "The stage after in six pictures"
