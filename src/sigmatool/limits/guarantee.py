"""Limits wide enough that, whatever the luck of the baseline, false alarms stay as rare as wanted; and their price."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from ..charts.asked import WIDEST
from ..errors import DataError, SettingsError
from ..numbers.guaranteed import attained, guaranteed_width, width_of
from ..numbers.run_length_shewhart import shewhart
from .basis import GROUPED, Basis, basis_of
from .guarantee_words import (
    EQUAL_SIZES,
    GIVEN,
    GUARANTEE_RANGE,
    OWN_WIDTH,
    PLAIN_RANGES,
    no_guarantee,
    too_wide,
)
from .stages import stage_of

if TYPE_CHECKING:
    from ..charts.result import ControlChart

ARL = 370.4
"""In-control run length of three sigma, centre and sigma being known."""

LEAST, MOST = 0.5, 0.999
LONGEST = 1e6
SHIFTS = (1.0, 2.0, 3.0)
"""In sigma of the charted points, whose detection is told."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Average points until a lasting shift is seen, centre and sigma being right: at the plain width, and widened."""

    shift: float
    plain: float
    widened: float


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The width of guaranteed limits, and its price.

    Attributes
    ----------
    guarantee, arl : float
        With this chance the in-control run length is at least that.
    nsigma, plain : float
        The width, and that of known centre and sigma.
    without : float
        Chance that limits at the plain width would have kept the promise.
    points : int
        Of the baseline.
    dof : float
        Of sigma.
    seen : tuple of Seen
    """

    guarantee: float
    arl: float
    nsigma: float
    plain: float
    without: float
    points: int
    dof: float
    seen: tuple[Seen, ...]

    @property
    def wider(self) -> float:
        """How much wider than plain limits, as a share."""
        return self.nsigma / self.plain - 1


def guaranteed(chart: ControlChart, guarantee: float = 0.9, arl: float = ARL, *, of: str | None = None) -> Guarantee:
    """How wide the limits of a stage must be, so that estimated ones keep the promise of known ones.

    Parameters
    ----------
    chart : ControlChart
        Of kind i-mr, xbar-r or xbar-s, whose limits were estimated at the default width.
    guarantee : float
        Chance, from 0.5 to 0.999, that the in-control run length is at least ``arl``.
    arl : float
        Points until a false alarm, on average; default that of three sigma.
    of : str, optional
        Name of the stage; default the last.

    Raises
    ------
    DataError
        Subgroups of different sizes, or so few points that the limits would see nothing.
    SettingsError
        A kind or estimator for which no such width is known, or a level out of range.

    Notes
    -----
    Points beyond the limits alone are counted: run rules bring false alarms of their own. Values are taken as normal
    and independent. Formula: :func:`sigmatool.numbers.guaranteed.guaranteed_width`.

    References
    ----------
    Albers & Kallenberg (2005), Metrika 61; Goedhart, Schoonhoven & Does (2017), Journal of Quality Technology 49.

    Examples
    --------
    >>> import sigmatool as st
    >>> found = guaranteed(st.control_chart(np.random.default_rng(1).normal(10, 1, 50)), 0.9)
    >>> round(found.nsigma, 2), round(found.without, 2), [round(s.widened) for s in found.seen]
    (3.63, 0.46, [231, 19, 4])
    """
    sure, wanted = _level(guarantee), _length(arl)
    stage = stage_of(chart, of)
    if chart.kind not in ("i-mr", *GROUPED):
        raise SettingsError(no_guarantee(chart.kind))
    if chart.nsigma != 3.0:
        raise SettingsError(OWN_WIDTH)
    basis = basis_of(chart, stage)
    if chart.sigma_method == "known" or basis.total is None:
        raise SettingsError(GIVEN)
    if basis.dof is None:
        raise SettingsError(PLAIN_RANGES)
    if chart.kind in GROUPED and not basis.common:
        raise DataError(EQUAL_SIZES)
    return _priced(basis, basis.dof, sure, wanted)


def _priced(basis: Basis, dof: float, sure: float, wanted: float) -> Guarantee:
    width, plain = guaranteed_width(basis.points, dof, sure, wanted), width_of(wanted)
    if width > WIDEST:
        raise DataError(too_wide(width, basis.points))
    seen = tuple(Seen(s, shewhart(plain, s).mean, shewhart(width, s).mean) for s in SHIFTS)
    without = attained(plain, basis.points, dof, wanted)
    return Guarantee(sure, wanted, width, plain, without, basis.points, dof, seen)


def _level(given: Any) -> float:
    if isinstance(given, bool | np.bool_) or not isinstance(given, Real) or not LEAST <= float(given) <= MOST:
        raise SettingsError(GUARANTEE_RANGE.format(least=LEAST, most=MOST, given=given))
    return float(given)


def _length(given: Any) -> float:
    if isinstance(given, bool | np.bool_) or not isinstance(given, Real) or not 2 <= float(given) <= LONGEST:
        raise SettingsError(f"arl must be a number of points from 2 to {LONGEST:,.0f}, not {given!r}.")
    return float(given)
