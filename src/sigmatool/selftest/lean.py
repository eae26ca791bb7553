"""Checks of lean figures: rolled yield, DPMO and sigma level, Pareto, takt, Little's law, equipment effectiveness."""

from __future__ import annotations

import numpy as np

from ..lean.oee import oee
from ..lean.pareto import pareto
from ..lean.yields import rolled_yield
from ..numbers.defects import MILLION, first_time_yield, per_opportunity, process_z, sigma_level
from ..numbers.little import cycle_time, flow_efficiency
from ..numbers.rolled_yield import normalised, rolled
from .comparison import Comparison

ROUTES = (
    "SixSigma's `ss.ca.yield` takes one total of opportunities for every step: units here, one chance each. Its DPU "
    "is the sum of all defects, and its DPMO divides that sum by the opportunities of one step.",
    "Sigma levels carry the shift of 1.5 that the cases ask for; the default here is none.",
)


def check(c: Comparison) -> None:
    """By the figure that the case's name begins with."""
    checks = {"rty": _rolled, "dpmo": _defects, "lean": _equipment, "yield": _steps, "pareto": _causes}
    kind = c.case.id.split("-")[0]
    if kind not in checks:
        raise LookupError(c.case.id)
    checks[kind](c)


def _rolled(c: Comparison) -> None:
    lost = 1 - c.column("first_pass_yields")
    whole, loss = rolled(lost, np.ones(lost.size))
    each = normalised(whole, lost.size)
    c.numbers("rty", whole.value)
    c.numbers("tdpu", loss.value)
    c.numbers("normalised_yield", each.value)
    c.numbers("z_st_shift1.5", process_z(1 - each.value) + 1.5)


def _defects(c: Comparison) -> None:
    dpu = float(c.case.data["defects"]) / float(c.case.data["units"])
    dpo = float(per_opportunity(dpu, float(c.case.data["opportunities_per_unit"])))
    c.numbers("dpu", dpu)
    c.numbers("dpo", dpo)
    c.numbers("dpmo", MILLION * dpo)
    c.numbers("sigma_level", sigma_level(MILLION * dpo, c.case.params["shift"]))
    c.numbers("z_lt", process_z(dpo))
    c.numbers("poisson_first_pass_yield", first_time_yield(dpu))


def _equipment(c: Comparison) -> None:
    import pandas as pd

    held = c.case.data
    found = oee(
        pd.DataFrame({name: [held[name]] for name in ("available_min", "downtime_min", "units", "bad", "demand")}),
        planned="available_min", downtime="downtime_min", ideal_cycle=held["ideal_cycle_min"], units="units", bad="bad",
        demand="demand",
    ).now  # fmt: skip
    for factor in ("availability", "performance", "quality", "oee"):
        c.numbers(factor, getattr(found, factor).value)
    c.numbers("takt", np.nan if found.takt is None else found.takt)
    c.numbers("cycle_time_little", cycle_time(held["wip"], held["throughput_per_h"]))
    c.numbers("pce", flow_efficiency(np.array([held["value_added_min"]]), np.array([held["lead_time_min"]]))[0])


def _steps(c: Comparison) -> None:
    import pandas as pd

    defects, units = c.column("defects"), float(c.case.data["opportunities"])
    table = pd.DataFrame({
        "step": [f"step {i + 1}" for i in range(defects.size)], "units": units, "defects": defects,
        "rework": c.column("rework"),
    })  # fmt: skip
    # a defect scraps its unit there
    table["scrap"] = defects
    found = rolled_yield(table, step="step", units="units", defects="defects", rework="rework", scrap="scrap").now
    c.numbers("Yield", 1 - sum(s.scrap or 0.0 for s in found.steps) / units)
    c.numbers("FTY", 1 - sum(s.lost for s in found.steps) / units)
    c.numbers("RTY", found.rolled.value)
    c.numbers("DPU", sum(s.defects or 0.0 for s in found.steps))
    c.numbers("DPMO", MILLION * (found.dpu or 0.0))


def _causes(c: Comparison) -> None:
    import pandas as pd

    given = list(c.case.data["category"])
    found = pareto(pd.DataFrame({"cause": given, "n": c.column("count")}), category="cause", count="n").to_frame()
    places = [given.index(name) for name in found["category"]]
    c.text("category", places, [given.index(name) for name in c.wanted("category")])
    for key, name, times in (
        ("count", "count", 1.0), ("cumulative", "cumulative", 1.0), ("percent", "share", 100.0),
        ("cumulative_percent", "cumulative_share", 100.0),
    ):  # fmt: skip
        c.numbers(key, times * found[name].to_numpy())
