"""Drawing and writing: what a figure or document must survive, whatever its data."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sigmatool
from sigmatool.render.document import (
    Answer,
    Bullets,
    Chip,
    Chips,
    Code,
    Document,
    Facts,
    FigureBlock,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from sigmatool.render.figure import Bars, Figure, Interval, Label, Line, Panel, Points, Rule, Span
from sigmatool.render.html import html
from sigmatool.render.markdown import markdown
from sigmatool.render.mpl import image
from sigmatool.render.palette import sheet
from sigmatool.render.svg import svg
from sigmatool.render.text import text
from sigmatool.render.ticks import date_ticks, tick_text, ticks
from sigmatool.render.writers import WriteError, write_whole

HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=cmd|' /C calc'!A0", "#import", "$x$", "\u202eabc",
    "x" * 10_000, "😀", "\x1b[31mred", "a\x00b", "\ud800", "</svg>", "]]>", "HATCHERY",
]  # fmt: skip


def whole(word: str) -> Document:
    """A document that holds every block, with a word everywhere."""
    x = np.arange(5.0)
    marks = (
        Span(1.0, 2.0, "washout", word),
        Line(x, x, "data", word),
        Line(x, x + 1, "limit", word, step=True),
        Points(x, x, "signal", (word,) * 5, (word,) * 5, word),
        Rule(2.0, "x", "rollout", word),
        Label(2.0, 1.0, word, "stage"),
    )
    figure = Figure((Panel(marks, word),), word, word)
    forest = Figure((Panel((Interval(1.0, 0.5, 2.0, 0.0, "data", word),), "", categories=(word,)),), word, word)
    blocks = (
        Answer(word, word, word, "good", (word,)),
        KeyFigures((KeyFigure(word, word, word),)),
        Chips((Chip(word, word, word, "open"),)),
        Paragraph(word, "lead"),
        Bullets((word,)),
        Table((word, word), ((word, 1.5), (word, None)), word, tones=("good", "bad")),
        FigureBlock(figure, word, Table((word,), ((word,),), word, folded=True)),
        FigureBlock(forest, word),
        Facts(((word, word),)),
        Code(word, word),
    )
    return Document(word, (Section(word, blocks, "s"), Section(word, blocks, "t")), word, word)


@pytest.mark.parametrize("word", HOSTILE)
def test_strange_words_are_harmless_in_every_format(word: str) -> None:
    page = html(whole(word))
    page.encode()
    ours = f"<script>{sheet('report.js')}</script>"
    assert page.count("<script") == page.count(ours) == 1
    assert "<img" not in page
    for drawing in re.findall(r"<svg.*?</svg>", page, re.S):
        ElementTree.fromstring(drawing)
    for plain in (text(whole(word), width=80), markdown(whole(word))):
        plain.encode()
        assert "\x1b" not in plain
        assert "\x00" not in plain


def test_words_are_shown_as_they_are() -> None:
    assert "HATCHERY" in svg(whole("HATCHERY").sections[0].blocks[6].figure)  # type: ignore[union-attr]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e9), st.integers(2, 12))
@settings(max_examples=100, deadline=None)
def test_ticks_are_round_and_inside(low: float, span: float, most: int) -> None:
    high = low + span
    found = ticks(low, high, most)
    assert len(found) <= 2.6 * most + 2
    assert all(low - 1e-6 * span <= v <= high + 1e-6 * span for v in found)
    assert len(set(tick_text(found, False))) == len(found)


@given(st.floats(-100_000, 100_000), st.floats(0.01, 300_000), st.integers(3, 12))
@settings(max_examples=100, deadline=None)
def test_date_ticks_are_few_and_inside(low: float, span: float, most: int) -> None:
    found = date_ticks(low, low + span, most)
    assert len(found) <= 2 * most + 2
    assert all(low <= tick.at <= low + span for tick in found)


def numbers_in(path: str) -> np.ndarray:
    return np.array([float(v) for v in re.findall(r"-?\d+\.\d", path)])


def test_thinning_keeps_extremes_beside_gaps() -> None:
    y = np.random.default_rng(1).normal(0, 1, 20_000)
    y[777], y[778] = -90.0, np.nan
    figure = Figure((Panel((Line(np.arange(20_000.0), y, "data"),), "y"),), "x", "a")
    path = re.search(r'role-data" d="([^"]+)"', svg(figure))
    assert path is not None
    spike = numbers_in(path[1])[1::2].max()
    middle = np.median(numbers_in(path[1])[1::2])
    assert spike > middle + 100
    assert len(path[1]) < 120_000


def test_many_points_stay_small_and_keep_every_signal() -> None:
    x = np.arange(100_000.0)
    y = np.random.default_rng(2).normal(0, 1, x.size)
    at = np.arange(0, 100_000, 1000)
    marks = (
        Line(x, y, "data"),
        Line(x, 3 + 0.1 * np.sin(x), "limit", step=True),
        Points(x, y, "data", label="y"),
        Points(x[at], y[at], "signal", tuple("t" for _ in at), tuple("1" for _ in at)),
    )
    drawn = svg(Figure((Panel(marks, "y"),), "x", "a"))
    assert len(drawn) < 1_000_000
    assert drawn.count("<title>t</title>") == at.size


@pytest.mark.parametrize(
    "marks",
    [
        (),
        (Points(np.array([]), np.array([]), "data"),),
        (Span(0.0, 1.0, "washout"),),
        (Line(np.arange(3.0), np.full(3, np.nan), "center", "label"),),
        (Interval(1.0, float("nan"), 2.0, 0.0, "data"),),
        (Points(np.arange(3.0), np.array([1.0, np.nan, 2.0]), "data"),),
        (Bars(np.arange(3.0), np.zeros(3), 1.0, "data"),),
    ],
)
def test_sparse_figures_are_drawn(marks: tuple[object, ...]) -> None:
    drawn = svg(Figure((Panel(marks, "y"),), "x", "a"))  # type: ignore[arg-type]
    ElementTree.fromstring(drawn)
    assert "nan" not in drawn


def test_pictures_are_the_same_bytes() -> None:
    figure = sigmatool.control_chart([1.0, 2, 3, 2, 9]).figure()
    for form in ("png", "svg"):
        assert image(figure, form) == image(figure, form)


def test_a_page_of_many_points_is_small() -> None:
    y = np.random.default_rng(3).normal(0, 1, 30_000)
    page = html(sigmatool.control_chart(y, rules="1").document())
    assert len(page) < 1_500_000
    assert "JSON holds all" in page


def test_links_and_permissions_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_bytes(b"old")
    real.chmod(0o600)
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o600
    long = tmp_path / ("n" * 245 + ".html")
    assert write_whole(long, b"x").read_bytes() == b"x"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    with pytest.raises(WriteError, match="plain is a file, not a folder"):
        write_whole(tmp_path / "plain" / "x.html", b"x")
    with pytest.raises(WriteError, match="cannot write"):
        write_whole(tmp_path / "a\x00b.html", b"x")


def test_two_writers_leave_one_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "t.bin"
    bodies = [bytes([65 + i]) * 200_000 for i in range(4)]

    def write(body: bytes) -> None:
        for _ in range(15):
            write_whole(target, body)

    threads = [threading.Thread(target=write, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() in bodies
    assert os.listdir(tmp_path) == ["t.bin"]


def test_the_card_of_a_notebook_runs_nothing() -> None:
    card = sigmatool.control_chart([1.0, 2, 3, 2, 9])._repr_html_()
    assert "<script" not in card
    assert "background: var(--paper)" in card
    assert "<svg" in card


def wordy() -> Document:
    rows = (("Ppk", "1.16", "0.96 to 1.35", "the smaller of both sides; normal interval (Bissell 1990)"),) * 2
    long = "the interval is fair; more values would narrow it, and a sentence may well be longer than a line"
    blocks = (
        KeyFigures((KeyFigure("320 per million", "expected outside", "95 % interval 31 to 2,300"),
                    KeyFigure("worse", "the way it went; lower is better, as the settings of this study have it"))),
        Chips((Chip("Are there enough values?", "Ppk ± 17 %", long, "neutral"),)),
        Table(("index", "value", "95 % interval", "formula"), rows),
        Facts((("Data hash", "9ce5628f"), ("Settings", "; ".join(f"setting_{i} = {i}" for i in range(20))))),
    )  # fmt: skip
    return Document("Study", (Section("First", blocks, "first"),))


def test_text_keeps_to_the_width_of_the_terminal() -> None:
    lines = text(wordy(), width=80).splitlines()
    assert max(map(len, lines)) <= 80
    first = next(line for line in lines if "enough values?" in line)
    more = lines[lines.index(first) + 1]
    assert more.index(more.split()[0]) == first.index("Ppk ±")


def test_intervals_stay_on_one_line_and_stacked_cells_keep_the_name_of_their_column() -> None:
    page = html(wordy())
    assert '<td class="range" data-name="95\u00a0% interval">0.96 to 1.35</td>' in page
    assert '<td class="number" data-name="value">1.16</td>' in page


def test_a_key_figure_without_detail_has_no_empty_brackets() -> None:
    assert "()" not in markdown(wordy())
    assert "()" not in text(wordy())
