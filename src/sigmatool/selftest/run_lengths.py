"""Checks of run lengths, and of the limits that give a wanted one."""

from __future__ import annotations

from typing import Literal

from ..designs import CUSUM, EWMA
from ..numbers.run_length_variance import variance_ewma_arl
from ..planning import arl, design
from .comparison import Comparison

ROUTES = (
    "Zero-state run lengths, as spc tells them, are `arl`; its steady-state ones `steady_state`; its critical values "
    "`design`. The case that says 370 means 370.4. A variance EWMA has no chart and is compared as arithmetic.",
)

_SIDES: dict[str, Literal["both", "upper"]] = {"two": "both", "one": "upper"}
_LIMITS: dict[str, Literal["asymptotic", "exact"]] = {"asym": "asymptotic", "vacl": "exact"}


def check(c: Comparison) -> None:
    """By the chart that the case's name begins with."""
    params = c.case.params
    kind = c.case.id.split("-")[0]
    if c.case.id == "cusum-published":
        for h in (4, 5):
            c.numbers(f"h{h}", arl(CUSUM(reference=params["k"], decision=h), params["shifts"]).arl)
    elif kind == "cusum":
        chart = CUSUM(reference=params["k"], decision=params["h"], head_start=params["head_start"])
        c.numbers("arl", arl(chart, params["shifts"], sides=_SIDES[params["sided"]]).arl)
    elif kind == "ewma":
        smooth = EWMA(weight=params["lambda"], limits=_LIMITS[params["limits"]])
        c.numbers("arl", arl(smooth, params["shifts"], nsigma=params["L"], sides=_SIDES[params["sided"]]).arl)
    elif kind == "shewhart":
        for n in (1, 4, 5):
            c.numbers(f"arl_n{n}", arl("xbar-r", params["shifts"], nsigma=params["L"], n=n).arl)
    elif kind == "sewma" and params["cl"] == 0:
        got = [variance_ewma_arl(params["lambda"], params["cu"], s, params["df"]) for s in params["sigmas"]]
        c.numbers("arl", got)
    elif kind == "steady":
        # the settings stand in the case's source alone
        settled = EWMA(weight=0.1, limits="asymptotic")
        c.numbers("ewma", arl(settled, params["shift"], nsigma=2.814).steady_state)
        c.numbers("cusum_one", arl(CUSUM(decision=4.0), params["shift"], sides="upper").steady_state)
    elif kind == "crit":
        _designs(c)
    else:
        raise LookupError(c.case.id)


def _designs(c: Comparison) -> None:
    c.numbers("ewma_L_l0.1_arl370", design("ewma(weight=0.1, limits=asymptotic)", 370.4).nsigma)
    c.numbers("ewma_L_l0.2_arl500", design("ewma(weight=0.2, limits=asymptotic)", 500).nsigma)
    for key, reference, wanted, sides in (
        ("cusum_h_k0.5_arl370_two", 0.5, 370.4, _SIDES["two"]), ("cusum_h_k0.25_arl500_one", 0.25, 500, _SIDES["one"]),
    ):  # fmt: skip
        found = design(CUSUM(reference=reference), wanted, sides=sides).chart
        c.numbers(key, found.decision if isinstance(found, CUSUM) else float("nan"))
