"""Settings in the many forms that people give them, brought into one, or refused by name.

A generator is read once and kept: a setting that is looked at twice must not be empty the second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import SettingsError


def several(given: Any, name: str) -> tuple[Any, ...]:
    """One item or a sequence of them, as a tuple.

    Parameters
    ----------
    given : str, number, sequence or None
        A text is one item, None is none.
    name : str
        The setting, for the refusal.

    Examples
    --------
    >>> several("wait", "control"), several((c for c in "ab"), "control"), several(None, "control")
    (('wait',), ('a', 'b'), ())
    """
    if given is None:
        return ()
    items = tuple(given) if np.iterable(given) and not isinstance(given, str) else (given,)
    for item in items:
        if item is None or item == "":
            raise SettingsError(f"{name} holds an empty item; name each, or leave {name} out.")
    return items


def columns_of(given: Any, name: str) -> tuple[str, ...]:
    """Names of columns, one or several."""
    items = several(given, name)
    for item in items:
        if not isinstance(item, str):
            raise SettingsError(f"{name} names columns, not {item!r}.")
    return items


def whole(given: Any, name: str) -> int:
    """A whole number; also one that is written as a float or held by numpy.

    Examples
    --------
    >>> whole(np.int64(7), "washout"), whole(2.0, "washout")
    (7, 2)
    """
    number = not isinstance(given, bool | np.bool_) and isinstance(given, int | float | np.integer | np.floating)
    if not number or not np.isfinite(float(given)) or given != int(given):
        raise SettingsError(f"{name} must be a whole number, not {given!r}.")
    return int(given)


def season_given(given: Any) -> int | str | None:
    """A period as a whole number, or a text as it is."""
    return given if given is None or isinstance(given, str) else whole(given, "season")


def looks_given(given: Any) -> Any:
    """Planned looks as a text or a list."""
    return given if given is None or isinstance(given, str) else list(several(given, "looks"))


def yes_or_no(given: Any, name: str) -> bool:
    """A plain yes or no: the text "no" would pass for yes."""
    if not isinstance(given, bool | np.bool_):
        raise SettingsError(f"{name} must be True or False, not {given!r}.")
    return bool(given)


def points_given(given: Any) -> Any:
    """Points to exclude, read once where they come from a generator."""
    return list(given) if np.iterable(given) and not isinstance(given, str | Mapping) else given
