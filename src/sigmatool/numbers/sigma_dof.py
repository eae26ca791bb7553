"""How surely is sigma known? Equivalent degrees of freedom of its estimators."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from .constants import by_size, c4, c5, d2, d3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def equivalent_dof(relative_variance: float) -> float:
    """Degrees of freedom of a chi-square whose root, made right on average, varies as much.

    ``1 / (2 v) + 1 / 4``: the first two terms of the inverse of ``(1 - c4^2) / c4^2``.

    Examples
    --------
    >>> round(equivalent_dof((c5(25) / c4(25)) ** 2), 2)
    24.01
    """
    return 0.5 / relative_variance + 0.25


@cache
def _median_factor() -> float:
    """n times the relative variance of the median moving range of two, over long series."""
    m = float(ndtri(0.75))  # half the absolute differences over sqrt(2) lie below it
    density = 2 * float(np.exp(-m * m / 2) / np.sqrt(2 * np.pi))
    # neighbours share a value: differences correlate by -1/2, so absolute ones are as if by 1/2
    nodes, weights = np.polynomial.legendre.leggauss(64)
    a = m * nodes
    given = ndtr((m - 0.5 * a) / np.sqrt(0.75)) - ndtr((-m - 0.5 * a) / np.sqrt(0.75))
    both = float((weights * np.exp(-a * a / 2) / np.sqrt(2 * np.pi) * given).sum() * m)
    return (0.25 + 2 * (both - 0.25)) / (density * m) ** 2


def moving_range_error(pairs: ArrayLike) -> Floats:
    """Variance of the mean moving range relative to sigma squared; ``pairs`` neighbours; see :func:`dof_individuals`.

    Examples
    --------
    >>> moving_range_error(np.array([99])).round(5)
    array([0.00832])
    """
    m = np.maximum(np.asarray(pairs, dtype=np.float64), 1.0)
    return np.asarray(np.maximum(0.8264 * (m + 1) - 1.082, 0.5708) / m**2)


def dof_individuals(n: int, method: str, ranges: int | None = None) -> float:
    """Equivalent degrees of freedom of sigma from single values.

    Parameters
    ----------
    n : int
        Values.
    method : {"moving-range", "median-moving-range", "overall"}
        Ranges of two neighbours.
    ranges : int, optional
        Moving ranges, fewer than ``n - 1`` where there are gaps.

    Notes
    -----
    Mean moving range: variance ``(0.8264 n - 1.082) / (n - 1)^2`` relative to sigma (Cryer & Ryan 1990), 61 % of the
    efficiency of the sample standard deviation. Median: from its large-sample law over dependent ranges, 30 %.

    References
    ----------
    Cryer & Ryan (1990), Journal of Quality Technology 22, 187-192.

    Examples
    --------
    >>> round(dof_individuals(100, "moving-range"), 1), dof_individuals(100, "overall")
    (60.3, 99.0)
    """
    if method == "overall":
        return float(n - 1)
    m = (n - 1 if ranges is None else ranges) + 1
    if method == "moving-range":
        return equivalent_dof(float(moving_range_error(m - 1)))
    return equivalent_dof(_median_factor() / max(m - 1, 1))


def dof_subgroups(sizes: Ints, method: str) -> float:
    """Equivalent degrees of freedom of sigma within subgroups.

    Parameters
    ----------
    sizes : (k,) array
        Values in each subgroup; those of one hold no spread.
    method : {"rbar", "rbar-weighted", "sbar", "sbar-weighted", "pooled"}

    Notes
    -----
    From the variance of a range, ``(d3 / d2)^2``, or of a standard deviation, ``(c5 / c4)^2``, relative to sigma
    (Patnaik 1950, Biometrika 37); pooled: ``sum (n - 1)``.

    Examples
    --------
    >>> five = np.full(25, 5)
    >>> [round(dof_subgroups(five, method), 1) for method in ("rbar", "sbar", "pooled")]
    [90.8, 95.1, 100.0]
    """
    n = sizes[sizes > 1]
    if method == "pooled":
        return float((n - 1).sum())
    center, width = (d2, d3) if method.startswith("rbar") else (c4, c5)
    if np.all(n == n[0]):
        return equivalent_dof((width(int(n[0])) / center(int(n[0]))) ** 2 / n.size)
    relative: Floats = (by_size(width, n) / by_size(center, n)) ** 2
    if method.endswith("weighted"):
        return equivalent_dof(1 / float((1 / relative).sum()))
    return equivalent_dof(float(relative.sum()) / n.size**2)
