"""Which points complete a pattern that chance rarely makes? One small language for every rule of every rule set.

All work on the last axis, leading axes are a batch; NaN breaks every window that holds it; all comparisons are
strict, so a point on a line never counts as beyond it: nor does one whose distance is no more than rounding makes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Test = Literal["limits", "beyond", "trend", "alternating", "within", "outside", "opposite"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a rule looks for.

    Parameters
    ----------
    test : str
        ``limits``: a point beyond the drawn limits. ``beyond``: at least ``least`` of ``window`` points beyond ``zone``
        sigma on the same side (zone 0: on one side of the centre). ``trend``: ``window`` points all rising or all
        falling. ``alternating``: ``window`` points up and down in turn. ``within``: ``window`` points within ``zone``
        sigma. ``outside``: ``window`` points beyond ``zone`` sigma, on both sides. ``opposite``: two points in a row
        beyond ``zone`` sigma on opposite sides.
    window : int
        Points looked at, the last of which completes the pattern.
    zone : float
        In sigma of the charted statistic.
    least : int
        For ``beyond``; 0 stands for all of the window. The last point need not be one of them.

    Notes
    -----
    Nelson (1984), Journal of Quality Technology 16, 237-239: a point on the centre breaks a run on one side, a tie
    breaks a trend and an alternation; ``outside`` asks for points on both sides, as Nelson's text does.
    """

    test: Test
    window: int = 1
    zone: float = 0.0
    least: int = 0

    def __post_init__(self) -> None:
        shortest = {"trend": 2, "alternating": 3, "opposite": 2}.get(self.test, 1)
        if self.window < shortest or (self.test in ("limits", "opposite") and self.window != shortest):
            raise ValueError(f"a pattern {self.test!r} cannot look at {self.window} points")
        if not 0 <= self.least <= self.window:
            raise ValueError(f"{self.least} of {self.window} points cannot be asked for")

    @property
    def needed(self) -> int:
        """How many of the window must qualify."""
        return self.least or self.window


EDGE = 1e-9
"""Sigma within which a point lies on a line: the last bit of a mean must not decide the side of a plateau."""

NELSON = (
    Pattern("limits"),
    Pattern("beyond", 9),
    Pattern("trend", 6),
    Pattern("alternating", 14),
    Pattern("beyond", 3, 2.0, 2),
    Pattern("beyond", 5, 1.0, 4),
    Pattern("within", 15, 1.0),
    Pattern("outside", 8, 1.0),
)
"""The eight tests of Nelson (1984)."""


def run_of(marks: Bools, window: int) -> Bools:
    """Whether the last ``window`` points are all marked, at each point.

    Examples
    --------
    >>> run_of(np.array([True, True, True, False, True]), 2)
    array([False,  True,  True, False, False])
    """
    n = marks.shape[-1]
    out = np.zeros(marks.shape, dtype=bool)
    if n < window:
        return out
    found, have = marks, 1
    while have < window:
        step = min(have, window - have)
        found, have = found[..., step:] & found[..., :-step], have + step
    out[..., window - 1 :] = found
    return out


def _at_least(marks: Bools, window: int, least: int) -> Bools:
    """Whether ``least`` of the last ``window`` points are marked; False where the window is not yet full."""
    if least == window:
        return run_of(marks, window)
    n = marks.shape[-1]
    out = np.zeros(marks.shape, dtype=bool)
    if n < window:
        return out
    each = marks.view(np.uint8)
    total = each[..., : n - window + 1].copy()
    for shift in range(1, window):
        total += each[..., shift : n - window + 1 + shift]
    np.greater_equal(total, least, out=out[..., window - 1 :])
    return out


