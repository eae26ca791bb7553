"""Settings and saved results as files hold them: TOML and JSON, read with every doubt refused.

Nothing in a file is evaluated; what two readers could take in two ways is no document.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from .errors import DataError, SettingsError

LARGEST = 1_000_000
"""Bytes; a larger file holds no settings, and no query."""


def read_toml(path: str | Path) -> dict[str, Any]:
    """Read a TOML file of settings.

    Raises
    ------
    SettingsError
        The file is missing, too large, or not TOML (with the line).
    """
    file = Path(path)
    if not file.exists() or file.is_dir():
        what = "is a folder, not a file" if file.is_dir() else "does not exist"
        raise SettingsError(f"the settings file {file} {what}; check the path.")
    if file.stat().st_size > LARGEST:
        raise SettingsError(f"{file.name} is larger than a megabyte, which is more than any settings need.")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SettingsError(f"cannot read the settings file {file}: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file.name} is not text in UTF-8; save it again as UTF-8.") from None
    except (ValueError, RecursionError) as problem:
        raise SettingsError(f"{file.name} is not valid TOML: {first_line(problem)}.") from None


def read_json(data: bytes, name: str) -> dict[str, Any]:
    """A saved result: JSON whose every key stands once and whose numbers are finite.

    Raises
    ------
    DataError
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held = dict(pairs)
        if len(held) < len(pairs):
            twice = next(key for key, _ in pairs if [k for k, _ in pairs].count(key) > 1)
            raise DataError(f"{name} holds the key {twice!r} twice in one place: readers would not agree on it.")
        return held

    def refuse(text: str) -> Any:
        raise DataError(f"{name} holds {text}, which is no number of JSON.")

    try:
        tree = json.loads(data.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=refuse)
    except DataError:
        raise
    except (ValueError, RecursionError) as problem:
        raise DataError(f"{name} is not JSON: {str(problem).splitlines()[0]}.") from None
    if not isinstance(tree, dict):
        raise DataError(f"{name} is JSON, but no report: it is a {type(tree).__name__}.")
    return tree


def first_line(problem: Exception) -> str:
    """What a reader complained of, in one line."""
    text = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
    return text.replace("Error tokenizing data. C error: ", "").rstrip(".")
