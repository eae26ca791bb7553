"""Run the study: every cell, over all cores, taking up where it was left.

Each finished cell is one line of JSON in ``.study/LABEL.jsonl``, with a digest of the code that decided it: a second run
skips what is done, adds replications where more are asked, and does again what a change of the code or of the cell made
stale.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from .cells import Cell
from .draw import possible
from .registry import JUDGES
from .sources import digest

CHUNK = 100
"""Replications of one task; each has a seed of its own, so that the result does not depend on it."""


@dataclass(frozen=True)
class Result:
    """A cell with what was counted over its replications."""

    cell: Cell
    replications: int
    counts: Counter[str]

    def share(self, *names: str) -> float:
        """Of the replications, in which any of these (disjoint) things was found."""
        return sum(self.counts[name] for name in names) / self.replications

    def covered(self, name: str) -> float | None:
        """Share of the intervals that held the truth; None where it was not asked."""
        asked = self.counts[f"asked_{name}"]
        return self.counts[f"covered_{name}"] / asked if asked else None


def replicate(cell: Cell, label: str, first: int, count: int) -> Counter[str]:
    """Judge the replications ``first`` to ``first + count - 1`` of a cell."""
    seed, judge = cell.seed(label), JUDGES[cell.judge]
    found: Counter[str] = Counter()
    for i in range(first, first + count):
        found.update(judge(cell, np.random.default_rng([seed, i])))
    return found


def stamp(cell: Cell) -> str:
    """Changes when the cell, its judge or the code beneath does."""
    code = digest(JUDGES[cell.judge].__module__.rpartition(".")[2])
    return sha256(f"{cell.settings}|{code}".encode()).hexdigest()[:16]


def read(path: Path, cells: Sequence[Cell]) -> dict[Cell, Result]:
    """What the file holds of these cells and is not stale; a line cut short by an interruption is passed over."""
    wanted = {(cell.key, stamp(cell)): cell for cell in cells}
    done: dict[Cell, Result] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            held = json.loads(line)
        except json.JSONDecodeError:
            continue
        cell = wanted.get((held["key"], held["stamp"]))
        if cell is not None and (cell not in done or held["replications"] > done[cell].replications):
            done[cell] = Result(cell, held["replications"], Counter(held["counts"]))
    return done


def run(cells: Sequence[Cell], label: str, replications: int, path: Path, jobs: int | None = None) -> list[Result]:
    """Results of all cells that the review can judge, in their order, with at least so many replications."""
    asked, cells = len(cells), [cell for cell in cells if possible(cell)]
    if len(cells) < asked:
        print(f"{asked - len(cells)} cells left out: the review does not know what they declare", file=sys.stderr)
    done = read(path, cells)
    held = {cell: done[cell].replications if cell in done else 0 for cell in cells}
    waiting = {cell: n for cell, n in held.items() if n < replications}
    print(f"{len(cells) - len(waiting)} of {len(cells)} cells were done before", file=sys.stderr)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
            file.write("\n")
        for cell, counts in _judged(waiting, label, replications, jobs):
            if cell in done:
                counts.update(done[cell].counts)
            # sums of four decimals, whichever task came back first
            counts = Counter({name: round(count, 4) for name, count in counts.items()})
            done[cell] = Result(cell, replications, counts)
            line = {"key": cell.key, "stamp": stamp(cell), "replications": replications, "counts": dict(counts)}
            file.write(json.dumps(line) + "\n")
            file.flush()
    return [done[cell] for cell in cells]


def _judged(
    waiting: dict[Cell, int], label: str, replications: int, jobs: int | None
) -> Iterator[tuple[Cell, Counter[str]]]:
    """The missing replications of each cell (of which so many are there), when its last task is back."""
    if not waiting:
        return
    start, work = time.perf_counter(), 0.0
    total = sum(_work(cell) * (replications - held) for cell, held in waiting.items())
    counts: dict[Cell, Counter[str]] = {cell: Counter() for cell in waiting}
    left: Counter[Cell] = Counter()
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        tasks: dict[Future[Counter[str]], tuple[Cell, int]] = {}
        for cell, held in waiting.items():
            for first in range(held, replications, CHUNK):
                count = min(CHUNK, replications - first)
                tasks[pool.submit(replicate, cell, label, first, count)] = (cell, count)
                left[cell] += 1
        try:
            for task in as_completed(tasks):
                cell, count = tasks[task]
                counts[cell].update(task.result())
                work += _work(cell) * count
                left[cell] -= 1
                if left[cell] == 0:
                    yield cell, counts.pop(cell)
                    done = len(waiting) - len(counts)
                    _progress(cell, done, len(waiting), time.perf_counter() - start, work / total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _work(cell: Cell) -> float:
    """Milliseconds of one replication, roughly: for the estimate of the time left."""
    return 4.0 + 0.022 * cell.n


def _progress(cell: Cell, done: int, of: int, elapsed: float, share: float) -> None:
    left = elapsed * (1 - share) / share
    print(f"{done}/{of}  {elapsed / 60:.1f} min, about {left / 60:.1f} left  {cell.key}", file=sys.stderr, flush=True)
