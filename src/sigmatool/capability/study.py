"""From points to the numbers of a capability study: sigma within and overall, every index, the shares outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from ..caveats import Caveat
from ..data import Measurements
from ..errors import DataError, SettingsError
from ..numbers.capability_indices import Bounded, Sigma, c4_of, cpm_about_target, indices
from ..numbers.dependent_stage import worth
from ..numbers.dispersion import (
    INDIVIDUAL,
    SUBGROUP,
    Subgroups,
    moving_range,
    resolved,
    sigma_individuals,
    sigma_subgroups,
)
from ..numbers.sigma_dof import dof_individuals, dof_subgroups
from ..numbers.variance_sum import VarianceSum, variance_sum
from . import caveat_words
from .asked import Asked
from .gate import Gate, gate

Floats = NDArray[np.float64]

FEW = 25
"""Values below which every interval is so wide that a caveat says it."""

GROUPED_ALPHA = 0.05
"""Level at which subgroups are held to differ by more than their own spread makes."""


@dataclass(frozen=True)
class Study:
    """The numbers of a study. Distances are taken from ``origin``, so that a large level costs no digits.

    Attributes
    ----------
    x : (n,) array
        Values that count, in order.
    points : (k,) array
        Single values or means of subgroups, NaN where missing or excluded.
    mean : float
    within, overall : Sigma
        ``within`` is 0 where neighbours do not differ at all.
    sigma_method : str
    between : float or None
        Sigma between subgroups beyond what the spread inside them makes.
    families : mapping
        ``c``: indices of sigma within; ``p``: of all values; ``bw``: of sigma between and within together.
        ``sigmas``: the sigma of each.
    observed : (int, int)
        Values below and above the specification.
    """

    x: Floats
    points: Floats
    origin: float
    mean: float
    within: Sigma
    overall: Sigma
    sigma_method: str
    between: float | None
    n_mean: float
    families: dict[str, dict[str, Bounded]]
    sigmas: dict[str, Sigma]
    cpm_about_target: Bounded | None
    observed: tuple[int, int]
    gate: Gate
    caveats: tuple[Caveat, ...]

    @property
    def n(self) -> int:
        return int(self.x.size)


def study(points: Measurements, asked: Asked) -> Study:
    """Work out a study.

    Raises
    ------
    DataError
        Values that do not vary.
    SettingsError
        An estimator that does not go with the data.
    """
    values = np.where(points.excluded[:, None], np.nan, points.values) if points.excluded.any() else points.values
    grouped = values.shape[1] > 1
    seen = np.isfinite(values)
    flat = values.ravel() if seen.all() else values[seen]
    if flat.size < 2:
        raise DataError(f"column {points.name!r} holds {flat.size} usable value; a capability study needs at least 2.")
    origin = float(flat[0])
    y = flat - origin
    mean, s = float(y.mean()), float(y.std(ddof=1))
    if resolved(s, float(max(abs(flat.max()), abs(flat.min())))) == 0:
        raise DataError(
            f"column {points.name!r} holds the same value ({origin:.10g}) in all {flat.size} usable rows: nothing "
            "varies, so no index exists. If the instrument rounds, record more digits."
        )
    caveats: list[Caveat] = []
    centered = values - origin
    held = Subgroups(centered)
    means = held.mean if grouped else centered[:, 0]
    sizes = seen.sum(axis=1) if grouped else np.ones(values.shape[0], dtype=np.int64)
    found = gate(means + origin, np.maximum(sizes, 1), asked.frozen, held.sd if grouped else None)
    within, method = _within(centered, held, grouped, asked)
    overall, n_mean = _dependence(y, means, sizes, grouped, found, s, asked.confidence, caveats)
    between = _between(means, sizes, within) if grouped else None
    if flat.size < FEW:
        caveats.append(caveat_words.few_values(flat.size))
    if within.value == 0:
        caveats.append(caveat_words.no_spread_within())
    limits = _limits(asked, origin)
    sigmas = {"c": within, "p": overall}
    families = {"p": indices(mean, overall, n_mean, *limits, level=asked.confidence)}
    if within.value > 0:
        # the error of the mean is that of all values, whatever the spread inside the subgroups
        families["c"] = indices(mean, within, n_mean * (within.value / s) ** 2, *limits, level=asked.confidence)
    if between is not None and max(between, within.value) > 0:
        sigmas["bw"], worth = _between_and_within(means, sizes, within, between, asked.confidence)
        families["bw"] = indices(mean, sigmas["bw"], worth, *limits, level=asked.confidence)
    about = None
    if not np.isnan(limits[2]):
        about = cpm_about_target(mean, s**2, float(y.size), *limits, level=asked.confidence)
    return Study(
        x=flat, points=means + origin, origin=origin, mean=origin + mean, within=within, overall=overall,
        sigma_method=method, between=between, n_mean=n_mean, families=families, sigmas=sigmas,
        cpm_about_target=about, observed=_observed(flat, asked), gate=found, caveats=tuple(caveats),
    )  # fmt: skip


def _limits(asked: Asked, origin: float) -> tuple[float, float, float]:
    lsl, usl, target = asked.lsl, asked.usl, asked.specification.target
    return (
        -np.inf if lsl is None else lsl - origin,
        np.inf if usl is None else usl - origin,
        np.nan if target is None else target - origin,
    )


def _within(centered: Floats, held: Subgroups, grouped: bool, asked: Asked) -> tuple[Sigma, str]:
    """Sigma within: frozen, known, or by the estimator asked for; default moving range, or pooled within subgroups."""
    if asked.frozen is not None:
        return Sigma(asked.frozen.sigma, 1e9), "frozen limits"
    if isinstance(asked.sigma, float):
        return Sigma(asked.sigma, 1e9), "known"
    if not grouped:
        method = asked.sigma or "moving-range"
        if method not in INDIVIDUAL:
            raise SettingsError(
                f"sigma {method!r} needs subgroups (-g); for single values choose {', '.join(INDIVIDUAL)}."
            )
        column = centered[:, 0]
        moved = moving_range(column)
        moved = moved[np.isfinite(moved)]
        if method == "overall":
            value, dof = sigma_individuals(column, method), float(np.isfinite(column).sum() - 1)
        elif moved.size == 0:
            raise DataError(
                "no two neighbouring values are there: sigma from moving ranges does not exist; give sigma."
            )
        else:
            value = sigma_individuals(moved, method, ranges=True)
            dof = dof_individuals(moved.size + 1, method)
        return Sigma(value, dof, float(c4_of(dof))), method
    method = asked.sigma or "pooled"
    if method == "overall":
        seen = centered[np.isfinite(centered)]
        return Sigma(sigma_individuals(seen, "overall"), seen.size - 1.0, float(c4_of(seen.size - 1.0))), method
    if method not in SUBGROUP:
        raise SettingsError(f"sigma {method!r} is for single values; with subgroups choose {', '.join(SUBGROUP)}.")
    if not (held.n > 1).any():
        raise DataError("no subgroup holds two values: there is no spread within; leave subgroup out.")
    dof = dof_subgroups(held.n, method)
    return Sigma(sigma_subgroups(held, method), dof, float(c4_of(dof))), method


def _dependence(
    y: Floats, means: Floats, sizes: NDArray[np.int64], grouped: bool, found: Gate, s: float, level: float,
    caveats: list[Caveat],
) -> tuple[Sigma, float]:  # fmt: skip
    """The overall sigma with its error, and values that the mean is worth, fewer where values depend on each other:
    reduced only where the dependence is plain, and said."""
    n = float(y.size)
    if grouped:
        seen = np.isfinite(means)
        k = int(seen.sum())
        if k < 3 or y.size <= k:
            return Sigma(s, n - 1), n
        mean_square = _mean_square(means, sizes)
        inside = max((n - 1) * s**2 - (k - 1) * mean_square, 0.0) / (y.size - k)
        if inside > 0 and fdtrc(k - 1, y.size - k, mean_square / inside) < GROUPED_ALPHA:
            caveats.append(caveat_words.subgroups_differ())
            m = y.size / k
            total = variance_sum([mean_square / m, inside * (1 - 1 / m)], [k - 1.0, float(y.size - k)], level)
            return _summed(s, total), max(s**2 * y.size / mean_square, 1.0)
        return Sigma(s, n - 1), n
    r = found.autocorrelation
    if found.judged_by != "stability test" or r < 2 / np.sqrt(min(found.points, y.size)) or y.size < 20:
        return Sigma(s, n - 1), n
    r = min(r, 0.9)
    caveats.append(caveat_words.autocorrelated(r))
    of_mean, of_variance = worth(n, r)
    return Sigma(s, max(of_variance - 1, 1.0)), max(of_mean, 1.0)


def _mean_square(means: Floats, sizes: NDArray[np.int64]) -> float:
    """Mean square between subgroups."""
    seen = np.isfinite(means)
    y, n = means[seen], sizes[seen]
    return float((n * (y - np.average(y, weights=n)) ** 2).sum() / (y.size - 1))


def _summed(value: float, total: VarianceSum) -> Sigma:
    return Sigma(value, total.dof, ends=(float(np.sqrt(total.low)), float(np.sqrt(total.high))))


def _of_means(means: Floats) -> tuple[float, float]:
    """Sigma of the means of subgroups from their moving ranges, and its degrees of freedom; NaN without a range."""
    moved = moving_range(means)
    moved = moved[np.isfinite(moved)]
    if moved.size == 0:
        return np.nan, np.nan
    return sigma_individuals(moved, "moving-range", ranges=True), dof_individuals(moved.size + 1, "moving-range")


def _between(means: Floats, sizes: NDArray[np.int64], within: Sigma) -> float | None:
    """Sigma between subgroups from moving ranges of their means, less what the spread inside makes of them."""
    of_means = _of_means(means)[0]
    if np.isnan(of_means):
        return None
    size = 1 / float((1 / sizes[sizes > 0]).mean())
    return float(np.sqrt(max(of_means**2 - float(within.value) ** 2 / size, 0.0)))


def _between_and_within(
    means: Floats, sizes: NDArray[np.int64], within: Sigma, between: float, level: float
) -> tuple[Sigma, float]:
    """Both together, with the errors of each, and values that the mean is worth beside them."""
    value, (of_means, dof) = float(np.hypot(between, within.value)), _of_means(means)
    size = 1 / float((1 / sizes[sizes > 0]).mean())
    # squares of what is right on average are too large by the variance of it
    parts = [
        (of_means * float(c4_of(dof))) ** 2,
        (float(within.value) * float(within.bias)) ** 2 * (1 - 1 / size),
    ]
    total = variance_sum(parts, [dof, float(within.dof)], level)
    mean_square = _mean_square(means, sizes)
    worth = value**2 * float(sizes.sum()) / mean_square if mean_square > 0 else np.inf
    return _summed(value, total), max(worth, 1.0)


def _observed(x: Floats, asked: Asked) -> tuple[int, int]:
    below = 0 if asked.lsl is None else int((x < asked.lsl).sum())
    above = 0 if asked.usl is None else int((x > asked.usl).sum())
    return below, above
