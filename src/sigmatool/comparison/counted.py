"""What differs between two: proportions and rates of events, and the size of the effect."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from ..caveats import Caveat
from ..numbers.effect_size import cohen_h
from ..numbers.proportion_difference import fisher_odds, risk_ratio
from ..numbers.rate_ratio import midp_rate_ratio, rate_difference
from .finding import Finding, attempt
from .findings import Account, Answered, answer
from .plain import Both, plain_level, rate_finding, totals
from .stages import Compared


def proportions(
    compared: Compared, both: Both, confidence: float, caveats: list[Caveat], held: tuple[Account, ...]
) -> Answered:
    """Difference of shares of the totals, their ratio and that of the odds; beside them what varies beyond chance."""
    plain = plain_level(compared, both, confidence)
    found = [plain]
    odds = attempt(caveats, "proportion", fisher_odds, *totals(both), confidence)
    if odds is not None:
        found.append(replace(plain, measure="odds", kind="ratio", tested=odds, before=math.nan, after=math.nan))
    ratio = attempt(caveats, "proportion", risk_ratio, *totals(both), confidence)
    if ratio is not None:
        found.append(replace(plain, kind="ratio", tested=ratio))
    return answer(found, partial(plain_level, compared, both), held, confidence, caveats)


def rates(
    compared: Compared, both: Both, confidence: float, caveats: list[Caveat], held: tuple[Account, ...]
) -> Answered:
    """Ratio of rates of the totals, exact and mid-p, and their difference; beside them what varies beyond chance."""
    given = totals(both)
    plain = plain_level(compared, both, confidence)
    found = [plain]
    if plain.kind == "ratio":
        other = attempt(caveats, "rate", midp_rate_ratio, *given, confidence)
        difference = attempt(caveats, "rate", rate_difference, *given, confidence)
        found += [rate_finding(both, other)] if other is not None else []
        found += [rate_finding(both, difference, ratio=False)] if difference is not None else []
    return answer(found, partial(plain_level, compared, both), held, confidence, caveats)


def share_effect_sizes(both: Both, confidence: float, caveats: list[Caveat]) -> tuple[Finding, ...]:
    """Cohen's h of two shares; of rates the ratio itself tells how large the effect is."""
    first, second = both
    tested = attempt(caveats, "effect size", cohen_h, *totals(both), confidence)
    if tested is None:
        return ()
    return (Finding("effect size", "", "effect size", first.name, second.name, math.nan, math.nan, tested),)
