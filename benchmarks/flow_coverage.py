"""How often do the intervals of percentiles hold the truth, where some items are still open?

    python benchmarks/flow_coverage.py

Lognormal times, censored by uniform ages; 95 % intervals. An end that is not reached counts as open on its side.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from sigmatool.numbers.survival import kaplan_meier, percentiles

RUNS = 4_000
SHARES = (0.5, 0.85, 0.95)


def main(seed: int = 20_261_126) -> None:
    rng = np.random.default_rng(seed)
    truth = [math.exp(ndtri(share)) for share in SHARES]
    print("| items | still open | " + " | ".join(f"{100 * s:g} %: held, upper end open" for s in SHARES) + " |")
    print("| ---: | ---: |" + " ---: |" * len(SHARES))
    for n in (20, 60, 200):
        for longest in (15.0, 4.0):
            held, unknown, open_items = np.zeros(len(SHARES)), np.zeros(len(SHARES)), 0
            for _ in range(RUNS):
                time, age = rng.lognormal(0, 1, n), rng.uniform(0, longest, n)
                open_items += int((age < time).sum())
                found = percentiles(kaplan_meier(np.minimum(time, age), time <= age), SHARES)
                for k, (e, true) in enumerate(zip(found, truth, strict=True)):
                    low, high = (side if not math.isnan(side) else math.inf for side in (e.low, e.high))
                    held[k] += (low <= true or math.isinf(low)) and true <= high
                    unknown[k] += math.isinf(high)
            cells = (f"{100 * h / RUNS:.1f} %, {100 * u / RUNS:.0f} %" for h, u in zip(held, unknown, strict=True))
            print(f"| {n} | {100 * open_items / RUNS / n:.0f} % | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
