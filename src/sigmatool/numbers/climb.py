"""Where is a function of one or two parameters greatest? Newton's method over many samples at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP = 1e-4
"""Of the differences; parameters are scaled so that 1 is a large change."""

ALONE, TOGETHER = 40, 12
"""Most steps for one sample, and for many that begin near their maximum: the few that need more are left near it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Samples, one a row in ascending order, and the smallest and largest value of each."""

    x: Floats
    low: Floats
    high: Floats

    def take(self, keep: Flags) -> Rows:
        """Some of the rows."""
        return Rows(self.x[keep], self.low[keep], self.high[keep])

    def repeat(self, times: int) -> Rows:
        """One row, many times, without a copy."""
        return Rows(
            np.broadcast_to(self.x[0], (times, self.x.shape[1])),
            np.broadcast_to(self.low[:1], (times,)),
            np.broadcast_to(self.high[:1], (times,)),
        )


Objective = Callable[[Rows, Floats], Floats]


def climb(objective: Objective, rows: Rows, start: Floats, low: Floats, high: Floats) -> tuple[Floats, Flags]:
    """Parameters at a local maximum for every row.

    Parameters
    ----------
    objective : callable
        Of rows and parameters (B, k); a value a row.
    rows : Rows
    start : (B, k) array
    low, high : (k,) or (B, k) arrays
        Bounds of the parameters.

    Returns
    -------
    theta : (B, k) array
    settled : (B,) array of bool
        The last step was negligible.

    Notes
    -----
    Newton's step with central differences, each direction's bend made negative, its length held to a radius that
    shrinks when the step does not lead up (Nocedal & Wright 2006, Numerical Optimization, ch. 3-4). Rows that have
    settled are left alone.

    Examples
    --------
    >>> rows = Rows(np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([1.0, 3.0]), np.array([2.0, 5.0]))
    >>> def peak(rows, theta):
    ...     return -(theta[:, 0] - rows.x.mean(axis=1)) ** 2
    >>> theta, settled = climb(peak, rows, np.zeros((2, 1)), np.array([-9.0]), np.array([9.0]))
    >>> np.round(theta[:, 0], 6).tolist(), settled.tolist()
    ([1.5, 4.0], [True, True])
    """
    low, high = np.broadcast_to(low, start.shape), np.broadcast_to(high, start.shape)
    theta = np.clip(start, low, high)
    with np.errstate(all="ignore"):
        value = objective(rows, theta)
        radius, settled = np.ones(len(theta)), np.zeros(len(theta), dtype=np.bool_)
        for _ in range(ALONE if len(theta) == 1 else TOGETHER):
            going: Flags = np.logical_not(settled)
            some = rows if going.all() else rows.take(going)
            at, reached = theta[going], value[going]
            move = _step(objective, some, at, reached, radius[going])
            tried = np.clip(at + move, low[going], high[going])
            move = tried - at
            gained = objective(some, tried)
            up = gained >= reached - 1e-13 * np.maximum(np.abs(reached), 1.0)
            theta[going], value[going] = np.where(up[:, None], tried, at), np.where(up, gained, reached)
            length = np.abs(move).max(axis=1)
            radius[going] = np.where(up, np.minimum(2 * radius[going], 4.0), length / 4)
            settled[going] = (up & (length < 1e-6)) | (radius[going] < 1e-9)
            if settled.all():
                break
    return theta, settled & np.isfinite(value)


def _step(objective: Objective, rows: Rows, theta: Floats, value: Floats, radius: Floats) -> Floats:
    """Newton's step (B, k), no longer than the radius."""
    k = theta.shape[1]
    unit = STEP * np.eye(k)
    ahead = [objective(rows, theta + unit[i]) for i in range(k)]
    behind = [objective(rows, theta - unit[i]) for i in range(k)]
    slope = np.stack([(a - b) / (2 * STEP) for a, b in zip(ahead, behind, strict=True)], axis=1)
    bend = np.zeros((len(theta), k, k))
    for i in range(k):
        bend[:, i, i] = (ahead[i] - 2 * value + behind[i]) / STEP**2
    if k == 2:
        both = objective(rows, theta + unit[0] + unit[1])
        bend[:, 0, 1] = bend[:, 1, 0] = (both - ahead[0] - ahead[1] + value) / STEP**2
    known: Flags = np.isfinite(np.abs(slope).sum(axis=1) + np.abs(bend).sum(axis=(1, 2)))
    curve, axes = np.linalg.eigh(np.where(known[:, None, None], bend, -np.eye(k)))
    along = np.einsum("bij,bi->bj", axes, np.where(known[:, None], slope, 0.0))
    step = np.einsum("bij,bj->bi", axes, along / np.maximum(np.abs(curve), 1e-6))
    length = np.sqrt((step**2).sum(axis=1))
    return np.asarray(step * np.minimum(1.0, radius / np.maximum(length, 1e-300))[:, None])
