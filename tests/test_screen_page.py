"""The page of a screen in a real Chromium: thousands of streams are looked through, quickly and by keyboard alone."""

from __future__ import annotations

import html as markup
import io
import json
import re
import shlex
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from browsing import MARKS, opened
from sigmatool.render.explorer import HELD, Explorer
from sigmatool.render.explorer_data import packed
from sigmatool.render.explorer_table import flattened
from sigmatool.render.html import html
from sigmatool.render.markdown import markdown
from sigmatool.render.pdf import pdf
from sigmatool.render.terminal import terminal
from sigmatool.render.text import text
from test_instrument import LEVELS
from test_page_numbers import missing

in_browser = [*MARKS]

HOSTILE = [
    "<img src=x onerror=document.title='owned'>", "</script><script>document.title='owned'</script>", "n" * 10_000,
    "-x $(reboot) `a`", "it's \"quoted\" & <b>bold</b>", "Übergabe 漢字 😀", "\u202egnp.exe",
    "=cmd|' /C calc'!A0", "a\nb",
]  # fmt: skip


def table(streams: int = 60, points: int = 80) -> pd.DataFrame:
    """Some streams get better at point 41, some worse, some drift; the first ones have strange names."""
    rng = np.random.default_rng(5)
    value = rng.normal(20, 1, (streams, points))
    value[::6, 40:] -= 1.6
    value[3::10, 40:] += 1.6
    value[4::15] += np.linspace(0, 4, points)
    names = [f"line {i}" for i in range(streams)]
    names[: len(HOSTILE)] = HOSTILE
    day = np.tile(np.arange(1, points + 1), streams)
    frame = pd.DataFrame(
        {"line": np.repeat(np.array(names, dtype=object), points), "day": day, "minutes": value.ravel()}
    )
    frame.loc[(frame["line"] == "line 13") & (frame["day"] == points), "minutes"] = np.inf
    return frame[~((frame["line"] == "line 11") & (frame["day"] > 52))]


@pytest.fixture(scope="module")
def screen() -> Any:
    return st.screen(
        table(), stream="line", value="minutes", time="day", rollout="41", better="lower", lsl=14, usl=24, workers=1
    )


@pytest.fixture(scope="module")
def large() -> Any:
    rng = np.random.default_rng(2)
    value = rng.normal(50, 2, (HELD, 90))
    value[::10] += np.linspace(0, 3, 90)
    frame = pd.DataFrame(
        {"line": np.repeat(np.arange(HELD), 90), "day": np.tile(np.arange(90), HELD), "y": value.ravel()}
    )
    return st.screen(frame, stream="line", value="y", time="day", rollout="45", lsl=40, usl=60)


