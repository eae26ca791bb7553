"""Does a number agree with its reference? What was compared is counted, and what was not is a failure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cases import Case

Floats = NDArray[np.float64]


ROUNDING = 1e-14
"""Below it a number of a record is rounding and no number."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a case expects under a key, and what was got."""

    key: str
    expected: str
    got: str


def as_numbers(values: Any) -> Floats:
    """Numbers in flat order; null is missing.

    Examples
    --------
    >>> as_numbers([[1, None], [True, 2.5]])
    array([1. , nan, 1. , 2.5])
    """
    flat = np.ravel(np.array(values, dtype=object))
    return np.array([np.nan if v is None else float(v) for v in flat], dtype=np.float64)


def as_points(values: Any) -> set[int]:
    """Point numbers as a set; a single one may stand alone."""
    return {int(v) for v in np.atleast_1d(np.asarray(values, dtype=np.float64))}


def as_rows(rows: Iterable[Iterable[float | None]]) -> Floats:
    """Rows of values as a table; shorter rows end in gaps.

    Examples
    --------
    >>> as_rows([[1, 2], [3]])
    array([[ 1.,  2.],
           [ 3., nan]])
    """
    held = [as_numbers(list(row)) for row in rows]
    width = max(row.size for row in held)
    return np.array([np.pad(row, (0, width - row.size), constant_values=np.nan) for row in held])


def leaves(expected: Mapping[str, Any], before: str = "") -> list[str]:
    """Every key under which something is expected, inner ones as ``outer/inner``."""
    out: list[str] = []
    for key, value in expected.items():
        out += leaves(value, f"{before}{key}/") if isinstance(value, Mapping) else [f"{before}{key}"]
    return out


class Comparison:
    """A case while it is checked: what agreed, what did not, and what nobody asked about.

    Parameters
    ----------
    case : Case
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.failures: list[Failure] = []
        self.relative_error = 0.0
        self.tolerance_used = 0.0
        self._counts: dict[str, int] = {}

    @property
    def compared(self) -> int:
        """Expected numbers that were compared; an empty list of points counts as one statement."""
        return sum(self._counts.values())

    def wanted(self, key: str) -> Any:
        """What the case expects under ``outer/inner``."""
        found: Any = self.case.expected
        for part in key.split("/"):
            found = found[part]
        return found

    def column(self, name: str) -> Floats:
        """A series of the case's data; null is a gap."""
        return as_numbers(self.case.data[name])

    def numbers(self, key: str, got: ArrayLike) -> None:
        """Compare numbers, place by place; one expected number stands for a whole constant line."""
        wanted, values = as_numbers(self.wanted(key)), np.ravel(np.asarray(got, dtype=np.float64))
        self._counts[key] = max(self._counts.get(key, 0), wanted.size)
        if wanted.size == 1 and values.size > 1:
            wanted = np.full(values.size, wanted[0])
        if wanted.size != values.size:
            self.failures.append(Failure(key, f"{wanted.size} values", f"{values.size} values"))
            return
        self._judge(key, wanted, values, many=as_numbers(self.wanted(key)).size > 1)

    def records(self, key: str, got: Sequence[Mapping[str, float]]) -> None:
        """Compare rows of named numbers; what a row of the case lacks a number for is not compared.

        A number that is 0 but for the rounding of the source's arithmetic counts as 0.
        """
        rows = self.wanted(key)
        self._counts[key] = 0
        if len(rows) != len(got):
            self.failures.append(Failure(key, f"{len(rows)} rows", f"{len(got)} rows"))
            return
        for row, mine in zip(rows, got, strict=True):
            known = [name for name in mine if row[name] is not None]
            wanted, values = (as_numbers([held[name] for name in known]) for held in (row, mine))
            self._counts[key] += wanted.size
            wanted, values = (np.where(np.abs(v) < ROUNDING, 0.0, v) for v in (wanted, values))
            self._judge(key, wanted, values, many=True)

    def points(self, key: str, got: Iterable[int]) -> None:
        """Compare point numbers (from 1) as sets."""
        wanted, found = as_points(self.wanted(key)), set(got)
        self._counts[key] = max(len(wanted), 1)
        if wanted != found:
            self.failures.append(Failure(key, f"points {sorted(wanted)}", f"points {sorted(found)}"))

    def text(self, key: str, numbers: Iterable[float], told: Iterable[float]) -> None:
        """Compare the numbers that a sentence of the case tells with those in force."""
        wanted, found = list(told), list(numbers)
        self._counts[key] = len(wanted)
        if not wanted or wanted != found:
            self.failures.append(Failure(key, f"{wanted} in words", f"{found}"))

    def beside(self, key: str) -> None:
        """Words without a number, or a copy of the case's data: nothing to compare."""
        self._counts[key] = 0

    def close(self) -> None:
        """Nothing that the case expects may have been passed over."""
        for key in leaves(self.case.expected):
            if key not in self._counts:
                self.failures.append(Failure(key, "a comparison", "no check compares it"))
        if not self.compared and not self.failures:
            self.failures.append(Failure(self.case.id, "numbers", "the case expects none"))

    def _judge(self, key: str, wanted: Floats, values: Floats, many: bool) -> None:
        missing = np.isnan(wanted)
        with np.errstate(invalid="ignore", divide="ignore"):
            off = np.where(values == wanted, 0.0, np.abs(values - wanted))
            # no finite number is near an infinite one
            allowed = np.where(np.isinf(wanted), 0.0, self.case.atol + self.case.rtol * np.abs(wanted))
            wrong = np.where(missing, ~np.isnan(values), ~(off <= allowed))
            relative = np.where(missing | (wanted == 0) | (off == 0), 0.0, off / np.abs(wanted))
            used = np.where(missing | (off == 0), 0.0, off / allowed)
        self.relative_error = float(max(self.relative_error, np.nanmax(relative, initial=0.0)))
        self.tolerance_used = float(max(self.tolerance_used, np.nanmax(used, initial=0.0)))
        for at in np.flatnonzero(wrong)[: 3 if many else 1]:
            place = f"{key}[{at + 1}]" if many else key
            self.failures.append(Failure(place, f"{wanted[at]:.15g}", f"{values[at]:.15g}"))
