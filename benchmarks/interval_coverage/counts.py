"""Cells of counts: exact sums over every outcome, and simulated points that differ by more than chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import stats

from sigmatool.numbers.clustered_counts import widened
from sigmatool.numbers.defects import process_z
from sigmatool.numbers.dispersion import overdispersion
from sigmatool.numbers.effect_size import cohen_h
from sigmatool.numbers.exact_counts import clopper_pearson, garwood, mid_p_proportion, mid_p_rate, wilson
from sigmatool.numbers.proportion_difference import fisher_odds, newcombe_difference, risk_ratio
from sigmatool.numbers.rate_ratio import exact_rate_ratio, midp_rate_ratio, rate_difference

from .cells import Cell, Ends, Floats, Found, each, triple

ONE, TWO, CLUSTERED = (
    "One proportion or rate",
    "Two proportions or rates",
    "Counts whose points differ by more than chance",
)
RARE = 1e-7
"""Chance of an outcome below which it is left out."""
POINT = 40
"""Units in each point of the counts that differ."""


def _outcomes(law: Any) -> tuple[Floats, Floats]:
    """Counts that occur, with their chances."""
    count = np.arange(float(law.ppf(RARE)), float(law.isf(RARE)) + 1)
    return count, law.pmf(count)


def _proportion(n: int, p: float) -> tuple[Floats, Found]:
    x, weight = _outcomes(stats.binom(n, p))
    exact, score, middle = clopper_pearson(x, n), wilson(x, n), mid_p_proportion(x, n)
    # where nothing or everything fails an end does not exist: the interval is open there
    z = (
        process_z(x / n),
        np.nan_to_num(process_z(exact[1]), nan=-np.inf),
        np.nan_to_num(process_z(exact[0]), nan=np.inf),
    )
    found: dict[str, Ends] = {
        "Clopper-Pearson": (x / n, *exact), "Wilson": (x / n, *score), "mid-p": (x / n, *middle), "process Z": z,
    }  # fmt: skip
    return weight, found


def _rate(n: int, mean: float) -> tuple[Floats, Found]:
    x, weight = _outcomes(stats.poisson(n * mean))
    return weight, {"Garwood": (x / n, *garwood(x, n)), "mid-p": (x / n, *mid_p_rate(x, n))}


def _pairs(
    first: Any, second: Any, named: Mapping[str, Callable[[int, int], object]]
) -> tuple[Floats, dict[str, Ends]]:
    """Every pair of outcomes that is not rare, with the intervals of each."""
    (x, wx), (y, wy) = _outcomes(first), _outcomes(second)
    chance = np.outer(wx, wy)
    kept = np.argwhere(chance > RARE)
    found = {}
    for name, of in named.items():
        rows = []
        for i, j in kept:
            try:
                rows.append(triple(of(int(x[i]), int(y[j]))))
            except ValueError:
                rows.append((np.nan,) * 3)
        held = np.array(rows)
        found[name] = (held[:, 0], held[:, 1], held[:, 2])
    return chance[kept[:, 0], kept[:, 1]], found


def _two_proportions(n: int, p1: float, p2: float) -> tuple[Floats, Found]:
    return _pairs(
        stats.binom(n, p1), stats.binom(n, p2),
        {
            "Newcombe difference": lambda x, y: newcombe_difference(x, n, y, n),
            "risk ratio (Koopman)": lambda x, y: risk_ratio(x, n, y, n),
            "odds ratio, exact": lambda x, y: fisher_odds(x, n, y, n),
            "Cohen's h": lambda x, y: cohen_h(x, n, y, n),
        },
    )  # fmt: skip


def _two_rates(n: int, r1: float, r2: float) -> tuple[Floats, Found]:
    return _pairs(
        stats.poisson(n * r1), stats.poisson(n * r2),
        {
            "rate ratio, exact": lambda x, y: exact_rate_ratio(x, n, y, n),
            "rate ratio, mid-p": lambda x, y: midp_rate_ratio(x, n, y, n),
            "rate difference": lambda x, y: rate_difference(x, n, y, n),
        },
    )  # fmt: skip


def clustered(rng: np.random.Generator, n: int, mean: float, effect: float, proportion: bool) -> Floats:
    """Counts of n points of 40 units whose variance is ``effect`` times that of independent units."""
    if proportion:
        alike = (effect - 1) / (POINT - 1)
        share = rng.beta(mean * (1 / alike - 1), (1 - mean) * (1 / alike - 1), n)
        return rng.binomial(POINT, share).astype(np.float64)
    level = rng.gamma(POINT * mean / (effect - 1), (effect - 1) / POINT, n)
    return rng.poisson(POINT * level).astype(np.float64)


def _clustered(rng: np.random.Generator, n: int, many: int, mean: float, effect: float, proportion: bool) -> Found:
    of = clopper_pearson if proportion else garwood

    def one() -> Mapping[str, tuple[float, float, float]]:
        if effect > 1:
            x = clustered(rng, n, mean, effect, proportion)
        else:
            x = (rng.binomial(POINT, mean, n) if proportion else rng.poisson(POINT * mean, n)).astype(np.float64)
        size = np.full(n, float(POINT))
        wide = triple(widened(x, size, proportion))
        low, high = (float(v) for v in of(x.sum(), size.sum()))
        plain = float(x.sum() / size.sum()), low, high
        ratio, p = overdispersion(x, size, proportion)
        return {"widened": wide, "as the verb chooses": wide if ratio > 1 and p < 0.05 else plain}

    return each(many, one)


def _cells() -> list[Cell]:
    out = []
    for p in (0.005, 0.02, 0.1, 0.5):
        z = float(process_z(p))
        true = {"Clopper-Pearson": p, "Wilson": p, "mid-p": p, "process Z": z}
        out.append(Cell(ONE, f"proportion {p:g} of n inspected", true, _exact(_proportion, p), exact=True))
    for mean in (0.05, 0.5, 3.0):
        out.append(
            Cell(ONE, f"rate {mean:g} on n units", {"Garwood": mean, "mid-p": mean}, _exact(_rate, mean), exact=True)
        )
    for p1, p2 in ((0.05, 0.02), (0.2, 0.1), (0.5, 0.7)):
        true = {
            "Newcombe difference": p2 - p1,
            "risk ratio (Koopman)": p2 / p1,
            "odds ratio, exact": p2 / (1 - p2) / (p1 / (1 - p1)),
            "Cohen's h": float(2 * np.arcsin(np.sqrt(p2)) - 2 * np.arcsin(np.sqrt(p1))),
        }
        out.append(
            Cell(TWO, f"proportions {p1:g} and {p2:g} of n each", true, _exact(_two_proportions, p1, p2), exact=True)
        )
    for r1, r2 in ((0.1, 0.05), (1.0, 1.5)):
        true = {"rate ratio, exact": r2 / r1, "rate ratio, mid-p": r2 / r1, "rate difference": r2 - r1}
        out.append(Cell(TWO, f"rates {r1:g} and {r2:g} on n units each", true, _exact(_two_rates, r1, r2), exact=True))
    for mean, effect, proportion in (
        (0.1, 1.0, True),
        (0.1, 1.5, True),
        (0.1, 4.0, True),
        (0.2, 1.0, False),
        (0.2, 4.0, False),
    ):
        kind = f"proportion {mean:g}" if proportion else f"rate {mean:g}"
        told = f"{kind}, n points of {POINT} units, variance {effect:g} times that of chance"
        true = {"widened": mean, "as the verb chooses": mean}
        out.append(Cell(CLUSTERED, told, true, _drawn(_clustered, mean, effect, proportion), 4_000))
    return out


def _exact(of: Callable[..., tuple[Floats, Found]], *settings: float) -> Callable[[int], tuple[Floats, Found]]:
    return lambda n: of(n, *settings)


def _drawn(of: Callable[..., Found], *settings: object) -> Callable[[np.random.Generator, int, int], Found]:
    return lambda rng, n, many: of(rng, n, many, *settings)


CELLS = _cells()
