"""The page of an attribute agreement study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..charts.words import counted, number, p_value, percent, whole
from ..numbers.estimate import Estimate
from ..render.document import Block, Document, KeyFigure, Paragraph, Section, Table
from .agreement_result import AIAG
from .study_report import answer, ends, level_told, page, share_ends

if TYPE_CHECKING:
    from .agreement_result import AttributeAgreement
    from .agreement_study import Agreed

NAMES: Final = {
    "kappa": "kappa", "ac1": "Gwet's AC1", "kappa_linear": "weighted kappa, linear",
    "kappa_quadratic": "weighted kappa, quadratic", "ac2": "Gwet's AC2, quadratic", "w": "Kendall's W",
    "tau": "Kendall's tau-b",
}  # fmt: skip


def _main(found: AttributeAgreement) -> tuple[Agreed, str]:
    s = found.study
    if s.all_against is not None:
        who = "all appraisers" if len(s.against) > 1 else s.against[0].name
        return s.all_against, f"{who} always name the standard's category" if len(s.against) > 1 else (
            f"{who} always names the standard's category"
        )
    if s.between is not None:
        return s.between, "all appraisers agree"
    return s.within[0], f"{s.within[0].name} agrees with himself or herself"


def headline(found: AttributeAgreement) -> str:
    """The share of parts on which all agree, and kappa."""
    if not (found.study.all_against or found.study.between or found.study.within):
        return f"{found.metric}: one rating a part, and no standard: there is nothing to agree with."
    main, said = _main(found)
    k = main.coefficients["kappa"]
    return (
        f"{found.metric}: on {main.count:,.0f} of {main.of:,.0f} parts ({percent(main.share.value)}, "
        f"{share_ends(main.share)}) {said}; kappa {number(k.value)} ({ends(k, 3)})."
    )


def document(found: AttributeAgreement) -> Document:
    """Agreement with its picture, each comparison, decisions, the record."""
    s, level = found.study, level_told(found.confidence)
    figures = []
    if s.all_against or s.between or s.within:
        main, said = _main(found)
        figures = [
            KeyFigure(percent(main.share.value), f"of parts: {said}", f"{level} {share_ends(main.share)}"),
            *(
                KeyFigure(
                    number(main.coefficients[key].value), NAMES[key], f"{level} {ends(main.coefficients[key], 3)}"
                )
                for key in ("kappa", "ac1")
            ),
        ]
    sections = [answer(found, figures, found.figure())]
    blocks: list[Block] = []
    sets = (
        (s.within, "Within appraisers: does each agree with himself or herself?"),
        (s.against, "Each appraiser against the standard"),
        ([s.all_against] if s.all_against and len(s.against) > 1 else [], "All appraisers against the standard"),
        ([s.between] if s.between else [], "Between appraisers: all ratings of a part the same"),
        (s.pairs if len(s.pairs) > 1 or found.rated.ordered else (), "Two appraisers, trial by trial (Cohen)"),
    )
    for held, caption in sets:
        if held:
            blocks += _tables(held, caption, level)
    blocks += _categories(found, level)
    if blocks:
        sections.append(Section("Agreement", tuple(blocks), "agreement"))
    if s.decisions:
        sections.append(_decisions(found, level))
    sections.append(Section("Categories", (_named(found),), "categories"))
    h = found.rated
    subtitle = (
        f"{counted(len(h.parts), 'part')}, {counted(len(h.appraisers), 'appraiser')}, "
        f"{counted(h.trials, 'trial')}, {counted(len(h.categories), 'category').replace('categorys', 'categories')}"
    )
    return page(found, found.title, subtitle, sections)


def _tables(held: Sequence[Agreed], caption: str, level: str) -> list[Block]:
    """Shares, and a coefficient a row."""
    keys = list(held[0].coefficients)
    first = tuple((a.name, f"{a.count:,.0f} of {a.of:,.0f}", percent(a.share.value), share_ends(a.share)) for a in held)
    rows = tuple(
        (a.name, NAMES[key], number(a.coefficients[key].value), ends(a.coefficients[key], 3))
        for a in held
        for key in keys
    )
    return [
        Table(("who", "parts", "agreement", f"{level}, exact"), first, caption),
        Table(("who", "coefficient", "value", level), rows, "Beyond chance"),
    ]


def _categories(found: AttributeAgreement, level: str) -> list[Block]:
    s = found.study
    if not s.categories:
        return []
    rows = tuple(
        (name, number(e.value), ends(e, 3)) for name, e in zip(found.rated.categories, s.categories, strict=True)
    )
    blocks: list[Block] = [
        Table(("category", "kappa", level), rows, "Each category against all others, among all ratings (Fleiss)")
    ]
    if s.z == s.z:
        blocks.append(
            Paragraph(f"Is there agreement beyond chance at all? z {number(s.z)}, {p_value(s.p)} (Fleiss).", "note")
        )
    return blocks


def _decisions(found: AttributeAgreement, level: str) -> Section:
    rows = tuple(
        (d.name, _rate(d.effectiveness), *((_rate(d.miss), _rate(d.false_alarm)) if d.miss and d.false_alarm else ()))
        for d in found.study.decisions
    )
    columns = ("appraiser", "effectiveness", *(("miss rate", "false-alarm rate") if len(rows[0]) > 2 else ()))
    e, m, f = AIAG["effectiveness"], AIAG["miss"], AIAG["false_alarm"]
    told = (
        f"AIAG calls an appraiser acceptable from {percent(e['acceptable'])} effectiveness, up to "
        f"{percent(m['acceptable'])} misses and {percent(f['acceptable'])} false alarms, and marginal from "
        f"{percent(e['marginal'])}, up to {percent(m['marginal'])} and {percent(f['marginal'])}. That is a convention: "
        "what a miss costs is for you to say, and the intervals show how little a small study knows."
    )
    blocks = (
        Table(columns, rows, f"Decisions against the standard, each with its {level}"),
        Paragraph(
            "Effectiveness: parts always judged as the standard has it. Miss: a rating that passes a bad part. False "
            "alarm: a rating that fails a good one.", "note"
        ),
        Paragraph(told, "note"),
    )  # fmt: skip
    return Section("Decisions", blocks, "decisions")


def _rate(e: Estimate | None) -> str:
    return "-" if e is None or e.value != e.value else f"{percent(e.value)} ({share_ends(e)})"


def _named(found: AttributeAgreement) -> Table:
    named = found.named()
    rows = tuple((who, *(whole(v) for v in held.values())) for who, held in named.items())
    return Table(("who", *found.rated.categories), rows, "How often each category was named")
