"""What would the usual tests have said, and why do they differ from the verdict?

Shown beside the evidence, never decisive: Welch's t test, Mann-Whitney, segmented regression with Newey-West errors,
eight points in a row beyond the old centre, and the signals of a staged chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..numbers.plain_tests import longest_run, mann_whitney, run_chance, welch
from ..numbers.segmented import segmented, segments
from .decision import CREDITED
from .evidence import Case, Evidence
from .policy import POLICY, Policy
from .words import number, points, probability

Claim = Literal["better", "worse", "nothing"]

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
    what = "a step" if test.startswith("Segmented") else "a change"
    said = {
        "better": f"{what} for the better (p {_told(p)})",
        "worse": f"{what} for the worse (p {_told(p)})",
        "nothing": f"no {what.split()[1]} (p {_told(p)})",
    }[claim]
    agrees = _agrees(claim, code) or (claim == "nothing" and what == "a step" and code in _NO_STEP)
    why = (
        "" if agrees else (_missed(test, e, code) if claim == "nothing" else _overstated(test, claim, e, code, policy))
    )
    return ContextRow(test, said, p, None, agrees, why)


def _told(p: float) -> str:
    text = probability(p)
    return text if text.startswith("<") else f"= {text}"


def _overstated(test: str, claim: Claim, e: Evidence, code: str, policy: Policy) -> str:
    """Why a test speaks where the verdict does not, the first reason that the evidence holds."""
    trusted = (e.p_better if claim == "better" else e.p_worse) < policy.level_alpha(e.fewest)
    stepwise = test.startswith("Segmented")
    trend = e.p_trend_better if claim == "better" else e.p_trend_worse
    if not e.date.includes_rollout and (e.date.seen or trusted):
        return "it takes the date for granted: the level moved at another time"
    if code == "IMPROVED_NOT_SUSTAINED":
        return "it looks at the average of the whole stage after, not at the gain being lost within it"
    if claim == "worse" and code in CREDITED:
        return "it does not see that a trend for the worse was already running"
    if code == "NOT_ATTRIBUTABLE" and trend < POLICY.alpha_trend and not stepwise:
        return "it cannot tell a step from a trend, and a trend is seen"
    if e.autocorrelation > DEPENDENT and not (trusted and not stepwise):
        told = number(e.autocorrelation, 2)
        if stepwise:
            return f"its errors are too small in a short series of dependent points (autocorrelation {told})"
        return f"it takes dependent points for independent ones (autocorrelation {told})"
    if trusted and not stepwise:
        return "it cannot tell a step from a trend that was already running"
    if stepwise:
        return "its errors are exact for long series only; with the doubt about them, the step does not stand out"
    if test == "Mann-Whitney" and e.heavy:
        return "it compares ranks, the verdict averages, and the points are skewed or heavy-tailed"
    return "it speaks in 1 of 20 steady series; the verdict asks for stronger evidence"


def _missed(test: str, e: Evidence, code: str) -> str:
    """Why a test is silent where the verdict is not."""
    stepwise = test.startswith("Segmented")
    if code == "IMPROVED_AGAINST_TREND" and not stepwise:
        return "it compares averages, which are the same: it does not see the trend that the step broke"
    if code in ("NOT_ATTRIBUTABLE", "CHANGE_CAME_LATER"):
        if e.date.seen and not e.date.includes_rollout:
            return "it asks about the rollout alone, and the level moved at another time"
        return "it does not ask what was running before"
    if code == "IMPROVED_GRADUALLY" and stepwise:
        return "it looks for a step, and the change began gradually"
    if code == "IMPROVED_NOT_SUSTAINED":
        return "it looks at the whole stage after, and the gain is being lost within it"
    if stepwise:
        return f"it estimates four numbers from {points(e.n_before + e.n_after)}: little power to see a step"
    if min(e.spread.p_less, e.spread.p_more) < POLICY.unequal_spread:
        return "the stages differ in spread, which the verdict reckons with"
    if test == "Mann-Whitney":
        return "it compares ranks, the verdict averages"
    return "it does not reckon with how the points depend on each other"


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
    said = {
        "better": f"a shift for the better: {longest} in a row",
        "worse": f"a shift for the worse: {longest} in a row",
        "nothing": f"no shift: at most {longest} in a row",
    }[claim]
    return ContextRow(f"{RUN} in a row beyond the old centre", said, None, longest, agrees, why)


def _long_run(claim: Claim, e: Evidence, code: str, policy: Policy) -> str:
    trusted = (e.p_better if claim == "better" else e.p_worse) < policy.level_alpha(e.fewest)
    if not e.date.includes_rollout and (e.date.seen or trusted):
        return "it says that the level moved, not that it moved at another time"
    if code == "IMPROVED_NOT_SUSTAINED":
        return "a run within the stage does not tell that the gain is being lost again"
    if trusted or code == "NOT_ATTRIBUTABLE":
        return "it cannot tell a step from a trend that was already running"
    # a fiftieth is far finer than the posterior, and lets reviews share the answer
    r = round(min(max(e.autocorrelation, 0.0), 0.94) * 50) / 50
    one_in = round(1 / run_chance(e.n_after, RUN, e.n_before, r))
    often = "most charts" if one_in < 2 else f"1 of {one_in} charts"
    return f"a steady process of this length and autocorrelation has {RUN} in a row on a given side in {often}"


def _short_run(code: str) -> str:
    if code == "IMPROVED_AGAINST_TREND":
        return "it looks at the old centre, not at where the trend led to"
    if code in ("NOT_ATTRIBUTABLE", "CHANGE_CAME_LATER"):
        return "it does not ask what happened before the rollout, or late after it"
    return f"the change is small against the noise: a single point breaks a run of {RUN}"


def _chart_row(e: Evidence, code: str) -> ContextRow:
    """The stage after on limits of its own: what its signals are taken for."""
    part = e.stability_after
    quiet = part.signals == 0
    agrees = quiet == part.stable
    why = ""
    if not agrees and part.stable:
        why = f"a stable process of this length and autocorrelation gives {number(part.expected, 2)} signals"
    elif not agrees:
        far = len(part.spikes) > 1 and min(part.patterns) > USUAL
        pattern = f"{points(len(part.spikes))} far out" if far else part.weakest
        why = f"the rules do not add up what lies below each of them: {pattern}"
    steady = "the new level is steady" if quiet else "the new level is not steady"
    count = "no signal" if quiet else f"{part.signals} signal{'s' if part.signals > 1 else ''}"
    return ContextRow("Staged chart, stage after", f"{steady}: {count}", None, part.signals, agrees, why)
