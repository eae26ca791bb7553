"""Where the values lie against the specification, with the curves that the indices believe in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..render.figure import Bars, Figure, Label, Line, Mark, Panel, Rule, Size
from .bins import Bins, bins

Floats = NDArray[np.float64]

_CURVE = 301
_HIGHEST = 2.2
"""A curve is followed no higher than so many times the tallest bar."""
_FAR_LIMIT = 3.0
"""A limit further from the values than so many times their width is told at the edge, not drawn."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A density to draw over the bars.

    Parameters
    ----------
    label : str
        E.g. "within: sigma 0.052".
    role : str
        ``within``, ``overall`` or ``fit``.
    pdf : callable
        Density at an array of values, per unit of the data.
    """

    label: str
    role: str
    pdf: Callable[[Floats], Floats]


def value_text(value: float) -> str:
    """A limit as it was given.

    Examples
    --------
    >>> value_text(9.75), value_text(-120000.0), value_text(0.1 + 0.2)
    ('9.75', '−120,000', '0.3')
    """
    size = abs(value)
    text = f"{value:.12g}"
    if 1e4 <= size < 1e16:
        text = f"{value:,.0f}" if value == int(value) else f"{float(text):,}"
    return text.replace("-", "−")


def histogram(
    x: Floats,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    target: float | None = None,
    curves: tuple[Curve, ...] = (),
    name: str = "value",
    title: str = "",
    size: Size = "wide",
    height: float = 1.0,
) -> Figure:
    """Draw a histogram of one metric.

    Parameters
    ----------
    x : (n,) array
        Finite values; n >= 1.
    lsl, usl, target : float, optional
        ``lsl <= usl``. Values at a limit meet it.
    curves : tuple of Curve
        Scaled to the bars: n times the width of a bin times the density.
    name : str
        Of the metric with its unit; stands at the x axis.
    title : str
    size : {"wide", "half", "narrow"}
    height : float
        Share of the usual height.

    Notes
    -----
    A bar narrower or wider than the rest (beside a limit) is as high as its area asks, so areas compare. Values more
    than 16 standard deviations off and limits further off than three times the width of the data are told at the
    edge with an arrow.
    """
    found = bins(x, lsl, usl)
    beyond = _beyond(x, lsl, usl)
    lows: list[tuple[str, str]] = []
    highs: list[tuple[str, str]] = []
    span = max(float(found.edges[-1] - found.edges[0]), 8 * found.width)
    near = (float(found.edges[0]) - _FAR_LIMIT * span, float(found.edges[-1]) + _FAR_LIMIT * span)
    marks: list[Mark] = list(bar_marks(found, int(x.size)))
    drawn: list[float] = [float(found.edges[0]), float(found.edges[-1])]
    for at, role, words in _asked(lsl, usl, target, beyond, int(x.size)):
        if near[0] <= at <= near[1]:
            marks.append(Rule(at, "x", role, words[0], words[1:]))
            drawn.append(at)
        elif role != "target":
            (lows if at < near[0] else highs).append((words[0], words[1]))
    if found.below:
        lows.append((f"{found.below:,} more, down to {value_text(float(x.min()))}", f"{found.below:,} more"))
    if found.above:
        highs.append((f"{found.above:,} more, up to {value_text(float(x.max()))}", f"{found.above:,} more"))
    marks += _curve_marks(found, curves, int(x.size), min(drawn), max(drawn))
    for at, told, left, right in ((drawn[0], lows, "← ", ""), (drawn[1], highs, "", " →")):
        full, short = (f"{left}{'; '.join(w[i] for w in told)}{right}" for i in (0, 1))
        if told:
            marks.append(Label(at, 0.0, full, "note", at_top=True, shorter=(short,)))
    alt = _alt(x, name, beyond, curves)
    return Figure((Panel(tuple(marks), "number of values", height),), name, alt, title=title, size=size)


def bar_marks(found: Bins, n: int, share: bool = False, role: str = "count") -> list[Bars]:
    """Bars of one width and role each; ``share``: as shares of n."""
    widths = np.diff(found.edges)
    middles = found.edges[:-1] + widths / 2
    height = found.counts * (found.width / widths) / (n if share else 1)
    labels = {role: "values", "outside": "outside the specification"}
    out = []
    for outside in (False, True):
        told = role if not outside else "outside"
        for narrow in (False, True):
            odd = np.abs(widths - found.width) > 1e-6 * found.width
            chosen = np.flatnonzero((found.outside == outside) & (odd == narrow) & (found.counts > 0))
            for group in [chosen] if not narrow else [np.array([i]) for i in chosen]:
                if group.size:
                    text = tuple(_told(found, int(i), n) for i in group)
                    wide = float(widths[group[0]]) if narrow else found.width
                    out.append(Bars(middles[group], height[group], wide, told, labels[told], text))
    if found.counts.size == 1:
        # a lone bar stands in some room, or it would look as wide as the world
        around = middles[0] + np.array([-3.0, 3.0]) * found.width
        out.append(Bars(around, np.zeros(2), found.width, role))
    return out


def _told(found: Bins, i: int, n: int) -> str:
    low, high, count = float(found.edges[i]), float(found.edges[i + 1]), int(found.counts[i])
    return f"{low:.7g} to {high:.7g}: {count:,} value{'s' if count != 1 else ''} ({100 * count / n:.3g} %)"


def _beyond(x: Floats, lsl: float | None, usl: float | None) -> tuple[int, int]:
    return (
        0 if lsl is None else int(np.count_nonzero(x < lsl)),
        0 if usl is None else int(np.count_nonzero(x > usl)),
    )


def _asked(
    lsl: float | None, usl: float | None, target: float | None, beyond: tuple[int, int], n: int
) -> list[tuple[float, str, tuple[str, ...]]]:
    out: list[tuple[float, str, tuple[str, ...]]] = []
    for at, sign, count, side in ((lsl, "LSL", beyond[0], "below"), (usl, "USL", beyond[1], "above")):
        if at is not None:
            many = f"{count:,} {side} ({100 * count / n:.2g} %)" if count else f"none {side}"
            if count and 100 * count / n >= 99.5:
                many = f"{count:,} {side}"
            words = f"{sign} {value_text(at)}"
            out.append((at, "specification", (f"{words}: {many}", words, sign)))
    if target is not None:
        out.append((target, "target", (f"target {value_text(target)}", value_text(target), "T")))
    return out


def _curve_marks(found: Bins, curves: tuple[Curve, ...], n: int, low: float, high: float) -> list[Line]:
    at = np.linspace(low, high, _CURVE)
    widths = np.diff(found.edges)
    top = float((found.counts * (found.width / widths)).max())
    out = []
    for curve in curves:
        y = n * found.width * np.asarray(curve.pdf(at), dtype=np.float64)
        y = np.where(np.isfinite(y) & (y <= _HIGHEST * top), y, np.nan)
        if np.isfinite(y).any():
            out.append(Line(at, y, curve.role, curve.label))
    return out


def _alt(x: Floats, name: str, beyond: tuple[int, int], curves: tuple[Curve, ...]) -> str:
    told = f"Histogram of {x.size:,} values of {name}, from {x.min():.6g} to {x.max():.6g}; "
    told += f"{beyond[0]:,} below the lower and {beyond[1]:,} above the upper specification limit"
    return told + (f"; curves: {', '.join(c.label for c in curves)}." if curves else ".")
