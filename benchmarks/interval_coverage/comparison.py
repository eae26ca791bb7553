"""Cells of comparisons: levels, spreads, effect sizes, many groups, dependent points, capability before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.special import ndtr

from sigmatool.numbers.dependent_difference import dependent_level_difference, dependent_spread_ratio
from sigmatool.numbers.effect_size import cliffs_delta, hedges_g
from sigmatool.numbers.equivalence import tost
from sigmatool.numbers.level_difference import (
    mann_whitney_shift,
    paired_difference,
    signed_rank_difference,
    welch_difference,
)
from sigmatool.numbers.many_groups import games_howell, tukey
from sigmatool.numbers.performance import performance
from sigmatool.numbers.spread_ratio import bonett_ratio, brown_forsythe, f_ratio, log_ratio

from .cells import Cell, Floats, Found, each, triple
from .dependent_capability import autoregressive

LEVEL, SPREAD, GROUPS, DEPENDENT = (
    "Difference of two levels, n values each",
    "Ratio of two spreads, n values each",
    "Pairs of three groups, all at once",
    "Two stretches of n dependent points, autocorrelation",
)
Draw = Callable[[np.random.Generator, int], Floats]
Triples = Mapping[str, tuple[float, float, float]]

SHAPES: dict[str, Draw] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "exponential": lambda rng, n: rng.exponential(1.0, n) - 1.0,
    "t with 5 degrees of freedom": lambda rng, n: rng.standard_t(5, n) / np.sqrt(5 / 3),
    "uniform": lambda rng, n: rng.uniform(-np.sqrt(3), np.sqrt(3), n),
}
"""Each with mean 0 and standard deviation 1."""


def _levels(rng: np.random.Generator, n: int, many: int, draw: Draw, ratio: float) -> Found:
    def one() -> Triples:
        a, b = draw(rng, n), 0.5 + ratio * draw(rng, n)
        found = {"Welch": triple(welch_difference(a, b)), "TOST, 90 %": _tost(a, b)}
        if ratio == 1:
            found["Hodges-Lehmann"] = triple(mann_whitney_shift(a, b))
        return found

    return each(many, one)


def _tost(a: Floats, b: Floats) -> tuple[float, float, float]:
    """Its interval of twice alpha off the level: the miss of 10 % is told as such."""
    parts = [v.var(ddof=1) / v.size for v in (a, b)]
    dof = sum(parts) ** 2 / sum(p**2 / (v.size - 1) for p, v in zip(parts, (a, b), strict=True))
    return triple(tost(float(b.mean() - a.mean()), float(np.sqrt(sum(parts))), float(dof), 1.0))


def _pairs(rng: np.random.Generator, n: int, many: int, draw: Draw) -> Found:
    def one() -> Triples:
        d = 0.5 + draw(rng, n)
        return {"paired t": triple(paired_difference(d)), "signed rank": triple(signed_rank_difference(d))}

    return each(many, one)


def _effects(rng: np.random.Generator, n: int, many: int) -> Found:
    def one() -> Triples:
        a, b = rng.standard_normal(n), 0.5 + rng.standard_normal(n)
        return {"Hedges g": triple(hedges_g(a, b)), "Cliff's delta": triple(cliffs_delta(a, b))}

    return each(many, one)


def _spreads(rng: np.random.Generator, n: int, many: int, draw: Draw) -> Found:
    def one() -> Triples:
        a, b = draw(rng, n), 0.7 * draw(rng, n)
        return {
            "Bonett": triple(bonett_ratio(a, b)), "mean deviations (Brown-Forsythe)": triple(brown_forsythe(a, b)),
            "log ratio, kurtosis": triple(log_ratio(a, b)), "F": triple(f_ratio(a, b)),
        }  # fmt: skip

    return each(many, one)


def _groups(rng: np.random.Generator, n: int, many: int, sds: tuple[float, ...]) -> Found:
    """An interval of all pairs together: it holds where each does."""

    def one() -> Triples:
        parts = [i + sd * rng.standard_normal(n) for i, sd in enumerate(sds)]
        found = {"Games-Howell": games_howell(parts)}
        if len(set(sds)) == 1:
            found["Tukey"] = tukey(parts)
        return {name: _together(pairs) for name, pairs in found.items()}

    return each(many, one)


def _together(pairs: Any) -> tuple[float, float, float]:
    missed = [p.tested.low > p.second - p.first or p.tested.high < p.second - p.first for p in pairs]
    return 0.0, (1.0 if any(missed) else -1.0), 2.0


def _dependent(rng: np.random.Generator, n: int, many: int, r: float) -> Found:
    def one() -> Triples:
        x = autoregressive(rng, 2 * n, r)
        a, b = x[:n], 0.5 + x[n:]
        return {
            "level, allowing for dependence": triple(dependent_level_difference(a, b).tested),
            "level, Welch": triple(welch_difference(a, b)),
            "spread, allowing for dependence": triple(dependent_spread_ratio(a, b).tested),
            "Ppk, less one, reduced n": _ppk(a, b, r),
        }

    return each(many, one)


def _ppk(a: Floats, b: Floats, r: float) -> tuple[float, float, float]:
    """Difference of Ppk against one upper limit at 4, as a comparison makes it."""
    before, after = performance(a, None, 4.0, r), performance(b, None, 4.0, r)
    d, half = after.ppk - before.ppk, 1.959964 * float(np.hypot(before.standard_error, after.standard_error))
    return d, d - half, d + half


def _of(draw: Callable[..., Found], *by: Any) -> Callable[[np.random.Generator, int, int], Found]:
    return lambda rng, n, many: draw(rng, n, many, *by)


def _cells() -> list[Cell]:
    out = []
    for told, shape in SHAPES.items():
        true = {"Welch": 0.5, "TOST, 90 %": 0.5, "Hodges-Lehmann": 0.5}
        out.append(Cell(LEVEL, f"{told}, equal spread", true, _of(_levels, shape, 1.0), 1_500))
    out.append(
        Cell(
            LEVEL,
            "normal, spread 1 and 3",
            {"Welch": 0.5, "TOST, 90 %": 0.5},
            _of(_levels, SHAPES["normal"], 3.0),
            2_000,
        )
    )
    for told in ("normal", "t with 5 degrees of freedom"):
        out.append(
            Cell(LEVEL, f"{told}, n pairs", {"paired t": 0.5, "signed rank": 0.5}, _of(_pairs, SHAPES[told]), 1_500)
        )
    effects = {"Hedges g": 0.5, "Cliff's delta": float(2 * ndtr(0.5 / np.sqrt(2)) - 1)}
    out.append(Cell(LEVEL, "normal, effect sizes", effects, _of(_effects), 1_500))
    names = ("Bonett", "mean deviations (Brown-Forsythe)", "log ratio, kurtosis", "F")
    out += [
        Cell(SPREAD, told, dict.fromkeys(names, 0.7), _of(_spreads, shape), 1_500) for told, shape in SHAPES.items()
    ]
    out.append(
        Cell(GROUPS, "normal, equal spread", {"Games-Howell": 0.0, "Tukey": 0.0}, _of(_groups, (1.0, 1.0, 1.0)), 400)
    )
    out.append(Cell(GROUPS, "normal, spread 1, 2, 3", {"Games-Howell": 0.0}, _of(_groups, (1.0, 2.0, 3.0)), 400))
    for r in (0.0, 0.5, 0.8):
        true = {
            "level, allowing for dependence": 0.5, "level, Welch": 0.5, "spread, allowing for dependence": 1.0,
            "Ppk, less one, reduced n": -0.5 / 3,
        }  # fmt: skip
        out.append(Cell(DEPENDENT, f"{r:g}", true, _of(_dependent, r), 300, large=1_500))
    return out


CELLS = _cells()
