"""When can hypercare end? The exit criteria, as a file that people edit and a program checks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import plan_words as words
from .declared import other, tables, text
from .reader import Reading

SCHEMA: Final = "sigmatool.exit-criteria/1"
INDICES: Final = ("cp", "cpk", "cpl", "cpu", "cpm", "cpkm", "pp", "ppk", "ppl", "ppu")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A capability whose lower confidence bound must reach a value."""

    index: str = other("choice", ", ".join(INDICES), "ppk", INDICES)
    at_least: float = other("number", "what the lower end of its 95 % interval must reach", 1.0)
    study: str = text("capability study saved as .json; default the stage after in the review")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What only a person can say."""

    id: str = text("short name", runs=True)
    what: str = text("what is declared", runs=True)
    by: str = text("who says so; empty: not declared yet")
    date: dt.date | None = other("date", "when it was declared")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """The exit criteria of hypercare. Paths are from the folder of the file; an empty one asks for nothing."""

    process: str = text("what is handed over")
    review: str = text("the review, saved as .json")
    verdicts: tuple[str, ...] = other("texts", "verdicts that are good enough; none: not asked", ())
    guards_unharmed: bool = other("flag", "no guard and no secondary metric got worse", True)
    requirement_met: bool = other("flag", "the specification is met, where the review was given one", True)
    state: str = text("state of the monitor")
    quiet_points: int | None = other("count", "points without a signal, of each characteristic, up to the newest")
    open_signals: bool = other("flag", "signals that nobody has acknowledged are allowed", False)
    control_plan: str = text("the control plan; every field that people fill in must be filled in")
    capability: tuple[Bound, ...] = tables(Bound)
    declared: tuple[Declaration, ...] = tables(Declaration)


def read_criteria(path: str | Path) -> Criteria:
    """Read exit criteria.

    Raises
    ------
    SettingsError
        The first fault, with file, line and field.
    """
    reading = Reading(path, SCHEMA, to_run=True)
    found: Criteria = reading.whole(Criteria)
    if found.verdicts and not found.review:
        reading.fault(["verdicts"], words.needs("review"))
    if found.quiet_points and not found.state:
        reading.fault(["quiet_points"], words.needs("state"))
    for i, bound in enumerate(found.capability):
        if not bound.study and not found.review:
            reading.fault(["capability", i], words.needs("study"))
    for i, item in enumerate(found.declared):
        if item.by and item.date is None:
            reading.fault(["declared", i, "by"], words.needs("date"))
        if item.id and item.id in [d.id for d in found.declared[:i]]:
            reading.fault(["declared", i, "id"], words.twice(item.id))
    reading.refuse()
    return found
