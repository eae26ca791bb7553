"""A review by its registered plan: settings that are left out come from the plan, and every departure is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ..registration import Registration, read_registration
from ..result import command_line
from .departures import departures
from .plan_words import departures_told, plan_check
from .result import KeptPlan, Review

TAKEN: Final = (
    "rollout", "better", "value", "size", "time", "subgroup", "scale", "washout", "worthwhile", "season", "merge",
    "control", "control_size", "guards", "lsl", "usl", "target", "triggered_by_bad_results", "looks", "exclude",
)  # fmt: skip
"""Settings of a review that a plan holds."""


def as_planned(judge: Callable[..., Review], data: Any, plan: str | Path, given: Mapping[str, Any]) -> Review:
    """Judge by a plan.

    Parameters
    ----------
    judge : callable
        :func:`sigmatool.review`.
    data : DataFrame
    plan : str or Path
        The file of the plan.
    given : mapping
        Every setting of the review, as it was given or left out.

    Raises
    ------
    DataError
        The plan was changed after it was registered, or the data cannot be judged.
    SettingsError
        The file holds no plan, or settings contradict each other.
    """
    registered = read_registration(plan)
    found = judge(data, **filled(registered, given))
    kept = KeptPlan(str(plan), registered.sha256, registered.by, registered.at, departures(registered, found, data))
    settings = {**found.settings, "plan": str(plan)}
    told = (departures_told(kept),) if kept.departures else ()
    return replace(
        found,
        plan=kept,
        settings=settings,
        caveats=(*found.caveats, *told),
        report_card=(plan_check(kept), *found.report_card),
        provenance=replace(found.provenance, command=command_line("review", found.provenance.source, settings)),
    )


def filled(registered: Registration, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as given; those left out as registered."""
    options = dict(given)
    for name in TAKEN:
        planned = getattr(registered, name)
        if planned is not None and _left_out(options[name]):
            options[name] = planned
    if isinstance(options["subgroup"], str) and options["subgroup"].isdecimal():
        options["subgroup"] = int(options["subgroup"])
    return options


def _left_out(given: Any) -> bool:
    """Whether nobody gave a setting; 0 is given."""
    if isinstance(given, str | list | tuple):
        return given == "auto" or not given
    return given is None or given is False
