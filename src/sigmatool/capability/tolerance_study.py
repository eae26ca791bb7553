"""Limits of values to come: the method that was asked for, and the one beside it that trusts no distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..charts.words import number, percent, shown
from ..errors import DataError
from ..numbers.dispersion import overdispersion, resolved
from ..numbers.goodness import GoodnessOfFit, anderson_darling
from ..numbers.tolerance import Sides, attained_confidence, howe_factor, tolerance_factor
from ..numbers.tolerance_counts import binomial_tolerance, poisson_tolerance
from ..numbers.tolerance_ranks import rank_sample_size, tolerance_ranks
from ..points import Counts, Measurements
from . import caveat_words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST: Final = 8
"""Values under which nothing is said of normality."""

AGAINST: Final = 0.05
"""p of the test of normality, below which the data speak against it."""

DEPENDENT: Final = 0.3
"""Autocorrelation of neighbours from which fewer values count than are there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Settings, checked. ``sides``: ``2``, ``1``, ``lower`` or ``upper``."""

    coverage: float
    confidence: float
    sides: str
    method: str
    next_size: float | None

    @property
    def number(self) -> Sides:
        """Two limits together, or one at a time."""
        return 2 if self.sides == "2" else 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits by one method; NaN on a side that was not asked for.

    ``attained``: the confidence that they reach. ``how``: formula and source.
    """

    method: str
    lower: float
    upper: float
    attained: float
    how: str


@dataclass(frozen=True)
class Study:
    """Limits and what they rest on.

    Attributes
    ----------
    values : (n,) array
        In order, without gaps: measurements, or counts as so many in the next sample.
    at : (n,) array
        Their places among the points, from 0.
    limits : Limits
    beside : Limits or None
        Nonparametric limits, where the sample is large enough for them.
    normality : GoodnessOfFit or None
    factor, mean, sd : float
        NaN where the method has none.
    next_size : float
        Of the sample to come; NaN for measurements.
    needed : int
        Values that nonparametric limits need; 0 for counts.
    caveats : tuple of Caveat
    """

    values: Floats
    at: Ints
    limits: Limits
    beside: Limits | None
    normality: GoodnessOfFit | None
    factor: float
    mean: float
    sd: float
    next_size: float
    needed: int
    caveats: tuple[Caveat, ...]

    @property
    def not_normal(self) -> bool:
        """Whether the values speak against the distribution that the limits rest on."""
        return self.limits.method in ("normal", "howe") and self.normality is not None and self.normality.p < AGAINST


def limits_of_values(points: Measurements, asked: Asked) -> Study:
    """Limits of measurements."""
    at = np.flatnonzero(~points.excluded & np.isfinite(points.values[:, 0]))
    x = points.values[at, 0]
    if x.size < 2:
        raise DataError(f"column {points.name!r} has {x.size} value left; a tolerance interval needs at least 2.")
    # about the first value, so that a large offset costs no digits
    moved = x - x[0]
    mean, sd = float(x[0]) + float(moved.mean()), resolved(float(moved.std(ddof=1)), float(np.abs(x).max()))
    if sd == 0:
        raise DataError(
            f"all {x.size} values of {points.name!r} are {number(float(x[0]), 6)}: they show no spread to draw limits "
            "from; is the measurement fine enough?"
        )
    needed = rank_sample_size(asked.coverage, asked.confidence, asked.number)
    free = _nonparametric(x, asked)
    normality = anderson_darling(x) if x.size >= FEWEST else None
    if asked.method == "nonparametric":
        if free is None:
            raise DataError(_too_few(x.size, asked, needed))
        return Study(x, at, free, None, normality, np.nan, mean, sd, np.nan, needed, tuple(_dependent(x)))
    if asked.method == "howe" and asked.number == 2:
        k, name, how = howe_factor(x.size, asked.coverage, asked.confidence), "howe", "Howe (1969), approximate"
    else:
        k = tolerance_factor(x.size, asked.coverage, asked.confidence, asked.number)
        name, how = "normal", "normal, exact: Odeh & Owen (1980)"
    attained = attained_confidence(k, x.size, asked.coverage, asked.number)
    lower, upper = _sided(mean - k * sd, mean + k * sd, asked)
    noted = [*_not_normal(normality, free, asked, needed), *_dependent(x)]
    return Study(
        x, at, Limits(name, lower, upper, attained, how), free, normality, k, mean, sd, np.nan, needed, tuple(noted)
    )


