"""Is this stretch of points one stable process?

Control-chart signals are hints: with eight rules a steady process signals somewhere in most charts. The
statement "stable" comes from a test with one known false-alarm probability for the whole stretch: the
smallest of four pattern p values (a shift inside, a trend, a drift of the spread, the *number* of Nelson
signals) against its distribution over simulated stable series of the same length and autocorrelation.
Single spikes are counted apart.

The null tables ship with the package; ``benchmarks/make_stability_null.py`` makes them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from .autoregression import Fit

Floats = NDArray[np.float64]

PHI = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
"""Autocorrelations of the null tables."""

PATTERNS = (
    "a shift of the level inside the stage",
    "a trend inside the stage",
    "a drift of the spread inside the stage",
    "more Nelson signals than a stable process gives",
)

ALPHA = 0.05
"""Chance that a stable stretch is called unstable."""

ALPHA_SHORT = 0.035
"""The same below :data:`SHORT` points, where autocorrelation is seen too small: at 8 points and 0.6, 0.05 would come to
7 %."""

SHORT = 12

SMALLEST = 8
"""Points that a stretch needs."""


def _windows(marks: NDArray[np.bool_], width: int) -> NDArray[np.int64]:
    """How many marks stand in each window of ``width`` points."""
    total = np.cumsum(marks, axis=1, dtype=np.int64)
    total = np.concatenate([np.zeros((marks.shape[0], 1), np.int64), total], axis=1)
    return total[:, width:] - total[:, :-width]


def statistics(y: Floats) -> Floats:
    """Five statistics per row of ``y`` (B, n): spike, shift, trend, drift of spread, Nelson signals.

    Nelson signals are counted with rules 1, 2 (8 in a row), 3, 5 and 6 on the mean and the moving range.
    """
    n = y.shape[1]
    c = y - y.mean(axis=1, keepdims=True)
    z = c / (c.std(axis=1, ddof=1, keepdims=True) + 1e-12)
    spike = np.abs(z).max(axis=1)
    margin, k = max(3, n // 10), np.arange(1, n)
    sums = np.cumsum(z, axis=1)[:, :-1] / np.sqrt(k * (n - k) / n)
    shift = np.abs(sums[:, margin - 1 : n - margin]).max(axis=1)
    t = np.arange(n) - (n - 1) / 2
    t = t / np.sqrt(t @ t)
    trend = np.abs(z @ t)
    a = np.abs(y - np.median(y, axis=1, keepdims=True))
    a = a - a.mean(axis=1, keepdims=True)
    drift = np.abs(a @ t) / (np.sqrt((a**2).sum(axis=1)) + 1e-12)
    return np.column_stack([spike, shift, trend, drift, _signals(y, c)])


def _signals(y: Floats, c: Floats) -> Floats:
    n = y.shape[1]
    steps = np.diff(y, axis=1)
    u = c / (np.abs(steps).mean(axis=1, keepdims=True) / 1.128 + 1e-12)
    count = (np.abs(u) > 3).sum(axis=1)
    for side in (1.0, -1.0):
        v = side * u
        count = count + (_windows(v > 0, 8) == 8).sum(axis=1)
        count = count + (_windows(v > 2, 3) >= 2).sum(axis=1)
        count = count + (_windows(v > 1, 5) >= 4).sum(axis=1)
        if n >= 6:
            count = count + (_windows(side * steps > 0, 5) == 5).sum(axis=1)
    return np.asarray(count, dtype=np.float64)


@dataclass(frozen=True)
class NullTables:
    """Quantiles of the statistics over stable series.

    ``levels`` (L,): upper-tail probabilities. ``lengths`` (N,). ``quantile`` (N, P, 4, L): the value that each
    pattern statistic reaches with that probability. ``smallest`` (N, P, L): chance that the smallest of the
    four p values is at most that level. ``spike`` (N, P): 1 % limit of the largest deviation.
    ``signals`` (N, P): mean number of Nelson signals.
    """

    levels: Floats
    lengths: NDArray[np.int64]
    quantile: Floats
    smallest: Floats
    spike: Floats
    signals: Floats

    def level_index(self, n: int, phi: int, values: Floats) -> NDArray[np.int64]:
        """Index of the conservative tail level of each of the four ``values``; (..., 4) in, (..., 4) out."""
        out = np.empty(values.shape, dtype=np.int64)
        for j in range(4):
            # quantiles fall as the level rises: count those that are at least the value
            ascending = self.quantile[n, phi, j][::-1]
            reached = self.levels.size - np.searchsorted(ascending, values[..., j] - 1e-9, side="left")
            out[..., j] = np.minimum(reached, self.levels.size - 1)
        return out


@cache
def null_tables() -> NullTables:
    """The shipped tables, read once."""
    with resources.files(__package__).joinpath("stability_null.npz").open("rb") as file:
        held = np.load(file, allow_pickle=False)
        arrays = {name: held[name].astype(np.float64) for name in held.files}
    lengths = arrays.pop("lengths").astype(np.int64)
    return NullTables(lengths=lengths, **arrays)


@dataclass(frozen=True)
class Stability:
    """Whether a stretch is one stable process.

    ``p``: chance that a stable process looks at least this patterned. ``patterns``: that of each pattern
    alone, in the order of :data:`PATTERNS`. ``alpha``: what ``p`` is held against. ``spikes``: 0-based positions of
    single exceptional points.
    ``signals`` and ``expected``: Nelson signals seen, and the mean over stable series like this one.
    """

    p: float
    patterns: tuple[float, ...]
    spikes: tuple[int, ...]
    signals: int
    expected: float
    heavy: bool
    alpha: float = ALPHA

    @property
    def stable(self) -> bool:
        return self.p > self.alpha and (len(self.spikes) < 2 or self.heavy)

    @property
    def weakest(self) -> str:
        """The pattern that speaks loudest against stability."""
        return PATTERNS[int(np.argmin(self.patterns))]


def _phi_weights(fit: Fit) -> Floats:
    """Posterior of the short-memory autocorrelation on the nodes of the tables."""
    place = np.clip(np.interp(fit.series.grid.phi, PHI, np.arange(PHI.size)), 0, PHI.size - 1)
    below = np.floor(place).astype(int)
    share = place - below
    weights = np.zeros(PHI.size)
    posterior = fit.short_memory_weights
    np.add.at(weights, below, posterior * (1 - share))
    np.add.at(weights, np.minimum(below + 1, PHI.size - 1), posterior * share)
    weights[weights < 1e-3] = 0.0
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _scaled(values: Floats, n: int, tables: NullTables, phi: int) -> tuple[Floats, float]:
    """Values and spike level for a stretch longer than the longest table.

    Shift, trend and drift are standardised and no longer change; the number of signals grows with n about
    its mean like a sum, so it is brought back to the table's length.
    """
    longest = int(tables.lengths[-1])
    if n <= longest:
        return values, 1.0
    mean = tables.signals[-1, phi]
    out = values.copy()
    out[3] = mean + (values[3] - mean * n / longest) * np.sqrt(longest / n)
    return out, float(np.sqrt(np.log(n) / np.log(longest)))


def stability(z: Floats, fit: Fit, heavy: bool = False) -> Stability:
    """Test a stretch for stability.

    Parameters
    ----------
    z : (n,) array
        At least 8 points without NaN, in units of their relative standard deviation.
    fit : Fit
        The regression whose noise posterior gives the autocorrelation.
    heavy : bool
        Noise with heavy tails: single spikes are common cause and do not count against stability.
    """
    n = z.size
    if n < SMALLEST:
        raise ValueError(f"a stretch of {n} points is too short: {SMALLEST} are needed")
    tables = null_tables()
    seen = statistics(z[None])[0]
    upper = int(np.clip(np.searchsorted(tables.lengths, n), 0, tables.lengths.size - 1))
    lower = upper if tables.lengths[upper] <= n else upper - 1
    share = 0.0
    if upper != lower:
        ends = np.log(tables.lengths[[lower, upper]])
        share = float((np.log(n) - ends[0]) / (ends[1] - ends[0]))
    p, patterns, limit, expected = 0.0, np.zeros(4), 0.0, 0.0
    longer = max(n / float(tables.lengths[-1]), 1.0)
    for at, part in ((lower, 1 - share), (upper, share)):
        for phi, weight in enumerate(_phi_weights(fit)):
            w = weight * part
            if w == 0:
                continue
            values, stretch = _scaled(seen[1:], n, tables, phi)
            index = tables.level_index(at, phi, values)
            p += float(w) * float(tables.smallest[at, phi, index.min()])
            patterns += w * tables.levels[index]
            limit += w * float(tables.spike[at, phi]) * stretch
            expected += w * float(tables.signals[at, phi]) * longer
    return Stability(
        p=min(p, 1.0),
        patterns=tuple(float(q) for q in patterns),
        spikes=_spikes(z, limit),
        signals=int(seen[4]),
        expected=expected,
        heavy=heavy,
        alpha=ALPHA_SHORT if n < SHORT else ALPHA,
    )


def _spikes(z: Floats, limit: float) -> tuple[int, ...]:
    centred = z - np.median(z)
    robust = 1.4826 * float(np.median(np.abs(centred))) or float(z.std())
    standard = (z - z.mean()) / z.std(ddof=1)
    far = np.abs(standard) > limit
    far |= (np.abs(centred) / robust > 1.5 * limit) & (np.abs(standard) > 2.5)
    return tuple(int(i) for i in np.flatnonzero(far))
