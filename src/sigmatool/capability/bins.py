"""How many values lie where: bins that follow the data's resolution and never straddle a specification limit."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FAR = 16.0
"""Standard deviations (by the quartiles) beyond a quartile that a picture still follows the data."""

_MOST, _LEAST = 100, 5
_NEAR = 1.6
"""A width may become so many times wider or narrower to fit between the limits."""
_SAMPLE = 20_000
_FINEST = 1e-4
"""A resolution finer than this share of the range is no matter for bins."""


@dataclass(frozen=True, slots=True)
class Bins:
    """Counts between edges.

    Attributes
    ----------
    edges : (m + 1,) array
        The bins on either side of a limit may be narrower or wider than ``width``.
    counts : (m,) array
    outside : (m,) array of bool
        Whether a bin lies beyond a limit. Of rounded data the edge stands half-way between the last recorded value
        outside and the first inside.
    width : float
    below, above : int
        Values far beyond the first and the last edge.
    """

    edges: Floats
    counts: Ints
    outside: Bools
    width: float
    below: int
    above: int


def resolution(x: Floats) -> float:
    """The step of which all differences are multiples, or 0 where there is none worth knowing.

    Examples
    --------
    >>> resolution(np.array([1.25, 1.5, 2.75])), resolution(np.array([0.1, 0.30000000000000004, 0.7]))
    (0.25, 0.2)
    >>> resolution(np.random.default_rng(1).normal(size=50))
    0.0
    """
    part = x if x.size <= _SAMPLE else x[:: -(-x.size // _SAMPLE)]
    seen = np.unique(part - part.min())
    if seen.size < 2:
        return 0.0
    noise = 4 * float(np.spacing(np.abs(part).max()))
    span = float(seen[-1])
    for step in _candidates(seen, span, noise):
        far = np.abs(seen / step - np.rint(seen / step))
        if float(far.max()) < (2 * noise / step if 1e-6 < noise / step < 0.05 else 1e-6):
            whole = np.rint(seen / step).astype(np.int64)
            return float(f"{step * int(np.gcd.reduce(whole)):.12g}")
    return 0.0


def _candidates(seen: Floats, span: float, noise: float) -> list[float]:
    """The smallest gap, then powers of ten, down to what still matters."""
    gaps = np.diff(seen)
    gap = float(gaps[gaps > noise].min(initial=span))
    top = math.floor(math.log10(span))
    return [s for s in (gap, *(10.0**e for e in range(top, top - 5, -1))) if s > 0 and s >= _FINEST * span]


def bins(x: Floats, lsl: float | None = None, usl: float | None = None) -> Bins:
    """Bins for a histogram.

    Parameters
    ----------
    x : (n,) array
        Finite values, in any order; n >= 1.
    lsl, usl : float, optional
        No bin straddles them, unless they are closer together than half a hundredth of the picture.

    Notes
    -----
    The width is 2 IQR / n^(1/3) (Freedman and Diaconis 1981), between a hundredth and a fifth of the range, then a
    whole multiple of the resolution (else every so many bars hold one recorded value more: a comb) and, where that
    takes no more than a factor of 1.6, a whole part of the tolerance. Values more than 16 standard deviations beyond
    the quartiles are counted apart, so that one wild value does not press all others into one bar.

    Examples
    --------
    >>> found = bins(np.array([1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 9.0]), lsl=2.0)
    >>> int(found.counts.sum()), found.counts[found.outside].tolist()
    (7, [1])
    """
    low, high, scale = _view(x)
    width = _width(x, low, high, scale, lsl, usl)
    step = resolution(x) if high - low > _finest(low, high) else width
    # an edge cannot be counted from a limit so far off that numbers there are coarser than the bins
    near = [v if v is not None and 8 * float(np.spacing(abs(v))) <= width else None for v in (lsl, usl)]
    if step:
        edges, width, ends = _on_lattice(low, high, width, step, near[0], near[1])
    else:
        edges, width, ends = _continuous(low, high, width, near[0], near[1])
    lower = lsl if lsl is not None and near[0] is None else ends[0]
    upper = usl if usl is not None and near[1] is None else ends[1]
    return _counted(x, edges, width, (lower, upper), usl)


def _view(x: Floats) -> tuple[float, float, float]:
    """Where the data are but for what is far off, and their standard deviation by the quartiles."""
    lower, upper = np.quantile(x, (0.25, 0.75))
    scale = float(upper - lower) / 1.349
    if scale == 0:
        scale = float(np.std(x - lower))
    low, high = float(x.min()), float(x.max())
    if low < lower - FAR * scale:
        low = float(x[x >= lower - FAR * scale].min())
    if high > upper + FAR * scale:
        high = float(x[x <= upper + FAR * scale].max())
    return low, high, scale


def _finest(low: float, high: float) -> float:
    """A width below which numbers of this size are too coarse for bins."""
    return 8 * float(np.spacing(max(abs(low), abs(high))))


def _width(x: Floats, low: float, high: float, scale: float, lsl: float | None, usl: float | None) -> float:
    finest = _finest(low, high)
    if high - low > finest:
        span = high - low
        width = min(max(2 * 1.349 * scale / x.size ** (1 / 3), span / _MOST), span / _LEAST)
    elif lsl is not None and usl is not None and usl > lsl:
        width = (usl - lsl) / 20
    else:
        width = abs(high) / 1000 or 1.0
    return float(max(width, finest))


Ends = tuple[float, float]


def _on_lattice(
    low: float, high: float, width: float, step: float, lsl: float | None, usl: float | None
) -> tuple[Floats, float, Ends]:
    """Edges half-way between recorded values, of which ``low`` is one."""
    origin = low
    many = max(round(width / step), 1)
    first = None if lsl is None else math.ceil((lsl - origin) / step - 1e-6)
    beyond = None if usl is None else math.floor((usl - origin) / step + 1e-6) + 1
    if first is not None and beyond is not None and beyond > first:
        fitting = [k for k in range(math.ceil(many / _NEAR), int(many * _NEAR) + 1) if (beyond - first) % k == 0]
        many = min(fitting, key=lambda k: abs(math.log(k / many)), default=many)
    anchor = first if first is not None else beyond if beyond is not None else 0
    start = anchor + many * (math.floor((round((low - origin) / step) - anchor) / many) - 1)
    stop = round((high - origin) / step) + 2 * many
    places = np.arange(start, stop + 1, many, dtype=np.float64)
    if first is not None and beyond is not None:
        places = _cut(places, float(beyond), float(first), many, 1.0 / many)
    ends = (-math.inf if first is None else float(first), math.inf if beyond is None else float(beyond))
    return (
        (places - 0.5) * step + origin,
        many * step,
        ((ends[0] - 0.5) * step + origin, (ends[1] - 0.5) * step + origin),
    )


def _continuous(
    low: float, high: float, width: float, lsl: float | None, usl: float | None
) -> tuple[Floats, float, Ends]:
    if lsl is not None and usl is not None and usl > lsl:
        part = (usl - lsl) / max(round((usl - lsl) / width), 1)
        width = part if width / _NEAR <= part <= width * _NEAR else width
    anchor = lsl if lsl is not None else usl if usl is not None else low
    start, stop = math.floor((low - anchor) / width) - 1, math.floor((high - anchor) / width) + 2
    edges = np.float64(anchor) + width * np.arange(start, stop + 1, dtype=np.float64)
    if lsl is not None and usl is not None:
        edges = _cut(edges, usl, lsl, width, 0.005 * (high - low) / width)
    return edges, width, (-math.inf if lsl is None else lsl, math.inf if usl is None else usl)


def _cut(edges: Floats, at: float, kept: float, width: float, least: float) -> Floats:
    """The edges with one more at the upper limit; those that would leave a sliver beside it go.

    No cut where the limits are closer together than ``least`` widths.
    """
    if not edges[0] < at < edges[-1] or abs(at - kept) < least * width:
        return edges
    near = np.abs(edges - at)
    stay = (near >= 0.35 * width) | (np.abs(edges - kept) < 1e-9 * width)
    return np.sort(np.r_[edges[stay], at])


def _counted(x: Floats, edges: Floats, width: float, ends: Ends, usl: float | None) -> Bins:
    # half a step may be finer than the numbers themselves
    edges = edges[np.r_[True, np.diff(edges) > 0]]
    found = _counts(x, edges, width, usl)
    counts = found[1:-1]
    held = np.flatnonzero(counts)
    a, b = (int(held[0]), int(held[-1]) + 1) if held.size else (0, 1)
    edges, counts = edges[a : b + 1], counts[a:b]
    hair = 1e-6 * width
    outside = (edges[1:] <= ends[0] + hair) | (edges[:-1] >= ends[1] - hair)
    # limits too close together for a bin of their own: next to nothing of it is inside
    outside |= (edges[:-1] <= ends[0] + hair) & (edges[1:] > ends[1] + hair)
    return Bins(edges, counts, outside, width, int(found[0]), int(found[-1]))


def _counts(x: Floats, edges: Floats, width: float, usl: float | None) -> Ints:
    """Values below the first edge, between each two, and above the last."""
    if usl is not None:
        # a value at the upper limit meets it
        edges = np.where(np.abs(edges - usl) < 1e-9 * width, np.nextafter(usl, math.inf), edges)
    return np.bincount(np.searchsorted(edges, x, side="right"), minlength=edges.size + 1)


def recount(x: Floats, common: Bins, usl: float | None = None) -> Bins:
    """Other values in the same bins.

    Examples
    --------
    >>> common = bins(np.array([1.0, 2.0, 3.0, 4.0]))
    >>> int(recount(np.array([1.0, 4.0]), common).counts.sum())
    2
    """
    found = _counts(x, common.edges, common.width, usl)
    return replace(common, counts=found[1:-1], below=int(found[0]), above=int(found[-1]))
