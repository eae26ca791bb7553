"""The page of a capability study: the answer with its six-pack, the indices, the share outside, the distribution, the
record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..charts.report import points_table
from ..charts.words import p_value
from ..render.document import (
    Block,
    Chip,
    Chips,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)  # fmt: skip
from .picture import sensitivity
from .words import DEGREE, NAMES, REASON, expected, expected_ends, interval, limits, number, percent, standing

if TYPE_CHECKING:
    from ..numbers.estimate import Estimate
    from .result import Capability


def document(found: Capability) -> Document:
    """The whole page."""
    sections = [_answer(found), _indices(found), _outside(found), _distribution(found), _record(found)]
    subtitle = f"{found.n:,} values against {limits(found.asked.specification)}"
    return Document(found.title, tuple(s for s in sections if s.blocks), subtitle, footer(found.provenance))


def _answer(found: Capability) -> Section:
    level = number(100 * found.asked.confidence)
    ppk, cpk, outside = found.indices["ppk"], found.indices["cpk"], found.ppm
    figures = [KeyFigure(number(ppk.value), "Ppk", f"{level} % interval {interval(ppk.low, ppk.high)}")]
    if found.stable and not math.isnan(cpk.value) and found.law.name == "normal":
        figures.append(KeyFigure(number(cpk.value), "Cpk", f"{level} % interval {interval(cpk.low, cpk.high)}"))
    count, most = sum(found.study.observed), percent(outside["observed"].total.high / 1e6)
    share = f"{percent(count / found.n)}; up to {most}" if count else f"up to {most} not ruled out"
    figures.append(KeyFigure(f"{count:,} of {found.n:,}", "seen outside", share))
    figures.append(_expected(outside["overall"].total, level))
    blocks: list[Block] = [Paragraph(found.headline, "lead"), KeyFigures(tuple(figures)), _chips(found)]
    blocks.append(FigureBlock(found.figure(), "", points_table(found.chart)))
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _expected(part: Estimate, level: str) -> KeyFigure:
    ends = expected_ends(part)
    value = expected(part).removesuffix(f" ({ends})")
    return KeyFigure(value, "expected outside", f"{level} % interval {ends}" if ends else "")


def _chips(found: Capability) -> Chips:
    gate, law = found.study.gate, found.law
    said = {True: "yes", False: "no", None: "cannot be told"}[gate.stable]
    # a word of reading, not of judgement: open where a reader must take care
    stable = Chip("Is it stable?", said, standing(gate), "neutral" if gate.stable else "open")
    test = law.normality
    if test is None:
        normal = Chip("Is it normal?", "cannot be told", "too few values for a test; the normal law is assumed", "open")
    else:
        how = f"Anderson-Darling A² {number(test.statistic)}, {p_value(test.p)}"
        answer = "yes" if law.name == "normal" and test.p >= 0.05 else "near enough" if law.name == "normal" else "no"
        if law.chosen_by == "asked" and law.name == "normal" and test.p < 0.05:
            answer = "no, but asked for"
        normal = Chip("Is it normal?", answer, how, "neutral" if answer in ("yes", "near enough") else "open")
    spread = law.sensitivity
    chips = [stable, normal]
    if spread is not None and len(spread.ppk) > 1:
        told = f"{number(spread.low)} to {number(spread.high)}"
        detail = f"Ppk over the {len(spread.ppk)} distributions that the data do not contradict"
        chips.append(Chip("Does the distribution matter?", told, detail, "neutral"))
    ppk = found.indices["ppk"]
    if ppk.value > 0 and not math.isnan(ppk.low):
        half = (ppk.high - ppk.low) / 2 / ppk.value
        chips.append(
            Chip("Are there enough values?", f"Ppk ± {percent(half, 2)}", DEGREE[_degree(half)],
                 "neutral" if half <= 0.2 else "open")
        )  # fmt: skip
    return Chips(tuple(chips))


def _degree(half: float) -> str:
    return "close" if half <= 0.1 else "fair" if half <= 0.2 else "rough"


def _indices(found: Capability) -> Section:
    level = number(100 * found.asked.confidence)
    rows = tuple(
        (NAMES[name], number(e.value, 4), interval(e.low, e.high, 4), e.method)
        for name, e in found.indices.items()
        if not math.isnan(e.value)
    )
    z = tuple(
        (f"Z.bench ({kind})", number(e.value, 4), interval(e.low, e.high, 4), e.method)
        for kind, e in found.z_bench.items()
        if not math.isnan(e.value)
    )
    caption = (
        f"Sigma within {number(found.sigma_within, 5)} ({found.sigma_method}), overall {number(found.sigma_overall, 5)}"
    )
    if found.study.between is not None:
        caption += f", between {number(found.study.between, 5)}"
    return Section(
        "Indices", (Table(("index", "value", f"{level} % interval", "formula"), rows + z, caption),), "indices"
    )


def _outside(found: Capability) -> Section:
    names = {
        "observed": "seen",
        "within": "expected, sigma within",
        "overall": f"expected, {found.law.name}, all values",
    }
    rows = []
    for kind, name in names.items():
        part = found.ppm[kind]
        if not math.isnan(part.total.value):
            rows.append((name, *(_with_ends(e) for e in (part.below, part.above, part.total))))
    level = number(100 * found.asked.confidence)
    columns = ("per million", "below LSL", "above USL", "together")
    table = Table(columns, tuple(rows), f"Parts per million beyond each limit, with {level} % intervals")
    return Section("Outside the specification", (table,), "outside")


def _with_ends(e: Estimate) -> str:
    if e.low == e.high:
        return number(e.value)
    return f"{number(e.value)} ({interval(e.low, e.high)})"


def _distribution(found: Capability) -> Section:
    law = found.law
    blocks: list[Block] = []
    parameters = ", ".join(f"{name} {number(value, 5)}" for name, value in law.fitted.parameters.items())
    told = f"{law.name} ({parameters}): {REASON.get(law.chosen_by, law.chosen_by)}."
    blocks.append(Paragraph(told[:1].upper() + told[1:]))
    figure, ladder = sensitivity(found), law.ladder
    if figure is not None and law.sensitivity is not None and len(law.sensitivity.ppk) > 1:
        caption = "Ppk under every distribution that the data do not contradict: what the choice of one would hide."
        blocks.append(FigureBlock(figure, caption))
    if ladder is not None:
        rows = tuple(
            (r.name, number(r.statistic), number(r.p, 2), number(r.aicc, 5), REASON.get(r.reason, r.reason)
             + (f": {r.detail}" if r.detail else ""))
            for r in ladder.rungs
        )  # fmt: skip
        columns = ("distribution", "A²", "p", "AICc", "what became of it")
        caption = "The ladder, in the order in which it was climbed; the first reasonable one is taken"
        blocks.append(Table(columns, rows, caption, folded=True))
    return Section("Distribution", tuple(blocks), "distribution")


def _record(found: Capability) -> Section:
    gate = found.study.gate
    said = f"{gate.judged_by}: {gate.reason}" + ("" if math.isnan(gate.p) else f" ({p_value(gate.p)})")
    return record(found, [("Stability", said)])
