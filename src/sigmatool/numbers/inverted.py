"""What p value do intervals hold? For any estimate that has an interval at every level."""

from __future__ import annotations

import math
from collections.abc import Callable

_LOWEST, _HIGHEST, _STEPS = 1e-6, 1 - 1e-9, 60


def one_sided_p(interval: Callable[[float], tuple[float, float]], value: float, bound: float, below: bool) -> float:
    """P value of "the effect lies below (or above) this bound" against "at or beyond it".

    Parameters
    ----------
    interval : callable
        Both ends at a level; they widen with it.
    value : float
        The estimate, inside every interval.
    bound : float
    below : bool
        The claim is that the effect lies below the bound; else above it.

    Returns
    -------
    float
        Half of what is left of the level at which the interval just reaches the bound; at least 5e-10.

    Notes
    -----
    Tests and intervals are two readings of one table: a bound is rejected at level a on one side where the interval of
    level ``1 - 2 a`` leaves it out. Found by bisection.

    References
    ----------
    Lehmann, E. L. (1959), Testing Statistical Hypotheses, section 3.5.

    Examples
    --------
    >>> from scipy.special import ndtri
    >>> normal = lambda level: (0.3 - 0.2 * float(ndtri(0.5 + level / 2)), 0.3 + 0.2 * float(ndtri(0.5 + level / 2)))
    >>> round(one_sided_p(normal, 0.3, 0.7, below=True), 4), round(one_sided_p(normal, 0.3, 0.1, below=True), 4)
    (0.0228, 0.8413)
    """
    supported = value < bound if below else value > bound
    # the end that can reach the bound: the far one where the estimate supports the claim, else the near one
    upper = value < bound
    low, high = _LOWEST, _HIGHEST
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        end = interval(middle)[1 if upper else 0]
        reached = not math.isfinite(end) or (end >= bound if upper else end <= bound)
        low, high = (low, middle) if reached else (middle, high)
    tail = (1 - 0.5 * (low + high)) / 2
    return tail if supported else 1 - tail
