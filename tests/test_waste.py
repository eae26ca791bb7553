"""Where the waste is: Pareto of causes, yields of steps, use of equipment."""

from __future__ import annotations

import inspect
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st_
from scipy import stats

import sigmatool as st
from conftest import without_ours
from sigmatool.cli import main
from sigmatool.cli.lean_commands import lean
from sigmatool.errors import DataError, SettingsError
from sigmatool.lean.pareto_picture import by_cost, by_count
from sigmatool.numbers.category_change import clustering, mix_test, rate_ratios
from sigmatool.numbers.category_shares import could_be_largest, neighbours, rank_intervals, simultaneous_shares
from sigmatool.numbers.effectiveness import pooled_ratio
from sigmatool.numbers.estimate import Estimate
from sigmatool.numbers.rate_ratio import exact_rate_ratio
from sigmatool.numbers.rolled_yield import could_be_worst, hidden_factory, rolled, step_yields
from sigmatool.numbers.weighted_shares import total_ratio, weighted_shares
from sigmatool.render.figure import Bars, Interval, Sheet
from sigmatool.render.layout import layout
from waste_cases import losses, shifts


def counted(counts: dict[str, int], **more: Any) -> Any:
    return st.pareto(pd.DataFrame({"cause": counts.keys(), "n": counts.values()}), category="cause", count="n", **more)


def codes(result: Any) -> set[str]:
    return {c.code for c in result.caveats}


# --- arithmetic of categories


def test_ranks_are_those_of_every_pair() -> None:
    """The search along sorted counts against the plain double loop."""
    rng = np.random.default_rng(1)
    for k in (2, 3, 9, 25):
        x = rng.poisson(rng.gamma(1, 30, k)).astype(float)
        x[0] += 1
        level = 0.05 / (k * (k - 1))
        ahead = [sum(stats.binom.cdf(a, a + b, 0.5) <= level and b > a for b in x) for a in x]
        behind = [sum(stats.binom.cdf(b, a + b, 0.5) <= level and a > b for b in x) for a in x]
        low, high = rank_intervals(x)
        assert low.tolist() == [1 + n for n in ahead]
        assert high.tolist() == [k - n for n in behind]


def test_ratios_are_those_of_the_comparison_of_two_rates() -> None:
    found = rate_ratios([3, 40, 0], [11, 30, 5], (1083.857, 800.0))
    for i, (a, b) in enumerate(((3, 11), (40, 30), (0, 5))):
        one = exact_rate_ratio(a, 1083.857, b, 800.0)
        got = [float(v[i]) for v in (found.ratio, found.low, found.high, found.p)]
        np.testing.assert_allclose(got, [one.value, one.low, one.high, one.p], rtol=1e-9)
    several = rate_ratios([40], [30], families=8)
    alone = exact_rate_ratio(40, 1, 30, 1, 1 - 0.05 / 8)
    np.testing.assert_allclose([several.low[0], several.high[0]], [alone.low, alone.high])
    assert several.p[0] == min(1.0, 8 * alone.p)


@given(st_.integers(0, 400), st_.integers(0, 400), st_.floats(0.1, 10))
@settings(max_examples=60, deadline=None)
def test_p_and_interval_of_a_ratio_agree(a: int, b: int, t: float) -> None:
    if a + b == 0:
        return
    found = rate_ratios([a], [b], (1.0, t), families=5)
    assert (found.p[0] < 0.05) == (found.low[0] > 1 or found.high[0] < 1)


def test_neighbours_are_exact_and_adjusted() -> None:
    found = neighbours([94, 33, 33, 0])
    p = [3 * stats.binomtest(a, a + b).pvalue for a, b in ((94, 33), (33, 33), (33, 0))]
    np.testing.assert_allclose(found.p, np.minimum(p, 1), rtol=1e-9)
    assert found.ratio.tolist() == [94 / 33, 1.0, np.inf]
    assert np.isnan(neighbours([5, 0, 0]).p[1])


def test_shares_hold_together_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    truth = np.array([0.4, 0.25, 0.15, 0.1, 0.06, 0.04])
    hits = largest = ranks = 0
    for _ in range(400):
        x = rng.multinomial(150, truth)
        _, low, high = simultaneous_shares(x)
        hits += bool(np.all((low <= truth) & (truth <= high)))
        largest += bool(could_be_largest(x)[0])
        first, last = rank_intervals(x)
        ranks += bool(np.all((first <= np.arange(1, 7)) & (np.arange(1, 7) <= last)))
    assert hits >= 375
    assert largest >= 380
    assert ranks >= 380


def test_equal_shares_are_all_left_in_the_set_of_the_largest() -> None:
    rng = np.random.default_rng(4)
    lost = sum(not could_be_largest(rng.multinomial(200, np.full(20, 0.05)))[0] for _ in range(400))
    assert lost <= 0.05 * 400


