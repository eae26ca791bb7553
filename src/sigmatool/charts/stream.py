"""New points against a frozen chart, one at a time or in pieces: the same answers as in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..columns import refuse_infinite
from ..errors import DataError, SettingsError
from .engine import Frozen, next_points
from .kinds import Sample
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
            Measurements, subgroups in rows, counts, or variables in columns for ``t2`` and ``mewma``; NaN is a gap.
        size : number or (n,) array
            Of counts: the number inspected or the exposure.
        part, nominal : sequences
            Of short runs.

        Returns
        -------
        Fed
            Signals carry the numbers of points counted on from the chart.
        """
        sample = self._sample(value, size, part, nominal)
        panels, tracks, self._state = next_points(self._frozen, sample, self._state)
        n, before = panels[0].value.size, self._tail[0].value.size
        together = tuple(_after(old, new) for old, new in zip(self._tail, tracks, strict=True))
        found = find_signals(together, [0], before + n, self._frozen.nsigma)
        signals = found.later(before, self._points - before)
        self._tail = tuple(_last(track, self._reach) for track in together)
        first = self._points + 1
        self._points += n
        return Fed(first, panels, signals)

    def _sample(self, value: Any, size: Any, part: Sequence[str] | None, nominal: Any) -> Sample:
        kind = self._frozen.kind
        array = np.atleast_1d(np.asarray(value, dtype=np.float64))
        refuse_infinite(array.ravel(), "value")
        if kind.takes == "counts":
            if size is None and kind.name != "c":
                raise SettingsError(f"kind {kind.name} needs the size of each count.")
            sizes = np.broadcast_to(np.asarray(1.0 if size is None else size, dtype=np.float64), array.shape)
            if bool(np.any(array < 0) or np.any(sizes[np.isfinite(array)] <= 0)):
                raise DataError("a count cannot be negative, and its size must be above zero; correct the points fed.")
            if kind.percent and bool(np.any(array > sizes)):
                raise DataError("more events than inspected; correct the points fed.")
            return Sample(count=array, size=np.where(np.isnan(array), np.nan, sizes))
        if kind.takes == "vectors":
            values = array[None, None, :] if array.ndim == 1 else array[:, None, :] if array.ndim == 2 else array
            return Sample(values=values)
        values = array[:, None] if array.ndim == 1 else array
        parts = None if part is None else np.array([str(p) for p in part], dtype=object)
        wanted = None if nominal is None else np.broadcast_to(np.asarray(nominal, dtype=np.float64), array.shape[:1])
        return Sample(values=values, part=parts, nominal=wanted)


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
