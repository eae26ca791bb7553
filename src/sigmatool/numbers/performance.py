"""How well does a stretch meet its specification, when its points depend on each other?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

from .capability_indices import bissell_error
from .dependent_stage import worth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Performance:
    """Ppk with its interval, and the share outside the specification: expected and seen."""

    ppk: float
    low: float
    high: float
    standard_error: float
    share_outside: float
    seen_outside: int
    n: int


def performance(
    x: Floats, lsl: float | None, usl: float | None, autocorrelation: float = 0.0, level: float = 0.95
) -> Performance:
    """Ppk of single values, its interval by Bissell with an autocorrelation-reduced n.

    Notes
    -----
    ``Ppk = min(USL - mean, mean - LSL) / (3 s)``; variance ``1 / (9 n_m) + Ppk^2 / (2 (n_v - 1))`` with
    ``n_m = n (1 - r) / (1 + r)`` and ``n_v = n (1 - r^2) / (1 + r^2)``. The share outside is predictive: a t
    distribution widened by the doubt about the mean.

    References
    ----------
    Bissell (1990), Applied Statistics 39; Zhang (1998), Communications in Statistics 27 (autocorrelation).

    Examples
    --------
    >>> round(performance(np.array([9.0, 10, 11, 10, 9, 11, 10, 10]), 7, 13).ppk, 3)
    1.323
    """
    n, mean, sd = x.size, float(x.mean()), float(x.std(ddof=1))
    upper = np.inf if usl is None else usl
    lower = -np.inf if lsl is None else lsl
    r = min(max(autocorrelation, 0.0), 0.9)
    n_mean, n_var = worth(n, r)
    ppk = min(upper - mean, mean - lower) / (3 * sd)
    se = float(bissell_error(ppk, max(n_var - 1, 1), n_mean))
    half = float(ndtri(0.5 + level / 2)) * se
    scale, dof = sd * np.sqrt(1 + 1 / n_mean), max(n_var - 1, 1)
    outside = 0.0
    if usl is not None:
        outside += float(stdtr(dof, (mean - upper) / scale))
    if lsl is not None:
        outside += float(stdtr(dof, (lower - mean) / scale))
    seen = int(((x > upper) | (x < lower)).sum())
    return Performance(float(ppk), float(ppk - half), float(ppk + half), se, outside, seen, n)
