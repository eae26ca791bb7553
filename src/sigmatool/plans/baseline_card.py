"""Will the baseline do? Each question with its answer, what it costs, and what to do while there is time."""

from __future__ import annotations

import numpy as np

from ..data import Counts
from ..numbers.season import candidates
from ..review.policy import POLICY
from ..review.result import Check
from ..review.words import number, percent, points, probability
from .asked import Asked
from .baseline import Baseline
from .needed import Effect, Silence
from .words import coming

PLAIN_TREND = 0.025
"""One-sided p at which the review itself sees a trend before the rollout (E3)."""


def baseline_card(b: Baseline, asked: Asked, effect: Effect, silence: Silence) -> tuple[Check, ...]:
    """One row a question."""
    rows = [
        _rows(b),
        _amount(b, silence),
        _stable(b),
        _places(b),
        _dependence(b),
        _trend(b),
        _season(b, asked),
        _shape(b),
    ]
    return (*rows, _effect(b, effect), _control(b, asked), _gauge())


def _rows(b: Baseline) -> Check:
    r, later = b.points.rows, b.live.seen_after
    out = r.missing + r.excluded + r.dropped
    told = f"{r.read} rows read, {points(int(b.used.sum()))} of the baseline used"
    parts = [
        f"{n} {word}" for n, word in ((r.missing, "missing"), (r.excluded, "excluded"), (r.dropped, "dropped")) if n
    ]
    parts += [f"{points(later)} after the rollout not looked at"] if later else []
    parts += [f"{points(int(b.trigger.sum()))} in the stretch that sets the rollout off"] if b.trigger.any() else []
    return Check(
        "Every row accounted for", ", ".join([told, *parts]),
        "Rows left out for a reason that has to do with the result bias the baseline.",
        "Look at the rows left out." if out else "Nothing to do.", "good" if out <= 0.1 * r.read else "open",
    )  # fmt: skip


def _amount(b: Baseline, silence: Silence) -> Check:
    need = POLICY.stable_points * b.block
    unit = "points" if b.block == 1 else f"blocks of {b.block} periods"
    enough = b.n_at_rollout >= POLICY.stable_points
    plenty = b.n_at_rollout * b.block >= silence.each
    return Check(
        "Enough points",
        f"{b.n} {unit} now{coming(b.live.to_come)}; {POLICY.least_points} are the least that is judged, "
        f"{POLICY.stable_points} tell whether it is stable, {silence.each} in each stage let a review say that nothing "
        "changed",
        "A short baseline limits what a review can ever see: points after the rollout do not make up for it.",
        "Nothing to do." if enough and plenty else
        "Add points from further back, where they were measured alike, or wait with the rollout."
        if b.n_at_rollout * b.block < max(need, silence.each) else "Nothing to do.",
        "good" if enough and plenty else "open",
    )  # fmt: skip


def _stable(b: Baseline) -> Check:
    g = b.gate
    cost = "An unstable baseline is a poor measure of what the process would have done without the rollout."
    if g.stable is None:
        return Check("Baseline stable", f"not known: {g.reason}", cost, "Collect more points.", "open")
    if g.stable:
        return Check("Baseline stable", f"yes, {g.reason} (p = {probability(g.p)})", cost, "Nothing to do.", "good")
    return Check(
        "Baseline stable", f"no: {g.reason} (p = {probability(g.p)})", cost,
        "Find and remove the special causes first: some of the gain may be had without the rollout.", "bad",
    )  # fmt: skip


def _places(b: Baseline) -> Check:
    axis, codes = b.points.axis, {c.code for c in b.points.caveats}
    cost = "Gaps and doubled dates make neighbours of points that are none, and hide what happened there."
    span = int(b.live.axis.positions[-1] - b.live.axis.positions[0]) + 1
    missing = max(span - int(b.used.sum() + b.trigger.sum()), 0)
    ties = int((np.diff(b.live.axis.x) == 0).sum()) if axis.kind != "order" else 0
    if axis.kind == "order":
        return Check(
            "Gaps and ties", "no time column: the points are taken as evenly spaced", cost,
            "Name the column with the dates (-x), so that gaps are seen and the review gets a date.", "open",
        )  # fmt: skip
    found = [f"{missing} of {span} {axis.step}s hold no usable point"] if missing and axis.step != "point" else []
    found += [f"{ties} points share the date of another"] if ties else []
    found += ["the dates are irregular"] if axis.step == "point" else []
    if not found:
        return Check("Gaps and ties", f"none: one point every {axis.step}", cost, "Nothing to do.", "good")
    do = "Fill the gaps, or say why they are there." if "calendar-gaps" in codes or missing else "Check the dates."
    tone = "open" if ties or missing > 0.1 * span or axis.step == "point" else "neutral"
    return Check("Gaps and ties", "; ".join(found), cost, do, tone)  # type: ignore[arg-type]


