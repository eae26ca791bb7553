"""Is the process steady? One function for every kind of control chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..data import (
    Counts,
    Exclude,
    Measurements,
    Vectors,
    counts,
    extra,
    frame_of,
    measurements,
    reasons_of,
    size_or_column,
    vectors,
    words,
)
from ..designs import Design, design_of
from ..errors import SettingsError
from ..origin import given
from ..result import listed
from . import caveat_words
from .catalogue import COUNT_KINDS, MAKERS, PART_KINDS, PROPORTION_KINDS, RARE_KINDS, VECTOR_KINDS, unknown
from .engine import chart_points
from .events import place_events, told_events
from .frozen import held_kind
from .limits_file import limits_of, limits_told
from .rare_events import check_rare
from .result import ControlChart
from .rules import Rules

Floats = NDArray[np.float64]


def control_chart(
    data: Any,
    kind: str | Design = "auto",
    *,
    value: str | Sequence[str] | None = None,
    size: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    stage: str | None = None,
    rollout: Any = None,
    sigma: str | float | None = None,
    center: float | None = None,
    nsigma: float = 3.0,
    rules: Rules = "nelson",
    baseline: int | str | tuple[int, int] | None = None,
    limits: Any = None,
    exclude: Exclude = None,
    part: str | None = None,
    nominal: str | None = None,
    events: Any = None,
    title: str | None = None,
) -> ControlChart:
    """Draw a control chart: limits, stages, signals.

    Parameters
    ----------
    data : DataFrame, array or Series
        A two-dimensional array holds subgroups in its rows; for ``t2`` and ``mewma`` variables in its columns.
    kind : str or settings
        ``auto``, ``i-mr``, ``xbar-r``, ``xbar-s``, ``i-mr-rs`` (between/within), ``p``, ``np``, ``c``, ``u``,
        ``laney-p``, ``laney-u``, ``g``, ``t``, ``ewma``, ``cusum``, ``ma``, ``run``, ``z-mr``, ``dnom``, ``t2``,
        ``mewma``; with settings as ``"ewma(weight=0.1)"`` or ``EWMA(weight=0.1)`` (:mod:`sigmatool.designs`). ``auto``
        chooses by the shape of the data (several columns: ``t2``) and says so in a caveat.
    value, size, time, subgroup, stage : str
        Columns. ``value``: several of them for ``t2`` and ``mewma``. ``size``: number inspected or exposure.
        ``subgroup``: a column, or a number of rows.
    rollout : value or list of values
        Moments that part the series into stages with limits of their own.
    sigma : str or float
        An estimator's name, or a known sigma (for Laney charts sigma_z); kinds whose law gives sigma take none.
    center : float
        A known centre in the unit of the chart; default: estimated.
    nsigma : float
        Distance of the limits, at most 10.
    rules : str, path or sequence
        The name of a set (``nelson``, ``western-electric``, ``aiag``, ``juran``, ``westgard``, ``nhs``, ``anhoej``), a
        variant such as ``nhs(run=6)``, numbers such as ``1,2,5``, ids, a rule file (``.toml``), or ``none``. Rules
        restart at stages and gaps; on dispersion panels only points beyond the limits signal.
    baseline : int, "A..B" or (A, B)
        Points (from 1) whose estimates are frozen for the rest: with stages, an int counts from the start of each
        stage. Default: all points of a stage.
    limits : path or mapping
        Frozen limits: a ledger (its last entry; :func:`sigmatool.freeze_limits`), a ``.toml`` file or mapping with
        ``center`` and ``sigma``, or a chart saved as ``.json``. They give kind, centre, sigma and width.
    exclude : sequence of int, str, or mapping
        Points left out of estimates and rules; they stay drawn. A mapping gives each its reason: ``{31: "power cut"}``.
    part, nominal : str
        Columns of short runs: the part that was made (``z-mr``), its nominal value (``dnom``).
    events : DataFrame or sequence of (when, label)
        Dated remarks, drawn on the axis.
    title : str

    Returns
    -------
    ControlChart

    Raises
    ------
    DataError, SettingsError
        What cannot be charted, in one sentence.

    Notes
    -----
    A point at a limit never signals. Lower limits of counts, ranges and standard deviations stop at zero.
    Moving ranges next to a gap do not exist. Estimators and constants: :mod:`sigmatool.numbers.dispersion`. What the
    conventions of a kind are, where packages differ, is told in ``convention``.

    References
    ----------
    Montgomery, Introduction to Statistical Quality Control, ch. 6-7 and 9-11; Laney (2002), Quality Engineering 14.

    Examples
    --------
    >>> chart = control_chart([10.1, 9.8, 10.3, 10.0, 9.9, 10.2, 12.9, 10.1])
    >>> chart.kind, [s.point for s in chart.signals if s.rule == "nelson-1"]
    ('i-mr', [])
    >>> control_chart([50.1, 52.0, 47.0, 53.0], "ewma(weight=0.3)", center=50, sigma=2.05).panels[0].name
    'EWMA'
    """
    held = limits_of(limits)
    if held is not None:
        if sigma is not None or center is not None or baseline is not None or nsigma != 3.0:
            raise SettingsError("frozen limits give centre, sigma and width: leave sigma, center, nsigma and baseline.")
        kind, sigma = held_kind(held, kind)
        center, nsigma = held.center, held.nsigma
    name, _ = design_of(kind)
    if name != "auto" and name not in MAKERS:
        raise unknown(name)
    subgroup = size_or_column(subgroup)
    place = {"time": time, "stage": stage, "rollout": rollout, "exclude": exclude}
    points: Measurements | Counts | Vectors
    if name in COUNT_KINDS or (name == "auto" and size is not None):
        points = _counts(data, name, _one(value), size, subgroup, place)
    elif size is not None:
        raise SettingsError(f"kind {name} charts measurements and takes no size; did you mean p, u or a Laney chart?")
    elif name in VECTOR_KINDS or (
        name == "auto" and value is not None and not isinstance(value, str) and len(value) > 1
    ):
        if value is not None and not isinstance(value, str):
            _check_names(value)
        points = vectors(data, value=value, subgroup=subgroup, **place)
    else:
        points = measurements(data, value=_one(value), subgroup=subgroup, **place)
        if name in RARE_KINDS:
            check_rare(kind, points.values[:, 0], points.order.kept + 1, points.name)
    parts, wanted = _short_run(data, name, part, nominal, points)
    placed = () if events is None else place_events(events, points.axis)
    settings = {
        "time": time, "stage": stage, "rollout": _told(rollout), "exclude": listed(exclude), "subgroup": subgroup,
        "part": part, "nominal": nominal, "events": _source(events), "limits": limits_told(limits), "title": title,
    }  # fmt: skip
    caveats: tuple[Caveat, ...] = () if held is None else (caveat_words.frozen_limits(held.name),)
    if placed and placed.outside:
        caveats = (*caveats, caveat_words.events_outside(placed.outside))
    return chart_points(
        points, kind, sigma=sigma, center=center, nsigma=nsigma, rules=rules, baseline=baseline, part=parts,
        nominal=wanted, events=placed.events if placed else (), reasons=reasons_of(points.axis, exclude),
        caveats=caveats, given=settings,
    )  # fmt: skip


def _told(rollout: Any) -> list[str] | None:
    """Rollouts as a repeatable option holds them, in plain words."""
    if rollout is None or isinstance(rollout, str):
        return [rollout] if rollout else None
    return [str(moment) for moment in rollout] or None if np.iterable(rollout) else [str(rollout)]


def _source(events: Any) -> str | None:
    """The file that a table of events came from, or that they were given."""
    held: dict[str, Any] = getattr(events, "attrs", {}).get("sigmatool", {})
    return held.get("source") or (None if events is None else given(told_events(events)))


def _check_names(value: Any) -> None:
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
        raise SettingsError(f"value must be the name of a column, or a list of names, not {value!r}.")


def _one(value: str | Sequence[str] | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    _check_names(value)
    if len(value) > 1:
        raise SettingsError(
            f"this kind charts one column, not {', '.join(value)}; for several at once take t2 or mewma."
        )
    return value[0] if value else None


def _counts(
    data: Any, kind: str, value: str | None, size: str | None, subgroup: str | int | None, place: dict[str, Any]
) -> Counts:
    if subgroup is not None:
        raise SettingsError("subgroup goes with measurements, not with counts: leave it out.")
    if size is None and kind not in ("c",):
        raise SettingsError(f"kind {kind} needs size (-n): the number inspected or the exposure.")
    if value is None:
        data = frame_of(data)
        if data.shape[1] > 1:
            raise SettingsError("name the column with the counts: value (-y).")
        value = str(data.columns[0])
    if kind == "c" and size is not None:
        raise SettingsError("a c chart has no size; with varying exposure use a u chart.")
    return counts(data, value=value, size=size, proportion=kind in PROPORTION_KINDS, **place)


def _short_run(
    data: Any, kind: str, part: str | None, nominal: str | None, points: Measurements | Counts | Vectors
) -> tuple[NDArray[np.object_] | None, Floats | None]:
    if kind not in PART_KINDS or not isinstance(points, Measurements):
        if part is not None or nominal is not None:
            raise SettingsError(f"kind {kind} takes no part and no nominal; for short runs choose z-mr or dnom.")
        return None, None
    wanted = "part" if kind == "z-mr" else "nominal"
    if (part if kind == "z-mr" else nominal) is None:
        raise SettingsError(f"kind {kind} needs {wanted} (--{wanted}): the column that tells it for each point.")
    parts = None if part is None else words(data, part, points)
    return parts, None if nominal is None else extra(data, nominal, points)
