"""What a reader of a history must know beside its tables, in words."""

from __future__ import annotations

from ..caveats import Caveat


def several_chains(names: list[str], most: int = 6) -> Caveat:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return Caveat(
        "several-metrics",
        f"The reviews are of {len(names)} metrics, each a chain of its own: {', '.join(names[:most])}{more}.",
    )


def other_files(names: list[str], most: int = 6) -> Caveat:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return Caveat("not-reviews", f"Left out, since they are no reviews: {', '.join(names[:most])}{more}.")


def order_unknown(metric: str) -> Caveat:
    return Caveat(
        "order-unknown",
        f"The rollouts of {metric} are neither all dates nor all numbers: they stand in the order in which the files "
        "were given.",
    )


def broken(metric: str, number: int) -> Caveat:
    what = "one review does not start where the one before it ended"
    if number > 1:
        what = f"{number} reviews do not start where the one before ended"
    return Caveat(
        "chain-broken",
        f"{metric}: {what}. The total compares its two ends all the same; whether they belong to one record is for "
        "people to say.",
    )


def begins_later(metric: str, file: str, stages: int) -> Caveat:
    told = "an earlier stage" if stages == 1 else f"{stages} earlier stages"
    return Caveat(
        "earlier-stages",
        f"{metric}: {file} holds {told} before the one that its verdict starts from; the total starts there too.",
    )


def no_day() -> Caveat:
    return Caveat("no-day", "No day was given (at): which re-reviews are due was not asked.")


def no_interval(metric: str) -> Caveat:
    return Caveat("no-interval", f"{metric}: a stage has too few points for an interval, and so the total has none.")
