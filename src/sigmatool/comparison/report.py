"""The page of a comparison: the answer first, then the stages, what differs, and how it was reckoned."""

from __future__ import annotations

import math

from ..charts.record import footer, record
from ..render.document import (
    Block,
    Bullets,
    Cell,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from ..render.numeral import Numeral
from .finding import Finding
from .frozen_report import frozen_section
from .methods import sources
from .picture import MOST_PAIRS, SINGLE, differences
from .plain import measured
from .result import Comparison
from .sentences import effect, equivalence_sentence, half, headline, level, measure, noun, onward
from .words import interval, number, probability, shown, where

MOST_ROWS = 2_000
"""Rows of the table of points on a page; a longer one is left to the JSON and to ``to_frame``."""


def document(c: Comparison) -> Document:
    """The answer, the stages, what differs, pairs, the method and the record."""
    sections = [_answer(c), _stages(c), _differs(c)]
    if c.frozen is not None:
        sections.append(frozen_section(c, c.frozen))
    if c.equivalence:
        sections.append(_equivalence(c))
    if c.several:
        sections.append(_pairs(c))
    sections.append(_record(c))
    names = " · ".join(f"{s.name} {s.n}" for s in c.stages[:6]) + (" · …" if len(c.stages) > 6 else "")
    return Document(c.title, tuple(sections), f"points: {names}", footer(c.provenance))


def _answer(c: Comparison) -> Section:
    blocks: list[Block] = [Paragraph(headline(c), "lead"), KeyFigures(tuple(_key_figures(c)))]
    blocks.append(FigureBlock(c.figure(), _caption(c), _points(c)))
    if c.equivalence:
        blocks.append(Paragraph(equivalence_sentence(c)))
    blocks += [Paragraph(caveat.text, "note") for caveat in c.caveats]
    blocks.append(Paragraph(onward(c), "note"))
    return Section("The answer", tuple(blocks), "answer")


def _caption(c: Comparison) -> str:
    _, what = measured(c.scale)
    each = "each dot is one point of the table" if c.compared.counted else "each dot is one value"
    many = any(s.values > SINGLE for s in c.stages)
    outline = f" (of more than {SINGLE} the outline of their histogram)" if many else ""
    return (
        f"Every {noun(c)} on one scale: {each}{outline}; beneath them the {what} with its "
        f"{number(100 * c.confidence, 4)} % interval."
    )


def _key_figures(c: Comparison) -> list[KeyFigure]:
    f = c.main
    told = [KeyFigure(_effect(c, f), f"{measure(c, f)}, {f.second} against {f.first}", _range(c, f))]
    if f.kind == "difference" and f.relative is not None:
        doubt = 100 * half(f) / abs(f.before) if f.before else math.nan
        share = f"{shown(100 * abs(f.relative), doubt)} % {'lower' if f.relative < 0 else 'higher'}"
        told.append(KeyFigure(share, f"relative to the {f.measure} {where(f.first)}"))
    told += [
        KeyFigure(_effect(c, e), f"effect size, {e.tested.method.split(',')[0]}", _range(c, e))
        for e in c.effect_size[:1]
    ]
    told += [
        KeyFigure(effect(c, s), f"the {s.measure}, {s.second} against {s.first}", _range(c, s))
        for s in c.spread[:1]
        if s.kind == "ratio"
    ]
    told += [
        KeyFigure(f"{shown(p.before, half(p))} → {shown(p.after, half(p))}", f"{p.measure}, {p.first} → {p.second}",
                  f"difference, {_range(c, p)}")
        for p in c.capability[:1]
        if math.isfinite(p.before) and math.isfinite(p.after)
    ]  # fmt: skip
    direction = c.direction(f)
    if direction is not None:
        told.append(KeyFigure(direction, f"the way it went; {c.better} is better"))
    return told


def _effect(c: Comparison, f: Finding) -> str:
    return shown(f.tested.value, half(f)) if f.kind == "effect size" else effect(c, f)


def _range(c: Comparison, f: Finding) -> str:
    t = f.tested
    if f.question not in ("level", "proportion", "rate", "spread"):
        return f"{_of(c)} {' to '.join(shown(v, half(f)) for v in (t.low, t.high))}"
    share = c.percent and f.kind == "difference"
    return interval(t.low, t.high, c.confidence, half(f), f.kind == "ratio", share)


def _points(c: Comparison) -> Table | None:
    frame = c.to_frame()
    if len(frame) > MOST_ROWS:
        return None
    rows = tuple(tuple(_cell(v) for v in row) for row in frame.itertuples(index=False, name=None))
    return Table(tuple(str(name) for name in frame.columns), rows, "Every point that was compared", folded=True)


def _cell(value: object) -> Cell:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int | str) else None if value is None else str(value)


