"""The picture of a plan: chance of an answer against points after the rollout, a line an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..render.figure import Figure, Line, Mark, Panel, Points, Rule
from ..review.words import percent
from .words import effect

if TYPE_CHECKING:
    from .result import Plan

_ROLES = ("fit", "before", "after", "within", "overall", "band")
"""One a line, in turn."""


def figure(p: Plan) -> Figure:
    """Called better above, credited to the rollout beneath; with the wanted chance and the planned review."""
    asked = "called better"
    panels = (
        Panel((*_lines(p, "better"), *_marks(p, True)), asked, percent=True, y_reach=(0.0, 1.0)),
        Panel((*_lines(p, "credited"), *_marks(p, False)), "credited to the rollout", percent=True, y_reach=(0.0, 1.0)),
    )
    names = ", ".join(_name(p, i) for i in range(len(p.needed)))
    alt = f"Chance of an answer against points after the rollout, for lasting changes of {names}. {p.headline}"
    return Figure(panels, "points after the rollout", alt)


def _name(p: Plan, i: int) -> str:
    return effect(p.needed[i].effect, p.share, p.better)


def _lines(p: Plan, answer: str) -> list[Mark]:
    marks: list[Mark] = []
    for curve in p.curves:
        x, y = np.array(curve.points, dtype=float), np.array(getattr(curve, answer))
        role, name = _ROLES[curve.effect % len(_ROLES)], _name(p, curve.effect)
        marks.append(Line(x, y, role, name, shorter=(name.split(" (")[0],)))
        told = tuple(f"{name}, {int(n)} points: {percent(c, 3)}" for n, c in zip(x, y, strict=True))
        if x.size <= 12:
            marks.append(Points(x, y, role, told))
    return marks


def _marks(p: Plan, top: bool) -> list[Mark]:
    when = f", {p.meeting.date}" if p.meeting.date else ""
    wanted = Rule(p.asked.power, "y", "limit", f"wanted {percent(p.asked.power, 3)}", ("wanted",))
    label = f"planned review: {p.meeting.points} points{when}" if top else ""
    shorter = (f"review: {p.meeting.points} points", "review") if top else ()
    return [wanted, Rule(float(p.meeting.points), "x", "rollout", label, shorter, f"planned review{when}")]
