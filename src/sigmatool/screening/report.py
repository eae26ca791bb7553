"""The page of a screen: how many need attention, which first, and every stream to look into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.record import footer
from ..render.document import Block, Document, FigureBlock, Paragraph, Section

if TYPE_CHECKING:
    from .result import Screen


def document(r: Screen) -> Document:
    """Counts first, then the streams by need of attention."""
    picture = r.figure()
    blocks: list[Block] = [Paragraph(r.headline, "lead"), FigureBlock(picture, picture.alt)]
    blocks += [Paragraph(c.text, "note") for c in r.caveats]
    return Document(r.title, (Section("The answer", tuple(blocks), "answer"),), "", footer(r.provenance))
