"""The numbers and sentences of a comparison as people read them."""

from __future__ import annotations

import math

from ..charts.words import number, percent, probability, shown

__all__ = ["changed", "factor", "interval", "number", "percent", "probability", "shown", "where"]

LONGEST = 60
"""Letters of a name in a sentence."""


def changed(value: float, doubt: float, share: bool = False) -> str:
    """A difference in words: how much, and which way.

    Examples
    --------
    >>> changed(-0.083726, 0.0055, share=True), changed(1.58, 0.9), changed(0.0, 1.0), changed(0.031, 9.0)
    ('8.4 points lower', '1.6 higher', 'the same', '0.03 higher')
    """
    if value == 0:
        return "the same"
    # a change that its doubt would round away is still no nothing
    size = shown(abs(value), min(doubt, 10 * abs(value)) if doubt > 0 else doubt, share)
    unit = " points" if share else ""
    return f"{size}{unit} {'higher' if value > 0 else 'lower'}"


def factor(value: float, percentage: bool | None = None, doubt: float = math.nan) -> str:
    """A ratio in words: a percentage where it (or its whole interval) is near 1, else how many times.

    ``doubt`` is half the width of its interval.

    Examples
    --------
    >>> factor(0.88), factor(1.41), factor(3.2), factor(1.0), factor(0.572, doubt=0.078)
    ('12 % lower', '41 % higher', '3.2 times as high', 'the same', '43 % lower')
    """
    if value == 1:
        return "the same"
    if not (near(value) if percentage is None else percentage):
        return f"{number(value)} times as high"
    return f"{_off(value, doubt)} % {'higher' if value > 1 else 'lower'}"


def _off(ratio: float, doubt: float) -> str:
    """How many percent a ratio is off 1."""
    size = 100 * abs(ratio - 1)
    # what its doubt would round away is still no nothing
    return shown(size, min(100 * doubt, 10 * size)) if doubt > 0 and size else number(size)


def near(*ratios: float) -> bool:
    """Whether ratios are best told as percentages more or less."""
    return all(0.02 < r < 2 for r in ratios)


def interval(low: float, high: float, level: float, doubt: float, ratio: bool, share: bool) -> str:
    """The interval of a change, in words that go with those of the change itself.

    Examples
    --------
    >>> interval(-0.089, -0.078, 0.95, 0.0055, ratio=False, share=True)
    '95 % interval 7.8 to 8.9'
    >>> interval(-0.2, 1.7, 0.95, 0.9, ratio=False, share=False)
    '95 % interval 0.2 lower to 1.7 higher'
    >>> interval(0.8, 1.1, 0.9, 0.1, ratio=True, share=False), interval(1.9, 2.8, 0.95, 0.1, ratio=True, share=False)
    ('90 % interval 20 % lower to 10 % higher', '95 % interval 1.9 to 2.8')
    """
    name = f"{number(100 * level, 4)} % interval"
    if not (math.isfinite(low) and math.isfinite(high)):
        end = f"above {number(low)}" if math.isfinite(low) else f"below {number(high)}" if math.isfinite(high) else ""
        return f"{name} {end or 'not known'}"
    if ratio:
        if not near(low, high):
            return f"{name} {number(low)} to {number(high)}"
        if (low < 1) != (high < 1):
            return f"{name} {factor(low, None, doubt)} to {factor(high, None, doubt)}"
        nearer, farther = sorted((low, high), key=lambda r: abs(r - 1))
        return f"{name} {_off(nearer, doubt)} to {_off(farther, doubt)} %"
    if low < 0 < high:
        return f"{name} {shown(-low, doubt, share)} lower to {shown(high, doubt, share)} higher"
    sizes = sorted((abs(low), abs(high)))
    return f"{name} {shown(sizes[0], doubt, share)} to {shown(sizes[1], doubt, share)}"


def where(name: str) -> str:
    """When or where: the names of a rollout's stages say it themselves.

    Examples
    --------
    >>> where("after Handwashing"), where("trt1")
    ('after Handwashing', 'in trt1')
    """
    name = name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
    return name if name in ("before", "after") or name.startswith("after ") else f"in {name}"
