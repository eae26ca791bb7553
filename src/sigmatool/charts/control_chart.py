"""Is the process steady? One function for every kind of control chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..data import Counts, Measurements, Stage, counts, measurements
from ..errors import DataError, SettingsError
from ..result import Provenance, command_line, listed
from . import attributes, variables
from .advice import choose_kind, warnings_of
from .kinds import Baseline, Kind, Lines, Sample, Summary
from .result import ChartPanel, ControlChart, StageLimits
from .rules import Rule, rule_set
from .signals import Track, find_signals

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*variables.KINDS, *attributes.KINDS)}
COUNT_KINDS = tuple(name for name, kind in KINDS.items() if kind.counts)


def control_chart(
    data: Any,
    kind: str = "auto",
    *,
    value: str | None = None,
    size: str | None = None,
    time: str | None = None,
    subgroup: str | int | None = None,
    stage: str | None = None,
    rollout: Any = None,
    sigma: str | float | None = None,
    center: float | None = None,
    nsigma: float = 3.0,
    rules: str | Sequence[int] | None = "nelson",
    baseline: int | str | tuple[int, int] | None = None,
    exclude: Sequence[int] | str | None = None,
    title: str | None = None,
) -> ControlChart:
    """Draw a control chart: limits, stages, signals.

    Parameters
    ----------
    data : DataFrame, array or Series
    kind : str
        ``auto``, ``i-mr``, ``xbar-r``, ``xbar-s``, ``p``, ``np``, ``c``, ``u``, ``laney-p`` or ``laney-u``. ``auto``
        chooses by the shape of the data and says so in a caveat.
    value, size, time, subgroup, stage : str
        Columns. ``size``: number inspected or exposure. ``subgroup``: a column, or a number of rows.
    rollout : value or list of values
        Moments that part the series into stages with limits of their own.
    sigma : str or float
        An estimator's name, or a known sigma (for Laney charts sigma_z).
    center : float
        A known centre; default: estimated.
    nsigma : float
        Distance of the limits.
    rules : str or sequence of int
        ``nelson``, ``none``, or numbers such as ``1,2,5``. Rules restart at stages and gaps; on dispersion panels
        only points beyond the limits signal.
    baseline : int, "A..B" or (A, B)
        Points (from 1) whose estimates are frozen for the rest: with stages, an int counts from the start of each
        stage. Default: all points of a stage.
    exclude : sequence of int or str
        Points left out of estimates and rules; they stay drawn.
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
    Moving ranges next to a gap do not exist. Estimators and constants: :mod:`sigmatool.numbers.dispersion`.

    References
    ----------
    Montgomery, Introduction to Statistical Quality Control, ch. 6-7; Laney (2002), Quality Engineering 14.

    Examples
    --------
    >>> chart = control_chart([10.1, 9.8, 10.3, 10.0, 9.9, 10.2, 12.9, 10.1])
    >>> chart.kind, [s.point for s in chart.signals if s.rule == "nelson-1"]
    ('i-mr', [])
    """
    if kind != "auto" and kind not in KINDS:
        raise SettingsError(f"kind {kind!r} is unknown; known are auto, {', '.join(KINDS)}.")
    points: Measurements | Counts
    if kind in COUNT_KINDS or (kind == "auto" and size is not None):
        points = _count_points(data, kind, value, size, time, subgroup, stage, rollout, exclude)
    else:
        if size is not None:
            raise SettingsError(
                f"kind {kind} charts measurements and takes no size; did you mean p, u or a Laney chart?"
            )
        points = measurements(
            data, value=value, time=time, subgroup=subgroup, stage=stage, rollout=rollout, exclude=exclude
        )
    given = {"stage": stage, "rollout": rollout, "exclude": listed(exclude), "subgroup": subgroup, "title": title}
    return chart_points(points, kind, sigma=sigma, center=center, nsigma=nsigma, rules=rules, baseline=baseline,
                        given=given)  # fmt: skip


def _count_points(
    data: Any,
    kind: str,
    value: str | None,
    size: str | None,
    time: str | None,
    subgroup: str | int | None,
    stage: str | None,
    rollout: Any,
    exclude: Sequence[int] | str | None,
) -> Counts:
    if subgroup is not None:
        raise SettingsError("subgroup goes with measurements, not with counts: leave it out.")
    if value is None:
        if size is None and not hasattr(data, "columns"):
            from ..data import frame_of

            data, value = frame_of(data), "value"
        else:
            raise SettingsError("name the column with the counts: value (-y).")
    if size is None and kind not in ("c",):
        raise SettingsError(f"kind {kind} needs size (-n): the number inspected or the exposure.")
    if kind == "c" and size is not None:
        raise SettingsError("a c chart has no size; with varying exposure use a u chart.")
    proportion = kind in ("p", "np", "laney-p")
    return counts(
        data, value=value, size=size, time=time, stage=stage, rollout=rollout, exclude=exclude, proportion=proportion
    )


def chart_points(
    points: Measurements | Counts,
    kind: str = "auto",
    *,
    sigma: str | float | None = None,
    center: float | None = None,
    nsigma: float = 3.0,
    rules: str | Sequence[int] | None = "nelson",
    baseline: int | str | tuple[int, int] | None = None,
    given: dict[str, Any] | None = None,
) -> ControlChart:
    """:func:`control_chart` for points that have been through the door."""
    caveats = list(points.caveats)
    if kind == "auto":
        kind, why = choose_kind(points)
        caveats.append(Caveat("kind-chosen", f"Chart kind {kind} was chosen: {why}."))
    chosen = KINDS[kind]
    _check(points, chosen, sigma, nsigma)
    sample = _sample(points)
    if kind == "np" and np.unique(points.size[np.isfinite(points.size)]).size > 1:  # type: ignore[union-attr]
        caveats.append(Caveat("np-varying", "Sizes vary, so the centre line moves; a p chart reads more easily."))
    summary = chosen.summarise(sample)
    keep = ~points.excluded
    frozen, parts, spreads, windows = [], [], [], []
    for stage in points.stages:
        window = _window(stage, baseline, len(points.stages), points.n)
        base = _baseline(chosen, sample.masked(keep & window), sigma, center, stage, caveats)
        frozen.append(base)
        windows.append(window)
        here = slice(stage.start, stage.stop)
        parts.append(chosen.lines(base, summary.n[here], nsigma))
        if chosen.spread_lines is not None:
            spreads.append(chosen.spread_lines(base, summary.n[here], nsigma))
    spread_values = summary.spread
    if spread_values is not None and kind == "i-mr":
        spread_values = _cut_ranges(spread_values, points.stages)
    panels = [_panel(chosen.location, summary.n, summary.value, parts)]
    if spread_values is not None:
        panels.append(_panel(chosen.spread_name, summary.n, spread_values, spreads))
    in_force = rule_set(rules)
    tracks = [_track(panel, in_force if panel is panels[0] else _beyond_limits(in_force), keep) for panel in panels]
    signals = find_signals(tracks, [stage.start for stage in points.stages], points.n, nsigma)
    caveats += warnings_of(points, chosen, summary, keep)
    settings = {
        "kind": kind, "value": points.name, "size": getattr(points, "size_name", None),
        "time": None if points.axis.name == "point" else points.axis.name, **(given or {}),
        "sigma": sigma, "center": center, "nsigma": nsigma,
        "rules": rules if isinstance(rules, str) or rules is None else listed(rules),
        "baseline": "{}..{}".format(*baseline) if isinstance(baseline, tuple) else baseline,
    }  # fmt: skip
    options = {
        k: v for k, v in settings.items() if not ((k == "nsigma" and v == 3.0) or (k == "rules" and v == "nelson"))
    }
    command = command_line("chart", points.source, options)
    metric = points.name
    if isinstance(points, Counts) and points.size_name and kind not in ("np", "c"):
        metric = f"{points.name} per {points.size_name}"
    return ControlChart(
        settings=settings,
        rows=points.rows,
        caveats=tuple(dict.fromkeys(caveats)),
        provenance=Provenance(points.sha256, command, points.file_sha256, points.source),
        kind=kind,
        title=(given or {}).get("title") or f"{chosen.title}: {metric}",
        metric=metric,
        sigma=frozen[-1].sigma,
        sigma_method=frozen[-1].method,
        axis=points.axis,
        panels=tuple(panels),
        stages=tuple(
            _stage_limits(stage, base, chosen, summary, keep, window, nsigma)
            for stage, base, window in zip(points.stages, frozen, windows, strict=True)
        ),
        stage_of=tuple(stage.name for stage in points.stages for _ in range(stage.start, stage.stop)),
        signals=signals,
        excluded=points.excluded,
        percent=chosen.percent,
    )


def _check(points: Measurements | Counts, kind: Kind, sigma: str | float | None, nsigma: float) -> None:
    if not np.isfinite(nsigma) or nsigma <= 0:
        raise SettingsError(f"nsigma must be above zero, not {nsigma}.")
    if isinstance(sigma, str) and sigma not in kind.estimators:
        raise SettingsError(
            f"sigma {sigma!r} does not go with kind {kind.name}; known are {', '.join(kind.estimators)}."
        )
    if not isinstance(sigma, str) and sigma is not None and (not np.isfinite(sigma) or sigma <= 0):
        raise SettingsError(f"a known sigma must be above zero, not {sigma}.")
    if isinstance(points, Counts) != kind.counts:
        raise SettingsError(f"kind {kind.name} charts {'counts' if kind.counts else 'measurements'}.")
    if isinstance(points, Measurements):
        width = points.values.shape[1]
        if kind.name == "i-mr" and width > 1:
            raise SettingsError("an i-mr chart has one value a point; with subgroups use xbar-r or xbar-s.")
        if kind.name != "i-mr" and width == 1:
            raise SettingsError(f"kind {kind.name} needs subgroups of two or more values: give subgroup (-g).")


def _sample(points: Measurements | Counts) -> Sample:
    if isinstance(points, Measurements):
        return Sample(values=points.values)
    return Sample(count=points.count, size=points.size)


def _window(stage: Stage, baseline: int | str | tuple[int, int] | None, stages: int, n: int) -> Bools:
    inside = np.zeros(n, dtype=bool)
    if baseline is None:
        inside[stage.start : stage.stop] = True
        return inside
    if isinstance(baseline, str):
        first, dots, last = baseline.partition("..")
        if not dots and first.isdigit():
            return _window(stage, int(first), stages, n)
        if not (first.isdigit() and last.isdigit()):
            raise SettingsError(f"baseline {baseline!r} must be a number of points, or a range such as 1..24.")
        baseline = (int(first), int(last))
    if isinstance(baseline, int):
        if not 2 <= baseline <= stage.stop - stage.start:
            raise SettingsError(
                f"baseline {baseline} must lie between 2 and the {stage.stop - stage.start} points of stage "
                f"{stage.name!r}."
            )
        inside[stage.start : stage.start + baseline] = True
        return inside
    a, b = baseline
    if not 1 <= a < b <= n:
        raise SettingsError(f"baseline {a}..{b} must be a range inside the points 1 to {n}.")
    inside[a - 1 : b] = True
    return inside


def _baseline(
    kind: Kind,
    sample: Sample,
    sigma: str | float | None,
    center: float | None,
    stage: Stage,
    caveats: list[Caveat],
) -> Baseline:
    method = sigma if isinstance(sigma, str) else kind.estimators[0]
    seen = kind.summarise(sample).value
    if np.isfinite(seen).sum() < 2:
        raise DataError(f"stage {stage.name!r} has fewer than two usable points: no limits can be drawn from them.")
    base = kind.estimate(sample, method)
    if center is not None:
        base = replace(base, center=float(center))
    if sigma is not None and not isinstance(sigma, str):
        base = replace(base, sigma=float(sigma), method="known", common=0)
    if not base.sigma > 0:
        text = f"Stage {stage.name!r} shows no spread to draw limits from; no rule can fire there."
        caveats.append(Caveat("no-spread", text))
    return base


def _track(panel: ChartPanel, rules: tuple[Rule, ...], keep: Bools) -> Track:
    judged = np.where(keep & (panel.sigma > 0), panel.value, np.nan)
    return Track(panel.name, judged, panel.center, panel.sigma, panel.lower, panel.upper, rules)


def _beyond_limits(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Zones mean nothing on a skewed statistic: dispersion panels keep only the points beyond limits."""
    return tuple(rule for rule in rules if rule.pattern.test == "limits")


