"""How a capacity check looks: how busy people were, what waiting costs as hours are taken, who is promised twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..charts.words import number, percent
from ..render.figure import Figure, Line, Mark, Panel, Points, Rule, Sheet
from .allocation_picture import allocated
from .capacity_words import account, amount

if TYPE_CHECKING:
    from .capacity_result import CapacityCheck

Floats = NDArray[np.float64]


def sheet(r: CapacityCheck) -> Sheet:
    """All pictures, one beneath another."""
    figures = [periods(r), curve(r)]
    if r.allocation is not None and r.allocation.cells:
        figures.append(allocated(r.allocation))
    return Sheet(tuple(figures), 1, r.title, f"{r.headline} How busy people were, and how waiting grows with it.")


def _role(r: CapacityCheck, i: int) -> str:
    return "after" if i == len(r.study.use) - 1 else "before"


def periods(r: CapacityCheck) -> Figure:
    """Utilisation of each period with the line of all hours, and beneath it the chance of more work than hours."""
    p, s = r.periods, r.study
    busy: list[Mark] = [Rule(1.0, "y", "limit", "all hours", ("all",))]
    chance: list[Mark] = []
    for i, use in enumerate(s.use):
        role, name = _role(r, i), account(r, i)
        busy += _series(p.x, use.by_period, role, p.labels, name)
        chance += _series(p.x, use.chance, role, p.labels, name)
        over = np.flatnonzero(use.by_period > 1)
        if over.size and i == len(s.use) - 1:
            told = tuple(f"{p.labels[k]}: {percent(use.by_period[k])}, more work than hours" for k in over)
            busy.append(Points(p.x[over], use.by_period[over], "signal", told, label="more work than hours"))
    panels = (
        Panel(tuple(busy), "utilisation", 0.9, percent=True, y_reach=(1.05,)),
        Panel(tuple(chance), "chance of overload", 0.4, percent=True, y_reach=(0.0, 0.05)),
    )
    alt = f"Utilisation and chance of overload in {p.n:,} periods. {r.headline}"
    kind = p.axis.kind
    return Figure(panels, p.axis.name, alt, kind, "How busy", x_names=p.axis.labels if kind == "order" else ())


def _series(x: Floats, y: Floats, role: str, labels: tuple[str, ...], name: str) -> list[Mark]:
    told = tuple(f"{label}: {percent(v)}, {name}" for label, v in zip(labels, y.tolist(), strict=True))
    return [Line(x, y, role, name), Points(x, y, role, told if x.size <= 2_000 else ())]


def curve(r: CapacityCheck) -> Figure:
    """Mean wait against utilisation as hours are taken from the same work, with the places of today."""
    c, q = r.study.curve, r.study.queues
    marks: list[Mark] = [Line(100 * c.utilisation, c.wait, "fit", "typical period, by formula")]
    for i, (u, wait) in enumerate(c.at):
        name = account(r, i)
        if np.isfinite(wait):
            told = f"{name}, typical period: {percent(u)} busy, waits {number(wait)} {r.unit}"
            marks.append(Points(np.array([100 * u]), np.array([wait]), _role(r, i), (told,), (name,), name))
        mean = q.each[i].told.value
        if np.isfinite(mean) and u <= float(c.utilisation[-1]):
            told = f"{name}, all periods: waits {number(mean)} {r.unit}"
            marks.append(
                Points(np.array([100 * u]), np.array([mean]), "excluded", (told,), label="mean of all periods")
            )
    if r.goal is not None and r.goal.share is None:
        marks.append(Rule(r.goal.time, "y", "target", f"goal {r.goal.text}", ("goal",)))
    at = "; ".join(f"{account(r, i)} {percent(u)} and {amount(r, w)} {r.unit}" for i, (u, w) in enumerate(c.at))
    alt = f"Mean wait against utilisation for the average work, by formula. Today: {at}."
    panel = Panel(tuple(marks), f"mean wait, {r.unit}", 0.9, y_reach=(0.0,))
    return Figure((panel,), "utilisation, %", alt, title="What waiting costs as hours are taken")
