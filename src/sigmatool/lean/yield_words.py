"""The sentences of a study of yields that people read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..caveats import Caveat
from ..charts.words import counted, number, percent
from ..numbers.estimate import Estimate
from .pareto_words import listed
from .yield_study import Rolled, finding_of

if TYPE_CHECKING:
    from .yield_result import YieldStudy

TITLE: Final = "Yield of the steps, rolled together"

HOW: Final = (
    "RTY is the product of the first-time yields: the share of units that pass every step without rework or scrap. "
    "Steps are taken as independent of each other. The loss of a step is the negative logarithm of its yield; losses "
    "add up to the total defects per unit (TDPU)."
)

SHIFT_HOW: Final = (
    "Process Z has no shift. A shift of 1.5 (--shift 1.5) is a convention of Six Sigma for speaking of the short "
    "term; nothing in the data supports it."
)

CHANGE_HOW: Final = "Intervals of the steps' differences hold all at once."


def nothing(step: str, units: str) -> str:
    """No row is full."""
    return f"columns {step!r} and {units!r} hold no row that is full; there is no yield to compute."


def rows_missing(rows: int) -> Caveat:
    """Rows that are not full."""
    return Caveat("rows-missing", f"{counted(rows, 'row')} with an empty cell: left out, and counted as missing.")


def caveats_of(stages: tuple[Rolled, ...], defects: bool, rework: str | None, scrap: str | None) -> list[Caveat]:
    """What a reader must know beside the numbers."""
    noted = []
    if rework is None and scrap is None:
        noted.append(
            Caveat(
                "yield-from-defects",
                "Only defects are known: yields are exp(-DPU), which takes defects as falling on units at random. "
                "Defects in clusters leave more units whole than that.",
            )
        )
    elif rework is None:
        noted.append(
            Caveat(
                "no-rework",
                "Rework is not known: units that were mended count as right the first time, so that yields are upper "
                "bounds and the hidden factory stays hidden.",
            )
        )
    elif scrap is None:
        noted.append(Caveat("no-scrap", "Scrap is not known and taken as none: the final yield is 100 %."))
    uneven = list(dict.fromkeys(s.name for stage in stages for s in stage.steps if s.dispersion > 1))
    if uneven:
        most = max(s.dispersion for stage in stages for s in stage.steps)
        noted.append(
            Caveat(
                "overdispersed",
                f"Rows of {listed(uneven)} scatter more than chance allows (up to {number(most)} times): intervals "
                "are widened by as much.",
            )
        )
    return noted


def ends(e: Estimate, digits: int = 3) -> str:
    """An interval of shares."""
    return f"{percent(e.low, digits)} to {percent(e.high, digits)}"


def span(e: Estimate) -> str:
    """An interval of numbers; an end that does not exist is left open.

    Examples
    --------
    >>> span(Estimate(1.0, 0.5, 2.0)), span(Estimate(1.0, 0.5, float("nan")))
    ('0.5 to 2', '0.5 upwards')
    """
    if math.isnan(e.high) or math.isinf(e.high):
        return "" if math.isnan(e.low) else f"{number(e.low)} upwards"
    return f"up to {number(e.high)}" if math.isnan(e.low) else f"{number(e.low)} to {number(e.high)}"


def points(value: float) -> str:
    """A difference of shares, in points.

    Examples
    --------
    >>> points(0.0213), points(-0.1)
    ('+2.13 points', '−10 points')
    """
    return f"{'+' if value > 0 else ''}{number(100 * value)} points"


def point_ends(d: Estimate) -> str:
    """An interval of a difference of shares, in points.

    Examples
    --------
    >>> point_ends(Estimate(0.02, -0.01, 0.05))
    '−1 to 5 points'
    """
    return f"{number(100 * d.low)} to {number(100 * d.high)} points"


def headline(found: YieldStudy) -> str:
    """How many pass, what is hidden, where it is lost, and what changed."""
    now, level = found.now, number(100 * found.confidence)
    where = "" if len(found.stages) == 1 else f" {now.name}"
    told = [
        f"Right the first time through all {counted(len(now.steps), 'step')}{where}: {percent(now.rolled.value)} "
        f"({level} % interval {ends(now.rolled)})."
    ]
    if len(now.steps) == 1:
        told[0] = told[0].replace("through all 1 step", "")
    if now.hidden is not None and now.hidden.value > 0 and now.final is not None:
        told.append(
            f"{percent(now.final)} come out good in the end: {percent(now.hidden.value)} only after rework (the "
            "hidden factory)."
        )
    worst = now.worst
    if len(now.steps) > 1 and worst.loss > 0:
        others = [s.name for s in now.steps if s.could_be_worst and s.name != worst.name]
        share = f" ({percent(worst.loss_share)} of all loss)" if worst.loss_share == worst.loss_share else ""
        told.append(
            f"Most is lost at {worst.name}{share}"
            + (f", though as much could be lost at {listed(others)}." if others else ", and that is sure.")
        )
    if found.change is not None:
        told.append(changed(found))
    return " ".join(told)


def changed(found: YieldStudy) -> str:
    """The difference of the rolled yield, in a sentence."""
    d = None if found.change is None else found.change.rolled
    if d is None:
        return ""
    verb = {"rose": "rose", "fell": "fell", "open": "changed"}[finding_of(d)]
    beside = ", which may be chance" if finding_of(d) == "open" else ""
    size = points(d.value) if finding_of(d) == "open" else f"{number(100 * abs(d.value))} points"
    return f"The yield of all steps {verb} by {size} ({point_ends(d)}){beside}."


def alt(found: YieldStudy) -> str:
    """The picture for those who cannot see it."""
    told = ", ".join(f"{s.name} {percent(s.first_time.value)}" for s in found.now.steps[:8])
    return f"First-time yield by step: {told}; rolled {percent(found.now.rolled.value)}."
