"""Is the change larger at sites that work in the new way? By site or line, never by person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from ..columns import column, frame_of, numbers
from ..errors import DataError, SettingsError
from ..numbers.estimate import Estimate

if TYPE_CHECKING:
    from .result import Review

Floats = NDArray[np.float64]

LEAST_ROWS: Final = 5
"""Rows of a site on each side of the rollout under which it is told only together with others."""

LEAST_SITES: Final = 4
"""Sites under which no slope over them is told."""

OTHERS: Final = "small sites together"

_PERSONS: Final = frozenset(
    {
        "operator", "agent", "employee", "person", "people", "worker", "staff", "nurse", "clerk", "driver", "user",
        "username", "name", "surname", "inspector", "appraiser", "technician", "doctor", "physician", "email", "login",
        "badge",
    }
)  # fmt: skip
"""Words by which columns of persons go."""


@dataclass(frozen=True, slots=True)
class SiteDose:
    """A site: its rows, the mean share of work done the new way after, and its level before and after."""

    name: str
    n_before: int
    n_after: int
    adoption: float
    before: float
    after: float

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class BySite:
    """Sites from the highest adoption to the lowest.

    Attributes
    ----------
    column : str
    sites : tuple of SiteDose
    changes : tuple of float
        Of each, after less before.
    pooled : int
        Sites with few rows, told together or not at all.
    slope : Estimate or None
        Difference of change for ten percentage points of adoption, over the sites; None of fewer than four.
    high, low : float or None
        Mean change of the half with the higher adoption, and of the other.
    """

    column: str
    sites: tuple[SiteDose, ...]
    changes: tuple[float, ...]
    pooled: int
    slope: Estimate | None
    high: float | None
    low: float | None


def by_site(data: Any, r: Review, share: Floats, by: str) -> BySite:
    """Change and adoption of every site.

    Parameters
    ----------
    data : DataFrame
    r : Review
    share : (rows,) array
        Adoption of every row.
    by : str
        Column of sites.

    Raises
    ------
    SettingsError
        The column names persons.
    DataError
        No site has five rows on each side.

    Notes
    -----
    The slope over sites is that of least squares, each site once, with a t interval on their number less two: it
    carries the differences between sites whatever their cause.
    """
    if _PERSONS & {word.removesuffix("s") for word in re.split(r"[^a-z]+", by.lower())}:
        raise SettingsError(
            f"adoption_by {by!r} looks like a column of persons: adoption is told of sites, lines or teams, never of "
            "persons. Name a column of these."
        )
    judged, frame = r.judged, frame_of(data)
    order = judged.points.order
    names = column(frame, by)
    kept, point = order.kept, order.point
    value = _values(r, frame)[kept]
    dose, site = share[kept], names.to_numpy()[kept]
    known = ~np.asarray(names.isna())[kept]
    used = judged.used[point] & np.isfinite(value) & known
    after = judged.after[point]
    labels = np.array([str(s) for s in site], dtype=object)
    found: list[SiteDose] = []
    small = np.zeros(value.size, dtype=bool)
    pooled = 0
    for name in sorted(set(labels[used].tolist())):
        here = used & (labels == name)
        one = _site(name, value, dose, here, after)
        if one is None:
            small |= here
            pooled += 1
        else:
            found.append(one)
    together = _site(OTHERS, value, dose, small, after) if pooled > 1 else None
    if not found:
        raise DataError(
            f"no group of column {by!r} has {LEAST_ROWS} rows on each side of the rollout: so few look like persons, "
            "of whom nothing is told. Name a column of larger sites, or leave adoption_by out."
        )
    found.sort(key=lambda s: -s.adoption)
    high, low = _halves(found)
    sites = (*found, *(() if together is None else (together,)))
    return BySite(by, sites, tuple(s.change for s in sites), pooled, _over_sites(found), high, low)


def _values(r: Review, frame: Any) -> Floats:
    """The metric of every row, in its own unit."""
    value, size = r.settings["value"], r.settings["size"]
    raw = numbers(frame, r.judged.points.name if value is None else value)
    if size is None:
        target = r.settings["target"]
        return np.abs(raw - target) if r.better == "target" else raw
    with np.errstate(divide="ignore", invalid="ignore"):
        return raw / numbers(frame, size)


def _site(name: str, value: Floats, dose: Floats, here: Any, after: Any) -> SiteDose | None:
    before, later = here & ~after, here & after
    told = later & np.isfinite(dose)
    if min(before.sum(), later.sum(), told.sum()) < LEAST_ROWS:
        return None
    return SiteDose(
        name, int(before.sum()), int(later.sum()), float(dose[told].mean()), float(value[before].mean()),
        float(value[later].mean()),
    )  # fmt: skip


def _over_sites(sites: list[SiteDose]) -> Estimate | None:
    """Least squares of change on adoption, for ten percentage points."""
    x, y = np.array([s.adoption for s in sites]), np.array([s.change for s in sites])
    k = len(sites)
    if k < LEAST_SITES or float(np.ptp(x)) < 1e-9:
        return None
    centred = x - x.mean()
    squares = float(centred @ centred)
    slope = float(centred @ y) / squares
    left = y - y.mean() - slope * centred
    half = float(stdtrit(k - 2, 0.975)) * float(np.sqrt(left @ left / (k - 2) / squares))
    return Estimate(0.1 * slope, 0.1 * (slope - half), 0.1 * (slope + half), "least squares over sites, t")


def _halves(sites: list[SiteDose]) -> tuple[float | None, float | None]:
    """Mean change of the sites with the higher adoption, and of the others; the middle one of an odd number in none."""
    half = len(sites) // 2
    if half == 0:
        return None, None
    change = [s.change for s in sites]
    return float(np.mean(change[:half])), float(np.mean(change[-half:]))
