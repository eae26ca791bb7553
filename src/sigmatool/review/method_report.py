"""The last section of a review's page: how it was judged, and what it takes to make the page again."""

from __future__ import annotations

from ..render.document import Paragraph, Section
from . import page_parts
from .plan_words import plan_fact
from .result import Review


def method_and_record(r: Review) -> Section:
    """The method, the account of the rows, the hashes, the settings and the command."""
    rows = r.rows
    account = (
        f"{rows.read} read = {rows.used} used + {rows.missing} missing + {rows.excluded} excluded or in the "
        f"wash-out + {rows.dropped} dropped"
    )
    planned = () if r.plan is None else (("Registered plan", plan_fact(r.plan)),)
    model = (
        *planned,
        ("Judged on", SCALES[r.scale]),
        (
            "Noise",
            "AR(1) or slow wander behind white noise, integrated out over a fixed grid (no random numbers)",
        ),
        (
            "Stability",
            "smallest of four pattern p values against 10,000 simulated stable series; 5 % a stage",
        ),
    )
    method = Paragraph(
        "The verdict keeps two questions apart: is it better than before, and is the rollout the cause? Only when "
        "a step at the rollout goes beyond any trend already running is the rollout credited. The decision table "
        "is read from the top; the first row that fits decides."
    )
    return page_parts.method_and_record(r, method, model, account)


SCALES = {
    "continuous": "the values as they are",
    "duration": "logarithms (effects are ratios)",
    "proportion": "arcsine square roots with overdispersion estimated (effects taken back to shares)",
    "between": "3.6th roots of the time between events (effects taken back to rates)",
    "rate": "square roots with overdispersion estimated (effects taken back to rates)",
}
