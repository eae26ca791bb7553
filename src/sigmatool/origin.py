"""Where a table came from and how a choice was given: texts that know what the command line needs for the same.

A page tells the short form (``datasets/fills.xlsx``, ``31,45``); the command that makes the page again needs the sheet,
or the file with the reasons.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

GIVEN = "given"
"""How a choice is told that came from no file."""


class Source(str):
    """The name of a source, with the options that read the same table again.

    Examples
    --------
    >>> held = Source("fills.xlsx", {"sheet": "line 2"})
    >>> held, held.options
    ('fills.xlsx', {'sheet': 'line 2'})
    """

    options: Mapping[str, str]

    def __new__(cls, name: str, options: Mapping[str, str] | None = None) -> Source:
        made = super().__new__(cls, name)
        made.options = dict(options or {})
        return made


class Choice(str):
    """A choice as pages tell it, with the text that gives it on the command line.

    Examples
    --------
    >>> held = Choice("31,45", "exclusions.csv")
    >>> held, held.option
    ('31,45', 'exclusions.csv')
    """

    option: str

    def __new__(cls, told: str, option: str = "") -> Choice:
        made = super().__new__(cls, told)
        made.option = option or told
        return made


def given(held: Any, told: str = GIVEN) -> Choice:
    """A table or a mapping that came from no file: the command line takes it as JSON.

    Examples
    --------
    >>> given({"center": 10.0, "sigma": 0.2}).option
    '{"center": 10.0, "sigma": 0.2}'
    """
    return Choice(told, json.dumps(held, ensure_ascii=False))


def amount_of(given: float | str | None) -> float | str | None:
    """A number where a text holds one, else what was given, such as 5%.

    Examples
    --------
    >>> amount_of("100"), amount_of("5%"), amount_of(2)
    (100.0, '5%', 2)
    """
    try:
        return float(given) if isinstance(given, str) else given
    except ValueError:
        return given


class Exclusions(dict[str, str]):
    """Points with the reasons for which they are left out, from a file that is named."""

    source: str

    def __init__(self, held: Mapping[str, str], source: str = "") -> None:
        super().__init__(held)
        self.source = source
