"""Sheets, arrows, named ticks and the words of a specification, in every writer."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from picture_cases import texts_of
from sigmatool.render.document import Document, FigureBlock, Section
from sigmatool.render.figure import Arrow, Bars, Figure, Line, Panel, Points, Rule, Sheet
from sigmatool.render.html import html
from sigmatool.render.layout import CELL, layout, sheet_layout
from sigmatool.render.markdown import markdown
from sigmatool.render.mpl import draw, image
from sigmatool.render.svg import svg
from sigmatool.render.text import text

SVG = "{http://www.w3.org/2000/svg}"


def small(title: str, role: str = "data") -> Figure:
    x = np.arange(6.0)
    return Figure((Panel((Line(x, x, "data"), Points(x, x, role)), "y"),), "x", f"The picture of {title}.", title=title)


def sheet() -> Sheet:
    return Sheet(tuple(small(f"part {i}") for i in range(5)), 2, "Five parts", "Five small pictures.")


def page(picture: Figure | Sheet) -> Document:
    return Document("Page", (Section("First", (FigureBlock(picture, "what it shows"),)),))


def test_the_figures_of_a_sheet_stand_beside_each_other_and_never_on_one_another() -> None:
    plan = sheet_layout(sheet())
    boxes = [(left, top, left + p.width, top + p.height) for left, top, p in plan.places]
    assert plan.width == 2 * CELL + 24
    assert [left for left, *_ in boxes] == [0.0, CELL + 24, 0.0, CELL + 24, 0.0]
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    assert max(b[3] for b in boxes) <= plan.height


def test_a_sheet_is_one_drawing_with_ids_apart() -> None:
    drawing = svg(sheet(), id_prefix="q")
    ElementTree.fromstring(drawing)
    ids = re.findall(r' id="([^"]+)"', drawing)
    assert len(ids) == len(set(ids)) == 5
    assert drawing.count('role="img"') == 6
    assert all(f"part {i}" in drawing for i in range(5))
    assert "Five parts" in drawing


def test_every_writer_tells_a_sheet() -> None:
    written = html(page(sheet()))
    assert written.count("<svg") == 5
    assert 'class="sheet columns-2"' in written
    assert 'aria-label="Five small pictures."' in written
    ids = re.findall(r'pattern id="([^"]+)"', written)
    assert len(ids) == len(set(ids)) == 5
    for plain in (markdown(page(sheet())), text(page(sheet()))):
        assert all(f"part {i}: The picture of part {i}." in plain for i in range(5))
        assert "what it shows" in plain


def test_matplotlib_draws_a_sheet_on_one_canvas_or_its_first_figure_on_given_axes() -> None:
    from matplotlib.figure import Figure as Canvas

    canvas = draw(sheet()).get_figure(root=True)
    assert canvas is not None
    assert len(canvas.axes) == 5
    words = [t.get_text() for t in canvas.texts]
    assert "Five parts" in words
    assert all(f"part {i}" in words for i in range(5))
    ax = Canvas().add_subplot()
    assert draw(sheet(), ax) is ax
    assert image(sheet()) == image(sheet())


def test_arrows_point_at_their_end_in_both_renderers() -> None:
    arrow = Arrow(0.0, 0.0, 4.0, 2.0, "before", "from first to last")
    figure = Figure((Panel((arrow,), "y"),), "x", "An arrow.")
    drawing = svg(figure)
    shaft = re.search(r'class="shaft" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', drawing)
    head = re.search(r'class="head" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)z"', drawing)
    assert shaft is not None
    assert head is not None
    place = layout(figure).panels[0]
    assert [float(v) for v in shaft.groups()[2:]] == pytest.approx([float(place.x(4.0)), float(place.y(2.0))], abs=0.06)
    assert head.groups()[2:4] == shaft.groups()[2:]
    assert "<title>from first to last</title>" in drawing
    ax = draw(figure)
    assert np.allclose(np.asarray(ax.lines[0].get_xydata()), [[0.0, 0.0], [4.0, 2.0]])
    assert len(ax.patches) == 1


def test_an_arrow_without_length_has_no_head() -> None:
    drawing = svg(Figure((Panel((Arrow(1.0, 1.0, 1.0, 1.0, "before"),), "y"),), "x", "An arrow."))
    assert 'class="shaft"' in drawing
    assert 'class="head"' not in drawing


def test_named_ticks_stand_in_both_renderers_and_the_important_ones_win() -> None:
    named = ((0.0, "50 %"), (1.0, "84 %"), (1.01, "too near"), (-1.0, "16 %"), (9.0, "outside"))
    x = np.linspace(-1.2, 1.2, 9)
    figure = Figure((Panel((Points(x, x, "data"),), "probability", y_ticks=named),), "x", "Named ticks.")
    shown = [t.text for t in texts_of(svg(figure)) if t.kind == "tick"]
    assert [w for w in shown if "%" in w] == ["16 %", "50 %", "84 %"]
    assert [t.get_text() for t in draw(figure).get_yticklabels()] == ["16 %", "50 %", "84 %"]


@pytest.mark.parametrize("width", [430, 620, 960])
@pytest.mark.parametrize("limits", [(9.75, 10.25, 10.0), (1.0, 1.0, 1.0), (1.0, 1.001, 1.0005), (-5.0, 30.0, 29.9)])
def test_the_words_of_a_specification_never_lie_on_one_another_or_on_a_line(
    width: int, limits: tuple[float, float, float]
) -> None:
    lower, upper, target = limits
    marks = (
        Bars(np.array([9.0, 10.0, 11.0]), np.array([1.0, 4.0, 2.0]), 1.0, "count"),
        Rule(target, "x", "target", f"target {target:g}"),
        Rule(lower, "x", "specification", f"LSL {lower:g}: 12 below", ("LSL",)),
        Rule(upper, "x", "specification", f"USL {upper:g}: 3 above", ("USL",)),
    )
    figure = Figure((Panel(marks, "count of a metric with a long name"),), "x", "A specification.")
    texts = texts_of(svg(figure, width=width))
    assert [a.text for a, b in itertools.combinations(texts, 2) if a.box.meets(b.box)] == []
    assert {"LSL", "USL", "target"} <= {t.text.split()[0] for t in texts if t.kind.startswith("rule-name")}
    place = layout(figure, width).panels[0]
    for index, mark in enumerate(marks[1:], start=1):
        at, top = float(place.x(mark.at)), place.stems[index]  # type: ignore[union-attr]
        for t in place.texts:
            crossed = t.box.x0 < at < t.box.x1 and t.box.y1 > top + 1
            assert not crossed, (t.text, mark)


def test_names_of_points_lie_neither_on_each_other_nor_on_points() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(0, 0.1, 30), rng.gamma(4, 0.03, 30)
    names = tuple(f"characteristic {i}" for i in range(30))
    marks = (
        *(Arrow(a + 0.2, b + 0.1, a, b, "before") for a, b in zip(x, y, strict=True)),
        Points(x, y, "after", tags=names),
    )
    figure = Figure((Panel(marks, "y"),), "x", "Names.")
    texts = texts_of(svg(figure))
    assert [a.text for a, b in itertools.combinations(texts, 2) if a.box.meets(b.box)] == []
    shown = [t for t in texts if t.kind.startswith("point-name")]
    assert len(shown) > 15
    assert names[0] in [t.text for t in shown]
    place = layout(figure).panels[0]
    for t in shown:
        inside = (place.x(x) > t.box.x0) & (place.x(x) < t.box.x1) & (place.y(y) > t.box.y0) & (place.y(y) < t.box.y1)
        assert not inside.any()


def test_the_legend_tells_bars_and_curves_by_their_labels() -> None:
    x = np.linspace(0, 1, 5)
    marks = (
        Bars(x, x, 0.2, "count", "values"),
        Line(x, x, "within", "within"),
        Line(x, 2 * x, "overall", "overall"),
    )
    figure = Figure((Panel(marks, "count"),), "x", "A legend.")
    keys = [(k.role, k.shape, k.text.text) for k in layout(figure).legend]
    assert keys == [("count", "bar", "values"), ("within", "line", "within"), ("overall", "line", "overall")]


def test_names_without_room_stand_apart_tied_by_a_line() -> None:
    from matplotlib.lines import Line2D

    at = np.linspace(0.45, 0.55, 5)
    marks = (
        Points(np.tile(at, 5), np.repeat(np.linspace(0.42, 0.58, 5), 5), "before"),
        Points(np.array([0.487, 0.513]), np.array([0.5, 0.5]), "after", tags=("first", "second")),
        Points(np.array([0.0, 1.0]), np.array([0.0, 1.0]), "before"),
    )
    figure = Figure((Panel(marks, "y"),), "x", "A crowd.")
    tied = [t for t in layout(figure).every_text if t.tie is not None]
    assert {t.text for t in tied} == {"first", "second"}
    place = layout(figure).panels[0]
    assert tied[0].tie == (float(place.x(0.487)), float(place.y(0.5)))
    assert svg(figure).count('class="tie"') == 2
    canvas = draw(figure).get_figure(root=True)
    assert canvas is not None
    assert len([a for a in canvas.get_children() if isinstance(a, Line2D) and a.get_linewidth() == 0.5]) == 2
