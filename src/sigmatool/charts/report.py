"""The page of a control chart."""

from __future__ import annotations

from ..render.document import Block, Code, Document, Facts, FigureBlock, Paragraph, Section, Table
from .result import ControlChart
from .words import level, number


def document(chart: ControlChart) -> Document:
    """Chart, stages, signals in words, and the record."""
    frame = chart.to_frame()
    table = Table(
        tuple(str(c) for c in frame.columns),
        tuple(
            tuple(None if v != v else v for v in row)
            for row in frame.astype({"excluded": str}).itertuples(index=False, name=None)
        ),
        "Every point of the chart",
        folded=True,
    )
    first: list[Block] = [
        Paragraph(chart.headline, "lead"),
        FigureBlock(chart.figure(), f"{chart.kind} chart; sigma by {chart.sigma_method}.", table),
    ]
    first += [Paragraph(c.text, "note") for c in chart.caveats]
    sections = [Section("The chart", tuple(first), "chart"), Section("Stages", (_stages(chart),), "stages")]
    if chart.signals:
        sections.append(Section("Signals", (_signals(chart),), "signals"))
    rows = chart.rows
    facts = (
        ("Rows", f"{rows.read} read = {rows.used} used + {rows.missing} missing + {rows.excluded} excluded + "
                 f"{rows.dropped} dropped"),
        ("Data hash", chart.provenance.data_sha256),
        ("Settings", "; ".join(f"{k} = {v}" for k, v in chart.settings.items() if v not in (None, "", [], ()))),
        ("Version", f"sigmatool {chart.provenance.version}"),
    )  # fmt: skip
    record = (Facts(facts), Code(chart.provenance.command, "This page again"))
    sections.append(Section("Record", record, "record"))
    footer = f"sigmatool {chart.provenance.version} · data {chart.provenance.data_sha256[:12]}"
    return Document(chart.title, tuple(sections), "", footer)


def _stages(chart: ControlChart) -> Table:
    columns = ("stage", "from", "to", "points", "centre", "sigma", "lower limit", "upper limit")
    labels = chart.axis.labels
    rows = tuple(
        (
            s.name, labels[s.first - 1], labels[s.last - 1], s.n, level(chart, s.center), number(s.sigma),
            level(chart, s.lower), level(chart, s.upper),
        )
        for s in chart.stages
    )  # fmt: skip
    return Table(columns, rows, "Limits of each stage (at the average size where sizes vary)")


def _signals(chart: ControlChart) -> Table:
    rows = tuple((s.point, chart.axis.labels[s.point - 1], s.panel, s.rule, s.text) for s in chart.signals)
    return Table(("point", "at", "panel", "rule", "in words"), rows, "Signals: places to look, not verdicts")
