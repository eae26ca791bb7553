"""What a reader of a review must know beside its numbers: each caveat with its code and its sentence."""

from __future__ import annotations

from ..caveats import Caveat
from .words import points


def trigger_left_out(count: int, first: str, last: str) -> Caveat:
    """The stretch that set the rollout off."""
    text = (
        f"The rollout was started because results were bad, so the worst stretch before it ({count} points, {first} to "
        f"{last}) is drawn but not judged: it would have come back by itself."
    )
    return Caveat("trigger-left-out", text)


def season_not_modelled(season: int | str, span: int, cycles: float) -> Caveat:
    """A declared season that the points before do not show often enough."""
    text = (
        f"The declared season of {season} was not modelled: the {span} periods before the rollout hold fewer than "
        f"{cycles:g} of its cycles."
    )
    return Caveat("season-not-modelled", text)


def second_chart_frozen(name: str) -> Caveat:
    """The second chart stands on limits from a ledger."""
    whence = f" in {name}" if name else ""
    text = (
        f"The second chart stands on the limits frozen{whence}, not on those of the stage before; verdict, effect and "
        "evidence are computed from the data alone."
    )
    return Caveat("second-chart-frozen", text)


def default_worthwhile() -> Caveat:
    """Nobody said what would be worth having."""
    text = "No worthwhile effect was named; half a noise standard deviation stands in for it."
    return Caveat("default-worthwhile", text)


def target_distance() -> Caveat:
    """Better means nearer to the target."""
    text = (
        "Judged on the distance from the target: a move from one side of it to the other, as far off as before, is no "
        "change."
    )
    return Caveat("target-distance", text)


def near_copies() -> Caveat:
    """Autocorrelation that leaves little news in a point."""
    text = "Neighbouring points are nearly copies of each other; sample less often or wait longer for news."
    return Caveat("near-copies", text)


def look_not_planned(n_after: int, when: str, plan: str, due: int) -> Caveat:
    """A look between those planned; ``when`` is a key of :data:`LOOK_AT`."""
    text = (
        f"{points(n_after).capitalize()} after the rollout fall {LOOK_AT[when]} ({plan}). This look spends the share "
        f"of the one at {due}; it errs no more often only if no other look has spent it."
    )
    return Caveat("look-not-planned", text)


LOOK_AT = {
    "early": "before the first planned look",
    "between": "between two planned looks",
    "late": "after the last planned look",
}


def stream_missing(dropped: int, by: str, row: int) -> Caveat:
    """Rows that belong to no stream."""
    return Caveat("stream-missing", f"{dropped} rows name no {by} (the first is row {row}); they were dropped.")


def streams_alike(by: str) -> Caveat:
    """Streams that print the same."""
    return Caveat("streams-alike", f"Different values of {by} read alike as text; they are kept apart.")


def sites_always_live(sites: list[str]) -> Caveat:
    """Sites with points on one side of their go-live only."""
    text = (
        f"{', '.join(sites)}: no points on one side of the go-live, so no increment of its own; the site still tells "
        "how the periods went."
    )
    return Caveat("sites-always-live", text)


def no_control_site() -> Caveat:
    """Nobody stays as they were."""
    text = (
        "Every site goes live in the end: sites that are live already are compared with later ones, so that an effect "
        "that grows or fades is told less exactly than with a site that never goes live."
    )
    return Caveat("no-control-site", text)


def adoption_early(sites: list[str]) -> Caveat:
    """Some had begun before the day."""
    where = ", ".join(sites)
    text = f"Adoption is above zero before the go-live at {where}: the step understates the effect there."
    return Caveat("adoption-early", text)


def low_counts_merged(length: str, sides: tuple[int, int], left_out: int) -> Caveat:
    """Periods of few events, several at a time."""
    text = (
        f"There are few events a period, so that {length} at a time were judged as one block: {sides[0]} before the "
        f"rollout and {sides[1]} after it, counted outwards from it"
    )
    if left_out:
        text += f"; {left_out} period{'' if left_out == 1 else 's'} at the outer ends fill no block and were left out"
    return Caveat("low-counts-merged", f"{text}. The chart shows every period.")


def low_counts_between(before: int, after: int) -> Caveat:
    """Times between events in place of counts."""
    text = (
        f"There are few events a period, so that the time from event to event was judged: {before} gaps before the "
        f"rollout and {after} after it, counted outwards from it; several events of one period are taken as spread "
        "evenly over it. The chart shows every period."
    )
    return Caveat("low-counts-between", text)


def low_counts(proportion: bool, rates: list[float], needed: int) -> Caveat:
    """Neither way leaves enough."""
    what = "events or non-events" if proportion else "events"
    text = (
        f"There are too few {what} to judge ({rates[0]:.2g} a period before the rollout, {rates[1]:.2g} after): about "
        f"{needed} periods a side are needed, or longer periods."
    )
    return Caveat("low-counts", text)
