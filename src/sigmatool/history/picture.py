"""Reviews over time: every stage a step at its level, with its interval, and the rollouts between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..render.figure import AxisKind, Figure, Interval, Line, Mark, Panel, Picture, Points, Rule, Sheet
from .moments import moments
from .words import change, level, level_told

if TYPE_CHECKING:
    from .result import Chain, History
    from .reviewed import Level


def picture(h: History) -> Picture:
    """One figure a chain."""
    figures = tuple(levels(chain) for chain in h.chains)
    if len(figures) == 1:
        return figures[0]
    return Sheet(figures, 1, h.title, f"The levels of {len(figures)} metrics over time, stage by stage.")


def levels(chain: Chain) -> Figure:
    """The points of all reviews, the stages as steps with their intervals, and the rollouts."""
    reviews = [entry.review for entry in chain.entries]
    points: dict[str, float] = {}
    for review in reviews:
        points.update(zip(review.labels, review.values, strict=True))
    at, kind = _places(list(points))
    x, y = np.array([at[label] for label in points]), np.array(list(points.values()))
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    texts = [f"{label}: {level(chain, value)}" for label, value in points.items()]
    marks: list[Mark] = [Points(x, y, "data", tuple(texts[i] for i in order))]
    stages: list[tuple[str, Level, str]] = [("before", reviews[0].before, "before")]
    stages += [(f"after {review.rollout}", review.after, "after") for review in reviews]
    for name, held, role in stages:
        marks += _step(chain, name, held, at, role)
    marks += [
        Rule(_start(review.after.first, at), "x", "rollout", review.rollout, text=review.verdict) for review in reviews
    ]
    told = "; ".join(f"{name} {level_told(chain, held.mean)}" for name, held, _ in stages)
    alt = f"{chain.metric} over time, in stages: {told}. All together {change(chain, chain.whole.difference)}."
    panel = Panel(tuple(marks), chain.metric, percent=chain.scale == "proportion")
    names = tuple(points) if kind == "order" else ()
    return Figure((panel,), "time" if kind == "time" else "point", alt, kind, legend=False, x_names=names)


def _places(labels: list[str]) -> tuple[dict[str, float], AxisKind]:
    held = moments(labels)
    if held is None:
        return {label: float(i + 1) for i, label in enumerate(labels)}, "order"
    return dict(zip(labels, held[0], strict=True)), "time" if held[1] == "time" else "number"


def _start(label: str, at: dict[str, float]) -> float:
    """Between the last point before a rollout and the first after it."""
    here = at[label]
    before = [place for place in at.values() if place < here]
    return (here + max(before)) / 2 if before else here


def _step(chain: Chain, name: str, held: Level, at: dict[str, float], role: str) -> list[Mark]:
    ends, mean = np.array([at[held.first], at[held.last]]), held.mean
    told = f"{name}: {level_told(chain, mean)}, {held.n} points"
    marks: list[Mark] = [Line(ends, np.full(2, mean.value), "center", level(chain, mean.value))]
    if np.isfinite([mean.low, mean.high]).all():
        marks += [Line(ends, np.full(2, end), "band") for end in (mean.low, mean.high)]
        marks.append(Interval(mean.value, mean.low, mean.high, float(ends.mean()), "data", told, "y"))
    return marks
