"""What a screen says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..review.each_words import roughly
from .measures import FALSE_DISCOVERY

if TYPE_CHECKING:
    from .result import Screen

REFUSED = {
    "infinite": "it holds infinite values, or values too large to be squared; correct them or leave the cells empty",
    "vanishing": "it holds nothing but values too small to be squared; take a smaller unit",
    "negative": "it holds a count below zero; correct it",
    "size": "it holds a size that is missing or not above zero beside a count; correct it",
    "over": "it holds more than were inspected; correct it, or chart it as a rate (kind u)",
    "few": "a stretch of it has fewer than two usable points: no limits can be drawn from them",
    "rollout": "its rollout leaves no point on one side",
}
"""Why a stream has no chart."""


def headline(r: Screen) -> str:
    """How many need attention, beside how many would seem to by chance."""
    many = r.screened
    parts = [
        f"{r.unstable:,} of {many:,} {'process is' if many == 1 else 'processes are'} not stable (of these at most "
        f"{100 * FALSE_DISCOVERY:.0f} % by chance); {r.signalled:,} signalled, {roughly(r.chance)} "
        f"{'is' if roughly(r.chance) == 'about 1' else 'are'} expected to by chance alone"
    ]
    if r.specified:
        parts.append(f"{r.below:,} of {r.specified:,} with a specification surely have a Ppk below {r.wanted:g}")
    if r.verdicts is not None:
        reviewed = r.judged
        parts.append(
            f"of {reviewed:,} rollout{'' if reviewed == 1 else 's'} {r.claimed:,} improved their process beyond what "
            f"chance makes among so many, {r.harmed:,} harmed it"
        )
    return "; ".join(parts) + "."


ELSEWHERE = (
    "Every stream has its row in the workbook (.xlsx, sheet Data), in the JSON and in to_frame(), for a CSV file; the "
    "page (.html) looks through them."
)

METHOD = (
    "Each stream is charted as a chart of its own, and its rollout judged as a review of its own. Whether a "
    "process is stable is asked by one p value: the smallest of these, times their number (are neighbours as "
    "alike, or as unlike, as chance makes them; do the points rise or fall along; and, for plain counts and means "
    "of subgroups, whose law is known, does the farthest point lie too far out). A process whose own review found "
    "it stable is not called otherwise here: the review takes resemblance of neighbours apart. "
    "Among many streams some look unsteady by luck, so the p values are adjusted over all streams (Benjamini and "
    f"Hochberg), and a stream is called not stable where the adjusted one is at most {FALSE_DISCOVERY:g}: of the "
    "streams called so, at most that share is steady all the same, on average. Signals of single rules are "
    "counted as found and not adjusted; beside them stands how many streams would signal by chance, found by "
    "putting simulated steady streams of these lengths through the same charts. A stream is called not capable "
    "only where the whole 95 % interval of its Ppk lies below the wanted one. An improvement is claimed only "
    "where it holds after adjusting for all rollouts; harm is told as found and never adjusted, so expect some of "
    "it by chance. Ranked are harmed streams first, then those neither stable nor capable, those not stable, "
    "those not capable, and the rest."
)
"""How a screen finds what it says."""

VERDICTS = (
    "By chance: how many steady streams of these lengths and autocorrelations would get the verdict on average, by the "
    "study of error rates."
)

AVERAGE_SIZE = "The limits are drawn at the average size; the signals are counted at each point's own."


def finding(r: Screen, i: int) -> str:
    """What was found of a ranked stream, in a word or two each."""
    c = r.columns
    found = [name for name, key in _FINDINGS if key in c and c[key][i]]
    return "refused" if c["refused"][i] else ", ".join(found) or "nothing"


_FINDINGS = (("deteriorated", "harm"), ("not stable", "unstable"), ("not capable", "below"), ("improved", "claimed"),
             ("few points", "few"))  # fmt: skip


def told(r: Screen, i: int) -> str:
    """Why a ranked stream needs attention, in sentences; or that nothing was found."""
    return " ".join(reasons(r, i)) or "Nothing was found that calls for attention."


def reasons(r: Screen, i: int) -> list[str]:
    """Why a ranked stream needs attention, one sentence a reason; empty where nothing was found."""
    c = r.columns
    if c["refused"][i]:
        return [f"It has no chart: {c['refused'][i]}."]
    out = []
    if "verdict" in c and c["verdict"][i]:
        out.append(f"{c['verdict'][i]}: {c['sentence'][i]}{_changed(r, i)}")
    if c["unstable"][i]:
        out.append(_unstable(r, i))
    if c["below"][i]:
        low, high = (f"{c[name][i]:.3g}" for name in ("ppk_low", "ppk_high"))
        out.append(f"Not capable: Ppk {c['ppk'][i]:.3g} ({low} to {high}), wanted {r.wanted:g}.")
    if c["few"][i]:
        out.append(f"Only {c['n'][i]} points: its limits are trial limits.")
    return [sentence.replace(" -", " −").replace("(-", "(−") for sentence in out]


def _changed(r: Screen, i: int) -> str:
    """By how much a stream's level changed at its rollout."""
    change, low, high = (float(r.columns[name][i]) for name in ("change", "change_low", "change_high"))
    return f" Change {change:+.3g} ({low:+.3g} to {high:+.3g})." if change == change else ""


def _unstable(r: Screen, i: int) -> str:
    """How a stream is not stable: how far it drifts, how much wider it spreads than its neighbours, what signals."""
    c = r.columns
    drift = c["drift"][i]
    parts = [f"drifts by {drift:+.3g} in all"] if abs(drift) >= c["sigma"][i] else []
    index = c["stability_index"][i]
    if index > 1:
        parts.append(f"spreads {index:.3g} times as wide as from point to point")
    most = max(r.rules, key=lambda rule: c[f"signals_{rule}"][i], default="")
    if most and c[f"signals_{most}"][i]:
        many = c[f"signals_{most}"][i]
        parts.append(f"{many:,} signal{'' if many == 1 else 's'} of {r.rules[most]}")
    return f"Not stable: {'; '.join(parts)}." if parts else "Not stable."
