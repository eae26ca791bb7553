"""Does a series repeat itself, beside its step and its trend?

Every candidate period is held against the same regression without it, the autocorrelation integrated out; the chance
of finding any season in a series without one stays below 5 %.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from .autoregression import SHORT_MEMORY, WITH_WANDER, NoiseGrid, decay, whiten

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALPHA = 0.03
"""Level of the search over all candidates: set so that in short or strongly dependent series, where the test runs a
little hot, a season is still found in at most 5 of 100 series without one."""

CYCLES = 2
"""Cycles that a series must hold for a period to be looked for."""

LEAST_FREE = 8
"""Degrees of freedom that must remain beside the columns of a season."""

WHOLE_SHAPE = 7
"""Periods up to this are looked for with a level of their own for every place in the cycle."""

ONE_SEASON = 6
"""A period and its multiple up to this are one season: the shorter is part of the longer one's shape."""

_SLOW = WITH_WANDER.psi > 0
_WANDER = NoiseGrid(WITH_WANDER.phi[_SLOW], WITH_WANDER.psi[_SLOW], WITH_WANDER.log_prior[_SLOW])
"""The models that the full grid holds after those of short memory."""

_BY_STEP = {
    "hour": (24, 168),
    "day": (7,),
    "working day": (5,),
    "week": (52,),
    "month": (12,),
    "quarter": (4,),
}


@dataclass(frozen=True, slots=True)
class SeasonFound:
    """A season that is seen.

    ``p``: chance of a pattern like this without a season, before correcting for the search; ``corrected``: after it
    (Holm). ``share``: of the variance beside the other columns (adjusted for the columns it takes). ``amplitude``: half
    the way from trough to peak, in units of the series.
    """

    period: int
    p: float
    corrected: float
    share: float
    amplitude: float


def candidates(step: str) -> tuple[int, ...]:
    """Periods worth looking for on a calendar of this step; the usual ones where the step is unknown.

    Examples
    --------
    >>> candidates("day"), candidates("point")
    ((7,), (4, 5, 7, 12, 24, 52))
    """
    if step in _BY_STEP:
        return _BY_STEP[step]
    # a year, a minute or a multiple of a step has no season of its own
    return (4, 5, 7, 12, 24, 52) if step in ("point", "step") else ()


def harmonics(period: int) -> tuple[Fraction, ...]:
    """Frequencies by which a season is looked for, in cycles a step: all of them up to a week, else the first two."""
    number = period // 2 if period <= WHOLE_SHAPE else 2
    return tuple(Fraction(k, period) for k in range(1, number + 1))


def waves(positions: Ints, frequency: Fraction) -> Floats:
    """Sine and cosine of a frequency along the positions, (n, 2); (n, 1) where it turns over at every step."""
    angle = 2 * np.pi * float(frequency) * positions
    if frequency == Fraction(1, 2):
        return np.asarray(np.cos(angle)[:, None], dtype=np.float64)
    return np.column_stack([np.sin(angle), np.cos(angle)])


