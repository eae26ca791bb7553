"""What a plan was asked for, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ..errors import SettingsError
from ..review.given import columns_of, looks_given, points_given, season_given, several, whole, yes_or_no
from ..review.looks import Looks
from ..review.policy import POLICY
from ..review.request import Request

LEAST_POWER, MOST_POWER = 0.5, 0.9
TIMES: Final = (1.0, 1.5, 2.0)
"""Effects that are planned for beside those asked for: the worthwhile one and these times it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Settings of a plan: those of the review it is for (``request``), and its own.

    ``effects``: as given, in the metric's own unit or as shares. ``review_points``: after the rollout at the planned
    review; None where the plan is to say.
    """

    request: Request
    rollout: str | None
    worthwhile: str
    effects: tuple[str, ...]
    power: float
    review_points: int | None


def asked_of(given: dict[str, Any]) -> Asked:
    """Take the settings of :func:`sigmatool.plan` by their names."""
    if given["better"] is None:
        raise SettingsError("say which way the metric improves: better = lower, higher or target (--better).")
    if given["worthwhile"] is None:
        raise SettingsError(
            "say what would be worth having: worthwhile, in the metric's own unit or as a share such as 10% "
            "(--worthwhile)."
        )
    looks = looks_given(given["looks"])
    request = Request(
        value=given["value"], size=given["size"], time=given["time"], subgroup=given["subgroup"], scale=given["scale"],
        rollouts=(), better=given["better"], washout=whole(given["washout"], "washout"), worthwhile=given["worthwhile"],
        season=season_given(given["season"]), merge=given["merge"],
        control=columns_of(given["control"], "control") or None,
        control_size=columns_of(given["control_size"], "control_size") or None, target=given["target"],
        exclude=points_given(given["exclude"]),
        triggered_by_bad_results=yes_or_no(given["triggered_by_bad_results"], "triggered_by_bad_results"),
        looks=None if looks is None else Looks.parse(looks),
    )  # fmt: skip
    rollout = several(given["rollout"], "rollout")
    if len(rollout) > 1:
        raise SettingsError("a plan is for one rollout: give the moment of the next one alone.")
    return Asked(
        request, str(rollout[0]) if rollout else None, str(given["worthwhile"]).strip(),
        tuple(str(e).strip() for e in several(given["effect"], "effect")), _power(given["power"]),
        _review_points(given["review_points"], request.looks),
    )  # fmt: skip


def _power(given: Any) -> float:
    try:
        power = float(given)
    except (TypeError, ValueError):
        raise SettingsError(f"power must be a number such as 0.8, not {given!r}.") from None
    if not LEAST_POWER <= power <= MOST_POWER:
        raise SettingsError(
            f"power must lie from {LEAST_POWER:g} to {MOST_POWER:g}, not at {given}: however many points there are, "
            "about one lasting change in twenty is not credited, so that no plan can promise more."
        )
    return power


def _review_points(given: Any, looks: Looks | None) -> int | None:
    if given is None:
        return None
    points = whole(given, "review_points")
    if points < POLICY.least_points:
        raise SettingsError(
            f"review_points must be {POLICY.least_points} or more, not {points}: fewer are never judged."
        )
    if looks is not None and looks.planned and points != looks.planned[-1]:
        raise SettingsError(
            f"review_points is {points}, but the last of the looks is at {looks.planned[-1]}: give one of the two."
        )
    return points
