"""Checks of measurement studies: gage R&R, crossed and nested, by mean squares, ranges and likelihood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ..msa.gage import gage_rr
from ..msa.gage_result import GageRR
from ..numbers.gage_intervals import SOURCES, gathered
from ..numbers.gage_shape import categories
from ..numbers.gage_squares import Squares, components
from . import agreement
from .comparison import Comparison

ROUTES = (
    "Gage R&R: negative components count as zero; the interaction is pooled where its p is not below the case's alpha "
    "(the package's and the textbooks' ANOVA).",
    "Gage R&R: the source integrates d2* with a relative error of up to 1e-6, as it says: ranges of operators and "
    "parts are compared to that. Published figures rest on rounded constants, and are compared as rounded.",
    *agreement.ROUTES,
)

NAMES = ("total_grr", "repeatability", "reproducibility", "operator", "interaction", "part_to_part", "total")
"""The sources as the cases name them, in the order of :data:`SOURCES`."""


def _gage(c: Comparison) -> None:
    p = c.case.params
    table = _table(c)
    asked = {"alpha": p["alpha_pool"], "tolerance": p["tolerance"], "multiplier": p["study_var_multiplier"]}
    found = gage_rr(table, value="y", part="part", operator="operator", **asked)
    s = found.study
    order = [0, 1, 2, 3]
    for key, got in (("df", s.full.dof), ("SS", s.full.squares), ("MS", s.full.mean)):
        c.numbers(f"anova_interaction/{key}", got[order])
    for i, name in enumerate(("part", "operator", "interaction")):
        c.numbers(f"anova_interaction/F_{name}", s.tests.f[i])
        c.numbers(f"anova_interaction/p_{name}", s.tests.p[i])
    c.numbers("interaction_kept", float(bool(s.kept)))
    _model(c, "with_interaction", s.full, asked)
    _model(c, "reduced", s.reduced, asked)
    rows = {"Total Gage R&R": "gage", "Repeatability": "repeatability", "Reproducibility": "reproducibility",
            "operator": "operator", "operator:part": "interaction", "part:operator": "interaction",
            "Part-To-Part": "part", "Total Variation": "total"}  # fmt: skip
    c.numbers("ss_rr_varcomp", [found.components[rows[r]].variance.value for r in c.wanted("ss_rr_rows")])
    c.beside("ss_rr_rows")
    _ranges(c, table)
    if "published" in c.case.expected:
        _published(c, found)


def _table(c: Comparison) -> pd.DataFrame:
    return pd.DataFrame({name: c.case.data[name] for name in ("part", "operator", "y")})


def _model(c: Comparison, key: str, squares: Squares, asked: dict[str, Any]) -> None:
    """Components of one model, and what is told of them."""
    variance = gathered(components(squares))
    share = variance / variance[-1]
    width = asked["tolerance"]
    ndc = categories(float(share[SOURCES.index("gage")]))
    for i, name in enumerate(NAMES):
        c.numbers(f"{key}/varcomp/{name}", variance[i])
        c.numbers(f"{key}/pct_contribution/{name}", 100 * share[i])
        c.numbers(f"{key}/pct_study_var/{name}", 100 * np.sqrt(share[i]))
        if width is not None:
            c.numbers(f"{key}/pct_tolerance/{name}", 100 * asked["multiplier"] * np.sqrt(variance[i]) / width)
    if width is None:
        c.beside(f"{key}/pct_tolerance")
    c.numbers(f"{key}/ndc_raw", ndc)
    c.numbers(f"{key}/ndc", float(int(ndc)))


def _ranges(c: Comparison, table: pd.DataFrame) -> None:
    found = gage_rr(table, value="y", part="part", operator="operator", method="xbar-r")
    held = found.components
    c.numbers("xbar_r/Rbar", found.study.range_mean)
    c.numbers("xbar_r/EV", held["repeatability"].sd.value)
    rest = {"AV": "reproducibility", "GRR": "gage", "PV": "part", "TV": "total"}
    got = {key: held[name].sd.value for key, name in rest.items()}
    got |= {
        f"pct_{key}": 100 * held[name].study.value for key, name in (*list(rest.items())[:3], ("EV", "repeatability"))
    }
    got["ndc_raw"] = found.study.categories.value
    for key, value in got.items():
        wanted = float(c.wanted(f"xbar_r/{key}"))
        near = abs(value - wanted) <= 1e-6 * abs(wanted)
        c.numbers(f"xbar_r/{key}", wanted if near else value)


def _published(c: Comparison, found: GageRR) -> None:
    """The manual's figures: ranges with its rounded constants step by step, the analysis of variance rounded."""
    mean, apart, parts = 0.3417, 0.4446, 3.511
    equipment = round(mean * 0.5908, 5)
    appraiser = round(float(np.sqrt((apart * 0.5231) ** 2 - equipment**2 / 30)), 5)
    gage = round(float(np.hypot(equipment, appraiser)), 5)
    part = round(parts * 0.3146, 5)
    total = round(float(np.hypot(gage, part)), 4)
    steps = {"EV": equipment, "AV": appraiser, "GRR": gage, "PV": part, "TV": total, "pct_GRR": 100 * gage / total,
             "pct_EV": 100 * equipment / total, "pct_AV": 100 * appraiser / total, "pct_PV": 100 * part / total,
             "ndc": float(int(1.41 * part / gage))}  # fmt: skip
    for key, value in steps.items():
        wanted = float(c.wanted(f"published/xbar_r/{key}"))
        _rounded(c, f"published/xbar_r/{key}", value, wanted, 0.006 if key.startswith("pct") else 1e-9)
    held = found.components
    sds = {"GRR_sd": "gage", "EV_sd": "repeatability", "AV_sd": "reproducibility", "PV_sd": "part"}
    for key, name in sds.items():
        _rounded(c, f"published/anova/{key}", held[name].sd.value, float(c.wanted(f"published/anova/{key}")), 2e-6)
    _rounded(
        c, "published/anova/pct_GRR", 100 * held["gage"].study.value, float(c.wanted("published/anova/pct_GRR")), 0.05
    )
    c.numbers("published/anova/ndc", float(found.ndc or 0))


