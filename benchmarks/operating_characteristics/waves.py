"""What does the review say of a rollout in waves? Panels of sites with a known truth, and the judge of their cells."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from sigmatool.review.waves_case import NEVER, WavesCase, prepare_waves
from sigmatool.review.waves_decision import decide_waves
from sigmatool.review.waves_evidence import gather_waves

from .cells import Cell
from .draw import noise
from .judges import GROUPS

ADOPTION = (0.2, 0.9)
"""Adoption at the go-live, even over the sites; it then moves by up to 0.05 a period either way."""


def waves(cell: Cell, rng: np.random.Generator) -> Counter[str]:
    """Rollouts in waves: what happens when sites go live in turn?"""
    case = prepared(cell, rng)
    evidence = gather_waves(case)
    # a dose is asked where it is given: its effect at full adoption is the one that is true
    effect = evidence.level if evidence.dose is None else evidence.dose.full
    found = Counter({GROUPS[decide_waves(evidence).code]: 1})
    if cell.truth in ("null", "step"):
        low, high = effect.interval()
        found.update(asked_effect=1, covered_effect=int(low <= cell.step <= high))
    return found


def prepared(cell: Cell, rng: np.random.Generator) -> WavesCase:
    """One panel, as the review sees it."""
    return prepare_waves(
        drawn(cell, rng), value="y", time="period", site="site", rollout="live", better="higher",
        adoption="adoption" if cell.dose else None,
    )  # fmt: skip


def drawn(cell: Cell, rng: np.random.Generator) -> pd.DataFrame:
    """One panel as a long table: site, period, y, live (missing: never), adoption."""
    s, p = cell.sites, cell.n
    start = starts(cell)
    t = np.arange(p)
    uneven = (cell.uneven ** np.linspace(-0.5, 0.5, s))[rng.permutation(s), None]
    y = np.stack([noise(rng, p, cell.phi, cell.shape) for _ in range(s)]) * uneven
    y += 3 * rng.standard_normal(s)[:, None] + cell.trend * t / (p - 1)
    if cell.cycle:
        y += 2 * np.sin(2 * np.pi * (t + rng.uniform(0, cell.cycle)) / cell.cycle)
    y += cell.course * np.linspace(1, 0, s)[:, None] * t / (p - 1)
    since = t[None, :] - start[:, None]
    live = since >= 0
    moved = np.clip((since + 1) / cell.ramp, 0, 1) if cell.ramp else np.ones((s, p))
    if cell.lost:
        moved = np.clip(1 - since / 10, 0, 1)
    growth = rng.uniform(-0.05, 0.05, s)[:, None] * since
    adoption = np.clip(rng.uniform(*ADOPTION, s)[:, None] + growth, 0, 1) * live
    effects = (cell.step + cell.differ * rng.standard_normal(s))[:, None]
    y += effects * (adoption if cell.dose else moved * live)
    table = pd.DataFrame(
        {
            "site": np.repeat([f"site {i + 1}" for i in range(s)], p),
            "period": np.tile(t + 1, s),
            "y": y.ravel(),
            "live": np.repeat(np.where(start < p, start + 1.0, np.nan), p),
            "adoption": adoption.ravel(),
        }
    )
    return table[rng.random(s * p) >= 0.2] if cell.missing else table


def starts(cell: Cell) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Place of each go-live, even over the calendar but for its edges; controls never go live."""
    live = cell.sites - cell.controls
    edge = cell.n // 6 if live > 3 else cell.n // 3
    turn = np.linspace(edge, cell.n - edge - 1, live).round().astype(np.int64)
    return np.concatenate([turn, np.full(cell.controls, NEVER)])
