"""How a further metric is written on one line: ``COL[/SIZE]:better[:number]``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..errors import SettingsError

Direction = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class MetricText:
    """The parts of the line; ``last`` is what follows the direction, still as text."""

    value: str
    size: str | None
    better: Direction
    last: str | None


def read_metric(text: str, noun: str, last: str) -> MetricText:
    """Take the line apart.

    Parameters
    ----------
    text : str
        Colons may stand in the column's name: the direction is looked for from the right.
    noun, last : str
        What is being read, and what its number is called: for the refusal.

    Examples
    --------
    >>> read_metric("errors/calls:lower:0.005", "guard", "margin")
    MetricText(value='errors', size='calls', better='lower', last='0.005')
    """
    parts = text.split(":")
    number = parts.pop() if len(parts) > 2 and parts[-1] not in ("lower", "higher") else None
    direction = parts[-1]
    name, _, size = ":".join(parts[:-1]).partition("/")
    if direction not in ("lower", "higher") or not name:
        raise SettingsError(
            f"{noun} {text!r} must read COLUMN:lower or COLUMN:higher, with an optional {last}, "
            "for example quality:higher:0.5."
        )
    return MetricText(name, size or None, "lower" if direction == "lower" else "higher", number)


def write_metric(value: str, size: str | None, better: str, last: str | None) -> str:
    """The line again."""
    return ":".join([f"{value}/{size}" if size else value, better, *([] if last is None else [last])])
