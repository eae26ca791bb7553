"""The rules that turn a chart into signals: which ones are in force, by name, number, or from a file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from numbers import Integral
from pathlib import Path
from typing import Any

from ..errors import SettingsError
from .rule_file import read_rules
from .rule_sets import RULE_SETS, Rule, RuleSet, words_of

__all__ = ["RULE_SETS", "Choice", "Rule", "RuleSet", "as_option", "chosen", "rule_set", "words_of"]

Rules = str | Path | int | Sequence[str | Path | int] | None

_PART = re.compile(r"(?:[^,(]|\([^)]*\)?)+")
_CALL = re.compile(r"([\w-]+)\s*\((.*)\)")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chart is asked to look for.

    Parameters
    ----------
    rules : tuple of Rule
        Rules of points, in the order they were asked for.
    whole_stage : tuple of str
        Sets that judge a stage as a whole (``anhoej``).
    """

    rules: tuple[Rule, ...]
    whole_stage: tuple[str, ...] = ()


def rule_set(rules: Rules) -> tuple[Rule, ...]:
    """The rules of points in force; :func:`chosen` tells which tests of whole stages were asked for too.

    Examples
    --------
    >>> [r.id for r in rule_set("1,5")]
    ['nelson-1', 'nelson-5']
    >>> [r.words for r in rule_set("western-electric-4, nhs(run=6)")][:3:2]
    ['eight points in a row on one side of the centre', 'six points in a row on one side of the centre']
    """
    return chosen(rules).rules


def chosen(rules: Rules) -> Choice:
    """What is looked for.

    Parameters
    ----------
    rules : str, Path, int, or sequence of these
        The name of a set (``nelson``, ``western-electric``, ``aiag``, ``juran``, ``westgard``, ``nhs``, ``anhoej``),
        a variant of one (``nelson(run=8)``), a rule's id (``western-electric-4``), a number of the Nelson set, a path
        to a rule file (ending in ``.toml``), several of these, or ``none``. Text is parted at commas; a path with a
        comma is given as a Path.

    Raises
    ------
    SettingsError
        What is unknown or contradicts itself, with the way out.

    Examples
    --------
    >>> chosen("anhoej, nelson-1")
    Choice(rules=(Rule(id='nelson-1', pattern=Pattern(test='limits', window=1, zone=0.0, least=0),
           words='one point beyond 3 sigma'),), whole_stage=('anhoej',))
    """
    parts = _parts(rules)
    if parts == ["none"]:
        return Choice(())
    found: dict[str, Rule] = {}
    whole: list[str] = []
    for choice in map(_part, parts):
        whole += choice.whole_stage
        for rule in choice.rules:
            if found.setdefault(rule.id, rule) != rule:
                raise SettingsError(f"rules ask for {rule.id} twice, with different settings; leave one of them out.")
    return Choice(tuple(found.values()), tuple(dict.fromkeys(whole)))


def as_option(rules: Rules) -> str:
    """The rules as one option holds them, for the settings and the command of a result.

    No rules are written ``none``, as an option left out would stand for the default.

    Examples
    --------
    >>> as_option([1, "nhs-2"]), as_option(Path("plant.toml")), as_option(5), as_option(None)
    ('1,nhs-2', 'plant.toml', '5', 'none')
    """
    return ",".join(map(str, _parts(rules))) or "none"


def _parts(rules: Any) -> list[str | Path]:
    if rules is None:
        return []
    if isinstance(rules, Path):
        return [rules]
    if isinstance(rules, str):
        return [part.strip() for part in _PART.findall(rules) if part.strip()]
    given = rules if isinstance(rules, Sequence) else [rules]
    if not all(isinstance(r, str | Path | Integral) and not isinstance(r, bool) for r in given):
        raise SettingsError(f"rules must be a name, numbers or a path to a rule file, not {rules!r}.")
    return [r if isinstance(r, Path) else str(r).strip() for r in given]


def _part(part: str | Path) -> Choice:
    """What one name, number, id, variant or file asks for; a file is read each time."""
    return _from_file(part) if isinstance(part, Path) or part.endswith(".toml") else _named(part)


@cache
def _named(part: str) -> Choice:
    call = _CALL.fullmatch(part)
    if call is not None:
        known = RULE_SETS.get(call[1])
        if known is None:
            raise _unknown(call[1])
        return _whole_set(known, _lengths(known, call[2]))
    if part in RULE_SETS:
        return _whole_set(RULE_SETS[part], {})
    name, _, number = (f"nelson-{part}" if part.isdigit() else part).rpartition("-")
    held = RULE_SETS[name].rules() if name in RULE_SETS and number.isdecimal() else ()
    for rule in held:
        if rule.id == f"{name}-{number}":
            return Choice((rule,))
    if held:
        raise SettingsError(f"rules {part!r} is unknown: the set {name} has the rules 1 to {len(held)}.")
    raise _unknown(part)


def _whole_set(known: RuleSet, lengths: dict[str, int]) -> Choice:
    return Choice(known.rules(lengths), (known.name,) if known.whole_stage else ())


def _lengths(known: RuleSet, text: str) -> dict[str, int]:
    """``run=8, trend=6`` as lengths."""
    out: dict[str, int] = {}
    for part in (p.strip() for p in text.split(",")):
        setting, equals, value = (t.strip() for t in part.partition("="))
        if not part:
            continue
        if not equals or not (value.isascii() and value.isdigit()) or len(value) > 4:
            raise SettingsError(
                f"rules {known.name}({text}): {part!r} must be a setting and a number of points, such as run=8."
            )
        if out.setdefault(setting, int(value)) != int(value):
            raise SettingsError(f"rules {known.name}({text}) gives {setting} twice; leave one of them out.")
    return out


def _from_file(path: str | Path) -> Choice:
    own = read_rules(path)
    try:
        taken = chosen(own.include)
    except SettingsError as problem:
        raise SettingsError(f"{Path(path).name}, include: {problem}") from None
    return Choice((*taken.rules, *own.rules), taken.whole_stage)


def _unknown(part: str) -> SettingsError:
    if part == "none":
        return SettingsError("rules none stands alone; leave it out, or leave the others out.")
    near = difflib.get_close_matches(part.lower().replace("_", "-"), RULE_SETS, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}? Known" if near else "known"
    return SettingsError(
        f"rules {part!r} is unknown; {hint} are {', '.join(RULE_SETS)}, none, ids such as nelson-1, numbers from 1 to "
        "8 of the Nelson set, and rule files (.toml)."
    )
