"""By how much do two estimates differ, when each is known by its interval alone?"""

from __future__ import annotations

import math

from .estimate import Estimate


def square_and_add(first: Estimate, second: Estimate) -> Estimate:
    """Second minus first, of independent samples, with an interval from both intervals.

    Parameters
    ----------
    first, second : Estimate
        With intervals of the same confidence, of any shape; it is that of the difference.

    Notes
    -----
    ``low = d - sqrt((b - b_low)^2 + (a_high - a)^2)`` and ``high = d + sqrt((b_high - b)^2 + (a - a_low)^2)``. Keeps
    the asymmetry of both, where a difference of standard errors would lose it. An end is NaN where one that it needs
    is.

    References
    ----------
    Zou & Donner (2008), Statistics in Medicine 27, 1693-1702 (MOVER); Newcombe (1998), Statistics in Medicine 17.

    Examples
    --------
    >>> found = square_and_add(Estimate(1.0, 0.8, 1.2), Estimate(1.5, 1.2, 1.9))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.5, 0.139, 0.947)
    """
    d = second.value - first.value
    low = d - math.hypot(second.value - second.low, first.high - first.value)
    high = d + math.hypot(second.high - second.value, first.value - first.low)
    return Estimate(d, low, high, "square-and-add of both intervals (Zou & Donner 2008)")
