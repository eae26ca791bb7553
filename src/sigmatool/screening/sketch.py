"""A stream in a few dozen numbers, for a drawing the size of a word."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numbers.ragged import Segments

Floats = NDArray[np.float64]


def sketched(value: Floats, streams: Segments, after: NDArray[np.bool_], width: int) -> dict[str, NDArray[Any]]:
    """All points of a short stream; of a long one the lowest and highest of each of ``width / 2`` stretches.

    Parameters
    ----------
    value : (n,) array
        Points, NaN where there is a gap.
    streams : Segments
    after : (n,) array of bool
        Points after the rollout.
    width : int
        Values kept at most of each stream; even.

    Returns
    -------
    dict
        ``sketch`` (s, width): values, NaN beyond the last and at gaps. ``sketch_n``: how many of them belong to the
        stream. ``sketch_after``: how many lie before the rollout.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 5.0, 4.0, 3.0, 6.0])
    >>> found = sketched(x, Segments(np.array([0]), 6), x > 3.5, 4)
    >>> found["sketch"].tolist(), found["sketch_after"].tolist()
    ([[1.0, 5.0, 3.0, 6.0]], [2])
    """
    half = width // 2
    out = np.full((streams.many, width), np.nan)
    kept = np.minimum(streams.lengths, width)
    before = streams.lengths - streams.count(after)
    short = streams.lengths <= width
    if short.any():
        chosen = streams.spread(short)
        out[streams.of[chosen], streams.place[chosen]] = value[chosen]
    long = np.flatnonzero(~short)
    if long.size:
        lengths, starts = streams.lengths[long], streams.starts[long]
        edges = starts[:, None] + lengths[:, None] * np.arange(half) // half
        # reduceat needs one flat list of edges; what lies between two long streams goes to a bin of its own
        bins = np.column_stack([edges, starts + lengths]).ravel()
        held = np.append(value, np.nan)
        # without gaps the plain extremes are twice as quick as those that pass over NaN
        least, most = (np.fmin, np.fmax) if np.isnan(value.sum()) else (np.minimum, np.maximum)
        held[-1] = value[-1]
        lowest, highest = (f.reduceat(held, bins).reshape(-1, half + 1)[:, :half] for f in (least, most))
        out[long, 0::2], out[long, 1::2] = lowest, highest
        before[long] = np.round(before[long] / lengths * half).astype(np.int64) * 2
    return {"sketch": out, "sketch_n": kept, "sketch_after": np.minimum(before, kept)}
