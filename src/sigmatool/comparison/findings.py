"""What differs between two: level, spread, capability and size of the effect of measurements."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..numbers.effect_size import cliffs_delta, hedges_g
from ..numbers.estimate import Tested
from ..numbers.level_difference import mann_whitney_shift
from ..numbers.spread_ratio import bonett_ratio, brown_forsythe, log_ratio
from .aware import Aware, aware, why_not
from .finding import Finding, Kind, attempt, part
from .plain import PLAIN, Both, level_finding, plain_level, working
from .stages import Compared

Floats = NDArray[np.float64]


def levels(
    compared: Compared, both: Both, confidence: float, caveats: list[Caveat], dependent: Aware | None
) -> tuple[Finding, ...]:
    """Difference of means (of durations the ratio of geometric means), the leading account first.

    The points of subgroups are their means: what was taken together is alike.
    """
    x, y = (working(compared, g.level) for g in both)
    shift = attempt(caveats, "level", mann_whitney_shift, x, y, confidence)
    found = [plain_level(compared, both, confidence)]
    if shift is not None:
        measure = "ratio of a typical pair" if compared.scale == "duration" else "difference of a typical pair"
        found.append(replace(level_finding(compared, both, shift), measure=measure, before=math.nan, after=math.nan))
    if dependent is None:
        return tuple(found)
    return beside(found, dependent_finding(compared, both, dependent, confidence), dependent, caveats)


def dependent_finding(compared: Compared, both: Both, dependent: Aware, confidence: float) -> Finding:
    """The same as the account that allows for dependence has it."""
    measure = {"continuous": "mean", "duration": "geometric mean"}.get(compared.scale, compared.scale)
    question = "level" if not compared.counted else compared.scale
    ratio = compared.scale in ("duration", "rate")
    tested = dependent.tested(confidence, ratio)
    kind: Kind = "ratio" if ratio and math.isfinite(tested.value) else "difference"
    if ratio and kind == "difference":
        tested = dependent.tested(confidence, False)
    first, second = both
    if question == "proportion":
        measure = "share"
    return Finding(question, measure, kind, first.name, second.name, *dependent.levels(), tested, dependent=True)


def beside(found: list[Finding], other: Finding, dependent: Aware, caveats: list[Caveat]) -> tuple[Finding, ...]:
    """The plain accounts and the one that allows for dependence; where they part it leads, and a caveat says so."""
    plain = found[0]
    reason = part(plain, other) if other.kind == plain.kind else ""
    if not reason:
        return (*found, other)
    caveats.append(parted(plain, dependent, reason))
    return (other, *found)


def parted(plain: Finding, dependent: Aware, reason: str) -> Caveat:
    """Why the account that allows for dependence leads."""
    if plain.question == "spread":
        return Caveat(
            "dependent-spread",
            f"The spread of points that depend on their neighbours is known less well: an account that allows for it "
            f"is another answer than {PLAIN[plain.question]} ({reason}) and leads.",
        )
    if plain.question == "level":
        r = dependent.autocorrelation
        return Caveat(
            "dependent-points",
            f"Neighbouring points may depend on each other (their autocorrelation is about {r:.2f}). {_named(plain)} "
            f"takes each for news of its own; an account that allows for it is another answer ({reason}) and leads.",
        )
    return Caveat(
        "overdispersion",
        f"The points vary more than their counts alone would let them. {_named(plain)} takes the totals as one "
        f"sample; an account that allows for it is another answer ({reason}) and leads; its levels are those of a "
        "typical point, not of the totals.",
    )


def _named(finding: Finding) -> str:
    name = PLAIN[finding.question]
    return f"{name[:1].upper()}{name[1:]}"


def dependence(compared: Compared, both: Both, caveats: list[Caveat]) -> Aware | None:
    """The account that allows for dependence, or a caveat that says why there is none."""
    reason = why_not(compared, *both)
    if reason and reason != "unordered" and not any(c.code == "dependence-unknown" for c in caveats):
        asked = "points vary more than chance" if compared.counted else "neighbouring points depend on each other"
        caveats.append(Caveat("dependence-unknown", f"Whether {asked} was not looked at: {reason}."))
    return aware(compared, *both)


def spreads(
    compared: Compared, both: Both, confidence: float, caveats: list[Caveat], dependent: Aware | None
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
    if dependent is None or compared.grouped or not found:
        return found
    r = min(max(dependent.autocorrelation, 0.0), 0.95)
    inflated = partial(log_ratio, inflation=(1 + r**2) / (1 - r**2))
    other = _each("spread", "ratio", both, (x, y), confidence, [], [(inflated, f"standard deviation{of}", sd)])
    if not other:
        return found
    told = replace(other[0].tested, method=f"{other[0].tested.method}, widened for autocorrelation {r:.2f}")
    aware_one = replace(other[0], tested=told, dependent=True)
    return beside(list(found), aware_one, dependent, caveats)


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
