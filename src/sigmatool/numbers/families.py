"""Which member of a family fits the data best? Maximum likelihood, the same for one sample and for many.

Each sample is first brought to a scale of its own (its median is 1, or its median 0 and its quartiles a fixed distance
apart), so that no fit depends on unit or origin.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from . import solvers, solvers_normalizing
from .climb import Flags, Rows
from .distribution import Family, Fitted, log_density
from .laws import LAWS

Floats = NDArray[np.float64]

FAMILIES = tuple(LAWS)
"""Names that can be fitted."""

SKETCH = 20_000
"""Evenly spaced order statistics that stand for a larger sample."""

POSITIVE = ("lognormal", "weibull", "gamma", "box-cox")
NOT_NEGATIVE = ("exponential", "folded-normal")

Solved = tuple[Floats, Floats, Flags, bool]


def sketch(ordered: Floats, most: int = SKETCH) -> Floats:
    """Evenly spaced order statistics of a sample in ascending order; the sample itself up to ``most`` values.

    Examples
    --------
    >>> sketch(np.arange(9.0), 3)
    array([1., 4., 7.])
    """
    n = ordered.shape[-1]
    return ordered if n <= most else ordered[..., ((np.arange(most) + 0.5) * n / most).astype(np.int64)]


def fit(name: str, x: Floats, *, ordered: bool = False) -> Fitted:
    """The most likely member of a family.

    Parameters
    ----------
    name : str
        One of ``FAMILIES``.
    x : (n,) array
        Without NaN.
    ordered : bool
        ``x`` is in ascending order.

    Raises
    ------
    ValueError
        Where the family cannot be: the sentence says why.

    Notes
    -----
    More than 20,000 values are represented by as many evenly spaced order statistics, and their smallest and largest
    value. ``exponential-2`` takes the unbiased threshold ``min - (mean - min) / (n - 1)`` (Lawless 2003, 4.4), for the
    most likely one is the smallest value itself.

    References
    ----------
    Johnson, Kotz & Balakrishnan (1994, 1995), Continuous Univariate Distributions 1-2.

    Examples
    --------
    >>> found = fit("lognormal", np.exp(np.array([1.0, 2.0, 3.0])))
    >>> round(found.parameters["meanlog"], 6), round(found.parameters["sdlog"], 6)
    (2.0, 0.816497)
    """
    if name not in LAWS:
        raise ValueError(f"{name!r} is not a family; known are {', '.join(FAMILIES)}")
    x = np.asarray(x if ordered else np.sort(x), dtype=np.float64)
    _check(name, x)
    law = LAWS[name]
    # the mean of values far from zero is exact only about one of them
    rows = Rows(sketch(x)[None], x[None, 0], x[None, -1])
    values, theta, settled, held = _solve(name, rows, None, False, x.size)
    if not settled[0] or not np.isfinite(values).all():
        raise ValueError("the search for the greatest likelihood did not converge")
    likelihood = mean_log_likelihood(law, rows.x[0], values[0]) * x.size
    if not np.isfinite(likelihood):
        raise ValueError("the likelihood is not finite at its maximum")
    parameters = {key: float(value) for key, value in zip(law.parameters, values[0], strict=True)}
    return Fitted(name, parameters, likelihood, x.size, law, tuple(theta[0].tolist()), held)


def refit(fitted: Fitted, ordered: Floats) -> Floats:
    """Parameters of the same family for many samples (B, n), each in ascending order: (B, parameters).

    The search begins where that of ``fitted`` ended. A sample that the family cannot describe gets the parameters at
    the edge of the search, or NaN.
    """
    if fitted.name == "empirical":
        raise ValueError("an empirical distribution has no parameters to fit")
    rows = Rows(ordered, ordered[:, 0], ordered[:, -1])
    start = np.tile(np.array(fitted.start, dtype=np.float64), (len(ordered), 1))
    values, _, _, _ = _solve(fitted.name, rows, start, fitted.held, ordered.shape[1])
    return values


def mean_log_likelihood(law: Family, x: Floats, values: Floats) -> float:
    """Per value."""
    with np.errstate(all="ignore"):
        return float(log_density(law, x, *values).mean())


def _check(name: str, ordered: Floats) -> None:
    n, free = ordered.size, LAWS[name].free
    if n and not (np.isfinite(ordered[0]) and np.isfinite(ordered[-1])):
        raise ValueError("holds values that are not finite")
    if n <= free:
        raise ValueError(f"{n} values cannot tell {free} parameters")
    if name in POSITIVE and ordered[0] <= 0:
        raise ValueError("holds values at or below zero")
    if name in NOT_NEGATIVE and ordered[0] < 0:
        raise ValueError("holds values below zero")
    if ordered[0] == ordered[-1]:
        raise ValueError("all values are equal")


def _solve(name: str, rows: Rows, start: Floats | None, held: bool, n: int) -> Solved:
    """Parameters in the unit of the data (B, p), the end of the search (B, k), whether it settled, and ``held``."""
    with np.errstate(all="ignore"):
        if name in POSITIVE or name in NOT_NEGATIVE:
            unit = np.median(rows.x, axis=1)
            unit = np.where(unit > 0, unit, np.maximum(rows.x.mean(axis=1), 1e-300))
            scaled = Rows(rows.x / unit[:, None], rows.low / unit, rows.high / unit)
            return (*_above_zero(name, scaled, start, unit), False)
        center, scale = middle_and_spread(rows.x)
        scaled = Rows(
            (rows.x - center[:, None]) / scale[:, None], (rows.low - center) / scale, (rows.high - center) / scale
        )
        return _anywhere(name, scaled, start, held, center, scale, n)


def middle_and_spread(ordered: Floats) -> tuple[Floats, Floats]:
    """Median, and the quartiles' distance as that of a normal standard deviation, of every row."""
    n = ordered.shape[-1]
    center = ordered[..., n // 2]
    spread = (ordered[..., (3 * n) // 4] - ordered[..., n // 4]) / 1.349
    rest = (ordered - center[..., None]).std(axis=-1)
    return center, np.where(spread > 0, spread, np.where(rest > 0, rest, 1.0))


def _above_zero(name: str, rows: Rows, start: Floats | None, unit: Floats) -> tuple[Floats, Floats, Flags]:
    x = rows.x
    fine, none = np.ones(len(x), dtype=bool), np.empty((len(x), 0))
    if name == "exponential":
        return (1 / (x.mean(axis=1) * unit))[:, None], none, fine
    if name == "lognormal":
        mean, sd, _ = solvers.lognormal(x)
        return np.column_stack([mean + np.log(unit), sd]), none, fine
    if name == "weibull":
        shape, scale, _ = solvers.weibull(x)
        return np.column_stack([shape, scale * unit]), none, fine
    if name == "gamma":
        shape, rate, _ = solvers.gamma(x)
        return np.column_stack([shape, rate / unit]), none, fine
    if name == "folded-normal":
        values, theta, settled = solvers.folded_normal(rows, start)
        return values * unit[:, None], theta, settled
    values, theta, settled = solvers_normalizing.box_cox_power(rows, start)
    return np.column_stack([values, unit]), theta, settled


def _anywhere(name: str, rows: Rows, start: Floats | None, held: bool, center: Floats, scale: Floats, n: int) -> Solved:
    x = rows.x
    fine, none = np.ones(len(x), dtype=bool), np.empty((len(x), 0))
    if name == "normal":
        return np.column_stack([center + scale * x.mean(axis=1), scale * x.std(axis=1)]), none, fine, False
    if name == "smallest-extreme-value":
        location, b = solvers.smallest_extreme(x)
        return np.column_stack([center + scale * location, scale * b]), none, fine, False
    if name == "largest-extreme-value":
        location, b = solvers.smallest_extreme(-x)
        return np.column_stack([center - scale * location, scale * b]), none, fine, False
    if name == "exponential-2":
        size = (x.mean(axis=1) - rows.low) * n / (n - 1)
        return np.column_stack([1 / (scale * size), center + scale * (rows.low - size / n)]), none, fine, True
    if name in _THRESHOLD:
        return _with_threshold(name, rows, start, held, (center, scale), n)
    values, theta, settled = _FREE[name](rows, start)
    if name == "logistic":
        values = np.column_stack([center + scale * values[:, 0], scale * values[:, 1]])
    elif name == "yeo-johnson":
        values = np.column_stack([values, center, scale])
    else:
        values = np.column_stack([values[:, :2], center + scale * values[:, 2], scale * values[:, 3]])
    return values, theta, settled, False


_FREE: dict[str, Callable[[Rows, Floats | None], tuple[Floats, Floats, Flags]]] = {
    "logistic": solvers.logistic,
    "yeo-johnson": solvers_normalizing.yeo_johnson_power,
    "johnson-su": solvers_normalizing.johnson_su,
    "johnson-sb": solvers_normalizing.johnson_sb,
}

_THRESHOLD: dict[str, tuple[solvers.Inner, Callable[[Floats, Floats, Floats], Floats]]] = {
    "weibull-3": (solvers.weibull, solvers.weibull_chance),
    "gamma-3": (solvers.gamma, solvers.gamma_chance),
    "johnson-sl": (solvers.lognormal, lambda x, mean, sd: np.asarray(ndtr((np.log(x) - mean) / sd))),
}


def _with_threshold(
    name: str, rows: Rows, start: Floats | None, held: bool, frame: tuple[Floats, Floats], n: int
) -> Solved:
    center, scale = frame
    values, theta, settled, held = solvers.threshold(rows, *_THRESHOLD[name], start, held, n)
    first, second, origin = values[:, 0], values[:, 1], center + scale * values[:, 2]
    if name == "weibull-3":
        return np.column_stack([first, second * scale, origin]), theta, settled, held
    if name == "gamma-3":
        return np.column_stack([first, second / scale, origin]), theta, settled, held
    delta = 1 / second
    return np.column_stack([-delta * (first + np.log(scale)), delta, origin]), theta, settled, held
