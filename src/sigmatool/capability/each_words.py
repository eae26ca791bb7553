"""The sentences of a study of many characteristics, kept together so that a translation is one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .words import interval, number

if TYPE_CHECKING:
    from .each_result import CapabilityEach


def counted(n: int) -> str:
    """Characteristics, by their number.

    Examples
    --------
    >>> counted(1), counted(1200)
    ('1 characteristic', '1,200 characteristics')
    """
    return f"{n:,} characteristic{'' if n == 1 else 's'}"


def are(n: int, what: str) -> str:
    """A number of characteristics and what they are.

    Examples
    --------
    >>> are(1, "not stable"), are(3, "not stable"), are(0, "not stable")
    ('1 is not stable', '3 are not stable', 'none is not stable')
    """
    return f"{n:,} are {what}" if n > 1 else f"{'none' if n == 0 else n} is {what}"


def by_chance(expected: float) -> str:
    """An expected number, with a digit after the point only where it matters.

    Examples
    --------
    >>> by_chance(0.03), by_chance(0.3), by_chance(25.0)
    ('fewer than 0.1', 'about 0.3', 'about 25')
    """
    if expected < 0.05:
        return "fewer than 0.1"
    return f"about {expected:,.0f}" if expected >= 10 else f"about {expected:.1f}"


def headline(found: CapabilityEach) -> str:
    """How many fall short and which is the worst; what changed; what may not be spoken of as capable."""
    judged = found.judged
    level = number(100 * found.confidence)
    first = f"{counted(len(found.characteristics))}: {_below(found)}"
    worst, study = judged[0]
    ppk = study.indices["ppk"]
    first += (
        f"; the least sure is {worst.name}, Ppk {number(ppk.value)} ({level} % interval {interval(ppk.low, ppk.high)})."
    )
    sentences = [first]
    if found.compared:
        sentences.append(
            f"From {found.stages[0]} to {found.stages[1]} Ppk rose in {len(found.rose):,} and fell in "
            f"{len(found.fell):,} of {len(found.compared):,}, by intervals of the difference that leave out zero "
            f"({by_chance(found.by_chance)} each by chance, were none changed)."
        )
    if found.unstable:
        n = len(found.unstable)
        theirs = "its numbers are its" if n == 1 else "their numbers are their"
        sentences.append(f"{are(n, 'not stable')}: {theirs} performance so far, not capability.")
    if found.refused:
        sentences.append(f"{len(found.refused):,} could not be judged.")
    if found.partly:
        sentences.append(f"{len(found.partly):,} could not be judged in stage {found.stages[0]}.")
    return " ".join(sentences)


def _below(found: CapabilityEach) -> str:
    n = len(found.below)
    after = f" {found.stages[1]}, {found.below_before:,} {found.stages[0]}" if found.staged else ""
    return f"{f'{n:,}' if n else 'none'} with a lower bound of Ppk below {number(found.wanted)}{after}"
