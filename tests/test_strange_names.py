"""Names and cells from strangers, through every verb into every format: they are words, and nothing else."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from markdown_it import MarkdownIt
from PIL import Image
from pypdf import PdfReader

import sigmatool as st
from conftest import without_ours
from sigmatool.render.terminal import terminal
from sigmatool.render.text import text
from sigmatool.render.writers import WRITERS
from test_render import HOSTILE

MARKDOWN = {
    "h1", "h2", "p", "ul", "ol", "li", "strong", "em", "pre", "code", "hr", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class Tags(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, [name for name, _ in attrs]))


def is_words_only(suffix: str, data: bytes) -> None:
    """Whatever a reader of the format would run, open or fetch, is not there."""
    if suffix == ".html":
        tags = Tags()
        tags.feed(without_ours(data.decode()))
        assert not {"script", "img", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in tags.seen}
        assert not [name for _, names in tags.seen for name in names if name.startswith("on")]
    elif suffix == ".svg":
        names = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(data).iter()]
        assert not {"script", "image", "foreignObject", "a"} & set(names)
    elif suffix == ".png":
        Image.open(io.BytesIO(data)).verify()
    elif suffix == ".json":
        json.loads(data)
    elif suffix == ".md":
        tags = Tags()
        tags.feed(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(data.decode()))
        assert {tag for tag, _ in tags.seen} <= MARKDOWN
    elif suffix == ".pdf":
        reader = PdfReader(io.BytesIO(data))
        assert reader.pages[0].extract_text()
        assert not any(key in data for key in (b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile"))
    elif suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            links = [book.read(name) for name in book.namelist() if name.endswith(".rels")]
        assert sheets
        assert not any(tag in sheet for tag in (b"<f>", b"<f ", b"<hyperlink") for sheet in sheets)
        assert not any(b"TargetMode" in link for link in links)
    else:
        raise AssertionError(f"no check for {suffix}")


def results(word: str) -> list[Any]:
    rng = np.random.default_rng(4)
    n = 60
    data = pd.DataFrame(
        {
            word: np.round(rng.normal(10, 1, n), 2),
            f"{word} group": np.repeat([f"{word} a", f"{word} b"], n // 2),
            f"{word} place": [f"{word} {i}" for i in range(n)],
        }
    )
    return [
        st.control_chart(data, value=word, time=f"{word} place", title=word),
        st.review(data, value=word, rollout=f"31={word[:40]}", better="lower", title=word, guards=[]),
        st.capability(data, value=word, lsl=5, usl=15, title=word),
        st.compare(data, value=word, group=f"{word} group", title=word),
    ]


@pytest.mark.parametrize("word", [w for w in HOSTILE if w.isprintable() or "\u202e" in w], ids=lambda w: w[:12])
def test_names_and_cells_are_words_in_every_format(word: str, tmp_path: Path) -> None:
    for result in results(word):
        for suffix in WRITERS:
            is_words_only(suffix, result.save(tmp_path / f"x{suffix}").read_bytes())
        for told in (text(result.document(), width=80), terminal(result.document(), 80, colours=None)):
            assert "\x1b" not in told
            assert "\u202e" not in told


WRITE = """
import sys
import zipfile
from pathlib import Path
from sigmatool.render.writers import write_whole
for _ in range(200):
    write_whole(Path(sys.argv[1]), sys.argv[2].encode() * 400_000)
"""


def test_of_two_writers_at_once_one_whole_file_remains(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, str(path), letter]) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            data = path.read_bytes()
            assert len(data) == 400_000
            assert len(set(data)) == 1
            seen.add(data[0])
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen == set(b"ab")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
