"""How long do rules run that compare points with each other? Counted in simulated steady processes.

A trend or an alternation needs the values themselves, for which there is no finite memory. For the rules of the usual
sets the counts ship with the package, made once from written seeds by ``benchmarks/make_rule_run_lengths.py``: the
first point of each series at which each rule fires, so that the run length of *any* subset is the smallest of its
columns. Other rules are simulated when asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from .constants import factors
from .run_length import RunLength
from .runs import Pattern, fired

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Bools = NDArray[np.bool_]

THREE_SIGMA = (-3.0, 3.0)

KNOWN = (
    Pattern("limits"),
    Pattern("beyond", 3, 2.0, 2),
    Pattern("beyond", 5, 1.0, 4),
    Pattern("beyond", 7),
    Pattern("beyond", 8),
    Pattern("beyond", 9),
    Pattern("beyond", 10),
    Pattern("trend", 6),
    Pattern("trend", 7),
    Pattern("alternating", 14),
    Pattern("within", 15, 1.0),
    Pattern("outside", 8, 1.0),
    Pattern("beyond", 1, 2.0),
    Pattern("beyond", 2, 2.0),
    Pattern("opposite", 2, 2.0),
    Pattern("beyond", 4, 1.0),
)
"""The rules of the shipped table, limits at three sigma: those of all named sets. Moving ranges of two are the last."""

CENSORED = 20_000
"""Points after which a series of the table is left; a rule that was silent so long has the next number."""

SEED_ON_THE_SPOT = 20_261_126
SERIES_ON_THE_SPOT = 4_000
CENSORED_ON_THE_SPOT = 4_000
STRETCH = 250
"""Points drawn at a time."""

BURN_IN = 40
"""Points at the start of a series that do not count for the long-run share, as windows are not full yet."""


@dataclass(frozen=True, slots=True)
class RangeLimits:
    """Limits of a panel of moving ranges, as one more rule.

    Parameters
    ----------
    size : int
        Points in a moving range.
    lower, upper : float
        In sigma of a point.
    """

    size: int
    lower: float
    upper: float

    def fired(self, x: Floats) -> Bools:
        """Points of (..., n) whose moving range is beyond."""
        out = np.zeros(x.shape, dtype=bool)
        if x.shape[-1] >= self.size:
            window = np.lib.stride_tricks.sliding_window_view(x, self.size, axis=-1)
            width = np.abs(np.diff(x, axis=-1)) if self.size == 2 else np.ptp(window, axis=-1)
            out[..., self.size - 1 :] = (width > self.upper) | (width < self.lower)
        return out


def range_limits(size: int, nsigma: float) -> RangeLimits:
    """Limits at that many standard deviations about the mean range."""
    f = factors(size, nsigma)
    return RangeLimits(size, f["D1"], f["D2"])


@dataclass(frozen=True)
class Sample:
    """Simulated steady processes.

    Parameters
    ----------
    first : (series, rules) array
        First point at which each rule fires; ``censored + 1`` if it does not up to there. Moving ranges, where they
        are watched, are the last rule.
    marks : (kinds,) array
        Which rules fire at a point, as bits in the order of the rules.
    counts : (kinds,) array
        At how many points exactly these rules fire.
    watched : int
        Points looked at for the counts.
    censored : int
    """

    first: Whole
    marks: Whole
    counts: Whole
    watched: int
    censored: int

    def run(self, columns: Sequence[int]) -> Whole:
        """First point of each series at which any of these rules fires."""
        return np.asarray(self.first[:, list(columns)].min(axis=1), dtype=np.int64)

    def share(self, columns: Sequence[int]) -> tuple[float, float]:
        """Long-run share of points at which any of these rules fires, and a standard error.

        Signals come in runs, so points are no independent trials; the error takes a run for a single trial of the
        mean length of ten points and is on the safe side.
        """
        bits = sum(1 << c for c in columns)
        hits = int(self.counts[(self.marks & bits) != 0].sum())
        share = hits / self.watched
        return share, float(np.sqrt(10 * share * (1 - share) / self.watched))


def mean_run(sample: Whole, censored: int) -> tuple[float, float]:
    """Average run length of simulated runs, and its standard error.

    A series that was left runs on at the rate of all signals. The error is that of the signals seen: with series that
    were left, that of an exponential run length.

    Examples
    --------
    >>> mean_run(np.array([2, 4, 6]), 100)[0]
    4.0
    """
    ended = int((sample <= censored).sum())
    if ended == 0:
        return np.inf, np.inf
    further = float(np.minimum(sample, censored).sum()) / ended
    whole = np.where(sample <= censored, sample, censored + further)
    spread = float(np.sqrt(whole.var() + (sample.size - ended) / sample.size * further**2))
    return float(whole.mean()), spread / float(np.sqrt(ended))


def draw(
    patterns: Sequence[Pattern],
    limits: tuple[float, float],
    ranges: RangeLimits | None,
    series: int,
    censored: int,
    seed: Sequence[int],
    shift: float = 0.0,
) -> Sample:
    """Simulate steady processes of independent standard normal points.

    Parameters
    ----------
    patterns : sequence of Pattern
    limits : (float, float)
        Drawn limits in sigma; infinite for none.
    ranges : RangeLimits or None
        Moving ranges to be watched.
    series, censored : int
        How many, and after how many points each is left.
    seed : sequence of int
        Of the generator; the start of a stretch is added to it.
    shift : float
        Of the mean, in sigma.

    Notes
    -----
    Series are drawn in stretches that overlap by the longest window; one in which every rule has fired is drawn no
    further.
    """
    lower, upper = (float(v) if np.isfinite(v) else np.nan for v in limits)
    overlap = max([p.window for p in patterns] + [ranges.size if ranges else 1])
    first = np.full((series, len(patterns) + (ranges is not None)), censored + 1, dtype=np.int64)
    tally: dict[int, int] = {}
    watched = 0
    rows, tail, done = np.arange(series), np.empty((series, 0)), 0
    while rows.size and done < censored:
        size = min(STRETCH, censored - done)
        rng = np.random.default_rng([*seed, done])
        fresh = rng.standard_normal((rows.size, size)) + shift
        x = np.concatenate([tail, fresh], axis=1)
        found = (*fired(patterns, x, 0.0, 1.0, lower, upper), *([ranges.fired(x)] if ranges else []))
        flags = [flag[:, tail.shape[1] :] for flag in found]
        if done == 0:
            code = np.zeros(fresh.shape, dtype=np.int64)
            for bit, flag in enumerate(flags):
                code |= flag.astype(np.int64) << bit
            kinds, counts = np.unique(code[:, BURN_IN:], return_counts=True)
            tally = dict(zip(kinds.tolist(), counts.tolist(), strict=True))
            watched = int(counts.sum())
        for column, flag in enumerate(flags):
            at = np.where(flag.any(axis=1), flag.argmax(axis=1) + 1 + done, censored + 1)
            first[rows, column] = np.minimum(first[rows, column], at)
        silent = (first[rows] > censored).any(axis=1)
        tail = x[silent, -overlap:]
        rows = rows[silent]
        done += size
    marks = np.array(sorted(tally), dtype=np.int64)
    return Sample(first, marks, np.array([tally[m] for m in marks.tolist()]), watched, censored)


@cache
def shipped() -> Sample:
    """The table of :data:`KNOWN`, read once."""
    with resources.files(__package__).joinpath("rule_run_lengths.npz").open("rb") as file:
        held = np.load(file, allow_pickle=False)
        first, marks, counts = (held[name].astype(np.int64) for name in ("first", "marks", "counts"))
        watched = int(held["watched"])
    return Sample(first, marks, counts, watched, CENSORED)


@lru_cache(maxsize=64)
def _on_the_spot(patterns: tuple[Pattern, ...], limits: tuple[float, float], ranges: RangeLimits | None) -> Sample:
    return draw(patterns, limits, ranges, SERIES_ON_THE_SPOT, CENSORED_ON_THE_SPOT, [SEED_ON_THE_SPOT])


def sample_of(
    patterns: tuple[Pattern, ...], limits: tuple[float, float], ranges: RangeLimits | None
) -> tuple[Sample, tuple[int, ...]]:
    """A sample that holds these rules, the shipped one where it does, and their columns in it."""
    usual = limits == THREE_SIGMA or all(p.test != "limits" for p in patterns)
    if usual and all(p in KNOWN for p in patterns) and ranges in (None, range_limits(2, 3.0)):
        columns = [KNOWN.index(p) for p in patterns] + ([len(KNOWN)] if ranges else [])
        return shipped(), tuple(columns)
    return _on_the_spot(patterns, limits, ranges), tuple(range(len(patterns) + (ranges is not None)))


@lru_cache(maxsize=64)
def run_compared(patterns: tuple[Pattern, ...], shift: float, limits: tuple[float, float]) -> RunLength:
    """Run length of any rules, as counted in simulated series; of a steady process from the shipped ones.

    The tail beyond what was watched falls at the rate of all signals seen.
    """
    if shift == 0:
        sample, columns = sample_of(patterns, limits, None)
        run = sample.run(columns)
    else:
        seed = [SEED_ON_THE_SPOT, 1]
        sample = draw(patterns, limits, None, SERIES_ON_THE_SPOT, CENSORED_ON_THE_SPOT, seed, shift)
        run = sample.run(range(len(patterns)))
    mean, _ = mean_run(run, sample.censored)
    if not np.isfinite(mean):
        raise ValueError("signals are too rare for the run length to be simulated")
    last = int(min(run.max(), sample.censored))
    head = 1 - np.cumsum(np.bincount(run, minlength=last + 1)[: last + 1]) / run.size
    return RunLength(head, 1 - 1 / mean if head[-1] > 0 else 0.0, mean)
