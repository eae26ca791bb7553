"""What a page lets its reader look through: thousands of rows with columns, filters, orders and small drawings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .figure import ENGLISH, Figure, Signs
from .numeral import Verbatim

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

HELD = 10_000
"""Rows that a page holds; of more, the first."""

SHOWN = 25
"""Rows of the table that stands where nothing can be looked through."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One number, word or yes and no a row.

    Parameters
    ----------
    name : str
    values : (n,) array
        Floats (NaN: none), whole numbers, bools, or texts.
    format : str
        Of numbers: ``",d"``, significant digits such as ``".4g"`` (``"#.3g"`` keeps zeros
        at the end), or ``"p"`` for a probability.
    low, high : (n,) array, optional
        The ends of the number's interval.
    before : Column, optional
        The same of the stretch before.
    shown : bool
        Stands in the table; the others in a row's detail only.
    about : str
        What it is, in a few words.
    """

    name: str
    values: NDArray[Any]
    format: str = ""
    low: Floats | None = None
    high: Floats | None = None
    before: Column | None = None
    shown: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """A named choice of rows."""

    name: str
    rows: Bools


@dataclass(frozen=True, slots=True)
class Order:
    """A named order: by a column's name, ascending, descending or by size whatever the sign; "" for the rows' own."""

    name: str
    column: str = ""
    way: Literal["up", "down", "size"] = "up"


@dataclass(frozen=True, slots=True, eq=False)
class Sketches:
    """A small drawing a row.

    Parameters
    ----------
    values : (n, w) array
        NaN where there is a gap, and beyond ``count``.
    count, before : (n,) arrays of int
        How many values a row has, and how many of them lie before the rollout (all: it has none).
    thinned : (n,) array of bool
        The values are the lowest and the highest of each stretch in turn.
    marked : (n, w) array of bool
        Values drawn as signals.
    center, lower, upper : (n, 2) arrays
        The lines before and after the rollout; NaN where there is none.
    format : str
        Of the lines.
    note : str
        What is told beneath a closer drawing.
    """

    values: NDArray[np.float32]
    count: NDArray[np.int64]
    before: NDArray[np.int64]
    thinned: Bools
    marked: Bools
    center: Floats
    lower: Floats
    upper: Floats
    format: str = ".6g"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """A map's axis: its name, its ends, a line across it with its words, and whether the ends leave rows out."""

    name: str
    ends: tuple[float, float]
    line: float | None = None
    line_name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """All rows as dots; those beyond the ends of an axis stand on its edge.

    Parameters
    ----------
    x, y : (n,) arrays
        NaN: no dot.
    signal : (n,) array of bool
        Dots of the second kind.
    from_x, from_y : arrays
        Of the first rows: where an arrow to the dot begins; NaN for none.
    across, up : Axis
    names : tuple of two str
        What the kinds of dots are called: the others first.
    tells : tuple of str
        Columns that a dot is told with.
    caption : str
    figure : Figure, optional
        The same for paper.
    """

    x: Floats
    y: Floats
    signal: Bools
    from_x: Floats
    from_y: Floats
    across: Axis
    up: Axis
    names: tuple[str, str]
    tells: tuple[str, ...]
    caption: str
    figure: Figure | None = None


_NONE = Verbatim("")


@dataclass(frozen=True, slots=True, eq=False)
class Explorer:
    """Rows to look through: a map, filters, orders, a search by name, a table page by page, and each row's detail.

    Parameters
    ----------
    caption : str
    noun : str
        What a row is, in the plural.
    names : (n,) array of texts
    columns : tuple of Column
    filters : tuple of Filter
    orders : tuple of Order
        The first is the rows' own.
    sketches : Sketches, optional
    map : Map, optional
    sentences : (n,) array of texts, optional
        What is said of a row first.
    command : str
        What a row's name is added to, for a command about this row alone; "" for none.
    command_label : str
    elsewhere : str
        Where all rows are, for readers of the first few.
    signs : Signs
        Of its numbers.
    """

    caption: str
    noun: str
    names: NDArray[np.object_]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    orders: tuple[Order, ...]
    sketches: Sketches | None = None
    map: Map | None = None
    sentences: NDArray[np.object_] | None = None
    command: Verbatim = _NONE
    command_label: str = ""
    elsewhere: str = ""
    signs: Signs = ENGLISH

    def __len__(self) -> int:
        return len(self.names)
