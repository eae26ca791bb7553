"""Make the table of run lengths of the usual rules (numbers/rule_run_lengths.npz): about ten seconds.

    python benchmarks/make_rule_run_lengths.py

20,000 simulated steady processes; the seed is written below.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sigmatool.numbers.rule_sample import CENSORED, KNOWN, THREE_SIGMA, draw, range_limits

SERIES = 20_000
BLOCK = 1_000
SEED = 20_261_125
TARGET = Path(__file__).parent.parent / "src" / "sigmatool" / "numbers" / "rule_run_lengths.npz"


def main() -> None:
    first, watched = [], 0
    tally: dict[int, int] = {}
    for block in range(SERIES // BLOCK):
        sample = draw(KNOWN, THREE_SIGMA, range_limits(2, 3.0), BLOCK, CENSORED, [SEED, block])
        first.append(sample.first)
        watched += sample.watched
        for mark, count in zip(sample.marks.tolist(), sample.counts.tolist(), strict=True):
            tally[mark] = tally.get(mark, 0) + count
    marks = sorted(tally)
    np.savez_compressed(
        TARGET,
        first=np.concatenate(first).astype(np.uint16),
        marks=np.array(marks, dtype=np.uint32),
        counts=np.array([tally[m] for m in marks], dtype=np.uint32),
        watched=watched,
    )
    print(f"wrote {TARGET.name}: {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
