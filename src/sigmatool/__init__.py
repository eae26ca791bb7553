"""sigmatool: did the rollout improve and stabilise operations?

Control charts, capability and an honest verdict on a change, from the same numbers for the project that made it and
the operations that live with it.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "CUSUM": "designs",
    "DataError": "errors",
    "EWMA": "designs",
    "Guard": "review.guards",
    "Metric": "review.metrics",
    "SettingsError": "errors",
    "SigmatoolError": "errors",
    "advise_limits": "limits.advise",
    "arl": "planning",
    "attribute_agreement": "msa.agreement",
    "capability": "capability.capability",
    "capability_each": "capability.each",
    "capacity_check": "lean.capacity",
    "compare": "comparison.compare",
    "control_chart": "charts.control_chart",
    "diff_limits": "limits.diff",
    "drill": "screening.drill",
    "flow": "lean.flow",
    "freeze_limits": "limits.freeze",
    "gage_bias": "msa.bias",
    "gage_linearity": "msa.linearity",
    "gage_rr": "msa.gage",
    "gage_stability": "msa.stability",
    "gate": "monitoring.gate",
    "history": "history.history",
    "icc": "msa.icc",
    "inspect": "inspection",
    "monitor": "monitoring.monitor",
    "oee": "lean.oee",
    "pareto": "lean.pareto",
    "plan": "plans.plan",
    "read_table": "sources",
    "register_plan": "plans.register",
    "review": "review.review",
    "review_each": "review.each",
    "review_waves": "review.waves",
    "rolled_yield": "lean.yields",
    "screen": "screening.screen",
    "selftest": "selftest.selftest",
    "tolerance_interval": "capability.tolerance",
    "type1_gage": "msa.type1",
    "verify": "cli.verifying",
}
_MODULES = ("datasets", "designs", "numbers")

__all__ = [
    "CUSUM",
    "EWMA",
    "DataError",
    "Guard",
    "Metric",
    "SettingsError",
    "SigmatoolError",
    "__version__",
    "advise_limits",
    "arl",
    "attribute_agreement",
    "capability",
    "capability_each",
    "capacity_check",
    "compare",
    "control_chart",
    "datasets",
    "designs",
    "diff_limits",
    "drill",
    "flow",
    "freeze_limits",
    "gage_bias",
    "gage_linearity",
    "gage_rr",
    "gage_stability",
    "gate",
    "history",
    "icc",
    "inspect",
    "monitor",
    "numbers",
    "oee",
    "pareto",
    "plan",
    "read_table",
    "register_plan",
    "review",
    "review_each",
    "review_waves",
    "rolled_yield",
    "screen",
    "selftest",
    "tolerance_interval",
    "type1_gage",
    "verify",
]


class _Face(ModuleType):
    """Keeps the public names: importing a room such as ``review/`` must not hide its function ``review``."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    elif name in _MODULES:
        value = importlib.import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
