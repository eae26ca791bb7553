"""The page of an attribute capability study."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..charts.report import MOST_ROWS, points_table
from ..charts.words import number, p_value, percent, rounded
from ..numbers.estimate import Estimate
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
)
from .attribute_words import DEGREE, ends, enough_told, one, spoken

if TYPE_CHECKING:
    from .attribute_result import AttributeCapability


def document(found: AttributeCapability) -> Document:
    """The whole page: the answer with its pictures, every figure with its interval, the points, the record."""
    sections = (_answer(found), _figures(found), _running(found), record(found))
    noun = "inspected" if found.kind == "binomial" else "units"
    subtitle = (
        f"{found.n:,} points, {number(found.study.counted, 9)} counted on {number(found.study.inspected, 9)} {noun}"
    )
    return Document(found.title, sections, subtitle, footer(found.provenance))


def _answer(found: AttributeCapability) -> Section:
    level = f"{number(100 * found.confidence)} % interval"
    what = "defective" if found.kind == "binomial" else "defects per unit"
    z = found.process_z
    figures = [
        KeyFigure(one(found, found.rate.value), what, f"{level} {ends(found, found.rate)}"),
        _millionth(found),
        KeyFigure(percent(found.yielded.value, 4), "yield", f"{percent(found.yielded.low, 4)} to "
                  f"{percent(found.yielded.high, 4)}"),
        KeyFigure(_z(z), "process Z", _z_interval(z)),
    ]  # fmt: skip
    sigma = found.sigma_level
    if sigma is not None:
        figures.append(KeyFigure(_z(sigma), f"sigma level (with a shift of {number(found.shift)})", _z_interval(sigma)))
    blocks: list[Block] = [Paragraph(found.headline, "lead"), KeyFigures(tuple(figures)), _chips(found)]
    blocks.append(FigureBlock(found.figure(), "", points_table(found.chart)))
    blocks.append(Paragraph(enough_told(found)))
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The answer", tuple(blocks), "answer")


def _millionth(found: AttributeCapability) -> KeyFigure:
    """Per million units, or of defects per million opportunities where units have some."""
    dpo = found.dpo if found.kind == "poisson" else None
    e, times, name = (found.ppm, 1.0, "per million units") if dpo is None else (dpo, 1e6, "DPMO")
    name = "per million inspected" if found.kind == "binomial" else name
    return KeyFigure(rounded(times * e.value), name, f"{rounded(times * e.low)} to {rounded(times * e.high)}")


def _z(z: Estimate) -> str:
    if math.isnan(z.value):
        return f"at least {number(z.low)}" if not math.isnan(z.low) else "-"
    return number(z.value)


def _z_interval(z: Estimate) -> str:
    if math.isnan(z.low) and math.isnan(z.high):
        return ""
    if math.isnan(z.high):
        return f"{number(z.low)} upwards"
    return f"up to {number(z.high)}" if math.isnan(z.low) else f"{number(z.low)} to {number(z.high)}"


def _chips(found: AttributeCapability) -> Chips:
    s = found.study
    said = {True: "yes", False: "no", None: "cannot be told"}[found.stable]
    chips = [Chip("Is it stable?", said, s.stability.reason, "neutral" if found.stable else "open")]
    d = s.dispersion
    detail = f"dispersion {number(d.ratio)} (1 is chance alone), {p_value(d.p)}"
    if s.counted:
        chips.append(
        Chip("Do points differ by chance alone?", "no" if d.beyond_chance else "it seems so", detail,
             "open" if d.beyond_chance else "neutral")
    )  # fmt: skip
    e = s.enough
    answer = "only a bound" if math.isnan(e.relative) else f"rate ± {percent(e.relative, 2)}"
    chips.append(
        Chip("Was enough inspected?", answer, DEGREE[e.degree], "neutral" if e.degree in ("close", "fair") else "open")
    )
    if found.target is not None:
        met = {True: "yes", False: "no", None: "open"}[found.met]
        chips.append(Chip("Is the target met?", met, _asked(found), "neutral" if found.met else "open"))
    return Chips(tuple(chips))


def _asked(found: AttributeCapability) -> str:
    """The target beside the interval."""
    return f"at most {one(found, found.target or 0.0)} was asked for; the interval is {ends(found, found.rate)}"


def _figures(found: AttributeCapability) -> Section:
    s = found.study
    name = "proportion defective" if found.kind == "binomial" else "defects per unit (DPU)"
    rows: list[tuple[str, str, str]] = [(name, spoken(found, s.rate), s.rate.method)]
    if s.widened is not None:
        rows.append((f"{name}, units independent", spoken(found, s.exact), f"{s.exact.method}; too narrow here"))
        told = f"{number(s.widened.design_effect)} times the variance of independent units"
        rows.append(("design effect", number(s.widened.design_effect), told))
    dpo = found.dpo
    if dpo is not None and found.kind == "poisson":
        rows.append(
            ("defects per opportunity (DPO)", _plain(dpo), f"{number(found.opportunities)} opportunities a unit")
        )
        rows.append(("defects per million opportunities (DPMO)", _plain(dpo, 1e6), "a million times DPO"))
    rows.append(("per million units", _plain(found.ppm), "a million times the rate"))
    rows.append(("yield", _plain(found.yielded), found.yielded.method))
    z, of = found.process_z, "the proportion defective" if found.kind == "binomial" else found.failing.method
    rows.append(("process Z", f"{_z(z)} ({_z_interval(z)})", f"of {of}; no shift"))
    sigma = found.sigma_level
    if sigma is not None:
        rows.append((f"sigma level, shift {number(found.shift)}", f"{_z(sigma)} ({_z_interval(sigma)})",
                     "process Z with the shift that was asked for: a convention, not a measurement"))  # fmt: skip
    tested = found.against_target
    if tested is not None:
        rows.append(("distance from target", f"{number(tested.value)} ({number(tested.low)} to {number(tested.high)})",
                     f"{p_value(tested.p)}; {tested.method}"))  # fmt: skip
    caption = f"Every figure with its {number(100 * found.confidence)} % interval"
    return Section("Figures", (Table(("figure", "value", "how"), tuple(rows), caption),), "figures")


def _plain(e: Estimate, times: float = 1.0) -> str:
    value, low, high = (number(float(f"{times * v:.4g}"), 4) for v in (e.value, e.low, e.high))
    return f"{value} ({low} to {high})"


def _running(found: AttributeCapability) -> Section:
    frame = found.to_frame()
    shown = frame.tail(MOST_ROWS)
    columns = ("point", "label", "count", "size", "rate", "running", "low", "high")
    rows = tuple(zip(*(shown[name].tolist() for name in columns), strict=True))
    caption = "The rate of everything inspected up to each point"
    if len(shown) < len(frame):
        caption += f"; the last {len(shown):,} of {len(frame):,}, the JSON holds all"
    formats = ("", "", ",.0f", ",.6g", ".4g", ".4g", ".4g", ".4g")
    return Section(
        "Running rate",
        (
            Table(
                ("point", "at", "count", "size", "rate", "running rate", "low", "high"),
                rows,
                caption,
                formats,
                folded=True,
            ),
        ),
        "running",
    )
