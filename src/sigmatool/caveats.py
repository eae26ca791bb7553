"""What a reader must know beside the numbers: caveats, and the account of the rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caveat:
    """A warning that travels with a result: a stable code for programs, a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Where each row of the table went: ``read = used + missing + excluded + dropped``.

    Parameters
    ----------
    read : int
        Rows in the table.
    used : int
        Rows that entered the arithmetic.
    missing : int
        Rows whose value (or size) is empty: drawn as gaps.
    excluded : int
        Rows left out by the user's choice (exclusions, wash-out): drawn, not judged.
    dropped : int
        Rows that could not be placed (no time stamp).
    """

    read: int
    used: int
    missing: int = 0
    excluded: int = 0
    dropped: int = 0