def _dependence(b: Baseline) -> Check:
    r = b.autocorrelation
    worth = (1 - r) / (1 + r)
    return Check(
        "Points depend on each other",
        f"autocorrelation about {number(r, 2)}: for the mean, a point is worth {number(worth, 2)} independent ones",
        "The more alike neighbours are, the more points an answer takes; it is counted with here.",
        "Nothing to do." if r < 0.5 else "Plan for more time, not for more points in the same time: they tell little.",
        "good" if r < 0.3 else "neutral" if r < 0.7 else "open",
    )  # fmt: skip


def _trend(b: Baseline) -> Check:
    up, down = b.trend.one_sided(), b.trend.one_sided(-1.0)
    cost = "A trend that runs already passes for an effect, and makes the review ask for a step beyond it."
    if min(up, down) >= PLAIN_TREND:
        return Check(
            "Trend already running", f"none seen (p = {probability(2 * min(up, down))}, two-sided)", cost,
            "Nothing to do.", "good",
        )  # fmt: skip
    way = "better" if up < down else "worse"
    return Check(
        "Trend already running",
        f"yes, for the {way} (one-sided p = {probability(min(up, down))})", cost,
        "Name an untouched control series that shares it, or wait until it has ended: only a step beyond it can be "
        "credited.", "open",
    )  # fmt: skip


def _season(b: Baseline, asked: Asked) -> Check:
    cost = "A season that peaks on one side of the rollout passes for a change."
    season = asked.request.season
    if b.season:
        return Check("Season", f"declared ({season}), and counted with", cost, "Nothing to do.", "good")
    if season is not None:
        return Check(
            "Season", f"declared ({season}), but too long for this baseline", cost,
            f"Add points from further back: {POLICY.season_cycles:g} cycles are needed.", "open",
        )  # fmt: skip
    if b.seasons:
        seen = " and ".join(f"{s.period} points ({percent(s.share, 2)} of the variance)" for s in b.seasons)
        return Check(
            "Season", f"a season of {seen} is seen", cost,
            f"If the work has this season, plan and register with it: --season {b.seasons[0].period}.", "open",
        )  # fmt: skip
    step = b.points.axis.step if b.block == 1 else "point"
    looked = [p for p in candidates(step) if int(np.ptp(b.positions)) + 1 >= 2 * p]
    if not looked:
        return Check(
            "Season", "none declared; the baseline is too short to look for one", cost,
            "If the work has a season, declare it: --season.", "neutral",
        )  # fmt: skip
    return Check(
        "Season",
        f"none declared, and none seen (looked for: {', '.join(map(str, looked))})",
        cost,
        "Nothing to do.",
        "good",
    )


def _shape(b: Baseline) -> Check:
    cost = "Spikes and skewed values make limits misleading, and single points decide."
    if not b.heavy:
        return Check("Shape of the noise", "no heavy tails seen", cost, "Nothing to do.", "good")
    do = "Look for the causes of the extreme points." if isinstance(b.points, Counts) else (
        "Look for the causes of the extreme points; of durations, say --scale duration."
    )  # fmt: skip
    return Check("Shape of the noise", "heavy tails or skewed", cost, do, "neutral")


def _effect(b: Baseline, effect: Effect) -> Check:
    size = f"{number(effect.noise, 2)} standard deviations of the noise"
    small = effect.noise < 0.5
    return Check(
        "Worthwhile change", f"{size} (the noise itself is known to within {number(b.sd_low / b.sd, 2)} to "
        f"{number(b.sd_high / b.sd, 2)} times)",
        "The points needed grow with the square of noise over change.",
        "Reduce the noise first (finer measure, larger counts, a control), or expect to wait long." if small
        else "Nothing to do.", "open" if small else "good",
    )  # fmt: skip


def _control(b: Baseline, asked: Asked) -> Check:
    cost = "Anything else that changes at the same moment passes for the rollout."
    names = ", ".join(asked.request.controls)
    if not names:
        return Check(
            "Control series", "none: a step has to be told from a trend, which takes about four times the points", cost,
            "Name an untouched series where there is one: --control.", "open",
        )  # fmt: skip
    ratio = b.sd / b.own_sd if b.own_sd else 1.0
    told = f"{names}: the difference has {number(ratio, 2)} times the noise of the metric alone"
    if ratio > 1.05:
        return Check(
            "Control series", told, "A control that moves by itself adds its own noise.",
            "It still tells a step from a trend; one that shares the ups and downs of the metric would do better.",
            "neutral",
        )  # fmt: skip
    return Check("Control series", told, cost, "Confirm that the rollout does not touch it.", "good")


def _gauge() -> Check:
    return Check(
        "Measurement system", "not checked here",
        "A change of gauge, definition or clock at the rollout looks like a change of the process.",
        "Freeze the definition of the metric now.", "open",
    )  # fmt: skip
