"""What a chart looks like: its marks, and words that never lie on one another."""

from __future__ import annotations

import dataclasses
import itertools
import re
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from picture_cases import CASES, WIDTHS, days, eight_stages, gaps, many, texts_of, two_thousand, with_events
from sigmatool.charts.events import Event, place_events, read_events
from sigmatool.charts.limits_in_words import told
from sigmatool.charts.result import ChartPanel, ControlChart
from sigmatool.errors import DataError
from sigmatool.render.document import Table
from sigmatool.render.figure import Figure, Line, Points, Rule
from sigmatool.render.layout import layout
from sigmatool.render.measure import text_width
from sigmatool.render.mpl import draw
from sigmatool.render.svg import svg


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    return {name: make().figure() for name, make in CASES.items()}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", CASES)
def test_no_word_lies_on_another(figures: dict[str, Figure], name: str, width: int) -> None:
    texts = texts_of(svg(figures[name], width=width))
    assert len(texts) > 10
    for text in texts:
        assert text.box.x0 >= 0, text
        assert text.box.x1 <= width, text
    met = [(a.text, b.text) for a, b in itertools.combinations(texts, 2) if a.box.meets(b.box)]
    assert met == []


def test_words_are_never_wider_than_thought() -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    words = [
        t.text for name in ("gaps", "eight stages", "2,000 days") for t in layout(CASES[name]().figure()).every_text
    ]
    for bold in (False, True):
        font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=12)
        for text in {w for w in words if w}:
            real = TextToPath().get_text_width_height_descent(text, font, ismath=False)[0]
            assert real <= text_width(text, 12, bold) + 1.0, text
            assert text_width(text, 12, bold) < 1.35 * real + 6, text


def lines(figure: Figure, role: str, panel: int = 0) -> list[Line]:
    return [m for m in figure.panels[panel].marks if isinstance(m, Line) and m.role == role]


def points(figure: Figure, role: str, panel: int = 0) -> list[Points]:
    return [m for m in figure.panels[panel].marks if isinstance(m, Points) and m.role == role]


def test_every_stage_tells_its_limits() -> None:
    chart = eight_stages()
    figure = chart.figure()
    shown = [t.text for t in texts_of(svg(figure))]
    for stage in chart.stages:
        distance = stage.upper - stage.lower
        assert f"UCL {told(stage.upper, distance)}" in shown
        assert f"LCL {told(stage.lower, distance)}" in shown
        assert told(stage.center, distance) in shown
    assert len([m for m in lines(figure, "center", 1) if m.label]) == 8


def test_a_rollout_says_from_what_to_what() -> None:
    chart = gaps()
    shown = [t.text for t in texts_of(svg(chart.figure()))]
    before, after = (told(s.center, s.upper - s.lower) for s in chart.stages)
    assert f"New desk, 2023-12-21: {before} → {after}" in shown
    assert f"before: {before}" in shown
    assert f"after New desk: {after}" in shown


def test_moving_limits_tell_the_average_and_settled_ones_where_they_settle() -> None:
    moving = CASES["proportions"]().figure()
    assert all("≈" in m.label for m in lines(moving, "limit"))
    assert "control limits (≈ at the average size)" in [t.text for t in texts_of(svg(moving))]
    base = many(40)()
    growing = 3 * np.sqrt(1 - 0.6 ** np.arange(2, 82, 2))
    panel = dataclasses.replace(base.panels[0], lower=-growing, upper=growing, center=np.zeros(40))
    figure = dataclasses.replace(base, panels=(panel,)).figure()
    assert [m.label for m in lines(figure, "limit")] == ["UCL 3.00", "LCL −3.00"]


def test_zone_lines_stand_where_zone_rules_run() -> None:
    y = np.random.default_rng(5).normal(10, 1, 60)
    assert len(lines(st.control_chart(y, rules="1,2").figure(), "zone")) == 0
    chart = st.control_chart(y, rules="1,5", rollout=30)
    zones = lines(chart.figure(), "zone")
    assert len(zones) == 4
    assert all(np.isnan(z.y).sum() == 1 for z in zones)
    assert np.isclose(zones[-1].y[0], chart.stages[0].center + 2 * chart.stages[0].sigma)
    assert lines(chart.figure(), "zone", 1) == []


