"""The page of a Pareto study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..charts.record import footer, record
from ..charts.words import number, percent, probability, whole
from ..render.document import Block, Cell, Document, FigureBlock, KeyFigure, KeyFigures, Paragraph, Section, Table
from . import pareto_words as words
from .pareto_picture import by_cost, by_count
from .pareto_study import Ranking

if TYPE_CHECKING:
    from .pareto_result import CauseChange, Pareto

MOST_ROWS: Final = 500
"""Rows of a table on the page; the JSON holds all."""


def document(found: Pareto) -> Document:
    """The answer with its picture, what changed, how sure the order is, the money, the record."""
    sections = [_answer(found)]
    if found.study.change is not None:
        sections.append(_changes(found))
    sections.append(_order(found))
    if found.study.spending:
        sections.append(_costs(found))
    sections.append(record(found))
    events = sum(found.counts)
    subtitle = f"{events:,} events in {len(found.names):,} categories"
    return Document(found.title, tuple(sections), subtitle, footer(found.provenance))


def _answer(found: Pareto) -> Section:
    blocks: list[Block] = [Paragraph(found.headline, "lead")]
    figures = _key_figures(found)
    if figures:
        blocks.append(KeyFigures(tuple(figures)))
    blocks.append(FigureBlock(by_count(found), _caption(found)))
    if found.others:
        blocks.append(Paragraph(words.other_told(found)))
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _caption(found: Pareto) -> str:
    what = f"Whiskers: {number(100 * found.confidence)} % intervals of the shares, all at once"
    return what if len(found.stages) == 1 else f"{what}. {words.exposure_told(found)}"


def _key_figures(found: Pareto) -> list[KeyFigure]:
    total = found.total_change
    if total is None:
        return []
    change = words.signed(total.ratio - 1) if np.isfinite(total.ratio) else "-"
    out = [KeyFigure(change, "all events together", f"{words.signed(total.low - 1)} to {words.signed(total.high - 1)}")]
    for finding, label in (
        ("fell", "causes that fell"),
        ("rose", "causes that rose"),
        ("open", "causes without a clear change"),
    ):
        held = [c for c in found.changes if c.finding == finding]
        out.append(KeyFigure(f"{len(held)}", label, f"of {len(found.changes)} bars"))
    return out


def _changes(found: Pareto) -> Section:
    total = found.total_change
    listed = [*found.changes, *([] if total is None else [total])]
    rows = tuple(_change_row(found, c, last=c is total) for c in listed)
    named = found.stages
    per = "" if found.exposure is None else f" (per {found.unit})"
    columns = (found.category, *(f"{name}{per}" for name in named), "change", "interval", "p", "finding")
    level = number(100 * found.confidence)
    caption = f"Each bar, {named[1]} against {named[0]}, with {level} % intervals of the change"
    blocks: list[Block] = [
        Table(columns, rows, caption),
        Paragraph(words.mix_told(found)),
        Paragraph(words.CHANGE_HOW, "note"),
    ]
    return Section("Did each cause fall?", tuple(blocks), "changes")


def _change_row(found: Pareto, c: CauseChange, last: bool) -> tuple[Cell, ...]:
    name = "all together" if last else c.name or words.other_name(len(found.others))
    counts: list[str] = [whole(c.before), whole(c.after)]
    if found.exposure is not None:
        counts = [f"{counts[0]} ({number(c.rate_before)})", f"{counts[1]} ({number(c.rate_after)})"]
    ends = f"{words.signed(c.low - 1)} to {words.signed(c.high - 1)}"
    return name, *counts, words.signed(c.ratio - 1), ends, probability(c.p), words.FINDING[c.finding]


def _order(found: Pareto) -> Section:
    blocks: list[Block] = []
    for stage, ranking in zip(found.stages, found.study.rankings, strict=True):
        if not ranking.count.sum():
            continue
        where = "" if len(found.stages) == 1 else f", {stage}"
        blocks.append(_shares(found, ranking, where))
        if ranking.pairs.p.size:
            blocks.append(_pairs(found, ranking, where))
    blocks.append(Paragraph(words.SHARES_HOW, "note"))
    if found.others:
        blocks.append(_others(found))
    return Section("How sure is the order?", tuple(blocks), "order")


def _shares(found: Pareto, r: Ranking, where: str) -> Table:
    total, running = float(r.count.sum()), 0.0
    rows: list[tuple[Cell, ...]] = []
    for i in r.order.tolist():
        running += float(r.count[i])
        ranks = f"{r.rank_low[i]}" if r.rank_low[i] == r.rank_high[i] else f"{r.rank_low[i]} to {r.rank_high[i]}"
        rows.append((
            found.names[i], whole(int(r.count[i])), percent(float(r.share[i])),
            f"{percent(float(r.low[i]))} to {percent(float(r.high[i]))}", percent(running / total), ranks,
            "yes" if r.largest[i] else "no",
        ))  # fmt: skip
    rest = float(r.count[~found.study.kept].sum())
    if found.others:
        rows.append(
            (words.other_name(len(found.others)), whole(int(rest)), percent(rest / total), "", percent(1.0), "", "")
        )
    columns = (found.category, "events", "share", "interval", "share up to here", "place", "could be the largest")
    return Table(columns, tuple(rows), f"Shares{where}, with {number(100 * found.confidence)} % intervals")


def _pairs(found: Pareto, r: Ranking, where: str) -> Table:
    p = r.pairs
    rows = tuple(
        (
            found.names[r.order[i]], found.names[r.order[i + 1]], number(float(p.ratio[i])),
            f"{number(float(p.low[i]))} to {number(float(p.high[i]))}" if np.isfinite(p.high[i])
            else f"{number(float(p.low[i]))} upwards", probability(float(p.p[i])),
            "yes" if p.p[i] < 1 - found.confidence else "not shown",
        )
        for i in range(p.p.size)
    )  # fmt: skip
    columns = ("cause", "against the next", "times as frequent", "interval", "p", "truly larger")
    return Table(
        columns, rows, f"Is each cause larger than the next{where}? Exact, adjusted for {p.p.size} pairs", folded=True
    )


def _others(found: Pareto) -> Table:
    kept = found.study.kept
    at = np.flatnonzero(~kept)[:MOST_ROWS]
    rows = tuple((found.names[i], *(int(r.count[i]) for r in found.study.rankings)) for i in at.tolist())
    caption = "What the bar of all others holds"
    if len(found.others) > MOST_ROWS:
        caption += f": the first {MOST_ROWS:,} of {len(found.others):,}; the JSON holds all"
    heads = ("events",) if len(found.stages) == 1 else found.stages
    return Table((found.category, *heads), rows, caption, folded=True)


def _costs(found: Pareto) -> Section:
    s, last = found.study, found.study.spending[-1]
    rows: list[tuple[Cell, ...]] = []
    for i in s.cost_order.tolist():
        if s.kept[i]:
            ends = (
                f"{percent(float(last.low[i]))} to {percent(float(last.high[i]))}" if np.isfinite(last.low[i]) else ""
            )
            each = float(last.total[i] / found.now.count[i]) if found.now.count[i] else np.nan
            rows.append((found.names[i], number(float(last.total[i]), 6), percent(float(last.share[i])), ends,
                         number(each), int(last.rank[i]), int(found.now.rank[i])))  # fmt: skip
    if found.others:
        rest = float(last.total[~s.kept].sum())
        share = rest / float(last.total.sum()) if last.total.sum() else np.nan
        rows.append((words.other_name(len(found.others)), number(rest, 6), percent(share), "", "", "", ""))
    columns = (found.category, "cost", "share", "interval", "cost of an event", "place by cost", "place by count")
    where = "" if len(found.stages) == 1 else f", {found.stages[-1]}"
    blocks: list[Block] = [
        FigureBlock(by_cost(found), words.COST_CAPTION), Table(columns, tuple(rows), f"Money by cause{where}")
    ]  # fmt: skip
    if s.change is not None and s.change.cost is not None:
        blocks.append(_cost_changes(found))
    blocks.append(Paragraph(words.COST_HOW, "note"))
    return Section("Where does the money go?", tuple(blocks), "cost")


def _cost_changes(found: Pareto) -> Table:
    change = found.study.change
    rows: list[tuple[Cell, ...]] = []
    for i, c in enumerate(found.changes):
        value, low, high = (
            (np.nan,) * 3 if change is None or change.cost is None else (float(e[i]) for e in change.cost)
        )
        name = c.name or words.other_name(len(found.others))
        rows.append((name, words.signed(value - 1), words.signed(low - 1), words.signed(high - 1)))
    if change is not None and change.cost_total is not None:
        rows.append(("all together", *(words.signed(v - 1) for v in change.cost_total)))
    per = f" per {found.unit}" if found.exposure is not None else ""
    return Table(
        (found.category, f"change of cost{per}", "from", "to"),
        tuple(rows),
        f"Money, {found.stages[1]} against {found.stages[0]}",
    )
