"""Looking more than once, in words."""

from __future__ import annotations

from typing import Final

from .words import probability

UNPLANNED: Final = (
    "Looks nobody planned: E1 and E2 are always-valid p values, which hold however often one looked; they need about "
    "twice the evidence of a single look."
)
SINGLE_LOOK: Final = (
    "These are the rates of a single look at the usual levels; at a look that is held to stricter ones false claims "
    "are rarer and more changes are missed."
)


def planned_look(number: int, count: int, share: float) -> str:
    """Which look this is, and what it spends."""
    return (
        f"Look {number} of {count}: the levels of E1, E2 and E4 are {100 * share:.3g} % of those of a single look, so "
        "that all looks together err no more often than one."
    )


def however_often(which: str, p: float, shown: bool) -> str:
    """The always-valid answer; ``which`` is better or worse."""
    if not shown:
        return f"however often you have looked, no change of level is shown (p = {probability(p)})"
    told = f"p {probability(p)}" if p < 0.001 else f"p = {probability(p)}"
    return f"{which}, however often you have looked ({told})"
