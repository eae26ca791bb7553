"""The page of a control chart."""

from __future__ import annotations

import numpy as np

from ..render.document import Block, Cell, Document, FigureBlock, Paragraph, Section, Table
from .record import footer, record
from .result import ControlChart
from .words import SIGNALS, level, number


def document(chart: ControlChart) -> Document:
    """Chart, stages, signals in words, and the record."""
    table = points_table(chart)
    first: list[Block] = [
        Paragraph(chart.headline, "lead"),
        FigureBlock(chart.figure(), _caption(chart), table),
        Paragraph(chart.false_alarm.text),
    ]
    first += [Paragraph(c.text, "note") for c in chart.caveats]
    sections = [Section("The chart", tuple(first), "chart"), Section("Stages", (_stages(chart),), "stages")]
    if chart.signals:
        sections.append(Section("Signals", (_by_rule(chart), _signals(chart)), "signals"))
    if chart.runs:
        sections.append(Section("Runs", (_runs(chart),), "runs"))
    if chart.events:
        listed = Table(("event",), tuple((e.text,) for e in chart.events), "What else happened, in order")
        sections.append(Section("Events", (listed,), "events"))
    facts = (
        *((name[:1].upper() + name[1:], number(value, 5)) for name, value in chart.parameters.items()),
        *((f"Excluded point {point}", reason) for point, reason in chart.reasons.items()),
    )
    sections.append(record(chart, facts))
    return Document(chart.title, tuple(sections), "", footer(chart.provenance))


def _caption(chart: ControlChart) -> str:
    """Kind, where sigma comes from, and the documented choice where packages differ."""
    how = {"known": "known sigma", "median": "no limits"}.get(chart.sigma_method, f"sigma: {chart.sigma_method}")
    if chart.frozen.kind.takes == "vectors":
        how = f"covariance: {chart.sigma_method}"
    return f"{chart.kind} chart; {how}. {chart.convention}".strip()


MOST_ROWS = 2_000
"""Rows of a chart's table on a page; a longer one keeps its signals and says what it left out."""

FIRST_ROWS = 500
"""Rows that are kept of a longer one."""


def points_table(chart: ControlChart) -> Table:
    """The data behind the chart."""
    frame = chart.to_frame()
    caption = "Every point of the chart"
    if len(frame) > MOST_ROWS:
        kept = frame[(frame["signals"] != "").to_numpy()].head(FIRST_ROWS)
        caption = f"The first {len(kept)} points with signals, of {len(frame):,} points; the JSON holds all"
        frame = kept
    columns = tuple(str(c) for c in frame.columns)
    rows = tuple(tuple(_cell(v) for v in row) for row in frame.itertuples(index=False, name=None))
    return Table(columns, rows, caption, folded=True)


def _cell(value: object) -> Cell:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else ""
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return None if value is None else str(value)


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


def _runs(chart: ControlChart) -> Table:
    """Anhøj's test of each stage, and what the classical runs tests say of it."""
    rows = []
    for stage, found in zip(chart.stages, chart.runs, strict=True):
        about, steps = found.about, found.up_and_down
        rows.append(
            (
                stage.name, found.useful, f"{found.longest} (at most {found.longest_max})",
                f"{found.crossings} (at least {found.crossings_min})", number(about.p_few), number(about.p_many),
                number(steps.p_few), number(steps.p_many),
            )
        )  # fmt: skip
    columns = (
        "stage",
        "useful points",
        "longest run",
        "crossings",
        "p clusters",
        "p mixtures",
        "p trends",
        "p oscillation",
    )
    caption = (
        "Anhøj's rules judge the longest run and the crossings; the p values are those of the classical runs tests"
    )
    return Table(columns, tuple(rows), caption)


def _by_rule(chart: ControlChart) -> Table:
    rows = tuple((t.rule, t.words, t.panel, len(t.points), stretches(t.points.tolist())) for t in chart.signals.tally())
    return Table(("rule", "in words", "panel", "signals", "at points"), rows, SIGNALS)


def stretches(points: list[int], most: int = 8) -> str:
    """Increasing point numbers, neighbours drawn together; of many stretches the first.

    Examples
    --------
    >>> stretches([3, 4, 5, 9, 12, 13]), stretches([1, 3, 5, 7], most=2)
    ('3 to 5, 9, 12 to 13', '1, 3 and 2 more')
    """
    ends = np.flatnonzero(np.diff(points) != 1)
    first = [points[i] for i in (0, *(ends + 1))]
    last = [points[i] for i in (*ends, -1)]
    told = [str(a) if a == b else f"{a} to {b}" for a, b in zip(first, last, strict=True)]
    if len(told) <= most:
        return ", ".join(told)
    return f"{', '.join(told[:most])} and {len(told) - most:,} more"


def _signals(chart: ControlChart) -> Table:
    shown = chart.signals[: MOST_ROWS if len(chart.signals) <= MOST_ROWS else FIRST_ROWS]
    rows = tuple((s.point, chart.axis.labels[s.point - 1], s.panel, s.rule, s.text) for s in shown)
    caption = "Every signal"
    if len(shown) < len(chart.signals):
        caption += f"; the first {len(shown):,} of {len(chart.signals):,}, the JSON holds all"
    return Table(("point", "at", "panel", "rule", "in words"), rows, caption, folded=True)