def limits_of_counts(points: Counts, asked: Asked) -> Study:
    """Limits of the count in the next sample."""
    at = np.flatnonzero(~points.excluded & np.isfinite(points.count))
    count, size = points.count[at], points.size[at]
    if at.size == 0:
        raise DataError(f"column {points.name!r} has no count left.")
    law, noted = asked.method, []
    if law == "auto":
        law = "binomial" if bool(np.all(count <= size)) and bool(np.all(size == np.floor(size))) else "poisson"
        noted.append(caveat_words.method_chosen(law))
    typical = float(np.median(size))
    m = asked.next_size or (float(round(typical)) if law == "binomial" else typical)
    if law == "binomial" and m != np.floor(m):
        raise DataError(f"the next sample holds a whole number of inspected, not {m:g}: give next_size.")
    events, total = float(count.sum()), float(size.sum())
    if law == "binomial":
        low, high = binomial_tolerance(events, total, int(m), asked.coverage, asked.confidence, asked.number)
        how = "binomial, from Clopper-Pearson: Hahn & Chandra (1981)"
    else:
        low, high = poisson_tolerance(events, total, m, asked.coverage, asked.confidence, asked.number)
        how = "Poisson, from Garwood: Hahn & Chandra (1981)"
    ratio, p = overdispersion(count, size, law == "binomial")
    if ratio > 1 and p < AGAINST:
        noted.append(caveat_words.overdispersed(ratio))
    lower, upper = _sided(float(low), float(high), asked)
    found = Limits(law, lower, upper, asked.confidence, how)
    return Study(count / size * m, at, found, None, None, np.nan, events / total, np.nan, m, 0, tuple(noted))


def _sided(lower: float, upper: float, asked: Asked) -> tuple[float, float]:
    return (np.nan if asked.sides == "upper" else lower), (np.nan if asked.sides == "lower" else upper)


def _nonparametric(x: Floats, asked: Asked) -> Limits | None:
    ranks = tolerance_ranks(x.size, asked.coverage, asked.confidence, asked.number)
    if ranks.lower == 0:
        return None
    ordered = np.sort(x)
    lower, upper = _sided(float(ordered[ranks.lower - 1]), float(ordered[ranks.upper - 1]), asked)
    place = "the extremes" if ranks.lower == 1 else f"value {ranks.lower} from the end"
    return Limits("nonparametric", lower, upper, ranks.confidence, f"{place} of the sample: Wilks (1941)")


def _too_few(n: int, asked: Asked, needed: int) -> str:
    reached = tolerance_ranks(n, asked.coverage, asked.confidence, asked.number).confidence
    return (
        f"nonparametric limits that hold {percent(asked.coverage)} with {percent(asked.confidence)} confidence need "
        f"{needed:,} values; with the {n:,} there are, even the extremes reach {percent(reached)} only. Collect more, "
        "ask for a lower coverage or confidence, or take method normal if the values are near to normal."
    )


def _not_normal(normality: GoodnessOfFit | None, free: Limits | None, asked: Asked, needed: int) -> list[Caveat]:
    if normality is None:
        return [caveat_words.normality_unknown(FEWEST)]
    if normality.p >= AGAINST:
        return []
    return [caveat_words.limits_not_normal(normality.p, "" if free is None else told(free), needed)]


def told(limits: Limits) -> str:
    """Limits in words.

    Examples
    --------
    >>> told(Limits("normal", 1.0, float("nan"), 0.95, "")), told(Limits("normal", 9.88562, 10.13423, 0.95, ""))
    ('at least 1', '9.8856 to 10.1342')
    >>> told(Limits("binomial", 3.0, 14.0, 0.95, ""))
    '3 to 14'
    """
    if np.isnan(limits.upper):
        return f"at least {number(limits.lower, 5)}"
    if np.isnan(limits.lower):
        return f"at most {number(limits.upper, 5)}"
    if limits.lower == round(limits.lower) and limits.upper == round(limits.upper):
        return f"{number(limits.lower, 5)} to {number(limits.upper, 5)}"
    # both to the places that a twentieth of their distance leaves meaning, and one more
    doubt = (limits.upper - limits.lower) / 20
    return f"{shown(limits.lower, doubt, more=1)} to {shown(limits.upper, doubt, more=1)}"


def _dependent(x: Floats) -> list[Caveat]:
    if x.size < 20:
        return []
    z = x - x.mean()
    r = float((z[1:] * z[:-1]).sum() / (z * z).sum())
    if r < max(DEPENDENT, 2.6 / np.sqrt(x.size)):
        return []
    return [caveat_words.hang_together(r)]