class _Marks:
    """Comparisons of a series with its lines, each made once.

    Distances from the centre are compared, which a large level costs no digits.
    """

    def __init__(self, x: Floats, center: Floats | float, sigma: Floats | float) -> None:
        self.x, self.center = x, center
        self.off = x if isinstance(center, float) and center == 0 else x - center
        if isinstance(sigma, float):
            self.sigma: Floats | float = sigma if sigma > 0 else np.nan
            self.edge: Floats | float = EDGE * sigma if sigma > 0 else 0.0
        else:
            self.sigma = np.where(sigma > 0, sigma, np.nan)
            self.edge = np.where(sigma > 0, EDGE * sigma, 0.0)
        self._kept: dict[tuple[str, float], Bools] = {}

    @cached_property
    def whole(self) -> bool:
        """Whether no point is missing."""
        return bool(np.isfinite(self.x).all())

    def _once(self, key: tuple[str, float], make: Callable[[], Bools]) -> Bools:
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
        return found

    def _line(self, zone: float) -> Floats | float:
        return 0.0 if zone == 0 else zone * self.sigma

    def above(self, zone: float) -> Bools:
        return self._once(("above", zone), lambda: np.asarray(self.off > self._line(zone) + self.edge))

    def below(self, zone: float) -> Bools:
        return self._once(("below", zone), lambda: np.asarray(self.off < -(self._line(zone) + self.edge)))

    def within(self, zone: float) -> Bools:
        line = self._line(zone) - self.edge
        return np.asarray((self.off < line) & (self.off > -line))

    def past(self, lower: Floats | float | None, upper: Floats | float | None) -> Bools:
        """Beyond the drawn limits; three sigma about the centre where none are given."""
        if lower is None and upper is None:
            return self.above(3.0) | self.below(3.0)
        high, low = (np.nan if line is None else line for line in (upper, lower))
        return np.asarray((self.x > high + self.edge) | (self.x < low - self.edge))

    def rises(self) -> Bools:
        return self._once(("rises", 0.0), lambda: self._step(np.greater))

    def falls(self) -> Bools:
        return self._once(("falls", 0.0), lambda: self._step(np.less))

    def _step(self, compare: np.ufunc) -> Bools:
        out = np.zeros(self.x.shape, dtype=bool)
        compare(self.x[..., 1:], self.x[..., :-1], out=out[..., 1:])
        return out


def _before(marks: Bools) -> Bools:
    """The mark of the point before each."""
    out = np.zeros_like(marks)
    out[..., 1:] = marks[..., :-1]
    return out


def _beyond(m: _Marks, p: Pattern) -> Bools:
    done = _at_least(m.above(p.zone), p.window, p.needed) | _at_least(m.below(p.zone), p.window, p.needed)
    if p.needed < p.window and not m.whole:
        done &= run_of(np.isfinite(m.x), p.window)
    return done


def _trend(m: _Marks, p: Pattern) -> Bools:
    return run_of(m.rises(), p.window - 1) | run_of(m.falls(), p.window - 1)


def _alternating(m: _Marks, p: Pattern) -> Bools:
    turns = (m.rises() & _before(m.falls())) | (m.falls() & _before(m.rises()))
    return run_of(turns, p.window - 2)


def _within(m: _Marks, p: Pattern) -> Bools:
    return run_of(m.within(p.zone), p.window)


def _outside(m: _Marks, p: Pattern) -> Bools:
    high, low = m.above(p.zone), m.below(p.zone)
    one_side = run_of(high, p.window) | run_of(low, p.window)
    return run_of(high | low, p.window) & ~one_side


def _opposite(m: _Marks, p: Pattern) -> Bools:
    high, low = m.above(p.zone), m.below(p.zone)
    return (high & _before(low)) | (low & _before(high))


_TESTS: dict[str, Callable[[_Marks, Pattern], Bools]] = {
    "beyond": _beyond,
    "trend": _trend,
    "alternating": _alternating,
    "within": _within,
    "outside": _outside,
    "opposite": _opposite,
}


def fired(
    patterns: Sequence[Pattern],
    x: Floats,
    center: Floats | float,
    sigma: Floats | float,
    lower: Floats | float | None = None,
    upper: Floats | float | None = None,
) -> tuple[Bools, ...]:
    """Points that complete each pattern.

    Parameters
    ----------
    patterns : sequence of Pattern
    x : (..., n) array
        Charted statistic; NaN is a gap.
    center, sigma : float or array that broadcasts to x
        Where sigma is zero or NaN no zone is defined and no zone test fires.
    lower, upper : float or array, optional
        Drawn limits, for the test ``limits``; default three sigma about the centre. NaN is no limit.

    Returns
    -------
    tuple of (..., n) bool arrays
        In the order of ``patterns``.

    Examples
    --------
    >>> fired((Pattern("limits"),), np.array([0.0, 4.0, 0.0]), 0.0, 1.0)[0]
    array([False,  True, False])
    """
    marks = _Marks(x, center, sigma)
    out = []
    for pattern in patterns:
        out.append(marks.past(lower, upper) if pattern.test == "limits" else _TESTS[pattern.test](marks, pattern))
    return tuple(out)


def members(pattern: Pattern, at: int, x: Floats, center: Floats | float, sigma: Floats | float) -> tuple[int, ...]:
    """Points that make the pattern completed at point ``at`` (0-based) of a series (n,): the whole window, or for
    "so many of so many" only its points beyond the zone."""
    window = range(at - pattern.window + 1, at + 1)
    if pattern.test != "beyond" or pattern.needed == pattern.window:
        return tuple(window)
    here = slice(window.start, window.stop)
    middle, width = (v[here] if np.ndim(v) else v for v in map(np.asarray, (center, sigma)))
    marks = _Marks(x[here], middle, width)
    high, low = marks.above(pattern.zone), marks.below(pattern.zone)
    chosen = high if high.sum() >= pattern.needed else low
    return tuple(window.start + int(i) for i in np.flatnonzero(chosen))
