"""Registered plans, in words: whether a review kept to its plan, and how it departed from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..caveats import Caveat
from ..render.cells import plain_text
from .result import Check
from .words import counted, points

if TYPE_CHECKING:
    from .result import KeptPlan

MOST_SHOWN = 4
"""Places of a baseline that are named one by one."""


def option(name: str, planned: Any, used: Any) -> str:
    """A setting that is not the registered one."""
    return plain_text(f"{name} is {_given(used)}, registered was {_given(planned)}")


def _given(value: Any) -> str:
    if value is None or value == [] or value == ():
        return "left out"
    return ", ".join(str(v) for v in value) if isinstance(value, list | tuple) else str(value)


def rollout_moved(planned: str, used: str) -> str:
    """The rollout came at another time."""
    return plain_text(f"the rollout is {used}, planned for {planned}")


def points_differ(planned: int, found: int) -> str:
    """Judged at another number of points."""
    fewer = "fewer" if found < planned else "more"
    return f"judged with {points(found)} after the rollout, {abs(planned - found)} {fewer} than the {planned} planned"


def look_unplanned(found: int, planned: str) -> str:
    """A look between those registered."""
    return plain_text(f"a look at {points(found)} after the rollout that nobody planned (planned: {planned})")


def baseline_short(there: int, registered: int) -> str:
    """Points of the baseline are gone."""
    return f"{counted(there, 'point')} of the baseline are there before the rollout, {registered} were registered"


def baseline_changed(places: list[str], in_all: int) -> str:
    """Values of the baseline are not what they were."""
    named = ", ".join(places[:MOST_SHOWN]) + (f" and {len(places) - MOST_SHOWN} more" if places[MOST_SHOWN:] else "")
    return plain_text(f"the baseline is not the registered one: changed at {named} (of {in_all} registered points)")


def guards_differ(missing: list[str], added: list[str]) -> str:
    """Other guards than registered."""
    told = [f"left out: {', '.join(missing)}"] if missing else []
    told += [f"added: {', '.join(added)}"] if added else []
    return plain_text(f"other guards than registered ({'; '.join(told)})")


def excluded_since(labels: list[str]) -> str:
    """Points left out after the plan was registered."""
    named = ", ".join(labels[:MOST_SHOWN]) + (f" and {len(labels) - MOST_SHOWN} more" if labels[MOST_SHOWN:] else "")
    return plain_text(f"{counted(len(labels), 'point')} excluded after the plan was registered: {named}")


def kept_again(labels: list[str]) -> str:
    """Points that the plan leaves out, and that are judged."""
    named = ", ".join(labels[:MOST_SHOWN]) + (f" and {len(labels) - MOST_SHOWN} more" if labels[MOST_SHOWN:] else "")
    return plain_text(f"{counted(len(labels), 'point')} judged that the plan excludes: {named}")


def registered_late(seen: int) -> str:
    """Registered when the answer could have been known."""
    return f"the plan was registered when {points(seen)} after the rollout were there already"


def other_version(planned: str, used: str) -> str:
    """Another version of the method."""
    return plain_text(f"judged by sigmatool {used}, registered with {planned}")


def departures_told(kept: KeptPlan) -> Caveat:
    """All departures in one caveat."""
    told = "; ".join(d.text for d in kept.departures)
    count = counted(len(kept.departures), "departure")
    return Caveat("plan-departures", f"{count} from the plan registered by {_who(kept)}: {told}.")


def plan_check(kept: KeptPlan) -> Check:
    """The row of the report card."""
    cost = "Choices made after the result is known can bring any result about."
    if not kept.departures:
        return Check(
            "Registered plan", f"followed, with no departure ({plain_text(kept.file)}, registered by {_who(kept)})",
            cost, "Nothing to do.", "good",
        )  # fmt: skip
    told = "; ".join(d.text for d in kept.departures)
    return Check(
        "Registered plan", f"departed from ({plain_text(kept.file)}, registered by {_who(kept)}): {told}", cost,
        "Say why, for each, wherever the verdict is told.", "open",
    )  # fmt: skip


def plan_fact(kept: KeptPlan) -> str:
    """One line of the record."""
    told = "; ".join(d.text for d in kept.departures) or "none"
    return f"{plain_text(kept.file)}, registered by {_who(kept)}, SHA-256 {kept.sha256}; departures: {told}"


def _who(kept: KeptPlan) -> str:
    return plain_text(f"{kept.by}, {kept.at}")
