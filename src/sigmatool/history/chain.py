"""Reviews of one metric in order of their rollouts: does each start where the last one ended, and what is the whole?

Effects of neighbours share a stage: the one after of the first is the one before of the second. So neither may their
variances be added, nor do the effects add up to the whole where the level moved between the reviews. The whole is the
last stage after less the first stage before: two stages with at least one between them, each with the interval that its
own review gave it, which allows for dependent points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..numbers.dependent_stage import dependent_mean
from ..numbers.estimate import Estimate
from ..numbers.square_and_add import square_and_add
from ..review.stage_numbers import BOUNDS
from .moments import moments
from .reviewed import Reviewed

Break = Literal["revised", "reaches back", "gap", "left out", "level", "axes"]

SAME = 1e-9
"""Relative difference up to which a value was not revised."""


@dataclass(frozen=True, slots=True)
class Link:
    """From one review to the next.

    Attributes
    ----------
    shared, revised, left_out, newer : int
        Points of the stage after that the next baseline holds too; of those, with another value; not in it, though the
        next review has them; points of the next baseline that came since.
    breaks : tuple of str
        Why the next review does not start where this one ended; empty where it does.
    first_revised : tuple of (str, float, float) or None
        Label, value then, value now.
    drift : Estimate or None
        The newer points of the next baseline less the stage after; where no point is shared, of the whole baseline.
    slipped, better_since : bool
        The drift's interval lies wholly on the worse, or on the better side.
    """

    shared: int
    revised: int
    left_out: int
    newer: int
    breaks: tuple[Break, ...]
    first_revised: tuple[str, float, float] | None
    drift: Estimate | None
    slipped: bool
    better_since: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """All rollouts of a chain together.

    Attributes
    ----------
    difference : Estimate
        Last stage after less first stage before, in the metric's own unit.
    ratio : Estimate or None
        The one over the other; None where a level or an end of its interval is not above zero.
    effects : float or None
        The effects of the reviews, added up; None where one has none.
    better : bool or None
        Whether the interval lies wholly on the better side (True), the worse (False), or neither (None).
    """

    difference: Estimate
    ratio: Estimate | None
    effects: float | None
    better: bool | None


def in_order(reviews: Sequence[Reviewed]) -> tuple[list[tuple[Reviewed, tuple[Reviewed, ...]]], bool]:
    """The newest review of each rollout with those it replaces, by their rollouts; whether the order is known."""
    rollouts = list(dict.fromkeys(r.rollout for r in reviews))
    held = moments(rollouts)
    place = dict(zip(rollouts, held[0] if held else range(len(rollouts)), strict=True))
    of_one: dict[float, list[Reviewed]] = {}
    for review in reviews:
        of_one.setdefault(place[review.rollout], []).append(review)
    each = [sorted(of_one[at], key=_reach) for at in sorted(of_one)]
    return [(same[-1], tuple(same[:-1])) for same in each], held is not None or len(rollouts) == 1


def _reach(review: Reviewed) -> tuple[int, int]:
    """Of two reviews of one rollout, the one with more points after it is the newer."""
    return review.after.n, len(review.labels)


def worse(review: Reviewed, before: float, after: float) -> float:
    """By how much a level got worse; below zero: better. A target is missed by as much on either side."""
    if review.better == "target" and review.target is not None:
        return abs(after - review.target) - abs(before - review.target)
    return before - after if review.better == "higher" else after - before


def link(one: Reviewed, other: Reviewed) -> Link:
    """Whether a review starts where the one before it ended."""
    after, base, before = one.stage(one.new), other.stage(other.base), one.stage(one.base)
    every = dict(zip(other.labels, other.values, strict=True))
    shared = [label for label in after if label in base]
    revised = [label for label in shared if not math.isclose(after[label], base[label], rel_tol=SAME, abs_tol=0.0)]
    left_out = sum(label in every for label in after) - len(shared)
    known = set(one.labels)
    newer = [label for label in base if label not in known]
    breaks: list[Break] = []
    back = _reaches_back(one, other, before, base)
    if back is None:
        breaks.append("axes")
    if revised:
        breaks.append("revised")
    if back:
        breaks.append("reaches back")
    if not shared:
        breaks.append("gap")
    elif left_out:
        breaks.append("left out")
    elif not newer and not back and len(shared) == len(base) and not _same(one.after.mean, other.before.mean):
        breaks.append("level")
    drift = _drift(one, other, [base[label] for label in newer] if shared else None)
    return Link(
        len(shared), len(revised), left_out, len(newer), tuple(breaks),
        (revised[0], after[revised[0]], base[revised[0]]) if revised else None,
        drift, _wholly(one, drift, 1.0), _wholly(one, drift, -1.0),
    )  # fmt: skip


def _same(one: Estimate, other: Estimate) -> bool:
    return math.isclose(one.value, other.value, rel_tol=1e-6, abs_tol=1e-12)


def _reaches_back(one: Reviewed, other: Reviewed, before: dict[str, float], base: dict[str, float]) -> bool | None:
    """Whether the next baseline holds points from before this rollout; None where their axes cannot be compared."""
    if any(label in before for label in base):
        return True
    held = moments([one.rollout, other.labels[other.base.start]])
    if held is None:
        return None if one.rollout not in other.labels else other.labels.index(one.rollout) > other.base.start
    return held[0][1] < held[0][0]


def _drift(one: Reviewed, other: Reviewed, newer: list[float] | None) -> Estimate | None:
    if newer is None:
        return square_and_add(one.after.mean, other.before.mean)
    r = other.autocorrelation
    if len(newer) < 2 or r is None:
        return None
    bounds = BOUNDS.get(other.scale, (-math.inf, math.inf))
    try:
        return square_and_add(one.after.mean, dependent_mean(newer, r, bounds=bounds))
    except ValueError:
        return None


def _wholly(one: Reviewed, drift: Estimate | None, side: float) -> bool:
    """Whether a drift from the stage after lies, with its interval, on the worse (1) or the better (-1) side."""
    if drift is None or not (math.isfinite(drift.low) and math.isfinite(drift.high)):
        return False
    level = one.after.mean.value
    told = [side * worse(one, level, level + d) for d in (drift.low, drift.value, drift.high)]
    apart = drift.low > 0 or drift.high < 0
    return apart and min(told) > 0


def whole(chain: Sequence[Reviewed]) -> Whole:
    """All rollouts together; of a single review its own effect."""
    first, last = chain[0], chain[-1]
    effects = [review.effect for review in chain]
    total = sum(e.value for e in effects if e is not None) if all(e is not None for e in effects) else None
    alone = effects[0] if len(chain) == 1 else None
    if alone is not None:
        difference, ratio = Estimate(alone.value, alone.low, alone.high, "of the review"), alone.ratio
    else:
        difference = square_and_add(first.before.mean, last.after.mean)
        ratio = ratio_of(first.before.mean, last.after.mean)
    level = first.before.mean.value
    ends = [worse(last, level, level + d) for d in (difference.low, difference.value, difference.high)]
    apart = difference.low > 0 or difference.high < 0
    better = None if not apart else True if max(ends) < 0 else False if min(ends) > 0 else None
    return Whole(difference, ratio, total, better)


def ratio_of(first: Estimate, second: Estimate) -> Estimate | None:
    """Second over first, with an interval from both: squares are added on the logarithm.

    Examples
    --------
    >>> found = ratio_of(Estimate(2.0, 1.8, 2.2), Estimate(1.0, 0.9, 1.1))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.5, 0.434, 0.576)
    """
    every = (first.value, second.value, first.low, second.low)
    if any(v <= 0 for v in every):
        return None
    told = square_and_add(*(Estimate(math.log(e.value), _log(e.low), _log(e.high)) for e in (first, second)))
    return Estimate(math.exp(told.value), math.exp(told.low), math.exp(told.high), told.method)


def _log(value: float) -> float:
    return math.log(value) if math.isfinite(value) else math.nan
