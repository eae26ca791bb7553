"""Maximum likelihood for families with a shape, a scale, a threshold: many samples at once.

Rows are in ascending order and on a scale of their own (see ``families``); every solver gives parameters on that scale.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammainc, gammaln, polygamma

from .climb import Flags, Rows, climb

Floats = NDArray[np.float64]

EULER = 0.5772156649015329

GRID = np.linspace(-9.0, 6.5, 32)
"""Logarithms of the distance between threshold and smallest value at which the likelihood is looked at."""

THIN = 1_000
"""Evenly spaced values of a large sample that are enough to find where to begin."""


def thin(rows: Rows, most: int = THIN) -> Rows:
    """Evenly spaced values of rows that are longer than ``most``."""
    n = rows.x.shape[1]
    if n <= most:
        return rows
    return Rows(rows.x[:, ((np.arange(most) + 0.5) * n / most).astype(int)], rows.low, rows.high)


def smallest_extreme(x: Floats, iterations: int = 60) -> tuple[Floats, Floats]:
    """Location and scale of the smallest extreme value distribution, by Newton's method on the scale.

    The equation ``sum x e^(x/b) / sum e^(x/b) - mean x - b = 0`` falls in b, so that it has one root (Lawless 2003,
    Statistical Models and Methods for Lifetime Data, 5.2).
    """
    top, mean = x.max(axis=-1), x.mean(axis=-1)
    b = np.maximum(x.std(axis=-1) * np.sqrt(6) / np.pi, 1e-300)
    for _ in range(iterations):
        weight = np.exp((x - top[..., None]) / b[..., None])
        total = weight.sum(axis=-1)
        first = (weight * x).sum(axis=-1) / total
        second = (weight * (x - first[..., None]) ** 2).sum(axis=-1) / total
        new = np.maximum(b + (first - mean - b) / (1 + second / b**2), b / 5)
        done = np.abs(new - b) <= 1e-12 * b
        b = new
        if done.all():
            break
    return top + b * np.log(np.exp((x - top[..., None]) / b[..., None]).mean(axis=-1)), b


def gamma_shape(spread: Floats) -> Floats:
    """Shape of the gamma distribution from ``log(mean) - mean(log)``, by Newton's method.

    Start: Choi & Wette (1969), Technometrics 11.

    Examples
    --------
    >>> shape = gamma_shape(np.array([0.1]))
    >>> bool(abs(np.log(shape) - digamma(shape) - 0.1) < 1e-12)
    True
    """
    s = np.maximum(spread, 1e-14)
    k = (3 - s + np.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s)
    for _ in range(20):
        new = 1 / (1 / k + (np.log(k) - digamma(k) - s) / (k**2 * (1 / k - polygamma(1, k))))
        done = np.abs(new - k) <= 1e-13 * k
        k = np.where(new > 0, new, k / 2)
        if done.all():
            break
    return np.asarray(k, dtype=np.float64)


def gamma(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Shape, rate and mean log likelihood.

    Shapes of millions, which a far threshold brings, leave no digits in the plain formulas: ``log(mean) - mean(log)``
    comes from the relative deviations, ``k log k - k - log Gamma(k)`` from Stirling's series.
    """
    mean = x.mean(axis=-1)
    s = -np.log1p((x - mean[..., None]) / mean[..., None]).mean(axis=-1)
    k = gamma_shape(s)
    stirling = 0.5 * np.log(k / (2 * np.pi)) - 1 / (12 * k) + 1 / (360 * k**3)
    plain = k * np.log(k) - k - gammaln(k)
    value = np.where(k > 100, stirling, plain) - np.log(mean) - (k - 1) * s
    return k, k / mean, np.asarray(value, dtype=np.float64)


