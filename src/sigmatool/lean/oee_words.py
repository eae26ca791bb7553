"""The sentences of a study of equipment effectiveness that people read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..charts.words import counted, number, percent
from ..numbers.estimate import Estimate
from .oee_study import Effectiveness
from .yield_study import finding_of
from .yield_words import point_ends, points

if TYPE_CHECKING:
    from .oee_result import Oee

TITLE: Final = "Overall equipment effectiveness (OEE)"

NAMES: Final = {"availability": "availability", "performance": "performance", "quality": "quality", "oee": "OEE"}

FORMULAS: Final = (
    "Availability is run time over planned time; performance is ideal cycle x units over run time; quality is ideal "
    "cycle x good units over ideal cycle x units; OEE is their product. Every ratio is one of sums over the periods."
)

NAMED: Final = 8
"""Rows that a sentence lists."""

APART: Final = 0.0005
"""Difference of two OEE that a page would show."""

WATERFALL: Final = "What is left of the planned time after each loss; the upper part of a bar is what was lost there"

CHART: Final = "Individuals chart of the periods' own OEE; its centre is their average, which is not the OEE of sums"


def nothing(planned: str, units: str) -> str:
    """No row is full."""
    return f"columns {planned!r} and {units!r} hold no row that is full; there is no period to judge."


def rows_missing(rows: int) -> Caveat:
    """Rows that are not full."""
    return Caveat("rows-missing", f"{counted(rows, 'row')} with an empty cell: left out, and counted as missing.")


def too_fast(rows: Sequence[int] | NDArray[np.int64], pace: NDArray[np.float64], cycle: NDArray[np.float64]) -> Caveat:
    """Units made faster than the ideal cycle."""
    shown = ", ".join(f"{row}" for row in list(rows)[:NAMED]) + (", ..." if len(rows) > NAMED else "")
    at = int(np.argmin(pace / cycle))
    which = "row" if len(rows) == 1 else "rows"
    return Caveat(
        "performance-above-100",
        f"Performance is above 100 % in {which} {shown} ({len(rows):,} in all): a unit took {number(float(pace[at]))} "
        f"there, less than its ideal cycle of {number(float(cycle[at]))}. The ideal cycle, the units or the downtime "
        "are wrong; until then performance and OEE are too high.",
    )


def free_name(taken: list[str]) -> str:
    """A name for the charted column that no column of the table has."""
    name = "OEE"
    while name in taken:
        name += "'"
    return name


def caveats_of(stages: Sequence[Effectiveness]) -> list[Caveat]:
    """What a reader must know beside the numbers."""
    noted = []
    for s in stages:
        mean = s.mean_of_ratios["oee"]
        where = "" if len(stages) == 1 else f" {s.name}"
        if abs(mean - s.oee.value) >= APART:
            noted.append(
                Caveat(
                    "average-of-ratios",
                    f"OEE{where} is {percent(s.oee.value, 4)}, of sums. The average of the periods' own OEE is "
                    f"{percent(mean, 4)}: it gives a short period the weight of a long one, and is not used.",
                )
            )
        if s.periods == 1:
            noted.append(Caveat("one-period", f"One period{where} shows no spread, so there is no interval."))
    return noted


def ends(e: Estimate) -> str:
    """An interval of shares, empty where there is none."""
    return "" if np.isnan(e.low) else f"{percent(e.low)} to {percent(e.high)}"


def with_ends(e: Estimate) -> str:
    """A share with its interval."""
    told = ends(e)
    return f"{percent(e.value)} ({told})" if told else percent(e.value)


def how(found: Oee) -> str:
    """The formulas, and how the intervals were found."""
    return f"{FORMULAS} Intervals: {found.now.oee.method}."


def headline(found: Oee) -> str:
    """OEE, its largest loss, and what changed."""
    now, level = found.now, number(100 * found.confidence)
    where = "" if len(found.stages) == 1 else f" {now.name}"
    interval = ends(now.oee)
    first = f"OEE{where}: {percent(now.oee.value)}" + (f" ({level} % interval {interval})" if interval else "") + (
        f" = availability {percent(now.availability.value)} x performance {percent(now.performance.value)} x quality "
        f"{percent(now.quality.value)}."
    )  # fmt: skip
    told = [first]
    largest = max(now.losses, key=lambda loss: loss.time)
    if largest.time > 0:
        told.append(f"The largest loss is {largest.name}: {percent(largest.share)} of the planned time.")
    if found.change is not None:
        told.append(changed(found.change["oee"]))
    return " ".join(told)


def changed(d: Estimate) -> str:
    """A difference of OEE, in a sentence."""
    if np.isnan(d.low):
        return f"Against before it is {points(d.value)}; too few periods for an interval."
    finding = finding_of(d)
    verb = {"rose": "OEE rose", "fell": "OEE fell", "open": "OEE changed"}[finding]
    size = points(d.value) if finding == "open" else f"{number(100 * abs(d.value))} points"
    beside = ", which may be chance" if finding == "open" else ""
    return f"{verb} by {size} ({point_ends(d)}){beside}."


def alt(found: Oee) -> str:
    """The picture for those who cannot see it."""
    told = ", ".join(f"{loss.name} {percent(loss.share)}" for loss in found.now.losses[:10])
    return f"From planned time to fully productive time ({percent(found.now.oee.value)}); lost: {told}."
