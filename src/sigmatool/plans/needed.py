"""How many points after the rollout until a review can answer, for an effect of this size?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..errors import SettingsError
from ..review.case import worthwhile_on
from ..review.evidence import points_needed
from ..review.policy import POLICY
from .asked import TIMES, Asked
from .baseline import Baseline
from .least import least
from .power import Answer, Design

FURTHEST = 5_000
"""Judged points after the rollout beyond which nobody waits."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A change to plan for.

    Attributes
    ----------
    size : float
        In the metric's own unit, without sign.
    share : float or None
        Of the level before; None where that is not above zero.
    noise : float
        In standard deviations of the noise, on the working scale.
    worthwhile : bool
        It is the smallest worth having.
    """

    size: float
    share: float | None
    noise: float
    worthwhile: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """Points after the rollout (periods, where several are judged as one) for an effect.

    Attributes
    ----------
    effect : Effect
    better, credited : int or None
        From which a review calls it better, and credits the rollout with it, with the wanted chance; None where this
        baseline never lets it.
    better_date, credited_date : str
        When they are there; "" where unknown.
    careful : int or None
        ``credited``, were the noise as large as the upper end of its 80 % interval.
    each : int or None
        Points in each stage that let the rollout be credited, had the baseline as many; None beyond all reach.
    alone : float
        Largest chance of credit that this baseline allows, at any number of points after.
    """

    effect: Effect
    better: int | None
    better_date: str
    credited: int | None
    credited_date: str
    careful: int | None
    each: int | None
    alone: float


def design_of(b: Baseline, asked: Asked) -> Design:
    """The review to come, with the points that still come before the rollout."""
    further = b.positions[-1] + 1 + np.arange(b.live.to_come // b.block)
    season = asked.request.season
    return Design(
        np.concatenate([b.positions, further]), -(-asked.request.washout // b.block), b.autocorrelation,
        season if isinstance(season, int) and b.season else None, bool(asked.request.controls), asked.request.looks,
    )  # fmt: skip


def effects_of(b: Baseline, asked: Asked) -> tuple[Effect, ...]:
    """The worthwhile effect, those asked for, else 1.5 and 2 times it; as far as the metric can move."""
    better = asked.request.better
    bounded = better == "target" or (better == "lower" and b.scale.name != "continuous")
    first = _effect(b, asked.worthwhile, True, bounded)
    given = [_effect(b, text, False, bounded) for text in asked.effects]
    sizes = [times * first.size for times in TIMES[1:] if not bounded or times * first.size < b.scale.back(b.level)]
    kept = given or [_effect(b, repr(size), False, bounded) for size in sizes]
    by_size = {round(e.noise, 12): e for e in sorted(kept, key=lambda e: e.noise)}
    by_size.pop(round(first.noise, 12), None)
    return (first, *by_size.values())


def _effect(b: Baseline, text: str, worthwhile: bool, bounded: bool) -> Effect:
    """``bounded``: the metric improves towards zero and cannot pass it."""
    try:
        moved = worthwhile_on(text, b.scale, b.level)
    except SettingsError as problem:
        raise SettingsError(str(problem).replace("worthwhile", "worthwhile" if worthwhile else "effect", 1)) from None
    assert moved is not None
    before = b.scale.back(b.level)
    size = abs(before) * float(text[:-1]) / 100 if text.endswith("%") else float(text)
    if moved <= 0:
        raise SettingsError(f"an effect of {text} comes to nothing beside a level before of {before:.4g}.")
    if bounded and size >= before:
        raise SettingsError(
            f"an effect of {text} is more than the {before:.4g} that there is to improve: name a smaller one "
            "(worthwhile, effect)."
        )
    share = size / before if before > 0 else None
    return Effect(size, share, moved / b.sd, worthwhile)


def needed_for(effect: Effect, design: Design, b: Baseline, power: float) -> Needed:
    """Search the points for one effect."""
    better, credited = (_least(design, answer, effect.noise, power) for answer in ("better", "credited"))
    careful = _least(design, "credited", effect.noise * b.sd / b.sd_high, power)
    periods = [None if n is None else n * b.block for n in (better, credited, careful)]
    washout = design.washout * b.block
    dates = ["" if n is None else b.live.date(washout + n) for n in periods[:2]]
    return Needed(
        effect, periods[0], dates[0], periods[1], dates[1], periods[2], _each(design, effect.noise, power, b.block),
        design.chance("credited", _last(design), effect.noise),
    )  # fmt: skip


def _last(design: Design) -> int:
    planned = () if design.looks is None else design.looks.planned
    return planned[-1] if planned else FURTHEST


def _least(design: Design, answer: Answer, change: float, power: float) -> int | None:
    """The fewest points with the wanted chance; where looks are planned, at the first of them that has it."""
    planned = () if design.looks is None else design.looks.planned
    if planned:
        return next((n for n in planned if design.chance(answer, n, change) >= power), None)
    return least(lambda n: design.chance(answer, n, change) >= power, POLICY.least_points - 1, FURTHEST)


def _each(design: Design, change: float, power: float, block: int) -> int | None:
    """Points in each of two equal stages, in one look."""

    def chance(n: int) -> float:
        return replace(design, positions=np.arange(n), looks=None).chance("credited", n, change)

    found = least(lambda n: chance(n) >= power, POLICY.least_points - 1, FURTHEST)
    return None if found is None else found * block


@dataclass(frozen=True, slots=True)
class Silence:
    """When "no change" is an answer of its own: a review says so only where the worthwhile change would have been seen.

    ``each``: points in each stage from which on it does (its own rule); ``after``: None where the baseline is too
    short.
    """

    each: int
    after: int | None
    date: str


def silence_of(b: Baseline, design: Design, effect: Effect) -> Silence:
    """The review's own rule (``points_needed``) for the worthwhile effect."""
    each = points_needed(1.0, b.autocorrelation, effect.noise)
    after = max(each, POLICY.least_points) if design.before >= each else None
    periods = None if after is None else after * b.block
    date = "" if periods is None else b.live.date(design.washout * b.block + periods)
    return Silence(each * b.block, periods, date)


@dataclass(frozen=True, slots=True)
class Meeting:
    """The planned review: points after the rollout, when, and what each effect may expect there.

    ``chance``: by effect, (called better, credited).
    """

    points: int
    date: str
    chance: tuple[tuple[float, float], ...]
    named: bool


def meeting_of(b: Baseline, design: Design, found: tuple[Needed, ...], asked: Asked) -> Meeting:
    """The planned review: as named, else the last look, else as soon as the worthwhile effect can be credited (where it
    never can: called better) and the stage after be called stable."""
    planned = () if design.looks is None else design.looks.planned
    first = found[0]
    soonest = max(first.credited or first.better or 0, POLICY.stable_points * b.block)
    points = asked.review_points or (planned[-1] if planned else soonest)
    judged = points // b.block
    chance = tuple(
        (design.chance("better", judged, n.effect.noise), design.chance("credited", judged, n.effect.noise))
        for n in found
    )  # fmt: skip
    return Meeting(points, b.live.date(design.washout * b.block + points), chance, asked.review_points is not None)
