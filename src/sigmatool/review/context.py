"""What would the usual tests have said, and why do they differ from the verdict?

Shown beside the evidence, never decisive: Welch's t test, Mann-Whitney, segmented regression with Newey-West errors,
eight points in a row beyond the old centre, and the signals of a staged chart.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..numbers.plain_tests import longest_run, mann_whitney, run_chance, welch
from ..numbers.segmented import segmented, segments
from .context_words import (
    BROKEN_RUN,
    CHART_TEST,
    EXPECTED_SIGNALS,
    FAR_OUT,
    FOUR_NUMBERS,
    NOT_ADDED_UP,
    RUN_SAID,
    RUN_TEST,
    SMALL_ERRORS,
    TAKEN_AS_INDEPENDENT,
    WHY,
    Claim,
    chance_run,
    chart_said,
    level_said,
)
from .decision import CREDITED
from .evidence import Case, Evidence
from .policy import POLICY, Policy
from .words import number, points

USUAL = 0.05
"""Two-sided level at which the plain tests are usually read."""

RUN = 8
"""Points in a row on one side of the old centre that are usually called a shift."""

DEPENDENT = 0.2
"""Autocorrelation above which the plain tests err plainly more often than they say."""

_SILENT = frozenset({"NO_WORTHWHILE_CHANGE", "NO_DETECTABLE_CHANGE", "INSUFFICIENT_DATA", "STABILISED", "DESTABILISED"})
"""Verdicts without a change of level."""

_NO_STEP = frozenset({"NOT_ATTRIBUTABLE", "CHANGE_CAME_LATER", "BETTER_CAUSE_OPEN"})
"""Verdicts that show no step at the rollout, although the level moved."""


@dataclass(frozen=True, slots=True)
class ContextRow:
    """One usual test.

    Attributes
    ----------
    test, said : str
        Its name, and what it would have said.
    p : float or None
        Two-sided.
    count : int or None
        Where it counts: the longest run, the signals.
    agrees : bool
        It would lead to the verdict's answer about the rollout.
    why : str
        Why it differs; empty where it agrees.
    """

    test: str
    said: str
    p: float | None
    count: int | None
    agrees: bool
    why: str


def context(case: Case, evidence: Evidence, code: str, policy: Policy = POLICY) -> tuple[ContextRow, ...]:
    """The usual tests on the judged points, each set beside the verdict.

    Parameters
    ----------
    case : Case
    evidence : Evidence
        Of the same case.
    code : str
        The verdict.
    policy : Policy
        The levels that were in force: stricter ones at one of several looks.
    """
    before, after = case.z[~case.after], case.z[case.after]
    t_test = welch(before, after)
    share, ranks = mann_whitney(before, after)
    found = segmented(case.z, segments(case.positions, case.after))
    step, p_step = float(found.coefficients[2]), float(found.p_values[2])
    return (
        _level_row("Welch t test", _claim(t_test, after.mean() - before.mean()), t_test, evidence, code, policy),
        _level_row("Mann-Whitney", _claim(ranks, share - 0.5), ranks, evidence, code, policy),
        _level_row("Segmented regression, Newey-West", _claim(p_step, step), p_step, evidence, code, policy),
        _run_row(case, evidence, code, policy),
        _chart_row(evidence, code),
    )


def _claim(p: float, sign: float) -> Claim:
    if p >= USUAL:
        return "nothing"
    return "better" if sign > 0 else "worse"


def _agrees(claim: Claim, code: str) -> bool:
    if claim == "better":
        return code in CREDITED
    return code == "DETERIORATED" if claim == "worse" else code in _SILENT


def _level_row(test: str, claim: Claim, p: float, e: Evidence, code: str, policy: Policy) -> ContextRow:
    stepwise = test.startswith("Segmented")
    agrees = _agrees(claim, code) or (claim == "nothing" and stepwise and code in _NO_STEP)
    why = (
        "" if agrees else (_missed(test, e, code) if claim == "nothing" else _overstated(test, claim, e, code, policy))
    )
    return ContextRow(test, level_said(claim, stepwise, p), p, None, agrees, why)


def _overstated(test: str, claim: Claim, e: Evidence, code: str, policy: Policy) -> str:
    """Why a test speaks where the verdict does not, the first reason that the evidence holds."""
    trusted = (e.p_better if claim == "better" else e.p_worse) < policy.level_alpha(e.fewest)
    stepwise = test.startswith("Segmented")
    trend = e.p_trend_better if claim == "better" else e.p_trend_worse
    if not e.date.includes_rollout and (e.date.seen or trusted):
        return WHY["other date"]
    if code == "IMPROVED_NOT_SUSTAINED":
        return WHY["average"]
    if claim == "worse" and code in CREDITED:
        return WHY["trend for the worse"]
    if code == "NOT_ATTRIBUTABLE" and trend < POLICY.alpha_trend and not stepwise:
        return WHY["trend seen"]
    if e.autocorrelation > DEPENDENT and not (trusted and not stepwise):
        told = number(e.autocorrelation, 2)
        if stepwise:
            return SMALL_ERRORS.format(phi=told)
        return TAKEN_AS_INDEPENDENT.format(phi=told)
    if trusted and not stepwise:
        return WHY["step or trend"]
    if stepwise:
        return WHY["long series"]
    if test == "Mann-Whitney" and e.heavy:
        return WHY["ranks of heavy tails"]
    return WHY["one in twenty"]


def _missed(test: str, e: Evidence, code: str) -> str:
    """Why a test is silent where the verdict is not."""
    stepwise = test.startswith("Segmented")
    if code == "IMPROVED_AGAINST_TREND" and not stepwise:
        return WHY["trend broken"]
    if code in ("NOT_ATTRIBUTABLE", "CHANGE_CAME_LATER"):
        if e.date.seen and not e.date.includes_rollout:
            return WHY["rollout alone"]
        return WHY["before"]
    if code == "IMPROVED_GRADUALLY" and stepwise:
        return WHY["gradual"]
    if code == "IMPROVED_NOT_SUSTAINED":
        return WHY["whole stage"]
    if stepwise:
        return FOUR_NUMBERS.format(points=points(e.n_before + e.n_after))
    if min(e.spread.p_less, e.spread.p_more) < POLICY.unequal_spread:
        return WHY["spread"]
    if test == "Mann-Whitney":
        return WHY["ranks"]
    return WHY["dependence"]


def _run_row(case: Case, e: Evidence, code: str, policy: Policy) -> ContextRow:
    """Eight in a row on one side of the centre before the rollout."""
    center = float(case.z[~case.after].mean())
    good, bad = (longest_run(marks) for marks in (case.z[case.after] > center, case.z[case.after] < center))
    longest = max(good, bad)
    claim: Claim = "nothing" if longest < RUN else "better" if good >= bad else "worse"
    agrees = _agrees(claim, code)
    why = ""
    if not agrees:
        why = _short_run(code) if claim == "nothing" else _long_run(claim, e, code, policy)
    return ContextRow(RUN_TEST.format(run=RUN), RUN_SAID[claim].format(longest=longest), None, longest, agrees, why)


def _long_run(claim: Claim, e: Evidence, code: str, policy: Policy) -> str:
    trusted = (e.p_better if claim == "better" else e.p_worse) < policy.level_alpha(e.fewest)
    if not e.date.includes_rollout and (e.date.seen or trusted):
        return WHY["moved"]
    if code == "IMPROVED_NOT_SUSTAINED":
        return WHY["run within"]
    if trusted or code == "NOT_ATTRIBUTABLE":
        return WHY["step or trend"]
    # a fiftieth is far finer than the posterior, and lets reviews share the answer
    r = round(min(max(e.autocorrelation, 0.0), 0.94) * 50) / 50
    one_in = round(1 / run_chance(e.n_after, RUN, e.n_before, r))
    return chance_run(RUN, one_in)


def _short_run(code: str) -> str:
    if code == "IMPROVED_AGAINST_TREND":
        return WHY["old centre"]
    if code in ("NOT_ATTRIBUTABLE", "CHANGE_CAME_LATER"):
        return WHY["before or late"]
    return BROKEN_RUN.format(run=RUN)


def _chart_row(e: Evidence, code: str) -> ContextRow:
    """The stage after on limits of its own: what its signals are taken for."""
    part = e.stability_after
    quiet = part.signals == 0
    agrees = quiet == part.stable
    why = ""
    if not agrees and part.stable:
        why = EXPECTED_SIGNALS.format(signals=number(part.expected, 2))
    elif not agrees:
        far = len(part.spikes) > 1 and min(part.patterns) > USUAL
        why = NOT_ADDED_UP.format(pattern=FAR_OUT.format(points=points(len(part.spikes))) if far else part.weakest)
    return ContextRow(CHART_TEST, chart_said(part.signals), None, part.signals, agrees, why)
