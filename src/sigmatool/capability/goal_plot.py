"""Which of many characteristics are off target, which spread too wide, and what has improved?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..render.figure import Arrow, Figure, Label, Line, Mark, Panel, Points, Rule

_LINES = (1.0, 1.33, 2.0)
_NAMED = 30
"""Characteristics that are all named; of more only the worst."""
_NARROWEST = 0.1
_WIDEST, _HIGHEST = 0.75, 0.35
"""Offset and spread beyond which a characteristic is drawn at the edge; Ppk is below 0.5 there."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One characteristic, in units of its own tolerance.

    Parameters
    ----------
    name : str
    offset : float
        (mean - target) / (usl - lsl), target in the middle; see :func:`standardized`.
    spread : float
        Overall standard deviation / (usl - lsl).
    before : (float, float), optional
        Offset and spread before the change.
    known : float, optional
        Ppk, where more than its place decides on it (another distribution, a target that is not in the middle).
    """

    name: str
    offset: float
    spread: float
    before: tuple[float, float] | None = None
    known: float | None = None

    @property
    def ppk(self) -> float:
        """The known Ppk; else that of its place: (1/2 - |offset|) / (3 spread), NaN without spread."""
        if self.known is not None:
            return self.known
        return (0.5 - abs(self.offset)) / (3 * self.spread) if self.spread > 0 else math.nan


def standardized(
    mean: float, sd: float, *, lsl: float | None, usl: float | None, target: float | None = None
) -> tuple[float, float]:
    """Offset and spread of one characteristic in units of its tolerance.

    Parameters
    ----------
    mean, sd : float
    lsl, usl : float or None
        At least one. With one limit alone the target is needed, and the tolerance is twice the way from the target
        to the limit; an offset away from the limit is no fault and counts as zero.
    target : float, optional
        Default: the middle of the limits.

    Raises
    ------
    ValueError
        If the limits do not make a tolerance above zero.

    Notes
    -----
    A target that is not in the middle: the offset is scaled by the way from the target to the limit on the side of
    the mean, so that the mean stands at the limit where the offset is one half.

    Examples
    --------
    >>> standardized(10.5, 0.25, lsl=9.0, usl=11.0)
    (0.25, 0.125)
    >>> standardized(10.5, 0.25, lsl=None, usl=11.0, target=10.0)
    (0.25, 0.125)
    >>> standardized(9.5, 0.25, lsl=None, usl=11.0, target=10.0)
    (0.0, 0.125)
    """
    if target is None:
        if lsl is None or usl is None:
            raise ValueError("with one limit alone the goal plot needs a target.")
        target = lsl + (usl - lsl) / 2
    ways = [None if usl is None else usl - target, None if lsl is None else target - lsl]
    if any(way is not None and not way > 0 for way in ways) or ways == [None, None]:
        raise ValueError("the target must lie between the limits, and the limits apart.")
    way = ways[0] if mean >= target else ways[1]
    known = [w for w in ways if w is not None]
    tolerance = known[0] + known[1] if len(known) == 2 else 2 * known[0]
    return (0.0 if way is None else (mean - target) / (2 * way)), sd / tolerance


def goal_plot(
    entries: tuple[Goal, ...],
    *,
    levels: tuple[float, ...] = _LINES,
    stages: tuple[str, ...] | None = None,
    title: str = "",
) -> Figure:
    """Draw many characteristics by how far they are off target and how wide they spread.

    Parameters
    ----------
    entries : tuple of Goal
        At least one.
    levels : tuple of float
        Ppk of which the triangles are drawn; below a triangle is better. They hold for a target in the middle.
    stages : tuple of two str, optional
        What before and after are called.
    title : str

    Notes
    -----
    Ppk = min(usl - mean, mean - lsl) / (3 sd), so with x = offset and y = spread the line of equal Ppk is
    y = (1/2 - abs(x)) / (3 Ppk). Up to 30 characteristics all have their names, of more the 30 of the lowest Ppk do;
    the rest tell theirs on hover. What lies beyond the picture stands at its edge with an arrow in its name.
    """
    ranked = sorted(entries, key=lambda e: (not math.isfinite(e.ppk), e.ppk, e.name))
    names = tuple(_name(e) if i < _NAMED else "" for i, e in enumerate(ranked))
    places = np.array([_place(e.offset, e.spread) for e in ranked])
    every = [*places[:, 0], *(_place(*e.before)[0] for e in ranked if e.before is not None)]
    half = min(max(1.15 * float(np.abs(every).max()), _NARROWEST), 0.5)
    marks: list[Mark] = [*_triangles(levels, half), Rule(0.0, "x", "target", "on target")]
    if any(abs(e.offset) > 0.3 for e in ranked):
        marks += [
            Rule(at, "x", "specification", w) for at, w in ((-0.5, "mean at the LSL"), (0.5, "mean at the USL"))
        ]  # fmt: skip
    old_name, new_name = stages or ("before", "after")
    moved = [(e, _place(*e.before), _place(e.offset, e.spread)) for e in ranked if e.before is not None]
    if moved:
        old = np.array([start for _, start, _ in moved])
        marks += [Arrow(*start, *end, "before", _told(e)) for e, start, end in moved]
        told = tuple(f"{e.name}, {old_name}: {_pair(*e.before)}" for e, *_ in moved if e.before is not None)
        marks.append(Points(old[:, 0], old[:, 1], "before", told, label=old_name))
    label = new_name if moved else "characteristic"
    marks.append(Points(places[:, 0], places[:, 1], "after", tuple(_told(e) for e in ranked), names, label))
    panel = Panel(tuple(marks), "standard deviation / tolerance", 1.9, y_reach=(0.0,))
    return Figure((panel,), "(mean − target) / tolerance", _alt(ranked, levels), title=title)


def _place(offset: float, spread: float) -> tuple[float, float]:
    """Where a characteristic is drawn: at the edge where it lies beyond the picture."""
    return min(max(offset, -_WIDEST), _WIDEST), min(spread, _HIGHEST)


def _name(goal: Goal) -> str:
    """With an arrow towards where it lies, if that is beyond the picture."""
    aside = "←" if goal.offset < -_WIDEST else "→" if goal.offset > _WIDEST else ""
    up = "↑" if goal.spread > _HIGHEST else ""
    return f"{goal.name} {aside}{up}" if aside or up else goal.name


def _triangles(levels: tuple[float, ...], half: float) -> list[Mark]:
    """Lines of equal Ppk as far as the picture goes, each with its name on its slope."""
    corners = np.array([-half, 0.0, half])
    out: list[Mark] = []
    for level in sorted(levels):
        out.append(Line(corners, (0.5 - np.abs(corners)) / (3 * level), "band", "lines of equal Ppk"))
        out.append(Label(-0.72 * half, (0.5 - 0.72 * half) / (3 * level), f"Ppk {level:g}", "note"))
    return out


def _pair(offset: float, spread: float) -> str:
    return f"offset {100 * offset:.3g} %, spread {100 * spread:.3g} %".replace("-", "−")


def _told(goal: Goal) -> str:
    return f"{goal.name}: {_pair(goal.offset, goal.spread)}, Ppk {goal.ppk:.2f}".replace("Ppk -", "Ppk −")


def _alt(ranked: list[Goal], levels: tuple[float, ...]) -> str:
    least = min(levels)
    below = sum(1 for e in ranked if not e.ppk >= least)
    return (
        f"Goal plot of {len(ranked)} characteristics; {below} with a Ppk below {least:g}; the worst: "
        f"{', '.join(_told(e) for e in ranked[:5])}."
    )
