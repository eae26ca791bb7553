"""The page in a real Chromium: it draws, it stays in its box, it runs nothing, it prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sigmatool as st
from browsing import MARKS, opened
from conftest import ROOT
from picture_cases import CASES, WIDTHS
from sigmatool.render.document import Document, FigureBlock, Section
from sigmatool.render.figure import Sheet
from sigmatool.render.html import html
from sigmatool.render.palette import sheet, themes
from sigmatool.render.svg import svg

pytestmark = MARKS


def test_the_first_screen_answers(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file, 1366)
    for selector in (".answer .sentence", ".answer .next", ".figures", ".chips"):
        box = page.locator(selector).first.bounding_box()
        assert box["y"] + box["height"] <= 768, selector
    assert page.locator("svg.figure").first.bounding_box()["y"] < 600
    assert page.locator(".chip").count() == 4
    assert page.problems == []


@pytest.mark.parametrize("width", [360, 794, 1366])
def test_nothing_runs_out_of_the_page(browser: Any, page_file: Path, width: int) -> None:
    page = opened(browser, page_file, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.figure')) {
    const wide = svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBBox()]);
    texts.forEach(([a, r], i) => {
      if (r.x < -0.5 || r.x + r.width > wide + 0.5) found.push(['outside', a]);
      texts.slice(i + 1).forEach(([b, s]) => {
        const x = Math.min(r.x + r.width, s.x + s.width) - Math.max(r.x, s.x);
        const y = Math.min(r.y + r.height, s.y + s.height) - Math.max(r.y, s.y);
        if (x > 1 && y > 3) found.push([a, b]);
      });
    });
  }
  return found;
}"""
"""Pairs of words that lie on one another; the line of a text is 3 pixels taller than its ink."""


def test_words_of_a_review_do_not_overlap(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file, 1366)
    assert page.locator("svg.figure").count() >= 2
    assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("name", CASES)
def test_words_of_a_chart_do_not_overlap(browser: Any, tmp_path: Path, name: str) -> None:
    figure = CASES[name]().figure()
    style = themes() + sheet("report.css") + sheet("figure.css")
    drawn = "".join(f'<div style="width:{w}px">{svg(figure, id_prefix=f"w{w}", width=w)}</div>' for w in WIDTHS)
    file = tmp_path / "chart.html"
    file.write_text(f'<meta charset="utf-8"><style>{style} svg.figure {{ min-width: 0 }}</style>{drawn}', "utf-8")
    page = opened(browser, file, 1366)
    assert page.locator("svg.figure text").count() > 40
    assert page.evaluate(OVERLAPS) == []
    page.close()


def test_points_tell_their_words(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file, 1366)
    points = page.locator("svg.figure").first.locator("g.points > [aria-label]")
    told = [p.get_attribute("aria-label") for p in points.all()]
    assert len(told) >= 98
    assert any("1847-06" in t and "after" in t for t in told)
    assert page.locator("svg.figure").first.get_attribute("aria-label")


def test_the_data_stand_beneath_the_chart(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file, 1366)
    page.locator("details summary").first.click()
    assert page.locator("details[open] table tbody tr").count() == 98


def test_hostile_names_do_nothing(browser: Any, tmp_path: Path) -> None:
    import pandas as pd

    name = '"><img src=x onerror=document.title="owned"><script>document.title="owned"</script>'
    data = pd.DataFrame({name: [50 + (i * 7) % 11 - 9 * (i > 20) for i in range(44)]})
    file = st.review(data, value=name, rollout=22, better="lower", title=name).save(tmp_path / "x.html")
    page = opened(browser, file, 1366)
    page.wait_for_timeout(200)
    assert "owned" not in page.title() or page.title().startswith('">')
    assert page.locator("img").count() == 0
    assert page.locator("script").all_text_contents() == [sheet("report.js")]
    assert page.problems == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints(browser: Any, page_file: Path, paper: str) -> None:
    page = opened(browser, page_file, 794)
    pdf = page.pdf(format=paper, print_background=True)
    assert pdf.startswith(b"%PDF")
    assert 3 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 8


def test_worked_examples_are_current(tmp_path: Path) -> None:
    """The committed pages give the answers that the commands on their cards give today.

    Bytes agree on the same versions of the libraries; across versions the last digit of a coordinate may not.
    """
    import subprocess
    import sys

    sys.path.insert(0, str(ROOT / "reports"))
    try:
        import build
    finally:
        sys.path.pop(0)
    for name in build.NAMES:
        out = tmp_path / f"{name}.html"
        call = [sys.executable, "-c", "from sigmatool.cli import main; main()", *build.command(name)]
        subprocess.run([*call, "-o", str(out), "--quiet"], cwd=ROOT, check=True)
        made, held = (
            p.read_text().partition("<main")[2].split("<figure")[0] for p in (out, ROOT / "reports" / f"{name}.html")
        )
        assert ('class="sentence"' if build.PAGES[name][1] == "review" else 'class="lead"') in made
        assert made == held, name


def test_a_sheet_stands_side_by_side_on_a_laptop_and_stacks_on_a_telephone(browser: Any, tmp_path: Path) -> None:
    chart = st.control_chart([10.0, 11.0, 9.0, 10.5, 9.5, 10.2])
    sheet = Sheet(tuple(chart.figure(1) for _ in range(4)), 2, "Four", "Four charts.")
    file = tmp_path / "sheet.html"
    file.write_text(html(Document("Sheet", (Section("First", (FigureBlock(sheet),)),))))
    for width, columns in ((1366, 2), (360, 1)):
        page = opened(browser, file, width)
        lefts = page.eval_on_selector_all(
            ".sheet svg", "all => all.map(e => Math.round(e.getBoundingClientRect().left))"
        )
        assert len(lefts) == 4
        assert len(set(lefts)) == columns
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(
            "[...document.querySelectorAll('.sheet > div')].every(e => e.scrollWidth <= e.clientWidth)"
        )
        assert page.problems == []
