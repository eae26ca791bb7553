"""What do the tests say that take every point for independent of its neighbours, and the shift rule of a chart?"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def welch(before: Floats, after: Floats) -> float:
    """Two-sided p value of Welch's t test.

    Welch (1947), Biometrika 34, 28-35.

    Examples
    --------
    >>> round(welch(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 7.0])), 4)
    0.0419
    """
    parts = [x.var(ddof=1) / x.size for x in (before, after)]
    total = float(sum(parts))
    if total == 0.0:
        return float(before.mean() == after.mean())
    dof = total**2 / sum(v**2 / (x.size - 1) for v, x in zip(parts, (before, after), strict=True))
    return float(2 * stdtr(dof, -abs(after.mean() - before.mean()) / np.sqrt(total)))


def mann_whitney(before: Floats, after: Floats) -> tuple[float, float]:
    """P(a point after is above one before), ties counting half, and the two-sided p value.

    The normal approximation with corrections for ties and continuity: Mann & Whitney (1947), Annals of Mathematical
    Statistics 18, 50-60.

    Examples
    --------
    >>> share, p = mann_whitney(np.arange(8.0), np.arange(8.0) + 5)
    >>> round(share, 3), round(p, 4)
    (0.93, 0.0045)
    """
    n1, n2 = before.size, after.size
    n = n1 + n2
    ordered, after = np.sort(before), np.sort(after)
    wins = 0.5 * float((np.searchsorted(ordered, after) + np.searchsorted(ordered, after, side="right")).sum())
    held = np.unique(np.concatenate([before, after]), return_counts=True)[1].astype(float)
    ties = float((held**3 - held).sum()) / (n * (n - 1))
    variance = n1 * n2 / 12 * (n + 1 - ties)
    if variance <= 0:
        return 0.5, 1.0
    distance = max(abs(wins - n1 * n2 / 2) - 0.5, 0.0)
    return wins / (n1 * n2), float(min(2 * ndtr(-distance / np.sqrt(variance)), 1.0))


def longest_run(marks: Bools) -> int:
    """The longest stretch of marked points.

    Examples
    --------
    >>> longest_run(np.array([True, True, False, True]))
    2
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]])))
    return int((edges[1::2] - edges[::2]).max()) if edges.size else 0


@lru_cache(maxsize=512)
def run_chance(n: int, window: int, before: int, autocorrelation: float = 0.0) -> float:
    """How often ``window`` points in a row lie on one given side of the old centre though nothing changed.

    Parameters
    ----------
    n : int
        Points after.
    window : int
    before : int
        Points of which the old centre is the mean: its error counts.
    autocorrelation : float
        Of neighbouring points, from 0 to below 1.

    Notes
    -----
    Normal noise. Sides follow one another as a chain of two states, with the chance of two neighbours on one side that
    AR(1) noise gives (Plackett 1954, Biometrika 41, 351-360); averaged over the error of the centre.

    Examples
    --------
    >>> round(run_chance(8, 8, 10**9), 6) == round(2**-8, 6)
    True
    """
    r = autocorrelation
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    error = nodes * np.sqrt((1 + r) / (1 - r) / before)
    above = ndtr(-error)
    path, share = np.polynomial.legendre.leggauss(12)
    angle = 0.5 * r * (path + 1)
    both = above**2 + 0.5 * r * (share * np.exp(-(error[:, None] ** 2) / (1 + angle)) / np.sqrt(1 - angle**2)).sum(
        axis=1
    ) / (2 * np.pi)
    stay, back = both / above, (above - both) / (1 - above)
    # column j: the last j points lie on that side; the last column holds what is done
    state = np.zeros((nodes.size, window + 1))
    state[:, 0], state[:, 1] = 1 - above, above
    for _ in range(n - 1):
        inside = state[:, 1:window].sum(axis=1)
        first, last = back * state[:, 0], state[:, window - 1] * stay + state[:, window]
        low = state[:, 0] * (1 - back) + inside * (1 - stay)
        state[:, 2:window] = state[:, 1 : window - 1] * stay[:, None]
        state[:, 0], state[:, 1], state[:, window] = low, first, last
    return float(weights @ state[:, window] / weights.sum())
