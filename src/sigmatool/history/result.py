"""What a history returns: chains of reviews, what each adds up to, what slipped, and what is due again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..result import Result
from .chain import Link, Whole
from .moments import State
from .reviewed import Reviewed

if TYPE_CHECKING:
    import pandas as pd

    from ..render.document import Document
    from ..render.figure import Picture


@dataclass(frozen=True, slots=True)
class Entry:
    """One rollout of a chain: its newest review, those that this one replaces, and when it is due again.

    ``days``: until it is due; below zero: since it was.
    """

    review: Reviewed
    replaced: tuple[Reviewed, ...]
    due: State
    days: int | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Reviews of one metric, in order of their rollouts. ``links`` has one fewer than ``entries``."""

    entries: tuple[Entry, ...]
    links: tuple[Link, ...]
    whole: Whole

    @property
    def metric(self) -> str:
        return self.entries[0].review.metric

    @property
    def unit(self) -> str:
        return self.entries[0].review.unit

    @property
    def better(self) -> str:
        return self.entries[0].review.better

    @property
    def scale(self) -> str:
        return self.entries[0].review.scale

    @property
    def broken(self) -> int:
        """Links that do not hold."""
        return sum(bool(link.breaks) for link in self.links)

    @property
    def slipped(self) -> int:
        """Gains that slipped before the next rollout."""
        return sum(link.slipped for link in self.links)


@dataclass(frozen=True, kw_only=True, repr=False)
class History(Result):
    """Reviews over time.

    Attributes
    ----------
    chains : tuple of Chain
        One a metric, unit, direction and scale, in the order in which they were first met.
    at : str
        The day on which re-reviews are due or not; "" where none was given.
    other : tuple of str
        Files of the folders that are no reviews.
    """

    schema: ClassVar[str] = "sigmatool.history/1"
    verb: ClassVar[str] = "history"

    chains: tuple[Chain, ...]
    at: str
    other: tuple[str, ...]
    title: str

    @property
    def entries(self) -> tuple[tuple[Chain, Entry], ...]:
        """Every rollout with its chain."""
        return tuple((chain, entry) for chain in self.chains for entry in chain.entries)

    @property
    def agenda(self) -> tuple[tuple[Chain, Entry], ...]:
        """Re-reviews that somebody waits for: the longest overdue first, those without a date last."""
        open_ = [(c, e) for c, e in self.entries if e.due not in ("none", "replaced")]
        return tuple(sorted(open_, key=lambda pair: (pair[1].days is None, pair[1].days or 0)))

    @property
    def overdue(self) -> int:
        return sum(entry.due == "overdue" for _, entry in self.entries)

    @property
    def slipped(self) -> int:
        return sum(chain.slipped for chain in self.chains)

    @property
    def broken(self) -> int:
        return sum(chain.broken for chain in self.chains)

    @property
    def headline(self) -> str:
        from .words import headline

        return headline(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a rollout."""
        import pandas as pd

        return pd.DataFrame([_row(chain, entry) for chain, entry in self.entries])

    def figure(self) -> Picture:
        """The levels of the stages over time, as steps with their intervals; one figure a chain."""
        from .picture import picture

        return picture(self)

    def document(self) -> Document:
        from .report import document

        return document(self)

    def body(self) -> dict[str, Any]:
        from .words import METHOD

        return {
            "headline": self.headline,
            "method": METHOD,
            "at": self.at or None,
            "overdue": self.overdue,
            "slipped": self.slipped,
            "broken": self.broken,
            "chains": [_chain(chain) for chain in self.chains],
            "due": [
                {"metric": c.metric, "rollout": e.review.rollout, "file": e.review.file, "state": e.due, "days": e.days,
                 "date": e.review.again_date or None, "points": e.review.again_points, "text": e.review.again_text}
                for c, e in self.agenda
            ],
            "other": list(self.other),
        }  # fmt: skip


def _row(chain: Chain, entry: Entry) -> dict[str, Any]:
    r, e = entry.review, entry.review.effect
    return {
        "metric": r.metric, "unit": r.unit, "better": r.better, "rollout": r.rollout, "verdict": r.verdict,
        "effect": None if e is None else e.value, "low": None if e is None else e.low,
        "high": None if e is None else e.high, "before": r.before.mean.value, "after": r.after.mean.value,
        "n_before": r.before.n, "n_after": r.after.n, "due": entry.due, "days": entry.days, "file": r.file,
    }  # fmt: skip


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "metric": chain.metric, "unit": chain.unit, "better": chain.better, "scale": chain.scale,
        "reviews": [_review(entry) for entry in chain.entries],
        "links": [asdict(link) for link in chain.links],
        "total": asdict(chain.whole),
    }  # fmt: skip


def _review(entry: Entry) -> dict[str, Any]:
    r = entry.review
    return {
        "file": r.file, "sha256": r.sha256, "rollout": r.rollout, "verdict": r.verdict, "sentence": r.sentence,
        "effect": None if r.effect is None else asdict(r.effect),
        "before": asdict(r.before), "after": asdict(r.after),
        "next_review": {"points": r.again_points, "date": r.again_date, "text": r.again_text},
        "due": entry.due, "days": entry.days,
        "replaced": [{"file": old.file, "n_after": old.after.n, "verdict": old.verdict} for old in entry.replaced],
    }  # fmt: skip
