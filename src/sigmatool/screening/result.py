"""What a screen returns: every stream with its numbers, ranked by need of attention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..render.writers import write_whole
from ..result import Result
from ..review.each_result import BY_CHANCE, Stream, steady_verdicts
from ..review.each_work import REFUSED
from ..review.policy import POLICY
from ..review.result import Better
from .measures import FALSE_DISCOVERY, FEW
from .moments import Clock

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, repr=False)
class Screen(Result):
    """Many streams, ranked.

    Attributes
    ----------
    columns : mapping of str to (s,) array
        One array a number, in ranked order: the stream that needs attention most stands first. ``stream`` (name),
        ``kind``, ``rows``, ``points``, ``gaps``, ``ties`` (rows that share the time of the one before), ``center``,
        ``sigma``, ``lower``, ``upper`` (of the stretch after the rollout, where there is one), ``signals`` and one
        column a rule, ``stability_index``, ``p_stable``, ``q_stable``, ``unstable``, ``cp`` ... ``ppk_high``,
        ``below``, ``drift``, ``autocorrelation``, the same with ``before_``, and the verdict.
    rules : mapping of str to str
        Rules in force: their ids and words.
    chance : float
        Streams that would signal, were all steady.
    verdicts : tuple of Stream or None
        The review of each stream that has a rollout, ranked as the columns; None where none were asked.
    """

    schema: ClassVar[str] = "sigmatool.screen/1"
    verb: ClassVar[str] = "screen"

    columns: Mapping[str, NDArray[Any]]
    sketches: Mapping[str, NDArray[Any]]
    rules: Mapping[str, str]
    chance: float
    verdicts: tuple[Stream | None, ...] | None
    better: Better | None
    wanted: float
    value: str
    by: str
    clock: Clock
    engine: str
    title: str

    @property
    def refused(self) -> int:
        """Streams that have no chart."""
        return int((self.columns["refused"] != "").sum())

    @property
    def screened(self) -> int:
        return len(self.columns["stream"]) - self.refused

    @property
    def signalled(self) -> int:
        """Streams with at least one signal."""
        return int(((self.columns["signals"] > 0) & (self.columns["refused"] == "")).sum())

    @property
    def unstable(self) -> int:
        return int(self.columns["unstable"].sum())

    @property
    def specified(self) -> int:
        """Streams that have a capability."""
        return int(np.isfinite(self.columns["ppk"]).sum())

    @property
    def below(self) -> int:
        return int(self.columns["below"].sum())

    @property
    def few(self) -> int:
        return int(self.columns["few"].sum())

    @property
    def judged(self) -> int:
        """Streams that have a verdict: asked for, and not refused."""
        return sum(not s.refused for s in self.reviewed)

    @property
    def reviewed(self) -> list[Stream]:
        """The streams that a verdict was asked of."""
        return [s for s in self.verdicts or () if s is not None]

    @property
    def claimed(self) -> int:
        return sum(s.claimed for s in self.reviewed)

    @property
    def credited(self) -> int:
        return sum(s.credited for s in self.reviewed)

    @property
    def harmed(self) -> int:
        return sum(s.harm for s in self.reviewed)

    @property
    def verdict_counts(self) -> dict[str, int]:
        """Streams by verdict."""
        names = [s.verdict for s in self.reviewed]
        return {code: names.count(code) for code in sorted(set(names), key=lambda c: (c == REFUSED, c))}

    def by_chance(self, *kinds: str) -> float:
        """Such verdicts, were all streams steady."""
        return steady_verdicts(self.reviewed, *kinds)

    @property
    def headline(self) -> str:
        from .words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a stream, in ranked order."""
        import pandas as pd

        return pd.DataFrame({"rank": np.arange(1, len(self.columns["stream"]) + 1), **self.columns})

    def write_table(self, path: str | Path) -> Path:
        """Write every stream with all its numbers to a ``.csv`` or ``.parquet`` file, whole or not at all.

        In a CSV a text that a spreadsheet would take for a formula gets an apostrophe before it.
        """
        from .tables_out import table_bytes

        target = Path(path)
        return write_whole(target, table_bytes(self.to_frame(), target))

    def to_spark(self, session: Any) -> Any:
        """The same rows as a frame of a Spark session."""
        frame = self.to_frame()
        return session.createDataFrame(frame.astype(object).where(frame.notna(), None), schema=_spark_types(frame))

    def figure(self) -> Figure:
        """The map of all streams: stability index against Ppk, or against the p value without limits."""
        from .picture import figure

        return figure(self)

    def document(self) -> Document:
        from .report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        summary: dict[str, Any] = {
            "streams": len(self.columns["stream"]), "screened": self.screened, "refused": self.refused,
            "signalled": self.signalled, "signalled_by_chance": self.chance, "unstable": self.unstable,
            "false_discovery": FALSE_DISCOVERY, "few": self.few, "few_points": FEW, "specified": self.specified,
            "below": self.below, "wanted": self.wanted, "level": 0.95,
        }  # fmt: skip
        if self.verdicts is not None:
            summary |= {
                "reviewed": len(self.reviewed), "judged": self.judged, "credited": self.credited,
                "claimed": self.claimed, "harmed": self.harmed, "verdicts": self.verdict_counts,
                "false_discovery_of_claims": POLICY.false_discovery,
                "by_chance": {kind: self.by_chance(kind) for kind in BY_CHANCE},
            }  # fmt: skip
        return {
            "headline": self.headline, "title": self.title, "by": self.by, "metric": self.value,
            "better": self.better, "engine": self.engine, "rules": dict(self.rules), "summary": summary,
            "streams": {"rank": np.arange(1, len(self.columns["stream"]) + 1), **self.columns},
        }  # fmt: skip


def _spark_types(frame: pd.DataFrame) -> str:
    kinds = {"i": "bigint", "u": "bigint", "b": "boolean", "f": "double"}
    return ", ".join(f"`{c.replace('`', '``')}` {kinds.get(frame[c].dtype.kind, 'string')}" for c in frame.columns)
