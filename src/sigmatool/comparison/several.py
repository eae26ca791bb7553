"""What differs between more than two: overall, every pair, and each against the first."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..numbers.effect_size import eta_squared
from ..numbers.estimate import Tested
from ..numbers.many_groups import chi_square, games_howell, kruskal, rates_of_groups, welch_anova
from ..numbers.multiple import holm
from .aware import Aware
from .finding import Finding, attempt, part
from .findings import dependence, dependent_finding, parted
from .plain import Both, level_finding, plain_level, working
from .stages import Compared

Floats = NDArray[np.float64]

MOST_AWARE = 45
"""Pairs of which each gets the account that allows for dependence."""


@dataclass(frozen=True, slots=True)
class Overall:
    """Whether anything differs at all, of more than two."""

    question: str
    tested: Tested

    def as_dict(self) -> dict[str, Any]:
        """As JSON names it."""
        t = self.tested
        return {
            "question": self.question,
            "effect": t.value,
            "low": t.low,
            "high": t.high,
            "p": t.p,
            "method": t.method,
            "statistic": t.statistic,
            "dof": t.dof,
            "dof2": t.dof2,
        }


@dataclass(frozen=True, slots=True)
class Several:
    """Pairs and comparisons with the first; ``beside`` holds the account of the pairs that does not lead."""

    overall: tuple[Overall, ...]
    pairs: tuple[Finding, ...]
    beside: tuple[Finding, ...]
    against_first: tuple[Finding, ...]


def shared(confidence: float, many: int) -> float:
    """The confidence of each of ``many`` intervals that hold together (Bonferroni).

    Examples
    --------
    >>> shared(0.95, 5)
    0.99
    """
    return 1 - (1 - confidence) / many


def several(compared: Compared, confidence: float, caveats: list[Caveat]) -> Several:
    """Overall tests, every pair, and each against the first."""
    couples = list(itertools.combinations(range(len(compared.groups)), 2))
    plain = _pairs(compared, couples, confidence)
    dependent = _dependent(compared, couples, caveats)
    other = _adjusted(
        [dependent_finding(compared, _both(compared, c), a, shared(confidence, len(couples))) for c, a in dependent]
    )
    reasons = [
        (p, a, reason)
        for p, o, (_, a) in zip(plain, other, dependent, strict=False)
        if (reason := part(p, o) if p.kind == o.kind else "")
    ]
    firsts = [c for c in couples if c[0] == 0]
    level = shared(confidence, len(firsts))
    if reasons:
        caveats.append(parted(*reasons[0]))
        of = dict(dependent)
        first = [dependent_finding(compared, _both(compared, c), of[c], level) for c in firsts]
        return Several(_overall(compared, caveats), tuple(other), tuple(plain), _adjusted(first))
    first = [plain_level(compared, _both(compared, c), level) for c in firsts]
    return Several(_overall(compared, caveats), tuple(plain), tuple(other), _adjusted(first))


def _both(compared: Compared, couple: tuple[int, int]) -> Both:
    return compared.groups[couple[0]], compared.groups[couple[1]]


def _adjusted(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The p values of one family by Holm."""
    if not found:
        return ()
    p = holm(np.array([f.tested.p for f in found]))
    return tuple(
        replace(f, tested=replace(f.tested, p=float(v), method=f"{f.tested.method}; Bonferroni interval, Holm p"))
        for f, v in zip(found, p, strict=True)
    )


def _pairs(compared: Compared, couples: list[tuple[int, int]], confidence: float) -> tuple[Finding, ...]:
    if compared.counted:
        level = shared(confidence, len(couples))
        return _adjusted([plain_level(compared, _both(compared, c), level) for c in couples])
    values = [working(compared, g.level) for g in compared.groups]
    return tuple(
        level_finding(compared, (compared.groups[pair.first], compared.groups[pair.second]), pair.tested)
        for pair in games_howell(values, confidence)
    )


def _dependent(
    compared: Compared, couples: list[tuple[int, int]], caveats: list[Caveat]
) -> list[tuple[tuple[int, int], Aware]]:
    """The account that allows for dependence of every pair; none where one of them has none."""
    if len(couples) > MOST_AWARE:
        if compared.ordered or compared.counted:
            caveats.append(
                Caveat(
                    "dependence-unknown",
                    f"Whether points depend on each other was not looked at: there are more than {MOST_AWARE} pairs.",
                )
            )
        return []
    found = [(c, dependence(compared, _both(compared, c), caveats)) for c in couples]
    return [(c, a) for c, a in found if a is not None] if all(a is not None for _, a in found) else []


def _overall(compared: Compared, caveats: list[Caveat]) -> tuple[Overall, ...]:
    groups = compared.groups
    tests: dict[str, Callable[[], Tested]]
    if compared.counted:
        events = np.array([g.count.sum() for g in groups])
        sizes = np.array([g.size.sum() for g in groups])
        if compared.scale == "proportion":
            tests = {"share": lambda: chi_square(np.column_stack([events, sizes - events])).tested}
        else:
            tests = {"rate": lambda: rates_of_groups(events, sizes)}
    else:
        levels = [working(compared, g.level) for g in groups]
        values = [working(compared, g.values) for g in groups]
        tests = {
            "level": lambda: welch_anova(levels),
            "level by ranks": lambda: kruskal(levels),
            "spread": lambda: _spreads(values),
        }
    found = [(name, attempt(caveats, name, test)) for name, test in tests.items()]
    return tuple(Overall(name, tested) for name, tested in found if tested is not None)


def _spreads(values: Sequence[Floats]) -> Tested:
    """Brown and Forsythe's test of more than two: an analysis of variance of the distances from the median."""
    found = eta_squared([np.abs(v - np.median(v)) for v in values])
    return replace(found, method="Brown-Forsythe (1974); eta squared of the distances from the median")


def most(findings: Sequence[Finding]) -> Finding:
    """The pair that differs most."""
    return max(findings, key=lambda f: abs(math.log(f.tested.value)) if f.kind == "ratio" and f.tested.value > 0
               else abs(f.tested.value))  # fmt: skip
