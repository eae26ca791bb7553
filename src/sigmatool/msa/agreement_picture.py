"""How an attribute agreement study looks: shares and kappas with their intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..charts.words import number, percent
from ..numbers.estimate import Estimate
from ..render.figure import Figure, Interval, Mark, Panel, Rule, Sheet

if TYPE_CHECKING:
    from .agreement_result import AttributeAgreement
    from .agreement_study import Agreed


def sheet(found: AttributeAgreement) -> Sheet:
    """Percent agreement beside kappa and AC1."""
    sets = named_sets(found)
    alt = f"Agreement of {found.metric}: percentages, and kappa with AC1, each with its interval."
    return Sheet((_shares(sets), _kappas(sets)), 2, found.title, alt)


def named_sets(found: AttributeAgreement) -> list[tuple[str, Agreed]]:
    """Every comparison with a short name, the widest last."""
    s = found.study
    sets = [(f"{a.name}, with self", a) for a in s.within]
    sets += [(f"{a.name}, standard", a) for a in s.against]
    if s.between is not None:
        sets.append(("among all", s.between))
    if s.all_against is not None and len(s.against) > 1:
        sets.append(("all, standard", s.all_against))
    return sets or [(a.name, a) for a in s.pairs]


def _shares(sets: list[tuple[str, Agreed]]) -> Figure:
    marks: list[Mark] = []
    for i, (name, a) in enumerate(reversed(sets)):
        e = a.share
        if not math.isnan(e.value):
            told = f"{name}: {percent(e.value)} ({percent(e.low)} to {percent(e.high)})"
            marks.append(Interval(100 * e.value, 100 * e.low, 100 * e.high, float(i), "data", told))
    alt = "Share of parts on which all ratings agree."
    names = tuple(name for name, _ in reversed(sets))
    panel = Panel(tuple(marks), "", categories=names)
    return Figure(
        (panel,), "parts on which all agree, %", alt, title="How often do they agree?", legend=False, size="half"
    )


def _kappas(sets: list[tuple[str, Agreed]]) -> Figure:
    marks: list[Mark] = [Rule(0.0, "x", "mean", "chance"), Rule(1.0, "x", "mean", "perfect")]
    for i, (name, a) in enumerate(reversed(sets)):
        for key, role, up in (("kappa", "data", 0.13), ("ac1", "overall", -0.13)):
            e: Estimate = a.coefficients[key]
            if math.isnan(e.value):
                continue
            told = f"{name}, {'kappa' if key == 'kappa' else 'AC1'} {number(e.value)}"
            low, high = (e.value, e.value) if math.isnan(e.low) else (e.low, e.high)
            marks.append(Interval(e.value, low, high, i + up, role, told))
    alt = "Kappa, and AC1 beneath it, of each comparison with its interval."
    names = tuple(name for name, _ in reversed(sets))
    panel = Panel(tuple(marks), "", categories=names)
    title = "Beyond chance: kappa, AC1 beneath"
    return Figure((panel,), "coefficient", alt, title=title, legend=False, size="half")
