"""Run the study: every cell, over all cores, taking up where it was left.

Each finished cell is one line of JSON in ``.study/LABEL.jsonl``, with a digest of the code that decided it: a second run
skips what is done, and does again what a change of the code, of the cell or of the number of replications made stale.
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


def stamp(cell: Cell, replications: int) -> str:
    """Changes when the cell, its judge, the code beneath or the number of replications does."""
    code = digest(JUDGES[cell.judge].__module__.rpartition(".")[2])
    return sha256(f"{cell.settings}|{code}|{replications}".encode()).hexdigest()[:16]


def read(path: Path) -> dict[tuple[str, str], Counter[str]]:
    """Finished cells by key and stamp; a line cut short by an interruption is passed over."""
    done: dict[tuple[str, str], Counter[str]] = {}
    if not path.exists():
        return done
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            held = json.loads(line)
        except json.JSONDecodeError:
            continue
        done[held["key"], held["stamp"]] = Counter(held["counts"])
    return done


def run(cells: Sequence[Cell], label: str, replications: int, path: Path, jobs: int | None = None) -> list[Result]:
    """Results of all cells that the review can judge, in their order; finished ones come from the file."""
    cells = [cell for cell in cells if possible(cell)]
    done = read(path)
    stamps = {cell: stamp(cell, replications) for cell in cells}
    waiting = [cell for cell in cells if (cell.key, stamps[cell]) not in done]
    print(f"{len(cells) - len(waiting)} of {len(cells)} cells were done before", file=sys.stderr)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
            file.write("\n")
        for cell, counts in _judged(waiting, label, replications, jobs):
            done[cell.key, stamps[cell]] = counts
            file.write(json.dumps({"key": cell.key, "stamp": stamps[cell], "counts": dict(counts)}) + "\n")
            file.flush()
    return [Result(cell, replications, done[cell.key, stamps[cell]]) for cell in cells]


def _judged(cells: list[Cell], label: str, replications: int, jobs: int | None) -> Iterator[tuple[Cell, Counter[str]]]:
    """Each cell when its last task is back."""
    if not cells:
        return
    start, work, total = time.perf_counter(), 0.0, sum(_work(cell) for cell in cells) * replications
    counts: dict[Cell, Counter[str]] = {cell: Counter() for cell in cells}
    left = dict.fromkeys(cells, -(-replications // CHUNK))
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        tasks: dict[Future[Counter[str]], tuple[Cell, int]] = {}
        for cell in cells:
            for first in range(0, replications, CHUNK):
                count = min(CHUNK, replications - first)
                tasks[pool.submit(replicate, cell, label, first, count)] = (cell, count)
        try:
            for task in as_completed(tasks):
                cell, count = tasks.pop(task)
                counts[cell].update(task.result())
                work += _work(cell) * count
                left[cell] -= 1
                if left[cell] == 0:
                    yield cell, counts.pop(cell)
                    _progress(cell, len(cells) - len(counts), len(cells), time.perf_counter() - start, work / total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _work(cell: Cell) -> float:
    """Milliseconds of one replication, roughly: for the estimate of the time left."""
    return 4.0 + 0.022 * cell.n


def _progress(cell: Cell, done: int, of: int, elapsed: float, share: float) -> None:
    left = elapsed * (1 - share) / share
    print(f"{done}/{of}  {elapsed / 60:.1f} min, about {left / 60:.1f} left  {cell.key}", file=sys.stderr, flush=True)
