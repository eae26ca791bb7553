"""What differs within pairs: the mean of the differences, and their typical one."""

from __future__ import annotations

import math
from dataclasses import replace

from ..caveats import Caveat
from ..numbers.estimate import Tested
from ..numbers.level_difference import paired_difference, signed_rank_difference
from .finding import Finding, attempt
from .pairing import Pairs
from .plain import exponential, lead, working
from .stages import Compared


def paired_levels(compared: Compared, pairs: Pairs, confidence: float, caveats: list[Caveat]) -> tuple[Finding, ...]:
    """The paired t test, and Wilcoxon's signed rank test beside it; of durations the ratio within pairs."""
    x, y = working(compared, pairs.before), working(compared, pairs.after)
    middle = float(x.mean()), float(y.mean())
    log = compared.scale == "duration"
    before, after = (math.exp(m) for m in middle) if log else middle
    first, second = (g.name for g in compared.groups)
    plain = Finding(
        "level", "geometric mean" if log else "mean", "ratio" if log else "difference", first, second, before, after,
        paired_at(compared, pairs, confidence),
    )  # fmt: skip
    rank = attempt(caveats, "level", signed_rank_difference, y - x, confidence)
    if rank is None:
        return (plain,)
    measure = "ratio of a typical pair" if log else "difference of a typical pair"
    tested = exponential(rank) if log else rank
    return plain, replace(plain, measure=measure, tested=tested, before=math.nan, after=math.nan)


def paired_at(compared: Compared, pairs: Pairs, confidence: float) -> Tested:
    """The paired t test at another confidence."""
    x, y = working(compared, pairs.before), working(compared, pairs.after)
    tested = lead(paired_difference, y - x, confidence)
    return exponential(tested) if compared.scale == "duration" else tested
