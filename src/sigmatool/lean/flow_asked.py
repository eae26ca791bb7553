"""Settings of a study of flow, checked once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from ..capability.levels import level_of, number_of
from ..data import split_rollout
from ..errors import SettingsError
from ..stamps import DAY, moment

PERIODS: Final = ("auto", "day", "week", "month")
UNITS: Final[dict[str, float]] = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": DAY}
BY: Final = ("start", "exposure")
_SHORT: Final = {"s": "seconds", "min": "minutes", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that was given: its second, whether it has a zone, and whether it names a day alone."""

    text: str
    second: float
    zoned: bool
    day: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for.

    Attributes
    ----------
    as_of, since, rollout : Moment or None
    label : str
        Of the rollout.
    by : {"start", "exposure"}
    per : {"auto", "day", "week", "month"}
    touch : float
        Seconds in a unit of touch time.
    demand, available : float or None
        Items wanted, and seconds of work, in a period.
    confidence : float
    """

    as_of: Moment | None
    since: Moment | None
    rollout: Moment | None
    label: str
    by: str
    per: str
    touch: float
    demand: float | None
    available: float | None
    confidence: float


def asked_of(
    as_of: Any, since: Any, rollout: Any, by: str, per: str, touch_unit: str, demand: Any, available: Any,
    confidence: Any,
) -> Asked:  # fmt: skip
    """Check the settings.

    Raises
    ------
    SettingsError
        One that is unknown, out of range, or does not go with another.
    """
    if per not in PERIODS:
        raise SettingsError(f"per must be one of {', '.join(PERIODS)}, not {per!r}.")
    if by not in BY:
        raise SettingsError(f"by must be start (items by their start) or exposure (time by its side), not {by!r}.")
    if touch_unit not in UNITS:
        raise SettingsError(f"touch_unit must be one of {', '.join(UNITS)}, not {touch_unit!r}.")
    wanted, worked = number_of("demand", demand), seconds_of("available", available)
    if (wanted is None) != (worked is None):
        raise SettingsError("takt needs demand (items wanted in a period) and available (working time in it) together.")
    when, label = (None, "") if rollout is None else _rollout(rollout)
    if by == "exposure" and when is None:
        raise SettingsError("by goes with a rollout: it says which time of an item counts as before and after it.")
    held = Asked(
        _moment("as_of", as_of), _moment("since", since), when, label, by, per, UNITS[touch_unit], wanted, worked,
        level_of("confidence", confidence),
    )  # fmt: skip
    if held.since and held.as_of and held.since.second >= held.as_of.second:
        raise SettingsError(f"since ({held.since.text}) must lie before as_of ({held.as_of.text}).")
    return held


def _rollout(given: Any) -> tuple[Moment | None, str]:
    when, label = split_rollout(given) if isinstance(given, str) else (given, "rollout")
    return _moment("rollout", when), label


def _moment(name: str, given: Any) -> Moment | None:
    if given is None:
        return None
    text = str(given).strip()
    month = re.fullmatch(r"\d{4}-\d{2}", text)
    found = moment(f"{text}-01" if month else text)
    if found is None:
        raise SettingsError(f"{name} must be a moment such as 2026-03-31 or 2026-03-31 17:00, not {given!r}.")
    second, zoned = found
    return Moment(text, second, zoned, ":" not in text)


def seconds_of(name: str, given: Any) -> float | None:
    """A length of time in seconds: ``450min``, ``7.5h``, or a number of hours.

    Examples
    --------
    >>> seconds_of("available", "450 min"), seconds_of("available", 7.5)
    (27000.0, 27000.0)
    """
    if given is None:
        return None
    text = str(given).strip()
    parts = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text)
    unit = _SHORT.get(parts[2], parts[2]) or "hours" if parts else ""
    if parts is None or isinstance(given, bool) or unit not in UNITS or float(parts[1]) <= 0:
        raise SettingsError(f"{name} must be a length of time such as 450min or 7.5h, not {given!r}.")
    return float(parts[1]) * UNITS[unit]
