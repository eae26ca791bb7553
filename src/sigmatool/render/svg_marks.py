"""Single marks as SVG text: lines, points, rules, bars, words; every point tells its words on hover."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from .figure import Bars, Interval, Label, Line, Panel, Points, Rule, Span

Floats = NDArray[np.float64]

CHAR = 6.4
"""Width of a character of the 12 px labels, on average; of the bold ones:"""
_BOLD = 7.3
_MANY = 4000
"""Points beyond which a line is thinned to its extremes per pixel."""


def clean(text: str, longest: int = 200) -> str:
    """Text fit for markup: control characters dropped, escaped, shortened."""
    kept = "".join(c if c.isprintable() else " " for c in text[: longest + 1])
    if len(kept) > longest:
        kept = kept[: longest - 1] + "…"
    return escape(kept, quote=True)


@dataclass(frozen=True)
class Scale:
    """From data to pixels."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: Floats | float) -> Floats:
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        return np.asarray(self.start + share * (self.stop - self.start))


def _extremes(x: Floats, y: Floats) -> NDArray[np.int64]:
    """Positions of the lowest and highest finite point of each pixel column, and of the gaps, in order."""
    if x.size <= _MANY:
        return np.arange(x.size)
    finite = np.flatnonzero(np.isfinite(y))
    cells = np.floor(x[finite]).astype(np.int64)
    order = np.lexsort((y[finite], cells))
    first = np.r_[True, np.diff(cells[order]) != 0]
    last = np.r_[first[1:], True]
    gaps = np.flatnonzero(np.isnan(y) & np.r_[True, ~np.isnan(y[:-1])])
    return np.unique(np.concatenate([finite[order[first | last]], gaps]))


def line(mark: Line, x: Scale, y: Scale) -> str:
    px, py = x(mark.x), y(mark.y)
    if mark.step:
        path = _staircase(px, py)
    else:
        keep = _extremes(px, py)
        path = _path(px[keep], py[keep])
    return f'<path class="line role-{mark.role}" d="{path}"/>' if path else ""


def _path(px: Floats, py: Floats) -> str:
    out, pen = [], False
    for a, b in zip(px.tolist(), py.tolist(), strict=True):
        if b != b:
            pen = False
            continue
        out.append(f"{'L' if pen else 'M'}{a:.1f} {b:.1f}")
        pen = True
    return "".join(out)


def _staircase(px: Floats, py: Floats) -> str:
    """Each level from half-way before its point to half-way after it; equal neighbours are joined."""
    keep = np.isfinite(py)
    px, py = px[keep], py[keep]
    if px.size > _MANY:
        thin = _extremes(px, py)
        px, py = px[thin], py[thin]
    if px.size == 0:
        return ""
    if px.size == 1:
        return f"M{px[0] - 4:.1f} {py[0]:.1f}H{px[0] + 4:.1f}"
    half = np.diff(px) / 2
    left = np.r_[px[0] - half[0], px[:-1] + half]
    right = np.r_[px[:-1] + half, px[-1] + half[-1]]
    turn = np.r_[True, np.abs(np.diff(py)) > 0.05]
    start, stop = left[turn], np.r_[left[turn][1:], right[-1]]
    out = [f"M{start[0]:.1f} {py[0]:.1f}H{stop[0]:.1f}"]
    for level, end in zip(py[turn][1:].tolist(), stop[1:].tolist(), strict=True):
        out.append(f"V{level:.1f}H{end:.1f}")
    return "".join(out)


def points(mark: Points, x: Scale, y: Scale) -> str:
    across, up = x(mark.x), y(mark.y)
    shown = np.isfinite(up)
    if mark.role != "signal" and across.size > _MANY:
        # signals are never thinned away; of the others the line keeps the shape
        kept = np.zeros(across.size, dtype=bool)
        kept[_extremes(across, up)] = True
        shown &= kept
    index = np.flatnonzero(shown).tolist()
    px, py = across.tolist(), up.tolist()
    radius = 2.2 if len(px) > 400 else 3.0
    out = [f'<g class="points role-{mark.role}">']
    for i in index:
        title = f"<title>{clean(mark.text[i])}</title>" if i < len(mark.text) else ""
        out.append(shape(mark.role, px[i], py[i], radius, title))
    out.append("</g>")
    if mark.tags and len(px) <= 200:
        out.append(_tags(mark, px, py))
    return "".join(out)