def search(
    z: Floats,
    positions: Ints,
    relative_sd: Floats,
    columns: Mapping[str, Floats],
    periods: Sequence[int],
    alpha: float = ALPHA,
) -> tuple[SeasonFound, ...]:
    """Which of these periods does the series repeat itself with?

    Parameters
    ----------
    z : (n,) array
        Without NaN; a missing point is left out and its position jumped.
    positions : (n,) array of int
    relative_sd : (n,) array
    columns : mapping of name to (n,) array
        What the season is sought beside: level, step, trend.
    periods : sequence of int
        Candidates; those without two cycles in the series are passed over.
    alpha : float
        Level of the whole search.

    Returns
    -------
    tuple of SeasonFound
        The plainest first. Of a period and its multiples (up to six times) the plainest alone is given; a further one
        is held against the model that holds those before it.

    Notes
    -----
    For every AR(1) coefficient of a fixed grid the generalised F test of the season's sines and cosines; the p value is
    their mean under the posterior of the coefficient in the model that holds the season. Corrected by Holm's steps.
    What is found must also hold where the noise may wander slowly: long swings are no season.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> t = np.arange(60)
    >>> z = np.sin(2 * np.pi * t / 12) + np.random.default_rng(1).normal(0, 0.5, 60)
    >>> [found.period for found in search(z, t, np.ones(60), {"one": np.ones(60)}, (7, 12))]
    [12]
    """
    span = int(positions[-1] - positions[0]) + 1
    left = [p for p in periods if span >= CYCLES * p]
    tests = len(left)
    if not left:
        return ()
    table = _Table(z, positions, relative_sd, columns, left)
    found: list[SeasonFound] = []
    held: list[Fraction] = []
    while left:
        p_value, period = min((table.test(held, p), p) for p in left)
        if p_value * tests > alpha:
            break
        period = _shortest(table, held, period, left, alpha / tests)
        p_value = max(table.test(held, period), table.test(held, period, wander=True))
        if p_value * tests > alpha:
            left.remove(period)
            continue
        share, amplitude = table.size(held, period)
        found.append(SeasonFound(period, p_value, min(p_value * tests, 1.0), share, amplitude))
        held += [f for f in harmonics(period) if f not in held]
        left = [p for p in left if not _same(p, period)]
        tests -= 1
    return tuple(found)


def _shortest(table: _Table, held: Sequence[Fraction], period: int, left: Sequence[int], level: float) -> int:
    """The shortest season that explains all that this one does: 12, not 24, whose second wave is that of 12."""
    for short in sorted(left):
        if short < period and period % short == 0 and table.test(held, short) <= level:
            both = [*held, *(f for f in harmonics(short) if f not in held)]
            if table.test(both, period) > level:
                return short
    return period


def _same(a: int, b: int) -> bool:
    long, short = max(a, b), min(a, b)
    return long % short == 0 and long // short <= ONE_SEASON


class _Table:
    """Every candidate column, with the cross products that all tests share."""

    def __init__(
        self, z: Floats, positions: Ints, relative_sd: Floats, columns: Mapping[str, Floats], periods: Sequence[int]
    ) -> None:
        self.n, self.base = z.size, len(columns)
        self.positions, self.relative_sd = positions, relative_sd
        pieces = [np.column_stack(list(columns.values()))]
        self.place: dict[Fraction, list[int]] = {}
        at = self.base
        for frequency in dict.fromkeys(f for p in periods for f in harmonics(p)):
            wave = waves(positions, frequency)
            self.place[frequency] = list(range(at, at + wave.shape[1]))
            at += wave.shape[1]
            pieces.append(wave)
        self.design = np.column_stack(pieces)
        self.unit = float(z.std()) or 1.0
        self.z = (z - z.mean()) / self.unit
        self.table = np.column_stack([self.design, self.z]) / relative_sd[:, None]
        self.gram, self.log_det = gram(self.table, positions, SHORT_MEMORY)

    def _split(self, held: Sequence[Fraction], period: int) -> tuple[list[int], list[int]]:
        """Columns without and with the season; those with it begin with those without."""
        without = [*range(self.base), *(i for f in held for i in self.place[f])]
        return without, [*without, *(i for f in harmonics(period) if f not in held for i in self.place[f])]

    def test(self, held: Sequence[Fraction], period: int, wander: bool = False) -> float:
        """p value of a period beside those held; 1 where too little is free to test it."""
        without, within = self._split(held, period)
        if len(within) == len(without) or self.n - len(within) < LEAST_FREE:
            return 1.0
        if not wander:
            return self._cross(within).test(len(without))
        plain = self._cross(within)
        white, log_det = whiten(self.table[:, [*within, -1]], self.positions, _WANDER)
        both = np.concatenate([plain.gram, np.swapaxes(white, 1, 2) @ white])
        return _Cross(both, np.concatenate([plain.log_det, log_det]), WITH_WANDER, self.n).test(len(without))

    def _cross(self, index: list[int]) -> _Cross:
        chosen = [*index, self.gram.shape[1] - 1]
        return _Cross(self.gram[:, chosen][:, :, chosen], self.log_det, SHORT_MEMORY, self.n)

    def size(self, held: Sequence[Fraction], period: int) -> tuple[float, float]:
        """Share of the variance and amplitude of a period beside those held."""
        without, within = self._split(held, period)
        own = self._cross(within).coefficients()[len(without) :]
        cycle = np.arange(period)
        pattern = np.column_stack([waves(cycle, f) for f in harmonics(period) if f not in held]) @ own
        return self._share(without, within), float(np.ptp(pattern)) / 2 * self.unit

    def _share(self, without: list[int], within: list[int]) -> float:
        variance = []
        for index in (without, within):
            scaled = self.design[:, index] / self.relative_sd[:, None]
            y = self.z / self.relative_sd
            residual = y - scaled @ np.linalg.lstsq(scaled, y, rcond=None)[0]
            variance.append(float(residual @ residual) / (self.n - len(index)))
        return float(np.clip(1 - variance[1] / variance[0], 0.0, 1.0))


