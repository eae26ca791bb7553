"""Variance components of any random factors, crossed or nested, balanced or not: restricted maximum likelihood.

``y = X b + sum_k Z_k u_k + e`` with independent ``u_k ~ N(0, v_k I)`` and ``e ~ N(0, v_e I)``. The residual variance is
profiled out, the others are ratios to it, never below zero; the criterion needs matrices of as many rows as there are
levels (Henderson's equations), not as there are values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ZERO: Final = 1e-9
"""A ratio to the residual variance below which a component is none."""

_STARTS: Final = (0.1, 1.0, 10.0)

_MANY: Final = 200
"""Levels beyond which only the best start is followed."""


@dataclass(frozen=True)
class Fitted:
    """Variance components by restricted maximum likelihood.

    Attributes
    ----------
    variances : (k + 1,) array
        Of the random factors in their order, the residual last.
    covariance : (k + 1, k + 1) array
        From the expected information; of the components at zero as of the others. NaN where it was not asked for.
    mean : float
        Of the values.
    deviance : float
        Minus twice the restricted log likelihood, without its constant.
    """

    variances: Floats
    covariance: Floats
    mean: float
    deviance: float


def restricted_likelihood(
    y: Floats, random: Sequence[Ints], fixed: Sequence[Ints] = (), *, information: bool = True
) -> Fitted:
    """Fit the components.

    Parameters
    ----------
    y : (n,) array
    random, fixed : sequences of (n,) int arrays
        Levels of each factor, from 0. Fixed factors take degrees of freedom, and have no component.
    information : bool
        Whether the covariance of the components is wanted; it takes matrices of as many rows as there are values.

    Raises
    ------
    ValueError
        Nothing is left to tell the residual variance by, or it is zero.

    References
    ----------
    Searle, Casella & McCulloch (1992), Variance Components, ch. 6; Bates et al. (2015), J. Statistical Software 67(1).

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> part = np.repeat(np.arange(8), 6)
    >>> y = rng.normal(0, 2, 8)[part] + rng.normal(0, 1, 48)
    >>> np.round(restricted_likelihood(y, [part]).variances, 2).tolist()
    [3.13, 1.14]
    """
    moved = y - y[0]
    scale = float(moved.std())
    if scale == 0:
        raise ValueError("all values are equal")
    model = _Model((moved - moved.mean()) / scale, [_levels(f) for f in random], _fixed(y.size, fixed))
    starts = sorted(_STARTS, key=lambda start: model.deviance(np.full(len(random), start)))
    tried = starts if sum(model.size) <= _MANY else starts[:1]
    best = min((_minimized(model, start, len(random)) for start in tried), key=lambda found: found[1])
    ratios = np.where(best[0] < ZERO, 0.0, best[0])
    residual = model.residual(ratios)
    if not residual > 1e-14:
        raise ValueError("repeated values are equal: the residual variance is zero")
    variances = np.append(ratios, 1.0) * residual
    spread = model.covariance(variances) if information else np.full((variances.size,) * 2, np.nan)
    return Fitted(variances * scale**2, spread * scale**4, float(y[0] + moved.mean()), float(best[1]))


def _minimized(model: _Model, start: float, k: int) -> tuple[Floats, float]:
    """In square roots of the ratios, in which the criterion is smooth through zero."""
    bounded: dict[str, Any] = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}
    close = 1e-9 if sum(model.size) <= _MANY else 1e-6
    near: dict[str, Any] = {"xatol": close, "fatol": 1e-4 * close, "maxiter": 400 * k}

    def criterion(root: Floats) -> float:
        return model.deviance(root**2)

    found: Any = minimize(criterion, np.full(k, start), method="L-BFGS-B", bounds=[(0.0, 1e5)] * k, options=bounded)  # type: ignore[call-overload]
    # differences of the criterion are blunt near its bottom: a simplex about it finds the last digits
    sharp: Any = minimize(criterion, found.x, method="Nelder-Mead", options=near)  # type: ignore[call-overload]
    return sharp.x**2, float(sharp.fun)


def _levels(factor: Ints) -> Floats:
    return np.eye(int(factor.max()) + 1)[factor]


def _fixed(n: int, factors: Sequence[Ints]) -> Floats:
    columns = np.column_stack([np.ones(n), *(_levels(f)[:, 1:] for f in factors)])
    basis, upper = np.linalg.qr(columns)
    return np.asarray(basis[:, np.abs(np.diag(upper)) > 1e-9])


class _Model:
    """Cross products, and the criterion over them."""

    def __init__(self, y: Floats, z: list[Floats], x: Floats) -> None:
        self.y, self.z, self.x = y, z, x
        whole = np.hstack(z)
        # what the fixed columns leave: the restricted likelihood is that of these values
        self.zz = whole.T @ whole - (whole.T @ x) @ (x.T @ whole)
        left = y - x @ (x.T @ y)
        self.zy, self.yy = whole.T @ left, float(left @ left)
        self.size = [part.shape[1] for part in z]
        self.free = y.size - x.shape[1]

    def _solved(self, ratios: Floats) -> tuple[float, float]:
        """Log determinant of ``I + L Z'Z L`` and what the random effects leave of the sum of squares."""
        root = np.repeat(np.sqrt(ratios), self.size)
        inner = np.eye(root.size) + root[:, None] * self.zz * root
        factor = np.linalg.cholesky(inner)
        half = solve_triangular(factor, root * self.zy, lower=True, check_finite=False)
        return 2 * float(np.log(np.diag(factor)).sum()), self.yy - float(half @ half)

    def deviance(self, ratios: Floats) -> float:
        log_determinant, left = self._solved(ratios)
        return log_determinant + float(self.free * np.log(max(left, 1e-300) / self.free))

    def residual(self, ratios: Floats) -> float:
        return float(self._solved(ratios)[1] / self.free)

    def covariance(self, variances: Floats) -> Floats:
        """Inverse of the expected information ``tr(P V_k P V_l) / 2``."""
        n = self.y.size
        v = variances[-1] * np.eye(n) + sum(
            (s * (z @ z.T) for s, z in zip(variances[:-1], self.z, strict=True)), np.zeros((n, n))
        )
        inverse = cho_solve(cho_factor(v), np.eye(n))
        through = inverse @ self.x
        p = inverse - through @ np.linalg.solve(self.x.T @ through, through.T)
        moved = [*(p @ z @ z.T for z in self.z), p]
        information = np.array([[0.5 * float(np.sum(a * b.T)) for b in moved] for a in moved])
        return np.asarray(np.linalg.pinv(information))