def test_the_mix_is_tested_by_chi_square_or_by_drawn_tables() -> None:
    a, b = np.array([40, 30, 30]), np.array([20, 35, 45])
    found = mix_test(a, b, np.random.default_rng(1))
    wanted = stats.chi2_contingency([a, b], correction=False)
    assert (found.simulated, found.dof) == (0, 2)
    np.testing.assert_allclose([found.statistic, found.p], [wanted.statistic, wanted.pvalue])
    few, other = np.array([6, 1, 0, 2]), np.array([1, 3, 2, 2])
    drawn = [mix_test(few, other, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1]
    assert drawn[0].simulated == 9_999
    # two by two: the exact law of the tables is hypergeometric
    x = mix_test(np.array([7, 1]), np.array([2, 6]), np.random.default_rng(5))
    assert x.p == pytest.approx(stats.fisher_exact([[7, 1], [2, 6]])[1], abs=0.01)
    halved = mix_test(a, b, np.random.default_rng(1), worth=0.5)
    assert halved.p > found.p
    assert mix_test(np.array([4, 0]), np.array([5, 0]), np.random.default_rng(1)).p == 1


def test_clusters_are_seen_and_chance_is_not() -> None:
    rng = np.random.default_rng(6)
    seen = [clustering(rng.poisson([9, 5, 2], (24, 3)), np.ones(24))[1] < 0.01 for _ in range(200)]
    assert sum(seen) <= 7
    ratio, p = clustering(3 * rng.poisson([9, 5, 2], (24, 3)), np.ones(24))
    assert 2 < ratio < 4.2
    assert p < 1e-6
    assert clustering(np.array([[3.0, 2.0]]), np.ones(1)) == (1.0, 1.0)
    assert clustering(np.array([[1.0], [0.0], [0.0]]), np.ones(3)) == (1.0, 1.0)


def test_shares_of_money_cover_the_truth() -> None:
    rng, hits, ratio = np.random.default_rng(7), 0, 0
    truth = np.array([50 * 2.0, 20 * 8.0, 10 * 3.0])
    for _ in range(300):
        groups = [[rng.exponential(m, rng.poisson(n)) for n, m in ((50, 2.0), (20, 8.0), (10, 3.0))] for _ in range(2)]
        sums = [(np.array([g.sum() for g in one]), np.array([(g**2).sum() for g in one])) for one in groups]
        _, low, high = weighted_shares(*sums[0])
        hits += bool(np.all((low <= truth / truth.sum()) & (truth / truth.sum() <= high)))
        _, below, above = total_ratio(sums[0], sums[1], (1.0, 1.0), families=1)
        ratio += bool(below[1] <= 1 <= above[1])
    assert 270 <= hits <= 298
    assert 270 <= ratio <= 298


@given(st_.floats(1e-60, 1e60))
@settings(max_examples=20, deadline=None)
def test_money_has_no_unit(scale: float) -> None:
    total, squares = np.array([900.0, 100.0, 0.0]), np.array([9e4, 1e3, 0.0])
    for a, b in zip(weighted_shares(total, squares), weighted_shares(total * scale, squares * scale**2), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9)


# --- Pareto


def test_one_stage() -> None:
    found = counted({"b": 80, "e": 27, "c": 66, "a": 94, "d": 33})
    frame = found.to_frame()
    assert frame["category"].tolist() == ["a", "b", "c", "d", "e"]
    assert frame["cumulative"].tolist() == [94, 174, 240, 273, 300]
    assert frame["rank_low"].tolist() == [1, 1, 1, 4, 4]
    assert found.could_be_largest == ("a", "b", "c")
    assert "Most frequent cause: a, 94 of 300 (31.3 %); b and c could as well be the largest" in found.headline
    assert found.study.change is None
    held = found.to_dict()
    assert held["schema"] == "sigmatool.pareto/1"
    assert held["rows"] == {"read": 5, "used": 5, "missing": 0, "excluded": 0, "dropped": 0}
    assert "it truly is the largest" in counted({"a": 90, "b": 10}).headline


def test_rows_are_events_and_missing_ones_are_counted() -> None:
    table = pd.DataFrame({"cause": ["x", None, "x", " ", "y", "x"], "n": [1, 1, None, 1, 2, 3]})
    log = st.pareto(table, category="cause")
    assert (log.counts, log.rows.missing) == ((4,), 2)
    (told,) = [c.text for c in log.caveats if c.code == "category-missing"]
    assert told.startswith("2 rows without a cause (first in row 2)")
    found = st.pareto(table, category="cause", count="n")
    assert (found.counts, found.rows.used, found.rows.missing) == ((6,), 3, 3)
    assert codes(found) == {"category-missing", "count-missing"}


def test_before_and_after_by_the_lengths_of_the_stages() -> None:
    """Five months before, ten after: as many events are half the rate."""
    months = pd.date_range("2024-01-01", periods=15, freq="MS").strftime("%Y-%m")
    table = pd.DataFrame({"month": months, "cause": "a", "n": [40] * 5 + [20] * 10})
    found = st.pareto(table, category="cause", count="n", time="month", rollout="2024-06=new")
    assert found.stages == ("before", "after new")
    assert found.exposure is not None
    assert (found.exposure.tolist(), found.unit) == ([5.0, 10.0], "month")
    (change,) = found.changes
    assert (change.before, change.after, change.ratio, change.finding) == (200, 200, 0.5, "fell")
    one = exact_rate_ratio(200, 5, 200, 10)
    np.testing.assert_allclose([change.low, change.high], [one.low, one.high])
    assert "All together fell by 50 %" in found.headline


def test_a_month_without_an_event_counts() -> None:
    """A log has no row where nothing happened; the rollout, not the first event after it, begins the stage."""
    when = ["2024-01-03", "2024-01-05", "2024-01-08", "2024-01-12", "2024-01-31", "2024-02-04", "2024-02-29"]
    found = st.pareto(
        pd.DataFrame({"at": when, "cause": list("aabbaba")}), category="cause", time="at", rollout="2024-02-01"
    )
    assert found.exposure is not None
    assert (found.exposure.tolist(), found.unit) == ([29.0, 29.0], "day")


def test_exposure_is_one_number_a_moment() -> None:
    found = st.pareto(losses(), category="cause", count="n", stage="phase", exposure="hours", time="month")
    assert found.exposure is not None
    assert found.exposure.tolist() == [12 * 160.0, 12 * 150.0]
    assert found.stages == ("old", "new")
    without = st.pareto(losses(), category="cause", count="n", stage="phase", exposure="hours")
    assert without.exposure is not None
    assert without.exposure.tolist() == [160.0, 150.0]
    wrong = losses()
    wrong.loc[5, "hours"] = 170.0
    with pytest.raises(DataError, match="'hours' is 170 in row 6 but 160 in an earlier row of the same month"):
        st.pareto(wrong, category="cause", count="n", stage="phase", exposure="hours", time="month")
    wrong = losses()
    wrong.loc[4:7, "hours"] = np.nan
    with pytest.raises(DataError, match="empty in every row of one month of a stage \\(first in row 5\\)"):
        st.pareto(wrong, category="cause", count="n", stage="phase", exposure="hours", time="month")


def test_stages_without_a_length_are_told() -> None:
    found = st.pareto(losses(), category="cause", count="n", stage="phase")
    assert "no-exposure" in codes(found)
    assert found.exposure is None
    assert found.to_dict()["changes"][0]["rate_before"] is None


def test_a_real_fall_is_found_and_nothing_else() -> None:
    rng = np.random.default_rng(8)
    rows = []
    for m, name, rate in itertools.product(range(24), ("seal", "cap", "label"), (1,)):
        mean = {"seal": 30.0 if m < 12 else 12.0, "cap": 12.0, "label": 8.0}[name] * rate
        rows.append((f"2024-{m + 1:02d}" if m < 12 else f"2025-{m - 11:02d}", name, rng.poisson(mean)))
    table = pd.DataFrame(rows, columns=["month", "cause", "n"])
    found = st.pareto(table, category="cause", count="n", time="month", rollout="2025-01")
    assert [(c.name, c.finding) for c in found.changes] == [("seal", "fell"), ("cap", "open"), ("label", "open")]
    assert found.study.change is not None
    assert found.study.change.mix is not None
    assert found.study.change.mix.p < 0.001
    assert "Fell: seal." in found.headline


def test_clustered_events_widen_everything() -> None:
    table = losses()
    plain = st.pareto(table, category="cause", count="n", time="month", rollout="2023-01")
    tripled = st.pareto(table.assign(n=3 * table["n"]), category="cause", count="n", time="month", rollout="2023-01")
    assert "clustered" in codes(tripled)
    assert "clustered" not in codes(plain)
    assert tripled.study.clustering == pytest.approx(3, rel=0.35)
    (a, *_), (b, *_) = plain.changes, tripled.changes
    assert b.high / b.low == pytest.approx(a.high / a.low, rel=0.2)


def test_cost_stands_beside_the_count() -> None:
    found = counted({"cheap": 90, "dear": 10}, cost={"cheap": 1, "dear": 50})
    frame = found.to_frame().set_index("category")
    assert frame.loc["dear", "cost"] == 500
    assert frame["cost_rank"].to_dict() == {"cheap": 2, "dear": 1}
    assert found.study.cost_order.tolist() == [1, 0]
    assert isinstance(found.figure(), Sheet)
    assert by_cost(found).x_names == ("dear", "cheap")
    assert by_count(found).x_names == ("cheap", "dear")
    assert "cost-intervals" in codes(found)


def test_cost_of_rows_and_of_files(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('"a b" = 2\nx = 3.5\n')
    (tmp_path / "c.csv").write_text("cause,money\na b,2\nx,3.5\n")
    (tmp_path / "bad.csv").write_text("cause,money\nx,3.5\n")
    table = pd.DataFrame({"cause": ["a b", "x", "x"], "n": [4, 1, 1], "money": [8.0, 3.5, 3.5]})
    totals = [
        st.pareto(table, category="cause", count="n", cost=cost).study.spending[0].total.tolist()
        for cost in (str(tmp_path / "c.toml"), tmp_path / "c.csv", "money", {"a b": 2, "x": 3.5},
                     pd.DataFrame({"c": ["a b", "x"], "m": [2, 3.5]}))
    ]  # fmt: skip
    assert totals == [[8.0, 7.0]] * 5
    for cost, told in (
        (str(tmp_path / "bad.csv"), "no row for 'a b' \\(column 'cause', row 1\\)"), ({"a b": -1, "x": 1}, "from 0"),
        ({}, "no category"), ({"a b": True}, "not a number"), ("nope", "no column 'nope'"),
        (pd.DataFrame({"c": ["x", "x"], "m": [1, 2]}), "'x' twice"), ({"a b": 0, "x": 0}, "sum to 0"),
        (pd.DataFrame({"c": ["x"]}), "two columns"), ({"a b": float("inf")}, "infinite"),
    ):  # fmt: skip
        with pytest.raises((DataError, SettingsError), match=told):
            st.pareto(table, category="cause", count="n", cost=cost)
    for money, told in (([-1, 1, 1], "is -1 in row 1"), ([1, 1, None], "")):
        odd = table.assign(money=money)
        if told:
            with pytest.raises(DataError, match=told):
                st.pareto(odd, category="cause", count="n", cost="money")
        else:
            assert "cost-missing" in codes(st.pareto(odd, category="cause", count="n", cost="money"))


def test_the_bar_of_all_others_tells_what_it_holds() -> None:
    found = counted({f"c{i:02d}": 40 - i for i in range(20)}, top=3)
    assert found.others == tuple(f"c{i:02d}" for i in range(3, 20))
    held = found.to_dict()["other"]
    assert (held["number"], held["count"], held["largest_count"]) == (17, [sum(range(21, 38))], [37])
    assert by_count(found).x_names[-1] == "all others (17)"
    page = without_ours(found.written("x.html").decode())
    assert "The bar of all others holds 17 categories (493 events), none of them with more than 37" in page
    rare = counted({"a": 96, "b": 2, "c": 2}, least_share=0.05)
    assert rare.others == ("b", "c")
    # a pool of one would hide its name for nothing
    assert counted({"a": 5, "b": 4, "c": 1}, top=2).others == ()


def test_thousands_of_hostile_categories(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    bad = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "$x_1$",
        "日本語の原因",
        "a\u202eb",
        "x" * 5_000,
        "#let x = 1",
    ]
    names = [*bad, *(f"cause {i}" for i in range(3_000))]
    table = pd.DataFrame({"cause": rng.choice(names, 20_000, p=rng.dirichlet(np.full(len(names), 0.3)))})
    table["cause"] = table["cause"].to_numpy()
    extra = pd.DataFrame({"cause": np.repeat(bad, 400)})
    table = pd.concat([table, extra], ignore_index=True).assign(
        phase=lambda t: np.where(rng.random(len(t)) < 0.5, "a", "b"), cost=2.0
    )
    found = st.pareto(table, category="cause", stage="phase", cost="cost")
    assert len(found.names) > 1_500
    assert found.study.change is not None
    assert found.study.change.mix is not None
    assert found.study.change.mix.simulated > 0
    for suffix in (".html", ".pdf", ".md", ".xlsx", ".json", ".png"):
        assert found.save(tmp_path / f"p{suffix}").stat().st_size > 1_000
    assert "<script>alert" not in without_ours((tmp_path / "p.html").read_text())


def test_a_category_called_other_is_not_the_pool() -> None:
    found = counted({"other": 30, "a": 20, "b": 3, "c": 2}, top=2)
    assert by_count(found).x_names == ("other", "a", "all others (2)")
    assert found.others == ("b", "c")


def test_names_that_look_alike_are_told() -> None:
    (told,) = [c.text for c in counted({"Seal": 3, "seal ": 4, "cap": 1}).caveats]
    assert "'Seal' and 'seal'" in told or "'seal' and 'Seal'" in told


def test_every_bar_has_its_name_and_its_interval() -> None:
    found = st.pareto(losses(), category="cause", count="n", stage="phase")
    figure = by_count(found)
    marks = figure.panels[0].marks
    assert sum(isinstance(m, Bars) for m in marks) == 2
    assert sum(isinstance(m, Interval) for m in marks) == 8
    names = [t.text for t in layout(figure).x_ticks]
    assert names == list(figure.x_names) == ["seal", "cap", "label", "dirt"]
    long = counted({"a name of many words": 3, "b": 1, "c": 1, "unbreakable" * 9: 1, **{f"d{i}": 1 for i in range(8)}})
    first, *_, last = layout(by_count(long)).x_ticks
    assert (first.text, first.context[:2]) == ("a name of", "ma")
    assert all(len(t.text) < 20 for t in (first, last))


@pytest.mark.parametrize(
    ("table", "options", "told"),
    [
        ({"c": ["a"], "n": [-1]}, {"count": "n"}, "'n' is -1 in row 1"),
        ({"c": ["a"], "n": [1.5]}, {"count": "n"}, "whole number"),
        ({"c": ["a"], "n": [np.inf]}, {"count": "n"}, "infinite in row 1"),
        ({"c": ["a"], "n": [0]}, {"count": "n"}, "no event"),
        ({"c": [None]}, {}, "no category"),
        ({"c": ["a"]}, {"stage": "s", "rollout": 2}, "not both"),
        ({"c": ["a"]}, {"rollout": "2024-01"}, "name the column of the time"),
        ({"c": ["a", "b", "c"], "s": ["x", "y", "z"]}, {"stage": "s"}, "holds 3 stages"),
        ({"c": ["a", "b"], "s": ["x", "x"]}, {"stage": "s"}, "holds 1 stages"),
        ({"c": ["a"]}, {"top": 0}, "top must be"),
        ({"c": ["a"]}, {"least_share": 1}, "least_share must be"),
        ({"c": ["a"]}, {"confidence": 95}, "confidence must lie between 0 and 1"),
        ({"c": ["a"]}, {"category": "d"}, "no column 'd'"),
        ({"c": ["a", "b"], "t": ["2024-01", "2024-02"]}, {"time": "t", "rollout": ["2024-02", "2024-03"]}, "rollout"),
        ({"c": ["a"], "m": [3.0], "n": [0]}, {"count": "n", "cost": "m"}, "nothing was counted"),
    ],
)  # fmt: skip
def test_what_a_pareto_refuses(table: dict[str, list[Any]], options: dict[str, Any], told: str) -> None:
    with pytest.raises((DataError, SettingsError), match=told):
        st.pareto(pd.DataFrame(table), **{"category": "c", **options})


def test_a_stage_without_an_event() -> None:
    table = pd.DataFrame({"c": ["a", "b", "a", "b"], "s": ["x", "x", "y", "y"], "n": [30, 12, 0, 0]})
    found = st.pareto(table, category="c", count="n", stage="s", cost={"a": 1, "b": 2})
    assert found.headline.startswith("y: no event. All together fell by 100 %")
    assert json.loads(found.to_json())["mix"] is None
    assert found.document().sections
    back = st.pareto(table.iloc[::-1], category="c", count="n", stage="s")
    assert "there were none before and 42 after" in back.headline


def test_order_of_rows_and_scale_of_counts_do_not_matter() -> None:
    table = losses()
    one = st.pareto(table, category="cause", count="n", time="month", rollout="2023-01")
    other = st.pareto(
        table.sample(frac=1, random_state=1), category="cause", count="n", time="month", rollout="2023-01"
    )
    assert one.to_dict()["rows_by_category"] == other.to_dict()["rows_by_category"]
    huge = counted({"a": 10**12, "b": 10**12 - 10**7, "c": 1})
    assert huge.could_be_largest == ("a",)


# --- yields


def test_rolled_yield_of_a_plain_line() -> None:
    table = pd.DataFrame({"step": ["a", "b"], "in": [200, 190], "redone": [8, 5], "gone": [2, 1], "bad": [14, 9]})
    found = st.rolled_yield(
        table, step="step", units="in", rework="redone", scrap="gone", defects="bad", opportunities=4
    )
    now = found.now
    first = [190 / 200, 184 / 190]
    assert [s.first_time.value for s in now.steps] == pytest.approx(first)
    assert now.rolled.value == pytest.approx(np.prod(first))
    assert now.final == pytest.approx(198 / 200 * 189 / 190)
    assert now.hidden is not None
    assert now.hidden.value == pytest.approx(now.final - now.rolled.value)
    assert now.normalised.value == pytest.approx(np.sqrt(now.rolled.value))
    assert now.loss.value == pytest.approx(-np.log(now.rolled.value))
    assert now.dpu == pytest.approx(14 / 200 + 9 / 190)
    assert now.dpmo is not None
    assert now.dpmo.value == pytest.approx(1e6 * 23 / (390 * 4))
    assert now.z.value == pytest.approx(-stats.norm.ppf(23 / (390 * 4)))
    exact = stats.binomtest(190, 200).proportion_ci()
    assert [now.steps[0].first_time.low, now.steps[0].first_time.high] == pytest.approx([exact.low, exact.high])
    assert found.to_dict()["stages"][0]["sigma_level"]["shift"] == 0


def test_a_single_step_has_nearly_its_exact_interval() -> None:
    whole, _ = rolled([10], [200])
    (one,) = step_yields([10], [200])
    assert [whole.low, whole.high] == pytest.approx([one.low, one.high], abs=0.004)


def test_yields_from_defects_alone() -> None:
    found = st.rolled_yield(pd.DataFrame({"s": ["a", "b"], "n": 100, "d": [120, 5]}), step="s", units="n", defects="d")
    assert found.by_defects
    assert found.now.rolled.value == pytest.approx(np.exp(-1.25))
    assert codes(found) == {"yield-from-defects"}
    assert found.now.final is None


@pytest.mark.parametrize(
    ("yields", "n"),
    [([0.99, 0.95, 0.98, 0.97], 200), ([0.999] * 8, 1000), ([0.98] * 12, 100), ([0.6, 0.7], 30), ([0.995] * 20, 100)],
)
def test_the_interval_of_a_rolled_yield_holds_the_truth(yields: list[float], n: int) -> None:
    rng, truth = np.random.default_rng(10), float(np.prod(yields))
    found = [rolled(n - rng.binomial(n, yields), n)[0] for _ in range(800)]
    covered = np.mean([e.low <= truth <= e.high for e in found])
    assert 0.93 <= covered <= 0.985


def test_hidden_factory_holds_the_truth() -> None:
    rng = np.random.default_rng(11)
    r, s = np.array([0.02, 0.05, 0.01]), np.array([0.005, 0.01, 0.002])
    truth = np.prod(1 - s) - np.prod(1 - s - r)
    hits = 0
    for _ in range(500):
        drawn = np.array([rng.multinomial(400, [a, b, 1 - a - b]) for a, b in zip(r, s, strict=True)])
        found = hidden_factory(drawn[:, 0], drawn[:, 1], np.full(3, 400))
        hits += bool(found.low <= truth <= found.high)
    assert 465 <= hits <= 490
    assert hidden_factory([0, 0], [1, 0], [9, 9]).value == 0


def test_the_worst_step_is_rarely_left_out() -> None:
    rng = np.random.default_rng(12)
    kept = [could_be_worst(rng.binomial(300, [0.05, 0.05, 0.05, 0.01]), np.full(4, 300))[0] for _ in range(400)]
    assert np.mean(kept) >= 0.95


def test_before_and_after_of_yields() -> None:
    found = st.rolled_yield(
        losses().assign(redone=lambda t: np.where((t["cause"] == "seal") & (t["month"] >= "2023-01"), 1, 9)),
        step="cause", units="in", rework="redone", scrap="gone", time="month", rollout="2023-01",
    )  # fmt: skip
    assert found.change is not None
    told = found.to_dict()["change"]
    assert told["rty"]["finding"] == "rose"
    assert [(s["step"], s["finding"]) for s in told["steps"]] == [
        ("seal", "rose"), ("cap", "open"), ("label", "open"), ("dirt", "open"),
    ]  # fmt: skip
    assert "The yield of all steps rose by" in found.headline


def test_uneven_rows_widen_the_yield() -> None:
    even = pd.DataFrame({"s": "a", "n": 100, "r": [5] * 20})
    odd = pd.DataFrame({"s": "a", "n": 100, "r": [0, 10] * 10})
    plain, wide = (st.rolled_yield(t, step="s", units="n", rework="r") for t in (even, odd))
    assert "overdispersed" in codes(wide)
    assert wide.now.rolled.value == pytest.approx(plain.now.rolled.value)
    assert wide.now.rolled.high - wide.now.rolled.low > 1.8 * (plain.now.rolled.high - plain.now.rolled.low)


def test_yields_at_their_ends() -> None:
    perfect = st.rolled_yield(pd.DataFrame({"s": ["a", "b"], "n": 50, "r": 0}), step="s", units="n", rework="r")
    assert (perfect.now.rolled.value, perfect.now.rolled.high) == (1.0, 1.0)
    assert 0.9 < perfect.now.rolled.low < 0.98
    none = st.rolled_yield(pd.DataFrame({"s": ["a", "b"], "n": 50, "r": [50, 0]}), step="s", units="n", rework="r")
    assert (none.now.rolled.value, none.now.rolled.low) == (0.0, 0.0)
    for found in (perfect, none):
        json.loads(found.to_json())
        assert found.document().sections
        assert found.headline


@pytest.mark.parametrize(
    ("table", "options", "told"),
    [
        ({"r": [11]}, {"rework": "r"}, "row 1 has 11 r of 10 n: more units than went in"),
        ({"r": [6], "g": [5]}, {"rework": "r", "scrap": "g"}, "6 r and 5 g of 10 n"),
        ({"r": [0.5]}, {"rework": "r"}, "whole number"), ({"r": [-1]}, {"rework": "r"}, "negative"),
        ({"r": [1]}, {}, "defects, rework or scrap"),
        ({"r": [1]}, {"rework": "r", "opportunities": 3}, "column of the defects"),
        ({"d": [21]}, {"defects": "d", "opportunities": 2}, "21 d on 10 units: more than their opportunities"),
        ({"d": [2], "o": [0]}, {"defects": "d", "opportunities": "o"}, "0 opportunities"),
        ({"d": [2]}, {"defects": "d", "opportunities": -1}, "above 0"),
        ({"r": [1], "n": [0]}, {"rework": "r"}, "row 1"), ({"r": [None]}, {"rework": "r"}, "no row that is full"),
        ({"r": [1]}, {"rework": "r", "shift": 9}, "shift must be"),
    ],
)  # fmt: skip
def test_what_yields_refuse(table: dict[str, list[Any]], options: dict[str, Any], told: str) -> None:
    with pytest.raises((DataError, SettingsError), match=told):
        st.rolled_yield(pd.DataFrame({"s": ["a"], "n": [10], **table}), step="s", units="n", **options)


def test_stages_must_have_the_same_steps() -> None:
    table = pd.DataFrame({"s": ["a", "b", "a"], "n": 10, "r": 1, "p": ["x", "x", "y"]})
    with pytest.raises(DataError, match="stage 'y' has no row of step 'b'"):
        st.rolled_yield(table, step="s", units="n", rework="r", stage="p")


# --- equipment


def test_ratios_are_of_sums_and_multiply() -> None:
    table = shifts().assign(planned=lambda t: np.where(t.index % 4 == 0, 350, 450))
    found = st.oee(table, planned="planned", downtime=["setup", "failure"], ideal_cycle=1.1, units="made", bad="bad")
    now = found.now
    run = (table["planned"] - table["setup"] - table["failure"]).sum()
    assert now.availability.value == pytest.approx(run / table["planned"].sum())
    assert now.quality.value == pytest.approx(1 - table["bad"].sum() / table["made"].sum())
    assert now.oee.value == pytest.approx(now.availability.value * now.performance.value * now.quality.value)
    assert now.oee.value == pytest.approx(1.1 * table["good"].sum() / table["planned"].sum())
    mean = (1.1 * table["good"] / table["planned"]).mean()
    assert now.mean_of_ratios["oee"] == pytest.approx(mean)
    assert abs(mean - now.oee.value) > 0.001
    assert "average-of-ratios" in codes(found)
    lost = sum(loss.time for loss in now.losses)
    assert now.planned - lost == pytest.approx(now.productive)
    assert found.chart is not None
    assert found.chart.kind == "i-mr"
    good = st.oee(table, planned="planned", downtime=["setup", "failure"], ideal_cycle=1.1, units="made", good="good")
    assert good.now == now


def test_products_with_cycles_of_their_own() -> None:
    table = pd.DataFrame({"p": [100, 100], "d": [0, 0], "c": [1.0, 2.0], "n": [90, 40], "b": [0, 20]})
    now = st.oee(table, planned="p", downtime="d", ideal_cycle="c", units="n", bad="b").now
    assert now.quality.value == pytest.approx((90 + 40) / (90 + 80))
    assert now.oee.value == pytest.approx(130 / 200)


def test_faster_than_ideal_is_named_by_row() -> None:
    table = shifts()
    table.loc[[3, 8], "made"] = 460
    found = st.oee(table, planned="planned", downtime="setup", ideal_cycle=1.2, units="made", bad="bad")
    (told,) = [c.text for c in found.caveats if c.code == "performance-above-100"]
    assert "rows 4, 9 (2 in all)" in told


def test_stages_of_equipment() -> None:
    table = shifts()
    late = table["phase"] == "b"
    table.loc[late, "setup"] = 2
    options: dict[str, Any] = {
        "planned": "planned",
        "downtime": "setup",
        "ideal_cycle": 1.2,
        "units": "made",
        "bad": "bad",
    }
    found = st.oee(table, time="day", rollout="2026-01-21=SMED", **options)
    assert found.change is not None
    told = found.to_dict()["change"]
    assert told["availability"]["finding"] == "rose"
    by_stage = st.oee(table, stage="phase", **options)
    assert by_stage.stages[1].oee == found.stages[1].oee
    assert found.chart is not None
    assert [s.name for s in found.chart.stages] == ["before", "after SMED"]
    wanted = st.oee(table, demand="wanted", **options)
    assert wanted.now.takt == pytest.approx(450 / 250)


def test_pooled_ratios_cover_the_truth() -> None:
    rng = np.random.default_rng(13)
    for rho, least in ((0.0, 0.93), (0.5, 0.88)):
        hits = 0
        for _ in range(500):
            z = rng.normal(size=30)
            for t in range(1, 30):
                z[t] = rho * z[t - 1] + np.sqrt(1 - rho**2) * z[t]
            x = rng.choice([480.0, 300.0], 30)
            e = pooled_ratio(x * (0.75 + 0.07 * z), x)
            hits += bool(e.low <= 0.75 <= e.high)
        assert least <= hits / 500 <= 0.98
    assert pooled_ratio([1.0, 2.0], [2.0, 4.0]) == Estimate(0.5, 0.5, 0.5, "linearised ratio (Cochran 1977)")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"d": [200]}, "row 1 has 200 of downtime \\(d\\) in 100 p"),
        ({"b": [51]}, "51 b of 50 n: more than were made"),
        ({"p": [0], "d": [0]}, "nothing was planned"), ({"d": [100]}, "no time in which anything ran"),
        ({"n": [-1]}, "'n' is -1 in row 1"), ({"p": [None]}, "no value|no row that is full"),
        ({"p": [np.inf]}, "infinite in row 1"),
    ],
)  # fmt: skip
def test_what_equipment_refuses(change: dict[str, list[Any]], told: str) -> None:
    table = pd.DataFrame({"p": [100], "d": [10], "n": [50], "b": [2], **change})
    with pytest.raises(DataError, match=told):
        st.oee(table, planned="p", downtime="d", ideal_cycle=1, units="n", bad="b")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"bad": None}, "bad or good"), ({"good": "p"}, "one is enough"), ({"ideal_cycle": 0}, "above 0"),
        ({"downtime": []}, "downtime names"), ({"downtime": ["d", "d"]}, "several different"),
        ({"downtime": "p"}, "named for two things"), ({"ideal_cycle": True}, "ideal_cycle must be"),
    ],
)  # fmt: skip
def test_settings_that_equipment_refuses(change: dict[str, Any], told: str) -> None:
    table = pd.DataFrame({"p": [100], "d": [10], "n": [50], "b": [2]})
    asked = {"planned": "p", "downtime": "d", "ideal_cycle": 1, "units": "n", "bad": "b", **change}
    with pytest.raises(SettingsError, match=told):
        st.oee(table, **asked)


