"""The ledger of frozen limits: plain text for version control, entries only ever added, a changed past is found.

Each entry carries the SHA-256 of its own content and of the entry before it. Whoever changes, drops or reorders an old
entry breaks the chain from there on, and :func:`faults` says where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from .documents import read_toml
from .errors import DataError, SettingsError
from .render.writers import write_whole
from .sealed import digest, told, values_of

SCHEMA: Final = "sigmatool.limits/1"
HEADING: Final = (
    "# Frozen limits. Entries are only ever added, by: sigmatool limits freeze\n"
    "# A changed past is found by: sigmatool limits verify"
)
_FIRST: Final = "0" * 64
_RESTORE: Final = "Limits whose record does not hold are not used: restore the file."
_WAIT: Final = 30.0
"""Seconds a writer waits for another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Limits as they were frozen.

    Attributes
    ----------
    metric, kind : str
        What is charted, and by which chart.
    center, sigma, nsigma : float
    lower, upper : float or None
        At the average size where sizes vary; None where there is none.
    estimator : str
        Of sigma.
    rules : tuple of str
        In force on the location panel.
    stage : str
    points : int
        That the limits were estimated from.
    first, last : str
        Labels of the first and last of them.
    excluded : tuple of str
        Labels of points of the stage that were left out, with the reason where one was given.
    stable : bool or None
        Whether the stage passed the stability test; None where it holds too few points to tell.
    stability : str
        What the test found, in words.
    forced : bool
        Frozen although not shown stable.
    data_sha256, command : str
        What they were made from, and how to make them again.
    by, reason, at : str
        Who froze them, why, and when (UTC, ISO 8601).
    approved_by : tuple of str
        Who else agreed, e.g. the project and operations.
    version : str
        Of sigmatool.
    number : int
        From 1.
    previous, sha256 : str
        Hash of the entry before, and of this one.
    total : float or None
        Values, or number inspected or exposure, behind the centre; None where it was given, and in older entries, as
        all that follows.
    dof : float or None
        Degrees of freedom of sigma, where it is an estimate.
    spread : float or None
        Standard deviation of the points of a chart of measurements.
    autocorrelation : float or None
        Of neighbouring points.
    guarantee, arl : float or None
        The limits were widened so that with this chance the in-control run length is at least that.
    """

    metric: str
    kind: str
    center: float
    sigma: float
    nsigma: float
    lower: float | None
    upper: float | None
    estimator: str
    rules: tuple[str, ...]
    stage: str
    points: int
    first: str
    last: str
    excluded: tuple[str, ...]
    stable: bool | None
    stability: str
    forced: bool
    data_sha256: str
    command: str
    by: str
    reason: str
    at: str
    approved_by: tuple[str, ...]
    version: str
    number: int = 0
    previous: str = ""
    sha256: str = ""
    total: float | None = None
    dof: float | None = None
    spread: float | None = None
    autocorrelation: float | None = None
    guarantee: float | None = None
    arl: float | None = None

    def told(self) -> dict[str, Any]:
        """The entry as the file holds it: without what is None."""
        return told(self)

    def digest(self) -> str:
        """SHA-256 of everything but itself, as canonical JSON."""
        return digest(self.told())


def is_ledger(path: str | Path) -> bool:
    """Whether a file holds entries, rather than one centre and one sigma written by hand."""
    return isinstance(read_toml(path).get("entry"), list)


def read_ledger(path: str | Path) -> tuple[Entry, ...]:
    """The entries of a ledger, in order; the chain is not checked (see :func:`faults`).

    Raises
    ------
    SettingsError
        The file is missing, not TOML, not a ledger, or an entry lacks a field or holds a wrong one.
    """
    held = read_toml(path)
    name = Path(path).name
    if held.get("schema") != SCHEMA or not isinstance(held.get("entry"), list) or not held["entry"]:
        raise SettingsError(_not_a_ledger(name, SCHEMA))
    return tuple(
        Entry(**values_of(Entry, item, f"{name}, entry {place}")) for place, item in enumerate(held["entry"], 1)
    )


def faults(entries: Sequence[Entry]) -> tuple[str, ...]:
    """What does not hold together: entries whose content, number or predecessor is not what was written."""
    found = []
    before = _FIRST
    for place, entry in enumerate(entries, 1):
        if entry.digest() != entry.sha256:
            found.append(_changed(place))
        if entry.previous != before or entry.number != place:
            found.append(_broken_chain(place))
        before = entry.sha256
    return tuple(found)


def intact(path: str | Path) -> tuple[Entry, ...]:
    """The entries of a ledger whose past is as it was written.

    Raises
    ------
    DataError
        The past was changed.
    SettingsError
        The file is no ledger.
    """
    entries = read_ledger(path)
    found = faults(entries)
    if found:
        raise DataError(f"{Path(path).name}: {found[0]} {_RESTORE}")
    return entries


def standing(path: str | Path) -> Entry:
    """The entry in force, the last one of :func:`intact`."""
    return intact(path)[-1]


def append(path: str | Path, entry: Entry) -> Entry:
    """Add an entry to a ledger, or begin one; written whole or not at all, one writer at a time.

    Returns
    -------
    Entry
        With its number and its place in the chain.

    Raises
    ------
    DataError
        The ledger's past was changed: nothing is added to it.
    SettingsError
        The file is no ledger, or another writer keeps it locked.
    """
    import tomli_w
    from filelock import FileLock, Timeout

    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(file.with_name(f".{file.name}.lock"), timeout=_WAIT):
            held = read_ledger(file) if file.exists() else ()
            found = faults(held)
            if found:
                raise DataError(f"{file.name}: {found[0]} Nothing was added.")
            linked = replace(entry, number=len(held) + 1, previous=held[-1].sha256 if held else _FIRST, sha256="")
            linked = replace(linked, sha256=linked.digest())
            written = {"schema": SCHEMA, "entry": [e.told() for e in (*held, linked)]}
            write_whole(file, f"{HEADING}\n{tomli_w.dumps(written)}".encode())
    except Timeout:
        raise SettingsError(f"{file.name} is being written by another command; try again.") from None
    return linked


def _not_a_ledger(name: str, schema: str) -> str:
    """A file that holds something else."""
    return f'{name} is not a ledger of limits: it must say schema = "{schema}" and hold at least one [[entry]].'


def _changed(number: int) -> str:
    """An entry that is not what was written."""
    return f"Entry {number} was changed after it was written: its content does not match its SHA-256."


def _broken_chain(number: int) -> str:
    """An entry that does not follow the one before it."""
    return f"Entry {number} does not follow the entry before it: one was changed, dropped or moved."
