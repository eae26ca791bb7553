"""The page of a study of flow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..charts.record import footer, record
from ..charts.words import counted, number, p_value, percent
from ..numbers.estimate import Estimate
from ..render.document import (
    Block,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from .flow_caveat_words import REASONS
from .flow_words import (
    bare,
    half,
    interval,
    interval_signed,
    little_in_words,
    long,
    signed,
    takt_in_words,
)

if TYPE_CHECKING:
    from .flow_change import Change
    from .flow_result import FlowResult

_NAMED: Final = 20
"""Rows of one kind that the page names."""

_MOST_PERIODS: Final = 400


def document(found: FlowResult) -> Document:
    """The whole page: the answer with its pictures, before and after, times, flow, open items, stamps, the record."""
    sections = [_answer(found)]
    if found.change is not None:
        sections.append(_change(found, found.change))
    sections += [_times(found), _flow(found)]
    if found.open:
        sections.append(_ageing(found))
    if found.bad or found.items.touch_long.size:
        sections.append(_bad(found))
    clock = "UTC" if found.items.zoned else "as the stamps show it, without time zones"
    window = f"{found.stamp(found.items.first)} to {found.stamp(found.items.last)}"
    facts = [
        ("Window", window), ("Open items are aged at", found.stamp(found.items.last) + _why(found)), ("Clock", clock),
    ]  # fmt: skip
    sections.append(record(found, facts, account=_account(found)))
    subtitle = f"{found.n:,} items, {found.finished:,} finished and {found.open:,} open; {window}"
    return Document(found.title, tuple(sections), subtitle, footer(found.provenance))


def _why(found: FlowResult) -> str:
    return "" if found.asked.as_of is not None else " (the last stamp in the table)"


def _account(found: FlowResult) -> str:
    r = found.rows
    return (
        f"{r.read:,} read = {r.used:,} used + {r.missing:,} without a start + {r.excluded:,} finished before the "
        f"window + {r.dropped:,} with stamps that cannot be right"
    )


def _answer(found: FlowResult) -> Section:
    s = found.study
    level = f"{number(100 * found.asked.confidence)} % interval"
    middle, slow = found.percentile(0.5), found.percentile(0.85)
    per = s.periods.calendar.per
    figures = [
        *(KeyFigure(long(e.value, found.unit, half(e)), f"{what} are finished within", f"{level} {interval(e)}")
          for e, what in ((middle, "half"), (slow, "85 %"))),
        KeyFigure(number(s.throughput.value), f"finished a {per}", _throughput(found)),
        KeyFigure(f"{found.open:,}", "open now", f"{number(s.flow.average)} on average over the window"),
    ]  # fmt: skip
    if s.efficiency is not None:
        e = s.efficiency
        figures.append(KeyFigure(percent(e.ratio.value), "flow efficiency", f"{percent(e.ratio.low)} to "
                                 f"{percent(e.ratio.high)}; the rest is waiting"))  # fmt: skip
    if s.takt is not None:
        t = s.takt
        figures.append(
            KeyFigure(long(t.takt, t.unit), "takt", f"one was finished every {long(t.observed.value, t.unit)}")
        )
    blocks: list[Block] = [
        Paragraph(found.headline, "lead"),
        KeyFigures(tuple(figures)),
        FigureBlock(found.figure(), "", _periods(found)),
    ]
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _throughput(found: FlowResult) -> str:
    s = found.study
    per = s.periods.calendar.per
    whole = counted(int(s.periods.whole.sum()), f"whole {per}")
    ends = interval(s.throughput)
    return f"{ends}, from {whole}; {number(s.arrivals.value)} arrived" if ends != "-" else f"from {whole}"


def _periods(found: FlowResult) -> Table:
    frame = found.to_frame()
    per = found.study.periods.calendar.per
    caption = f"Each {per}: items that started, that finished, that were inside at its end, and times of the finished"
    if len(frame) > _MOST_PERIODS:
        caption = f"The last {_MOST_PERIODS:,} of {len(frame):,}; the table of the result holds all. {caption}"
        frame = frame.tail(_MOST_PERIODS)
    told = [frame[name].tolist() for name in frame.columns]
    rows = tuple(
        (period, "" if whole else "in part", started, finished, inside, number(middle), number(slow))
        for period, whole, started, finished, inside, middle, slow in zip(*told, strict=True)
    )
    names = (per, "window", "started", "finished", "inside", f"median, {found.unit}", f"85 %, {found.unit}")
    return Table(names, rows, caption, folded=True)


def _times(found: FlowResult) -> Section:
    rows = tuple(
        (percent(share), long(e.value, found.unit, half(e)), interval(e)) for share, e in found.study.percentiles
    )
    level = f"{number(100 * found.asked.confidence)} % interval"
    blocks: list[Block] = [
        Table(("finished", "within", f"{level}, {found.unit}"), rows, "Times from start to end"),
        Paragraph(
            "Open items count: each has taken at least as long as it is old (Kaplan-Meier). The intervals need no "
            "distribution (Brookmeyer and Crowley, 1982).",
            "note",
        ),
    ]
    return Section("How long it takes", tuple(blocks), "times")


def _flow(found: FlowResult) -> Section:
    s = found.study
    blocks: list[Block] = [Paragraph(text) for text in little_in_words(found)]
    f = s.flow
    rows = (
        ("items inside, on average", number(f.average)),
        ("at the start of the window", f"{f.inside_first:,}"),
        ("at its end", f"{f.inside_last:,}"),
        ("started in it", f"{f.arrived:,}"),
        ("finished in it", f"{f.finished:,}"),
        ("inside in the first half, on average", number(s.first_half.average)),
        ("inside in the second half, on average", number(s.second_half.average)),
    )
    blocks.append(Table(("work in process", "items"), rows, "Little's law over the window"))
    if s.takt is not None:
        blocks.append(Paragraph(takt_in_words(found)))
    if s.efficiency is not None:
        e = s.efficiency
        blocks.append(
            Paragraph(
                f"Of the time from start to end, {percent(e.ratio.value)} was work and {percent(1 - e.ratio.value)} "
                f"waiting ({e.n:,} finished items with a touch time; the middle item has {percent(e.median)})."
            )
        )
    return Section(
        "Little's law, takt and efficiency" if s.takt or s.efficiency else "Little's law", tuple(blocks), "flow"
    )


def _ageing(found: FlowResult) -> Section:
    known = [(share, than, count) for share, than, count in found.study.ageing.older if not math.isnan(than)]
    blocks: list[Block] = []
    if known:
        rows = tuple(
            (
                f"the time in which {percent(share)} finish",
                long(than, found.unit),
                f"{count:,}",
                percent(count / found.open),
            )
            for share, than, count in known
        )
        blocks.append(Table(("older than", "which is", "open items", "of the open"), rows, "Open items by age"))
    oldest = found.oldest()[:_NAMED]
    cells = tuple((o["item"], o["start"], number(o["age"]), percent(o["take_longer"])) for o in oldest)
    caption = f"The {len(cells):,} oldest of {found.open:,} open items" if len(cells) < found.open else "Open items"
    blocks.append(Table(("item", "started", f"age, {found.unit}", "items that take longer"), cells, caption))
    return Section("What is open, and how old", tuple(blocks), "ageing")


def _bad(found: FlowResult) -> Section:
    rows = [
        (REASONS[bad.code], str(int(row)), a, b)
        for bad in found.items.bad
        for row, (a, b) in zip(bad.rows[:_NAMED], bad.shown, strict=False)
    ]
    counts = tuple((REASONS[bad.code], f"{bad.rows.size:,}") for bad in found.items.bad)
    long_ones = found.items.touch_long
    if long_ones.size:
        counts = (*counts, ("more touch time than passed (only the touch time is left out)", f"{long_ones.size:,}"))
    blocks: list[Block] = [Table(("stamps that cannot be right", "rows"), counts, "Rows that are in no number")]
    if rows:
        start, end = found.items.columns
        more = any(bad.rows.size > _NAMED for bad in found.items.bad)
        caption = f"The first {_NAMED} of each kind; the JSON names more" if more else "Rows to correct"
        blocks.append(Table(("why", "row", start, end), tuple(rows), caption))
    if long_ones.size:
        shown = ", ".join(str(int(row)) for row in long_ones[:_NAMED])
        blocks.append(Paragraph(f"Rows with more touch time than passed: {shown}.", "note"))
    return Section("Stamps to correct", tuple(blocks), "stamps")


def _change(found: FlowResult, c: Change) -> Section:
    unit = found.unit
    rows: list[tuple[str, str, str, str, str]] = []
    pairs = zip(c.before.percentiles, c.after.percentiles, c.differences, strict=True)
    for (share, was), (_, now), (_, d) in pairs:
        rows.append((f"{percent(share)} are finished within, {unit}", *_both(was, now), *_difference(d)))
    if c.horizon > 0:
        rows.append((f"mean time, stopped at {number(c.horizon)} {unit}", *_both(c.before.mean, c.after.mean),
                     *_difference(c.mean)))  # fmt: skip
    first, second = c.before.wip, c.after.wip
    rows.append(("items inside, on average", number(first), number(second), _plain(second - first), ""))
    per = found.study.periods.calendar.per
    for name, was_rate, now_rate, ratio in (
        (f"finished a {per}", c.before.throughput, c.after.throughput, c.throughput),
        (f"arrived a {per}", c.before.arrivals, c.after.arrivals, c.arrivals),
    ):  # fmt: skip
        told = (
            ("-", "")
            if ratio is None
            else (f"× {number(ratio.value)}", f"× {number(ratio.low)} to {number(ratio.high)}")
        )
        rows.append((name, number(was_rate), number(now_rate), *told))
    level = f"{number(100 * found.asked.confidence)} % interval"
    blocks: list[Block] = [Table(("", "before", "after", "change", level), tuple(rows), _caption(found, c))]
    if c.test is not None:
        blocks.append(
            Paragraph(
                f"Over all ages: {p_value(c.test.p)} (log-rank). At the same age, items after the rollout finish "
                f"{number(c.test.value)} times as fast as items before it.",
            )
        )
    blocks.append(
        Paragraph(
            "A difference between before and after is not yet the work of the rollout: it can be a trend, a season, or "
            "a kinder mix of items. A review of the times, period by period, looks for those.",
            "note",
        )
    )
    return Section("Before and after", tuple(blocks), "change")


def _caption(found: FlowResult, c: Change) -> str:
    sides = ", ".join(
        f"{side.curve.n:,} items {side.name} ({side.curve.ended:,} finished)" for side in (c.before, c.after)
    )
    named = "" if found.asked.label == "rollout" else f" ({found.asked.label})"
    return f"Rollout {found.stamp(c.at)}{named}: {sides}; periods: {c.before.periods} before, {c.after.periods} after"


def _both(was: Estimate, now: Estimate) -> tuple[str, str]:
    def told(e: Estimate) -> str:
        return "not reached" if math.isnan(e.value) else f"{bare(e)} ({interval(e)})"

    return told(was), told(now)


def _difference(d: Estimate) -> tuple[str, str]:
    return ("-", "") if math.isnan(d.value) else (signed(d), interval_signed(d))


def _plain(value: float) -> str:
    text = number(value)
    return f"+{text}" if value > 0 else text
