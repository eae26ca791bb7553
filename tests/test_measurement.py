"""Type 1, bias, linearity, stability, agreement and intraclass correlation: figures, caveats, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

import sigmatool as st
from sigmatool.cli import main
from sigmatool.errors import DataError, SettingsError
from sigmatool.numbers.agreement import cohen_of_table, fleiss_kappa, gwet_ac, patterns
from sigmatool.numbers.agreement_interval import jackknife
from sigmatool.numbers.concordance import kendall_w_of_values
from sigmatool.numbers.gage_error import type_one

X = [10.1, 10.3, 9.9, 10.2, 10.0, 10.1, 9.8, 10.2, 10.1, 10.0]


def codes(result: Any) -> set[str]:
    return {c.code for c in result.caveats}


def ratings(rows: list[list[Any]], standard: list[Any] | None = None) -> pd.DataFrame:
    """Parts by appraisers, one trial, as a long table."""
    n, m = len(rows), len(rows[0])
    held = pd.DataFrame(
        {"part": np.repeat(np.arange(1, n + 1), m), "who": list("abcdef"[:m]) * n, "y": [v for r in rows for v in r]}
    )
    if standard is not None:
        held["truth"] = np.repeat(np.array(standard, dtype=object), m)
    return held


def agreed(table: pd.DataFrame, **settings: Any) -> Any:
    return st.attribute_agreement(table, value="y", part="part", operator="who", **settings)


# --- type 1


def test_type_one_knows_its_conventions() -> None:
    six = st.type1_gage(X, reference=10, tolerance=4)
    assert st.type1_gage(X, reference=10, lsl=8, usl=12).indices == six.indices
    four = st.type1_gage(X, reference=10, tolerance=4, convention="vda")
    assert four.indices.cg.value == pytest.approx(1.5 * six.indices.cg.value)
    own = st.type1_gage(X, reference=10, tolerance=4, convention="0.15/6")
    assert own.indices.cg.value == pytest.approx(0.75 * six.indices.cg.value)
    assert six.indices.repeatability == pytest.approx(6 * six.sd / 4)


def test_one_limit_counts_a_bias_towards_it_alone() -> None:
    high, low = (st.type1_gage(X, reference=10, **side) for side in ({"usl": 12}, {"lsl": 8}))
    assert high.bias.value > 0
    assert high.indices.cgk.value < high.indices.cg.value < low.indices.cgk.value
    assert "one-sided" in codes(high)


def test_intervals_of_cg_and_cgk_hold_the_truth() -> None:
    rng = np.random.default_rng(8)
    hits = np.zeros(2)
    times = 400
    for _ in range(times):
        found = type_one(rng.normal(0.3, 1.0, 25), 0.0, 40.0)
        hits += [found.cg.low <= 8 / 6 <= found.cg.high, found.cgk.low <= 3.7 / 3 <= found.cgk.high]
    assert (hits / times > 0.925).all()
    assert (hits / times < 0.985).all()


def test_readings_without_scatter_have_no_index() -> None:
    found = st.type1_gage([5.2] * 30, reference=5, tolerance=1)
    assert "no-scatter" in codes(found)
    assert found.to_dict()["cg"]["value"] is None
    assert "all 5.2" in found.headline


def test_steps_and_drift_are_told() -> None:
    coarse = st.type1_gage(np.round(X, 1), reference=10, tolerance=1)
    assert coarse.step == pytest.approx(0.1)
    assert "resolution" in codes(coarse)
    assert "dependent" in codes(st.type1_gage(np.linspace(9, 11, 40), reference=10, tolerance=10))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "needs the tolerance"), ({"tolerance": 1, "lsl": 9}, "not by both"), ({"lsl": 11, "usl": 9}, "below usl"),
        ({"tolerance": -1}, "above 0"), ({"tolerance": 1, "convention": "own"}, "vda"), ({"usl": 9}, "only limit"),
        ({"tolerance": 1, "confidence": 1}, "confidence"), ({"tolerance": 1, "convention": "2/6"}, "share"),
    ],
)  # fmt: skip
def test_type_one_refuses_settings_at_odds(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        st.type1_gage(X, reference=10, **settings)


# --- bias, linearity, stability


def test_bias_is_the_t_test_of_each_part() -> None:
    table = pd.DataFrame({"y": [*X, *(v + 10.4 for v in X)], "ref": [10] * 10 + [20] * 10})
    found = st.gage_bias(table, value="y", reference="ref", process=4)
    wanted = stats.ttest_1samp(table["y"][10:], 20)
    assert [p.name for p in found.parts] == ["10", "20"]
    assert found.parts[1].bias.p == pytest.approx(wanted.pvalue)
    assert found.parts[1].bias.low == pytest.approx(wanted.confidence_interval().low - 20)
    assert found.parts[1].adjusted == pytest.approx(2 * found.parts[1].bias.p)
    assert {"range-method", "several-tests"} <= codes(found)
    assert found.to_dict()["parts"][1]["share_of_process"] == pytest.approx(found.parts[1].bias.value / 4)


def test_a_part_of_one_reading_and_one_without_scatter_are_told() -> None:
    table = pd.DataFrame({"y": [1.0, 1.1, 2.0, 3.2, 3.2], "ref": [1, 1, 2, 3, 3]})
    found = st.gage_bias(table, value="y", reference="ref")
    assert {"single-readings", "no-scatter"} <= codes(found)
    assert np.isnan(found.parts[2].bias.p)
    found.document()


def test_bias_survives_an_offset() -> None:
    near, far = st.gage_bias(X, reference=10), st.gage_bias(np.array(X) + 1e9, reference=10 + 1e9)
    assert far.parts[0].bias.value == pytest.approx(near.parts[0].bias.value, abs=1e-6)


def test_what_bias_and_linearity_refuse() -> None:
    with pytest.raises(DataError, match="several references"):
        st.gage_bias(
            pd.DataFrame({"y": [1, 2, 3], "ref": [1, 2, 3], "p": list("aab")}), value="y", reference="ref", part="p"
        )
    with pytest.raises(DataError, match="no part with 2 readings"):
        st.gage_bias([1.0], reference=1)
    with pytest.raises(DataError, match="at least 2 references"):
        st.gage_linearity(pd.DataFrame({"y": [1, 2, 3], "ref": [1, 1, 1]}), value="y", reference="ref")
    with pytest.raises(DataError, match="on one line"):
        st.gage_linearity(pd.DataFrame({"y": [1, 2, 3], "ref": [1, 2, 3]}), value="y", reference="ref")
    with pytest.raises(DataError, match="row 2 of column 'y' holds 'x'"):
        st.gage_bias(pd.DataFrame({"y": ["1", "x"]}), value="y", reference=1)


def test_a_bent_bias_is_told() -> None:
    rng = np.random.default_rng(3)
    ref = np.repeat([1.0, 2, 3, 4, 5], 10)
    y = ref + (ref - 3) ** 2 / 4 + rng.normal(0, 0.1, 50)
    found = st.gage_linearity(pd.DataFrame({"y": y, "ref": ref}), value="y", reference="ref", process=10)
    assert "lack-of-fit" in codes(found)
    slope = stats.linregress(ref, y - ref)
    assert found.fit.slope.value == pytest.approx(slope.slope)
    assert found.fit.slope.p == pytest.approx(slope.pvalue)
    assert found.linearity == pytest.approx(10 * abs(slope.slope))


def test_stability_finds_drift_and_signals() -> None:
    rng = np.random.default_rng(5)
    steady = st.gage_stability(rng.normal(5, 0.1, 30), reference=5)
    assert steady.stable
    assert steady.total_drift.low < 0 < steady.total_drift.high
    moved = st.gage_stability(rng.normal(5, 0.1, 30) + 0.05 * np.arange(30))
    assert not moved.stable
    assert moved.total_drift.low > 1
    grouped = st.gage_stability(rng.normal(5, 0.1, 60), subgroup=3)
    assert grouped.chart.kind == "xbar-r"
    flat = st.gage_stability([5.0] * 10)
    assert flat.to_dict()["drift"] is None
    with pytest.raises(SettingsError, match="kind must be"):
        st.gage_stability(X, kind="ewma")


# --- agreement


def test_perfect_agreement_has_a_lower_bound() -> None:
    rows = [["ok"] * 3] * 15 + [["no"] * 3] * 15
    found = agreed(ratings(rows, ["ok"] * 15 + ["no"] * 15), standard="truth", good="ok")
    both = found.study.between
    assert both.share.value == both.coefficients["kappa"].value == 1
    assert both.share.low == pytest.approx(0.025 ** (1 / 30))
    assert 0.8 < both.coefficients["kappa"].low < 1
    assert found.study.decisions[0].miss.value == 0


def test_the_kappa_paradox_names_ac1() -> None:
    rows = [["ok", "ok"]] * 46 + [["ok", "no"], ["no", "ok"]] + [["no", "no"]]
    found = agreed(ratings(rows))
    text = next(c.text for c in found.caveats if c.code == "kappa-paradox")
    assert "AC1" in text
    k = found.study.between.coefficients
    assert k["kappa"].value < 0.5 < 0.9 < k["ac1"].value


def test_numbers_and_texts_are_the_same_categories() -> None:
    rows = [[1, 1], [2, 1], [2, 2], [1, 1]] * 3
    plain = agreed(ratings(rows))
    texts = agreed(ratings([[str(v) for v in r] for r in rows]))
    floats = agreed(ratings([[float(v) for v in r] for r in rows]))
    assert plain.study == texts.study == floats.study
    assert plain.rated.categories == ("1", "2")


def test_missing_ratings_are_counted_and_pairs_kept() -> None:
    rows = [["a", "a", None], ["a", "b", "a"], ["b", "b", "b"], ["b", float("nan"), "b"], ["a", "a", "a"]]
    found = agreed(ratings(rows))
    assert found.rows.missing == 2
    assert "missing-ratings" in codes(found)
    assert found.study.between.of == 5
    assert found.to_dict()["fleiss_z"] is None


def test_a_rater_who_never_varies_and_one_rater_alone() -> None:
    fixed = agreed(ratings([["a", "a"], ["a", "b"], ["a", "a"], ["a", "b"]]))
    assert "one-category" in codes(fixed)
    assert fixed.study.pairs[0].coefficients["kappa"].value == 0
    fixed.document()
    same = agreed(ratings([["a", "a"]] * 5))
    assert same.to_dict()["between"]["kappa"]["value"] is None
    same.document()
    alone = agreed(ratings([["a"], ["b"], ["a"]]))
    assert "nothing to agree with" in alone.headline
    alone.document()
    against = agreed(ratings([["a"], ["b"], ["a"]], ["a", "b", "b"]), standard="truth")
    assert against.study.all_against.count == 2


def test_a_category_the_standard_does_not_know() -> None:
    found = agreed(ratings([["ok", "Ok"], ["no", "no"], ["ok", "ok"]], ["ok", "no", "ok"]), standard="truth")
    assert "unknown-to-standard" in codes(found)
    assert found.study.all_against.count == 2


def test_trials_within_and_decisions() -> None:
    one = ratings([["ok", "ok"], ["no", "no"], ["ok", "no"], ["no", "no"]], ["ok", "no", "no", "no"])
    two = one.assign(y=["ok", "ok", "no", "ok", "ok", "no", "no", "no"])
    found = agreed(pd.concat([one, two], ignore_index=True), standard="truth", good="ok")
    assert [a.count for a in found.study.within] == [4, 3]
    first, second = found.study.decisions
    assert (first.effectiveness.value, second.effectiveness.value) == (0.75, 0.75)
    assert first.miss.value == pytest.approx(2 / 6)
    assert second.miss.value == pytest.approx(1 / 6)
    assert first.false_alarm.value == 0


def test_an_order_lets_near_misses_count() -> None:
    rng = np.random.default_rng(2)
    true = rng.integers(0, 3, 40)
    near = np.clip(true + (rng.random(40) < 0.2), 0, 2)
    names = np.array(["low", "mid", "high"])
    found = agreed(ratings(np.column_stack([names[true], names[near]]).tolist()), order="low,mid,high")
    k = found.study.pairs[0].coefficients
    assert k["kappa"].value < k["kappa_linear"].value < k["kappa_quadratic"].value
    assert k["tau"].value == pytest.approx(stats.kendalltau(true, near).statistic)
    w = found.study.between.coefficients["w"].value
    assert w == pytest.approx(kendall_w_of_values(np.column_stack([true, near]))[0])


@pytest.mark.parametrize(
    ("table", "settings", "words"),
    [
        (ratings([["a", "b"], ["b", "c"]]), {"order": "a,b"}, "'c' in row 4"),
        (ratings([["a", "b"]]), {}, "names 1 part"),
        (ratings([["a", "b"], ["a", "a"]]).assign(truth=["a", "b", "a", "a"]), {"standard": "truth"}, "one standard"),
        (ratings([[None, None], [None, None]]), {}, "no usable row"),
        (ratings([["a", "b"], ["a", "a"]]).assign(who=["x", None, "x", "y"]), {}, "'who' is empty in row 2"),
        (ratings([[float(i), i + 0.5] for i in range(40)]), {}, "measurement rather than a category"),
    ],
)  # fmt: skip
def test_what_agreement_refuses(table: pd.DataFrame, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        agreed(table, **settings)


def test_settings_of_agreement() -> None:
    table = ratings([["a", "b"], ["a", "a"]], ["a", "a"])
    for settings, words in (
        ({"good": "z", "standard": "truth"}, "none of the categories"), ({"good": "a"}, "needs a standard"),
        ({"order": "a"}, "two or more"), ({"standard": "y"}, "named twice"),
    ):  # fmt: skip
        with pytest.raises(SettingsError, match=words):
            agreed(table, **settings)


def test_kappa_is_that_of_the_table_and_of_its_kin() -> None:
    rng = np.random.default_rng(5)
    x = rng.integers(0, 3, (30, 2))
    seen = patterns(x, 3)
    table = np.zeros((3, 3))
    np.add.at(table, (x[:, 0], x[:, 1]), 1)
    weights = np.stack([seen.weight, 2 * seen.weight])
    assert np.ptp(fleiss_kappa(seen, weights)) == pytest.approx(0, abs=1e-12)
    assert gwet_ac(seen, seen.weight) == pytest.approx(float(gwet_ac(patterns(2 - x, 3), patterns(2 - x, 3).weight)))
    assert float(cohen_of_table(table)) == pytest.approx(float(cohen_of_table(table.T)))


def test_the_jackknife_interval_holds_the_truth() -> None:
    rng = np.random.default_rng(11)

    def drawn(n: int) -> Any:
        truth = rng.integers(0, 2, (n, 1))
        return patterns(np.where(rng.random((n, 3)) < 0.9, truth, 1 - truth), 2)

    whole = drawn(200_000)
    truth = float(fleiss_kappa(whole, whole.weight))
    hits = 0
    for _ in range(400):
        seen = drawn(30)
        found = jackknife(lambda w, s=seen: fleiss_kappa(s, w), seen, raters=3)  # type: ignore[misc]
        hits += found.low <= truth <= found.high
    assert 0.925 <= hits / 400 <= 0.985


# --- intraclass correlation


def test_icc_leaves_incomplete_parts_out_and_says_so() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(12, 1)) * 3 + rng.normal(size=(12, 3))
    table = ratings(x.tolist())
    table.loc[4, "y"] = np.nan
    found = st.icc(table, value="y", part="part", operator="who")
    whole = st.icc(ratings(np.delete(x, 1, axis=0).tolist()), value="y", part="part", operator="who")
    assert found.agreement == whole.agreement
    assert {"incomplete", "few-raters"} <= codes(found)
    assert found.rows.missing == 1


def test_icc_at_its_ends() -> None:
    same = st.icc(ratings([[1, 1], [2, 2], [3, 3]]), value="y", part="part", operator="who")
    assert same.agreement.value == same.consistency.value == 1
    shifted = st.icc(ratings([[1, 2], [2, 3], [3, 4]]), value="y", part="part", operator="who")
    assert shifted.consistency.value == 1 > shifted.agreement.value
    against = st.icc(ratings([[1, 3], [2, 2], [3, 1]]), value="y", part="part", operator="who")
    assert "below-zero" in codes(against)
    for found in (same, shifted, against):
        found.document()
    for rows, words in (([[1, 1], [1, 1]], "all ratings"), ([[1], [2]], "2 raters"), ([[1, 2]], "at least 2")):
        with pytest.raises(DataError, match=words):
            st.icc(ratings(rows), value="y", part="part", operator="who")
    twice = pd.concat([ratings([[1, 2], [2, 3]])] * 2)
    with pytest.raises(DataError, match="second rating"):
        st.icc(twice, value="y", part="part", operator="who")


# --- all of them


ALL = {
    "type1": lambda t: st.type1_gage(t, value="y", reference=10, tolerance=2),
    "bias": lambda t: st.gage_bias(t, value="y", reference="ref"),
    "linearity": lambda t: st.gage_linearity(t, value="y", reference="ref"),
    "stability": lambda t: st.gage_stability(t, value="y"),
    "agreement": lambda t: st.attribute_agreement(t, value="grade", part="part", operator="who", standard="truth"),
    "icc": lambda t: st.icc(t, value="y", part="part", operator="who"),
}


def everything() -> pd.DataFrame:
    rng = np.random.default_rng(9)
    ref = np.repeat(np.arange(8.0, 14), 5)
    return pd.DataFrame(
        {"part": np.repeat(np.arange(6), 5), "who": list("abcde") * 6, "ref": ref,
         "y": (ref + rng.normal(0, 0.3, 30)).round(2), "truth": np.repeat(["ok", "no", "ok"], 10),
         "grade": rng.choice(["ok", "no"], 30)}
    )  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_hostile_names_are_escaped_and_every_format_is_written(name: str, tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>|*_`\x07"
    table = everything()
    table["who"] = table["who"].replace("a", bad)
    table["truth"] = table["truth"].replace("ok", bad)
    table["grade"] = table["grade"].replace("ok", bad)
    found = ALL[name](table)
    for suffix in (".html", ".md", ".json", ".xlsx", ".svg"):
        assert found.save(tmp_path / f"r{suffix}").stat().st_size > 500
    assert "<script>alert" not in (tmp_path / "r.html").read_text()
    assert found.to_dict()["schema"] == f"sigmatool.{name}/1"
    assert len(found.to_frame()) > 0


def test_the_commands_say_what_failed(tmp_path: Path) -> None:
    everything().to_csv(tmp_path / "t.csv", index=False)
    table = str(tmp_path / "t.csv")
    biased = ["msa", "bias", table, "-y", "y", "--reference", "3", "--quiet", "--fail-on", "biased"]
    assert CliRunner().invoke(main, biased).exit_code == 1
    wrong = CliRunner().invoke(main, ["msa", "type1", table, "-y", "y", "--reference", "10"])
    assert wrong.exit_code == 2
    assert wrong.stderr.startswith("sigmatool: a type 1 study needs the tolerance")
    few = ["msa", "agreement", table, "-y", "grade", "--part", "part", "--operator", "who", "--fail-on", "few-parts"]
    assert CliRunner().invoke(main, [*few, "--quiet"]).exit_code == 1
