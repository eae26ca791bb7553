"""What a capacity check was asked: units, hours, what projects take, and the goal, checked once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ..errors import SettingsError

AN_HOUR: Final = {"seconds": 3600.0, "minutes": 60.0, "hours": 1.0}
"""How many of a unit make an hour."""

_UNITS: Final = {
    "s": "seconds", "sec": "seconds", "second": "seconds", "seconds": "seconds", "m": "minutes", "min": "minutes",
    "minute": "minutes", "minutes": "minutes", "h": "hours", "hour": "hours", "hours": "hours",
}  # fmt: skip

_GOAL: Final = re.compile(
    r"(?:(?P<share>\d+(?:\.\d+)?)\s*%\s*(?:in|within)\s+)?(?P<time>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]+)", re.IGNORECASE
)

_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*%")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a wait should be: a mean, or a share that waits no longer than a time. Times in the unit of handling."""

    text: str
    time: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Amount:
    """A column, or one number for every period; ``of_hours``: it is a share of the hours of the staff."""

    column: str | None = None
    number: float = math.nan
    of_hours: bool = False

    @property
    def told(self) -> str | float | None:
        """As the command line gives it."""
        if self.column is not None:
            return self.column
        if self.of_hours:
            return f"{100 * self.number:.12g}%"
        return None if math.isnan(self.number) else self.number


def unit_of(given: Any) -> str:
    """The unit of handling times, by its name.

    Examples
    --------
    >>> unit_of("min")
    'minutes'
    """
    unit = _UNITS.get(given.strip().lower()) if isinstance(given, str) else None
    if unit is None:
        raise SettingsError(f"unit must say what handling times are in: seconds, minutes or hours, not {given!r}.")
    return unit


def goal_of(given: Any, unit: str) -> Goal | None:
    """A goal in words, in the unit of handling times.

    Examples
    --------
    >>> goal_of("80% in 20s", "minutes").share, round(goal_of("80% in 20s", "minutes").time, 4)
    (0.8, 0.3333)
    >>> goal_of("5 min", "seconds").time
    300.0
    """
    if given is None or given == "":
        return None
    found = _GOAL.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None or found["unit"].lower() not in _UNITS:
        raise SettingsError(
            f"goal must be a mean wait with its unit, such as '30s', or a service level, such as '80% in 20s', not "
            f"{given!r}."
        )
    share = None if found["share"] is None else float(found["share"]) / 100
    if share is not None and not 0 < share < 1:
        raise SettingsError(f"the share of goal must lie between 0% and 100%, not {found['share']}%.")
    time = float(found["time"]) * AN_HOUR[unit] / AN_HOUR[_UNITS[found["unit"].lower()]]
    if share is None and time <= 0:
        raise SettingsError("a mean wait of nothing cannot be a goal; give a time above zero, such as '30s'.")
    return Goal(given.strip(), time, share)


def amount_of(name: str, given: Any, columns: list[str], *, share: bool = False) -> Amount:
    """A column's name or a number above zero (of every period); with ``share`` a percentage too.

    Examples
    --------
    >>> amount_of("project", "15%", ["calls"], share=True).told, amount_of("hours", "45", ["calls"]).number
    ('15%', 45.0)
    """
    if given is None or given == "":
        return Amount()
    if isinstance(given, str):
        if given in columns:
            return Amount(given)
        part = _SHARE.fullmatch(given.strip()) if share else None
        if part is not None:
            number = float(part[1]) / 100
            if not 0 < number < 1:
                raise SettingsError(f"{name} must be below 100% of the hours and above 0%, not {given}.")
            return Amount(None, number, True)
        try:
            number = float(given)
        except ValueError:
            return Amount(given)
    elif isinstance(given, int | float | np.number) and not isinstance(given, bool):
        number = float(given)
    else:
        raise SettingsError(f"{name} must be the name of a column or a number, not {given!r}.")
    if not (math.isfinite(number) and number > 0):
        raise SettingsError(f"{name} must be above zero, not {given!r}.")
    return Amount(None, number)


def scv_of(name: str, given: Any) -> float:
    """A squared coefficient of variation, 0 or more."""
    try:
        number = math.nan if isinstance(given, bool) else float(given)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and 0 <= number <= 1e6):
        raise SettingsError(f"{name} must be 0 or more (1: as chance makes arrivals), not {given!r}.")
    return number
