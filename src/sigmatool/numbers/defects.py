"""What do defects mean for the customer? Defects per unit and per opportunity, yield, process Z and sigma level.

A unit is defective or not (binomial), or carries any number of defects (Poisson), each of which had so many
opportunities to occur.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]

MILLION = 1e6


def per_opportunity(dpu: ArrayLike, opportunities: float) -> Floats:
    """Defects per opportunity (DPO): defects per unit over the opportunities in a unit. DPMO is a million times that.

    Examples
    --------
    >>> float(per_opportunity(0.068, 10).round(6))
    0.0068
    """
    if not 0 < opportunities < np.inf:
        raise ValueError(f"opportunities must be a number above 0, not {opportunities!r}")
    return np.asarray(dpu, dtype=np.float64) / opportunities


def first_time_yield(dpu: ArrayLike) -> Floats:
    """Share of units without any defect, where defects fall on units at random: ``exp(-DPU)`` (Poisson).

    Defects that come in clusters leave more units whole than this.

    Examples
    --------
    >>> float(first_time_yield(0.068).round(4))
    0.9343
    """
    return np.asarray(np.exp(-np.asarray(dpu, dtype=np.float64)))


def process_z(share: ArrayLike) -> Floats:
    """Process Z: standard deviations between the mean and one limit at which a normal process has this share beyond.

    Parameters
    ----------
    share : array
        Share that fails, from 0 to 1.

    Returns
    -------
    array
        ``-Phi^-1(share)``; NaN for a share of 0 or 1, where no number stands for it.

    Examples
    --------
    >>> process_z([0.02275, 0.5, 0.0]).round(2).tolist()
    [2.0, 0.0, nan]
    """
    p = np.asarray(share, dtype=np.float64)
    if np.any((p < 0) | (p > 1)):
        raise ValueError("a share lies between 0 and 1")
    inside = (p > 0) & (p < 1)
    return np.where(inside, -ndtri(np.where(inside, p, 0.5)) + 0.0, np.nan)


def sigma_level(dpmo: ArrayLike, shift: float = 0.0) -> Floats:
    """Sigma level of defects per million opportunities.

    Parameters
    ----------
    dpmo : array
    shift : float
        Added to process Z. 1.5 is Motorola's convention, which takes the defects seen for long-term ones and speaks of
        the short term; nothing in the data supports it, so the default is 0.

    References
    ----------
    Harry (1988), The Nature of Six Sigma Quality.

    Examples
    --------
    >>> sigma_level([3.4, 66807.2], shift=1.5).round(3).tolist()
    [6.0, 3.0]
    """
    return process_z(np.asarray(dpmo, dtype=np.float64) / MILLION) + shift


def dpmo_at(level: ArrayLike, shift: float = 0.0) -> Floats:
    """Defects per million opportunities at a sigma level; the inverse of :func:`sigma_level`.

    Examples
    --------
    >>> dpmo_at([6.0, 3.0], shift=1.5).round(1).tolist()
    [3.4, 66807.2]
    """
    return np.asarray(MILLION * ndtr(shift - np.asarray(level, dtype=np.float64)))
