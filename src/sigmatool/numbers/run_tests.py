"""Do the points fall about their median as chance would have them? Tests of whole runs, which need no sigma.

Anhoej's rules adapt to the number of points; the classical runs tests compare the number of runs with its
distribution for random order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, gammaln, ndtr

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RunsTest:
    """Observed and expected number of runs, and the chance of so few or so many in a random order."""

    observed: int
    expected: float
    p_few: float
    p_many: float


def _approximate(observed: int, expected: float, variance: float) -> RunsTest:
    if variance <= 0:
        return RunsTest(observed, expected, 1.0, 1.0)
    z = (observed - expected) / np.sqrt(variance)
    return RunsTest(observed, expected, float(ndtr(z)), float(ndtr(-z)))


def runs_about(x: Floats, center: float) -> RunsTest:
    """Runs about a centre line: few runs are clusters, many are mixtures.

    Points on the line count as below it. ``expected = 1 + 2AB/N``, variance ``2AB (2AB - N) / (N^2 (N - 1))``.

    References
    ----------
    Wald and Wolfowitz (1940), Annals of Mathematical Statistics 11.

    Examples
    --------
    >>> runs_about(np.array([1.0, 1, 1, 1, 5, 5, 5, 5]), 3.0).observed
    2
    """
    kept = x[np.isfinite(x)]
    above = kept > center
    n, a = kept.size, int(above.sum())
    b = n - a
    runs = int((above[1:] != above[:-1]).sum()) + 1 if n else 0
    if n < 2:
        return RunsTest(runs, float(runs), 1.0, 1.0)
    both = 2.0 * a * b
    return _approximate(runs, 1 + both / n, both * (both - n) / (n * n * (n - 1.0)))


def runs_up_and_down(x: Floats) -> RunsTest:
    """Runs up and down: few runs are trends, many are oscillation.

    ``expected = (2N - 1)/3``, variance ``(16N - 29)/90``; ties are left out.

    References
    ----------
    Levene (1952), Annals of Mathematical Statistics 23; Bradley (1968), Distribution-Free Statistical Tests, ch. 12.

    Examples
    --------
    >>> runs_up_and_down(np.array([1.0, 2, 3, 4, 5, 6])).observed
    1
    """
    kept = x[np.isfinite(x)]
    steps = np.sign(np.diff(kept))
    steps = steps[steps != 0]
    n = steps.size + 1
    runs = int((steps[1:] != steps[:-1]).sum()) + 1 if steps.size else 0
    return _approximate(runs, (2 * n - 1) / 3, (16 * n - 29) / 90)


@dataclass(frozen=True, slots=True)
class RunsAnalysis:
    """Anhoej's rules on one stage, and the classical runs tests beside them.

    ``points`` of the stage, missing ones too; ``useful`` ones lie off the median (those on it are skipped: they neither
    break a run nor count); ``longest`` run against its upper limit; ``crossings`` of the median against their lower
    limit. ``span`` holds the first and last point (0-based) of the longest run.
    """

    center: float
    points: int
    useful: int
    longest: int
    longest_max: int
    crossings: int
    crossings_min: int
    span: tuple[int, int]
    about: RunsTest
    up_and_down: RunsTest

    @property
    def shift(self) -> bool:
        """A run longer than chance makes."""
        return self.longest > self.longest_max

    @property
    def clustering(self) -> bool:
        """Fewer crossings than chance makes."""
        return self.crossings < self.crossings_min


def longest_run_limit(useful: int) -> int:
    """Longest run that chance makes: ``round(log2 n) + 3``, rounded half to even.

    Examples
    --------
    >>> longest_run_limit(20), longest_run_limit(24)
    (7, 8)
    """
    return round(float(np.log2(useful))) + 3 if useful > 0 else 0


def crossings_limit(useful: int) -> int:
    """Fewest crossings that chance makes: the 5 % quantile of a binomial with n - 1 trials of one half.

    Examples
    --------
    >>> crossings_limit(20), crossings_limit(24)
    (6, 8)
    """
    if useful < 2:
        return 0
    below = bdtr(np.arange(useful), useful - 1, 0.5)
    return int(np.searchsorted(below, 0.05))


def anhoej(x: Floats, center: float) -> RunsAnalysis:
    """Anhoej's run-chart rules about a centre line.

    Parameters
    ----------
    x : (n,) array
        NaN is missing.
    center : float
        The median, of the whole stage or of a frozen baseline.

    References
    ----------
    Anhøj and Olesen (2014), PLoS ONE 9(11): e113825; Anhøj (2015), PLoS ONE 10(3): e0121349.

    Examples
    --------
    >>> found = anhoej(np.array([1.0, 2.0, 1.0, 3.0, 4.0, 4.0, 5.0]), 3.0)
    >>> found.useful, found.longest, found.crossings
    (6, 3, 1)
    """
    seen = np.isfinite(x)
    at = np.flatnonzero(seen & (x != center))
    above = x[at] > center
    if at.size == 0:
        return RunsAnalysis(center, x.size, 0, 0, 0, 0, 0, (0, 0), runs_about(x, center), runs_up_and_down(x))
    edges = np.flatnonzero(above[1:] != above[:-1]) + 1
    starts, stops = np.r_[0, edges], np.r_[edges, at.size]
    longest = int(np.argmax(stops - starts))
    span = (int(at[starts[longest]]), int(at[stops[longest] - 1]))
    useful = int(at.size)
    return RunsAnalysis(
        center, x.size, useful, int((stops - starts).max()), longest_run_limit(useful), int(edges.size),
        crossings_limit(useful), span, runs_about(x, center), runs_up_and_down(x),
    )  # fmt: skip


LONGEST_PRICED = 5_000
"""Points up to which the price of Anhøj's rules is counted out."""