@dataclass(frozen=True)
class _Cross:
    """Cross products of whitened columns, the series last, by noise model."""

    gram: Floats
    log_det: Floats
    grid: NoiseGrid
    n: int

    def _fit(self, k: int) -> tuple[Floats, Floats, Floats]:
        """Coefficients, residual sum of squares and weights of the regression on the first k columns."""
        part, cross = self.gram[:, :k, :k], self.gram[:, :k, -1]
        coefficients = np.linalg.solve(part, cross[:, :, None])[:, :, 0]
        rss = np.maximum(self.gram[:, -1, -1] - np.einsum("fi,fi->f", coefficients, cross), 1e-12)
        log = self.log_det + np.linalg.slogdet(part)[1] + (self.n - k) * np.log(rss)
        weights = np.exp(self.grid.log_prior - 0.5 * log - (self.grid.log_prior - 0.5 * log).max())
        return np.asarray(coefficients, dtype=np.float64), np.asarray(rss), np.asarray(weights / weights.sum())

    def test(self, base: int) -> float:
        """p value of all columns after the first ``base``."""
        k = self.gram.shape[1] - 1
        less = self._fit(base)[1]
        _, rss, weights = self._fit(k)
        ratio = np.maximum(less - rss, 0.0) / (k - base) / (rss / (self.n - k))
        return float(weights @ fdtrc(k - base, self.n - k, ratio))

    def coefficients(self) -> Floats:
        """Posterior means over the noise models."""
        found, _, weights = self._fit(self.gram.shape[1] - 1)
        return np.asarray(weights @ found, dtype=np.float64)


def gram(columns: Floats, positions: Ints, grid: NoiseGrid) -> tuple[Floats, Floats]:
    """Cross products of the columns after whitening by every plain AR(1) model, without whitening them.

    Parameters
    ----------
    columns : (n, m) array
    positions : (n,) array of int
    grid : NoiseGrid
        F models, without white noise beside (``psi`` zero).

    Returns
    -------
    gram : (F, m, m) array
    log_determinant : (F,) array

    Notes
    -----
    The whitened step is ``(z[i] - rho z[i-1]) / sqrt(1 - rho^2)`` with ``rho = phi ** gap``: for one gap length three
    products of the plain columns serve all models.

    Examples
    --------
    >>> from sigmatool.numbers.autoregression import whiten
    >>> table, places = np.eye(4)[:, :2], np.array([0, 1, 2, 5])
    >>> white, _ = whiten(table, places, SHORT_MEMORY)
    >>> bool(np.allclose(gram(table, places, SHORT_MEMORY)[0], np.swapaxes(white, 1, 2) @ white))
    True
    """
    gaps = np.diff(positions)
    first = columns[:1]
    total = np.repeat((first.T @ first)[None], grid.phi.size, axis=0)
    log_det = np.zeros(grid.phi.size)
    for gap in np.unique(gaps):
        here = np.flatnonzero(gaps == gap)
        now, past = columns[here + 1], columns[here]
        own, lag, old = now.T @ now, now.T @ past, past.T @ past
        rho = decay(grid.phi, np.array([gap]))[:, 0]
        variance = 1 - rho**2
        both = lag + lag.T
        total += (own - rho[:, None, None] * both + (rho**2)[:, None, None] * old) / variance[:, None, None]
        log_det += here.size * np.log(variance)
    return total, log_det
