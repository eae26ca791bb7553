"""Checks of capability: distributions and their percentiles, transformations, tests of normality."""

from __future__ import annotations

from collections.abc import Callable

from ..numbers.families import fit
from ..numbers.goodness import anderson_darling, cramer_von_mises, lilliefors, shapiro_wilk
from ..numbers.percentile_capability import percentile_indices
from ..numbers.transforms import box_cox_likelihood, box_cox_profile
from .comparison import Comparison
from .normal_capability import ROUTES as NORMAL_ROUTES
from .normal_capability import dpmo_of_sigma_level, indices_of_qcc, indices_of_six_sigma

ROUTES = (
    "Percentile indices come from the family that the case names, fitted by maximum likelihood.",
    "The likelihood of Box-Cox powers is MASS's: without the constants that do not depend on the power.",
    "Tests of normality are nortest's and R's shapiro.test.",
    *NORMAL_ROUTES,
)


def check(c: Comparison) -> None:
    """By the analysis that the case's name begins with."""
    kind = c.case.id.split("-")[0]
    if kind not in CHECKS:
        raise LookupError(c.case.id)
    CHECKS[kind](c)


def _percentiles(c: Comparison) -> None:
    params = c.case.params
    found = fit(params["distribution"], c.column("x"))
    for name in c.wanted("estimate"):
        c.numbers(f"estimate/{name}", found.parameters[name])
    c.numbers("loglik", found.log_likelihood)
    indices = percentile_indices(found, params["LSL"], params["USL"])
    for key in (
        "q00135", "median", "q99865", "Pp", "Ppl", "Ppu", "Ppk", "ppm_below", "ppm_above", "z_bench", "ppk_from_z",
    ):  # fmt: skip
        c.numbers(key, getattr(indices, key.lower()))


def _power(c: Comparison) -> None:
    x = c.column("x")
    found = box_cox_profile(x)
    for key, got in (
        ("lambda", found.power), ("loglik", found.log_likelihood), ("ci95_profile", [found.low, found.high]),
        ("loglik_at_0", box_cox_likelihood(x, 0.0)), ("loglik_at_1", box_cox_likelihood(x, 1.0)),
    ):  # fmt: skip
        c.numbers(key, got)


def _normality(c: Comparison) -> None:
    x = c.column("x")
    squares, largest, wilk, mises = anderson_darling(x), lilliefors(x), shapiro_wilk(x), cramer_von_mises(x)
    for key, got in (
        ("A2", squares.statistic), ("A2_star", squares.modified), ("A2_p", squares.p), ("shapiro_W", wilk.statistic),
        ("shapiro_p", wilk.p), ("lilliefors_D", largest.statistic), ("lilliefors_p", largest.p),
        ("cvm_W", mises.statistic), ("cvm_p", mises.p),
    ):  # fmt: skip
        c.numbers(key, got)


CHECKS: dict[str, Callable[[Comparison], None]] = {
    "nonnormal": _percentiles,
    "boxcox": _power,
    "ad": _normality,
    "cap": indices_of_qcc,
    "ss": indices_of_six_sigma,
    "sigma": dpmo_of_sigma_level,
}
"""By the first part of a case's name."""