def _stages(c: Comparison) -> Section:
    limits = f"{number(100 * c.confidence, 4)} % interval"
    if c.compared.counted:
        what = "share" if c.percent else "rate"
        columns = (noun(c), "points", "events", c.compared.size_name or "exposure", what, limits, "method")
        unit = " %" if c.percent else ""
        rows = tuple(
            (
                s.name, s.n, Numeral(f"{s.events:,.15g}", s.events), Numeral(f"{s.size:,.15g}", s.size),
                Numeral(shown(s.level, (s.high - s.low) / 2, c.percent, 1) + unit, s.level, share=c.percent),
                f"{shown(s.low, (s.high - s.low) / 2, c.percent, 1)} to "
                f"{shown(s.high, (s.high - s.low) / 2, c.percent, 1)}{unit}",
                s.method,
            )
            for s in c.stages
        )  # fmt: skip
        return Section(f"{noun(c).capitalize()}s", (Table(columns, rows, "What was seen in each"),), "stages")
    middle = ("geometric mean",) if c.scale == "duration" else ()
    columns = (noun(c), "points", "values", "mean", *middle, limits, "sd", "median", "min", "max")
    measured = tuple(_measured(c, i) for i in range(len(c.stages)))
    of = "geometric mean" if middle else "mean"
    return Section(
        f"{noun(c).capitalize()}s",
        (
            Table(
                columns,
                measured,
                f"What was seen in each; the interval is that of the {of}, points taken as independent",
            ),
        ),
        "stages",
    )


def _measured(c: Comparison, place: int) -> tuple[Cell, ...]:
    s = c.stages[place]
    doubt = min((o.high - o.low) / 2 for o in c.stages)
    middle = (shown(s.level, doubt, more=1),) if c.scale == "duration" else ()
    return (
        s.name, s.n, s.values, shown(s.mean, doubt, more=1), *middle,
        f"{shown(s.low, doubt, more=1)} to {shown(s.high, doubt, more=1)}", number(s.sd, 4),
        *(shown(v, doubt, more=1) for v in (s.median, s.minimum, s.maximum)),
    )  # fmt: skip


def _differs(c: Comparison) -> Section:
    findings = (*c.level, *c.proportion, *c.rate, *c.spread, *c.capability, *c.effect_size)
    blocks: list[Block] = []
    forest = [f for f in (*c.level, *c.proportion, *c.rate) if f.kind == c.main.kind]
    if not c.several and len(forest) > 1:
        title = f"What each method says of {measure(c, c.main)}"
        blocks.append(FigureBlock(differences(c, tuple(forest), title), f"{title}; the first leads. {_lines(c)}"))
    columns = ("question", c.main.first, c.main.second, "difference", _of(c), "p", "method")
    if c.several:
        columns = ("question", "first", "second", "difference", _of(c), "p", "method")
    rows = tuple(_row(c, f, named=c.several) for f in findings)
    caption = (
        "What differs: the first line of a question leads; a difference is second minus first, a ratio second over "
        "first; effect sizes take points as independent"
    )
    blocks.append(Table(columns, rows, caption))
    return Section("What differs", tuple(blocks), "differs")


def _lines(c: Comparison) -> str:
    named = " The lines named worthwhile are the smallest worthwhile effect." if c.equivalence else ""
    return f"The dashed line is no difference.{named}"


def _of(c: Comparison) -> str:
    return f"{number(100 * c.confidence, 4)} % interval"


