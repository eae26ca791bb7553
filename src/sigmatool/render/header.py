"""What stands above a panel: its name, rollouts, limits and events as flags on their strokes, the names of stages.

Rows count upwards from the plot: events first, then the stages, then the rollouts, then what a specification asks,
then notes, and the name of the panel in the topmost row that has room for it. Places are in pixels, with the top of
the plot as zero.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from .figure import Label, Panel, Rule
from .geometry import Scale
from .measure import Anchor, Box, Shelf, Text, fit, plain

ROW = 15.0
_FLAG_ROWS = 2
_ASKED = ("specification", "target", "mean")
"""Roles of strokes whose values are told whole or not at all: half a number would mislead."""
_ASKED_ROWS = 4
_GAP = 4.0
_LOWEST = 10.0


@dataclass(frozen=True)
class Header:
    """Texts and the tops of the vertical strokes (by the mark's index), relative to the top of the plot.

    ``key``: letters with their words, for events whose words do not fit.
    """

    height: float
    texts: tuple[Text, ...]
    stems: dict[int, float]
    key: tuple[tuple[str, str], ...] = ()


def header(panel: Panel, x: Scale, width: float) -> Header:
    """Arrange what stands above a panel that is ``width`` wide with its margins."""
    shelf = Shelf()
    strokes = [(i, m) for i, m in enumerate(panel.marks) if isinstance(m, Rule) and m.axis == "x"]
    events = [(i, m) for i, m in strokes if m.role == "event"]
    asked = [(i, m) for i, m in strokes if m.role in _ASKED]
    rollouts = [(i, m) for i, m in strokes if m.role != "event" and m.role not in _ASKED]
    for _, mark in (*rollouts, *asked):
        at = float(x(mark.at))
        shelf.add(Box(at - 2, -2 * ROW * _FLAG_ROWS, at + 2, 0.0))
    texts, stems, key = _events(events, x, shelf, width)
    rows = max((_row_of(t) + 1 for t in texts), default=0)
    tops = [m for m in panel.marks if isinstance(m, Label) and m.at_top]
    stages = _stages([m for m in tops if m.role != "note"], x, rows, width)
    texts += stages
    rows += 1 if stages else 0
    raised, places = _rollouts(rollouts, x, rows, width)
    texts += raised
    stems |= {i: places.get(i, -4.0) for i, _ in rollouts}
    rows = max((_row_of(t) + 1 for t in texts), default=0)
    raised, places = _asked(asked, x, rows, width)
    texts += raised
    stems |= {i: places.get(i, -4.0) for i, _ in asked}
    rows = max((_row_of(t) + 1 for t in texts), default=0)
    texts += _stages([m for m in tops if m.role == "note"], x, rows, width)
    top = max((_row_of(t) for t in texts), default=0)
    if panel.y_label:
        name = Text(4.0, 0.0, fit(plain(panel.y_label), width - 8), "axis-name")
        row = next(r for r in (top, top + 1) if all(_clear(name, r, t) for t in texts))
        texts.append(Text(4.0, _base(row), name.text, "axis-name"))
        top = row
    return Header(ROW * (top + 1) + _LOWEST if texts else 8.0, tuple(texts), stems, key)


def _base(row: int) -> float:
    return -_LOWEST - ROW * row


def _row_of(text: Text) -> int:
    return round((-_LOWEST - text.y) / ROW)


def _clear(name: Text, row: int, other: Text) -> bool:
    return _row_of(other) != row or other.box.x0 > name.box.x1 + 10


@dataclass(frozen=True)
class Flag:
    """Words on a vertical stroke, the best of them first."""

    index: int
    at: float
    words: tuple[str, ...]
    role: str
    title: str = ""
    kind: str = "rule-name"


def place_flags(
    flags: list[Flag],
    shelf: Shelf,
    first: int,
    ends: tuple[float, float],
    anchors: tuple[Anchor, ...],
) -> tuple[list[Text], dict[int, float]]:
    """Texts on their strokes and how high each stroke rises; a flag without room gets no text.

    From right to left, so that the words of an earlier flag may pass above a later one.
    """
    texts, tops = [], {}
    for flag in sorted(flags, key=lambda f: -f.at):
        for text in _tries(flag, first, anchors, _FLAG_ROWS):
            box = text.box
            top = text.y + 4 if text.anchor == "middle" else text.y - 9
            stem = Box(flag.at - 2, top, flag.at + 2, max(_base(first) + 4, top))
            inside = box.x0 >= ends[0] and box.x1 <= ends[1]
            if inside and shelf.free(Box(box.x0 - _GAP, box.y0, box.x1 + _GAP, box.y1)) and shelf.free(stem):
                shelf.add(box)
                shelf.add(stem)
                texts.append(text)
                tops[flag.index] = top
                break
    return texts, tops


def _tries(flag: Flag, first: int, anchors: tuple[Anchor, ...], rows: int) -> list[Text]:
    out = []
    shift = {"start": 5.0, "middle": 0.0, "end": -5.0}
    for words in dict.fromkeys(w for w in flag.words if w):
        for row in range(first, first + rows):
            for anchor in anchors:
                out.append(
                    Text(flag.at + shift[anchor], _base(row), plain(words), flag.kind, flag.role, anchor,
                         bold=flag.role in _BOLD, title=flag.title)
                )  # fmt: skip
    return out


_BOLD = ("rollout", "specification", "target", "mean")


def _asked(asked: list[tuple[int, Rule]], x: Scale, first: int, width: float) -> tuple[list[Text], dict[int, float]]:
    """Limits, target and mean with their values: the first to the left of its stroke, the last to the right."""
    named = sorted(((i, m) for i, m in asked if m.label), key=lambda r: r[1].at)
    # limits before the rest where all orders lose something
    named.sort(key=lambda r: _ASKED.index(r[1].role))
    orders = itertools.permutations(named) if len(named) <= _ASKED_ROWS else [tuple(named)]
    found = [_in_order(order, x, first, width) for order in orders]
    return min(found, key=lambda f: (-len(f[0]), -sum(len(t.text) for t in f[0]), sum(_row_of(t) for t in f[0])))


def _in_order(
    order: tuple[tuple[int, Rule], ...], x: Scale, first: int, width: float
) -> tuple[list[Text], dict[int, float]]:
    leftmost = min((m.at, i) for i, m in order)[1] if order else -1
    words, strokes = Shelf(), Shelf()
    texts: list[Text] = []
    tops: dict[int, float] = {}
    for i, mark in order:
        at = float(x(mark.at))
        near = any(j != i and abs(float(x(m.at)) - at) < _width(plain(mark.label)) / 2 + 2 for j, m in order)
        sides: tuple[Anchor, ...] = ("end", "start") if i == leftmost else ("start", "end")
        anchors = sides if near or mark.role == "specification" else ("middle", *sides)
        flag = Flag(i, at, (mark.label, *mark.shorter), mark.role, mark.text)
        for text in _tries(flag, first, anchors, _ASKED_ROWS):
            top = text.y + 4 if text.anchor == "middle" else text.y - 9
            stem = Box(flag.at - 1.5, top, flag.at + 1.5, max(_base(first) + 4, top))
            box = Box(text.box.x0 - _GAP, text.box.y0, text.box.x1 + _GAP, text.box.y1)
            inside = text.box.x0 >= 0 and text.box.x1 <= width
            # strokes may share a place, words may not, nor may a stroke cross words
            if inside and words.free(box) and strokes.free(text.box) and words.free(stem):
                words.add(text.box)
                strokes.add(stem)
                texts.append(text)
                tops[i] = top
                break
    return texts, tops


def _rollouts(
    rollouts: list[tuple[int, Rule]], x: Scale, first: int, width: float
) -> tuple[list[Text], dict[int, float]]:
    """The longest words that all rollouts have room for; else each the best it can, in the room up to the next."""
    anchors: tuple[Anchor, ...] = ("middle", "start", "end")
    named = sorted(((i, m, float(x(m.at))) for i, m in rollouts if m.label), key=lambda r: r[2])
    nexts = [at for _, _, at in named[1:]] + [width]
    rooms = [following - at - 12 for (_, _, at), following in zip(named, nexts, strict=False)]
    tail = 0 if len({c[:1] for c in _cuts(named, rooms, 0)}) == len(named) else 2
    rows = [
        (i, at, (mark.label, *mark.shorter), cut, mark)
        for (i, mark, at), cut in zip(named, _cuts(named, rooms, tail), strict=True)
    ]
    most = max((len(words) for _, _, words, _, _ in rows), default=0)
    for level in range(most):
        flags = [Flag(i, at, words[min(level, len(words) - 1) :][:1], m.role, m.text) for i, at, words, _, m in rows]
        if level == most - 1 and most > 1:
            # the last words of all are only the change; a part of the name says more
            flags = [Flag(i, at, cut[:1], m.role, m.text) for i, at, _, cut, m in rows]
        texts, tops = place_flags(flags, Shelf(), first, (0.0, width), anchors)
        if len(texts) == len(rows):
            return texts, tops
    flags = [Flag(i, at, (*words[-2:-1], *cut), m.role, m.text) for i, at, words, cut, m in rows]
    return place_flags(flags, Shelf(), first, (0.0, width), anchors)


def _cuts(named: list[tuple[int, Rule, float]], rooms: list[float], tail: int) -> list[tuple[str, ...]]:
    """The name and the change of each rollout, cut to its room; names that would then read alike keep their ends."""
    out = []
    for (_, mark, _), room in zip(named, rooms, strict=True):
        name, *change = (mark.label, *mark.shorter)[-2:]
        cut = fit(plain(name), room, bold=True, least=4, tail=tail)
        out.append((cut, *(fit(plain(w), room, bold=True, least=5) for w in change)))
    return out


def _events(
    events: list[tuple[int, Rule]], x: Scale, shelf: Shelf, width: float
) -> tuple[list[Text], dict[int, float], tuple[tuple[str, str], ...]]:
    """Words where all of them fit; else letters with a key; a letter without room is left to the hover."""
    ends = (x.start - 8, width)
    stems = {i: -4.0 for i, _ in events}
    events = sorted(((i, m) for i, m in events if m.label), key=lambda e: e[1].at)
    flags = []
    nexts = [float(x(m.at)) for _, m in events[1:]] + [width]
    for (i, mark), following in zip(events, nexts, strict=False):
        at, words = float(x(mark.at)), (mark.label, *mark.shorter)
        cut = (fit(plain(words[-1]), room, least=14) for room in (following - at - 12, 110.0))
        flags.append(Flag(i, at, (*words, *cut), "event", mark.text))
    trial = Shelf({cell: list(boxes) for cell, boxes in shelf.cells.items()})
    texts, tops = place_flags(flags, trial, 0, ends, ("start", "end"))
    key: tuple[tuple[str, str], ...] = ()
    if len(texts) < len(flags):
        names = {i: letter(n) for n, (i, _) in enumerate(events)}
        flags = [Flag(f.index, f.at, (names[f.index],), "event", f.title) for f in flags]
        texts, tops = place_flags(flags, shelf, 0, ends, ("middle",))
        shown = {t.text for t in texts}
        key = tuple((names[i], plain(m.label)) for i, m in events if names[i] in shown)
    return texts, stems | tops, key


def letter(n: int) -> str:
    """A, B, ..., Z, AA, AB, ...: events are lettered because numbers belong to the rules.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    head, tail = divmod(n, 26)
    return (letter(head - 1) if head else "") + chr(65 + tail)


def _stages(found: list[Label], x: Scale, row: int, width: float) -> list[Text]:
    """The names of stages, each inside its own; shorter where they must be, none where not even that fits."""
    texts: list[Text] = []
    edge = -1e9
    for mark in sorted(found, key=lambda m: m.x):
        low, high = (x.start, width) if mark.between is None else (float(x(v)) for v in mark.between)
        low, high = max(low + 3, edge, x.start), min(high, width)
        wanted = [plain(w) for w in (mark.text, *mark.shorter)]
        shown = next((w for w in wanted if fit(w, high - 3 - low, bold=True) == w), "")
        shown = shown or fit(wanted[0], high - 3 - low, bold=True, least=4)
        if not shown:
            continue
        half = _width(shown) / 2
        at = min(max(float(x(mark.x)), low + half), high - 3 - half)
        texts.append(Text(at, _base(row), shown, "label", mark.role, "middle", bold=True, title=wanted[0]))
        edge = at + half + _GAP
    return texts


def _width(words: str) -> float:
    box = Text(0.0, 0.0, words, "label", bold=True).box
    return box.x1 - box.x0
