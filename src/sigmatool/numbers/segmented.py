"""What does a segmented regression say? Level, trend, step and change of slope, as interrupted time series have them.

Ordinary least squares with Newey-West errors, and for counts a Poisson regression with over-dispersion: the analyses
that a reader may have seen elsewhere. The verdict does not rest on them: in short dependent series their errors are too
small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, xlogy

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Segmented:
    """A regression with ordinary and Newey-West errors; arrays have one entry a column of the design."""

    coefficients: Floats
    ordinary_errors: Floats
    errors: Floats
    dof: int
    lag: int
    residuals: Floats
    total: float

    @property
    def t(self) -> Floats:
        """Coefficients over their Newey-West errors."""
        return self.coefficients / self.errors

    @property
    def p_values(self) -> Floats:
        """Two-sided, Student t with n - k degrees of freedom."""
        return np.asarray(2 * stdtr(self.dof, -np.abs(self.t)), dtype=np.float64)

    @property
    def r_squared(self) -> float:
        return 1 - float(self.residuals @ self.residuals) / self.total

    @property
    def durbin_watson(self) -> float:
        e = self.residuals
        return float((np.diff(e) ** 2).sum() / (e @ e))

    @property
    def autocorrelation(self) -> float:
        """Lag-1 autocorrelation of the residuals."""
        e = self.residuals
        return float(e[1:] @ e[:-1] / (e @ e))


def segments(positions: NDArray[np.int64], after: NDArray[np.bool_]) -> Floats:
    """The columns of an interrupted time series: one, t from 1, step, points since the step: (n, 4).

    Examples
    --------
    >>> segments(np.arange(4), np.array([False, False, True, True]))
    array([[1., 1., 0., 0.],
           [1., 2., 0., 0.],
           [1., 3., 1., 1.],
           [1., 4., 1., 2.]])
    """
    t = positions - positions[0] + 1.0
    last = t[~after][-1]
    return np.column_stack([np.ones(t.size), t, after.astype(float), np.where(after, t - last, 0.0)])


def usual_lag(n: int) -> int:
    """``floor(4 (n / 100)^(2/9))``: Newey & West (1994), Review of Economic Studies 61, 631-653."""
    return int(4 * (n / 100) ** (2 / 9))


def segmented(y: Floats, design: Floats, lag: int | None = None) -> Segmented:
    """Regress by least squares, with errors that allow for autocorrelation up to a lag.

    Parameters
    ----------
    y : (n,) array
    design : (n, k) array
        Columns, see :func:`segments`; n above k.
    lag : int, optional
        Of the Bartlett weights ``1 - l / (lag + 1)``; default :func:`usual_lag`.

    Notes
    -----
    ``(X'X)^-1 (G_0 + sum w_l (G_l + G_l')) (X'X)^-1`` with ``G_l = sum e_t e_(t-l) x_t x_(t-l)'``, not prewhitened,
    without a small-sample factor: Newey & West (1987), Econometrica 55, 703-708.

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 1.0, 2.0, 5.0, 6.0, 5.0, 6.0])
    >>> found = segmented(y, np.column_stack([np.ones(8), np.arange(8) >= 4]), lag=1)
    >>> found.coefficients.round(6)
    array([1.5, 4. ])
    """
    n, k = design.shape
    lag = usual_lag(n) if lag is None else lag
    # the triangle keeps the digits that the normal equations of a long trend would lose
    q, r = np.linalg.qr(design)
    bread = np.linalg.inv(r)
    coefficients = bread @ (q.T @ y)
    residuals = y - design @ coefficients
    scores = q * residuals[:, None]
    meat = scores.T @ scores
    for step in range(1, min(lag, n - 1) + 1):
        gamma = scores[step:].T @ scores[:-step]
        meat += (1 - step / (lag + 1)) * (gamma + gamma.T)
    errors = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", bread, meat, bread), 0.0))
    variance = float(residuals @ residuals) / (n - k)
    ordinary = np.sqrt(variance * (bread**2).sum(axis=1))
    return Segmented(coefficients, ordinary, errors, n - k, lag, residuals, float(((y - y.mean()) ** 2).sum()))


@dataclass(frozen=True)
class PoissonRegression:
    """Coefficients on the log scale; ``errors`` under the Poisson law, ``quasi_errors`` with the seen dispersion."""

    coefficients: Floats
    errors: Floats
    dispersion: float
    deviance: float

    @property
    def quasi_errors(self) -> Floats:
        return np.asarray(self.errors * np.sqrt(self.dispersion))


def poisson_regression(count: Floats, exposure: Floats, design: Floats) -> PoissonRegression:
    """Regress the log rate of events, by iterated weighted least squares.

    Parameters
    ----------
    count, exposure : (n,) array
        Events, and what they are a rate of (above zero).
    design : (n, k) array

    Raises
    ------
    ValueError
        No fit is reached.

    Notes
    -----
    Dispersion is Pearson's statistic over ``n - k``. The steps end when the deviance changes by less than 1e-8 of
    itself; errors and dispersion belong to the weights of the last step, as in R's ``glm``. McCullagh & Nelder (1989),
    Generalized Linear Models, chapters 2 and 6.

    Examples
    --------
    >>> found = poisson_regression(np.array([10.0, 12.0, 5.0, 6.0]), np.full(4, 100.0), np.eye(2)[[0, 0, 1, 1]])
    >>> np.exp(found.coefficients).round(3)
    array([0.11 , 0.055])
    """
    log_exposure = np.log(exposure)
    n, k = design.shape
    fitted, deviance = count + 0.1, np.inf
    for _ in range(50):
        weight = fitted
        working = np.log(fitted) - log_exposure + (count - fitted) / fitted
        covariance = np.linalg.inv((design * weight[:, None]).T @ design)
        coefficients = covariance @ ((design * weight[:, None]).T @ working)
        fitted = np.exp(log_exposure + design @ coefficients)
        last, deviance = deviance, 2 * float((xlogy(count, count / fitted) - (count - fitted)).sum())
        if abs(deviance - last) < 1e-8 * (abs(deviance) + 0.1):
            pearson = float((weight * ((count - fitted) / fitted) ** 2).sum())
            return PoissonRegression(coefficients, np.sqrt(np.diag(covariance)), pearson / (n - k), deviance)
    raise ValueError("the Poisson regression does not settle")
