"""Cells of normal capability whose values are not independent: subgroups that differ, neighbours that are alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

import sigmatool

from .cells import Cell, Floats, Found, each, triple

FAMILY = "Normal capability of dependent values, by the verb `capability`"
LSL, USL = -5.0, 4.0
REPLICATIONS = 1_000


def autoregressive(rng: np.random.Generator, n: int, r: float) -> Floats:
    """Values of an AR(1) with mean 0 and standard deviation 1."""
    x = rng.standard_normal(n)
    fresh = np.sqrt(1 - r * r)
    for i in range(1, n):
        x[i] = r * x[i - 1] + fresh * x[i]
    return x


def _subgroups(rng: np.random.Generator, n: int, many: int, between: float) -> Found:
    def one() -> Mapping[str, tuple[float, float, float]]:
        x = rng.standard_normal((n // 5, 5)) + between * rng.standard_normal((n // 5, 1))
        found = sigmatool.capability(x, lsl=LSL, usl=USL, distribution="normal").indices
        none = (float("nan"),) * 3
        names = {"Pp": "pp", "Ppk": "ppk", "Cp": "cp", "Cpk": "cpk", "Cp_bw": "cp_bw", "Cpk_bw": "cpk_bw"}
        return {told: triple(found[name]) if name in found else none for told, name in names.items()}

    return each(many, one)


def _neighbours(rng: np.random.Generator, n: int, many: int, r: float) -> Found:
    def one() -> Mapping[str, tuple[float, float, float]]:
        x = autoregressive(rng, n, r)
        found = sigmatool.capability(x, lsl=LSL, usl=USL, distribution="normal").indices
        return {"Pp": triple(found["pp"]), "Ppk": triple(found["ppk"])}

    return each(many, one)


def _of(draw: Callable[..., Found], by: float) -> Callable[[np.random.Generator, int, int], Found]:
    return lambda rng, n, many: draw(rng, n, many, by)


def _cells() -> list[Cell]:
    out = []
    for between in (0.0, 0.3, 0.7, 1.5):
        total = float(np.hypot(between, 1.0))
        p, k = (USL - LSL) / 6, USL / 3
        true = {"Pp": p / total, "Ppk": k / total, "Cp": p, "Cpk": k, "Cp_bw": p / total, "Cpk_bw": k / total}
        told = (
            f"subgroups of 5, sigma between {between:g} times that within"
            if between
            else "subgroups of 5 that do not differ"
        )
        out.append(Cell(FAMILY, told, true, _of(_subgroups, between), REPLICATIONS))
    for r in (0.0, 0.3, 0.6):
        true = {"Pp": (USL - LSL) / 6, "Ppk": USL / 3}
        out.append(Cell(FAMILY, f"single values, autocorrelation {r:g}", true, _of(_neighbours, r), 1_000, large=2_000))
    return out


CELLS = _cells()
