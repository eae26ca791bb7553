"""What a control chart says: panels of lines, stages with their limits, signals in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..data import Axis
from ..numbers.run_tests import RunsAnalysis
from ..result import Result
from .rules import Rule
from .signals import Signals

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure
    from .engine import Frozen
    from .events import Event
    from .false_alarm import FalseAlarm
    from .stream import Stream

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ChartPanel:
    """One panel: the statistic of every point with its own centre and limits, (n,) each."""

    name: str
    n: Floats
    value: Floats
    center: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    zones: bool = False
    """Whether rules that speak of one and two sigma look at it."""

    @property
    def beyond(self) -> Bools:
        """Points beyond their own limits; one at a limit is not."""
        with np.errstate(invalid="ignore"):
            return (self.value < self.lower) | (self.value > self.upper)


@dataclass(frozen=True, slots=True)
class StageLimits:
    """A stage of the location panel; ``first`` and ``last`` are point numbers from 1.

    ``lower`` and ``upper`` hold at the average size where sizes vary.
    """

    name: str
    first: int
    last: int
    n: int
    center: float
    sigma: float
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True, repr=False)
class ControlChart(Result):
    """A control chart: is the process steady?

    Attributes
    ----------
    kind : str
    sigma : float
        Of the last stage: within-subgroup sigma, or Laney's sigma_z; 1 for plain binomial and Poisson limits.
    sigma_method : str
    axis : Axis
    panels : tuple of ChartPanel
        The first is the location panel.
    stages : tuple of StageLimits
    signals : sequence of Signal
    convention : str
        The documented choice where packages and textbooks disagree.
    parameters : mapping
        Further estimates and settings worth telling, by name.
    runs : tuple of RunsAnalysis
        Anhøj's test of each stage, where it is in force.
    events : tuple of Event
        Dated remarks on the axis.
    reasons : mapping
        Why points (from 1) were excluded, where it was said.
    rules : tuple of Rule
        In force on the location panel.
    frozen : Frozen
        What judges new points; see :meth:`stream`.
    """

    schema: ClassVar[str] = "sigmatool.chart/1"
    verb: ClassVar[str] = "chart"

    kind: str
    title: str
    metric: str
    sigma: float
    sigma_method: str
    axis: Axis
    panels: tuple[ChartPanel, ...]
    stages: tuple[StageLimits, ...]
    stage_of: Sequence[str]
    signals: Signals
    excluded: Bools
    percent: bool
    nsigma: float = 3.0
    convention: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    runs: tuple[RunsAnalysis, ...] = ()
    events: tuple[Event, ...] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    frozen: Frozen = field(repr=False, compare=False)

    @property
    def in_control(self) -> bool:
        """No rule fired."""
        return not self.signals

    @property
    def headline(self) -> str:
        used = sum(stage.n for stage in self.stages)
        if self.in_control:
            return f"{self.metric}: steady by every rule in force over {used:,} points ({self.kind} chart)."
        first = self.signals[0]
        many = len(self.signals)
        label = self.axis.labels[first.point - 1]
        where = f"point {first.point}" + (f" ({label})" if label != str(first.point) else "")
        return (
            f"{self.metric}: {many:,} signal{'s' if many > 1 else ''} in {used:,} points ({self.kind} chart); the "
            f"first at {where}: {first.text}"
        )

    @property
    def false_alarm(self) -> FalseAlarm:
        """How often a steady process would signal on a chart like this: per point, on this chart, and the ARL.

        Examples
        --------
        >>> import sigmatool as st
        >>> price = st.control_chart(np.arange(20) % 5, rules="1", sigma=1.0).false_alarm
        >>> round(price.arl), round(price.this_chart, 3)
        (106, 0.168)
        """
        from .false_alarm import false_alarm

        return false_alarm(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a point: stage, statistic, centre, limits, the rules that fired, whether excluded."""
        import pandas as pd

        fired = self.signals.at_points(self.panels[0].name)
        table: dict[str, Any] = {
            "point": np.arange(1, len(self.axis.labels) + 1),
            self.axis.name if self.axis.name != "point" else "label": list(self.axis.labels),
            "stage": list(self.stage_of),
        }
        for panel in self.panels:
            prefix = "" if panel is self.panels[0] else f"{panel.name} "
            if not prefix:
                table["n"] = panel.n
            table[f"{prefix}value"] = panel.value
            table[f"{prefix}center"] = panel.center
            table[f"{prefix}lower"] = panel.lower
            table[f"{prefix}upper"] = panel.upper
        table["signals"] = [" ".join(fired.get(i + 1, ())) for i in range(len(self.axis.labels))]
        table["excluded"] = self.excluded
        if self.reasons:
            table["reason"] = [self.reasons.get(i + 1, "") for i in range(len(self.axis.labels))]
        return pd.DataFrame(table)

    def stream(self) -> Stream:
        """Judge further points, in pieces of any size, as one chart with this baseline would judge them all.

        Examples
        --------
        >>> import sigmatool as st
        >>> follow = st.control_chart([10.1, 9.8, 10.3, 10.0, 9.9, 10.2, 9.7, 10.1]).stream()
        >>> [(signal.point, signal.panel) for signal in follow.feed([10.0, 13.0]).signals]
        [(10, 'individual value'), (10, 'moving range')]
        """
        from .stream import Stream

        return Stream.after(self)

    def figure(self, panels: int | None = None) -> Figure:
        """The chart as marks; ``panels=1`` draws the location panel alone."""
        from .picture import figure

        return figure(self, panels)

    def document(self) -> Document:
        from .report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "sigma": {"value": self.sigma, "method": self.sigma_method},
            "in_control": self.in_control,
            "panels": [
                {
                    "name": panel.name,
                    "label": self.axis.labels,
                    "stage": self.stage_of,
                    "n": panel.n,
                    "value": panel.value,
                    "center": panel.center,
                    "lower": panel.lower,
                    "upper": panel.upper,
                }
                for panel in self.panels
            ],
            "stages": [stage_dict(stage) for stage in self.stages],
            "signals": [
                {"rule": s.rule, "panel": s.panel, "point": s.point, "run": s.run, "text": s.text} for s in self.signals
            ],
            "false_alarm": self.false_alarm,
            "nsigma": self.nsigma,
            "convention": self.convention,
            "parameters": self.parameters,
            "runs": self.runs,
            "excluded": [
                {"point": int(i) + 1, "reason": self.reasons.get(int(i) + 1)} for i in np.flatnonzero(self.excluded)
            ],
            "events": [{"x": e.x, "label": e.label, "text": e.text} for e in self.events],
        }


def stage_dict(stage: StageLimits) -> dict[str, Any]:
    """A stage as JSON names it."""
    return {
        "name": stage.name,
        "from": stage.first,
        "to": stage.last,
        "n": stage.n,
        "center": stage.center,
        "sigma": stage.sigma,
        "lower": stage.lower,
        "upper": stage.upper,
    }
