"""Settings that are plain numbers: checked once, refused in one sentence."""

from __future__ import annotations

import math
from typing import Any

from ..errors import SettingsError


def level_of(name: str, given: Any) -> float:
    """A coverage or a confidence, strictly between 0 and 1.

    Examples
    --------
    >>> level_of("confidence", 0.95)
    0.95
    """
    value = _number(given)
    if value is None or not 0 < value < 1:
        raise SettingsError(f"{name} must lie between 0 and 1, such as 0.95, not {given!r}.")
    return value


def number_of(name: str, given: Any) -> float | None:
    """A finite number above zero, where one was given.

    Examples
    --------
    >>> number_of("target", None), number_of("target", 2)
    (None, 2.0)
    """
    if given is None:
        return None
    value = _number(given)
    if value is None or not 0 < value < math.inf:
        raise SettingsError(f"{name} must be a number above zero, not {given!r}.")
    return value


def _number(given: Any) -> float | None:
    try:
        return None if isinstance(given, bool) else float(given)
    except (TypeError, ValueError):
        return None
