"""Pages in pieces: every text and every mark of HTML, every line of Markdown, in the order in which they stand."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from ..errors import DataError
from .differences import Piece

_HIDDEN = frozenset({"style", "script", "title"})
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>|#&~])")


def text_of(data: bytes, name: str) -> str:
    """A page as text, with one kind of line ends.

    Raises
    ------
    DataError
        Not UTF-8.
    """
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise DataError(f"{name} is not text in UTF-8, as reports are.") from None


def html_pieces(data: bytes, name: str) -> list[Piece]:
    """Texts, tags with their attributes, comments, declarations: what a reader sees, and what a browser does with it.

    Examples
    --------
    >>> [p.text for p in html_pieces(b"<p class='lead'>Ppk <b>1.33</b></p>", "x.html") if p.seen]
    ['Ppk', '1.33']
    """
    reader = _Reader()
    reader.feed(text_of(data, name))
    reader.close()
    return reader.pieces


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.section, self.within, self.row = "the head of the page", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.section = next((value for key, value in attrs if key == "aria-label" and value), "a section")
        if tag == "footer":
            self.section = "the foot of the page"
        self.within = tag
        if tag in ("tr", "section"):
            self.row = ""
        told = " ".join([tag, *(key if value is None else f'{key}="{value}"' for key, value in attrs)])
        self._add(f"<{told}>", seen=False)

    def handle_endtag(self, tag: str) -> None:
        self.within = ""
        self._add(f"</{tag}>", seen=False)

    def handle_data(self, data: str) -> None:
        if text := data.strip():
            if self.within == "th":
                self.row = text
            self._add(text, seen=self.within not in _HIDDEN)

    def handle_comment(self, data: str) -> None:
        self._add(f"<!--{data}-->", seen=False)

    def handle_decl(self, decl: str) -> None:
        self._add(f"<!{decl}>", seen=False)

    def handle_pi(self, data: str) -> None:
        self._add(f"<?{data}>", seen=False)

    def unknown_decl(self, data: str) -> None:
        self._add(f"<![{data}]>", seen=False)

    def _add(self, text: str, seen: bool) -> None:
        self.pieces.append(Piece(self.section, text, seen, self.row))


def markdown_pieces(data: bytes, name: str) -> list[Piece]:
    """The lines of a page in Markdown; a named fact is two pieces, its name and its value.

    Examples
    --------
    >>> [p.text for p in markdown_pieces(b"# Review\\n\\n- Data hash: 1bb9\\n", "x.md")]
    ['# Review', 'Data hash', '1bb9']
    """
    section, fence = "the head of the page", ""
    code: list[str] = []
    found: list[Piece] = []
    for line in text_of(data, name).split("\n"):
        if len(line) > 2 and set(line) == {"`"} and fence in ("", line):
            if fence:
                found.append(Piece(section, "\n".join(code)))
            fence, code = ("", []) if fence else (line, [])
            continue
        if fence:
            code.append(line)
            continue
        if line.startswith("## "):
            section = line[3:]
        if not line:
            continue
        fact = re.fullmatch(r"- ([^:*|]{1,60}): (.+)", line)
        told = [fact[1], fact[2]] if fact else [line]
        found += [Piece(section, _ESCAPED.sub(r"\1", text) if fact else text) for text in told]
    return found + [Piece(section, line) for line in code]