def _cut_ranges(ranges: Floats, stages: tuple[Stage, ...]) -> Floats:
    """A moving range across two stages measures the change, not the noise."""
    out = ranges.copy()
    out[[stage.start for stage in stages]] = np.nan
    return out


def _panel(name: str, n: Floats, value: Floats, parts: list[Lines]) -> ChartPanel:
    def joined(part: str) -> Floats:
        return np.concatenate([getattr(lines, part) for lines in parts])

    return ChartPanel(name, n, value, joined("center"), joined("lower"), joined("upper"), joined("sigma"))


def _stage_limits(
    stage: Stage, base: Baseline, kind: Kind, summary: Summary, keep: Bools, window: Bools, nsigma: float
) -> StageLimits:
    """Limits at the average size of the points they were estimated from, so that frozen ones never move."""
    inside = np.zeros(keep.size, dtype=bool)
    inside[stage.start : stage.stop] = True
    seen = keep & np.isfinite(summary.value)
    average = float(summary.n[seen & window].mean())
    lines = kind.lines(base, np.array([average]), nsigma)
    return StageLimits(
        name=stage.name,
        first=stage.start + 1,
        last=stage.stop,
        n=int((seen & inside).sum()),
        center=float(lines.center[0]),
        sigma=base.sigma,
        lower=float(lines.lower[0]),
        upper=float(lines.upper[0]),
    )
