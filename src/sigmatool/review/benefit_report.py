"""The section of a review's page on what the change is worth."""

from __future__ import annotations

from ..render.document import Block, KeyFigure, KeyFigures, Paragraph, Section, Table
from . import benefit_words as words
from .benefit import Benefit


def benefit_section(b: Benefit, verdict: str, counted: bool) -> Section:
    """What is booked, what it is made of, and when the project has paid for itself."""
    blocks: list[Block] = [Paragraph(words.booked(b, verdict), "lead")]
    if b.value is not None and b.low is not None and b.high is not None:
        span = f"95 % interval {words.amount(b.low, b.unit)} to {words.amount(b.high, b.unit)}"
        blocks.append(
            KeyFigures(
                (
                    KeyFigure(words.amount(b.booked, b.unit), f"booked per {b.per}", words.STATUS[b.status]),
                    KeyFigure(words.amount(b.value, b.unit), f"change of level per {b.per}", span),
                )
            )
        )
    blocks += [Paragraph(told) for told in (words.harm(b, verdict), words.payback(b)) if told]
    blocks.append(Table(words.COLUMNS, tuple(words.rows(b)), words.CAPTION))
    blocks.append(Paragraph(words.assumed(b, counted), "note"))
    return Section("What is it worth?", tuple(blocks), "benefit")
