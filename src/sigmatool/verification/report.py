"""The page of a verification: the answer, the hashes, and every difference with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..charts.record import footer, record
from ..render.document import Answer, Block, Code, Document, Paragraph, Section, Table, Tone
from ..render.figure import Bars, Figure, Panel
from . import words
from .differences import TOLERANCE

if TYPE_CHECKING:
    from .result import Verification

SHOWN = 200
"""Differences that a page shows."""

FEW = 12
"""Parts of a report that are listed without being asked for."""


def document(v: Verification) -> Document:
    """The page of a verification."""
    sections = [Section("The answer", _answer(v), "answer")]
    if v.differences:
        sections.append(Section("What differs", _differences(v), "differences"))
    sections.append(Section("What was compared", _compared(v), "compared"))
    again = Code(v.command, "What was run again")
    sections.append(record(v, before=(again,), title="Method and record"))
    return Document(v.title, tuple(sections), v.report, footer(v.provenance))


def _answer(v: Verification) -> tuple[Block, ...]:
    code = "FOLLOWS" if v.agrees else "DIFFERS"
    answer = Answer(code, v.headline, words.next_step(v), "good" if v.agrees else "bad")
    return answer, *(Paragraph(c.text, "note") for c in v.caveats), _hashes(v)


def _hashes(v: Verification) -> Table:
    rows = tuple((h.of, words.STATE[h.state], (h.recorded or "–")[:16], (h.found or "–")[:16]) for h in v.hashes)
    tones: tuple[Tone, ...] = tuple({"same": "good", "other": "bad"}.get(h.state, "open") for h in v.hashes)  # type: ignore[misc]
    return Table(("hash of", "is", "in the report", "found"), rows, "Are the data those of the report?", tones=tones)


def _differences(v: Verification) -> tuple[Block, ...]:
    rows = tuple((d.path, d.was, d.now) for d in v.differences[:SHOWN])
    told = words.UNTOLD.format(shown=len(rows), total=len(v.differences)) if len(rows) < len(v.differences) else ""
    table = Table(("where", "in the report", "from the data"), rows, "Values that do not come out again")
    return (*((Paragraph(told, "note"),) if told else ()), table)


def _compared(v: Verification) -> tuple[Block, ...]:
    what = words.PAGE if v.page else words.JSON.format(tolerance=TOLERANCE)
    differing = v.differing
    every = {**dict.fromkeys(differing, 0), **v.parts}
    rows = tuple((part or "–", n, differing.get(part, 0)) for part, n in every.items())
    tones: tuple[Tone, ...] = tuple("bad" if differing.get(part) else "good" for part in every)
    table = Table(("part", "values compared", "differing"), rows, "By part", (), tones, folded=len(rows) > FEW)
    text = Paragraph(words.TOLD.format(what=what))
    return (text, table) if every else (text,)


def figure(v: Verification) -> Figure:
    """Values by part: those that differ, or all that were compared where none does."""
    held = v.differing or dict(v.parts)
    role, name = ("outside", "values that differ") if v.differing else ("count", "values compared")
    names = tuple(part or "–" for part in held)
    x, y = np.arange(1.0, len(names) + 1), np.array(list(held.values()), dtype=np.float64)
    text = tuple(f"{part}: {n:,} {name}" for part, n in zip(names, held.values(), strict=True))
    bars = Bars(x, y, 0.7, role, name, text)
    alt = f"Bars of the {name} by part of the report: " + ", ".join(
        f"{part} {n:,}" for part, n in list(held.items())[:6]
    )
    return Figure((Panel((bars,), name, y_reach=(0.0,)),), "part of the report", alt + ".", "order", v.title, False,
                  x_names=names)  # fmt: skip
