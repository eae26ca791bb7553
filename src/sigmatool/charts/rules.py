"""The rules that turn a chart into signals: one row a rule, one tuple a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import SettingsError
from ..numbers.runs import NELSON, Pattern


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its id, the pattern it looks for, and its words."""

    id: str
    pattern: Pattern
    words: str


_NELSON_WORDS = (
    "one point beyond 3 sigma",
    "nine points in a row on one side of the centre",
    "six points in a row, all rising or all falling",
    "fourteen points in a row, up and down in turn",
    "two of three points beyond 2 sigma on one side",
    "four of five points beyond 1 sigma on one side",
    "fifteen points in a row within 1 sigma",
    "eight points in a row beyond 1 sigma, on both sides",
)

RULES = tuple(
    Rule(f"nelson-{i}", pattern, words)
    for i, (pattern, words) in enumerate(zip(NELSON, _NELSON_WORDS, strict=True), start=1)
)

SETS = {"nelson": RULES}


def rule_set(rules: str | Sequence[int] | None) -> tuple[Rule, ...]:
    """The rules in force.

    Examples
    --------
    >>> [r.id for r in rule_set("1,5")]
    ['nelson-1', 'nelson-5']
    """
    if rules is None or rules == "" or rules == "none":
        return ()
    if isinstance(rules, str) and rules in SETS:
        return SETS[rules]
    parts = [p.strip() for p in rules.split(",")] if isinstance(rules, str) else [str(r) for r in rules]
    by_number = {rule.id.rpartition("-")[2]: rule for rule in RULES} | {rule.id: rule for rule in RULES}
    unknown = [p for p in parts if p not in by_number]
    if unknown:
        known = ", ".join(SETS)
        raise SettingsError(
            f"rules {unknown[0]!r} is unknown: give {known}, none, or numbers from 1 to 8 such as 1,2,5."
        )
    return tuple(by_number[p] for p in dict.fromkeys(parts))
