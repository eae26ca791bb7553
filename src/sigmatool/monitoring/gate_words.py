"""The exit criteria of hypercare, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ..charts.words import counted, number
from ..render.cells import plain_text

if TYPE_CHECKING:
    from .gate import Gate

GUARDS: Final = "No guard and no secondary metric got worse"
REQUIREMENT: Final = "The requirement is met"
ANSWERED: Final = "Every signal is acknowledged with its cause"
PLANNED: Final = "The control plan is complete and can run"
NOT_MONITORED: Final = "nothing is monitored yet: run sigmatool monitor"
NO_INDEX: Final = "there is no such index: give the review a specification, or name a capability study"
STATUS: Final = {"pass": "PASS", "fail": "FAIL", "not yet": "NOT\u00a0YET", "not asked": "not asked"}
CRITERIA: Final = "Exit criteria: computed, or declared by a named person"


def headline(found: Gate) -> str:
    """The answer in one sentence."""
    open_ = [item.id for item in found.items if item.status == "not yet"]
    failed = [item.id for item in found.items if item.status == "fail"]
    if failed:
        return plain_text(f"Hypercare of {found.process} must not end: failed {', '.join(failed)}.")
    if open_:
        return plain_text(f"Hypercare of {found.process} cannot end yet: open {', '.join(open_)}.")
    return plain_text(f"Hypercare of {found.process} can end: every criterion is met.")


def nothing_asked(name: str) -> str:
    """A file without a criterion."""
    return f"{name} asks for nothing: name a review, a state, a control plan, a capability or something declared."


def unreadable(name: str, problem: str) -> str:
    """A result that cannot be read."""
    return f"{name} cannot be read as a saved result ({problem[:120]}); save one with -o {name}."


def other_result(name: str, schema: str) -> str:
    """A file that holds something else."""
    return f"{name} is not a whole {schema} result; save one with -o {name}."


def verdicts(allowed: Sequence[str]) -> str:
    """Which verdicts are good enough."""
    return f"The verdict is one of {', '.join(allowed)}"


def guards(given: int, worse: Sequence[str], unsettled: Sequence[str]) -> str:
    """What became of the guards."""
    if not given:
        return "the review was given none"
    if worse:
        return f"worse: {', '.join(worse)}"
    return f"not settled: {', '.join(unsettled)}" if unsettled else f"{given} judged"


def bound(index: str, least: float) -> str:
    """A capability that is asked for."""
    return f"The lower 95 % bound of {index.capitalize()} reaches {number(least)}"


def interval(value: Any, low: float, high: Any) -> str:
    """A capability with its interval."""
    ends = f"{number(low)} to {number(high)}" if high is not None else f"{number(low)} upwards"
    return f"{number(value)} ({ends})"


def quiet(points: int, stream: str = "") -> str:
    """No signal for some time."""
    return f"{stream + ': n' if stream else 'N'}o signal in the last {points} points"


def since(points: int, last: str, inside: Sequence[dict[str, Any]]) -> str:
    """Signals among the newest points."""
    told = f"{counted(points, 'point')} up to {last}" if points else "no point yet"
    return told + (f"; {counted(len(inside), 'signal')}, the last at {inside[-1]['label']}" if inside else "")


def left_open(signals: int, left: Sequence[dict[str, Any]]) -> str:
    """Signals that nobody has acknowledged."""
    if left:
        return (
            f"{len(left)} of {counted(signals, 'signal')} open, the first at {left[0]['label']} (no. {left[0]['id']})"
        )
    return counted(signals, "signal") if signals else "no signal"


def planned(faults: Sequence[str], left: Sequence[str]) -> str:
    """What a control plan still lacks."""
    if faults:
        return faults[0]
    return f"to be filled in: {', '.join(left)}" if left else "every field is filled in"


def declared(by: str, date: dt.date | None, late: bool) -> str:
    """Who declared what, and when."""
    if not by:
        return "to be declared by a named person"
    return f"declared by {by}, {date}" + (": dated in the future" if late else "")


def alt(found: Gate) -> str:
    """The picture for those who cannot see it."""
    return plain_text(" ".join(f"{item.id}: {STATUS[item.status]}." for item in found.items))


def line(status: str, text: str, evidence: str) -> str:
    """A criterion in one line."""
    return plain_text(f"{STATUS[status]:<9} {text}: {evidence}")
