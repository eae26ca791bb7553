"""The map of all streams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..render.figure import Arrow, Figure, Mark, Panel, Points, Rule

if TYPE_CHECKING:
    from .result import Screen

STEADY = 1.25
"""Stability index beyond which a process is usually called unsteady."""

_ARROWS = 40
"""Streams whose way from before to after is drawn: those that need attention most."""

_DOTS = 2_000
"""Streams that are drawn as dots; of more, those ranked first."""


def figure(r: Screen) -> Figure:
    """Stability index across; up, the Ppk, or where no stream has a specification how sure the finding is."""
    c = r.columns
    capable = bool(np.isfinite(c["ppk"]).any())
    x = c["stability_index"]
    y = c["ppk"] if capable else -np.log10(np.maximum(c["p_stable"], 1e-16))
    here = np.flatnonzero(np.isfinite(x) & np.isfinite(y))[:_DOTS]
    bad, others = here[c["unstable"][here]], here[~c["unstable"][here]]
    marks: list[Mark] = []
    if capable:
        marks.append(Rule(r.wanted, "y", "limit", text=f"Ppk {r.wanted:g}, as wanted"))
    marks.append(Rule(STEADY, "x", "limit", text=f"stability index {STEADY:g}"))
    if capable and "before_ppk" in c:
        marks += _arrows(c, here)
    for rows, role, label in ((others, "data", "not called unstable"), (bad, "signal", "not stable")):
        if rows.size:
            told = tuple(f"{c['stream'][i]}: stability index {x[i]:.3g}, {_height(c, y, i, capable)}" for i in rows)
            marks.append(Points(x[rows], y[rows], role, told, label=label))
    name = "Ppk" if capable else "evidence against a steady process: -log10 p"
    drawn = f"the {here.size:,} ranked first of {r.screened:,}" if here.size < r.screened else f"all {here.size:,}"
    alt = (
        f"Map of {drawn} streams: across the stability index (1 is steady), up the {name}. "
        f"{bad.size:,} of them are not stable."
    )
    return Figure((Panel(tuple(marks), name),), "stability index: spread in all over spread from point to point", alt)


def _height(c: Mapping[str, NDArray[Any]], y: NDArray[np.float64], i: int, capable: bool) -> str:
    return f"Ppk {y[i]:.3g}" if capable else f"p {c['p_stable'][i]:.2g}"


def _arrows(c: Mapping[str, NDArray[Any]], here: NDArray[np.int64]) -> list[Mark]:
    x0, y0 = c["before_stability_index"], c["before_ppk"]
    moved = here[np.isfinite(x0[here]) & np.isfinite(y0[here])][:_ARROWS]
    return [
        Arrow(float(x0[i]), float(y0[i]), float(c["stability_index"][i]), float(c["ppk"][i]), "after",
              f"{c['stream'][i]}: before to after")
        for i in moved
    ]  # fmt: skip
