"""How long does a chart run until it signals? The run length as a distribution, and the chain it comes from.

Every chart here is a Markov chain: its memory (the place of an EWMA, the two arms of a CUSUM, the last zones of a
run rule) takes finitely many states, or is a continuous place held at the nodes of a quadrature. One point moves the
mass of the states by a matrix whose missing mass is the signal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_NODES = 2_000
"""Nodes of a quadrature; a chart that needs more moves too little per point to be computed."""

LONGEST_HEAD = 100_000
"""Points followed one by one before the survival is taken to fall geometrically."""

GONE = 1e-15
"""A survival that no longer matters."""

LONGEST_MEAN = 1e12
"""Above it a signal is too rare for the digits of a number."""

NEVER = 1e300
"""A mean run length that stands for no signal at all; finite, so that no mass times it is undefined."""


@dataclass(frozen=True)
class RunLength:
    """Distribution of the number of points up to and including the first signal.

    Parameters
    ----------
    head : (T + 1,) array
        Chance that the first 0, 1, ..., T points are silent.
    ratio : float
        Factor by which that chance falls with each further point: once the chain has forgotten its start, the fall
        is geometric.
    mean : float
        The average run length (ARL).

    Examples
    --------
    >>> coin = RunLength(np.array([1.0, 0.5]), 0.5, 2.0)
    >>> coin.survival([0, 3]), coin.quantile(0.9)
    (array([1.   , 0.125]), 4)
    """

    head: Floats
    ratio: float
    mean: float

    def survival(self, n: object) -> Floats:
        """Chance that the first ``n`` points are silent; ``n`` of any shape, from 0 on."""
        at = np.asarray(n, dtype=np.int64)
        last = self.head.size - 1
        within = self.head[np.minimum(at, last)]
        return np.asarray(within * self.ratio ** np.maximum(at - last, 0), dtype=np.float64)

    def pmf(self, n: object) -> Floats:
        """Chance that the first signal is at point ``n``, from 1 on."""
        at = np.asarray(n, dtype=np.int64)
        return np.asarray(self.survival(at - 1) - self.survival(at), dtype=np.float64)

    def quantile(self, q: float) -> int:
        """Points by which the chart has signalled with chance ``q``."""
        if not 0 <= q < 1:
            raise ValueError(f"a chance of {q} is not from 0 on and below 1")
        left = 1 - q
        last = self.head.size - 1
        if left >= self.head[-1]:
            return int(np.argmax(self.head <= left))
        if self.ratio <= 0:
            return last + 1
        return last + int(np.ceil(np.log(left / self.head[-1]) / np.log(self.ratio) - 1e-12))


@dataclass(frozen=True)
class Chain:
    """The memory of a chart as masses on states.

    Parameters
    ----------
    first : (m,) array
        Mass on each state after the points of ``before`` and one more.
    step : (m, m) array
        Mass that one point moves from each state (row) to each other; what is missing from a row signals.
    before : tuple of float
        Chance that the first 0, 1, ... points are silent, up to the point before ``first``.
    """

    first: Floats
    step: Floats
    before: tuple[float, ...] = (1.0,)


def settled(head: Sequence[float], least: int = 16) -> bool:
    """Whether the survival falls geometrically, or is gone.

    The ratio of successive survivals nears its limit like ``c * r^t``; so where it moved by less than 1e-7 of itself
    between t / 2 and t, it is within about the square of that at t. Before ``least`` points it may only seem to.
    """
    t = len(head) - 1
    if head[-1] < GONE:
        return True
    if t < least or t % 16:
        return False
    early, late = head[t // 2] / head[t // 2 - 1], head[t] / head[t - 1]
    return abs(early - late) <= 1e-7 * max(1 - late, 1e-6) or t >= LONGEST_HEAD


def follow(
    state: Floats,
    move: Callable[[Floats], Floats],
    weigh: Callable[[Floats], float],
    before: Sequence[float] = (1.0,),
    least: int = 16,
) -> tuple[Floats, Floats]:
    """Survival of points 0, 1, ..., T until it settles, and the state at T.

    ``state`` holds after the points of ``before`` and one more; ``weigh`` is its chance of silence.
    """
    head = [*before, weigh(state)]
    while not settled(head, least):
        state = move(state)
        head.append(max(weigh(state), 0.0))
    return np.array(head), state


def distribution(head: Floats, mean: float | None = None) -> RunLength:
    """The run length from a settled survival.

    Where the mean is known, the tail is the geometric one that has it: the last ratio of survivals alone would lose
    its digits where a signal is very rare.

    Raises
    ------
    ValueError
        A mean above :data:`LONGEST_MEAN`.
    """
    if mean is not None and not 0 < mean < LONGEST_MEAN:
        raise ValueError("signals are too rare for the run length to be computed")
    ratio = float(head[-1] / head[-2]) if head[-1] >= GONE else 0.0
    body = float(head[:-1].sum())
    if mean is None:
        mean = body + float(head[-1]) / (1 - ratio) if ratio < 1 else np.inf
    elif head[-1] > 1e-6:
        ratio = 1 - float(head[-1]) / (mean - body)
    return RunLength(head, ratio, mean)


def means(step: Floats) -> Floats:
    """Average run length from each state: ``(I - step)^-1 1``; :data:`NEVER` where no digit of a signal is left."""
    size = step.shape[0]
    try:
        return np.asarray(np.linalg.solve(np.eye(size) - step, np.ones(size)), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(size, NEVER)


def arl(chain: Chain) -> float:
    """Average run length: the survivals of the points before, then the solution of the linear system.

    Examples
    --------
    >>> arl(Chain(np.array([0.9]), np.array([[0.9]])))
    10.000000000000002
    """
    return float(np.sum(chain.before) + chain.first @ means(chain.step))


def run_length(chain: Chain) -> RunLength:
    """The distribution of a chain's run length."""
    head, _ = follow(chain.first, lambda m: m @ chain.step, lambda m: float(m.sum()), chain.before)
    return distribution(head, arl(chain))


def quiet_state(chain: Chain) -> Floats:
    """Masses on the states after a long silence: the left eigenvector of the largest eigenvalue, summing to one."""
    state = chain.first / chain.first.sum()
    for _ in range(LONGEST_HEAD):
        after = state @ chain.step
        after /= after.sum()
        moved = float(np.abs(after - state).max())
        state = after
        if moved < 1e-14:
            break
    return np.asarray(state, dtype=np.float64)


def steady_arl(quiet: Chain, shifted: Chain) -> float:
    """Conditional steady-state ARL: points from the change to the signal, after a long silence.

    Parameters
    ----------
    quiet, shifted : Chain
        Before and after the change, on the same states.

    Notes
    -----
    Pollak (1985), Annals of Statistics 13, 206-227: the expected delay given that no false alarm came before, as the
    change moves out.
    """
    return float(quiet_state(quiet) @ means(shifted.step))


def legendre(low: float, high: float, steps: float) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Legendre on an interval that is ``steps`` standard deviations of a move wide.

    Raises
    ------
    ValueError
        A move so small that too many nodes were needed.
    """
    count = 32 + int(np.ceil(3 * steps))
    if count > MOST_NODES:
        raise ValueError("the chart moves too little with each point for its run length to be computed")
    nodes, weights = np.polynomial.legendre.leggauss(count)
    half = (high - low) / 2
    return low + half * (nodes + 1), half * weights
