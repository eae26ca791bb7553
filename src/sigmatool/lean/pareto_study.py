"""What a Pareto study computes: each stage's order with its doubt, and what changed between the stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..numbers.category_change import Mix, RateRatios, clustering, mix_test, rate_ratios
from ..numbers.category_shares import (
    Neighbours,
    could_be_largest,
    neighbours,
    rank_intervals,
    simultaneous_shares,
)
from ..numbers.weighted_shares import total_ratio, weighted_shares

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SEED: Final = 20_240_229
"""Of the tables that are drawn where the mix of few events is tested."""

DRAWS: Final = 9_999

FEWER_DRAWS: Final = 1_999
"""Of more than 200 categories."""

CLUSTERED: Final = 0.01
"""Chance of so uneven periods, from which on events are taken to come in clusters."""

FEW_COSTS: Final = 10
"""Events under which the interval of a cost is rough."""


@dataclass(frozen=True)
class Ranking:
    """One stage, (k,) each in the order of the page.

    ``rank``: place by count, ties share the best; ``largest``: whether it could be the most frequent one. ``order``:
    places of the categories that stand apart, most frequent first; ``pairs``: each of them against the next.
    """

    count: Floats
    share: Floats
    low: Floats
    high: Floats
    rank: Ints
    rank_low: Ints
    rank_high: Ints
    largest: Bools
    order: Ints
    pairs: Neighbours


@dataclass(frozen=True)
class Spending:
    """What the events of one stage cost, (k,) each."""

    total: Floats
    share: Floats
    low: Floats
    high: Floats
    rank: Ints


@dataclass(frozen=True)
class Change:
    """After against before: bars (those that stand apart, then the rest together), all events, the mix, the money."""

    bars: RateRatios
    total: RateRatios
    mix: Mix | None
    cost: tuple[Floats, Floats, Floats] | None
    cost_total: tuple[float, float, float] | None


@dataclass(frozen=True)
class Study:
    """Everything that the counts say.

    Attributes
    ----------
    names : tuple of str
        All categories, in the order of the page.
    kept : (k,) array of bool
        Those with a bar of their own.
    clustering, clustering_p : float
        Variance between moments over that of independent events; 1 where it was not looked at, or is no more than
        chance.
    """

    names: tuple[str, ...]
    kept: Bools
    rankings: tuple[Ranking, ...]
    spending: tuple[Spending, ...]
    cost_order: Ints
    change: Change | None
    clustering: float
    clustering_p: float

    @property
    def worth(self) -> float:
        """What an event is worth beside an independent one."""
        return 1 / self.clustering


def study(
    names: list[str], counts: Floats, money: tuple[Floats, Floats] | None, exposure: Floats | None, top: int,
    least_share: float, periods: list[tuple[Floats, Floats]], confidence: float,
) -> Study:  # fmt: skip
    """Judge counts by stage and category.

    Parameters
    ----------
    names : list of str, (k,)
    counts : (stages, k) array
    money : (totals, squares), (stages, k) each, or None
    exposure : (stages,) array or None
    top : int
        Categories with a bar of their own, at most.
    least_share : float
        Share of a stage under which a category has none.
    periods : list of (counts by moment, lengths)
        Of each stage, for the look at clusters; empty where there is no time.
    confidence : float
    """
    size = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(size, 1)
    kept = _kept(names, shares.max(axis=0), top, least_share)
    keys = [(not k, *(-counts[:, i]).tolist(), names[i]) for i, k in enumerate(kept.tolist())]
    order = np.array(sorted(range(len(names)), key=keys.__getitem__), dtype=np.int64)
    counts, kept = counts[:, order], kept[order]
    told = tuple(names[i] for i in order.tolist())
    ratio, p = _clusters(periods)
    rankings = tuple(_ranking(row, kept, 1 / ratio, confidence) for row in counts)
    spending: tuple[Spending, ...] = ()
    held = None if money is None else (money[0][:, order], money[1][:, order])
    if held is not None:
        spending = tuple(_spending(s, q * ratio, confidence) for s, q in zip(*held, strict=True))
    last = spending[-1].total if spending else counts[-1]
    by_cost = np.argsort(-last, kind="stable").astype(np.int64)
    change = None
    if counts.shape[0] == 2:
        change = _change(counts, held, kept, exposure, ratio, confidence)
    return Study(told, kept, rankings, spending, by_cost, change, ratio, p)


def _kept(names: list[str], share: Floats, top: int, least_share: float) -> Bools:
    """The most frequent ones in either stage; a pool of one would hide its name for nothing."""
    order = sorted(range(len(names)), key=lambda i: (-share[i], names[i]))
    kept = np.zeros(len(names), dtype=bool)
    kept[order[:top]] = True
    kept &= share >= least_share
    if not kept.any():
        kept[order[0]] = True
    if int((~kept).sum()) == 1:
        kept[:] = True
    return kept


def _clusters(periods: list[tuple[Floats, Floats]]) -> tuple[float, float]:
    found = [clustering(*held) for held in periods if held[0].shape[0] > 1]
    if not found:
        return 1.0, 1.0
    ratio, p = min(found, key=lambda f: f[1])
    p = min(1.0, p * len(found))
    return (ratio, p) if p < CLUSTERED and ratio > 1 else (1.0, p)


def _places(values: Floats) -> Ints:
    """Place by value, the largest first; equal ones share the best place."""
    rising = np.sort(values)
    return (values.size - np.searchsorted(rising, values, side="right") + 1).astype(np.int64)


def _ranking(count: Floats, kept: Bools, worth: float, confidence: float) -> Ranking:
    k = count.size
    order = np.flatnonzero(kept)[np.argsort(-count[kept], kind="stable")].astype(np.int64)
    if not count.sum() > 0:
        none = np.full(k, np.nan)
        pairs = Neighbours(*(np.full(max(order.size - 1, 0), np.nan) for _ in range(4)))
        ranks = (np.ones(k, dtype=np.int64), np.full(k, k, dtype=np.int64))
        return Ranking(count, none, none, none, _places(count), *ranks, np.ones(k, dtype=bool), order, pairs)
    share, low, high = simultaneous_shares(count * worth, confidence)
    first, last = rank_intervals(count * worth, confidence)
    largest = could_be_largest(count * worth, confidence)
    some = count[order].sum() > 0
    pairs = neighbours(count[order] * worth, confidence) if some else Neighbours(*(np.empty(0) for _ in range(4)))
    return Ranking(count, share, low, high, _places(count), first, last, largest, order, pairs)


def _spending(total: Floats, squares: Floats, confidence: float) -> Spending:
    if not total.sum() > 0:
        none = np.full(total.size, np.nan)
        return Spending(total, none, none, none, _places(total))
    share, low, high = weighted_shares(total, squares, confidence)
    return Spending(total, share, low, high, _places(total))


def barred(values: Floats, kept: Bools) -> Floats:
    """Values by bar: those that stand apart, then the rest together where there is one."""
    bars = values[kept]
    return bars if kept.all() else np.r_[bars, values[~kept].sum()]


def _change(
    counts: Floats, money: tuple[Floats, Floats] | None, kept: Bools, exposure: Floats | None, ratio: float,
    confidence: float,
) -> Change:  # fmt: skip
    behind = (1.0, 1.0) if exposure is None else (float(exposure[0]), float(exposure[1]))
    first, second = (barred(row, kept) for row in counts)
    bars = rate_ratios(first / ratio, second / ratio, behind, confidence, first.size)
    total = rate_ratios(counts[:1].sum(axis=1) / ratio, counts[1:].sum(axis=1) / ratio, behind, confidence)
    mix = None
    if counts[0].sum() > 0 and counts[1].sum() > 0:
        draws = DRAWS if counts.shape[1] <= 200 else FEWER_DRAWS
        mix = mix_test(counts[0], counts[1], np.random.default_rng(SEED), draws, 1 / ratio)
    cost = cost_total = None
    if money is not None:
        spent, squares = money[0], money[1] * ratio
        parts = [(barred(s, kept), barred(q, kept)) for s, q in zip(spent, squares, strict=True)]
        cost = total_ratio(parts[0], parts[1], behind, confidence, first.size)
        sums = [(s.sum(keepdims=True), q.sum(keepdims=True)) for s, q in zip(spent, squares, strict=True)]
        ends = total_ratio(sums[0], sums[1], behind, confidence)
        cost_total = (float(ends[0][0]), float(ends[1][0]), float(ends[2][0]))
    return Change(bars, total, mix, cost, cost_total)
