"""Speed, as ratios and medians in one run: `make bench`. A million tickets: `benchmarks/flow_speed.py`.

Whole commands are run in turn with what they are compared to; times inside a process are medians after a warm-up.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import sigmatool as st

ROOT = Path(__file__).parent.parent
RUNS = 9
CALL = "from sigmatool.cli import main; main()"


def command(*words: str) -> Callable[[], None]:
    def run() -> None:
        subprocess.run([sys.executable, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    return run


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_turn(ours: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Medians of both, run A B A B ... after one warm-up of each."""
    ours(), other()
    pairs = [(seconds(ours), seconds(other)) for _ in range(RUNS)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def median(call: Callable[[], object], runs: int = 21) -> float:
    call()
    return statistics.median(seconds(call) for _ in range(runs))


def many_reviews(rng: np.random.Generator, streams: int = 2_000, points: int = 48) -> None:
    """One review a stream, in one process and in two: the time that the second saves, and what a stream costs."""
    table = pd.DataFrame(
        {
            "site": np.repeat(np.arange(streams), points),
            "month": np.tile(pd.date_range("2022-01-01", periods=points, freq="MS").strftime("%Y-%m"), streams),
            "hours": rng.normal(9, 1, streams * points),
        }
    )

    def run(workers: int) -> None:
        st.review_each(
            table, by="site", value="hours", time="month", rollout="2024-01", better="lower", workers=workers
        )

    pairs = [(seconds(lambda: run(1)), seconds(lambda: run(2))) for _ in range(3)]
    one, two = (statistics.median(pair[k] for pair in pairs) for k in (0, 1))
    print(
        f"{streams:,} reviews of {points}      {1000 * one / streams:8.1f} ms each in one process ({one:.1f} s), in two "
        f"{two / one:.2f} times that; half is the least, on two idle cores"
    )


def main() -> None:
    bare = command("-c", "import click")
    ours, other = in_turn(command("-c", CALL, "--help"), bare)
    print(
        f"sigmatool --help          {ours:.3f} s, {ours / other:.2f} times python with click ({other:.3f} s); bar 2.5"
    )
    with tempfile.TemporaryDirectory() as folder:
        words = [
            "review",
            "datasets/semmelweis.csv",
            "-y",
            "deaths",
            "-n",
            "births",
            "-x",
            "month",
            "--rollout",
            "1847-06",
            "--better",
            "lower",
        ]
        page = command("-c", CALL, *words, "-o", f"{folder}/page.html", "--quiet")
        ours, other = in_turn(page, bare)
        print(f"demo review with its page {ours:.3f} s, {ours / other:.1f} times python with click; bar 3 s")
    rng = np.random.default_rng(1)
    for n in (48, 100, 1_000, 10_000):
        y = rng.standard_normal(n) - (np.arange(n) >= n // 2)
        spent = median(lambda y=y, n=n: st.review(y, rollout=n // 2 + 1, better="lower"), 21 if n < 5_000 else 5)
        bar = {100: "; bar 15 ms", 10_000: "; bar 500 ms"}.get(n, "")
        print(f"review of {n:>6,} points    {1000 * spent:8.1f} ms{bar}")
    many_reviews(rng)
    for n in (1_000, 100_000, 1_000_000):
        x = rng.standard_normal(n)
        spent = median(lambda x=x: st.control_chart(x), 5)
        print(f"i-mr, 8 rules, {n:>9,} {1000 * spent:8.1f} ms")


if __name__ == "__main__":
    main()
