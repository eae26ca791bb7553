"""What a history says, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..charts.words import counted, number, percent
from ..numbers.estimate import Estimate
from ..review.words import moved

if TYPE_CHECKING:
    from .chain import Link
    from .result import Chain, Entry, History
    from .reviewed import Change

BREAK: Final = {
    "revised": "{revised} of {shared} shared points have another value now, the first {label}: {was} then, {now} now",
    "reaches back": "its baseline reaches back before the rollout before it",
    "gap": "its baseline shares no point with the stage after of the review before it",
    "left out": "{left_out} of the points after the rollout before it are not in its baseline",
    "level": "its baseline holds the same points, but another level: they were judged otherwise",
    "axes": "its points cannot be placed beside the rollout before it: dates in one, other labels in the other",
}
"""Why a review does not start where the one before it ended."""

DUE: Final = {
    "overdue": "overdue by {days}",
    "due": "due now",
    "later": "due in {days}",
    "no date": "due, without a date",
    "not asked": "no day was given",
    "none": "none asked for",
    "replaced": "judged by the next rollout",
}

METHOD: Final = (
    "Levels are the means of the judged points of each stage, with the intervals of its own review, which allow for "
    "dependent points. The total is the last stage after less the first stage before. Neighbouring effects share a "
    "stage, so neither their variances nor, where the level moved between two reviews, the effects themselves add up "
    "to it. Its interval puts those of its two ends together by squares (Zou & Donner 2008), on the logarithm for the "
    "ratio, and takes the two stages for independent: at least one stage lies between them. Of a single review the "
    "total is its own effect."
)
SLIPPED: Final = (
    "Between two reviews: the points of the next baseline that came since the review before, less its stage after. A "
    "gain has slipped where this lies on the worse side with its whole interval."
)


def headline(h: History) -> str:
    """The answer in one sentence."""
    told = [_total(h.chains[0])] if len(h.chains) == 1 else [_several(h)]
    if h.slipped:
        told.append(f"{counted(h.slipped, 'gain')} slipped before the next rollout")
    if h.broken:
        told.append(f"{counted(h.broken, 'link')} of the chain {'does' if h.broken == 1 else 'do'} not hold")
    if h.overdue:
        told.append(f"{counted(h.overdue, 're-review')} {'is' if h.overdue == 1 else 'are'} overdue")
    return "; ".join(told) + "."


def _several(h: History) -> str:
    return f"{len(h.chains)} metrics with {counted(len(h.entries), 'reviewed rollout')}"


def _total(chain: Chain) -> str:
    first, last, n = chain.entries[0].review, chain.entries[-1].review, len(chain.entries)
    e = first.effect
    levels = f"from {level(chain, first.before.mean.value)} to {level(chain, last.after.mean.value)}"
    if n == 1 and e is None:
        return f"One rollout of {chain.metric} was reviewed, {levels}, without an effect that could be told"
    who = "One rollout" if n == 1 else f"{n} rollouts"
    return f"{who} took {chain.metric} {levels}: {change(chain, chain.whole.difference)}"


def level(chain: Chain, value: float) -> str:
    """A level in the metric's own unit."""
    return percent(value) if chain.scale == "proportion" else number(value)


def level_told(chain: Chain, mean: Estimate) -> str:
    """A level with its interval."""
    if not (math.isfinite(mean.low) and math.isfinite(mean.high)):
        return level(chain, mean.value)
    return f"{level(chain, mean.value)} ({level(chain, mean.low)} to {level(chain, mean.high)})"


def change(chain: Chain, e: Estimate | Change) -> str:
    """A difference with its interval."""
    share = chain.scale == "proportion"
    if not (math.isfinite(e.low) and math.isfinite(e.high)):
        return moved(e.value, share)
    return f"{moved(e.value, share)} ({moved(e.low, share)} to {moved(e.high, share)})"


def ratio(e: Estimate | None) -> str:
    """A ratio with its interval."""
    if e is None:
        return "–"
    if not (math.isfinite(e.low) and math.isfinite(e.high)):
        return f"× {number(e.value)}"
    return f"× {number(e.value)} ({number(e.low)} to {number(e.high)})"


def due(entry: Entry) -> str:
    """How the next review of a rollout stands."""
    return DUE[entry.due].format(days="" if entry.days is None else counted(abs(entry.days), "day"))


def breaks(chain: Chain, link: Link) -> str:
    """Whether a review starts where the one before it ended."""
    if not link.breaks:
        more = f", and {link.newer} more since" if link.newer else ""
        return f"yes: {counted(link.shared, 'point')} of it found again{more}"
    label, was, now = link.first_revised or ("", math.nan, math.nan)
    told = [
        BREAK[name].format(
            revised=link.revised, shared=link.shared, left_out=link.left_out, label=label, was=level(chain, was),
            now=level(chain, now),
        )
        for name in link.breaks
    ]  # fmt: skip
    return "no: " + "; ".join(told)


def drift(chain: Chain, link: Link) -> str:
    """What became of the level between two reviews."""
    if link.drift is None:
        return "no points between them" if link.newer == 0 else "too few points between them"
    state = "slipped" if link.slipped else "better still" if link.better_since else "no change shown"
    return f"{state}: {change(chain, link.drift)}"
