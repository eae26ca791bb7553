"""Figures as SVG text: crisp, small, themable by CSS classes; every point tells its words on hover.

Roles become classes (``role-data``, ``role-limit`` ...); colours live in the style sheet alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from .figure import Bars, Figure, Interval, Label, Line, Panel, Points, Rule, Span
from .ticks import date_ticks, tick_text, ticks

Floats = NDArray[np.float64]

WIDTH = {"wide": 960, "half": 620}
_MARGIN_LEFT, _TOP, _BOTTOM, _GAP = 66, 34, 40, 30
_CHAR = 6.4
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


def svg(figure: Figure, *, id_prefix: str = "f", height: int | None = None) -> str:
    """Draw a figure.

    Parameters
    ----------
    figure : Figure
    id_prefix : str
        Keeps ids apart where several figures stand on one page.
    height : int, optional
        In pixels at full width; default by the number of panels.
    """
    width = WIDTH[figure.size]
    total = sum(p.weight for p in figure.panels)
    if height is None:
        height = (
            int(250 * total + 90) if not figure.panels[0].categories else 60 + 46 * len(figure.panels[0].categories)
        )
    right = _right_margin(figure)
    left = _left_margin(figure)
    legend = _legend(figure, left, width) if figure.legend else ""
    plot_height = height - _TOP - _BOTTOM - _GAP * (len(figure.panels) - 1)
    x = _x_scale(figure, left, width - right)
    parts = []
    top = float(_TOP)
    for index, panel in enumerate(figure.panels):
        tall = plot_height * panel.weight / total
        last = index == len(figure.panels) - 1
        parts.append(_draw_panel(figure, panel, x, top, top + tall, width - right, last, f"{id_prefix}-hatch"))
        top += tall + _GAP
    extra = 22 if legend else 0
    title = clean(figure.alt, 1000)
    return (
        f'<svg class="figure" viewBox="0 0 {width} {height + extra}" role="img" aria-label="{title}" '
        f'xmlns="http://www.w3.org/2000/svg"><defs><pattern id="{id_prefix}-hatch" width="6" height="6" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/>'
        f"</pattern></defs>{''.join(parts)}"
        f'<g transform="translate(0 {height})">{legend}</g></svg>'
    )


def _right_margin(figure: Figure) -> float:
    labels = [m.label for p in figure.panels for m in p.marks if isinstance(m, Line) and m.role in ("center", "limit")]
    longest = max((len(t) for t in labels), default=0)
    return min(20 + longest * _CHAR, 150)


def _left_margin(figure: Figure) -> float:
    names = [len(c) for p in figure.panels for c in p.categories]
    return max(_MARGIN_LEFT, min(24 + max(names, default=0) * _CHAR, 200))


def _x_scale(figure: Figure, start: float, stop: float) -> Scale:
    values: list[float] = []
    for panel in figure.panels:
        for mark in panel.marks:
            if isinstance(mark, Line | Points):
                values += [float(mark.x.min()), float(mark.x.max())] if mark.x.size else []
            elif isinstance(mark, Bars):
                values += [float(mark.x.min()) - mark.width / 2, float(mark.x.max()) + mark.width / 2]
            elif isinstance(mark, Interval) and mark.axis == "x":
                values += [mark.low, mark.high]
            elif isinstance(mark, Rule) and mark.axis == "x":
                values.append(mark.at)
    values = [v for v in values if math.isfinite(v)] or [0.0, 1.0]
    low, high = min(values), max(values)
    pad = (high - low) * 0.02 or 0.5
    return Scale(low - pad, high + pad, start, stop)


def _y_scale(panel: Panel, top: float, bottom: float) -> Scale:
    if panel.categories:
        return Scale(-0.7, len(panel.categories) - 0.3, bottom, top)
    values: list[Floats] = []
    for mark in panel.marks:
        if isinstance(mark, Line | Points):
            values.append(mark.y[np.isfinite(mark.y)])
        elif isinstance(mark, Bars):
            values.append(np.append(mark.y, 0.0))
        elif isinstance(mark, Rule) and mark.axis == "y":
            values.append(np.array([mark.at]))
        elif isinstance(mark, Interval) and mark.axis == "y":
            values.append(np.array([mark.low, mark.high]))
    joined = np.concatenate(values) if values else np.array([0.0, 1.0])
    joined = joined[np.isfinite(joined)]
    low, high = (float(joined.min()), float(joined.max())) if joined.size else (0.0, 1.0)
    pad = (high - low) * 0.06 or max(abs(high) * 0.05, 0.5)
    floor = 0.0 if low >= 0 and low - pad < 0 else low - pad
    room = 0.09 * (high - floor) if any(isinstance(m, Label) and m.at_top for m in panel.marks) else 0.0
    return Scale(floor, high + pad + room, bottom, top)


def _draw_panel(
    figure: Figure, panel: Panel, x: Scale, top: float, bottom: float, right: float, last: bool, hatch: str
) -> str:
    y = _y_scale(panel, top, bottom)
    out = [_axes(figure, panel, x, y, right, last)]
    layers: dict[type, list[str]] = {t: [] for t in (Span, Bars, Line, Rule, Interval, Points, Label)}
    named = _rule_names(panel, x)
    for mark in panel.marks:
        if isinstance(mark, Line):
            layers[Line].append(_line(mark, x, y))
        elif isinstance(mark, Points):
            layers[Points].append(_points(mark, x, y))
        elif isinstance(mark, Span):
            layers[Span].append(_span(mark, x, top, bottom, hatch))
        elif isinstance(mark, Rule):
            layers[Rule].append(_rule(mark, x, y, named))
        elif isinstance(mark, Bars):
            layers[Bars].append(_bars(mark, x, y))
        elif isinstance(mark, Interval):
            layers[Interval].append(_interval(mark, x, y))
        else:
            layers[Label].append(_label(mark, x, y))
    out += ["".join(layer) for layer in layers.values()]
    out.append(_limit_labels(panel, y, right))
    return "".join(out)


def _axes(figure: Figure, panel: Panel, x: Scale, y: Scale, right: float, last: bool) -> str:
    out = [f'<line class="axis" x1="{x.start:.1f}" y1="{y.start:.1f}" x2="{right:.1f}" y2="{y.start:.1f}"/>']
    if panel.categories:
        marks = [(float(i), clean(name, 30)) for i, name in enumerate(panel.categories)]
    else:
        values = ticks(y.low, y.high, max(2, int(abs(y.start - y.stop) / 45)))
        marks = list(zip(values, tick_text(values, panel.percent), strict=True))
    for value, text in marks:
        at = float(y(value))
        out.append(f'<line class="grid" x1="{x.start:.1f}" y1="{at:.1f}" x2="{right:.1f}" y2="{at:.1f}"/>')
        out.append(f'<text class="tick" x="{x.start - 7:.1f}" y="{at + 4:.1f}" text-anchor="end">{text}</text>')
    if panel.y_label:
        name = clean(panel.y_label, 60)
        out.append(f'<text class="axis-name" x="{4}" y="{y.stop - 10:.1f}">{name}</text>')
    if last:
        out.append(_x_axis(figure, x, y.start))
    return "".join(out)


def _x_axis(figure: Figure, x: Scale, base: float) -> str:
    most = max(3, int((x.stop - x.start) / 90))
    if figure.x_kind == "time":
        marks = date_ticks(x.low, x.high, most)
    else:
        values = ticks(x.low, x.high, most)
        texts = tick_text(values, False)
        if values and abs(values[-1]) < 10_000:
            texts = [t.replace(",", "") for t in texts]
        marks = list(zip(values, texts, strict=True))
    out = []
    for value, text in marks:
        at = float(x(value))
        out.append(f'<line class="axis" x1="{at:.1f}" y1="{base:.1f}" x2="{at:.1f}" y2="{base + 5:.1f}"/>')
        out.append(f'<text class="tick" x="{at:.1f}" y="{base + 18:.1f}" text-anchor="middle">{text}</text>')
    middle = (x.start + x.stop) / 2
    name = clean(figure.x_label, 60)
    out.append(f'<text class="axis-name" x="{middle:.1f}" y="{base + 35:.1f}" text-anchor="middle">{name}</text>')
    return "".join(out)


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


def _line(mark: Line, x: Scale, y: Scale) -> str:
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


def _points(mark: Points, x: Scale, y: Scale) -> str:
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
        out.append(_shape(mark.role, px[i], py[i], radius, title))
    out.append("</g>")
    if mark.tags and len(px) <= 200:
        out.append(_tags(mark, px, py))
    return "".join(out)


def _shape(role: str, px: float, py: float, radius: float, title: str) -> str:
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


def _span(mark: Span, x: Scale, top: float, bottom: float, hatch: str) -> str:
    a, b = float(x(mark.x0)), float(x(mark.x1))
    box = f'x="{a:.1f}" y="{top:.1f}" width="{max(b - a, 1):.1f}" height="{bottom - top:.1f}"'
    title = f"<title>{clean(mark.label)}</title>" if mark.label else ""
    words = ""
    if mark.label and b - a > len(mark.label) * _CHAR + 6:
        words = f'<text class="span-name" x="{(a + b) / 2:.1f}" y="{bottom - 6:.1f}" text-anchor="middle">{clean(mark.label, 30)}</text>'
    return f'<rect class="span role-{mark.role}" {box} fill="url(#{hatch})">{title}</rect>{words}'


def _rule_side(at: float, x: Scale) -> str:
    return "end" if at > (x.start + x.stop) * 0.72 else "start" if at < x.start + 90 else "middle"


def _rule_names(panel: Panel, x: Scale) -> dict[float, str]:
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


def _rule(mark: Rule, x: Scale, y: Scale, named: dict[float, str]) -> str:
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


def _bars(mark: Bars, x: Scale, y: Scale) -> str:
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


def _interval(mark: Interval, x: Scale, y: Scale) -> str:
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


def _label(mark: Label, x: Scale, y: Scale) -> str:
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


def _limit_labels(panel: Panel, y: Scale, right: float) -> str:
    """Values of the last stage's lines, at the right edge, pushed apart where they would touch."""
    lines = [
        m
        for m in panel.marks
        if isinstance(m, Line) and m.label and m.role in ("center", "limit") and np.isfinite(m.y).any()
    ]
    if not lines:
        return ""
    last = max(float(m.x[-1]) for m in lines)
    shown = sorted(
        ((float(y(m.y[np.isfinite(m.y)][-1])), m) for m in lines if float(m.x[-1]) == last), key=lambda item: item[0]
    )
    out, previous = [], -1e9
    for at, mark in shown:
        place = max(at + 4, previous + 13)
        previous = place
        out.append(
            f'<text class="limit-name role-{mark.role}" x="{right + 6:.1f}" y="{place:.1f}">{clean(mark.label, 24)}</text>'
        )
    return "".join(out)


def _legend(figure: Figure, left: float, width: float) -> str:
    """What the shapes mean, in one line beneath."""
    words: dict[str, str] = {}
    for panel in figure.panels:
        for mark in panel.marks:
            if isinstance(mark, Points) and mark.label:
                words.setdefault(mark.role, mark.label)
            elif isinstance(mark, Line) and mark.role in ("center", "limit"):
                words.setdefault(mark.role, {"center": "centre line", "limit": "control limits"}[mark.role])
    out, at = [], left
    for role, text in words.items():
        if role in ("center", "limit"):
            sample = f'<path class="line role-{role}" d="M{at:.1f} 4h18"/>'
        else:
            sample = f'<g class="points role-{role}">{_shape(role, at + 9, 4.0, 3.0, "")}</g>'
        shown = clean(text, 40)
        out.append(f'{sample}<text class="legend" x="{at + 24:.1f}" y="8">{shown}</text>')
        at += 24 + len(text[:40]) * _CHAR + 22
        if at > width - 60:
            break
    return "".join(out)
