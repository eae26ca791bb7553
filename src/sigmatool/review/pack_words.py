"""The folder that operations take over, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..render.document import Block, Code, Document, Paragraph, Section, Table

if TYPE_CHECKING:
    from .result import Review

NO_NAME: Final = "say by: the limits of a pack are frozen by a named person."

NO_GAIN: Final = "The verdict leaves no gain to keep, so there is no control plan."
NEXT: Final = (
    "Complete the plan, then check it, run it with every new delivery of data, and ask when hypercare can end:"
)
COMMANDS: Final = (
    "sigmatool control-plan check control-plan.toml\n"
    "sigmatool monitor control-plan.toml\n"
    "sigmatool gate exit-criteria.toml"
)

_WHAT: Final = {
    "review.html": "the review, to read and to sign",
    "review.json": "the same for programs: every number in full",
    "control-plan.toml": "what operations watch, who acts, what to do at a signal: a draft, complete the empty fields",
    "exit-criteria.toml": "when hypercare can end: complete the declared items with name and date",
}
_LEDGER: Final = "the frozen limits: who froze them, when, why, from which points"


def exists(path: str) -> str:
    """A plan that people may have worked on."""
    return f"{path} exists already and may hold people's work: name another folder, or move it away first."


def reason(verdict: str, rollout: str) -> str:
    """Why the limits of a pack are frozen."""
    return f"after the rollout {rollout}: {verdict}"


def readme(review: Review, files: Sequence[str], unfit: str) -> Document:
    """What is in the folder, and what to do next."""
    rows = tuple((name, _WHAT.get(name, _LEDGER)) for name in files)
    blocks: list[Block] = [Paragraph(review.sentence), Table(("file", "what it is"), rows)]
    if "control-plan.toml" not in files:
        return _page(review, [*blocks, Paragraph(NO_GAIN)])
    if unfit:
        blocks.append(Paragraph(f"No limits were frozen: {unfit} Then write the ledger into the plan (limits)."))
    return _page(review, [*blocks, Paragraph(NEXT), Code(COMMANDS)])


def _page(review: Review, blocks: list[Block]) -> Document:
    return Document(f"Hand-over: {review.metric}", (Section("", tuple(blocks)),))
