"""How far does a point of several variables lie from their center, and how far is too far?

Individuals are (n, p): a row is a point, a column a variable. Subgroups are (n, m, p), padded with NaN. A value that
lacks any of its variables is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, fdtri, gammaincinv

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

METHODS = ("within", "sample", "successive")
"""Estimators of the covariance: ``within`` for subgroups, the others for individuals."""

COLLINEAR = 1e-10
"""A variable whose variance given the others is a smaller part of its own than this is a combination of them.

Rounding in a covariance is near 1e-15 of a variance, so exact combinations fall below, and what lies above still leaves
T2 five or more correct digits.
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Center (p,) and covariance (p, p), and what the limits must know of how they were found.

    ``values`` is the number of values the center rests on; ``dof`` the degrees of freedom of the covariance.
    """

    center: Floats
    covariance: Floats
    method: str
    values: int
    dof: float


def _seen(x: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(x).all(axis=-1))


def means(x: Floats) -> tuple[Floats, Ints]:
    """Mean of each point (n, p), and the number of values in it; NaN and 0 at a gap.

    Examples
    --------
    >>> means(np.array([[1.0, 2.0], [np.nan, 3.0]]))
    (array([[ 1.,  2.], [nan, nan]]), array([1, 0]))
    """
    seen = _seen(x)
    if x.ndim == 2:
        return np.where(seen[:, None], x, np.nan), seen.astype(np.int64)
    size = seen.sum(axis=1, dtype=np.int64)
    total = np.where(seen[..., None], x, 0.0).sum(axis=1)
    return np.where(size[:, None] > 0, total / np.maximum(size, 1)[:, None], np.nan), size


def estimate(x: Floats, method: str, names: Sequence[str] = ()) -> Estimate:
    """Where is the center of several variables, and how do they vary together?

    Parameters
    ----------
    x : (n, p) or (n, m, p) array
        Individuals, or subgroups padded with NaN.
    method : {"within", "sample", "successive"}
        ``within`` (subgroups): mean of the covariances within subgroups, weighted by their degrees of freedom where
        sizes differ, about the mean of all values. ``sample`` (individuals): the sample covariance, which a shift
        within the data inflates. ``successive`` (individuals): from differences of neighbours, which a sustained
        shift hardly touches; a difference next to a gap does not exist.
    names : sequence of str, optional
        Names of the variables, for the messages. Default: "variable 1" and so on.

    Raises
    ------
    ValueError
        Fewer degrees of freedom than variables, a variable that does not vary, or one that is a combination of
        others: the covariance has no inverse then, and T2 no value.

    Notes
    -----
    ``within``: ``sum_i sum_k (x_ik - mean_i)(x_ik - mean_i)' / sum_i (m_i - 1)``. ``successive``: ``V'V / (2 D)``, D
    rows of differences in V; D = n - 1 without gaps. Its degrees of freedom are those of a chi-square with the same
    variance: ``2 D^2 / (3 D - K)`` for K unbroken runs, which is ``2 (n - 1)^2 / (3 n - 4)`` without gaps.

    References
    ----------
    Ryan (2000), Statistical Methods for Quality Improvement, ch. 9; Holmes & Mergen (1993), Quality Engineering 5;
    Scholz & Tosch (1994), Proceedings of the ASA Quality and Productivity Section (degrees of freedom).

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, 4.0]])
    >>> found = estimate(x, "sample")
    >>> found.center.tolist(), found.covariance.round(3).tolist()
    ([2.5, 3.0], [[1.667, 1.667], [1.667, 3.333]])
    """
    if method not in METHODS:
        raise ValueError(f"{method!r} is not an estimator of a covariance; known are {', '.join(METHODS)}")
    wanted = 3 if method == "within" else 2
    if x.ndim != wanted:
        shape = "subgroups (n, m, p)" if wanted == 3 else "individuals (n, p)"
        raise ValueError(f"method {method!r} is for {shape}; these data have {x.ndim} dimensions")
    values = x.reshape(-1, x.shape[-1])
    values = values[np.isfinite(values).all(axis=1)]
    deviation, divisor, dof = _deviations(x, method)
    _check_enough(deviation.shape[-1], len(values), dof, divisor, method)
    covariance = deviation.T @ deviation / divisor
    noise = 8 * np.finfo(float).eps * np.abs(values).max(axis=0)
    constant = np.flatnonzero(np.sqrt(np.diagonal(covariance)) <= noise)
    if constant.size:
        raise ValueError(_unvarying(int(constant[0]), names))
    factor(covariance, names)
    return Estimate(values.mean(axis=0), covariance, method, len(values), dof)


def _deviations(x: Floats, method: str) -> tuple[Floats, float, float]:
    """Rows whose cross product over a divisor is the covariance; the divisor; the degrees of freedom."""
    seen = _seen(x)
    if method == "within":
        mean, size = means(x)
        dof = float(np.maximum(size - 1, 0).sum())
        return (x - mean[:, None, :])[seen], dof, dof
    if method == "sample":
        rows = x[seen]
        n = len(rows)
        return rows - rows.mean(axis=0) if n else rows, float(n - 1), float(n - 1)
    exists = seen[1:] & seen[:-1]
    count = int(exists.sum())
    runs = int((exists & ~np.concatenate([[False], exists[:-1]])).sum()) if count else 0
    return np.diff(x, axis=0)[exists], 2.0 * count, 2.0 * count**2 / (3 * count - runs) if count else 0.0


def _check_enough(variables: int, values: int, dof: float, divisor: float, method: str) -> None:
    independent, what = (
        (divisor / 2, "differences of neighbours") if method == "successive" else (dof, "degrees of freedom")
    )
    if independent < variables:
        held = max(int(independent), 0)
        raise ValueError(
            f"{values} complete values leave {held} {what} for {variables} variables, and the covariance "
            f"needs at least {variables}: collect more values, or chart fewer variables"
        )


def _name(index: int, names: Sequence[str]) -> str:
    return f"'{names[index]}'" if names else f"variable {index + 1}"


def _unvarying(index: int, names: Sequence[str]) -> str:
    return f"{_name(index, names)} does not vary, so no distance can be measured along it: leave it out"


def factor(covariance: Floats, names: Sequence[str] = ()) -> tuple[Floats, Floats]:
    """Standard deviations (p,) and the lower Cholesky factor (p, p) of the correlations, or why there is none.

    Raises
    ------
    ValueError
        Names the first variable that does not vary, or that is a combination of those before it, and of which.
    """
    from scipy.linalg import solve_triangular

    p = len(covariance)
    if covariance.shape != (p, p) or not np.allclose(covariance, covariance.T, rtol=1e-8, atol=0.0):
        raise ValueError(f"a covariance is a square symmetric matrix; this one has shape {covariance.shape}")
    variance = np.diagonal(covariance)
    if not np.all(variance > 0):
        raise ValueError(_unvarying(int(np.flatnonzero(~(variance > 0))[0]), names))
    scale = np.sqrt(variance)
    correlation = covariance / np.outer(scale, scale)
    lower = np.zeros((p, p))
    for j in range(p):
        row = solve_triangular(lower[:j, :j], correlation[:j, j], lower=True) if j else np.zeros(0)
        left = 1.0 - float(row @ row)
        if left < -COLLINEAR:
            raise ValueError(
                f"no data have this covariance: {_name(j, names)} is correlated with the variables before it more than "
                "they allow; check the matrix, or estimate it from the data"
            )
        if left < COLLINEAR:
            weight = np.abs(solve_triangular(lower[:j, :j], row, lower=True, trans="T"))
            others = [_name(k, names) for k in range(j) if weight[k] > 1e-4 * weight.max()]
            raise ValueError(
                f"{_name(j, names)} is a combination of {' and '.join(others)}, so it tells nothing new and the "
                "covariance has no inverse: leave one of them out"
            )
        lower[j, :j], lower[j, j] = row, np.sqrt(left)
    return scale, lower


def squared_distance(deviation: Floats, covariance: Floats, names: Sequence[str] = ()) -> Floats:
    """``d' covariance^-1 d`` of each row (n, p) of deviations; NaN at a gap.

    Each row is worked on alone and in one order, so a row has the same bits whatever rows stand beside it.
    """
    scale, lower = factor(covariance, names)
    white = np.ascontiguousarray((deviation / scale).T)
    total = np.zeros(len(deviation))
    for j in range(len(scale)):
        for k in range(j):
            white[j] -= lower[j, k] * white[k]
        white[j] /= lower[j, j]
        total += white[j] ** 2
    return total


def t_squared(x: Floats, center: ArrayLike, covariance: ArrayLike, names: Sequence[str] = ()) -> Floats:
    """Hotelling's T2 of each point: its squared distance from the center, in units of the covariance.

    Parameters
    ----------
    x : (n, p) or (n, m, p) array
        Individuals, or subgroups padded with NaN.
    center : (p,) array
    covariance : (p, p) array
        Of single values; for subgroups too.
    names : sequence of str, optional
        Names of the variables, for the messages.

    Returns
    -------
    (n,) array
        ``m (mean - center)' covariance^-1 (mean - center)``, m the number of values in the point; NaN at a gap.

    Raises
    ------
    ValueError
        The covariance has no inverse; the message names the variable.

    References
    ----------
    Hotelling (1947), in Techniques of Statistical Analysis; Montgomery, Introduction to Statistical Quality Control,
    ch. 11.

    Examples
    --------
    >>> t_squared(np.array([[1.0, 0.0], [1.0, 1.0]]), [0, 0], [[1, 0.5], [0.5, 1]]).round(3).tolist()
    [1.333, 1.333]
    """
    mean, size = means(x)
    deviation = mean - np.asarray(center, dtype=np.float64)
    return size * squared_distance(deviation, np.asarray(covariance, dtype=np.float64), names)


def known_limit(variables: int, level: float) -> float:
    """Upper limit of T2 where center and covariance are known: a quantile of chi-square.

    Examples
    --------
    >>> round(known_limit(2, 0.9973), 4)
    11.829
    """
    _check_level(level)
    return 2.0 * float(gammaincinv(variables / 2, level))


def limit(
    found: Estimate, level: float, phase: Literal[1, 2], size: ArrayLike = 1, variables: int | None = None
) -> Floats:
    """Upper limit of T2 where center and covariance are estimated.

    Parameters
    ----------
    found : Estimate
    level : float
        Probability that one point of a stable normal process lies below the limit.
    phase : {1, 2}
        1: the points the estimate was made from. 2: later points.
    size : int or array of int, default 1
        Number of values in the point; where subgroups differ in size, so do their limits.
    variables : int, optional
        Number of variables in the T2, where it is that of a part of them. Default: all.

    Returns
    -------
    array in the shape of ``size``

    Raises
    ------
    ValueError
        Too few values for a limit: it says how many are needed.

    Notes
    -----
    With p variables, N values, m of them in the point and f degrees of freedom:

    * Phase II: ``(1 + m/N) p f / (f - p + 1) F(p, f - p + 1)``. Exact for ``within`` and ``sample``. For
      ``successive`` f is that of a chi-square of equal variance, and the limit is approximate: simulated false alarms
      over those wanted, at level 0.99, are 0.95 (N = 20, p = 2), 0.8 (25, 4), 0.95 (50, 4).
    * Phase I, ``within``: ``(1 - m/N) p f / (f - p + 1) F(p, f - p + 1)``; exact.
    * Phase I, ``sample``: ``(N - 1)^2 / N Beta(p/2, (N - p - 1)/2)``; exact.
    * Phase I, ``successive``: chi-square with p degrees of freedom, its limit for many points. Williams et al. (2006)
      hold it to serve above ``p^2 + 3 p`` points. The beta limit with f in place of N - 1 is not used: it lets only
      an eighth of the wanted false alarms through at N = 50, p = 4. Simulated false alarms over those wanted, at level
      0.99: 0.9 (N = 20, p = 2), 1.0 (50, 4), 1.2 (25, 4), 3.2 (25, 8), most of the excess at the first and last point.

    References
    ----------
    Tracy, Young & Mason (1992), Journal of Quality Technology 24; Alt (1985), Encyclopedia of Statistical Sciences 6;
    Sullivan & Woodall (1996), Journal of Quality Technology 28; Williams, Woodall, Birch & Sullivan (2006), Journal of
    Quality Technology 38.

    Examples
    --------
    >>> found = Estimate(np.zeros(2), np.eye(2), "sample", 30, 29)
    >>> float(limit(found, 0.99, 1).round(3)), float(limit(found, 0.99, 2).round(3))
    (8.102, 11.672)
    """
    _check_level(level)
    p = len(found.center) if variables is None else variables
    share = np.asarray(size, dtype=np.float64) / found.values
    if phase == 1 and found.method == "successive":
        return np.full(share.shape, known_limit(p, level))
    if phase == 1 and found.method == "sample":
        n = found.values
        if n < p + 2:
            raise ValueError(
                f"{n} complete values are too few for limits on {p} variables: at least {p + 2} are needed"
            )
        return np.full(share.shape, (n - 1) ** 2 / n * float(betaincinv(p / 2, (n - p - 1) / 2, level)))
    if phase == 1 and np.any(share >= 1):
        raise ValueError("a subgroup that is all the data cannot be judged by them: at least two subgroups are needed")
    rest = found.dof - p + 1
    if rest <= 0:
        raise ValueError(
            f"{found.dof:.1f} degrees of freedom are too few for limits on {p} variables: collect more values, "
            "or chart fewer variables"
        )
    widening = 1.0 - share if phase == 1 else 1.0 + share
    return np.asarray(widening * (p * found.dof / rest * float(fdtri(p, rest, level))))


def _check_level(level: float) -> None:
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is a probability between 0 and 1, such as 0.9973; given was {level!r}")
