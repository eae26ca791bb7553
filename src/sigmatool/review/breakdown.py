"""How steep would a trend have to be to explain the whole change by itself, and how steep may it have been?

With one series and no control nobody can rule a trend out. But one can say which trend it would take, and set it
beside the steepest that the points before the rollout allow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .context_words import Seen, trend_needed
from .evidence import Case, Evidence
from .words import number


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The breakdown trend. Slopes a calendar step, on the working scale, up is better.

    Attributes
    ----------
    slope : float
        Steady trend that moves the average of the stage before to that of the stage after, with no step at all.
    seen : float
        Slope before the rollout.
    seen_limit : float
        One-sided 95 % limit of the slope before, in the direction of ``slope``.
    ratio : float
        ``seen_limit / slope``: at 1 or above, the trend that may have been running explains it all; at or below 0 none
        of it. Infinite where the averages are equal.
    """

    slope: float
    seen: float
    seen_limit: float
    ratio: float

    @property
    def explains(self) -> bool:
        """A trend that the points before allow would explain the whole change."""
        return self.ratio >= 1

    def text(
        self,
        period: str = "period",
        convert: Callable[[float], float] = float,
        form: Callable[[float], str] = number,
    ) -> str:
        """In a sentence for a manager.

        Parameters
        ----------
        period : str
            What a calendar step is called: "month".
        convert : callable
            From a slope on the working scale (up is better) to one in the metric's unit; its sign is not told.
        form : callable
            Writes a number.

        Examples
        --------
        >>> Breakdown(0.4, 0.02, 0.1, 0.25).text("week")
        'A steady improvement of 0.4 a week would explain it all; before the rollout it improved by at most 0.1 a week.'
        """
        needed, limit = form(abs(convert(self.slope))), form(abs(convert(self.seen_limit)))
        seen: Seen = "against" if self.ratio <= 0 else "explains" if self.explains else "less"
        return trend_needed(needed, limit, period, seen, improving=self.slope > 0)


def breakdown(case: Case, evidence: Evidence, level: float = 0.95) -> Breakdown:
    """The slope that would explain the whole difference of levels, beside the steepest one seen before.

    Parameters
    ----------
    case : Case
    evidence : Evidence
        Of the same case.
    level : float
        Of the one-sided limit.

    Notes
    -----
    ``slope = d / k``: d is the difference of the stages' averages and k the distance of their mean times, both free of
    the season where one is modelled. The averages are plain ones: an estimate that lets the noise wander reads a steep
    trend as noise, and would then ask for too little of it.

    The idea of asking how large a violation would overturn a finding is Rambachan & Roth's (2023), Review of Economic
    Studies 90, 2555-2591; for linear trends it comes to this one number.
    """
    fit = evidence.level_fit
    t = case.positions - case.positions.mean()
    table = np.column_stack([fit.series.design[:, fit.index], t, case.z]) / case.relative_sd[:, None]
    k = len(fit.index)
    apart, difference = np.linalg.lstsq(table[:, :k], table[:, k:], rcond=None)[0][fit.names.index("D")]
    slope = float(difference / apart)
    # the engine's trend column rises by one over n steps
    steps = float(case.z.size)
    edge = evidence.trend_before.quantile(level if slope > 0 else 1 - level) / steps
    return Breakdown(slope, evidence.trend_before.estimate / steps, edge, edge / slope if slope else np.inf)
