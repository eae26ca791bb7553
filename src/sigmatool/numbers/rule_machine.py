"""What must a chart remember of its past to apply a set of run rules? As little as possible, as a finite machine.

A rule on zones needs marks only: was the point beyond the line? Each rule becomes a small automaton on such marks, its
states that no future can tell apart are merged, and the automata run side by side over the states that can be reached
(Champ & Woodall 1987, Technometrics 29, 393-399).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from .runs import Pattern

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Bools = NDArray[np.bool_]
Before = Literal["nothing", "quiet"]
Limits = tuple[float, float]

ON_ZONES = frozenset({"limits", "beyond", "within", "outside", "opposite"})
"""Tests that look at zones alone; ``trend`` and ``alternating`` compare points with each other."""

MOST_STATES = 50_000
"""States of all rules together; above it an exact answer would take seconds."""


class TooMuchMemoryError(ValueError):
    """The rules remember too much for an exact run length."""


@dataclass(frozen=True)
class Automaton:
    """One rule, or one side of it: ``step(state, mark)`` gives the next state and whether the rule fires.

    ``marks`` (letters,) is what it sees of a point in each stretch between two lines.
    """

    start: Any
    step: Callable[[Any, int], tuple[Any, bool]]
    marks: tuple[int, ...]


@dataclass(frozen=True)
class Machine:
    """All rules at once.

    Parameters
    ----------
    cuts : (letters - 1,) array
        Lines in sigma; a point between two of them is one letter.
    after : (states, letters) array
        The next state; the number of states stands for a signal that ended the run.
    fires : (states, letters) array
        Whether a rule fires.
    start : int
    """

    cuts: Floats
    after: Whole
    fires: Bools
    start: int

    def chances(self, shift: float) -> Floats:
        """Chance of each letter for normal points with that mean."""
        return np.diff(ndtr(np.concatenate([[-np.inf], self.cuts, [np.inf]]) - shift))


def _so_many(window: int, needed: int, marks: tuple[int, ...], before: Before) -> Automaton:
    """``needed`` of ``window`` points marked, the window full.

    The memory is the longest stretch up to now that could still begin a window with few enough misses.
    """
    spare = window - needed

    def step(state: tuple[int, ...], mark: int) -> tuple[tuple[int, ...], bool]:
        word = (*state, mark)
        fires = len(word) == window and word.count(0) <= spare
        if len(word) == window:
            word = word[1:]
        while word.count(0) > spare:
            word = word[1:]
        return word, fires

    start = (0,) * min(spare, window - 1) if before == "quiet" else ()
    return Automaton(start, step, marks)


def _outside(window: int, marks: tuple[int, ...]) -> Automaton:
    """The memory: points in a row beyond the line, how many of the last of them are on one side, and that side."""

    def step(state: tuple[int, int, int], mark: int) -> tuple[tuple[int, int, int], bool]:
        run, same, side = state
        if mark == 0:
            return (0, 0, 0), False
        run = min(run + 1, window)
        same = min(same + 1, window) if mark == side else 1
        return (run, same, mark), run == window and same < window

    return Automaton((0, 0, 0), step, marks)


def _opposite(marks: tuple[int, ...]) -> Automaton:
    return Automaton(0, lambda state, mark: (mark, state * mark < 0), marks)


def _lines(patterns: Sequence[Pattern], limits: Limits) -> list[float]:
    lines: set[float] = set()
    for p in patterns:
        lines |= set(limits) if p.test == "limits" else {p.zone, -p.zone}
    return sorted(line + 0.0 for line in lines if np.isfinite(line))


def _automata(patterns: Sequence[Pattern], limits: Limits, before: Before) -> tuple[list[Automaton], Floats]:
    cuts = _lines(patterns, limits)
    low, high = [-np.inf, *cuts], [*cuts, np.inf]

    def above(line: float) -> tuple[int, ...]:
        return tuple(int(edge >= line) for edge in low)

    def below(line: float) -> tuple[int, ...]:
        return tuple(int(edge <= line) for edge in high)

    out: list[Automaton] = []
    for p in dict.fromkeys(patterns):
        if p.test not in ON_ZONES:
            raise ValueError(f"a pattern {p.test!r} compares points: no finite memory holds them")
        up, down = (above(limits[1]), below(limits[0])) if p.test == "limits" else (above(p.zone), below(-p.zone))
        signs = tuple(u - d for u, d in zip(up, down, strict=True))
        if p.test in ("limits", "beyond"):
            out += [_so_many(p.window, p.needed, side, before) for side in (up, down) if any(side)]
        elif p.test == "within":
            out.append(_so_many(p.window, p.window, tuple(int(s == 0) for s in signs), before))
        elif p.test == "outside":
            out.append(_outside(p.window, signs))
        else:
            out.append(_opposite(signs))
    return out, np.array(cuts)


def _merged(automaton: Automaton, ends: bool) -> tuple[Whole, Bools, int]:
    """Next state and firing per state and letter, with states merged that no future tells apart (Moore)."""
    marks = sorted(set(automaton.marks))
    names = {automaton.start: 0}
    rows: list[list[tuple[int, bool]]] = []
    order = [automaton.start]
    while len(rows) < len(order):
        row = []
        for mark in marks:
            state, fires = automaton.step(order[len(rows)], mark)
            if fires and ends:
                row.append((-1, True))
                continue
            if state not in names:
                names[state] = len(order)
                order.append(state)
            row.append((names[state], fires))
        rows.append(row)
    after = np.array([[to for to, _ in row] for row in rows])
    signals = np.array([[fire for _, fire in row] for row in rows])
    label, count = np.zeros(len(rows), dtype=np.int64), 0
    while True:
        seen = np.column_stack([label, np.where(after < 0, -1, label[after]), signals])
        _, first, label = np.unique(seen, axis=0, return_index=True, return_inverse=True)
        label = label.reshape(-1)
        if first.size == count:
            break
        count = first.size
    letters = np.array([marks.index(mark) for mark in automaton.marks])
    merged = np.where(after[first] < 0, 0, label[after[first]])
    return merged[:, letters], signals[first][:, letters], int(label[0])


@lru_cache(maxsize=256)
def machine(
    patterns: tuple[Pattern, ...], limits: Limits = (-3.0, 3.0), before: Before = "nothing", ends: bool = True
) -> Machine:
    """The machine of a set of rules on zones.

    Parameters
    ----------
    patterns : tuple of Pattern
    limits : (float, float)
        Drawn limits in sigma of the charted statistic; infinite where there is none.
    before : {"nothing", "quiet"}
        What came before the first point: ``nothing``, so that a window must be full to fire, as in
        :func:`sigmatool.numbers.runs.fired`; or points that no rule marks, as published tables assume.
    ends : bool
        Whether a signal ends the run. If not, the machine goes on as a chart does that is only watched.

    Raises
    ------
    ValueError
        A pattern that compares points, or so many rules that their memory is too large.
    """
    automata, cuts = _automata(patterns, limits, before)
    tables = [_merged(a, ends) for a in automata]
    sizes = [t[0].shape[0] for t in tables]
    if np.prod(np.array(sizes, dtype=float)) > 2.0**62:
        raise TooMuchMemoryError("these rules remember too much for an exact run length")
    scale = np.concatenate([[1], np.cumprod(np.array(sizes[:-1], dtype=np.int64))]) if sizes else np.ones(0, np.int64)
    start = int(sum(s * t[2] for s, t in zip(scale, tables, strict=True)))

    def step(codes: Whole) -> tuple[Whole, Bools]:
        to = np.zeros((codes.size, cuts.size + 1), dtype=np.int64)
        fires = np.zeros(to.shape, dtype=bool)
        for (after, fire, _), unit, size in zip(tables, scale, sizes, strict=True):
            own = codes // unit % size
            to += unit * after[own]
            fires |= fire[own]
        return to, fires

    known = fresh = np.array([start])
    while fresh.size:
        to, fires = step(fresh)
        reached = np.unique(to[~fires] if ends else to)
        fresh = np.setdiff1d(reached, known, assume_unique=True)
        known = np.union1d(known, fresh)
        if known.size > MOST_STATES:
            raise TooMuchMemoryError("these rules remember too much for an exact run length")
    to, fires = step(known)
    place = np.searchsorted(known, np.where(fires, start, to) if ends else to)
    return Machine(cuts, np.where(fires & ends, known.size, place), fires, int(np.searchsorted(known, start)))
