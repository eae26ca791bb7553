"""Writing a control plan: plain text for people, with a line that explains each field."""

from __future__ import annotations

from typing import Any, Final

from . import plan_words as words
from .declared import inner_of, told_of
from .fields import SCHEMA, Plan

_COMMENT_AT: Final = 44
"""Column from which a comment stands behind a field."""


def control_plan_toml(plan: Plan, name: str = "control-plan.toml") -> str:
    """The plan as a ``.toml`` file holds it; ``name`` is how the heading calls the file.

    Examples
    --------
    >>> from sigmatool.control_plan.fields import Characteristic
    >>> text = control_plan_toml(Plan(plan="CP-7", characteristic=(Characteristic(name="waiting time"),)))
    >>> [line.split("  ")[0] for line in text.splitlines() if line.startswith(("plan", "name", "[["))]
    ['plan = "CP-7"', '[[characteristic]]', 'name = "waiting time"']
    """
    return declared_toml(plan, SCHEMA, words.HEADING.format(name=name))


def declared_toml(whole: Any, schema: str, heading: str) -> str:
    """A file of declared fields under its heading."""
    return "\n".join([heading, "", f'schema = "{schema}"', *_table(whole, "")]) + "\n"


def _table(table: Any, path: str) -> list[str]:
    """The plain fields, and then the tables within."""
    lines = []
    for name, told in told_of(type(table)).items():
        lines += _field(name, getattr(table, name), told.about)
    for name, one in inner_of(type(table)).items():
        inside = f"{path}.{name}" if path else name
        held = getattr(table, name)
        for item in held if one.several else [held]:
            header = f"[[{inside}]]" if one.several else f"[{inside}]"
            lines += ["", header, *_table(item, inside)]
    return lines


def _field(name: str, value: Any, about: str) -> list[str]:
    import tomli_w

    if value is None:
        return [f"{f'# {name} = ':<{_COMMENT_AT}}# {about}"]
    told = tomli_w.dumps({name: list(value) if isinstance(value, tuple) else value}).rstrip("\n")
    if "\n" in told or len(told) >= _COMMENT_AT:
        return [f"# {about}", told]
    return [f"{told:<{_COMMENT_AT}}# {about}"]
