"""The map of all streams."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..render.explorer import Axis, Map
from ..render.figure import Arrow, Figure, Mark, Panel, Points, Rule

if TYPE_CHECKING:
    from .result import Screen

Floats = NDArray[np.float64]

STEADY = 1.25
"""Stability index beyond which a process is usually called unsteady."""

_ARROWS = 25
"""Streams whose way from before to after is drawn: those that need attention most."""

_DOTS = 2_000
"""Streams that are drawn as dots on paper; of more, those ranked first."""

_FAR = 20.0
"""Distance from the median, in standard deviations of the middle half, beyond which a dot stands on the map's edge."""

_SIGMA = 0.6744897501960817
"""The upper quartile of the normal law."""


def figure(r: Screen) -> Figure:
    """Stability index across; up, the Ppk, or where no stream has a specification how sure the finding is."""
    drawn = mapped(r).figure
    assert drawn is not None
    return drawn


def mapped(r: Screen) -> Map:
    """The map of all streams, and the same for paper."""
    c = r.columns
    capable = bool(np.isfinite(c["ppk"]).any())
    x = c["stability_index"].astype(np.float64)
    y = c["ppk"] if capable else -np.log10(np.maximum(c["p_stable"], 1e-16))
    known = np.isfinite(x) & np.isfinite(y)
    x, y = np.where(known, x, np.nan), np.where(known, y, np.nan)
    from_x, from_y = _origins(c, known, capable)
    across = Axis("stability index", _ends(x, STEADY, from_x), STEADY, f"stability index {STEADY:g}")
    wish, wish_name = (r.wanted, f"Ppk {r.wanted:g}, as wanted") if capable else (None, "")
    up = Axis("Ppk" if capable else "evidence: −log10 p", _ends(y, wish, from_y), wish, wish_name)
    alt = _alt(r, known, capable, _outside(x, across) | _outside(y, up))
    tells = ("stability index", "Ppk" if capable else "p of a steady process")
    drawn = Map(x, y, c["unstable"], from_x, from_y, across, up, ("not called unstable", "not stable"), tells, alt)
    return replace(drawn, figure=_figure(r, drawn, capable))


def _ends(values: Floats, line: float | None, origins: Floats) -> tuple[float, float]:
    """From the smallest to the largest value and the line, without those that would press all others together."""
    held = values[np.isfinite(values)]
    if held.size == 0:
        return 0.0, 1.0
    reached = np.append(held, origins[np.isfinite(origins)])
    low, middle, high = np.quantile(held, (0.25, 0.5, 0.75))
    ends = []
    for sign, quartile in ((-1.0, low), (1.0, high)):
        spread = abs(quartile - middle) / _SIGMA or abs(np.quantile(held, 0.5 + 0.49 * sign) - middle)
        inside = reached[sign * (reached - middle) <= _FAR * spread]
        ends.append(float(sign * np.max(sign * inside)))
    if line is not None:
        ends = [min(ends[0], line), max(ends[1], line)]
    room = 0.03 * (ends[1] - ends[0]) or max(abs(ends[0]), 1.0) * 0.05
    return ends[0] - room, ends[1] + room


def _outside(values: Floats, axis: Axis) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray((values < axis.ends[0]) | (values > axis.ends[1]))


def _origins(c: Any, known: NDArray[np.bool_], capable: bool) -> tuple[Floats, Floats]:
    """Where the streams that need attention most stood before."""
    if not (capable and "before_ppk" in c):
        return np.array([]), np.array([])
    here = np.flatnonzero(known & np.isfinite(c["before_stability_index"]) & np.isfinite(c["before_ppk"]))[:_ARROWS]
    moved = np.zeros(known.size, dtype=bool)
    moved[here] = True
    last = int(here[-1]) + 1 if here.size else 0
    return tuple(np.where(moved, c[n], np.nan)[:last] for n in ("before_stability_index", "before_ppk"))  # type: ignore[return-value]


def _alt(r: Screen, known: NDArray[np.bool_], capable: bool, outside: NDArray[np.bool_]) -> str:
    """What the map shows."""
    many = int(known.sum())
    bad = int((known & r.columns["unstable"]).sum())
    up = "the Ppk" if capable else "the evidence against a steady process (−log10 p)"
    beyond = int(outside.sum())
    far = (
        f" {beyond:,} {'lies' if beyond == 1 else 'lie'} far beyond the others and so "
        f"{'stands' if beyond == 1 else 'stand'} on the edge."
        if beyond
        else ""
    )
    moved = (
        f" Arrows lead from before to after, for the {_ARROWS} ranked first."
        if capable and "before_ppk" in r.columns
        else ""
    )
    return (
        f"Each dot is a stream: {many:,} of {len(known):,}. Across the stability index, the spread in all over the "
        f"spread from point to point (1 is steady); up {up}. "
        f"{bad:,} {'is' if bad == 1 else 'are'} not stable.{moved}{far}"
    )


def _figure(r: Screen, drawn: Map, capable: bool) -> Figure:
    """The map on paper: of many streams those ranked first."""
    c, across, up = r.columns, drawn.across, drawn.up
    here = np.flatnonzero(np.isfinite(drawn.x))[:_DOTS]
    x, y = np.clip(drawn.x, *across.ends), np.clip(drawn.y, *up.ends)
    marks: list[Mark] = []
    if up.line is not None:
        marks.append(Rule(up.line, "y", "limit", up.line_name))
    marks.append(Rule(STEADY, "x", "limit", across.line_name))
    for i in np.flatnonzero(np.isfinite(drawn.from_x)).tolist():
        begin = np.clip(drawn.from_x[i], *across.ends), np.clip(drawn.from_y[i], *up.ends)
        told = f"{c['stream'][i]}: before to after"
        marks.append(Arrow(float(begin[0]), float(begin[1]), float(x[i]), float(y[i]), "after", told))
    for rows, role, label in (
        (here[~drawn.signal[here]], "data", drawn.names[0]),
        (here[drawn.signal[here]], "signal", drawn.names[1]),
    ):
        if rows.size:
            words = tuple(
                f"{c['stream'][i]}: stability index {drawn.x[i]:.3g}, "
                + (f"Ppk {c['ppk'][i]:.3g}" if capable else f"p {c['p_stable'][i]:.2g}")
                for i in rows
            )
            marks.append(Points(x[rows], y[rows], role, words, label=label))
    name = "Ppk" if capable else "evidence against a steady process: −log10 p"
    first = f" Drawn: the {here.size:,} ranked first." if here.size < int(np.isfinite(drawn.x).sum()) else ""
    panel = Panel(tuple(marks), name)
    return Figure((panel,), "stability index: spread in all over spread from point to point", f"{drawn.caption}{first}")
