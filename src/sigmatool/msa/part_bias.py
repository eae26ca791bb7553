"""The bias of a gage on each of several master parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..numbers.constants import d2
from ..numbers.dispersion import resolved
from ..numbers.estimate import Tested
from ..numbers.gage_error import bias_test
from ..numbers.multiple import holm
from .study_table import in_order

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PartBias:
    """One master part.

    Attributes
    ----------
    name : str
    reference : float
    n : int
    mean, sd, range_sd : float
        ``range_sd``: the range over d2, as the manual's example takes it.
    bias : Tested
        NaN ends and p for a single reading, and where readings are all equal.
    adjusted : float
        p by Holm over all parts.
    """

    name: str
    reference: float
    n: int
    mean: float
    sd: float
    range_sd: float
    bias: Tested
    adjusted: float

    def told(self, process: float | None) -> dict[str, Any]:
        """As JSON holds it, with the share of the process variation where that is known."""
        b = self.bias
        return {
            "part": self.name, "reference": self.reference, "n": self.n, "mean": self.mean, "sd": self.sd,
            "range_sd": self.range_sd, "bias": b.value, "low": b.low, "high": b.high, "t": b.statistic, "dof": b.dof,
            "p": b.p, "p_adjusted": self.adjusted,
            "share_of_process": None if process is None else abs(b.value) / process,
        }  # fmt: skip


def parts_of(
    names: Sequence[str], reference: Floats, readings: Floats, column: str, confidence: float
) -> list[PartBias]:
    """Parts in order, each with its bias; a part with two references is refused."""
    held = np.array(names, dtype=object)
    found: list[PartBias] = []
    for name in in_order(names):
        mine = held == name
        truth, x = reference[mine], readings[mine]
        if np.unique(truth).size > 1:
            raise DataError(
                f"part {name!r} has several references in column {column!r} ({truth.min():g} to {truth.max():g}): a "
                "master has one."
            )
        found.append(_part(name, float(truth[0]), x, confidence))
    adjusted = holm(np.array([p.bias.p for p in found]))
    return [
        PartBias(p.name, p.reference, p.n, p.mean, p.sd, p.range_sd, p.bias, float(a))
        for p, a in zip(found, adjusted, strict=True)
    ]


def _part(name: str, reference: float, x: Floats, confidence: float) -> PartBias:
    nothing = float("nan")
    mean = float(x[0]) + float((x - x[0]).mean())
    if x.size < 2:
        single = Tested(float(x[0]) - reference, nothing, nothing, nothing, "single reading")
        return PartBias(name, reference, 1, mean, nothing, nothing, single, nothing)
    sd = resolved(float((x - x[0]).std(ddof=1)), float(np.abs(x).max()))
    if sd == 0:
        flat = Tested(mean - reference, nothing, nothing, nothing, "no scatter", dof=x.size - 1.0)
        return PartBias(name, reference, x.size, mean, 0.0, 0.0, flat, nothing)
    spread = float(np.ptp(x)) / d2(x.size) if x.size <= 100 else nothing
    return PartBias(name, reference, x.size, mean, sd, spread, bias_test(x, reference, confidence), nothing)
