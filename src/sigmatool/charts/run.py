"""The run chart: points about their median, with no limits, and tests that need no distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..numbers.run_tests import RunsAnalysis, anhoej
from .kinds import NONE, Baseline, Drawing, Kind, Sample, Summary, flat
from .signals import Signal
from .variables import individuals, values_of


def run(_: object) -> Kind:
    """Points about their median."""

    def estimate(sample: Sample, method: str) -> Baseline:
        x = values_of(sample)[:, 0]
        return Baseline(float(np.median(x[np.isfinite(x)])), NONE, method)

    def draw(b: Baseline, s: Summary, k: float, before: Any) -> tuple[tuple[Drawing, ...], Any]:
        n = s.value.size
        none = flat(NONE, n)
        return (Drawing("value", s.value, flat(b.center, n), none, none, none, judged="runs"),), None

    return Kind(
        "run", "Run chart", "measurements", ("median",), individuals, estimate, draw, grouped=False,
        own_sigma="has no limits",
        convention="The centre line is the median. Points on it are skipped: they neither break a run nor count. Each "
        "stage is tested as a whole (Anhøj): longest run at most round(log2 n) + 3, crossings at least the 5 % "
        "quantile of a binomial of n - 1 halves.",
    )  # fmt: skip


def anhoej_signals(panel: str, value: np.ndarray[Any, np.dtype[np.float64]], center: float, first: int,
                   stage: str) -> tuple[RunsAnalysis, tuple[Signal, ...]]:  # fmt: skip
    """Anhøj's two tests on one stage; ``first`` is its first point (0-based)."""
    found = anhoej(value, center)
    signals = []
    if found.useful and found.shift:
        start, stop = found.span
        points = tuple(i + 1 + first for i in range(start, stop + 1) if np.isfinite(value[i]) and value[i] != center)
        text = (
            f"a run of {found.longest} points on one side of the centre in stage {stage!r}; chance makes at most "
            f"{found.longest_max} of {found.useful}."
        )
        signals.append(Signal("anhoej-1", panel, points[-1], points, text))
    if found.useful and found.clustering:
        useful = np.flatnonzero(np.isfinite(value) & (value != center))
        text = (
            f"the centre is crossed {found.crossings} times in stage {stage!r}; chance crosses it at least "
            f"{found.crossings_min} times with {found.useful} points."
        )
        points = tuple(int(i) + 1 + first for i in useful)
        signals.append(Signal("anhoej-2", panel, points[-1], points, text))
    return found, tuple(signals)