def test_zone_lines_stay_inside_the_limits() -> None:
    figure = CASES["semmelweis"]().figure()
    assert all(np.nanmin(z.y) >= 0 for z in lines(figure, "zone"))


def test_the_line_breaks_where_nothing_was_measured() -> None:
    line = lines(gaps().figure(), "data")[0]
    broken = np.isnan(line.y)
    day = pd.to_datetime("2023-11-01").toordinal() - pd.Timestamp("1970-01-01").toordinal()
    assert broken[np.isclose(line.x, day + 40)].all()
    missing = line.x[broken & (line.x > day + 79) & (line.x < day + 83)]
    assert missing.size == 1
    drawn = re.search(r'role-data" d="([^"]+)"', svg(gaps().figure()))
    assert drawn is not None
    assert drawn[1].count("M") >= 4


def test_shapes_tell_roles_apart_in_both_renderers() -> None:
    figure = gaps().figure()
    ax = draw(figure)
    markers = {line.get_marker() for line in ax.lines}
    assert {"o", "D", "x"} <= markers
    drawing = svg(figure)
    assert '<g class="points role-signal"><path d="M' in drawing
    assert '<g class="points role-data"><circle' in drawing


@pytest.mark.parametrize("name", ["gaps", "eight stages", "2,000 days", "proportions"])
def test_both_renderers_say_the_same(figures: dict[str, Figure], name: str) -> None:
    canvas = draw(figures[name]).get_figure(root=True)
    assert canvas is not None
    words = sorted(t.get_text().replace(r"\$", "$") for t in canvas.texts)
    plan = layout(figures[name])
    assert words == sorted(t.text for t in plan.every_text if t.kind != "tick")
    ticks = [t.get_text() for t in canvas.axes[-1].get_xticklabels()]
    assert ticks == [f"{t.text}\n{t.context}" if t.context else t.text for t in plan.x_ticks]


def test_words_stay_inside_axes_that_are_given() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(8, 4))
    renderer = FigureCanvasAgg(canvas).get_renderer()
    ax = canvas.subplots()
    assert gaps().plot(ax) is ax
    box = ax.get_window_extent()
    assert len(ax.texts) > 8
    for text in ax.texts:
        inside = text.get_window_extent(renderer)
        assert inside.x0 >= box.x0 - 1, text
        assert inside.x1 <= box.x1 + 1, text
        assert inside.y1 <= box.y1 + 2, text


@pytest.mark.parametrize(("n", "freq"), [(20, "D"), (20, "MS"), (2000, "D"), (2000, "h"), (50, "min"), (400, "MS")])
@pytest.mark.parametrize("width", WIDTHS)
def test_dates_can_be_read(n: int, freq: str, width: int) -> None:
    chart = st.control_chart(days(n, "2019-11-20 06:00" if freq in ("h", "min") else "2019-11-01", freq),
                             value="lead time", time="day", rules="1")  # fmt: skip
    ticks = layout(chart.figure(), width).x_ticks
    assert 2 <= len(ticks) <= width / 45
    years = "".join(t.context + t.text for t in ticks)
    first, last = chart.axis.labels[0][:4], chart.axis.labels[-1][:4]
    assert first in years or str(int(first) + 1) in years
    if last != first and freq != "MS":
        assert last in years


def test_point_numbers_are_whole_and_of_points() -> None:
    for n in (2, 3, 7, 20, 101):
        ticks = layout(many(n, "1")().figure(), 480).x_ticks
        assert all(t.at == int(t.at) and 1 <= t.at <= n for t in ticks)
        assert ticks[0].text == "1"
    assert layout(CASES["lots"]().figure()).x_ticks[0].text == "lot 000"


class Lazy:
    """A sequence that counts how often it is asked and refuses to be walked through."""

    def __init__(self, n: int) -> None:
        self.n, self.asked = n, 0

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, index: int) -> str:
        self.asked += 1
        return str(range(1, self.n + 1)[index])

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("never walk through the labels of many points")