def weibull(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Shape, scale and mean log likelihood."""
    log_x = np.log(x)
    location, b = smallest_extreme(log_x)
    mean = log_x.mean(axis=-1)
    return 1 / b, np.exp(location), np.asarray(-np.log(b) + (mean - location) / b - 1 - mean, dtype=np.float64)


def lognormal(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean and standard deviation of the logarithms, and mean log likelihood but for a constant."""
    log_x = np.log(x)
    mean, sd = log_x.mean(axis=-1), np.maximum(log_x.std(axis=-1), 1e-300)
    return mean, sd, np.asarray(-np.log(sd) - mean, dtype=np.float64)


def logistic(rows: Rows, start: Floats | None) -> tuple[Floats, Floats, Flags]:
    """Location and scale (B, 2) of the logistic distribution."""

    def value(some: Rows, theta: Floats) -> Floats:
        z = np.abs(some.x - theta[:, :1]) * np.exp(-theta[:, 1:])
        return np.asarray(-theta[:, 1] - (z + 2 * np.log1p(np.exp(-z))).mean(axis=1), dtype=np.float64)

    if start is None:
        start = np.array([[0.0, np.log(float(rows.x.std()) * np.sqrt(3) / np.pi)]])
    theta, settled = climb(value, rows, start, np.array([-50.0, -20.0]), np.array([50.0, 20.0]))
    return np.column_stack([theta[:, 0], np.exp(theta[:, 1])]), theta, settled


def folded_normal(rows: Rows, start: Floats | None) -> tuple[Floats, Floats, Flags]:
    """Mean and standard deviation (B, 2) of the normal distribution whose sign was lost.

    At the maximum ``mean^2 + sd^2`` is the mean square of the values, which leaves ``mean / sd`` to be sought (Leone,
    Nelson & Nottingham 1961, Technometrics 3). Where the fourth moment is at least three times the squared second, the
    maximum is the half normal distribution.
    """

    def value(some: Rows, theta: Floats) -> Floats:
        k = np.abs(theta)
        size = np.sqrt((some.x**2).mean(axis=1, keepdims=True) / (1 + k**2))
        z = some.x / size
        inner = -0.5 * (z - k) ** 2 + np.log1p(np.exp(-2 * k * z))
        return np.asarray(inner.mean(axis=1) - np.log(size[:, 0]), dtype=np.float64)

    if start is None:
        tried = np.array([0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0, 40.0])[:, None]
        start = tried[[int(np.argmax(value(thin(rows).repeat(len(tried)), tried)))]]
    theta, settled = climb(value, rows, start, np.array([1e-3]), np.array([1e6]))
    square = (rows.x**2).mean(axis=1)
    half = (rows.x**4).mean(axis=1) >= 3 * square**2
    k = np.where(half, 0.0, theta[:, 0])
    sd = np.sqrt(square / (1 + k**2))
    return np.column_stack([k * sd, sd]), np.maximum(theta, 0.05), settled | half


Inner = Callable[[Floats], tuple[Floats, Floats, Floats]]


def threshold(
    rows: Rows,
    inner: Inner,
    chance: Callable[[Floats, Floats, Floats], Floats],
    start: Floats | None,
    held: bool,
    n: int,
) -> tuple[Floats, Floats, Flags, bool]:
    """The two parameters of a family above its threshold, and the threshold (B, 3).

    Parameters
    ----------
    rows : Rows
    inner : callable
        Both parameters and the mean log likelihood of distances above the threshold.
    chance : callable
        Chance below a distance, given both parameters.
    start : (B, 1) array or None
        Logarithm of the distance between threshold and smallest value; None searches for it.
    held : bool
        Keep the distance as it is.
    n : int
        Values that the smallest one is the smallest of; more than a row's length where that is a sketch.

    Raises
    ------
    ValueError
        Where the likelihood is greatest for a threshold at minus infinity.

    Notes
    -----
    The likelihood grows without bound as the threshold nears the smallest value, so its largest local maximum is
    sought over the logarithm of their distance. Where there is none the threshold is where the smallest value has the
    chance ``1 / (n + 1)`` below it, with the other parameters of greatest likelihood (Cohen & Whitten 1982,
    Communications in Statistics B 11: modified maximum likelihood).
    """

    def value(some: Rows, theta: Floats) -> Floats:
        return inner(some.x - some.low[:, None] + np.exp(theta))[2]

    if start is None:
        start, held = _first_distance(rows, inner, chance, n)
    settled = np.ones(len(rows.x), dtype=bool)
    theta = start
    if not held:
        width = 2.5 if len(rows.x) > 1 else 1.0
        theta, settled = climb(value, rows, start, start - width, start + width)
    distance = np.exp(theta)
    first, second, _ = inner(rows.x - rows.low[:, None] + distance)
    return np.column_stack([first, second, rows.low - distance[:, 0]]), theta, settled, held


def _first_distance(
    rows: Rows, inner: Inner, chance: Callable[[Floats, Floats, Floats], Floats], n: int
) -> tuple[Floats, bool]:
    """Where a local maximum lies, else where the smallest value has its expected chance; and whether so."""
    many = rows.repeat(GRID.size)
    distance = np.exp(GRID)
    first, second, likelihood = inner(many.x - many.low[:, None] + distance[:, None])
    inside = np.flatnonzero((likelihood[1:-1] > likelihood[:-2]) & (likelihood[1:-1] >= likelihood[2:])) + 1
    if inside.size and likelihood[inside].max() > likelihood[-1]:
        return np.array([[GRID[inside[int(np.argmax(likelihood[inside]))]]]]), False
    below = chance(distance, first, second) - 1 / (n + 1)
    crossing = np.flatnonzero((below[:-1] < 0) & (below[1:] >= 0))
    if likelihood[-1] >= likelihood[-2] or not crossing.size:
        raise ValueError("the threshold runs away from the values: the family is no better than its limit without one")
    near, far = GRID[int(crossing[0])], GRID[int(crossing[0]) + 1]
    for _ in range(20):
        middle = 0.5 * (near + far)
        distance = np.exp([middle])
        first, second, _ = inner(rows.x - rows.low[:, None] + distance[:, None])
        near, far = (middle, far) if float(chance(distance, first, second)[0]) < 1 / (n + 1) else (near, middle)
    return np.array([[0.5 * (near + far)]]), True


def gamma_chance(x: Floats, shape: Floats, rate: Floats) -> Floats:
    """Chance below ``x``."""
    return np.asarray(gammainc(shape, rate * x), dtype=np.float64)


def weibull_chance(x: Floats, shape: Floats, scale: Floats) -> Floats:
    """Chance below ``x``."""
    return np.asarray(-np.expm1(-((x / scale) ** shape)), dtype=np.float64)
