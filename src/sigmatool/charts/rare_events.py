"""Charts of rare events: cases between events (g), time between events (t). Higher is better."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ..columns import EXACT
from ..designs import Design, G, T, design_of
from ..errors import DataError
from ..numbers.dispersion import resolved, sigma_individuals
from ..numbers.quantiles import exponential_quantile, geometric_quantile, tail
from .kinds import Baseline, Drawing, Judged, Kind, Sample, Scored, Summary, even
from .variables import individuals, mean_of, values_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
POWER = 3.6
"""``time ** (1/3.6)`` of an exponential time is nearly normal (Nelson 1994)."""


def check_rare(kind: str | Design, x: Floats, rows: Ints, name: str) -> None:
    """Cases between events are whole and not negative, times between events not negative; ``rows`` from 1."""
    called, design = design_of(kind)
    if called not in ("g", "t"):
        return
    least = 1 if isinstance(design, G) and design.count == "including" else 0
    with np.errstate(invalid="ignore"):
        bad = x < least
        if called == "g":
            bad |= np.isfinite(x) & ((x != np.floor(x)) | (x > EXACT))
    if bad.any():
        at = int(np.argmax(bad))
        what = f"whole numbers from {least} on" if called == "g" else "times from 0 on"
        raise DataError(f"column {name!r} is {x[at]:g} in row {rows[at]}: a {called} chart takes {what}; correct it.")


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

    def known(b: Baseline, center: float) -> Baseline:
        failures = center - shift
        return replace(b, center=center, sigma=float(np.sqrt(failures * (failures + 1))), more=failures)

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
        design=design, center_inside=(shift, np.inf), known_center=known,
        own_center="draws the median, while its limits come from the mean" if design.center == "median" else "",
        own_sigma="has the sigma of the geometric distribution",
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
        center = mean_of(y)
        return Baseline(center, resolved(sigma_individuals(y, method), center), method)

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        low, high = b.center - k * b.sigma, b.center + k * b.sigma
        lines = even(s.value.size, b.center**POWER, max(low, 0.0) ** POWER, high**POWER, b.sigma)
        scored = Scored(root(s.value), b.center, b.sigma, low, high)
        panel = Drawing("time between events", s.value, *lines, scored=scored)
        return (panel,), None

    return Kind(
        "t", "Time between events", "measurements", ("moving-range", "median-moving-range", "overall"), individuals,
        estimate, draw, grouped=False, design=design, center_inside=(0.0, np.inf),
        known_center=lambda b, center: replace(b, center=center ** (1 / POWER)),
        convention="Judged as time^(1/3.6), which is nearly normal for exponential times, and taken back (Nelson "
        "1994): sigma and rules belong to that scale; a known centre is given as a time.",
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
        bound="its probability limit", center_inside=(0.0, np.inf), own_sigma="has one parameter, its centre",
        known_center=lambda b, center: replace(b, center=center, sigma=center / float(np.log(2))),
        convention="Limits are quantiles of the exponential distribution, the centre its median; points are judged as "
        "normal scores of it.",
        design=design,
    )  # fmt: skip
