"""Why did the signals come? Those of a state, acknowledged with their causes, and the causes by how often they came."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..caveats import Rows
from ..errors import SettingsError
from ..result import Provenance, Result, command_line
from ..sealed import digest, stamp
from . import monitor_words as words
from .store import Store

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause with the signals it explains, its share of those acknowledged, and the share up to it."""

    cause: str
    signals: int
    share: float
    cumulative: float


@dataclass(frozen=True, kw_only=True, repr=False)
class Signals(Result):
    """The signals of a state.

    Attributes
    ----------
    signals : tuple of dict
        In the order in which they were found; also those that were withdrawn.
    causes : tuple of Cause
        Of the signals that stand and were acknowledged, most frequent first.
    changes : tuple of dict
        Rows that came late or were corrected, with what was and what is.
    """

    schema: ClassVar[str] = "sigmatool.signals/1"
    verb: ClassVar[str] = "signals"

    state: str
    signals: tuple[dict[str, Any], ...]
    causes: tuple[Cause, ...]
    changes: tuple[dict[str, Any], ...]

    @property
    def headline(self) -> str:
        return words.signals_headline(self)

    def to_frame(self) -> pd.DataFrame:
        """The signals, one row each."""
        import pandas as pd

        return pd.DataFrame(list(self.signals))

    def figure(self) -> Figure:
        """The Pareto chart of the causes."""
        from .signals_report import pareto

        return pareto(self)

    def document(self) -> Document:
        from .signals_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "state": self.state,
            "signals": list(self.signals),
            "causes": list(self.causes),
            "changes": list(self.changes),
        }


def read_signals(state: str | Path, *, open_only: bool = False) -> Signals:
    """The signals that a monitor found.

    Parameters
    ----------
    state : str or Path
        The state of a monitor.
    open_only : bool
        Leave out those that were acknowledged or withdrawn.

    Raises
    ------
    SettingsError
        There is no such state.
    """
    with Store(state, make=False) as store:
        held = store.signals(where="withdrawn_at is null and acknowledged_at is null" if open_only else "1")
        changes = tuple(
            c for stream in store.streams() for c in ({"stream": stream, **r} for r in store.changes(stream))
        )
    told = tuple(_told(row) for row in held)
    name = Path(state).name
    return Signals(
        state=name, signals=told, causes=_causes(told), changes=changes, settings={"state": name},
        rows=Rows(len(told), len(told), 0, 0, 0), caveats=(),
        provenance=Provenance(digest({"signals": told}), command_line("signals list", str(state), {}), source=name),
    )  # fmt: skip


def acknowledge(
    state: str | Path, number: int, *, cause: str, by: str, at: dt.datetime | None = None
) -> dict[str, Any]:
    """Say why a signal came.

    Parameters
    ----------
    state : str or Path
        The state of the monitor that told it.
    number : int
        Of the signal.
    cause, by : str
        Why it came, and who says so; both are required. The same words for the same cause make its Pareto.
    at : datetime, optional
        Default now.

    Returns
    -------
    dict
        The signal as it stands.

    Raises
    ------
    SettingsError
        There is no such state or signal, or ``cause`` or ``by`` is empty.
    """
    for name, text in (("cause", cause), ("by", by)):
        if not text.strip():
            raise SettingsError(words.needs_words(name))
    with Store(state, make=False) as store:
        store.begin()
        if not store.acknowledge(number, " ".join(cause.split()), by.strip(), stamp(at)):
            store.rollback()
            raise SettingsError(words.unknown_signal(number, store.path.name))
        store.commit()
        return _told(store.signals(where=f"id = {int(number)}")[0])


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """A signal by the names that people use."""
    out = {"number": row["id"], "characteristic": row["stream"]}
    left_out = ("id", "stream", "seq", "told")
    return out | {name: value for name, value in row.items() if name not in left_out}


def _causes(signals: tuple[dict[str, Any], ...]) -> tuple[Cause, ...]:
    """Causes that differ in case alone are one."""
    standing = [s for s in signals if s["withdrawn_at"] is None]
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for s in standing:
        if s["cause"] is not None:
            key = s["cause"].casefold()
            names.setdefault(key, s["cause"])
            counts[key] = counts.get(key, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = [(names[key], count) for key, count in ranked]
    sums = np.cumsum([count for _, count in listed])
    total = sum(counts.values())
    return tuple(
        Cause(name, count, count / total, int(up_to) / total) for (name, count), up_to in zip(listed, sums, strict=True)
    )
