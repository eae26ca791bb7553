"""Secondary metrics, streams and guards, in words."""

from __future__ import annotations

from typing import Final

from .decision import CREDITED
from .words import points, probability

NOT_ENOUGH: Final = "There are not enough data to judge {metric}: {reason}."
NEVER_VARIES: Final = "it never varies in one of the stages"
GUARD: Final = {
    "harmed": "{name} got worse since the rollout.",
    "unharmed": "{name} did not get worse by as much as its margin.",
    "open": "{name} may or may not have got worse: the data cannot tell.",
}
"""What happened to a guard."""


def few_usable(before: int, after: int) -> str:
    """Why a metric cannot be judged."""
    return f"it has {before} usable points before and {after} after"


def guard_untold(name: str, before: int, after: int, least: int, constant: bool) -> str:
    """Why nothing can be said of a guard."""
    few = f"has only {points(before)} before and {after} after; {least} of each are needed"
    return f"{name} {'never varied' if constant else few}."


def adjusted_sentence(sentence: str, verdict: str, claimed: bool, p_adjusted: float, number: int, noun: str) -> str:
    """The sentence of a verdict, with what becomes of it among ``number`` metrics or streams."""
    among = f"{number} {noun}{'s' if number != 1 else ''}"
    if claimed:
        return f"{sentence[:-1]}; this holds after adjusting for {among}."
    if verdict == "STABILISED":
        return f"{sentence[:-1]}; not claimed: the adjustment for {among} is of levels, not of spread."
    if verdict in CREDITED:
        return f"{sentence[:-1]}; not claimed after adjusting for {among} (adjusted p = {probability(p_adjusted)})."
    return sentence
