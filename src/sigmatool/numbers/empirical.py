"""The data as their own distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .distribution import Family, Fitted, Kernel

Floats = NDArray[np.float64]

POSITIONS = {6: (0.0, 1.0), 7: (1.0, -1.0), 8: (1 / 3, 1 / 3), 9: (3 / 8, 1 / 4)}
"""Of Hyndman & Fan's quantile types: value number i of n has the chance ``(i - a) / (n + b)`` below it."""

UNIFORM = Kernel(
    cdf=lambda z, *_: z,
    sf=lambda z, *_: 1 - z,
    log_density=lambda z, *_: 0.0 * z,
    ppf=lambda p, *_: p,
    isf=lambda p, *_: 1 - p,
)


def empirical(x: Floats, kind: int = 6, *, ordered: bool = False) -> Fitted:
    """The empirical distribution, its quantiles by a named type.

    Parameters
    ----------
    x : (n,) array
        Without NaN.
    kind : {6, 7, 8, 9}
        Of Hyndman & Fan's types; 6 (``i / (n + 1)``) is the oldest and widest in the tails, and that of most packages
        for quality control.
    ordered : bool
        ``x`` is in ascending order.

    Returns
    -------
    Fitted
        ``lowest`` and ``highest`` tell beyond which chances a quantile is the smallest or largest value and nothing
        more: at 0.00135 with fewer than 740 values of type 6. Beyond these values no chance is left.

    Raises
    ------
    ValueError
        Without two different values, or for an unknown type.

    References
    ----------
    Hyndman & Fan (1996), The American Statistician 50.

    Examples
    --------
    >>> found = empirical(np.array([1.0, 2.0, 3.0]))
    >>> found.ppf([0.5, 0.001]).tolist(), found.lowest
    ([2.0, 1.0], 0.25)
    """
    if kind not in POSITIONS:
        raise ValueError(f"{kind!r} is not a type of quantile; known are {', '.join(map(str, POSITIONS))}")
    held = np.asarray(x if ordered else np.sort(x), dtype=np.float64)
    if held.size < 2 or held[0] == held[-1]:
        raise ValueError("all values are equal")
    n, (a, b) = held.size, POSITIONS[kind]
    position = (np.arange(1, n + 1) - a) / (n + b)
    last = np.flatnonzero(np.append(held[1:] > held[:-1], True))
    value, reached = held[last], position[last]

    def chance(at: Floats, *_: float) -> Floats:
        inside = np.interp(at, value, reached)
        return np.where(at < value[0], 0.0, np.where(at >= value[-1], 1.0, inside))

    def log_slope(at: Floats, *_: float) -> Floats:
        step = np.clip(np.searchsorted(value, at, side="right"), 1, value.size - 1)
        return np.asarray(np.log(np.diff(reached)[step - 1] / np.diff(value)[step - 1]), dtype=np.float64)

    law = Family(
        "empirical",
        ("quantile_type",),
        0,
        UNIFORM,
        chance,
        lambda p, *_: np.interp(p, position, held),
        log_slope,
        lambda *_: (float(held[0]), float(held[-1])),
    )
    return Fitted(
        "empirical",
        {"quantile_type": float(kind)},
        float("nan"),
        n,
        law,
        lowest=float(position[0]),
        highest=float(position[-1]),
    )
