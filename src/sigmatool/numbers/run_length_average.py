"""How long until a moving average of a steady process signals? Simulated once per span and width, with one seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .run_length import RunLength

SERIES, LONGEST, SEED = 4_000, 20_000, 20261124
_BLOCK = 500


@lru_cache(maxsize=32)
def moving_average_run(span: int, nsigma: float) -> RunLength:
    """Run length of a moving average of independent normal points from its first point, where fewer are averaged.

    Parameters
    ----------
    span : int
        Points averaged.
    nsigma : float
        Width of the limits in sigma of the average.

    Notes
    -----
    4,000 series of up to 20,000 points (seed 20261124); the standard error of the ARL is about 1.6 %. Series that are
    still silent then are followed with the ratio of survivals over the second half.

    Examples
    --------
    >>> abs(moving_average_run(1, 3.0).mean - 370.4) < 20
    True
    """
    rng = np.random.default_rng(SEED)
    alive = SERIES
    tail = np.zeros((SERIES, span))
    ends = np.zeros(LONGEST, dtype=np.int64)
    for first in range(0, LONGEST, _BLOCK):
        x = np.concatenate([tail[:, tail.shape[1] - span + 1 :], rng.standard_normal((alive, _BLOCK))], axis=1)
        total = np.cumsum(np.concatenate([np.zeros((alive, 1)), x], axis=1), axis=1)
        sums = total[:, span:] - total[:, :-span]
        held = np.minimum(np.arange(first + 1, first + _BLOCK + 1), span)
        beyond = np.abs(sums) > nsigma * np.sqrt(held)
        gone = beyond.any(axis=1)
        ends[first : first + _BLOCK] = np.bincount(np.argmax(beyond[gone], axis=1), minlength=_BLOCK)
        tail, alive = x[~gone], int((~gone).sum())
        if alive == 0:
            break
    head = np.concatenate([[1.0], 1 - np.cumsum(ends) / SERIES])
    if alive == 0:
        return RunLength(head, 0.0, float(head.sum()))
    half = head.size // 2
    ratio = float((head[-1] / head[half]) ** (1 / (head.size - 1 - half)))
    return RunLength(head, ratio, float(head[:-1].sum()) + float(head[-1]) / max(1 - ratio, 1e-12))
