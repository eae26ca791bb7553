"""Where two reports differ: JSON by its paths, pages by their pieces, in order."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final

TOLERANCE: Final = 1e-9
"""Relative difference up to which two numbers of JSON count as equal: sums may be taken in another order elsewhere."""

ABSENT: Final = "(not there)"

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FEW = 3_000
"""Pieces of which the fewest changes are looked for; longer stretches are compared place by place."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Difference:
    """``was``: in the report; ``now``: made again from its data; ``part``: a key of the JSON, a section of the page."""

    part: str
    path: str
    was: str
    now: str


@dataclass(slots=True)
class Account:
    """What was compared, and what came of it.

    Attributes
    ----------
    numbers, words : int
        Compared: numbers, and everything else that holds a value.
    farthest : float
        The largest relative difference of two numbers that count as equal.
    differences : list of Difference
    new : list of str
        Paths that only this version knows.
    parts : dict
        Values compared, by part.
    """

    part: str = ""
    numbers: int = 0
    words: int = 0
    farthest: float = 0.0
    differences: list[Difference] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)

    def differs(self, path: str, was: str, now: str) -> None:
        """Note a difference."""
        self.differences.append(Difference(self.part or path, path, was, now))

    def count(self) -> None:
        """Note a comparison."""
        self.parts[self.part] = self.parts.get(self.part, 0) + 1


def compared(was: Any, now: Any, *, other_version: bool) -> Account:
    """Compare two documents of JSON, value by value.

    Parameters
    ----------
    was, now : what JSON holds
        The report as it was saved, and made again.
    other_version : bool
        Of sigmatool: keys that the report does not have are then new, and no difference.

    Examples
    --------
    >>> found = compared({"n": [1, 2.0], "word": "yes"}, {"n": [1, 2.5], "word": "yes"}, other_version=False)
    >>> found.differences, found.numbers, found.words
    ([Difference(part='n', path='n[1]', was='2.0', now='2.5')], 2, 1)
    """
    account = Account()
    _walk(was, now, "", account, other_version)
    return account


def _walk(was: Any, now: Any, path: str, account: Account, other_version: bool) -> None:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            here = _key(path, str(key))
            if not path:
                account.part = str(key)
            if key not in was and other_version:
                account.new.append(here)
            elif key not in was or key not in now:
                account.differs(here, _told(was, key), _told(now, key))
            else:
                _walk(was[key], now[key], here, account, other_version)
    elif isinstance(was, list) and isinstance(now, list):
        if len(was) != len(now):
            account.differs(f"length of {path}", str(len(was)), str(len(now)))
        for place, (one, other) in enumerate(zip(was, now, strict=False)):
            _walk(one, other, f"{path}[{place}]", account, other_version)
    elif _number(was) and _number(now):
        account.numbers += 1
        account.count()
        apart = _apart(was, now)
        if apart > TOLERANCE:
            account.differs(path, shown(was), shown(now))
        else:
            account.farthest = max(account.farthest, apart)
    else:
        account.words += 1
        account.count()
        if type(was) is not type(now) or was != now:
            account.differs(path, shown(was), shown(now))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _apart(was: float, now: float) -> float:
    """How far apart two numbers are, as a share of the larger."""
    if was == now:
        return 0.0
    try:
        return abs(was - now) / max(abs(was), abs(now))
    except OverflowError:
        return 1.0


def _key(path: str, key: str) -> str:
    name = key if _PLAIN.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    if name != key:
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name


def _told(held: dict[str, Any], key: str) -> str:
    return shown(held[key]) if key in held else ABSENT


def shown(value: Any) -> str:
    """A value as JSON writes it, of a long one the beginning."""
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """One text or mark of a page: where it stands, what it is, whether a reader sees it, and the row of its table."""

    where: str
    text: str
    seen: bool = True
    row: str = ""


def pieces_compared(was: Sequence[Piece], now: Sequence[Piece]) -> Account:
    """Compare two pages piece by piece.

    Examples
    --------
    >>> page = [Piece("The answer", "Ppk"), Piece("The answer", "1.33")]
    >>> pieces_compared(page, [page[0], Piece("The answer", "1.21")]).differences
    [Difference(part='The answer', path="The answer, after 'Ppk'", was='1.33', now='1.21')]
    """
    account = Account(words=len(now))
    for piece in now:
        account.part = piece.where.partition("!")[0]
        account.count()
    first, last = 0, 0
    most = min(len(was), len(now))
    while first < most and was[first].text == now[first].text:
        first += 1
    while last < most - first and was[-1 - last].text == now[-1 - last].text:
        last += 1
    old, new = was[first : len(was) - last], now[first : len(now) - last]
    for a, b in _paired(old, new):
        one = old[a].text if a < len(old) else ABSENT
        other = new[b].text if b < len(new) else ABSENT
        page, place = (was, first + a) if a < len(old) else (now, first + b)
        account.part = page[place].where.partition("!")[0]
        account.differs(_place(page, place), shown(one), shown(other))
    return account


def _paired(old: Sequence[Piece], new: Sequence[Piece]) -> list[tuple[int, int]]:
    """Places of the pieces that differ; one past the end where a piece has no counterpart."""
    none = (len(old), len(new))
    if max(len(old), len(new)) > _FEW:
        both = zip_longest(range(len(old)), range(len(new)))
        told = [(none[0] if a is None else a, none[1] if b is None else b) for a, b in both]
        return [(a, b) for a, b in told if none[0] == a or none[1] == b or old[a].text != new[b].text]
    found = []
    matcher = SequenceMatcher(None, [p.text for p in old], [p.text for p in new], autojunk=False)
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        if kind != "equal":
            for a, b in zip_longest(range(a0, a1), range(b0, b1)):
                found.append((none[0] if a is None else a, none[1] if b is None else b))
    return found


def _place(page: Sequence[Piece], place: int) -> str:
    """Where a difference stands: its section, and the last words before it; of a workbook, its cell."""
    where = page[place].where
    if page[place].row and page[place].row != page[place].text:
        return f"{where}, row {page[place].row[:60]!r}"
    before = next((p.text for p in reversed(page[max(place - 40, 0) : place]) if p.seen), "")
    return f"{where}, after {before[:60]!r}" if before and "!" not in where else where
