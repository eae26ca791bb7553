"""What do the rules in force cost? How often a steady process is called unsteady by them.

For independent normal points and known limits: rules on zones exactly, by the machine of
:mod:`sigmatool.numbers.rule_machine`; rules that compare points by the counts of :mod:`sigmatool.numbers.rule_sample`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import chdtr, chdtrc

from .constants import _range_cdf, factors
from .rule_machine import ON_ZONES, TooMuchMemoryError
from .rule_sample import RangeLimits, mean_run, range_limits, sample_of
from .run_length_rules import run_rules, signal_share
from .runs import Pattern

Sides = Literal["both", "upper", "lower"]
Statistic = Literal["range", "sd", "moving-range"]


@dataclass(frozen=True, slots=True)
class Price:
    """False alarms of a steady process.

    Parameters
    ----------
    per_point : float
        Long-run share of points at which a rule fires. For limits alone it is ``1 / arl``; rules that look back fire
        in runs, so that with them it is larger.
    this_chart : float
        Chance of at least one signal in a chart of that many points with nothing before them.
    arl : float
        Mean number of points up to the first signal, of all rules together; infinite without a rule.
    method : {"exact", "simulated"}
    per_point_error, this_chart_error, arl_error : float
        Standard errors of simulated numbers; 0 for exact ones.
    """

    per_point: float
    this_chart: float
    arl: float
    method: Literal["exact", "simulated"] = "exact"
    per_point_error: float = 0.0
    this_chart_error: float = 0.0
    arl_error: float = 0.0


@dataclass(frozen=True, slots=True)
class Dispersion:
    """A panel of ranges, standard deviations or moving ranges, of which only points beyond limits are signals.

    Parameters
    ----------
    statistic : {"range", "sd", "moving-range"}
    size : int
        Values in a subgroup, or in the window of a moving range.
    """

    statistic: Statistic
    size: int = 2

    def beyond(self, nsigma: float = 3.0) -> float:
        """Chance that one point is beyond its limits: from the distribution of the range, or chi-squared.

        Examples
        --------
        >>> round(Dispersion("range", 5).beyond(), 5), round(Dispersion("sd", 5).beyond(), 5)
        (0.0046, 0.0039)
        """
        f = factors(self.size, nsigma)
        if self.statistic == "sd":
            df = self.size - 1
            return float(chdtrc(df, df * f["B6"] ** 2) + chdtr(df, df * f["B5"] ** 2))
        low, high = _range_cdf(self.size, np.array([f["D1"], f["D2"]]))
        return float(max(1 - high, 0.0) + (low if f["D1"] > 0 else 0.0))


def price(
    patterns: Sequence[Pattern],
    n: int,
    nsigma: float = 3.0,
    sides: Sides = "both",
    dispersion: Dispersion | None = None,
) -> Price:
    """Price of a set of rules on a chart of ``n`` points.

    Parameters
    ----------
    patterns : sequence of Pattern
        The rules of the location panel; empty for none.
    n : int
        Points of the chart.
    nsigma : float
        Width of the drawn limits; zones stay at their own multiples of sigma.
    sides : {"both", "upper", "lower"}
        Limits that are drawn.
    dispersion : Dispersion, optional
        A second panel whose points beyond limits are signals too.

    Notes
    -----
    Means and spreads of normal subgroups are independent, and so are subgroups: both panels together are then exact
    where each is. A moving range shares its values with the next and with the individuals: both panels are counted in
    the same simulated series. Taken as independent they would seem to signal a fifth more often than they do.

    Examples
    --------
    >>> found = price((Pattern("limits"),), 25)
    >>> round(found.arl, 1), round(found.this_chart, 3), found.method
    (370.4, 0.065, 'exact')
    """
    if n < 0 or not nsigma > 0:
        raise ValueError(f"a price is of 0 or more points and limits above 0 sigma, not {n} and {nsigma}")
    return _price(tuple(dict.fromkeys(patterns)), int(n), float(nsigma), sides, dispersion)


@lru_cache(maxsize=512)
def _price(patterns: tuple[Pattern, ...], n: int, nsigma: float, sides: Sides, dispersion: Dispersion | None) -> Price:
    limits = (-nsigma if sides != "upper" else -np.inf, nsigma if sides != "lower" else np.inf)
    if dispersion and dispersion.statistic == "moving-range":
        return _simulated(patterns, n, limits, 0.0, range_limits(dispersion.size, nsigma))
    signal = dispersion.beyond(nsigma) if dispersion else 0.0
    if not patterns:
        return Price(signal, 1 - (1 - signal) ** n, 1 / signal if signal else np.inf)
    if all(p.test in ON_ZONES for p in patterns):
        try:
            return _exact(patterns, n, limits, signal)
        except TooMuchMemoryError:
            pass
    return _simulated(patterns, n, limits, signal, None)


def _exact(patterns: tuple[Pattern, ...], n: int, limits: tuple[float, float], signal: float) -> Price:
    run = run_rules(patterns, 0.0, limits)
    share = signal_share(patterns, limits)
    quiet = 1 - signal
    both = run.head * quiet ** np.arange(run.head.size)
    arl = float(both[:-1].sum() + both[-1] / (1 - run.ratio * quiet))
    return Price(1 - (1 - share) * quiet, 1 - float(run.survival(n)) * quiet**n, arl)


def _simulated(
    patterns: tuple[Pattern, ...], n: int, limits: tuple[float, float], signal: float, ranges: RangeLimits | None
) -> Price:
    sample, columns = sample_of(patterns, limits, ranges)
    run = sample.run(columns)
    quiet = 1 - signal
    mean, error = mean_run(run, sample.censored)
    silent = float((run > min(n, sample.censored)).mean())
    if n > sample.censored:
        silent *= (1 - 1 / mean) ** (n - sample.censored)
    seen = (silent * run.size + 1) / (run.size + 2)
    silent_error = float(np.sqrt(seen * (1 - seen) / run.size))
    if signal:
        # the mean of the smaller of a run and an independent geometric one
        first = (1 - quiet**run) / signal
        mean, error = float(first.mean()), float(first.std() / np.sqrt(run.size))
    share, share_error = sample.share(columns)
    return Price(
        1 - (1 - share) * quiet,
        1 - silent * quiet**n,
        mean,
        "simulated",
        share_error * quiet,
        silent_error * quiet**n,
        error,
    )
