"""Whether a process is stable, in words."""

from __future__ import annotations

from typing import Final

PATTERNS: Final = (
    "a shift of the level",
    "a trend",
    "a drift of the spread",
    "more runs and patterns than a stable process gives",
)
"""What can speak against it, in the order of the test's p values."""

INSIDE: Final = (
    "a shift of the spread inside the subgroups",
    "a trend of the spread inside the subgroups",
    "an unsteady spread inside the subgroups",
    "more runs and patterns of the spread inside the subgroups than a stable process gives",
)
"""The same for the spread inside the subgroups."""

QUIET: Final = "no pattern that a stable process would not give"
TOO_FEW: Final = "{points} points are too few to tell whether the process is stable; {needed} are needed"
ALONE: Final = "{points} single points far from the rest"
FEW_COUNTS: Final = "{points} points are too few; {needed} are needed"
NO_SCATTER: Final = "every point shows the same: there is no scatter to judge"
FOLLOW: Final = "high and low points follow their like: the level shifted or drifted"
QUIET_CHART: Final = "no pattern on the {kind} chart beyond chance"


def against_frozen(beyond: int, seen: int) -> str:
    """What frozen limits say."""
    if beyond:
        return f"{beyond} of {seen} points lie beyond the frozen limits"
    return f"all {seen} points lie within the frozen limits"


def beyond_chart(points: list[int], kind: str) -> str:
    """What lies beyond the limits of a chart of counts."""
    told = f"{len(points)} points lie" if len(points) > 1 else f"point {points[0]} lies"
    return f"{told} beyond the limits of the {kind} chart"
