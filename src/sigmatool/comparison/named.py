"""Groups by the names in a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..data import Counts, Measurements, column
from ..errors import DataError
from . import caveat_words

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]

MOST_GROUPS = 40
"""More groups than a reader can compare by pairs: 780 of them."""

EXACT = 2.0**53
"""Whole numbers above it are rounded when they become floats."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A column as codes (n,) of its different texts, which stand in the order in which they appear; -1 is empty."""

    code: Ints
    texts: tuple[str, ...]

    @classmethod
    def of(cls, series: pd.Series) -> Cells:
        """Read a column; cells of blanks are empty, and 1.0 is the same name as 1."""
        import pandas as pd

        raw, seen = pd.factorize(series, sort=False)
        named = [_text(v) for v in seen]
        texts = tuple(dict.fromkeys(t for t in named if t))
        place = {text: i for i, text in enumerate(texts)}
        of_raw = np.array([*(place.get(t, -1) for t in named), -1], dtype=np.int64)
        return cls(of_raw[raw], texts)


def _text(cell: Any) -> str:
    """The name of a group as people write it: a whole number without its point."""
    if isinstance(cell, float | np.floating):
        value = float(cell)
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else str(value)
    return str(cell).strip()


def named_groups(
    frame: pd.DataFrame, name: str, points: Measurements | Counts, caveats: list[Caveat]
) -> tuple[list[str], Ints]:
    """Names of the groups of a column, and of which of them each point is (-1: of none).

    The names stand in the order of their categories, or in which they first appear in the table.
    """
    series = column(frame, name)
    cells = Cells.of(series)
    if len(cells.texts) > MOST_GROUPS:
        raise DataError(
            f"column {name!r} holds {len(cells.texts)} different values and compare takes at most {MOST_GROUPS} "
            "groups: merge them or leave some out; for many streams of their own take review-each."
        )
    if (cells.code < 0).any():
        missing = cells.code < 0
        caveats.append(caveat_words.group_missing(int(missing.sum()), name, int(np.argmax(missing)) + 1))
    order = list(cells.texts)
    categories = getattr(series.dtype, "categories", None)
    if categories is not None:
        order = [text for text in map(_text, categories) if text in cells.texts]
    place = np.array([*(order.index(text) for text in cells.texts), -1], dtype=np.int64)
    kept = place[cells.code][points.order.kept]
    group_of = np.full(points.n, -1, dtype=np.int64)
    group_of[points.order.point[::-1]] = kept[::-1]
    mixed = kept != group_of[points.order.point]
    if mixed.any():
        row = int(points.order.kept[int(np.argmax(mixed))]) + 1
        raise DataError(
            f"row {row} is of another {name} than the rest of its subgroup: a subgroup belongs to one group; correct "
            "it, or name another subgroup."
        )
    return order, group_of
