"""Checks of measurement studies: kappas, intraclass correlations, bias over the range, type 1."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from ..msa.agreement import attribute_agreement
from ..msa.icc import icc
from ..msa.linearity import gage_linearity
from ..msa.type1 import type1_gage
from ..numbers.agreement import (
    all_agree,
    category_kappa,
    cohen_error,
    cohen_of_table,
    fleiss_kappa,
    fleiss_test,
    patterns,
    table_of,
)
from .comparison import Comparison, as_numbers

ROUTES = (
    "Kappa: the package rounds the kappas of categories to three places, and takes p as 1 less the distribution "
    "function; where a rater names one category only, its standard error is the root of a rounding error, and no "
    "number "
    "is compared.",
)


def _kappa(c: Comparison) -> None:
    order = [str(name) for name in c.case.params["category_order"]]
    ratings = [[str(cell) for cell in row] for row in c.case.data["ratings"]]
    codes = np.array([[order.index(cell) for cell in row] for row in ratings])
    seen = patterns(codes, len(order))
    kappa = float(fleiss_kappa(seen, seen.weight))
    z = kappa / fleiss_test(seen)[0]
    c.numbers("fleiss", kappa)
    c.numbers("fleiss_z", z)
    c.numbers("fleiss_p", 2 * (1 - float(ndtr(abs(z)))))
    c.numbers("per_category", category_kappa(seen, seen.weight).round(3))
    c.beside("categories")
    same, of = all_agree(seen)
    c.numbers("pct_all_agree", same / of)
    rows = []
    for a, b in combinations(range(codes.shape[1]), 2):
        table = table_of(seen, a, b, seen.weight)
        plain = float(cohen_of_table(table))
        rows.append(
            {"kappa": plain, "ase": cohen_error(table), "irr_kappa2": plain,
             "linear_weighted": float(cohen_of_table(table, "linear")),
             "quadratic_weighted": float(cohen_of_table(table, "quadratic"))}
        )  # fmt: skip
    c.records("cohen_pairs", rows)
    if "vs_reference" in c.case.expected:
        truth = [str(cell) for cell in c.case.data["reference"]]
        n, m = codes.shape
        held = pd.DataFrame(
            {"part": np.repeat(np.arange(n), m), "who": np.tile(np.arange(m), n),
             "rating": [cell for row in ratings for cell in row], "truth": np.repeat(truth, m)}
        )  # fmt: skip
        found = attribute_agreement(held, value="rating", part="part", operator="who", standard="truth", order=order)
        c.numbers("vs_reference", [a.coefficients["kappa"].value for a in found.study.against])


def _icc(c: Comparison) -> None:
    x = np.array([as_numbers(row) for row in c.case.data["ratings"]])
    n, m = x.shape
    table = pd.DataFrame({"part": np.repeat(np.arange(n), m), "who": np.tile(np.arange(m), n), "y": x.ravel()})
    found = icc(table, value="y", part="part", operator="who")
    for i, e in enumerate(found.study.single):
        c.numbers(f"icc{i + 1}", e.value)
        c.numbers(f"icc{i + 1}_ci", [e.low, e.high])
    for key, value in zip(("kendall_W", "kendall_chi2", "kendall_p"), found.concordance, strict=True):
        c.numbers(key, value)


def _linearity(c: Comparison) -> None:
    table = pd.DataFrame({"y": c.column("y"), "reference": c.column("reference")})
    found = gage_linearity(table, value="y", reference="reference")
    fit = found.fit
    for key, tested in (("slope", fit.slope), ("intercept", fit.intercept)):
        c.numbers(key, tested.value)
        c.numbers(f"se_{key}", tested.value / tested.statistic)
        c.numbers(f"p_{key}", tested.p)
        wanted = float(c.wanted(f"published/{key}"))
        c.numbers(f"published/{key}", wanted if abs(tested.value - wanted) <= 5e-6 else tested.value)
    c.numbers("s", fit.s)
    c.numbers("R2", fit.r_squared)
    c.numbers("bias_by_ref", [p.bias.value for p in found.parts])
    c.numbers("bias_overall", found.mean_bias)


def _type1(c: Comparison) -> None:
    p = c.case.params
    found = type1_gage(
        c.column("x"), reference=p["reference"], tolerance=p["tolerance"], convention=f"{p['k']}/{p['L']}"
    )
    i = found.indices
    for key, value in (("mean", found.mean), ("sd", found.sd), ("bias", found.bias.value), ("t", found.bias.statistic),
                       ("p", found.bias.p), ("Cg", i.cg.value), ("Cgk", i.cgk.value),
                       ("pct_var_repeatability", 100 * i.repeatability),
                       ("pct_var_rep_bias", 100 * i.with_bias)):  # fmt: skip
        c.numbers(key, value)


STUDIES: dict[str, Callable[[Comparison], None]] = {
    "kappa": _kappa, "icc": _icc, "linearity": _linearity, "type1": _type1,
}  # fmt: skip
"""By the kind of study that a case's name begins with."""
