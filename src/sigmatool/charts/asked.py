"""What a chart was asked for: settings as plain numbers, refused where they contradict each other or the data."""

from __future__ import annotations

import operator
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..columns import LARGEST, SMALLEST
from ..data import Counts, Measurements, Stage, Vectors
from ..errors import SettingsError
from .kinds import Kind

Bools = NDArray[np.bool_]

WIDEST = 10.0
"""Sigmas beyond which a limit is of no use, and its price too small to be computed."""


def known(kind: Kind, sigma: Any, center: Any, nsigma: Any) -> tuple[str | float | None, float | None, float]:
    """Sigma, centre and width of the limits as plain numbers."""
    width = _number("nsigma", nsigma)
    if not 0 < width <= WIDEST:
        raise SettingsError(f"nsigma must be above zero and at most {WIDEST:g}, not {nsigma}.")
    return _sigma(kind, sigma), _center(kind, center), width


def _sigma(kind: Kind, sigma: Any) -> str | float | None:
    if sigma is None:
        return None
    if isinstance(sigma, str):
        if sigma not in kind.estimators:
            raise SettingsError(
                f"sigma {sigma!r} does not go with kind {kind.name}; known are {', '.join(kind.estimators)}."
            )
        return sigma
    value = _number("a known sigma", sigma)
    if kind.own_sigma:
        raise SettingsError(f"kind {kind.name} {kind.own_sigma}; leave a known sigma out.")
    if not SMALLEST <= value <= LARGEST:
        raise SettingsError(f"a known sigma must be above zero and a number that can be squared, not {sigma}.")
    return value


def _center(kind: Kind, center: Any) -> float | None:
    if center is None:
        return None
    value = _number("a known center", center)
    if kind.own_center:
        raise SettingsError(f"kind {kind.name} {kind.own_center}; leave a known center out.")
    if not abs(value) <= LARGEST:
        raise SettingsError(f"a known center must be a finite number that can be squared, not {center}.")
    low, high = kind.center_inside
    if not low < value < high:
        where = f"between {low:g} and {high:g}" if np.isfinite(high) else f"above {low:g}"
        raise SettingsError(f"a known center of kind {kind.name} must lie {where}, not at {center}.")
    return value


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise SettingsError(f"{name} must be a number, not {value!r}.")
    return float(value)


def check_points(points: Measurements | Counts | Vectors, kind: Kind) -> None:
    """Whether the kind can chart such points."""
    takes = {Measurements: "measurements", Counts: "counts", Vectors: "vectors"}[type(points)]
    if takes != kind.takes:
        what = {"measurements": "measurements", "counts": "counts", "vectors": "several variables at once"}
        raise SettingsError(f"kind {kind.name} charts {what[kind.takes]}.")
    if isinstance(points, Measurements):
        width = points.values.shape[1]
        if kind.grouped is False and width > 1:
            raise SettingsError(
                f"kind {kind.name} has one value a point; with subgroups use xbar-r, xbar-s or i-mr-rs."
            )
        if kind.grouped is True and width == 1:
            raise SettingsError(f"kind {kind.name} needs subgroups of two or more values: give subgroup (-g).")


def baseline_of(baseline: Any) -> int | tuple[int, int] | None:
    """A number of points, or the first and the last of a range (from 1).

    Examples
    --------
    >>> baseline_of("24"), baseline_of("5..24"), baseline_of([5, 24])
    (24, (5, 24), (5, 24))
    """
    if baseline is None:
        return None
    if isinstance(baseline, str):
        parts = [part.strip() for part in baseline.split("..")]
        if len(parts) > 2 or not all(part.isascii() and part.isdigit() for part in parts):
            raise _no_baseline(baseline)
        return int(parts[0]) if len(parts) == 1 else (int(parts[0]), int(parts[1]))
    try:
        if isinstance(baseline, bool | np.bool_):
            raise _no_baseline(baseline)
        if isinstance(baseline, tuple | list):
            first, last = map(operator.index, baseline)
            return first, last
        return operator.index(baseline)
    except (TypeError, ValueError):
        raise _no_baseline(baseline) from None


def _no_baseline(baseline: Any) -> SettingsError:
    return SettingsError(f"baseline {baseline!r} must be a number of points, or a range such as 1..24.")


def window_of(stage: Stage, baseline: int | tuple[int, int] | None, n: int) -> Bools:
    """Which points the limits of a stage are estimated from."""
    inside = np.zeros(n, dtype=bool)
    if baseline is None:
        inside[stage.start : stage.stop] = True
    elif isinstance(baseline, int):
        if not 2 <= baseline <= stage.stop - stage.start:
            raise SettingsError(
                f"baseline {baseline} must lie between 2 and the {stage.stop - stage.start} points of stage "
                f"{stage.name!r}."
            )
        inside[stage.start : stage.start + baseline] = True
    else:
        a, b = baseline
        if not 1 <= a < b <= n:
            raise SettingsError(f"baseline {a}..{b} must be a range inside the points 1 to {n}.")
        inside[a - 1 : b] = True
    return inside
