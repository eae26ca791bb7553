"""How wide the columns of a table on paper are, so that words stay whole and the page is used."""

from __future__ import annotations

from collections.abc import Sequence

from .measure import text_width

_NARROWER = 0.92
"""Words in IBM Plex Sans against DejaVu Sans, by whose widths they are measured; never less than they need."""

_SHORT = 16
"""Letters of cells that stay on one line where there is room: states, answers, dates."""


def column_widths(
    names: Sequence[str], columns: Sequence[Sequence[str]], whole: Sequence[bool], room: float, size: float, edge: float
) -> tuple[list[float], float]:
    """Widths that fill the room, and the share by which letters must shrink to fit it.

    Every column has room for its longest word (or, where ``whole``, or where all are short and there is room, its
    longest cell); what is left is shared out by how much more the cells would like.

    Parameters
    ----------
    names : sequence of str
    columns : sequence of sequence of str
        The cells of each column.
    whole : sequence of bool
        Columns whose cells stay on one line: numbers.
    room, size, edge : float
        The width there is, the size of letters, and what a column takes beside its words, in points.

    Examples
    --------
    >>> widths, share = column_widths(["n", "what"], [["12"], ["a long sentence"]], [True, False], 300.0, 8.0, 7.0)
    >>> round(sum(widths)), share, widths[1] > widths[0]
    (300, 1.0, True)
    """
    least, most, short = [], [], []
    for name, cells, unbroken in zip(names, columns, whole, strict=True):
        head = _word(name, size * 1.08)
        full = max((_wide(cell, size) for cell in cells), default=0.0)
        part = full if unbroken else max((_word(cell, size) for cell in cells), default=0.0)
        least.append(max(head, part) + edge)
        most.append(max(full, _wide(name, size * 1.08), head) + edge)
        short.append(max(head, full) + edge if all(len(cell) <= _SHORT for cell in cells) else least[-1])
    if sum(short) <= room:
        least = short
    share = min(1.0, room / sum(least))
    if share < 1.0:
        return [w * share for w in least], share
    left, wish = room - sum(least), sum(most) - sum(least)
    if wish <= left:
        return [w * room / sum(most) for w in most], share
    return [low + left * (high - low) / wish for low, high in zip(least, most, strict=True)], share


def _wide(text: str, size: float) -> float:
    return text_width(text, size) * _NARROWER


def _word(text: str, size: float) -> float:
    """The longest part of a text that is not broken."""
    return max((_wide(word, size) for word in text.replace("\u200b", " ").split()), default=0.0)
