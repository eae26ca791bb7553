"""A result in a notebook: its card, and its picture on a figure of the user's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from browsing import CHROMIUM
from sigmatool.render.palette import sheet
from sigmatool.result import Result

VOID = {"meta", "br", "line", "path", "rect", "circle"}


class Card(HTMLParser):
    """What stands in a card: its tags with their attributes, in order, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@cache
def review() -> st.Review:
    births = st.datasets.load("semmelweis")
    return st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower")


@cache
def chart() -> Result:
    return st.control_chart(st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout=41)


def test_the_card_tells_verdict_numbers_picture_and_folds_the_table() -> None:
    page = review()._repr_html_()
    card = Card(page)
    assert page.startswith('<div class="sigmatool-card">')
    for told in ("✓ IMPROVED_STABLE", "−7.78 points", "Next: Hand over to operations", "1841-12; it is not a zero"):
        assert told in card.words, told
    tags = [tag for tag, _ in card.tags]
    assert tags.count("svg") == tags.count("details") == tags.count("table") == 1
    assert ("details", {}) in card.tags  # closed
    assert "and 38 more rows" in card.words
    assert len(page) < 80_000


def test_a_card_without_a_picture_still_tells() -> None:
    page = st.inspect(pd.DataFrame({"a": [1.0, 2.0, 3.0, 5.0]}))._repr_html_()
    assert "<svg" not in page
    assert "4 rows" in page


def test_a_card_without_a_picture_shows_its_table_open() -> None:
    card = Card(st.inspect(st.datasets.load("nile"))._repr_html_())
    tags = [tag for tag, _ in card.tags]
    assert tags.count("table") == 1
    assert "details" not in tags
    assert "flow" in card.words


def test_a_long_chart_stays_compact() -> None:
    long = st.control_chart(np.random.default_rng(3).normal(size=20_000), "i-mr", rules="none")
    assert len(long._repr_html_()) < 300_000


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>x</script>",
    "{{7*7}}",
    "a\x00b",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_the_data_are_only_words(name: str) -> None:
    data = pd.DataFrame({name: [1.0, 2, 3, 2, 9, 2, 3, 1] * 3, "stage": ["</b>" + name] * 12 + ["z"] * 12})
    for result in (
        st.control_chart(data, "i-mr", value=name, stage="stage"),
        st.compare(data, value=name, stage="stage"),
    ):
        card = Card(result._repr_html_())
        known = {"div", "style", "p", "ul", "li", "b", "br", "span", "code", "details", "summary", "table", "thead",
                 "tbody", "tr", "th", "td", "svg", "g", "defs", "pattern", "title", "text", "tspan"} | VOID  # fmt: skip
        assert {tag for tag, _ in card.tags} <= known
        for _, attributes in card.tags:
            assert not [a for a in attributes if a.startswith("on") or a in ("src", "href", "xlink:href")]
        assert "{{7*7}}" in card.words or "{{" not in name


def rules(style: str) -> Iterator[str]:
    """The selectors of a style, one by one."""
    inside = re.sub(r"@media[^{]*\{(.*?\})\s*\}", r"\1", style)
    for selectors in re.findall(r"([^{}]+)\{", inside):
        yield from (one.strip() for one in re.split(r",(?![^(]*\))", selectors))


def test_every_rule_of_the_card_names_the_card() -> None:
    style = re.search("<style>(.*?)</style>", chart()._repr_html_(), re.DOTALL)
    assert style
    found = list(rules(style[1]))
    assert len(found) > 60
    assert [rule for rule in found if "div.sigmatool-card" not in rule] == []
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_two_cards_keep_their_names_apart() -> None:
    cards = [chart()._repr_html_(), review()._repr_html_()]
    names = [set(re.findall(r' id="([^"]+)"', card)) for card in cards]
    assert all(names)
    assert not names[0] & names[1]
    assert chart()._repr_html_() == cards[0]


def luminance(colour: str) -> float:
    parts = [float(v) for v in re.findall(r"[\d.]+", colour)]
    if colour.startswith("color("):
        parts = [255 * v for v in parts]
    channel = [v / 255 / 12.92 if v / 255 <= 0.03928 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in parts[:3]]
    return 0.2126 * channel[0] + 0.7152 * channel[1] + 0.0722 * channel[2]


