"""How equipment effectiveness looks: the way from planned to fully productive time, and OEE over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..charts.words import percent
from ..render.figure import Bars, Figure, Mark, Panel, Picture, Sheet
from . import oee_words as words
from .oee_study import Effectiveness

if TYPE_CHECKING:
    from .oee_result import Oee

MOST_STOPS: Final = 8
"""Reasons of downtime with a bar of their own."""


def picture(found: Oee) -> Picture:
    """The waterfall, and the chart of the periods where there are enough."""
    if found.chart is None:
        return waterfall(found)
    return Sheet((waterfall(found), over_time(found)), 2, found.title, words.alt(found))


def over_time(found: Oee) -> Figure:
    """The chart of the periods' own OEE."""
    assert found.chart is not None
    return found.chart.figure()


def losses_drawn(found: Oee) -> list[str]:
    """Names of the losses in order: reasons by their time in the last stage, those past the eighth together."""
    stops = [loss.name for loss in found.now.losses if loss.kind == "availability"]
    rest = len(stops) - MOST_STOPS
    named = stops if rest <= 1 else [*stops[:MOST_STOPS], f"other stops ({rest})"]
    return [*named, *(loss.name for loss in found.now.losses if loss.kind != "availability")]


def shares_drawn(stage: Effectiveness, names: list[str]) -> list[float]:
    """Share of the planned time that each bar loses."""
    held = {loss.name: loss for loss in stage.losses}
    known = [held.get(name) for name in names]
    told = sum(loss.share for loss in known if loss is not None)
    rest = sum(loss.share for loss in stage.losses) - told
    return [rest if loss is None else loss.share for loss in known]


def waterfall(found: Oee) -> Figure:
    """Bars from planned time down: what is left after each loss, and above it what was lost."""
    names = losses_drawn(found)
    labels = ("planned time", *names, "fully productive")
    place = np.arange(1.0, len(labels) + 1)
    width = 0.8 / len(found.stages)
    marks: list[Mark] = []
    for i, stage in enumerate(found.stages):
        shares = np.array(shares_drawn(stage, names))
        left = np.r_[1.0, 1 - np.cumsum(shares), stage.oee.value]
        above = np.r_[0.0, np.maximum(left[:-2], left[1:-1]), 0.0]
        at = place + (i - (len(found.stages) - 1) / 2) * width
        several = len(found.stages) > 1
        where = f"{stage.name}, " if several else ""
        lost = tuple(f"{where}{n}: {percent(float(s))} lost" for n, s in zip(names, shares, strict=True))
        kept = tuple(f"{where}{n}: {percent(float(v))} left" for n, v in zip(labels, left, strict=True))
        marks.append(Bars(at, above, width * 0.96, "outside", "lost", ("", *lost, "")))
        marks.append(Bars(at, left, width * 0.96, "before" if several and i == 0 else "count",
                          f"left, {stage.name}" if several else "left", kept))  # fmt: skip
    panel = Panel(tuple(marks), "share of the planned time", weight=1.4, percent=True, y_reach=(0.0, 1.0))
    return Figure((panel,), "loss", words.alt(found), x_kind="order", x_names=labels)
