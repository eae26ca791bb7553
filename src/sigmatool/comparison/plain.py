"""The plain account of a level, a proportion or a rate: every point, or every unit counted, is news of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..numbers.estimate import Tested
from ..numbers.level_difference import welch_difference
from ..numbers.proportion_difference import newcombe_difference
from ..numbers.rate_ratio import exact_rate_ratio, rate_difference
from .finding import Finding
from .stages import Compared, Group

Floats = NDArray[np.float64]
Both = tuple[Group, Group]

PLAIN: Final = {
    "level": "Welch's test",
    "proportion": "Newcombe's interval",
    "rate": "the exact interval",
    "spread": "Bonett's interval",
}
"""The account that answers a question first, by its name."""


def lead(compute: Callable[..., Tested], *given: Any, **options: Any) -> Tested:
    """The test that answers first: where it does not exist the data are refused."""
    try:
        return compute(*given, **options)
    except ValueError as reason:
        raise DataError(str(reason)) from None


def plain_level(compared: Compared, both: Both, confidence: float) -> Finding:
    """Welch's difference of means, Newcombe's of shares, or the exact ratio of rates."""
    if compared.scale == "proportion":
        return proportion_finding(both, lead(newcombe_difference, *totals(both), confidence))
    if compared.scale == "rate":
        # without an event in one of the two their ratio says nothing
        method = exact_rate_ratio if min(totals(both)[::2]) > 0 else rate_difference
        return rate_finding(both, lead(method, *totals(both), confidence), method is exact_rate_ratio)
    x, y = (working(compared, g.level) for g in both)
    return level_finding(compared, both, lead(welch_difference, x, y, confidence))


def measured(scale: str) -> tuple[str, str]:
    """The question that a scale answers first, and what is compared."""
    if scale == "proportion":
        return "proportion", "share"
    return ("rate", "rate") if scale == "rate" else ("level", "geometric mean" if scale == "duration" else "mean")


def working(compared: Compared, values: Floats) -> Floats:
    """Durations as logarithms, on which their ratios are differences."""
    return np.log(values) if compared.scale == "duration" else values


def level_finding(compared: Compared, both: Both, tested: Tested) -> Finding:
    """A difference of working levels in the metric's own unit; of durations as a ratio."""
    first, second = both
    middle = [float(working(compared, g.level).mean()) for g in both]
    if compared.scale != "duration":
        return Finding("level", "mean", "difference", first.name, second.name, middle[0], middle[1], tested)
    before, after = (math.exp(m) for m in middle)
    return Finding("level", "geometric mean", "ratio", first.name, second.name, before, after, exponential(tested))


def exponential(tested: Tested) -> Tested:
    """A difference of logarithms as a ratio."""
    return replace(tested, value=math.exp(tested.value), low=math.exp(tested.low), high=math.exp(tested.high))


def totals(both: Both) -> tuple[int, float, int, float]:
    """Events and size of the first, then of the second."""
    first, second = both
    return int(first.count.sum()), _size(first), int(second.count.sum()), _size(second)


def _size(group: Group) -> float:
    """A whole number where it is one."""
    size = float(group.size.sum())
    return int(size) if size.is_integer() else size


def share_of(group: Group) -> float:
    """Events over size, of all points together."""
    return float(group.count.sum() / group.size.sum())


def proportion_finding(both: Both, tested: Tested) -> Finding:
    """A difference of shares."""
    first, second = both
    ends = share_of(first), share_of(second)
    return Finding("proportion", "share", "difference", first.name, second.name, *ends, tested)


def rate_finding(both: Both, tested: Tested, ratio: bool = True) -> Finding:
    """A ratio of rates, or their difference."""
    first, second = both
    kind = "ratio" if ratio else "difference"
    return Finding("rate", "rate", kind, first.name, second.name, share_of(first), share_of(second), tested)  # type: ignore[arg-type]
