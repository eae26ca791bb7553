"""What moved between two entries of a ledger, by how much, and how surely."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..charts.catalogue import LANEY_KINDS
from ..designs import design_of
from ..numbers.capability_indices import c4_of
from ..numbers.dependent_stage import worth
from ..numbers.estimate import Estimate
from ..numbers.from_summaries import mean_difference, sd_ratio
from ..numbers.proportion_difference import wilson
from ..numbers.rate_ratio import poisson_rate
from ..numbers.sigma_dof import dof_individuals
from ..numbers.square_and_add import square_and_add
from .basis import GROUPED, LAWFUL, MEASURED, dependence
from .diff_words import NO_INTERVAL, as_known, law_used

if TYPE_CHECKING:
    from ..ledger import Entry

LEVEL: Final = 0.95
PROPORTION: Final = ("p", "laney-p")


@dataclass(frozen=True, slots=True)
class Moved:
    """A number of the limits in both entries.

    Attributes
    ----------
    name : {"centre", "sigma", "lower", "upper", "width"}
    old, new, difference : float or None
        None where an entry has no such limit.
    ratio : float or None
        New over old, of sigma.
    interval : Estimate or None
        Of the difference of the centre, of the ratio of sigma.
    reason : str
        Why there is no interval, where one could be asked for.
    """

    name: str
    old: float | None
    new: float | None
    difference: float | None
    ratio: float | None = None
    interval: Estimate | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something else that the entries say differently."""

    name: str
    old: str
    new: str


def moved(before: Entry, after: Entry, level: float = LEVEL) -> tuple[Moved, ...]:
    """Centre, sigma, both limits and their distance, old and new."""
    centre, why_centre = _centre(before, after, level)
    sigma, why_sigma = _sigma(before, after, level)
    return (
        Moved("centre", before.center, after.center, after.center - before.center, None, centre, why_centre),
        Moved(
            "sigma", before.sigma, after.sigma, after.sigma - before.sigma, after.sigma / before.sigma, sigma,
            why_sigma,
        ),
        _plain("lower", before.lower, after.lower),
        _plain("upper", before.upper, after.upper),
        _plain("width", _width(before), _width(after)),
    )  # fmt: skip


def changed(before: Entry, after: Entry) -> tuple[Changed, ...]:
    """What else differs, by the names of the ledger; lists as one text."""
    names = (
        "metric", "kind", "estimator", "nsigma", "guarantee", "arl", "rules", "stage", "points", "first", "last",
        "excluded", "stability", "forced", "by", "reason", "at", "approved_by", "data_sha256", "version",
    )  # fmt: skip
    found = []
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(Changed(name, _told(old), _told(new)))
    return tuple(found)


def same_points(before: Entry, after: Entry) -> bool:
    """Whether both entries were estimated from the very same points, which leaves no luck between them."""
    names = ("data_sha256", "stage", "first", "last", "points", "excluded")
    return all(getattr(before, name) == getattr(after, name) for name in names)


def share_points(before: Entry, after: Entry) -> bool:
    """Whether both entries were estimated from some points that they share, as far as their labels tell."""
    if same_points(before, after):
        return False
    ends = (before.first, before.last, after.first, after.last)
    if all(re.fullmatch(r"\d+(\.\d+)?", e) for e in ends):
        # numbers of points mean the same points in the same data only
        a, b, c, d = map(float, ends)
        return before.data_sha256 == after.data_sha256 and c <= b and a <= d
    if all(re.match(r"\d{4}(-|$)", e) for e in ends):
        return ends[2] <= ends[1] and ends[0] <= ends[3]
    return False


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:.5g}"
    return "" if value is None else str(value)


def _plain(name: str, old: float | None, new: float | None) -> Moved:
    return Moved(name, old, new, None if old is None or new is None else new - old)


def _width(entry: Entry) -> float | None:
    return None if entry.lower is None or entry.upper is None else entry.upper - entry.lower


def _kind(entry: Entry) -> str:
    return design_of(entry.kind)[0]


def _centre(before: Entry, after: Entry, level: float) -> tuple[Estimate | None, str]:
    """The difference of the centres with its interval, or why there is none."""
    if before.metric != after.metric:
        return None, NO_INTERVAL["metric"]
    if same_points(before, after):
        return None, NO_INTERVAL["same"]
    kinds = (_kind(before), _kind(after))
    for family in (MEASURED, ("p", "laney-p"), ("u", "laney-u"), ("c",)):
        if all(kind in family for kind in kinds):
            break
    else:
        known = all(kind in (*MEASURED, *LAWFUL, *LANEY_KINDS) for kind in kinds)
        return None, NO_INTERVAL["kinds" if known else "law"]
    if any(_total(e) is None for e in (before, after)):
        return None, NO_INTERVAL["total"]
    if all(kind in LAWFUL for kind in kinds):
        return _lawful(before, after, kinds[0], level), ""
    errors = [_error(e) for e in (before, after)]
    (se1, dof1), (se2, dof2) = (error or (math.nan, math.nan) for error in errors)
    if math.isnan(se1 + se2):
        return None, NO_INTERVAL["spread"]
    if dof1 < 1 or dof2 < 1:
        return None, NO_INTERVAL["few"]
    return mean_difference(before.center, se1, dof1, after.center, se2, dof2, level), ""


