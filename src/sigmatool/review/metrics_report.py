"""The section of a review's page on its secondary metrics."""

from __future__ import annotations

from collections.abc import Sequence

from ..render.document import Bullets, Paragraph, Section, Table, Tone
from .metrics import BENEFIT, MetricResult
from .policy import POLICY
from .words import TONE, moved, number, percent, probability


def other_metrics(metrics: Sequence[MetricResult]) -> Section:
    """What happened to each, in a sentence and in a table."""
    columns = (
        "metric", "better", "before", "after", "change", "95 % interval", "p better", "adjusted p", "verdict",
        "claimed",
    )  # fmt: skip
    rows = tuple(_row(m) for m in metrics)
    words = Bullets(tuple(m.sentence for m in metrics))
    asked = sum(m.p is not None for m in metrics)
    note = Paragraph(
        f"The p values are one-sided, and adjusted for the {asked} of these metrics that could be judged "
        f"(Benjamini-Hochberg): on average at most {percent(POLICY.false_discovery)} of the claims are false. Harm is "
        "never adjusted away; among many metrics some of it is chance.",
        "note",
    )
    table = Table(columns, rows, "Other metrics", tones=tuple(tone(m) for m in metrics))
    return Section("Other metrics", (words, table, note), "other-metrics")


def tone(m: MetricResult) -> Tone:
    """As the verdict's own tone, but good only where it is claimed."""
    return "open" if m.verdict in BENEFIT and not m.claimed else TONE[m.verdict]


def _row(m: MetricResult) -> tuple[str, ...]:
    e = m.effect
    if e is None:
        return (m.name, m.better, "", "", "", "", "", "", m.verdict, "no")
    share = m.scale == "proportion"
    level = percent if share else number
    return (
        m.name, m.better, level(e.before), level(e.after), moved(e.difference, share),
        f"{moved(e.difference_low, share)} to {moved(e.difference_high, share)}",
        "" if m.p is None else probability(m.p), "" if m.p_adjusted is None else probability(m.p_adjusted),
        m.verdict, "yes" if m.claimed else "no",
    )  # fmt: skip
