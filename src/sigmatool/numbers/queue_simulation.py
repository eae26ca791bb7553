"""What would a queue really do? Served arrival by arrival, where formulas assume a steady state that is not there."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Course:
    """Periods that follow each other, n of them.

    Attributes
    ----------
    arrivals : (n,) array
        Expected in each period.
    duration : (n,) array
        Open time of each period, in the unit of the handling time.
    handling : (n,) array
        Mean handling time.
    scv_arrivals, scv_handling : float
        Squared coefficients of variation of the times between arrivals and of handling times.
    """

    arrivals: Floats
    duration: Floats
    handling: Floats
    scv_arrivals: float = 1.0
    scv_handling: float = 1.0


@dataclass(frozen=True)
class Served:
    """What became of the arrivals: sums over those of one pass and one period, (passes, n) each.

    Attributes
    ----------
    arrivals : array
    wait : array
        Sum of their waits.
    waited : array
        Those that waited at all.
    within : array
        Those that waited no longer than the time asked for.
    """

    arrivals: Floats
    wait: Floats
    waited: Floats
    within: Floats


def simulate(
    course: Course, servers: Sequence[Floats], *, within: float = 0.0, passes: int = 4, seed: int = 1
) -> list[Served]:
    """Run the same arrivals through queues of different servers, first come, first served.

    Parameters
    ----------
    course : Course
    servers : sequence of (n,) arrays
        One array a queue: servers in each period. Part of a server makes all of them slower: 14.3 are 14, each 14.3 /
        14 as fast.
    within : float
        A wait that is counted up to.
    passes : int
        How often the whole course is run, from empty.
    seed : int

    Returns
    -------
    list of Served
        One a queue. All take the same arrivals and the same work, so that their difference has little noise.

    Notes
    -----
    Arrivals are a renewal process of gamma gaps in the time in which arrivals come evenly (Poisson where the scv is 1),
    handling times gamma (exponential where it is 1). Draws are made at once; the queue itself has to be walked through
    in order, with the next free server on a heap. Who is being served when servers are taken away is served to the end;
    what waits at the end of a period waits on in the next, and at the end of the last it is served with its servers.

    Examples
    --------
    >>> import numpy as np
    >>> course = Course(np.array([20_000.0]), np.array([20_000 / 0.8]), np.array([1.0]))
    >>> (found,) = simulate(course, [np.array([1.0])], passes=8, seed=3)
    >>> bool(abs(found.wait.sum() / found.arrivals.sum() - 4.0) < 0.3)
    True
    """
    rng = np.random.default_rng(seed)
    n = course.arrivals.size
    ends = np.cumsum(course.duration)
    kept: list[list[tuple[Floats, ...]]] = [[] for _ in servers]
    for _ in range(passes):
        times, period, work = _drawn(course, ends, rng)
        count = np.bincount(period, minlength=n).astype(float)
        for held, each in zip(kept, servers, strict=True):
            wait = _walked(times, work, ends, each)
            each_way = (wait, (wait > 0).astype(float), (wait <= within).astype(float))
            held.append((count, *(np.bincount(period, x, n).astype(float) for x in each_way)))
    return [Served(*(np.array(part) for part in zip(*held, strict=True))) for held in kept]


def _drawn(course: Course, ends: Floats, rng: np.random.Generator) -> tuple[Floats, Ints, Floats]:
    """Moments of arrival, their periods, and the work that each brings."""
    total = float(course.arrivals.sum())
    expected = np.concatenate([[0.0], np.cumsum(course.arrivals)])
    spare = int(total + 8.0 * np.sqrt(total * max(course.scv_arrivals, 0.1)) + 50)
    at = np.cumsum(_gamma(rng, course.scv_arrivals, spare))
    at = at[at < total]
    period = np.minimum(np.searchsorted(expected[1:], at, side="right"), course.arrivals.size - 1)
    starts = ends - course.duration
    share = (at - expected[period]) / course.arrivals[period]
    work = _gamma(rng, course.scv_handling, at.size) * course.handling[period]
    return starts[period] + share * course.duration[period], period, work


def _gamma(rng: np.random.Generator, scv: float, n: int) -> Floats:
    """Times of mean one; always the same where they do not vary."""
    return np.ones(n) if scv <= 0 else rng.standard_gamma(1.0 / scv, n) * scv


def _walked(times: Floats, work: Floats, ends: Floats, servers: Floats) -> Floats:
    """The wait of each arrival. Starts follow each other in time, so each change of servers is met once."""
    many = np.maximum(np.round(servers), 1.0).astype(int).tolist()
    slow = (np.array(many) / servers).tolist()
    edges, last = ends.tolist(), len(many) - 1
    free = [0.0] * many[0]
    at, edge, pace = 0, edges[0] if last else np.inf, slow[0]
    starts = []
    for t, w in zip(times.tolist(), work.tolist(), strict=True):
        start = max(t, free[0])
        while start >= edge:
            at += 1
            more = many[at] - many[at - 1]
            for _ in range(more):
                heapq.heappush(free, edge)
            for _ in range(-more):
                heapq.heappop(free)
            edge, pace = edges[at] if at < last else np.inf, slow[at]
            start = max(t, free[0])
        heapq.heapreplace(free, start + w * pace)
        starts.append(start)
    return np.array(starts) - times if starts else np.zeros(0)