def test_many_points_are_drawn_quickly_and_every_signal_is_kept() -> None:
    n = 100_000
    chart = many(n)()
    labels, stages = Lazy(n), Lazy(n)
    chart = dataclasses.replace(
        chart,
        axis=dataclasses.replace(chart.axis, labels=labels),  # type: ignore[arg-type]
        stage_of=stages,  # type: ignore[arg-type]
    )
    begun = time.perf_counter()
    figure = chart.figure()
    drawing = svg(figure)
    assert time.perf_counter() - begun < 2.0
    begun = time.perf_counter()
    draw(figure)
    assert time.perf_counter() - begun < 2.0
    assert labels.asked + stages.asked < 10_000
    assert len(drawing) < 600_000
    shapes = re.findall(r'class="points role-signal">(.*?)</g>', drawing, re.S)
    assert len(shapes) == len(chart.panels) + 1  # and the sample in the legend
    for panel, shape in zip(chart.panels, shapes, strict=False):
        fired = {s.point for s in chart.signals if s.panel == panel.name}
        assert len(re.findall(r"[Mm]-?\d", shape)) == len(fired) > 500


def test_a_crowd_of_signals_is_one_path() -> None:
    y = np.where(np.arange(20_000) % 2 == 0, 1.0, 1.2)
    y[::10] = 90.0
    chart = st.control_chart(y, rules="1")
    at = np.arange(0, 20_000)
    figure = Figure((dataclasses.replace(chart.figure().panels[0], marks=(Points(at + 0.0, y, "signal"),)),), "x", "a")
    (path,) = re.findall(r'<path class="many"[^>]* d="([^"]+)"', svg(figure))
    assert len(re.findall(r"[Mm]-?\d", path)) == 20_000


def panel_of(name: str, n: int, **parts: Any) -> ChartPanel:
    nothing = np.full(n, np.nan)
    given = {"n": np.ones(n), "center": nothing, "lower": nothing, "upper": nothing, "sigma": nothing, **parts}
    return ChartPanel(name, value=np.random.default_rng(6).normal(0, 1, n), **given)


def test_any_panels_are_drawn() -> None:
    base = st.control_chart(np.random.default_rng(7).normal(0, 1, 30), rules="none")
    three = (
        panel_of("run", 30, center=np.zeros(30)),
        panel_of("upper arm", 30, upper=np.full(30, 5.0)),
        panel_of("lower arm", 30, lower=np.full(30, -5.0), center=np.zeros(30)),
    )
    chart: ControlChart = dataclasses.replace(base, panels=three)
    figure = chart.figure()
    assert [len(lines(figure, "limit", i)) for i in range(3)] == [0, 1, 1]
    assert [len(lines(figure, "center", i)) for i in range(3)] == [1, 0, 1]
    shown = [t.text for t in texts_of(svg(figure))]
    assert "UCL 5.00" in shown
    assert "LCL −5.00" in shown
    assert "upper arm" in shown
    plan = layout(figure)
    tops = [p.y.stop for p in plan.panels]
    assert tops == sorted(tops)
    assert all(a.y.start < b.y.stop for a, b in itertools.pairwise(plan.panels))


def test_figures_of_a_value_follow_the_distance_of_the_lines() -> None:
    assert told(74.0011752, 0.0265) == "74.0012"
    assert told(-0.00734, 6.0) == "−0.007"
    assert told(1e9 + 0.06, 5.6) == "1,000,000,000.06"
    assert told(1.25e9, 6e8) == "1.250e9"
    assert told(1.5e-6, 4e-6) == "1.50e−6"
    assert told(7.0, 0.0) == "7.00"


def test_events_stand_on_the_axis() -> None:
    chart = gaps()
    rules = [m for m in chart.figure().panels[0].marks if isinstance(m, Rule) and m.role == "event"]
    assert [m.label for m in rules] == ["pump replaced", "new supplier", "leave"]
    assert rules[0].text == "2023-11-20: pump replaced"
    lower = [m for m in chart.figure().panels[1].marks if isinstance(m, Rule) and m.role == "event"]
    assert [m.label for m in lower] == ["", "", ""]
    assert "pump replaced" in chart.figure().alt
    drawing = svg(chart.figure())
    assert drawing.count("<title>2023-11-20: pump replaced</title>") == 3


