"""Do two tools mark the same points, and if not, which convention parts them?

Three conventions are in use for the same rules of Nelson (1984). Here two of three and four of five fire on the
window, wherever its last point lies; some tools ask that the last point lie beyond the zone too. Here eight beyond
1 sigma need points on both sides, as Nelson draws it; some tools take one side as well. Each difference is derived
again from the data: a mark that its convention does not explain is a disagreement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WINDOWS = {"5": (3, 2, 2.0), "6": (5, 4, 1.0)}
"""Rule -> points looked at, points needed, zone."""


@dataclass(frozen=True)
class Agreement:
    """Marks of one rule: how many each tool has, how many differ, how many of those no convention explains."""

    task: str
    rival: str
    rule: str
    ours: int
    theirs: int
    differ: int
    unexplained: int
    why: str = ""


def standardised(x: np.ndarray) -> np.ndarray:
    """Individuals in sigmas from the mean, sigma from the moving range: the last axis is time."""
    ranges = np.abs(np.diff(x, axis=-1)).mean(axis=-1, keepdims=True)
    return (x - x.mean(axis=-1, keepdims=True)) * (2 / np.sqrt(np.pi)) / ranges


def last_point_counts(z: np.ndarray, at: int, rule: str) -> bool:
    """Whether the window that ends at ``at`` would fire also where the last point must lie beyond the zone."""
    window, least, zone = WINDOWS[rule]
    seen = z[at - window + 1 : at + 1] * np.sign(z[at])
    return bool(seen[-1] > zone and (seen > zone).sum() >= least)


def compare(task: str, rival: str, x: np.ndarray, ours: dict[str, list[int]], theirs: dict[str, list[int]]) -> list[Agreement]:  # fmt: skip
    """Rule by rule; positions count through all streams."""
    z = standardised(x).ravel()
    found = []
    for rule in sorted(set(ours) | set(theirs)):
        a, b = set(ours.get(rule, ())), set(theirs.get(rule, ()))
        more, less, why = a - b, b - a, ""
        open_ones = more | less
        if rule in WINDOWS and open_ones:
            why = f"{rival} asks that the last point lie beyond the zone"
            open_ones = {at for at in more if last_point_counts(z, at, rule)} | less
        if rule == "8" and open_ones:
            why = f"{rival} takes eight on one side too"
            open_ones = {at for at in less if np.ptp(np.sign(z[at - 7 : at + 1]))} | more
        found.append(Agreement(task, rival, rule, len(a), len(b), len(more | less), len(open_ones), why))
    return found
