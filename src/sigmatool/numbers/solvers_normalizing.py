"""Maximum likelihood for transformations to normality: many samples at once.

Given the transformation, mean and standard deviation follow; what is left are its one or two parameters. Johnson's
families, too, are fitted so, not by the four percentiles of Slifker & Shapiro (1980, Technometrics 22): those use
little of the sample, hang on the percentiles that are picked, and have no likelihood to be compared by.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .climb import Flags, Rows, climb
from .solvers import thin
from .transforms import POWER_BOUNDS, box_cox, yeo_johnson

Floats = NDArray[np.float64]


def _log_sd(y: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(y.std(axis=1), 1e-300)), dtype=np.float64)


def _power(
    rows: Rows, transform: Callable[[Floats, Floats], Floats], slope: Callable[[Floats], Floats], start: Floats | None
) -> tuple[Floats, Floats, Flags]:
    """Power, mean and standard deviation (B, 3); ``slope`` is the mean logarithm that a power multiplies."""

    def value(some: Rows, theta: Floats) -> Floats:
        return np.asarray((theta[:, 0] - 1) * slope(some.x) - _log_sd(transform(some.x, theta)), dtype=np.float64)

    if start is None:
        tried = np.linspace(*POWER_BOUNDS, 21)[:, None]
        start = tried[[int(np.argmax(value(thin(rows).repeat(len(tried)), tried)))]]
    theta, settled = climb(value, rows, start, np.array([POWER_BOUNDS[0]]), np.array([POWER_BOUNDS[1]]))
    y = transform(rows.x, theta)
    return np.column_stack([theta[:, 0], y.mean(axis=1), np.maximum(y.std(axis=1), 1e-300)]), theta, settled


def box_cox_power(rows: Rows, start: Floats | None) -> tuple[Floats, Floats, Flags]:
    """Power of Box & Cox with mean and standard deviation (B, 3)."""
    return _power(rows, box_cox, lambda x: np.asarray(np.log(x).mean(axis=1)), start)


def yeo_johnson_power(rows: Rows, start: Floats | None) -> tuple[Floats, Floats, Flags]:
    """Power of Yeo & Johnson with mean and standard deviation (B, 3)."""
    return _power(rows, yeo_johnson, lambda x: np.asarray((np.sign(x) * np.log1p(np.abs(x))).mean(axis=1)), start)


def johnson_su(rows: Rows, start: Floats | None) -> tuple[Floats, Floats, Flags]:
    """Gamma, delta, xi, lambda (B, 4) of Johnson's unbounded family.

    Raises
    ------
    ValueError
        Where the tails are no heavier than those of a normal or lognormal distribution, to which it then tends.
    """

    def scale_of(x: Floats, theta: Floats) -> Floats:
        return np.asarray(np.arcsinh((x - theta[:, :1]) * np.exp(-theta[:, 1:])), dtype=np.float64)

    def value(some: Rows, theta: Floats) -> Floats:
        part = (some.x - theta[:, :1]) * np.exp(-theta[:, 1:])
        slope = -0.5 * np.log1p(part**2).mean(axis=1) - theta[:, 1]
        return np.asarray(slope - _log_sd(np.arcsinh(part)), dtype=np.float64)

    first = start is None
    if start is None:
        tried = np.array([[xi, size] for xi in (-3.0, -1.0, 0.0, 1.0, 3.0) for size in (-1.0, 0.0, 1.0, 2.0)])
        start = tried[[int(np.argmax(value(thin(rows).repeat(len(tried)), tried)))]]
    low, high = np.array([-50.0, -8.0]), np.array([50.0, 4.5])
    theta, settled = climb(value, rows, start, low, high)
    if first and (not settled[0] or np.any((theta < low + 0.01) | (theta > high - 0.01))):
        raise ValueError("it tends to the normal or lognormal distribution: the tails are no heavier")
    w = scale_of(rows.x, theta)
    delta = 1 / np.maximum(w.std(axis=1), 1e-300)
    return (
        np.column_stack([-w.mean(axis=1) * delta, delta, theta[:, 0], np.exp(theta[:, 1])]),
        theta,
        settled,
    )


def johnson_sb(rows: Rows, start: Floats | None) -> tuple[Floats, Floats, Flags]:
    """Gamma, delta, xi, lambda (B, 4) of Johnson's bounded family.

    Raises
    ------
    ValueError
        Where no end lies at a distance: the likelihood grows as one nears the data (it has no bound there) or runs
        away from them.
    """

    def parts(some: Rows, theta: Floats) -> tuple[Floats, Floats, Floats]:
        below, above = np.exp(theta[:, :1]), np.exp(theta[:, 1:])
        length = (some.high - some.low)[:, None] + below + above
        return (
            np.log(some.x - some.low[:, None] + below),
            np.log(some.high[:, None] - some.x + above),
            np.asarray(length[:, 0], dtype=np.float64),
        )

    def value(some: Rows, theta: Floats) -> Floats:
        rise, fall, length = parts(some, theta)
        return np.asarray(
            np.log(length) - rise.mean(axis=1) - fall.mean(axis=1) - _log_sd(rise - fall), dtype=np.float64
        )

    first = start is None
    if start is None:
        start = _first_ends(thin(rows, 400), value)
    low, high = start - 3.0, start + 3.0
    theta, settled = climb(value, rows, start, low, high)
    if first and (not settled[0] or np.any((theta < low + 0.01) | (theta > high - 0.01))):
        raise ValueError("an end of the support runs into the values or away from them")
    rise, fall, length = parts(rows, theta)
    w = rise - fall
    delta = 1 / np.maximum(w.std(axis=1), 1e-300)
    xi = rows.low - np.exp(theta[:, 0])
    return np.column_stack([-w.mean(axis=1) * delta, delta, xi, length]), theta, settled


def _first_ends(rows: Rows, value: Callable[[Rows, Floats], Floats]) -> Floats:
    """The highest point of a grid that is higher than all its neighbours."""
    steps = np.arange(-6.0, 5.1, 1.0)
    tried = np.array([[a, b] for a in steps for b in steps])
    height = value(rows.repeat(len(tried)), tried).reshape(steps.size, steps.size)
    middle = height[1:-1, 1:-1]
    top = np.ones(middle.shape, dtype=bool)
    m = steps.size - 2
    for i in range(3):
        for j in range(3):
            if (i, j) != (1, 1):
                top &= middle > height[i : i + m, j : j + m]
    if not top.any():
        raise ValueError("an end of the support runs into the values or away from them")
    at = np.unravel_index(int(np.argmax(np.where(top, middle, -np.inf))), middle.shape)
    return np.array([[steps[at[0] + 1], steps[at[1] + 1]]])
