"""The last section of a review's page: how it was judged, and what it takes to make the page again."""

from __future__ import annotations

from ..render.document import Code, Facts, Paragraph, Section
from .result import Review


def method_and_record(r: Review) -> Section:
    """The method, the account of the rows, the hashes, the settings and the command."""
    rows = r.rows
    account = (
        f"{rows.read} read = {rows.used} used + {rows.missing} missing + {rows.excluded} excluded or in the "
        f"wash-out + {rows.dropped} dropped"
    )
    facts = [
        ("Judged on", SCALES[r.scale]),
        (
            "Noise",
            "AR(1) or slow wander behind white noise, integrated out over a fixed grid (no random numbers)",
        ),
        (
            "Stability",
            "smallest of four pattern p values against 10,000 simulated stable series; 5 % a stage",
        ),
        ("Rows", account),
        ("Data hash", r.provenance.data_sha256),
    ]
    if r.provenance.file_sha256:
        facts.append(("File hash (sha256sum)", r.provenance.file_sha256))
    facts += [
        ("Settings", _settings(r)),
        ("Version", f"sigmatool {r.provenance.version}"),
    ]
    blocks = (
        Paragraph(
            "The verdict keeps two questions apart: is it better than before, and is the rollout the cause? Only when "
            "a step at the rollout goes beyond any trend already running is the rollout credited. The decision table "
            "is read from the top; the first row that fits decides."
        ),
        Facts(tuple(facts)),
        Code(r.provenance.command, "This page again"),
    )
    return Section("Method and record", blocks, "method")


def _settings(r: Review) -> str:
    """The choices in force, in one line."""
    shown = ((k, ", ".join(map(str, v)) if isinstance(v, list | tuple) else v) for k, v in r.settings.items())
    return "; ".join(f"{k} = {v}" for k, v in shown if v not in (None, ""))


SCALES = {
    "continuous": "the values as they are",
    "duration": "logarithms (effects are ratios)",
    "proportion": "arcsine square roots with overdispersion estimated (effects taken back to shares)",
    "between": "3.6th roots of the time between events (effects taken back to rates)",
    "rate": "square roots with overdispersion estimated (effects taken back to rates)",
}
