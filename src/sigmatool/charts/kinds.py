"""What a chart kind is: how it summarises points, estimates its baseline and draws its panels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..numbers.dispersion import Subgroups

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Takes = Literal["measurements", "counts", "vectors"]
Judged = Literal["all", "runs", "order", "limits", "none"]


@dataclass(frozen=True)
class Sample:
    """Points as a kind sees them; NaN is a gap.

    ``values`` (n, m) for measurements, (n, m, p) for p variables at once; ``count`` and ``size`` (n,) for attributes;
    ``part`` (n,) names the product of each point of a short run, ``nominal`` (n,) its wanted value.
    """

    values: Floats | None = None
    count: Floats | None = None
    size: Floats | None = None
    part: NDArray[np.object_] | None = None
    nominal: Floats | None = None

    @cached_property
    def subgroups(self) -> Subgroups:
        """Statistics of each point's values, computed once."""
        if self.values is None:
            raise ValueError("this kind charts measurements, not counts")
        return Subgroups(self.values)

    def masked(self, keep: Bools) -> Sample:
        """The same points with all others turned into gaps."""
        if keep.all():
            return self

        def gaps(x: Floats | None) -> Floats | None:
            return None if x is None else np.where(keep.reshape(-1, *[1] * (x.ndim - 1)), x, np.nan)

        return replace(self, values=gaps(self.values), count=gaps(self.count), size=gaps(self.size))


@dataclass(frozen=True)
class Summary:
    """Per point: how many values, and the statistic that is judged.

    ``spread``: range or standard deviation within the point. ``own``: whether the point was itself used to estimate
    the baseline (Phase I). ``kept``: whether the rules may look at it; None for all. ``more``: further arrays of a
    kind, first axis the points.
    """

    n: Floats
    value: Floats
    spread: Floats | None = None
    own: Bools | None = None
    kept: Bools | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def part(self, here: slice) -> Summary:
        """The points of a stage."""
        return Summary(
            self.n[here],
            self.value[here],
            None if self.spread is None else self.spread[here],
            None if self.own is None else self.own[here],
            None if self.kept is None else self.kept[here],
            {name: values[here] for name, values in self.more.items()},
        )


@dataclass(frozen=True)
class Baseline:
    """Centre and sigma of a stage, frozen: all that its lines are drawn from.

    ``spread_center`` is the mean of the charted spread; it is the centre line for subgroups of ``common`` size.
    ``told``: further estimates worth telling (sigma between and within, the weight ...). ``more``: what only the kind
    itself understands.
    """

    center: float
    sigma: float
    method: str
    spread_center: float = np.nan
    common: int = 0
    told: Mapping[str, float] = field(default_factory=dict)
    more: Any = None
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class Scored:
    """A statistic on the scale on which it is judged, where that is not the drawn one."""

    value: Floats
    center: float
    sigma: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Drawing:
    """A panel of one stage: statistic, centre, limits and standard error of each point, (n,) each.

    NaN is no line. ``judged``: which rules make sense: all; those without zones (runs); of these not even runs on one
    side, where the centre does not halve the points (order); only points beyond limits; none. ``scored``: judged on
    another scale. ``since``: the point at which the movement behind a signal began (0-based in the stage).
    ``explain``: words that the sentence of a signal adds.
    """

    name: str
    value: Floats
    center: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    judged: Judged = "all"
    scored: Scored | None = None
    since: Ints | None = None
    explain: Callable[[int], str] | None = None
    counted: Bools | None = None
    """Points whose statistic the rules look at; None for all that are not excluded."""


@dataclass(frozen=True)
class Kind:
    """A chart kind.

    ``estimators``: names of sigma estimators, the default first. ``draw`` gets the baseline, the points of a stage, the
    width in sigma and what the points before left behind (None at the start of a stage), and gives the panels and
    what it leaves behind in turn: a series fed in pieces is drawn as the series in one piece.
    """

    name: str
    title: str
    takes: Takes
    estimators: tuple[str, ...]
    summarise: Callable[[Sample], Summary]
    estimate: Callable[[Sample, str], Baseline]
    draw: Callable[[Baseline, Summary, float, Any], tuple[tuple[Drawing, ...], Any]]
    grouped: bool | None = None
    """Needs subgroups (True), single values (False), or takes either (None)."""
    memory: bool = False
    """The statistic remembers the points before: an excluded point must not enter it, and stands as a gap."""
    percent: bool = False
    convention: str = ""
    """The documented choice where packages and textbooks disagree, printed with the result."""
    own_center: str = ""
    """Why a known centre has no place here ("has a centre of each part")."""
    own_sigma: str = ""
    """Why a known sigma has none."""
    center_inside: tuple[float, float] = (-np.inf, np.inf)
    """Where a known centre can lie, ends not included."""
    bound: str = ""
    """What the limits stand for, where they are not multiples of sigma."""
    known: Callable[[Baseline, float], Baseline] | None = None
    """How a known sigma enters; default: it replaces the estimate."""
    known_center: Callable[[Baseline, float], Baseline] | None = None
    """How a known centre enters, in the unit of the data; default: it replaces the estimate."""
    design: Any = None

    @property
    def counts(self) -> bool:
        return self.takes == "counts"


def flat(value: float, n: int) -> Floats:
    """One number at every point, without the memory of n."""
    line: Floats = np.ndarray((n,), dtype=np.float64, buffer=np.array([value], dtype=np.float64), strides=(0,))
    line.flags.writeable = False
    return line


def even(n: int, center: float, lower: float, upper: float, sigma: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Constant centre, limits and standard error at ``n`` points."""
    return flat(center, n), flat(lower, n), flat(upper, n), flat(sigma, n)


NONE = np.nan
"""No line."""
