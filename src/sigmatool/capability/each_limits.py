"""Frozen limits of many characteristics: a folder with one ledger each, named as the characteristic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..charts.limits_file import FrozenLimits, limits_of
from ..errors import SettingsError


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger by its path, and the limits in force."""

    path: str
    held: FrozenLimits


def ledgers_of(given: Any, names: Iterable[str], staged: bool) -> dict[str, Ledger]:
    """The ledger of each characteristic that has one, by its name, read and checked before anything is judged.

    Parameters
    ----------
    given : path or None
        A folder that holds ``NAME.toml``.
    names : iterable of str
        The characteristics.
    staged : bool
        Whether before and after are told apart.

    Raises
    ------
    DataError
        A ledger whose past was changed.
    SettingsError
        No folder, a folder without a ledger of any of them, limits of something else, or two stages.
    """
    if given is None:
        return {}
    if not isinstance(given, str | Path):
        raise SettingsError(f"limits must be a folder with one ledger a characteristic (NAME.toml), not {given!r}.")
    if staged:
        raise SettingsError(
            "frozen limits are those of one process, not of before and after: leave limits out, or judge the rows of "
            "one stage alone (exclude)."
        )
    folder = Path(given)
    if not folder.is_dir():
        raise SettingsError(
            f"limits {str(given)!r} is no folder: many characteristics need one ledger each, DIR/NAME.toml, named as "
            "their columns."
        )
    try:
        held = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".toml"}
    except OSError as problem:
        raise SettingsError(f"folder {str(given)!r} cannot be read: {problem.strerror}.") from None
    found = {name: _read(name, held[name]) for name in names if name in held}
    if not found:
        raise SettingsError(
            f"folder {str(given)!r} holds no ledger that is named as a characteristic, such as "
            f"{next(iter(names), 'NAME')}.toml."
        )
    return found


def _read(name: str, path: Path) -> Ledger:
    held = limits_of(path)
    assert held is not None
    if held.metric and held.metric != name:
        raise SettingsError(
            f"{held.name} holds the limits of {held.metric!r}, not of {name!r}: name each ledger as its characteristic."
        )
    return Ledger(str(path), held)
