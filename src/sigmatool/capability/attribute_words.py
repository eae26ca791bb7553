"""The sentences of an attribute capability study that people read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..caveats import Caveat
from ..charts.words import number, p_value, percent, rounded
from ..numbers.estimate import Estimate

if TYPE_CHECKING:
    from .attribute_result import AttributeCapability
    from .attribute_study import Study

DEGREE: Final = {
    "close": "close enough to act on",
    "fair": "fair; inspecting more would narrow it",
    "rough": "wide: act on its upper end, or inspect more",
    "none": "none were seen, so there is an upper bound only",
}
"""How wide the interval of the rate is."""


def spoken(found: AttributeCapability, estimate: Estimate) -> str:
    """A rate with its interval, in the unit of its kind."""
    return f"{one(found, estimate.value)} ({ends(found, estimate)})"


def digits_of(estimate: Estimate) -> int:
    """Figures that tell the ends of an interval apart, three at least.

    Examples
    --------
    >>> digits_of(Estimate(0.041, 0.032, 0.052)), digits_of(Estimate(0.001, 0.00099972, 0.00100028))
    (3, 6)
    """
    width = estimate.high - estimate.low
    if estimate.value == 0 or width <= 0:
        return 3
    return min(max(3, math.ceil(-math.log10(width / abs(estimate.value))) + 2), 9)


def one(found: AttributeCapability, value: float) -> str:
    """A single rate in the unit of its kind."""
    digits = digits_of(found.rate)
    return percent(value, digits) if found.kind == "binomial" else number(value, digits)


def standing(found: AttributeCapability) -> str:
    """Whether one may speak of capability, in a sentence."""
    reason = found.study.stability.reason
    if found.stable is None:
        return f"Whether it is stable cannot be told ({reason}): this is its performance so far, not its capability."
    if found.stable:
        return "The process is stable, so this is its capability."
    return f"The process is not stable ({reason}): this is its performance so far, not its capability."


def target_told(found: AttributeCapability) -> str:
    """Whether the target is met, in a sentence; empty without one."""
    if found.target is None:
        return ""
    asked = f"at most {one(found, found.target)}"
    ends = f"{one(found, found.rate.low)} to {one(found, found.rate.high)}"
    if found.met is None:
        return f"Whether the target of {asked} is met is open: the interval {ends} holds it."
    if found.met:
        return f"The target of {asked} is met: the whole interval lies at or below it."
    return f"The target of {asked} is missed: the whole interval lies above it."


def headline(found: AttributeCapability) -> str:
    """The study in a few sentences: the rate, per million, against the target, and whether the process is stable."""
    s, level = found.study, number(100 * found.confidence)
    what = " defective" if found.kind == "binomial" else ""
    if s.counted == 0:
        noun = "inspected" if found.kind == "binomial" else "units"
        first = (
            f"{found.metric}: none among {number(s.inspected, 9)} {noun}; up to {one(found, s.rate.high)} "
            f"({rounded(found.ppm.high)} per million) cannot be ruled out ({level} % interval)."
        )
    else:
        about = found.ppm
        first = f"{found.metric}: {one(found, s.rate.value)}{what} ({level} % interval {ends(found, s.rate)})"
        dpo = found.dpo if found.kind == "poisson" else None
        if dpo is not None:
            first += f", that is {rounded(1e6 * dpo.value)} per million opportunities."
        else:
            first += f", that is {rounded(about.value)} per million." if found.kind == "binomial" else "."
    return " ".join(part for part in (first, target_told(found), standing(found)) if part)


def ends(found: AttributeCapability, estimate: Estimate) -> str:
    """Both ends of an interval, in the unit of its kind."""
    times, sign = (100, " %") if found.kind == "binomial" else (1, "")
    digits = digits_of(found.rate)
    return f"{number(times * estimate.low, digits)} to {number(times * estimate.high, digits)}{sign}"


def enough_told(found: AttributeCapability) -> str:
    """Whether enough was inspected, in a sentence."""
    e, s = found.study.enough, found.study
    if math.isnan(e.relative):
        return (
            f"None were seen among {number(s.inspected, 9)}. Inspecting more without seeing one would lower the upper "
            "bound."
        )
    label = found.points.axis.labels[e.settled - 1]
    where = f"point {e.settled}" + (f" ({label})" if label != str(e.settled) else "")
    when = (
        "The running rate stayed inside the final interval from the first point on"
        if e.settled - 1 == int(s.running.at[0])
        else f"The running rate stayed inside the final interval from {where} on, after "
        f"{percent(e.settled_share, 2)} of the inspection"
    )
    more = (
        "" if e.degree == "close"
        else f" An interval of a tenth of the rate on each side needs about {rounded(e.needed)} inspected in all "
        f"(so far {number(s.inspected, 9)})."
    )  # fmt: skip
    width = f"{percent(e.relative, 2)} of the rate to each side, which is {DEGREE[e.degree]}"
    return f"{when}. The interval reaches {width}.{more}"


def _shown(kind: str, value: float) -> str:
    return percent(value) if kind == "binomial" else number(value)


def caveats_of(found: Study) -> list[Caveat]:
    """What a reader must know beside the numbers."""
    noted = []
    d, wide = found.dispersion, found.widened
    if wide is not None:
        noted.append(
            Caveat(
                "overdispersed",
                f"Points differ by more than chance (dispersion {number(d.ratio)} times what the {found.kind} law "
                f"allows, {p_value(d.p)}): units are not independent. The interval comes from the differences "
                f"between points; the exact one of independent units, {_shown(found.kind, found.exact.low)} to "
                f"{_shown(found.kind, found.exact.high)}, is too narrow.",
            )
        )
        if found.kind == "poisson":
            noted.append(
                Caveat(
                    "yield-of-clusters",
                    "The yield exp(-DPU) takes defects as falling on units at random; defects in clusters leave more "
                    "units whole than it says.",
                )
            )
    if d.below_chance and found.counted:
        noted.append(
            Caveat(
                "underdispersed",
                f"Points differ far less than chance makes them (dispersion {number(d.ratio)}): look whether counts "
                "were rounded, capped or copied, or whether points are sums of several streams.",
            )
        )
    return noted
