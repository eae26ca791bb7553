"""Single marks as SVG text: lines, points, rules, bars, words; every point tells its words on hover."""

from __future__ import annotations

import math
from html import escape

import numpy as np
from numpy.typing import NDArray

from . import geometry
from .axes import Key
from .figure import Arrow, Bars, Interval, Line, Points, Rule, Span
from .geometry import Scale, drawn, vertices
from .measure import Text, plain

Floats = NDArray[np.float64]

SEPARATE = 1500
"""Points beyond which the shapes of one role become a single path, and tell nothing on hover."""


def clean(text: str, longest: int = 200) -> str:
    """Text fit for markup: control characters dropped, shortened, escaped."""
    return escape(plain(text, longest), quote=True)


def written(text: Text) -> str:
    """Words at their place; what they were shortened from is told on hover."""
    classes = f"{text.kind} role-{text.role}" if text.role else text.kind
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    title = f"<title>{clean(text.title)}</title>" if text.title and text.title != text.text else ""
    words = f'<text class="{classes}" x="{text.x:.1f}" y="{text.y:.1f}"{anchor}>{escape(text.text)}{title}</text>'
    if text.tie is None or text.tie_end is None:
        return words
    (a, b), (c, d) = text.tie, text.tie_end
    return f'<path class="tie" d="M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}"/>{words}'


def line(mark: Line, x: Scale, y: Scale) -> str:
    path = _path(*vertices(mark, x, y))
    title = f"<title>{clean(mark.label)}</title>" if mark.label else ""
    return f'<path class="line role-{mark.role}" d="{path}">{title}</path>' if path else ""


def _path(px: Floats, py: Floats) -> str:
    out, pen = [], False
    for a, b in zip(px.tolist(), py.tolist(), strict=True):
        if b != b:
            pen = False
            continue
        out.append(f"{'L' if pen else 'M'}{a:.1f} {b:.1f}")
        pen = True
    return "".join(out)


def points(mark: Points, x: Scale, y: Scale, groups: dict[str, int]) -> str:
    """Every point, with the places of its groups in ``groups``."""
    across, up = x(mark.x), y(mark.y)
    index = drawn(mark, across, up)
    px, py = across[index].tolist(), up[index].tolist()
    radius = 3.0 if mark.x.size <= 150 else 2.2 if mark.x.size <= 800 else 1.6
    if len(px) > SEPARATE:
        path = _many(mark.role, across[index], up[index], radius)
        return f'<g class="points role-{mark.role}"><path class="many" transform="scale(.1)" d="{path}"/></g>'
    out = [f'<g class="points role-{mark.role}">']
    for i, a, b in zip(index.tolist(), px, py, strict=True):
        title = f"<title>{clean(mark.text[i])}</title>" if i < len(mark.text) else ""
        own = " ".join(str(groups[name]) for name in mark.groups[i]) if i < len(mark.groups) else ""
        out.append(shape(mark.role, a, b, radius, title, f' data-g="{own}"' if own else ""))
    out.append("</g>")
    return "".join(out)


def shape(role: str, px: float, py: float, radius: float, title: str, own: str = "") -> str:
    if role in ("signal", "excluded", "before"):
        return f'<path d="{outline(role, px, py, radius)}"{own}>{title}</path>'
    return f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{radius}"{own}>{title}</circle>'


def outline(role: str, px: float, py: float, radius: float) -> str:
    """A shape as a path: a diamond for a signal, a cross for what is not judged, a square for what was before, a dot
    for the rest."""
    up, body, _ = _form(role, radius)
    left = up if role in ("before", "excluded") else 0.0
    return f"M{px - left:.1f} {py - up:.1f}{body}"


def _form(role: str, radius: float, unit: float = 1.0) -> tuple[float, str, float]:
    """How far from its middle a shape begins, how it goes on from there, and how far to the right it ends."""

    def told(value: float) -> float:
        return round(value / unit, 1) if unit == 1.0 else round(value / unit)

    if role == "signal":
        r = told(radius + (1.6 if radius > 2 else 1.2))
        return r, f"l{r} {r} {-r} {r} {-r} {-r}z", 0.0
    if role == "before":
        r = told(radius + 0.5)
        return r, f"h{2 * r}v{2 * r}h{-2 * r}z", 0.0
    if role == "excluded":
        r, d = told(radius), told(2 * radius)
        return r, f"l{d} {d}m{-d} 0l{d} {-d}", d
    return 0.0, "h0", 0.0


