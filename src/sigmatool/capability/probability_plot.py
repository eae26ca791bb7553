"""Does the fitted distribution hold, above all in the tails that the indices speak of?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from ..render.figure import Figure, Line, Mark, Panel, Points, Rule, Size
from .histogram import value_text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TAIL, _MIDDLE = 80, 240
"""Points drawn at each end, and between them, where there are more."""
_WORDED = 400
_PERCENT = (
    50.0, 1.0, 99.0, 10.0, 90.0, 25.0, 75.0, 5.0, 95.0, 0.1, 99.9, 0.01, 99.99, 0.001, 99.999, 1e-4, 99.9999
)  # fmt: skip
_BEYOND = 0.5
"""A limit is drawn where it is no further off than this share of the range of the values."""


def probability_plot(
    x: Floats,
    *,
    ppf: Callable[[Floats], Floats],
    fit: str,
    words: str = "",
    level: float | None = 0.95,
    lsl: float | None = None,
    usl: float | None = None,
    name: str = "value",
    title: str = "",
    size: Size = "half",
    height: float = 1.0,
) -> Figure:
    """Draw the values against the quantiles of a fitted distribution.

    Parameters
    ----------
    x : (n,) array
        Finite values; n >= 1.
    ppf : callable
        Quantile function of the fitted distribution.
    fit : str
        Its name, e.g. "normal".
    words : str
        How well it fits, e.g. "A² 0.41, p 0.34"; told beside its name.
    level : float or None
        Confidence of the band of every single point; None draws no band.
    lsl, usl : float, optional
        Drawn where they are near the values.
    name : str
        Of the metric with its unit.
    title : str
    size : {"wide", "half", "narrow"}
    height : float
        Share of the usual height.

    Notes
    -----
    The y axis is stretched so that the fitted distribution is a straight line whatever its family, and marked in
    percent. Plotting positions are the exact medians of the order statistics: the i-th of n uniform values is
    Beta(i, n - i + 1) (David and Nagaraja 2003, section 2.1), and its quantiles, through ``ppf``, are the band. The
    band is pointwise, and as for parameters known: that single points touch it is no cause for alarm. Of more than
    400 values all of both tails are drawn and some of the middle.
    """
    ordered = np.sort(x)
    index = _drawn(ordered.size)
    shares = _quantiles(index, ordered.size, 0.5)
    height_of = _scale(ppf, shares)
    at, y = ordered[index], height_of(shares)
    marks: list[Mark] = []
    ends = np.array([shares[0] / 3, 1 - (1 - shares[-1]) / 3])
    fitted = np.asarray(ppf(np.r_[ends[0], shares, ends[1]]), dtype=np.float64)
    if np.isfinite(fitted).all():
        if level is not None:
            label = f"{100 * level:g} % band of each point"
            for tail in ((1 - level) / 2, (1 + level) / 2):
                edge = np.asarray(ppf(_quantiles(index, ordered.size, tail)), dtype=np.float64)
                marks.append(Line(edge, y, "band", label))
        told = f"{fit} ({words})" if words else fit
        marks.append(Line(fitted, height_of(np.r_[ends[0], shares, ends[1]]), "fit", told))
    marks.append(Points(at, y, "data", _texts(at, shares), label="values"))
    marks += _limits(ordered, lsl, usl)
    ticks = tuple(
        (float(height_of(np.array([p / 100]))[0]), f"{p:.6g} %") for p in _PERCENT if ends[0] <= p / 100 <= ends[1]
    )
    alt = f"Probability plot of {ordered.size:,} values of {name} against a {fit} distribution"
    alt += f": {words}." if words else "."
    panel = Panel(tuple(marks), "share of values at or below", height, y_ticks=ticks)
    return Figure((panel,), name, alt, title=title, size=size)


def _drawn(n: int) -> Ints:
    """Ranks from 0: all of both tails, and of the middle as many as a picture can show."""
    if n <= 2 * _TAIL + _MIDDLE:
        return np.arange(n)
    middle = np.linspace(_TAIL, n - _TAIL - 1, _MIDDLE)
    # the tails of a large sample are far apart on a probability scale: steps of equal ratio join them
    steps = np.geomspace(_TAIL, n / 4, 60)
    return np.unique(np.r_[np.arange(_TAIL), steps, middle, n - 1 - steps, np.arange(n - _TAIL, n)].astype(np.int64))


def _quantiles(index: Ints, n: int, share: float) -> Floats:
    """Quantiles of the uniform order statistics of these ranks."""
    return np.asarray(betaincinv(index + 1.0, n - index, share), dtype=np.float64)


def _scale(ppf: Callable[[Floats], Floats], shares: Floats) -> Callable[[Floats], Floats]:
    """Heights of shares, on which the fitted distribution is straight; normal where it has no spread."""
    values = np.asarray(ppf(np.r_[shares[0] / 3, shares]), dtype=np.float64)
    if np.isfinite(values).all() and np.ptp(values) > 1e-9 * np.abs(values).max():
        return lambda p: np.asarray(ppf(p), dtype=np.float64)
    return lambda p: np.asarray(ndtri(p), dtype=np.float64)


def _texts(at: Floats, shares: Floats) -> tuple[str, ...]:
    if at.size > _WORDED:
        return ()
    return tuple(f"{v:.7g}: {100 * p:.3g} %" for v, p in zip(at.tolist(), shares.tolist(), strict=True))


def _limits(ordered: Floats, lsl: float | None, usl: float | None) -> list[Rule]:
    room = _BEYOND * float(ordered[-1] - ordered[0])
    near = (ordered[0] - room, ordered[-1] + room)
    asked = ((lsl, "LSL"), (usl, "USL"))
    return [
        Rule(v, "x", "specification", f"{sign} {value_text(v)}", (sign,))
        for v, sign in asked
        if v is not None and near[0] <= v <= near[1]
    ]
