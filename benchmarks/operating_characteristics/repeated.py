"""What becomes of the error rates when one looks more than once, or at more than one metric?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from sigmatool.numbers.multiple import benjamini_hochberg
from sigmatool.review.decision import CREDITED, decide
from sigmatool.review.evidence import Case, gather
from sigmatool.review.judging import decided
from sigmatool.review.looks import Looks
from sigmatool.review.metrics import HARM, claims

from .cells import Cell
from .draw import draw
from .judges import GROUPS

PLANNED = (8, 12, 16, 20, 24, 30, 36)
"""Points after the rollout at which one looks."""

METRICS = 10


def looks(cell: Cell, rng: np.random.Generator) -> Counter[str]:
    """Seven looks, after 8, 12, 16, 20, 24, 30 and 36 points: what was found at any of them?"""
    whole = draw(rng, cell)
    ways = {"each look": None, "planned": Looks(PLANNED), "any": Looks(())}
    way = ways[cell.looks]
    found: set[str] = set()
    for points in PLANNED:
        code = decided(until(whole, points), way, points)[1].code
        found |= {GROUPS[code]} & {"credited", "open", "deteriorated", "stabilised", "destabilised"}
    return Counter(dict.fromkeys(found, 1))


def until(case: Case, points: int) -> Case:
    """The case as it stood when so many points after the rollout had been seen."""
    n = int((~case.after).sum()) + points
    return replace(
        case, z=case.z[:n], relative_sd=case.relative_sd[:n], positions=case.positions[:n], after=case.after[:n]
    )


def metrics(cell: Cell, rng: np.random.Generator) -> Counter[str]:
    """Ten metrics of one rollout, three of which moved where the cell has a step: what is claimed?"""
    moved = 3 if cell.step else 0
    steady = replace(cell, step=0.0, truth="null")
    evidence = [gather(draw(rng, cell if k < moved else steady)) for k in range(METRICS)]
    codes = [decide(e).code for e in evidence]
    adjusted = benjamini_hochberg([e.p_better for e in evidence])
    claimed = [claims(code, float(p)) for code, p in zip(codes, adjusted, strict=True)]
    wrong = sum(claimed[moved:])
    return Counter(
        {
            "any wrongly credited": int(any(code in CREDITED for code in codes[moved:])),
            "any wrongly claimed": int(wrong > 0),
            "any wrongly called harmed": int(any(code in HARM for code in codes[moved:])),
            "share of claims that is wrong": wrong / max(sum(claimed), 1),
            "share of true changes claimed": sum(claimed[:moved]) / max(moved, 1),
        }
    )
