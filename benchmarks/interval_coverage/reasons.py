"""Why does an interval lie outside the bar? Theory, or a shortfall: said for each."""

from __future__ import annotations

import re

from .cells import Cell

STEPS = "theory: counts come in steps, and with few events no interval holds 95 % for every truth"
EXACT = "theory: exact, so it holds at least 95 % whatever the truth, and more where events are few"
CHOICE = (
    "shortfall: the interval takes the chosen distribution for true, and small samples seldom contradict the normal; "
    "see the row of any plausible distribution"
)

REASONS: tuple[tuple[str, str], ...] = (
    (r"One proportion.*(Clopper|process Z)|Garwood|odds ratio, exact|rate ratio, exact", EXACT),
    (r"the next 50: (binomial|Poisson)", EXACT),
    (
        r"any continuous distribution",
        "theory: ranks come in steps; none where 59 (one limit) or 93 values (two) are needed",
    ),
    (
        r"Cohen's h",
        "shortfall: the arcsine scale is not normal with few events; Newcombe's difference stands beside it",
    ),
    (r"One proportion|Two proportions", STEPS),
    (r"variance 1 times that of chance", "caution: the spread between 30 points is itself estimated"),
    (r"variance [14.5]+ times", "shortfall: few events in each point; the spread between them is skewed"),
    (r"lognormal.*: normal, ", "on purpose: what limits for normal values do with skewed ones; the verb warns of it"),
    (r"Ratio of two spreads.*: F$", "theory: the F interval holds for normal values only, whatever n; not the default"),
    (r"uniform.*log ratio", "caution: the kurtosis is taken as at least that of normal values"),
    (r"Ratio of two spreads", "shortfall: 30 skewed or heavy-tailed values show too little of their kurtosis"),
    (r"autocorrelation.*level, Welch", "theory: takes points as independent; shown for comparison with the line above"),
    (r"Two stretches", "shortfall: short stretches tell little of their autocorrelation (300 samples a cell)"),
    (r"family chosen.*Johnson.*any plausible", "shortfall: 100 values of it still pass for laws with lighter tails"),
    (r"family chosen.*any plausible", "caution: holds every distribution that the data do not contradict"),
    (r"family chosen.*: normal: ", "shortfall: now and then a sample of normal values passes for another distribution"),
    (r"family chosen", CHOICE),
    (r"family known.*Ppk", "caution: the ends are those of the less sure of two nearly equal sides"),
    (r"family known.*three parameters", "shortfall: the origin is poorly known, and a tail beyond it hangs on that"),
    (r"family known", "shortfall: 250 to 400 samples a cell; the bootstrap of a tail is skewed"),
    (r"subgroups of 5", "shortfall: at n = 30 there are six subgroups"),
    (r"single values, autocorrelation", "shortfall: 30 values show too little of their autocorrelation"),
    (r"Difference of two levels", "caution or simulation error: within a point of the bar"),
    (r"Pairs of three", "simulation error: 400 samples a cell"),
)
"""Pattern of ``family: data: interval``, and the reason; the first that fits is printed."""


def reason_of(cell: Cell, name: str) -> str:
    """The first reason that fits; a row without one says that it is not explained."""
    told = f"{cell.key}: {name}"
    for pattern, why in REASONS:
        if re.search(pattern, told):
            return why
    return "not explained"
