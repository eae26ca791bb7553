"""The page of many characteristics: how many fall short, the goal plot, the table, the worst values, the record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..charts.record import footer, record
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
)  # fmt: skip
from .each_picture import notes, worst
from .each_words import by_chance, counted
from .words import expected, interval, limits, number, percent, whole

if TYPE_CHECKING:
    from .each_result import CapabilityEach
    from .each_work import Characteristic
    from .result import Capability

SHOWN = 200
"""Rows of a table that a person still reads; the rest is for programs."""

STABLE = {True: "yes", False: "no", None: "cannot be told"}


def document(found: CapabilityEach) -> Document:
    """The whole page."""
    sections = [_answer(found), _table_section(found), _worst(found), _refused(found), _record(found)]
    subtitle = counted(len(found.characteristics))
    if found.staged:
        subtitle += f", {found.stages[0]} and {found.stages[1]}"
    return Document(found.title, tuple(s for s in sections if s.blocks), subtitle, footer(found.provenance))


def _answer(found: CapabilityEach) -> Section:
    of = f"of {len(found.judged):,}"
    was = f"; {found.below_before:,} {found.stages[0]}" if found.staged else ""
    figures = [KeyFigure(f"{len(found.below):,} {of}", f"with a lower bound of Ppk below {number(found.wanted)}{was}")]
    if found.compared:
        chance = f"{by_chance(found.by_chance)} by chance, were none changed"
        figures.append(KeyFigure(f"{len(found.rose):,} {of}", "whose Ppk rose", chance))
        figures.append(KeyFigure(f"{len(found.fell):,} {of}", "whose Ppk fell", chance))
    figures.append(KeyFigure(f"{len(found.unstable):,} {of}", "not stable", "performance so far, not capability"))
    blocks: list[Block] = [Paragraph(found.headline, "lead"), KeyFigures(tuple(figures))]
    blocks.append(FigureBlock(found.figure(), _read_it(found)))
    blocks += [Paragraph(text, "note") for text in notes(found)]
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _read_it(found: CapabilityEach) -> str:
    told = (
        "Each characteristic in units of its own tolerance: sideways how far its mean is from the target, upwards how "
        "wide it spreads. Below a line Ppk is higher than the line says."
    )
    return f"{told} Arrows lead from {found.stages[0]} to {found.stages[1]}." if found.staged else told


Shown = tuple[tuple["Characteristic", "Capability"], ...]


def _table_section(found: CapabilityEach) -> Section:
    """Two tables: what decides, and the values behind it; all in one would be too wide to read."""
    shown = found.judged[:SHOWN]
    blocks: tuple[Block, ...] = (_staged(found, shown), _staged_values(found, shown)) if found.staged else (
        _table(found, shown), _values(shown)
    )  # fmt: skip
    if len(shown) < len(found.judged):
        more = len(found.judged) - len(shown)
        blocks += (Paragraph(f"{more:,} more are in the JSON (save as .json) and in to_frame().", "note"),)
    return Section("Characteristics", blocks, "characteristics", page_break=True)


def _table(found: CapabilityEach, shown: Shown) -> Table:
    level = number(100 * found.confidence)
    columns = ("characteristic", "specification", "Ppk", f"{level} % interval", "Cpk", "expected outside", "stable")
    rows = tuple(
        (
            c.name, limits(c.specification), number(study.indices["ppk"].value), _ends(study.indices["ppk"]),
            number(study.indices["cpk"].value), expected(study.ppm["overall"].total), STABLE[study.stable],
        )
        for c, study in shown
    )  # fmt: skip
    caption = "The lowest lower bound of Ppk first. Where it is not stable Cpk says nothing: read Ppk, what it did"
    return Table(columns, rows, caption)


def _values(shown: Shown) -> Table:
    rows = tuple(
        (c.name, whole(s.n), number(s.mean, 5), number(s.sigma_overall), _seen(s), s.law.name) for c, s in shown
    )
    columns = ("characteristic", "values", "mean", "standard deviation", "seen outside", "distribution")
    return Table(columns, rows, "The values behind it, in the same order")


def _staged(found: CapabilityEach, shown: Shown) -> Table:
    level, (old, new) = number(100 * found.confidence), found.stages
    columns = (
        "characteristic", "specification", f"Ppk {old}", f"Ppk {new}", "difference", f"{level} % interval",
        f"stable {new}",
    )  # fmt: skip
    rows = []
    for c, study in shown:
        was, d = c.before, c.difference
        rows.append(
            (
                c.name, limits(c.specification), "–" if was is None else _with_ends(was.indices["ppk"]),
                _with_ends(study.indices["ppk"]), "–" if d is None else _signed(d.value),
                "–" if d is None or math.isnan(d.low + d.high) else f"{_signed(d.low)} to {_signed(d.high)}",
                STABLE[study.stable],
            )
        )  # fmt: skip
    caption = f"The lowest lower bound of Ppk {new} first; Ppk has its {level} % interval in brackets"
    return Table(columns, tuple(rows), caption)


def _staged_values(found: CapabilityEach, shown: Shown) -> Table:
    old, new = found.stages
    columns = (
        "characteristic", "values", "mean", "standard deviation", "seen outside", "expected outside", "distribution",
    )  # fmt: skip
    rows = tuple((c.name, *_both(c.before, study)) for c, study in shown)
    return Table(columns, rows, f"The values behind it, in the same order: from {old} to {new} (→)")


def _both(was: Capability | None, now: Capability) -> tuple[str, ...]:
    """Each figure before and after; the distribution once where both have the same."""
    told = [
        [f"{s.n:,}", number(s.mean, 5), number(s.sigma_overall), _seen(s), _outside(s), s.law.name]
        for s in (was, now)
        if s is not None
    ]
    first = told[0] if was is not None else ["–"] * 5 + [now.law.name]
    pairs = list(zip(first, told[-1], strict=True))
    return (*(f"{a} → {b}" for a, b in pairs[:-1]), pairs[-1][1] if len(set(pairs[-1])) == 1 else " → ".join(pairs[-1]))


def _signed(value: float) -> str:
    """With its sign, for a difference."""
    text = f"{value:+.2f}"
    return text.replace("-", "−")


def _ends(e: Estimate) -> str:
    return "–" if math.isnan(e.low) and math.isnan(e.high) else interval(e.low, e.high)


def _with_ends(e: Estimate) -> str:
    return f"{number(e.value)} ({_ends(e)})"


def _seen(study: Capability) -> str:
    below, above = study.study.observed[:2]
    count = below + above
    return f"{count:,} ({percent(count / study.n, 2)})" if count else whole(0)


def _outside(study: Capability) -> str:
    """Without its interval: two of them beside each other are too much to read."""
    part = study.ppm["overall"].total
    ends = expected(part).rpartition(" (")[0]
    return ends or expected(part)


def _worst(found: CapabilityEach) -> Section:
    picture = worst(found)
    n = len(picture.figures)
    words = "The values of the least sure characteristic" if n == 1 else f"The values of the {n} least sure"
    return Section("The least sure", (FigureBlock(picture, f"{words}, with their limits"),), "worst", page_break=n > 2)


def _refused(found: CapabilityEach) -> Section:
    held = (*found.refused, *found.partly)
    if not held:
        return Section("Not judged", ())
    rows = tuple((c.name, "nothing" if not c.judged else found.stages[1], c.reason) for c in held[:SHOWN])
    table = Table(("characteristic", "judged", "reason"), rows, "What could not be judged, and why")
    return Section("Not judged", (table,), "not-judged")


def _record(found: CapabilityEach) -> Section:
    rows = found.rows
    k = len(found.characteristics)
    account = (
        f"{counted(k)} × {found.characteristics[0].rows.read:,} rows = {rows.read:,} cells read = {rows.used:,} used + "
        f"{rows.missing:,} missing + {rows.excluded:,} excluded + {rows.dropped:,} dropped"
    )
    method = (
        "Each characteristic is the study that the verb capability makes of its column: Ppk of all values with its "
        "interval, from percentiles where the values are not normal."
    )
    if found.staged:
        method += (
            " Both stages of one are judged by the same distribution, the first that neither contradicts; the interval "
            "of the difference of Ppk joins those of both (square-and-add; Zou & Donner 2008)."
        )
    return record(found, account=account, before=(Paragraph(method),), title="Method and record")
