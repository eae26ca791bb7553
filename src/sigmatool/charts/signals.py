"""Which rules fire where? They restart at stages and after gaps."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numbers.runs import fired, members
from ..on_demand import OnDemand
from .rules import Rule, words_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that fired at a point (from 1), with the points of its pattern and a sentence."""

    rule: str
    panel: str
    point: int
    run: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The signals of one rule in one panel: its words, and the points (from 1) at which it fired."""

    rule: str
    panel: str
    words: str
    points: Ints


@dataclass(frozen=True, slots=True)
class Track:
    """What the rules look at in one panel: the judged values (excluded points are gaps) and their lines, (n,) each.

    ``since``: where the movement behind a signal began (0-based); ``explain``: words that a sentence adds.
    """

    panel: str
    value: Floats
    center: Floats
    sigma: Floats
    lower: Floats
    upper: Floats
    rules: tuple[Rule, ...]
    since: Ints | None = None
    explain: Callable[[int], str] | None = None
    bound: str = ""
    """What the limits stand for, where they are not multiples of sigma."""


class Signals(OnDemand[Signal]):
    """All signals of a chart, in order of the points; a signal's words are made when it is asked for."""

    def __init__(
        self,
        tracks: Sequence[Track],
        which: Ints,
        rule: Ints,
        point: Ints,
        nsigma: float,
        whole: Sequence[Signal] = (),
        offset: int = 0,
    ) -> None:
        """``which`` track, ``rule`` of it and ``point`` (0-based) of each signal; ``whole``: signals of whole stages;
        ``offset``: points that came before the first of the tracks."""
        self._tracks, self._nsigma, self._whole, self._offset = tuple(tracks), nsigma, tuple(whole), offset
        if whole:
            which = np.concatenate([which, np.full(len(whole), -1)])
            rule = np.concatenate([rule, np.arange(len(whole))])
            point = np.concatenate([point, np.array([s.point - 1 for s in whole])])
            order = np.argsort(point, kind="stable")
            which, rule, point = which[order], rule[order], point[order]
        self._which, self._rule, self._point = which, rule, point

    def __len__(self) -> int:
        return int(self._point.size)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_same, self, other))

    def __hash__(self) -> int:
        return hash((len(self), self._point.tobytes(), self._rule.tobytes()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{s.rule} at {s.point}" for s in self[:6])
        return f"Signals({shown}{', ...' if len(self) > 6 else ''})"

    @property
    def points(self) -> Ints:
        """The point (from 1) of each signal, without making its words."""
        return self._point + 1 + self._offset

    def tally(self) -> list[Tally]:
        """The signals by panel and rule, in that order; rules that did not fire are left out."""
        found = []
        for number, track in enumerate(self._tracks):
            for place, rule in enumerate(track.rules):
                points = self.points[(self._which == number) & (self._rule == place)]
                if points.size:
                    found.append(Tally(rule.id, track.panel, rule.words, points))
        alike: dict[tuple[str, str, str], list[int]] = {}
        for signal in self._whole:
            alike.setdefault((signal.rule, signal.panel, signal.text.removesuffix(".")), []).append(signal.point)
        return found + [Tally(*key, np.array(points)) for key, points in alike.items()]

    def keys(self) -> list[tuple[str, str, int]]:
        """Panel, rule and point (from 1) of each signal, without making its words."""
        names = [[(track.panel, rule.id) for rule in track.rules] for track in self._tracks]
        whole = [(signal.panel, signal.rule) for signal in self._whole]
        placed = zip(self._which.tolist(), self._rule.tolist(), self.points.tolist(), strict=True)
        return [(*(whole[rule] if which < 0 else names[which][rule]), point) for which, rule, point in placed]

    def later(self, first: int, offset: int) -> Signals:
        """Those from place ``first`` of the tracks on, numbered after ``offset`` points."""
        kept = self._point >= first
        return Signals(
            self._tracks, self._which[kept], self._rule[kept], self._point[kept], self._nsigma, offset=offset
        )  # fmt: skip

    def at_points(self, panel: str) -> dict[int, tuple[str, ...]]:
        """Rules that fired in a panel, by point (from 1)."""
        out: dict[int, tuple[str, ...]] = {}
        for which, rule, point in zip(self._which.tolist(), self._rule.tolist(), self._point.tolist(), strict=True):
            here, name = (
                (self._whole[rule].panel, self._whole[rule].rule)
                if which < 0
                else (self._tracks[which].panel, self._tracks[which].rules[rule].id)
            )
            if here == panel:
                shown = point + 1 + self._offset
                out[shown] = (*out.get(shown, ()), name)
        return out

    def make(self, at: int) -> Signal:
        """The signal of a place, with its words."""
        if self._which[at] < 0:
            return self._whole[int(self._rule[at])]
        track = self._tracks[int(self._which[at])]
        rule, at = track.rules[int(self._rule[at])], int(self._point[at])
        if track.since is not None:
            run = tuple(range(int(track.since[at]), at + 1))
        else:
            run = members(rule.pattern, at, track.value, track.center, track.sigma)
        words = sentence(rule, track, at, run, self._nsigma, self._offset)
        shown = 1 + self._offset
        return Signal(rule.id, track.panel, at + shown, tuple(p + shown for p in run), words)


def _same(a: object, b: object) -> bool:
    return a == b


def sentence(rule: Rule, track: Track, at: int, run: tuple[int, ...], nsigma: float, offset: int = 0) -> str:
    """A signal in words: what the rule says, and which way it went here."""
    words = rule.words
    if rule.pattern.test == "limits":
        bound = track.bound or f"{nsigma:g} sigma"
        if bound != "3 sigma" and words_of(rule.pattern) in words:
            words = words_of(rule.pattern).replace("3 sigma", bound)
        high = track.value[at] > track.upper[at]
        if track.bound:
            words += " (upwards)" if high else " (downwards)"
        else:
            words += ", above the upper limit" if high else ", below the lower limit"
    elif rule.pattern.test == "beyond":
        words += " (above)" if track.value[run[-1]] > track.center[run[-1]] else " (below)"
    elif rule.pattern.test == "trend":
        words += " (rising)" if track.value[at] > track.value[at - 1] else " (falling)"
    elif rule.pattern.test == "opposite":
        words += " (from below to above)" if track.value[at] > track.center[at] else " (from above to below)"
    if track.since is not None:
        began = run[0] + offset
        words += f"; the movement began after point {began}" if began > 0 else "; the movement began at the start"
    if track.explain is not None:
        words += f", {track.explain(at)}"
    return f"{words}."


def find_signals(
    tracks: Sequence[Track], starts: Sequence[int], n: int, nsigma: float, whole: Sequence[Signal] = ()
) -> Signals:
    """Every rule of every track, each stage by itself; ``starts`` holds the first point of each stage."""
    fired_by: list[tuple[int, int]] = []
    points: list[Ints] = []
    edges = [*starts, n]
    for number, track in enumerate(tracks):
        patterns = [rule.pattern for rule in track.rules]
        for first, last in itertools.pairwise(edges):
            here = slice(first, last)
            center, sigma, lower, upper = (
                _common(line[here]) for line in (track.center, track.sigma, track.lower, track.upper)
            )
            for rule, done in enumerate(fired(patterns, track.value[here], center, sigma, lower, upper)):
                at = done.nonzero()[0]
                if at.size:
                    points.append(at + first if first else at)
                    fired_by.append((number, rule))
    if not points:
        nothing = np.zeros(0, dtype=np.int64)
        return Signals(tracks, nothing, nothing, nothing, nsigma, whole)
    point = np.concatenate(points)
    which, rule_of = np.repeat(np.array(fired_by), [at.size for at in points], axis=0).T
    order = np.lexsort((rule_of, which, point))
    return Signals(tracks, which[order], rule_of[order], point[order], nsigma, whole)


def _common(line: Floats) -> Floats | float:
    """One number where a line holds one value by construction (a broadcast view), which is far quicker to compare."""
    return float(line[0]) if line.size and line.strides[0] == 0 else line
