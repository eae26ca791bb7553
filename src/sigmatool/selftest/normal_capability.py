"""Capability of normal data: qcc's and SixSigma's indices with their intervals, and DPMO of a sigma level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from ..capability.capability import capability
from ..capability.result import Capability
from ..numbers.capability_indices import Bounded, Sigma, indices, per_million
from .comparison import Comparison, as_rows

Floats = NDArray[np.float64]

ROUTES = (
    "Intervals of qcc give every sigma n - 1 degrees of freedom, and Cpl and Cpu one-sided bounds by Bissell's "
    "formula; they are reached through numbers.capability_indices. The default here counts the degrees of freedom of "
    "the estimator.",
    "qcc's interval of Cpm has n (1 + d^2) / (1 + 2 d^2) degrees of freedom where Boyles (1991) has the square of the "
    "bracket above; it is compared at qcc's count. With the mean two sigma off target and n = 50 qcc's covers over "
    "99.9 %, Boyles' 94 %.",
    "SixSigma's cp and cpk use the overall sd: Pp and Ppk here.",
)

ESTIMATORS = {"UWAVE-R": "rbar", "UWAVE-SD": "sbar", "RMSDF": "pooled", "MR": "moving-range"}


def indices_of_qcc(c: Comparison) -> None:
    """Every index of ``process.capability``."""
    p = c.case.params
    x = as_rows(c.case.data["subgroups"]) if "subgroups" in c.case.data else c.column("x")
    found = capability(
        x, lsl=p["LSL"], usl=p["USL"], target=p["target"], sigma=ESTIMATORS[p["sigma_estimator"]],
        confidence=p["confidence"], distribution="normal",
    )  # fmt: skip
    values, ppm, z = found.indices, found.ppm, found.z_bench
    c.numbers("center", found.mean)
    c.numbers("sigma_within", found.sigma_within)
    c.numbers("sd_overall", found.sigma_overall)
    c.numbers("n", found.n)
    for name in ("Cp", "Cpl", "Cpu", "Cpk", "Cpm", "Pp", "Ppl", "Ppu", "Ppk"):
        c.numbers(name, values[name.lower()].value)
    for kind in ("within", "overall"):
        c.numbers(f"ppm_{kind}", ppm[kind].total.value)
        c.numbers(f"z_bench_{kind}", z[kind].value)
    c.numbers("exp_below_pct", ppm["within"].below.value / 1e4)
    c.numbers("exp_above_pct", ppm["within"].above.value / 1e4)
    c.numbers("obs_below_pct", ppm["observed"].below.value / 1e4)
    c.numbers("obs_above_pct", ppm["observed"].above.value / 1e4)
    c.numbers("z_lsl_within", 3 * values["cpl"].value)
    c.numbers("z_usl_within", 3 * values["cpu"].value)
    c.numbers("sigma_level_lt_plus_1.5", z["overall"].value + 1.5)
    _intervals_of_qcc(c, found)


def _intervals_of_qcc(c: Comparison, found: Capability) -> None:
    p, n = c.case.params, found.n
    sigma = Sigma(found.sigma_within, n - 1)
    limits = (found.mean, sigma, n, p["LSL"], p["USL"], p["target"])
    family = indices(*limits, level=p["confidence"])
    for name, ending in (("Cp", "p"), ("Cpk", "k")):
        c.numbers(f"{name}_ci", _ends(family[ending]))
    off = (found.mean - p["target"]) / found.sigma_within
    wider = Sigma(found.sigma_within * np.sqrt(1 + off**2), n * (1 + off**2) / (1 + 2 * off**2))
    c.numbers("Cpm_ci", _ends(indices(found.mean, wider, n, p["LSL"], p["USL"], level=p["confidence"])["p"]))
    # one-sided bounds at the level are the ends of a two-sided interval at twice the distance
    below, above = (_bissell(found.indices[name].value, n, 2 * p["confidence"] - 1) for name in ("cpl", "cpu"))
    c.numbers("Cpl_ci", below)
    c.numbers("Cpu_ci", above)


def _ends(index: Bounded) -> list[float]:
    return [float(index.low), float(index.high)]


def _bissell(value: float, n: int, level: float) -> list[float]:
    """The interval of an index with a second limit far away: Bissell's, whichever side it belongs to."""
    return _ends(indices(0.0, Sigma(1.0, n - 1), n, -1e6, 3 * value, level=level)["k"])


def indices_of_six_sigma(c: Comparison) -> None:
    """``ss.ca.z``, ``ss.ca.cp``, ``ss.ca.cpk``."""
    p = c.case.params
    found = capability(c.column("x"), lsl=p["LSL"], usl=p["USL"], distribution="normal").indices
    c.numbers("cp", found["pp"].value)
    c.numbers("cpk", found["ppk"].value)
    c.numbers("z", 3 * found["ppk"].value)
    if c.wanted("cp_ci95") is None:
        c.numbers("cp_ci95", found["pp"].low)
    else:
        c.numbers("cp_ci95", [found["pp"].low, found["pp"].high])
    c.numbers("cpk_ci95", _bissell(found["ppk"].value, c.column("x").size, 0.95))


def dpmo_of_sigma_level(c: Comparison) -> None:
    """Defects per million of a sigma level, with and without the shift of 1.5."""
    level = c.column("sigma_level")
    c.numbers("dpmo", per_million(level - c.case.params["shift"]))
    c.numbers("dpmo_no_shift_one_sided", per_million(level))
    c.numbers("dpmo_no_shift_two_sided", 2e6 * ndtr(-level))