def _row(c: Comparison, f: Finding, named: bool = False) -> tuple[Cell, ...]:
    """A finding as a line of a table: question, both values, effect, interval, p, method."""
    question = f.question if f.measure in ("", f.question) else f"{f.question}: {f.measure}"
    ends = (_value(c, f, f.before), _value(c, f, f.after))
    if named:
        told = [f"{name}: {end}" if end != "-" else name for name, end in zip((f.first, f.second), ends, strict=True)]
        ends = told[0], told[1]
    return (question, *ends, *_numbers(c, f), probability(f.tested.p), f.tested.method)


def _value(c: Comparison, f: Finding, value: float) -> str:
    if f.question in ("level", "proportion", "rate"):
        return level(c, f, value)
    return number(value, 4)


def _numbers(c: Comparison, f: Finding) -> tuple[str, str]:
    """The effect and its interval, in figures."""
    t = f.tested
    if f.kind == "difference" and f.question != "capability":
        doubt = half(f)
        unit = " points" if c.percent else ""
        sign = "+" if t.value > 0 else ""
        low, high = (shown(v, doubt, c.percent, 1) for v in (t.low, t.high))
        return _signed(f"{sign}{shown(t.value, doubt, c.percent, 1)}{unit}", t.value), _ends(low, high)
    sign = "× " if f.kind == "ratio" else ""
    low, high = (number(v) for v in (t.low, t.high))
    return _signed(f"{sign}{number(t.value)}", t.value), _ends(low, high)


def _signed(text: str, value: float) -> str:
    return Numeral(text, value) if math.isfinite(value) else text


def _ends(low: str, high: str) -> str:
    return "-" if low == "-" and high == "-" else f"{low} to {high}"


def _equivalence(c: Comparison) -> Section:
    columns = ("second against first", "answer", "effect", "interval", "bounds", "p", "method")
    rows = []
    for e in c.equivalence:
        times = 100.0 if c.percent and e.kind == "difference" else 1.0
        sign = "× " if e.kind == "ratio" else ""
        told = [f"{sign}{number(times * v, 4)}" for v in (e.value, e.low, e.high, e.below, e.above)]
        name = f"{number(100 * e.confidence, 4)} %: {told[1]} to {told[2]}"
        rows.append(
            (
                f"{e.second} against {e.first}",
                e.answer,
                told[0],
                name,
                f"{told[3]} to {told[4]}",
                probability(e.p),
                e.method,
            )
        )
    caption = "Held against the smallest worthwhile effect: equivalent where the whole interval lies inside the bounds"
    return Section("Equivalence", (Table(columns, tuple(rows), caption),), "equivalence")


def _pairs(c: Comparison) -> Section:
    blocks: list[Block] = []
    tests = tuple(
        (
            o.question,
            number(o.tested.statistic, 4),
            _dof(o.tested.dof, o.tested.dof2),
            probability(o.tested.p),
            o.tested.method,
        )
        for o in c.overall
    )
    blocks.append(
        Table(("question", "statistic", "degrees of freedom", "p", "method"), tests, "Does anything differ at all?")
    )
    if c.pairs:
        title = "Every pair, adjusted for their number"
        cut = f"; the first {MOST_PAIRS} of {len(c.pairs)}" if len(c.pairs) > MOST_PAIRS else ""
        blocks.append(FigureBlock(differences(c, c.pairs, title), f"{title}{cut}. {_lines(c)}"))
    columns = ("question", "first", "second", "difference", _of(c), "p", "method")
    blocks.append(
        Table(
            columns,
            tuple(_row(c, f, named=True) for f in c.against_first),
            "Each against the first, adjusted for their number",
        )
    )
    blocks.append(
        Table(columns, tuple(_row(c, f, named=True) for f in c.pairs), "Every pair, adjusted for their number")
    )
    return Section("More than two", tuple(blocks), "pairs")


def _dof(first: float, second: float) -> str:
    return ", ".join(number(v, 4) for v in (first, second) if math.isfinite(v)) or "-"


def _record(c: Comparison) -> Section:
    facts = [("Pairs", c.paired.text)] if c.paired is not None else []
    return record(c, facts, before=(Bullets(sources(c)),), title="Method and record", id="method")
