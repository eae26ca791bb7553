"""When did the level move?

The posterior of the date of one lasting step, flat over the dates, under short-memory noise: a slow wander
would explain any step away and leave the question unanswered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from .autoregression import SHORT_MEMORY, decay, whiten

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class StepDate:
    """Where one step lies.

    ``dates`` are the candidate first points of the new level (0-based), ``probability`` their posterior,
    ``size`` the step at each date (in units of y), ``p_value`` the two-sided p of the best step *before*
    any correction for having searched, ``best`` its date.
    """

    dates: Ints
    probability: Floats
    size: Floats
    p_value: float
    best: int

    def credible_set(self, level: float = 0.95) -> Ints:
        """The most probable dates that together hold ``level``, in order of time."""
        order = np.argsort(-self.probability, kind="stable")
        count = int(np.searchsorted(np.cumsum(self.probability[order]), level)) + 1
        return np.sort(self.dates[order[:count]])


def step_date(
    y: Floats,
    positions: Ints,
    relative_sd: Floats | None = None,
    nuisance: Floats | None = None,
    edge: int = 4,
) -> StepDate:
    """Posterior of the date of one lasting step in level.

    Parameters
    ----------
    y : (n,) array without NaN
    positions : (n,) array of int
    relative_sd : (n,) array, optional
    nuisance : (n, k) array, optional
        Columns fitted beside the level (a declared season).
    edge : int
        The first and last ``edge`` points cannot be dates (default 4: a step needs points on both sides).

    Notes
    -----
    All dates at once: the whitened step column is zero, then one special value, then a known tail, so that
    its inner products are reversed cumulative sums. O(n) per noise model.
    """
    n = y.size
    s = np.ones(n) if relative_sd is None else relative_sd
    ones = np.ones((n, 1))
    design = ones if nuisance is None or nuisance.shape[1] == 0 else np.column_stack([ones, nuisance])
    scale = float(y.std()) or 1.0
    table = np.column_stack([design, (y - y.mean()) / scale]) / s[:, None]
    white, log_det = whiten(table, positions, SHORT_MEMORY)
    k = design.shape[1]
    q, r = np.linalg.qr(white[:, :, :k])
    wy = white[:, :, k]
    residual = wy - np.einsum("fnk,fk->fn", q, np.einsum("fnk,fn->fk", q, wy))
    start, tail = _step_columns(s, positions)

    def against(v: Floats) -> Floats:
        products = tail * v
        after = np.cumsum(products[:, ::-1], axis=1)[:, ::-1] - products
        return start * v + after

    dates = np.arange(edge, n - edge + 1)
    cross = against(residual)[:, dates]
    squares = start**2 + np.cumsum((tail**2)[:, ::-1], axis=1)[:, ::-1] - tail**2
    explained = sum(against(q[:, :, j]) ** 2 for j in range(k))
    norm = np.maximum((squares - explained)[:, dates], 1e-9)
    total = np.einsum("fn,fn->f", residual, residual)[:, None]
    rss = np.maximum(total - cross**2 / norm, 1e-12)
    dof = n - k - 1
    log_r = np.log(np.abs(np.diagonal(r, axis1=1, axis2=2))).sum(axis=1)
    log_weight = (SHORT_MEMORY.log_prior - 0.5 * log_det - log_r)[:, None] - 0.5 * dof * np.log(rss)
    # each date normalised by itself, so that no date's weights vanish together
    peak = log_weight.max(axis=0)
    within = np.exp(log_weight - peak)
    total_weight = within.sum(axis=0)
    within /= total_weight
    by_date = total_weight * np.exp(peak - peak.max())
    size = cross / norm
    best = int(np.argmax(by_date))
    t = np.abs(size[:, best]) / np.sqrt(rss[:, best] / dof / norm[:, best])
    p_value = 2 * (within[:, best] * stdtr(dof, -t)).sum()
    return StepDate(
        dates=dates,
        probability=by_date / by_date.sum(),
        size=(within * size).sum(axis=0) * scale,
        p_value=float(p_value),
        best=int(dates[best]),
    )


def _step_columns(s: Floats, positions: Ints) -> tuple[Floats, Floats]:
    """Whitened value of a step that starts at point i, and of one that started before i: (F, n) each."""
    rho = decay(SHORT_MEMORY.phi, np.diff(positions))
    inverse = 1 / np.sqrt(1 - rho**2)
    start = np.empty((SHORT_MEMORY.phi.size, s.size))
    start[:, 0] = 1 / s[0]
    start[:, 1:] = inverse / s[1:]
    tail = start.copy()
    tail[:, 1:] -= inverse * rho / s[:-1]
    return start, tail