def test_crowded_events_are_lettered_and_told_beneath() -> None:
    figure = two_thousand().figure()
    shown = [t.text for t in texts_of(svg(figure))]
    assert {"A", "B", "AD", "A event number 0 happened"} <= set(shown)
    assert any(re.fullmatch(r"and \d+ more", t) for t in shown)
    assert svg(figure).count("event number 29 happened</title>") >= 2


def test_a_page_lists_every_event() -> None:
    sections = {s.id: s for s in two_thousand().document().sections}
    (table,) = sections["events"].blocks
    assert isinstance(table, Table)
    assert len(table.rows) == 30
    assert "events" not in {s.id for s in many(20)().document().sections}


MONTHS = st.control_chart(days(24, "2020-01-01", "MS"), value="lead time", time="day").axis
NUMBERS = st.control_chart(pd.DataFrame({"y": [1871, 1872, 1873, 1874], "v": [1.0, 2, 1, 3]}), value="v", time="y").axis
ORDER = CASES["lots"]().axis


def test_events_are_read_from_tables_and_pairs() -> None:
    table = pd.DataFrame({"label": ["b", "a", None], "date": ["2020-05-17", "2020-03", None], "who": [1, 2, 3]})
    found = read_events(table, MONTHS)
    assert [e.label for e in found] == ["a", "b"]
    assert found[1].x == (pd.Timestamp("2020-05-17") - pd.Timestamp("1970-01-01")).days
    assert found[1].text == "2020-05-17: b"
    other = pd.DataFrame({"when": pd.to_datetime(["2020-03-01", "2020-05-17"]), "what": ["a", "b"]})
    assert [e.x for e in read_events(other, MONTHS)] == [e.x for e in found]
    assert read_events(other, MONTHS)[0].text == "2020-03-01: a"
    assert read_events([(1872.5, "war")], NUMBERS) == (Event(1872.5, "war", "1872.5: war"),)
    assert [e.x for e in read_events([("lot 004", "a"), (7, "b"), ("9", "c")], ORDER)] == [5.0, 7.0, 9.0]
    assert read_events([], MONTHS) == read_events(table.iloc[:0], MONTHS) == ()


def test_events_outside_the_data_are_counted_and_twins_are_one() -> None:
    placed = place_events(
        [("2019-12-31", "x"), ("2020-02-01", "y"), ("2020-02-01", "y"), ("2030-01-01", "z"), ("2020-02-01", "w")],
        MONTHS,
    )
    assert [e.label for e in placed.events] == ["y", "w"]
    assert placed.outside == 2


@pytest.mark.parametrize(
    ("source", "axis", "words"),
    [
        (
            [("2020-02-01", "a"), ("soon", "b")],
            MONTHS,
            r"column 'date' of the events holds 'soon' in row 2.*2020-01-01",
        ),
        (
            [("2020-02-01", "a"), ("03/04/2020", "b")],
            MONTHS,
            r"two ways, '2020-02-01' in row 1 and '03/04/2020' in row 2",
        ),
        ([("2020-02-01", "")], MONTHS, r"column 'label' of the events is empty in row 1"),
        ([(None, "a")], MONTHS, r"column 'date' of the events is empty in row 1"),
        ([("many", "a")], NUMBERS, r"'many' in row 1, which is not a number like those of column 'y'"),
        ([(np.inf, "a")], NUMBERS, r"'inf' in row 1"),
        ([("lot 999", "a")], ORDER, r"'lot 999' in row 1, which is not a point number.*lot 000 to lot 039"),
        (["2020-02-01"], MONTHS, r"event 1 is '2020-02-01': give pairs"),
        (pd.DataFrame({"date": ["2020-02-01"]}), MONTHS, r"two columns, date and label; this table has 1"),
    ],
)
def test_strange_events_are_refused_in_one_sentence(source: Any, axis: Any, words: str) -> None:
    with pytest.raises(DataError, match=words) as refused:
        read_events(source, axis)
    assert "\n" not in str(refused.value)


def test_hostile_events_are_harmless() -> None:
    chart = with_events(many(20)(), [(3, "<script>alert(1)</script>"), (5, "$x_1$ \u202eabc"), (9, "x" * 5000)])
    drawing = svg(chart.figure())
    assert "<script" not in drawing
    assert texts_of(drawing)
    draw(chart.figure())
