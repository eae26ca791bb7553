"""How wide is the process within short stretches? Moving ranges, and the estimators of sigma.

Individuals are (..., n) with NaN as a gap; subgroups are (k, m), padded with NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

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


ROUNDING = 4 * float(np.finfo(np.float64).eps)
"""Spread beside the level that rounding alone makes of equal values."""


def resolved(sigma: float, level: float) -> float:
    """Sigma, or 0 where it is no more than rounding makes of equal values at that level.

    Examples
    --------
    >>> equal = np.full(20, 0.1)
    >>> sigma_individuals(equal, "overall") > 0, resolved(sigma_individuals(equal, "overall"), 0.1)
    (True, 0.0)
    """
    return 0.0 if sigma <= ROUNDING * abs(level) else sigma


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


class Subgroups:
    """Statistics of subgroups (k, m) padded with NaN, each computed once: sizes, means, ranges, standard deviations.

    They are NaN where they do not exist: a mean of nothing, a spread of one value.

    Examples
    --------
    >>> Subgroups(np.array([[1.0, 3.0, np.nan], [2.0, 2.0, 5.0]])).ranges
    array([2., 3.])
    """

    def __init__(self, x: Floats) -> None:
        self._x = x
        self.whole = bool(np.isfinite(x).all())

    def _over(self, step: Callable[[Floats, Floats], Floats], start: float, of: Callable[[Floats], Floats]) -> Floats:
        """A reduction along the rows, column by column: short rows are far quicker so. Missing values leave it be."""
        total = np.full(self._x.shape[0], start)
        for j in range(self._x.shape[1]):
            column = of(self._x[:, j])
            step(total, column if self.whole else np.where(np.isfinite(column), column, start), out=total)  # type: ignore[call-arg]
        return total

    @cached_property
    def n(self) -> Ints:
        k, m = self._x.shape
        return np.full(k, m, dtype=np.int64) if self.whole else np.isfinite(self._x).sum(axis=1)

    @cached_property
    def common(self) -> int:
        """The size that all subgroups with a value share; 0 where they differ."""
        if self.whole:
            return int(self._x.shape[1])
        sizes = self.n[self.n > 0]
        return int(sizes[0]) if sizes.size and bool(np.all(sizes == sizes[0])) else 0

    @cached_property
    def mean(self) -> Floats:
        total = self._over(np.add, 0.0, np.asarray)
        return total / self._x.shape[1] if self.whole else np.where(self.n > 0, total / np.maximum(self.n, 1), np.nan)

    @cached_property
    def ranges(self) -> Floats:
        high, low = self._over(np.maximum, -np.inf, np.asarray), self._over(np.minimum, np.inf, np.asarray)
        return self._spread(
            high - low if self.whole else np.where(self.n > 1, high, 0.0) - np.where(self.n > 1, low, 0.0)
        )

    @cached_property
    def sd(self) -> Floats:
        total = self._over(np.add, 0.0, lambda column: (column - self.mean) ** 2)
        return self._spread(np.sqrt(total / np.maximum(self.n - 1, 1)))

    def _spread(self, value: Floats) -> Floats:
        return value if self.whole and self.common > 1 else np.where(self.n > 1, value, np.nan)


def sigma_subgroups(x: Floats | Subgroups, method: str) -> float:
    """Sigma within subgroups.

    Parameters
    ----------
    x : (k, m) array or Subgroups
        One row a subgroup, padded with NaN; rows of one value hold no spread.
    method : {"rbar", "rbar-weighted", "sbar", "sbar-weighted", "pooled"}

    Notes
    -----
    rbar ``mean(R/d2)``; rbar-weighted with weights ``(d2/d3)^2``; sbar ``mean(S/c4)``; sbar-weighted with weights
    ``c4^2/(1 - c4^2)``; pooled ``sqrt(sum (n-1) S^2 / sum (n-1)) / c4(sum (n-1) + 1)``.

    References
    ----------
    Burr (1969), Journal of Quality Technology 1; Montgomery, Introduction to Statistical Quality Control, ch. 6.
    """
    if method not in SUBGROUP:
        raise ValueError(f"{method!r} is not an estimator for subgroups; known are {', '.join(SUBGROUP)}")
    held = x if isinstance(x, Subgroups) else Subgroups(x)
    statistic = held.ranges if method.startswith("rbar") else held.sd
    mean_of, width_of = (d2, d3) if method.startswith("rbar") else (c4, c5)
    n, keep = held.n, held.n > 1
    if not keep.any():
        return np.nan
    if method == "pooled":
        dof = n[keep] - 1
        return float(np.sqrt((dof * statistic[keep] ** 2).sum() / dof.sum())) / c4(int(dof.sum()) + 1)
    if held.common > 1:
        return float(statistic.mean() if held.whole else statistic[keep].mean()) / mean_of(held.common)
    mean, width = by_size(mean_of, n[keep]), by_size(width_of, n[keep])
    weight = (mean / width) ** 2 if method.endswith("weighted") else np.ones(mean.size)
    return float((weight * statistic[keep] / mean).sum() / weight.sum())


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
