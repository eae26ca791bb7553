"""How often do the intervals of agreement hold the truth?

Items get a true category by its share; each rater names it with the given accuracy, else another one at random (a
neighbour where categories have an order). The true coefficient is that of 400,000 such items. Written to
``docs/agreement-coverage.md``:

    python benchmarks/agreement_coverage.py --replications 1000 --seed 20
"""

from __future__ import annotations

import argparse
import itertools
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sigmatool.numbers.agreement import (
    Patterns,
    cohen_of_table,
    fleiss_kappa,
    gwet_ac,
    patterns,
    table_of,
)
from sigmatool.numbers.agreement_interval import jackknife
from sigmatool.numbers.concordance import kendall_tau_of_table, kendall_w
from sigmatool.numbers.intraclass import intraclass

Ints = NDArray[np.int64]
Coefficient = Callable[[Patterns, NDArray[np.float64]], NDArray[np.float64]]

COEFFICIENTS: dict[str, Coefficient] = {
    "Fleiss": fleiss_kappa,
    "AC1": gwet_ac,
    "Cohen": lambda s, w: cohen_of_table(table_of(s, 0, 1, w)),
    "quadratic": lambda s, w: cohen_of_table(table_of(s, 0, 1, w), "quadratic"),
    "tau-b": lambda s, w: kendall_tau_of_table(table_of(s, 0, 1, w)),
    "W": kendall_w,
}
SHARES = {"50/50": (0.5, 0.5), "90/10": (0.9, 0.1), "30/40/30": (0.3, 0.4, 0.3), "60/30/10": (0.6, 0.3, 0.1)}


def rated(rng: np.random.Generator, n: int, raters: int, share: tuple[float, ...], accuracy: float) -> Ints:
    """Ratings of n items."""
    k = len(share)
    truth = rng.choice(k, size=n, p=share)[:, None]
    step = rng.choice([-1, 1], size=(n, raters))
    other = truth + step
    other = np.where((other < 0) | (other >= k), truth - step, other)
    return np.where(rng.random((n, raters)) < accuracy, truth, other)


def covered(seed: int, n: int, raters: int, share: tuple[float, ...], accuracy: float, times: int) -> dict[str, float]:
    """Share of intervals that hold the true coefficient, by coefficient; NaN ends are left out."""
    rng = np.random.default_rng(seed)
    k = len(share)
    whole = patterns(rated(rng, 400_000, raters, share, accuracy), k)
    names = [c for c in COEFFICIENTS if k > 2 or c not in ("quadratic", "tau-b", "W")]
    truth = {c: float(COEFFICIENTS[c](whole, whole.weight)) for c in names}
    hits = {c: [0, 0] for c in names}
    for _ in range(times):
        seen = patterns(rated(rng, n, raters, share, accuracy), k)
        for c in names:
            few = raters if c in ("Fleiss", "AC1", "W") else 2
            found = jackknife(lambda w, c=c, seen=seen: COEFFICIENTS[c](seen, w), seen, raters=few)  # type: ignore[misc]
            if np.isfinite(found.low):
                hits[c][0] += found.low <= truth[c] <= found.high
                hits[c][1] += 1
    return {c: h / t if t else np.nan for c, (h, t) in hits.items()}


def correlations(seed: int, n: int, raters: int, sd: tuple[float, float], times: int) -> list[float]:
    """Share of intervals of ICC(1), ICC(2), ICC(3) that hold the truth, for sd of raters and of error (items 1)."""
    rng = np.random.default_rng(seed)
    rater, error = sd[0] ** 2, sd[1] ** 2
    truth = (1 / (1 + rater + error), 1 / (1 + rater + error), 1 / (1 + error))
    hits = np.zeros(3)
    for _ in range(times):
        item = rng.normal(size=(n, 1))
        noise = sd[1] * rng.normal(size=(n, raters))
        crossed = item + sd[0] * rng.normal(size=(1, raters)) + noise
        own = item + sd[0] * rng.normal(size=(n, raters)) + noise
        found = (intraclass(own).single[0], *intraclass(crossed).single[1:])
        hits += [e.low <= t <= e.high for e, t in zip(found, truth, strict=True)]
    return [float(h) / times for h in hits]


def page(replications: int, seed: int) -> str:
    """The study as a page."""
    lines = [
        "# How often the intervals of agreement hold the truth",
        "",
        f"Nominal 95 %. {replications:,} simulated studies a row, seed {seed}; made by",
        f"`python benchmarks/agreement_coverage.py --replications {replications} --seed {seed}`.",
        "",
        "Ratings: an item has a true category (by the shares), a rater names it with the accuracy, else a neighbour.",
        "Weighted kappa, tau-b and Kendall's W only where categories have an order. Studies in which a coefficient or",
        "an end of its interval does not exist (all items in one category) are left out of its column.",
        "",
        "| items | raters | shares | accuracy | " + " | ".join(COEFFICIENTS) + " |",
        "|" + " --- |" * (4 + len(COEFFICIENTS)),
    ]
    grid = itertools.product((20, 30, 50, 100), (2, 3, 6), SHARES, (0.95, 0.85))
    held: dict[bool, list[float]] = {True: [], False: []}
    for i, (n, raters, name, accuracy) in enumerate(grid):
        found = covered(seed + i, n, raters, SHARES[name], accuracy, replications)
        held[name != "90/10"] += [v for v in found.values() if np.isfinite(v)]
        cells = [f"{100 * found[c]:.1f}" if c in found else "" for c in COEFFICIENTS]
        lines.append(f"| {n} | {raters} | {name} | {accuracy} | " + " | ".join(cells) + " |")
    told = [
        f"{100 * np.min(v):.1f} to {100 * np.max(v):.1f} %, median {100 * np.median(v):.1f} %"
        for v in (held[True], held[False])
    ]
    lines[8:8] = [
        "",
        f"With shares other than 90/10 the cells hold {told[0]};",
        f"with 90/10 {told[1]}: where a study has two or three bad items the kappas",
        "know little, and their intervals hold the truth too seldom. AC1 does not suffer so. Take parts of all categories.",
        "",
    ]
    lines += ["", "Intraclass correlations (normal values, sd of items 1):", ""]
    lines += ["| items | raters | sd of raters | sd of error | ICC(1) | ICC(2) | ICC(3) |", "|" + " --- |" * 7]
    for i, (n, raters, sd) in enumerate(itertools.product((10, 30), (2, 3, 6), ((0.0, 0.5), (0.5, 0.5), (0.3, 1.0)))):
        got = correlations(seed + 1_000 + i, n, raters, sd, replications)
        lines.append(f"| {n} | {raters} | {sd[0]} | {sd[1]} | " + " | ".join(f"{100 * v:.1f}" for v in got) + " |")
    lines += [
        "",
        "ICC(2) with few raters rests on few differences between raters: Satterthwaite's interval is then approximate, and",
        "too narrow where raters differ as much as errors and items are many.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replications", type=int, default=1_000)
    asked.add_argument("--seed", type=int, default=20)
    asked.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs" / "agreement-coverage.md")
    given = asked.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given.out.write_text(page(given.replications, given.seed), encoding="utf-8")