@pytest.fixture(scope="module")
def file(screen: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(screen.save(tmp_path_factory.mktemp("screen") / "screen.html"))


def looked(browser: Any, file: Path, width: int = 1366) -> Any:
    page = opened(browser, file, width)
    page.wait_for_selector(".explorer.working tbody tr")
    return page


def filled(page: Any, rows: int) -> None:
    """Wait until so many rows are shown."""
    from playwright.sync_api import expect

    expect(page.locator(".live tbody tr")).to_have_count(rows)


def names(page: Any) -> list[str]:
    return [str(name) for name in page.locator(".live tbody .open").all_text_contents()]


def status(page: Any) -> str:
    return str(page.locator(".live [role=status]").text_content())


def explorer(result: Any) -> Explorer:
    return next(b for s in result.document().sections for b in s.blocks if isinstance(b, Explorer))


class TestInABrowser:
    pytestmark = in_browser

    def test_it_shows_the_first_page_and_nothing_else(self, browser: Any, file: Path, screen: Any) -> None:
        page = looked(browser, file)
        assert page.locator(".live tbody tr").count() == 25
        assert page.locator(".live tbody svg.sketch").count() == 25
        assert [n[:30] for n in names(page)] == [
            re.sub("[\n\u202e]", "", n)[:30] for n in screen.columns["stream"][:25]
        ]
        assert not page.locator(".explorer > .plain").is_visible()
        assert status(page).startswith("60 of 60 streams; rows 1 to 25")
        assert page.problems == []

    @pytest.mark.parametrize(
        ("name", "column"), [("not stable", "unstable"), ("not capable", "below"), ("improved", "claimed"),
                             ("deteriorated", "harm"), ("few points", "few")],
    )  # fmt: skip
    def test_filters_show_what_they_count(self, browser: Any, file: Path, screen: Any, name: str, column: str) -> None:
        page = looked(browser, file)
        many = int(screen.columns[column].sum())
        button = page.get_by_role("button", name=f"{name} ({many})", exact=True)
        button.click()
        assert many > 0
        assert button.get_attribute("aria-pressed") == "true"
        assert status(page).startswith(f"{many} of 60 streams")
        assert len(names(page)) == min(many, 25)
        page.get_by_role("button", name="all (60)").click()
        assert status(page).startswith("60 of 60")

    def test_two_filters_hold_together(self, browser: Any, file: Path, screen: Any) -> None:
        page = looked(browser, file)
        for name in ("not stable", "deteriorated"):
            page.get_by_role("button", name=re.compile(f"^{name} ")).click()
        both = int((screen.columns["unstable"] & screen.columns["harm"]).sum())
        assert status(page).startswith(f"{both} of 60")

    def test_search(self, browser: Any, file: Path) -> None:
        page = looked(browser, file)
        page.get_by_label("Find by name").fill("LINE 2")
        filled(page, 10)
        assert all(name.startswith("line 2") for name in names(page))
        page.get_by_label("Find by name").fill("no such name")
        filled(page, 0)
        assert status(page).startswith("None of the 60 streams fits")

    def test_headers_sort_by_keyboard(self, browser: Any, file: Path, screen: Any) -> None:
        page = looked(browser, file)
        button = page.locator(".live thead .sort", has_text="stability index")
        button.focus()
        found = []
        for way in ("descending", "ascending", None):
            page.keyboard.press("Enter")
            assert page.locator(".live thead th", has_text="stability index").get_attribute("aria-sort") == way
            found.append(names(page)[0])
        index = screen.columns["stability_index"]
        worst, best = screen.columns["stream"][np.nanargmax(index)], screen.columns["stream"][np.nanargmin(index)]
        assert [n[:20] for n in found] == [str(n)[:20] for n in (worst, best, screen.columns["stream"][0])]

    def test_orders(self, browser: Any, file: Path, screen: Any) -> None:
        page = looked(browser, file)
        page.get_by_label("Order").select_option(label="worst capability")
        assert names(page)[0] == screen.columns["stream"][np.nanargmin(screen.columns["ppk"])]
        page.get_by_label("Order").select_option(label="largest change")
        assert names(page)[0] == screen.columns["stream"][np.nanargmax(np.abs(screen.columns["change"]))]

    def test_pages(self, browser: Any, file: Path, screen: Any) -> None:
        page = looked(browser, file)
        page.get_by_role("button", name="Next").click()
        assert status(page).endswith("rows 26 to 50 are shown.")
        page.get_by_role("button", name="Last").click()
        assert page.locator(".live tbody tr").count() == 10
        assert page.get_by_role("button", name="Next").is_disabled()
        page.get_by_label("Rows a page").select_option("100")
        assert page.locator(".live tbody tr").count() == 60

    def test_a_stream_opens_by_keyboard_and_gives_the_focus_back(self, browser: Any, file: Path, screen: Any) -> None:
        page = looked(browser, file)
        page.locator(".live tbody .open").first.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        assert dialog.locator("h3").text_content() == screen.columns["stream"][0]
        assert dialog.locator("svg.closer").count() == 1
        assert "DETERIORATED" in dialog.locator(".said").text_content()
        told = dialog.locator("tbody").inner_text()
        assert {"stability index", "Ppk", "q", "center"} - {"q"} <= set(re.split(r"[\t\n]", told))
        dialog.get_by_role("button", name="Next").click()
        assert dialog.locator("h3").text_content() == screen.columns["stream"][1]
        page.keyboard.press("Escape")
        assert dialog.count() == 0
        assert page.evaluate("document.activeElement.textContent") == screen.columns["stream"][1]

    def test_a_thinned_chart_says_so(self, browser: Any, tmp_path: Path) -> None:
        found = st.screen(table(points=200), stream="line", value="minutes", time="day")
        page = looked(browser, Path(found.save(tmp_path / "long.html")))
        page.locator(".live tbody .open").first.click()
        assert "lowest and highest of each stretch" in page.get_by_role("dialog").inner_text()
        assert page.problems == []

    def test_numbers_of_a_detail_stand_in_the_json(self, browser: Any, file: Path, screen: Any) -> None:
        page = looked(browser, file)
        for row in (0, 3, 12):
            page.locator(".live tbody .open").nth(row).click()
            shown = page.get_by_role("dialog").locator("table").inner_html()
            assert missing(f"<div>{shown}</div>", screen.to_json()) == []
            page.keyboard.press("Escape")
        assert missing(page.locator(".live table").first.inner_html(), screen.to_json()) == []

    def test_hostile_names_are_text(self, browser: Any, file: Path) -> None:
        page = looked(browser, file)
        page.get_by_label("Rows a page").select_option("100")
        assert page.locator("img").count() == 0
        shown = names(page)
        assert HOSTILE[0] in shown
        assert HOSTILE[1] in shown
        assert "gnp.exe" in shown
        for name in shown[:60]:
            if not name.startswith("line"):
                page.locator(".live tbody .open").nth(shown.index(name)).click()
                assert page.evaluate("document.documentElement.scrollWidth") <= 1366
                page.keyboard.press("Escape")
        assert page.title() != "owned"
        assert page.problems == []

    @pytest.mark.parametrize("name", [HOSTILE[0], HOSTILE[3], HOSTILE[4], "line 20"])
    def test_the_command_of_a_stream_is_quoted(self, browser: Any, file: Path, screen: Any, name: str) -> None:
        page = looked(browser, file)
        page.get_by_label("Rows a page").select_option("100")
        page.locator(".live tbody .open").nth(names(page).index(name)).click()
        words = shlex.split(page.get_by_role("dialog").locator("code").text_content())
        drilled = [f"--drill={name}"] if name.startswith("-") else ["--drill", name]
        assert words == [*shlex.split(screen.provenance.command), *drilled]

    def test_a_name_that_cannot_be_shown_gets_no_command(self, browser: Any, file: Path) -> None:
        page = looked(browser, file)
        page.get_by_label("Find by name").fill("gnp.exe")
        filled(page, 1)
        page.locator(".live tbody .open").click()
        assert page.get_by_role("dialog").locator("code").count() == 0

    def test_a_dot_opens_its_stream(self, browser: Any, file: Path, screen: Any) -> None:
        page = looked(browser, file)
        page.wait_for_timeout(100)
        page.locator(".chart canvas").scroll_into_view_if_needed()
        box = page.locator(".chart canvas").bounding_box()
        opened_one = ""
        for x in range(60, int(box["width"]) - 20, 6):
            for y in (0.3, 0.45, 0.6):
                page.mouse.move(box["x"] + x, box["y"] + y * box["height"])
                if page.locator(".chart .tip").is_visible():
                    told = page.locator(".chart .tip").text_content()
                    page.mouse.click(box["x"] + x, box["y"] + y * box["height"])
                    opened_one = page.get_by_role("dialog").locator("h3").text_content()
                    assert told.startswith(opened_one[:100])
                    break
            if opened_one:
                break
        assert opened_one

    @pytest.mark.parametrize("width", [320, 794, 1366])
    def test_only_the_table_scrolls(self, browser: Any, file: Path, width: int) -> None:
        page = looked(browser, file, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator(".live tbody .open").first.click()
        assert page.evaluate(
            "document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth"
        )

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1366, 320])
    def test_axe_finds_nothing(self, browser: Any, file: Path, width: int, scheme: str) -> None:
        import axe_playwright_python

        axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
        page = browser.new_page(viewport={"width": width, "height": 768}, color_scheme=scheme)
        page.goto(f"file://{file}")
        page.wait_for_selector(".explorer.working tbody tr")
        page.evaluate(axe)
        for open_it in (False, True):
            if open_it:
                page.locator(".live tbody .open").first.click()
            found = page.evaluate("levels => axe.run(document, {runOnly: levels})", LEVELS)
            assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]] == []
        page.close()

    def test_without_scripts_the_first_rows_stand_there(self, browser: Any, file: Path) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"file://{file}")
        assert page.locator(".plain table tbody tr").count() == 25
        assert page.locator(".plain svg.figure").is_visible()
        assert page.locator(".plain .note").is_visible()
        context.close()

    def test_paper_gets_the_first_rows_and_the_map(self, browser: Any, file: Path) -> None:
        page = looked(browser, file, 794)
        page.emulate_media(media="print")
        assert page.locator(".plain table").is_visible()
        assert not page.locator(".live").is_visible()

    def test_ten_thousand_streams_are_small_and_quick(self, browser: Any, large: Any, tmp_path: Path) -> None:
        file = Path(large.save(tmp_path / "large.html"))
        assert file.stat().st_size < 4_000_000
        begun = time.perf_counter()
        page = looked(browser, file)
        assert time.perf_counter() - begun < 5
        assert page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") < 3000
        assert page.locator(".live tbody tr").count() == 25
        assert page.evaluate("document.querySelectorAll('*').length") < 6_000
        assert status(page).startswith("10,000 of 10,000")
        assert page.problems == []


