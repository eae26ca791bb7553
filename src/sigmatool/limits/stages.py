"""The stage that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SettingsError
from .ledger_words import no_stage

if TYPE_CHECKING:
    from ..charts.result import ControlChart, StageLimits


def stage_of(chart: ControlChart, of: str | None) -> StageLimits:
    """The stage of a name; without one the last."""
    if of is None:
        return chart.stages[-1]
    found = next((s for s in chart.stages if s.name == of), None)
    if found is None:
        raise SettingsError(no_stage(of, [s.name for s in chart.stages]))
    return found
