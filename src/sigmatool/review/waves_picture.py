"""The pictures of a rollout in waves: the gain by the time since the go-live, the sites' values, their increments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..numbers.panel import two_way_residuals
from ..render.figure import Figure, Interval, Line, Mark, Panel, Points, Rule
from .waves_case import NEVER
from .waves_result import Waves
from .waves_wording import change, level, mean_effect, told

Floats = NDArray[np.float64]

SITES_DRAWN = 12
"""Sites whose values are drawn one above another; more are not looked at."""


def without_rollout(w: Waves) -> Floats:
    """What each point would be by its site's level and by what the other sites did, in the metric's own unit.

    The levels of sites and periods are those that fit best once each site's own increment is taken away.
    """
    case = w.case
    gained = np.array([0.0 if own is None else own.estimate for own in w.findings.own])[case.site] * case.live
    still = case.z - gained
    levels = still - two_way_residuals(still, case.site, case.period, np.empty((still.size, 0)))
    return np.array([case.scale.back(case.sign * z) for z in levels])


def since_go_live(w: Waves) -> Figure:
    """Values less those to be expected without the rollout, averaged over the sites, by the time since the go-live."""
    case, e = w.case, mean_effect(w)
    moved = case.switching[case.site]
    gap, since = (case.value - without_rollout(w))[moved], case.since[moved]
    places, index, count = np.unique(since, return_inverse=True, return_counts=True)
    mean = np.bincount(index, gap) / count
    x = places.astype(float)
    text = tuple(
        f"{_when(w, int(k))}: {change(w, float(m))} ({n} site{'s' if n > 1 else ''})"
        for k, m, n in zip(places, mean, count, strict=True)
    )
    then = np.array([-0.5, x[-1]])
    marks: list[Mark] = [
        Line(np.array([x[0], -0.5]), np.zeros(2), "center"),
        Line(then, np.full(2, e.difference), "center", f"mean effect {change(w, e.difference)}", shorter=("effect",)),
        Line(then, np.full(2, e.low), "limit", change(w, e.low)),
        Line(then, np.full(2, e.high), "limit", change(w, e.high)),
        Line(x, mean, "data"),
        Points(x, mean, "data", text),
        Rule(-0.5, "x", "rollout", "go-live"),
    ]
    panel = Panel(tuple(marks), f"change of {w.metric}", percent=w.scale == "proportion")
    alt = f"Gain by the time since the go-live: about zero before it, {told(w, e)} after it."
    return Figure((panel,), f"{w.step_name}s since the site's own go-live", alt, legend=False)


def picture_caption(w: Waves) -> str:
    """What the first picture shows."""
    return (
        f"{w.metric} less what each site's own level and the other sites would have led to, averaged over the sites at "
        "the same time from their own go-live. After it the mean effect with its 95 % interval, which allows for "
        "differences between sites; far from the go-live fewer sites have points."
    )


def _when(w: Waves, since: int) -> str:
    unit = w.step_name if abs(since) == 1 else f"{w.step_name}s"
    return "at the go-live" if since == 0 else f"{abs(since)} {unit} {'after' if since > 0 else 'before'}"


def site_values(w: Waves) -> Figure:
    """One panel a site: its values, its go-live, and what was to be expected without it."""
    case, expected = w.case, without_rollout(w)
    x_of = dict(zip(case.axis.positions.tolist(), case.axis.x.tolist(), strict=True))
    labels = dict(zip(case.axis.positions.tolist(), case.axis.labels, strict=True))
    shown = range(min(len(case.names), SITES_DRAWN))
    panels = []
    for i in shown:
        rows = np.flatnonzero(case.site == i)
        x = np.array([x_of[k] for k in case.period[rows].tolist()])
        text = tuple(
            f"{labels[k]}: {level(w, v)}"
            for k, v in zip(case.period[rows].tolist(), case.value[rows].tolist(), strict=True)
        )
        marks: list[Mark] = [
            Line(x, expected[rows], "control"),
            Line(x, case.value[rows], "data"),
            Points(x, case.value[rows], "data", text),
        ]
        if case.start[i] != NEVER:
            marks.append(Rule(x_of[int(case.start[i])], "x", "rollout", f"live from {case.label(i)}"))
        name = case.names[i] if case.start[i] != NEVER else f"{case.names[i]} (never live)"
        panels.append(Panel(tuple(marks), name, 0.4, percent=w.scale == "proportion"))
    return Figure(
        tuple(panels), case.axis.name, f"{w.metric} over time, one panel a site, each with its go-live.",
        x_kind=case.axis.kind, legend=False, x_names=case.axis.labels if case.axis.kind == "order" else (),
    )  # fmt: skip


def values_caption(w: Waves) -> str:
    """What the panels of the sites show."""
    more = len(w.sites) - SITES_DRAWN
    return (
        f"{w.metric} at each site with its go-live; the line without points is what its own level and the other sites "
        "would have led to."
        + (f" The first {SITES_DRAWN} of {len(w.sites)} sites, by their go-live." if more > 0 else "")
    )


def forest(w: Waves) -> Figure:
    """One interval a site, earliest go-live on top, and the mean effect beneath."""
    share = 100.0 if w.scale == "proportion" else 1.0
    shown = [(s.name, s.increment, "control") for s in w.sites if s.increment is not None]
    shown.append(("mean effect", mean_effect(w), "data"))
    places = range(len(shown) - 1, -1, -1)
    marks: list[Mark] = [
        Interval(i.difference * share, i.low * share, i.high * share, float(at), role, f"{name}: {told(w, i)}")
        for at, (name, i, role) in zip(places, shown, strict=True)
    ]
    marks.append(Rule(0.0, "x", "limit", "no change"))
    panel = Panel(tuple(marks), "", categories=tuple(name for name, _, _ in reversed(shown)))
    unit = " (percentage points)" if w.scale == "proportion" else ""
    alt = f"{len(shown) - 1} sites with their intervals, and the mean effect: {told(w, mean_effect(w))}."
    return Figure((panel,), f"change of {w.metric}{unit}", alt, legend=False)


def forest_caption(w: Waves) -> str:
    """What the forest shows."""
    return (
        f"Change of {w.metric} at each site's own go-live, with its 95 % interval; {w.better} is better. The mean "
        "effect allows for differences between sites."
    )
