"""Which stretch set the rollout off? A rollout begun because things were bad draws credit from their natural return.

Where that is declared, the worst stretch before the rollout is left out of the judgement: what is left is the level
that the process would have come back to by itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHORTEST = 3
"""Points of the shortest stretch that is looked for."""

LARGEST_SHARE = 1 / 3
"""Largest part of the stage before that may be left out."""


def worst_stretch(z: Floats) -> tuple[int, int]:
    """The worst run of neighbouring points, as a half-open range of indices.

    Parameters
    ----------
    z : (n,) array
        The stage before, up is better, without NaN.

    Notes
    -----
    Of all runs of 3 points up to a third of the stage, the one whose mean lies furthest below the median in
    standard errors, ``(median - mean) sqrt(length)``; lengthened on both sides over points that also lie below the
    median, so that a slow return is left out with it.

    Examples
    --------
    >>> worst_stretch(np.array([0.0, 1, 0, 1, 0, 1, -5, -4, -6, 1, 0, 1]))
    (6, 9)
    """
    n = z.size
    below = np.median(z) - z
    longest = max(int(n * LARGEST_SHARE), SHORTEST)
    sums = np.concatenate([[0.0], np.cumsum(below)])
    best, first, last = -np.inf, 0, SHORTEST
    for length in range(SHORTEST, longest + 1):
        depth = (sums[length:] - sums[:-length]) / np.sqrt(length)
        at = int(np.argmax(depth))
        if depth[at] > best:
            best, first, last = float(depth[at]), at, at + length
    while first > 0 and below[first - 1] > 0 and last - first < longest:
        first -= 1
    while last < n and below[last] > 0 and last - first < longest:
        last += 1
    return first, last
