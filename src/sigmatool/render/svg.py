"""Figures as SVG text: crisp, small, themable by CSS classes; every point tells its words on hover.

Roles become classes (``role-data``, ``role-limit`` ...); colours live in the style sheet alone.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .figure import Bars, Figure, Interval, Label, Line, Panel, Points, Rule, Span
from .svg_marks import CHAR, Scale, bars, clean, interval, label, line, points, rule, rule_names, shape, span
from .ticks import date_ticks, tick_text, ticks

Floats = NDArray[np.float64]

WIDTH = {"wide": 960, "half": 620}
_MARGIN_LEFT, _TOP, _BOTTOM, _GAP = 66, 34, 40, 30


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
    return min(20 + longest * CHAR, 150)


def _left_margin(figure: Figure) -> float:
    names = [len(c) for p in figure.panels for c in p.categories]
    return max(_MARGIN_LEFT, min(24 + max(names, default=0) * CHAR, 200))


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
    named = rule_names(panel, x)
    for mark in panel.marks:
        if isinstance(mark, Line):
            layers[Line].append(line(mark, x, y))
        elif isinstance(mark, Points):
            layers[Points].append(points(mark, x, y))
        elif isinstance(mark, Span):
            layers[Span].append(span(mark, x, top, bottom, hatch))
        elif isinstance(mark, Rule):
            layers[Rule].append(rule(mark, x, y, named))
        elif isinstance(mark, Bars):
            layers[Bars].append(bars(mark, x, y))
        elif isinstance(mark, Interval):
            layers[Interval].append(interval(mark, x, y))
        else:
            layers[Label].append(label(mark, x, y))
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
            f'<text class="limit-name role-{mark.role}" x="{right + 6:.1f}" y="{place:.1f}">'
            f"{clean(mark.label, 24)}</text>"
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
            sample = f'<g class="points role-{role}">{shape(role, at + 9, 4.0, 3.0, "")}</g>'
        shown = clean(text, 40)
        out.append(f'{sample}<text class="legend" x="{at + 24:.1f}" y="8">{shown}</text>')
        at += 24 + len(text[:40]) * CHAR + 22
        if at > width - 60:
            break
    return "".join(out)
