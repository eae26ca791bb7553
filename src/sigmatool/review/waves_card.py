"""What did the verdict on a rollout in waves take for granted? Each assumption, checked or open."""

from __future__ import annotations

from .policy import POLICY
from .result import Check
from .waves_evidence import ALPHA_DIFFER
from .waves_result import Waves
from .words import number, probability


def report_card(w: Waves) -> tuple[Check, ...]:
    """One row an assumption; what nobody checked is shown as open."""
    return (
        _rows(w), _amount(w), _controls(w), _course(w), _dependence(w), _alike(w), _worthwhile(w), _moment(),
        _chosen(), _untouched(), _gauge(),
    )  # fmt: skip


def _rows(w: Waves) -> Check:
    r = w.rows
    out = r.missing + r.excluded + r.dropped
    parts = [f"{n} {word}" for n, word in ((r.missing, "missing"), (r.excluded, "in the wash-out")) if n]
    return Check(
        "Every row accounted for", ", ".join([f"{r.read} rows read, {r.used} judged", *parts]),
        "Rows left out for a reason that has to do with the result would bias it.",
        "Look at the rows left out." if out else "Nothing to do.", "good" if out <= 0.1 * r.read else "open",
    )  # fmt: skip


def _amount(w: Waves) -> Check:
    e = w.findings
    steady = e.typical_after >= POLICY.stable_points
    wanted = "enough to see a worthwhile change in 8 of 10 cases"
    if e.more_data > 1:
        wanted = f"{number(e.more_data, 2)} times as many would see a worthwhile change in 8 of 10 cases"
    return Check(
        "Enough points",
        f"{e.n_before} before and {e.n_after} after the go-lives of {e.n_sites} sites: {wanted}; a typical site has "
        f"{e.typical_after} after",
        "With fewer points a real change stays unseen, and steadiness is weakly tested.",
        "Nothing to do." if steady else f"Judge again at {POLICY.stable_points} points after a typical go-live.",
        "good" if e.more_data <= 1 and steady else "open",
    )  # fmt: skip


def _controls(w: Waves) -> Check:
    cost = "An effect that grows or fades is understated where sites already live are compared with later ones."
    if w.controls:
        return Check("Sites that never go live", ", ".join(w.controls), cost, "Nothing to do.", "good")
    return Check(
        "Sites that never go live", "none: every site goes live in the end", cost,
        "Keep a site without the change for a while longer.", "open",
    )  # fmt: skip


def _course(w: Waves) -> Check:
    e = w.findings
    cost = "Sites that would have got better anyway pass for an effect."
    name = "Sites on the same course before"
    if e.p_lead_better is None or e.p_lead_worse is None:
        return Check(
            name, "cannot be checked: too few points before the go-lives", cost, "Add earlier periods.", "open"
        )
    p = min(e.p_lead_better, e.p_lead_worse)
    if p < POLICY.alpha_trend:
        word = "better" if e.p_lead_better < e.p_lead_worse else "worse"
        return Check(
            name, f"no: early sites were already on a {word} course (p = {probability(p)})", cost,
            "Find what set the early sites apart.", "bad",
        )  # fmt: skip
    return Check(name, f"no other course is seen (p = {probability(p)})", cost, "Nothing to do.", "good")


def _dependence(w: Waves) -> Check:
    r = w.findings.autocorrelation
    return Check(
        "Points depend on each other",
        f"autocorrelation inside a site about {number(r, 2)}; it is part of every p value and interval here",
        "Ignored, it makes chance look like change; the usual tests ignore it.",
        "Sample less often: neighbours are near-copies." if r > 0.7 else "Nothing to do.",
        "open" if r > 0.7 else "good",
    )  # fmt: skip


def _alike(w: Waves) -> Check:
    p = w.findings.p_equal
    cost = "A mean over sites that differ promises too much to some and too little to others."
    name = "Sites gain alike"
    if p is None:
        return Check(name, "cannot be told: one site shows its own increment", cost, "Add sites.", "open")
    if p < ALPHA_DIFFER:
        return Check(
            name, f"no (p = {probability(p)}); the interval of the mean allows for it", cost,
            "Read the increment of each site.", "open",
        )  # fmt: skip
    return Check(
        name, f"no difference is shown (p = {probability(p)}); the interval still allows for one", cost,
        "Nothing to do.", "good",
    )  # fmt: skip


def _worthwhile(w: Waves) -> Check:
    named = not w.findings.default_worthwhile
    return Check(
        "Worthwhile effect", "named by you" if named else "not named: half a noise standard deviation stands in for it",
        "Without it nobody can say whether the change is worth having.",
        "Nothing to do." if named else "Name the smallest change worth having: --worthwhile.",
        "good" if named else "open",
    )  # fmt: skip


def _moment() -> Check:
    return Check(
        "Nothing else came with the go-lives", "not checked here",
        "What reached each site together with the rollout (training, staff) passes for it.",
        "Confirm that the go-lives brought nothing else.", "open",
    )  # fmt: skip


def _chosen() -> Check:
    return Check(
        "Why sites went in this order", "declared by nobody: not checked",
        "A site that went next because its results were bad draws credit from their natural return.",
        "Draw the order by lot, or fix it before the results are known.", "open",
    )  # fmt: skip


def _untouched() -> Check:
    return Check(
        "Sites not yet live are untouched", "declared by nobody: not checked",
        "If the change spread to them early, the effect is understated.", "Confirm that they were untouched.", "open",
    )  # fmt: skip


def _gauge() -> Check:
    return Check(
        "Measurement system", "not checked here",
        "A change of gauge, definition or clock at the go-live looks like a change of the process.",
        "Confirm that the metric is measured as before, and alike at all sites.", "open",
    )  # fmt: skip
