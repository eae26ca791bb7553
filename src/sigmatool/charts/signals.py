"""Which rules fire where? They restart at stages and after gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..data import Counts, Measurements, Stage
from ..numbers.runs import members, nelson
from .result import ChartPanel, Signal
from .rules import Rule

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def find_signals(
    panels: list[ChartPanel], points: Measurements | Counts, rules: tuple[Rule, ...], keep: Bools, nsigma: float
) -> tuple[Signal, ...]:
    found: list[Signal] = []
    for panel in panels:
        location = panel is panels[0]
        value = np.where(keep & (panel.sigma > 0), panel.value, np.nan)
        for rule in rules if location else tuple(r for r in rules if r.test == 1):
            for stage in points.stages:
                found += _fired(panel, value, rule, stage, nsigma)
    return tuple(sorted(found, key=lambda s: (s.point, s.panel != panels[0].name, s.rule)))


def _fired(panel: ChartPanel, value: Floats, rule: Rule, stage: Stage, nsigma: float) -> list[Signal]:
    here = slice(stage.start, stage.stop)
    x, center, sigma = value[here], panel.center[here], panel.sigma[here]
    if rule.test == 1:
        with np.errstate(invalid="ignore"):
            done = (x > panel.upper[here]) | (x < panel.lower[here])
    else:
        done = nelson(x, center, sigma, (rule.test,))[rule.test]
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (x - center) / sigma
    signals = []
    for at in np.flatnonzero(done):
        run = tuple(i + 1 + stage.start for i in members(rule.test, int(at), z))
        words = rule.words if nsigma == 3 or rule.test != 1 else f"one point beyond {nsigma:g} sigma"
        if rule.test == 1:
            words += ", above the upper limit" if x[at] > center[at] else ", below the lower limit"
        elif rule.test in (2, 5, 6):
            words += " (above)" if z[run[-1] - 1 - stage.start] > 0 else " (below)"
        signals.append(Signal(rule.id, panel.name, int(at) + 1 + stage.start, run, f"{words}."))
    return signals
