"""Ratings of parts by appraisers, read and laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, SettingsError
from .study_table import Table, in_order, table, text_of

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rated:
    """Parts by appraisers by trials.

    Attributes
    ----------
    table : Table
    codes : (parts, appraisers, trials) array
        Categories from 0 in their order; -1 where there is no rating.
    standard : (parts,) array or None
    categories, parts, appraisers : tuple of str
    ordered : bool
        Whether the categories have an order.
    good : int or None
        The category that passes.
    """

    table: Table
    codes: Ints
    standard: Ints | None
    categories: tuple[str, ...]
    parts: tuple[str, ...]
    appraisers: tuple[str, ...]
    ordered: bool
    good: int | None

    @property
    def trials(self) -> int:
        return int(self.codes.shape[2])

    @property
    def wide(self) -> Ints:
        """Parts by all ratings of theirs, appraiser by appraiser."""
        return self.codes.reshape(len(self.parts), -1)


def rated(
    data: Any, value: str, part: str, operator: str, standard: str | None, order: Sequence[str] | str | None, good: Any
) -> Rated:
    """Read the table; empty ratings are missing, a part with two standards is refused."""
    held = table(data, [], [part, operator, *([standard] if standard else [])], [value])
    wanted = _order(order)
    named = [*held.names[value], *(held.names[standard] if standard else ())]
    categories = list(wanted) if wanted else in_order(named)
    if wanted:
        _known(held, value, wanted)
        if standard:
            _known(held, standard, wanted)
    if len(categories) > 50:
        raise DataError(
            f"column {value!r} holds {len(categories)} different ratings: that is a measurement rather than a "
            "category; "
            "take msa icc or msa gage-rr."
        )
    place = {c: i for i, c in enumerate(categories)}
    parts, appraisers = in_order(held.names[part]), in_order(held.names[operator])
    codes = _laid_out(held, value, part, operator, parts, appraisers, place)
    truth = None if standard is None else _standards(held, part, standard, parts, place)
    passing = None
    if good is not None:
        text = text_of(good)
        if text not in place:
            raise SettingsError(f"good is {text!r}, which is none of the categories {', '.join(categories[:12])}.")
        if standard is None:
            raise SettingsError("good needs a standard: name its column.")
        passing = place[text]
    return Rated(
        held, codes, truth, tuple(categories), tuple(parts), tuple(appraisers), wanted is not None, passing
    )  # fmt: skip


def _order(order: Sequence[str] | str | None) -> list[str] | None:
    if order is None:
        return None
    held = [text_of(o) for o in (order.split(",") if isinstance(order, str) else order)]
    if len(held) < 2 or len(set(held)) < len(held) or "" in held:
        raise SettingsError(f"order must name two or more different categories, lowest first, not {order!r}.")
    return held


def _known(held: Table, name: str, order: list[str]) -> None:
    for row, text in zip(held.row, held.names[name], strict=True):
        if text not in order:
            raise DataError(
                f"column {name!r} is {text!r} in row {row}, which order ({', '.join(order)}) does not name: add it or "
                "correct the cell."
            )


def _laid_out(
    held: Table, value: str, part: str, operator: str, parts: list[str], appraisers: list[str], place: dict[str, int]
) -> Ints:
    at = {n: i for i, n in enumerate(parts)}, {n: i for i, n in enumerate(appraisers)}
    cells: dict[tuple[int, int], list[int]] = {}
    for text, p, o in zip(held.names[value], held.names[part], held.names[operator], strict=True):
        cells.setdefault((at[0][p], at[1][o]), []).append(place[text])
    most = max(len(c) for c in cells.values())
    if len(parts) < 2:
        raise DataError(
            f"column {part!r} names {len(parts)} part: agreement needs at least 2, and 30 or more are usual."
        )
    codes = np.full((len(parts), len(appraisers), most), -1, dtype=np.int64)
    for (i, j), found in cells.items():
        codes[i, j, : len(found)] = found
    return codes


def _standards(held: Table, part: str, standard: str, parts: list[str], place: dict[str, int]) -> Ints:
    known: dict[str, str] = {}
    for row, p, text in zip(held.row, held.names[part], held.names[standard], strict=True):
        if known.setdefault(p, text) != text:
            raise DataError(
                f"part {p!r} is {known[p]!r} and, in row {row}, {text!r} by column {standard!r}: a part has one "
                "standard."
            )
    return np.array([place[known[p]] for p in parts], dtype=np.int64)
