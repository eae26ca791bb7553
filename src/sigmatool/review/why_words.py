"""The path to a verdict, in words."""

from __future__ import annotations

from typing import Final

from .words import number, points, probability

UNCHANGED: Final = "Up to {points} more points that show the same would not change the verdict."
WOULD_TURN: Final = "Had {points} more points shown the same, this would read {verdict}."
OTHERWISE: Final = " Otherwise it would read {code}."
DATES: Final = "95 % set of dates: {dates}"
BESIDE: Final = {
    ("gained", True): "better at first, and then lost",
    ("step", True): "the step itself is seen (E2)",
    ("step", False): "a trend could feign it",
    ("stable", False): "several points lie far out",
    ("moved", False): "the likely dates hold the rollout",
    ("lost_steadiness", False): "the stage before was not steady either",
}
"""Why an answer stands although its p value alone would say the opposite."""


def points_held(count: int, needed: float) -> str:
    """How many points there are, and how many it takes."""
    return f"{points(count)}, {number(needed)} needed"


def p_held(value: float, bound: float, chance: bool) -> str:
    """A p value, or a probability, and what it is held against."""
    name = "probability" if chance else "p"
    return f"{name} {probability(value).replace('< ', 'below ')}, held against {number(bound)}"
