"""How many steady streams would signal all the same?

A chart of a steady process signals sometimes, the more often the longer it is. How often is found by putting simulated
steady streams through the very kernel that counts the signals: limits are estimated there, too.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .kernel import Rows, Wanted, screened

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LENGTHS = (5, 8, 12, 20, 32, 64, 128, 256, 512)
"""Lengths that are simulated; a longer stretch is silent as often as its pieces of the last length together."""

STREAMS = 500
"""Simulated streams a length: the share is known to 2 points."""

SEED = 20261126


def chance_of_signal(
    lengths: Ints, wanted: Wanted, values: float = 1.0, center: float = 0.0, size: float = 0.0
) -> Floats:
    """Chance that a steady stretch of each length signals at least once.

    Parameters
    ----------
    lengths : array of int
        Points.
    wanted : Wanted
        Rules, distance of the limits, kind.
    values : float
        Values of a point: of a subgroup.
    center, size : float
        Of counts: their share or rate, and the items inspected.

    Notes
    -----
    Normal values; counts binomial, or Poisson where the rate exceeds one. Between the simulated lengths the chance is
    drawn straight over the logarithm of the length. Seeded: equal questions get equal answers.
    """
    present = lengths[lengths >= 2]
    if present.size == 0 or not wanted.patterns:
        return np.zeros(lengths.shape)
    low, high = (np.clip(n, LENGTHS[0], LENGTHS[-1]) for n in (present.min(), present.max()))
    # the lengths between, and one on each side
    first, last = np.searchsorted(LENGTHS, low, side="right") - 1, np.searchsorted(LENGTHS, high)
    grid = LENGTHS[int(first) : int(last) + 1]
    found = np.array([_simulated(n, wanted, values, center, size) for n in grid])
    whole = np.clip(lengths, 1, LENGTHS[-1])
    chance = np.interp(np.log(whole), np.log(grid), found)
    silent = np.power(np.maximum(1 - chance, 1e-12), np.maximum(lengths / LENGTHS[-1], 1.0))
    return np.where(lengths >= 2, 1 - silent, 0.0)


def _simulated(n: int, wanted: Wanted, values: float, center: float, size: float) -> float:
    rng = np.random.default_rng([SEED, n])
    width = max(round(values), 1)
    stream = np.repeat(np.arange(STREAMS, dtype=np.int32), n * width)
    time = np.tile(np.repeat(np.arange(n), width), STREAMS)
    plain = replace(wanted, rollout=None, width=0, sketch=0)
    if wanted.counts:
        inspected = max(size, 1.0)
        mean = np.full(stream.size, center * inspected)
        drawn = rng.binomial(round(inspected), center, stream.size) if center <= 1 else rng.poisson(mean)
        kind = plain.kind if plain.kind != "auto" else "p" if center <= 1 else "u"
        rows = Rows(stream, time, drawn.astype(np.float64), np.full(stream.size, float(round(inspected))))
        found = screened(rows, replace(plain, kind=kind))
    else:
        rows = Rows(stream, time, rng.normal(size=stream.size), group=time if width > 1 else None)
        found = screened(rows, plain if width > 1 else replace(plain, kind="auto"))
    return float((found["signals"] > 0).mean())
