"""Work in process, its flow and its time: what Little's law ties together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Flow:
    """What went through between two moments.

    Attributes
    ----------
    window : float
        From one moment to the other.
    present : int
        Items that were inside at any time of the window.
    arrived, finished : int
        In the window.
    inside_first, inside_last : int
        At the first moment (not those that arrive then), and at the last.
    average : float
        L: items inside, on average over the window.
    rate : float
        Lambda: items that were present, per unit of time.
    stay : float
        W: time inside the window, per item. ``average = rate * stay`` holds for any window.
    naive_rate, naive_stay : float
        Finished per unit of time, and their whole mean time; NaN where none finished.
    cut_before, still_open : float
        Time of finished items before the window, and time in it of those open at its end.
    """

    window: float
    present: int
    arrived: int
    finished: int
    inside_first: int
    inside_last: int
    average: float
    rate: float
    stay: float
    naive_rate: float
    naive_stay: float
    cut_before: float
    still_open: float

    @property
    def naive(self) -> float:
        """Finished per unit of time times their mean time."""
        return self.naive_rate * self.naive_stay if self.finished else 0.0

    @property
    def gap(self) -> float:
        """Items inside that the naive product misses: those still open, less what finished ones had behind them."""
        return (self.still_open - self.cut_before) / self.window


def little(start: Floats, end: Floats, first: float, last: float) -> Flow:
    """Count what was inside between two moments, and hold the naive law against it.

    Parameters
    ----------
    start, end : (n,) array
        Moments, in any unit of time; ``end`` is NaN (or after ``last``) where an item is open.
    first, last : float
        The window.

    Returns
    -------
    Flow

    Raises
    ------
    ValueError
        A window without length.

    Notes
    -----
    The time that all items spend in the window is counted twice: item by item, and as items inside at each moment;
    so ``L = lambda W`` holds exactly with lambda the items present over the window's length and W their mean time
    inside it. The usual product, throughput times the mean time of finished items, differs by
    ``(open - before) / length``: the time in the window of items open at its end, less the time before the window of
    those that finished in it.

    References
    ----------
    Little (1961), Operations Research 9, 383-387; Little (2011), Operations Research 59, 536-549 (finite windows).

    Examples
    --------
    >>> found = little(np.array([0.0, 1, 2]), np.array([2.0, 4, np.nan]), 0.0, 4.0)
    >>> found.average, found.rate * found.stay, found.naive, found.gap
    (1.75, 1.75, 1.25, 0.5)
    """
    length = last - first
    if not length > 0:
        raise ValueError("the window has no length")
    out = np.where(np.isnan(end), np.inf, end)
    inside = (start <= last) & (out >= first)
    s, e = start[inside], out[inside]
    stays = np.minimum(e, last) - np.maximum(s, first)
    done = e <= last
    present, finished = int(s.size), int(done.sum())
    total = float(stays.sum())
    whole = float((e[done] - s[done]).sum())
    return Flow(
        window=length,
        present=present,
        arrived=int((s >= first).sum()),
        finished=finished,
        inside_first=int((s < first).sum()),
        inside_last=int((~done).sum()),
        average=total / length,
        rate=present / length,
        stay=total / present if present else np.nan,
        naive_rate=finished / length,
        naive_stay=whole / finished if finished else np.nan,
        cut_before=float(np.maximum(first - s[done], 0.0).sum()),
        still_open=float(stays[~done].sum()),
    )


def cycle_time(wip: float, throughput: float) -> float:
    """Mean time of an item in a steady process: ``W = L / lambda``.

    Examples
    --------
    >>> cycle_time(60, 20)
    3.0
    """
    return wip / throughput


def takt_time(available: float, demand: float) -> float:
    """Working time for each item that is wanted.

    References
    ----------
    Rother & Shook (1999), Learning to See; Womack & Jones (2003), Lean Thinking.

    Examples
    --------
    >>> takt_time(450, 300)
    1.5
    """
    return available / demand


def flow_efficiency(touch: Floats, total: Floats) -> tuple[float, float]:
    """Share of the time in which an item is worked on, and its standard error: a ratio of sums.

    Parameters
    ----------
    touch, total : (n,) array
        Of finished items, in one unit.

    Notes
    -----
    ``R = sum touch / sum total``, its error from the residuals ``touch - R total``; NaN for one item. Long items weigh
    more, as they do in the time that customers wait. Lean calls it process cycle efficiency.

    References
    ----------
    Cochran (1977), Sampling Techniques, section 6.3; George (2002), Lean Six Sigma.

    Examples
    --------
    >>> flow_efficiency(np.array([35.0]), np.array([2400.0]))[0]
    0.014583333333333334
    """
    whole = float(total.sum())
    ratio = float(touch.sum()) / whole
    n = touch.size
    if n < 2:
        return ratio, np.nan
    off = touch - ratio * total
    return ratio, float(np.sqrt((off**2).sum() * n / (n - 1))) / whole
