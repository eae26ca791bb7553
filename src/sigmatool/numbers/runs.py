"""Which points complete a run that chance rarely makes? The eight tests of Nelson (1984).

All work on the last axis; NaN breaks every window that holds it; all comparisons are strict.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WINDOW = {1: 1, 2: 9, 3: 6, 4: 14, 5: 3, 6: 5, 7: 15, 8: 8}
"""Points that each test looks at."""


def _count(marks: Bools, window: int) -> NDArray[np.int32]:
    """Marks among the last ``window`` points, at each point; 0 where the window is not yet full."""
    total = np.cumsum(marks, axis=-1, dtype=np.int32)
    out = np.zeros(marks.shape, dtype=np.int32)
    n = marks.shape[-1]
    if n >= window:
        out[..., window - 1] = total[..., window - 1]
        out[..., window:] = total[..., window:] - total[..., : n - window]
    return out


def _all(marks: Bools, window: int) -> Bools:
    return np.asarray(_count(marks, window) == window)


def _steps(x: Floats) -> tuple[Bools, Bools]:
    """Whether the step that ends at each point goes up, or down."""
    up = np.zeros(x.shape, dtype=bool)
    down = np.zeros(x.shape, dtype=bool)
    up[..., 1:] = x[..., 1:] > x[..., :-1]
    down[..., 1:] = x[..., 1:] < x[..., :-1]
    return up, down


def nelson(x: Floats, center: Floats | float, sigma: Floats | float, tests: tuple[int, ...]) -> dict[int, Bools]:
    """Points that complete each test's pattern.

    Parameters
    ----------
    x : (..., n) array
        Charted statistic; NaN is a gap.
    center, sigma : array or float
        Per point or common; where sigma is zero or NaN no zone is defined and no zone test fires.
    tests : tuple of int
        1 beyond 3 sigma; 2 nine on one side; 3 six rising or falling; 4 fourteen alternating; 5 two of three
        beyond 2 sigma on one side; 6 four of five beyond 1 sigma on one side; 7 fifteen within 1 sigma; 8 eight
        beyond 1 sigma with points on both sides.

    References
    ----------
    Nelson (1984), Journal of Quality Technology 16, 237-239. A point on the centre breaks test 2, a tie breaks
    tests 3 and 4; in tests 5 and 6 the last point need not be beyond the zone itself.

    Examples
    --------
    >>> nelson(np.array([0.0, 4.0, 0.0]), 0.0, 1.0, (1,))[1]
    array([False,  True, False])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.where(np.asarray(sigma) > 0, sigma, np.nan)
        z = (x - center) / width
        above, below = x > center, x < center
    functions = {
        1: lambda: np.abs(z) > 3,
        2: lambda: _all(above, 9) | _all(below, 9),
        3: lambda: _trend(x, 5),
        4: lambda: _alternating(x),
        5: lambda: _beyond(z, 2.0, 2, 3),
        6: lambda: _beyond(z, 1.0, 4, 5),
        7: lambda: _all(np.abs(z) < 1, 15),
        8: lambda: _outside_both(z),
    }
    with np.errstate(invalid="ignore"):
        return {test: np.asarray(functions[test]()) for test in tests}


def _trend(x: Floats, steps: int) -> Bools:
    up, down = _steps(x)
    return _all(up, steps) | _all(down, steps)


def _alternating(x: Floats) -> Bools:
    up, down = _steps(x)
    turn = np.zeros(x.shape, dtype=bool)
    turn[..., 1:] = (up[..., 1:] & down[..., :-1]) | (down[..., 1:] & up[..., :-1])
    return _all(turn, 12)


def _beyond(z: Floats, zone: float, least: int, window: int) -> Bools:
    whole = _all(np.isfinite(z), window)
    return whole & ((_count(z > zone, window) >= least) | (_count(z < -zone, window) >= least))


def _outside_both(z: Floats) -> Bools:
    both = (_count(z > 1, 8) > 0) & (_count(z < -1, 8) > 0)
    return _all(np.abs(z) > 1, 8) & both


def members(test: int, at: int, z: Floats) -> tuple[int, ...]:
    """Points that make the pattern completed at point ``at`` (0-based): the whole window, or for tests 5 and 6
    only its points beyond the zone."""
    window = range(at - WINDOW[test] + 1, at + 1)
    if test not in (5, 6):
        return tuple(window)
    zone, least = (2.0, 2) if test == 5 else (1.0, 4)
    high = tuple(i for i in window if z[i] > zone)
    return high if len(high) >= least else tuple(i for i in window if z[i] < -zone)
