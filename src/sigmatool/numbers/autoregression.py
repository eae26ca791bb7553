"""What can be said of a series whose points depend on each other?

One engine for every question: a regression ``y = X b + u`` whose noise ``u`` is a stationary AR(1), or a slow
wander seen through white noise (ARMA(1,1)). The autocorrelation is *integrated out* over its restricted
likelihood on a fixed grid, not plugged in, so that every p value and interval carries the doubt about it.
Nothing is random: equal input gives equal output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class NoiseGrid:
    """The noise models in play, each with its prior weight.

    Unit-variance noise is ``(1 - psi)`` parts AR(1) with coefficient ``phi`` and ``psi`` parts white noise;
    ``psi = 0`` is plain AR(1).
    """

    phi: Floats
    psi: Floats
    log_prior: Floats


def _grid(wander: float) -> NoiseGrid:
    phi = np.linspace(-0.40, 0.95, 22)
    psi = np.zeros_like(phi)
    prior = np.full(phi.size, (1.0 - wander) / phi.size)
    if wander > 0:
        slow = np.array([0.5, 0.65, 0.8, 0.9, 0.96])
        phi = np.concatenate([phi, slow, slow])
        psi = np.concatenate([psi, np.full(5, 0.4), np.full(5, 0.75)])
        prior = np.concatenate([prior, np.full(10, wander / 10)])
    return NoiseGrid(phi, psi, np.log(prior))


SHORT_MEMORY = _grid(0.0)
"""AR(1) only: 22 values of phi from -0.40 to 0.95, equal weights."""

WITH_WANDER = _grid(0.02)
"""AR(1) with prior weight 0.98 and slow wander behind white noise with 0.02: at 0.05 a step beyond a trend is credited
2 to 3 points less often, at 0.01 a wandering process passes more often for a changed one."""


def decay(phi: Floats, gaps: Ints) -> Floats:
    """phi ** gap for every model (rows) and step (columns), exact for negative phi."""
    powers = np.abs(phi)[:, None] ** gaps[None, :]
    return np.where((phi < 0)[:, None] & (gaps % 2 == 1)[None, :], -powers, powers)


def whiten(columns: Floats, positions: Ints, grid: NoiseGrid) -> tuple[Floats, Floats]:
    """Make the columns' noise white and of unit variance under every noise model.

    Parameters
    ----------
    columns : (n, m) array
        Each divided by the points' relative standard deviation.
    positions : (n,) array of int
        Increasing positions in time; a jump of more than one is a gap and lets the memory fade.
    grid : NoiseGrid
        F models.

    Returns
    -------
    whitened : (F, n, m) array
    log_determinant : (F,) array
        Of the noise correlation matrix.

    Notes
    -----
    With ``rho = phi ** gap`` the differences ``u[i] = z[i] - rho[i] z[i-1]`` have a tridiagonal covariance
    (diagonal for plain AR(1)); its LDL' factor whitens in one pass. This equals the Kalman filter of the
    state-space form.

    Examples
    --------
    >>> white, _ = whiten(np.ones((3, 1)), np.arange(3), SHORT_MEMORY)
    >>> white.shape
    (22, 3, 1)
    """
    u, log_variance = whiten_points(columns, positions, grid)
    return u, log_variance.sum(axis=1)


def whiten_points(columns: Floats, positions: Ints, grid: NoiseGrid) -> tuple[Floats, Floats]:
    """As :func:`whiten`, with the log determinant point by point, (F, n): its sums belong to the first points alone."""
    n = columns.shape[0]
    rho = decay(grid.phi, np.diff(positions))
    u = np.broadcast_to(columns, (grid.phi.size, *columns.shape)).copy()
    u[:, 1:] -= rho[:, :, None] * columns[None, :-1]
    pure = grid.psi == 0
    variance = (1 - grid.psi)[:, None] * (1 - rho**2) + grid.psi[:, None] * (1 + rho**2)
    log_variance = np.zeros((grid.phi.size, n))
    log_variance[pure, 1:] = np.log(variance[pure])
    u[pure, 1:] /= np.sqrt(variance[pure])[:, :, None]
    if not pure.all():
        mixed = ~pure
        off = -rho[mixed] * grid.psi[mixed, None]
        # one point after another, all models at once; points first, so that each step's numbers lie together
        v, off = np.ascontiguousarray(variance[mixed].T), np.ascontiguousarray(off.T)
        pivots = np.ones((n, v.shape[1]))
        ratio = np.empty_like(off)
        for i in range(n - 1):
            np.divide(off[i], pivots[i], out=ratio[i])
            np.subtract(v[i], ratio[i] * off[i], out=pivots[i + 1])
        w = np.ascontiguousarray(np.swapaxes(u[mixed], 0, 1))
        ratios = ratio[:, :, None]
        for i in range(n - 1):
            w[i + 1] -= ratios[i] * w[i]
        u[mixed] = np.swapaxes(w, 0, 1) / np.sqrt(pivots.T)[:, :, None]
        log_variance[mixed] = np.log(pivots.T)
    return u, log_variance


SURE = 1e-12
"""Far above the rounding of a probability: what differs by it is not turned round by rounding."""


@dataclass(frozen=True)
class Contrast:
    """The posterior of one number: a mixture of Student t distributions, one per noise model."""

    means: Floats
    scales: Floats
    weights: Floats
    dof: int

    @property
    def estimate(self) -> float:
        return float(self.weights @ self.means)

    def above(self, threshold: float = 0.0) -> float:
        """P(contrast > threshold)."""
        return float(self.weights @ stdtr(self.dof, (self.means - threshold) / self.scales))

    def quantile(self, probability: float) -> float:
        """The point below which the contrast lies with this probability (bisection, to rounding)."""
        low = float((self.means - 400 * self.scales).min())
        high = float((self.means + 400 * self.scales).max())
        surely_below, surely_above = self._around(probability, low, high)
        for _ in range(200):
            middle = 0.5 * (low + high)
            if not low < middle < high:
                break
            # the bisection is the same with and without the bracket, which only spares it questions
            if middle <= surely_below or (middle < surely_above and 1.0 - self.above(middle) < probability):
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)

    def _around(self, probability: float, low: float, high: float) -> tuple[float, float]:
        """A narrow bracket of a quantile, by secants on the normal scale, on which a mixture of t is nearly straight.

        Its ends are held to lie beyond the quantile by far more than rounding; where that fails, the ends are infinite.
        """
        unknown = -np.inf, np.inf
        if not 1e-6 < probability < 1 - 1e-6:
            return unknown
        goal = float(ndtri(probability))
        x = self.estimate
        sd = float(np.sqrt(self.weights @ (self.scales**2 + (self.means - x) ** 2)))
        other, x = x, x + goal * sd
        error = float(ndtri(1.0 - self.above(other))) - goal
        for _ in range(12):
            now = float(ndtri(1.0 - self.above(x))) - goal
            slope = (now - error) / (x - other) if x != other else 0.0
            if not (np.isfinite(slope) and slope > 0):
                return unknown
            other, error, x = x, now, x - now / slope
            if abs(now) < 1e-7:
                break
        # the density is that of the normal scale; SURE is then a distance, doubled for the last step's error
        reach = 4 * SURE * np.sqrt(2 * np.pi) * np.exp(goal**2 / 2) / slope
        below, above = x - reach, x + reach
        sure = 1.0 - self.above(below) < probability - SURE and 1.0 - self.above(above) > probability + SURE
        return (below, above) if sure and low < below and above < high else unknown

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Equal-tailed interval."""
        tail = (1 - level) / 2
        return self.quantile(tail), self.quantile(1 - tail)

    def one_sided(self, direction: float = 1.0) -> float:
        """One-sided p value of "the contrast has this sign"."""
        p = self.above(0.0)
        return 1.0 - p if direction > 0 else p


