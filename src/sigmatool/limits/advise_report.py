"""The page of an advice on limits: what to do, why, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..charts.report import points_table
from ..charts.words import number, percent
from ..render.document import (
    Answer,
    Block,
    Bullets,
    Code,
    Document,
    FigureBlock,
    Paragraph,
    Section,
    Table,
    Tone,
)
from .advise_words import TONES, next_action, sentence
from .diff_words import difference, ends
from .ledger_words import entry_line, entry_record
from .moved import moved

if TYPE_CHECKING:
    from .advise_result import Advice, Question

SOURCE = {"computed": "computed from the points"}
TONE: dict[str, Tone] = {"yes": "good", "no": "bad"}


def document(found: Advice) -> Document:
    """The advice with its questions, the limits in force and the new ones, the record."""
    sections = [_answer(found), _limits(found), record(found, (("Ledger", found.ledger),))]
    subtitle = f"{found.ledger}, entry {found.entry.number}; {found.points:,} new points"
    return Document(found.title, tuple(sections), subtitle, footer(found.provenance))


def _answer(found: Advice) -> Section:
    blocks: list[Block] = [
        Answer(found.advice.upper(), sentence(found), next_action(found), TONES[found.advice], ()),
        Table(
            ("question", "answer", "what it rests on", "source"),
            tuple((q.question, q.answer, q.detail, SOURCE.get(q.source, q.source)) for q in found.questions),
            "The questions to be answered before limits are moved",
            tones=tuple(_tone(q) for q in found.questions),
        ),
    ]
    if len(found.reasons) > 1:
        blocks += [Paragraph("Also:", "lead"), Bullets(found.reasons[1:])]
    if found.freeze_command:
        blocks.append(Code(found.freeze_command, "The command that freezes the new limits"))
    blocks.append(FigureBlock(found.figure(), "The points on the frozen limits.", points_table(found.chart)))
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("The advice", tuple(blocks), "answer")


def _tone(q: Question) -> Tone:
    return "neutral" if q.id == "changed" else TONE.get(q.answer, "open")


def _limits(found: Advice) -> Section:
    names = {"centre": "centre", "sigma": "sigma", "lower": "lower limit", "upper": "upper limit", "width": "width"}
    told = {"centre": found.centre, "sigma": found.sigma}
    rows = []
    for each in moved(found.entry, found.draft, found.level):
        m = told.get(each.name, each)
        interval = "" if m.interval is None else ends(m.interval)
        how = m.reason if m.interval is None else m.interval.method
        ratio = "" if m.ratio is None else number(m.ratio)
        rows.append((names[m.name], number(m.old, 5), number(m.new, 5), difference(m), ratio, interval, how))
    columns = (
        "limits",
        "frozen",
        "of the new points",
        "difference",
        "ratio",
        f"{percent(found.level)} interval",
        "how",
    )
    caption = (
        "The limits in force, and those that the new points would make. The interval of the centre is one of its "
        "difference, that of sigma one of its ratio"
    )
    blocks: list[Block] = [
        Table(columns, tuple(rows), caption),
        Paragraph("; ".join((entry_line(found.entry), *entry_record(found.entry))), "note"),
    ]
    return Section("Limits in force and new", tuple(blocks), "limits")
