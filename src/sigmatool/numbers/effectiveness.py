"""How much of the planned time makes good units? Ratios of sums over periods, with intervals; and "
"the pace of demand."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from .estimate import Estimate

Floats = NDArray[np.float64]

MOST = 0.9
"""Autocorrelation up to which a series is taken at its word: beyond it, its length says next to nothing."""


FEWEST = 5
"""Periods under which nothing is asked of their autocorrelation."""


def pooled_ratio(part: ArrayLike, whole: ArrayLike, confidence: float = 0.95) -> Estimate:
    """A ratio of sums over periods, with an interval from how the periods differ.

    Parameters
    ----------
    part, whole : (n,) array
        Of each period, in order of time; the ratio is ``sum part / sum whole``. Periods without a whole count for
        nothing.
    confidence : float

    Returns
    -------
    Estimate
        Without an interval (NaN) of fewer than two periods.

    Notes
    -----
    Linearised: ``e_i = part_i - R whole_i``, ``var R = n/(n-1) sum e_i^2 / (sum whole)^2``, with Student's law. Where
    neighbouring periods are alike (first autocorrelation r of e above 0, corrected for its bias) the variance grows by
    ``(1 + r) / (1 - r)`` and the freedom shrinks by as much. docs/lean.md has the coverage.

    The average of the periods' own ratios is another number: it gives a short period the weight of a long one.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., sec. 6.4; Priestley (1981), Spectral Analysis and Time Series, sec.
    5.3.2 (variance of a mean of correlated values); Kendall (1954), Biometrika 41, 403-404 (bias of r).

    Examples
    --------
    >>> found = pooled_ratio([400.0, 380.0, 300.0, 410.0], [480.0, 480.0, 400.0, 480.0])
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.81, 0.74, 0.88)
    """
    y, x = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    y, x = y[x > 0], x[x > 0]
    n, total = y.size, float(x.sum())
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, "no period")
    ratio, how = float(y.sum()) / total, "linearised ratio (Cochran 1977)"
    if n < 2:
        return Estimate(ratio, np.nan, np.nan, "one period: no interval")
    e = (y - ratio * x) / total
    squares = float(e @ e)
    if squares == 0:
        return Estimate(ratio, ratio, ratio, how)
    worth = float(n)
    alike = float(e[1:] @ e[:-1]) / squares
    r = min(alike + (1 + 4 * alike) / n, MOST)
    if n >= FEWEST and r > 0:
        worth, how = n * (1 - r) / (1 + r), f"{how}, widened for autocorrelation {r:.2g}"
    dof = max(worth - 1, 1.0)
    half = float(stdtrit(dof, 0.5 + confidence / 2) * np.sqrt(n / (n - 1) * squares * n / worth))
    return Estimate(ratio, ratio - half, ratio + half, how)
