"""The page of many reviews: how many, how many by chance, and which to look at first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..charts.record import footer
from ..render.document import (
    Block,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Tone,
)
from ..render.figure import Bars, Figure, Panel, Rule
from ..render.numeral import Numeral
from .decision import CREDITED
from .each_result import BY_CHANCE, Reviews, Stream
from .each_words import roughly
from .each_work import REFUSED
from .metrics import BENEFIT
from .page_parts import method_and_record
from .policy import POLICY
from .words import TONE, moved, number, percent, probability, whole

SHOWN = 100
"""Rows of a table that a person still reads; the rest is for programs."""

_BINS = 20


def document(r: Reviews) -> Document:
    """Counts first, then the streams that call for action."""
    sections = [_answer(r), *_streams(r), _refused(r), _record(r)]
    when = f"{len(r.streams):,} streams of column {r.by}"
    return Document(r.title, tuple(s for s in sections if s.blocks), when, footer(r.provenance))


def _answer(r: Reviews) -> Section:
    credited, harmed = r.by_chance("credited"), r.by_chance("DETERIORATED", "DESTABILISED")
    figures = (
        KeyFigure(f"{r.credited:,}", "credited", f"{roughly(credited)} by chance, were all steady"),
        KeyFigure(f"{r.claimed:,}", "claimed", f"credited still, after adjusting for {r.tested:,} streams"),
        KeyFigure(f"{r.harmed:,}", "harmed", f"{roughly(harmed)} by chance, were all steady; never adjusted"),
    )
    blocks: list[Block] = [Paragraph(r.headline, "lead"), KeyFigures(figures), _counts(r)]
    picture = r.figure()
    blocks.append(FigureBlock(picture, picture.alt))
    blocks += [Paragraph(c.text, "note") for c in r.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _counts(r: Reviews) -> Table:
    rows, tones = [], []
    for code, count in r.counts.items():
        chance = "" if code not in BY_CHANCE else roughly(r.by_chance(code))
        if code in CREDITED:
            chance = f"{roughly(r.by_chance('credited'))} (all credited together)"
        rows.append((code, whole(count), percent(count / len(r.streams), 2), chance))
        tones.append(TONE.get(code, "neutral"))
    caption = f"Streams by verdict, of {len(r.streams):,}"
    return Table(("verdict", "streams", "share", "by chance"), tuple(rows), caption, tones=tuple(tones))


def figure(r: Reviews) -> Figure:
    """A histogram of the one-sided p values; steady streams fill every bar to the line."""
    p = np.array([s.p for s in r.streams if s.p is not None])
    heights, edges = np.histogram(p, bins=_BINS, range=(0.0, 1.0))
    level = p.size / _BINS
    told = (
        f"The p values of the {p.size:,} streams. Were all steady, about {number(level)} would lie in each bar (the "
        f"line); a pile at the left are streams that got better, at the right streams that got worse."
    )
    text = tuple(
        f"p {number(a)} to {number(b)}: {h:,} streams" for a, b, h in zip(edges[:-1], edges[1:], heights, strict=True)
    )
    marks = (
        Bars((edges[:-1] + edges[1:]) / 2, heights.astype(float), 0.9 / _BINS, "data", "streams", text),
        Rule(level, "y", "limit", text="were all streams steady"),
    )
    return Figure((Panel(marks, "streams"),), f"one-sided p value that {r.metric} got better", told, legend=False)


def _streams(r: Reviews) -> list[Section]:
    """All streams in one table where they can be read; else the worst and the best of them."""
    judged = [s for s in r.ranked() if not s.refused]
    if len(judged) <= 2 * SHOWN:
        parts = [("Streams", "Harmed first, then claimed, then the others by gain", judged)]
    else:
        harmed = [s for s in judged if s.harm]
        claimed = [s for s in judged if s.claimed]
        parts = [
            ("Harmed", "The harmed streams, the largest loss first", harmed),
            ("Claimed", "The claimed streams, the largest gain first", claimed),
        ]
        if not harmed and not claimed:
            parts = [("Streams", "Neither harmed nor claimed; the largest gain first", judged)]
    sections = []
    for title, caption, streams in parts:
        shown = streams[:SHOWN] if len(judged) > 2 * SHOWN else streams
        if shown:
            blocks: tuple[Block, ...] = (_table(r, shown, caption),)
            if len(shown) < len(streams):
                blocks += (Paragraph(_elsewhere(f"{len(streams) - len(shown):,} more are not shown here"), "note"),)
            sections.append(Section(title, blocks, title.lower(), page_break=True))
    return sections


def _elsewhere(what: str) -> str:
    return f"{what}: every stream has its row in the JSON (save as .json) and in to_frame(), for a CSV file."


def _table(r: Reviews, streams: Sequence[Stream], caption: str) -> Table:
    columns = (
        r.by, "verdict", "claimed", "before", "after", "change", "95 % interval", "p better", "adjusted p", "points",
        "autocorrelation",
    )  # fmt: skip
    tones: tuple[Tone, ...] = tuple(
        "open" if s.verdict in BENEFIT and not s.claimed else TONE[s.verdict] for s in streams
    )
    return Table(columns, tuple(_row(r, s) for s in streams), caption, tones=tones)


def _row(r: Reviews, s: Stream) -> tuple[str, ...]:
    e, share = s.effect, r.scale == "proportion"
    claimed, points = "yes" if s.claimed else "no", f"{s.n_before} + {s.n_after}"
    if e is None or s.p is None or s.p_adjusted is None or s.autocorrelation is None:
        return (s.stream, s.verdict, claimed, "", "", "", "", "", "", points, "")
    level = percent if share else number
    return (
        s.stream, s.verdict, claimed, level(e.before), level(e.after), moved(e.difference, share),
        f"{moved(e.difference_low, share)} to {moved(e.difference_high, share)}", probability(s.p),
        probability(s.p_adjusted), points, Numeral(f"{s.autocorrelation:.2f}", s.autocorrelation),
    )  # fmt: skip


def _refused(r: Reviews) -> Section:
    refused = [s for s in r.streams if s.refused]
    if not refused:
        return Section("Refused", ())
    table = Table(
        (r.by, "reason"), tuple((s.stream, s.sentence) for s in refused[:SHOWN]), "Streams that were not judged"
    )
    note = Paragraph("Rows in a reason are counted within the stream, in the order of the table.", "note")
    blocks: tuple[Block, ...] = (table, note)
    if len(refused) > SHOWN:
        blocks = (*blocks, Paragraph(_elsewhere(f"{len(refused) - SHOWN:,} more are not shown here"), "note"))
    return Section("Refused", blocks, REFUSED.lower())


def _record(r: Reviews) -> Section:
    rows = r.rows
    account = (
        f"{rows.read:,} read = {rows.used:,} used + {rows.missing:,} missing + {rows.excluded:,} excluded or in the "
        f"wash-out + {rows.dropped:,} dropped"
    )
    told = Paragraph(
        "Each stream is judged as a review of its own. A claim needs a crediting verdict and a one-sided p value (E1, "
        f"better) that holds at {POLICY.false_discovery:g} after adjusting over all streams judged (Benjamini and "
        "Hochberg): of the claims at most that share is false on average. Harm is told as found and never adjusted: "
        "expect some of it by chance. By chance: how many steady streams of these lengths and autocorrelations would "
        "get the verdict on average, by the study of error rates."
    )
    return method_and_record(r, told, (), account)