class Series:
    """A series with the candidate columns of its regressions, whitened once for all questions.

    Parameters
    ----------
    y : (n,) array
        Without NaN; a missing point is left out and its position jumped.
    columns : mapping of name to (n,) array
        ``"one"`` is the level.
    positions : (n,) array of int
    relative_sd : (n,) array, optional
        Standard deviation of each point relative to the others; ones when left out.
    grid : NoiseGrid
        Default: with slow wander, the model for every statement about size.
    """

    def __init__(
        self,
        y: Floats,
        columns: Mapping[str, Floats],
        positions: Ints,
        relative_sd: Floats | None = None,
        grid: NoiseGrid = WITH_WANDER,
    ) -> None:
        self.n = y.size
        self.names = list(columns)
        self.grid = grid
        self.shift = float(y.mean())
        self.scale = float(y.std()) or 1.0
        self.design = np.column_stack([columns[name] for name in self.names])
        relative = np.ones(self.n) if relative_sd is None else relative_sd
        table = np.column_stack([self.design, (y - self.shift) / self.scale]) / relative[:, None]
        self.white, self.log_det = whiten(table, positions, grid)
        self.gram = np.swapaxes(self.white, 1, 2) @ self.white

    def fit(self, names: Sequence[str]) -> Fit:
        """Regress on the named columns."""
        return Fit(self, tuple(names))


