"""How yields look: what is left after each step, and what each step loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..charts.words import percent
from ..render.figure import Bars, Figure, Interval, Line, Mark, Panel, Points
from . import yield_words as words

if TYPE_CHECKING:
    from .yield_result import YieldStudy

WHISKERS: Final = 40
"""Steps up to which intervals are drawn."""


def picture(found: YieldStudy) -> Figure:
    """A staircase of the share still right the first time, and beneath it bars of the share each step loses."""
    names = [s.name for s in found.now.steps]
    place = np.arange(1.0, len(names) + 1)
    width = 0.8 / len(found.stages)
    left: list[Mark] = []
    lost: list[Mark] = []
    for i, stage in enumerate(found.stages):
        both = len(found.stages) > 1
        role, line = (("before", "before"), ("count", "after"))[i] if both else ("count", "data")
        through = np.array([s.through for s in stage.steps])
        told = tuple(f"{stage.name}, after {s.name}: {percent(s.through)} still right" for s in stage.steps)
        left.append(Line(np.r_[0.5, place], np.r_[1.0, through], line, stage.name if both else ""))
        left.append(Points(place, through, line, told))
        at = place + (i - (len(found.stages) - 1) / 2) * width
        share = np.array([1 - s.first_time.value for s in stage.steps])
        texts = tuple(f"{stage.name}, {s.name}: {percent(1 - s.first_time.value)} lost" for s in stage.steps)
        lost.append(Bars(at, share, width * 0.96, role, stage.name if both else "", texts))
        if len(names) <= WHISKERS:
            lost += [
                Interval(1 - s.first_time.value, 1 - s.first_time.high, 1 - s.first_time.low, float(x), "data", t, "y")
                for s, x, t in zip(stage.steps, at, texts, strict=True)
            ]
    panels = (
        Panel(tuple(left), "still right the first time, after the step", percent=True, y_reach=(1.0,)),
        Panel(tuple(lost), "lost at the step", weight=1.3, percent=True, y_reach=(0.0,)),
    )
    several = len(found.stages) > 1
    return Figure(panels, "step", words.alt(found), x_kind="order", x_names=tuple(names), legend=several)
