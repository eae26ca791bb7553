"""What the change is worth, in words that finance can sign."""

from __future__ import annotations

import math
from typing import Final

from ..numbers.estimate import Estimate
from ..render.numeral import Numeral
from .benefit import Benefit
from .words import number

CAPTION: Final = "What the change is worth; the interval is that of the change itself"
COLUMNS: Final = ("", "for each", "value", "95 % interval")
BOOK: Final = {
    "booked": "Book {amount} per {per}: the lower bound of what the change is worth.",
    "provisional": "Book {amount} per {per} provisionally: the lower bound, until the next review confirms the "
    "new level.",
    "not credited": "Nothing is booked: the verdict ({verdict}) does not credit the rollout with an improvement.",
    "nothing certain": "Nothing is booked: the rollout is credited, but the lower bound of what it is worth is not "
    "above zero.",
}
STATUS: Final = {
    "booked": "the lower bound", "provisional": "the lower bound, provisionally", "not credited": "not credited",
    "nothing certain": "the lower bound is not above zero",
}  # fmt: skip
HARM: Final = "The change is for the worse: it costs {amount} per {per} ({ends})."
ASSUMED: Final = (
    "Taken as known: {amount} for {of}{volume}{calendar}. An error in these moves the benefit in proportion and is not "
    "in its interval; only money that leaves or enters the accounts is a saving."
)
NO_DATES: Final = "The time axis has no dates, so nothing is told for a year."


def amount(value: float, unit: str) -> str:
    """Money in three digits, four from a thousand on."""
    sign = "−" if value < 0 else ""
    return Numeral(f"{sign}{number(abs(value), 4)} {unit}", value) if math.isfinite(value) else "–"


def ends(e: Estimate, unit: str) -> str:
    """An interval; an end that does not exist is told as none."""
    if math.isnan(e.low) and math.isnan(e.high):
        return "no bounds"
    return f"{amount(e.low, unit)} to {amount(e.high, unit)}"


def booked(b: Benefit, verdict: str) -> str:
    """What may be booked, or why nothing may."""
    return BOOK[b.status].format(amount=amount(b.booked, b.unit), per=b.per, verdict=verdict)


def harm(b: Benefit, verdict: str) -> str:
    """Harm is told as a cost."""
    if b.value is None or b.value >= 0:
        return ""
    cost = Estimate(-b.value, -_end(b.high), -_end(b.low))
    if verdict in ("DETERIORATED", "IMPROVED_NOT_SUSTAINED"):
        return HARM.format(amount=amount(cost.value, b.unit), per=b.per, ends=f"95 % interval {ends(cost, b.unit)}")
    return (
        f"On average the level moved for the worse, which comes to {amount(cost.value, b.unit)} per {b.per} (95 % "
        f"interval {ends(cost, b.unit)})."
    )


def _end(value: float | None) -> float:
    return math.nan if value is None else value


def assumed(b: Benefit, counted: bool) -> str:
    """What the sum takes for granted."""
    of = "each event" if counted else "each unit of the metric"
    volume = f", {number(b.volume, 4)} items per {b.step}" if b.volume != 1 else ""
    calendar = "" if b.a_year is None else f", {number(b.a_year, 4)} periods a year"
    text = ASSUMED.format(amount=amount(b.amount, b.unit), of=of, volume=volume, calendar=calendar)
    return text if b.a_year is not None else f"{text} {NO_DATES}"


def payback(b: Benefit) -> str:
    """How long until the project has paid for itself."""
    if b.project_cost is None:
        return ""
    cost = amount(b.project_cost, b.unit)
    p = b.payback
    if p is None or b.status == "not credited":
        return f"No payback of the project cost ({cost}) is told: no benefit is credited."
    slow = "never, at worst" if math.isnan(p.high) else f"{number(p.high)} {b.per}s at the lower bound"
    return f"The project cost ({cost}) is paid back in {number(p.value)} {b.per}s; {slow}."


def rows(b: Benefit) -> list[tuple[str, ...]]:
    """The table: each period, each year, and the cost of poor quality."""
    found: list[tuple[str, ...]] = [("change of level", b.step, amount(b.period.value, b.unit), ends(b.period, b.unit))]
    if b.a_year is not None and b.value is not None:
        year = Estimate(b.value, _end(b.low), _end(b.high))
        found.append(("change of level", b.per, amount(year.value, b.unit), ends(year, b.unit)))
    q = b.poor_quality
    if q is not None:
        found += [
            (f"cost of poor quality {name}", q.per, amount(e.value, b.unit), ends(e, b.unit))
            for name, e in (("before", q.before), ("after", q.after))
        ]
    return found
