"""Can these values be compared at all? What every comparison of samples asks first."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def sample(values: ArrayLike, least: int = 2) -> Floats:
    """The values as one line of finite numbers.

    Raises
    ------
    ValueError
        With fewer than ``least`` values, or with a gap or an infinite value among them.

    Examples
    --------
    >>> sample([1, 2]).tolist()
    [1.0, 2.0]
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1:
        raise ValueError(f"a sample is one line of values, not an array with {x.ndim} axes")
    if x.size < least:
        raise ValueError(f"{x.size} value{'' if x.size == 1 else 's'} in a sample: at least {least} are needed")
    if not np.isfinite(x).all():
        raise ValueError("a sample holds a gap or an infinite value: leave it out first")
    return x


def near_zero(*samples: Floats) -> tuple[float, tuple[Floats, ...]]:
    """The samples less a value that lies among them, and that value.

    Differences of near values are exact (Sterbenz 1974), sums of far ones are not: a mean of values at 1e15 keeps its
    digits only when the distance from a value among them is averaged.

    Examples
    --------
    >>> origin, (a, b) = near_zero(np.array([1e15, 1e15 + 1]), np.array([1e15 + 3]))
    >>> b.tolist()
    [3.0]
    """
    origin = float(samples[0][0])
    return origin, tuple(x - origin for x in samples)


def level_inside(level: float) -> float:
    """The confidence level, refused outside (0, 1).

    Examples
    --------
    >>> level_inside(0.95)
    0.95
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level = {level!r}: a confidence level lies between 0 and 1")
    return level
