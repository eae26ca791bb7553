"""What is asked of each characteristic: a table of limits, read and checked row by row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..caveats import Caveat
from ..columns import column, frame_of, numbers
from ..data import Specification
from ..documents import read_toml
from ..errors import DataError, SettingsError, SigmatoolError
from ..origin import Choice, given
from ..sources import read_table
from . import caveat_words

if TYPE_CHECKING:
    import pandas as pd

NAME = "characteristic"
LIMITS = ("lsl", "usl", "target")


@dataclass(frozen=True)
class Specifications:
    """One specification a characteristic, in the order given.

    ``places`` says where each stands, for a refusal; ``source`` is the file, or empty.
    """

    held: Mapping[str, Specification]
    places: Mapping[str, str]
    source: str
    caveats: tuple[Caveat, ...] = ()

    def told(self) -> Choice:
        """What came from no file, as the command line takes it."""
        return given({name: {k: v for k, v in asdict(s).items() if v is not None} for name, s in self.held.items()})

    def of(self, frame: pd.DataFrame, value: Sequence[str], taken: Sequence[str]) -> dict[str, Specification]:
        """Those that are judged: of the columns ``value``, or all; a characteristic without a column is refused.

        Parameters
        ----------
        frame : DataFrame
        value : sequence of str
            Empty: all.
        taken : sequence of str
            Columns that order or part the rows, and so cannot be characteristics.
        """
        twice = next((name for i, name in enumerate(value) if name in value[:i]), None)
        if twice is not None:
            raise SettingsError(f"column {twice!r} is named twice in value: name each characteristic once.")
        for name in value:
            column(frame, name)
            if name not in self.held:
                known = ", ".join(repr(n) for n in list(self.held)[:8])
                raise SettingsError(
                    f"column {name!r} has no specification: add a row for it; there are rows for {known}."
                )
        wanted = {name: self.held[name] for name in (value or self.held)}
        for name in wanted:
            if name in taken:
                raise SettingsError(
                    f"{self.places[name]}: column {name!r} orders or parts the rows and is no characteristic; remove "
                    "that row."
                )
            try:
                column(frame, name)
            except DataError as problem:
                raise SettingsError(
                    f"{self.places[name]}: {str(problem).rstrip('.')}. Correct the name or remove the row."
                ) from None
        return wanted


def specifications_of(given: Any) -> Specifications:
    """Specifications from a table, a file or a mapping.

    Parameters
    ----------
    given : DataFrame, path or mapping
        Columns ``characteristic``, ``lsl``, ``usl``, ``target``; an empty cell is no limit. A file is a table, or
        ``.toml`` with one table a characteristic. A mapping goes from the characteristic to its limits.

    Raises
    ------
    SettingsError, DataError
        The row that contradicts itself, with the way out.

    Examples
    --------
    >>> found = specifications_of({"bore": {"lsl": 9.5, "usl": 10.5}, "runout": {"usl": 0.1}})
    >>> found.held["runout"]
    Specification(lsl=None, usl=0.1, target=None)
    """
    if isinstance(given, str | Path):
        if Path(given).suffix.lower() == ".toml":
            return _of_mapping(read_toml(given), str(given))
        given = read_table(given)
    if isinstance(given, Mapping):
        return _of_mapping(given, "")
    try:
        frame = frame_of(given)
        names = _names(frame)
    except DataError as problem:
        raise SettingsError(f"the specification cannot be read: {problem}") from None
    return _of_frame(frame, names)


def _names(frame: pd.DataFrame) -> dict[str, str]:
    """The columns that are read, by what they mean; capital letters do not matter."""
    found: dict[str, str] = {}
    for name in map(str, frame.columns):
        key = name.strip().lower()
        if key in (NAME, *LIMITS):
            if key in found:
                raise SettingsError(f"the specification has two columns for {key}: {found[key]!r} and {name!r}.")
            found[key] = name
    held = ", ".join(map(repr, list(map(str, frame.columns))[:8]))
    if NAME not in found:
        raise SettingsError(
            f"the specification has no column {NAME!r}; its columns are {held}. Needed are {NAME}, lsl or usl, and "
            "target where there is one."
        )
    if not {"lsl", "usl"} & set(found):
        raise SettingsError(f"the specification has neither a column 'lsl' nor 'usl'; its columns are {held}.")
    return found


def _of_frame(frame: pd.DataFrame, names: Mapping[str, str]) -> Specifications:
    source = str(frame.attrs.get("sigmatool", {}).get("source", ""))
    try:
        limits = {key: numbers(frame, names[key]).tolist() for key in LIMITS if key in names}
    except DataError as problem:
        raise SettingsError(f"the specification, {problem}") from None
    held: dict[str, Specification] = {}
    places: dict[str, str] = {}
    cells = column(frame, names[NAME])
    for i, (cell, empty) in enumerate(zip(cells.tolist(), cells.isna().tolist(), strict=True)):
        name, row = "" if empty else str(cell).strip(), f"row {i + 1} of the specification"
        if not name:
            raise SettingsError(f"{row} names no characteristic: fill in the name of its column, or remove the row.")
        if name in held:
            raise SettingsError(
                f"{row} is for {name!r}, and so is {places[name].partition(' (')[0]}: keep one of them."
            )
        places[name] = f"{row} ({name!r})"
        held[name] = _checked({key: values[i] for key, values in limits.items()}, places[name])
    other = [str(c) for c in frame.columns if str(c) not in names.values()]
    caveats = [Caveat(c["code"], c["text"]) for c in frame.attrs.get("sigmatool", {}).get("caveats", ())]
    if other:
        caveats.append(caveat_words.specification_columns(list(names.values()), other))
    return Specifications(held, places, source, tuple(caveats))


def _of_mapping(given: Mapping[Any, Any], source: str) -> Specifications:
    held: dict[str, Specification] = {}
    places: dict[str, str] = {}
    for key, limits in given.items():
        name, place = str(key), f"the specification of {str(key)!r}"
        if isinstance(limits, Specification):
            limits = {"lsl": limits.lsl, "usl": limits.usl, "target": limits.target}
        if not isinstance(limits, Mapping):
            raise SettingsError(f"{place} must give lsl, usl or both by name, such as lsl = 9.5, not {limits!r}.")
        unknown = next((k for k in limits if k not in LIMITS), None)
        if unknown is not None:
            raise SettingsError(f"{place} gives {unknown!r}; known are lsl, usl and target.")
        for limit, number in limits.items():
            if number is not None and (isinstance(number, bool | str) or not hasattr(number, "__float__")):
                raise SettingsError(f"{place}: {limit} must be a number, not {number!r}.")
        held[name], places[name] = _checked(limits, place), place
    if not held:
        raise SettingsError("the specification is empty: give limits for one characteristic or more.")
    return Specifications(held, places, source)


def _checked(limits: Mapping[str, Any], place: str) -> Specification:
    """A specification that can be met; NaN is no limit."""
    given = {key: None if value is None or math.isnan(value) else float(value) for key, value in limits.items()}
    if given.get("lsl") is None and given.get("usl") is None:
        raise SettingsError(f"{place} has no limit: give lsl, usl or both, or remove the row.")
    try:
        return Specification(**given)
    except SigmatoolError as problem:
        raise SettingsError(f"{place}: {problem}") from None
