"""Run the cells over the cores, slowest first, and keep what each interval missed."""

from __future__ import annotations

import os
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from .cells import LABEL, SIZES, Missed, measure
from .registry import CELLS

Results = dict[tuple[str, int], dict[str, Missed]]


def _one(key: str, n: int, most: int | None, label: str) -> tuple[str, int, dict[str, Missed]]:
    cell = next(c for c in CELLS if c.key == key)
    return key, n, measure(cell, label, n, most)


def run(only: str = "", most: int | None = None, workers: int | None = None, label: str = LABEL) -> Results:
    """Every chosen cell at every size; progress goes to standard error."""
    chosen = [c for c in CELLS if re.search(only, c.key)]
    jobs = [(c.key, n) for n in reversed(SIZES) for c in chosen]
    found: Results = {}
    start = time.monotonic()
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        waiting = [pool.submit(_one, key, n, most, label) for key, n in jobs]
        for done, future in enumerate(as_completed(waiting), 1):
            key, n, missed = future.result()
            found[key, n] = missed
            print(f"{done}/{len(jobs)} after {time.monotonic() - start:.0f} s: {key}, n = {n}", file=sys.stderr)
    return found
