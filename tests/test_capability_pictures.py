"""The pictures of a capability study, checked as marks."""

from __future__ import annotations

import itertools
import time
import warnings
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.special import ndtri
from scipy.stats import beta

import sigmatool as st
from picture_cases import texts_of
from sigmatool.capability.before_after import before_after
from sigmatool.capability.bins import bins, recount, resolution
from sigmatool.capability.goal_plot import Goal, goal_plot, standardized
from sigmatool.capability.histogram import Curve, histogram, value_text
from sigmatool.capability.probability_plot import probability_plot
from sigmatool.capability.sixpack import SpreadRow, sixpack, spread_plot
from sigmatool.render.figure import Arrow, Bars, Figure, Interval, Label, Line, Points, Rule, Sheet
from sigmatool.render.layout import layout
from sigmatool.render.mpl import image
from sigmatool.render.svg import svg

Floats = np.ndarray

RNG = np.random.default_rng(20)
BELL = RNG.normal(10.03, 0.09, 125)
CASES: dict[str, tuple[Floats, float | None, float | None]] = {
    "bell": (BELL, 9.75, 10.25),
    "rounded": (np.round(RNG.normal(10.02, 0.06, 300), 2), 9.85, 10.15),
    "whole numbers": (np.round(RNG.normal(5, 1.5, 200)), 2.0, 8.0),
    "limits between the steps": (np.round(RNG.normal(5, 1.5, 200)), 2.5, 7.5),
    "limits off the steps": (np.round(RNG.normal(5, 1.5, 200)), 2.2, 7.9),
    "upper alone": (RNG.exponential(3, 400), None, 12.0),
    "lower alone": (RNG.exponential(3, 400), 0.5, None),
    "no limits": (BELL, None, None),
    "a wild value": (np.r_[BELL, 5000.0], 9.75, 10.25),
    "far limits": (BELL, -50.0, 150.0),
    "all below": (BELL, 20.0, 21.0),
    "all above": (BELL, -20.0, -10.0),
    "constant": (np.full(20, 10.0), 9.75, 10.25),
    "constant, no limits": (np.full(20, 10.0), None, None),
    "constant zero": (np.zeros(7), None, None),
    "constant outside": (np.full(20, 30.0), 9.75, 10.25),
    "one": (np.array([10.0]), 9.75, 10.25),
    "two": (np.array([9.9, 10.1]), 9.75, 10.25),
    "offset 1e15": (1e15 + np.round(RNG.normal(0, 4, 200)), 1e15 - 10, 1e15 + 10),
    "tiny": (BELL * 1e-12, 9.75e-12, 10.25e-12),
    "huge": (BELL * 1e12, 9.75e12, 10.25e12),
    "no tolerance": (BELL, 10.0, 10.0),
    "hardly any tolerance": (BELL, 10.0, 10.01),
    "two lumps": (np.r_[np.full(50, 1.0), np.full(50, 9.0)], 0.0, 10.0),
    "mostly one value": (np.r_[np.full(90, 1.0), np.arange(10.0)], 0.0, 5.0),
}


