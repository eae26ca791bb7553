"""What a capacity check says, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..charts.words import counted, number, percent, rounded
from ..numbers.estimate import Estimate

if TYPE_CHECKING:
    from .allocation_study import Allocation
    from .capacity_result import CapacityCheck
    from .capacity_study import Use

PROCESS = "These data are about the process, never about a person: they must not be used to judge anyone."

NOTHING = 0.001
"""Share of the handling time below which a wait is not told to the digit."""

ACCOUNTS = ("without projects", "with projects")

BASIS = {
    "load": "The work of a further period is taken to be like that of the periods seen, whatever their staff.",
    "utilisation": (
        "Staff follow the work here: the work of a further period, for each hour planned for it, is taken to be like "
        "that of the periods seen."
    ),
}


def interval(e: Estimate, share: bool = False) -> str:
    """``78 % (75 to 81 %)``; without ends where there are none."""
    if not math.isfinite(e.value):
        return "without bound"
    one = percent if share else rounded
    if not (math.isfinite(e.low) and math.isfinite(e.high)):
        return f"{one(e.value, 3)} (no interval)"
    low = one(e.low, 3).removesuffix(" %") if share else rounded(e.low, 3)
    return f"{one(e.value, 3)} ({low} to {one(e.high, 3)})"


def amount(r: CapacityCheck, value: float) -> str:
    """A wait, which may have no bound, or be next to nothing."""
    if not math.isfinite(value):
        return "without bound"
    return rounded(value) if value >= NOTHING * r.study.handling else f"below {rounded(NOTHING * r.study.handling, 1)}"


def wait(r: CapacityCheck, e: Estimate) -> str:
    """A wait with its interval and unit."""
    told = amount(r, e.value)
    if told.startswith("below") or not math.isfinite(e.value):
        return f"{told} {r.unit}" if math.isfinite(e.value) else told
    return f"{interval(e)} {r.unit}"


def chance(p: float) -> str:
    """A chance; what is next to nothing is not told to the digit.

    Examples
    --------
    >>> chance(3e-6), chance(0.0193)
    ('below 0.1 %', '1.9 %')
    """
    return percent(p, 2) if p >= 0.001 else "below 0.1 %"


def account(r: CapacityCheck, i: int) -> str:
    """What an account is called."""
    return ACCOUNTS[i] if r.study.projects else "all hours"


def headline(r: CapacityCheck) -> str:
    """The whole in a few plain sentences: how busy, how long work waits, what projects change."""
    s, last = r.study, r.study.use[-1]
    p = r.periods
    if not s.projects:
        first = f"People are busy {interval(last.overall, True)} of their hours in {counted(p.n, 'period')}."
        return f"{first} {_wait_alone(r)} {_chance(last)}"
    base = s.use[0]
    first = (
        f"People are busy {interval(base.overall, True)} of their hours, and {percent(last.overall.value)} of what is "
        f"left when projects have taken theirs ({counted(p.n, 'period')})."
    )
    return f"{first} {_wait_both(r)} {_chances(base, last)}"


def growth(r: CapacityCheck, i: int) -> str:
    """What more work than hours means in the long run."""
    return f"the backlog grows by {number(r.growth(i))} hours of work in a period, and waiting without bound"


def _wait_alone(r: CapacityCheck) -> str:
    if r.growth(0) > 0:
        return f"More work comes than there are hours: {growth(r, 0)}."
    return f"Work waits {wait(r, r.study.queues.each[0].told)} on average."


def _wait_both(r: CapacityCheck) -> str:
    q = r.study.queues
    if r.growth(0) > 0:
        return (
            f"More work comes than there are hours: {growth(r, 0)}. With projects it grows by {number(r.growth(1))} "
            "hours."
        )
    alone = f"Work waits {amount(r, q.each[0].told.value)} {r.unit} on average without projects"
    if r.growth(1) > 0:
        return f"{alone}; with them more work comes than there are hours: {growth(r, 1)}."
    more = "" if q.difference is None else f", {wait(r, q.difference)} more"
    return f"{alone} and {amount(r, q.each[1].told.value)} with them{more}."


def _chance(use: Use) -> str:
    return f"The chance that a period brings more work than there are hours is {chance(use.mean_chance)}."


def _chances(base: Use, last: Use) -> str:
    return (
        f"The chance that a period brings more work than there are hours is {chance(base.mean_chance)} without "
        f"projects and {chance(last.mean_chance)} with them."
    )


def goal_line(r: CapacityCheck) -> str:
    """What the goal leaves for projects."""
    room, goal = r.study.room, r.goal
    if room is None or goal is None:
        return (
            "No goal is given, so nothing is said of how many hours projects could take: give one, such as --goal "
            "'80% in 20s' or --goal 30s."
        )
    what = (
        f"a mean wait of {goal.text}" if goal.share is None else f"the goal {goal.text}"
    )  # fmt: skip
    met = f"{percent(room.kept[0])} of the periods keep {what}"
    if r.study.projects:
        met += f" without projects, {percent(room.kept[1])} with them"
    middle = room.median
    if middle.value < 0:
        gives = f"A typical period is {number(-middle.value)} person-hours short of it"
    else:
        gives = f"A typical period could give projects {interval(middle)} person-hours before it passes the goal"
    nine = room.nine_of_ten
    if nine < 0:
        then = f"one period in ten is {number(-nine)} or more short even without projects"
    else:
        then = f"nine periods in ten could give {number(nine)}"
    rough = (
        ""
        if r.study.queues.by == "formula"
        else " These hours rest on the formula, which does not hold in every period."
    )
    return f"{met}. {gives}; {then}.{rough}"


def staff_line(r: CapacityCheck) -> str:
    """The people that the goal needs, beside those that arithmetic gives."""
    room = r.study.room
    if room is None:
        return ""
    typical, most = r.staff_needed
    return (
        f"By arithmetic alone the work of a typical period fills {number(r.people_busy)} people; the goal needs "
        f"{counted(typical, 'person') if typical == 1 else f'{typical:,} people'} in a typical period and {most:,} in "
        f"the busiest, beside those at projects. There are {number(float(r.typical_staff))}."
    )


def source_line(r: CapacityCheck) -> str:
    """Where the told waits come from, and how far formula and simulation lie apart."""
    q = r.study.queues
    from_where = (
        "The waits told are those of the formula, which agrees with the simulation"
        if q.by == "formula"
        else "The waits told are those of the simulation, as the formula does not hold here"
    )
    return (
        f"{from_where}. The formula (Allen-Cunneen on Erlang C) asks for a steady state inside each period; the "
        f"simulation runs through the periods one after another, {q.passes} times, starting empty, and hands on what "
        "is left waiting."
    )


def gap_told(gap: float) -> str:
    """How far the formula lies off."""
    if not math.isfinite(gap):
        return "no formula"
    sign = "+" if gap > 0 else ""
    return f"{sign}{percent(gap, 2)}"


def chance_line(r: CapacityCheck) -> str:
    """What the chance of overload rests on."""
    o = r.study.overload
    return (
        f"{BASIS[r.study.basis]} Work differs between periods by {percent(o.relative_sd, 2)} (standard deviation), of "
        f"which {percent(o.beyond_chance, 2)} is more than chance makes. A trend or a season is not foreseen."
    )


def allocation_line(a: Allocation) -> str:
    """How often more is promised than there is."""
    rows = f"rows (one {a.unit} in one period)"
    if not a.cells:
        return "Nothing of the allocation table can be shown without pointing at people."
    if not a.over_rows:
        return f"In none of {a.rows:,} {rows} is more work promised than there are hours."
    worst = a.worst
    where = "" if worst is None else f" Most hours over are in {worst.group}, {worst.period}: {number(worst.over)}."
    return (
        f"In {percent(a.share)} of {a.rows:,} {rows} more work is promised than there are hours, by "
        f"{number(a.hours_over)} hours in all.{where}"
    )


def pairs_line(a: Allocation) -> str:
    """How the pairs are to be read."""
    few = " A pair is told only where it concerns five people or more." if a.unit == "person" else ""
    return f"Where hours do not fit, the two kinds of work with the most hours are said to collide.{few}"


CURVE = (
    "The line is the formula for the average work as hours are taken away; dots are today's places on it. Crosses are "
    "the means over all periods: they lie higher where periods differ, as arrivals of busy periods wait longest."
)

INTERVALS = (
    "ratios of totals over periods, Student's t, waits on the scale of logarithms; widened where neighbours are alike"
)
