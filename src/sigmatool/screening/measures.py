"""What follows from the kernel's numbers: capability with its bounds, p values over all streams, the ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numbers.capability_indices import Sigma, c4_of, indices
from ..numbers.dependent_stage import worth
from ..numbers.multiple import benjamini_hochberg
from ..numbers.sigma_dof import equivalent_dof
from .kernel import REASONS, Table

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]

FALSE_DISCOVERY = 0.05
"""Of the streams called not stable, the share that is steady all the same, on average at most."""

FEW = 20
"""Points under which limits are trial limits; such a stream says so."""

_DEPENDENT = 0.9
"""Autocorrelation beyond which a stretch tells next to nothing of its mean."""

_INDICES = {("c", "p"): "cp", ("c", "k"): "cpk", ("p", "p"): "pp", ("p", "k"): "ppk"}


@dataclass(frozen=True)
class Limits:
    """Specification of each stream; -inf, inf and NaN where there is none."""

    lsl: Floats
    usl: Floats
    target: Floats

    @property
    def asked(self) -> Bools:
        return np.isfinite(self.lsl) | np.isfinite(self.usl)


def capability(table: Table, when: str, limits: Limits) -> Columns:
    """Cp, Cpk, Pp and Ppk of a stretch (``now`` or ``before``) with the ends of their 95 % intervals.

    Points that resemble their neighbours tell less than their number: where the first autocorrelation is larger than
    chance makes it, the interval of the overall indices rests on the independent points that the stretch is worth
    (Bartlett 1946). Formulas: :func:`sigmatool.numbers.capability_indices.indices`.
    """
    mean, within, overall, n, r = (
        table[f"{when}_{name}"].astype(np.float64)
        for name in ("center", "sigma", "sigma_overall", "values", "autocorrelation")
    )
    usable = limits.asked & (n > 1) & (overall > 0) & (table["fault"] == 0)
    out: Columns = {}
    s = np.where(usable, overall, 1.0)
    many = np.where(usable, n, 2.0)
    plain = (many >= FEW) & (np.nan_to_num(r) > 2 / np.sqrt(many))
    phi = np.where(plain, np.clip(np.nan_to_num(r), 0.0, _DEPENDENT), 0.0)
    of_mean, of_variance = (np.maximum(found, 2.0) for found in worth(many, phi))  # type: ignore[arg-type]
    found = {"p": indices(mean, Sigma(s, of_variance - 1), of_mean, limits.lsl, limits.usl, main_only=True)}
    steady = usable & (within > 0)
    sigma = np.where(steady, within, 1.0)
    dof = equivalent_dof(np.where(steady, table[f"{when}_sigma_error"], 1.0))  # type: ignore[arg-type]
    told = Sigma(sigma, dof, c4_of(dof))
    found["c"] = indices(mean, told, of_mean * (sigma / s) ** 2, limits.lsl, limits.usl, main_only=True)
    for (family, ending), name in _INDICES.items():
        index, there = found[family][ending], steady if family == "c" else usable
        for end, value in (("", index.value), ("_low", index.low), ("_high", index.high)):
            out[name + end] = np.where(there, np.broadcast_to(value, there.shape), np.nan)
    return out


def attention(table: Table, columns: Columns, wanted: float, steady: Bools) -> Columns:
    """Which streams are surely not stable, surely not capable, and how the adjusted p values run.

    ``steady``: streams that their own review found stable, which takes resemblance of neighbours apart; it decides.
    """
    fault = table["fault"] > 0
    p = np.where(fault, np.nan, table["now_p"].astype(np.float64))
    q = benjamini_hochberg(p)
    unstable = (q <= FALSE_DISCOVERY) & ~steady
    below = np.zeros(fault.size, dtype=bool)
    if "ppk_high" in columns:
        with np.errstate(invalid="ignore"):
            below = columns["ppk_high"] < wanted
    few = ~fault & (table["now_n"] < FEW)
    return {"p_stable": p, "q_stable": q, "unstable": unstable & ~fault, "below": below & ~fault, "few": few}


def ranking(table: Table, columns: Columns, harm: Bools) -> NDArray[np.int64]:
    """Streams by need of attention: harmed first, then neither stable nor capable, not stable, not capable, the rest;
    among equals the least probable first, then the largest stability index. Refused streams come last."""
    fault = table["fault"] > 0
    group = 4 - 2 * columns["unstable"].astype(np.int64) - columns["below"].astype(np.int64)
    group = np.where(harm, 0, group)
    group = np.where(fault, 5, group)
    p = np.nan_to_num(columns["p_stable"], nan=1.0)
    index = np.nan_to_num(table["now_stability_index"].astype(np.float64), nan=0.0)
    return np.lexsort((table["stream"], -index, p, group)).astype(np.int64)


def reasons(table: Table) -> NDArray[np.object_]:
    """Why each stream has no chart, as a word; empty where it has one."""
    return np.array(REASONS, dtype=object)[table["fault"]]
