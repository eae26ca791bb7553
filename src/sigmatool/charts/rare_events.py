"""Charts of rare events: cases between events (g), time between events (t). Higher is better."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ..designs import G, T
from ..numbers.dispersion import sigma_individuals
from ..numbers.quantiles import exponential_quantile, geometric_quantile, tail
from .kinds import Baseline, Drawing, Judged, Kind, Sample, Scored, Summary, even
from .variables import individuals, mean_of, values_of

Floats = NDArray[np.float64]
POWER = 3.6
"""``time ** (1/3.6)`` of an exponential time is nearly normal (Nelson 1994)."""


def g(design: G) -> Kind:
    """Cases between rare events.

    References
    ----------
    Benneyan (2001), Health Care Management Science 4; Kaminsky et al. (1992), Journal of Quality Technology 24.
    """
    shift = 0.0 if design.count == "between" else 1.0

    def estimate(sample: Sample, method: str) -> Baseline:
        x = values_of(sample)[:, 0]
        mean = mean_of(x)
        failures = mean - shift
        middle = float(np.nanmedian(x)) if design.center == "median" else mean
        return Baseline(middle, float(np.sqrt(failures * (failures + 1))), method, more=failures)

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        failures: float = b.more
        if design.limits == "probability":
            low, high = (geometric_quantile(failures, q) + shift for q in (tail(k), 1 - tail(k)))
        else:
            mean = failures + shift
            low, high = max(mean - k * b.sigma, 0.0), mean + k * b.sigma
        lines = even(s.value.size, b.center, low, high, b.sigma)
        judged: Judged = "runs" if design.center == "median" else "order"
        return (Drawing("cases between events", s.value, *lines, judged=judged),), None

    what = (
        "Values count the cases without the event between two events (0 and up); sd = sqrt(mean (mean + 1)) (Benneyan)."
        if design.count == "between"
        else "Values count the trials up to and including the event (1 and up); sd = sqrt(mean (mean - 1)) (qcc)."
    )
    drawn = "median" if design.center == "median" else "mean"
    runs = "" if design.center == "median" else ", nor runs about the mean, below which most points lie"
    return Kind(
        "g", "Cases between events", "measurements", ("geometric",), individuals, estimate, draw, grouped=False,
        bound="its probability limit" if design.limits == "probability" else "",
        convention=f"{what} The centre line is the {drawn}. Zone rules are not asked of a skewed statistic{runs}.",
        design=design,
    )  # fmt: skip


def t(design: T) -> Kind:
    """Time between rare events.

    References
    ----------
    Nelson (1994), Journal of Quality Technology 26, 239-241.
    """
    return _power(design) if design.method == "power" else _exponential(design)


def _power(design: T) -> Kind:
    def root(x: Floats) -> Floats:
        return np.asarray(np.power(x, 1 / POWER), dtype=np.float64)

    def estimate(sample: Sample, method: str) -> Baseline:
        y = root(values_of(sample)[:, 0])
        return Baseline(mean_of(y), sigma_individuals(y, method), method)

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        low, high = b.center - k * b.sigma, b.center + k * b.sigma
        lines = even(s.value.size, b.center**POWER, max(low, 0.0) ** POWER, high**POWER, b.sigma)
        scored = Scored(root(s.value), b.center, b.sigma, low, high)
        panel = Drawing("time between events", s.value, *lines, scored=scored)
        return (panel,), None

    return Kind(
        "t", "Time between events", "measurements", ("moving-range", "median-moving-range", "overall"), individuals,
        estimate, draw, grouped=False, design=design,
        convention="Judged as time^(1/3.6), which is nearly normal for exponential times, and taken back (Nelson "
        "1994): centre, sigma and rules belong to that scale.",
    )  # fmt: skip


def _exponential(design: T) -> Kind:
    def estimate(sample: Sample, method: str) -> Baseline:
        mean = mean_of(values_of(sample)[:, 0])
        return Baseline(exponential_quantile(mean, 0.5), mean, method)

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        low, high = (exponential_quantile(b.sigma, q) for q in (tail(k), 1 - tail(k)))
        score = ndtri(np.clip(-np.expm1(-s.value / b.sigma), 1e-300, 1 - 1e-16)) if b.sigma > 0 else s.value * np.nan
        lines = even(s.value.size, b.center, low, high, b.sigma)
        scored = Scored(np.asarray(score, dtype=np.float64), 0.0, 1.0, -k, k)
        return (Drawing("time between events", s.value, *lines, scored=scored),), None

    return Kind(
        "t", "Time between events", "measurements", ("mean",), individuals, estimate, draw, grouped=False,
        bound="its probability limit",
        convention="Limits are quantiles of the exponential distribution, the centre its median; points are judged as "
        "normal scores of it.",
        design=design,
    )  # fmt: skip
