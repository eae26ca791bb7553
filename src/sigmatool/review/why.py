"""Why this verdict? The path through the decision table, and what would have changed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .decision import Decision, Step
from .evidence import Case
from .why_words import BESIDE, DATES, OTHERWISE, UNCHANGED, WOULD_TURN, p_held, points_held
from .words import QUESTION

MORE = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""How many more points are tried, as shares of those after the rollout."""


WITHIN: Final = frozenset({"IMPROVED_GRADUALLY", "IMPROVED_NOT_SUSTAINED", "CHANGE_CAME_LATER"})
"""Verdicts about what happens within the stage after: points that run it backwards would undo it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the path: what was asked, what the evidence said, and the verdict had it said the opposite.

    ``otherwise`` is empty where this answer alone would not have changed the verdict.
    """

    row: str
    question: str
    answer: str
    evidence: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class More:
    """What the verdict would become if further points showed the same as those after the rollout.

    ``points`` more give ``verdict``; None where none of the numbers tried changes it (``tried`` is the largest).
    """

    points: int | None
    verdict: str
    tried: int


@dataclass(frozen=True, slots=True)
class Why:
    """The path to a verdict.

    Attributes
    ----------
    verdict : str
    steps : tuple of Reason
        In the order in which the decision table asked.
    more : More or None
        None where there are too few points to be judged at all, or where the verdict is about what happens within the
        stage after (a gain being lost, a later change): no further points could show the same.
    """

    verdict: str
    steps: tuple[Reason, ...]
    more: More | None

    @property
    def more_text(self) -> str:
        """What further points showing the same would do, in words."""
        if self.more is None:
            return ""
        if self.more.points is None:
            return UNCHANGED.format(points=self.more.tried)
        return WOULD_TURN.format(points=self.more.points, verdict=self.more.verdict)

    def __str__(self) -> str:
        lines = [self.verdict]
        for place, step in enumerate(self.steps, 1):
            turned = OTHERWISE.format(code=step.otherwise) if step.otherwise else ""
            lines.append(f"{place}. {step.question} {step.answer} ({step.row}: {step.evidence}).{turned}")
        return "\n".join([*lines, self.more_text]).rstrip()


def why(decision: Decision, dates: str, controlled: bool, more: More | None) -> Why:
    """Put the path of a decision into words; ``dates`` is the set of dates of E5."""
    steps = []
    for step in decision.path:
        name = "step_controlled" if controlled and step.name == "step" else step.name
        turned = "" if step.otherwise == decision.code else step.otherwise
        answer = "Yes" if step.fact.holds else "No"
        steps.append(Reason(step.fact.id, QUESTION[name], answer, _evidence(step, dates), turned))
    return Why(decision.code, tuple(steps), more)


def _evidence(step: Step, dates: str) -> str:
    fact = step.fact
    if fact.id == "n" and fact.value is not None and fact.bound is not None:
        return points_held(int(fact.value), fact.bound)
    if fact.value is None or fact.bound is None:
        return DATES.format(dates=dates)
    told = p_held(fact.value, fact.bound, chance=fact.id == "E8")
    # "stable" holds where p is large, every other fact where it is small
    plain = (fact.value < fact.bound) != (step.name == "stable")
    return told if plain == fact.holds else f"{told}; {BESIDE[step.name, fact.holds]}"


def more_points(case: Case, code: str, verdict_on: Callable[[Case], str]) -> More:
    """Judge the case again with more points like those after the rollout, until the verdict changes for good.

    A change that the next larger number takes back again is the play of single points, and not told; nor is that more
    points would be too few.
    """
    after = int(case.after.sum())
    counts = sorted({_round(after * share) for share in MORE})
    told: tuple[int, str] | None = None
    for extra in counts:
        found = verdict_on(extended(case, extra))
        if told is not None and found == told[1]:
            return More(told[0], found, extra)
        told = None if found in (code, "INSUFFICIENT_DATA") else (extra, found)
    return More(None, code, counts[-1]) if told is None else More(told[0], told[1], counts[-1])


def _round(count: float) -> int:
    """A number that people say: at least 2, two digits."""
    size = 10 ** max(int(np.log10(max(count, 1))) - 1, 0)
    return max(int(round(count / size) * size), 2)


def extended(case: Case, extra: int) -> Case:
    """The case with ``extra`` more points that show the same as those after the rollout.

    Without a season the points after are run backwards and forwards, so that neighbours stay as alike as they
    are; with one, whole cycles are repeated.
    """
    after = np.flatnonzero(case.after)
    last = int(case.positions[-1])
    if case.season is None:
        turns = np.concatenate([after[::-1], after])
        source = np.resize(turns, extra)
        positions = last + 1 + np.arange(extra)
    else:
        source, positions = _cycles(case, after, extra)
    index = np.concatenate([np.arange(case.z.size), source])
    return replace(
        case,
        z=case.z[index],
        relative_sd=case.relative_sd[index],
        positions=np.concatenate([case.positions, positions]),
        after=case.after[index],
        calendar=None if case.calendar is None else {name: column[index] for name, column in case.calendar.items()},
        log_spread=None if case.log_spread is None else case.log_spread[index],
    )


def _cycles(case: Case, after: NDArray[np.int64], extra: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Points one or more whole cycles earlier; a position that has none stays a gap."""
    assert case.season is not None
    held = {int(case.positions[i]): int(i) for i in after}
    first, last = int(case.positions[after[0]]), int(case.positions[-1])
    back = max((last - first + 1) // case.season, 1) * case.season
    found = []
    for position in range(last + 1, last + 1 + extra):
        earlier = position - back * int(np.ceil((position - last) / back))
        if earlier in held:
            found.append((held[earlier], position))
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
