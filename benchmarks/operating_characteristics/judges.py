"""What does the review say of a series, and what is usually said? The judge of most cells.

The verdicts fall into the disjoint groups of :data:`GROUPS`.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from sigmatool.errors import DataError
from sigmatool.numbers.stability import statistics
from sigmatool.review.decision import CREDITED, TOO_FEW, decide
from sigmatool.review.evidence import Dating, Evidence, gather
from sigmatool.review.policy import POLICY

from .cells import Cell
from .draw import Drawn, series

Floats = NDArray[np.float64]

GROUPS = {
    **dict.fromkeys(CREDITED, "credited"),
    "BETTER_CAUSE_OPEN": "open",
    "IMPROVED_NOT_SUSTAINED": "not_sustained",
    "CHANGE_CAME_LATER": "refuted",
    "NOT_ATTRIBUTABLE": "refuted",
    "STABILISED": "stabilised",
    "DESTABILISED": "destabilised",
    "DETERIORATED": "deteriorated",
    "NO_WORTHWHILE_CHANGE": "no_change",
    "NO_DETECTABLE_CHANGE": "no_change",
    "INSUFFICIENT_DATA": "insufficient",
}
"""Verdict code to group; each replication falls into exactly one."""

RUN = 8
"""Points in a row on the good side of the old center that the usual staged chart takes for an improvement."""


def verdict(cell: Cell, rng: np.random.Generator) -> Counter[str]:
    """One review, with what the naive readers say of the same series."""
    found: Counter[str] = Counter()
    try:
        drawn = series(rng, cell)
    except DataError:
        # a series that the door refuses (a stage that never varies) gets no verdict at all
        found.update(insufficient=1, refused=1)
        return found
    found.update(rivals(drawn.plain, drawn.after))
    case = drawn.judged.case
    if case is None:
        found[TOO_FEW.code] = found[GROUPS[TOO_FEW.code]] = 1
        return found
    evidence = gather(case)
    decision = decide(evidence, case.controlled)
    found[decision.code] = 1
    found[GROUPS[decision.code]] = 1
    true_date = None if drawn.date is None else int(np.searchsorted(drawn.judged.first, drawn.date))
    if decision.reason == "date" and GROUPS[decision.code] == "refuted":
        found["dated"] = int(_holds(evidence.date, true_date))
    found.update(_stability(evidence))
    found.update(_coverage(drawn, evidence, true_date))
    return found


def rivals(plain: Floats, after: NDArray[np.bool_]) -> dict[str, int]:
    """What is usually done: Welch's test; eight in a row on the staged chart; the same and no Nelson signal after."""
    seen = np.isfinite(plain)
    before, then = plain[seen & ~after], plain[seen & after]
    better = then > before.mean()
    runs = then.size >= RUN and bool(np.lib.stride_tricks.sliding_window_view(better, RUN).all(axis=1).any())
    quiet = runs and statistics(then[None])[0, 4] == 0
    return {"naive": int(welch(before, then) < 0.025), "eight": int(runs), "eight_quiet": int(quiet)}


def welch(before: Floats, then: Floats) -> float:
    """One-sided p of a higher mean after, by Welch's test (1947, Biometrika 34): half the two-sided one."""
    v1, v2 = before.var(ddof=1) / before.size, then.var(ddof=1) / then.size
    dof = (v1 + v2) ** 2 / (v1**2 / (before.size - 1) + v2**2 / (then.size - 1))
    return float(stdtr(dof, (before.mean() - then.mean()) / np.sqrt(v1 + v2)))


def _stability(e: Evidence) -> dict[str, float]:
    return {
        "judged": 1,
        "unstable_before": int(not e.stability_before.stable),
        "unstable_after": int(not e.stability_after.stable),
        "nelson_after": int(e.stability_after.signals > 0),
        "signals": e.stability_after.signals,
        "signals_expected": round(float(e.stability_after.expected), 4),
        "autocorrelation": round(e.autocorrelation, 4),
    }


def _coverage(drawn: Drawn, e: Evidence, true_date: int | None) -> dict[str, int]:
    """Whether the 95 % intervals hold the truth, where there is one number that is true; ``asked_...`` counts those."""
    found = {}
    if drawn.effect is not None:
        for name, contrast in (("effect", e.level), ("step", e.step)):
            found[f"asked_{name}"] = 1
            tail = (1 - e.interval_level) / 2
            found[f"covered_{name}"] = int(tail <= contrast.above(drawn.effect) <= 1 - tail)
    if drawn.ratio is not None:
        found["asked_spread"] = 1
        found["covered_spread"] = int(e.spread.low <= drawn.ratio <= e.spread.high)
    if true_date is not None:
        found["asked_date"] = 1
        dating = e.date_given_trend if drawn.trended else e.date
        found["covered_date"] = int(_holds(dating, true_date))
        found["date_width"] = int(dating.step.credible_set(POLICY.date_level).size)
    return found


def _holds(dating: Dating, true_date: int | None) -> bool:
    return true_date is not None and true_date in dating.step.credible_set(POLICY.date_level)
