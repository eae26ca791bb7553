"""What a reader of a study of flow must know beside its numbers: each caveat with its code and its sentence."""

from __future__ import annotations

from typing import Final

from ..caveats import Caveat
from ..charts.words import number, percent

REASONS: Final = {
    "start-unreadable": "the start cannot be read",
    "end-unreadable": "the end cannot be read",
    "year-implausible": "a stamp lies outside the years 1900 to 2100",
    "zones-mixed": "a stamp has a time zone where the others have none, or none where they have one",
    "item-repeated": "the item stands in an earlier row with the same stamps",
    "item-contradicted": "the item has several rows with different stamps",
    "end-before-start": "the end lies before the start",
    "start-after-as-of": "the start lies after the moment of the study",
    "end-after-as-of": "the end lies after the moment of the study",
}
"""Why rows are not used."""


def bad_stamps(code: str, count: int, first: int) -> Caveat:
    """Rows that are not used."""
    told = f"Row {first} is" if count == 1 else f"{count:,} rows (the first is row {first}) are"
    return Caveat(f"stamps-{code}", f"{told} in no number: {REASONS[code]}.")


def dates_doubtful(name: str, doubt: str) -> Caveat:
    """Dates that can be read in two ways."""
    return Caveat("dates-doubtful", f"Column {name!r}: {doubt}")


def offsets(names: tuple[str, str], count: int) -> Caveat:
    """Several zones in one column."""
    return Caveat(
        "time-zones",
        f"The stamps of {names[0]!r} and {names[1]!r} carry {count} different time zones; all were brought to UTC.",
    )


def stamps_are_dates() -> Caveat:
    """No time of the day."""
    return Caveat(
        "stamps-are-dates",
        "The stamps are days without a time: cycle times are whole days, and 0 for an item that ends on the day it "
        "starts.",
    )


def as_of_alone(row: int, moment: str, days: float) -> Caveat:
    """The moment of the study rests on one stamp."""
    return Caveat(
        "as-of-doubtful",
        f"Open items are aged at the last stamp of the table, {moment} (row {row}), which lies {number(days)} days "
        "after the one before; if it is a slip, give as_of.",
    )


def start_missing(count: int) -> Caveat:
    """Rows without a start."""
    rows = "1 row has" if count == 1 else f"{count:,} rows have"
    return Caveat("start-missing", f"{rows} no start; when nothing tells how long an item took, it is in no number.")


def not_reached(share: float, censored: int, n: int) -> Caveat:
    """The curve does not come down to a percentile."""
    return Caveat(
        "percentile-not-reached",
        f"The time by which {percent(share)} are finished cannot be told yet: {censored:,} of {n:,} items are still "
        "open, and too few have been watched for so long.",
    )


def only_finished() -> Caveat:
    """The table may hold finished items alone."""
    return Caveat(
        "only-finished",
        "No item is open. If the open ones were left out of the table, the items that started last are only the quick "
        "ones, and every percentile is too low: put the open ones in, with an empty end.",
    )


def wip_not_steady(first: float, second: float) -> Caveat:
    """Little's law in its usual form supposes a steady process."""
    return Caveat(
        "wip-not-steady",
        f"Work in process was {number(first)} items on average in the first half of the window and {number(second)} in "
        "the second: it is not steady, so that today's work in process divided by throughput does not forecast the "
        "next cycle time.",
    )


def neighbours_alike(r: float) -> Caveat:
    """Items share good and bad weeks."""
    return Caveat(
        "items-not-independent",
        f"Items that start one after the other take similar times (rank correlation {number(r, 2)}): they share good "
        "and bad weeks, and the intervals, which take items for independent, are too narrow.",
    )


def touch_too_long(count: int, first: int) -> Caveat:
    """More work than time."""
    rows, are = ("1 row", "its") if count == 1 else (f"{count:,} rows", "their")
    return Caveat(
        "touch-exceeds-time",
        f"{rows} claim more touch time than passed from start to end (the first is row {first}); {are} touch time is "
        "not used.",
    )


def calendar_time() -> Caveat:
    """Flow efficiency on the calendar's clock."""
    return Caveat(
        "calendar-time",
        "The time from start to end counts nights and weekends, the touch time does not: with one shift on five days, "
        "even work without any wait would show an efficiency of about a quarter.",
    )


def few_periods(per: str, count: int) -> Caveat:
    """Too few periods to tell how throughput varies."""
    periods = f"1 whole {per}" if count == 1 else f"{count} whole {per}s"
    return Caveat("few-periods", f"The window holds {periods}; throughput has no interval from fewer than 3.")


def straddling(count: int, by: str) -> Caveat:
    """Items on both sides of a rollout."""
    items = "1 item was" if count == 1 else f"{count:,} items were"
    if by == "exposure":
        text = (
            f"{items} under way at the rollout; the time before it counts as before, the time after it as after, among "
            "items of the same age."
        )
    else:
        text = (
            f"{items} under way at the rollout and {'counts' if count == 1 else 'count'} as before, by "
            f"{'its' if count == 1 else 'their'} start, though what came after it also touched "
            f"{'it' if count == 1 else 'them'}: a true change looks smaller. By exposure, their time is split at it."
        )
    return Caveat("items-straddle", text)


def few_on_a_side(name: str, finished: int) -> Caveat:
    """Too little to compare."""
    return Caveat("few-finished", f"Only {finished:,} items {name} the rollout are finished: its curve is rough.")


def after_is_young(longest: float, unit: str) -> Caveat:
    """Items after a rollout have not had the time to be slow."""
    return Caveat(
        "after-is-young",
        f"No item after the rollout has been watched for more than {number(longest)} {unit}; whether it has fewer very "
        "slow ones cannot be seen yet.",
    )
