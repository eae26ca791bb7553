"""How does a review differ from the plan that was registered for it? Every departure, in the order of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data import Counts, Measurements, extra
from ..errors import SettingsError
from ..ordering import exclusions, split_rollout
from ..registration import Registration, baseline_fingerprint
from ..result import VERSION
from ..timeline import parse_times
from . import plan_words
from .given import several
from .guards import Guard
from .result import Departure, Review

Floats = NDArray[np.float64]

COMPARED = (
    "value", "size", "time", "subgroup", "better", "scale", "washout", "worthwhile", "season", "merge", "control",
    "control_size", "lsl", "usl", "target", "triggered_by_bad_results", "looks",
)  # fmt: skip
"""Settings that are held against the plan as they stand."""


def departures(plan: Registration, r: Review, data: Any) -> tuple[Departure, ...]:
    """What was done otherwise than planned."""
    found = [*_options(plan, r), *_rollout(plan, r), *_points(plan, r), *_guards(plan, r), *_excluded(plan, r)]
    found += _baseline(plan, r, data)
    if plan.seen_after:
        found.append(Departure("late", plan_words.registered_late(plan.seen_after)))
    if plan.version != VERSION:
        found.append(Departure("version", plan_words.other_version(plan.version, VERSION)))
    return tuple(found)


def _options(plan: Registration, r: Review) -> Iterator[Departure]:
    for name in COMPARED:
        planned, used = getattr(plan, name), r.settings[name]
        if _plain(planned) != _plain(used):
            yield Departure("option", plan_words.option(name, planned, used))
    if r.settings["metric"]:
        yield Departure("option", plan_words.option("metric", None, r.settings["metric"]))
    if r.gauge is not None and r.gauge.widened is not None:
        yield Departure("option", plan_words.option("gauge", None, r.settings["gauge"]))


def _plain(value: Any) -> str:
    """A setting in one form, whether it came from a file, a command line or Python."""
    if value is None or value == "auto" or (isinstance(value, list | tuple) and not value):
        return ""
    if isinstance(value, list | tuple):
        return "\x1f".join(map(_plain, value))
    text = str(value).strip()
    share = text.endswith("%")
    try:
        return f"{float(text.removesuffix('%'))!r}{'%' if share else ''}"
    except ValueError:
        return text


def _rollout(plan: Registration, r: Review) -> Iterator[Departure]:
    used = several(r.settings["rollout"], "rollout")
    if [_moment(text) for text in used] != [_moment(plan.rollout)]:
        yield Departure("rollout", plan_words.rollout_moved(plan.rollout, ", ".join(used)))


def _moment(text: str) -> str:
    """A moment without its label; dates in one form."""
    when, _ = split_rollout(text)
    times = parse_times([when])
    return _plain(when) if times is None else repr(float(times.days[0]))


def _points(plan: Registration, r: Review) -> Iterator[Departure]:
    after = r.judged.n_after
    if plan.looks is None:
        if after != plan.review_points:
            yield Departure("points", plan_words.points_differ(plan.review_points, after))
    elif r.looks is not None and r.looks.text == plan.looks and r.looks.planned and after not in r.looks.planned:
        yield Departure("look", plan_words.look_unplanned(after, plan.looks))


def _guards(plan: Registration, r: Review) -> Iterator[Departure]:
    used, planned = r.settings["guard"], list(plan.guards)
    missing, added = [g for g in planned if g not in used], [g for g in used if g not in planned]
    if missing or added:
        yield Departure("guards", plan_words.guards_differ(missing, added))


def _excluded(plan: Registration, r: Review) -> Iterator[Departure]:
    points = r.judged.points
    try:
        planned = exclusions(points.axis, plan.exclude)
    except SettingsError:
        # the plan names a point that is gone: its baseline is told to be another one
        planned = np.zeros(points.n, dtype=np.bool_)

    def labels(which: NDArray[np.bool_]) -> list[str]:
        return [points.axis.labels[int(i)] for i in np.flatnonzero(which)]

    since, again = labels(points.excluded & ~planned), labels(planned & ~points.excluded)
    if since:
        yield Departure("exclusions", plan_words.excluded_since(since))
    if again:
        yield Departure("exclusions", plan_words.kept_again(again))


def _baseline(plan: Registration, r: Review, data: Any) -> Iterator[Departure]:
    points, registered = r.judged.points, plan.baseline_points
    if points.n < registered:
        yield Departure("baseline", plan_words.baseline_short(points.n, registered))
    columns = registered_columns(
        data, points, tuple(r.settings["control"]), tuple(r.settings["control_size"]), plan.guards
    )
    found = baseline_fingerprint(points.axis, columns, registered)
    if found.sha256 == plan.baseline_sha256:
        return
    last = min(registered, points.n)
    changed = [
        points.axis.labels[first] if found.size == 1 else _from_to(points.axis.labels, first, found.size, last)
        for first, now, then in _pieces(found.parts, plan.baseline_parts, found.size) if now != then
    ]  # fmt: skip
    if changed:
        yield Departure("baseline", plan_words.baseline_changed(changed, registered))


def _pieces(now: tuple[str, ...], then: tuple[str, ...], size: int) -> Iterator[tuple[int, str, str]]:
    return ((i * size, a, b) for i, (a, b) in enumerate(zip(now, then, strict=False)))


def _from_to(labels: Any, first: int, size: int, last: int) -> str:
    return f"{labels[first]} to {labels[min(first + size, last) - 1]}"


def registered_columns(
    data: Any,
    points: Measurements | Counts,
    controls: tuple[str, ...],
    control_sizes: tuple[str, ...],
    guards: tuple[str, ...],
) -> list[Floats]:
    """Every column that a plan fixes, by point: the metric, its size, untouched series and guards."""
    own = [points.count, points.size] if isinstance(points, Counts) else [points.values]
    known = frozenset(map(str, getattr(data, "columns", ())))
    parsed = [Guard.parse(text, known) for text in guards]
    further = [*controls, *control_sizes, *(n for g in parsed for n in (g.value, g.size) if n is not None)]
    return [*own, *(extra(data, name, points) for name in further)]
