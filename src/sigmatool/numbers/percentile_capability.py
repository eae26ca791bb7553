"""How well does a distribution that need not be normal meet a specification? The percentile indices of ISO 22514-4.

Their intervals come from samples of the fitted distribution, each fitted anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from .distribution import Family, Fitted, cdf, isf, ppf, sf
from .empirical import empirical
from .estimate import Estimate
from .families import refit
from .goodness import draw
from .ladder import Ladder

Floats = NDArray[np.float64]

TAIL = 0.00135
"""Chance beyond each end of the width that the indices take for six standard deviations."""

RESAMPLES = 1_000

SEED = 19_990_601

LARGEST_RESAMPLE = 300
"""Values in a resample; the spread of larger samples follows by the root of the ratio of sizes."""

Bound = float | None


@dataclass(frozen=True, slots=True)
class PercentileIndices:
    """Percentiles, indices and expected shares beyond the limits; NaN where a limit is missing.

    Attributes
    ----------
    q00135, median, q99865 : float
        In the unit of the data.
    pp, ppl, ppu, ppk : float
        ``(USL - LSL) / (q99865 - q00135)``, ``(median - LSL) / (median - q00135)``,
        ``(USL - median) / (q99865 - median)``, the smaller of the two.
    ppm_below, ppm_above, ppm_total : float
        Expected parts per million beyond the limits.
    z_bench, ppk_from_z : float
        Normal quantile of the total, and a third of that of the worse side; infinite where nothing lies beyond.
    """

    q00135: float
    median: float
    q99865: float
    pp: float
    ppl: float
    ppu: float
    ppk: float
    ppm_below: float
    ppm_above: float
    ppm_total: float
    z_bench: float
    ppk_from_z: float


@dataclass(frozen=True, slots=True)
class PercentileCapability:
    """The indices and the interval of each of them, by its name."""

    indices: PercentileIndices
    intervals: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Spread:
    """Ppk of every plausible distribution, and the smallest and largest: what the choice of one hides."""

    ppk: Mapping[str, float]
    low: float
    high: float


def percentile_indices(fitted: Fitted, lsl: Bound, usl: Bound) -> PercentileIndices:
    """Indices of a distribution against a specification of one or two limits.

    Raises
    ------
    ValueError
        Without a limit, or where the lower is not below the upper.

    References
    ----------
    ISO 22514-4:2016, Statistical methods in process management: capability estimates and performance measures.

    Examples
    --------
    >>> from sigmatool.numbers.families import fit
    >>> found = percentile_indices(fit("normal", np.array([-1.0, 0.0, 1.0])), -3.0, 3.0)
    >>> round(found.ppk, 3), round(found.z_bench, 3)
    (1.225, 3.493)
    """
    _limits(lsl, usl)
    held = {name: float(value) for name, value in _table(fitted.family, fitted.values, lsl, usl).items()}
    return PercentileIndices(**held)


def percentile_capability(
    x: Floats,
    fitted: Fitted,
    lsl: Bound,
    usl: Bound,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    block: int = 1,
    autocorrelation: float = 0.0,
    seed: int = SEED,
) -> PercentileCapability:
    """The indices with bootstrap intervals.

    Parameters
    ----------
    x : (n,) array
        The values in time order, to which ``fitted`` was fitted.
    fitted : Fitted
    lsl, usl : float or None
    level : float
    resamples : int
    block : int
        Neighbours that stay together. 1: samples are drawn from the fitted distribution; more: blocks of the values
        themselves, for data that hang together in any way.
    autocorrelation : float
        Of neighbours' normal scores, for samples from the fitted distribution that hang together as much (AR(1)).
        With short series these intervals are the better ones: blocks hold too little of the wander. Not for the
        empirical distribution, which needs blocks.
    seed : int

    Notes
    -----
    The empirical distribution, too, resamples the values themselves. Samples of more than 300 values are represented
    by 300, whose deviations are shrunk by ``sqrt(300 / n)`` and whose bias by ``300 / n``.

    Interval: the estimate less the median bias of the resamples, and Student's t times their spread, on a scale where
    both are even: the logarithm of a percentile's distance from the median, ``asinh`` of an index (which is a
    logarithm but near zero), the same of the normal quantile of a share. Percentiles of the resamples themselves are
    biased: the likelihood makes small samples too narrow. That of Ppk goes from the smaller of the lower ends of both
    sides to the smaller of their upper ends.

    Examples
    --------
    >>> from sigmatool.numbers.families import fit
    >>> x = np.random.default_rng(2).gamma(3.0, 2.0, 80)
    >>> found = percentile_capability(x, fit("gamma", x), 0.0, 25.0)
    >>> low, high = found.intervals["ppk"].low, found.intervals["ppk"].high
    >>> low < found.indices.ppk < high
    True
    """
    indices = percentile_indices(fitted, lsl, usl)
    rng = np.random.default_rng(seed)
    m = min(x.size, LARGEST_RESAMPLE)
    if block > 1 or fitted.name == "empirical":
        samples = _blocks(x, min(block, m), m, resamples, rng)
        samples.sort(axis=1)
    else:
        scores = _scores(m, resamples, autocorrelation, rng)
        scores.sort(axis=1)
        samples = draw(fitted, scores)
    drawn = _resampled(fitted, samples, lsl, usl)
    shrink = float(np.sqrt(m / x.size))
    how = "blocks of the values" if block > 1 else "the values" if fitted.name == "empirical" else "samples of the fit"
    freedom = x.size - max(fitted.family.free, 1)
    reach = float(stdtrit(freedom, 0.5 + level / 2)) if freedom >= LEAST_FREEDOM else float("nan")
    held = {name: getattr(indices, name) for name in drawn}
    ends = {name: _interval(name, held, values, reach, shrink) for name, values in drawn.items()}
    ends["ppk"] = _smaller(ends["ppl"], ends["ppu"])
    method = f"bootstrap, {how}"
    return PercentileCapability(
        indices, {name: Estimate(held[name], low, high, method) for name, (low, high) in ends.items()}
    )


def spread_over_fits(ladder: Ladder, lsl: Bound, usl: Bound) -> Spread:
    """Ppk under every distribution that the data do not contradict.

    Examples
    --------
    >>> from sigmatool.numbers.ladder import ladder
    >>> found = spread_over_fits(ladder(np.random.default_rng(1).normal(10.0, 1.0, 60)), 6.0, 14.0)
    >>> found.low <= found.ppk["normal"] <= found.high
    True
    """
    held = {
        rung.name: percentile_indices(rung.fitted, lsl, usl).ppk for rung in ladder.plausible if rung.fitted is not None
    }
    return Spread(held, min(held.values()), max(held.values()))


def _limits(lsl: Bound, usl: Bound) -> None:
    if lsl is None and usl is None:
        raise ValueError("a specification has at least one limit")
    if lsl is not None and usl is not None and not lsl < usl:
        raise ValueError(f"the lower limit {lsl:g} is not below the upper limit {usl:g}")


def _table(law: Family, values: tuple[Floats | float, ...], lsl: Bound, usl: Bound) -> dict[str, Floats]:
    """Every number of ``PercentileIndices`` for one set of parameters, or for many."""
    tail = np.asarray(TAIL)
    q_low, median, q_high = ppf(law, tail, *values), ppf(law, np.asarray(0.5), *values), isf(law, tail, *values)
    none = np.full(median.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ppl = none if lsl is None else (median - lsl) / (median - q_low)
        ppu = none if usl is None else (usl - median) / (q_high - median)
        pp = none if lsl is None or usl is None else (usl - lsl) / (q_high - q_low)
    below = none if lsl is None else cdf(law, np.asarray(lsl), *values)
    above = none if usl is None else sf(law, np.asarray(usl), *values)
    total = np.where(np.isnan(below), 0.0, below) + np.where(np.isnan(above), 0.0, above)
    worse = np.fmax(below, above)
    return {
        "q00135": q_low,
        "median": median,
        "q99865": q_high,
        "pp": np.asarray(pp),
        "ppl": np.asarray(ppl),
        "ppu": np.asarray(ppu),
        "ppk": np.asarray(np.fmin(ppl, ppu)),
        "ppm_below": below * 1e6,
        "ppm_above": above * 1e6,
        "ppm_total": total * 1e6,
        "z_bench": np.asarray(-ndtri(np.minimum(total, 1.0))),
        "ppk_from_z": np.asarray(-ndtri(np.minimum(worse, 1.0)) / 3),
    }


def _resampled(fitted: Fitted, samples: Floats, lsl: Bound, usl: Bound) -> dict[str, Floats]:
    if fitted.name == "empirical":
        return _empirical_table(samples, int(fitted.parameters["quantile_type"]), lsl, usl)
    return _table(fitted.family, tuple(refit(fitted, samples).T), lsl, usl)


def _empirical_table(samples: Floats, kind: int, lsl: Bound, usl: Bound) -> dict[str, Floats]:
    rows = []
    for row in samples:
        if row[0] < row[-1]:
            law = empirical(row, kind, ordered=True)
            rows.append(_table(law.family, law.values, lsl, usl))
    return {name: np.array([float(r[name]) for r in rows]) for name in rows[0]} if rows else {}


def _scores(m: int, resamples: int, autocorrelation: float, rng: np.random.Generator) -> Floats:
    """Normal scores (resamples, m) in time order, each related to the one before."""
    scores = rng.standard_normal((resamples, m))
    r = float(np.clip(autocorrelation, 0.0, 0.95))
    if r > 0:
        fresh = np.sqrt(1 - r**2)
        for i in range(1, m):
            scores[:, i] = r * scores[:, i - 1] + fresh * scores[:, i]
    return scores


def _blocks(x: Floats, length: int, m: int, resamples: int, rng: np.random.Generator) -> Floats:
    """Rows of blocks of neighbours laid end to end (Kuensch 1989, Annals of Statistics 17)."""
    many = -(-m // length)
    start = rng.integers(0, x.size - length + 1, (resamples, many))
    place = (start[:, :, None] + np.arange(length)).reshape(resamples, -1)[:, :m]
    return np.asarray(x[place], dtype=np.float64)


def _interval(name: str, held: Mapping[str, float], drawn: Floats, reach: float, shrink: float) -> tuple[float, float]:
    """Both ends, on the scale of the number's kind and back; NaN where a tenth of the resamples has no such number."""
    there, back = _scale(name, held["median"])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        value = float(there(np.asarray(held[name])))
        moved = there(drawn)
        moved = moved[np.isfinite(moved)]
        if not np.isfinite(value) or moved.size < 0.9 * drawn.size or not moved.size:
            return float("nan"), float("nan")
        low, middle, high = np.quantile(moved, [0.01, 0.5, 0.99])
        half = reach * float(np.clip(moved, low, high).std()) / CLIPPED * shrink
        center = value - float(middle - value) * shrink**2
        ends = np.sort([float(back(np.asarray(end))) for end in (center - half, center + half)])
    return (float(ends[0]), float(ends[1])) if np.isfinite(ends).all() else (float("nan"), float("nan"))


