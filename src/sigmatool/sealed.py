"""Records that a person signs: their content in one canonical form, its SHA-256, and fields read back one by one.

A change is found by anyone who computes the hash again; against someone who writes content and hash anew, hold the file
in version control.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from .errors import SettingsError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def moment(at: dt.datetime | None) -> dt.datetime:
    """When something is signed, in UTC; default now."""
    return (at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)


def stamp(at: dt.datetime | None) -> str:
    """The same as a record holds it: ISO 8601, to the second.

    Examples
    --------
    >>> stamp(dt.datetime(2026, 11, 26, 9, tzinfo=dt.timezone(dt.timedelta(hours=1))))
    '2026-11-26T08:00:00+00:00'
    """
    return moment(at).isoformat(timespec="seconds")


def told(record: DataclassInstance) -> dict[str, Any]:
    """A record as its file holds it: without what is None."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(record).items() if value is not None
    }  # fmt: skip


def digest(held: Mapping[str, Any]) -> str:
    """SHA-256 of everything but ``sha256`` itself, as canonical JSON.

    Examples
    --------
    >>> digest({"a": 1, "sha256": "x"}) == digest({"a": 1}), digest({"a": 1.0}) == digest({"a": 1})
    (True, False)
    """
    kept = {key: value for key, value in held.items() if key != "sha256"}
    whole = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(whole.encode()).hexdigest()


_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "float": (float, int), "float | None": (float, int, type(None)), "str": (str,), "str | None": (str, type(None)),
    "int": (int,), "int | None": (int, type(None)), "bool": (bool,), "bool | None": (bool, type(None)),
    "tuple[str, ...]": (list,), "tuple[int, ...]": (list,),
}  # fmt: skip


def values_of(kind: type[DataclassInstance], held: Any, place: str, noun: str = "entry") -> dict[str, Any]:
    """The fields of a record, each of its kind, for its constructor.

    Raises
    ------
    SettingsError
        A field is missing, unknown or of the wrong kind.
    """
    if not isinstance(held, dict):
        raise SettingsError(_wrong_field(place, noun, held))
    known = {f.name: str(f.type) for f in fields(kind)}
    for unknown in held.keys() - known.keys():
        raise SettingsError(_wrong_field(place, unknown, held[unknown]))
    values: dict[str, Any] = {}
    for name, wanted in known.items():
        value: Any = held.get(name)
        if not _fits(value, wanted):
            raise SettingsError(_wrong_field(place, name, value))
        whole = isinstance(value, int) and wanted.startswith("float")
        values[name] = tuple(value) if isinstance(value, list) else float(value) if whole else value
    return values


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, bool) or kind.startswith("bool"):
        return isinstance(value, _KINDS[kind]) and kind.startswith("bool")
    if isinstance(value, list):
        inside = int if kind == "tuple[int, ...]" else str
        return kind.startswith("tuple") and all(isinstance(v, inside) and not isinstance(v, bool) for v in value)
    return isinstance(value, _KINDS[kind]) and not (isinstance(value, float) and not math.isfinite(value))


def _wrong_field(place: str, field: str, value: object) -> str:
    """A field that is missing, unknown or of the wrong kind."""
    told = "is missing" if value is None else f"holds {str(value)[:60]!r}, which does not belong there"
    return f"{place}: {field} {told}; restore the file from your version control."
