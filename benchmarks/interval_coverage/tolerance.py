"""Cells of tolerance intervals: how often does one hold the share that it says?

Beside each interval stands the share of the population that it holds; it misses where that is less than 95 %.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.special import ndtr

from sigmatool.numbers.tolerance import howe_factor, tolerance_factor
from sigmatool.numbers.tolerance_counts import binomial_tolerance, poisson_tolerance
from sigmatool.numbers.tolerance_ranks import tolerance_ranks

from .cells import Cell, Ends, Floats, Found
from .counts import _outcomes

FAMILY = "Tolerance intervals, 95 % of the values with 95 % confidence"
COVERAGE = 0.95
NEXT = 50
"""Units of the sample to come."""


def _holds(content: Floats) -> Ends:
    """An interval of contents that is open below: it misses where the content falls short."""
    return content, np.full(content.shape, -np.inf), content


def _normal(rng: np.random.Generator, n: int, many: int, skewed: bool) -> Found:
    x = rng.standard_normal((many, n))
    if skewed:
        x = np.exp(x / 2)
    mean, s = x.mean(axis=1), x.std(axis=1, ddof=1)

    def content(k: float, sides: int = 2) -> Floats:
        ends = mean + k * s, mean - k * s
        if skewed:
            ends = tuple(2 * np.log(np.maximum(v, 1e-300)) for v in ends)  # type: ignore[assignment]
        return np.asarray(ndtr(ends[0]) - (ndtr(ends[1]) if sides == 2 else 0.0))

    found = {
        "normal, two limits": _holds(content(tolerance_factor(n))),
        "normal, one limit above": _holds(content(tolerance_factor(n, sides=1), 1)),
    }
    return found if skewed else found | {"Howe": _holds(content(howe_factor(n)))}


def _ranks(rng: np.random.Generator, n: int, many: int) -> Found:
    u = np.sort(rng.random((many, n)), axis=1)
    found = {}
    for sides, name in ((2, "nonparametric, two limits"), (1, "nonparametric, one limit above")):
        ranks = tolerance_ranks(n, sides=sides)
        if ranks.upper == 0:
            found[name] = (np.full(many, np.nan),) * 3
        else:
            low = u[:, ranks.lower - 1] if sides == 2 else 0.0
            found[name] = _holds(np.asarray(u[:, ranks.upper - 1] - low))
    return found  # type: ignore[return-value]


def _binomial(n: int, p: float) -> tuple[Floats, Found]:
    x, weight = _outcomes(stats.binom(n, p))
    law, one, two = stats.binom(NEXT, p), [], []
    for count in x:
        low, high = binomial_tolerance(count, n, NEXT)
        two.append(law.cdf(high) - law.cdf(low - 1))
        one.append(law.cdf(binomial_tolerance(count, n, NEXT, sides=1)[1]))
    return weight, {"binomial, two limits": _holds(np.array(two)), "binomial, most": _holds(np.array(one))}


def _poisson(n: int, rate: float) -> tuple[Floats, Found]:
    x, weight = _outcomes(stats.poisson(n * rate))
    law, one, two = stats.poisson(NEXT * rate), [], []
    for count in x:
        low, high = poisson_tolerance(count, n, NEXT)
        two.append(law.cdf(high) - law.cdf(low - 1))
        one.append(law.cdf(poisson_tolerance(count, n, NEXT, sides=1)[1]))
    return weight, {"Poisson, two limits": _holds(np.array(two)), "Poisson, most": _holds(np.array(one))}


def _cells() -> list[Cell]:
    names = ("normal, two limits", "normal, one limit above")
    out = [
        Cell(
            FAMILY,
            "normal",
            dict.fromkeys((*names, "Howe"), COVERAGE),
            lambda rng, n, many: _normal(rng, n, many, False),
        ),
        Cell(
            FAMILY,
            "lognormal, sd of the logarithm 0.5",
            dict.fromkeys(names, COVERAGE),
            lambda rng, n, many: _normal(rng, n, many, True),
        ),
        Cell(
            FAMILY,
            "any continuous distribution",
            dict.fromkeys(("nonparametric, two limits", "nonparametric, one limit above"), COVERAGE),
            _ranks,
        ),
    ]
    for p in (0.05, 0.3):
        true = {"binomial, two limits": COVERAGE, "binomial, most": COVERAGE}
        out.append(Cell(FAMILY, f"proportion {p:g} of n, the next {NEXT}", true, _of(_binomial, p), exact=True))
    for rate in (0.1, 1.0):
        true = {"Poisson, two limits": COVERAGE, "Poisson, most": COVERAGE}
        out.append(Cell(FAMILY, f"rate {rate:g} on n units, the next {NEXT}", true, _of(_poisson, rate), exact=True))
    return out


def _of(draw: Callable[..., tuple[Floats, Found]], by: float) -> Callable[[int], tuple[Floats, Found]]:
    return lambda n: draw(n, by)


CELLS = _cells()
