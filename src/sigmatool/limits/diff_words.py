"""What moved between two entries, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..caveats import Caveat
from ..charts.words import number, shown
from ..errors import DataError

if TYPE_CHECKING:
    from ..numbers.estimate import Estimate
    from .diff_result import LimitsDiff
    from .moved import Moved

NO_INTERVAL: Final = {
    "metric": "no interval: the entries speak of different metrics",
    "same": "no interval: both entries were estimated from the very same points",
    "kinds": "no interval: the centres of these two kinds of chart are on different scales",
    "law": "no interval: none is worked out for this kind of chart",
    "total": "no interval: an entry does not hold how many values its centre rests on (it was given, or frozen by an "
    "older version)",
    "spread": "no interval: an entry does not hold how surely its centre is known (it was frozen by an older version)",
    "few": "no interval: an entry rests on too few points",
    "follows": "sigma follows from the centre by the law of the counts: it is no estimate of its own",
    "sigmas": "no interval: the sigmas of these two kinds of chart mean different things",
    "dof": "no interval: an entry does not hold how surely its sigma is known (of this estimator, or by an older "
    "version)",
    "given": "no interval: both sigmas were given, not estimated",
}
"""Why there is none."""


def law_used(kind: str) -> str:
    """The method where counts follow their law alone."""
    each = "score (Wilson 1927)" if kind == "p" else "exact (Garwood 1936)"
    return f"{each}, joined by square-and-add (Newcombe 1998)"


def as_known(method: str) -> str:
    """The method where the older centre is taken as known."""
    return f"{method}, the frozen centre taken as known"


def nothing_before(name: str) -> str:
    """A ledger of one entry."""
    return f"{name} holds one entry: there is nothing to compare it with."


def no_entry(name: str, given: object, count: int) -> str:
    """A number that no entry has."""
    return f"{name} has no entry {given!r}: its entries are 1 to {count}."


def twice(number_given: int) -> DataError:
    """An entry against itself."""
    return DataError(f"entry {number_given} is compared with itself: name two entries (from, to).")


def shared_points() -> Caveat:
    """Two entries whose points overlap."""
    text = (
        "Both entries were estimated from points that they share: they differ by less than independent ones would, so "
        "the intervals are wider than they need be."
    )
    return Caveat("shared-points", text)


def dependent_entry(entries: list[int], r: float) -> Caveat:
    """Points whose neighbours resemble each other."""
    which = " and ".join(str(n) for n in entries)
    text = (
        f"Neighbouring points of entry {which} resemble each other (autocorrelation up to {r:.2f}): the intervals are "
        "widened for it."
    )
    return Caveat("dependent-points", text)


LABELS: Final = {
    "metric": "metric", "kind": "kind of chart", "estimator": "estimator of sigma", "nsigma": "width in sigma",
    "guarantee": "guaranteed with chance", "arl": "guaranteed run length", "rules": "rules", "stage": "stage",
    "points": "points", "first": "first point", "last": "last point", "excluded": "left out",
    "stability": "stability", "forced": "frozen although not shown stable", "by": "by", "reason": "reason",
    "at": "at", "approved_by": "approved by", "data_sha256": "data", "version": "version",
}  # fmt: skip
"""Names of what an entry says."""


def headline(found: LimitsDiff) -> str:
    """Centre and sigma in one sentence."""
    centre, sigma = found.moved[0], found.moved[1]
    went = f"moved by {difference(centre)} to {number(centre.new, 5)}{_of(centre.interval)}"
    if centre.difference == 0:
        went = f"is as it was ({number(centre.new, 5)})"
    between = f"from entry {found.before.number} to {found.after.number}"
    return f"{found.after.metric}: {between} the centre {went}; {_sigma(sigma)}."


def _sigma(m: Moved) -> str:
    if m.ratio == 1:
        return "sigma is as it was"
    return f"sigma is {number(m.ratio)} times what it was{_of(m.interval)}"


def _of(e: Estimate | None) -> str:
    return "" if e is None else f" (95 % interval {ends(e)})"


def half(e: Estimate | None) -> float:
    """Half the width of an interval."""
    return math.nan if e is None else (e.high - e.low) / 2


def ends(e: Estimate) -> str:
    """Both ends, to the places that their distance leaves meaning."""
    return f"{shown(e.low, half(e), more=1)} to {shown(e.high, half(e), more=1)}"


def difference(m: Moved) -> str:
    """A difference with its sign."""
    if m.difference is None:
        return "-"
    doubt = half(m.interval) if m.name == "centre" else math.nan
    text = shown(m.difference, doubt, more=1) if math.isfinite(doubt) else number(m.difference, 4)
    return f"+{text}" if m.difference > 0 else str(text)
