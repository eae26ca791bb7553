"""Many reviews at once, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .each_result import Reviews


def headline(r: Reviews) -> str:
    """How many streams were credited and harmed, and how many chance alone would make."""
    credited = roughly(r.by_chance("credited"))
    harmed = roughly(r.by_chance("DETERIORATED", "DESTABILISED"))
    return (
        f"{r.credited:,} of {r.judged:,} streams credited ({credited} would be by chance, were all steady), "
        f"{r.claimed:,} claimed after adjusting for {r.tested:,}; {r.harmed:,} harmed ({harmed} by chance)"
        + (f"; {r.refused:,} refused." if r.refused else ".")
    )


def roughly(expected: float) -> str:
    """An expected number of streams, with a digit after the point only where it matters.

    Examples
    --------
    >>> roughly(0.03), roughly(3.21), roughly(250.4)
    ('fewer than 0.1', 'about 3.2', 'about 250')
    """
    if expected < 0.05:
        return "fewer than 0.1"
    return f"about {expected:,.0f}" if expected >= 10 else f"about {expected:.1f}"
