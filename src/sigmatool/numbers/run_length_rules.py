"""How long does a Shewhart chart with run rules run until one of them fires? Exactly, for rules on zones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .rule_machine import Before, Limits, Machine, machine
from .run_length import LONGEST_HEAD, RunLength, distribution, follow, settled
from .runs import Pattern

Floats = NDArray[np.float64]

THREE_SIGMA = (-3.0, 3.0)


def _back(found: Machine, chances: Floats, silent: Floats) -> Floats:
    """Chance of silence for one more point, from each state."""
    return np.asarray(np.append(silent, 0.0)[found.after] @ chances, dtype=np.float64)


def _ahead(found: Machine, chances: Floats, mass: Floats) -> Floats:
    """Mass on the states one point later."""
    moved = (mass[:, None] * chances).ravel()
    return np.asarray(np.bincount(found.after.ravel(), moved, found.after.shape[0] + 1)[:-1], dtype=np.float64)


def _forgotten(patterns: Sequence[Pattern]) -> int:
    """Points after which every window has been full for long."""
    return 4 * max(p.window for p in patterns)


def run_rules(
    patterns: Sequence[Pattern], shift: float = 0.0, limits: Limits = THREE_SIGMA, before: Before = "nothing"
) -> RunLength:
    """Run length of a set of rules on zones: the first point at which any of them fires.

    Parameters
    ----------
    patterns : sequence of Pattern
        Without ``trend`` and ``alternating``.
    shift : float
        Of the mean from the first point on, in sigma of the charted statistic; the points are independent and normal.
    limits : (float, float)
        Drawn limits in sigma; infinite for none.
    before : {"nothing", "quiet"}
        Whether windows must be full, or published tables' "nothing marked before".

    Raises
    ------
    ValueError
        No rule, a rule that compares points, or rules that never fire.

    Examples
    --------
    Western Electric (Champ & Woodall 1987, table 1: 91.75):

    >>> four = (Pattern("limits"), Pattern("beyond", 3, 2.0, 2), Pattern("beyond", 5, 1.0, 4), Pattern("beyond", 8))
    >>> round(run_rules(four, before="quiet").mean, 2)
    91.75
    """
    found = machine(tuple(patterns), limits, before)
    if not found.fires.any():
        raise ValueError("none of these rules can fire")
    chances = found.chances(shift)
    first = _back(found, chances, np.ones(found.after.shape[0]))
    least = _forgotten(patterns)
    head, _ = follow(first, lambda v: _back(found, chances, v), lambda v: float(v[found.start]), least=least)
    return distribution(head)


def run_rules_steady(patterns: Sequence[Pattern], shift: float = 0.0, limits: Limits = THREE_SIGMA) -> float:
    """Steady-state ARL of a set of rules on zones: from the change to the signal, after a long silence."""
    found = machine(tuple(patterns), limits)
    chances, moved = found.chances(0.0), found.chances(shift)
    mass = np.zeros(found.after.shape[0])
    mass[found.start] = 1.0
    for _ in range(LONGEST_HEAD):
        after = _ahead(found, chances, mass)
        after /= after.sum()
        still = np.abs(after - mass).max() < 1e-14
        mass = after
        if still:
            break
    silent = np.ones(mass.size)
    head = [1.0]
    while not settled(head, _forgotten(patterns)):
        silent = _back(found, moved, silent)
        head.append(float(mass @ silent))
    return distribution(np.array(head)).mean


def signal_share(patterns: Sequence[Pattern], limits: Limits = THREE_SIGMA) -> float:
    """Long-run share of points of a steady process at which a rule fires, when signals do not end the run.

    Examples
    --------
    >>> round(signal_share((Pattern("limits"),)), 6)
    0.0027
    """
    found = machine(tuple(patterns), limits, ends=False)
    chances = found.chances(0.0)
    mass = np.zeros(found.after.shape[0])
    mass[found.start] = 1.0
    for _ in range(LONGEST_HEAD):
        after = _ahead(found, chances, mass)
        still = np.abs(after - mass).max() < 1e-14
        mass = after
        if still:
            break
    return float(mass @ (found.fires @ chances))
