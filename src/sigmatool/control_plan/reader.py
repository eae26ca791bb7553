"""Reading a file of declared fields: every field checked, every fault told with its line."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from pathlib import Path
from typing import Any, Final

from ..documents import read_toml
from ..errors import SettingsError
from . import plan_words as words
from .declared import Inner, Told, duration, inner_of, told_of
from .lines import Place, line_of

_MOST: Final = 20
"""Faults told of one file."""


class Reading:
    """One file on its way in; gathers its faults."""

    def __init__(self, path: str | Path, schema: str, *, to_run: bool = False, given: tuple[str, ...] = ()) -> None:
        """``to_run``: empty fields that a program cannot do without are faults, but for those ``given`` otherwise."""
        self._given = given
        self._held = read_toml(path)
        self._name, self._text, self._to_run = Path(path).name, Path(path).read_text(encoding="utf-8"), to_run
        self._found: list[tuple[int, str]] = []
        if self._held.get("schema") != schema:
            self.fault(["schema"], words.wrong_schema(schema, self._held.get("schema")))

    def refuse(self) -> None:
        """Raise the first fault, and say how many more there are."""
        if self.faults:
            raise SettingsError(self.faults[0] + words.and_more(len(self.faults) - 1))

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong, in the order of the lines."""
        return tuple(told for _, told in sorted(self._found, key=lambda found: found[0]))

    def fault(self, place: Place, what: str) -> None:
        """Note a fault of a field."""
        if len(self._found) < _MOST:
            line = line_of(self._text, place)
            self._found.append((line, words.at(self._name, line, _called(place), what)))

    def whole(self, kind: type) -> Any:
        """The file as its dataclass; what is wrong is noted and left at its default."""
        return self._table(kind, {k: v for k, v in self._held.items() if k != "schema"}, [])

    def _table(self, kind: type, held: dict[str, Any], place: Place) -> Any:
        plain, inner = told_of(kind), inner_of(kind)
        for name in sorted(held.keys() - plain.keys() - inner.keys()):
            near = difflib.get_close_matches(name, (*plain, *inner), n=1)
            self.fault([*place, name], words.unknown(near, (*plain, *inner)))
        values: dict[str, Any] = {}
        for name, told in plain.items():
            if name in held:
                problem = _problem(told, held[name])
                if problem:
                    self.fault([*place, name], problem)
                    continue
                values[name] = _value(told, held[name])
            if self._to_run and told.runs and not values.get(name) and name not in self._given:
                self.fault([*place, name], words.empty())
        for name, one in inner.items():
            values |= self._inner(name, one, held.get(name), [*place, name])
        return kind(**values)

    def _inner(self, name: str, one: Inner, given: Any, here: Place) -> dict[str, Any]:
        if given is None and (one.several or not self._to_run):
            return {}
        items = given if one.several else [{} if given is None else given]
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            self.fault(here, words.no_table(one.several))
            return {}
        found = [self._table(one.table, item, [*here, i] if one.several else here) for i, item in enumerate(items)]
        return {name: tuple(found) if one.several else found[0]}


def _called(place: Place) -> str:
    """A field as people find it: ``characteristic 2, reaction 1, owner``."""
    told: list[str] = []
    for part in place:
        if isinstance(part, int):
            told[-1] += f" {part + 1}"
        else:
            told.append(part)
    return ", ".join(told)


def _problem(told: Told, value: Any) -> str:
    """What is wrong with a value; nothing where it fits."""
    fits = {
        "text": isinstance(value, str),
        "texts": isinstance(value, list) and all(isinstance(v, str) for v in value),
        "number": isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
        "count": isinstance(value, int) and not isinstance(value, bool) and value >= 1,
        "flag": isinstance(value, bool),
        "date": isinstance(value, dt.date) and not isinstance(value, dt.datetime),
        "duration": isinstance(value, str) and (value == "" or duration(value) is not None),
        "choice": value in told.allowed if isinstance(value, str) else False,
    }[told.kind]
    if fits:
        return ""
    return words.wrong_choice(told.allowed, value) if told.kind == "choice" else words.wrong_kind(told.kind, value)


def _value(told: Told, value: Any) -> Any:
    if told.kind == "texts":
        return tuple(value)
    return float(value) if told.kind == "number" else value