def _lawful(before: Entry, after: Entry, kind: str, level: float) -> Estimate:
    """By the law of the counts alone: the intervals of both totals joined."""
    found = square_and_add(_of_counts(before, kind, level), _of_counts(after, kind, level))
    return Estimate(after.center - before.center, found.low, found.high, law_used(kind))


def _of_counts(entry: Entry, kind: str, level: float) -> Estimate:
    """The share or rate of an entry by the law of its counts."""
    total = float(_total(entry) or 0.0)
    events = float(round(entry.center * total))
    return wilson(events, float(round(total)), level) if kind == "p" else poisson_rate(events, total, level)


def against_known(before: Entry, after: Entry, level: float = LEVEL) -> Estimate | None:
    """The difference of the centres as if the older one were known, where it does not hold how surely it is."""
    kind = _kind(after)
    if before.metric != after.metric or _total(after) is None:
        return None
    if kind in LAWFUL:
        found = _of_counts(after, kind, level)
        ends = (found.low - before.center, found.high - before.center)
        return Estimate(after.center - before.center, *ends, as_known(found.method))
    error = _error(after)
    if error is None or error[1] < 1:
        return None
    found = mean_difference(before.center, 0.0, math.inf, after.center, *error, level)
    return Estimate(found.value, found.low, found.high, as_known(found.method))


def _total(entry: Entry) -> float | None:
    """Values or exposure behind the centre; of a c chart, and of single values, as many as points."""
    if entry.total is not None or entry.dof is not None or entry.spread is not None:
        return entry.total
    return float(entry.points) if _kind(entry) in ("i-mr", "c") and entry.estimator != "known" else None


def _error(entry: Entry) -> tuple[float, float] | None:
    """Standard error of the centre and its degrees of freedom, or None where they are not held."""
    kind, total = _kind(entry), _total(entry)
    r = dependence(entry.autocorrelation, entry.points)
    if total is None:
        return None
    if kind in (*LANEY_KINDS, *LAWFUL):
        share = entry.center * (1 - entry.center) if kind in PROPORTION else entry.center
        dof = _dof(entry)
        free = math.inf if kind in LAWFUL else dof
        return None if free is None else (entry.sigma * math.sqrt(share / total) / _root(r), free)
    if entry.spread is not None:
        of_mean = max(worth(entry.points, r)[0], 2.0)
        # short dependent stretches hide some of their spread: the mean of squares is short of sigma^2 / worth
        squares = entry.spread**2 * (entry.points - 1) / entry.points
        return math.sqrt(squares / (1 - 1 / of_mean) / of_mean), of_mean - 1
    dof = _dof(entry)
    return None if dof is None else (entry.sigma * _bias(dof) / math.sqrt(total), dof)


def _root(r: float) -> float:
    """What a root of points is worth, less than one where neighbours resemble each other."""
    return math.sqrt(worth(1.0, r)[0])


def _dof(entry: Entry) -> float | None:
    """Of sigma; infinite where it was given."""
    if entry.estimator == "known":
        return math.inf
    if entry.dof is not None:
        return entry.dof
    plain = entry.kind == "i-mr" and entry.estimator in ("moving-range", "median-moving-range", "overall")
    return dof_individuals(entry.points, entry.estimator) if plain and entry.points > 2 else None


def _bias(dof: float) -> float:
    return float(c4_of(dof)) if math.isfinite(dof) else 1.0


def _sigma(before: Entry, after: Entry, level: float) -> tuple[Estimate | None, str]:
    """The ratio of the sigmas with its interval, or why there is none."""
    kinds = (_kind(before), _kind(after))
    if before.metric != after.metric:
        return None, NO_INTERVAL["metric"]
    if same_points(before, after):
        return None, NO_INTERVAL["same"]
    if any(kind in LAWFUL for kind in kinds):
        return None, NO_INTERVAL["follows"]
    comparable = all(k in ("i-mr", *GROUPED) for k in kinds) or kinds[0] == kinds[1]
    if not comparable:
        return None, NO_INTERVAL["sigmas"]
    free = [_dof(entry) for entry in (before, after)]
    if any(dof is None for dof in free):
        return None, NO_INTERVAL["dof"]
    if all(math.isinf(dof) for dof in free if dof is not None):
        return None, NO_INTERVAL["given"]
    spreads = [_spread(e, dof) for e, dof in zip((before, after), free, strict=True) if dof is not None]
    (sd1, dof1), (sd2, dof2) = spreads
    found = sd_ratio(sd1, dof1, sd2, dof2, level)
    return Estimate(after.sigma / before.sigma, found.low, found.high, found.method), ""


def _spread(entry: Entry, dof: float) -> tuple[float, float]:
    """The root of a variance that is right on average, and the degrees of freedom it is worth."""
    if math.isinf(dof):
        return entry.sigma, dof
    r = dependence(entry.autocorrelation, entry.points)
    return entry.sigma * _bias(dof), max(worth(dof, r)[1], 1.0)