class Fit:
    """A regression with the noise model integrated out."""

    def __init__(self, series: Series, names: tuple[str, ...]) -> None:
        self.series, self.names = series, names
        index = [series.names.index(name) for name in names]
        self.index = index
        gram = series.gram
        normal = gram[:, index][:, :, index]
        self.covariance = np.linalg.inv(normal)
        cross = gram[:, index, -1]
        self.coefficients = np.einsum("fij,fj->fi", self.covariance, cross)
        self.dof = series.n - len(index)
        explained = np.einsum("fi,fi->f", self.coefficients, cross)
        self.rss = np.maximum(gram[:, -1, -1] - explained, 1e-12)
        log_weight = (
            series.grid.log_prior
            - 0.5 * series.log_det
            - 0.5 * np.linalg.slogdet(normal)[1]
            - 0.5 * self.dof * np.log(self.rss)
        )
        weight = np.exp(log_weight - log_weight.max())
        self.weights = weight / weight.sum()

    @cached_property
    def _ones(self) -> Floats:
        """The combination of columns that gives 1 everywhere, to put the mean of y back."""
        design = self.series.design[:, self.index]
        return np.asarray(np.linalg.lstsq(design, np.ones(self.series.n), rcond=None)[0], dtype=np.float64)

    def contrast(self, **weights: float) -> Contrast:
        """The posterior of a weighted sum of coefficients, in units of y."""
        c = np.array([weights.get(name, 0.0) for name in self.names])
        scale = self.series.scale
        means = (self.coefficients @ c) * scale + self.series.shift * float(self._ones @ c)
        spread = np.einsum("i,fij,j->f", c, self.covariance, c) * self.rss / self.dof
        return Contrast(means, np.sqrt(spread) * scale, self.weights, self.dof)

    @property
    def autocorrelation(self) -> float:
        """Posterior mean of about the lag-1 autocorrelation, ``phi (1 - psi)``."""
        grid = self.series.grid
        return float(self.weights @ (grid.phi * (1 - grid.psi)))

    @property
    def short_memory_weights(self) -> Floats:
        """Posterior over the plain AR(1) models alone."""
        pure = np.where(self.series.grid.psi == 0, self.weights, 0.0)
        return pure / max(float(pure.sum()), 1e-300)

    @property
    def sd(self) -> float:
        """Standard deviation of the noise, in units of y."""
        return float(np.sqrt(self.weights @ (self.rss / self.dof)) * self.series.scale)

    def innovations(self) -> Floats:
        """One-step-ahead standardised errors, averaged over the noise models: (n,)."""
        white = self.series.white
        fitted = np.einsum("fnk,fk->fn", white[:, :, self.index], self.coefficients)
        errors = (white[:, :, -1] - fitted) / np.sqrt(self.rss / self.dof)[:, None]
        return np.asarray(self.weights @ errors, dtype=np.float64)
