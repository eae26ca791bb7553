"""From points to a chart: baselines frozen, panels drawn, rules asked, stage by stage."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..caveats import Caveat
from ..data import Counts, Measurements, Stage, StageNames, Vectors
from ..designs import Design, design_of
from ..errors import DataError
from ..numbers.run_tests import RunsAnalysis
from ..result import Provenance, command_line
from . import caveat_words
from .advice import choose_kind, warnings_of
from .asked import baseline_of, check_points, known, window_of
from .catalogue import make
from .events import Event
from .kinds import Baseline, Drawing, Judged, Kind, Sample, Summary
from .result import ChartPanel, ControlChart, StageLimits
from .rules import Choice, Rule, Rules, as_option, chosen
from .run import anhoej_signals
from .signals import Signal, Track, find_signals

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Points: TypeAlias = Measurements | Counts | Vectors


@dataclass(frozen=True)
class Frozen:
    """What judges new points as the chart judged its own: the kind, the last stage's baseline, what its points left
    behind, and the rules in force; ``single``: a point held one value; ``variables``: how many are charted at once."""

    kind: Kind
    base: Baseline
    nsigma: float
    rules: Choice
    state: Any
    tail: tuple[Track, ...]
    single: bool = True
    variables: int = 1


def chart_points(
    points: Points,
    kind: str | Design = "auto",
    *,
    sigma: str | float | None = None,
    center: float | None = None,
    nsigma: float = 3.0,
    rules: Rules = "nelson",
    baseline: int | str | tuple[int, int] | None = None,
    part: NDArray[np.object_] | None = None,
    nominal: Floats | None = None,
    events: tuple[Event, ...] = (),
    reasons: Mapping[int, str] | None = None,
    caveats: tuple[Caveat, ...] = (),
    given: dict[str, Any] | None = None,
) -> ControlChart:
    """:func:`~sigmatool.charts.control_chart.control_chart` for points that have been through the door."""
    noted = [*points.caveats, *caveats]
    name, design = design_of(kind)
    auto = name == "auto"
    if auto:
        name, why = choose_kind(points)
        noted.append(caveat_words.kind_chosen(name, why))
    chosen_kind = make(name, design, points.names if isinstance(points, Vectors) else ())
    check_points(points, chosen_kind)
    sigma, center, nsigma = known(chosen_kind, sigma, center, nsigma)
    baseline = baseline_of(baseline)
    sample = sample_of(points, part, nominal)
    summary = chosen_kind.summarise(sample)
    keep = ~points.excluded
    in_force = rules_for(chosen_kind, rules)
    parts = []
    for stage in points.stages:
        window = window_of(stage, baseline, points.n)
        used = sample.masked(keep & window)
        seen = summary if used is sample else chosen_kind.summarise(used)
        if np.isfinite(seen.value).sum() < 2:
            raise DataError(f"stage {stage.name!r} has fewer than two usable points: no limits can be drawn from them.")
        base = _baseline(chosen_kind, used, sigma, center, stage, noted)
        parts.append(_Part(stage, base, *_drawn(chosen_kind, base, summary, keep, window, stage, nsigma)))
    panels, tracks = joined(chosen_kind, summary.n, parts, keep, in_force)
    analyses, whole = _whole_stages(parts, keep) if "anhoej" in in_force.whole_stage else ([], [])
    signals_found = find_signals(tracks, [s.start for s in points.stages], points.n, nsigma, whole)
    noted += [c for each in parts for c in each.base.caveats]
    noted += warnings_of(points, chosen_kind, panels, summary, keep, parts[-1].base)
    last = parts[-1]
    told = str(design) if design is not None else name
    settings = {
        "kind": told, **_columns(points), **(given or {}), "sigma": sigma, "center": center, "nsigma": nsigma,
        "rules": as_option(rules), "baseline": "{}..{}".format(*baseline) if isinstance(baseline, tuple) else baseline,
    }  # fmt: skip
    command = command_line("chart", points.source, _options(settings, auto))
    metric = _metric(points, name)
    return ControlChart(
        settings=settings,
        rows=points.rows,
        caveats=tuple(dict.fromkeys(noted)),
        provenance=Provenance(points.sha256, command, points.file_sha256, points.source),
        kind=name,
        title=(given or {}).get("title") or f"{chosen_kind.title}: {metric}",
        metric=metric,
        sigma=last.base.sigma,
        sigma_method=last.base.method,
        axis=points.axis,
        panels=panels,
        stages=tuple(_stage_limits(each, chosen_kind, summary, keep, nsigma) for each in parts),
        stage_of=StageNames(points.stages),
        signals=signals_found,
        excluded=points.excluded,
        percent=chosen_kind.percent,
        nsigma=nsigma,
        convention=chosen_kind.convention,
        parameters=last.base.told,
        runs=tuple(analyses),
        events=events,
        reasons=reasons or {},
        rules=in_force.rules,
        frozen=Frozen(
            chosen_kind,
            last.base,
            nsigma,
            in_force,
            last.state,
            tuple(tracks),
            single=sample.values is None or sample.values.shape[1] == 1,
            variables=len(points.names) if isinstance(points, Vectors) else 1,
        ),
    )


def _options(settings: Mapping[str, Any], auto: bool) -> dict[str, Any]:
    """What the command needs: no default, no kind that was chosen for the user, no number that a file gives."""
    silent = {"kind"} if auto else set()
    silent |= {"sigma", "center", "nsigma"} if settings.get("limits") else set()
    defaults = (("nsigma", 3.0), ("rules", "nelson"))
    return {k: v for k, v in settings.items() if k not in silent and (k, v) not in defaults}


def next_points(frozen: Frozen, sample: Sample, state: Any) -> tuple[tuple[ChartPanel, ...], list[Track], Any]:
    """Panels of points that come after a chart, what the rules look at there, and the state they leave behind."""
    summary = frozen.kind.summarise(sample)
    n = summary.n.size
    nobody, everybody = np.zeros(n, dtype=bool), np.ones(n, dtype=bool)
    drawings, left = frozen.kind.draw(frozen.base, replace(summary, own=nobody), frozen.nsigma, state)
    part = _Part(Stage("next", 0, n), frozen.base, drawings, left, nobody)
    return *joined(frozen.kind, summary.n, [part], everybody, frozen.rules), left


@dataclass(frozen=True)
class _Part:
    """A stage with its frozen baseline and its panels."""

    stage: Stage
    base: Baseline
    drawings: tuple[Drawing, ...]
    state: Any
    window: Bools


def _drawn(
    kind: Kind, base: Baseline, summary: Summary, keep: Bools, window: Bools, stage: Stage, nsigma: float
) -> tuple[tuple[Drawing, ...], Any, Bools]:
    here = slice(stage.start, stage.stop)
    kept = None if keep[here].all() else keep[here]
    mine = replace(summary.part(here), own=(keep & window)[here], kept=kept)
    if kind.memory and kept is not None:
        more = {name: _gaps(x, kept) for name, x in mine.more.items()}
        mine = replace(mine, value=np.where(kept, mine.value, np.nan), more=more)
    drawings, state = kind.draw(base, mine, nsigma, None)
    return drawings, state, window


def _whole_stages(parts: Sequence[_Part], keep: Bools) -> tuple[list[RunsAnalysis], list[Signal]]:
    """Anhøj's test of each stage about its centre line, and its signals."""
    analyses: list[RunsAnalysis] = []
    signals: list[Signal] = []
    for part in parts:
        drawing, stage = part.drawings[0], part.stage
        value = np.where(keep[stage.start : stage.stop], drawing.value, np.nan)
        found, said = anhoej_signals(drawing.name, value, float(drawing.center[0]), stage.start, stage.name)
        analyses.append(found)
        signals += said
    return analyses, signals


