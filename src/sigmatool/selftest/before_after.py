"""Checks of the analyses of a change: segmented regression, regression of counts, breaks of the level."""

from __future__ import annotations

import numpy as np

from ..numbers.breakpoints import break_interval, largest_f, level_breaks
from ..numbers.segmented import poisson_regression, segmented, segments
from .comparison import Comparison

ROUTES = (
    "Segmented regressions take their lag from the case; Newey-West without prewhitening and without a small-sample "
    "factor (sandwich).",
    "Errors of a Poisson regression belong to the weights of its last step (R's glm).",
    "Partitions are compared up to the number of breaks that strucchange asks for: one less where n is a multiple of "
    "the shortest stretch.",
    "The p value of the largest F is Hansen's approximation in strucchange, which takes it as 1 - P: below 1e-9 its "
    "digits are rounding. Both are compared through 1 - P at that precision.",
)

_NORMAL = 1.959963984540054


def check(c: Comparison) -> None:
    """By the analysis that the case's name begins with."""
    kind = c.case.id.split("-")[0]
    if kind == "its":
        _interrupted(c)
    elif kind == "glm":
        _counts(c)
    elif kind == "bp":
        _breaks(c)
    else:
        raise LookupError(c.case.id)


def _interrupted(c: Comparison) -> None:
    y, params = c.column("y"), c.case.params
    order = np.arange(y.size)
    design = segments(order, order >= params["n_before"])
    found = segmented(y, design, params["nw_lag"])
    for key, got in (
        ("coef", found.coefficients), ("se_ols", found.ordinary_errors), ("se_nw", found.errors), ("t_nw", found.t),
        ("p_nw", found.p_values), ("r2", found.r_squared), ("durbin_watson", found.durbin_watson),
        ("acf1", found.autocorrelation),
    ):  # fmt: skip
        c.numbers(key, got)
    step = segmented(y, design[:, [0, 2]], params["nw_lag"])
    c.numbers("step_only/coef", step.coefficients)
    c.numbers("step_only/se_nw", step.errors)


def _counts(c: Comparison) -> None:
    y, exposure, step, t = (c.column(name) for name in ("y", "offset", "D", "t"))
    found = poisson_regression(y, exposure, np.column_stack([np.ones(y.size), step, t]))
    size, error = found.coefficients[1], found.errors[1]
    for key, got in (
        ("coef", found.coefficients), ("se", found.errors), ("rate_ratio_D", np.exp(size)),
        ("ci_D", np.exp(size + np.array([-1, 1]) * _NORMAL * error)), ("dispersion", found.dispersion),
        ("se_quasi", found.quasi_errors), ("deviance", found.deviance),
    ):  # fmt: skip
        c.numbers(key, got)
    alone = poisson_regression(y, exposure, np.column_stack([np.ones(y.size), step]))
    c.numbers("step_only_rate_ratio", np.exp(alone.coefficients[1]))


def _breaks(c: Comparison) -> None:
    y, shortest = c.column("y"), c.case.params["h"]
    found = level_breaks(y, shortest)
    best, (one,) = found.best, found.breaks[1]
    c.numbers("n_breaks_bic", best)
    c.points("breaks_bic", found.breaks[best])
    for key, got in (("bic", found.bic), ("rss", found.rss)):
        c.numbers(key, got[: len(c.wanted(key))])
    c.numbers("one_break_at", one)
    low, high = break_interval(y, one)
    c.numbers("one_break_ci", [low, one, high])
    statistic, p = largest_f(y, shortest)
    c.numbers("supF", statistic)
    c.numbers("supF_p", 1 - (1 - p))
    c.numbers("segment_means", [y[:one].mean(), y[one:].mean()])
