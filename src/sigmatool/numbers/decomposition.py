"""Which variables drive a point of several variables away from their center?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri

from .multivariate import Estimate, factor, means, squared_distance

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """T2 of k points taken apart by variable; every field but ``total`` is (k, p).

    ``deviation`` is the signed distance from the center in standard deviations of the plotted point; ``unconditional``
    its square, the T2 of the variable alone; ``conditional`` what T2 loses when the variable is left out, that is, how
    far it lies from what the other variables foretell; ``share`` its part of T2, the parts summing to one.
    """

    total: Floats
    deviation: Floats
    unconditional: Floats
    conditional: Floats
    share: Floats


def decompose(x: Floats, center: ArrayLike, covariance: ArrayLike, names: Sequence[str] = ()) -> Decomposition:
    """Take the T2 of each point apart by variable.

    Parameters
    ----------
    x : (k, p) or (k, m, p) array
        The points in question, mostly those that signal; individuals or subgroups.
    center, covariance : (p,) and (p, p) arrays
        As for ``t_squared``.
    names : sequence of str, optional
        Names of the variables, for the messages.

    Raises
    ------
    ValueError
        The covariance has no inverse; the message names the variable.

    Notes
    -----
    With ``z`` the deviations in standard deviations, R their correlations and ``Q = R^-1``: unconditional
    ``T2_j = z_j^2``; conditional ``T2_(j . rest) = T2 - T2_(j) = (Qz)_j^2 / Q_jj``. The conditional terms do not sum to
    T2: two variables that move together explain each other, and both terms are small. The shares do, and are
    symmetric in the variables: ``(R^-1/2 z)_j^2 / T2``, from the white variables that are most correlated, one by one,
    with the given ones.

    References
    ----------
    Mason, Tracy & Young (1995), Journal of Quality Technology 27; Mason, Tracy & Young (1997), Journal of Quality
    Technology 29; Garthwaite & Koch (2016), Australian & New Zealand Journal of Statistics 58 (shares).

    Examples
    --------
    >>> parts = decompose(np.array([[3.0, 0.0]]), [0, 0], [[1, 0.8], [0.8, 1]])
    >>> parts.total.round(2).tolist(), parts.conditional.round(2).tolist(), parts.share.round(2).tolist()
    ([25.0], [[25.0, 16.0]], [[0.8, 0.2]])
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    z, correlation, precision = _standardised(x, center, matrix, names)
    total = squared_distance(z, correlation, names)
    values, vectors = np.linalg.eigh(correlation)
    white = z @ (vectors / np.sqrt(values)) @ vectors.T
    share = np.divide(white**2, total[:, None], out=np.zeros_like(z), where=total[:, None] > 0)
    return Decomposition(total, z, z**2, (z @ precision) ** 2 / np.diagonal(precision), share)


def _standardised(
    x: Floats, center: ArrayLike, covariance: Floats, names: Sequence[str]
) -> tuple[Floats, Floats, Floats]:
    """Deviations in standard deviations of the point, their correlations, and the inverse of these."""
    from scipy.linalg import cho_solve

    scale, lower = factor(covariance, names)
    mean, size = means(x)
    z = (mean - np.asarray(center, dtype=np.float64)) / scale * np.sqrt(size)[:, None]
    precision = np.asarray(cho_solve((lower, True), np.eye(len(scale))))
    return z, covariance / np.outer(scale, scale), precision


def term_limit(found: Estimate, level: float, given: int = 0, rest: ArrayLike = 0.0, size: ArrayLike = 1) -> Floats:
    """Upper limit of one term of a later point's T2: a variable, given so many others.

    Parameters
    ----------
    found : Estimate
    level : float
        Probability that the term of a stable process lies below.
    given : int, default 0
        Number of variables conditioned on: 0 for an unconditional term, p - 1 for a conditional one.
    rest : float or array, default 0
        T2 of the variables conditioned on, ``total - conditional``. What they foretell is the less certain the
        further out they lie.
    size : int or array of int, default 1
        Number of values in the point.

    Returns
    -------
    array in the shape of ``rest`` and ``size``

    Raises
    ------
    ValueError
        No more degrees of freedom than variables conditioned on.

    Notes
    -----
    ``((1 + m/N) f + rest) / (f - given) F(1, f - given)``; exact for ``within`` and ``sample``. With ``rest = 0`` and
    the sample covariance of individuals it is ``(n + 1)(n - 1) / (n (n - given - 1)) F(1, n - given - 1)``, the limit
    that Mason, Tracy & Young print; with 12 points and 3 variables, conditional terms pass that one nearly twice as
    often as its level says.

    References
    ----------
    Mason, Tracy & Young (1997), Journal of Quality Technology 29; Rao (1973), Linear Statistical Inference and Its
    Applications, ch. 8 (test of additional information).

    Examples
    --------
    >>> found = Estimate(np.zeros(2), np.eye(2), "sample", 30, 29)
    >>> float(term_limit(found, 0.99).round(3)), float(term_limit(found, 0.99, given=1, rest=4.0).round(3))
    (7.851, 9.263)
    """
    left = found.dof - given
    if left <= 0:
        raise ValueError(f"{found.dof:.1f} degrees of freedom are too few for a term given {given} variables")
    spread = (1.0 + np.asarray(size, dtype=np.float64) / found.values) * found.dof + np.asarray(rest)
    return np.asarray(spread / left * float(fdtri(1, left, level)))


def drivers(x: Floats, center: ArrayLike, covariance: ArrayLike, limits: ArrayLike, names: Sequence[str] = ()) -> Bools:
    """Which variables, left out, still the signal?

    Parameters
    ----------
    x : (k, p) or (k, m, p) array
        The points that signal.
    center, covariance : (p,) and (p, p) arrays
    limits : (p,) or (k, p) array
        Limits of T2 for 1, 2, ... p variables, so the last is the chart's own.
    names : sequence of str, optional
        Names of the variables, for the messages.

    Returns
    -------
    (k, p) array of bool
        True for the drivers; none where T2 is within its limit.

    Notes
    -----
    The variable with the largest conditional term is left out, and again among the rest, until T2 of what is left is
    within the limit for so many variables. Two variables that moved together are both named, although each alone is
    explained by the other. Step by step is not always the fewest.

    References
    ----------
    After Mason, Tracy & Young (1997), Journal of Quality Technology 29.

    Examples
    --------
    >>> drivers(np.array([[3.0, 3.0], [3.0, 0.0]]), [0, 0], [[1, 0.8], [0.8, 1]], [6.6, 9.2]).tolist()
    [[True, True], [True, False]]
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    z, correlation, inverse = _standardised(x, center, matrix, names)
    k, p = z.shape
    bounds = np.broadcast_to(np.asarray(limits, dtype=np.float64), (k, p))
    left = squared_distance(z, correlation, names)
    precision = np.repeat(inverse[None], k, axis=0)
    score = z @ inverse
    out = np.zeros((k, p), dtype=bool)
    rows = np.arange(k)
    for remaining in range(p, 0, -1):
        rows = rows[left[rows] > bounds[rows, remaining - 1]]
        diagonal = np.where(out[rows], 1.0, np.diagonal(precision[rows], axis1=1, axis2=2))
        term = np.where(out[rows], -1.0, score[rows] ** 2 / diagonal)
        first = term.argmax(axis=1)
        left[rows] -= term[np.arange(rows.size), first]
        pivot = precision[rows, :, first] / precision[rows, first, first][:, None]
        score[rows] -= pivot * score[rows, first][:, None]
        precision[rows] -= pivot[:, :, None] * precision[rows, first, :][:, None, :]
        out[rows, first] = True
    return out
