"""What the page does in a real Chromium: it tells points, picks, sorts, copies, and passes for every reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import sigmatool as st
from browsing import MARKS, opened

pytestmark = MARKS

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def page(browser: Any, page_file: Path) -> Iterator[Any]:
    shown = opened(browser, page_file, 1366)
    yield shown
    assert shown.problems == []
    shown.close()


def test_a_point_tells_itself_by_pointer_and_by_keyboard(page: Any) -> None:
    chart = page.locator("svg.figure").first
    points = chart.locator('[aria-label][tabindex="-1"], [aria-label][tabindex="0"]')
    assert chart.locator('[tabindex="0"]').count() == 1
    points.nth(5).hover(force=True)
    tip = page.locator(".tip")
    expect(tip).to_be_visible()
    chart.locator('[tabindex="0"]').focus()
    first = tip.text_content()
    page.keyboard.press("ArrowRight")
    expect(tip).to_be_visible()
    assert tip.text_content() != first
    page.keyboard.press("End")
    last = tip.text_content()
    page.keyboard.press("ArrowRight")
    assert tip.text_content() == last
    page.keyboard.press("Home")
    assert tip.text_content() == first
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_one_stage_or_rule_stands_out(page: Any) -> None:
    buttons = page.locator(".picks button")
    assert buttons.count() >= 2
    buttons.first.click()
    picked = page.locator("svg .picked").count()
    assert 0 < picked < page.locator("svg [data-g]").count()
    assert buttons.first.get_attribute("aria-pressed") == "true"
    buttons.first.click()
    assert page.locator("svg .picked").count() == 0


def test_a_table_is_sorted_and_put_back(page: Any) -> None:
    page.locator("details summary").first.click()
    table = page.locator("details[open] table").first
    column = next(i for i, th in enumerate(table.locator("thead th").all()) if th.text_content().strip() == "value")
    cells = table.locator(f"tbody tr > :nth-child({column + 1})")
    before = cells.all_text_contents()
    head = table.locator("thead th").nth(column)
    head.locator("button").click()
    rising = [float(t) for t in cells.all_text_contents()]
    assert head.get_attribute("aria-sort") == "ascending"
    assert rising == sorted(rising) != [float(t) for t in before]
    head.locator("button").click()
    assert [float(t) for t in cells.all_text_contents()] == rising[::-1]
    head.locator("button").click()
    assert cells.all_text_contents() == before


def test_a_copied_table_holds_its_cells_and_no_formula(browser: Any, tmp_path: Path) -> None:
    import pandas as pd

    y = [50 + (i * 7) % 11 - 9 * (i > 20) for i in range(44)]
    data = pd.DataFrame({"y": y, "t": [f"=cmd|{i:02}" for i in range(44)]})
    page = opened(browser, st.control_chart(data, value="y", time="t").save(tmp_path / "x.html"), 1366)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (t) => { window.t = t; }}})")
    page.locator("details summary").first.click()
    page.locator("details[open] .copy button").first.click()
    lines = page.evaluate("window.t").split("\n")
    assert len(lines) == 45
    assert all(
        line.split("\t")[0].startswith("'=cmd|") or line.split("\t")[1].startswith("'=cmd|") for line in lines[1:]
    )
    assert page.problems == []
    page.close()


def test_the_theme_is_chosen_on_the_page(page: Any) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.locator("button.theme").click()
    page.locator("button.theme").click()
    assert page.locator("button.theme").text_content() == "Theme: dark"
    assert page.evaluate(colour) != light


def test_the_policy_stops_what_is_not_ours(browser: Any, page_file: Path) -> None:
    page = opened(browser, page_file, 1366)
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.in=1'}))")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<b id=b onclick=\"window.in=1\">b</b>')")
    page.evaluate("document.getElementById('b').click()")
    assert page.evaluate("window.in") is None
    assert any("Content Security Policy" in told for told in page.problems)
    page.close()


def test_it_is_whole_without_scripts(browser: Any, page_file: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"file://{page_file}")
    assert page.locator("svg.figure").first.locator("g.points title").count() >= 98
    assert page.locator("button").count() == 0
    assert page_file.stat().st_size < 400_000
    page.close()


@pytest.fixture(scope="module")
def pages(page_file: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pages")
    births = st.datasets.load("semmelweis")
    fills = st.datasets.load("filling")
    results = {
        "chart": st.control_chart(births, value="deaths", size="births", time="month"),
        "capability": st.capability(fills, value="fill_ml", lsl=495, usl=505, target=500),
        "compare": st.compare(st.datasets.load("nile"), value="flow", time="year", rollout="1899=Aswan"),
        "waves": st.review_waves(
            st.datasets.load("clinics"),
            value="wait_days",
            site="clinic",
            rollout="live_from",
            time="month",
            better="lower",
        ),
    }
    return [page_file, *(result.save(folder / f"{name}.html") for name, result in results.items())]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 360])
def test_axe_finds_nothing(browser: Any, pages: list[Path], width: int, scheme: str) -> None:
    import axe_playwright_python

    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    for file in pages:
        page = browser.new_page(viewport={"width": width, "height": 768}, color_scheme=scheme)
        page.goto(f"file://{file}")
        page.evaluate(axe)
        found = page.evaluate("levels => axe.run(document, {runOnly: levels})", LEVELS)
        assert [v["id"] for v in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
