"""Words inside a panel: values on limits, numbers beside signals, names of bands; none on top of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figure import Label, Line, Panel, Points, Rule, Span
from .geometry import Scale, drawn, vertices
from .measure import Box, Shelf, Text, fit, plain, text_width
from .point_names import point_names

Floats = NDArray[np.float64]

LINES = ("center", "limit")
_TAG_SIZE = 10.0
_MOST_TAGS = 600
"""Numbers beside signals on one panel; there is no room for more on any screen."""


@dataclass(frozen=True)
class Place:
    """A panel with its scales; ``right`` is where the plot ends and the margin of values begins."""

    panel: Panel
    x: Scale
    y: Scale
    right: float
    width: float


def words(place: Place, taken: Shelf) -> tuple[list[Text], int]:
    """Every text inside a panel, and how many signals had no room for their number."""
    texts = _last_limits(place)
    for text in texts:
        taken.add(text.box)
    ink = _Ink(place)
    texts += _place_all(_span_names(place), place, taken, ink)
    texts += _place_all(_rule_names(place), place, taken, ink)
    for mark in place.panel.marks:
        if isinstance(mark, Rule) and mark.axis == "x":
            at = float(place.x(mark.at))
            taken.add(Box(at - 1, place.y.stop, at + 1, place.y.start))
    texts += _place_all(_limit_names(place), place, taken, ink)
    texts += _place_all(_labels(place), place, taken, ink)
    tags, lost = _tags(place, taken)
    names = point_names(place.panel, place.x, place.y, (place.x.start, place.width), taken)
    return texts + tags + names, lost


class _Ink:
    """Where points and limit lines are, to put words where little of it is covered."""

    def __init__(self, place: Place) -> None:
        across, up = [np.empty(0)], [np.empty(0)]
        self.lines: list[tuple[Floats, Floats]] = []
        for mark in place.panel.marks:
            if isinstance(mark, Points):
                px, py = place.x(mark.x), place.y(mark.y)
                keep = drawn(mark, px, py)
                across.append(px[keep])
                up.append(py[keep])
            elif isinstance(mark, Line) and mark.role in LINES:
                self.lines.append(vertices(mark, place.x, place.y))
        px, py = np.concatenate(across), np.concatenate(up)
        order = np.argsort(px, kind="stable")
        self.px, self.py = px[order], py[order]

    def under(self, box: Box) -> float:
        """Points, and half as much again for every limit line, that a box would cover."""
        a, b = np.searchsorted(self.px, (box.x0 - 2, box.x1 + 2))
        covered = float(((self.py[a:b] > box.y0 - 2) & (self.py[a:b] < box.y1 + 2)).sum())
        return covered + 1.5 * sum(_crosses(px, py, box) for px, py in self.lines)


def _crosses(px: Floats, py: Floats, box: Box) -> bool:
    a, b = np.searchsorted(px, (box.x0, box.x1))
    near = py[max(a - 1, 0) : b + 1]
    near = near[np.isfinite(near)]
    inside = px.size > 0 and px[0] < box.x1 and px[-1] > box.x0
    return bool(inside and near.size and near.min() < box.y1 and near.max() > box.y0)


@dataclass(frozen=True)
class _Wish:
    """Texts for one thing, best first; ``most`` is what the chosen one may cover."""

    tries: tuple[Text, ...]
    most: float = 1e9


def _place_all(wishes: list[_Wish], place: Place, taken: Shelf, ink: _Ink) -> list[Text]:
    out = []
    for wish in wishes:
        best, cost = None, wish.most + 1e-9
        for rank, text in enumerate(wish.tries):
            box = text.box
            if (
                box.x0 < place.x.start
                or box.x1 > place.right
                or box.y0 < place.y.stop - 3
                or box.y1 > place.y.start + 2
            ):
                continue
            if not taken.free(box):
                continue
            covered = ink.under(box) + 0.01 * rank
            if covered < cost:
                best, cost = text, covered
        if best is not None:
            taken.add(best.box)
            out.append(best)
    return out


def _shown(panel: Panel) -> list[Line]:
    marks = (m for m in panel.marks if isinstance(m, Line) and m.label and m.role in LINES)
    return [m for m in marks if np.isfinite(m.y).any()]


def _last_limits(place: Place) -> list[Text]:
    """Values of the lines that reach the end, in the right margin, pushed apart where they would touch."""
    lines = _shown(place.panel)
    end = max((float(m.x[-1]) for m in lines), default=0.0)
    found = [(float(place.y(m.y[np.isfinite(m.y)][-1])) + 4, m) for m in lines if float(m.x[-1]) == end]
    found.sort(key=lambda item: item[0])
    room = place.width - place.right - 8
    step = 14.0
    places: list[float] = []
    for at, _ in found:
        places.append(max(at, places[-1] + step if places else place.y.stop + 4))
    floor = place.y.start + 4
    for i in range(len(places) - 1, -1, -1):
        places[i] = min(places[i], floor)
        floor = places[i] - step
    out = []
    for at, (_, mark) in zip(places, found, strict=True):
        bold = mark.role == "center"
        # half a number would mislead: what does not fit is left to the hover of its line
        wanted = (plain(w) for w in (mark.label, *mark.shorter))
        label = next((w for w in wanted if text_width(w, bold=bold) <= room), "")
        if label:
            out.append(Text(place.right + 6, at, label, "limit-name", mark.role, bold=bold))
    return out


def _limit_names(place: Place) -> list[_Wish]:
    """Values of the lines of earlier stages, on the lines: outside a limit rather than inside it."""
    lines = _shown(place.panel)
    end = max((float(m.x[-1]) for m in lines), default=0.0)
    named = any(isinstance(m, Label) and m.role == "stage" for m in place.panel.marks)
    wishes = []
    for mark in lines:
        if float(mark.x[-1]) == end:
            continue
        px, py = vertices(mark, place.x, place.y)
        known = np.isfinite(py)
        px, py = px[known], py[known]
        center = mark.role == "center"
        above = center or bool(np.median(py) < _middle(lines, mark, place))
        tries = []
        for label in dict.fromkeys(plain(w) for w in (mark.label, *mark.shorter)):
            wide = text_width(label, bold=center)
            if wide > px[-1] - px[0] - 4:
                continue
            for left in (px[-1] - wide - 3, px[0] + 3, (px[0] + px[-1] - wide) / 2):
                a, b = np.searchsorted(px, (left, left + wide))
                near = py[max(a - 1, 0) : b + 1]
                up, down = float(near.min()) - 5, float(near.max()) + 13
                for at in (up, down) if above else (down, up):
                    tries.append(Text(left, at, label, "limit-name", mark.role, bold=center))
        # the name of a stage tells its centre already, so there is no need to print that on top of the points
        wishes.append(_Wish(tuple(tries), 2.0 if center and named else 1e9))
    return wishes


def _middle(lines: list[Line], mark: Line, place: Place) -> float:
    """Height of the centre line of the same stage; without one the middle of the panel."""
    same = [m for m in lines if m.role == "center" and m.x[0] == mark.x[0]]
    if not same:
        return (place.y.start + place.y.stop) / 2
    return float(np.nanmedian(place.y(same[0].y)))


def _span_names(place: Place) -> list[_Wish]:
    wishes = []
    for mark in place.panel.marks:
        if isinstance(mark, Span) and mark.label:
            a, b = float(place.x(mark.x0)), float(place.x(mark.x1))
            label, middle = plain(mark.label, 60), (a + b) / 2
            rows = (place.y.start - 6, place.y.stop + 14)
            tries = tuple(
                Text(middle, at, label, "span-name", mark.role, "middle", 11.0)
                for at in rows
                if text_width(label, 11.0) < b - a - 4
            )
            wishes.append(_Wish(tries))
    return wishes


def _rule_names(place: Place) -> list[_Wish]:
    wishes = []
    for mark in place.panel.marks:
        if isinstance(mark, Rule) and mark.axis == "y" and mark.label:
            at = float(place.y(mark.at))
            ends = ((place.right - 4, "end"), (place.x.start + 4, "start"))
            tries = tuple(
                Text(x, y, plain(w, 60), "rule-name", mark.role, anchor)  # type: ignore[arg-type]
                for w in (mark.label, *mark.shorter)
                for y in (at - 5, at + 13)
                for x, anchor in ends
            )
            wishes.append(_Wish(tries))
    return wishes


def _labels(place: Place) -> list[_Wish]:
    wishes = []
    for mark in place.panel.marks:
        if isinstance(mark, Label) and not mark.at_top:
            x, y = float(place.x(mark.x)), float(place.y(mark.y))
            room = place.right - place.x.start
            tries = []
            for label in (mark.text, *mark.shorter):
                bold = mark.role != "note"
                shown = fit(plain(label), room, bold=bold)
                half = text_width(shown, bold=bold) / 2
                at = x if mark.anchor != "middle" else min(max(x, place.x.start + half), place.right - half)
                tries += [
                    Text(
                        at,
                        y + dy,
                        shown,
                        "label" if bold else "words",
                        mark.role,
                        mark.anchor,
                        bold=bold,
                        title=mark.text,
                    )
                    for dy in (0.0, -15.0, 15.0, -30.0, 30.0)
                ]
            wishes.append(_Wish(tuple(tries)))
    return wishes


_SIDES = ((0.0, -8.0, 0.5), (0.0, 16.0, 0.5), (7.0, 4.0, 0.0), (-7.0, 4.0, 1.0), (5.5, -5.5, 0.0), (-5.5, -5.5, 1.0))
"""Where a number may stand beside its point: above, below, right, left, and two corners."""


def _tags(place: Place, taken: Shelf) -> tuple[list[Text], int]:
    """Numbers beside signals, rule 1 first, nearest the point where they touch neither words nor another signal."""
    marks = [m for m in place.panel.marks if isinstance(m, Points) and m.tags and m.role == "signal"]
    out: list[Text] = []
    lost = 0
    for mark in marks:
        px, py = place.x(mark.x), place.y(mark.y)
        size = 4.0
        if px.size <= 5 * _MOST_TAGS:
            for a, b in zip(px.tolist(), py.tolist(), strict=True):
                taken.add(Box(a - size, b - size, a + size, b + size))
        order = sorted(range(min(len(mark.tags), px.size)), key=lambda i: (len(mark.tags[i]), mark.tags[i], i))
        for i in order[: 5 * _MOST_TAGS]:
            text = _tag(mark, plain(mark.tags[i], 12), float(px[i]), float(py[i]), place, taken)
            if text is None or len(out) >= _MOST_TAGS:
                lost += 1
                continue
            out.append(text)
            taken.add(text.box)
        lost += max(len(order) - 5 * _MOST_TAGS, 0)
    return out, lost


def _tag(mark: Points, tag: str, px: float, py: float, place: Place, taken: Shelf) -> Text | None:
    if not np.isfinite(py) or not tag.strip():
        return None
    wide = text_width(tag, _TAG_SIZE)
    above = py < (place.y.start + place.y.stop) / 2
    sides = _SIDES if above else (_SIDES[1], _SIDES[0], *_SIDES[2:])
    for dx, dy, share in sides:
        text = Text(px + dx - share * wide, py + dy, tag, "tag", mark.role, "start", _TAG_SIZE)
        box = text.box
        inside = (
            box.x0 > place.x.start and box.x1 < place.width and box.y0 > place.y.stop - 8 and box.y1 < place.y.start
        )
        if inside and taken.free(box):
            return text
    return None
