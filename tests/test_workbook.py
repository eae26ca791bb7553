"""Workbooks as other programs read them: numbers are numbers, dates are dates, words are words, charts are native."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import sigmatool as st
from sigmatool.render.document import Document, Paragraph, Section, Table
from sigmatool.render.numeral import Numeral
from sigmatool.render.xlsx import Names, workbook
from sigmatool.render.xlsx_cells import held, number_format
from sigmatool.render.xlsx_data import frames
from test_render import HOSTILE, whole

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module")
def review() -> Any:
    return st.review(
        st.datasets.load("contact_centre"), value="aht_s", time="day", rollout="2026-09-01", washout=7,
        better="lower", guards=["quality:higher:1"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def saved(review: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(review.save(tmp_path_factory.mktemp("book") / "review.xlsx"))


def parts(data: bytes, like: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.search(like, name)}


def texts(path: Path) -> Iterator[Any]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        yield from (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_each_section_is_a_sheet_and_the_points_stand_in_full(review: Any, saved: Path) -> None:
    book = openpyxl.load_workbook(saved)
    titles = [re.sub(r"\?", "", section.title) for section in review.document().sections]
    assert book.sheetnames[: len(titles)] == titles
    assert book.sheetnames[len(titles)] == "Data"
    assert book.sheetnames[-1] == "Chart data"
    sheet = book["Data"]
    frame = review.to_frame()
    head, *rows = sheet.iter_rows(values_only=True)
    assert list(head) == list(frame.columns)
    assert len(rows) == len(frame)
    for name in ("value", "center", "lower", "upper"):
        told = [row[head.index(name)] for row in rows]
        assert np.allclose([np.nan if v is None else v for v in told], frame[name], equal_nan=True, rtol=1e-14)
    assert [row[head.index("signals")] or "" for row in rows] == frame["signals"].tolist()
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert [d.date().isoformat() for d in (row[head.index("day")] for row in rows)] == frame["day"].tolist()


def test_a_second_reader_finds_the_same(review: Any, saved: Path) -> None:
    rows = CalamineWorkbook.from_path(str(saved)).get_sheet_by_name("Data").to_python()
    place = rows[0].index("value")
    assert np.allclose([row[place] for row in rows[1:] if row[place] != ""], review.to_frame()["value"].dropna())


def test_the_answer_is_on_the_first_sheet(review: Any, saved: Path) -> None:
    told = [str(c.value) for row in openpyxl.load_workbook(saved).worksheets[0].iter_rows() for c in row if c.value]
    assert any(review.verdict in text for text in told)
    assert any(review.headline in text for text in told)
    assert any(text.startswith("Next: ") for text in told)


def test_numbers_of_tables_are_numbers_as_the_page_shows_them(review: Any, saved: Path) -> None:
    sheet = openpyxl.load_workbook(saved)["Before and after"]
    rows = [[c for c in row if c.value is not None] for row in sheet.iter_rows()]
    centre = next(row for row in rows if row and row[0].value == "before")[2]
    stage = review.charts[0].stages[0]
    assert centre.value == pytest.approx(stage.center)
    assert centre.number_format == "0.0"


@pytest.mark.parametrize(
    ("value", "number", "form"),
    [
        (Numeral("9.87 %", 0.09871, share=True), 0.09871, '0.00" "%'),
        (Numeral("−7.78 points", -0.0778), -7.78, '0.00" points";"−"0.00" points"'),
        (Numeral("< 0.001", 0.00002), 0.00002, '[<0.001]"< 0.001";0.000'),
        (Numeral("1,234.5", 1234.53), 1234.53, "#,##0.0"),
        (Numeral("× 0.924", 0.92418), 0.92418, '"× "0.000'),
        (Numeral("+3.1", 3.14), 3.14, "+0.0;-0.0;0.0"),
        (Numeral("1.23e−12", 1.2345e-12), 1.2345e-12, "0.00E+00"),
        (Numeral("3 ml/°C \"x\"", 3.2), 3.2, '0" ml/°C x"'),
        (7, 7, "0"),
        ("007", "007", ""),
        (float("nan"), "–", ""),
        (None, "–", ""),
    ],
)  # fmt: skip
def test_a_cell_holds_the_number_behind_its_text(value: Any, number: Any, form: str) -> None:
    found = held(value, Table(("a",), ((value,),)), 0)
    assert found.value == (number if isinstance(number, str) else pytest.approx(number))
    assert found.format == form


def test_formats_of_numbers_hold_nothing_but_digits_and_quoted_words() -> None:
    for text in ('1 "', "2 [Red]", "3 ;;;", "4 @", "5 yyyy"):
        bare = re.sub(r'"[^"]*"', "", number_format(text))
        assert re.fullmatch(r"[0#,.%E+;\[\]<-]*", bare), text


def test_charts_are_native_and_their_series_lie_in_cells(review: Any, saved: Path) -> None:
    charts = parts(saved.read_bytes(), r"charts/chart\d+\.xml")
    assert len(charts) >= 3
    book = openpyxl.load_workbook(saved)
    first = ElementTree.fromstring(charts["xl/charts/chart1.xml"])
    names = {}
    for series in first.iter(f"{C}ser"):
        name = series.find(f"{C}tx/{C}strRef/{C}f")
        values = series.find(f"{C}yVal/{C}numRef/{C}f")
        assert name is not None
        assert values is not None
        names[cell_at(book, str(name.text))] = range_at(book, str(values.text))
    frame = review.to_frame()
    judged = frame.loc[~frame["excluded"], "value"]
    assert {"centre line", "control limits", "aht_s"} <= set(names)
    drawn = names["aht_s"] + next(v for name, v in names.items() if name.startswith("signal"))
    assert sorted(v for v in drawn if v is not None) == pytest.approx(sorted(judged))
    for limit in frame[["lower", "upper"]].stack().unique():
        assert any(v is not None and v == pytest.approx(limit) for v in names["control limits"])


def cell_at(book: Any, reference: str) -> Any:
    sheet, cell = reference.rsplit("!", 1)
    return book[sheet.strip("'")][cell.replace("$", "")].value


def range_at(book: Any, reference: str) -> list[Any]:
    sheet, cells = reference.rsplit("!", 1)
    return [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]


@pytest.mark.parametrize("word", HOSTILE, ids=lambda w: repr(w[:12]))
def test_nothing_from_data_is_live(word: str) -> None:
    cells = "lone surrogate" if word == "\ud800" else word
    frame = pd.DataFrame({cells: ["a", cells, "=1+1", "+1", "-1", "@x", "http://x.example", "Wow!A1"], "n": range(8)})
    data = workbook(whole(word), frame)
    for name, text in parts(data, r"\.xml(\.rels)?$").items():
        root = ElementTree.fromstring(text)
        tags = [element.tag.rpartition("}")[2] for element in root.iter()]
        if "worksheets/sheet" in name:
            assert "f" not in tags
            assert "hyperlink" not in tags
        for element in root.iter(f"{C}f"):
            assert re.fullmatch(r"'Chart data'!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", str(element.text))
        assert "TargetMode" not in text
    assert not parts(data, r"externalLink|vbaProject|oleObject|connections")
    book = openpyxl.load_workbook(io.BytesIO(data))
    held_ = [c for c in itertools.chain(*book["Data"].iter_rows(min_col=1, max_col=1)) if c.value is not None]
    assert [c.value for c in held_[3:]] == ["=1+1", "+1", "-1", "@x", "http://x.example", "Wow!A1"]
    assert all(c.data_type == "s" for c in held_)
    assert all(c.quotePrefix for c in held_ if str(c.value)[0] in "=+-@")


def test_names_of_sheets_are_those_that_spreadsheets_take() -> None:
    names = Names()
    wishes = ["a" * 40, "a" * 40, "A" * 40, "history", "[x]:*?/\\", "", "'quoted'", "Data", "data", "\u202e"]
    found = [names.free(wish) for wish in wishes]
    assert len({name.lower() for name in found}) == len(found)
    for name in found:
        assert 0 < len(name) <= 31
        assert not set("[]:*?/\\") & set(name)
        assert name.strip("'") == name
        assert name.lower() != "history"
    page = Document("t", tuple(Section(wish, (Paragraph("x"),)) for wish in wishes))
    assert len(openpyxl.load_workbook(io.BytesIO(workbook(page, pd.DataFrame()))).sheetnames) == len(wishes)


def test_dates_before_1900_stay_text_and_a_gap_is_an_empty_cell() -> None:
    frame = pd.DataFrame({"day": ["1841-01-01", "1841-02-01"], "v": [1.5, np.nan], "ok": [True, False]})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(Document("t", ()), frame)))["Data"]
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [
        ("1841-01-01", 1.5, "yes"),
        ("1841-02-01", None, "no"),
    ]


def test_more_rows_than_a_sheet_holds_go_on_the_next() -> None:
    many = pd.DataFrame({"v": np.zeros(1_048_575 + 3)})
    assert [len(part) for part in frames(many)] == [1_048_575, 3]
    assert [len(part) for part in frames(many.iloc[:0])] == [0]


def test_the_same_result_makes_the_same_bytes(review: Any, saved: Path, tmp_path: Path) -> None:
    assert Path(review.save(tmp_path / "again.xlsx")).read_bytes() == saved.read_bytes()


def test_words_follow_the_place_and_cells_the_readers_own_program(review: Any, tmp_path: Path) -> None:
    path = Path(review.save(tmp_path / "de.xlsx", locale="de"))
    told = [str(c.value) for c in texts(path)]
    assert any("369,7" in text for text in told)
    sheet = openpyxl.load_workbook(path)["Before and after"]
    assert any(isinstance(c.value, float) for row in sheet.iter_rows() for c in row)


def test_paper_is_as_asked_and_pages_are_numbered(review: Any, tmp_path: Path) -> None:
    for paper, number in (("a4", 9), ("letter", 1)):
        book = openpyxl.load_workbook(review.save(tmp_path / f"{paper}.xlsx", paper=paper))
        for sheet in book.worksheets:
            assert int(sheet.page_setup.paperSize) == number
            assert sheet.page_setup.orientation == "landscape"
            assert "&P" in str(sheet.oddFooter.right.text) + str(sheet.oddFooter.left.text)


def test_numbers_told_as_text_are_numbers_and_names_stay_names() -> None:
    frame = pd.DataFrame({"year": ["1871", "1872"], "code": ["007", "012"], "share": ["0.5", "1.25"]})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(Document("t", ()), frame)))["Data"]
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [(1871, "007", 0.5), (1872, "012", 1.25)]


@pytest.mark.parametrize("count", [3, 30])
def test_many_events_are_one_entry_of_a_legend(count: int, tmp_path: Path) -> None:
    x = np.random.default_rng(1).standard_normal(100)
    made = st.control_chart(x, events=[(3 * i, f"Release {i}") for i in range(1, count + 1)]).save(tmp_path / "x.xlsx")
    first = parts(Path(made).read_bytes(), "charts/chart1.xml")["xl/charts/chart1.xml"]
    assert len(re.findall("<c:ser>", first)) <= 12
    assert ("Release 2" in first) == (count == 3)
