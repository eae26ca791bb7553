"""What differs between stages or groups: the public verb against R, its answers in words, and what it refuses."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sigmatool as st
from conftest import ROOT, without_ours
from sigmatool.cli import main
from sigmatool.comparison.result import Comparison
from sigmatool.render.figure import Interval, Points, Rule
from sigmatool.render.text import text

CASES: dict[str, Any] = {
    case["id"]: case for case in json.loads((ROOT / "tests/reference/hypothesis_tests.json").read_text())["cases"]
}
TWO = [name for name, case in CASES.items() if "welch" in case["expected"]]
PROPORTIONS = ["prop-small", "prop-semmelweis", "prop-zero"]
RATES = ["poisson-1", "poisson-2"]


def table(case: dict[str, Any]) -> pd.DataFrame:
    """x, then y, in one column."""
    x, y = case["data"]["x"], case["data"]["y"]
    return pd.DataFrame({"value": [*x, *y], "of": ["x"] * len(x) + ["y"] * len(y)})


def near(got: float, expected: float, rtol: float = 1e-6) -> None:
    assert abs(got - expected) <= rtol * abs(expected), (got, expected)


def method(findings: tuple[Any, ...], word: str) -> Any:
    """The finding whose method is named so."""
    return next(f for f in findings if word in f.tested.method)


@pytest.mark.parametrize("name", TWO)
def test_two_groups_as_r_has_them(name: str) -> None:
    case = CASES[name]
    wanted = case["expected"]
    level = case["params"]["confidence"]
    c = st.compare(table(case), value="value", group="of", confidence=level)
    welch = c.level[0]
    # R tells x - y and x / y, the verb second minus first and second over first
    near(welch.tested.value, wanted["mean_y"] - wanted["mean_x"])
    near(welch.tested.low, -wanted["welch"]["ci"][1])
    near(welch.tested.high, -wanted["welch"]["ci"][0])
    near(welch.tested.p, wanted["welch"]["p"])
    near(abs(welch.tested.statistic), abs(wanted["welch"]["t"]))
    near(welch.tested.dof, wanted["welch"]["df"])
    near(welch.before, wanted["mean_x"])
    near(welch.after, wanted["mean_y"])
    near(method(c.spread, "Brown").tested.p, wanted["brown_forsythe"]["p"])
    near(c.spread[0].tested.value, math.sqrt(wanted["var_y"] / wanted["var_x"]))
    near(method(c.effect_size, "Cliff").tested.value, -wanted["cliffs_delta"])
    near(method(c.effect_size, "Hedges").tested.value, -wanted["hedges_g_approxJ"])
    rank = method(c.level, "Mann-Whitney").tested
    if "wilcoxon_exact" in wanted:
        near(rank.value, -wanted["wilcoxon_exact"]["hodges_lehmann"])
        near(rank.p, wanted["wilcoxon_exact"]["p"])
        near(rank.low, -wanted["wilcoxon_exact"]["ci"][1])
        near(rank.high, -wanted["wilcoxon_exact"]["ci"][0])
    else:
        near(rank.p, wanted["wilcoxon_normal_cc"]["p"])


@pytest.mark.parametrize("name", PROPORTIONS)
def test_proportions_as_r_has_them(name: str) -> None:
    d, wanted = CASES[name]["data"], CASES[name]["expected"]
    frame = pd.DataFrame({"x": [d["x1"], d["x2"]], "n": [d["n1"], d["n2"]], "of": ["a", "b"]})
    c = st.compare(frame, value="x", size="n", group="of")
    newcombe = c.proportion[0].tested
    near(newcombe.value, -wanted["diff"])
    near(newcombe.low, -wanted["newcombe_ci"][1])
    near(newcombe.high, -wanted["newcombe_ci"][0])
    near(c.proportion[1].tested.p, wanted["fisher_p"])
    if "wilson_1" in wanted:
        for stage, ends in zip(c.stages, ("wilson_1", "wilson_2"), strict=True):
            near(stage.low, wanted[ends][0])
            near(stage.high, wanted[ends][1])
    assert [x.code for x in c.caveats if x.code != "proportion-not-computed"] == ["dependence-unknown"]


@pytest.mark.parametrize("name", RATES)
def test_rates_as_r_has_them(name: str) -> None:
    d, wanted = CASES[name]["data"], CASES[name]["expected"]
    frame = pd.DataFrame({"x": [d["count1"], d["count2"]], "t": [d["time1"], d["time2"]], "of": ["a", "b"]})
    exact = st.compare(frame, value="x", size="t", group="of", scale="rate").rate[0].tested
    near(1 / exact.value, wanted["rate_ratio"])
    near(1 / exact.high, wanted["ci"][0])
    near(1 / exact.low, wanted["ci"][1])
    near(exact.p, wanted["p_central"])


def test_pairs_as_r_has_them() -> None:
    case = CASES["paired-sleep"]
    frame = table(case).assign(patient=[*range(10), *range(10)])
    lonely = pd.DataFrame({"value": [99.0], "of": ["x"], "patient": [77]})
    c = st.compare(pd.concat([frame, lonely]), value="value", group="of", paired="patient")
    wanted = case["expected"]
    near(c.level[0].tested.value, -wanted["mean_diff"])
    near(c.level[0].tested.low, -wanted["ci"][1])
    near(c.level[0].tested.high, -wanted["ci"][0])
    near(c.level[0].tested.p, wanted["p"])
    assert c.paired is not None
    assert (c.paired.used, c.paired.unpaired) == (10, 1)
    assert (c.rows.read, c.rows.used, c.rows.dropped) == (21, 20, 1)
    assert c.headline.startswith(
        "Within 10 pairs value was on average 1.6 higher in y than in x (95 % interval 0.7 to "
    )
    assert "unpaired-dropped" in {x.code for x in c.caveats}


def test_more_than_two_as_r_has_them() -> None:
    case = CASES["anova-plant"]
    frame = pd.DataFrame({"y": case["data"]["y"], "group": case["data"]["group"]})
    c = st.compare(frame, value="y", group="group")
    wanted = case["expected"]
    welch, kruskal = (next(o.tested for o in c.overall if word in o.tested.method) for word in ("Welch", "Kruskal"))
    near(welch.statistic, wanted["welch_F"])
    near(welch.p, wanted["welch_p"])
    near(kruskal.statistic, wanted["kruskal"])
    near(kruskal.p, wanted["kruskal_p"])
    assert [(f.first, f.second) for f in c.pairs] == [("ctrl", "trt1"), ("ctrl", "trt2"), ("trt1", "trt2")]
    for f, difference in zip(c.pairs, wanted["tukey_diff"], strict=True):
        near(f.tested.value, difference)
    assert (c.main.first, c.main.second) == ("trt1", "trt2")
    assert c.headline.startswith(
        "Of 3 groups, trt1 and trt2 differ most: the mean of y was 0.9 higher in trt2 than in trt1 (95 % interval "
    )
    assert [(f.question, f.second) for f in c.against_first][:2] == [("level", "trt1"), ("level", "trt2")]
    assert not any(f.dependent for f in (*c.level, *c.pairs))  # groups without a time have no order


def test_shares_of_several_groups() -> None:
    (events, none), names = np.array(CASES["chisq"]["data"]["table"]), ["a", "b", "c"]
    frame = pd.DataFrame({"x": events, "n": events + none, "of": names})
    c = st.compare(frame, value="x", size="n", group="of")
    near(c.overall[0].tested.statistic, CASES["chisq"]["expected"]["chi2"], 1e-9)
    near(c.overall[0].tested.p, CASES["chisq"]["expected"]["p"], 1e-9)
    assert len(c.pairs) == 3
    assert all(f.tested.low < f.tested.value < f.tested.high for f in c.pairs)


def nile(**settings: Any) -> Comparison:
    return st.compare(st.datasets.load("nile"), value="flow", time="year", rollout="1899=Aswan", **settings)


def test_the_nile_in_words_and_in_json() -> None:
    c = nile(worthwhile="10%", better="lower", lsl=700)
    told = (
        "The mean of flow was 248 lower after Aswan than before (95 % interval 189 to 307): 1,098 before, 850 after "
        "Aswan. Ppk was 0.98 before, 0.40 after Aswan (95 % interval of the difference −0.91 to −0.25)."
    )
    assert c.headline == told
    assert "significant" not in c.headline
    held = c.equivalence[0]
    assert held.answer == "larger than worthwhile"
    near(held.worthwhile, 109.775)
    d = c.to_dict()
    for key in ("stages", "level", "spread", "proportion", "rate", "capability", "effect_size", "settings", "rows"):
        assert key in d
    assert d["schema"] == "sigmatool.comparison/1"
    assert {"difference", "low", "high", "p", "method", "direction", "beside"} <= set(d["level"])
    assert d["level"]["direction"] == "better"
    assert {"ratio", "low", "high", "p", "method"} <= set(d["spread"])
    assert d["proportion"] is None
    assert d["rate"] is None
    assert d["capability"]["low"] < d["capability"]["difference"] < d["capability"]["high"] < 0
    assert [s["n"] for s in d["stages"]] == [28, 72]
    json.dumps(d, allow_nan=False)


def test_the_aware_account_leads_where_the_two_part() -> None:
    rng = np.random.default_rng(11)
    noise = np.zeros(160)
    for i in range(1, 160):
        noise[i] = 0.8 * noise[i - 1] + rng.normal()
    wandering = st.compare(noise + 50, rollout="81")
    assert wandering.level[0].dependent
    assert "dependent-points" in {x.code for x in wandering.caveats}
    assert wandering.level[0].width > 1.25 * next(f for f in wandering.level if not f.dependent).width
    calm = st.compare(rng.normal(50, 1, 160), rollout="81")
    assert not calm.level[0].dependent
    assert any(f.dependent for f in calm.level)
    assert "dependent-points" not in {x.code for x in calm.caveats}


def test_semmelweis_tells_both_accounts() -> None:
    births = st.datasets.load("semmelweis")
    c = st.compare(births, value="deaths", size="births", time="month", rollout="1847-06=Handwashing", better="lower")
    assert c.proportion[0].dependent
    assert "dependent-points" in {x.code for x in c.caveats}
    # scatter alone keeps the levels of the totals and stands beside
    scatter = method(c.proportion, "quasi-binomial")
    near(scatter.tested.value, -CASES["prop-semmelweis"]["expected"]["diff"])
    assert method(c.proportion, "Newcombe").width < scatter.width < c.proportion[0].width
    newcombe = method(c.proportion, "Newcombe").tested
    near(newcombe.value, -CASES["prop-semmelweis"]["expected"]["diff"])
    near(newcombe.low, -CASES["prop-semmelweis"]["expected"]["newcombe_ci"][1])
    assert c.headline.startswith(
        "The share of deaths was 7.8 points lower after Handwashing than before (95 % interval "
    )
    # the account that leads is close to that of a review, which also lets each stage have a spread of its own
    effect = st.review(births, value="deaths", size="births", time="month", rollout="1847-06", better="lower").effect
    assert effect is not None
    near(c.proportion[0].tested.value, effect.difference, 0.05)


def test_counts_of_groups_without_order_may_scatter() -> None:
    rng = np.random.default_rng(4)
    share = np.clip(rng.normal(0.2, 0.1, 60), 0.01, 0.9)
    frame = pd.DataFrame({"x": rng.binomial(200, share), "n": 200, "of": ["a", "b", "c"] * 20})
    two = st.compare(frame[frame["of"] != "c"], value="x", size="n", group="of")
    assert "quasi-binomial" in two.main.tested.method
    assert [x.code for x in two.caveats] == ["overdispersion"]
    near(two.main.tested.value, method(two.proportion, "Newcombe").tested.value, 1e-12)
    three = st.compare(frame, value="x", size="n", group="of")
    assert all("quasi-binomial" in f.tested.method for f in three.pairs)
    assert all("Newcombe" in f.tested.method for f in three.pairs_beside)
    assert [x.code for x in three.caveats] == ["overdispersion"]
    calm = st.compare(frame.assign(x=rng.binomial(200, 0.2, 60)), value="x", size="n", group="of", scale="rate")
    assert "overdispersion" not in {x.code for x in calm.caveats}


def test_several_stages_with_dependence() -> None:
    rng = np.random.default_rng(8)
    noise = np.zeros(180)
    for i in range(1, 180):
        noise[i] = 0.7 * noise[i - 1] + rng.normal()
    c = st.compare(noise, rollout=["61=A", "121=B"], worthwhile=1.0, lsl=-6, usl=6)
    assert all(f.dependent for f in c.pairs)
    assert all("Games-Howell" in f.tested.method for f in c.pairs_beside)
    assert [f.second for f in c.against_first if f.question == "level"] == ["after A", "after B"]
    assert [e.confidence for e in c.equivalence] == [0.95, 0.95]  # two together at 95 %: 97.5 % each
    codes = [x.code for x in c.caveats]
    assert codes.count("dependent-points") == 1
    assert codes.count("dependent-spread") <= 1


def test_durations_are_ratios() -> None:
    rng = np.random.default_rng(3)
    x = np.exp(rng.normal(2, 0.4, 40))
    frame = pd.DataFrame({"hours": np.r_[x, 0.7 * x], "of": ["a"] * 40 + ["b"] * 40})
    c = st.compare(frame, value="hours", group="of", scale="duration", worthwhile="10%")
    assert c.main.kind == "ratio"
    near(c.main.tested.value, 0.7, 1e-9)
    assert "geometric mean of hours was 30 % lower" in c.headline
    near(c.spread[0].tested.value, 1.0, 1e-9)
    below, above = c.equivalence[0].below, c.equivalence[0].above
    near(below * above, 1.0, 1e-12)
    near(below, 0.9, 1e-9)


def test_equivalence_is_shown_and_not_shown() -> None:
    x = np.tile([9.0, 10.0, 11.0, 10.0], 30)
    frame = pd.DataFrame({"y": np.r_[x, x + 0.01], "of": ["a"] * 120 + ["b"] * 120})
    alike = st.compare(frame, value="y", group="of", worthwhile=0.5).equivalence[0]
    assert alike.answer == "equivalent"
    assert alike.p < 0.001
    assert alike.confidence == 0.9
    assert -0.5 < alike.low < alike.high < 0.5
    few = st.compare(frame.iloc[[0, 1, 2, 120, 121, 122]], value="y", group="of", worthwhile=0.5).equivalence[0]
    assert few.answer == "not shown"
    assert few.p > 0.05


def test_two_one_sided_tests_by_hand() -> None:
    from scipy.stats import ttest_ind

    case = CASES["sim-cont"]
    x, y = np.array(case["data"]["x"]), np.array(case["data"]["y"])
    found = st.compare(table(case), value="value", group="of", worthwhile=1.5).equivalence[0]
    by_hand = max(
        ttest_ind(y, x + 1.5, equal_var=False, alternative="less").pvalue,
        ttest_ind(y, x - 1.5, equal_var=False, alternative="greater").pvalue,
    )
    near(found.p, float(by_hand), 1e-6)


def test_groups_may_be_mixed_in_time_and_have_holes() -> None:
    months = pd.date_range("2024-01-01", periods=24, freq="MS").strftime("%Y-%m")
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"month": np.repeat(months, 2), "site": ["north", "south"] * 24, "y": rng.normal(5, 1, 48)})
    frame.loc[7, "site"] = None
    frame.loc[9, "y"] = np.nan
    c = st.compare(frame, value="y", group="site", time="month")
    assert [s.n for s in c.stages] == [24, 22]
    assert any(f.dependent for f in c.level)
    assert (c.rows.read, c.rows.used, c.rows.missing, c.rows.dropped) == (48, 46, 1, 1)
    codes = {x.code for x in c.caveats}
    assert "group-missing" in codes
    assert "time-ties" not in codes  # two sites share every month
    shuffled = st.compare(frame.sample(frac=1, random_state=1), value="y", group="site", time="month")
    by_name = {(f.first, f.second): abs(f.tested.value) for f in (c.main, shuffled.main)}
    near(by_name.get(("north", "south"), 0), abs(shuffled.main.tested.value), 1e-9)


def test_order_of_two_is_the_sign() -> None:
    case = CASES["sim-cont"]
    frame = table(case)
    there = st.compare(frame, value="value", group="of").main
    back = st.compare(frame.iloc[::-1], value="value", group="of").main
    assert (there.first, back.first) == ("x", "y")
    near(there.tested.value, -back.tested.value, 1e-12)
    near(there.tested.low, -back.tested.high, 1e-9)


def test_subgroups_compare_their_means() -> None:
    c = st.compare(
        st.datasets.load("filling"), value="fill_ml", subgroup="sample", rollout="41", lsl=495, usl=505, target=500
    )
    assert [(s.n, s.values) for s in c.stages] == [(40, 200), (40, 200)]
    assert c.spread[0].tested.high < 1
    assert c.capability[0].tested.low > 0
    assert "subgroup-means" in {x.code for x in c.caveats}


def test_without_events_in_one_the_difference_leads() -> None:
    frame = pd.DataFrame({"x": [0, 7], "t": [100.0, 120.0], "of": ["a", "b"]})
    c = st.compare(frame, value="x", size="t", group="of", scale="rate")
    assert c.rate[0].kind == "difference"
    assert math.isfinite(c.rate[0].tested.low)
    json.dumps(c.to_dict(), allow_nan=False)


HOSTILE = "=<script>alert(1)</script> $a_b$ | \x00 \u202e"


def test_hostile_names_are_only_words(tmp_path: Path) -> None:
    case = table(CASES["sleep"]).rename(columns={"value": HOSTILE, "of": "<b>of</b>"})
    case["<b>of</b>"] = case["<b>of</b>"].map({"x": "<img src=x onerror=alert(1)>", "y": '"&y'})
    c = st.compare(case, value=HOSTILE, group="<b>of</b>", title="<i>")
    for suffix in (".html", ".md", ".svg", ".png", ".json"):
        c.save(tmp_path / f"page{suffix}")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script" not in without_ours(page)
    assert "<img src=x" not in page
    assert "<b>of" not in page


def test_the_picture_holds_every_point_and_level() -> None:
    c = nile(lsl=700)
    marks = c.figure().panels[0].marks
    points = [m for m in marks if isinstance(m, Points)]
    assert sum(m.x.size for m in points) == 100
    levels = [m for m in marks if isinstance(m, Interval)]
    assert [round(m.estimate) for m in levels] == [850, 1098]
    assert c.figure().panels[0].categories == ("after Aswan", "before")
    assert [m.at for m in marks if isinstance(m, Rule)] == [700.0]
    for m in points:  # dots stay inside the band of their group
        assert np.ptp(m.y) < 0.55


def test_many_values_become_an_outline() -> None:
    rng = np.random.default_rng(2)
    c = st.compare(rng.normal(0, 1, 2000), rollout="1001")
    assert not any(isinstance(m, Points) for m in c.figure().panels[0].marks)
    assert len(c.document().sections) >= 4


def refused(words: tuple[str, ...], data: Any, **settings: Any) -> None:
    with pytest.raises(st.SigmatoolError) as found:
        st.compare(data, **settings)
    for word in words:
        assert word in str(found.value), str(found.value)
    assert len(str(found.value).split(". ")) == 1


FRAME = pd.DataFrame({"y": [1.0, 2.0, 3.0, 4.0, 5.0, 7.0], "of": list("aaabbb"), "id": [1, 2, 3, 1, 2, 3]})


def test_what_cannot_be_compared_is_refused_in_one_sentence() -> None:
    refused(("rollout", "stage", "group"), FRAME, value="y")
    refused(("stage or group",), FRAME, value="y", group="of", stage="of")
    refused(("'a'", "two or more"), FRAME.iloc[:3], value="y", group="of")
    refused(("'b'", "at least 2"), FRAME.iloc[:4], value="y", group="of")
    refused(("no column 'off'", "'of'"), FRAME, value="y", group="off")
    refused(("never varies", "3 in 'a'"), FRAME.assign(y=[3.0] * 3 + [4.0] * 3), value="y", group="of")
    refused(("'a'", "no usable point"), FRAME.assign(y=[np.nan] * 3 + [4.0, 5, 6]), value="y", group="of")
    refused(("comes back at point 5", "group = of"), FRAME.assign(of=list("aabbaa")), value="y", stage="of")
    many = pd.DataFrame({"y": np.arange(90.0), "of": [f"g{i % 45}" for i in range(90)]})
    refused(("45", "at most 40", "review-each"), many, value="y", group="of")
    refused(("confidence", "95"), FRAME, value="y", group="of", confidence=95)
    refused(("worthwhile", "'lots'"), FRAME, value="y", group="of", worthwhile="lots")
    refused(("duration", "above zero"), FRAME.assign(y=[1.0, 0, 3, 4, 5, 6]), value="y", group="of", scale="duration")
    refused(("lsl", "usl"), FRAME, value="y", group="of", lsl=5, usl=1)
    refused(("better",), FRAME, value="y", group="of", better="up")
    refused(("target",), FRAME, value="y", group="of", better="target")
    refused(("size",), FRAME, value="y", group="of", scale="proportion")
    counts = pd.DataFrame({"x": [0, 0], "n": [10, 20], "of": ["a", "b"]})
    refused(("no event",), counts, value="x", size="n", group="of")
    refused(("lsl",), counts.assign(x=[1, 2]), value="x", size="n", group="of", lsl=1)


def test_pairs_are_refused_where_they_are_none() -> None:
    refused(("'id'", "'1' twice", "'a'"), FRAME.assign(id=[1, 1, 3, 1, 2, 3]), value="y", group="of", paired="id")
    same = FRAME.assign(y=[1.0, 2, 3, 2, 3, 4])
    refused(("3 pairs", "the same 1"), same, value="y", group="of", paired="id")
    refused(("0 pairs",), FRAME.assign(id=range(6)), value="y", group="of", paired="id")
    three = FRAME.assign(of=list("aabbcc"))
    refused(("paired compares two", "3"), three, value="y", group="of", paired="id")
    counts = pd.DataFrame({"x": [1, 2], "n": [10, 20], "of": ["a", "b"], "id": [1, 1]})
    refused(("paired",), counts, value="x", size="n", group="of", paired="id")


def test_one_constant_stage_is_no_end() -> None:
    c = st.compare(FRAME.assign(y=[3.0] * 3 + [4.0, 5.0, 6.0]), value="y", group="of", lsl=0)
    assert math.isfinite(c.main.tested.low)
    assert c.capability == ()
    assert "capability-not-computed" in {x.code for x in c.caveats}


@pytest.mark.parametrize(("offset", "scale"), [(0, 1e-12), (0, 1e12), (1e9, 1.0)])
def test_far_and_tiny_values(offset: float, scale: float) -> None:
    y = offset + scale * np.array([1.0, 2, 3, 4, 2, 3, 5, 6, 7, 9, 6, 7])
    c = st.compare(y, rollout="7", worthwhile=2 * scale)
    near(method(c.level, "Welch").tested.value / scale, 25 / 6)
    near(method(c.spread, "Bonett").tested.value, 1.302677894557859)
    json.dumps(c.to_dict(), allow_nan=False)
    assert c.document().sections


def test_the_command_gives_what_the_function_gives(tmp_path: Path) -> None:
    source = str(ROOT / "datasets" / "nile.csv")
    options = ["-y", "flow", "-x", "year", "--rollout", "1899=Aswan", "--worthwhile", "10%", "--better", "lower"]
    page = tmp_path / "page.html"
    done = CliRunner().invoke(main, ["compare", source, *options, "--json", "-o", str(page)])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    c = nile(worthwhile="10%", better="lower")
    assert told["level"]["low"] == c.to_dict()["level"]["low"]
    assert told["provenance"]["command"].startswith("sigmatool compare ")
    assert c.headline in page.read_text(encoding="utf-8")
    assert CliRunner().invoke(main, ["compare", source, *options, "--quiet", "--fail-on", "DIFFERS"]).exit_code == 1
    assert CliRunner().invoke(main, ["compare", source, *options, "--quiet", "--fail-on", "equivalent"]).exit_code == 0
    assert CliRunner().invoke(main, ["compare", source, "-y", "flow"]).exit_code == 2


def test_every_option_is_a_parameter() -> None:
    import inspect

    wanted = set(inspect.signature(st.compare).parameters) - {"data"}
    options = {p.name for p in main.commands["compare"].params}
    assert wanted <= options


def test_equal_input_gives_equal_output() -> None:
    assert nile().to_json() == nile().to_json()
    other = st.compare(FRAME.assign(of=list("aababb")), value="y", group="of")
    assert other.provenance.data_sha256 != st.compare(FRAME, value="y", group="of").provenance.data_sha256


def test_the_example_on_the_page_runs() -> None:
    import re

    page = (ROOT / "docs" / "compare.md").read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", page, flags=re.S):
        exec(compile(block, "docs/compare.md", "exec"), {})


def test_the_spread_and_what_could_be_no_difference_are_in_the_headline() -> None:
    bottles = st.datasets.load("filling")
    c = st.compare(bottles, value="fill_ml", subgroup="sample", rollout=41)
    assert "0.48 higher, so no difference is possible too)" in c.headline
    assert "The standard deviation was 43 % lower (95 % interval 34 to 50 %)." in c.headline


def test_groups_are_not_called_stages_and_a_multiple_is_as_high_as() -> None:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(
        {"hours": np.exp(np.r_[rng.normal(1, 0.3, 30), rng.normal(2.6, 0.3, 30)]), "of": ["a"] * 30 + ["b"] * 30}
    )
    c = st.compare(frame, value="hours", group="of", scale="duration")
    assert "times as high in b as in a" in c.headline
    page = text(c.document(), width=200)
    assert "Groups\n------" in page
    assert "Every group on one scale" in page


def test_several_against_what_is_worthwhile_are_counted() -> None:
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({"y": rng.normal(np.repeat([0.0, 0.0, 5.0], 40), 0.5), "of": np.repeat(["a", "b", "c"], 40)})
    c = st.compare(frame, value="y", group="of", worthwhile=1.0)
    assert (
        "Of 2 groups compared with a, 1 differs by more than the smallest worthwhile difference (1), 1 by less; 0 are "
        "not settled." in text(c.document(), width=500)
    )
