"""Gage R&R: designs, methods, intervals, caveats, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import sigmatool as st
from sigmatool.errors import DataError, SettingsError
from sigmatool.msa.gage_result import GageRR
from sigmatool.numbers.gage_intervals import SOURCES, gathered, intervals
from sigmatool.numbers.gage_reml import restricted_likelihood
from sigmatool.numbers.gage_shape import categories, misclassified, monitor
from sigmatool.numbers.gage_squares import Squares, cells_of, mean_squares

AIAG = st.datasets.load("gage")


def study(table: Any = AIAG, **settings: Any) -> GageRR:
    columns = {"value": "y", "part": "part", "operator": "operator"}
    return st.gage_rr(table, **{**columns, **settings})


def made(
    parts: int = 8, operators: int = 3, repeats: int = 3, sd: tuple[float, ...] = (2.0, 0.6, 0.4, 0.5), seed: int = 7
) -> pd.DataFrame:
    """A study with known standard deviations: parts, operators, both, repeats."""
    rng = np.random.default_rng(seed)
    p = np.repeat(np.arange(parts), operators * repeats)
    o = np.tile(np.repeat(np.arange(operators), repeats), parts)
    y = (
        10 + sd[0] * rng.normal(size=parts)[p] + sd[1] * rng.normal(size=operators)[o]
        + sd[2] * rng.normal(size=parts * operators)[p * operators + o] + sd[3] * rng.normal(size=p.size)
    )  # fmt: skip
    return pd.DataFrame({"part": p + 1, "operator": [f"op {i}" for i in o], "y": y})


def codes(found: GageRR) -> list[str]:
    return [c.code for c in found.caveats]


def test_the_published_example() -> None:
    found = study(tolerance=8)
    gage = found.components["gage"]
    assert (found.design, found.method, found.ndc) == ("crossed", "anova", 4)
    assert gage.sd.value == pytest.approx(0.302373, abs=2e-6)
    assert gage.study.value == pytest.approx(0.279, abs=5e-4)
    assert gage.tolerance is not None
    assert gage.tolerance.value == pytest.approx(6 * gage.sd.value / 8)
    assert found.headline == (
        "y: the gage makes 27.9 % (15.2 % to 81.3 %) of the variation seen in this study and 7.76 % of its variance, "
        "and takes 22.7 % (16.8 % to 109 %) of the tolerance. It tells 4 classes of parts apart."
    )
    assert codes(found) == ["interaction-pooled", "unstable-ranges"]


def test_the_json_holds_what_others_build_on() -> None:
    held = study(tolerance=8).to_dict()
    assert held["schema"] == "sigmatool.gage_rr/1"
    assert list(held["components"]) == list(SOURCES)
    for component in held["components"].values():
        for key in ("variance", "sd", "contribution", "study", "tolerance"):
            ends = component[key]
            assert ends["low"] <= ends["value"] <= ends["high"]
    assert held["components"]["gage"]["variance"]["value"] == pytest.approx(0.0914285375)
    assert (held["n_parts"], held["n_operators"], held["n_replicates"]) == (10, 3, 3.0)
    assert held["emp"]["class"] == "first"
    assert study().to_dict()["components"]["gage"]["tolerance"] is None


def test_alpha_decides_on_the_interaction() -> None:
    table = made(sd=(2, 0.6, 0.35, 0.5), seed=3)
    p = study(table).study.tests.p[2]
    assert 1e-12 < p < 1
    assert study(table, alpha=p * 1.01).study.kept is True
    assert study(table, alpha=p * 0.99).study.kept is False
    assert study(alpha=1).study.kept is True
    assert study(table, alpha=0).study.kept is False


def test_intervals_do_not_hang_on_the_test_of_the_interaction() -> None:
    """They hold the estimate; otherwise pooling moves them nowhere."""
    never, always = study(made(), alpha=1), study(made(), alpha=0)
    for name in ("gage", "part", "total"):
        a, b = never.components[name].variance, always.components[name].variance
        assert (a.low, a.high) == pytest.approx((b.low, b.high))


def test_balanced_likelihood_is_the_analysis_of_variance() -> None:
    table = made(seed=1)
    anova, reml = study(table, alpha=1), study(table, method="reml")
    assert all(c.variance.value > 0 for c in anova.components.values())
    for name in SOURCES:
        a, b = anova.components[name].variance, reml.components[name].variance
        assert b.value == pytest.approx(a.value, rel=1e-5)
        assert (b.low, b.high) == pytest.approx((a.low, a.high), rel=1e-3)


def test_missing_values_and_cells_are_told() -> None:
    table = made()
    table.loc[[0, 5, 40], "y"] = np.nan
    table = table[~((table["part"] == 3) & (table["operator"] == "op 1"))]
    found = study(table)
    assert found.method == "reml"
    assert found.layout.empty == 1
    assert found.rows.missing == 3
    assert found.rows.used == len(table) - 3
    assert "unbalanced" in codes(found)
    assert "1 of 24 cells are empty" in " ".join(c.text for c in found.caveats)
    by_squares = study(table, method="anova")
    assert by_squares.components["gage"].sd.value == pytest.approx(found.components["gage"].sd.value, rel=0.1)
    assert by_squares.components["part"].sd.value == pytest.approx(found.components["part"].sd.value, rel=0.1)


def test_mean_squares_of_missing_cells_are_those_of_adjusted_factors() -> None:
    """Against the definition: what a factor explains beyond the other, by least squares."""
    rng = np.random.default_rng(5)
    part, operator = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
    keep = np.arange(12) != 5
    y = rng.normal(size=12)
    found = mean_squares(cells_of(y[keep], part[keep], operator[keep]), "crossed")
    rest = {}
    for name, factors in {"both": (part, operator), "part": (part,), "operator": (operator,)}.items():
        x = np.column_stack([np.eye(int(f.max()) + 1)[f[keep]] for f in factors])
        rest[name] = float(np.sum((y[keep] - x @ np.linalg.pinv(x) @ y[keep]) ** 2))
    expected = [rest["operator"] - rest["both"], rest["part"] - rest["both"], rest["both"]]
    np.testing.assert_allclose(found.squares[:3], expected, rtol=1e-9)
    assert found.dof[:3].tolist() == [3, 2, 5]


def test_expected_mean_squares_of_missing_cells() -> None:
    """On average the components of an incomplete study are the true ones."""
    rng = np.random.default_rng(11)
    part, operator = np.repeat(np.arange(6), 6), np.tile(np.repeat(np.arange(3), 2), 6)
    keep = ~np.isin(np.arange(36), [0, 1, 9, 20, 21, 30])
    from sigmatool.numbers.gage_squares import components

    out = []
    for _ in range(1_500):
        y = (
            2 * rng.normal(size=6)[part] + rng.normal(size=3)[operator]
            + 0.5 * rng.normal(size=18)[part * 3 + operator] + rng.normal(size=36)
        )  # fmt: skip
        out.append(components(mean_squares(cells_of(y[keep], part[keep], operator[keep]), "crossed")))
    np.testing.assert_allclose(np.mean(out, axis=0), [4, 1, 0.25, 1], atol=0.2)


def test_nested_is_seen_and_can_be_told() -> None:
    table = made(parts=4)
    own = table.assign(part=table["part"].astype(str) + table["operator"])
    found = study(own)
    assert found.design == "nested"
    assert "nested-design" in codes(found)
    told = study(table, design="nested")
    assert told.n_parts == 12
    assert "nested-design" not in codes(told)
    for name in SOURCES:
        a, b = found.components[name].variance, told.components[name].variance
        assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))
    assert told.components["interaction"].variance.high == 0


def test_further_factors_belong_to_reproducibility() -> None:
    rng = np.random.default_rng(2)
    base = made(parts=8, repeats=4, seed=4)
    machine = np.tile(np.arange(4), len(base) // 4)
    fixture = np.tile([0, 1], len(base) // 2)
    table = base.assign(machine=machine, fixture=fixture, y=base["y"] + rng.normal(0, 1, 4)[machine] + 3.0 * fixture)
    found = study(table, factors=["machine"], fixed=["fixture"])
    assert found.method == "reml"
    more = found.study.factors["machine"].variance
    assert more.low <= more.value <= more.high
    held = {n: c.variance.value for n, c in found.components.items()}
    assert held["reproducibility"] == pytest.approx(held["operator"] + held["interaction"] + more.value)
    assert held["total"] == pytest.approx(held["gage"] + held["part"])
    without = study(table, factors=["machine"]).components["total"].variance.value
    assert without != pytest.approx(held["total"], rel=1e-3)
    assert "approximate-intervals" in codes(found)
    with pytest.raises(SettingsError, match="need method reml"):
        study(table, factors=["machine"], method="anova")


def test_likelihood_of_an_offset_and_of_any_unit() -> None:
    table = made(seed=6)
    table = table.drop(index=[1, 30])
    base = study(table).components
    far = study(table.assign(y=table["y"] + 1e9), method="anova").components
    near = study(table, method="anova").components
    tiny = study(table.assign(y=table["y"] * 1e-12)).components
    for name in ("gage", "part", "total"):
        assert far[name].sd.value == pytest.approx(near[name].sd.value, rel=1e-5)
        assert tiny[name].sd.value == pytest.approx(1e-12 * base[name].sd.value, rel=1e-6)


def test_order_and_names_of_rows_do_not_matter() -> None:
    table = made()
    mixed = table.sample(frac=1, random_state=1).assign(operator=lambda t: "x" + t["operator"])
    a, b = study(table).components["gage"].sd, study(mixed).components["gage"].sd
    assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))


@pytest.mark.parametrize(("design", "share"), [("crossed", 0.1), ("crossed", 0.4), ("nested", 0.2)])
def test_intervals_hold_the_truth(design: Any, share: float) -> None:
    """A cell of the study in docs/gage-coverage.md, on another seed."""
    rng = np.random.default_rng(31)
    p, o, r = 10, 3, 2
    truth = np.array([1.5 * (1 / share - 1), 0.5, 0.0, 1.0])
    part, operator, _, error = truth
    if design == "crossed":
        dof = np.array([p - 1, o - 1, (p - 1) * (o - 1), p * o])
        expected = np.array([error + o * r * part, error + p * r * operator, error, error])
        made_of = Squares("crossed", expected * dof, dof, p, o, r)
    else:
        dof = np.array([o * (p - 1), o - 1, 0, p * o])
        expected = np.array([error + r * part, error + r * part + p * r * operator, np.nan, error])
        made_of = Squares("nested", expected * dof, dof, p, 1.0, r)
    squares = expected * rng.chisquare(np.maximum(dof, 1), (1_500, 4))
    found = intervals(made_of, squares=squares, draws=1_024)
    true = gathered(truth)
    for ends, value in ((found.variance[..., 0], true[0]), (found.share[..., 0], true[0] / true[-1])):
        inside = float(((ends[0] <= value) & (value <= ends[1])).mean())
        assert 0.93 <= inside <= 0.975


def test_one_limit_and_two() -> None:
    both = study(lsl=-4, usl=4, tolerance=None)
    gage = both.components["gage"]
    assert gage.tolerance is not None
    assert gage.tolerance.value == pytest.approx(6 * gage.sd.value / 8)
    assert both.study.wrong is not None
    one = study(usl=4)
    assert one.components["gage"].tolerance is not None
    assert one.components["gage"].tolerance.value == pytest.approx(3 * gage.sd.value / (4 - both.study.mean))
    assert "one-sided-tolerance" in codes(one)
    assert study(tolerance=8, multiplier=5.15).components["gage"].tolerance.value == pytest.approx(  # type: ignore[union-attr]
        5.15 * gage.sd.value / 8
    )


def test_chances_of_a_wrong_verdict_by_simulation() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(1, 2, 400_000)
    seen = x + rng.normal(0, 0.8, x.size)
    good, accepted = (x > -1) & (x < 4), (seen > -1) & (seen < 4)
    found = misclassified(1.0, 2.0, 0.8, -1.0, 4.0)
    assert found == pytest.approx(((good & ~accepted).mean(), (~good & accepted).mean()), abs=0.002)
    one = misclassified(1.0, 2.0, 0.8, None, 4.0)
    assert one[0] == pytest.approx(((x < 4) & (seen >= 4)).mean(), abs=0.002)


def test_classes() -> None:
    assert [monitor(v) for v in (0.8, 0.79, 0.5, 0.2, 0.1)] == ["first", "second", "second", "third", "fourth"]
    assert categories(0.5) == pytest.approx(np.sqrt(2))


def swapped() -> pd.DataFrame:
    return made().rename(columns={"part": "operator", "operator": "part"})


def jumping() -> pd.DataFrame:
    table = made()
    table.loc[4, "y"] += 9
    return table


@pytest.mark.parametrize(
    ("table", "settings", "code"),
    [
        (swapped(), {}, "roles-swapped"),
        (made(parts=3), {}, "few-parts"),
        (made(operators=2), {}, "few-operators"),
        (made(repeats=1), {}, "no-repeats"),
        (made().assign(y=lambda t: t["y"].round(0)), {}, "resolution"),
        (made().assign(y=lambda t: np.sign(t["y"] - 10)), {}, "resolution"),
        (jumping(), {}, "unstable-ranges"),
        (made(sd=(0.3, 0.1, 0.1, 0.2)), {"tolerance": 20}, "narrow-parts"),
        (AIAG, {"alpha": 1}, "negative-component"),
        (AIAG, {"method": "xbar-r"}, "no-interaction"),
    ],
)
def test_caveats(table: pd.DataFrame, settings: dict[str, Any], code: str) -> None:
    assert code in codes(study(table, **settings))


def test_a_pooled_interaction_is_not_told_as_negative() -> None:
    assert study().study.negative == ()
    assert study(alpha=1).study.negative == ("interaction",)
    assert study(method="xbar-r").study.negative == ()


def test_a_plain_study_has_no_caveat() -> None:
    assert codes(study(made(parts=10, sd=(2, 0.8, 0.6, 0.5), seed=9), tolerance=12)) == []


def test_repeats_that_never_differ() -> None:
    table = made(sd=(2, 0.6, 0.4, 0))
    found = study(table)
    assert found.components["repeatability"].sd.value < 1e-6
    assert "resolution" in codes(found)
    with pytest.raises(DataError, match="take method anova"):
        study(table.drop(index=[0]), method="reml")
    alike = made(sd=(2, 0, 0, 0))
    assert study(alike).ndc is None or study(alike).components["gage"].sd.value < 1e-6


@pytest.mark.parametrize(
    ("table", "settings", "words"),
    [
        (AIAG.assign(operator="A"), {}, "names one operator"),
        (AIAG.assign(part=1), {}, "names one part"),
        (AIAG.assign(y=3.0), {}, "all 90 values of 'y' are 3"),
        (AIAG.assign(y=[np.inf, *AIAG["y"][1:]]), {}, "'y' is infinite in row 1"),
        (AIAG.assign(part=[None, *AIAG["part"][1:]]), {}, "'part' is empty in row 1"),
        (AIAG.assign(y=np.nan), {}, "holds no value at all"),
        (AIAG, {"part": "parts"}, "there is no column 'parts'"),
        (made(repeats=1), {"design": "nested"}, "no part was measured twice"),
        (AIAG.drop(index=[3]), {"method": "xbar-r"}, "X-bar/R method needs"),
        (
            pd.DataFrame({"part": [1, 1, 2, 2, 3, 3, 4, 4], "operator": list("ABABCDCD"), "y": range(8)}), {},
            "2 groups that share nothing",
        ),
    ],
)  # fmt: skip
def test_refused_data(table: pd.DataFrame, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        study(table, **settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"design": "split"}, "design must be one of"), ({"method": "range"}, "method must be one of"),
        ({"tolerance": -1}, "above 0"), ({"tolerance": 8, "usl": 4}, "not by both"), ({"lsl": 4, "usl": 1}, "below"),
        ({"alpha": 1.5}, "between 0"), ({"multiplier": 0}, "such as 6"), ({"confidence": 1}, "below 1"),
        ({"tolerance": "8"}, "must be a number"), ({"part": "operator"}, "named twice"), ({"usl": -5}, "beyond"),
        ({"factors": "machine"}, "lists of columns"), ({"design": "nested", "method": "xbar-r"}, "for crossed designs"),
    ],
)  # fmt: skip
def test_refused_settings(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        study(**settings)


def test_the_pictures_show_the_study() -> None:
    found = study(tolerance=8)
    figures = found.figure().figures
    assert [f.title for f in figures] == [
        "Components of variation", "Ranges by operator: is it consistent?",
        "Means by operator: most should lie outside",
        "y by part", "y by operator", "Operator by part",
    ]  # fmt: skip
    assert len(study(made(repeats=1)).figure().figures) == 5
    assert study(made(), design="nested").figure().figures[-1].title == "Parts of each operator"


@pytest.mark.parametrize("suffix", [".html", ".pdf", ".png", ".md", ".xlsx", ".json"])
def test_hostile_names_are_written(suffix: str, tmp_path: Any) -> None:
    names = {"op 0": "<script>alert(1)</script>", "op 1": "=cmd|' /C calc'!A0", "op 2": "#let x = $y$ | **"}
    table = made().assign(operator=lambda t: t["operator"].map(names)).rename(columns={"y": "<b>y</b>"})
    found = study(table, value="<b>y</b>")
    page = found.save(tmp_path / f"out{suffix}").read_bytes()
    assert len(page) > 1000
    if suffix == ".html":
        assert b"<script>alert" not in page


def test_likelihood_refuses_what_it_cannot_tell() -> None:
    with pytest.raises(ValueError, match="all values are equal"):
        restricted_likelihood(np.ones(6), [np.repeat(np.arange(3), 2)])
