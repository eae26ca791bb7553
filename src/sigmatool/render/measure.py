"""How wide words are, and whether they would run into each other; both renderers place words by this alone.

Widths are those of DejaVu Sans, the widest of the families that the style sheet names and the one that matplotlib
brings, so that words placed here never touch in a narrower one.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

Anchor = Literal["start", "middle", "end"]

_CLASSES = {
    0.30: "'ijlIJ", 0.34: " ,./:;\\|", 0.39: "-()[]tf", 0.43: "!r", 0.50: '"*_`–', 0.53: "sz?", 0.58: "cLFk",
    0.62: "vxyPTYoae", 0.64: "EhnuσSbdgpq$0123456789{}", 0.70: "KAVXZBRC", 0.79: "UNHDG&OQ",
    0.84: "w#+<=>^~−→≈×", 0.87: "M", 0.96: "%", 1.0: "mW@…",
}  # fmt: skip
_WIDTH = {char: width for width, chars in _CLASSES.items() for char in chars}
_BOLD = 1.12
_ASCENT, _DESCENT = 0.82, 0.22


def plain(text: str, longest: int = 200) -> str:
    """Text that can be drawn: control characters become spaces, and what is longer ends in an ellipsis."""
    kept = "".join(c if c.isprintable() else " " for c in text[: longest + 1])
    return kept[: longest - 1] + "…" if len(kept) > longest else kept


def text_width(text: str, size: float = 12.0, bold: bool = False) -> float:
    """Width in pixels of a line of text, never less than it will be.

    Examples
    --------
    >>> round(text_width("UCL 13.3 %"))
    72
    """
    total = 0.0
    for char in text:
        total += _WIDTH.get(char) or _other(char)
    return total * size * (_BOLD if bold else 1.0)


def _other(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    return 1.3 if unicodedata.east_asian_width(char) in "WF" else 0.85


def fit(text: str, room: float, size: float = 12.0, bold: bool = False, least: int = 1, tail: int = 0) -> str:
    """The text, or as much of it as fits before an ellipsis; "" where fewer than ``least`` characters would stay.

    ``tail`` keeps so many characters of the end, for names that differ only there.

    Examples
    --------
    >>> fit("after Handwashing", 80), fit("after", 10, least=3), fit("stage number 7", 70, tail=1)
    ('after Hand…', '', 'stage n…7')
    """
    if text_width(text, size, bold) <= room:
        return text
    end = text[len(text) - tail :]
    longest = int(room / (0.29 * size)) + 1
    for kept in range(min(len(text) - 1, longest), least - 1, -1):
        shorter = text[:kept].rstrip(" ,:;") + "…" + end
        if text_width(shorter, size, bold) <= room:
            return shorter
    return ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, y downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


@dataclass(frozen=True, slots=True)
class Text:
    """Words with their place: ``y`` is the base line. ``kind`` is a class of the style sheet."""

    x: float
    y: float
    text: str
    kind: str
    role: str = ""
    anchor: Anchor = "start"
    size: float = 12.0
    bold: bool = False
    title: str = ""
    tie: tuple[float, float] | None = None
    """A point that the words belong to though they stand apart from it: a thin line joins them."""

    @property
    def tie_end(self) -> tuple[float, float] | None:
        """Where the line from ``tie`` meets the words."""
        if self.tie is None:
            return None
        box = self.box
        return min(max(self.tie[0], box.x0), box.x1), min(max(self.tie[1], box.y0), box.y1)

    @property
    def box(self) -> Box:
        """What the ink covers."""
        wide = text_width(self.text, self.size, self.bold)
        left = self.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return Box(left, self.y - _ASCENT * self.size, left + wide, self.y + _DESCENT * self.size)


_CELL = 48.0
_AIR = 0.3
"""Pixels kept free about everything: places are written to a tenth of one."""


@dataclass
class Shelf:
    """What is taken already; asking is quick however much there is."""

    cells: dict[int, list[Box]] = field(default_factory=dict)

    def free(self, box: Box) -> bool:
        wide = Box(box.x0 - _AIR, box.y0 - _AIR, box.x1 + _AIR, box.y1 + _AIR)
        return not any(wide.meets(other) for cell in self._cells(wide) for other in self.cells.get(cell, ()))

    def add(self, box: Box) -> None:
        for cell in self._cells(box):
            self.cells.setdefault(cell, []).append(box)

    @staticmethod
    def _cells(box: Box) -> range:
        return range(int(box.x0 // _CELL), int(box.x1 // _CELL) + 1)
