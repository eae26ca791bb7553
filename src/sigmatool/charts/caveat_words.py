"""What a reader of a chart must know beside its numbers: each caveat with its code and its sentence."""

from __future__ import annotations

from ..caveats import Caveat


def kind_chosen(kind: str, why: str) -> Caveat:
    """Nobody named a kind."""
    return Caveat("kind-chosen", f"Chart kind {kind} was chosen: {why}.")


def no_spread(stage: str) -> Caveat:
    """A stage of equal values."""
    return Caveat("no-spread", f"Stage {stage!r} shows no spread to draw limits from; no rule can fire there.")


def events_outside(count: int) -> Caveat:
    """Events before the first point or after the last."""
    return Caveat("events-outside", f"{count} events lie outside the data and are not drawn.")


def screened_ranges(left_out: int, of: int) -> Caveat:
    """Sigma without the ranges beyond their own limit."""
    text = (
        f"{left_out} of {of} moving ranges lay above their limit and were left out of sigma, as asked: the limits are "
        "narrower than textbooks print."
    )
    return Caveat("screened-ranges", text)


def trial_limits(fewer_than: int, stages: list[str]) -> Caveat:
    """Stages of few points."""
    names = ", ".join(repr(s) for s in stages[:3])
    return Caveat("trial-limits", f"Fewer than {fewer_than} points in stage {names}: its limits are trial limits.")


def autocorrelated(r: float) -> Caveat:
    """Points that resemble their neighbours."""
    text = (
        f"Neighbouring points resemble each other (lag-1 correlation {r:.2f}): limits from moving ranges are too "
        "narrow and run rules fire too often."
    )
    return Caveat("autocorrelated", text)


def overdispersed(ratio: float, kind: str, p: float, laney: str, sized: bool) -> Caveat:
    """Counts that scatter more than chance; ``laney`` is the chart that allows for it."""
    way_out = f"use {laney}" if sized else "give the exposure as size and use laney-u"
    text = (
        f"The counts vary {ratio:.2g} times as much as a {kind} chart assumes (p = {p:.2g}): its limits are too "
        f"narrow; {way_out}."
    )
    return Caveat("overdispersed", text)


def counts_small(expected: float) -> Caveat:
    """Points that are mostly zero."""
    text = (
        f"A point holds {expected:.2g} events on average: most are zero and the limits mean little. Count over longer "
        "periods, or chart the cases (g) or the time (t) between events."
    )
    return Caveat("counts-small", text)


def np_varying() -> Caveat:
    """An np chart of different sizes."""
    return Caveat("np-varying", "Sizes vary, so the centre line moves; a p chart reads more easily.")


def batches(ratio: float) -> Caveat:
    """Subgroups that are batches, not samples."""
    text = (
        f"The means vary {ratio:.2g} times as much from point to point as the spread inside subgroups foretells: the "
        "limits are absurdly narrow for data made in batches; use i-mr-rs (between/within)."
    )
    return Caveat("batches", text)


def chunky(distinct: int) -> Caveat:
    """Values too coarse for moving ranges."""
    text = (
        f"The values are so coarse that moving ranges take only {distinct} different values: limits from them are "
        "inflated or deflated by rounding; record one more digit."
    )
    return Caveat("chunky", text)


def frozen_limits(name: str) -> Caveat:
    """Limits that these points did not make."""
    whence = f" in {name}" if name else ""
    text = f"Centre and sigma were frozen before{whence}; nothing here was estimated from these points."
    return Caveat("frozen-limits", text)
