"""The verb capability: right numbers, honest words, clear refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sigmatool as st
from conftest import without_ours
from sigmatool.capability.attribute_result import AttributeCapability
from sigmatool.capability.words import FIT, fits
from sigmatool.cli import main
from sigmatool.numbers.estimate import Estimate
from sigmatool.render.document import Facts
from sigmatool.render.text import text


def normal(n: int = 60, mean: float = 10.0, sd: float = 1.0, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, sd, n)


def test_the_textbook_example_of_the_peers() -> None:
    x = normal(50)
    x = 16 + 2 * (x - x.mean()) / x.std(ddof=1)
    found = st.capability(x, lsl=8, usl=20, target=14, distribution="normal")
    got = {name: round(found.indices[name].value, 4) for name in ("pp", "ppk", "cpm_overall", "cpm_about_target")}
    assert got == {"pp": 1.0, "ppk": 0.6667, "cpm_overall": 0.7071, "cpm_about_target": 0.7035}
    pp = found.indices["pp"]
    assert (round(pp.low, 4), round(pp.high, 4)) == (0.8025, 1.1971)
    assert "Boyles 1991" in found.formulas["cpm_about_target"]


def test_subgroups_have_sigma_within_between_and_overall() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(0, 1, (40, 5)) + rng.normal(0, 0.8, 40)[:, None]
    found = st.capability(x, lsl=-6, usl=6, distribution="normal")
    assert found.sigma_method == "pooled"
    assert found.sigma_within == pytest.approx(np.sqrt(x.var(axis=1, ddof=1).mean()), rel=0.002)
    assert found.sigma_overall == pytest.approx(x.std(ddof=1))
    assert found.study.between == pytest.approx(0.8, abs=0.25)
    e = found.indices
    assert e["cpk"].value > e["cpk_bw"].value
    assert e["cpk_bw"].value == pytest.approx(e["ppk"].value, rel=0.1)
    assert "subgroups-differ" in {c.code for c in found.caveats}
    # 40 subgroups that differ are worth fewer than 200 values
    plain = st.capability(x.ravel(), lsl=-6, usl=6, distribution="normal", sigma="overall").indices["ppk"]
    assert e["ppk"].high - e["ppk"].low > plain.high - plain.low


def test_an_unstable_process_has_performance_and_is_not_refused() -> None:
    x = normal()
    x[30:] += 4
    found = st.capability(x, lsl=4, usl=20)
    assert found.stable is False
    assert "not stable" in found.headline
    assert "performance so far, not its capability" in found.headline
    assert np.isfinite(found.indices["ppk"].value)
    assert found.to_dict()["stability"]["judged_by"] == "stability test"


def test_a_change_of_the_spread_inside_the_subgroups_is_not_stable() -> None:
    filling = st.datasets.load("filling")
    found = st.capability(filling, value="fill_ml", subgroup="sample", lsl=495, usl=505)
    assert found.stable is False
    assert "spread inside the subgroups" in found.study.gate.reason


def test_stable_processes_are_called_unstable_about_one_time_in_twenty() -> None:
    rng = np.random.default_rng(8)
    singles = sum(st.capability(rng.normal(size=60), usl=5, distribution="normal").stable is False for _ in range(300))
    groups = sum(
        st.capability(rng.normal(size=(40, 5)), usl=5, distribution="normal").stable is False for _ in range(300)
    )
    assert singles <= 27
    assert groups <= 27


def test_frozen_limits_judge_instead_of_the_study_itself(tmp_path: Path) -> None:
    x = normal()
    x[30:] += 4
    wide = {"center": 12.0, "sigma": 2.5}
    found = st.capability(x, lsl=4, usl=20, limits=wide)
    assert found.stable is True
    assert found.sigma_within == 2.5
    assert found.study.gate.judged_by == "frozen limits"
    narrow = st.capability(x, lsl=4, usl=20, limits={"center": 10.0, "sigma": 1.0})
    assert narrow.stable is False
    assert set(narrow.study.gate.beyond) <= set(range(1, 61))
    file = tmp_path / "bore.toml"
    file.write_text("center = 12.0\nsigma = 2.5\n", encoding="utf-8")
    assert st.capability(x, lsl=4, usl=20, limits=file).stable is True
    saved = st.control_chart(normal(seed=2)).save(tmp_path / "chart.json")
    assert st.capability(x, lsl=4, usl=20, limits=saved).stable is False


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ("center = 1.0", "sigma as a number"),
        ("center = 1.0\nsigma = 0", "above zero"),
        ("center = 'x'\nsigma = 1", "center as a number"),
        ("center = ", "not valid TOML"),
    ],
)
def test_a_wrong_limits_file_is_refused_by_its_name(tmp_path: Path, held: str, words: str) -> None:
    file = tmp_path / "bore.toml"
    file.write_text(held, encoding="utf-8")
    with pytest.raises(st.SettingsError, match=words) as told:
        st.capability(normal(), usl=20, limits=file)
    assert "bore.toml" in str(told.value)


def test_skewed_data_are_read_from_a_reasonable_distribution_and_the_path_is_kept() -> None:
    x = np.random.default_rng(4).gamma(2.0, 2.0, 200)
    found = st.capability(x, usl=20)
    assert found.law.name != "normal"
    assert "not-normal" in {c.code for c in found.caveats}
    told = found.to_dict()
    path = {step["name"]: step for step in told["distribution"]["path"]}
    assert path["normal"]["reason"] == "misfit"
    assert path[found.law.name]["plausible"]
    assert len(told["sensitivity"]["ppk"]) > 1
    assert told["sensitivity"]["low"] <= told["indices"]["ppk"]["value"] <= told["sensitivity"]["high"]
    assert told["indices"]["ppk"]["low"] < told["indices"]["ppk"]["value"] < told["indices"]["ppk"]["high"]
    asked = st.capability(x, usl=20, distribution="lognormal")
    assert asked.law.name == "lognormal"
    assert asked.law.chosen_by == "asked"


def test_the_doubt_about_the_distribution_widens_the_interval_unless_one_was_asked_for() -> None:
    x = np.random.default_rng(2).weibull(2.0, 30)
    found = st.capability(x, lsl=0.02, usl=2.9)
    ppk, whole = found.indices["ppk"], found.ppk_of_any
    assert found.law.name == "normal"
    assert whole.high > 1.2 * ppk.high
    assert "with the distribution in doubt" in found.headline
    assert found.to_dict()["sensitivity"]["interval"]["high"] == whole.high
    asked = st.capability(x, lsl=0.02, usl=2.9, distribution="weibull")
    assert asked.ppk_of_any == asked.indices["ppk"]
    assert "in doubt" not in asked.headline


def test_a_fit_that_fails_is_a_caveat_and_another_one_is_taken() -> None:
    found = st.capability(normal(mean=0.0), lsl=-5, usl=5, distribution="lognormal")
    assert found.law.name == "normal"
    assert "fit-failed" in {c.code for c in found.caveats}


def test_a_boundary_expects_nothing_beyond_it() -> None:
    x = np.abs(normal(mean=0.0))
    found = st.capability(x, lsl=0, usl=6, boundary="lsl")
    assert np.isnan(found.indices["pp"].value)
    assert found.ppm["overall"].below.value == 0
    assert found.to_dict()["spec"]["boundaries"] == ["lsl"]
    with pytest.raises(st.SettingsError, match="nothing to judge"):
        st.capability(x, usl=6, boundary="usl")


def test_autocorrelation_widens_the_intervals_and_is_said() -> None:
    rng = np.random.default_rng(9)
    x = np.zeros(200)
    for i in range(1, 200):
        x[i] = 0.7 * x[i - 1] + rng.normal()
    found = st.capability(x, lsl=-6, usl=6, distribution="normal")
    alone = st.capability(rng.permutation(x), lsl=-6, usl=6, distribution="normal").indices["ppk"]
    assert "autocorrelated" in {c.code for c in found.caveats}
    ppk = found.indices["ppk"]
    assert ppk.value == pytest.approx(alone.value)
    assert ppk.high - ppk.low > 1.3 * (alone.high - alone.low)


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e12])
def test_a_large_level_costs_no_digits(offset: float) -> None:
    x = np.array([0.1 * (i % 3) for i in range(300)])
    exact = st.capability(x, lsl=-1, usl=1.2, distribution="normal")
    moved = st.capability(x + offset, lsl=-1 + offset, usl=1.2 + offset, distribution="normal")
    tolerance = max(1e-9, 10 * np.spacing(offset) / 0.08)
    assert moved.indices["ppk"].value == pytest.approx(exact.indices["ppk"].value, rel=tolerance)
    assert moved.sigma_overall == pytest.approx(exact.sigma_overall, rel=tolerance)


def test_whole_numbers_beside_1e15_are_exact() -> None:
    x = 1e15 + np.array([0.0, 1, 2, 3, 4] * 20)
    found = st.capability(x, lsl=1e15 - 4, usl=1e15 + 8, distribution="normal")
    assert found.sigma_overall == np.array([0.0, 1, 2, 3, 4] * 20).std(ddof=1)
    assert found.indices["ppk"].value == pytest.approx(6 / 3 / found.sigma_overall, rel=1e-14)


@pytest.mark.parametrize("scale", [1e-60, 1e-9, 1e9, 1e60])
def test_the_unit_does_not_matter(scale: float) -> None:
    x = normal()
    one, other = st.capability(x, lsl=6, usl=14), st.capability(scale * x, lsl=6 * scale, usl=14 * scale)
    for name, e in one.indices.items():
        np.testing.assert_allclose(
            [e.value, e.low, e.high],
            [getattr(other.indices[name], end) for end in ("value", "low", "high")],
            rtol=1e-6,
        )


@pytest.mark.parametrize(
    ("data", "asked", "words"),
    [
        ([5.0] * 20, {"usl": 6}, "same value .5. in all 20"),
        ([5.0], {"usl": 6}, "at least 2"),
        ([], {"usl": 6}, "no rows"),
        ([1.0, np.inf, 2.0], {"usl": 6}, "infinite in row 2"),
        (normal(), {}, "lsl, usl or both"),
        (normal(), {"lsl": 14, "usl": 6}, "swapped"),
        (normal(), {"lsl": 6, "usl": 6}, "needs a width"),
        (normal(), {"usl": float("nan")}, "finite"),
        (normal(), {"usl": "six"}, "usl must be a number"),
        (normal(), {"usl": 6, "sigma": "rbar"}, "needs subgroups"),
        (normal(), {"usl": 6, "sigma": "mr"}, "moving-range"),
        (normal(), {"usl": 6, "sigma": -1.0}, "above zero"),
        (normal(), {"usl": 6, "confidence": 95}, "between 0 and 1"),
        (normal(), {"usl": 6, "distribution": "cauchy"}, "choose auto"),
        (normal(), {"usl": 6, "boundary": "lsl"}, "needs the value of lsl"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_sentence(data: object, asked: dict[str, object], words: str) -> None:
    with pytest.raises(st.SigmatoolError, match=words):
        st.capability(data, **asked)  # type: ignore[arg-type]


def test_two_values_and_everything_outside_get_a_clear_answer() -> None:
    two = st.capability([9.9, 10.1], lsl=9, usl=11)
    assert two.stable is None
    assert {"few-values"} <= {c.code for c in two.caveats}
    outside = st.capability(normal(), lsl=100, usl=120)
    assert outside.ppm["observed"].total.value == 1e6
    assert outside.indices["ppk"].value < 0
    assert "60 of 60 values lie outside" in outside.headline
    for found in (two, outside):
        json.loads(found.to_json())
        found.document()


def test_missing_and_excluded_values_are_accounted_for() -> None:
    x = normal()
    x[4] = np.nan
    found = st.capability(x, usl=20, exclude=[10])
    assert (found.rows.read, found.rows.used, found.rows.missing, found.rows.excluded) == (60, 58, 1, 1)
    assert found.n == 58


def test_the_contract_of_the_json() -> None:
    body = st.capability(normal(), lsl=6, usl=14, target=10).to_dict()
    assert body["schema"] == "sigmatool.capability/1"
    wanted = {
        "n", "mean", "sigma_within", "sigma_overall", "sigma_method", "spec", "indices", "z_bench", "ppm",
        "distribution", "normality", "stable", "settings", "rows", "caveats", "provenance",
    }  # fmt: skip
    assert wanted <= set(body)
    assert {"cp", "cpl", "cpu", "cpk", "cpm", "cpkm", "pp", "ppl", "ppu", "ppk"} <= set(body["indices"])
    assert {"within", "overall"} <= set(body["z_bench"])
    for kind in ("observed", "within", "overall"):
        assert {f"{part}{end}" for part in ("below", "above", "total") for end in ("", "_low", "_high")} == set(
            body["ppm"][kind]
        )
    assert {"name", "parameters", "method"} <= set(body["distribution"])
    assert {"statistic", "p"} <= set(body["normality"])


def test_counts_go_the_way_of_counts() -> None:
    births = st.datasets.load("semmelweis")
    share = st.capability(births, value="deaths", size="births", time="month", target=0.02)
    assert isinstance(share, AttributeCapability)
    assert share.to_dict()["distribution"]["name"] == "binomial"
    assert share.stable is False
    table = pd.DataFrame({"flaws": [4, 6, 3, 5, 2, 4, 3, 5], "sheets": [2] * 8})
    assert st.capability(table, value="flaws", size="sheets").to_dict()["distribution"]["name"] == "poisson"
    with pytest.raises(st.SettingsError, match="requirement is target"):
        st.capability(table, value="flaws", size="sheets", usl=3)
    with pytest.raises(st.SettingsError, match="go with counts"):
        st.capability(normal(), usl=13, shift=1.5)


def test_the_command_is_the_function(tmp_path: Path) -> None:
    table = tmp_path / "bore.csv"
    hostile = '<script>alert("x")</script>'
    pd.DataFrame({hostile: normal(), "t": np.arange(60)}).to_csv(table, index=False)
    out = tmp_path / "bore.html"
    words = ["capability", str(table), "-y", hostile, "-x", "t", "--lsl", "6", "--usl", "14", "-o", str(out), "--json"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    page = out.read_text(encoding="utf-8")
    assert "<script" not in without_ours(page)
    assert "Spread and tolerance" in page
    found = json.loads(done.stdout)
    direct = st.capability(st.read_table(table), value=hostile, time="t", lsl=6, usl=14)
    assert found["indices"]["ppk"]["value"] == direct.indices["ppk"].value


def test_a_million_points_are_quick_to_describe_and_complete() -> None:
    x = np.random.default_rng(1).normal(100, 2, 1_000_000)
    found = st.capability(x, lsl=90, usl=110)
    assert found.law.name == "normal"
    assert found.law.tested <= 20_000
    assert found.indices["ppk"].high - found.indices["ppk"].low < 0.01


def test_a_marked_chart_of_a_stable_process_says_why_it_is_stable() -> None:
    found = st.capability(normal(120, seed=5), lsl=4, usl=16)
    assert found.stable
    assert found.chart.signals
    page = text(found.document(), width=2_000)
    assert f"The charts mark {len(found.chart.signals)} signals" in page
    assert "judged by the whole series at once" in page


def test_the_page_holds_what_went_in() -> None:
    rng = np.random.default_rng(4)
    found = st.capability(rng.normal(10, 1, (30, 4)), lsl=6, usl=14, target=10)
    section = next(s for s in found.document().sections if s.id == "process")
    (facts,) = section.blocks
    assert isinstance(facts, Facts)
    told = dict(facts.items)
    assert told["Values"] == "120 in 30 subgroups of 4"
    assert told["Specification"] == "6 to 14"
    assert {"Target", "Mean", "Smallest and largest", "Sigma within", "Sigma between", "Sigma overall"} <= set(told)


def test_a_boundary_is_no_limit_to_be_met() -> None:
    found = st.capability(np.abs(normal(80)), lsl=0, usl=20, boundary="lsl")
    assert "(at most 20)" in found.headline
    assert "0: nothing can lie below it" in text(found.document(), width=2_000)


@pytest.mark.parametrize(
    ("ppk", "answer"),
    [
        ((1.2, 1.01, 1.4), "yes"),
        ((0.8, 0.7, 0.99), "no"),
        ((1.1, 0.9, 1.3), "not settled"),
        ((1.1, np.nan, np.nan), "not settled"),
    ],
)
def test_the_interval_and_not_the_value_says_whether_it_fits(ppk: tuple[float, float, float], answer: str) -> None:
    assert FIT[fits(Estimate(*ppk))][0] == answer


def test_every_share_expected_outside_is_told_without_noise() -> None:
    # all of them outside, and next to none: neither "100 % (100 % to 100 %)" nor "3.03e-12 %"
    outside = st.capability(normal(50, 100), lsl=110, usl=112)
    assert "100 % to 100 %" not in text(outside.document(), width=200)
    few = st.capability(normal(6, 50, 0.1), lsl=49, usl=51)
    assert "e−" not in few.headline
    assert "e-" not in few.headline


def test_points_left_out_are_neither_counted_nor_renumbered() -> None:
    bottles = st.datasets.load("filling")
    found = st.capability(bottles, value="fill_ml", subgroup="sample", lsl=495, usl=505, exclude="1-40")
    page = text(found.document(), width=2_000)
    assert "200 in 40 subgroups of 5" in page
    assert "from subgroup 56 on" in page
    single = st.capability(normal(60), lsl=5, usl=15, exclude="59")
    assert "from point 35 on" in text(single.document(), width=2_000)
