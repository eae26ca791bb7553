"""What the usual tests would have said, and why they differ from a verdict, in words."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from .words import counted, probability

Seen: TypeAlias = Literal["against", "explains", "less"]
Claim: TypeAlias = Literal["better", "worse", "nothing"]

WHY: Final = {
    "other date": "it takes the date for granted: the level moved at another time",
    "average": "it looks at the average of the whole stage after, not at the gain being lost within it",
    "trend for the worse": "it does not see that a trend for the worse was already running",
    "trend seen": "it cannot tell a step from a trend, and a trend is seen",
    "step or trend": "it cannot tell a step from a trend that was already running",
    "long series": "its errors are exact for long series only; with the doubt about them, the step does not stand out",
    "ranks of heavy tails": "it compares ranks, the verdict averages, and the points are skewed or heavy-tailed",
    "one in twenty": "it speaks in 1 of 20 steady series; the verdict asks for stronger evidence",
    "trend broken": "it compares averages, which are the same: it does not see the trend that the step broke",
    "rollout alone": "it asks about the rollout alone, and the level moved at another time",
    "before": "it does not ask what was running before",
    "gradual": "it looks for a step, and the change began gradually",
    "whole stage": "it looks at the whole stage after, and the gain is being lost within it",
    "spread": "the stages differ in spread, which the verdict reckons with",
    "ranks": "it compares ranks, the verdict averages",
    "dependence": "it does not reckon with how the points depend on each other",
    "moved": "it says that the level moved, not that it moved at another time",
    "run within": "a run within the stage does not tell that the gain is being lost again",
    "old centre": "it looks at the old centre, not at where the trend led to",
    "before or late": "it does not ask what happened before the rollout, or late after it",
}
"""Why a test speaks, or is silent, where the verdict is not or does."""

SMALL_ERRORS: Final = "its errors are too small in a short series of dependent points (autocorrelation {phi})"
TAKEN_AS_INDEPENDENT: Final = "it takes dependent points for independent ones (autocorrelation {phi})"
FOUR_NUMBERS: Final = "it estimates four numbers from {points}: little power to see a step"
BROKEN_RUN: Final = "the change is small against the noise: a single point breaks a run of {run}"
EXPECTED_SIGNALS: Final = "a stable process of this length and autocorrelation gives {signals} signals"
NOT_ADDED_UP: Final = "the rules do not add up what lies below each of them: {pattern}"
FAR_OUT: Final = "{points} far out"
RUN_TEST: Final = "{run} in a row beyond the old centre"
RUN_SAID: Final[dict[Claim, str]] = {
    "better": "a shift for the better: {longest} in a row",
    "worse": "a shift for the worse: {longest} in a row",
    "nothing": "no shift: at most {longest} in a row",
}
CHART_TEST: Final = "Staged chart, stage after"


def level_said(claim: Claim, stepwise: bool, p: float) -> str:
    """What a test of levels, or of a step, would have said."""
    what, text = "step" if stepwise else "change", probability(p)
    told = text if text.startswith("<") else f"= {text}"
    return f"no {what} (p {told})" if claim == "nothing" else f"a {what} for the {claim} (p {told})"


def chance_run(run: int, one_in: int) -> str:
    """How often a steady process runs so long."""
    often = "most charts" if one_in < 2 else f"1 of {one_in} charts"
    return f"a steady process of this length and autocorrelation has {run} in a row on a given side in {often}"


def chart_said(signals: int) -> str:
    """What is usually read from a staged chart."""
    if signals == 0:
        return "the new level is steady: no signal"
    return f"the new level is not steady: {counted(signals, 'signal')}"


def trend_needed(needed: str, limit: str, period: str, seen: Seen, improving: bool) -> str:
    """The trend that would explain the whole change, beside the one that the points before allow."""
    noun, verb = ("improvement", "improved") if improving else ("decline", "got worse")
    told = f"A steady {noun} of {needed} a {period} would explain it all; before the rollout it"
    if seen == "against":
        return f"{told} was {'getting worse' if improving else 'improving'}, by at least {limit} a {period}."
    if seen == "explains":
        return f"{told} may have {verb} by as much as {limit} a {period}."
    return f"{told} {verb} by at most {limit} a {period}."
