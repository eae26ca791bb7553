"""The page of a study of yields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..charts.words import number, percent, rounded, whole
from ..numbers.estimate import Estimate
from ..render.document import Block, Cell, Document, FigureBlock, KeyFigure, KeyFigures, Paragraph, Section, Table
from . import yield_words as words
from .yield_study import Rolled, finding_of

if TYPE_CHECKING:
    from .yield_result import YieldStudy


def document(found: YieldStudy) -> Document:
    """The answer with its picture, the steps, what changed, the figures, the record."""
    sections = [_answer(found), _steps(found)]
    if found.change is not None:
        sections.append(_change(found))
    sections += [_figures(found), record(found)]
    subtitle = f"{len(found.now.steps):,} steps" + (
        f", {found.stages[0].name} and {found.now.name}" if found.change else ""
    )
    return Document(found.title, tuple(sections), subtitle, footer(found.provenance))


def _answer(found: YieldStudy) -> Section:
    now, level = found.now, f"{number(100 * found.confidence)} % interval"
    figures = [
        KeyFigure(percent(now.rolled.value), "rolled throughput yield (RTY)", f"{level} {words.ends(now.rolled)}")
    ]
    if found.change is not None:
        d = found.change.rolled
        figures.append(KeyFigure(words.points(d.value), f"{now.name} less {found.stages[0].name}",
                                 words.point_ends(d)))  # fmt: skip
    if now.hidden is not None:
        ends = words.ends(now.hidden) if now.hidden.high == now.hidden.high else ""
        figures.append(KeyFigure(percent(now.hidden.value), "hidden factory: good by rework alone", ends))
    if now.dpmo is not None:
        figures.append(
            KeyFigure(rounded(now.dpmo.value), "DPMO", f"{rounded(now.dpmo.low)} to {rounded(now.dpmo.high)}")
        )
    figures.append(
        KeyFigure(percent(now.normalised.value, 4), "normalised yield of a step", words.ends(now.normalised, 4))
    )
    blocks: list[Block] = [Paragraph(found.headline, "lead"), KeyFigures(tuple(figures))]
    whiskers = f"Whiskers: exact {number(100 * found.confidence)} % intervals of each step"
    blocks.append(FigureBlock(found.figure(), whiskers))
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _steps(found: YieldStudy) -> Section:
    blocks: list[Block] = []
    level = number(100 * found.confidence)
    for stage in found.stages:
        where = f", {stage.name}" if found.change is not None else ""
        blocks.append(_yields(stage, f"Every step{where}, with {level} % intervals"))
        if stage.dpu is not None:
            blocks.append(_defects(stage, f"Defects of every step{where}, with {level} % intervals"))
    blocks.append(Paragraph(words.HOW, "note"))
    return Section("Which step loses the most?", tuple(blocks), "steps")


def _yields(stage: Rolled, caption: str) -> Table:
    one = stage.steps[0]
    lost = tuple(n for n in ("rework", "scrap") if getattr(one, n) is not None)
    rows = tuple(
        (
            s.name, whole(int(s.units)), *(whole(int(getattr(s, n))) for n in lost), percent(s.first_time.value, 4),
            words.ends(s.first_time), percent(s.through, 4), percent(s.loss_share), "yes" if s.could_be_worst else "no",
        )
        for s in stage.steps
    )  # fmt: skip
    columns = ("first-time yield", "interval", "still right", "share of loss", "could be worst")
    return Table(("step", "units in", *lost, *columns), rows, caption)


def _defects(stage: Rolled, caption: str) -> Table:
    counted = [(s, s.dpu, s.dpmo) for s in stage.steps if s.dpu is not None]
    chances = all(dpmo is not None for _, _, dpmo in counted)
    rows = tuple(
        (
            s.name, whole(int(s.defects or 0)), number(dpu.value), words.span(dpu),
            *((rounded(dpmo.value), f"{rounded(dpmo.low)} to {rounded(dpmo.high)}") if dpmo is not None else ()),
        )
        for s, dpu, dpmo in counted
    )  # fmt: skip
    columns = ("step", "defects", "DPU", "interval", *(("DPMO", "its interval") if chances else ()))
    return Table(columns, rows, caption)


def _change(found: YieldStudy) -> Section:
    before, now = found.stages[0], found.now
    assert found.change is not None
    rows: list[tuple[Cell, ...]] = [
        _changed(b.name, b.first_time, a.first_time, d)
        for b, a, d in zip(before.steps, now.steps, found.change.steps, strict=True)
    ]
    rows.append(_changed("all steps (RTY)", before.rolled, now.rolled, found.change.rolled))
    columns = ("step", before.name, now.name, "difference", "interval", "finding")
    caption = f"First-time yield, {now.name} less {before.name}, with {number(100 * found.confidence)} % intervals"
    return Section(
        "What changed?", (Table(columns, tuple(rows), caption), Paragraph(words.CHANGE_HOW, "note")), "change"
    )


def _changed(name: str, before: Estimate, after: Estimate, d: Estimate) -> tuple[Cell, ...]:
    ends = words.point_ends(d)
    return name, percent(before.value, 4), percent(after.value, 4), words.points(d.value), ends, finding_of(d)


def _figures(found: YieldStudy) -> Section:
    columns = ("figure", *(stage.name if found.change else "value" for stage in found.stages), "how")
    rows: list[tuple[Cell, ...]] = []

    def row(name: str, told: list[str], how: str) -> None:
        rows.append((name, *told, how))

    stages, now = found.stages, found.now
    row("rolled throughput yield (RTY)", [f"{percent(s.rolled.value, 4)} ({words.ends(s.rolled)})" for s in stages],
        now.rolled.method)  # fmt: skip
    row("total defects per unit (TDPU)", [f"{number(s.loss.value)} ({words.span(s.loss)})" for s in stages], "-ln RTY")
    row("normalised yield", [f"{percent(s.normalised.value, 4)} ({words.ends(s.normalised, 4)})" for s in stages],
        now.normalised.method)  # fmt: skip
    if now.final is not None:
        row("final yield", [percent(s.final, 4) for s in stages], "product of 1 - scrap / units")
    if now.hidden is not None:
        row("hidden factory", [percent(s.hidden.value) for s in stages if s.hidden is not None], now.hidden.method)
        told = [number(sum(step.rework or 0 for step in s.steps), 9) for s in stages]
        row("units reworked", told, "sum over steps")
    if now.dpu is not None:
        row("defects per unit (DPU), all steps", [number(s.dpu) for s in stages], "sum of defects over units by step")
    if now.dpmo is not None:
        row("defects per million opportunities (DPMO)",
            [f"{rounded(s.dpmo.value)} ({rounded(s.dpmo.low)} to {rounded(s.dpmo.high)})" for s in stages if s.dpmo],
            now.dpmo.method)  # fmt: skip
    row("process Z", [f"{number(s.z.value)} ({words.span(s.z)})" for s in stages], f"of {now.z.method}; no shift")
    if found.shift:
        levels = [found.sigma_level(s) for s in stages]
        row(f"sigma level, shift {number(found.shift)}", [f"{number(e.value)} ({words.span(e)})" for e in levels],
            "process Z with the shift that was asked for: a convention, not a measurement")  # fmt: skip
    caption = f"Every figure with its {number(100 * found.confidence)} % interval"
    return Section("Figures", (Table(columns, tuple(rows), caption), Paragraph(words.SHIFT_HOW, "note")), "figures")
