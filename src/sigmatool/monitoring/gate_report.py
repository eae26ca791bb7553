"""The page of the exit criteria, for the meeting that decides."""

from __future__ import annotations

import numpy as np

from ..charts.record import footer, record
from ..render.document import Answer, Block, Document, Section, Table, Tone
from ..render.figure import Bars, Figure, Panel
from ..review.handover_words import SIGNATURES, SIGNERS
from . import gate_words as words
from .gate import Gate

_TONES: dict[str, Tone] = {"pass": "good", "fail": "bad", "not yet": "open", "not asked": "neutral"}
_NEXT = {
    "pass": "Sign, and let operations run by the control plan.",
    "fail": "Mend what failed; a new review decides.",
    "not yet": "Keep the closer watch, close what is open, and ask again.",
}


def picture(found: Gate) -> Figure:
    """How many criteria are met, open and failed."""
    names = ("pass", "not yet", "fail", "not asked")
    counts = np.array([sum(item.status == name for item in found.items) for name in names], dtype=np.float64)
    place = np.arange(1.0, len(names) + 1)
    text = tuple(f"{name}: {int(count)}" for name, count in zip(names, counts, strict=True))
    bars = Bars(place, counts, 0.7, "data", text=text)
    panel = Panel((bars,), "criteria", y_reach=(0.0,))
    return Figure((panel,), "status", words.alt(found), x_kind="order", x_names=names, legend=False)


def document(found: Gate) -> Document:
    """The answer, every criterion with its evidence, and who signs."""
    rows = tuple((item.text, words.STATUS[item.status], item.evidence) for item in found.items)
    tones = tuple(_TONES[item.status] for item in found.items)
    blank = tuple((signer, "", "", "") for signer in SIGNERS)
    blocks: tuple[Block, ...] = (
        Answer(found.status.upper(), found.headline, _NEXT[found.status], _TONES[found.status]),
        Table(("criterion", "status", "evidence"), rows, words.CRITERIA, tones=tones),
        Table(("role", "name", "date", "signature"), blank, SIGNATURES),
    )
    sections = (Section("Can hypercare end?", blocks, "gate"), record(found, account=f"{len(rows)} criteria"))
    return Document(f"Exit criteria: {found.process}", sections, found.at.replace("T", " "), footer(found.provenance))
