"""Should the limits be recalculated? The answer in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..caveats import Caveat
from ..charts.words import counted, number, percent, shown
from .diff_words import half

if TYPE_CHECKING:
    from ..render.document import Tone
    from .advise_result import Advice
    from .moved import Moved

ENOUGH: Final = 20
"""Points from which limits are worth freezing."""

QUESTIONS: Final = {
    "changed": "Has the process changed?",
    "cause": "Is the cause known?",
    "wanted": "Is the change wanted?",
    "lasting": "Will it last?",
    "enough": "Are there enough points?",
}
NEW: Final = "new points"
"""What the chart names where they begin."""
ANSWERS: Final = {True: "yes", False: "no", None: "not known"}
MISSING: Final = {
    "cause": "what the cause is (cause)",
    "wanted": "whether the change is wanted (wanted)",
    "by": "who says so (by)",
}
TONES: Final[dict[str, Tone]] = {"keep": "good", "recalculate": "neutral", "wait": "open", "answer first": "open"}

NO_CHANGE: Final = "the new points agree with the frozen limits: limits are not moved without a reason"
FEW: Final = "so few points do not tell whether the process has changed"
NO_EVIDENCE: Final = "the entry does not hold what it takes to tell whether the process has changed"
UNWANTED: Final = (
    "{by} says that the change is not wanted: limits stay, so that it goes on being seen; act on the cause ({cause})"
)
SETTLED: Final = "the process has changed; {by} names the cause ({cause}) and says that it is wanted"
SHORT: Final = "limits want {enough} points or more; there are {points}"
UNSETTLED: Final = (
    "the points since are not one steady process ({stability}): limits from them would not hold; wait until it has "
    "settled, and for {enough} points from there on (since names the moment)"
)
LIMITS_FIT: Final = "the points since are one stable process, and there are enough of them"


def shares_points() -> Caveat:
    """New points that the limits were made from."""
    text = (
        "Some of the new points are among those that the frozen limits were estimated from: a change shows less than "
        "it is; let since name a later point."
    )
    return Caveat("shared-points", text)


def unanswered(missing: tuple[str, ...]) -> str:
    """What a named person has yet to say."""
    told = [MISSING[name] for name in missing]
    listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return f"the process has changed, and it is not said {listed}"


def other_metric(name: str, of: str, here: str) -> str:
    """Limits of something else."""
    return f"{name} holds the limits of {of!r}, and these points are {here!r}: name the column they belong to (value)."


def not_judged(kind: str) -> str:
    """A kind whose points do not stand for themselves."""
    return (
        f"limits of kind {kind} cannot be advised on: each of its points remembers others, or has a law of its own; "
        "chart the same values as i-mr, and freeze and advise on that."
    )


def nothing_new(name: str, last: str) -> str:
    """A table that ends where the limits were made."""
    return f"the table holds no point after {last}, the last that {name} was estimated from: add the new points."


def same_table(name: str) -> str:
    """The very points of the limits, without a word of which are new."""
    return (
        f"the table holds the very points that the limits in {name} were estimated from: add the new ones, and say "
        "where they begin (since), or name the column of the time (time)."
    )


def sentence(found: Advice) -> str:
    """The advice in one sentence."""
    what = {
        "keep": "Keep the limits",
        "recalculate": "Recalculate the limits",
        "wait": "Wait before the limits are recalculated",
        "answer first": "Answer first",
    }[found.advice]
    return f"{what}: {found.reasons[0]}."


def next_action(found: Advice) -> str:
    """What to do now."""
    if found.advice == "recalculate":
        return "Freeze the new limits with the command beneath; nothing is changed until somebody does."
    if found.advice == "wait":
        return f"Collect {counted(found.more_points, 'more point')} at least, and ask again."
    if found.advice == "answer first":
        return f"Let a named person say {', '.join(MISSING[name] for name in found.missing)}."
    return "Leave the limits as they are." if found.changed is False else "Act on the cause; the limits stay."


def changed_detail(found: Advice) -> str:
    """The evidence of a change."""
    parts = [_level(found.centre, found)]
    if found.sigma.interval is not None and found.sigma.ratio is not None:
        e = found.sigma.interval
        ends = f"{shown(e.low, half(e), more=1)} to {shown(e.high, half(e), more=1)}"
        parts.append(f"sigma {number(found.sigma.ratio)} times the frozen one ({percent(found.level)} interval {ends})")
    expected = found.points * found.beyond_chance
    parts.append(
        f"{found.beyond_told} (by chance {number(expected, 2)}, p {number(found.beyond_p, 2)})"
        if found.beyond
        else found.beyond_told
    )
    return "; ".join(parts)


def _level(centre: Moved, found: Advice) -> str:
    moved = centre.difference or 0.0
    sign = "+" if moved > 0 else ""
    e = centre.interval
    if e is None:
        return f"level {sign}{number(moved, 4)} from the frozen centre ({centre.reason})"
    ends = f"{shown(e.low, half(e), more=1)} to {shown(e.high, half(e), more=1)}"
    return (
        f"level {sign}{shown(moved, half(e), more=1)} from the frozen centre ({percent(found.level)} interval {ends})"
    )


def declared(name: str, answer: str) -> str:
    """An answer that nobody can compute."""
    return f"declared by {name}" if name and answer else "to be answered by a named person"
