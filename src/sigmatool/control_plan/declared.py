"""How a field of a TOML file is declared: once, with its kind and a line that explains it.

The reader checks by it and the writer explains by it, so that a draft, a message and the code cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal

Kind = Literal["text", "texts", "number", "count", "flag", "date", "choice", "duration"]


@dataclass(frozen=True, slots=True)
class Told:
    """How a field is checked and explained. ``runs``: a program cannot work by the file without it."""

    kind: Kind
    about: str
    allowed: tuple[str, ...] = ()
    runs: bool = False


@dataclass(frozen=True, slots=True)
class Inner:
    """A field that is a table of its own, or several of them."""

    table: type
    several: bool


def text(about: str, default: str = "", *, runs: bool = False) -> Any:
    """A field of text, empty at first."""
    return field(default=default, metadata={"told": Told("text", about, runs=runs)})


def other(kind: Kind, about: str, default: Any = None, allowed: tuple[str, ...] = ()) -> Any:
    """A field of another kind."""
    return field(default=default, metadata={"told": Told(kind, about, allowed)})


def table(kind: type) -> Any:
    """A table inside a table."""
    return field(default_factory=kind, metadata={"inner": Inner(kind, False)})


def tables(kind: type) -> Any:
    """Several tables inside a table."""
    return field(default=(), metadata={"inner": Inner(kind, True)})


def told_of(kind: type) -> dict[str, Told]:
    """The plain fields of a table, in order."""
    return {f.name: f.metadata["told"] for f in fields(kind) if "told" in f.metadata}


def inner_of(kind: type) -> dict[str, Inner]:
    """The tables inside a table, in order."""
    return {f.name: f.metadata["inner"] for f in fields(kind) if "inner" in f.metadata}


_UNITS: Final = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}


def duration(text: str) -> dt.timedelta | None:
    """How long ``4 hours`` is; None where the text is no duration.

    Examples
    --------
    >>> duration("90 minutes"), duration("soon")
    (datetime.timedelta(seconds=5400), None)
    """
    amount, _, unit = text.strip().partition(" ")
    size = _UNITS.get(unit.strip().removesuffix("s"))
    if size is None or not (amount.isascii() and amount.isdigit()) or not 0 < int(amount[:7]) <= 100_000:
        return None
    return dt.timedelta(seconds=int(amount) * size)
