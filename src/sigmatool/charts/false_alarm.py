"""What the rules in force cost: how often a steady process would signal on a chart like this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..designs import CUSUM, EWMA, MA, MEWMA, T2
from ..numbers.quantiles import binomial_beyond, geometric_beyond, poisson_beyond
from ..numbers.rule_price import Dispersion, Sides, price
from ..numbers.run_length import RunLength
from ..numbers.run_length_average import moving_average_run
from ..numbers.run_length_cusum import cusum
from ..numbers.run_length_ewma import ewma
from ..numbers.run_tests import anhoej_false_alarm

if TYPE_CHECKING:
    from .result import ControlChart


Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """The price of the rules in force together, for independent points and known limits.

    Parameters
    ----------
    per_point : float or None
        Long-run share of points that signal; None where no such number is known.
    this_chart : float or None
        Chance that a steady process signals at least once on a chart of this length, stages and panels together.
    arl : float or None
        Mean number of points up to the first signal; infinite without a rule.
    method : {"exact", "simulated", "approximate", "unknown"}
        Exact under the assumptions; simulated once, with a seed; approximate where panels were taken as independent or
        counts as normal.
    """

    per_point: float | None
    this_chart: float | None
    arl: float | None
    method: str

    @property
    def text(self) -> str:
        """The price in one sentence."""
        if self.this_chart is None:
            return "How often a steady process would signal on a chart like this is not known."
        if self.this_chart == 0:
            return "No rule is in force: this chart cannot signal."
        share = f"{100 * self.this_chart:.2g} % of" if self.this_chart < 0.995 else "nearly all"
        run = f"; it signals once in {self.arl:,.0f} points on average" if self.arl and np.isfinite(self.arl) else ""
        about = {"exact": "", "simulated": " (simulated)"}.get(self.method, " (approximate)")
        return f"With these rules a steady process signals in {share} charts of this length{run}{about}."


UNKNOWN = FalseAlarm(None, None, None, "unknown")


def false_alarm(chart: ControlChart) -> FalseAlarm:
    """Price of a chart's rules; see :class:`FalseAlarm`."""
    design = chart.frozen.kind.design
    lengths = [stage.n for stage in chart.stages]
    if not any(track.rules for track in chart.frozen.tail):
        return _whole_stage(chart) if chart.runs else FalseAlarm(0.0, 0.0, np.inf, "exact")
    if chart.runs:
        return UNKNOWN
    if isinstance(design, EWMA):
        return _from_run(ewma(design.weight, chart.nsigma, 0.0, design.limits), lengths, "exact")
    if isinstance(design, CUSUM):
        return _from_run(cusum(design.reference, design.decision, 0.0, design.head_start), lengths, "exact")
    if isinstance(design, MA):
        return _from_run(moving_average_run(design.span, chart.nsigma), lengths, "simulated")
    if isinstance(design, T2):
        return _geometric(1 - design.confidence, lengths, "approximate")
    if isinstance(design, MEWMA):
        return _geometric(1 / design.arl, lengths, "approximate")
    return _by_rules(chart, lengths)


def _whole_stage(chart: ControlChart) -> FalseAlarm:
    """Anhøj's two tests, which speak of whole stages: no share of points, no run length."""
    # about the median of its own points a series has as many above as below
    given = chart.settings.get("center") is not None
    halved = chart.kind == "run" and not given and chart.settings.get("baseline") is None
    chances = [anhoej_false_alarm(found.useful, halved) for found in chart.runs]
    if any(np.isnan(p) for p in chances):
        return UNKNOWN
    method = "exact" if halved or given else "approximate"
    return FalseAlarm(None, float(1 - np.prod([1 - p for p in chances])), None, method)


def _from_run(run: RunLength, lengths: list[int], method: str) -> FalseAlarm:
    silent = float(np.prod(run.survival(lengths)))
    return FalseAlarm(1 / run.mean, 1 - silent, run.mean, method)


def _geometric(chance: float, lengths: list[int], method: str) -> FalseAlarm:
    return FalseAlarm(chance, 1 - (1 - chance) ** sum(lengths), 1 / chance, method)


def _by_rules(chart: ControlChart, lengths: list[int]) -> FalseAlarm:
    location, *others = chart.frozen.tail
    patterns = tuple(rule.pattern for rule in location.rules)
    beyond = _beyond(chart) if any(p.test == "limits" for p in patterns) else None
    if beyond is not None:
        patterns = tuple(p for p in patterns if p.test != "limits")
    spread = [_dispersion(chart, i + 1) for i, track in enumerate(others) if track.rules]
    sides = _sides(chart)
    first = spread[0] if spread else None
    found = [price(patterns, n, chart.nsigma, sides, first) for n in lengths]
    rest = sum(d.beyond(chart.nsigma) for d in spread[1:] if d is not None)
    silent = np.prod([(1 - p.this_chart) * (1 - rest) ** n for p, n in zip(found, lengths, strict=True)])
    if beyond is not None:
        silent = silent * np.prod(1 - beyond)
        rest = float(beyond.mean())
    per_point = 1 - (1 - found[0].per_point) * (1 - rest)
    rate = (1 / found[0].arl if np.isfinite(found[0].arl) else 0.0) + rest
    if beyond is not None and not patterns:
        return FalseAlarm(per_point, float(1 - silent), 1 / rate if rate > 0 else np.inf, "exact")
    method = found[0].method if chart.kind in ("i-mr", "xbar-r", "xbar-s", "dnom", "z-mr") else "approximate"
    return FalseAlarm(per_point, float(1 - silent), 1 / rate if rate > 0 else np.inf, method)


def _beyond(chart: ControlChart) -> Floats | None:
    """Chance of each point to lie beyond its limits, by the law of counts and of cases between events; None for
    kinds without such a law. A count is no normal number: of cases between events 2 % lie above three sigma."""
    panel = chart.panels[0]
    here = np.isfinite(panel.value) & ~chart.excluded
    center, low, high, n, sigma = (
        np.asarray(line)[here] for line in (panel.center, panel.lower, panel.upper, panel.n, panel.sigma)
    )
    if chart.kind in ("p", "np"):
        if np.any(n != np.floor(n)):
            return None
        times = n if chart.kind == "p" else np.ones(n.size)
        return binomial_beyond(center * times / n, n, low * times, high * times)
    if chart.kind in ("c", "u"):
        return poisson_beyond(center * n, low * n, high * n)
    if chart.kind == "g":
        first = 1.0 if getattr(chart.frozen.kind.design, "count", "") == "including" else 0.0
        # the sd of a geometric number fixes its mean, whichever centre is drawn
        return geometric_beyond((np.sqrt(1 + 4 * sigma**2) - 1) / 2, low - first, high - first)
    return None


def _sides(chart: ControlChart) -> Sides:
    """A limit that no value can cross costs nothing."""
    panel = chart.panels[0]
    lowest = panel.lower[np.isfinite(panel.lower)]
    counted = chart.frozen.kind.takes == "counts" or chart.kind == "g"
    return "upper" if counted and (lowest.size == 0 or bool(np.all(lowest <= 0))) else "both"


def _dispersion(chart: ControlChart, panel: int) -> Dispersion | None:
    """What a further panel charts, at the usual size of its subgroups."""
    name = chart.panels[panel].name
    if name.startswith("moving range"):
        return Dispersion("moving-range", getattr(chart.frozen.kind.design, "window", 2))
    sizes = chart.panels[panel].n
    size = int(np.median(sizes[sizes > 1])) if np.any(sizes > 1) else 0
    return Dispersion("range" if name == "range" else "sd", size) if size > 1 else None
