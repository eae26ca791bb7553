"""Which formulas answered, and what they assume: the lines of a page that name its methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .result import Comparison

_MEASURED: Final = (
    "Level: Welch's t test and interval for the difference of means; it assumes neither equal spread nor, from about "
    "15 points a stage on, normal values. Beside it the Mann-Whitney test with the Hodges-Lehmann shift, which "
    "outliers do not move.",
    "Spread: Bonett's interval for the ratio of standard deviations, which holds for values that are not normal; "
    "beside it the Brown-Forsythe test and that of the log variance ratio.",
    "Size of the effect: Hedges' g (difference over the pooled standard deviation) and Cliff's delta (how much more "
    "often a value of the second is above one of the first than below).",
)
_DURATION: Final = (
    "Durations are compared by their logarithms: a ratio of geometric means, and the spread of the logarithms.",
)
_PROPORTION: Final = (
    "Proportion: Newcombe's interval for the difference of the shares of all events, and Fisher's exact test with the "
    "conditional odds ratio; both take the totals as one sample. Size of the effect: Cohen's h.",
)
_RATE: Final = (
    "Rate: the exact conditional test and interval for the ratio of rates, its mid-p variant, and the difference; they "
    "take the totals as one sample. The ratio itself tells the size of the effect.",
)
_AWARE: Final = (
    "Beside them stands an account that allows for points that depend on their neighbours: a step with AR(1) noise "
    "integrated out, on the working scale of a review, each stage with a spread of its own; and of counts one for "
    "scatter beyond their law (quasi-binomial, quasi-Poisson). Such an account leads, with a caveat, where it is "
    "another answer: where only one of the two intervals leaves no difference out, or where its interval is wider by "
    "more than a quarter."
)
_SEVERAL: Final = (
    "More than two: an overall test first; every pair and each against the first with intervals and p values adjusted "
    "for their number (Games-Howell for means; else Bonferroni intervals with Holm p values)."
)
_CAPABILITY: Final = (
    "Capability: the difference of Ppk, its variance after Bissell with the number of values reduced for their "
    "autocorrelation; of skewed values on a scale that makes them near normal, by resampling blocks."
)
_EQUIVALENCE: Final = (
    "Equivalence: two one-sided tests against the smallest worthwhile effect, by the method that leads."
)
_PAIRED: Final = "Pairs: the paired t test and interval, and Wilcoxon's signed rank test with the shift within pairs."


def sources(c: Comparison) -> tuple[str, ...]:
    """The methods in force, one line each; the table of findings names the formula of every line."""
    if c.paired is not None:
        told = [_PAIRED]
    elif c.scale == "proportion":
        told = [*_PROPORTION]
    elif c.scale == "rate":
        told = [*_RATE]
    else:
        told = [*_MEASURED, *(_DURATION if c.scale == "duration" else ())]
    findings = (*c.level, *c.proportion, *c.rate, *c.against_first)
    if any(f.dependent for f in findings):
        told.append(_AWARE)
    told += [
        text
        for asked, text in ((c.several, _SEVERAL), (c.capability, _CAPABILITY), (c.equivalence, _EQUIVALENCE))
        if asked
    ]
    return tuple(told)