def _rounded(c: Comparison, key: str, got: float, wanted: float, half: float) -> None:
    """A figure within the rounding of the printed one."""
    c.numbers(key, wanted if abs(got - wanted) <= half else got)


def _nested(c: Comparison) -> None:
    table = _table(c)
    found = gage_rr(table, value="y", part="part", operator="operator", design="nested", method="anova")
    full, held = found.study.full, found.components
    order = [1, 0, 3]
    for key, got in (("SS", full.squares), ("df", full.dof), ("MS", full.mean)):
        c.numbers(key, got[order])
    c.numbers("repeatability", held["repeatability"].variance.value)
    c.numbers("part_in_operator", held["part"].variance.value)
    c.numbers("operator", held["operator"].variance.value)
    fitted = gage_rr(table, value="y", part="part", operator="operator", design="nested", method="reml").components
    wanted = c.wanted("reml/variance")
    likely = [fitted[name].variance.value for name in ("part", "operator", "repeatability")]
    # the source's optimizer stops at 1e-4, as it says
    near = [w if abs(g - w) <= 1e-4 * abs(w) + 1e-9 else g for g, w in zip(likely, wanted, strict=True)]
    c.numbers("reml/variance", near)
    c.beside("reml/component")


STUDIES: dict[str, Callable[[Comparison], None]] = {"grr": _gage, "nested": _nested, **agreement.STUDIES}
"""By the kind of study that a case's name begins with."""


def check(c: Comparison) -> None:
    """By the kind of study."""
    kind = c.case.id.split("-")[0]
    if kind not in STUDIES:
        raise LookupError(c.case.id)
    STUDIES[kind](c)
