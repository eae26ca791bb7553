"""What a reader of a comparison must know beside its numbers: each caveat with its code and its sentence."""

from __future__ import annotations

from ..caveats import Caveat


def against_frozen_limits(name: str) -> Caveat:
    """Stages are held against limits from a ledger."""
    whence = f" in {name}" if name else ""
    text = (
        f"Levels and points are also held against the limits frozen{whence}; what differs between the stages is "
        "computed from the points alone."
    )
    return Caveat("against-frozen-limits", text)


def taken_as_known(method: str, scattered: bool) -> str:
    """The method of a difference from a frozen centre."""
    method += ", widened by the frozen sigma z" if scattered else ""
    return f"{method}, the frozen centre taken as known" if method else "none: it never varies"


def dependent_points(r: float, plain: str, reason: str, of_counts: bool) -> Caveat:
    """The account that allows for dependence leads; ``plain`` is the method it stands beside."""
    text = (
        f"Neighbouring points may depend on each other (their autocorrelation is about {r:.2f}). Beside {plain}, which "
        f"takes each for news of its own, an account that allows for it is another answer ({reason}) and leads"
    )
    typical = "; its levels are those of a typical point, not of the totals" if of_counts else ""
    return Caveat("dependent-points", f"{text}{typical}.")


def overdispersion(times: str, plain: str, reason: str) -> Caveat:
    """The account that allows for scatter leads."""
    text = (
        f"The points vary more than their counts alone would let them ({times} times the variance). Beside {plain}, "
        f"which takes the totals as one sample, an account that allows for it is another answer ({reason}) and leads."
    )
    return Caveat("overdispersion", text)


def dependent_spread(plain: str, reason: str) -> Caveat:
    """The account of the spread that allows for dependence leads; without a reason of several groups."""
    text = "The spread of points that depend on their neighbours is known less well: an account that allows for it is"
    other = f"another answer ({reason})" if reason else f"another answer than {plain}"
    return Caveat("dependent-spread", f"{text} {other} and leads.")


def dependence_unknown(counted: bool, reason: str) -> Caveat:
    """Nobody could look."""
    asked = "points vary more than chance" if counted else "neighbouring points depend on each other"
    return Caveat("dependence-unknown", f"Whether {asked} was not looked at: {reason}.")


def too_many_pairs(most: int) -> Caveat:
    """More pairs than dependence is looked at in."""
    text = f"Whether points depend on each other was not looked at: there are more than {most} pairs."
    return Caveat("dependence-unknown", text)


def subgroup_means() -> Caveat:
    """What the level compares."""
    text = (
        "The level compares the means of subgroups, since values taken together are alike; spread and capability "
        "compare the single values."
    )
    return Caveat("subgroup-means", text)


def group_missing(rows: int, name: str, first: int) -> Caveat:
    """Rows of no group."""
    return Caveat("group-missing", f"{rows} rows have no {name} (the first is row {first}); they were left out.")


def not_computed(question: str, reason: str) -> Caveat:
    """A question that the data cannot answer; ``reason`` is a sentence."""
    return Caveat(f"{question.replace(' ', '-')}-not-computed", f"{question.capitalize()}: {reason}")


def unpaired_dropped(account: str) -> Caveat:
    """Rows without a partner."""
    return Caveat("unpaired-dropped", f"{account}.")