LEAST_FREEDOM = 3
"""Values beyond the number of parameters below which there is no interval."""

CLIPPED = 0.98196
"""Standard deviation of a standard normal value clipped at its hundredths: a wild resample cannot stretch it."""

LOGARITHM_FROM = 0.2
"""Index above which its scale is near the logarithm, below near the index itself."""

Scale = Callable[[Floats], Floats]


def _scale(name: str, median: float) -> tuple[Scale, Scale]:
    """To a scale on which the resamples spread evenly, and back."""
    if name == "median":
        return np.asarray, np.asarray
    if name == "q00135":
        return lambda v: np.log(median - v), lambda u: median - np.exp(u)
    if name == "q99865":
        return lambda v: np.log(v - median), lambda u: median + np.exp(u)
    if name.startswith("ppm"):
        unit = 3 * LOGARITHM_FROM
        return (
            lambda v: np.arcsinh(-ndtri(v / 1e6) / unit),
            lambda u: 1e6 * ndtr(-unit * np.sinh(u)),
        )
    unit = 3 * LOGARITHM_FROM if name == "z_bench" else LOGARITHM_FROM
    return (
        lambda v: np.arcsinh(v / unit),
        lambda u: unit * np.sinh(u),
    )


def _smaller(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Ends of the smaller of two numbers; of the one that exists where the other does not."""
    return float(np.fmin(one[0], other[0])), float(np.fmin(one[1], other[1]))
