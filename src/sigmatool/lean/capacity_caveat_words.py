"""What a reader of a capacity check must know beside its numbers: each caveat with its sentence."""

from __future__ import annotations

import math

from ..caveats import Caveat
from ..charts.words import counted, number, percent


def few_periods(n: int) -> Caveat:
    """A small table."""
    text = f"{n} periods are few: the intervals and the chance of overload say little; give 12 or more."
    return Caveat("few-periods", text)


def unit_doubtful(typical: float, unit: str) -> Caveat:
    """A utilisation that no operation has."""
    text = (
        f"The typical utilisation is {percent(typical)}: are handling times really in {unit}, and are the hours those "
        "of one period?"
    )
    return Caveat("unit-doubtful", text)


def overloaded(over: int, n: int, backlog: float, projects: bool) -> Caveat:
    """More work than hours."""
    when = "With the hours of projects taken off" if projects else "Even without projects"
    text = (
        f"{when}, {over:,} of {counted(n, 'period')} brought more work than there were hours: in a steady state "
        f"waiting would grow without bound. Together they left {number(backlog)} hours of work to later periods."
    )
    return Caveat("overloaded-with-projects" if projects else "overloaded", text)


def formula_off(gap: float, formula: float, simulated: float, unit: str) -> Caveat:
    """The formula does not hold here."""
    if math.isfinite(gap):
        how = (
            f"gives {number(formula)} {unit} where the simulation of the periods one after another gives "
            f"{number(simulated)} ({percent(gap, 2)})"
        )
    else:
        how = f"knows no mean wait; the simulation of the periods one after another gives {number(simulated)} {unit}"
    text = (
        f"Do not trust the formula for the wait here: it {how}. It asks for a steady state in every period. The waits "
        "told are those of the simulation."
    )
    return Caveat("formula-off", text)


def spread_assumed() -> Caveat:
    """Nothing is known of the spread of handling times."""
    text = (
        "The spread of handling times is not given: it is taken as large as their mean (exponential). Give their "
        "standard deviation (handling_sd) for a better wait."
    )
    return Caveat("handling-spread-assumed", text)


def more_than_chance(ratio: float) -> Caveat:
    """Arrivals beyond Poisson."""
    text = (
        f"Arrivals differ between periods {number(ratio)} times as much (in variance) as chance alone would make them: "
        "busy and quiet periods are real. The chance of overload allows for it."
    )
    return Caveat("arrivals-overdispersed", text)


def less_than_chance(ratio: float) -> Caveat:
    """Arrivals by appointment."""
    text = (
        f"Arrivals differ between periods less than chance would make them ({number(ratio)} times its variance): are "
        "they by appointment, or averages? Then waits are shorter than told; give their spread (arrivals_scv)."
    )
    return Caveat("arrivals-underdispersed", text)


def not_whole() -> Caveat:
    """Averages or forecasts."""
    text = (
        "Some arrivals are not whole numbers: averages or forecasts scatter less than what will really come, and the "
        "chance of overload comes out too small."
    )
    return Caveat("arrivals-not-whole", text)


def dependent(r: float) -> Caveat:
    """Periods that resemble their neighbours."""
    text = (
        f"Neighbouring periods are alike (autocorrelation {number(r, 2)}): the intervals are widened for it, and the "
        "next period will resemble the last ones rather than the average."
    )
    return Caveat("autocorrelated", text)


def even_inside(hours: float) -> Caveat:
    """What a long period hides."""
    text = (
        f"Inside a period of {number(hours)} hours arrivals and staff are taken as even. Peaks inside it make real "
        "waits longer than these: use shorter periods, down to half an hour, to see them."
    )
    return Caveat("even-inside-periods", text)


def simulated_part(kept: int, n: int, part: float) -> Caveat:
    """A table too long to be simulated whole."""
    what = f"the last {kept:,} of {n:,} periods" if kept < n else "the periods"
    how = f", {percent(part)} of the time of each" if part < 1 else ""
    return Caveat("simulated-part", f"Only {what} were simulated{how}: there are more arrivals than a page waits for.")


def project_cells_empty(cells: int) -> Caveat:
    """Cells of an allocation table that were left empty."""
    text = f"{counted(cells, 'cell')} of projects in the allocation table had no entry and count as no hours."
    return Caveat("allocation-empty-hours", text)


def small_groups(merged: int, left_out: int, fewest: int) -> Caveat:
    """What is held back so that nobody is named."""
    text = (
        f"Groups of fewer than {fewest} people are never shown: {counted(merged, 'group')} joined as one, "
        f"{counted(left_out, 'row')} of the allocation table left out of every number, totals too."
    )
    return Caveat("allocation-small-groups", text)


def too_few_people(fewest: int) -> Caveat:
    """Nothing can be shown."""
    text = f"The allocation table has no group of {fewest} people or more in any period: nothing of it is shown."
    return Caveat("allocation-too-few-people", text)
