"""What a gage study was asked for, and its table: checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..data import column, fingerprint, frame_of, numbers
from ..errors import DataError, SettingsError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Method: TypeAlias = Literal["auto", "anova", "xbar-r", "reml"]

METHODS: Final = ("auto", "anova", "xbar-r", "reml")
DESIGNS: Final = ("auto", "crossed", "nested")


@dataclass(frozen=True, slots=True)
class Asked:
    """Settings, checked.

    Attributes
    ----------
    tolerance, lsl, usl : float or None
    design, method : str
    alpha, multiplier, confidence : float
    """

    tolerance: float | None
    lsl: float | None
    usl: float | None
    design: str
    method: str
    alpha: float
    multiplier: float
    confidence: float


@dataclass(frozen=True)
class Factor:
    """A column of names: the level of each value, from 0, and how levels are called."""

    name: str
    level: Ints
    names: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """The table of a study: values with the part and the operator of each, in the order of the rows.

    Attributes
    ----------
    row : (n,) int array
        Rows of the table, from 1.
    random, fixed : tuple of Factor
        Further factors.
    """

    name: str
    values: Floats
    row: Ints
    part: Factor
    operator: Factor
    random: tuple[Factor, ...]
    fixed: tuple[Factor, ...]
    rows: Rows
    caveats: tuple[Caveat, ...]
    sha256: str
    source: str
    file_sha256: str | None


def asked(
    tolerance: Any, lsl: Any, usl: Any, design: str, method: str, alpha: Any, multiplier: Any, confidence: Any
) -> Asked:
    """Check the settings against each other."""
    if design not in DESIGNS:
        raise SettingsError(f"design must be one of {', '.join(DESIGNS)}, not {design!r}.")
    if method not in METHODS:
        raise SettingsError(f"method must be one of {', '.join(METHODS)}, not {method!r}.")
    width, low, high = _number("tolerance", tolerance), _number("lsl", lsl), _number("usl", usl)
    if width is not None and (low is not None or high is not None):
        raise SettingsError("give the tolerance by its width or by its limits (lsl, usl), not by both.")
    if width is not None and width <= 0:
        raise SettingsError(f"tolerance is the distance between both limits and above 0, not {width:g}.")
    if low is not None and high is not None and low >= high:
        raise SettingsError(f"lsl ({low:g}) must lie below usl ({high:g}).")
    share, times, level = _needed("alpha", alpha), _needed("multiplier", multiplier), _needed("confidence", confidence)
    if not 0 <= share <= 1:
        raise SettingsError(f"alpha must lie between 0 (always pool) and 1 (never pool), not {share:g}.")
    if not 0 < times <= 20:
        raise SettingsError(f"multiplier must be a number of standard deviations such as 6 or 5.15, not {times:g}.")
    if not 0.5 <= level < 1:
        raise SettingsError(f"confidence must be at least 0.5 and below 1, such as 0.95, not {level:g}.")
    return Asked(width, low, high, design, method, share, times, level)


def _number(name: str, given: Any) -> float | None:
    return None if given is None else _needed(name, given)


def _needed(name: str, given: Any) -> float:
    if isinstance(given, bool | str) or not np.isscalar(given) or not np.isfinite(given):
        raise SettingsError(f"{name} must be a number, not {given!r}.")
    return float(given)  # type: ignore[arg-type]


def measured(data: Any, value: str, part: str, operator: str, random: Sequence[str], fixed: Sequence[str]) -> Measured:
    """Read the table; an empty value is missing, an empty name is refused."""
    if isinstance(random, str) or isinstance(fixed, str):
        raise SettingsError("factors and fixed are lists of columns, such as factors=['machine'].")
    columns = [value, part, operator, *random, *fixed]
    twice = next((c for i, c in enumerate(columns) if c in columns[:i]), None)
    if twice is not None:
        raise SettingsError(f"column {twice!r} is named twice: value, part, operator, factors are different columns.")
    frame = frame_of(data)
    raw = numbers(frame, value)
    kept = np.isfinite(raw)
    if not kept.any():
        raise DataError(f"column {value!r} holds no value at all; every cell is empty.")
    values = raw[kept]
    texts = [_texts(frame, name, kept) for name in columns[1:]]
    factors = [_factor(name, text) for name, text in zip(columns[1:], texts, strict=True)]
    held = frame.attrs.get("sigmatool", {})
    lost = int((~kept).sum())
    return Measured(
        value, values, np.flatnonzero(kept) + 1, factors[0], factors[1], tuple(factors[2 : 2 + len(random)]),
        tuple(factors[2 + len(random) :]), Rows(len(frame), int(kept.sum()), lost),
        tuple(Caveat(c["code"], c["text"]) for c in held.get("caveats", ())),
        fingerprint(columns, [values], ["\x1e".join(names) for names in zip(*texts, strict=True)]),
        held.get("source", ""), held.get("file_sha256"),
    )  # fmt: skip


def _texts(frame: Any, name: str, kept: NDArray[np.bool_]) -> list[str]:
    series = column(frame, name)
    out: list[str] = []
    for row, (cell, wanted) in enumerate(zip(series.tolist(), kept.tolist(), strict=True), start=1):
        if not wanted:
            continue
        text = "" if cell is None or cell != cell else _text(cell)
        if not text:
            raise DataError(
                f"column {name!r} is empty in row {row}, where there is a value: name it, or leave the value empty too."
            )
        out.append(text)
    return out


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _factor(name: str, texts: list[str]) -> Factor:
    """Levels in the order of their first row, numbers by size."""
    names = list(dict.fromkeys(texts))
    if all(n.removeprefix("-").isdecimal() for n in names):
        names.sort(key=int)
    place = {n: i for i, n in enumerate(names)}
    return Factor(name, np.array([place[t] for t in texts], dtype=np.int64), tuple(names))
