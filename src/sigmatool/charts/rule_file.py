"""A team's own rules, from a file: every entry is checked, nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..documents import read_toml
from ..errors import SettingsError
from ..numbers.runs import Pattern, Test
from .rule_sets import RULE_SETS, Rule, words_of

LONGEST = 100
"""Points that a rule may look at."""

WIDEST = 10.0
"""Sigma beyond which no zone is of use."""

MOST = 100
"""Rules in one file."""

_NEEDS: dict[Test, tuple[str, ...]] = {
    "limits": (),
    "beyond": ("points", "least", "sigma"),
    "trend": ("points",),
    "alternating": ("points",),
    "within": ("points", "sigma"),
    "outside": ("points", "sigma"),
    "opposite": ("sigma",),
}
_FEWEST: dict[Test, int] = {"beyond": 1, "trend": 3, "alternating": 3, "within": 2, "outside": 2}
_OPTIONAL: dict[Test, tuple[str, ...]] = {"beyond": ("least", "sigma")}
_ID = re.compile(r"[^\W\d_][\w.-]{0,39}")


@dataclass(frozen=True, slots=True)
class OwnRules:
    """A rule file: its name, its own rules, and the published rules it takes in, as they are typed."""

    name: str
    rules: tuple[Rule, ...]
    include: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One ``[[rule]]`` with the words that name it in a refusal."""

    file: str
    number: int
    held: Mapping[str, Any]

    def refuse(self, what: str) -> SettingsError:
        told = self.held.get("id")
        named = f"rule {self.number} ({told!r})" if isinstance(told, str) else f"rule {self.number}"
        return SettingsError(f"{self.file}, {named}: {what}")


def read_rules(path: str | Path) -> OwnRules:
    """The rules in a TOML file.

    Parameters
    ----------
    path : str or Path
        ``name`` (default: the name of the file), ``include`` (a list of published rules or sets) and any number of
        ``[[rule]]`` with ``test`` and, as the test needs them, ``points``, ``least``, ``sigma``; ``id`` and ``words``
        are made when left out.

    Raises
    ------
    SettingsError
        In one sentence: the file, the rule, the key, and what is allowed.
    """
    held, file = read_toml(path), Path(path).name
    unknown = [key for key in held if key not in ("name", "include", "rule")]
    if unknown:
        raise SettingsError(f"{file} has the key {unknown[0]!r}; a rule file has name, include and [[rule]].")
    name = held.get("name", Path(path).stem)
    if not isinstance(name, str) or not _slug(name) or len(name) > 60:
        raise SettingsError(
            f"{file}: name must be a text of at most 60 characters with a letter or digit in it, not {_shown(name)}."
        )
    if _slug(name) in RULE_SETS:
        raise SettingsError(f"{file}: the name {name!r} belongs to a published set; give the file another name.")
    include = _include(held.get("include", []), file)
    entries = held.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise SettingsError(f"{file}: rules are written under [[rule]], with two brackets.")
    if not entries and not include:
        raise SettingsError(f"{file} holds no rule; write one under [[rule]], or name published ones in include.")
    if len(entries) > MOST:
        raise SettingsError(f"{file} holds {len(entries)} rules; at most {MOST} can run together.")
    return OwnRules(name, _rules(entries, file, _slug(name)), include)


def _include(held: Any, file: str) -> tuple[str, ...]:
    if not isinstance(held, list) or not all(isinstance(part, str) for part in held):
        raise SettingsError(
            f'{file}: include must be a list of names such as ["nelson-1", "western-electric"], not {_shown(held)}.'
        )
    nested = [part for part in held if part.strip().endswith(".toml")]
    if nested:
        raise SettingsError(f"{file}: include names the file {nested[0]!r}; it may name published rules only.")
    return tuple(held)


def _rules(entries: list[dict[str, Any]], file: str, name: str) -> tuple[Rule, ...]:
    published = {rule.id for known in RULE_SETS.values() for rule in known.rules()}
    seen: dict[str, int] = {}
    out = []
    for number, held in enumerate(entries, start=1):
        entry = _Entry(file, number, held)
        rule = _rule(entry, f"{name}-{number}")
        if rule.id in published:
            raise entry.refuse(f"the id {rule.id!r} belongs to a published rule; choose another id.")
        if rule.id in seen:
            raise entry.refuse(f"the id {rule.id!r} is also that of rule {seen[rule.id]}; choose another id.")
        seen[rule.id] = number
        out.append(rule)
    return tuple(out)


def _rule(entry: _Entry, number: str) -> Rule:
    test = _test(entry)
    takes = _NEEDS[test]
    unknown = [key for key in entry.held if key not in ("id", "test", "words", *takes)]
    if unknown:
        also = f"test, {', '.join((*takes, 'id'))}" if takes else "test, id"
        raise entry.refuse(f"the test {test!r} has no key {unknown[0]!r}; it takes {also} and words.")
    absent = [key for key in takes if key not in entry.held and key not in _OPTIONAL.get(test, ())]
    if absent:
        raise entry.refuse(f"the test {test!r} needs the key {absent[0]!r}.")
    pattern = _pattern(entry, test, takes)
    return Rule(_id(entry, number), pattern, _words(entry) or words_of(pattern))


def _test(entry: _Entry) -> Test:
    asked = entry.held.get("test")
    for test in _NEEDS:
        if test == asked:
            return test
    missing = "test is missing" if asked is None else f"the test {_shown(asked)} is unknown"
    raise entry.refuse(f"{missing}; known are {', '.join(_NEEDS)}.")


def _pattern(entry: _Entry, test: Test, takes: tuple[str, ...]) -> Pattern:
    shortest = 2 if test == "opposite" else 1
    points = _whole(entry, "points", _FEWEST[test], LONGEST) if "points" in takes else shortest
    least = _whole(entry, "least", 1, points) if "least" in entry.held else 0
    zone = _sigma(entry, test == "beyond") if "sigma" in entry.held else 0.0
    if test == "beyond" and zone == 0 and (least or points) == 1:
        raise entry.refuse("one point on one side of the centre fires everywhere; raise points, least or sigma.")
    return Pattern(test, points, zone, 0 if least == points else least)


def _whole(entry: _Entry, key: str, low: int, high: int) -> int:
    value = entry.held[key]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise entry.refuse(f"{key} must be a whole number from {low} to {high}, not {_shown(value)}.")
    return value


def _sigma(entry: _Entry, zero: bool) -> float:
    value = entry.held["sigma"]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= WIDEST or (value == 0 and not zero):
        low = "from 0" if zero else "above 0"
        raise entry.refuse(f"sigma must be a number {low} to {WIDEST:g}, not {_shown(value)}.")
    return float(value)


def _id(entry: _Entry, number: str) -> str:
    value = entry.held.get("id", number)
    if not isinstance(value, str) or not (value == number or _ID.fullmatch(value)):
        raise entry.refuse(
            f"id must be a word of at most 40 letters, digits, dots and dashes that starts with a letter, not "
            f"{_shown(value)}."
        )
    return value


def _words(entry: _Entry) -> str:
    value = entry.held.get("words", "")
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise entry.refuse(f"words must be one line of at most 200 characters, not {_shown(value)}.")
    return value.strip().rstrip(".")


def _slug(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def _shown(value: Any) -> str:
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number of that size"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
