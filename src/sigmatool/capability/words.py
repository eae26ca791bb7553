"""The sentences of a capability study that people read, kept together so that a translation is one file."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from ..charts.words import number, p_value, percent, rounded, shown, whole
from ..data import Specification
from ..numbers.estimate import Estimate
from .histogram import value_text

if TYPE_CHECKING:
    from .gate import Gate
    from .result import Capability

__all__ = [
    "DEGREE",
    "FIT",
    "NAMES",
    "REASON",
    "against",
    "ends",
    "expected",
    "expected_ends",
    "fits",
    "headline",
    "index",
    "interval",
    "judged",
    "limits",
    "number",
    "percent",
    "share",
    "standing",
    "whole",
]

NAMES: Final = {
    "cp": "Cp", "cpl": "Cpl", "cpu": "Cpu", "cpk": "Cpk", "cpm": "Cpm", "cpkm": "Cpkm",
    "pp": "Pp", "ppl": "Ppl", "ppu": "Ppu", "ppk": "Ppk",
    "cpm_overall": "Cpm (all values)", "cpm_about_target": "Cpm (about target)",
    "cp_bw": "Cp (between/within)", "cpl_bw": "Cpl (between/within)", "cpu_bw": "Cpu (between/within)",
    "cpk_bw": "Cpk (between/within)",
}  # fmt: skip
"""How indices are printed."""

REASON: Final = {
    "asked": "asked for",
    "reasonable": "a reasonable fit",
    "close-enough": "told from the data, but the difference does not matter",
    "misfit": "contradicted by the data",
    "less-likely": "far less likely than another",
    "no-better-one": "contradicted by the data, but no other fits better",
    "too-few-points": "too few values to tell it from others",
    "cannot-be": "cannot be",
    "data-themselves": "the data themselves",
    "extrapolates": "the data themselves, too few for the outer percentiles",
}
"""What became of a candidate for the distribution."""

DEGREE: Final = {
    "close": "the interval is narrow enough to act on",
    "fair": "the interval is fair; more values would narrow it",
    "rough": "the interval is wide: act on its lower end, or collect more",
}
"""How wide the interval of Ppk is."""

FIT: Final = {
    True: ("yes", "Ppk is above 1 over its whole interval, by every distribution in question"),
    False: ("no", "Ppk is below 1 over its whole interval, by every distribution in question"),
    None: ("not settled", "the interval of Ppk holds 1, where three sigma just fit to the nearer limit"),
}
"""What the interval of Ppk says of the specification: the answer, and why."""


def limits(spec: Specification, boundaries: Collection[str] = ()) -> str:
    """The specification in words; a boundary is a limit that nothing can pass.

    Examples
    --------
    >>> limits(Specification(9.5, 10.5)), limits(Specification(usl=3.0)), limits(Specification(0.0, 15.0), {"lsl"})
    ('9.5 to 10.5', 'at most 3', 'at most 15')
    """
    lsl, usl = None if "lsl" in boundaries else spec.lsl, None if "usl" in boundaries else spec.usl
    if lsl is not None and usl is not None:
        return f"{value_text(lsl)} to {value_text(usl)}"
    return f"at most {value_text(usl)}" if usl is not None else f"at least {value_text(lsl or 0.0)}"


def against(found: Capability) -> str:
    """The specification at the end of a sentence."""
    return f"the specification ({limits(found.asked.specification, found.asked.boundaries)})"


def index(e: Estimate, more: int = 0) -> str:
    """An index to as many places as its interval leaves meaning.

    Examples
    --------
    >>> index(Estimate(1.1581, 0.9632, 1.353)), index(Estimate(1.3332, 1.3272, 1.3392)), index(Estimate(1.2, 1.0, 1.4))
    ('1.16', '1.333', '1.20')
    """
    return shown(e.value, _half(e), more=more)


def ends(e: Estimate, more: int = 0) -> str:
    """Both ends of the interval of an index, to the places of the index itself; "none" where there is none.

    Examples
    --------
    >>> ends(Estimate(1.1581, 0.9632, 1.353)), ends(Estimate(1.25, 1.0, float("nan")))
    ('0.96 to 1.35', '1 upwards')
    """
    return (
        interval(e.low, e.high)
        if math.isnan(_half(e))
        else " to ".join(shown(v, _half(e), more=more) for v in (e.low, e.high))
    )


def _half(e: Estimate) -> float:
    return (e.high - e.low) / 2


def interval(low: float, high: float, digits: int = 3) -> str:
    """Both ends of an interval; an end that does not exist is said in words.

    Examples
    --------
    >>> interval(1.0, 1.25), interval(1.0, float("nan"))
    ('1 to 1.25', '1 upwards')
    """
    if math.isnan(low) and math.isnan(high):
        return "none"
    if math.isnan(high):
        return f"{number(low, digits)} upwards"
    return f"{number(low, digits)} to {number(high, digits)}"


def share(value: float, digits: int = 3, as_percent: bool = False) -> str:
    """Parts per million: as a percentage where they are many, as a bound where they are next to none or next to all.

    Examples
    --------
    >>> share(63.4), share(45500.3), share(2e-7), share(999_999.9)
    ('63.4 per million', '4.55 %', 'fewer than 0.001 per million', 'over 99.9 %')
    >>> share(2.85, 2, as_percent=True), share(3e-8, as_percent=True)
    ('0.00029 %', 'under 0.0001 %')
    """
    if math.isnan(value):
        return "unknown"
    if value > 999_500 and value != 1e6:
        return "over 99.9 %"
    if as_percent and 0 < value < 1:
        return "under 0.0001 %"
    if as_percent or value >= 10_000:
        return percent(float(f"{value:.{digits}g}") / 1e6, digits)
    return "fewer than 0.001 per million" if 0 < value < 0.001 else f"{rounded(value, digits)} per million"


def expected(part: Estimate) -> str:
    """The share outside, in percent where its interval reaches one percent."""
    return share(part.value, _figures(part), part.high >= 10_000)


def expected_ends(part: Estimate) -> str:
    """Its interval; empty where there is none or where it says no more than the share itself.

    Examples
    --------
    >>> expected_ends(Estimate(319.2, 31.37, 2340.1)), expected_ends(Estimate(62.04, 57.49, 66.71))
    ('31 to 2,300', '57.5 to 66.7')
    >>> expected_ends(Estimate(1e6, 999_999.9, 1e6))
    ''
    """
    if math.isnan(part.low) or math.isnan(part.high) or part.low > 999_500:
        return ""
    digits = _figures(part)
    if part.high >= 10_000:
        return f"{share(part.low, digits, True)} to {share(part.high, digits, True)}"
    low = "0" if part.low < 0.001 else rounded(part.low, digits)
    return f"{low} to {rounded(part.high, digits) if part.high >= 0.001 else '0.001'}"


def _figures(part: Estimate) -> int:
    """Two figures where the ends of the interval lie far apart, else three."""
    return 2 if not part.low > 0.5 * part.high else 3


def fits(ppk: Estimate) -> bool | None:
    """Whether an interval of Ppk lies above 1, below it, or on both sides."""
    return True if ppk.low >= 1 else False if ppk.high < 1 else None


def judged(gate: Gate) -> str:
    """What was found of stability, with its p value."""
    if math.isnan(gate.p):
        return gate.reason
    return f"{'no pattern beyond chance' if gate.stable else gate.reason} ({p_value(gate.p)})"


def standing(gate: Gate) -> str:
    """Whether one may speak of capability, in a sentence."""
    so_far = "this is its performance so far, not its capability"
    if gate.stable is None:
        return f"{gate.reason[:1].upper()}{gate.reason[1:]}; {so_far}."
    if gate.stable:
        how = "within its frozen limits" if gate.judged_by == "frozen limits" else "stable"
        return f"The process is {how}, so this is its capability."
    return f"The process is not stable ({gate.reason}): {so_far}."


def headline(found: Capability) -> str:
    """The study in a few sentences: what lies outside, seen and expected, the index, and whether it is capability."""
    ppk, cpk, outside = found.indices["ppk"], found.indices["cpk"], found.ppm["overall"].total
    level, count = number(100 * found.asked.confidence), sum(found.study.observed)
    seen = (
        f"{count:,} of {found.n:,} values lie outside {against(found)}" if count
        else f"all {found.n:,} values lie within {against(found)}"
    )  # fmt: skip
    told = expected_ends(outside)
    more = f"{expected(outside)} are expected outside" + (f" ({level} % interval {told})" if told else "")
    steady = standing(found.study.gate)
    if found.stable and not math.isnan(cpk.value) and found.law.name == "normal":
        steady = f"{steady.removesuffix('.')}: Cpk {index(cpk)} ({ends(cpk)})."
    told = f"Ppk {index(ppk)} ({level} % interval {ends(ppk)}{_in_doubt(found)})"
    return f"{found.metric}: {seen}; {more}. {told}. {steady}"


def _in_doubt(found: Capability) -> str:
    """The interval that allows for other distributions too, where it is wider by a tenth or more."""
    ppk, whole = found.indices["ppk"], found.ppk_of_any
    if not whole.high - whole.low > 1.1 * (ppk.high - ppk.low):
        return ""
    return f"; {ends(whole)} with the distribution in doubt"
