"""The sentences of a capability study that people read, kept together so that a translation is one file."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..charts.words import number, percent
from ..data import Specification

if TYPE_CHECKING:
    from ..numbers.estimate import Estimate
    from .gate import Gate
    from .result import Capability

__all__ = [
    "DEGREE",
    "NAMES",
    "REASON",
    "against",
    "expected",
    "expected_ends",
    "headline",
    "interval",
    "limits",
    "number",
    "per_million",
    "percent",
    "standing",
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
    "reasonable": "reasonable",
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


def limits(spec: Specification) -> str:
    """The specification in words.

    Examples
    --------
    >>> limits(Specification(9.5, 10.5)), limits(Specification(usl=3.0))
    ('9.5 to 10.5', 'at most 3')
    """
    if spec.lsl is not None and spec.usl is not None:
        return f"{number(spec.lsl, 8)} to {number(spec.usl, 8)}"
    return f"at most {number(spec.usl, 8)}" if spec.usl is not None else f"at least {number(spec.lsl, 8)}"


def against(spec: Specification) -> str:
    """The specification at the end of a sentence.

    Examples
    --------
    >>> against(Specification(9.5, 10.5)), against(Specification(usl=3.0))
    ('the specification, 9.5 to 10.5', 'the specification, at most 3')
    """
    return f"the specification, {limits(spec)}"


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


def per_million(value: float) -> str:
    """Parts per million: as a percentage where they are many, as a bound where they are next to none.

    Examples
    --------
    >>> per_million(63.4), per_million(45500.3), per_million(2e-7)
    ('63.4 per million', '4.55 %', 'fewer than 0.001 per million')
    """
    if math.isnan(value):
        return "unknown"
    if value >= 10_000:
        return percent(value / 1e6)
    return "fewer than 0.001 per million" if 0 < value < 0.001 else f"{number(value)} per million"


def expected(part: Estimate) -> str:
    """The share outside with its interval, all in percent where the interval reaches one percent."""
    ends = expected_ends(part)
    value = percent(part.value / 1e6) if part.high >= 10_000 else per_million(part.value)
    return f"{value} ({ends})" if ends else value


def expected_ends(part: Estimate) -> str:
    """Only the interval; empty where there is none."""
    if math.isnan(part.low) or math.isnan(part.high):
        return ""
    if part.high >= 10_000:
        return f"{percent(part.low / 1e6)} to {percent(part.high / 1e6)}"
    low, high = (number(v) if v >= 0.001 or v == 0 else "< 0.001" for v in (part.low, part.high))
    return f"{'0' if low.startswith('<') else low} to {high}"


def standing(gate: Gate) -> str:
    """Whether one may speak of capability, in a sentence."""
    if gate.stable is None:
        return (
            f"Whether it is stable cannot be told ({gate.reason}): this is its performance so far, not its capability."
        )
    if gate.stable:
        how = "within its frozen limits" if gate.judged_by == "frozen limits" else "stable"
        return f"The process is {how}, so its capability may be spoken of."
    return f"The process is not stable ({gate.reason}): this is its performance so far, not its capability."


def headline(found: Capability) -> str:
    """The study in two sentences: does it meet the specification, how surely, and may one speak of capability."""
    ppk, level = found.indices["ppk"], number(100 * found.asked.confidence)
    below, above = found.study.observed[:2]
    first = (
        f"{found.metric}: Ppk {number(ppk.value)} ({level} % interval {interval(ppk.low, ppk.high)}); "
        f"{below + above:,} of {found.n:,} values lie outside {against(found.asked.specification)}; "
        f"{expected(found.ppm['overall'].total)} are expected to."
    )
    cpk = found.indices["cpk"]
    more = ""
    if found.stable and not math.isnan(cpk.value) and found.law.name == "normal":
        more = f" Cpk {number(cpk.value)} ({interval(cpk.low, cpk.high)})."
    return f"{first} {standing(found.study.gate)}{more}"
