"""The pictures of many characteristics: the goal plot of all, and the histograms of the least sure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..data import Specification
from ..render.figure import Figure, Sheet
from .before_after import before_after
from .goal_plot import Goal, goal_plot, standardized
from .histogram import histogram
from .picture import curves
from .words import interval, number

if TYPE_CHECKING:
    from .each_result import CapabilityEach
    from .each_work import Characteristic
    from .result import Capability

WORST = 6
"""Characteristics whose values are drawn."""

LEVELS = (1.0, 1.33, 2.0)
"""Ppk of which lines are drawn, beside the one wanted."""


def place(mean: float, sd: float, spec: Specification) -> tuple[float, float]:
    """Where a characteristic stands on the goal plot, whatever its specification.

    Notes
    -----
    With two limits, or one and a target: :func:`~sigmatool.capability.goal_plot.standardized`. A target at or beyond a
    limit cannot be the place to be: the middle of the limits is taken. One limit without a target says nothing of
    where to be, only of how far the limit is: the characteristic stands on the line of the target, at the height
    sd / (2 distance), where the lines tell its Ppk; beyond the limit at the upper edge (infinite).

    Examples
    --------
    >>> place(10.5, 0.25, Specification(usl=12.0))
    (0.0, 0.08333333333333333)
    >>> place(10.5, 0.25, Specification(9.0, 11.0, target=11.0)) == place(10.5, 0.25, Specification(9.0, 11.0))
    True
    """
    if directionless(spec):
        distance = mean - spec.lsl if spec.lsl is not None else (spec.usl or 0.0) - mean
        return 0.0, sd / (2 * distance) if distance > 0 else math.inf
    target = None if off_range(spec) else spec.target
    return standardized(mean, sd, lsl=spec.lsl, usl=spec.usl, target=target)


def directionless(spec: Specification) -> bool:
    """One limit, and no target inside it: nothing says where to be."""
    return (spec.lsl is None or spec.usl is None) and (spec.target is None or off_range(spec))


def off_range(spec: Specification) -> bool:
    """A target at or beyond a limit."""
    if spec.target is None:
        return False
    return (spec.lsl is not None and spec.target <= spec.lsl) or (spec.usl is not None and spec.target >= spec.usl)


def goals(found: CapabilityEach) -> Figure:
    """The goal plot of all that could be judged; lines of Ppk at 1, 1.33, 2 and at the one wanted."""
    entries = []
    for c, study in found.judged:
        at = place(study.mean, study.sigma_overall, c.specification)
        old = None if c.before is None else place(c.before.mean, c.before.sigma_overall, c.specification)
        entries.append(Goal(c.name, *at, old, study.indices["ppk"].value))
    levels = tuple(sorted({*LEVELS, round(found.wanted, 4)}))
    return goal_plot(tuple(entries), levels=levels, stages=found.stages or None, title=found.title)


def worst(found: CapabilityEach) -> Sheet:
    """The values of the least sure characteristics; before and after on one scale where there are two stages."""
    chosen = found.judged[:WORST]
    figures = tuple(_values(found, c, study) for c, study in chosen)
    names = ", ".join(c.name for c, _ in chosen)
    return Sheet(figures, 2, "", f"Histograms of the {len(chosen)} least sure characteristics: {names}.")


def _values(found: CapabilityEach, c: Characteristic, study: Capability) -> Figure:
    spec, ppk = c.specification, study.indices["ppk"]
    title = f"{c.name}: Ppk {number(ppk.value)} ({interval(ppk.low, ppk.high)})"
    if c.before is None:
        name = f"{c.name}, {found.stages[1]}" if found.staged else c.name
        drawn = histogram(
            study.study.x, lsl=spec.lsl, usl=spec.usl, target=spec.target, curves=curves(study), name=name, title=title
        )
    else:
        stages = tuple(zip(found.stages, (c.before.study.x, study.study.x), strict=True))
        drawn = before_after(stages, lsl=spec.lsl, usl=spec.usl, target=spec.target, name=c.name, title=title)
    return replace(drawn, legend=False)


def notes(found: CapabilityEach) -> Sequence[str]:
    """What a reader must know of places on the goal plot that are not what they seem."""
    held = [(c, study) for c, study in found.judged]
    alone = [c.name for c, _ in held if directionless(c.specification)]
    off = [c.name for c, _ in held if off_range(c.specification) and not directionless(c.specification)]
    skewed = [c.name for c, study in held if study.law.name != "normal"]
    out = []
    if alone:
        out.append(
            f"One limit and no target, so nothing to be off from: {_named(alone)}; only the height counts, as Ppk."
        )
    if off:
        out.append(f"A target at or beyond a limit: {_named(off)}. Their place is told from the middle of the limits.")
    if skewed:
        out.append(
            f"Not judged by the normal distribution: {_named(skewed)}. Their places are told by mean and standard "
            "deviation, so the lines tell their Ppk only roughly; the table has it."
        )
    return out


def _named(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
