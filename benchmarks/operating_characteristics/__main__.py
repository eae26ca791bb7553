"""The command. See ``--help``."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

# one thread a process: the cores are used by whole cells; must be set before numpy is loaded
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

from .bars import judge_bars, lines, undecided
from .cells import LABEL
from .draw import possible
from .report import write
from .run import run
from .scenarios import CELLS

ROOT = Path(__file__).parent.parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.operating_characteristics",
        description="How often is the verdict wrong? Runs what is not done yet, then writes the table, the pictures and "
        "the shipped data (for the published label, whole), or the same under .study/ (anything else).",
    )
    parser.add_argument("--replications", type=int, default=1_000, help="series a cell (default 1000)")
    parser.add_argument(
        "--settle",
        type=int,
        metavar="N",
        help="series of a cell that leaves a bar undecided (default: four times as many)",
    )
    parser.add_argument("--label", default=LABEL, help="the seeds; take another than the published one for development")
    parser.add_argument("--only", metavar="REGEX", default="", help="cells whose key ('step 1 sd 24+24') matches")
    parser.add_argument("--fresh", action="store_true", help="forget what was done under this label")
    parser.add_argument("--jobs", type=int, help="processes (default: one a core)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a bar is missed")
    asked = parser.parse_args(arguments)
    folder = ROOT / ".study"
    slug = re.sub(r"\W+", "-", asked.label)
    path = folder / f"{slug}.jsonl"
    if asked.fresh:
        path.unlink(missing_ok=True)
    cells = [cell for cell in CELLS if re.search(asked.only, cell.key)]
    if not any(possible(cell) for cell in cells):
        parser.error(f"no cell that the review can judge matches {asked.only!r}")
    results = run(cells, asked.label, asked.replications, path, asked.jobs)
    settle = 4 * asked.replications if asked.settle is None else asked.settle
    if settle > asked.replications:
        settled = run(undecided(results), asked.label, settle, path, asked.jobs)
        further = {result.cell: result for result in settled}
        results = [further.get(result.cell, result) for result in results]
    found = judge_bars(results)
    print("\n".join(lines(found)))
    if asked.check:
        return int(any(not bar.passed for bar in found))
    published = asked.label == LABEL and not asked.only
    write(results, found, ROOT if published else folder / slug, label=asked.label)
    return 0


if __name__ == "__main__":
    sys.exit(main())
