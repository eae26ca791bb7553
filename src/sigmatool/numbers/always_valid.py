"""Did the level move, for someone who may have looked any number of times?

A p value of one look is not valid for the smallest of many. An e-process is: its expected value under "no step" is
at most 1 whenever one stops looking, so the chance that it ever reaches ``1 / alpha`` is at most ``alpha`` (Ville).
Here it is the Bayes factor of a step of unknown size at a known moment against no step. Level, trend, scale,
autocorrelation and the ratio of the two stages' spread are integrated out under both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from .autoregression import WITH_WANDER, NoiseGrid, whiten_points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PRIOR_SD = (1.0, 2.0)
"""Standard deviations of the step under "it moved", in noise standard deviations, with equal weights."""

SPREAD_RATIOS = np.array([0.5, 2**-0.5, 1.0, 2**0.5, 2.0])
"""Spread after relative to before that is reckoned with."""

_LOG_RATIO_PRIOR = np.log(np.array([0.1, 0.2, 0.4, 0.2, 0.1]))


@dataclass(frozen=True)
class SafeStep:
    """The e-process of a step, and its always-valid interval.

    Attributes
    ----------
    seen : (P,) array of int
        Points after the step at which one might have looked.
    log_either, log_up, log_down : (P,) array
        Logarithm of the e-value at each of them: for a step of either sign, upwards, downwards.
    estimate, low, high : float
        Size of the step at the last of them, with the interval; in units of y.
    """

    seen: Ints
    log_either: Floats
    log_up: Floats
    log_down: Floats
    estimate: float
    low: float
    high: float

    @property
    def e_value(self) -> float:
        """Of a step of either sign, now."""
        return float(np.exp(min(self.log_either[-1], 700.0)))

    @property
    def p_up(self) -> float:
        """Always-valid one-sided p value of "it moved up", now: ``min(1, 1 / e)``."""
        return float(np.exp(-max(self.log_up[-1], 0.0)))

    @property
    def p_down(self) -> float:
        """Always-valid one-sided p value of "it moved down", now."""
        return float(np.exp(-max(self.log_down[-1], 0.0)))

    @property
    def smallest_p_up(self) -> float:
        """The smallest ``p_up`` of all looks: as valid, but of a gain that may be lost again."""
        return float(np.exp(-max(self.log_up.max(), 0.0)))


@dataclass(frozen=True)
class _Marginal:
    """What is left of a regression when its nuisance columns are swept out: (..., F, R) arrays."""

    information: Floats
    product: Floats
    rss: Floats
    log_weight: Floats
    dof: Ints

    def log_none(self, value: Floats | float = 0.0) -> Floats:
        """Log marginal likelihood of "the step is ``value``"."""
        q = self.information
        return np.asarray(self.log_weight - 0.5 * self.dof * np.log(self._rest + q * (self.product / q - value) ** 2))

    def log_some(self, prior_sd: float) -> tuple[Floats, Floats]:
        """Log marginal likelihood of a step spread about zero, and the t statistic of its sign."""
        q, size = self.information, self.product / self.information
        shrunk = 1.0 + prior_sd**2 * q
        left = self._rest + q * size**2 / shrunk
        some = self.log_weight - 0.5 * np.log(shrunk) - 0.5 * self.dof * np.log(left)
        return some, prior_sd * q * size / np.sqrt(shrunk * left / self.dof)

    def at(self, look: int) -> _Marginal:
        """Of one look."""
        parts = (self.information, self.product, self.rss, self.log_weight, self.dof)
        return _Marginal(*(part[look] for part in parts))

    @property
    def _rest(self) -> Floats:
        return np.maximum(self.rss - self.product**2 / self.information, 1e-300)


def safe_steps(
    y: Floats,
    after: Bools,
    nuisance: Sequence[tuple[Floats, ...]],
    positions: Ints,
    relative_sd: Floats | None = None,
    grid: NoiseGrid = WITH_WANDER,
    looks: Ints | None = None,
    prior_sd: Sequence[float] = PRIOR_SD,
    level: float = 0.95,
) -> tuple[SafeStep, ...]:
    """Follow the e-process of a step for growing sets of nuisance columns.

    Parameters
    ----------
    y : (n,) array
        In order of time, without NaN.
    after : (n,) array of bool
        False, then True.
    nuisance : sequence of tuples of (n,) arrays
        Columns added to the level, one tuple an answer: ``[(), (trend,)]`` asks for a step of the level, then for a
        step beyond a trend.
    positions : (n,) array of int
    relative_sd : (n,) array, optional
        Standard deviation of each point relative to the others of its stage; ones when left out.
    grid : NoiseGrid
    looks : (P,) array of int, optional
        Increasing numbers of points after the step at which to look; default all of them, once.
    prior_sd : sequence of float
        Of the step under "it moved", in noise standard deviations; a prior that mixes several is within a factor of
        their number of the best.
    level : float
        Of the interval.

    Returns
    -------
    tuple of SafeStep
        One for each entry of ``nuisance``.

    Notes
    -----
    Given a noise model, the data are ``N(X b + D d, s^2 R)`` with right-Haar priors on ``b`` and ``s`` and
    ``D ~ N(0, g^2 s^2)``. With ``q`` the information on D and ``S0, S1`` the residual sums of squares without and
    with the (shrunk) step, the Bayes factor is ``(1 + g^2 q)^(-1/2) (S1 / S0)^(-(n - k) / 2)``; both marginal
    likelihoods are mixed over the same prior of noise models before they are divided. A one-sided factor, with a
    half-normal prior, is the two-sided one times twice the posterior probability of the sign, a Student t. The interval
    holds every size whose marginal likelihood is above ``1 - level`` of that of the step spread about zero: a test of
    that size by the same alternative. It is narrowest for steps of up to about two standard deviations.

    For a noise model that is known this is an e-process by invariance; with the model integrated out it is one on
    average over the prior, and close to one for each model (``benchmarks/repeated_looks.py`` simulates it).

    References
    ----------
    Ville (1939). Howard, Ramdas, McAuliffe, Sekhon (2021), Annals of Statistics 49, 1055-1080. Grünwald, de Heide,
    Koolen (2024), JRSS B 86, 1091-1128. Pérez-Ortiz, Lardy, de Heide, Grünwald (2024), Annals of Statistics 52,
    1410-1432 (right-Haar priors).

    Examples
    --------
    >>> y = np.r_[np.tile([0.0, 1.0], 12), np.tile([3.0, 4.0], 12)]
    >>> (level,) = safe_steps(y, np.arange(48) >= 24, [()], np.arange(48))
    >>> level.p_up < 1e-9, 2.2 < level.low < 3 < level.high < 3.8
    (True, True)
    """
    n, before = y.size, int((~after).sum())
    added = [column for columns in nuisance for column in columns]
    scale = float(y.std()) or 1.0
    table = np.column_stack([np.ones(n), *added, after.astype(float), (y - y.mean()) / scale])
    relative = np.ones(n) if relative_sd is None else relative_sd
    ends = np.array([n - before]) if looks is None else looks
    gram, log_det = _growing(table / relative[:, None], after, positions, grid, before + ends)
    log_weight = grid.log_prior[:, None] + _LOG_RATIO_PRIOR - 0.5 * log_det
    answers, swept = [], 0
    for count in np.cumsum([1 + len(nuisance[0]), *(len(columns) for columns in nuisance[1:])]):
        for _ in range(swept, int(count)):
            pivot = gram[..., :1, :1]
            log_weight = log_weight - 0.5 * np.log(pivot[..., 0, 0])
            gram = gram[..., 1:, 1:] - gram[..., 1:, :1] * gram[..., :1, 1:] / pivot
        swept = int(count)
        dof = (before + ends - swept)[:, None, None]
        marginal = _Marginal(gram[..., -2, -2], gram[..., -2, -1], gram[..., -1, -1], log_weight, dof)
        answers.append(_answer(marginal, ends, scale, prior_sd, level))
    return tuple(answers)


def _growing(table: Floats, after: Bools, positions: Ints, grid: NoiseGrid, ends: Ints) -> tuple[Floats, Floats]:
    """Gram matrices (P, F, R, m, m) and log determinants (P, F, R) of the first ``ends`` points."""
    n, m = table.shape
    relative = np.where(after[:, None], SPREAD_RATIOS, 1.0)
    wide = (table[:, None, :] / relative[:, :, None]).reshape(n, -1)
    white, log_variance = whiten_points(wide, positions, grid)
    white = white.reshape(-1, n, SPREAD_RATIOS.size, m).swapaxes(1, 2)
    starts = np.concatenate([[0], ends[:-1]])
    blocks = [white[:, :, a:b] for a, b in zip(starts, ends, strict=True)]
    gram = np.cumsum([block.swapaxes(-1, -2) @ block for block in blocks], axis=0)
    log_det = np.add.reduceat(log_variance[:, : ends[-1]], starts, axis=1).cumsum(axis=1).T[:, :, None]
    seen = (ends - int((~after).sum()))[:, None, None]
    return gram, log_det + 2 * seen * np.log(SPREAD_RATIOS)


def _sum(log_terms: Floats) -> Floats:
    """Log of the sum over noise models and ratios of spread."""
    flat = log_terms.reshape(*log_terms.shape[:-2], -1)
    top = flat.max(axis=-1, keepdims=True)
    return np.asarray(top[..., 0] + np.log(np.exp(flat - top).sum(axis=-1)))


def _answer(marginal: _Marginal, ends: Ints, scale: float, prior_sd: Sequence[float], level: float) -> SafeStep:
    null = _sum(marginal.log_none())
    either, up, down = [], [], []
    for sd in prior_sd:
        some, t = marginal.log_some(sd)
        either.append(_sum(some))
        # half the prior on one side: the whole one times twice the posterior probability of the side
        up.append(_sum(some + np.log(2 * np.clip(stdtr(marginal.dof, t), 1e-300, 1.0))))
        down.append(_sum(some + np.log(2 * np.clip(stdtr(marginal.dof, -t), 1e-300, 1.0))))
    log_either, log_up, log_down = (
        np.logaddexp.reduce(np.array(part), axis=0) - np.log(len(prior_sd)) - null for part in (either, up, down)
    )
    last = marginal.at(-1)
    estimate, low, high = _interval(last, float(log_either[-1] + null[-1] + np.log(1 - level)))
    return SafeStep(ends, log_either, log_up, log_down, estimate * scale, low * scale, high * scale)


def _interval(marginal: _Marginal, least: float) -> tuple[float, float, float]:
    """The likeliest size, and where the log marginal likelihood of a size falls to ``least`` on both sides."""

    def likelihood(values: Floats) -> Floats:
        return _sum(marginal.log_none(values[:, None, None]))

    size = marginal.product / marginal.information
    values = np.linspace(size.min(), size.max(), 33)
    center = float(values[np.argmax(likelihood(values))])
    found = []
    for side in (-1.0, 1.0):
        near, steps = 0.0, np.geomspace(2**-10, 2**20, 31)
        for _ in range(6):
            beyond = np.flatnonzero(likelihood(center + side * steps) < least)
            if not beyond.size:
                break
            first = int(beyond[0])
            near = steps[first - 1] if first else near
            steps = np.linspace(near, steps[first], 17)[1:]
        found.append(center + side * float(steps[-1]))
    return center, found[0], found[1]
