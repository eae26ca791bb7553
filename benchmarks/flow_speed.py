"""How long does `sigmatool lean flow` take on a million tickets, from a cold start to its page and its JSON?

    python benchmarks/flow_speed.py [--items N] [--runs N]

Tickets of two years, seed written below: lognormal times, some still open, one stamp in ten thousand wrong, in the order
in which they were closed. Each run is a fresh process; wall clock and processor time are told, least and median.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

CALL = "from sigmatool.cli import main; main()"


def tickets(n: int, seed: int = 20_261_126) -> pd.DataFrame:
    """A table of stamps as texts, and how many of them are wrong is known: one in ten thousand rows."""
    rng = np.random.default_rng(seed)
    first, drawn = np.datetime64("2024-01-01T00:00:00"), np.datetime64("2026-01-01T00:00:00")
    opened = first + np.sort(rng.uniform(0, 731 * 86_400, n)).astype("timedelta64[s]")
    closed = opened + rng.lognormal(np.log(2 * 86_400), 1.0, n).astype("timedelta64[s]")
    wrong = rng.choice(n, n // 10_000, replace=False)
    closed[wrong] = opened[wrong] - np.timedelta64(3600, "s")
    table = pd.DataFrame({"ticket": np.arange(n), "opened": opened, "closed": closed})
    table["ticket"] = "T-" + table["ticket"].astype(str).str.zfill(7)
    table["closed"] = table["closed"].mask(table["closed"] > drawn)
    return table.sort_values("closed", ignore_index=True)


def measured(words: list[str], runs: int) -> tuple[list[float], list[float]]:
    """Wall clock and processor time of each run, after one that warms the disk."""
    walls, works = [], []
    for run in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", CALL, *words], check=True, stdout=subprocess.DEVNULL)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run:
            walls.append(wall)
            works.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return walls, works


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--items", type=int, default=1_000_000)
    asked.add_argument("--runs", type=int, default=7)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = tickets(given.items)
        table.to_parquet(f"{folder}/tickets.parquet")
        texts = table.assign(**{name: table[name].dt.strftime("%Y-%m-%d %H:%M:%S") for name in ("opened", "closed")})
        texts.to_csv(f"{folder}/tickets.csv", index=False)
        for kind in ("csv", "parquet"):
            words = ["lean", "flow", f"{folder}/tickets.{kind}", "--start", "opened", "--end", "closed", "--item", "ticket",
                     "--as-of", "2026-01-01 00:00", "--rollout", "2025-01-01", "-o", f"{folder}/flow.html", "-o",
                     f"{folder}/flow.json", "--quiet"]  # fmt: skip
            walls, works = measured(words, given.runs)
            sizes = ", ".join(
                f"{Path(folder, f'flow.{s}').stat().st_size / 1000:.0f} kB of {s}" for s in ("html", "json")
            )
            print(
                f"{given.items:,} tickets, {kind:7s} wall {min(walls):.2f} s least, {statistics.median(walls):.2f} s "
                f"median; processor {min(works):.2f} s least, {statistics.median(works):.2f} s median; {sizes}"
            )


if __name__ == "__main__":
    main()