def _gaps(x: Any, kept: Bools) -> Any:
    return np.where(kept.reshape(-1, *[1] * (x.ndim - 1)), x, np.nan) if x.dtype.kind == "f" else x


def rules_for(kind: Kind, rules: Rules) -> Choice:
    """The rules in force; a run chart's default is its own whole-stage test."""
    return chosen("anhoej" if kind.name == "run" and isinstance(rules, str) and rules == "nelson" else rules)


def _allowed(rules: Sequence[Rule], judged: Judged) -> tuple[Rule, ...]:
    """Rules that make sense on a panel: zones mean nothing on a skewed statistic."""

    def fits(rule: Rule) -> bool:
        pattern = rule.pattern
        if judged == "all" or pattern.test == "limits":
            return judged != "none"
        ordered = pattern.test in ("trend", "alternating")
        one_side = pattern.test == "beyond" and pattern.zone == 0
        return (judged in ("runs", "order") and ordered) or (judged == "runs" and one_side)

    return tuple(rule for rule in rules if fits(rule))


def joined(
    kind: Kind, n: Floats, parts: Sequence[_Part], keep: Bools, rules: Choice
) -> tuple[tuple[ChartPanel, ...], list[Track]]:
    """Panels and what the rules look at, the stages one after another."""
    panels, tracks = [], []
    for drawings in zip(*(part.drawings for part in parts), strict=True):
        first = drawings[0]
        value, center, lower, upper, sigma = (
            _joined([getattr(d, line) for d in drawings]) for line in ("value", "center", "lower", "upper", "sigma")
        )
        mine = _allowed(rules.rules, first.judged)
        zones = first.scored is None and any(r.pattern.zone > 0 for r in mine)
        panels.append(ChartPanel(first.name, n, value, center, lower, upper, sigma, zones))
        tracks.append(_track(kind, drawings, panels[-1], keep, mine))
    return tuple(panels), tracks


