"""``python -m benchmarks.interval_coverage [--only REGEX] [--replications N] [--out FILE]``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

# one thread a process: the cores are used by whole cells; must be set before numpy is loaded
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

from .report import page
from .run import run

PUBLISHED = Path(__file__).parents[2] / "docs" / "interval-coverage.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interval_coverage", description=__doc__)
    parser.add_argument("--only", default="", metavar="REGEX", help="cells whose family and data match")
    parser.add_argument("--replications", type=int, metavar="N", help="at most so many in a cell")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the page goes; default it is printed")
    given = parser.parse_args()
    command = "python -m benchmarks.interval_coverage"
    if given.only:
        command += f" --only '{given.only}'"
    if given.replications:
        command += f" --replications {given.replications}"
    text = page(run(given.only, given.replications), command)
    if given.out is None:
        print(text, end="")
    else:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
