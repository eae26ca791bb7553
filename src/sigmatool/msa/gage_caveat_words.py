"""What a reader must know beside the numbers of a gage study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from ..caveats import Caveat
from ..charts.words import counted, number, percent, probability
from ..numbers.gage_squares import INTERACTION
from .gage_asked import Asked, Measured
from .gage_cells import charted
from .gage_design import Layout
from .gage_study import Study, tolerance_width

NAMES: Final = {
    "gage": "total gage R&R", "repeatability": "repeatability", "reproducibility": "reproducibility",
    "operator": "operator", "interaction": "operator by part", "part": "part-to-part", "total": "total variation",
}  # fmt: skip
"""How sources of variation are called."""

FEW_PARTS: Final = 5
FEW_OPERATORS: Final = 3
LEVELS: Final = 5
"""Different values below which the gage resolves too little to be judged (AIAG: five levels)."""


def caveats(held: Measured, lay: Layout, found: Study, asked: Asked) -> Iterator[Caveat]:
    """All that apply, the gravest first."""
    yield from _swapped(held, lay, found)
    yield from _layout(held, lay, found, asked)
    yield from _few(held, lay)
    yield from _estimates(lay, found, asked)
    yield from _resolution(held, lay, found)
    yield from _ranges(lay)
    yield from _span(held, lay, found, asked)


def _swapped(held: Measured, lay: Layout, found: Study) -> Iterator[Caveat]:
    parts, operators = lay.cells.parts, lay.cells.operators
    v = found.components
    more = operators > 2 * parts
    other = operators >= parts and v["operator"].contribution.value > 0.5 and v["part"].contribution.value < 0.1
    if lay.design == "crossed" and (more or other):
        text = (
            f"Are the columns swapped? {held.operator.name} has {counted(operators, 'level')} and {held.part.name} "
            f"{parts}; the operator explains {percent(v['operator'].contribution.value)} of the variance, parts "
            f"{percent(v['part'].contribution.value)}. Operators are few as a rule, and parts differ most."
        )
        yield Caveat("roles-swapped", text)


def _layout(held: Measured, lay: Layout, found: Study, asked: Asked) -> Iterator[Caveat]:
    if lay.chosen and lay.design == "nested":
        text = (
            "No part was measured by two operators: the study is read as nested (parts within operators), and a "
            "difference between operators can also be one between their parts. Set the design if that is wrong."
        )
        yield Caveat("nested-design", text)
    if not lay.balanced:
        fewest, most = lay.replicates
        empty = f", {lay.empty} of {lay.cells.parts * lay.cells.operators} cells are empty" if lay.empty else ""
        by = {"reml": "restricted maximum likelihood", "anova": "mean squares of unweighted cell means"}
        text = (
            f"The study is not balanced: cells hold {fewest} to {most} values{empty}. Estimates are by "
            f"{by.get(found.method, found.method)}; the intervals rest on unweighted cell means and are approximate."
        )
        yield Caveat("unbalanced", text)
    if held.random or held.fixed:
        text = "With further factors the intervals are approximate (Satterthwaite); with few levels they are too short."
        yield Caveat("approximate-intervals", text)
    if lay.replicates[1] < 2:
        text = (
            "No part was measured twice by the same operator: what operators and parts make together cannot be told "
            "from repeatability, and counts as repeatability."
        )
        yield Caveat("no-repeats", text)
    if (asked.lsl is not None and asked.usl is None) or (asked.lsl is None and asked.usl is not None):
        width = number(tolerance_width(asked, found.mean), 4)
        text = f"There is one limit only: twice the distance from the mean to it, {width}, counts as the tolerance."
        yield Caveat("one-sided-tolerance", text)


def _few(held: Measured, lay: Layout) -> Iterator[Caveat]:
    parts, operators = lay.cells.parts, lay.cells.operators
    if parts < FEW_PARTS:
        text = (
            f"{counted(parts, 'part')} tell little about the spread of parts, and so about every share of it; 10 are "
            "usual."
        )
        yield Caveat("few-parts", text)
    if operators < FEW_OPERATORS:
        text = (
            "Two operators make one difference: nearly any variance between operators could stand behind it, and the "
            "upper ends of the intervals show that. Take three or more, or read repeatability alone."
        )
        yield Caveat("few-operators", text)


def _estimates(lay: Layout, found: Study, asked: Asked) -> Iterator[Caveat]:
    if found.negative:
        names = " and ".join(NAMES[n] for n in found.negative)
        how = "at its bound of zero" if found.method == "reml" else "below zero, and told as zero"
        text = f"The estimated variance of {names} is {how}; its interval says how large it may be all the same."
        yield Caveat("negative-component", text)
    if found.kept is False and found.method == "anova":
        p = probability(float(found.tests.p[INTERACTION]))
        text = (
            f"The interaction of operators and parts is put to repeatability (p {p}, limit {number(asked.alpha)}). A "
            "small study seldom finds one; the intervals allow for it."
        )
        yield Caveat("interaction-pooled", text)
    if found.method == "xbar-r":
        text = (
            "The X-bar/R method has no interaction: what operators and parts make together is spread over the others. "
            "The intervals are those of the mean squares."
        )
        yield Caveat("no-interaction", text)


def _resolution(held: Measured, lay: Layout, found: Study) -> Iterator[Caveat]:
    levels = int(np.unique(held.values).size)
    spread = lay.cells.spread[np.isfinite(lay.cells.spread)]
    nil = int((spread == 0).sum())
    probable, step = found.emp.probable_error.value, found.emp.step
    if levels < LEVELS:
        text = f"There are {levels} different values only: the gage, or its record, resolves too little to be judged."
    elif spread.size and nil > spread.size / 4:
        text = (
            f"{nil} of {spread.size} ranges are zero: the gage, or its record, resolves too little, and repeatability "
            "is understated."
        )
    elif step > 2 * probable:
        text = (
            f"Values move in steps of {number(step, 4)}, more than twice the probable error ({number(probable)}): "
            "finer steps would measure better."
        )
    else:
        return
    yield Caveat("resolution", text)


def _ranges(lay: Layout) -> Iterator[Caveat]:
    chart = charted(lay)
    cells = lay.cells
    hit = np.flatnonzero(chart.unsteady)
    if hit.size:
        at = chart.order[hit[0]]
        first = f"part {lay.part_names[cells.part[at]]}"
        text = (
            f"{counted(int(hit.size), 'range')} of {int(np.isfinite(chart.spread).sum())} beyond the limits of the "
            f"range chart (first: {first}): repeatability is not the same everywhere. Look for the cause before the "
            "figures are used."
        )
        yield Caveat("unstable-ranges", text)


def _span(held: Measured, lay: Layout, found: Study, asked: Asked) -> Iterator[Caveat]:
    width = tolerance_width(asked, found.mean)
    means = np.bincount(lay.cells.part, lay.cells.mean - lay.cells.mean[0]) / np.bincount(lay.cells.part)
    span = float(np.ptp(means))
    if width is not None and span < 0.3 * width:
        text = (
            f"The parts span {number(span, 3)}, {percent(span / width, 2)} of the tolerance: if they do not stand for "
            "the process, shares of study variation and the number of categories are too bad, and the share of the "
            "tolerance is the one to read."
        )
        yield Caveat("narrow-parts", text)
