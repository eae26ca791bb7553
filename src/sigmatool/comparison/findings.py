"""What differs between two: level, spread, capability and size of the effect of measurements."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..numbers.effect_size import cliffs_delta, hedges_g
from ..numbers.estimate import Tested
from ..numbers.level_difference import mann_whitney_shift
from ..numbers.spread_ratio import bonett_ratio, brown_forsythe, log_ratio
from . import caveat_words
from .aware import Aware, aware, why_not
from .finding import Finding, Kind, attempt, once, part
from .plain import PLAIN, Both, level_finding, plain_level, working
from .scattered import Scattered, scattered
from .stages import Compared

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was found, the leading account first, and that account at another confidence."""

    findings: tuple[Finding, ...]
    at: Callable[[float], Tested]


Account = Aware | Scattered


def accounts(compared: Compared, both: Both, caveats: list[Caveat]) -> tuple[Account, ...]:
    """Those that allow for more than independent points, the one that leads first; a caveat where there is none."""
    found: list[Account | None] = [aware(compared, both), scattered(compared, both)]
    reason = why_not(compared, both)
    if reason == "unordered" and compared.counted and found[1] is None:
        reason = "too few points hold events"
    if reason and reason != "unordered" and found[1] is None:
        once(caveats, caveat_words.dependence_unknown(compared.counted, reason))
    return tuple(a for a in found if a is not None)


def autocorrelation(held: tuple[Account, ...]) -> float | None:
    """About that of neighbouring points; None where the points have no order."""
    return next((a.autocorrelation for a in held if isinstance(a, Aware)), None)


def answer(
    found: list[Finding], plain: Callable[[float], Finding], held: tuple[Account, ...], confidence: float,
    caveats: list[Caveat],
) -> Answered:  # fmt: skip
    """The plain accounts and those that allow for more; the first of these that parts from the plain one leads."""
    others = [a.finding(confidence) for a in held]
    for account, other in zip(held, others, strict=True):
        reason = part(found[0], other) if other.kind == found[0].kind else ""
        if reason:
            caveats.append(account.caveat(found[0], reason))
            rest = [f for f in others if f is not other]
            return Answered((other, *found, *rest), _tested(account.finding))
    return Answered((*found, *others), _tested(plain))


def _tested(finding: Callable[[float], Finding]) -> Callable[[float], Tested]:
    return lambda confidence: finding(confidence).tested


def levels(
    compared: Compared, both: Both, confidence: float, caveats: list[Caveat], held: tuple[Account, ...]
) -> Answered:
    """Difference of means (of durations the ratio of geometric means), the leading account first.

    The points of subgroups are their means: what was taken together is alike.
    """
    x, y = (working(compared, g.level) for g in both)
    plain = partial(plain_level, compared, both)
    found = [plain(confidence)]
    shift = attempt(caveats, "level", mann_whitney_shift, x, y, confidence)
    if shift is not None:
        measure = "ratio of a typical pair" if compared.scale == "duration" else "difference of a typical pair"
        found.append(replace(level_finding(compared, both, shift), measure=measure, before=math.nan, after=math.nan))
    return answer(found, plain, held, confidence, caveats)


def spreads(
    compared: Compared, both: Both, confidence: float, caveats: list[Caveat], r: float | None
) -> tuple[Finding, ...]:
    """Ratio of standard deviations; of durations that of the logarithms, and so of relative spread.

    Notes
    -----
    Of neighbours with autocorrelation r the squared error of a variance is ``(1 + r^2) / (1 - r^2)`` times as large
    (Priestley 1981, Spectral Analysis and Time Series, section 5.3).
    """
    x, y = (working(compared, g.values) for g in both)
    of = " of the logarithms" if compared.scale == "duration" else ""
    sd = float(x.std(ddof=1)), float(y.std(ddof=1))
    distance = _median_distance(x), _median_distance(y)
    methods: list[tuple[Callable[..., Tested], str, tuple[float, float]]] = [
        (bonett_ratio, f"standard deviation{of}", sd),
        (brown_forsythe, f"mean distance from the median{of}", distance),
        (log_ratio, f"standard deviation{of}", sd),
    ]
    found = _each("spread", "ratio", both, (x, y), confidence, caveats, methods)
    if r is None or compared.grouped or not found:
        return found
    r = min(max(r, 0.0), 0.95)
    inflated = partial(log_ratio, inflation=(1 + r**2) / (1 - r**2))
    other = _each("spread", "ratio", both, (x, y), confidence, [], [(inflated, f"standard deviation{of}", sd)])
    if not other:
        return found
    told = replace(other[0].tested, method=f"{other[0].tested.method}, widened for autocorrelation {r:.2f}")
    widened = replace(other[0], tested=told, dependent=True)
    reason = part(found[0], widened)
    if not reason:
        return (*found, widened)
    once(caveats, caveat_words.dependent_spread(PLAIN["spread"], "" if compared.several else reason))
    return (widened, *found)


def _median_distance(x: Floats) -> float:
    return float(np.abs(x - np.median(x)).mean())


def effect_sizes(compared: Compared, both: Both, confidence: float, caveats: list[Caveat]) -> tuple[Finding, ...]:
    """How large the difference of level is beside the spread of the points, and how often one beats the other."""
    x, y = (working(compared, g.level) for g in both)
    none = math.nan, math.nan
    methods: list[tuple[Callable[..., Tested], str, tuple[float, float]]] = [
        (hedges_g, "", none),
        (cliffs_delta, "", none),
    ]
    return _each("effect size", "effect size", both, (x, y), confidence, caveats, methods)


def _each(
    question: str,
    kind: Kind,
    both: Both,
    values: tuple[Floats, Floats],
    confidence: float,
    caveats: list[Caveat],
    methods: Sequence[tuple[Callable[..., Tested], str, tuple[float, float]]],
) -> tuple[Finding, ...]:
    """One finding a method that exists for these data; each with what it measures, and that of both."""
    first, second = both
    found = []
    for method, measure, ends in methods:
        tested = attempt(caveats, question, method, *values, confidence)
        if tested is not None:
            found.append(Finding(question, measure, kind, first.name, second.name, *ends, tested))
    return tuple(found)
