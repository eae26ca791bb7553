"""What is wrong with a control plan, and what a draft says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..render.cells import plain_text

HEADING: Final = (
    "# Control plan. Edit it as text and keep it in version control; check it with:\n"
    "#   sigmatool control-plan check {name}\n"
    "# run it with:\n"
    "#   sigmatool monitor {name}"
)

CRITERIA_HEADING: Final = (
    "# Exit criteria of hypercare. Edit as text, keep in version control; check them with:\n#   sigmatool gate {name}"
)

KINDS: Final = {
    "text": "text in quotes",
    "texts": 'a list of texts, such as ["nelson-1", "nelson-2"]',
    "number": "a number",
    "flag": "true or false",
    "count": "a whole number from 1 on",
    "date": "a date without quotes, such as 2026-11-26",
    "duration": "a number with minutes, hours, days or weeks, such as 4 hours",
}


def at(name: str, line: int, field: str, what: str) -> str:
    """A fault with its file, line and field."""
    return plain_text(f"{name}, line {line}: {field} {what}.")


def wrong_kind(kind: str, value: Any) -> str:
    """A value of another kind."""
    return f"must be {KINDS[kind]}, not {shown(value)}"


def wrong_choice(allowed: Sequence[str], value: Any) -> str:
    """A value that is none of those allowed."""
    return f"must be one of {', '.join(filter(None, allowed))}, not {shown(value)}"


def unknown(near: Sequence[str], allowed: Sequence[str]) -> str:
    """A field that no plan has."""
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(allowed)}"
    return f"is not a field of a control plan; {hint.rstrip('?')}{'?' if near else ''}".rstrip("?")


def no_table(several: bool) -> str:
    """A value where a table belongs."""
    return "must be a table, written " + ("[[name]]" if several else "[name]")


def empty() -> str:
    """A field that the monitor cannot do without."""
    return "is empty, and the plan cannot run without it: fill it in"


def wrong_schema(schema: str, value: Any) -> str:
    """Another kind of file."""
    return f'must be "{schema}", not {shown(value)}'


def none_watched() -> str:
    """A plan without a characteristic."""
    return "is missing: a control plan watches at least one [[characteristic]]"


def twice(name: str) -> str:
    """Two of one name."""
    return f"{shown(name)} is given twice: give each a name of its own"


def needs(other: str) -> str:
    """A field that is empty without another."""
    return f"needs {other}: fill that in too"


def and_more(count: int) -> str:
    """There is more than one fault."""
    return f" {count} more: sigmatool control-plan check lists them." if count else ""


def sound(name: str, count: int, open_fields: Sequence[str]) -> str:
    """A plan that can run."""
    told = f"{name}: {count} {'characteristic' if count == 1 else 'characteristics'}, every field as it should be."
    return plain_text(told + (f" Still to be filled in: {', '.join(open_fields)}." if open_fields else ""))


def shown(value: Any) -> str:
    """A value as a message repeats it."""
    return "nothing" if value is None else repr(value)[:60]