def shape(role: str, px: float, py: float, radius: float, title: str) -> str:
    if role == "signal":
        r = radius + 1.6
        d = f"M{px:.1f} {py - r:.1f}L{px + r:.1f} {py:.1f}L{px:.1f} {py + r:.1f}L{px - r:.1f} {py:.1f}Z"
        return f'<path d="{d}">{title}</path>'
    if role == "excluded":
        r = radius
        d = f"M{px - r:.1f} {py - r:.1f}L{px + r:.1f} {py + r:.1f}M{px - r:.1f} {py + r:.1f}L{px + r:.1f} {py - r:.1f}"
        return f'<path d="{d}">{title}</path>'
    return f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{radius}">{title}</circle>'


def _tags(mark: Points, px: list[float], py: list[float]) -> str:
    """Rule numbers above their points, left out where they would run into the last one."""
    out: list[str] = ['<g class="tags">']
    shown: list[tuple[float, float]] = []
    for i, tag in enumerate(mark.tags):
        at = (px[i], py[i] - 8)
        wide = len(tag) * 5.6 + 3
        if any(abs(at[0] - a) < wide and abs(at[1] - b) < 11 for a, b in shown[-6:]):
            continue
        out.append(f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="middle">{clean(tag, 12)}</text>')
        shown.append(at)
    out.append("</g>")
    return "".join(out)


def span(mark: Span, x: Scale, top: float, bottom: float, hatch: str) -> str:
    a, b = float(x(mark.x0)), float(x(mark.x1))
    box = f'x="{a:.1f}" y="{top:.1f}" width="{max(b - a, 1):.1f}" height="{bottom - top:.1f}"'
    title = f"<title>{clean(mark.label)}</title>" if mark.label else ""
    words = ""
    if mark.label and b - a > len(mark.label) * CHAR + 6:
        words = f'<text class="span-name" x="{(a + b) / 2:.1f}" y="{bottom - 6:.1f}" text-anchor="middle">{clean(mark.label, 30)}</text>'
    return f'<rect class="span role-{mark.role}" {box} fill="url(#{hatch})">{title}</rect>{words}'


def _rule_side(at: float, x: Scale) -> str:
    return "end" if at > (x.start + x.stop) * 0.72 else "start" if at < x.start + 90 else "middle"


def rule_names(panel: Panel, x: Scale) -> dict[float, str]:
    """Words of the vertical rules by place, shortened where they would run into the next one's."""
    marks = sorted((m for m in panel.marks if isinstance(m, Rule) and m.axis == "x" and m.label), key=lambda m: m.at)
    names: dict[float, str] = {}
    edge = -1e9
    for mark in marks:
        at = float(x(mark.at))
        for text in (mark.label, mark.label.split(",")[0]):
            wide = len(text) * _BOLD
            start = at - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[_rule_side(at, x)]
            if start > edge + 6:
                names[mark.at] = text
                edge = start + wide
                break
    return names


def rule(mark: Rule, x: Scale, y: Scale, named: dict[float, str]) -> str:
    if mark.axis == "x":
        at = float(x(mark.at))
        ends = f'x1="{at:.1f}" y1="{y.stop - 4:.1f}" x2="{at:.1f}" y2="{y.start:.1f}"'
        place = f'x="{at:.1f}" y="{y.stop - 9:.1f}" text-anchor="{_rule_side(at, x)}"'
        words = named.get(mark.at, "")
    else:
        at = float(y(mark.at))
        ends = f'x1="{x.start:.1f}" y1="{at:.1f}" x2="{x.stop:.1f}" y2="{at:.1f}"'
        place = f'x="{x.stop - 4:.1f}" y="{at - 5:.1f}" text-anchor="end"'
        words = mark.label
    text = f'<text class="rule-name role-{mark.role}" {place}>{clean(words, 60)}</text>' if words else ""
    return f'<line class="rule role-{mark.role}" {ends}/>{text}'


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


def label(mark: Label, x: Scale, y: Scale) -> str:
    at = float(x(mark.x))
    height = y.stop + 14 if mark.at_top else float(y(mark.y))
    text = clean(mark.text, 60)
    room = len(mark.text) * _BOLD / 2
    at = min(max(at, x.start + room), max(x.stop - room, x.start + room))
    if mark.between is not None:
        low, high = float(x(mark.between[0])) + 6, float(x(mark.between[1])) - 6
        if 2 * room > high - low:
            kept = int((high - low) / _BOLD)
            if kept < 4:
                return ""
            text, room = clean(mark.text, kept), (high - low) / 2
        at = min(max(at, low + room), high - room)
    return (
        f'<text class="label role-{mark.role}" x="{at:.1f}" y="{height:.1f}" text-anchor="{mark.anchor}">{text}</text>'
    )
