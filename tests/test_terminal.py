"""What a person sees at a terminal: the verdict in colour and words, a chart, tables; and what a pipe gets instead."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.cells import cell_len

import sigmatool as st
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
from sigmatool.render.figure import Bars, Figure, Interval, Line, Panel, Points, Rule, Span
from sigmatool.render.terminal import terminal
from sigmatool.render.terminal_chart import chart
from sigmatool.render.text import text
from sigmatool.result import Result
from sigmatool.sources import read_table

REVIEW = ("review", "datasets/semmelweis.csv", "-y", "deaths", "-n", "births", "-x", "month", "--rollout",
          "1847-06=Handwashing", "--better", "lower")  # fmt: skip
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
BRAILLE = re.compile("[\u2801-\u28ff]{2,}")


def _environment(changes: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR", "COLORTERM")}
    return {**kept, "TERM": "xterm-256color", "PYTHONUTF8": "1", **changes}


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from sigmatool.cli import main; main()", *words]


def at_terminal(root: Path, columns: int, *words: str, **environment: str) -> str:
    """What the command writes to a real pseudo-terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        command(*words), cwd=root, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE,
        env=_environment(environment),
    )  # fmt: skip
    os.close(theirs)
    read = bytearray()
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # Linux tells the end of a terminal so
            break
        if not chunk:
            break
        read += chunk
    os.close(ours)
    errors = process.communicate()[1]
    assert process.returncode == 0, errors.decode()
    return read.decode().replace("\r\n", "\n")


