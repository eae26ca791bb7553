"""How many of the streams called not stable are steady, and how many unsteady ones are found?

    python -m benchmarks.screening_errors        # seed 20261126; a minute

A thousand streams of a length, a tenth of which shift half-way; the false-discovery rate is nominally 5 %.
"""

from __future__ import annotations

import numpy as np

from sigmatool.numbers.multiple import benjamini_hochberg
from sigmatool.numbers.runs import NELSON
from sigmatool.screening.kernel import Rows, Wanted, screened

SEED, STREAMS, SHIFTED, TABLES = 20261126, 1_000, 100, 40


def table(kind: str, n: int, rng: np.random.Generator) -> tuple[Rows, Wanted]:
    """Rows of one table, and what is asked of them; the first streams shift by one and a half sigma."""
    shift = np.zeros((STREAMS, n))
    shift[:SHIFTED, n // 2 :] = 1.0
    stream, at = np.repeat(np.arange(STREAMS), n).astype(np.int32), np.tile(np.arange(n), STREAMS)
    wanted = Wanted(patterns=NELSON, counts=kind in ("proportions", "rates"))
    if kind == "subgroups of 4":
        value = rng.normal(size=(STREAMS, n, 4)) + 0.75 * shift[:, :, None]
        return Rows(np.repeat(stream, 4), np.repeat(at, 4), value.ravel(), group=np.repeat(at, 4)), wanted
    if kind == "proportions":
        count = rng.binomial(200, 0.1 + 0.032 * shift).astype(float).ravel()
        return Rows(stream, at, count, np.full(count.size, 200.0)), wanted
    if kind == "rates":
        count = rng.poisson(8 + 4.2 * shift).astype(float).ravel()
        return Rows(stream, at, count, np.full(count.size, 2.0)), wanted
    noise = {
        "normal": lambda: rng.normal(size=(STREAMS, n)),
        "t with 4 degrees of freedom": lambda: rng.standard_t(4, (STREAMS, n)) / np.sqrt(2),
        "lognormal": lambda: (np.exp(0.5 * rng.normal(size=(STREAMS, n))) - 1.133) / 0.604,
    }[kind]()
    return Rows(stream, at, (noise + 1.5 * shift).ravel()), wanted


def main() -> None:
    print("| values | points | steady among the called, % | shifted streams found, % |")
    print("| --- | --- | --- | --- |")
    for kind in ("normal", "t with 4 degrees of freedom", "lognormal", "subgroups of 4", "proportions", "rates"):
        for n in (12, 24, 60, 250):
            rng = np.random.default_rng([SEED, n])
            shares, found = [], []
            for _ in range(TABLES):
                rows, wanted = table(kind, n, rng)
                called = benjamini_hochberg(screened(rows, wanted)["now_p"]) <= 0.05
                shares.append(called[SHIFTED:].sum() / max(called.sum(), 1))
                found.append(called[:SHIFTED].mean())
            error = np.std(shares) / np.sqrt(TABLES)
            print(f"| {kind} | {n} | {100 * np.mean(shares):.1f} ± {200 * error:.1f} | {100 * np.mean(found):.0f} |")


if __name__ == "__main__":
    main()