@given(st_.floats(1e-6, 1e6))
@settings(max_examples=15, deadline=None)
def test_time_has_no_unit(scale: float) -> None:
    table = shifts()
    one, other = (
        st.oee(
            table.assign(planned=table["planned"] * k, setup=table["setup"] * k), planned="planned", downtime="setup",
            ideal_cycle=1.2 * k, units="made", bad="bad",
        ).now.oee
        for k in (1.0, scale)
    )  # fmt: skip
    assert [other.value, other.low, other.high] == pytest.approx([one.value, one.low, one.high], rel=1e-9)


# --- commands and pages


@pytest.mark.parametrize("name", ["pareto", "yield", "oee"])
def test_options_are_parameters(name: str) -> None:
    function = {"pareto": st.pareto, "yield": st.rolled_yield, "oee": st.oee}[name]
    options = {p.name for p in lean.commands[name].params}
    delivery = {"out", "as_json", "quiet", "fail_on", "settings", "sheet", "query", "paper", "locale"}
    assert options - delivery == set(inspect.signature(function).parameters)


def test_commands_end_to_end(tmp_path: Path) -> None:
    losses().to_csv(tmp_path / "lost.csv", index=False)
    asked = ["lean", "pareto", str(tmp_path / "lost.csv"), "--category", "cause", "--count", "n"]
    done = CliRunner().invoke(main, [*asked, "--stage", "phase", "--quiet", "--fail-on", "fell,rose"])
    assert done.exit_code == 0
    shown = CliRunner().invoke(main, asked)
    assert "Most frequent cause: seal" in " ".join(shown.stdout.split())
    refused = CliRunner().invoke(main, ["lean", "pareto", str(tmp_path / "lost.csv"), "--category", "cuase"])
    assert (refused.exit_code, "did you mean 'cause'" in refused.stderr) == (3, True)
    listed = CliRunner().invoke(main, ["lean", "--help"])
    assert all(name in listed.stdout for name in ("pareto", "yield", "oee"))


@pytest.mark.parametrize("suffix", [".html", ".pdf", ".xlsx", ".md", ".png", ".svg", ".json"])
def test_every_format(suffix: str, tmp_path: Path) -> None:
    made = (
        st.pareto(losses(), category="cause", count="n", cost="money", stage="phase"),
        st.rolled_yield(losses(), step="cause", units="in", rework="redone", scrap="gone", stage="phase"),
        st.oee(shifts(), planned="planned", downtime="setup", ideal_cycle=1.2, units="made", bad="bad", stage="phase"),
    )
    for result in made:
        assert result.save(tmp_path / f"{result.verb[5:]}{suffix}").stat().st_size > 800
