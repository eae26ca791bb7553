"""What many reviews at once return: a verdict a stream, and how many of them chance would make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..caveats import Rows
from ..numbers.scales import Effect
from ..result import Result
from .decision import CODES, CREDITED
from .each_work import REFUSED
from .error_rates import WRONG_AS, steady_shares
from .policy import POLICY
from .result import Better

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Figure

BY_CHANCE = {
    "credited": "credited",
    **{code: WRONG_AS[code] for code in ("DETERIORATED", "STABILISED", "DESTABILISED")},
}
"""Verdicts whose number by chance is told, by their names in the study of error rates."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The review of one stream.

    Attributes
    ----------
    stream : str
        Its name, from the column ``by``.
    verdict, attribution : str
        By the full decision table; ``REFUSED`` where the stream cannot be judged, with the reason as its sentence.
    effect : Effect or None
        Change of level in the metric's own unit.
    p, p_worse : float or None
        One-sided p values of better and of worse (E1).
    p_adjusted : float or None
        ``p`` adjusted over all streams (Benjamini-Hochberg).
    claimed : bool
        Credited, and the adjusted p value holds.
    harm : bool
        Worse, or less steady; never adjusted.
    """

    stream: str
    verdict: str
    attribution: str
    effect: Effect | None
    p: float | None
    p_worse: float | None
    p_adjusted: float | None
    claimed: bool
    harm: bool
    n_before: int
    n_after: int
    autocorrelation: float | None
    sentence: str
    rows: Rows

    @property
    def credited(self) -> bool:
        """Credited by its own decision table, whatever the others show."""
        return self.verdict in CREDITED

    @property
    def refused(self) -> bool:
        return self.verdict == REFUSED

    def row(self) -> dict[str, Any]:
        """One row of a table."""
        e = self.effect
        return {
            "stream": self.stream, "verdict": self.verdict, "attribution": self.attribution,
            "before": None if e is None else e.before, "after": None if e is None else e.after,
            "change": None if e is None else e.difference, "low": None if e is None else e.difference_low,
            "high": None if e is None else e.difference_high, "ratio": None if e is None else e.ratio,
            "p": self.p, "p_worse": self.p_worse, "p_adjusted": self.p_adjusted, "claimed": self.claimed,
            "harm": self.harm, "n_before": self.n_before, "n_after": self.n_after,
            "autocorrelation": self.autocorrelation, "rows": self.rows.read, "sentence": self.sentence,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True, repr=False)
class Reviews(Result):
    """One review a stream.

    Attributes
    ----------
    streams : tuple of Stream
        In the order in which they first appear in the table.
    """

    schema: ClassVar[str] = "sigmatool.reviews/1"
    verb: ClassVar[str] = "review-each"

    streams: tuple[Stream, ...]
    by: str
    metric: str
    scale: str
    better: Better
    title: str

    @property
    def judged(self) -> int:
        """Streams that were not refused."""
        return sum(not s.refused for s in self.streams)

    @property
    def tested(self) -> int:
        """Streams with enough points for a p value: the number that claims are adjusted for."""
        return sum(s.p is not None for s in self.streams)

    @property
    def credited(self) -> int:
        return sum(s.credited for s in self.streams)

    @property
    def claimed(self) -> int:
        return sum(s.claimed for s in self.streams)

    @property
    def harmed(self) -> int:
        return sum(s.harm for s in self.streams)

    @property
    def counts(self) -> dict[str, int]:
        """Streams by verdict, in the order of the codes; verdicts that no stream has are left out."""
        found = Counter(s.verdict for s in self.streams)
        return {code: found[code] for code in (*CODES, REFUSED) if found[code]}

    def by_chance(self, *kinds: str) -> float:
        """How many streams would get such a verdict on average, were all of them steady.

        Parameters
        ----------
        kinds : str
            Of :data:`BY_CHANCE`; their numbers are added.

        Notes
        -----
        Each tested stream adds its share of wrong verdicts in the study of error rates (``docs/error-rates.md``), at
        its own number of points and autocorrelation.
        """
        return steady_verdicts(self.streams, *kinds)

    @property
    def headline(self) -> str:
        from .each_words import headline

        return headline(self)

    @property
    def refused(self) -> int:
        return sum(s.refused for s in self.streams)

    def ranked(self) -> list[Stream]:
        """Harmed first, the worst of them on top; then claimed, the largest gain on top; then the rest by gain."""
        return sorted(self.streams, key=lambda s: (_group(s), self._order(s)))

    def gain(self, s: Stream) -> float | None:
        """The change of level, for the better positive; None where the level was not judged."""
        if s.effect is None:
            return None
        return s.effect.difference if self.better == "higher" else -s.effect.difference

    def _order(self, s: Stream) -> float:
        gain = self.gain(s)
        if gain is None:
            return 0.0
        return gain if s.harm else -gain

    def to_frame(self) -> pd.DataFrame:
        """One row a stream, in the order of the table."""
        import pandas as pd

        return pd.DataFrame([s.row() for s in self.streams])

    def figure(self) -> Figure:
        """How the p values lie, beside how they would lie were every stream steady."""
        from .each_report import figure

        return figure(self)

    def document(self) -> Document:
        from .each_report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        return {
            "headline": self.headline,
            "by": self.by,
            "metric": self.metric,
            "scale": self.scale,
            "better": self.better,
            "judged": self.judged,
            "tested": self.tested,
            "credited": self.credited,
            "claimed": self.claimed,
            "false_discovery": POLICY.false_discovery,
            "harmed": self.harmed,
            "refused": self.refused,
            "counts": self.counts,
            "by_chance": {kind: self.by_chance(kind) for kind in BY_CHANCE},
            "streams": [s.row() for s in self.streams],
        }


def steady_verdicts(streams: Iterable[Stream], *kinds: str) -> float:
    """How many of the streams would get such a verdict, were all steady; see :meth:`Reviews.by_chance`."""
    names = [BY_CHANCE[kind] for kind in kinds]
    found = 0.0
    for s in streams:
        if s.p is not None and s.autocorrelation is not None:
            shares = steady_shares(s.n_before, s.n_after, s.autocorrelation)
            found += sum(shares[name] for name in names)
    return found


def _group(s: Stream) -> int:
    """Places on the page: harmed, claimed, credited, judged, refused."""
    if s.refused:
        return 4
    return 0 if s.harm else 1 if s.claimed else 2 if s.credited else 3


def summed(rows: Sequence[Rows], read: int, dropped: int) -> Rows:
    """The account of all streams together; ``dropped`` rows belong to none."""
    return Rows(
        read,
        sum(r.used for r in rows),
        sum(r.missing for r in rows),
        sum(r.excluded for r in rows),
        dropped + sum(r.dropped for r in rows),
    )
