"""Which rates are demanded of the verdict, and are they had?

A bar is met when the 95 % Wilson limit of the measured share lies at most one point beyond it, in every cell it speaks
of; the worst cell is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sigmatool.numbers.exact_counts import wilson

from .cells import Cell
from .run import Result

ALLOWANCE = 0.01
SHOWN = 12
"""How many of the cells that miss a bar are named."""


@dataclass(frozen=True)
class Bar:
    """A demand on the cells that ``applies`` picks.

    ``counted``: the disjoint counts whose sum is held against the limit, or ``covered_...`` for an interval.
    ``most`` and ``least``: the largest and smallest share allowed.
    """

    says: str
    applies: Callable[[Cell], bool]
    counted: tuple[str, ...]
    most: float = 1.0
    least: float = 0.0

    def tally(self, result: Result) -> tuple[int, int]:
        """How often it was found, out of how many."""
        found = sum(int(result.counts[name]) for name in self.counted)
        if self.counted[0].startswith("covered_"):
            return found, int(result.counts[self.counted[0].replace("covered", "asked")])
        return found, result.replications


@dataclass(frozen=True)
class Verdict:
    """A bar held against the study: in how many cells; which of them miss it, worst first, with their shares; and the
    worst of all with its interval."""

    bar: Bar
    cells: int
    missed: tuple[tuple[str, float], ...]
    worst: str
    share: float
    low: float
    high: float

    @property
    def passed(self) -> bool:
        return not self.missed

    @property
    def state(self) -> str:
        """``not shown``: the worst share is within the bar, its limit is not."""
        if self.passed:
            return "met"
        return "missed" if _excess(self.bar, self.share) > 0 else "not shown"


def _limits(found: int, n: int) -> tuple[float, float]:
    """95 % Wilson interval of a share.

    Examples
    --------
    >>> [round(limit, 4) for limit in _limits(25, 1000)]
    [0.017, 0.0366]
    """
    low, high = wilson(found, n)
    return float(low), float(high)


def _truth(*names: str) -> Callable[[Cell], bool]:
    return lambda cell: cell.truth in names and cell.judge == "verdict"


def _waves(*names: str) -> Callable[[Cell], bool]:
    return lambda cell: cell.truth in names and cell.judge == "waves"


def _looks(way: str) -> Callable[[Cell], bool]:
    return lambda cell: cell.judge == "looks" and cell.truth == "null" and cell.looks == way


def _keys(*keys: str) -> Callable[[Cell], bool]:
    return lambda cell: cell.key in keys


def _steady(cell: Cell) -> bool:
    return re.fullmatch(r"null (iid normal|AR\(1\) 0\.[36])", cell.family) is not None and cell.before == cell.after


def _chosen_at_will(cell: Cell) -> bool:
    """A step, in a series whose rollout was not started by its own bad results."""
    return _truth("step", "date")(cell) and not cell.stretch


BARS = (
    Bar("null: wrong credit", _truth("null"), ("credited",), most=0.025),
    Bar("null: wrong credit or cause open", _truth("null"), ("credited", "open"), most=0.05),
    Bar("null: deteriorated", _truth("null"), ("deteriorated",), most=0.04),
    Bar("null: stabilised", _truth("null"), ("stabilised",), most=0.05),
    Bar("null: destabilised", _truth("null"), ("destabilised",), most=0.05),
    Bar("pre-trend of either sign: wrong credit", _truth("trend"), ("credited",), most=0.05),
    Bar("change at another date: wrong credit", _truth("date"), ("credited",), most=0.03),
    Bar(
        "regression to the mean, trigger declared: wrong credit",
        lambda cell: cell.truth == "triggered" and cell.declared,
        ("credited",),
        most=0.05,
    ),
    Bar("steady, n 8-200, AR 0-0.6: after called unstable", _steady, ("unstable_after",), most=0.06),
    Bar("steady, n 8-200, AR 0-0.6: before called unstable", _steady, ("unstable_before",), most=0.06),
    Bar("1 sd, 24+24: credited", _keys("step 1 sd 24+24"), ("credited",), least=0.30),
    Bar("1 sd, 24+24, control sharing half: credited", _keys("step 1 sd, control 24+24"), ("credited",), least=0.75),
    Bar("1 sd, 50+50: credited", _keys("step 1 sd 50+50"), ("credited",), least=0.60),
    Bar("1 sd, 100+100: credited", _keys("step 1 sd 100+100"), ("credited",), least=0.85),
    Bar("2 sd, 24+24: credited", _keys("step 2 sd 24+24"), ("credited",), least=0.85),
    Bar("2 sd, 24+24, AR 0.6: credited", _keys("step 2 sd, AR 0.6 24+24"), ("credited",), least=0.60),
    Bar("sd halved, 50+50: stabilised", _keys("sd cut 50% 50+50"), ("stabilised",), least=0.90),
    Bar("backslide, 50+50: not sustained", _keys("step 2 sd then backslide 50+50"), ("not_sustained",), least=0.95),
    Bar("early step of 2 sd, 50+50: refuted with its date", _keys("step 2 sd at 1/4 50+50"), ("dated",), least=0.70),
    Bar(
        "ramp with its wash-out declared, 50+50: credited",
        _keys("ramp to 1.5 sd, wash-out declared 50+50"),
        ("credited",),
        least=0.60,
    ),
    Bar("interval of the effect", _truth("null", "step", "spread"), ("covered_effect",), most=0.98, least=0.92),
    Bar("interval of the step beyond a trend", _truth("null", "step"), ("covered_step",), most=0.98, least=0.92),
    Bar(
        "interval of the ratio of spreads",
        _truth("null", "step", "spread"),
        ("covered_spread",),
        most=0.98,
        least=0.92,
    ),
    Bar("waves, null: wrong credit", _waves("null"), ("credited",), most=0.025),
    Bar("waves, null: deteriorated", _waves("null"), ("deteriorated",), most=0.04),
    Bar("waves, null: stabilised", _waves("null"), ("stabilised",), most=0.05),
    Bar("waves, null: destabilised", _waves("null"), ("destabilised",), most=0.05),
    Bar("waves, early sites on another course: wrong credit", _waves("trend"), ("credited",), most=0.05),
    Bar("seven planned looks, null: wrong credit at any", _looks("planned"), ("credited",), most=0.025),
    Bar("looks nobody planned, null: wrong credit at any", _looks("any"), ("credited",), most=0.025),
    Bar("ten metrics: any wrongly claimed", lambda cell: cell.judge == "metrics", ("any wrongly claimed",), most=0.05),
    Bar("set of dates", _chosen_at_will, ("covered_date",), least=0.92),
)
"""The bars. A set of dates is discrete and holds at least 95 %, so that it has no upper bar."""


def judge_bars(results: Sequence[Result]) -> list[Verdict]:
    """Hold every bar against the cells that were run; a bar without one is left out."""
    verdicts = []
    for bar in BARS:
        tallies = [(result.cell.key, *bar.tally(result)) for result in results if bar.applies(result.cell)]
        tallies = [(key, found, n) for key, found, n in tallies if n]
        if not tallies:
            continue
        tallies.sort(key=lambda t: -_excess(bar, t[1] / t[2]))
        worst, found, n = tallies[0]
        missed = tuple((key, k / m) for key, k, m in tallies if _beyond(bar, *_limits(k, m)))
        verdicts.append(Verdict(bar, len(tallies), missed, worst, found / n, *_limits(found, n)))
    return verdicts


def undecided(results: Sequence[Result]) -> list[Cell]:
    """Cells that miss a bar by the limit of their share, although the share may well be within: more of them decide it."""
    cells = []
    for result in results:
        tallies = [(bar, *bar.tally(result)) for bar in BARS if bar.applies(result.cell)]
        shares = [(bar, _limits(found, n)) for bar, found, n in tallies if n]
        if any(_beyond(bar, *limits) and not _plain(bar, *limits) for bar, limits in shares):
            cells.append(result.cell)
    return cells


def _plain(bar: Bar, low: float, high: float) -> bool:
    """Missed whatever the chance: the whole interval lies beyond the bar and its allowance."""
    return _excess(bar, low) > ALLOWANCE and _excess(bar, high) > ALLOWANCE


def _excess(bar: Bar, share: float) -> float:
    over = share - bar.most if bar.most < 1 else -1.0
    return max(over, bar.least - share if bar.least > 0 else -1.0)


def _beyond(bar: Bar, low: float, high: float) -> bool:
    over = bar.most < 1 and high > bar.most + ALLOWANCE
    return over or (bar.least > 0 and low < bar.least - ALLOWANCE)


def lines(verdicts: Sequence[Verdict]) -> list[str]:
    """One line a bar, for the terminal."""
    out = []
    for v in verdicts:
        measured = f"{100 * v.share:5.1f} % ({100 * v.low:.1f}-{100 * v.high:.1f})"
        out.append(f"{v.state.upper():9} {v.bar.says}: {limit(v.bar)}; worst of {v.cells}: {measured} in {v.worst}")
        out += [f"          {100 * share:5.1f} % in {key}" for key, share in v.missed[1:SHOWN]]
        if len(v.missed) > SHOWN:
            out.append(f"          and {len(v.missed) - SHOWN} more")
    return out


def limit(bar: Bar) -> str:
    """The limit in words.

    Examples
    --------
    >>> limit(Bar("", bool, ("credited",), most=0.025))
    'at most 2.5 %'
    """
    if bar.most < 1 and bar.least > 0:
        return f"{100 * bar.least:g} to {100 * bar.most:g} %"
    return f"at most {100 * bar.most:g} %" if bar.most < 1 else f"at least {100 * bar.least:g} %"
