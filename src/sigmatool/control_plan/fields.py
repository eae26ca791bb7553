"""What a control plan holds: the fields of the trade, and what makes them run: data source, frozen limits, reactions.

Field names follow the AIAG control plan; *data*, *limits*, *sop* and *review_again* are what a program needs beside.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from .declared import other, table, tables, text

SCHEMA: Final = "sigmatool.control-plan/1"

STAGES: Final = ("prototype", "pre-launch", "safe launch", "production")
BETTER: Final = ("lower", "higher", "target")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Where the points come from, and which columns hold what."""

    source: str = text("a file, a folder of files, or a database URL; from the folder of this plan", runs=True)
    query: str = text("of a database: one SELECT")
    sheet: str = text("of a workbook")
    value: str = text("column of the values, or of the count of events")
    size: str = text("column of the number inspected, or of the exposure")
    time: str = text("column that orders the points")
    subgroup: str = text("column of the subgroup")
    key: str = text("column that tells rows apart; needed where time or subgroup alone do not")
    since: str = text("first time or point that is judged; default after the points that the limits come from")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the customer asks for."""

    lsl: float | None = other("number", "lower specification limit")
    usl: float | None = other("number", "upper specification limit")
    target: float | None = other("number", "target")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What to do when one of the rules gives a signal; rules that no reaction names fall to the one that names none."""

    rules: tuple[str, ...] = other("texts", "rules that it answers; none: all others", ())
    hint: str = text("what such a signal hints at")
    ask: str = text("what to ask first")
    do: str = text("what to do")
    owner: str = text("who acts; default the owner of the characteristic")
    deadline: str = other("duration", "how soon, such as 4 hours or 2 days", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who agreed to the plan."""

    name: str = text("who")
    role: str = text("for whom, such as operations, project, quality")
    date: dt.date | None = other("date", "when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """One thing that is watched."""

    number: int = other("count", "number of the characteristic", 1)
    name: str = text("what is watched; the name that signals carry", runs=True)
    process_step: str = text("where in the process")
    machine: str = text("machine, tool or system")
    type: str = other("choice", "product or process", "process", ("product", "process"))
    special_class: str = text("special characteristic class")
    better: str = other("choice", "which way it improves", "", ("", *BETTER))
    measurement: str = text("how it is measured")
    msa: str = text("study that shows the measurement can be trusted")
    sample_size: str = text("how many units a point")
    frequency: str = text("how often")
    chart: str = text("kind of chart; that of the limits")
    rules: str = other("text", "rules in force; default those of the limits", "")
    limits: str = text("ledger of frozen limits; from the folder of this plan", runs=True)
    owner: str = text("who owns it in operations")
    sop: str = text("link to the work instruction")
    data: DataSource = table(DataSource)
    specification: Target = table(Target)
    reaction: tuple[Reaction, ...] = tables(Reaction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A control plan. Empty text fields are still to be filled in."""

    plan: str = text("number or name of the plan")
    revision: int = other("count", "raised with every change", 1)
    date: dt.date | None = other("date", "of this revision")
    stage: str = other("choice", ", ".join(STAGES), "safe launch", STAGES)
    process: str = text("what it covers")
    owner: str = text("process owner in operations")
    team: tuple[str, ...] = other("texts", "who made it", ())
    review_again: dt.date | None = other("date", "when plan and limits are looked at again")
    approval: tuple[Approval, ...] = tables(Approval)
    characteristic: tuple[Characteristic, ...] = tables(Characteristic)

    def open_fields(self) -> tuple[str, ...]:
        """What people still have to fill in before operations can work by it, as dotted names."""
        found = [name for name in ("plan", "owner") if not getattr(self, name)]
        for c in self.characteristic:
            found += [f"{c.name or c.number}.{n}" for n in ("measurement", "owner", "sop") if not getattr(c, n)]
            found += [f"{c.name or c.number}.reaction.deadline" for r in c.reaction if not r.deadline][:1]
        return tuple(found)
