"""The page of a history: the total, what is due, and each chain with its rollouts, its links and its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.record import footer, record
from ..render.document import (
    Block,
    Document,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Tone,
)
from ..review.words import TONE, moved
from . import words
from .picture import levels

if TYPE_CHECKING:
    from .result import Chain, History


def document(h: History) -> Document:
    """The page of a history."""
    sections = [Section("The answer", _answer(h), "answer")]
    if h.agenda:
        sections.append(Section("When to review again", (_agenda(h),), "due"))
    for place, chain in enumerate(h.chains):
        title = chain.metric if len(h.chains) > 1 else "Rollout by rollout"
        sections.append(Section(title, _chain(chain, alone=len(h.chains) == 1), f"chain-{place + 1}"))
    files = f"{h.rows.read:,} files read = {h.rows.used:,} reviews + {h.rows.dropped:,} left out"
    method = Paragraph(words.METHOD)
    sections.append(record(h, account=files, before=(method,), title="Method and record"))
    subtitle = f"{len(h.entries)} reviewed rollouts" + (f", as of {h.at}" if h.at else "")
    return Document(h.title, tuple(sections), subtitle, footer(h.provenance))


def _answer(h: History) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph(h.headline, "lead")]
    if len(h.chains) == 1:
        blocks.append(_total(h.chains[0]))
        picture = levels(h.chains[0])
        blocks.append(FigureBlock(picture, picture.alt))
    else:
        blocks.append(_overview(h))
    return (*blocks, *(Paragraph(c.text, "note") for c in h.caveats))


def _total(chain: Chain) -> KeyFigures:
    whole, share = chain.whole, chain.scale == "proportion"
    figures = [KeyFigure(words.change(chain, whole.difference), "in all", f"{chain.unit}, {chain.better} is better")]
    if whole.ratio is not None:
        figures.append(KeyFigure(words.ratio(whole.ratio), "of the level before"))
    if whole.effects is not None and len(chain.entries) > 1:
        figures.append(KeyFigure(moved(whole.effects, share), "effects added up", "leaves out what moved between"))
    return KeyFigures(tuple(figures))


def _overview(h: History) -> Table:
    rows = tuple(
        (
            c.metric, c.better, len(c.entries), words.level(c, c.entries[0].review.before.mean.value),
            words.level(c, c.entries[-1].review.after.mean.value), words.change(c, c.whole.difference),
            words.ratio(c.whole.ratio), c.slipped, c.broken,
        )
        for c in h.chains
    )  # fmt: skip
    tones: dict[bool | None, Tone] = {True: "good", False: "bad", None: "open"}
    names = ("metric", "better", "rollouts", "first level", "last level", "in all", "ratio", "slipped", "links broken")
    return Table(
        names, rows, "What the rollouts of each metric add up to", (), tuple(tones[c.whole.better] for c in h.chains)
    )


def _agenda(h: History) -> Table:
    tones: dict[str, Tone] = {"overdue": "bad", "due": "open", "later": "neutral"}
    several = len(h.chains) > 1
    rows = tuple(
        (*((c.metric,) if several else ()), e.review.rollout, words.due(e), e.review.verdict, e.review.again_text)
        for c, e in h.agenda
    )
    marks = tuple(tones.get(e.due, "neutral") for _, e in h.agenda)
    names = (*(("metric",) if several else ()), "rollout", "next review", "verdict", "what for")
    return Table(names, rows, "Reviews to make again", (), marks)


def _chain(chain: Chain, alone: bool) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if not alone:
        picture = levels(chain)
        blocks += [_total(chain), FigureBlock(picture, picture.alt)]
    blocks.append(_rollouts(chain))
    if chain.links:
        blocks += [_links(chain), Paragraph(words.SLIPPED, "note")]
    old = [(r, entry) for entry in chain.entries for r in entry.replaced]
    if old:
        rows = tuple((r.rollout, r.file, r.after.n, r.verdict, entry.review.file) for r, entry in old)
        names = ("rollout", "file", "points after", "verdict", "replaced by")
        blocks.append(Table(names, rows, "Earlier reviews of the same rollouts"))
    return tuple(blocks)


def _rollouts(chain: Chain) -> Table:
    rows, tones = [], []
    for entry in chain.entries:
        r = entry.review
        effect = "–" if r.effect is None else words.change(chain, r.effect)
        rows.append(
            (r.rollout, r.verdict, effect, words.level_told(chain, r.before.mean), r.before.n,
             words.level_told(chain, r.after.mean), r.after.n, r.file)
        )  # fmt: skip
        tones.append(TONE.get(r.verdict, "neutral"))
    names = ("rollout", "verdict", "effect", "level before", "points", "level after", "points", "file")
    return Table(names, tuple(rows), f"The rollouts of {chain.metric}", (), tuple(tones))


def _links(chain: Chain) -> Table:
    rows, tones = [], []
    for entry, link in zip(chain.entries[1:], chain.links, strict=True):
        rows.append((entry.review.rollout, words.breaks(chain, link), words.drift(chain, link)))
        tone: Tone = "bad" if link.slipped or link.breaks else "good"
        tones.append(tone)
    names = ("rollout", "starts where the one before ended?", "level between the two")
    return Table(names, tuple(rows), "From one review to the next", (), tuple(tones))
