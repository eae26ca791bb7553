"""What differs between more than two: overall, every pair, and each against the first."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..numbers.effect_size import eta_squared
from ..numbers.estimate import Tested
from ..numbers.many_groups import chi_square, games_howell, kruskal, rates_of_groups, welch_anova
from ..numbers.multiple import holm
from . import caveat_words
from .aware import Aware
from .finding import Finding, attempt, part
from .findings import Account, accounts
from .plain import Both, level_finding, plain_level, working
from .scattered import Scattered
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
    """Pairs and comparisons with the first; ``beside`` holds the accounts of the pairs that do not lead.

    ``at`` gives each comparison with the first at another confidence.
    """

    overall: tuple[Overall, ...]
    pairs: tuple[Finding, ...]
    beside: tuple[Finding, ...]
    against_first: tuple[Finding, ...]
    at: tuple[Callable[[float], Tested], ...]


def shared(confidence: float, many: int) -> float:
    """The confidence of each of ``many`` intervals that hold together (Bonferroni).

    Examples
    --------
    >>> shared(0.95, 5)
    0.99
    """
    return 1 - (1 - confidence) / many


def several(compared: Compared, confidence: float, caveats: list[Caveat]) -> Several:
    """Overall tests, every pair, and each against the first; an account that parts in one pair leads in all."""
    couples: list[Both] = list(itertools.combinations(compared.groups, 2))
    plain = leading = _pairs(compared, couples, confidence)
    led: list[Callable[[float], Finding]] = [partial(plain_level, compared, both) for both in couples]
    beside: list[Finding] = []
    for held in _accounts(compared, couples, caveats):
        other = _adjusted([account.finding(shared(confidence, len(couples))) for account in held])
        reasons = [part(p, o) if p.kind == o.kind else "" for p, o in zip(plain, other, strict=True)]
        at = next((i for i, reason in enumerate(reasons) if reason), None)
        if leading is plain and at is not None:
            caveats.append(held[at].caveat(plain[at], reasons[at]))
            leading, led = other, [account.finding for account in held]
        else:
            beside += other
    if leading is not plain:
        beside = [*plain, *beside]
    # the pairs of the first stand before all others
    firsts = led[: len(compared.groups) - 1]
    level = shared(confidence, len(firsts))
    against = _adjusted([finding(level) for finding in firsts])
    return Several(_overall(compared, caveats), leading, tuple(beside), against, tuple(_tested(f) for f in firsts))


def _tested(finding: Callable[[float], Finding]) -> Callable[[float], Tested]:
    return lambda confidence: finding(confidence).tested


def _adjusted(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The p values of one family by Holm."""
    if not found:
        return ()
    p = holm(np.array([f.tested.p for f in found]))
    return tuple(
        replace(f, tested=replace(f.tested, p=float(v), method=f"{f.tested.method}; Bonferroni interval, Holm p"))
        for f, v in zip(found, p, strict=True)
    )


def _pairs(compared: Compared, couples: list[Both], confidence: float) -> tuple[Finding, ...]:
    if compared.counted:
        level = shared(confidence, len(couples))
        return _adjusted([plain_level(compared, both, level) for both in couples])
    values = [working(compared, g.level) for g in compared.groups]
    found = games_howell(values, confidence)
    return tuple(level_finding(compared, both, pair.tested) for both, pair in zip(couples, found, strict=True))


def _accounts(compared: Compared, couples: list[Both], caveats: list[Caveat]) -> list[list[Account]]:
    """The accounts that allow for more than independent points, of every pair; none where one of them has none."""
    if len(couples) > MOST_AWARE:
        if compared.ordered or compared.counted:
            caveats.append(caveat_words.too_many_pairs(MOST_AWARE))
        return []
    held = [accounts(compared, both, caveats) for both in couples]
    by_kind = [[a for of_pair in held for a in of_pair if isinstance(a, kind)] for kind in (Aware, Scattered)]
    return [found for found in by_kind if len(found) == len(couples)]


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
