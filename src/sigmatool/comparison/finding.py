"""What one comparison of two says: the effect with its interval, and when one account of it leads another."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ..caveats import Caveat
from ..numbers.estimate import Tested
from .caveat_words import not_computed

Kind = Literal["difference", "ratio", "effect size"]

WIDER = 1.25
"""An interval wider by more than a quarter is another answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What differs between two stages or groups.

    Attributes
    ----------
    question : str
        What was asked: level, spread, proportion, rate, capability, effect size.
    measure : str
        What was compared: mean, standard deviation, share, ...
    kind : {"difference", "ratio", "effect size"}
        A difference is second minus first, a ratio second over first.
    first, second : str
        Names of the stages or groups.
    before, after : float
        The measure of each; NaN where it has none.
    tested : Tested
    dependent : bool
        Whether it allows for points that depend on their neighbours, or vary more than chance.
    """

    question: str
    measure: str
    kind: Kind
    first: str
    second: str
    before: float
    after: float
    tested: Tested
    dependent: bool = False

    @property
    def relative(self) -> float | None:
        """The difference as a share of the first level; None where that is not above zero."""
        if self.kind != "difference" or not (math.isfinite(self.before) and self.before > 0):
            return None
        return self.tested.value / self.before

    @property
    def clear(self) -> bool | None:
        """Whether the interval leaves "no difference" out; None without an interval."""
        low, high = self.tested.low, self.tested.high
        if not (math.isfinite(low) or math.isfinite(high)):
            return None
        none = 1.0 if self.kind == "ratio" else 0.0
        return low > none or high < none

    @property
    def width(self) -> float:
        """Width of the interval; of a ratio on the scale of its logarithm."""
        low, high = self.tested.low, self.tested.high
        if self.kind != "ratio":
            return high - low
        return math.log(high / low) if low > 0 and math.isfinite(high) else math.inf

    def as_dict(self) -> dict[str, Any]:
        """As JSON names it."""
        return {
            "first": self.first,
            "second": self.second,
            "measure": self.measure,
            "before": self.before,
            "after": self.after,
            ("effect" if self.kind == "effect size" else self.kind): self.tested.value,
            "low": self.tested.low,
            "high": self.tested.high,
            "p": self.tested.p,
            "method": self.tested.method,
            "statistic": self.tested.statistic,
            "dof": self.tested.dof,
            "relative": self.relative,
        }


def part(plain: Finding, aware: Finding) -> str:
    """Why the account that allows for dependence is another answer than the plain one; "" where it is not.

    The two part where one interval leaves "no difference" out and the other does not, or where that of the aware one is
    wider by more than a quarter.
    """
    if plain.clear != aware.clear:
        return "only one of the two intervals leaves no difference out"
    wider = aware.width / plain.width if plain.width > 0 else math.inf
    if wider > WIDER:
        return f"its interval is {wider:.1f} times as wide" if math.isfinite(wider) else "its interval is far wider"
    return ""


def attempt(
    caveats: list[Caveat], question: str, compute: Callable[..., Tested], *given: Any, **options: Any
) -> Tested | None:
    """A test that may not exist for these data: then a caveat says why, and the others stand."""
    try:
        return compute(*given, **options)
    except ValueError as reason:
        once(caveats, not_computed(question, f"{reason}."))
        return None


def once(caveats: list[Caveat], caveat: Caveat) -> None:
    """Add a caveat; one with the same words is told once."""
    if caveat not in caveats:
        caveats.append(caveat)
