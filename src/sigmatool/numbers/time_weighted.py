"""Statistics that remember: exponentially weighted averages, cumulative sums, moving averages.

All work on the last axis, leading axes are a batch, and a gap (NaN) leaves the memory as it was. Each takes the state
left by the points before and gives back its own, so that a series fed in pieces, of whatever length, gives the very
numbers of the series in one piece.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def ewma(x: Floats, weight: float, start: Floats | float) -> Floats:
    """``z_i = weight x_i + (1 - weight) z_(i-1)``, from ``z_0 = start``.

    Parameters
    ----------
    x : (..., n) array
        NaN is a gap: the average carries over it, and is NaN there.
    weight : float
        Of the newest point.
    start : float or (...) array
        The target, or the last average of the points before.

    References
    ----------
    Roberts (1959), Technometrics 1; Montgomery, Introduction to Statistical Quality Control, ch. 9.2.

    Examples
    --------
    >>> ewma(np.array([52.0, np.nan, 47.0]), 0.3, 50.0)
    array([50.6 ,   nan, 49.52])
    """
    return _compacted(x, start, lambda values, first: _lagged(weight * values, 1 - weight, first))


def ewma_variance(noise: Floats, weight: float, start: Floats | float = 0.0) -> Floats:
    """Variance of an EWMA whose points have the variances ``noise``: ``v_i = weight^2 s_i^2 + (1 - weight)^2 v_(i-1)``.

    With equal variances this is ``s^2 weight/(2 - weight) (1 - (1 - weight)^(2i))``.
    """
    return _compacted(noise, start, lambda values, first: _lagged(weight**2 * values, (1 - weight) ** 2, first))


def _lagged(inputs: Floats, keep: float, first: Floats) -> Floats:
    """``y_i = inputs_i + keep y_(i-1)``, one step after another whatever the length."""
    from scipy.signal import lfilter

    out, _ = lfilter([1.0], [1.0, -keep], inputs, axis=-1, zi=keep * first[..., None])
    return np.asarray(out, dtype=np.float64)


def arms(
    z: Floats, reference: float, start: tuple[Floats | float, Floats | float] = (0.0, 0.0)
) -> tuple[Floats, Floats]:
    """Upper and lower cumulative sums of standardised points: ``max(0, S + z - k)`` and ``max(0, S - z - k)``.

    Parameters
    ----------
    z : (..., n) array
        Points in sigmas from the target; NaN is a gap.
    reference : float
        k: half the shift to be seen, in sigma.
    start : pair of float or (...) arrays
        Head start, or the sums after the points before.

    References
    ----------
    Page (1954), Biometrika 41; Lucas and Crosier (1982), Technometrics 24 (head start).

    Examples
    --------
    >>> arms(np.array([2.0, -0.5, 1.0]), 0.5)[0]
    array([1.5, 0.5, 1. ])
    """
    up = _compacted(z, start[0], lambda values, first: _ratchet(values - reference, first))
    down = _compacted(z, start[1], lambda values, first: _ratchet(-values - reference, first))
    return up, down


def _ratchet(step: Floats, first: Floats) -> Floats:
    if step.ndim == 1:
        sums = accumulate(step.tolist(), lambda s, d: s + d if s + d > 0.0 else 0.0, initial=float(first))
        return np.fromiter(sums, dtype=np.float64, count=step.size + 1)[1:]
    out = np.empty(step.shape)
    total = first
    for i in range(step.shape[-1]):
        total = np.maximum(total + step[..., i], 0.0)
        out[..., i] = total
    return out


def _compacted(x: Floats, start: Floats | float, recur: object) -> Floats:
    """A recursion over the points that exist, spread again over all places."""
    first = np.broadcast_to(np.asarray(start, dtype=np.float64), x.shape[:-1])
    seen = np.isfinite(x)
    if seen.all():
        return recur(x, first)  # type: ignore[operator, no-any-return]
    if x.ndim > 1:
        rows = [
            _compacted(row, float(f), recur) for row, f in zip(x.reshape(-1, x.shape[-1]), first.ravel(), strict=True)
        ]
        return np.stack(rows).reshape(x.shape)
    out = np.full(x.shape, np.nan)
    out[seen] = recur(x[seen], first)  # type: ignore[operator]
    return out


def last_of(x: Floats, start: Floats | float) -> Floats:
    """The last value that exists on the last axis; ``start`` where there is none.

    Examples
    --------
    >>> last_of(np.array([1.0, 2.0, np.nan]), 0.0)
    array(2.)
    """
    if x.shape[-1] == 0:
        return np.broadcast_to(start, x.shape[:-1])
    seen = np.isfinite(x)
    at = x.shape[-1] - 1 - np.argmax(seen[..., ::-1], axis=-1)
    found = np.take_along_axis(x, np.expand_dims(at, -1), axis=-1)[..., 0]
    return np.where(seen.any(axis=-1), found, start)


def moving_average(x: Floats, noise: Floats, span: int) -> tuple[Floats, Floats]:
    """Mean of the last ``span`` points and its variance; of as many as there are since the start or the last gap.

    Parameters
    ----------
    x, noise : (n,) arrays
        Points and their variances; NaN is a gap, after which the average starts anew.
    span : int

    References
    ----------
    Montgomery, Introduction to Statistical Quality Control, ch. 9.3.

    Examples
    --------
    >>> moving_average(np.array([1.0, 3.0, 5.0, np.nan, 2.0]), np.ones(5), 2)[0]
    array([ 1.,  2.,  4., nan,  2.])
    """
    seen = np.isfinite(x)
    total, spread, count = np.where(seen, x, 0.0), np.where(seen, noise, 0.0), seen.astype(np.float64)
    held, sums, squares, many = seen.copy(), total.copy(), spread.copy(), count.copy()
    for lag in range(1, span):
        held[lag:] &= seen[: x.size - lag]
        held[:lag] = False
        sums[lag:] += np.where(held[lag:], total[: x.size - lag], 0.0)
        squares[lag:] += np.where(held[lag:], spread[: x.size - lag], 0.0)
        many[lag:] += held[lag:]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(seen, sums / many, np.nan), np.where(seen, squares / many**2, np.nan)