@pytest.fixture(autouse=True)
def loud() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def normal(mean: float, sd: float) -> Callable[[Floats], Floats]:
    return lambda v: np.exp(-0.5 * ((v - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))


def quantile(x: Floats) -> Callable[[Floats], Floats]:
    mean, sd = x[0] + np.mean(x - x[0]), np.std(x - x[0], ddof=1)
    return lambda p: mean + sd * ndtri(p)


def bars(figure: Figure, panel: int = 0) -> list[Bars]:
    return [m for m in figure.panels[panel].marks if isinstance(m, Bars)]


def rules(figure: Figure, role: str, panel: int = 0) -> list[Rule]:
    return [m for m in figure.panels[panel].marks if isinstance(m, Rule) and m.role == role]


def met(figure: Figure, width: float | None = None) -> list[tuple[str, str]]:
    texts = texts_of(svg(figure, width=width))
    assert all("nan" not in t.text and "inf" not in t.text for t in texts)
    return [(a.text, b.text) for a, b in itertools.combinations(texts, 2) if a.box.meets(b.box)]


@pytest.mark.parametrize("name", CASES)
def test_every_value_is_in_one_bin_and_no_bin_straddles_a_limit(name: str) -> None:
    x, lsl, usl = CASES[name]
    found = bins(x, lsl, usl)
    assert found.counts.sum() + found.below + found.above == x.size
    assert np.all(np.diff(found.edges) > 0)
    assert found.counts.size <= 400
    outside = np.zeros(x.size, dtype=bool)
    if lsl is not None:
        outside |= x < lsl
    if usl is not None:
        outside |= x > usl
    place = np.searchsorted(found.edges, x, side="right") - 1
    seen = (place >= 0) & (place < found.counts.size)
    assert np.array_equal(found.outside[place[seen]], outside[seen])


def test_a_limit_of_unrounded_data_is_an_edge_and_a_value_on_it_meets_it() -> None:
    x = np.r_[BELL, 9.75, 10.25]
    found = bins(x, 9.75, 10.25)
    assert np.isclose(found.edges, 9.75, rtol=0, atol=1e-9).any()
    assert np.isclose(found.edges, 10.25, rtol=0, atol=1e-9).any()
    assert found.counts[found.outside].sum() == int(((x < 9.75) | (x > 10.25)).sum())


def test_rounded_data_do_not_comb() -> None:
    # every whole number equally often: bars of equal width are equally high
    x = np.repeat(np.arange(200.0), 7) / 10
    found = bins(x, 0.0, 19.9)
    inner = found.counts[1:-1]
    assert inner.min() == inner.max()
    assert np.allclose(np.mod(found.width / 0.1, 1.0), 0.0, atol=1e-9)


@pytest.mark.parametrize(("step", "offset"), [(0.01, 10.0), (0.25, -3.0), (25.4 * 0.001, 0.0), (1.0, 1e15), (5.0, 0.0)])
def test_the_resolution_is_found(step: float, offset: float) -> None:
    x = offset + step * np.random.default_rng(4).integers(-40, 40, 300)
    assert np.isclose(resolution(x), step, rtol=1e-6)


def test_the_same_bins_count_other_values() -> None:
    common = bins(BELL, 9.75, 10.25)
    other = recount(np.array([10.25, 10.0, 99.0]), common, 10.25)
    assert other.counts[~other.outside].sum() == 2
    assert other.above == 1
    assert np.array_equal(recount(BELL, common, 10.25).counts, common.counts)


@given(some.lists(some.floats(-1e6, 1e6), min_size=1, max_size=40), some.floats(-1e6, 1e6), some.floats(0, 1e6))
@settings(max_examples=150, deadline=None)
def test_any_values_are_counted_once(values: list[float], lower: float, wide: float) -> None:
    x = np.array(values)
    found = bins(x, lower, lower + wide)
    assert found.counts.sum() + found.below + found.above == x.size
    assert np.all(np.diff(found.edges) > 0)


@pytest.mark.parametrize("name", CASES)
def test_a_histogram_is_drawn_whatever_the_data(name: str) -> None:
    x, lsl, usl = CASES[name]
    sd = float(np.std(x - x[0]))
    mean = float(x[0] + np.mean(x - x[0]))
    curves = (Curve("within", "within", normal(mean, 0.8 * sd)), Curve("overall", "overall", normal(mean, sd)))
    figure = histogram(x, lsl=lsl, usl=usl, target=lsl, curves=curves if sd > 0 else (), name="bore, mm")
    width = bins(x, lsl, usl).width
    area = sum(float(m.y.sum()) * m.width for m in bars(figure)) / width
    far = bins(x, lsl, usl)
    assert np.isclose(area, x.size - far.below - far.above)
    for size in (430, 960):
        assert met(figure, size) == []
    told = " ".join(t.text for t in texts_of(svg(figure)))
    for limit, sign in ((lsl, "LSL"), (usl, "USL")):
        if limit is not None:
            assert f"{sign} {value_text(limit)}" in told
    ElementTree.fromstring(svg(figure))
    image(figure)


def test_curves_are_scaled_to_the_bars() -> None:
    x = np.random.default_rng(5).normal(0, 1, 20_000)
    figure = histogram(x, curves=(Curve("overall", "overall", normal(0, 1)),))
    line = next(m for m in figure.panels[0].marks if isinstance(m, Line))
    for bar in bars(figure):
        tall = bar.y > 400
        assert np.allclose(np.interp(bar.x[tall], line.x, line.y), bar.y[tall], rtol=0.15)


def test_limits_and_values_far_off_are_told_at_the_edge() -> None:
    figure = histogram(np.r_[BELL, 5000.0], lsl=-900.0, usl=10.25, name="bore")
    notes = [m.text for m in figure.panels[0].marks if isinstance(m, Label)]
    assert notes == ["← LSL −900: none below", "1 more, up to 5000 →"]
    assert [m.at for m in rules(figure, "specification")] == [10.25]
    assert max(float(m.x.max()) for m in bars(figure)) < 11


def test_the_number_beyond_each_limit_is_told() -> None:
    figure = histogram(np.array([1.0, 2.0, 2.5, 3.0, 9.0]), lsl=2.0, usl=4.0)
    assert [m.label for m in rules(figure, "specification")] == ["LSL 2: 1 below (20 %)", "USL 4: 1 above (20 %)"]
    assert "1 below the lower and 1 above the upper" in figure.alt
    outside = [m for m in bars(figure) if m.role == "outside"]
    assert sum(float(m.y.sum()) * m.width for m in outside) == pytest.approx(
        2 * bins(np.array([1.0, 2.0, 2.5, 3.0, 9.0]), 2.0, 4.0).width
    )


def test_a_million_values_are_quick_and_small() -> None:
    x = np.random.default_rng(6).normal(0, 1, 1_000_000)
    start = time.perf_counter()
    figures = (histogram(x, lsl=-3.5, usl=3.5), probability_plot(x, ppf=quantile(x), fit="normal"))
    assert time.perf_counter() - start < 3.0
    assert all(len(svg(f)) < 200_000 for f in figures)


def test_the_band_is_that_of_the_order_statistics() -> None:
    x = np.random.default_rng(7).normal(3, 2, 20)
    figure = probability_plot(x, ppf=quantile(x), fit="normal", words="A² 0.2, p 0.8")
    low, high = (m for m in figure.panels[0].marks if isinstance(m, Line) and m.role == "band")
    i = np.arange(1, 21)
    assert np.allclose(low.x, quantile(x)(beta.ppf(0.025, i, 21 - i)))
    assert np.allclose(high.x, quantile(x)(beta.ppf(0.975, i, 21 - i)))
    fit = next(m for m in figure.panels[0].marks if isinstance(m, Line) and m.role == "fit")
    assert fit.label == "normal (A² 0.2, p 0.8)"
    assert np.allclose(fit.x, fit.y)
    points = next(m for m in figure.panels[0].marks if isinstance(m, Points))
    assert np.array_equal(points.x, np.sort(x))
    assert np.allclose(points.y, quantile(x)(beta.median(i, 21 - i)))


def test_the_probability_scale_is_in_percent_and_reaches_as_far_as_the_sample() -> None:
    def shown(n: int) -> list[str]:
        x = np.random.default_rng(8).normal(0, 1, n)
        return [w for _, w in layout(probability_plot(x, ppf=quantile(x), fit="normal")).panels[0].y_ticks]

    assert "50 %" in shown(10)
    assert "99.9 %" not in shown(10)
    assert {"1 %", "50 %", "99 %"} <= set(shown(100))
    assert "99.99 %" in shown(100_000)


@pytest.mark.parametrize(
    "x", [np.array([1.0]), np.array([1.0, 2.0]), np.full(9, 10.0), 1e15 + np.arange(40.0), np.arange(40.0) * 1e-12]
)
def test_a_probability_plot_is_drawn_whatever_the_data(x: Floats) -> None:
    sd = float(np.std(x - x[0]))
    middle = float(x[0] + np.mean(x - x[0]))
    figure = probability_plot(x, ppf=lambda p: middle + sd * ndtri(p), fit="normal", lsl=float(x[0]), usl=None)
    assert met(figure) == []
    image(figure)


def test_a_fit_that_fails_leaves_the_points() -> None:
    figure = probability_plot(BELL, ppf=lambda p: np.full_like(p, np.nan), fit="gamma")
    assert {m.role for m in figure.panels[0].marks} == {"data"}
    assert met(figure) == []


def test_stages_share_bins_heights_and_limits() -> None:
    before, after = BELL + 0.1, BELL[:40] - 0.02
    figure = before_after((("before", before), ("after", after)), lsl=9.75, usl=10.25, target=10.0, name="bore")
    assert len(figure.panels) == 2
    places = [layout(figure).panels[i] for i in (0, 1)]
    assert (places[0].y.low, places[0].y.high) == (places[1].y.low, places[1].y.high)
    for panel, values in enumerate((before, after)):
        assert sum(float(m.y.sum()) for m in bars(figure, panel)) == pytest.approx(1.0)
        assert [m.at for m in rules(figure, "mean", panel)] == pytest.approx([values.mean()])
        assert [m.at for m in rules(figure, "specification", panel)] == [9.75, 10.25]
    assert met(figure) == []
    assert figure.panels[0].y_label.startswith("before: 125 values")
    assert f"{int((before > 10.25).sum())} outside" in figure.panels[0].y_label


@pytest.mark.parametrize("x", [np.full(5, 3.0), np.array([3.0]), 1e15 + np.arange(9.0)])
def test_stages_are_drawn_whatever_the_data(x: Floats) -> None:
    figure = before_after((("a", x), ("b", x), ("c", x)), lsl=float(x[0]) - 1, usl=None)
    assert met(figure) == []
    image(figure)


def test_the_goal_plot_stands_where_ppk_says() -> None:
    mean, sd = 10.4, 0.2
    offset, spread = standardized(mean, sd, lsl=9.0, usl=11.0)
    assert Goal("bore", offset, spread).ppk == pytest.approx(min(11.0 - mean, mean - 9.0) / (3 * sd))
    figure = goal_plot((Goal("bore", offset, spread), Goal("limit", 0.25, 0.25 / 3)))
    line = next(m for m in figure.panels[0].marks if isinstance(m, Line))
    assert np.interp(0.25, line.x, line.y) == pytest.approx(0.25 / 3)


def test_one_limit_needs_a_target_and_the_good_side_is_no_fault() -> None:
    with pytest.raises(ValueError, match="needs a target"):
        standardized(1.0, 0.1, lsl=0.0, usl=None)
    with pytest.raises(ValueError, match="between the limits"):
        standardized(1.0, 0.1, lsl=0.0, usl=0.0)
    assert standardized(12.0, 0.5, lsl=5.0, usl=None, target=10.0) == (0.0, 0.05)
    assert standardized(9.0, 0.5, lsl=5.0, usl=None, target=10.0) == pytest.approx((-0.1, 0.05))


def test_arrows_lead_from_before_to_after_and_names_do_not_touch() -> None:
    rng = np.random.default_rng(9)
    goals = tuple(
        Goal(f"characteristic {i}", rng.normal(0, 0.1), rng.gamma(9, 0.01), (rng.normal(0, 0.2), rng.gamma(9, 0.015)))
        for i in range(30)
    )
    figure = goal_plot(goals)
    arrows = [m for m in figure.panels[0].marks if isinstance(m, Arrow)]
    ends = {(m.x0, m.y0, m.x1, m.y1) for m in arrows}
    assert ends == {(*g.before, g.offset, g.spread) for g in goals if g.before is not None}
    assert met(figure) == []
    assert sum(t.kind.startswith("point-name") for t in texts_of(svg(figure))) >= 15


def test_of_many_characteristics_the_worst_are_named() -> None:
    rng = np.random.default_rng(10)
    goals = tuple(Goal(f"d{i}", rng.normal(0, 0.1), rng.gamma(9, 0.012)) for i in range(200))
    points = next(m for m in goal_plot(goals).panels[0].marks if isinstance(m, Points))
    worst = sorted(goals, key=lambda g: g.ppk)[:30]
    assert [t for t in points.tags if t] == [g.name for g in worst]
    assert len(points.text) == 200


def test_a_characteristic_beyond_the_picture_stands_at_its_edge() -> None:
    figure = goal_plot((Goal("wild", 3.0, 0.1), Goal("wide", 0.1, 2.0), Goal("flat", 0.0, 0.0)))
    points = next(m for m in figure.panels[0].marks if isinstance(m, Points))
    assert set(points.tags) == {"wild →", "wide ↑", "flat"}
    assert max(points.x) < 1
    assert met(figure) == []


def six(chart: st.ControlChart, x: Floats, **more: object) -> Sheet:
    sd = float(np.std(x, ddof=1))
    rows = tuple(
        SpreadRow(
            n, n, float(x.mean()), float(x.mean()) - 3 * sd, float(x.mean()) + 3 * sd, ("Cp 1.2 (1.1 to 1.3)", "Cpk 1")
        )
        for n in ("within", "overall")
    )
    curves = (Curve("overall", "overall", normal(float(x.mean()), sd)),)
    return sixpack(chart, x, ppf=quantile(x), curves=curves, rows=rows, name="bore", title="Bore", **more)  # type: ignore[arg-type]


def test_six_pictures_on_one_sheet() -> None:
    table = pd.DataFrame({"v": BELL, "lot": np.repeat(np.arange(25), 5)})
    chart = st.control_chart(table, "xbar-r", value="v", subgroup="lot")
    sheet = six(chart, BELL, lsl=9.75, usl=10.25, target=10.0, subgroups=list(BELL.reshape(25, 5)), last=10)
    assert [f.title for f in sheet.figures] == [
        "Location chart", "Dispersion chart", "The last 10 subgroups", "Histogram", "Probability plot",
        "Spread and tolerance",
    ]  # fmt: skip
    for figure in sheet.figures:
        assert met(figure, 430) == []
    values = next(m for m in sheet.figures[2].panels[0].marks if isinstance(m, Points))
    assert np.array_equal(values.y, BELL[-50:])
    assert values.x.min() == 16
    assert len(sheet.figures[0].panels[0].marks) == len(chart.figure().panels[0].marks)


def test_one_sided_and_short_sheets_are_drawn() -> None:
    chart = st.control_chart(BELL, rollout=60)
    sheet = six(chart, BELL, usl=10.15)
    spread = sheet.figures[-1]
    arrow = next(m for m in spread.panels[0].marks if isinstance(m, Arrow))
    assert arrow.x1 < arrow.x0 == 10.15
    assert "at most 10.15" in spread.alt
    for figure in sheet.figures:
        assert met(figure, 430) == []
    image(sheet)
    assert len(six(st.control_chart(BELL[:2]), BELL[:2], lsl=9.0).figures) == 6


def test_the_spread_plot_holds_spread_and_tolerance() -> None:
    figure = spread_plot((SpreadRow("overall", "overall", 10.0, 9.7, 10.3, ("Pp 0.83",)),), lsl=9.75, usl=10.25)
    drawn = {m.role: (m.low, m.high) for m in figure.panels[0].marks if isinstance(m, Interval)}
    assert drawn == {"overall": (9.7, 10.3), "specification": (9.75, 10.25)}
    assert figure.panels[0].categories == ("specification", "overall")
