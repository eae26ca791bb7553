"""How long until a chart signals, and which limits make a steady process wait as long as wanted?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from .designs import CUSUM, EWMA, Design, design_of
from .errors import SettingsError
from .numbers.rule_machine import ON_ZONES
from .numbers.rule_sample import run_compared
from .numbers.run_length import RunLength as Distribution
from .numbers.run_length_cusum import cusum, cusum_steady
from .numbers.run_length_design import cusum_decision, ewma_limit, shewhart_limit
from .numbers.run_length_ewma import ewma, ewma_steady
from .numbers.run_length_rules import run_rules, run_rules_steady
from .numbers.run_length_shewhart import shewhart
from .numbers.runs import Pattern

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Sides = Literal["both", "upper", "lower"]
Answer = tuple[Distribution, float]


class Ruled(Protocol):
    """A rule of a chart."""

    @property
    def pattern(self) -> Pattern: ...


SHEWHART = ("i-mr", "i-mr-rs", "xbar-r", "xbar-s")
"""Kinds whose location panel is a Shewhart chart of independent normal points."""


@dataclass(frozen=True)
class RunLength:
    """Points that a chart with known parameters runs until its first signal.

    Attributes
    ----------
    chart : str
        The kind with its settings.
    nsigma : float
    shift : float or array
        As given; the answers have its shape.
    distributions : tuple of sigmatool.numbers.run_length.RunLength
        One a shift, in flat order.
    steady : tuple of float
        Steady-state ARL of each; NaN where it is not known (rules that compare points).
    """

    chart: str
    nsigma: float
    shift: float | Floats
    distributions: tuple[Distribution, ...]
    steady: tuple[float, ...]

    def _shaped(self, values: Sequence[float] | Floats) -> float | Floats:
        flat = np.asarray(values, dtype=np.float64)
        shape = np.shape(self.shift)
        return flat.reshape(shape) if shape else float(flat[0])

    @property
    def arl(self) -> float | Floats:
        """Average run length (zero state: the shift is there from the first point on)."""
        return self._shaped([d.mean for d in self.distributions])

    @property
    def median(self) -> float | Floats:
        """Points by which half of such charts have signalled. Run lengths are skewed: it is well below the ARL."""
        return self.quantile(0.5)

    @property
    def steady_state(self) -> float | Floats:
        """Average points from the shift to the signal, when the chart has been silent for long before."""
        return self._shaped(self.steady)

    def quantile(self, q: float) -> float | Floats:
        """Points by which the chart has signalled with chance ``q``."""
        if not 0 <= q < 1:
            raise SettingsError(f"q must be a chance from 0 on and below 1, not {q!r}.")
        return self._shaped([d.quantile(q) for d in self.distributions])

    def within(self, points: int) -> float | Floats:
        """Chance of a signal within that many points."""
        if points < 0:
            raise SettingsError(f"points must be 0 or more, not {points!r}.")
        return self._shaped([1 - float(d.survival(points)) for d in self.distributions])

    @property
    def headline(self) -> str:
        """The run length of the smallest shift in one sentence."""
        shifts = np.ravel(np.asarray(self.shift, dtype=np.float64))
        i = int(np.argmin(np.abs(shifts)))
        what = "a steady process" if shifts[i] == 0 else f"a shift of {shifts[i]:g} sigma"
        return f"{self.chart}: on average {self.distributions[i].mean:,.4g} points until {what} gives a signal."

    def to_frame(self) -> pd.DataFrame:
        """One row a shift: ARL, median, 90 % point and steady-state ARL."""
        import pandas as pd

        table = {
            "shift": np.ravel(np.asarray(self.shift, dtype=np.float64)),
            "arl": [d.mean for d in self.distributions],
            "median": [d.quantile(0.5) for d in self.distributions],
            "quantile_90": [d.quantile(0.9) for d in self.distributions],
            "steady_state": list(self.steady),
        }
        return pd.DataFrame(table)


@dataclass(frozen=True)
class Designed:
    """A chart whose limits give a wanted run length: ``control_chart(data, found.chart, nsigma=found.nsigma)``.

    Attributes
    ----------
    chart : Design or str
        The settings, or the kind's name.
    nsigma : float
        Width of the limits; 3 for a CUSUM, whose limit is its ``decision``.
    """

    chart: Design | str
    nsigma: float


def _refuse(name: str) -> SettingsError:
    known = ", ".join((*SHEWHART, EWMA.kind, CUSUM.kind))
    return SettingsError(f"chart {name!r} has no run length here: give {known}, or settings such as EWMA(weight=0.1).")


def _ewma(design: EWMA, nsigma: float, sides: Sides) -> Callable[[float], Answer]:
    side: Literal["both", "upper"] = "both" if sides == "both" else "upper"
    sign = -1.0 if sides == "lower" else 1.0

    def answer(shift: float) -> Answer:
        steady = ewma_steady(design.weight, nsigma, sign * shift, side)
        return ewma(design.weight, nsigma, sign * shift, design.limits, side), steady

    return answer


def _cusum(design: CUSUM, sides: Sides) -> Callable[[float], Answer]:
    def answer(shift: float) -> Answer:
        run = cusum(design.reference, design.decision, shift, design.head_start, sides)
        return run, cusum_steady(design.reference, design.decision, shift if sides != "lower" else -shift, _arm(sides))

    return answer


def _arm(sides: Sides) -> Sides:
    return "both" if sides == "both" else "upper"


def _shewhart(rules: Sequence[Pattern] | None, nsigma: float, sides: Sides) -> Callable[[float], Answer]:
    limits = (-nsigma if sides != "upper" else -np.inf, nsigma if sides != "lower" else np.inf)

    def answer(shift: float) -> Answer:
        if rules is None:
            run = shewhart(nsigma, shift, sides=sides)
            return run, run.mean
        if all(p.test in ON_ZONES for p in rules):
            return run_rules(rules, shift, limits), run_rules_steady(rules, shift, limits)
        return run_compared(tuple(rules), shift, limits), np.nan

    return answer


def arl(
    chart: str | Design,
    shift: Any = 0.0,
    *,
    nsigma: float = 3.0,
    n: int = 1,
    rules: Sequence[Pattern | Ruled] | None = None,
    sides: Sides = "both",
) -> RunLength:
    """How long does a chart run until it signals?

    Parameters
    ----------
    chart : str or Design
        ``i-mr``, ``i-mr-rs``, ``xbar-r``, ``xbar-s`` (their location panel), or ``ewma``, ``cusum`` by name or with
        settings, such as ``EWMA(weight=0.1)`` or ``"cusum(decision=4)"``.
    shift : float or array
        Of the mean from the first point on, in sigma of the process; 0 is the steady process.
    nsigma : float
        Width of the limits, in sigma of the charted statistic; a CUSUM has its ``decision`` instead.
    n : int
        Values in a subgroup: a shift is ``sqrt(n)`` times as large on means.
    rules : sequence, optional
        For Shewhart kinds, all rules in force, as ``chart.rules`` of a drawn chart holds them, or patterns; None stands
        for points beyond limits alone.
    sides : {"both", "upper", "lower"}
        Limits or arms in force.

    Returns
    -------
    RunLength
        ``arl``, ``median``, ``quantile(q)``, ``within(points)``, ``steady_state``.

    Raises
    ------
    SettingsError
        A kind without a run length here, or settings for which there is none.

    Notes
    -----
    For independent normal points and known parameters. With limits from a short baseline run lengths vary far more
    from chart to chart than this says (Quesenberry 1993, Journal of Quality Technology 25, 237-247).

    Examples
    --------
    >>> found = arl("ewma(weight=0.1, limits=asymptotic)", [0.0, 1.0], nsigma=2.814)
    >>> found.arl.round(2)
    array([499.58,  10.33])
    >>> round(arl(CUSUM(decision=5)).arl, 1), arl("xbar-r", 1.0, n=4).median
    (465.4, 5.0)
    """
    name, design = design_of(chart)
    if not (isinstance(n, int | np.integer) and n >= 1):
        raise SettingsError(f"n must be a whole number from 1 on, not {n!r}.")
    if not nsigma > 0:
        raise SettingsError(f"nsigma must be above 0, not {nsigma!r}.")
    if sides not in ("both", "upper", "lower"):
        raise SettingsError(f"sides must be one of both, upper, lower, not {sides!r}.")
    shifts = np.asarray(shift, dtype=np.float64)
    if not np.isfinite(shifts).all():
        raise SettingsError("shift must be a finite number, or an array of them.")
    patterns = None if rules is None else tuple(r if isinstance(r, Pattern) else r.pattern for r in rules)
    if rules is not None and name not in SHEWHART:
        raise SettingsError(f"rules are for {', '.join(SHEWHART)}; a {name} chart has its limits alone.")
    if isinstance(design, EWMA):
        answer = _ewma(design, nsigma, sides)
    elif isinstance(design, CUSUM):
        answer = _cusum(design, sides)
    elif name in SHEWHART:
        answer = _shewhart(patterns, nsigma, sides)
    else:
        raise _refuse(name)
    try:
        answers = [answer(float(s) * float(np.sqrt(n))) for s in np.ravel(shifts)]
    except ValueError as error:
        raise SettingsError(f"{error}.") from error
    given = float(shifts) if shifts.ndim == 0 else shifts
    told = name if design is None else str(design)
    return RunLength(told, nsigma, given, tuple(a[0] for a in answers), tuple(a[1] for a in answers))


def design(chart: str | Design, arl: float, *, sides: Sides = "both") -> Designed:
    """Which limits make a steady process wait that long for a signal, on average?

    Parameters
    ----------
    chart : str or Design
        As for :func:`arl`. A CUSUM keeps its reference and head start and gets a ``decision``; other kinds get an
        ``nsigma``.
    arl : float
        Wanted average run length.
    sides : {"both", "upper", "lower"}
        Limits or arms in force.

    Raises
    ------
    SettingsError
        A kind without a run length here, or a run length that no limit gives.

    Examples
    --------
    >>> design("cusum", 370.4).chart
    CUSUM(reference=0.5, decision=4.774..., head_start=0.0)
    >>> round(design("ewma(weight=0.2, limits=asymptotic)", 500).nsigma, 4)
    2.9622
    """
    name, settings = design_of(chart)
    try:
        if isinstance(settings, CUSUM):
            decision = cusum_decision(settings.reference, arl, settings.head_start, sides)
            return Designed(replace(settings, decision=decision), 3.0)
        if isinstance(settings, EWMA):
            nsigma = ewma_limit(settings.weight, arl, settings.limits, "both" if sides == "both" else "upper")
            return Designed(settings, nsigma)
        if name in SHEWHART:
            return Designed(settings or name, shewhart_limit(arl, sides))
    except ValueError as error:
        raise SettingsError(f"{error}.") from error
    raise _refuse(name)
