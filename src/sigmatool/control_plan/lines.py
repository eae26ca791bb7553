"""In which line of a TOML file does a field stand?"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

Place = Sequence[str | int]


def line_of(text: str, place: Place) -> int:
    """The line (from 1) where the field begins; of a field that is missing, the line of its table.

    The parser itself is asked: the field begins where a part of the file, read to the end of a line, first holds it.

    Examples
    --------
    >>> line_of('a = 1\\n\\n[[b]]\\nc = 2\\n[[b]]\\nc = 3\\n', ["b", 1, "c"])
    6
    >>> line_of('a = 1\\n\\n[[b]]\\nc = 2\\n', ["b", 0, "missing"])
    3
    """
    lines = text.splitlines(keepends=True)
    while place and not _holds(_parsed(lines) or {}, place):
        place = place[:-1]
    name = next((part for part in reversed(place) if isinstance(part, str)), None)
    if name is None:
        return 1
    here = [i for i, line in enumerate(lines) if name in line] or range(len(lines))
    for first in here:
        if _holds(_whole(lines, first), place):
            return first + 1
    return 1


def _whole(lines: list[str], first: int) -> dict[str, Any]:
    """What the file holds up to the end of the value that begins in a line."""
    for stop in range(first + 1, min(first + 200, len(lines)) + 1):
        held = _parsed(lines[:stop])
        if held is not None:
            return held
    return {}


def _parsed(lines: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads("".join(lines))
    except (ValueError, RecursionError):
        return None


def _holds(held: Any, place: Place) -> bool:
    for part in place:
        if isinstance(part, int):
            if not isinstance(held, list) or part >= len(held):
                return False
        elif not isinstance(held, dict) or part not in held:
            return False
        held = held[part]
    return True
