"""The page of two entries of a ledger: what moved, what else changed, who said why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..charts.words import number
from ..render.document import (
    Block,
    Cell,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from ..render.figure import Figure, Interval, Mark, Panel, Rule
from .diff_words import LABELS, difference, ends, headline
from .ledger_words import entry_line, entry_record

if TYPE_CHECKING:
    from ..ledger import Entry
    from .diff_result import LimitsDiff
    from .moved import Changed, Moved

NAMES = {"centre": "centre", "sigma": "sigma", "lower": "lower limit", "upper": "upper limit", "width": "width"}


def document(found: LimitsDiff) -> Document:
    """What moved, what else changed, both entries, the record."""
    sections = [_answer(found), _changed(found), _record(found)]
    subtitle = f"{found.ledger}, entry {found.before.number} against entry {found.after.number}"
    return Document(found.title, tuple(s for s in sections if s.blocks), subtitle, footer(found.provenance))


def figure(found: LimitsDiff) -> Figure:
    """Both entries as centre and limits on one scale, the newer one beneath, with the old centre as a line."""
    marks: list[Mark] = [
        _interval(found.before, 1.0, "before"),
        _interval(found.after, 0.0, "after"),
        Rule(found.before.center, "x", "limit", "centre before"),
    ]
    names = tuple(f"entry {e.number}" for e in (found.after, found.before))
    alt = f"Centre and limits of both entries of {found.ledger}. {headline(found)}"
    return Figure((Panel(tuple(marks), "", categories=names),), found.after.metric, alt, legend=False)


def _interval(entry: Entry, place: float, role: str) -> Interval:
    low, high = (entry.center if end is None else end for end in (entry.lower, entry.upper))
    text = f"entry {entry.number}: {number(entry.center, 5)} ({number(low, 5)} to {number(high, 5)})"
    return Interval(entry.center, low, high, place, role, text)


def _answer(found: LimitsDiff) -> Section:
    centre, sigma = found.moved[0], found.moved[1]
    figures = [KeyFigure(difference(centre), "the centre", _detail(centre))]
    if sigma.ratio is not None:
        figures.append(KeyFigure(f"× {number(sigma.ratio)}", "sigma, new over old", _detail(sigma)))
    blocks: list[Block] = [
        Paragraph(headline(found), "lead"),
        KeyFigures(tuple(figures)),
        FigureBlock(found.figure(), "Centre and limits of both entries; the line is the old centre.", None),
        Table(
            ("limits", "old", "new", "difference", "ratio", "95 % interval", "how"),
            tuple(_row(m) for m in found.moved),
            "What moved. The interval of the centre is one of its difference, that of sigma one of its ratio; sigma is "
            "that of single values, or Laney's sigma z",
        ),
    ]
    blocks += [Paragraph(c.text, "note") for c in found.caveats]
    return Section("What moved", tuple(blocks), "answer")


def _detail(m: Moved) -> str:
    return m.reason if m.interval is None else f"95 % interval {ends(m.interval)}"


def _row(m: Moved) -> tuple[Cell, ...]:
    told = [number(v, 5) for v in (m.old, m.new)]
    interval = "" if m.interval is None else ends(m.interval)
    how = m.reason if m.interval is None else m.interval.method
    ratio = "" if m.ratio is None else number(m.ratio)
    return (NAMES[m.name], *told, difference(m), ratio, interval, how)


def _changed(found: LimitsDiff) -> Section:
    rows = tuple((LABELS[c.name], *(_short(c, text) for text in (c.old, c.new))) for c in found.changed)
    said = tuple((entry_line(e), *entry_record(e)) for e in (found.before, found.after))
    blocks: list[Block] = [
        Table(("what", "old", "new"), rows, "What else the entries say differently"),
        *(Paragraph("; ".join(lines), "note") for lines in said),
    ]
    return Section("What else changed", tuple(blocks), "changed")


def _short(c: Changed, text: str) -> str:
    return text[:12] if c.name == "data_sha256" else text or "-"


def _record(found: LimitsDiff) -> Section:
    facts = (("Ledger", found.ledger),)
    account = f"{found.rows.read:,} entries, of which 2 were compared"
    return record(found, facts, account=account)
