"""What a gage study says, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..charts.words import number, percent, shown
from ..numbers.gage_shape import monitor
from .gage_caveat_words import NAMES

if TYPE_CHECKING:
    from ..numbers.estimate import Estimate
    from .gage_result import GageRR

MONITORS: Final = {
    "first": "a shift of the process shows nearly as if nothing were measured wrongly",
    "second": "a shift shows somewhat later",
    "third": "a shift shows late, and small ones hardly",
    "fourth": "the gage hides nearly all that the process does",
}  # fmt: skip
"""What Wheeler's classes mean."""


def headline(found: GageRR) -> str:
    """The answer in one sentence or two."""
    gage = found.components["gage"]
    first = (
        f"{found.measured.name}: the gage makes {share(gage.study)} of the variation seen in this study and "
        f"{percent(gage.contribution.value)} of its variance"
    )
    if gage.tolerance is not None:
        first = f"{first}, and takes {share(gage.tolerance)} of the tolerance"
    n = found.ndc
    told = "" if n is None else f" It tells {n} {'class' if n == 1 else 'classes'} of parts apart."
    return f"{first}.{told}"


def share(e: Estimate) -> str:
    """A share with its interval.

    Examples
    --------
    >>> from sigmatool.numbers.estimate import Estimate
    >>> share(Estimate(0.27861, 0.1515, 0.8131))
    '27.9 % (15.2 % to 81.3 %)'
    """
    return f"{percent(e.value)} ({percent(e.low)} to {percent(e.high)})"


def ends(e: Estimate, digits: int = 3) -> str:
    """The interval of a number, or a dash.

    Examples
    --------
    >>> from sigmatool.numbers.estimate import Estimate
    >>> ends(Estimate(0.3, 0.22, 1.457)), ends(Estimate(0.3, 0.22, math.nan))
    ('0.22 to 1.46', 'from 0.22')
    """
    if math.isnan(e.high):
        return "-" if math.isnan(e.low) else f"from {number(e.low, digits)}"
    return f"{number(e.low, digits)} to {number(e.high, digits)}"


def drawn_apart(found: GageRR) -> str:
    """Which part of the gage weighs more."""
    repeat, other = found.components["repeatability"], found.components["reproducibility"]
    if repeat.variance.value >= other.variance.value:
        return (
            f"Most of it is repeatability (sd {number(repeat.sd.value)}): the same operator on the same part gets "
            "different values. Look at the instrument, the fixture, the part's own form."
        )
    return (
        f"Most of it is reproducibility (sd {number(other.sd.value)}): operators differ. Look at the method, the "
        "training, the way to read off."
    )


def class_told(found: GageRR) -> str:
    """Wheeler's class with what it means, and how sure it is."""
    icc = found.emp.icc
    name, least, most = monitor(icc.value), monitor(icc.low), monitor(icc.high)
    first = f"{name.capitalize()} class monitor of Wheeler's four: {MONITORS[name]}."
    if least == most:
        return first
    return f"{first} The interval reaches from {least} to {most} class."


def method_told(found: GageRR) -> str:
    """How the numbers were made."""
    names = {
        "anova": "Components are made of mean squares (analysis of variance, random parts and operators)",
        "xbar-r": "Components are made of ranges and means (AIAG's X-bar/R method, exact constants)",
        "reml": "Components are by restricted maximum likelihood",
    }  # fmt: skip
    model = ""
    if found.study.kept is True:
        model = "; the interaction of operators and parts is in the model"
    elif found.study.kept is False and found.method == "anova":
        model = "; the interaction of operators and parts is put to repeatability"
    return (
        f"{names[found.method]}{model}. Intervals hold at {percent(found.asked.confidence)}: sums of mean squares by "
        f"modified large samples, differences and shares by generalized pivotal quantities."
        if not found.measured.random and not found.measured.fixed
        else f"{names[found.method]}{model}. Intervals at {percent(found.asked.confidence)} are approximate."
    )


def spread_told(e: Estimate) -> str:
    """A standard deviation to as many places as its interval leaves meaning."""
    return shown(e.value, (e.high - e.low) / 2 if math.isfinite(e.high) else math.nan, more=1)


def name_of(source: str) -> str:
    """How a source is called in a table; a further factor by its column."""
    return NAMES.get(source, source)