def test_a_page_holds_the_first_ten_thousand_and_says_so(large: Any) -> None:
    many = 3 * HELD // 2
    told = explorer(large)
    index = np.arange(many) % HELD
    longer = replace(
        told, names=told.names[index], sketches=None, map=None, filters=(), sentences=None,
        columns=tuple(replace(c, values=c.values[index], low=None, high=None, before=None) for c in told.columns),
    )  # fmt: skip
    held = json.loads(packed(longer))
    assert (held["rows"], held["total"]) == (HELD, many)


def test_the_page_is_whole_in_itself(screen: Any) -> None:
    page = html(screen.document())
    assert re.findall(r"https?://(?!www\.w3\.org/)", page) == []
    assert not re.search(r"<(link|iframe|object|embed|img)\b", page)
    assert page.count("<script") == 3
    assert "default-src 'none'" in markup.unescape(page)
    assert page.count("sha256-") == 3


def test_other_pages_do_not_carry_what_looks_through_rows() -> None:
    page = html(st.control_chart([10.0, 11.0, 9.0, 10.5, 9.5, 10.2]).document())
    assert page.count("<script") == 1
    assert "dialog.one" not in page


def test_every_number_of_the_page_stands_in_the_json(screen: Any) -> None:
    assert missing(html(screen.document()), screen.to_json()) == []


