"""What is the change worth, and how much may be booked? The lower bound, and only where the verdict credits it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from ..axis import Axis
from ..columns import LARGEST
from ..errors import SettingsError
from ..numbers.estimate import Estimate
from .decision import CREDITED

if TYPE_CHECKING:
    from .result import Review

Status = Literal["booked", "provisional", "not credited", "nothing certain"]
Per = Literal["period", "item"]

FINAL: Final = frozenset({"IMPROVED_STABLE", "IMPROVED_AGAINST_TREND"})
"""Credited verdicts that ask for no further review before the benefit is booked."""

YEAR: Final = 365.25
_STEPS: Final = {"year": 1.0, "quarter": 4.0, "month": 12.0, "week": YEAR / 7, "working day": YEAR * 5 / 7, "day": YEAR}


@dataclass(frozen=True, slots=True)
class Money:
    """What a unit of effect is worth.

    Parameters
    ----------
    amount : float
        Money for one unit of the metric (for one event, where events are counted).
    currency : str
    per : {"period", "item"}
        Whether a unit of effect is worth the amount once a point (period), or on every item of the point.
    volume : float, optional
        Items a point; of counts their mean size after the rollout where it is left out.
    project_cost : float, optional
        Once, for the payback.
    """

    amount: float
    currency: str
    per: Per
    volume: float | None = None
    project_cost: float | None = None


@dataclass(frozen=True, slots=True)
class PoorQuality:
    """Cost of all events a period (``per``), before and after, by the plain averages with their 95 % intervals."""

    before: Estimate
    after: Estimate
    per: str


@dataclass(frozen=True, slots=True)
class Benefit:
    """What the change is worth.

    Attributes
    ----------
    value, low, high : float or None
        For each ``per``, gain above zero; the interval is that of the change of level. None where no change is bounded.
    booked : float
        The lower bound where the verdict credits the improvement, else 0.
    unit : str
        The currency.
    per : str
        ``year`` where the time axis has dates, else the step of the axis.
    status : {"booked", "provisional", "not credited", "nothing certain"}
    period : Estimate
        The same for each step of the axis.
    step : str
    a_year : float or None
        Steps a year.
    volume : float
        Items a step; 1 where money is worth a unit once a period.
    payback : Estimate or None
        Of the project cost, in ``per``; no end where the benefit may be none.
    poor_quality : PoorQuality or None
        Of proportions and rates.
    """

    value: float | None
    low: float | None
    high: float | None
    booked: float
    unit: str
    per: str
    status: Status
    amount: float
    period: Estimate
    step: str
    a_year: float | None
    volume: float
    project_cost: float | None
    payback: Estimate | None
    poor_quality: PoorQuality | None


def money_of(money: Any, currency: str, per: str | None, volume: Any, project_cost: Any, counted: bool) -> Money | None:
    """The settings, refused where they contradict each other.

    Raises
    ------
    SettingsError

    Examples
    --------
    >>> money_of(120, "EUR", None, None, None, counted=True).per
    'item'
    """
    if money is None:
        for name, given in (("per", per), ("volume", volume), ("project_cost", project_cost)):
            if given is not None:
                raise SettingsError(f"{name} needs money: what one unit of the metric is worth (--money).")
        return None
    amount = _above_zero(money, "money")
    if not isinstance(currency, str) or not currency.strip() or len(currency) > 20:
        raise SettingsError(f"currency is a short name such as EUR, not {currency!r}.")
    if per not in (None, "period", "item"):
        raise SettingsError(f"per must be period or item, not {per!r}.")
    items = None if volume is None else _above_zero(volume, "volume")
    if counted and per == "period":
        raise SettingsError("of counted events money is worth each event: leave per out.")
    if per == "period" and items is not None:
        raise SettingsError("volume counts the items of a period: it goes with per = item.")
    if per == "item" and items is None and not counted:
        raise SettingsError("per = item needs volume: how many items there are a period.")
    cost = None if project_cost is None else _above_zero(project_cost, "project_cost")
    return Money(amount, currency.strip(), "item" if counted or items is not None else "period", items, cost)


def _above_zero(given: Any, name: str) -> float:
    number = isinstance(given, int | float | np.integer | np.floating) and not isinstance(given, bool)
    if not number or not math.isfinite(float(given)) or not 0 < float(given) < LARGEST:
        raise SettingsError(f"{name} must be a number above zero, not {given!r}.")
    return float(given)


def benefit(r: Review, money: Money) -> Benefit | None:
    """The change of level in money; None where it was not judged.

    Notes
    -----
    ``change x money x volume x steps a year``: money, volume and calendar are taken as known, so that the interval is
    that of the change, end for end. The benefit that is booked is its lower end.
    """
    e = r.effect
    if e is None:
        return None
    axis = r.judged.points.axis
    volume = _volume(r, money)
    good = 1.0 if r.better == "higher" else -1.0
    worth = good * money.amount * volume
    ends: tuple[float, float] | None = (e.difference_low, e.difference_high)
    if r.peeked is not None:
        ends = r.peeked_change
    low, high = (math.nan, math.nan) if ends is None else sorted(worth * end for end in ends)
    period = Estimate(worth * e.difference, low, high)
    a_year = steps_a_year(axis)
    per = _times(period, 1.0 if a_year is None else a_year)
    status = _status(r.verdict, low)
    step = axis.step or "point"
    return Benefit(
        value=per.value,
        low=None if math.isnan(low) else per.low,
        high=None if math.isnan(high) else per.high,
        booked=per.low if status in ("booked", "provisional") else 0.0,
        unit=money.currency,
        per=step if a_year is None else "year",
        status=status,
        amount=money.amount,
        period=period,
        step=step,
        a_year=a_year,
        volume=volume,
        project_cost=money.project_cost,
        payback=None if money.project_cost is None else _payback(money.project_cost, per),
        poor_quality=_poor_quality(r, money.amount * volume * (a_year or 1.0), step if a_year is None else "year"),
    )


def _status(verdict: str, low: float) -> Status:
    if verdict not in CREDITED:
        return "not credited"
    if not low > 0:
        return "nothing certain"
    return "booked" if verdict in FINAL else "provisional"


def _times(e: Estimate, factor: float) -> Estimate:
    return Estimate(factor * e.value, factor * e.low, factor * e.high)


def _volume(r: Review, money: Money) -> float:
    """Items a point: as given, else the mean size of the counts after the rollout."""
    if money.volume is not None:
        return money.volume
    size = getattr(r.judged.points, "size", None)
    if money.per == "period" or size is None:
        return 1.0
    return float(np.mean(size[r.judged.used & r.judged.after]))


def steps_a_year(axis: Axis) -> float | None:
    """Steps of a calendar a year; None of an axis without dates.

    Examples
    --------
    >>> days = np.array(["2026-01", "2026-02", "2026-03"], dtype="datetime64[D]").astype(float)
    >>> steps_a_year(Axis("month", "time", ("2026-01", "2026-02", "2026-03"), days, np.arange(3), "month"))
    12.0
    """
    if axis.kind != "time" or axis.x.size < 2:
        return None
    size, _, step = axis.step.rpartition(" ") if axis.step[:1].isdigit() else ("1", "", axis.step)
    if step in _STEPS:
        return _STEPS[step] / int(size)
    span = float(axis.x[-1] - axis.x[0])
    return YEAR * (axis.x.size - 1) / span if span > 0 else None


def _payback(cost: float, per: Estimate) -> Estimate | None:
    """Cost over benefit; the slowest has no end where the benefit may be none."""
    if not per.value > 0:
        return None
    slowest = cost / per.low if per.low > 0 else math.nan
    return Estimate(cost / per.value, cost / per.high if per.high > 0 else math.nan, slowest)


def _poor_quality(r: Review, worth: float, per: str) -> PoorQuality | None:
    """What all events cost; of a proportion that should rise, those that are missing."""
    if r.scale not in ("proportion", "rate", "between") or len(r.in_numbers) < 2:
        return None
    if r.scale != "proportion" and r.better == "higher":
        return None
    before, after = (stage.mean for stage in r.in_numbers[-2:])
    if r.better == "higher":
        before, after = (Estimate(1 - e.value, 1 - e.high, 1 - e.low, e.method) for e in (before, after))
    return PoorQuality(_times(before, worth), _times(after, worth), per)
