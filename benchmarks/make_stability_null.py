"""Make the null tables of the stability test (numbers/stability_null.npz): about five minutes.

    python benchmarks/make_stability_null.py

10,000 simulated stable series for each length and autocorrelation; seeds are written below.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from sigmatool.numbers.stability import PHI, NullTables, statistics

REPLICATIONS = 10_000
SEED = 20_261_124
LEVELS = np.geomspace(1 / REPLICATIONS, 1.0, 160)
TARGET = Path(__file__).parent.parent / "src" / "sigmatool" / "numbers" / "stability_null.npz"


def lengths() -> np.ndarray:
    """Every length up to 40, then steps of about a tenth, up to 2,000."""
    grown = np.unique(np.round(np.geomspace(44, 2000, 41)).astype(int))
    return np.concatenate([np.arange(8, 41), grown])


def stable_series(rng: np.random.Generator, n: int, phi: float, count: int) -> np.ndarray:
    """AR(1) series of unit variance from their stationary start: (count, n)."""
    noise = rng.standard_normal((count, n))
    if phi == 0:
        return noise
    start = phi * rng.standard_normal((count, 1))
    return lfilter([1.0], [1.0, -phi], noise * np.sqrt(1 - phi**2), axis=1, zi=start)[0]


def sample(n: int, node: int) -> np.ndarray:
    rng = np.random.default_rng([SEED, n, node])
    block = max(1, 2_000_000 // n)
    parts = []
    left = REPLICATIONS
    while left:
        count = min(block, left)
        parts.append(statistics(stable_series(rng, n, PHI[node], count)))
        left -= count
    return np.concatenate(parts)


def main() -> None:
    sizes = lengths()
    shape = (sizes.size, PHI.size)
    quantile = np.empty((*shape, 4, LEVELS.size))
    smallest = np.empty((*shape, LEVELS.size))
    spike, signals = np.empty(shape), np.empty(shape)
    ranks = np.clip(np.ceil(LEVELS * REPLICATIONS).astype(int) - 1, 0, REPLICATIONS - 1)
    for i, n in enumerate(sizes):
        for j in range(PHI.size):
            drawn = sample(int(n), j)
            falling = -np.sort(-drawn[:, 1:], axis=0)
            quantile[i, j] = falling[ranks].T
            spike[i, j] = np.quantile(drawn[:, 0], 0.99)
            signals[i, j] = drawn[:, 4].mean()
            tables = NullTables(LEVELS, sizes, quantile.astype(np.float32).astype(float), smallest, spike, signals)
            index = tables.level_index(i, j, drawn[:, 1:]).min(axis=1)
            smallest[i, j] = np.cumsum(np.bincount(index, minlength=LEVELS.size)) / REPLICATIONS
        print(f"length {n}: done", flush=True)
    arrays = {"quantile": quantile, "smallest": smallest, "spike": spike, "signals": signals}
    packed = {name: value.astype(np.float32) for name, value in arrays.items()}
    np.savez_compressed(TARGET, levels=LEVELS, lengths=sizes, **packed)
    print(f"wrote {TARGET.name}: {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