def piped(root: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(command(*words), cwd=root, capture_output=True, env=_environment(environment), check=True)
    return done.stdout.decode()


def plain_of(result: Result, width: int) -> str:
    return text(result.document(), width=width)


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_shows_the_verdict_a_chart_and_no_line_too_wide(root: Path, columns: int) -> None:
    shown = at_terminal(root, columns, *REVIEW)
    assert "\x1b[" in shown
    plain = ESCAPE.sub("", shown)
    assert "\x1b" not in plain
    lines = plain.splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert "✓ IMPROVED_STABLE" in plain
    assert lines.index(next(line for line in lines if "IMPROVED_STABLE" in line)) < 5
    chart_rows = [line for line in lines[:45] if BRAILLE.search(line)]
    assert 5 <= len(chart_rows) <= 10
    for told in ("Next:", "−7.78 points", "Better?", "before: 10.5 %", "UCL ≈ 6.75 %", "Handwashing, 1847-06",
                 "signal, with its lowest rule number (12)", "centre line", "control limits"):  # fmt: skip
        assert told in plain, told


def test_a_pipe_and_no_color_get_the_plain_text(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    births = read_table("datasets/semmelweis.csv")
    result = st.review(births, value="deaths", size="births", time="month", rollout="1847-06=Handwashing",
                       better="lower")  # fmt: skip
    first = piped(root, *REVIEW, COLUMNS="100")
    assert "\x1b" not in first
    told = plain_of(result, 100).split("This page again")[0].split("Method and record")[0]
    assert first.startswith(told)
    assert at_terminal(root, 100, *REVIEW, NO_COLOR="1") == first
    assert at_terminal(root, 100, *REVIEW, TERM="dumb") == first
    assert "\x1b[" in at_terminal(root, 100, *REVIEW, NO_COLOR="")


def test_numbers_and_dates_are_those_of_the_place(root: Path) -> None:
    for shown in (at_terminal(root, 120, *REVIEW, "--locale", "de"), piped(root, *REVIEW, "--locale", "de")):
        plain = ESCAPE.sub("", shown)
        assert "−7,78 points" in plain
        assert "−7.78" not in plain


def test_rich_is_read_only_for_a_terminal(root: Path, tmp_path: Path) -> None:
    look = "import sys, runpy; from sigmatool.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    look += "print('rich' in sys.modules, file=sys.stderr)"
    for words in (["--help"], ["chart", "datasets/nile.csv", "-y", "flow", "-o", str(tmp_path / "x.html")]):
        done = subprocess.run([sys.executable, "-c", look, *words], cwd=root, capture_output=True, text=True,
                              env=_environment({}), check=False)  # fmt: skip
        assert done.stderr.strip().endswith("False"), done.stderr


HOSTILE = (
    "[red]x[/red]",
    "\x1b[31mred\x1b[0m",
    "[link=https://example.org]y[/link]",
    ":smile:",
    "\x07\x9b31m",
    "a\u202eb",
)


def hostile() -> Document:
    every = " ".join(HOSTILE)
    line = Line(np.arange(1.0, 9.0), np.array([1.0, 2, 3, 2, 1, 2, 9, 1]), "data")
    marks = (line, Rule(4.5, "x", "rollout", every), Points(np.array([7.0]), np.array([9.0]), "signal", label=every))
    blocks = (
        Answer(every, every, every, "bad", HOSTILE),
        KeyFigures((KeyFigure(every, every, every),)),
        Chips(tuple(Chip(word, every, word, "open") for word in HOSTILE)),
        FigureBlock(Figure((Panel(marks, every),), every, every, "order", every), every),
        Paragraph(every), Bullets(HOSTILE), Facts(((every, every),)), Code(every, every),
        Table(HOSTILE, (HOSTILE, HOSTILE), every), Table(("a",), ((every,),), every, folded=True),
    )  # fmt: skip
    return Document(every, (Section(every, blocks), Section(every, (Paragraph(every),))), every, every)


@pytest.mark.parametrize("width", [24, 40, 80, 120])
def test_hostile_words_are_only_text(width: int) -> None:
    shown = terminal(hostile(), width, colours="256")
    plain = ESCAPE.sub("", shown)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", plain)
    assert "\x1b]8" not in shown  # no hyperlinks
    bare = terminal(hostile(), width, colours=None)
    assert "\x1b" not in bare
    assert max(map(cell_len, plain.splitlines())) <= width
    told = re.sub(r"\s+", "", plain)
    assert "[red]x[/red]" in told
    assert ":smile:" in told
    if width >= 80:
        assert "[link=https://example.org]y[/link]" in told


def test_hostile_cells_through_the_command(root: Path, tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    rows = "\n".join(f"{i},{10 + i % 3}" for i in range(1, 25))
    data.write_text(f"t,[red]x[/red]\x1b[41m日本\n{rows}\n", encoding="utf-8")
    plain = ESCAPE.sub("", at_terminal(root, 80, "chart", str(data), "-y", "[red]x[/red]\x1b[41m日本", "-x", "t"))
    assert "\x1b" not in plain
    assert "[red]x[/red]" in plain
    assert max(map(cell_len, plain.splitlines())) <= 80


def wide_table(rows: int, folded: bool = False) -> Table:
    long = "a sentence of some length that tells what to do about it and why that would help"
    return Table(("check", "result", "consequence", "action"), (("Enough points", long, long, long),) * rows,
                 "Card", folded=folded)  # fmt: skip


def shown(*blocks: object, width: int = 80) -> str:
    return terminal(Document("T", (Section("S", blocks),)), width, colours=None)  # type: ignore[arg-type]


def test_tables_stand_beside_each_other_turn_or_stack() -> None:
    numbers = Table(("n", "value"), (("a", 1.25), ("b", 100.5), ("c", 7)))
    lines = [line.rstrip() for line in shown(numbers).splitlines()]
    at = {line.index(".") for line in lines if re.match("[ab] ", line)}
    assert len(at) == 1  # numbers under each other at the decimal point
    few = Table(
        ("stage", *(f"a rather long name {i}" for i in range(9))), (("before", *range(9)), ("after", *range(9)))
    )
    turned = shown(few)
    assert re.search(r"stage +before +after", turned)
    assert re.search(r"a rather long name 8 +8 +8", turned)
    assert "consequence  a sentence" in re.sub(r" {2,}", "  ", shown(wide_table(3), width=60))
    assert re.search("check +result +consequence +action", shown(wide_table(3), width=120))


def test_folded_tables_are_left_out_with_the_way_to_them() -> None:
    words = shown(Paragraph("x"), wide_table(200, folded=True))
    assert "Enough points" not in words
    assert "1 table of data (200 rows) left out here: -o report.html shows it." in words
    assert "and 180 more rows" in shown(wide_table(200))


def drawn(*marks: object, width: int = 60, categories: tuple[str, ...] = ()) -> str:
    panel = Panel(marks, "y", categories=categories)  # type: ignore[arg-type]
    return "\n".join("".join(t for t, _ in line) for line in chart(Figure((panel,), "x", "in words"), width))


def test_a_chart_shows_where_things_are() -> None:
    x = np.arange(1.0, 21.0)
    y = np.where(x < 11, 10.0, 2.0)
    limit = Line(x, np.full(20, 12.0), "limit", "UCL 12")
    signal = Points(np.array([20.0]), np.array([12.0]), "signal", tags=("1",), label="signal")
    lines = drawn(Line(x, y, "data"), limit, signal, Rule(10.5, "x", "rollout", "live"), Span(1.0, 2.0, "washout", "w"))
    rows = [line for line in lines.splitlines() if "│" in line or "┤" in line][:8]
    assert "1 UCL 12" in rows[0]  # the signal stands on its limit, at the right edge
    assert BRAILLE.search(rows[1])
    assert rows[7].rstrip()[-1] not in "│┤"  # the lower level ends at the right
    strokes = {row.index("│", 6) for row in rows if "│" in row[6:]}
    assert len(strokes) == 1
    assert "│ live" in lines
    assert "░ w" in lines


def test_the_highest_of_many_thin_bars_is_seen() -> None:
    x = np.arange(500.0)
    bars = Bars(x, np.where(x == 347, 0.9, 0.01), 1.0, "count", "share")
    assert drawn(bars).count("█") >= 8
    assert drawn(bars).count("▁") > 30


def test_a_forest_has_a_row_for_each_name() -> None:
    marks = [Interval(float(i), i - 1.0, i + 1.0, float(i), "data", f"at {i}") for i in range(3)]
    lines = drawn(*marks, categories=("lowest", "middle", "top")).splitlines()
    rows = [line for line in lines if "●" in line][:3]
    assert [row.split()[0] for row in rows] == ["top", "middle", "lowest"]
    assert rows[0].index("●") > rows[1].index("●") > rows[2].index("●")


@pytest.mark.parametrize("y", [[np.nan] * 4, [5.0] * 4, [1e300, -1e300, 0, 1], [1e-9, 2e-9, 3e-9, np.nan]])
def test_odd_values_are_drawn_or_told(y: list[float]) -> None:
    told = drawn(Line(np.arange(4.0), np.array(y), "data"))
    assert max(map(len, told.splitlines())) <= 60
    assert ("in words" in told) == bool(np.isnan(y).all())
    assert "in words" in drawn(Line(np.arange(4.0), np.array(y), "data"), width=20)


def test_a_hundred_thousand_points_are_drawn_at_once() -> None:
    x = np.arange(1e5)
    y = np.random.default_rng(1).normal(size=100_000)
    start = time.perf_counter()
    assert BRAILLE.search(drawn(Line(x, y, "data"), Points(x, y, "data")))
    assert time.perf_counter() - start < 2


RESULTS = {
    "chart": lambda: st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41),
    "ewma": lambda: st.control_chart(st.datasets.load("nile"), "ewma", value="flow"),
    "capability": lambda: st.capability(
        st.datasets.load("filling"), value="fill_ml", subgroup="sample", lsl=495, usl=505
    ),
    "compare": lambda: st.compare(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41),
    "inspect": lambda: st.inspect(st.datasets.load("filling"), value="fill_ml"),
    "gage": lambda: st.gage_rr(st.datasets.load("gage"), value="y", part="part", operator="operator"),
    "tolerance": lambda: st.tolerance_interval(np.random.default_rng(2).normal(size=40)),
}


@cache
def report(name: str) -> Document:
    return RESULTS[name]().document()


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("name", RESULTS)
def test_every_kind_of_report_keeps_to_the_width(name: str, width: int) -> None:
    document = report(name)
    assert max(map(cell_len, terminal(document, width, colours=None).splitlines())) <= width


def test_wide_letters_keep_the_axis_straight() -> None:
    rng = np.random.default_rng(5)
    days = [str(d.date()) for d in pd.date_range("2024-01-01", periods=24)]
    live = {"日本語の部署": days[10], "東京": days[14], "Berlin": None}
    sites = pd.concat([pd.DataFrame({"t": days, "v": 10 + rng.standard_normal(24), "s": name}) for name in live])
    waves = st.review_waves(sites.assign(live=sites["s"].map(live)), site="s", rollout="live", better="lower",
                            value="v", time="t")  # fmt: skip
    shown = terminal(waves.document(), 80, colours=None).splitlines()
    assert max(map(cell_len, shown)) <= 80
    named = [line for line in shown if any(line.lstrip().startswith(f"{name} ┤") for name in live)]
    assert len(named) == 2
    assert len({cell_len(line.split("┤")[0]) for line in named}) == 1
