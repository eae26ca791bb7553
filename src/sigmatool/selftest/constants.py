"""Checks of the control-chart constants."""

from __future__ import annotations

from collections.abc import Callable

from ..numbers.constants import c4, d2, d2_star, d3, d4_median, factors
from .comparison import Comparison

ROUTES = (
    "Constants come from their definitions by integration; printed tables of three decimals are compared within their "
    "rounding.",
)

_SINGLE: dict[str, Callable[[int], float]] = {"d2": d2, "d3": d3, "c4": c4, "d4_median_range": d4_median}


def check(c: Comparison) -> None:
    """Constants by name, d2* by subgroups and groups, and the AIAG K factors made of them."""
    case = c.case
    if case.id == "d2star":
        c.numbers("d2star", [[d2_star(m, g) for g in case.data["g"]] for m in case.data["m"]])
    elif case.id == "aiag-K-factors":
        for n in (2, 3):
            c.numbers(f"K1_trials_{n}", 1 / d2(n))
            c.numbers(f"K2_appraisers_{n}", 1 / d2_star(n, 1))
        c.numbers("K3_parts", [1 / d2_star(n, 1) for n in case.data["parts"]])
    elif case.id.startswith("constants-"):
        sizes, k = case.data["n"], case.params.get("k", 3)
        for key in case.expected:
            if key == "n":
                c.beside(key)
            else:
                one = _SINGLE.get(key)
                c.numbers(key, [one(n) if one else factors(n, k)[key] for n in sizes])
    else:
        raise LookupError(case.id)
