"""New points against a frozen chart, one at a time or in pieces: the same answers as in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .engine import Frozen, next_points
from .fed import fed_sample
from .result import ChartPanel
from .signals import Signals, Track, find_signals

if TYPE_CHECKING:
    from .result import ControlChart

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fed:
    """A piece of a stream: its panels, and the signals of its points. ``first`` is the number of its first point."""

    first: int
    panels: tuple[ChartPanel, ...]
    signals: Signals


class Stream:
    """Judges points as they come; see :meth:`ControlChart.stream`.

    The whole-stage tests of a run chart have no place here: they speak of a finished stage.
    """

    def __init__(self, frozen: Frozen, points: int) -> None:
        self._frozen, self._points = frozen, points
        self._state = frozen.state
        rules = [rule for track in frozen.tail for rule in track.rules]
        self._reach = max((rule.pattern.window for rule in rules), default=1) - 1
        self._tail = tuple(_last(track, self._reach) for track in frozen.tail)

    @classmethod
    def after(cls, chart: ControlChart) -> Stream:
        """Go on where a chart ends."""
        return cls(chart.frozen, len(chart.axis.labels))

    def feed(self, value: Any, size: Any = None, part: Sequence[str] | None = None, nominal: Any = None) -> Fed:
        """Judge further points.

        Parameters
        ----------
        value : number, (n,) or (n, m) array
            Measurements, subgroups in rows, counts, or variables in columns for ``t2`` and ``mewma``, of subgroups (n,
            m, p); NaN is a gap.
        size : number or (n,) array
            Of counts: the number inspected or the exposure.
        part, nominal : sequences
            Of short runs.

        Returns
        -------
        Fed
            Signals carry the numbers of points counted on from the chart.

        Raises
        ------
        DataError, SettingsError
            What the chart cannot judge; the stream is then as it was before.
        """
        sample = fed_sample(self._frozen, value, size, part, nominal)
        panels, tracks, state = next_points(self._frozen, sample, self._state)
        n, before = panels[0].value.size, self._tail[0].value.size
        together = tuple(_after(old, new) for old, new in zip(self._tail, tracks, strict=True))
        found = find_signals(together, [0], before + n, self._frozen.nsigma)
        signals = found.later(before, self._points - before)
        # set once nothing can fail any more, so that a refused piece leaves the stream as it was
        self._state, self._tail = state, tuple(_last(track, self._reach) for track in together)
        first = self._points + 1
        self._points += n
        return Fed(first, panels, signals)


def _last(track: Track, length: int) -> Track:
    """The end of a track that the windows of the rules still reach."""
    n = track.value.size
    here = slice(max(n - length, 0), n)
    return replace(
        track, value=track.value[here], center=track.center[here], sigma=track.sigma[here], lower=track.lower[here],
        upper=track.upper[here], since=None, explain=None,
    )  # fmt: skip


def _after(old: Track, new: Track) -> Track:
    before, explain = old.value.size, new.explain
    since = None if new.since is None else np.concatenate([np.zeros(before, dtype=np.int64), new.since + before])
    return replace(
        new,
        value=np.concatenate([old.value, new.value]),
        center=np.concatenate([old.center, new.center]),
        sigma=np.concatenate([old.sigma, new.sigma]),
        lower=np.concatenate([old.lower, new.lower]),
        upper=np.concatenate([old.upper, new.upper]),
        since=since,
        explain=None if explain is None else lambda at: explain(at - before),
    )