def _joined(pieces: Sequence[Floats]) -> Floats:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def _track(
    kind: Kind, drawings: Sequence[Drawing], panel: ChartPanel, keep: Bools, rules: tuple[Rule, ...]
) -> Track:  # fmt: skip
    value, center, sigma, lower, upper = panel.value, panel.center, panel.sigma, panel.lower, panel.upper
    scored = [d.scored for d in drawings if d.scored is not None]
    if scored:
        value = _joined([s.value for s in scored])
        center, sigma, lower, upper = (
            _joined([np.broadcast_to(np.float64(getattr(s, line)), s.value.shape) for s in scored])
            for line in ("center", "sigma", "lower", "upper")
        )
    counted = [d.counted for d in drawings]
    seen = keep if all(c is None for c in counted) else keep & _all_counted(drawings)
    # without spread there are lines, but nothing that could be called beyond them
    flat_line = sigma.strides[0] == 0 and sigma.size > 0
    if flat_line and sigma[0] <= 0:
        value = np.full(value.size, np.nan)
    elif not flat_line and bool(np.any(sigma <= 0)):
        value = np.where(sigma <= 0, np.nan, value)
    if not seen.all():
        value = np.where(seen, value, np.nan)
    since = None
    if drawings[0].since is not None:
        starts = np.cumsum([0, *(d.value.size for d in drawings[:-1])])
        since = np.concatenate(
            [d.since + first for d, first in zip(drawings, starts, strict=True) if d.since is not None]
        )
    return Track(panel.name, value, center, sigma, lower, upper, rules, since, _explainer(drawings), kind.bound)


def _all_counted(drawings: Sequence[Drawing]) -> Bools:
    return np.concatenate([np.ones(d.value.size, dtype=bool) if d.counted is None else d.counted for d in drawings])


def _explainer(drawings: Sequence[Drawing]) -> Callable[[int], str] | None:
    if drawings[0].explain is None:
        return None
    starts = [0, *np.cumsum([d.value.size for d in drawings]).tolist()]

    def explain(at: int) -> str:
        stage = bisect.bisect_right(starts, at) - 1
        words = drawings[stage].explain
        return words(at - starts[stage]) if words is not None else ""

    return explain


def sample_of(points: Points, part: NDArray[np.object_] | None = None, nominal: Floats | None = None) -> Sample:
    """The points as a kind sees them."""
    if isinstance(points, Counts):
        return Sample(count=points.count, size=points.size)
    return Sample(values=points.values, part=part, nominal=nominal)


def _columns(points: Points) -> dict[str, Any]:
    return {
        "value": list(points.names) if isinstance(points, Vectors) else points.name,
        "size": getattr(points, "size_name", None),
        "time": None if points.axis.name == "point" else points.axis.name,
    }


def _metric(points: Points, kind: str) -> str:
    if isinstance(points, Counts) and points.size_name and kind not in ("np", "c"):
        return f"{points.name} per {points.size_name}"
    return points.name


def _baseline(
    kind: Kind,
    sample: Sample,
    sigma: str | float | None,
    center: float | None,
    stage: Stage,
    caveats: list[Caveat],
) -> Baseline:
    base = kind.estimate(sample, sigma if isinstance(sigma, str) else kind.estimators[0])
    if center is not None:
        centers = kind.known_center or (lambda b, c: replace(b, center=c))
        base = centers(base, center)
    if sigma is not None and not isinstance(sigma, str):
        enters = kind.known or (lambda b, s: replace(b, sigma=s, method="known", common=0))
        base = enters(base, sigma)
    if base.sigma <= 0 or (np.isnan(base.sigma) and kind.takes != "vectors" and kind.name != "run"):
        caveats.append(caveat_words.no_spread(stage.name))
    return base


def _stage_limits(part: _Part, kind: Kind, summary: Summary, keep: Bools, nsigma: float) -> StageLimits:
    """Limits at the average size of the points they were estimated from, so that frozen ones never move; of lines that
    settle, the last."""
    stage, base = part.stage, part.base
    here = slice(stage.start, stage.stop)
    seen = keep & np.isfinite(summary.value)
    drawing = part.drawings[0]
    lines = [drawing.center, drawing.lower, drawing.upper]
    if kind.takes == "counts" or (kind.grouped and not summary.more and kind.name != "i-mr-rs"):
        average = float(summary.n[seen & part.window].mean())
        lone = Summary(np.array([average]), np.array([base.center]))
        found = kind.draw(base, lone, nsigma, None)[0][0]
        lines = [found.center, found.lower, found.upper]
    center, lower, upper = (_last(line) for line in lines)
    return StageLimits(
        name=stage.name, first=stage.start + 1, last=stage.stop, n=int(seen[here].sum()), center=center,
        sigma=base.sigma, lower=lower, upper=upper,
    )  # fmt: skip


def _last(line: Floats) -> float:
    if line.size == 0 or line.strides[0] == 0:
        return float(line[0]) if line.size else np.nan
    known = np.flatnonzero(np.isfinite(line))
    return float(line[known[-1]]) if known.size else np.nan
