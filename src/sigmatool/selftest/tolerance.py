"""Checks of tolerance limits and of the sample sizes that they need."""

from __future__ import annotations

import numpy as np

from ..numbers.tolerance import howe_factor, normal_tolerance, tolerance_factor
from ..numbers.tolerance_counts import binomial_tolerance, poisson_tolerance
from ..numbers.tolerance_ranks import rank_sample_size, tolerance_ranks
from .comparison import Comparison

ROUTES = (
    "Two-sided normal factors are integrated here to some ten digits; the package's quadrature is off by up to 3e-5, "
    "which the cases' rtol allows for.",
    "The package's HE factor is Howe's with Guenther's correction, which is not the default here (corrected=True).",
    "Nonparametric limits leave as many values outside on each side; counts are two-sided, m = n.",
)


def check(c: Comparison) -> None:
    """By the kind of limit that the case's name begins with."""
    kind = c.case.id.split("-")[0]
    checks = {
        "k": _factors, "nist": _handbook, "normtol": _normal, "nptol": _ranks, "count": _counts, "wilks": _sample_size,
    }  # fmt: skip
    if kind not in checks:
        raise LookupError(c.case.id)
    checks[kind](c)


def _levels(c: Comparison) -> tuple[float, float]:
    return c.case.params["coverage"], c.case.params["confidence"]


def _factors(c: Comparison) -> None:
    levels, sides, sizes = _levels(c), c.case.params["side"], c.column("n")
    exact = [tolerance_factor(n, *levels, sides=sides) for n in sizes]
    c.numbers("exact", exact)
    c.numbers("package", exact)
    if sides == 2:
        c.numbers("howe_simple", [howe_factor(n, *levels) for n in sizes])
        c.numbers("package_HE", [howe_factor(n, *levels, corrected=True) for n in sizes])


def _handbook(c: Comparison) -> None:
    n, levels = c.case.params["n"], _levels(c)
    c.numbers("k2_howe", howe_factor(n, *levels))
    c.numbers("k1_exact", tolerance_factor(n, *levels, sides=1))


def _normal(c: Comparison) -> None:
    x, levels = c.column("x"), _levels(c)
    c.numbers("two_sided", normal_tolerance(x, *levels))
    lower, upper = normal_tolerance(x, *levels, sides=1)
    c.numbers("lower_one_sided", lower)
    c.numbers("upper_one_sided", upper)


def _ranks(c: Comparison) -> None:
    x = np.sort(c.column("x"))
    for key, sides in (("two_sided", 2), ("one_sided", 1)):
        found = tolerance_ranks(x.size, *_levels(c), sides=sides)
        c.numbers(key, [x[found.lower - 1], x[found.upper - 1]])


def _counts(c: Comparison) -> None:
    count, n = c.case.data["x"], c.case.data["n"]
    c.numbers("binomial_cp", binomial_tolerance(count, n, n, *_levels(c)))
    c.numbers("binomial_wilson", binomial_tolerance(count, n, n, *_levels(c), method="wilson"))
    c.numbers("poisson_tab", poisson_tolerance(count, n, n, *_levels(c)))


def _sample_size(c: Comparison) -> None:
    c.numbers("n_one_sided", rank_sample_size(*_levels(c), sides=1))
    c.numbers("n_two_sided", rank_sample_size(*_levels(c)))