def anhoej_false_alarm(useful: int, halved: bool = False) -> float:
    """Chance that random order breaks at least one of Anhøj's two rules.

    Counted exactly over all sequences of ``useful`` points, each above or below a known centre with even chance; NaN
    beyond 5,000 points. ``halved``: over those with as many above as below, as about a median of the same points: they
    cross more often and run shorter.

    Examples
    --------
    >>> round(anhoej_false_alarm(10), 4), round(anhoej_false_alarm(24), 3)
    (0.0449, 0.066)
    >>> round(anhoej_false_alarm(24, halved=True), 4)
    0.0306
    """
    if useful > LONGEST_PRICED:
        return np.nan
    if useful < 2:
        return 0.0
    longest, least = longest_run_limit(useful), crossings_limit(useful)
    if halved:
        return 1 - _halved_silence(useful // 2, longest, least)
    # chances by length of the present run (rows) and crossings so far (columns, the last one for "enough")
    here = np.zeros((longest, least + 1))
    here[0, 0] = 1.0
    for _ in range(useful - 1):
        crossed = here.sum(axis=0) / 2
        here[1:] = here[:-1] / 2
        here[0, 1:] = crossed[:-1]
        here[0, 0] = 0.0 if least else crossed[0]
        here[0, -1] += crossed[-1] if least else 0.0
    return float(1 - here[:, -1].sum())


def _halved_silence(half: int, longest: int, least: int) -> float:
    """Share of the orders of ``half`` points above and as many below that keep both rules.

    An order of r runs parts the points of each side into r/2 runs (one side has one more where r is odd) of at most
    ``longest``; crossings are r - 1. The ways of parting are counted run by run, as logarithms.
    """
    ends = np.arange(half + 1)
    ways, scale = np.where(ends == 0, 1.0, 0.0), 0.0
    parted = np.full(half + 2, -np.inf)
    for runs in range(1, half + 1):
        sums = np.concatenate([[0.0], np.cumsum(ways)])
        ways = np.maximum(sums[ends] - sums[np.maximum(ends - longest, 0)], 0.0)
        top = float(ways.max())
        if top == 0:
            # so many runs that their ways are beyond the digits of a float beside the usual ones
            break
        ways, scale = ways / top, scale + float(np.log(top))
        parted[runs] = np.log(ways[half]) + scale if ways[half] > 0 else -np.inf
    r = np.arange(max(least + 1, 2), 2 * half + 1)
    logs = parted[r // 2] + parted[r - r // 2]
    whole = gammaln(2 * half + 1) - 2 * gammaln(half + 1)
    return min(float(2 * np.exp(logs - whole).sum()), 1.0)
