"""Guaranteed limits and their price, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..charts.words import counted, number, percent

if TYPE_CHECKING:
    from .guarantee import Guarantee

GUARANTEE_RANGE: Final = (
    "guarantee must be a chance from {least:g} to {most:g} such as 0.9, with which the limits keep their run length, "
    "not {given!r}."
)
OWN_WIDTH: Final = "a guarantee gives the width of the limits: leave nsigma out, and name the run length with arl."
GIVEN: Final = (
    "centre or sigma of this chart was given, not estimated from its points: there is no luck of a baseline to guard "
    "against; leave guarantee, or center and sigma, out."
)
PLAIN_RANGES: Final = (
    "a guarantee is worked out for moving ranges of two neighbours, none screened: chart it as plain i-mr."
)
EQUAL_SIZES: Final = (
    "the subgroups differ in size, and a guarantee is worked out for equal ones: leave the odd ones out, or freeze "
    "without a guarantee."
)


def no_guarantee(kind: str) -> str:
    """A kind whose false alarms do not follow from the normal law alone."""
    return (
        f"a guarantee is worked out for i-mr, xbar-r and xbar-s, whose points are near normal, not for {kind}: its "
        "false alarms depend on more than the width (the unknown share or rate, the memory of the statistic); freeze "
        "without a guarantee."
    )


def too_wide(width: float, points: int) -> str:
    """So few points that nothing would ever be seen."""
    return (
        f"with {counted(points, 'point')} guaranteed limits would lie {width:.1f} sigma off and see nothing; collect "
        "more, or ask for a lower guarantee or arl."
    )


def promise(guarantee: float, arl: float) -> str:
    """What is promised."""
    return f"with {percent(guarantee)} chance at least {number(arl, 4)} points, on average, between false alarms"


def price_lines(found: Guarantee, autocorrelation: float = 0.0) -> tuple[str, ...]:
    """The promise, how much wider, how much later a shift is seen; ``autocorrelation`` where it is plain."""
    later = "; ".join(f"{s.shift:g} sigma {number(s.plain)} → {number(s.widened)}" for s in found.seen)
    lines = (
        f"guaranteed: {promise(found.guarantee, found.arl)}, from {counted(found.points, 'point')} (limits alone, "
        "normal and independent values)",
        f"price: {number(found.nsigma, 4)} sigma in place of {number(found.plain, 4)}, {percent(found.wider)} wider; "
        f"plain limits would keep the promise with {percent(found.without)} chance",
        f"points until a lasting shift is seen, on average: {later}",
    )
    if autocorrelation > 0:
        return (
            *lines,
            f"neighbouring points resemble each other (autocorrelation {number(autocorrelation, 2)}): the promise "
            "does not hold for them",
        )
    return lines
