"""The PDF as a record: read back by a library, page by page and tag by tag."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

import sigmatool as st
from sigmatool.render.document import Document, Facts, FigureBlock, Paragraph, Section, Table
from sigmatool.render.pdf import pdf

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=cmd|' /C calc'!A0", "#import \"x.typ\": *",
    "$x$ #panic() ] } \\ `raw` @ref <label> *b* _i_ // /* ~", "\u202ertl\u202c \u200f\u05e9\u05dc", "x" * 10_000,
    "emoji 😀 👩‍👩‍👧", "漢字 ก ए", "\ue000\ufffe\ud800\x00\x07", "#{while true {}}",
)  # fmt: skip


@pytest.fixture(scope="module")
def review() -> Any:
    births = st.datasets.load("semmelweis")
    return st.review(births, value="deaths", size="births", time="month", rollout="1847-06=Handwashing", better="lower")


@pytest.fixture(scope="module")
def reader(review: Any) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(review.document())))


def resolved(thing: Any) -> Any:
    return thing.get_object() if isinstance(thing, IndirectObject) else thing


def tags(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every element of the structure tree, in the order it is read."""
    waiting = [resolved(reader.trailer["/Root"])["/StructTreeRoot"]]
    while waiting:
        node = resolved(waiting.pop())
        if isinstance(node, ArrayObject):
            waiting += reversed(node)
        elif isinstance(node, DictionaryObject):
            if "/S" in node and node.get("/Type") != "/MCR":
                yield node
            if "/K" in node:
                waiting.append(node["/K"])


def test_it_says_what_it_is(reader: PdfReader, review: Any) -> None:
    root = resolved(reader.trailer["/Root"])
    assert reader.metadata is not None
    assert reader.metadata.title == review.title
    assert root["/Lang"] == "en"
    assert resolved(root["/MarkInfo"])["/Marked"]
    assert resolved(root["/ViewerPreferences"])["/DisplayDocTitle"]
    assert resolved(resolved(root["/OutputIntents"])[0])["/S"] == "/GTS_PDFA1"
    about = resolved(root["/Metadata"]).get_data().decode()
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in about


def test_every_section_is_a_bookmark(reader: PdfReader, review: Any) -> None:
    named = [entry.title for entry in reader.outline]  # type: ignore[union-attr]
    assert named[: len(review.document().sections)] == [s.title for s in review.document().sections]


def test_every_page_has_its_number_and_the_hash_of_the_data(reader: PdfReader, review: Any) -> None:
    pages = len(reader.pages)
    assert 3 <= pages <= 14
    for number, page in enumerate(reader.pages, 1):
        told = page.extract_text()
        assert f"page {number} of {pages}" in told
        assert review.provenance.data_sha256[:12] in told


def test_every_font_is_embedded_and_can_be_read_aloud(reader: PdfReader) -> None:
    seen = 0
    for page in reader.pages:
        for font in resolved(resolved(page["/Resources"])["/Font"]).values():
            held = resolved(font)
            assert "/ToUnicode" in held
            descriptor = resolved(resolved(held["/DescendantFonts"])[0])["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(resolved(descriptor))
            seen += 1
    assert seen > 4


def test_the_structure_can_be_listened_to(reader: PdfReader, review: Any) -> None:
    elements = list(tags(reader))
    kinds = [e["/S"] for e in elements]
    assert kinds.count("/H1") >= len(review.document().sections)
    assert {"/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/Figure", "/Caption", "/P"} <= set(kinds)
    figures = [e for e in elements if e["/S"] == "/Figure"]
    drawn = [b for s in review.document().sections for b in s.blocks if isinstance(b, FigureBlock)]
    assert len(figures) >= len(drawn)
    assert all(str(e.get("/Alt", "")).strip() for e in figures)
    assert "laney-p chart" in str(figures[0]["/Alt"])


def test_nothing_in_it_acts(reader: PdfReader) -> None:
    root = resolved(reader.trailer["/Root"])
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert "/JavaScript" not in resolved(root.get("/Names", DictionaryObject()))
    assert all("/Annots" not in page for page in reader.pages)


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_papers(review: Any, paper: Any, size: tuple[int, int]) -> None:
    for page in PdfReader(io.BytesIO(pdf(review.document(), paper=paper))).pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_the_same_document_gives_the_same_bytes(review: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    once = pdf(review.document())
    assert once == pdf(review.document())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    dated = PdfReader(io.BytesIO(pdf(review.document())))
    assert dated.metadata is not None
    assert str(dated.metadata.creation_date).startswith("2023-11-14")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_strangers_is_text(text: str) -> None:
    table = Table((text, "n"), ((text, 1.5), ("b", None)), text)
    document = Document(text, (Section(text, (Paragraph(text), table, Facts(((text, text),)))),), text, text)
    read = PdfReader(io.BytesIO(pdf(document)))
    told = read.pages[0].extract_text().replace("\n", "").replace("\u200b", "").replace(" ", "")
    plain = text[:60].replace(" ", "")
    if plain.isascii() and plain.isprintable():
        assert plain[:24] in told
    assert len(read.pages) < 20


def test_a_hostile_name_through_a_whole_review() -> None:
    name = '#panic("owned") $x$ =1+1 <b>'
    data = pd.DataFrame({name: [50 + (i * 7) % 11 - 9 * (i > 20) for i in range(44)]})
    result = st.review(data, value=name, rollout=22, better="lower", title=name)
    assert "panic" in PdfReader(io.BytesIO(pdf(result.document()))).pages[0].extract_text()


def test_a_long_table_says_what_it_leaves_out() -> None:
    table = Table(("point", "value"), tuple((i, i / 7) for i in range(1000)), "Every point", folded=True)
    document = Document("Long", (Section("A", (Paragraph("see below"), table)),))
    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(document))).pages)
    assert "and 850 more rows: the JSON and the workbook of this result hold them all." in told


def test_a_wide_table_stays_on_the_page() -> None:
    columns = tuple(f"measurement number {i}" for i in range(24))
    document = Document("Wide", (Section("A", (Table(columns, (tuple(float(i) for i in range(24)),), "Wide"),)),))
    read = PdfReader(io.BytesIO(pdf(document)))
    width, found = float(read.pages[0].mediabox.width), []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            found.append(tm[4] * cm[0] + cm[4])

    read.pages[0].extract_text(visitor_text=visit)
    assert found
    assert max(found) < width


def test_a_hundred_thousand_points_stay_small() -> None:
    chart = st.control_chart(np.random.default_rng(1).normal(size=100_000))
    assert len(pdf(chart.document())) < 1_000_000


def test_the_command_writes_it(tmp_path: Any) -> None:
    out = tmp_path / "nile.pdf"
    call = [sys.executable, "-c", "from sigmatool.cli import main; main()", "chart", "datasets/nile.csv", "-y", "flow"]
    env = {**os.environ, "PYTHONWARNINGS": "error"}
    subprocess.run([*call, "-x", "year", "--paper", "letter", "-o", str(out), "--quiet"], check=True, env=env)
    assert round(PdfReader(out).pages[0].mediabox.width) == 612
