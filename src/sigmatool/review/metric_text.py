"""How a further metric is written on one line: ``COL[/SIZE]:better[:number]``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import SettingsError

Direction = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class MetricText:
    """The parts of the line; ``last`` is what follows the direction, still as text."""

    value: str
    size: str | None
    better: Direction
    last: str | None


def names_of(data: Any) -> frozenset[str]:
    """The columns that a text may name; empty where the data have none."""
    return frozenset(map(str, getattr(data, "columns", ())))


def read_metric(text: str, noun: str, last: str, known: Collection[str] = ()) -> MetricText:
    """Take the line apart.

    Parameters
    ----------
    text : str
        Colons may stand in the column's name: the direction is looked for from the right.
    noun, last : str
        What is being read, and what its number is called: for the refusal.
    known : collection of str
        Columns of the table: one whose name holds the stroke is taken whole.

    Examples
    --------
    >>> read_metric("errors/calls:lower:0.005", "guard", "margin")
    MetricText(value='errors', size='calls', better='lower', last='0.005')
    """
    parts = text.split(":")
    number = parts.pop() if len(parts) > 2 and parts[-1] not in ("lower", "higher") else None
    direction = parts[-1]
    whole = ":".join(parts[:-1])
    name, size = (whole, "") if whole in known else _parted(whole, known)
    if direction not in ("lower", "higher") or not name:
        raise SettingsError(
            f"{noun} {text!r} must read COLUMN:lower or COLUMN:higher, with an optional {last}, "
            "for example quality:higher:0.5."
        )
    return MetricText(name, size or None, "lower" if direction == "lower" else "higher", number)


def _parted(whole: str, known: Collection[str]) -> tuple[str, str]:
    """Column and denominator, parted at the stroke that leaves two columns; at the first where none does."""
    cuts = [(whole[:i], whole[i + 1 :]) for i, sign in enumerate(whole) if sign == "/"]
    for pair in cuts:
        if set(pair) <= set(known):
            return pair
    return cuts[0] if cuts else (whole, "")


def exactly(number: float) -> str:
    """As short as reads back to the very number.

    Examples
    --------
    >>> exactly(0.5), exactly(2.0), exactly(0.123456789)
    ('0.5', '2', '0.123456789')
    """
    short = f"{number:g}"
    return short if float(short) == number else repr(float(number))


def write_metric(value: str, size: str | None, better: str, last: str | None) -> str:
    """The line again."""
    return ":".join([f"{value}/{size}" if size else value, better, *([] if last is None else [last])])
