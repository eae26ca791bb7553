"""The page of a capability study: the answer with its six-pack, what went in, indices, share outside, distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..charts.record import footer, record
from ..charts.report import points_table
from ..charts.words import counted, p_value, probability, rounded, shown
from ..render.document import (
    Block,
    Chip,
    Chips,
    Document,
    Facts,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)  # fmt: skip
from .picture import sensitivity
from .words import (
    DEGREE,
    FIT,
    NAMES,
    REASON,
    against,
    ends,
    expected,
    expected_ends,
    fits,
    index,
    judged,
    limits,
    number,
    percent,
    share,
)

if TYPE_CHECKING:
    from ..numbers.estimate import Estimate
    from .law import Law
    from .result import Capability


def document(found: Capability) -> Document:
    """The whole page."""
    sections = [_answer(found), _process(found), _indices(found), _outside(found), _distribution(found), _record(found)]
    subtitle = f"{found.n:,} values against {against(found)}"
    return Document(found.title, tuple(s for s in sections if s.blocks), subtitle, footer(found.provenance))


def _level(found: Capability) -> str:
    return f"{number(100 * found.asked.confidence)} % interval"


def _answer(found: Capability) -> Section:
    level = _level(found)
    ppk, cpk, outside = found.indices["ppk"], found.indices["cpk"], found.ppm
    count, seen = sum(found.study.observed), outside["observed"].total
    told = (
        f"{expected(seen)}, {level} {expected_ends(seen)}" if count
        else f"up to {share(seen.high, 2, seen.high >= 10_000)} not ruled out"
    )  # fmt: skip
    ends_expected = expected_ends(outside["overall"].total)
    figures = [
        KeyFigure(f"{count:,} of {found.n:,}", "seen outside", told),
        KeyFigure(
            expected(outside["overall"].total), "expected outside", f"{level} {ends_expected}" if ends_expected else ""
        ),
        KeyFigure(index(ppk), "Ppk (all values)", f"{level} {ends(ppk)}"),
    ]
    if found.stable and not math.isnan(cpk.value) and found.law.name == "normal":
        figures.append(KeyFigure(index(cpk), "Cpk (sigma within)", f"{level} {ends(cpk)}"))
    blocks: list[Block] = [Paragraph(found.headline, "lead"), KeyFigures(tuple(figures)), _chips(found)]
    blocks.append(FigureBlock(found.figure(), "", points_table(found.chart)))
    blocks += [Paragraph(text, "note") for text in _marked(found)]
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _marked(found: Capability) -> list[str]:
    """Why a process counts as stable although its chart marks points."""
    signals = len(found.chart.signals)
    if not (found.stable and signals):
        return []
    return [
        f"The charts mark {counted(signals, 'signal')}, places to look. {found.chart.false_alarm.text} Whether the "
        f"process is stable is judged by the whole series at once: {judged(found.study.gate)}."
    ]


def _chips(found: Capability) -> Chips:
    gate, law, ppk = found.study.gate, found.law, found.indices["ppk"]
    chips = []
    # a word of reading, not of judgement: open where a reader must take care
    if not math.isnan(ppk.value):
        fit = fits(found.ppk_of_any)
        chips.append(Chip("Does it fit the specification?", *FIT[fit], "neutral" if fit else "open"))
    said = {True: "yes", False: "no", None: "cannot be told"}[gate.stable]
    chips += [Chip("Is it stable?", said, judged(gate), "neutral" if gate.stable else "open"), _normal(law)]
    spread = law.sensitivity
    if spread is not None and len(spread.ppk) > 1:
        told = f"{number(spread.low)} to {number(spread.high)}"
        detail = f"Ppk over the {len(spread.ppk)} distributions that the data do not contradict"
        chips.append(Chip("Does the distribution matter?", told, detail, "neutral"))
    if ppk.value > 0 and not math.isnan(ppk.low):
        half = (ppk.high - ppk.low) / 2 / ppk.value
        chips.append(
            Chip("Are there enough values?", f"Ppk ± {percent(half, 2)}", DEGREE[_degree(half)],
                 "neutral" if half <= 0.2 else "open")
        )  # fmt: skip
    return Chips(tuple(chips))


def _normal(law: Law) -> Chip:
    test = law.normality
    if test is None:
        return Chip(
            "Is it normal?", "cannot be told", f"too few values for a test; the {law.name} law is assumed", "open"
        )
    how = f"Anderson-Darling A² {number(test.statistic)}, {p_value(test.p)}"
    answer = "yes" if law.name == "normal" and test.p >= 0.05 else "near enough" if law.name == "normal" else "no"
    if law.chosen_by == "asked" and law.name == "normal" and test.p < 0.05:
        answer = "no, but asked for"
    if answer == "no":
        how += f"; read from {law.name}"
    return Chip("Is it normal?", answer, how, "neutral" if answer in ("yes", "near enough") else "open")


def _degree(half: float) -> str:
    return "close" if half <= 0.1 else "fair" if half <= 0.2 else "rough"


def _process(found: Capability) -> Section:
    """What went in: the specification, the values, and how they spread."""
    x, spec, study = found.study.x, found.asked.specification, found.study
    doubt = found.sigma_overall / math.sqrt(found.n)
    values, groups = f"{found.n:,}", found.points.values[~found.points.excluded]
    if groups.shape[1] > 1:
        sizes = np.isfinite(groups).sum(axis=1)
        sizes = sizes[sizes > 0]
        many = f"{sizes.min()}" if sizes.min() == sizes.max() else f"{sizes.min()} to {sizes.max()}"
        values += f" in {sizes.size:,} subgroups of {many}"
    facts = [("Specification", limits(spec, found.asked.boundaries))]
    facts += [
        ("Boundary", f"{number(limit, 8)}: nothing can lie {where} it")
        for name, limit, where in (("lsl", spec.lsl, "below"), ("usl", spec.usl, "above"))
        if name in found.asked.boundaries
    ]
    if spec.target is not None:
        facts.append(("Target", number(spec.target, 8)))
    facts += [
        ("Values", values),
        ("Mean", shown(found.mean, doubt, more=1)),
        ("Smallest and largest", f"{number(float(x.min()), 8)} and {number(float(x.max()), 8)}"),
        ("Sigma within", f"{number(found.sigma_within, 4)} ({found.sigma_method})"),
    ]
    if study.between is not None:
        facts.append(("Sigma between", number(study.between, 4)))
    facts.append(("Sigma overall", f"{number(found.sigma_overall, 4)} (of all values)"))
    return Section("The process", (Facts(tuple(facts)),), "process")


def _indices(found: Capability) -> Section:
    named = [(NAMES[name], e) for name, e in found.indices.items()]
    named += [(f"Z.bench ({kind})", e) for kind, e in found.z_bench.items()]
    rows = tuple((name, index(e, 1), ends(e, 1), e.method) for name, e in named if not math.isnan(e.value))
    caption = "Cp to Cpkm take sigma within, Pp to Ppk all values"
    return Section("Indices", (Table(("index", "value", _level(found), "formula"), rows, caption),), "indices")


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
    if e.low == e.high or math.isnan(e.low):
        return rounded(e.value)
    value, low, high = (rounded(v) if v >= 0.001 or v == 0 else "< 0.001" for v in (e.value, e.low, e.high))
    return f"{value} ({'0' if low.startswith('<') else low} to {high})"


def _distribution(found: Capability) -> Section:
    law = found.law
    blocks: list[Block] = []
    parameters = ", ".join(f"{name} {number(value, 5)}" for name, value in law.fitted.parameters.items())
    told = f"Taken: {law.name} ({parameters}), {REASON.get(law.chosen_by, law.chosen_by)}."
    blocks.append(Paragraph(told))
    figure, ladder = sensitivity(found), law.ladder
    if figure is not None and law.sensitivity is not None and len(law.sensitivity.ppk) > 1:
        caption = "Ppk under every distribution that the data do not contradict: what the choice of one would hide."
        if law.chosen_by != "asked":
            level = number(100 * found.asked.confidence)
            caption += f" With this doubt Ppk lies from {ends(found.ppk_of_any)} ({level} %)."
        blocks.append(FigureBlock(figure, caption))
    if ladder is not None:
        rows = tuple(
            (r.name, number(r.statistic), probability(r.p), number(r.aicc, 5), REASON.get(r.reason, r.reason)
             + (f": {r.detail}" if r.detail else ""))
            for r in ladder.rungs
        )  # fmt: skip
        columns = ("distribution", "A²", "p", "AICc", "what became of it")
        caption = "The ladder, in the order in which it was climbed; the first reasonable one is taken"
        blocks.append(Table(columns, rows, caption, folded=True))
    return Section("Distribution", tuple(blocks), "distribution")


def _record(found: Capability) -> Section:
    gate = found.study.gate
    return record(found, [("Stability", f"{gate.judged_by}: {judged(gate)}")])
