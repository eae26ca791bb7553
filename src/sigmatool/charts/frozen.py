"""Points on limits that were frozen earlier: do kind and metric fit, and where do the points lie?"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..data import Counts, Measurements, Stage
from ..designs import Design, design_of
from ..errors import SettingsError
from . import caveat_words
from .catalogue import MAKERS, make, unknown
from .engine import chart_points
from .limits_file import FrozenLimits
from .result import ControlChart
from .rules import Rules

SINGLE: Final = ("i-mr",)
GROUPED: Final = ("xbar-s", "xbar-r", "i-mr-rs")
PROPORTIONS: Final = ("laney-p", "p")
RATES: Final = ("laney-u", "u")


def fitting_kinds(points: Measurements | Counts, scale: str) -> tuple[str, ...]:
    """Kinds whose limits such points can stand on, each point by itself; counts by their scale, if it is one."""
    if isinstance(points, Measurements):
        return GROUPED if points.values.shape[1] > 1 else SINGLE
    kinds = {"proportion": PROPORTIONS, "rate": RATES}.get(scale, (*RATES, *PROPORTIONS))
    return kinds if points.size_name else ("c", *kinds)


def held_kind(held: FrozenLimits, kind: str | Design) -> tuple[str | Design, float | None]:
    """The kind that the limits belong to, and their sigma where the kind takes one."""
    if not held.kind:
        return kind, held.sigma
    name, design = design_of(held.kind)
    if name not in MAKERS:
        raise unknown(name)
    if design_of(kind)[0] not in ("auto", name):
        raise SettingsError(f"the frozen limits are those of kind {held.kind}, not of {design_of(kind)[0]}.")
    return held.kind, None if make(name, design, ()).own_sigma else held.sigma


def on_frozen(
    points: Measurements | Counts, held: FrozenLimits, fitting: tuple[str, ...], rules: Rules = "nelson"
) -> ControlChart:
    """All points, as one stage, on limits that none of them made.

    Parameters
    ----------
    points : Measurements or Counts
    held : FrozenLimits
        Limits that name no kind are those of the first fitting one.
    fitting : tuple of str
        Kinds that chart such points, each by itself.
    rules : Rules

    Raises
    ------
    SettingsError
        Limits of another kind, or of another metric.
    """
    named = held.name or "limits"
    if held.kind and design_of(held.kind)[0] not in fitting:
        raise SettingsError(
            f"{named} holds the limits of a chart of kind {held.kind}, and these points go on {' or '.join(fitting)}: "
            "freeze limits of such a chart, or leave limits out."
        )
    kind, sigma = held_kind(held, fitting[0] if not held.kind else "auto")
    whole = replace(points, stages=(Stage("frozen limits", 0, points.n),))
    chart = chart_points(
        whole, kind, sigma=sigma, center=held.center, nsigma=held.nsigma, rules=rules,
        caveats=(caveat_words.frozen_limits(held.name),),
    )  # fmt: skip
    if held.metric and held.metric != chart.metric:
        raise SettingsError(
            f"{named} holds the limits of {held.metric!r}, and these points are {chart.metric!r}: name the ledger of "
            "this metric, or leave limits out."
        )
    return chart