def test_one_line_of_the_first_ten_says_why(screen: Any) -> None:
    table = next(s for s in screen.document().sections if s.id == "first").blocks[0]
    words = " ".join(str(row[2]) for row in table.rows)
    for told in ("DETERIORATED: minutes is worse", "drifts by +", "wanted 1.33", "Ppk "):
        assert told in words


def test_plain_writers_tell_the_first_rows_and_where_the_others_are(screen: Any) -> None:
    document = screen.document()
    assert not any(isinstance(b, Explorer) for s in flattened(document).sections for b in s.blocks)
    shown = [name for name in screen.columns["stream"][:25] if name.startswith("line")]
    for written in (text(document, width=160), markdown(document), terminal(document, 140, None)):
        plain = " ".join(written.replace("\\", "").split())
        assert "and 35 more streams. Every stream has its row in the workbook" in plain
        assert all(name in plain for name in shown)
    assert pdf(document).startswith(b"%PDF")


def test_a_card_in_a_notebook_shows_the_map(screen: Any) -> None:
    card = screen._repr_html_()
    assert card.count("<svg") == 1
    assert "<img src" not in card


def test_a_workbook_holds_all_rows_and_no_formula(screen: Any) -> None:
    book = zipfile.ZipFile(io.BytesIO(screen.written("x.xlsx")))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    data = book.read(f"xl/worksheets/sheet{names.index('Data') + 1}.xml").decode()
    assert data.count("<row ") == 61
    assert all(b"<f>" not in book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/"))


def test_another_place_has_its_signs(screen: Any) -> None:
    page = screen.written("x.html", locale="de").decode()
    data = json.loads(re.search(r'<script type="application/json" class="data">(.*?)</script>', page)[1])  # type: ignore[index]
    assert (data["decimal"], data["group"]) == (",", ".")
    assert data["command"].endswith("--locale de")


@pytest.mark.parametrize("far", [1e6, 1e12])
def test_one_outlier_does_not_press_the_map_together(far: float) -> None:
    frame = table().query("line != 'line 13'").copy()
    found = st.screen(frame, stream="line", value="minutes", time="day", lsl=14, usl=24)
    columns = {**found.columns, "stability_index": found.columns["stability_index"].copy()}
    columns["stability_index"][7] = far
    drawn = explorer(replace(found, columns=columns)).map
    assert drawn is not None
    assert drawn.across.ends[1] < 5
    assert "1 lies far beyond the others and so stands on the edge" in drawn.caption


def test_levels_far_from_zero_keep_the_digits_that_matter() -> None:
    frame = table()
    frame["minutes"] += 1e9
    columns = {c.name: c for c in explorer(st.screen(frame, stream="line", value="minutes", time="day")).columns}
    center, lower = columns["center"], columns["lower limit"]
    told = [format(float(c.values[0]), c.format) for c in (center, lower)]
    assert float(told[0]) - float(told[1]) == pytest.approx(center.values[0] - lower.values[0], abs=0.02)


def test_a_drawing_too_coarse_to_be_true_is_left_out() -> None:
    frame = table()
    frame["minutes"] += 1e9
    found = st.screen(frame, stream="line", value="minutes", time="day")
    told = explorer(found).sketches
    assert told is not None
    coarse = np.spacing(np.float32(1e9)) > 0.1 and told.values.dtype == np.float32
    assert ((told.count == 0) == coarse)[found.columns["refused"] == ""].all()


def test_streams_without_spread_have_a_page_without_a_map() -> None:
    frame = pd.DataFrame({"line": np.repeat(["a", "b"], 30), "y": 5.0})
    found = st.screen(frame, stream="line", value="y", lsl=4, usl=6)
    assert explorer(found).map is None
    assert "<svg" not in html(found.document())
