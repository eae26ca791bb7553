"""How wide is the process within short stretches? Moving ranges, and the estimators of sigma.

Individuals are (..., n) with NaN as a gap; subgroups are (k, m), padded with NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from .constants import by_size, c4, c5, d2, d3, d4_median

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INDIVIDUAL = ("moving-range", "median-moving-range", "overall")
"""Estimators for individual values."""

SUBGROUP = ("rbar", "rbar-weighted", "sbar", "sbar-weighted", "pooled")
"""Estimators for subgroups."""


def moving_range(x: Floats, window: int = 2) -> Floats:
    """Range of each ``window`` consecutive points, at the last of them; NaN next to a gap and at the start.

    Examples
    --------
    >>> moving_range(np.array([1.0, 3.0, np.nan, 2.0, 2.5]))
    array([nan, 2. , nan, nan, 0.5])
    """
    out = np.full(x.shape, np.nan)
    if x.shape[-1] < window:
        return out
    if window == 2:
        out[..., 1:] = np.abs(np.diff(x, axis=-1))
        return out
    view = np.lib.stride_tricks.sliding_window_view(x, window, axis=-1)
    out[..., window - 1 :] = view.max(axis=-1) - view.min(axis=-1)
    return out


def screened(ranges: Floats, window: int = 2) -> Floats:
    """Moving ranges without those at or above their own upper limit of three sigma, once.

    References
    ----------
    Nelson (1982), Journal of Quality Technology 14, 172-173: a few jumps must not widen the limits that should show
    them.

    Examples
    --------
    >>> screened(np.array([1.0, 1.2, 0.8, 1.0, 9.0, 1.1, 0.9]))
    array([1. , 1.2, 0.8, 1. , 1.1, 0.9])
    """
    limit = ranges.mean() * (1 + 3 * d3(window) / d2(window)) if ranges.size else np.nan
    return ranges[ranges < limit]


def sigma_individuals(x: Floats, method: str = "moving-range", window: int = 2, *, ranges: bool = False) -> float:
    """Sigma of individual values.

    Parameters
    ----------
    x : (n,) array
        NaN is a gap: moving ranges next to it do not exist.
    method : {"moving-range", "median-moving-range", "overall"}
        Mean moving range / d2(window); median moving range / its constant; sample sd / c4(n).
    window : int
    ranges : bool
        ``x`` already holds the moving ranges.

    Returns
    -------
    float
        NaN where there is no moving range.
    """
    if method == "overall":
        seen = x[np.isfinite(x)]
        return float(seen.std(ddof=1)) / c4(seen.size) if seen.size > 1 else np.nan
    moved = x if ranges else moving_range(x, window)
    moved = moved[np.isfinite(moved)]
    if moved.size == 0:
        return np.nan
    if method == "moving-range":
        return float(moved.mean()) / d2(window)
    if method == "median-moving-range":
        return float(np.median(moved)) / d4_median(window)
    raise ValueError(f"{method!r} is not an estimator for individuals; known are {', '.join(INDIVIDUAL)}")


def subgroup_statistics(x: Floats) -> tuple[Ints, Floats, Floats, Floats]:
    """Size, mean, range and standard deviation of each subgroup; NaN where they do not exist."""
    present = np.isfinite(x)
    n = present.sum(axis=1)
    filled = np.where(present, x, 0.0)
    mean = np.where(n > 0, filled.sum(axis=1) / np.maximum(n, 1), np.nan)
    high = np.where(present, x, -np.inf).max(axis=1)
    low = np.where(present, x, np.inf).min(axis=1)
    spread = np.full(n.size, np.nan)
    np.subtract(high, low, out=spread, where=n > 1)
    squares = np.where(present, (x - mean[:, None]) ** 2, 0.0).sum(axis=1)
    sd = np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)
    return n, mean, spread, sd


def sigma_subgroups(x: Floats, method: str) -> float:
    """Sigma within subgroups.

    Parameters
    ----------
    x : (k, m) array
        One row a subgroup, padded with NaN; rows of one value hold no spread.
    method : {"rbar", "rbar-weighted", "sbar", "sbar-weighted", "pooled", "overall"}

    Notes
    -----
    rbar ``mean(R/d2)``; rbar-weighted with weights ``(d2/d3)^2``; sbar ``mean(S/c4)``; sbar-weighted with weights
    ``c4^2/(1 - c4^2)``; pooled ``sqrt(sum (n-1) S^2 / sum (n-1)) / c4(sum (n-1) + 1)``; overall: sample sd of all
    values / c4(N).

    References
    ----------
    Burr (1969), Journal of Quality Technology 1; Montgomery, Introduction to Statistical Quality Control, ch. 6.
    """
    if method == "overall":
        return sigma_individuals(x.ravel(), "overall")
    n, _, spread, sd = subgroup_statistics(x)
    keep = n > 1
    if not keep.any():
        return np.nan
    n, spread, sd = n[keep], spread[keep], sd[keep]
    if method == "pooled":
        dof = n - 1
        return float(np.sqrt((dof * sd**2).sum() / dof.sum())) / c4(int(dof.sum()) + 1)
    if method in ("rbar", "rbar-weighted"):
        mean, width, statistic = by_size(d2, n), by_size(d3, n), spread
    elif method in ("sbar", "sbar-weighted"):
        mean, width, statistic = by_size(c4, n), by_size(c5, n), sd
    else:
        raise ValueError(f"{method!r} is not an estimator for subgroups; known are {', '.join(SUBGROUP)}")
    weight = (mean / width) ** 2 if method.endswith("weighted") else np.ones(n.size)
    return float((weight * statistic / mean).sum() / weight.sum())


def overdispersion(count: Floats, size: Floats, proportion: bool) -> tuple[float, float]:
    """Is the count more variable than its distribution allows? Dispersion ratio and chi-square p.

    ``sum (x - n p)^2 / (n p q) / (k - 1)``, q = 1 - p for proportions and 1 for rates.
    """
    keep = np.isfinite(count) & np.isfinite(size)
    x, n = count[keep], size[keep]
    p = float(x.sum() / n.sum())
    variance = n * p * ((1 - p) if proportion else 1.0)
    if x.size < 2 or not np.all(variance > 0):
        return 1.0, 1.0
    statistic = float(((x - n * p) ** 2 / variance).sum())
    return statistic / (x.size - 1), float(chdtrc(x.size - 1, statistic))
