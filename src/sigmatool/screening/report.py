"""The page of a screen: how many need attention, which first, and every stream to look into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..charts.record import footer
from ..render.document import Block, Document, KeyFigure, KeyFigures, Paragraph, Section, Table, Tone
from ..render.numeral import Verbatim
from ..review.decision import CREDITED
from ..review.each_result import BY_CHANCE
from ..review.each_words import roughly
from ..review.page_parts import method_and_record
from ..review.words import TONE, percent, whole
from .measures import FALSE_DISCOVERY
from .rows_report import explorer
from .words import ELSEWHERE, METHOD, VERDICTS, reasons

if TYPE_CHECKING:
    from .result import Screen

FIRST = 10
"""Streams that are told in words."""

_REFUSED = 25
"""Refused streams that are listed."""


def document(r: Screen) -> Document:
    """Counts first, then the streams by need of attention."""
    sections = (_answer(r), _first(r), _streams(r), _verdicts(r), _refused(r), _record(r))
    when = f"{len(r.columns['stream']):,} streams of column {r.by}"
    return Document(r.title, tuple(s for s in sections if s.blocks), when, footer(r.provenance))


def _answer(r: Screen) -> Section:
    blocks: list[Block] = [Paragraph(r.headline, "lead"), KeyFigures(_figures(r))]
    blocks += [Paragraph(c.text, "note") for c in r.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _figures(r: Screen) -> tuple[KeyFigure, ...]:
    refused = f"{r.refused:,} refused" if r.refused else "none refused"
    figures = [
        KeyFigure(f"{r.screened:,}", "streams screened", refused),
        KeyFigure(f"{r.unstable:,}", "not stable", f"at most {percent(FALSE_DISCOVERY)} of these by chance"),
        KeyFigure(f"{r.signalled:,}", "with a signal", f"{roughly(r.chance)} by chance, were all steady"),
    ]
    if r.specified:
        figures.append(
            KeyFigure(f"{r.below:,}", f"surely below Ppk {r.wanted:g}", f"of {r.specified:,} with a specification")
        )
    if r.verdicts is not None:
        harmed = roughly(r.by_chance("DETERIORATED", "DESTABILISED"))
        figures += [
            KeyFigure(f"{r.claimed:,}", "rollouts improved", f"of {r.judged:,}, after adjusting for their number"),
            KeyFigure(f"{r.harmed:,}", "rollouts harmed", f"{harmed} by chance, were all steady; never adjusted"),
        ]
    return tuple(figures)


def _first(r: Screen) -> Section:
    """Why the first few need attention, in words."""
    c = r.columns
    calls = c["unstable"] | c["below"] | c.get("harm", np.zeros(len(c["stream"]), dtype=bool))
    here = np.flatnonzero(calls)[:FIRST].tolist()
    title = "Needs attention first"
    if not here:
        return Section(title, (Paragraph("No stream was found to be unstable, incapable or harmed."),), "first")
    rows = tuple((i + 1, Verbatim(c["stream"][i]), " ".join(reasons(r, i))) for i in here)
    rest = int(calls.sum()) - len(here)
    blocks: list[Block] = [Table(("rank", r.by, "why"), rows)]
    if rest:
        blocks.append(Paragraph(f"{rest:,} more need attention; they follow in the table of all streams.", "note"))
    return Section(title, tuple(blocks), "first")


def _streams(r: Screen) -> Section:
    return Section("All streams", (explorer(r),), "streams")


def _verdicts(r: Screen) -> Section:
    """How many rollouts got each verdict, and how many would by chance."""
    if not r.reviewed:
        return Section("Verdicts", ())
    rows: list[tuple[str, ...]] = []
    tones: list[Tone] = []
    for code, count in r.verdict_counts.items():
        chance = roughly(r.by_chance(code)) if code in BY_CHANCE else ""
        if code in CREDITED:
            chance = f"{roughly(r.by_chance('credited'))} (all credited together)"
        rows.append((code, whole(count), chance))
        tones.append(TONE.get(code, "neutral"))
    caption = f"Rollouts by verdict, of {len(r.reviewed):,}"
    table = Table(("verdict", "streams", "by chance"), tuple(rows), caption, tones=tuple(tones))
    return Section("Verdicts", (table, Paragraph(VERDICTS, "note")), "verdicts")


def _refused(r: Screen) -> Section:
    c = r.columns
    here = np.flatnonzero(c["refused"] != "")
    if not here.size:
        return Section("Refused", ())
    rows = tuple((Verbatim(c["stream"][i]), str(c["refused"][i])) for i in here[:_REFUSED].tolist())
    blocks: list[Block] = [Table((r.by, "reason"), rows, "Streams without a chart")]
    rest = here.size - len(rows)
    if rest:
        blocks.append(Paragraph(f"and {rest:,} more. {ELSEWHERE}", "note"))
    return Section("Refused", tuple(blocks), "refused")


def _record(r: Screen) -> Section:
    rows = r.rows
    account = (
        f"{rows.read:,} read = {rows.used:,} used + {rows.missing:,} missing + {rows.excluded:,} excluded + "
        f"{rows.dropped:,} dropped"
    )
    rules = tuple((f"Rule {rule}", words) for rule, words in r.rules.items())
    return method_and_record(r, Paragraph(METHOD), rules, account)
