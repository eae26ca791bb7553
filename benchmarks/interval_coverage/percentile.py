"""Cells of the percentile indices of distributions that are not normal: the family known, or chosen by the ladder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import stats

import sigmatool
from sigmatool.numbers.families import fit
from sigmatool.numbers.percentile_capability import percentile_capability

from .cells import Cell, Floats, Found, each, triple

KNOWN = "Percentile capability, the family known"
CHOSEN = "Percentile capability, the family chosen by the verb `capability`"
RESAMPLES = 400
"""The verb draws 1,000; the spread of 400 differs from theirs by 3 %."""

LAWS: dict[str, tuple[str, Any]] = {
    "lognormal": ("lognormal, sd of the logarithm 0.5", stats.lognorm(0.5)),
    "weibull": ("Weibull, shape 2", stats.weibull_min(2.0)),
    "gamma": ("gamma, shape 4", stats.gamma(4.0)),
    "weibull-3": ("Weibull of three parameters, shape 2, origin 5", stats.weibull_min(2.0, 5.0)),
    "gamma-3": ("gamma of three parameters, shape 4, origin 5", stats.gamma(4.0, 5.0)),
    "johnson-su": ("Johnson SU, gamma -0.5, delta 1.5", stats.johnsonsu(-0.5, 1.5)),
}
SHARES = (0.0005, 0.9998)
"""Of the values below each limit."""


def limits(law: Any) -> tuple[float, float]:
    """Both limits, inside the support of every law."""
    return float(law.ppf(SHARES[0])), float(law.ppf(SHARES[1]))


def truths(law: Any) -> dict[str, float]:
    """Indices of a law from its own percentiles."""
    low, middle, high = (float(v) for v in law.ppf([0.00135, 0.5, 0.99865]))
    lsl, usl = limits(law)
    sides = (middle - lsl) / (middle - low), (usl - middle) / (high - middle)
    return {"Pp": (usl - lsl) / (high - low), "Ppk": min(sides), "ppm outside": 1e6 * (SHARES[0] + 1 - SHARES[1])}


def _known(rng: np.random.Generator, n: int, many: int, name: str) -> Found:
    law = LAWS[name][1]
    lsl, usl = limits(law)

    def one() -> Mapping[str, tuple[float, float, float]]:
        x: Floats = law.rvs(n, random_state=rng)
        found = percentile_capability(x, fit(name, x), lsl, usl, resamples=RESAMPLES).intervals
        return {"Pp": triple(found["pp"]), "Ppk": triple(found["ppk"]), "ppm outside": triple(found["ppm_total"])}

    return each(many, one)


def _chosen(rng: np.random.Generator, n: int, many: int, law: Any) -> Found:
    lsl, usl = limits(law)

    def one() -> Mapping[str, tuple[float, float, float]]:
        found = sigmatool.capability(law.rvs(n, random_state=rng), lsl=lsl, usl=usl)
        outside = found.ppm["overall"].total
        return {
            "Pp": triple(found.indices["pp"]),
            "Ppk": triple(found.indices["ppk"]),
            "Ppk, any plausible distribution": triple(found.ppk_of_any),
            "ppm outside": triple(outside),
        }

    return each(many, one)


def _of(draw: Callable[..., Found], by: Any) -> Callable[[np.random.Generator, int, int], Found]:
    return lambda rng, n, many: draw(rng, n, many, by)


def _cells() -> list[Cell]:
    out = []
    for name, (told, law) in LAWS.items():
        many = 400 if name in ("lognormal", "weibull", "gamma") else 250
        out.append(Cell(KNOWN, told, truths(law), _of(_known, name), many, large=5_000))
    chosen = {told: law for told, law in LAWS.values() if "three" not in told}
    chosen["normal"] = stats.norm()
    for told, law in chosen.items():
        true = truths(law)
        true["Ppk, any plausible distribution"] = true["Ppk"]
        out.append(Cell(CHOSEN, told, true, _of(_chosen, law), 200, large=5_000))
    return out


CELLS = _cells()
