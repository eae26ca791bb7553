"""The section of a review that holds both stages against the specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..capability.before_after import before_after
from ..capability.words import limits
from ..numbers.ladder import LEAST
from ..numbers.percentile_capability import Spread
from ..points import Specification
from ..render.document import Block, FigureBlock, Paragraph, Section, Table
from ..render.figure import Figure, Interval, Panel, Rule
from .words import number

if TYPE_CHECKING:
    from .result import CapabilityChange, Review


def capability_section(r: Review) -> Section:
    """Ppk before and after with the difference, both stages on one scale, and how much hangs on the distribution."""
    c = r.capability
    assert c is not None
    spec = Specification(r.settings["lsl"], r.settings["usl"], r.settings["target"])
    columns = ("stage", "values", "seen outside", "per million", "expected per million", "Ppk", "95 % interval")
    rows = tuple(
        (
            name, p.n, p.seen_outside, number(1e6 * p.seen_outside / p.n), number(1e6 * p.share_outside),
            number(p.ppk), f"{number(p.low)} to {number(p.high)}",
        )
        for name, p in (("before", c.before), ("after", c.after))
    )  # fmt: skip
    words = _words(c, spec)
    blocks: list[Block] = [Paragraph(words), FigureBlock(_intervals(c, words)), Table(columns, rows, _OUTSIDE)]
    if c.values is not None:
        # the metric judged may be a distance from the target; the specification speaks of the values themselves
        name = r.settings["value"] or "value"
        stages = (("before", c.values[0]), ("after", c.values[1]))
        picture = before_after(stages, lsl=spec.lsl, usl=spec.usl, target=spec.target, name=name)
        blocks.insert(1, FigureBlock(picture, "Every judged value of both stages, on one scale"))
    if r.after_study is not None:
        spread = r.after_study.law.sensitivity
        if spread is not None and r.after_study.n >= LEAST:
            blocks.append(Paragraph(_sensitivity(spread), "note"))
        blocks.append(FigureBlock(r.after_study.figure(), SIX_PACK.format(law=r.after_study.law.name)))
    return Section("Capability", tuple(blocks), "capability")


SIX_PACK = (
    "The judged points after the rollout as sigmatool capability shows them; earlier ones are crossed out. Its indices "
    "are read from the {law} distribution, and its intervals take points as its own gate finds them: they may part "
    "from the Ppk above, which allows for the autocorrelation of the whole review."
)

_OUTSIDE = "Outside the specification: seen among the values, and expected of a normal distribution, apart"


def _words(c: CapabilityChange, spec: Specification) -> str:
    words = (
        f"Specification: {limits(spec)}. Ppk went from {number(c.before.ppk)} to {number(c.after.ppk)}: "
        f"a difference of {number(c.difference)} (95 % interval {number(c.low)} to {number(c.high)})."
    )
    if c.skewed is not None:
        k = c.skewed
        words += (
            f" The values are skewed: on a scale that makes them near normal Ppk went from {number(k.before.ppk)} to "
            f"{number(k.after.ppk)}, a difference of {number(k.difference)} (95 % interval {number(k.low)} to "
            f"{number(k.high)}, by resampling blocks); trust these rather than the plain ones."
        )
    return words


def _intervals(c: CapabilityChange, words: str) -> Figure:
    marks = (
        Interval(c.before.ppk, c.before.low, c.before.high, 1.0, "control", f"before: {number(c.before.ppk)}"),
        Interval(c.after.ppk, c.after.low, c.after.high, 0.0, "data", f"after: {number(c.after.ppk)}"),
        Rule(1.33, "x", "target", "1.33"),
        Rule(1.0, "x", "limit", "1"),
    )
    panel = Panel(marks, "", categories=("after", "before"))
    return Figure((panel,), "Ppk", f"Ppk with 95 % intervals. {words}", legend=False, size="half")


def _sensitivity(found: Spread) -> str:
    """The spread of Ppk after over the distributions that the data do not contradict."""
    if len(found.ppk) < 2:
        return f"Ppk after hangs on no choice here: only one distribution ({next(iter(found.ppk))}) fits the values."
    return (
        f"Under the {len(found.ppk)} distributions that the values do not contradict Ppk after lies between "
        f"{number(found.low)} and {number(found.high)}: that much hangs on the choice of one."
    )
