"""By how much do two stages differ, of which only their summaries are held: means, spreads and how surely known?"""

from __future__ import annotations

import math

from scipy.special import fdtri, stdtrit

from .estimate import Estimate
from .samples import level_inside


def mean_difference(
    first: float, se1: float, dof1: float, second: float, se2: float, dof2: float, level: float = 0.95
) -> Estimate:
    """Second mean minus first, from their standard errors and the degrees of freedom of these.

    Parameters
    ----------
    first, second : float
    se1, se2 : float
        Standard errors, not both 0.
    dof1, dof2 : float
        Infinite where the spread was known.
    level : float

    References
    ----------
    Welch (1947), Biometrika 34, 28-35; Satterthwaite (1946), Biometrics Bulletin 2.

    Examples
    --------
    >>> found = mean_difference(10.0, 0.3, 9, 11.0, 0.4, 14)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (1.0, -0.035, 2.035)
    """
    level_inside(level)
    total = se1**2 + se2**2
    if not total > 0:
        raise ValueError("without any standard error a difference has no interval")
    below = sum(se**4 / dof for se, dof in ((se1, dof1), (se2, dof2)) if math.isfinite(dof))
    dof = total**2 / below if below > 0 else 1e9
    half = float(stdtrit(dof, 0.5 + level / 2)) * math.sqrt(total)
    moved = second - first
    return Estimate(moved, moved - half, moved + half, f"t with {dof:.3g} degrees of freedom (Welch 1947)")


def sd_ratio(sd1: float, dof1: float, sd2: float, dof2: float, level: float = 0.95) -> Estimate:
    """Second standard deviation over the first, of normal values.

    Parameters
    ----------
    sd1, sd2 : float
        Roots of variances that are right on average.
    dof1, dof2 : float
        Infinite where it was known.
    level : float

    Notes
    -----
    ``(s2 / s1)^2`` over the quantiles of F with ``dof2`` and ``dof1``. Values with heavy tails vary more than it says.

    Examples
    --------
    >>> found = sd_ratio(2.0, 24, 1.0, 24)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.5, 0.332, 0.753)
    """
    level_inside(level)
    if not (sd1 > 0 and sd2 > 0):
        raise ValueError(f"both spreads must be above 0, not {sd1:g} and {sd2:g}")
    free = (min(dof2, 1e9), min(dof1, 1e9))
    ratio = sd2 / sd1
    low, high = (ratio / math.sqrt(float(fdtri(*free, tail))) for tail in (0.5 + level / 2, 0.5 - level / 2))
    return Estimate(ratio, low, high, f"F with {free[0]:.3g} and {free[1]:.3g} degrees of freedom")
