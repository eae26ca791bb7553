"""Is the difference smaller than anybody cares about, or larger?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..numbers.equivalence import equivalent_by_interval
from ..numbers.estimate import Tested
from ..numbers.inverted import one_sided_p
from .finding import Finding, Kind

Answer = Literal["equivalent", "not shown", "larger than worthwhile"]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """A difference held against the smallest worthwhile effect.

    Attributes
    ----------
    first, second : str
    kind : {"difference", "ratio"}
    worthwhile : float
        The smallest worthwhile effect, in the metric's own unit.
    below, above : float
        The bounds: a difference between them is not worth having.
    value, low, high : float
        The effect, and the interval whose lying inside the bounds shows equivalence.
    confidence : float
        Of that interval: 0.90 where equivalence is shown at 5 %.
    p : float
        Of the two one-sided tests.
    method : str
    answer : {"equivalent", "not shown", "larger than worthwhile"}
        ``larger than worthwhile``: the whole interval of the comparison lies beyond one of the bounds.
    """

    first: str
    second: str
    kind: Kind
    worthwhile: float
    below: float
    above: float
    value: float
    low: float
    high: float
    confidence: float
    p: float
    method: str
    answer: Answer


def bounds(finding: Finding, worthwhile: float) -> tuple[float, float]:
    """Between which values the effect is not worth having.

    Notes
    -----
    Of a ratio they are the first level less the worthwhile effect, over the first level, and its inverse, so that going
    and coming back count alike; where the effect is as large as the level, the first level and as much again.
    """
    if finding.kind == "difference":
        return -worthwhile, worthwhile
    share = worthwhile / finding.before
    below = 1 - share if share < 1 else 1 / (1 + share)
    return below, 1 / below


def equivalence(finding: Finding, at: Callable[[float], Tested], worthwhile: float, confidence: float) -> Equivalence:
    """Two one-sided tests by the intervals of the method that leads.

    Parameters
    ----------
    finding : Finding
        The leading one, at ``confidence``.
    at : callable
        The same test at another confidence.
    worthwhile : float
        In the metric's own unit.
    confidence : float

    Notes
    -----
    At level a the two differ by less than the bounds where the interval of confidence ``1 - 2 a`` lies inside them:
    Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15. The p value of each one-sided test is that
    of the interval that just reaches its bound.
    """
    below, above = bounds(finding, worthwhile)
    inner = round(1 - 2 * (1 - confidence), 12)
    narrow = at(inner)
    value = finding.tested.value

    def ends(level: float) -> tuple[float, float]:
        found = at(level)
        return found.low, found.high

    p = max(one_sided_p(ends, value, below, below=False), one_sided_p(ends, value, above, below=True))
    answer: Answer = "not shown"
    if equivalent_by_interval(value, narrow.low, narrow.high, (below, above)).equivalent:
        answer = "equivalent"
    elif finding.tested.low > above or finding.tested.high < below:
        answer = "larger than worthwhile"
    return Equivalence(
        finding.first, finding.second, finding.kind, worthwhile, below, above, value, narrow.low,
        narrow.high, inner, p, f"two one-sided tests (Schuirmann 1987) by {narrow.method}", answer,
    )  # fmt: skip
