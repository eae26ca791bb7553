"""What a chart looks like, in plain marks with roles; renderers know marks, never methods.

A :class:`Figure` is one or more panels over a common x axis, a :class:`Sheet` several figures on one page. Marks
carry a role (``data``, ``center``, ``limit``, ``zone``, ``specification``, ``target``, ``signal``, ``excluded``,
``stage``, ``rollout``, ``event``, ``washout``, ``control``, ``count`` and ``outside`` for the bars of a histogram,
``mean``, ``within``, ``overall``, ``fit``, ``band``, ``before``, ``after``, ``note``), never a colour, a width or a
tick. Words come with shorter ones, best first; a renderer shows the longest that there is room for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
AxisKind: TypeAlias = Literal["number", "time", "order"]
Size: TypeAlias = Literal["wide", "half", "narrow"]


@dataclass(frozen=True, slots=True)
class Line:
    """A polyline; NaN in ``y`` is a gap. ``step=True`` draws a staircase centred on each x (varying limits).

    The label of a line that reaches the last x stands at the right edge, that of another one on the line.
    """

    x: Floats
    y: Floats
    role: str
    label: str = ""
    step: bool = False
    shorter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """Separate points. ``text`` (one per point) is told on hover and to screen readers; ``tags`` (one per
    point, e.g. the number of the rule that fired) are drawn beside the point where there is room: those of signals
    by the lowest number, those of other roles (names) in the order given. ``groups`` (one tuple per point) names what
    each belongs to, e.g. its stage and its rules; a reader may pick one of them out."""

    x: Floats
    y: Floats
    role: str
    text: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    label: str = ""
    groups: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A vertical band from ``x0`` to ``x1`` over the whole height of the panel, e.g. the wash-out."""

    x0: float
    x1: float
    role: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line across the panel: ``at`` on the x axis (``axis="x"``: vertical) or the y axis.

    ``text`` is told on hover. Rules of the role ``event`` are thin, and named by letters where their words do not fit.
    """

    at: float
    axis: Literal["x", "y"]
    role: str
    label: str = ""
    shorter: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A dot with its interval, horizontal when ``axis == "x"``: estimate, low, high at ``position``."""

    estimate: float
    low: float
    high: float
    position: float
    role: str
    label: str = ""
    axis: Literal["x", "y"] = "x"


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from zero to ``y``, ``width`` wide about each ``x``: a histogram, a posterior."""

    x: Floats
    y: Floats
    width: float
    role: str
    label: str = ""
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place in data coordinates, e.g. the name of a stage ("before: 9.9 %")."""

    x: float
    y: float
    text: str
    role: str
    anchor: Literal["start", "middle", "end"] = "middle"
    at_top: bool = False
    """Place the words above the top edge of the panel, whatever ``y`` says."""
    between: tuple[float, float] | None = None
    """Places on the x axis that the words must not cross, e.g. the ends of the stage; shortened to fit."""
    shorter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one place to another, e.g. from before to after; ``label`` is told on hover."""

    x0: float
    y0: float
    x1: float
    y1: float
    role: str
    label: str = ""


Mark: TypeAlias = Line | Points | Span | Rule | Interval | Bars | Label | Arrow


@dataclass(frozen=True, slots=True)
class Panel:
    """Marks over one y axis. ``weight`` is its share of the height."""

    marks: tuple[Mark, ...]
    y_label: str
    weight: float = 1.0
    percent: bool = False
    """Write the y ticks as percentages (0.1 as 10 %)."""
    categories: tuple[str, ...] = ()
    """Names of the y positions 0, 1, 2, ... (a forest of intervals) in place of numbers."""
    y_ticks: tuple[tuple[float, str], ...] = ()
    """Places with their names in place of round numbers (a probability scale), the most important first: those that
    would touch one before them are left out."""
    y_reach: tuple[float, ...] = ()
    """Values that the y axis reaches whatever the marks: panels that are compared share their height."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The decimal sign and the one between thousands."""

    decimal: str = "."
    group: str = ","

    def put(self, text: str) -> str:
        """A number told with a point and commas, with these signs instead.

        Examples
        --------
        >>> Signs(",", ".").put("1,234.5")
        '1.234,5'
        """
        return "".join({".": self.decimal, ",": self.group}.get(char, char) for char in text)


ENGLISH = Signs()


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels over one x axis.

    Parameters
    ----------
    panels : tuple of Panel
    x_label : str
    x_kind : {"number", "time", "order"}
        ``time``: x is in days since 1970-01-01 (a float; fractions are hours). ``order``: x is 1, 2, ..., n.
    x_names : sequence of str
        Names of the places 1, 2, ..., n of an ``order`` axis, in place of their numbers. Only those that are drawn
        are looked up.
    alt : str
        What the picture shows, in one or two sentences, for those who cannot see it.
    title : str
    legend : bool
        Tell the roles apart in a legend line beneath.
    size : {"wide", "half", "narrow"}
        ``half`` stands beside another figure, ``narrow`` in a column of text.
    signs : Signs
        Of the numbers on the axes.
    """

    panels: tuple[Panel, ...]
    x_label: str
    alt: str
    x_kind: AxisKind = "number"
    title: str = ""
    legend: bool = True
    size: Size = "wide"
    x_names: Sequence[str] = ()
    signs: Signs = ENGLISH


@dataclass(frozen=True, slots=True)
class Sheet:
    """Several figures on one page, row by row; on a narrow screen one beneath another.

    Parameters
    ----------
    figures : tuple of Figure
        Each is drawn as wide as its column, whatever its size says; its title stands above it.
    columns : int
    title : str
    alt : str
        What the sheet shows, in one or two sentences; every figure has words of its own beside it.
    """

    figures: tuple[Figure, ...]
    columns: int
    title: str
    alt: str


Picture: TypeAlias = Figure | Sheet
