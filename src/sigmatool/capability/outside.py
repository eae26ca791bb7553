"""How many parts per million lie beyond the specification: seen, or expected, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..numbers.capability_indices import Bounded, per_million
from ..numbers.estimate import Estimate
from ..numbers.exact_counts import clopper_pearson

NOWHERE = Estimate(0.0, 0.0, 0.0, "there is no limit on this side")


@dataclass(frozen=True, slots=True)
class Outside:
    """Parts per million on each side and together."""

    below: Estimate
    above: Estimate
    total: Estimate


def seen(below: int, above: int, n: int, confidence: float) -> Outside:
    """Values that were seen beyond the limits, with exact intervals (Clopper & Pearson 1934).

    Examples
    --------
    >>> found = seen(0, 3, 100, 0.95)
    >>> found.total.value, round(found.total.high)
    (30000.0, 85176)
    """
    counts = np.array([below, above, below + above])
    low, high = clopper_pearson(counts, n, confidence)
    method = "counted; exact interval (Clopper & Pearson 1934)"
    ends = zip(counts.tolist(), low.tolist(), high.tolist(), strict=True)
    return Outside(*(Estimate(1e6 * count / n, 1e6 * a, 1e6 * b, method) for count, a, b in ends))


def expected(family: Mapping[str, Bounded] | None, z: Estimate) -> Outside:
    """What a normal law expects: each side from its index, both together from Z.bench."""
    if family is None:
        nothing = Estimate(np.nan, np.nan, np.nan, "")
        return Outside(nothing, nothing, nothing)
    sides = []
    for side in ("l", "u"):
        index = family[side]
        if np.isnan(index.value):
            sides.append(NOWHERE)
            continue
        value, low, high = (float(per_million(3 * v)) for v in (index.value, index.high, index.low))
        sides.append(Estimate(value, low, high, "normal tail; interval of the index of this side"))
    low, high = float(per_million(z.high)), float(per_million(z.low))
    total = Estimate(sides[0].value + sides[1].value, low, high, "normal tails; interval of Z.bench")
    return Outside(sides[0], sides[1], total)
