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
        f"{'is' if round(r.chance) == 1 else 'are'} expected to by chance alone"
    ]
    if r.specified:
        parts.append(f"{r.below:,} of {r.specified:,} with a specification surely have a Ppk below {r.wanted:g}")
    if r.verdicts is not None:
        reviewed = len(r.reviewed)
        parts.append(
            f"of {reviewed:,} rollout{'' if reviewed == 1 else 's'} {r.claimed:,} improved their process beyond what "
            f"chance makes among so many, {r.harmed:,} harmed it"
        )
    return "; ".join(parts) + "."
