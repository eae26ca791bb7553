"""Many streams judged, in this process or in several; the outcome does not depend on how many."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat, Rows
from ..errors import SettingsError, SigmatoolError
from ..numbers.scales import Effect
from .judging import judge
from .request import Request
from .streams import Start, Streams
from .summary import rows_of, sentence_of

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
"""Called with the number of streams done, and of all."""

WORTH_A_PROCESS = 150
"""Streams a process must have to itself to be worth its start (about a second)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a review of one stream leaves behind; light, for it travels between processes."""

    verdict: str
    attribution: str
    effect: Effect | None
    p: float | None
    p_worse: float | None
    autocorrelation: float | None
    n_before: int
    n_after: int
    sentence: str
    rows: Rows
    caveats: tuple[Caveat, ...]
    scale: str
    metric: str


def judge_stream(rows: pd.DataFrame, start: Start, asked: Request) -> Outcome:
    """Judge one stream; what its data or settings forbid is a refusal with the reason as its sentence."""
    try:
        if start.refused:
            return refusal(len(rows), start.refused)
        found = judge(rows, replace(asked, rollouts=((start.when, start.label),)))
    except SigmatoolError as mistake:
        return refusal(len(rows), str(mistake))
    judged, e = found.judged, found.evidence
    return Outcome(
        verdict=found.decision.code,
        attribution=found.decision.attribution,
        effect=found.effect,
        p=None if e is None else e.p_better,
        p_worse=None if e is None else e.p_worse,
        autocorrelation=None if e is None else e.autocorrelation,
        n_before=judged.sides[0],
        n_after=judged.sides[1],
        sentence=sentence_of(found),
        rows=rows_of(judged),
        caveats=judged.points.caveats + judged.caveats,
        scale=judged.scale.name,
        metric=judged.metric,
    )


REFUSED = "REFUSED"
"""In place of a verdict, where a stream cannot be judged at all."""


def refusal(rows: int, reason: str) -> Outcome:
    """A stream that is refused: none of its rows is used."""
    account = Rows(rows, 0, 0, 0, rows)
    return Outcome(REFUSED, "not asked", None, None, None, None, 0, 0, reason, account, (), "", "")


Piece = tuple["pd.DataFrame", NDArray[np.int64], Sequence[Start]]
"""Some streams that lie one after another in a frame: their rows, their bounds in these, their rollouts."""


def judge_streams(
    streams: Streams, asked: Request, workers: int | None = None, progress: Progress | None = None
) -> list[Outcome]:
    """Judge every stream, in the order of ``streams``.

    Parameters
    ----------
    streams : Streams
    asked : Request
        Its rollout is replaced by each stream's own.
    workers : int, optional
        Processes; 1 stays in this one. Default: the cores there are, where each gets enough to do.
    progress : callable, optional
        ``progress(done, total)``, in this process.
    """
    total = len(streams)
    workers = workers_for(workers, total)
    pieces = streams.chunks(piece_size(total, workers))
    return [outcome for found in judged(pieces, total, asked, workers, progress) for outcome in found]


def piece_size(total: int, workers: int) -> int:
    """Streams of a piece: few enough for a steady progress and an even end, enough to hide the way there and back."""
    return int(np.clip(total // (8 * workers), 1, 50)) if workers > 1 else 1


def judged(
    pieces: Iterable[Piece], total: int, asked: Request, workers: int, progress: Progress | None = None
) -> Iterator[list[Outcome]]:
    """Judge pieces as they come, no more of them at once than keep the processes busy; outcomes in their order."""
    tell = progress or (lambda done, total: None)
    tell(0, total)
    count = 0
    for found in _in_processes(pieces, asked, workers) if workers > 1 else (judge_piece(*p, asked) for p in pieces):
        count += len(found)
        tell(count, total)
        yield found


def judge_piece(
    frame: pd.DataFrame, bounds: NDArray[np.int64], starts: Sequence[Start], asked: Request
) -> list[Outcome]:
    """Judge some streams that lie one after another in a frame."""
    cuts = zip(bounds[:-1].tolist(), bounds[1:].tolist(), starts, strict=True)
    return [judge_stream(frame.iloc[a:b], start, asked) for a, b, start in cuts]


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_for(given: int | None, total: int) -> int:
    """Processes that are worth their start."""
    if given is None:
        return max(min(cores(), total // WORTH_A_PROCESS), 1)
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise SettingsError(f"workers is a number of processes, 1 or more, not {given!r}.")
    return min(given, total)


def _in_processes(pieces: Iterable[Piece], asked: Request, workers: int) -> Iterator[list[Outcome]]:
    waiting: deque[Future[list[Outcome]]] = deque()
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        for piece in pieces:
            # a process may start with any piece
            with _children_start_plain():
                waiting.append(pool.submit(judge_piece, *piece, asked))
            while waiting and (waiting[0].done() or len(waiting) > 4 * workers):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # whatever ends this early, also Ctrl-C: nothing new begins, and no process stays behind
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """A process leaves Ctrl-C to the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@contextmanager
def _children_start_plain() -> Iterator[None]:
    """New processes compute in one thread each, and do not run the caller's script again.

    A spawned process first imports the script that is running, which a script without a main guard does not
    survive. Nothing of it is needed here, so the processes are shown an empty one.
    """
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    main = sys.modules["__main__"]
    # a process inherits what is blocked here, and so never sees a Ctrl-C before it is ready to ignore it
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