def _many(role: str, px: Floats, py: Floats, radius: float) -> str:
    """The shapes of many points in one path, in whole tenths of a pixel, each from where the last one ended."""
    up, body, end = _form(role, radius, 0.1)
    left = up if role in ("before", "excluded") else 0.0
    x, y = np.round(px * 10 - left).astype(np.int64), np.round(py * 10 - up).astype(np.int64)
    dx, dy = np.diff(x) - int(end), np.diff(y)
    rest = (f"m{a}{b:+d}{body}" for a, b in zip(dx.tolist(), dy.tolist(), strict=True))
    return f"M{x[0]} {y[0]}{body}{''.join(rest)}"


def sample(key: Key, x: float, y: float) -> str:
    """How a role looks, 18 pixels wide, for the legend."""
    role = key.role
    if key.shape == "line":
        return f'<path class="line role-{role}" d="M{x:.1f} {y:.1f}h18"/>'
    if key.shape == "rule":
        return f'<path class="rule role-{role}" d="M{x + 9:.1f} {y - 6:.1f}v12"/>'
    if key.shape == "bar":
        return f'<g class="bars role-{role}"><rect x="{x + 2:.1f}" y="{y - 5:.1f}" width="14" height="10"/></g>'
    return f'<g class="points role-{role}">{shape(role, x + 9, y, 3.0, "")}</g>'


def span(mark: Span, x: Scale, top: float, bottom: float, hatch: str) -> str:
    a, b = float(x(mark.x0)), float(x(mark.x1))
    box = f'x="{a:.1f}" y="{top:.1f}" width="{max(b - a, 1):.1f}" height="{bottom - top:.1f}"'
    title = f"<title>{clean(mark.label)}</title>" if mark.label else ""
    return f'<rect class="span role-{mark.role}" {box} fill="url(#{hatch})">{title}</rect>'


def rule(mark: Rule, x: Scale, y: Scale, stem: float | None, right: float) -> str:
    """A straight line; a vertical one rises to its words above the panel, ``stem``."""
    if mark.axis == "x":
        at = float(x(mark.at))
        ends = f"M{at:.1f} {y.stop if stem is None else stem:.1f}V{y.start:.1f}"
    else:
        at = float(y(mark.at))
        ends = f"M{x.start:.1f} {at:.1f}H{right:.1f}"
    told = mark.text or mark.label
    title = f"<title>{clean(told)}</title>" if told else ""
    return f'<path class="rule role-{mark.role}" d="{ends}">{title}</path>'


def arrow(mark: Arrow, x: Scale, y: Scale) -> str:
    px, py = geometry.arrow(mark, x, y)
    if not (np.isfinite(px).all() and np.isfinite(py).all()):
        return ""
    title = f"<title>{clean(mark.label)}</title>" if mark.label else ""
    head = f'<path class="head" d="{_path(px[2:], py[2:])}z"/>' if px.size > 2 else ""
    return f'<g class="arrow role-{mark.role}">{title}<path class="shaft" d="{_path(px[:2], py[:2])}"/>{head}</g>'


def bars(mark: Bars, x: Scale, y: Scale) -> str:
    left, right = x(mark.x - mark.width / 2), x(mark.x + mark.width / 2)
    heights, base = y(mark.y), float(y(0.0))
    out = [f'<g class="bars role-{mark.role}">']
    for i, value in enumerate(mark.y.tolist()):
        if not value > 0 or base - heights[i] < 0.2:
            continue
        title = f"<title>{clean(mark.text[i])}</title>" if i < len(mark.text) else ""
        wide = max(float(right[i] - left[i]) - 0.6, 0.8)
        out.append(
            f'<rect x="{left[i]:.1f}" y="{heights[i]:.1f}" width="{wide:.1f}" '
            f'height="{base - heights[i]:.1f}">{title}</rect>'
        )
    return "".join(out) + "</g>"


def interval(mark: Interval, x: Scale, y: Scale) -> str:
    if not all(math.isfinite(v) for v in (mark.low, mark.high, mark.estimate)):
        return ""
    title = f"<title>{clean(mark.label)}</title>"
    if mark.axis == "x":
        a, b, e, at = (float(v) for v in (x(mark.low), x(mark.high), x(mark.estimate), y(mark.position)))
        whisker = f"M{a:.1f} {at:.1f}H{b:.1f}M{a:.1f} {at - 5:.1f}v10M{b:.1f} {at - 5:.1f}v10"
        dot = f'<circle cx="{e:.1f}" cy="{at:.1f}" r="5"/>'
    else:
        a, b, e, at = (float(v) for v in (y(mark.low), y(mark.high), y(mark.estimate), x(mark.position)))
        whisker = f"M{at:.1f} {a:.1f}V{b:.1f}M{at - 5:.1f} {a:.1f}h10M{at - 5:.1f} {b:.1f}h10"
        dot = f'<circle cx="{at:.1f}" cy="{e:.1f}" r="5"/>'
    return f'<g class="interval role-{mark.role}">{title}<path d="{whisker}"/>{dot}</g>'
