"""What did the verdict take for granted? Each assumption with its check, and what it costs if wrong."""

from __future__ import annotations

from .case import Judged
from .evidence import Evidence
from .policy import POLICY
from .result import Check
from .season_card import season_found
from .summary import drawn_rows
from .words import number, points, probability


def report_card(judged: Judged, e: Evidence | None) -> tuple[Check, ...]:
    """One row an assumption; declared things are shown as declared, never as checked."""
    rows = [_rows(judged)]
    if e is not None:
        rows += [_amount(e), _dependence(e), _shape(e), _baseline(e)]
        rows.append(_season(judged, e))
        rows.append(_worthwhile(e))
    rows += [_control(judged), _trigger(judged), _gauge()]
    return tuple(rows)


def _rows(judged: Judged) -> Check:
    r = judged.points.rows
    out = r.missing + r.excluded + r.dropped
    washed, trigger = drawn_rows(judged, judged.washout), drawn_rows(judged, judged.trigger)
    result = f"{r.read} rows read, {r.used - washed - trigger} judged"
    parts = [
        f"{n} {word}"
        for n, word in (
            (r.missing, "missing"),
            (r.excluded, "excluded"),
            (r.dropped, "dropped"),
            (washed, "in the wash-out"),
            (trigger, "in the stretch that set the rollout off"),
        )
        if n
    ]
    if parts:
        result += ", " + ", ".join(parts)
    if len(judged.points.stages) > 2:
        result += "; stages further off are judged with their own rollouts"
    return Check(
        "Every row accounted for",
        result,
        "Rows left out for a reason that has to do with the result would bias it.",
        "Look at the rows left out." if out else "Nothing to do.",
        "good" if out <= 0.1 * r.read else "open",
    )


def _amount(e: Evidence) -> Check:
    least = min(e.n_before, e.n_after)
    enough = least >= POLICY.stable_points
    return Check(
        "Enough points",
        f"{e.n_before} before, {e.n_after} after; {e.points_needed} in each stage see a worthwhile change in 8 of "
        f"10 cases, {e.points_needed_attribution} also tell it from a trend",
        "With fewer points a real change stays unseen, and stability is weakly tested.",
        _more(e),
        "good" if least >= e.points_needed and enough else "open",
    )


def _more(e: Evidence) -> str:
    if e.n_after < POLICY.stable_points:
        return f"Judge again at {POLICY.stable_points} points after the rollout."
    if e.n_before < POLICY.stable_points:
        return "Add points from further back, where they were measured alike."
    return "Nothing to do."


def _dependence(e: Evidence) -> Check:
    r = e.autocorrelation
    return Check(
        "Points depend on each other",
        f"autocorrelation about {number(r, 2)}; it is part of every p value and interval here",
        "Ignored, it makes chance look like change; the usual tests ignore it.",
        "Sample less often: neighbours are near-copies." if r > 0.7 else "Nothing to do.",
        "open" if r > 0.7 else "good",
    )


def _shape(e: Evidence) -> Check:
    return Check(
        "Shape of the noise",
        "heavy-tailed or skewed: stability was judged on ranks" if e.heavy else "no heavy tails or strong skew seen",
        "Single far values would pass for instability, or hide it.",
        "Look at the far points one by one." if e.heavy else "Nothing to do.",
        "open" if e.heavy else "good",
    )


def _baseline(e: Evidence) -> Check:
    part = e.stability_before
    return Check(
        "The stage before was stable",
        f"{'yes' if part.stable else 'no: ' + part.weakest} (p = {probability(part.p)})",
        "An unstable past is a poor yardstick: the change may be one of its own swings.",
        "Nothing to do." if part.stable else "Explain the past first; add an untouched control series.",
        "good" if part.stable else "bad",
    )


def _season(judged: Judged, e: Evidence) -> Check:
    if e.seasonal:
        return Check(
            "Season", f"declared ({judged.season}) and part of the model",
            "A season would otherwise pass for a change.", "Nothing to do.", "good",
        )  # fmt: skip
    if judged.season is not None:
        return Check(
            "Season", f"declared ({judged.season}), but too long for the points before the rollout: not modelled",
            "A season that peaks on one side of the rollout passes for a change.",
            f"Add points before the rollout: {POLICY.season_cycles:g} cycles are needed.", "open",
        )  # fmt: skip
    return season_found(judged)


def _worthwhile(e: Evidence) -> Check:
    named = not e.default_worthwhile
    return Check(
        "Worthwhile effect",
        "named by you" if named else "not named: half a noise standard deviation stands in for it",
        "Without it nobody can say whether the change is worth having.",
        "Nothing to do." if named else "Name the smallest change worth having: --worthwhile.",
        "good" if named else "open",
    )


def _control(judged: Judged) -> Check:
    if judged.control_z is not None:
        return Check(
            "Control series", f"{judged.control_name}, declared untouched by the rollout",
            "If the rollout touched it too, the effect is understated.", "Confirm that it was untouched.", "good",
        )  # fmt: skip
    return Check(
        "Control series", "none",
        "Anything else that changed at the same moment passes for the rollout.",
        "Add an untouched series where there is one: --control.", "open",
    )  # fmt: skip


def _trigger(judged: Judged) -> Check:
    if judged.trigger.any():
        at = judged.trigger.nonzero()[0]
        labels = judged.points.axis.labels
        return Check(
            "Why the rollout started then",
            f"because results were bad, as declared; the worst stretch before it ({points(at.size)}, "
            f"{labels[int(at[0])]} to {labels[int(at[-1])]}) is not judged",
            "A rollout started because results were bad draws credit from their natural return.",
            "Nothing to do.", "good",
        )  # fmt: skip
    return Check(
        "Why the rollout started then", "declared by nobody: not checked",
        "A rollout started because results were bad draws credit from their natural return.",
        "If it was, declare it: --triggered-by-bad-results.", "open",
    )  # fmt: skip


def _gauge() -> Check:
    return Check(
        "Measurement system", "not checked here",
        "A change of gauge, definition or clock at the rollout looks like a change of the process.",
        "Confirm that the metric is measured as before.", "open",
    )  # fmt: skip
