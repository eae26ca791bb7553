"""Ticks, margins and the legend: everything around the panels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .figure import Bars, Figure, Line, Panel, Points, Rule, Signs
from .geometry import Scale
from .measure import Text, fit, plain, text_width
from .ticks import Tick, date_ticks, tick_text, ticks

_LEFT, _RIGHT = 44.0, 16.0
_LEGEND_ROW = 17.0
_KEY_ROWS = 4


Shape = Literal["line", "rule", "bar", "point"]


@dataclass(frozen=True)
class Key:
    """A shape and what it means; the shape stands left of the words."""

    role: str
    shape: Shape
    x: float
    text: Text


_TICK_ROW = 14.0


def tick_texts_y(panel: Panel, y: Scale, signs: Signs) -> list[tuple[float, str]]:
    if panel.y_ticks:
        return _named_ticks(panel.y_ticks, y)
    most = max(2, int(abs(y.start - y.stop) / 45))
    values = next((v for v in (ticks(y.low, y.high, m) for m in range(most, most + 3)) if len(v) > 1), [])
    values = values or ticks(y.low, y.high, most)
    return [(v, signs.put(text)) for v, text in zip(values, tick_text(values, panel.percent), strict=True)]


def _named_ticks(named: tuple[tuple[float, str], ...], y: Scale) -> list[tuple[float, str]]:
    kept: list[tuple[float, str]] = []
    for value, name in named:
        apart = all(abs(float(y(value) - y(other))) >= _TICK_ROW for other, _ in kept)
        if y.low <= value <= y.high and apart:
            kept.append((value, plain(name, 30)))
    return sorted(kept)


def category_marks(panel: Panel, y: Scale) -> list[tuple[float, str]]:
    return [(float(i), plain(name, 30)) for i, name in enumerate(panel.categories)]


def margins(figure: Figure, scales: list[Scale], width: float) -> tuple[float, float]:
    """Room for the ticks of the y axes and for the values at the right edge, as much as their words need."""
    left, right = _LEFT, _RIGHT
    for panel, y in zip(figure.panels, scales, strict=True):
        marks = category_marks(panel, y) if panel.categories else tick_texts_y(panel, y, figure.signs)
        left = max(left, max((text_width(t) for _, t in marks), default=0.0) + 14)
        for mark in panel.marks:
            if isinstance(mark, Line) and mark.label and mark.role in ("center", "limit"):
                right = max(right, text_width(plain(mark.label), bold=mark.role == "center") + 14)
    return min(left, 0.3 * width), min(right, max(0.17 * width, 150.0))


def x_ticks(figure: Figure, x: Scale, reach: tuple[float, float], width: float) -> list[Tick]:
    """As many ticks as their words leave room for, and no two of them touching."""
    named = _named_bars(figure, x)
    if named:
        return named
    found: list[Tick] = []
    for most in range(max(3, int((x.stop - x.start) / 50)), 0, -1):
        found = _candidates(figure, x, reach, most)
        if (
            len(found) <= 2 * most + 2
            and _apart(found, x, "text")
            and _apart([t for t in found if t.context], x, "context")
        ):
            break
    found = _without_touching(found, x)
    return [t for t in found if float(x(t.at)) + text_width(t.text) / 2 < width]


_LEAST_NAME = 30.0
"""Pixels under which the name of a bar says nothing."""


def _named_bars(figure: Figure, x: Scale) -> list[Tick]:
    """Every bar with its name in two lines, where bars are named and there is room; else none."""
    room = float(x(2.0) - x(1.0)) - 3.0
    bars = any(isinstance(mark, Bars) for panel in figure.panels for mark in panel.marks)
    if figure.x_kind != "order" or not figure.x_names or not bars or room < _LEAST_NAME:
        return []
    return [Tick(i + 1.0, *_two_lines(plain(name), room)) for i, name in enumerate(figure.x_names)]


def _two_lines(name: str, room: float) -> tuple[str, str]:
    """A name broken between words where the first line ends, and cut where the second does."""
    words = name.split()
    kept = 0
    while kept < len(words) and text_width(" ".join(words[: kept + 1])) <= room:
        kept += 1
    if kept == len(words):
        return name.strip(), ""
    if kept == 0:
        return fit(words[0], room), fit(" ".join(words[1:]), room)
    return " ".join(words[:kept]), fit(" ".join(words[kept:]), room)


def _candidates(figure: Figure, x: Scale, reach: tuple[float, float], most: int) -> list[Tick]:
    if figure.x_kind == "time":
        return date_ticks(x.low, x.high, most)
    if figure.x_kind == "order":
        values = [v for v in ticks(*_wide(reach), most, 1.0) if reach[0] <= v <= reach[1]]
        if values and values[0] > 1.0 and x(values[0]) - x(reach[0]) > 40:
            values = [reach[0], *values]
        if figure.x_names:
            return [
                Tick(v, fit(plain(figure.x_names[int(v) - 1]), 110)) for v in values if 1 <= v <= len(figure.x_names)
            ]
        return [Tick(v, figure.signs.put(f"{v:,.0f}")) for v in values]
    values = ticks(x.low, x.high, most, 1.0 if _whole(figure) else 0.0)
    texts = tick_text(values, False)
    if values and max(map(abs, values)) < 10_000:
        # years and other four-figure names of a place carry no comma
        texts = [t.replace(",", "") for t in texts]
    return [Tick(v, figure.signs.put(t)) for v, t in zip(values, texts, strict=True)]


def _wide(reach: tuple[float, float]) -> tuple[float, float]:
    return reach if reach[1] > reach[0] else (reach[0] - 0.5, reach[1] + 0.5)


def _whole(figure: Figure) -> bool:
    """Whether every point stands at a whole number."""
    marks = [m for p in figure.panels for m in p.marks]
    if not any(isinstance(m, Points) for m in marks):
        return False
    return all(np.array_equal(m.x, np.floor(m.x)) for m in marks if isinstance(m, Points))


def _apart(found: list[Tick], x: Scale, part: str) -> bool:
    edge = -1e9
    for tick in found:
        half = text_width(getattr(tick, part)) / 2
        at = float(x(tick.at))
        if at - half < edge:
            return False
        edge = at + half + 8
    return True


def _without_touching(found: list[Tick], x: Scale) -> list[Tick]:
    """Ticks and contexts that would still touch the one before them are left out."""
    out: list[Tick] = []
    edge = {"text": -1e9, "context": -1e9}
    for tick in found:
        at = float(x(tick.at))
        if at - text_width(tick.text) / 2 < edge["text"]:
            continue
        context = tick.context
        if context and at - text_width(context) / 2 < edge["context"]:
            context = ""
        edge["text"] = at + text_width(tick.text) / 2 + 8
        if context:
            edge["context"] = at + text_width(context) / 2 + 8
        out.append(Tick(tick.at, tick.text, context))
    return out


_WORDS = {"center": "centre line", "limit": "control limits", "zone": "1 and 2 sigma", "event": "event"}
_OWN_WORDS = ("within", "overall", "fit", "band", "before", "after")
"""Lines that the legend tells by their labels."""


def _meanings(figure: Figure, lost: int) -> dict[tuple[str, Shape], str]:
    words: dict[tuple[str, Shape], str] = {}
    for panel in figure.panels:
        for mark in panel.marks:
            if isinstance(mark, Points) and mark.label:
                words.setdefault((mark.role, "point"), plain(mark.label, 60))
            elif isinstance(mark, Bars) and mark.label:
                words.setdefault((mark.role, "bar"), plain(mark.label, 60))
            elif isinstance(mark, Line) and mark.role in _OWN_WORDS and mark.label:
                words.setdefault((mark.role, "line"), plain(mark.label, 60))
            elif isinstance(mark, Line) and mark.role in _WORDS:
                words.setdefault((mark.role, "line"), _WORDS[mark.role])
            elif isinstance(mark, Rule) and mark.axis == "x" and mark.role in _WORDS and not _named(mark):
                words.setdefault((mark.role, "rule"), _WORDS[mark.role])
    if any("≈" in m.label for p in figure.panels for m in p.marks if isinstance(m, Line) and m.role == "limit"):
        words["limit", "line"] += " (≈ at the average size)"
    if lost and ("signal", "point") in words:
        words["signal", "point"] += " where there is room"
    return words


def _named(rule: Rule) -> bool:
    """A limit that says on the drawing what it is."""
    return rule.role == "limit" and bool(rule.label)


def legend(
    figure: Figure, keys: list[tuple[str, str]], lost: int, left: float, width: float, top: float
) -> tuple[tuple[Key, ...], tuple[Text, ...], float]:
    """What the shapes mean, in rows beneath, and the words of lettered events; and where it ends."""
    out, at, base = [], left, top + 16
    for (role, shape), words in _meanings(figure, lost).items():
        words = fit(words, width - left - 32)
        wide = 24 + text_width(words) + 18
        if at > left and at + wide > width:
            at, base = left, base + _LEGEND_ROW
        out.append(Key(role, shape, at, Text(at + 24, base, words, "legend")))
        at += wide
    bottom = base + 4 if out else top
    texts = _key(keys, left, width, bottom + 13)
    if texts:
        bottom = texts[-1].y + 4
    return tuple(out), texts, bottom


def _key(keys: list[tuple[str, str]], left: float, width: float, base: float) -> tuple[Text, ...]:
    """Lettered events in a few rows; of those beyond them the number."""
    texts: list[Text] = []
    at, row = left, 0
    for place, (letter, words) in enumerate(keys):
        told = fit(f"{letter} {words}", width - left - 8)
        wide = text_width(told) + 16
        rest = len(keys) - place
        last = row == _KEY_ROWS - 1
        if at > left and at + wide + (80 if last and rest > 1 else 0) > width:
            if last:
                texts.append(Text(at, base + row * _LEGEND_ROW, f"and {rest} more", "legend", "event"))
                break
            at, row = left, row + 1
        texts.append(Text(at, base + row * _LEGEND_ROW, told, "legend", "event", title=words))
        at += wide
    return tuple(texts)