HOSTS = {
    "plain light": ("light", "", ""),
    "plain dark": ("dark", "", ""),
    "JupyterLab dark on a light system": ("light", 'data-jp-theme-light="false"', "#111111"),
    "JupyterLab light on a dark system": ("dark", 'data-jp-theme-light="true"', "#ffffff"),
    "VS Code dark on a light system": ("light", 'class="vscode-dark"', "#1e1e1e"),
}


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium; .ci/run installs it")
@pytest.mark.parametrize("host", HOSTS)
def test_the_card_follows_the_theme_and_keeps_its_contrast(browser: Any, host: str) -> None:
    scheme, body, paper = HOSTS[host]
    dark = "dark" in host.split(" on ")[0]
    names = {"Jupyter": ("--jp-layout-color0", "--jp-content-font-color1"),
             "VS": ("--vscode-editor-background", "--vscode-editor-foreground")}  # fmt: skip
    own = next((pair for key, pair in names.items() if host.startswith(key)), None)
    style = f"{own[0]}: {paper}; {own[1]}: {'#dddddd' if dark else '#222222'}" if own else ""
    page = browser.new_page(color_scheme=scheme)
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.set_content(f'<body {body} style="{style}"><p id="other">mine</p>{review()._repr_html_()}</body>')
    told = page.evaluate(
        """() => { const of = (at, what) => getComputedStyle(document.querySelector(at))[what];
        const card = '.sigmatool-card';
        return {paper: of(card, 'backgroundColor'), ink: of(card, 'color'), code: of(card + ' .code', 'color'),
                soft: of(card + ' .figures span', 'color'), text: of(card + ' svg text', 'fill'),
                point: of(card + ' svg .points.role-data circle', 'fill'), other: of('#other', 'color')}; }"""
    )
    page.close()
    ground = luminance(told["paper"])
    assert (ground < 0.2) == dark
    for name, least in (("ink", 4.5), ("code", 4.5), ("soft", 4.5), ("text", 4.5), ("point", 3.0)):
        high, low = sorted((luminance(told[name]), ground), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= least, (name, told)
    assert told["other"] == "rgb(0, 0, 0)"  # the style of the card stays in the card
    assert errors == []


def test_plot_draws_on_the_axes_of_a_figure_and_leaves_the_others() -> None:
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    right.plot([1, 2, 3], label="mine")
    right.set_title("mine")
    before = (right.get_xlim(), right.get_ylim(), right.get_position().bounds, len(right.get_children()))
    settings = dict(mpl.rcParams)
    assert chart().plot(left) is left
    assert left.has_data()
    assert fig.axes == [left, right]
    assert (right.get_xlim(), right.get_ylim(), right.get_position().bounds, len(right.get_children())) == before
    assert right.get_title() == "mine"
    assert dict(mpl.rcParams) == settings
    fig.canvas.draw()
    plt.close(fig)


def test_plot_puts_the_whole_picture_into_a_sub_figure() -> None:
    fig = plt.figure(figsize=(12, 6))
    left, right = fig.subfigures(1, 2)
    mine = right.subplots()
    mine.plot([1, 2, 3])
    first = chart().plot(left)
    assert first is left.axes[0]
    assert len(left.axes) == 2  # the mean and the range
    assert right.axes == [mine]
    edge = fig.bbox.width / 2
    fig.canvas.draw()
    assert all(axes.get_window_extent().x1 <= edge for axes in left.axes)
    whole = plt.figure()
    assert chart().plot(whole) is whole.axes[0]
    plt.close("all")


def test_plot_alone_makes_a_figure_that_nobody_has_to_close() -> None:
    held = plt.get_fignums()
    axes = chart().plot()
    assert axes.get_figure() is not None
    assert plt.get_fignums() == held


def test_the_style_of_the_card_is_one_rule_a_line() -> None:
    assert all(line.count("{") == line.count("}") == 1 for line in sheet("card.css").splitlines())


def test_a_prompt_prints_the_headline_and_no_more() -> None:
    assert repr(review()) == f"<Review: {review().headline}>"
    assert repr(chart()) == f"<ControlChart: {chart().headline}>"
    for made in Result.__subclasses__():
        assert made.__repr__ is Result.__repr__, made
