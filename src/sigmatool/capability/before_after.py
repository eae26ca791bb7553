"""Where the values of each stage lie, on one scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..render.figure import Figure, Mark, Panel, Rule
from .bins import Bins, bins, recount
from .histogram import bar_marks, value_text

Floats = NDArray[np.float64]


def before_after(
    stages: tuple[tuple[str, Floats], ...],
    *,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    name: str = "value",
    title: str = "",
) -> Figure:
    """Draw the histograms of two or more stages beneath each other, with the same bins and the same heights.

    Parameters
    ----------
    stages : tuple of (name, values)
        In the order of time; each with one value or more.
    lsl, usl, target : float, optional
        Values at a limit meet it.
    name : str
        Of the metric with its unit.
    title : str

    Notes
    -----
    Bars are shares of the values of their own stage, so stages of different sizes compare. Bins come from all stages
    together: see :func:`sigmatool.capability.bins.bins`.
    """
    every = np.concatenate([values for _, values in stages])
    common = bins(every, lsl, usl)
    bars = [bar_marks(recount(values, common, usl), int(values.size), share=True) for _, values in stages]
    top = max(float(mark.y.max()) for marks in bars for mark in marks)
    tall = max(1.4 / len(stages), 0.45)
    panels = []
    for number, ((stage, values), marks) in enumerate(zip(stages, bars, strict=True)):
        strokes = _strokes(values, lsl, usl, target, named=number == 0)
        told = _told(stage, values, lsl, usl, common)
        panels.append(Panel((*marks, *strokes), told, tall, percent=True, y_reach=(0.0, top)))
    alt = "; ".join(panel.y_label for panel in panels)
    return Figure(tuple(panels), name, f"Histograms of {name} on one scale: {alt}.", title=title)


def _strokes(values: Floats, lsl: float | None, usl: float | None, target: float | None, named: bool) -> list[Mark]:
    """Limits and target in every panel, with their values in the first; the mean of the stage in its own."""
    out: list[Mark] = []
    for at, role, sign in ((lsl, "specification", "LSL"), (usl, "specification", "USL"), (target, "target", "target")):
        if at is not None:
            label = f"{sign} {value_text(at)}"
            out.append(Rule(at, "x", role, label if named else "", (sign,) if named else (), text=label))
    mean = _mean(values)
    out.append(Rule(mean, "x", "mean", f"mean {mean:.5g}".replace("-", "−")))
    return out


def _mean(values: Floats) -> float:
    """About the first value, so that a large offset costs no figures."""
    return float(values[0] + np.mean(values - values[0]))


def _told(stage: str, values: Floats, lsl: float | None, usl: float | None, common: Bins) -> str:
    outside = np.zeros(values.size, dtype=bool)
    if lsl is not None:
        outside |= values < lsl
    if usl is not None:
        outside |= values > usl
    count = int(outside.sum())
    words = f"{stage}: {values.size:,} values"
    if values.size > 1:
        words += f", standard deviation {float(np.std(values - values[0], ddof=1)):.3g}"
    if lsl is not None or usl is not None:
        words += f", {count:,} outside ({100 * count / values.size:.2g} %)" if count else ", none outside"
    far = int(np.count_nonzero((values < common.edges[0]) | (values > common.edges[-1])))
    return f"{words}; {far:,} beyond the picture" if far else words
