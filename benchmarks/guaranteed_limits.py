"""How often do guaranteed limits keep their promise? Simulated baselines, with their seed; docs/limits.md tells them.

    python -m benchmarks.guaranteed_limits [--baselines 200000]

Each baseline draws limits at the guaranteed width from its own mean and sigma; the promise is kept where its chance of a
point beyond is at most that of three sigma.
"""

from __future__ import annotations

import argparse

import numpy as np
from scipy.special import ndtr, ndtri

from sigmatool.numbers.constants import c4, d2
from sigmatool.numbers.guaranteed import guaranteed_width
from sigmatool.numbers.sigma_dof import dof_individuals, dof_subgroups

SEED = 20261126
SHARE = 2 * float(ndtr(-3.0))
CHANCES = (0.8, 0.9, 0.95)
SINGLE = (20, 30, 50, 100)
GROUPED = ((20, 5), (25, 5), (50, 5), (20, 3), (20, 2), (25, 10))
PIECE = 20_000


def estimates(x: np.ndarray) -> dict[str, tuple[np.ndarray, float]]:
    """Sigma of each baseline by each estimator, with its degrees of freedom; (r, n) or (r, m, n)."""
    if x.ndim == 2:
        n = x.shape[1]
        moved = np.abs(np.diff(x, axis=1))
        found = {
            "moving-range": moved.mean(axis=1) / d2(2),
            "median-moving-range": np.median(moved, axis=1) / (np.sqrt(2) * float(ndtri(0.75))),
            "overall": x.std(axis=1, ddof=1) / c4(n),
        }
        return {name: (sigma, dof_individuals(n, name)) for name, sigma in found.items()}
    _, m, n = x.shape
    found = {
        "rbar": np.ptp(x, axis=2).mean(axis=1) / d2(n),
        "sbar": x.std(axis=2, ddof=1).mean(axis=1) / c4(n),
        "pooled": np.sqrt(x.var(axis=2, ddof=1).mean(axis=1)) / c4(m * (n - 1) + 1),
    }
    return {name: (sigma, dof_subgroups(np.full(m, n), name)) for name, sigma in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--baselines", type=int, default=200_000)
    total = parser.parse_args().baselines
    rng = np.random.default_rng(SEED)
    print("| baseline | estimator | chance | width | kept |\n| --- | --- | --- | --- | --- |")
    for shape in (*((n,) for n in SINGLE), *GROUPED):
        root = np.sqrt(shape[1]) if len(shape) > 1 else 1.0
        kept: dict[tuple[str, float], float] = {}
        width: dict[tuple[str, float], float] = {}
        for _ in range(total // PIECE):
            x = rng.normal(size=(PIECE, *shape))
            center = x.reshape(PIECE, -1).mean(axis=1) * root
            for name, (sigma, dof) in estimates(x).items():
                for chance in CHANCES:
                    k = guaranteed_width(shape[0], dof, chance, 1 / SHARE)
                    out = ndtr(center - k * sigma) + ndtr(-(center + k * sigma))
                    kept[name, chance] = kept.get((name, chance), 0.0) + float((out <= SHARE).sum())
                    width[name, chance] = k
        for (name, chance), number in kept.items():
            size = " of ".join(str(v) for v in shape)
            print(
                f"| {size} | {name} | {chance} | {width[name, chance]:.3f} | {number / (total // PIECE * PIECE):.4f} |"
            )


if __name__ == "__main__":
    main()
