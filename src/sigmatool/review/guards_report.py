"""The section of a review that tells whether anything else got worse."""

from __future__ import annotations

from ..render.document import Block, Bullets, FigureBlock, Section, Table, Tone
from ..render.figure import Figure, Interval, Panel, Rule
from .guards import GuardResult
from .result import Review
from .words import number

_TONE: dict[str, Tone] = {"unharmed": "good", "harmed": "bad", "open": "open"}
_ROLE = {"unharmed": "data", "harmed": "signal", "open": "control"}


def side_effects(r: Review) -> Section:
    """The guards in words, side by side in units of their margins, and in numbers."""
    columns = ("guard", "better", "before", "after", "change", "95 % interval", "margin", "finding")
    rows = tuple(
        (
            g.name, g.better, number(g.before, 4), number(g.after, 4), number(g.difference),
            "" if g.low is None or g.high is None else f"{number(g.low)} to {number(g.high)}",
            f"{number(g.margin)} (default)" if g.default_margin else number(g.margin), g.finding,
        )
        for g in r.guards
    )  # fmt: skip
    tones = tuple(_TONE[g.finding] for g in r.guards)
    blocks: list[Block] = [Bullets(tuple(g.text for g in r.guards))]
    drawn = tuple(g for g in r.guards if g.difference is not None and g.margin)
    if drawn:
        blocks.append(FigureBlock(_forest(drawn), _CAPTION))
    blocks.append(Table(columns, rows, "Guards: metrics that must not get worse", tones=tones))
    return Section("Side effects", tuple(blocks), "side-effects")


_CAPTION = (
    "Each guard's change for the worse with its 95 % interval, in margins: right of 1 it would have got worse by more "
    "than was called acceptable; an interval that ends left of 1 is unharmed."
)


def harm(g: GuardResult) -> tuple[float, float, float]:
    """The change for the worse with its interval, in margins.

    Examples
    --------
    >>> harm(GuardResult("w", "higher", "unharmed", 5.0, 4.9, -0.1, -0.3, 0.1, 0.4, False, 0.2, ""))
    (0.25, -0.25, 0.75)
    """
    if g.difference is None or g.low is None or g.high is None or not g.margin:
        raise ValueError(f"{g.name} was not judged")
    sign = 1.0 if g.better == "lower" else -1.0
    middle, *ends = (round(sign * v / g.margin, 9) for v in (g.difference, g.low, g.high))
    return middle, min(ends), max(ends)


def _forest(guards: tuple[GuardResult, ...]) -> Figure:
    marks = []
    for place, g in enumerate(reversed(guards)):
        middle, low, high = harm(g)
        said = f"{g.name}: {number(middle)} margins ({number(low)} to {number(high)}), {g.finding}"
        marks.append(Interval(middle, low, high, float(place), _ROLE[g.finding], said))
    rules = (Rule(1.0, "x", "limit", "margin"), Rule(0.0, "x", "target", "no change"))
    panel = Panel((*marks, *rules), "", categories=tuple(g.name for g in reversed(guards)))
    told = "; ".join(g.text for g in guards)
    return Figure((panel,), "change for the worse, in margins", told, legend=False, size="half")
